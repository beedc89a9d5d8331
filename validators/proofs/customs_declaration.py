"""Export declaration: its number says export and the year it was declared in."""

from __future__ import annotations

from datetime import date

from extractors.model import Status
from validators.identifiers import customs_number
from validators.proofs.base import Proof


def prove(proof: Proof) -> None:
    """Compare the parts of the number with the rest of the form; agreeing parts leave it `read`."""
    number = str(proof.value("declaration_number") or "")
    if not customs_number.is_valid(number):
        return
    number = customs_number.validate(number)
    if customs_number.is_import(number):
        proof.mark("declaration_number", Status.DOUBTFUL, "import")
        proof.report("ID_CUSTOMS_NUMBER_IMPORT", "declaration_number", actual=number)
    declared = proof.value("declared_on")
    if isinstance(declared, date) and declared.year != customs_number.year(number):
        for name in ("declaration_number", "declared_on"):
            proof.mark(name, Status.DOUBTFUL, "year_differs")
        proof.report("ID_CUSTOMS_NUMBER_YEAR", "declared_on", expected=customs_number.year(number), actual=declared)
