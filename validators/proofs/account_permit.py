"""Account-opening permit: both of its numbers begin with the code of the same branch of the central bank."""

from __future__ import annotations

from validators.identifiers import approval_number, permit_number
from validators.identifiers.text import compact
from validators.proofs.base import Proof


def prove(proof: Proof) -> None:
    """Tell when the branches differ; it proves nothing, as accounts move."""
    approval, permit = str(proof.value("approval_number") or ""), str(proof.value("permit_number") or "")
    if not approval_number.is_valid(approval) or not permit_number.is_valid(permit):
        return
    branch, other = compact(approval)[1:5], compact(permit)[:4]
    if branch != other:
        proof.report("ID_PERMIT_REGION_DIFFERS", "permit_number", expected=branch, actual=other)
