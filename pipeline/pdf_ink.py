"""Which characters of a text layer a reader of the page really sees.

Text can be white, invisible, clipped, off the page, under a picture, or under other text. So the page is
drawn twice, with its text and without: a character counts where taking the text away changes the picture.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pypdfium2.raw as pdfium

from pipeline.pdf_render import drawn
from pipeline.text_layer import Glyph

Grey = npt.NDArray[np.uint8]

_SIDE = 1600  # pixels of the longer side of the drawings
_INK = 40  # grey levels by which a character changes the paper it stands on
_SMALLEST = 4  # pixels of a drawing; nobody reads what is lower, on A4 about 2 points
_NARROW = 3  # pixels; of a narrower character those count too that its neighbours share
_DEPTH = 6  # forms inside forms
_OBJECTS = 30_000  # parts of a page that are looked at


def seen(page: Any, glyphs: Sequence[Glyph], scale: float) -> tuple[list[Glyph], Grey] | None:
    """The characters that can be seen, and the page without its text (grey, codes and seals are left); None where one
    cannot be seen and something else is shown in its place.

    `scale` is how many times larger than points the boxes are. The page object is spent by it: its text
    is gone afterwards.
    """
    shrink = min(1.0, _SIDE / (max(page.get_size()) * scale))
    with_text = drawn(page, scale * shrink, grey=True).squeeze()
    if not _take_text_away(page):
        return None
    without = drawn(page, scale * shrink, grey=True).squeeze()
    changed = cv2.integral((cv2.absdiff(with_text, without) >= _INK).astype(np.uint8))
    kept = []
    for glyph in glyphs:
        left, top, right, bottom = _spot(glyph, shrink, with_text.shape)
        if glyph.height * shrink < _SMALLEST:
            continue
        if changed[bottom, right] - changed[top, right] - changed[bottom, left] + changed[top, left] > 0:
            kept.append(glyph)
        elif _marked(with_text[top:bottom, left:right]):
            return None
    return kept, without


def _spot(glyph: Glyph, scale: float, shape: tuple[int, ...]) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of a character on the drawing, within its bounds; clear of ink of its neighbours."""
    left, right = math.ceil(glyph.left * scale), math.floor(glyph.right * scale)
    if right - left < _NARROW:
        left, right = math.floor(glyph.left * scale), math.ceil(glyph.right * scale)
    top, bottom = int(glyph.top * scale) - 1, int(glyph.bottom * scale) + 2
    height, width = shape[:2]
    return (
        min(max(left, 0), width), min(max(top, 0), height), max(min(right, width), 0), max(min(bottom, height), 0)
    )  # fmt: skip


def _marked(spot: Grey) -> bool:
    return bool(spot.size) and int(spot.max()) - int(spot.min()) >= _INK


def _take_text_away(page: Any) -> bool:
    """Make all text of the loaded page invisible; False where there is too much of it."""
    for number, item in enumerate(_objects(page)):
        if number > _OBJECTS:
            return False
        if pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_TEXT:
            pdfium.FPDFTextObj_SetTextRenderMode(item, pdfium.FPDF_TEXTRENDERMODE_INVISIBLE)
    return True


def _objects(page: Any) -> Iterator[Any]:
    """The parts of a page, those of its forms included."""
    for index in range(pdfium.FPDFPage_CountObjects(page)):
        yield from _parts(pdfium.FPDFPage_GetObject(page, index), 1)


def _parts(item: Any, depth: int) -> Iterator[Any]:
    yield item
    if depth < _DEPTH and pdfium.FPDFPageObj_GetType(item) == pdfium.FPDF_PAGEOBJ_FORM:
        for index in range(pdfium.FPDFFormObj_CountObjects(item)):
            yield from _parts(pdfium.FPDFFormObj_GetObject(item, index), depth + 1)
