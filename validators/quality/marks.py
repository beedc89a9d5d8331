"""The national emblem and the issuer's seal: whether anything red is where a document bears each of them by nature.

Only absence is told, in wide windows above or left of the title and in the lower part of the text; what a mark looks
like is not judged. Each is missed only where the other (of a card: its ground) shows that the page is in colour, and
the place of an emblem must not be printed in grey: a grey copy under a red company seal lacks nothing.
"""

from __future__ import annotations

import statistics
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from extractors.model import DocumentType, Page, TextLine
from extractors.values import compact, simplified
from validators.quality.colour import neutral_lab

Image = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Window = tuple[float, float, float, float]  # left, top, right, bottom in pixels

_SIDE = 240  # pixels a page is looked at: shares of wide windows need no more
# CIELAB chroma from which a pixel is ink, and the angles (degrees) at which that ink is red; lightness and chroma below
# which it is grey print.
_INK, _HUES, _DARK, _GREY = 9.0, (-32.0, 48.0), 70.0, 7.0
_TITLE = 1.25  # times the usual height of the lines: what bears the title's words and is lower is not the title
_ABOVE, _LEFT = 2.2, (0.6, 0.1)  # an emblem's place: heights of the title above it, widths of the title left of it
_LOWER = 0.45  # where the part of the text that a seal lies in begins, as a share of its height
# Shares of a window that are red: below the first there is no mark, from the second on there is one. Good pictures have
# 0.08 and more of an emblem, 0.016 of a seal; pages without have 0.003, beside a skewed red border 0.012. Shares that
# are grey: an emblem's in a grey copy is 0.12 and more.
_EMBLEM, _SEAL, _PRINTED = (0.015, 0.065), (0.004, 0.01), 0.05


class Look(NamedTuple):
    """The shares of a window that are red ink and grey print, 0..1."""

    red: float
    grey: float


def missing_marks(image: Image, page: Page, kind: DocumentType, *, colour: bool) -> list[str]:
    """`emblem` or `seal` where the type bears one and an upright picture (BGR) in `colour` has none."""
    if not colour or kind.emblem is None:
        return []
    seen = looks(image, page, kind)
    emblem, seal = seen.get("emblem"), seen.get("seal")
    if emblem is None or (kind.seal and seal is None):
        return []
    if seal and seal.red < _SEAL[0] and emblem.red >= _EMBLEM[1]:
        return ["seal"]
    in_colour = seal is None or seal.red >= _SEAL[1]
    return ["emblem"] if in_colour and emblem.red < _EMBLEM[0] and emblem.grey < _PRINTED else []


def looks(image: Image, page: Page, kind: DocumentType) -> dict[str, Look]:
    """What the places of `emblem` and `seal` show, where the type bears them and the picture has the whole place."""
    windows: dict[str, Window] = {}
    if kind.emblem and (title := _title(page, kind.emblem.titles)):
        windows["emblem"] = _left_of(title) if kind.emblem.left else _above(title)
    if kind.seal and page.lines:
        windows["seal"] = _lower_text(page)
    windows = {name: window for name, window in windows.items() if _is_inside(window, page)}
    if not windows:
        return {}
    light, a, b = np.moveaxis(neutral_lab(image, _SIDE), 2, 0)
    chroma, hue = np.hypot(a, b), np.degrees(np.arctan2(b, a))
    red, grey = (chroma > _INK) & (hue > _HUES[0]) & (hue < _HUES[1]), (light < _DARK) & (chroma < _GREY)
    scale = light.shape[1] / image.shape[1]
    return {name: Look(_share(red, window, scale), _share(grey, window, scale)) for name, window in windows.items()}


def _title(page: Page, words: tuple[str, ...]) -> TextLine | None:
    """The one line that is a title; words of a watermark are not alone in theirs."""
    usual = statistics.median([line.height for line in page.lines]) if page.lines else 0.0
    found = [a for a in page.lines if simplified(compact(a.text)) in words and a.height >= _TITLE * usual]
    return found[0] if len(found) == 1 else None


def _above(title: TextLine) -> Window:
    return title.left, title.top - _ABOVE * title.height, title.right, title.top


def _left_of(title: TextLine) -> Window:
    far, near = (title.left - share * title.width for share in _LEFT)
    return far, title.top - title.height, near, title.bottom


def _lower_text(page: Page) -> Window:
    top, bottom = min(line.top for line in page.lines), max(line.bottom for line in page.lines)
    left, right = min(line.left for line in page.lines), max(line.right for line in page.lines)
    return max(0.0, left), top + _LOWER * (bottom - top), min(page.width, right), min(page.height, bottom)


def _is_inside(window: Window, page: Page) -> bool:
    left, top, right, bottom = window
    return 0 <= left < right <= page.width and 0 <= top < bottom <= page.height


def _share(mask: Mask, window: Window, scale: float) -> float:
    left, top, right, bottom = (round(edge * scale) for edge in window)
    part = mask[top : bottom + 1, left : right + 1]
    return round(float(part.mean()), 4) if part.size else 0.0
