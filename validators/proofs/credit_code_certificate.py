"""The credit code must be of a body that gets no other certificate: never of market supervision (9…)."""

from __future__ import annotations

from validators.identifiers.credit_code import DEPARTMENTS
from validators.proofs.base import Proof
from validators.proofs.registered_body import prove_class, prove_order


def prove(proof: Proof) -> None:
    prove_class(proof, *(department for department in DEPARTMENTS if department != "9"))
    prove_order(proof)
