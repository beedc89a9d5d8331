"""Documents of persons that were over on the day of the check, whatever a profile asks: a sign, not a rule."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from extractors.model import Status
from extractors.registry import document_types
from validators.case import Case, FiledDocument
from validators.findings import Check, Finding, finding


def check_expired(case: Case) -> tuple[list[Check], list[Finding]]:
    """The documents in slots that are over; `judge` leaves out what a check of the profile says as well."""
    return [], expired((document for document in case.documents if document.slot), case.as_of)


def expired(documents: Iterable[FiledDocument], as_of: date) -> list[Finding]:
    """Those of persons whose last day lies before `as_of`; a day that is doubtful says nothing."""
    return [found for document in documents if (found := _expired(document, as_of))]


def _expired(document: FiledDocument, as_of: date) -> Finding | None:
    kind, last = document_types().get(document.type), document.record.fields.get("valid_to")
    if kind is None or not kind.of_person or last is None or last.status not in (Status.READ, Status.VERIFIED):
        return None
    if not isinstance(last.value, date) or last.value >= as_of:
        return None
    return finding(
        "AUTH_DOCUMENT_EXPIRED", document=document.file, field="valid_to", actual=last.value, as_of=as_of,
        what_zh=kind.zh, what_en=kind.en, evidence=document.evidence(last),
    )  # fmt: skip
