"""What the checks look at: one submission as far as rules are concerned, without files or pixels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from extractors.model import Field, Record, Source, Status
from validators.findings import Evidence, Finding
from validators.profile import Profile


@dataclass(frozen=True, slots=True)
class FiledDocument:
    """One document of a submission after reading: where it came from and what it says."""

    file: str
    record: Record
    part: int = 1
    slot: str | None = None  # as the applicant said, or as assigned
    type_confidence: float = 0.0
    bytes: int = 0
    format: str = ""
    pages: int = 1
    source: Source = Source.OCR
    quality: dict[str, Any] = field(default_factory=dict)
    unreadable: bool = False  # the file could not be opened; its finding says why
    findings: tuple[Finding, ...] = ()

    @property
    def type(self) -> str:
        return self.record.type

    def evidence(self, found: Field | None = None) -> tuple[Evidence, ...]:
        """Where a field stands, or the document as a whole."""
        if found is None or found.page is None:
            return (Evidence(document=self.file, part=self.part),)
        return (Evidence(document=self.file, part=self.part, page=found.page, box=found.box),)


@dataclass(frozen=True, slots=True)
class Located:
    """A field with the document it was read from."""

    document: FiledDocument
    name: str
    field: Field

    @property
    def usable(self) -> bool:
        """Good enough to pass a check on: verified or read, never doubtful."""
        return self.field.status in (Status.VERIFIED, Status.READ)


@dataclass(frozen=True, slots=True)
class Case:
    """A profile, what was declared, and the documents in their slots, judged as of one date."""

    profile: Profile
    declared: dict[str, Any]
    documents: tuple[FiledDocument, ...]
    as_of: date

    def in_slot(self, slot: str) -> Iterator[FiledDocument]:
        """The documents that fill a slot; one that shows both sides fills two."""
        place = self.profile.slots[slot]
        for document in self.documents:
            fits = document.type in place.accepts and (not place.side or document.record.side in (place.side, "both"))
            wanted = document.slot in (slot, None) or document.record.side == "both"
            if fits and wanted:
                yield document

    def locate(self, reference: str) -> Located | None:
        """The field `slot.field`, from the first document in the slot that has it; else any that should."""
        slot, _, name = reference.partition(".")
        candidates = [
            Located(document, name, document.record.fields[name])
            for document in self.in_slot(slot)
            if name in document.record.fields
        ]
        present = [c for c in candidates if c.field.status is not Status.MISSING]
        return next(iter(present or candidates), None)

    def with_documents(self, documents: tuple[FiledDocument, ...]) -> Case:
        return replace(self, documents=documents)
