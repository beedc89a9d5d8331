"""A list of persons: each document number right as one of its kind, and nobody listed twice."""

from __future__ import annotations

from stdnum.exceptions import ValidationError

from validators.identifiers import citizen_id, person_document
from validators.identifiers.text import compact
from validators.proofs.base import Proof
from validators.proofs.tables import refuse_row

_TYPE = "person_list"
# Document kinds whose numbers have a form of their own; any other document's number is as it is.
_VALIDATE = {"id_card": citizen_id.validate}


def prove(proof: Proof) -> None:
    """Rows with a number that cannot be one, or that repeats another, go to the bad rows."""
    seen: set[str] = set()
    for row in list(proof.value("lines") or []):
        number = compact(str(row["document_number"]))
        if not _is_right(str(row["document_kind"]), number):
            refuse_row(proof, _TYPE, row, "document_number", "check_digit_wrong")
        elif number in seen:
            refuse_row(proof, _TYPE, row, "document_number", "repeated")
        seen.add(number)


def _is_right(kind: str, number: str) -> bool:
    if kind == "other":
        return True
    try:
        (_VALIDATE.get(kind) or person_document.validate)(number)
    except ValidationError:
        return False
    return True
