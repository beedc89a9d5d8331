"""A second look: sealed places read again with red suppressed, and an invoice once more in a larger picture.

A second reading may fill what the first left open. Where both read a value and differ, the field is
doubtful and both are kept: two readings are compared, never merged silently.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import cv2
import numpy as np

from extractors.model import Field, Page, Record, Status, TextLine
from extractors.registry import document_types, extract
from pipeline.ocr import Reader
from pipeline.pages import Image
from pipeline.reading import Mask, ReadPage, red_pixels, red_under, suppress_red
from pipeline.settings import Settings
from validators.invoice_readings import is_open, settled

# Shares of the page a patch of red may take to be a seal, and how many are looked at. A seal is round or oval and
# drawn in thin strokes: a long patch is a watermark, one red for the most part an emblem that hides what is under it.
_SMALLEST, _LARGEST, _MOST, _LONGEST, _SOLID = 0.003, 0.25, 2, 1.5, 0.45
# Share of red over a field from which its first reading is not relied on alone.
_COVERED = 0.04
# Text under a seal runs on beside it: the patch is read with this share of its width and height around it.
_BESIDE, _ABOVE = 0.8, 0.2
# A picture searched at less than this many times the side shows no other lines.
_FINER = 1.2

Area = tuple[int, int, int, int]  # left, top, right, bottom, in pixels


def read_doubtful_again(record: Record, pages: Sequence[ReadPage], reader: Reader) -> Record:
    """The record with open fields filled from its sealed places; the same record where nothing calls for it."""
    images = {page.page.number: image for page in pages if (image := page.image) is not None}
    red = {number: red_pixels(image) for number, image in images.items()}
    shown = [s for s in document_types()[record.type].fields if not s.side or record.side in (s.side, "both")]
    unsure = any(record.fields[s.name].status in (Status.MISSING, Status.DOUBTFUL) for s in shown if s.key or s.sealed)
    covered = {s.name for s in shown if s.key and _covered(record.fields[s.name], red)}
    if not unsure and not covered:
        return record
    areas = {number: sealed_areas(*red[number]) for number in images}
    if not any(areas.values()):
        return record
    second_pages = [
        _reread(p.page, images[p.page.number], areas[p.page.number], reader) if p.page.number in images else p.page
        for p in pages
    ]
    second = extract(second_pages, record.type)
    fields = {name: _settled(found, second.fields[name], name in covered) for name, found in record.fields.items()}
    return replace(record, fields=fields)


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
    """Whether red ink lies over a field that was read."""
    if found.box is None or found.page is None or found.page not in red:
        return False
    return red_under(red[found.page], found.box) > _COVERED


def sealed_areas(mask: Mask, step: int) -> list[Area]:
    """Patches of red ink with their surroundings, largest first, in pixels of the picture `mask` thins out."""
    closed = cv2.morphologyEx(mask.astype(np.uint8), cv2.MORPH_CLOSE, np.ones((15, 15), np.uint8))
    _, _, stats, _ = cv2.connectedComponentsWithStats(closed)
    height, width = mask.shape[0] * step, mask.shape[1] * step
    found = []
    for left, top, w, h, _ in sorted(stats[1:].tolist(), key=lambda s: -s[2] * s[3])[:_MOST]:
        solid = mask[top : top + h, left : left + w].mean() > _SOLID
        if _SMALLEST < w * h / mask.size < _LARGEST and 1 / _LONGEST < w / h < _LONGEST and not solid:
            beside, above = int(w * _BESIDE), int(h * _ABOVE)
            found.append((
                max(0, (left - beside) * step), max(0, (top - above) * step),
                min(width, (left + w + beside) * step), min(height, (top + h + above) * step),
            ))  # fmt: skip
    return found


def _reread(page: Page, image: Image, areas: Sequence[Area], reader: Reader) -> Page:
    """The page with the lines of its sealed areas replaced by what is read there without red."""
    lines = list(page.lines)
    for area in areas:
        left, top, right, bottom = area
        patch = suppress_red(np.ascontiguousarray(image[top:bottom, left:right]))
        fresh = [
            _moved(line, left, top)
            for line in reader.read(patch, page.number)
            # A line that runs out of the patch was cut: the first reading has the whole of it.
            if line.left > 2 and line.right < patch.shape[1] - 3
        ]
        lines = [line for line in lines if not any(_covers(new, line) for new in fresh)] + fresh
    return replace(page, lines=tuple(lines))


def _moved(line: TextLine, left: int, top: int) -> TextLine:
    a, b, c, d = ((x + left, y + top) for x, y in line.box)
    return replace(line, box=(a, b, c, d))


def _covers(new: TextLine, old: TextLine) -> bool:
    """Whether most of an earlier line lies under a new one."""
    wide = min(new.right, old.right) - max(new.left, old.left)
    high = min(new.bottom, old.bottom) - max(new.top, old.top)
    return wide > 0.5 * old.width and high > 0.5 * min(old.height, new.height)


def _settled(first: Field, second: Field, covered: bool) -> Field:
    """What two readings of the same print come to; where both are well-formed and differ, neither is trusted."""
    if second.status is not Status.READ or (first.status is Status.READ and not covered):
        return first
    if first.value == second.value or first.status is Status.MISSING or first.reason == "malformed":
        return second.model_copy(update={"reason": "second_reading"})
    other = (*second.alternates, str(first.value))
    return second.model_copy(update={"status": Status.DOUBTFUL, "reason": "readings_differ", "alternates": other})
