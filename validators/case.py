"""What the checks look at: one submission as far as rules are concerned, without files or pixels."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from extractors.model import Field, Kind, Record, Source, Status
from validators.conditions import Condition
from validators.findings import Evidence, Finding, Verdict
from validators.normalise import normalised
from validators.profile import Prerequisite, Profile, Slot

if TYPE_CHECKING:
    from validators.authenticity import Authenticity
    from validators.photo_index import PhotoIndex
    from validators.registry import Registry


@dataclass(frozen=True, slots=True)
class FiledDocument:
    """One document of a submission after reading: where it came from and what it says."""

    file: str
    record: Record
    part: int = 1
    slot: str | None = None  # as the applicant said, or as assigned
    caption: str = ""  # what the applicant says a photo shows
    type_confidence: float = 0.0
    bytes: int = 0
    format: str = ""
    pages: int = 1
    size: tuple[int, int] | None = None  # width and height of its first page in pixels, None for data
    source: Source = Source.OCR
    quality: dict[str, Any] = field(default_factory=dict)
    picture: dict[str, Any] = field(default_factory=dict)  # seals, faces, camera and the like, where a profile asks
    copy_of: tuple[str, int] | None = None  # file and part of the better carrier of the same invoice
    unreadable: bool = False  # the file could not be opened; its finding says why
    findings: tuple[Finding, ...] = ()

    @property
    def type(self) -> str:
        return self.record.type

    def is_spare(self, documents: Iterable[FiledDocument]) -> bool:
        """Whether a better carrier of the same invoice among these fills the slot this one was meant for."""
        better = next((d for d in documents if (d.file, d.part) == self.copy_of), None)
        return better is not None and self.slot in (None, better.slot)

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
class Earlier:
    """The outcome of an earlier procedure: from a report of Heyan's, or as the applicant says the platform judged."""

    profile: str
    verdict: Verdict
    as_of: date
    declared: dict[str, Any] = field(default_factory=dict)
    read: dict[str, Any] = field(default_factory=dict)  # values of fields by `slot.field`


@dataclass(frozen=True, slots=True)
class Case:
    """A profile, what was declared, and the documents in their slots, judged as of one date."""

    profile: Profile
    declared: dict[str, Any]
    documents: tuple[FiledDocument, ...]
    as_of: date
    earlier: tuple[Earlier, ...] = ()
    registry: Registry | None = None
    photos: PhotoIndex | None = None
    authenticity: Authenticity | None = None

    def value(self, key: str) -> Any:
        """What was declared under a key, or what holds by default; None where nothing does."""
        given, spec = self.declared.get(key), self.profile.declared.get(key)
        return spec.default if given in (None, "") and spec else given

    def applies(self, when: Condition | None) -> bool:
        """Whether a part of the profile with this condition is asked for."""
        return when is None or when.holds(self._known)

    def slots(self) -> dict[str, Slot]:
        """The slots that are asked for, given what was declared."""
        return {name: slot for name, slot in self.profile.slots.items() if self.applies(slot.when)}

    def in_slot(self, slot: str) -> Iterator[FiledDocument]:
        """The documents that fill a slot; one that shows both sides fills two."""
        place = self.profile.slots[slot]
        if not self.applies(place.when):
            return
        for document in self.documents:
            fits = document.type in place.accepts and (not place.side or document.record.side in (place.side, "both"))
            wanted = document.slot in (slot, None) or (document.record.side == "both" and bool(place.side))
            if fits and wanted and not document.is_spare(self.documents):
                yield document

    def locate(self, slot: str, names: tuple[str, ...]) -> Located | None:
        """The first of these fields in a slot that has a value; else one that should have."""
        candidates = [
            Located(document, name, document.record.fields[name])
            for document in self.in_slot(slot)
            for name in names
            if name in document.record.fields
        ]
        present = [c for c in candidates if c.field.status is not Status.MISSING]
        return next(iter(present or candidates), None)

    def about_slot(self, slot: str, name: str) -> str | int | None:
        """The type or side that fills a slot, or how many documents do."""
        inside = list(self.in_slot(slot))
        if name == "count":
            return len(inside)
        return (inside[0].type if name == "type" else inside[0].record.side) if inside else None

    def before(self, key: str) -> Earlier | None:
        """The latest earlier result a prerequisite asks for, of this applicant and of a day not after `as_of`."""
        wanted = self.profile.prerequisites[key]
        found = [e for e in self.earlier if e.profile == wanted.profile and e.as_of <= self.as_of]
        return max((e for e in found if self.is_own(e, wanted)), key=lambda e: e.as_of, default=None)

    def values_of(self, key: str) -> Earlier | None:
        """An earlier result to take values from: a refused one that was not required opened and locked nothing."""
        earlier = self.before(key)
        refused = earlier is not None and earlier.verdict is Verdict.REJECT
        return None if refused and not self.profile.prerequisites[key].required else earlier

    def is_own(self, earlier: Earlier, wanted: Prerequisite) -> bool:
        """Whether an earlier result is this applicant's: what must be the same is told on both sides, and is."""
        return all(self._same(key, self.value(key), earlier.declared.get(key)) for key in wanted.same)

    def _same(self, key: str, now: Any, then: Any) -> bool:
        kind = self.profile.declared[key].kind
        form = kind if isinstance(kind, Kind) else Kind.TEXT
        known = now not in (None, "") and then not in (None, "")
        return known and normalised(form, str(now)) == normalised(form, str(then))

    def with_documents(self, documents: tuple[FiledDocument, ...]) -> Case:
        return replace(self, documents=documents)

    def _known(self, reference: str) -> Any:
        head, _, name = reference.partition(".")
        if head == "declared":
            return self.value(name)
        if head in self.profile.slots:
            return self.about_slot(head, name)
        earlier = self.values_of(head)
        return earlier.declared.get(name) if earlier else None
