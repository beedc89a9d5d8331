"""The credit code must be of a 事业单位 (12…), the term in order."""

from __future__ import annotations

from validators.proofs.base import Proof
from validators.proofs.registered_body import prove_class, prove_order


def prove(proof: Proof) -> None:
    prove_class(proof, "12")
    prove_order(proof)
