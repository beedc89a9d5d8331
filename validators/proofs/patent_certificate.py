"""Patent certificate: the number's check digit, its kind against the title, its year against the day of application."""

from __future__ import annotations

from datetime import date

from extractors.model import Status
from validators.identifiers import patent_number
from validators.proofs.base import LOW_CONFIDENCE, Proof


def prove(proof: Proof) -> None:
    number = str(proof.value("patent_number") or "")
    if not number:
        return
    if not patent_number.is_valid(number):
        proof.mark("patent_number", Status.DOUBTFUL, "check_digit_wrong")
        proof.report("ID_PATENT_NUMBER_CHECKSUM", "patent_number", actual=number)
        return
    if proof.fields["patent_number"].confidence >= LOW_CONFIDENCE:
        proof.mark("patent_number", Status.VERIFIED, "check_digit", value=patent_number.validate(number))
    kind, applied = proof.value("patent_kind"), proof.value("applied_on")
    if kind is not None and kind != patent_number.kind(number):
        _differs(proof, "patent_kind", expected=patent_number.kind(number), actual=kind)
    if isinstance(applied, date) and applied.year != patent_number.year(number):
        _differs(proof, "applied_on", expected=patent_number.year(number), actual=applied)


def _differs(proof: Proof, name: str, *, expected: object, actual: object) -> None:
    for each in (name, "patent_number"):
        proof.mark(each, Status.DOUBTFUL, "number_differs")
    proof.report("ID_PATENT_NUMBER_DIFFERS", name, expected=expected, actual=actual)
