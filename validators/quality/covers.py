"""What lies over a field that was not read, or was done to it: a thing, a seal, a fold, a smear."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from extractors.model import Box, DocumentType, Record, Status, rectangle
from validators.quality.creases import Fold
from validators.quality.flaws import Flaw
from validators.quality.measures import Measured
from validators.quality.smears import EDGELESS


@dataclass(frozen=True, slots=True)
class Closer:
    """A closer look at a page for what is dear to find, or no flaw where everything was read."""

    seals: Callable[[], Sequence[Box]]
    tears: Callable[[], Sequence[Fold]]  # folds that nothing else is taken for
    smears: Callable[[], Sequence[Box]]
    folds: Callable[[], Sequence[Fold]]


def covered(
    measured: Measured, record: Record, kind: DocumentType | None, unread: Sequence[str], places: Mapping[str, Box]
) -> Flaw | None:
    """A thing that lies where a field is not read, or begins where one that was read ends: its rest may be under it."""
    boxes = []
    for thing in _lying(measured, kind):
        for name, place in places.items():
            field = record.fields[name]
            hidden = name in unread and touch(grown(thing), place)  # its first or last part may be under it
            if hidden or (field.box and field.status is not Status.VERIFIED and hides_part_of(field.box, thing)):
                boxes.append(thing)
    return Flaw("QUALITY_COVERED", 1.5, "", "", tuple(dict.fromkeys(boxes))) if boxes else None


def somewhere_covered(
    measured: Measured, kind: DocumentType | None, unread: Sequence[str], places: Mapping[str, Box]
) -> Flaw | None:
    """The things on a page where a field is not read nor its label: both may be under one of them."""
    things = tuple(_lying(measured, kind))
    is_lost = any(name not in places for name in unread)
    return Flaw("QUALITY_COVERED", 1.2, "", "", things) if things and is_lost else None


def _lying(measured: Measured, kind: DocumentType | None) -> Iterator[Box]:
    """The things on a page but for a portrait where one belongs."""
    return (thing for thing in measured.surface.things if not _is_of_portrait(thing, measured, kind))


def _is_of_portrait(place: Box, measured: Measured, kind: DocumentType | None) -> bool:
    (left, _), _, (right, _), _ = upright(place)
    return kind is not None and kind.portrait and (left + right) / 2 > 0.55 * measured.size[0]


def sealed(closer: Closer, unread: Sequence[str], places: Mapping[str, Box]) -> Flaw | None:
    """A seal that lies where a field is not read."""
    there = [places[name] for name in unread if name in places]
    seals = tuple(seal for seal in closer.seals() if any(touch(seal, place) for place in there)) if there else ()
    return Flaw("QUALITY_SEALED", 1.5, "", "", seals) if seals else None


def smeared(
    closer: Closer, measured: Measured, kind: DocumentType | None, unread: Sequence[str], places: Mapping[str, Box]
) -> Flaw | None:
    """A smear where a field is not read, or may be: one whose place is not known is under it. What is drawn or written
    on a thing has soft edges, too: then it is the thing that lies there."""
    if not unread:
        return None
    there = [places[name] for name in unread if name in places]
    found = [smear for smear in closer.smears() if not _is_of_portrait(smear, measured, kind)]
    if len(there) == len(unread):
        found = [smear for smear in found if any(touch(smear, place) for place in there)]
    things = tuple(thing for thing in _lying(measured, kind) if any(touch(thing, smear) for smear in found))
    if things:
        return Flaw("QUALITY_COVERED", 1.5, "", "", things)
    # Both are shares of the sharpness of the other print.
    return Flaw("QUALITY_BLURRED", 1.5, f"< {EDGELESS:.0%}", f"≥ {EDGELESS:.0%}", tuple(found)) if found else None


def folded(folds: Sequence[Fold], unread: Sequence[str], places: Mapping[str, Box]) -> Flaw | None:
    """A fold that runs through a field that is not read, or may: one whose place is not known is under it."""
    for fold in folds:
        if any(name not in places or any(touch(grown(box), places[name]) for box in fold.boxes) for name in unread):
            return Flaw("QUALITY_CREASED", 1.2, "", "", fold.boxes)
    return None


def hides_part_of(read: Box, thing: Box) -> bool:
    """Whether a thing lies where a field ends, or over some of its characters."""
    (left, top), _, (right, bottom), _ = upright(read)
    (begin, above), _, (end, below), _ = upright(thing)
    height = bottom - top
    over = min(right, end) - max(left, begin) > 0.8 * height and min(bottom, below) - max(top, above) > 0.6 * height
    return over or goes_on_under(read, thing)


def goes_on_under(read: Box, thing: Box) -> bool:
    """Whether what was read ends where a thing begins, or begins where it ends."""
    (begin, top), _, (right, bottom), _ = upright(read)
    (left, above), _, (end, below), _ = upright(thing)
    height = bottom - top
    beside = any(-0.8 * height <= gap <= 0.9 * height for gap in (left - right, begin - end))
    return beside and min(bottom, below) - max(top, above) > 0.6 * height


def touch(one: Box, other: Box) -> bool:
    (a, b), _, (c, d), _ = upright(one)
    (e, f), _, (g, h), _ = upright(other)
    return a < g and e < c and b < h and f < d


def grown(box: Box) -> Box:
    """A place and what is next to it: a reflection is not yet white where it begins."""
    (left, top), _, (right, bottom), _ = upright(box)
    by = 0.15 * max(right - left, bottom - top)
    return rectangle(left - by, top - by, right + by, bottom + by)


def upright(box: Box) -> Box:
    xs, ys = [x for x, _ in box], [y for _, y in box]
    return rectangle(min(xs), min(ys), max(xs), max(ys))
