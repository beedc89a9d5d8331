"""Invoices of earlier submissions, so that one used twice is noticed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from typing import Protocol

from extractors.model import Field, Status
from validators.case import FiledDocument
from validators.findings import Finding, finding
from validators.identifiers import invoice_code, invoice_number
from validators.identifiers.text import compact

_WHOLE = 20  # digits of a check code, and of a number that needs no code beside it


@dataclass(frozen=True, slots=True)
class Known:
    """What an invoice is known again by: code and number, its check code, the file it came in. Parts may be ""."""

    number: str = ""
    check_code: str = ""  # belongs to one invoice alone: another number beside it was altered
    content: str = ""  # SHA-256 of the file and the part of it: a scan whose number cannot be read

    def __bool__(self) -> bool:
        return bool(self.marks())

    def marks(self) -> dict[str, str]:
        """What there is of these, by name."""
        return {name: text for name, text in asdict(self).items() if text}


@dataclass(frozen=True, slots=True)
class Sighting:
    """An earlier submission an invoice was used in, and the day it was checked for."""

    submission: str
    on: date


class InvoiceIndex(Protocol):
    """Every invoice that was checked. A submission is known by its owner (who, and from where) and its name."""

    def seen(self, invoice: Known, owner: str, submission: str) -> list[Sighting] | None:
        """Earlier uses in other submissions, the first first; None where the index could not be asked."""
        ...

    def add(self, invoice: Known, owner: str, submission: str, on: date) -> bool:
        """Keep an invoice; from then on only submissions before this one are earlier ones. False where it was lost."""
        ...


def known_by(document: FiledDocument, sha256: str = "") -> Known:
    """What a document is known by; nothing where it is no invoice or a copy of another one. Doubtful values say
    nothing: kept, they would accuse another invoice later."""
    if document.type != "vat_invoice" or document.unreadable or document.copy_of:
        return Known()
    number, code = _sure(document, "invoice_number"), _sure(document, "invoice_code")
    if not invoice_number.is_valid(number):
        number = ""
    elif len(number) != _WHOLE:
        number = f"{code}-{number}" if invoice_code.is_valid(code) else ""
    check_code = _sure(document, "check_code")
    content = f"{sha256}-{document.part}" if sha256 else ""
    return Known(number, check_code if len(check_code) == _WHOLE else "", content)


def _sure(document: FiledDocument, name: str) -> str:
    found = document.record.fields.get(name, Field())
    return compact(str(found.value)) if found.status in (Status.READ, Status.VERIFIED) else ""


def with_earlier_uses(
    documents: Sequence[FiledDocument],
    index: InvoiceIndex,
    owner: str,
    submission: str,
    on: date,
    hashes: Iterable[str],
) -> tuple[FiledDocument, ...]:
    """The documents, invoices used in an earlier submission with a finding about it; all are kept for the next ones.

    `hashes` are the SHA-256 of the documents' files. An invoice is kept before it is looked up: of two submissions
    that are checked at the same time one sees the other.
    """
    told = []
    for document, sha256 in zip(documents, hashes, strict=True):
        invoice = known_by(document, sha256)
        findings: tuple[Finding, ...] = ()
        if invoice:
            kept = index.add(invoice, owner, submission, on)
            findings = _findings(document, index.seen(invoice, owner, submission) if kept else None)
        told.append(replace(document, findings=(*document.findings, *findings)))
    return tuple(told)


def _findings(document: FiledDocument, seen: list[Sighting] | None) -> tuple[Finding, ...]:
    evidence = document.evidence(document.record.fields.get("invoice_number"))
    if seen is None:
        return (finding("INVOICE_INDEX_NOT_ASKED", document=document.file, evidence=evidence),)
    return tuple(
        finding("INVOICE_SEEN_BEFORE", document=document.file, field="invoice_number", evidence=evidence,
                actual=one.submission, on=one.on)
        for one in seen[:1]
    )  # fmt: skip
