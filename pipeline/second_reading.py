"""A second look where the first left something open: sealed places with red suppressed, a page laid flat and in even
light, an invoice in a larger picture.

A second reading may fill what the first left open. Where both read a value and differ, the field is
doubtful and both are kept: two readings are compared, never merged silently.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence, Set
from dataclasses import replace

import numpy as np

from extractors.form import LOW_CONFIDENCE
from extractors.model import Box, Field, FieldSpec, Kind, Page, Record, Status, TextLine, rectangle
from extractors.registry import document_types, extract
from pipeline.flattening import Flat, evened, flattened, is_dim, is_uneven
from pipeline.ocr import Reader
from pipeline.pages import Image
from pipeline.reading import Mask, ReadPage, red_pixels, red_under, suppress_red
from pipeline.settings import Settings
from validators.invoice_readings import is_open, settled
from validators.proofs.numbers import is_proven
from validators.seals import find_rings

_MOST = 3  # seals that are looked under
# Share of red over a field, and as many text heights beside it, from which its first reading is not relied on alone: a
# seal may have cut it short.
_COVERED, _BESIDE = 0.04, 1.5
# Confidence from which a second reading is relied on where the first has nothing to say, and any under a seal.
_SURE = 0.85
_WITHOUT_SEAL, _LAID_FLAT = "read_without_seal", "read_flat"  # where a value is from
_PARTIES = ("buyer", "seller")
_AROUND = 0.12  # share of a seal's size that is read around it
# A picture searched at less than this many times the side shows no other lines.
_FINER = 1.2

Area = tuple[int, int, int, int]  # left, top, right, bottom, in pixels


def read_doubtful_again(record: Record, pages: Sequence[ReadPage], reader: Reader) -> Record:
    """The record with what is open filled from sealed places without red, then from the pages laid flat in even light.

    The same record where nothing calls for it.
    """
    return _read_flat(_read_without_seals(record, pages, reader), pages, reader)


def read_laid_flat(page: ReadPage, reader: Reader) -> ReadPage:
    """A page nobody can name, read once more laid flat and in even light, its lines told where they are on the page
    as filed; the same page where that shows no more."""
    better = _better_picture(page)
    if better is None:
        return page
    lines = reader.read(better.image, page.page.number)
    if sum(len(line.text) * line.confidence for line in lines) <= sum(
        len(line.text) * line.confidence for line in page.page.lines
    ):
        return page
    there = tuple(replace(line, box=better.box(line.box)) for line in lines)
    return replace(page, page=replace(page.page, lines=there))


def _read_without_seals(record: Record, pages: Sequence[ReadPage], reader: Reader) -> Record:
    images = {page.page.number: image for page in pages if (image := page.image) is not None}
    red = {number: red_pixels(image) for number, image in images.items()}
    shown = _shown(record)
    covered = {s.name for s in shown if s.key and _covered(record.fields[s.name], red)}
    unsure = any(_is_open(record.fields[s.name]) for s in shown if s.key or s.sealed)
    if not covered and not unsure:
        return record
    sealed = {n: sealed_areas(image, pale=unsure) for n, image in images.items() if red[n][0].any()}
    # Red may be a form's own: what no seal lies over was read well enough.
    over = {n: [a for a in areas if unsure or _lies_over(a, n, record, covered)] for n, areas in sealed.items()}
    sealed = {n: areas for n, areas in over.items() if areas}
    covered = {name for name in covered if any(_lies_over(a, n, record, {name}) for n, s in sealed.items() for a in s)}
    if not sealed:
        return record
    second_pages = [
        _reread(p.page, images[p.page.number], sealed[p.page.number], reader) if p.page.number in sealed else p.page
        for p in pages
    ]
    return _merged(record, extract(second_pages, record.type), _WITHOUT_SEAL, covered)


def _read_flat(record: Record, pages: Sequence[ReadPage], reader: Reader) -> Record:
    if not any(_is_open(record.fields[s.name]) for s in _shown(record) if s.key):
        return record
    flat = {page.page.number: better for page in pages if (better := _better_picture(page)) is not None}
    if not flat:
        return record
    again = []
    for page in (p.page for p in pages):
        if (better := flat.get(page.number)) is not None:
            height, width = better.image.shape[:2]
            page = Page(page.number, width, height, reader.read(better.image, page.number), page.source)
        again.append(page)
    second = _without_a_lone_party(extract(again, record.type))
    placed = {name: _placed(found, flat) for name, found in second.fields.items()}
    return _merged(record, replace(second, fields=placed), _LAID_FLAT)


def _without_a_lone_party(second: Record) -> Record:
    """The record of an invoice without a party whose other one was not found: on a bent page it may be that one."""
    sides = [{name for name, f in second.fields.items() if name.startswith(f"{side}_") and f.raw} for side in _PARTIES]
    if all(sides) or not any(sides):
        return second
    return replace(second, fields={n: Field() if n in sides[0] | sides[1] else f for n, f in second.fields.items()})


def _better_picture(page: ReadPage) -> Flat | None:
    """The page laid flat if it is uneven, in even light if its light is not; None where neither is so."""
    measured, lines = page.measured, page.page.lines
    if measured is None or not lines:
        return None
    uneven, dim = is_uneven(measured.surface), is_dim(measured)
    if not (uneven or dim) or (image := page.image) is None:
        return None
    flat = flattened(image, lines, measured.surface) if uneven else Flat(image, lambda points: points)
    height = statistics.median(min(line.height, line.width) for line in lines)
    return replace(flat, image=evened(flat.image, height)) if dim else flat


def _placed(found: Field, flat: Mapping[int, Flat]) -> Field:
    better = flat.get(found.page or 0)
    return found if better is None or found.box is None else found.model_copy(update={"box": better.box(found.box)})


def read_finer(record: Record, pages: Sequence[ReadPage], reader: Reader, settings: Settings) -> Record:
    """An invoice's record with what its pages tell when read once more at `ocr_finer_side`.

    The same record where the first reading left nothing open, or no page is large enough to show more.
    """
    least, most = _FINER * settings.ocr_side, settings.ocr_finer_side
    large = {p.page.number for p in pages if min(most, max(p.page.width, p.page.height)) > least and p.picture}
    if not large or not is_open(record):
        return record
    again = [
        replace(p.page, lines=reader.read(image, p.page.number, most))
        if p.page.number in large and (image := p.image) is not None
        else p.page
        for p in pages
    ]
    return settled(record, extract(again, record.type))


def _covered(found: Field, red: Mapping[int, tuple[Mask, int]]) -> bool:
    """Whether red ink lies over a field that was read, or where it ends."""
    if found.box is None or found.page is None or found.page not in red:
        return False
    return max(red_under(red[found.page], box) for box in (found.box, _around(found.box))) > _COVERED


def _lies_over(area: Area, number: int, record: Record, names: Set[str]) -> bool:
    """Whether a seal of a page lies over one of these fields, or where it ends."""
    fields = (record.fields[name] for name in names)
    seal = rectangle(*area)
    return any(f.page == number and f.box is not None and _meet(seal, _around(f.box)) for f in fields)


def _around(box: Box) -> Box:
    """An upright box with what stands beside it."""
    xs, ys = [x for x, _ in box], [y for _, y in box]
    beside = _BESIDE * (max(ys) - min(ys))
    return rectangle(min(xs) - beside, min(ys), max(xs) + beside, max(ys))


def sealed_areas(image: Image, pale: bool = False) -> list[Area]:
    """The red seals of a picture with a hair of paper around them, the largest first, in pixels; `pale` ones beside
    others only where that is asked for: they take as long to find as all the others."""
    height, width = image.shape[:2]
    found = []
    for ring in sorted(find_rings(image, ("red",), pale=pale), key=lambda ring: -ring.axes[0])[:_MOST]:
        (left, top), _, (right, bottom), _ = ring.box
        by = _AROUND * (right - left)
        area = max(0, left - by), max(0, top - by), min(width, right + by), min(height, bottom + by)
        found.append((int(area[0]), int(area[1]), int(area[2]), int(area[3])))
    return found


def seals_on(image: Image) -> list[Box]:
    """Where the seals of a picture are, of whatever ink."""
    return [ring.box for ring in find_rings(image, pale=True)]


def _reread(page: Page, image: Image, areas: Sequence[Area], reader: Reader) -> Page:
    """The page with what stands level with its seals read anew once they are taken off."""
    clean, lines = image.copy(), list(page.lines)
    for left, top, right, bottom in areas:
        clean[top:bottom, left:right] = suppress_red(np.ascontiguousarray(image[top:bottom, left:right]))
    for _, top, _, bottom in areas:
        strip = np.ascontiguousarray(clean[top:bottom])
        # A line that runs out of the strip was cut: the first reading has the whole of it.
        whole = (a for a in reader.read(strip, page.number) if a.top > 1 and a.bottom < bottom - top - 2)
        fresh = [_moved(line, 0, top) for line in whole]
        lines = [line for line in lines if not any(_covers(new, line) for new in fresh)] + fresh
    return replace(page, lines=tuple(lines))


def _meet(one: Box, other: Box) -> bool:
    """Whether two upright boxes lie over each other."""
    (a, b), _, (c, d), _ = one
    (e, f), _, (g, h), _ = other
    return a < g and e < c and b < h and f < d


def _moved(line: TextLine, left: int, top: int) -> TextLine:
    a, b, c, d = ((x + left, y + top) for x, y in line.box)
    return replace(line, box=(a, b, c, d))


def _covers(new: TextLine, old: TextLine) -> bool:
    """Whether most of an earlier line lies under a new one."""
    wide = min(new.right, old.right) - max(new.left, old.left)
    high = min(new.bottom, old.bottom) - max(new.top, old.top)
    return wide > 0.5 * old.width and high > 0.5 * min(old.height, new.height)


def _shown(record: Record) -> list[FieldSpec]:
    """The fields of the side that is shown."""
    specs = document_types()[record.type].fields
    return [spec for spec in specs if not spec.side or record.side in (spec.side, "both")]


def _is_open(found: Field) -> bool:
    """Whether a second reading is called for: what two readings differ in, no third one settles."""
    if found.status is Status.READ:
        return found.value is not False and min(found.confidence, found.weakest) < LOW_CONFIDENCE
    return found.status is not Status.VERIFIED and found.reason != "readings_differ"


def _merged(first: Record, second: Record, how: str, covered: Set[str] = frozenset()) -> Record:
    """The first record with what the second tells of its open key fields and the `covered` ones; `how` says where that
    is from."""
    fields = dict(first.fields)
    for spec in document_types()[first.type].fields:
        found = first.fields[spec.name]
        if spec.name in covered or ((spec.key or spec.sealed) and _is_open(found)):
            settled = _settled(found, second.fields[spec.name], spec.kind, how)
            unsure = spec.name in covered and settled.status is Status.READ and settled.confidence < _SURE
            fields[spec.name] = _doubted(settled) if unsure else settled
    return replace(first, fields=fields, side=first.side or second.side)


def _doubted(found: Field) -> Field:
    return found.model_copy(update={"status": Status.DOUBTFUL, "reason": "low_confidence"})


def _settled(first: Field, second: Field, kind: Kind, how: str) -> Field:
    """What two readings of the same print come to; where both are well-formed and differ, neither is trusted."""
    if second.status is not Status.READ:
        return first
    if first.value == second.value and first.confidence >= second.confidence and first.status is Status.READ:
        return first
    told = second.model_copy(update={"reason": how})
    if second.confidence < _SURE:
        told = _doubted(told)
    more = first.reason == "incomplete" and str(first.value) in str(second.value)
    if first.value == second.value or first.status is Status.MISSING or first.reason == "malformed" or more:
        return told
    if how == _WITHOUT_SEAL and first.box and second.box and not _meet(first.box, second.box):
        return told  # what was taken for the value were words of the seal
    proven = [is_proven(kind, str(reading.value)) for reading in (first, second)]
    if proven == [False, True]:
        return told
    if proven == [True, False]:
        return first
    other = (*second.alternates, str(first.value))
    return second.model_copy(update={"status": Status.DOUBTFUL, "reason": "readings_differ", "alternates": other})
