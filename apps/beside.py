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
        reference = _compared_with(spec, f"declared.{key}")
        found = _locate(report, profile, reference) if reference and spec.id in results else None
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


def _compared_with(spec: CheckSpec, reference: str) -> str | None:
    """What a check compares a value with."""
    sides = [str(spec.params.get(side, "")) for side in ("left", "right")]
    return sides[1 - sides.index(reference)] if reference in sides and spec.check in ("equal", "names_agree") else None


def _locate(report: Report, profile: Profile | None, reference: str) -> tuple[int, str] | None:
    """The document and field a check compares: the first that has it, else the first that should."""
    slot, _, names = reference.partition(".")
    candidates = [
        (place, name)
        for place, document in enumerate(report.documents)
        if _fills(document, profile, slot)
        for name in names.split("|")
        if name in document.fields
    ]
    read = [c for c in candidates if report.documents[c[0]].fields[c[1]].status is not Status.MISSING]
    return next(iter(read or candidates), None)


def _fills(document: DocumentReport, profile: Profile | None, slot: str) -> bool:
    """A document of the right type and side in its slot; one that shows both sides fills two."""
    place = profile.slots.get(slot) if profile else None
    if place is None or document.type not in place.accepts:
        return False
    if document.side == "both":
        return True
    return document.slot in (slot, None) and place.side in ("", document.side)
