"""Documents and numbers of earlier submissions, so that one that somebody else used before is noticed.

A document is known by the file it came in and by the numbers its type declares as its own (`DocumentType.numbers`).
Invoices and photos have indexes of their own. That one owner submits a paper again is as it should be.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple, Protocol

from extractors.model import OF_PERSONS, DocumentType, Kind, Status
from extractors.registry import document_types
from validators.case import FiledDocument
from validators.findings import Finding, finding
from validators.invoice_index import Sighting
from validators.normalise import normalised

_OWN_FORM = (Kind.TEXT, Kind.DIGITS)  # such a number says nothing without the type it is of
_INVOICE = "vat_invoice"


class DocumentIndex(Protocol):
    """What documents of earlier submissions are known by. Everything but names of submissions and days is hashed."""

    def of_others(self, marks: Mapping[str, str], owner: str) -> list[Sighting] | None:
        """Uses by others before this owner's first, the first first; None where the index could not be asked."""
        ...

    def keep(self, marks: Mapping[str, str], owner: str, submission: str, on: date) -> bool:
        """Keep what a document is known by; False where it was lost."""
        ...


class Mark(NamedTuple):
    """One thing a document is known by: the kind and text it is kept under, and the field it stands in ("" = file)."""

    kind: str
    text: str
    field: str = ""
    person: bool = False  # it tells a person, who may come with several companies


def marks_of(document: FiledDocument, sha256: str) -> list[Mark]:
    """What a document is known by; nothing of invoices and photos. Doubtful numbers would accuse others later."""
    kind = document_types().get(document.type)
    if kind is None or kind.photo or kind.id == _INVOICE or document.unreadable:
        return []
    marks = list(_numbers(document, kind))
    return [*marks, Mark("file", f"{sha256}-{document.part}", person=kind.of_person)] if sha256 else marks


def _numbers(document: FiledDocument, kind: DocumentType) -> Iterator[Mark]:
    for name in kind.numbers:
        found, form = document.record.fields.get(name), kind.spec(name).kind
        if found and found.value and found.status in (Status.READ, Status.VERIFIED):
            under = f"{kind.id}.{name}" if form in _OWN_FORM else form.value
            yield Mark(under, normalised(form, str(found.value)), name, form in OF_PERSONS)


def with_other_owners(
    documents: Sequence[FiledDocument],
    index: DocumentIndex,
    owner: str,
    submission: str,
    on: date,
    hashes: Iterable[str],
) -> tuple[FiledDocument, ...]:
    """The documents, those that others used before with a finding about it; all are kept for the next submissions.

    Nothing is kept where the owner is not known. `hashes` are the SHA-256 of the documents' files.
    """
    if not owner:
        return tuple(documents)
    told = []
    for document, sha256 in zip(documents, hashes, strict=True):
        marks = marks_of(document, sha256)
        kept = index.keep({mark.kind: mark.text for mark in marks}, owner, submission, on)
        findings = tuple(_findings(document, marks, index, owner)) if kept else _not_asked(document)
        told.append(replace(document, findings=(*document.findings, *findings)))
    return tuple(told)


def _findings(document: FiledDocument, marks: Sequence[Mark], index: DocumentIndex, owner: str) -> Iterator[Finding]:
    """One finding at most: the number says more than the file, and what somebody submits of his own is no sign."""
    own = normalised(Kind.CREDIT_CODE, owner)
    for mark in marks:
        if mark.text == own:
            return
        seen = index.of_others({mark.kind: mark.text}, owner)
        if seen is None:
            yield from _not_asked(document)
            return
        if seen:
            yield _told(document, mark, seen[0])
            return


def _told(document: FiledDocument, mark: Mark, seen: Sighting) -> Finding:
    code = (
        "AUTH_PERSON_SEEN_BEFORE" if mark.person else "AUTH_NUMBER_OF_ANOTHER" if mark.field else "AUTH_FILE_OF_ANOTHER"
    )
    what = document_types()[document.type].spec(mark.field).zh if mark.field else ""
    return finding(
        code, document=document.file, field=mark.field or None, actual=seen.submission, on=seen.on, what_zh=what,
        what_en=mark.field.replace("_", " "), evidence=document.evidence(document.record.fields.get(mark.field)),
    )  # fmt: skip


def _not_asked(document: FiledDocument) -> tuple[Finding, ...]:
    return (finding("AUTH_DOCUMENT_INDEX_NOT_ASKED", document=document.file, evidence=document.evidence()),)
