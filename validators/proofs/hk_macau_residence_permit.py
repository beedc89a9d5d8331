"""Residence permit for Hong Kong and Macau residents: 810000 goes with a travel permit H…, 820000 with M…."""

from __future__ import annotations

from validators.proofs.base import Proof
from validators.proofs.residence import prove_residence


def prove(proof: Proof) -> None:
    """Cross-checks within one permit, either or both sides."""
    prove_residence(proof, {"81": "H", "82": "M"})
