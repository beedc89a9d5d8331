"""Invoices dated after the day of the check, whatever a profile asks of them."""

from __future__ import annotations

from datetime import date

from extractors.model import Source, Status
from validators.case import Case
from validators.findings import Check, Finding, Verdict, finding


def check_invoice_dates(case: Case) -> tuple[list[Check], list[Finding]]:
    """A finding for each invoice of the future; on a picture a day that nothing confirms may be misread (review)."""
    findings = []
    for document in case.documents:
        issued = document.record.fields.get("issued_on")
        if document.type != "vat_invoice" or issued is None or not isinstance(issued.value, date):
            continue
        if issued.value > case.as_of:
            certain = issued.status is Status.VERIFIED or (
                document.source is not Source.OCR and issued.status is Status.READ
            )
            findings.append(finding(
                "INVOICE_DATE_IN_FUTURE", document=document.file, field="issued_on", expected=case.as_of,
                actual=issued.value, evidence=document.evidence(issued), verdict=None if certain else Verdict.REVIEW,
            ))  # fmt: skip
    return [], findings
