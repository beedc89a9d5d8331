"""Small pages written by hand: text lines at places, as a reader would find them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import pairwise

from extractors.model import Page, Source, TextLine, rectangle


def at(left: float, top: float, text: str, height: float = 20, confidence: float = 0.99, page: int = 1) -> TextLine:
    """A line whose wide characters are as wide as it is high, narrow ones half as wide."""
    width = sum(height if ord(c) > 0x2E7F else height / 2 for c in text)
    return TextLine(text, rectangle(left, top, left + width, top + height), confidence, page)


def page_of(lines: Iterable[TextLine], number: int = 1) -> Page:
    return Page(number, 1000, 1400, tuple(lines), Source.OCR)


def joined(left: TextLine, right: TextLine) -> TextLine:
    """Two pieces of a row found as one line."""
    box = rectangle(left.left, min(left.top, right.top), right.right, max(left.bottom, right.bottom))
    return TextLine(left.text + right.text, box, min(left.confidence, right.confidence), left.page)


def cut_up(line: TextLine, *at_characters: int) -> list[TextLine]:
    """One line found as several."""
    edges = [0, *sorted(at_characters), len(line.text)]
    return [line.cut(a, b) for a, b in pairwise(edges) if b > a]


def moved(lines: Sequence[TextLine], right: float = 0, down: float = 0, page: int | None = None) -> list[TextLine]:
    return [
        TextLine(
            line.text,
            tuple((x + right, y + down) for x, y in line.box),  # type: ignore[arg-type]
            line.confidence,
            page or line.page,
        )
        for line in lines
    ]


def slanted(lines: Sequence[TextLine], degrees: float) -> list[TextLine]:
    """The same lines on a page that lies askew."""
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    return [
        TextLine(
            line.text,
            tuple((x * cos - y * sin, x * sin + y * cos) for x, y in line.box),  # type: ignore[arg-type]
            line.confidence,
            line.page,
        )
        for line in lines
    ]
