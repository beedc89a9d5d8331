"""ID card: the number against birth date and sex printed beside it, and the span of the validity.

The readings are never corrected to agree: that would hide an altered card.
"""

from __future__ import annotations

import re
from datetime import date

from rapidfuzz.distance import Levenshtein
from stdnum.exceptions import InvalidComponent

from extractors.model import Status
from validators.findings import Verdict
from validators.identifiers import citizen_id
from validators.identifiers.text import compact
from validators.proofs.base import HIGH_CONFIDENCE, Proof

SPANS = (5, 10, 20)  # years an ID card is issued for


def prove(proof: Proof) -> None:
    """Cross-checks within one card, either or both sides."""
    prove_number_with_print(proof)
    _prove_validity(proof)
    if proof.value("is_temporary") is True:
        proof.report("AUTH_TEMPORARY_ID", "is_temporary")


def prove_number_with_print(proof: Proof) -> None:
    """Birth date and sex in the number against those printed beside it."""
    if number := _number(proof):
        born_agrees = _prove_birth(proof, number)
        _prove_sex(proof, number, born_agrees)


def prove_birth(proof: Proof) -> None:
    """The birth date in the number against the one printed beside it."""
    if number := _number(proof):
        _prove_birth(proof, number)


def _number(proof: Proof) -> str:
    """The number in 18 places if it holds a birth date, its check digit right or not: a contradiction counts twice."""
    number = compact(str(proof.value("id_number") or ""))
    if citizen_id.is_valid(number):
        return citizen_id.validate(number)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return ""
    try:
        citizen_id.birth(number)
    except InvalidComponent:
        return ""
    return number


def _prove_birth(proof: Proof, number: str) -> bool:
    """Whether the printed birth date is that of the number."""
    born, inside = proof.value("born_on"), citizen_id.birth(number)
    if not isinstance(born, date):
        return False
    if born == inside:
        # Check digit and printed date together carry even a reading that each alone would not.
        valid = citizen_id.is_valid(number)
        for name in ("id_number", "born_on"):
            found = proof.fields[name]
            if valid and found.status is not Status.VERIFIED and found.reason in ("", "low_confidence"):
                proof.mark(name, Status.VERIFIED, "birth_date_agrees")
        return valid
    # One misread or lost digit explains a distance of 1; two in readings both sure do not happen by chance.
    apart = Levenshtein.distance(*(f"{day.year}-{day.month}-{day.day}" for day in (born, inside)))
    sure = all(proof.fields[name].confidence >= HIGH_CONFIDENCE for name in ("id_number", "born_on"))
    verified = proof.fields["id_number"].status is Status.VERIFIED
    proven = verified and (proof.is_text or (sure and apart > 1))
    for name in ("born_on", "id_number"):
        proof.mark(name, Status.DOUBTFUL, "birth_date_differs")
    proof.report(
        "ID_BIRTH_DATE_DIFFERS", "born_on", expected=inside, actual=born, verdict=Verdict.REJECT if proven else None
    )
    return False


def _prove_sex(proof: Proof, number: str, born_agrees: bool) -> None:
    """男 and 女 look nothing alike: where the number is confirmed twice, a difference is on the card itself."""
    printed, inside = proof.value("sex"), citizen_id.sex(number)
    if printed is None:
        return
    if printed == inside:
        if proof.fields["id_number"].status is Status.VERIFIED:
            proof.mark("sex", Status.VERIFIED, "id_number")
        return
    proven = born_agrees and (proof.is_text or proof.fields["sex"].confidence >= HIGH_CONFIDENCE)
    for name in ("sex", "id_number"):
        proof.mark(name, Status.DOUBTFUL, "sex_differs")
    verdict = Verdict.REJECT if proven and printed in ("男", "女") else None
    proof.report("ID_SEX_DIFFERS", "sex", expected=inside, actual=printed, verdict=verdict)


def _prove_validity(proof: Proof) -> None:
    begin, end = proof.value("valid_from"), proof.value("valid_to")
    if not isinstance(begin, date) or not isinstance(end, date) or proof.value("is_temporary"):
        return
    same_day = (begin.month, begin.day) == (end.month, end.day)
    leap_day = (begin.month, begin.day) == (2, 29) and (end.month, end.day) in ((2, 28), (3, 1))
    if end.year - begin.year in SPANS and (same_day or leap_day):
        return
    for name in ("valid_from", "valid_to"):
        proof.mark(name, Status.DOUBTFUL, "validity_span")
    proof.report("ID_VALIDITY_SPAN", "valid_to", actual=f"{begin:%Y.%m.%d}-{end:%Y.%m.%d}")
