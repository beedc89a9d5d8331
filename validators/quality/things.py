"""Things that lie on a page: fingers, slips, portraits, pens. Whether one hides something is for `judgement` to say."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

from extractors.model import Box, TextLine, rectangle
from validators.quality.paper import extremes, paper_around

Image = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]
Edges = tuple[int, int, int, int]  # left, top, right, bottom, in pixels of the small picture

_FOREIGN = 41  # grey levels a place is away from the paper around it to be something else
_TINTED = 13.0  # CIELAB a and b away from the page's own from which a place is of another tint
_PATCH = 1.5  # text heights a patch is wide and high at least: no print is as solid
_FILLED = 0.35  # share of its box a thing fills, however it lies; a frame does not
_SOFT = 6  # pixels of the small picture the edge of a shadow is wide at least
_LIT = 50.0  # grey levels no sheet is lighter than paper
_MOST = 0.3  # share of the picture beyond which it is the desk
# A rod's thickness and length in text heights, degrees from level or upright, and the boxes it is told by.
_ROD, _ROD_LONG, _LEVEL, _ROD_PIECES = 0.35, 6.0, 4.0, 6


def find_things(
    small: Image, lines: Sequence[TextLine], scale: float, skew: float, outline: Plane | None = None
) -> Iterator[Box]:
    """Upright boxes, pixels of the page, of solid things in its text; `small` is its picture (BGR) made `scale` times
    as large, `skew` the degrees its lines are turned by, `outline` its corners in `small`, where they are seen."""
    if not lines:
        return
    height = scale * statistics.median(min(line.height, line.width) for line in lines)
    foreign, grey = _foreign(small, lines, scale), np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    if outline is not None:
        foreign = np.asarray(cv2.max(foreign, _tinted(small, lines, scale)), np.uint8)
        # A finger that comes in from a dark desk is not a part of it.
        inside = cv2.fillConvexPoly(np.zeros_like(foreign), outline.round().astype(np.int32), (1,))
        foreign = np.asarray(cv2.min(foreign, inside), np.uint8)
    for left, top, right, bottom in itertools.chain(
        _patches(foreign, grey, height, skew), _rods(foreign, height, skew)
    ):
        thing = rectangle(left / scale, top / scale, right / scale, bottom / scale)
        if _reaches_into(thing, lines):
            yield thing


def _foreign(small: Image, lines: Sequence[TextLine], scale: float) -> Image:
    """Where the picture is neither like the paper around nor like the rest of the page."""
    text = small[_area(lines, scale)][::3, ::3].reshape(-1, 3)
    paper = paper_around(small, 6)
    # In a corner of the page most of what is around is the desk: what looks like the rest of the page is no thing.
    page = np.full_like(small, np.median(text, axis=0)) if text.size else paper
    unlike = (extremes(cv2.absdiff(small, ground))[0] for ground in (paper, page))
    return np.asarray(cv2.min(*unlike) > _FOREIGN, np.uint8)


def _tinted(small: Image, lines: Sequence[TextLine], scale: float) -> Image:
    """Where the picture is of another tint than the page: skin is as bright as paper, and a shadow has no tint."""
    half = cv2.resize(small, None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    lab = cv2.cvtColor(half, cv2.COLOR_BGR2LAB)[:, :, 1:].astype(np.float32)
    text = lab[_area(lines, scale / 2)][::2, ::2].reshape(-1, 2)
    away = lab - (np.median(text, axis=0).astype(np.float32) if text.size else np.float32(128))
    there = (cv2.magnitude(away[:, :, 0], away[:, :, 1]) > _TINTED).astype(np.uint8)
    return np.asarray(cv2.resize(there, small.shape[1::-1], interpolation=cv2.INTER_NEAREST), np.uint8)


def _area(lines: Sequence[TextLine], scale: float) -> tuple[slice, slice]:
    """Rows and columns of the text in the small picture."""
    left, top = max(0, min(a.left for a in lines)), max(0, min(a.top for a in lines))
    right, bottom = max(a.right for a in lines), max(a.bottom for a in lines)
    return slice(int(top * scale), int(bottom * scale) + 1), slice(int(left * scale), int(right * scale) + 1)


def _opened(foreign: Image, size: int) -> Image:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (size, size))
    return np.asarray(cv2.morphologyEx(foreign, cv2.MORPH_OPEN, kernel), np.uint8)


def _patches(foreign: Image, grey: Image, height: float, skew: float) -> Iterator[Edges]:
    """Patches larger than any print: whole, or in pieces where one lies aslant, an arm or a bent finger."""
    size = max(5, round(_PATCH * height)) | 1
    found, labels, stats, _ = cv2.connectedComponentsWithStats(_opened(foreign, size))
    for at in range(1, found):
        left, top, wide, high, pixels = stats[at].tolist()
        if not 2 * size * size < pixels < _MOST * foreign.size:
            continue
        mask = np.ascontiguousarray(labels[top : top + high, left : left + wide] == at)
        by = 2 * _SOFT  # what is around it is looked at as well
        near = slice(max(0, top - by), top + high + by), slice(max(0, left - by), left + wide + by)
        if _fades(labels[near] == at, np.ascontiguousarray(grey[near])):
            continue
        if pixels > _FILLED * wide * high:
            yield left, top, left + wide, top + high
        elif _aslant(mask, skew)[0]:
            yield from _pieces(mask, left, top)


def _rods(foreign: Image, height: float, skew: float) -> Iterator[Edges]:
    """Long thin things that lie aslant, in pieces: a pen, a ruler. What is level is a rule or a bar of the form."""
    found, labels, stats, _ = cv2.connectedComponentsWithStats(_opened(foreign, max(3, round(_ROD * height)) | 1))
    for at in range(1, found):
        left, top, wide, high, pixels = stats[at].tolist()
        if max(wide, high) < _ROD_LONG * height or pixels > 0.5 * wide * high:
            continue
        mask = np.ascontiguousarray(labels[top : top + high, left : left + wide] == at)
        aslant, long, thick = _aslant(mask, skew)
        if aslant and long > max(_ROD_LONG * height, 6 * thick):
            yield from _pieces(mask, left, top)


def _aslant(mask: Mask, skew: float) -> tuple[bool, float, float]:
    """Whether a thing lies aslant on the page, how long and how thick it is."""
    _, (long, thick), angle = cv2.minAreaRect(np.argwhere(mask)[:, ::-1].astype(np.float32))
    return abs((angle - skew + 45) % 90 - 45) > _LEVEL, max(long, thick), min(long, thick)


def _pieces(mask: Mask, left: int, top: int) -> Iterator[Edges]:
    for first, last in itertools.pairwise(np.linspace(0, mask.shape[1], _ROD_PIECES + 1).astype(int).tolist()):
        rows = np.flatnonzero(mask[:, first:last].any(axis=1))
        if rows.size:
            yield left + first, top + int(rows[0]), left + last, top + int(rows[-1]) + 1


def _fades(thing: Mask, grey: Image) -> bool:
    """Whether a place is a matter of light: a dark one without an edge, or one far lighter than the page around it."""
    inner = thing.astype(np.uint8)
    grown = [cv2.dilate(inner, np.ones((size, size), np.uint8)) for size in (3, 2 * _SOFT + 1, 4 * _SOFT + 1)]
    core = cv2.erode(inner, np.ones((2 * _SOFT + 1, 2 * _SOFT + 1), np.uint8))
    here, around = grey[core > 0], grey[(grown[2] - grown[1]) > 0]
    if not here.size or not around.size:
        return False
    depth = float(np.median(around)) - float(np.median(here))
    if depth < -_LIT:
        return True  # most of the page lies in shadow
    slopes = cv2.magnitude(*(cv2.Sobel(grey, cv2.CV_32F, *way, ksize=3, scale=1 / 8) for way in ((1, 0), (0, 1))))
    rim = (grown[1] - core) > 0
    return depth > 0 and depth / max(1.0, float(np.percentile(slopes[rim], 90))) > _SOFT


def _reaches_into(thing: Box, lines: Sequence[TextLine]) -> bool:
    """Whether a thing reaches into the text: a corner of the desk does not."""
    (left, top), _, (right, bottom), _ = thing
    return (
        left < max(a.right for a in lines) and right > min(a.left for a in lines)
        and top < max(a.bottom for a in lines) and bottom > min(a.top for a in lines)
    )  # fmt: skip
