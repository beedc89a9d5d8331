"""Declared beside read: for each thing the applicant declares, what the documents say.

Nothing is decided here: which field belongs to a declared value, and whether the two agree, is what
the profile's checks say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from apps.words import shown
from extractors.model import Status
from pipeline.report import DocumentReport, Report
from validators.findings import CheckResult
from validators.profile import CheckSpec, Profile


class Outcome(StrEnum):
    SAME = "same"
    UNCLEAR = "unclear"
    DIFFERS = "differs"
    MISSING = "missing"


_OUTCOMES = {CheckResult.PASSED: Outcome.SAME, CheckResult.FAILED: Outcome.DIFFERS}


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of characters, and whether the other side has it too."""

    text: str
    same: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """What one document says: `document` is its place in the report, counted from 0."""

    document: int
    outcome: Outcome
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class DeclaredRow:
    key: str
    text: str
    readings: tuple[Reading, ...]


def declared_beside_read(report: Report, profile: Profile | None) -> list[DeclaredRow]:
    """One row for each declared value, in the order they were declared."""
    return [
        DeclaredRow(key, shown(value), tuple(_readings(report, profile, key, shown(value))))
        for key, value in report.declared.items()
    ]


def differences(text: str, other: str) -> tuple[Piece, ...]:
    """`text` cut into runs that `other` has as well and runs that it has not."""
    matcher = SequenceMatcher(None, text, other, autojunk=False)
    return tuple(Piece(text[a:b], tag == "equal") for tag, a, b, _, _ in matcher.get_opcodes() if b > a)


def _readings(report: Report, profile: Profile | None, key: str, declared: str) -> Iterator[Reading]:
    results = {check.id: check.result for check in report.checks}
    for spec in profile.checks if profile else ():
        if spec.params.get("declared") != key or "field" not in spec.params or spec.id not in results:
            continue
        found = _locate(report, profile, spec)
        if found is None:
            continue
        place, name = found
        field = report.documents[place].fields[name]
        text = shown(field.value, field.raw)
        outcome = _OUTCOMES.get(results[spec.id], Outcome.UNCLEAR)
        if field.status is Status.MISSING:
            outcome = Outcome.MISSING
        # Where the check holds them equal (500万元, 5000000), a difference in writing is no difference.
        pieces = (Piece(text, same=True),) if outcome is Outcome.SAME else differences(text, declared)
        yield Reading(place, outcome, pieces)


def _locate(report: Report, profile: Profile | None, spec: CheckSpec) -> tuple[int, str] | None:
    """The document and field a check compares: the first that has it, else the first that should."""
    slot, _, name = str(spec.params["field"]).partition(".")
    candidates = [
        place
        for place, document in enumerate(report.documents)
        if name in document.fields and _fills(document, profile, slot)
    ]
    read = [place for place in candidates if report.documents[place].fields[name].status is not Status.MISSING]
    chosen = next(iter(read or candidates), None)
    return None if chosen is None else (chosen, name)


def _fills(document: DocumentReport, profile: Profile | None, slot: str) -> bool:
    """A document of the right type and side in its slot; one that shows both sides fills two."""
    place = profile.slots.get(slot) if profile else None
    if place is None or document.type not in place.accepts:
        return False
    if document.side == "both":
        return True
    return document.slot in (slot, None) and place.side in ("", document.side)
