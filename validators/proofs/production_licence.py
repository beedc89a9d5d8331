"""Production licence: the check digit of a food licence's number, and dates in order."""

from __future__ import annotations

from extractors.model import Status
from validators.identifiers import food_licence_number
from validators.identifiers.text import compact
from validators.proofs.base import LOW_CONFIDENCE, Proof
from validators.proofs.registered_body import prove_order


def prove(proof: Proof) -> None:
    prove_order(proof)
    number = compact(str(proof.value("licence_number") or ""))
    if not number.startswith("SC"):
        return
    if not food_licence_number.is_valid(number):
        proof.mark("licence_number", Status.DOUBTFUL, "check_digit_wrong")
        proof.report("ID_FOOD_LICENCE_CHECKSUM", "licence_number", actual=number)
    elif proof.fields["licence_number"].confidence >= LOW_CONFIDENCE:
        proof.mark("licence_number", Status.VERIFIED, "check_digit", value=number)
