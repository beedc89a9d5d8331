"""Residence permit for Taiwan residents: the number begins with 830000."""

from __future__ import annotations

from validators.proofs.base import Proof
from validators.proofs.residence import prove_residence


def prove(proof: Proof) -> None:
    """Cross-checks within one permit, either or both sides."""
    prove_residence(proof, {"83": ""})
