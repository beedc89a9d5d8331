"""Level folds that tore the print of one row: a ragged edge across all of the page, over what should be blank paper.

Forms have rules and bars from side to side, but those are straight; print is left out. A page has such an edge nowhere
else, so it is told by how much of its width the edge is seen on, at whatever slant.
"""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from extractors.model import Box, TextLine, rectangle
from validators.quality.creases import Fold

Image = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

_HEIGHT = 24.0  # pixels of the text a page is looked at with
_FEW = 5  # lines below which nobody knows how a page lies
_BIN = 16  # pixels a piece of an edge is wide
_STEEP, _TIMES = 2.5, 4.0  # grey levels a pixel down, and times what paper has, from which there is an edge
_BAND = 0.9  # text heights a band is high
_SLANTS = np.tan(np.radians([-3.0, -1.5, 0.0, 1.5, 3.0]))
_FREE, _SEEN = 0.5, 0.6  # share of a piece that is free of print, and of its rows in a band
_KNOWN = 0.35  # share of the width of a page that must be free of print
_ACROSS = 0.85  # share of what is free that must have an edge
_ELSEWHERE = 0.6  # the same of any other place: a printed ground has edges everywhere
_RAGGED = 1.6  # pixels an edge leaves a straight line by, the median
_STRAIGHT = 0.5  # the same, below which it is the edge of a bar
_DARK = 12  # grey levels a rule is darker than the paper
_SMALLEST = 60  # pixels a page is high and wide
_PIECES = 8  # boxes a fold is told by


def torn_rows(image: Image, lines: Sequence[TextLine]) -> tuple[Fold, ...]:
    """The fold a page (BGR) is torn along from side to side, if there is one; depth 0: nothing was measured of it."""
    level = [line for line in lines if line.width > line.height and len(line.text) > 1]
    if len(level) < _FEW:
        return ()
    scale = min(1.0, _HEIGHT / statistics.median(line.height for line in level))
    turn, (width, height) = _turn(level, image, scale)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    grey = np.asarray(cv2.warpAffine(grey, turn, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)
    left, top, right, bottom = _text(level, turn, scale, (width, height))
    part = grey[top:bottom, left:right]
    if min(part.shape) < _SMALLEST:
        return ()
    free = (_print(lines, turn, scale, (width, height))[top:bottom, left:right] == 0) & ~_rules(part)
    high = round(_BAND * min(_HEIGHT, statistics.median(line.height for line in level)))
    band = _torn_band(part, free, high)
    if band is None:
        return ()
    back = np.asarray(cv2.invertAffineTransform(turn), np.float32)
    boxes = tuple(_placed(box, (left, top), back, scale) for box in _along(*band, high, part.shape[1]))
    return (Fold(0.0, boxes),)


def _turn(level: Sequence[TextLine], image: Image, scale: float) -> tuple[Plane, tuple[int, int]]:
    """What makes the lines of a page level, and the size of the page made smaller."""
    width, height = round(image.shape[1] * scale), round(image.shape[0] * scale)
    slopes = [
        np.degrees(np.arctan2(b[1] - a[1], b[0] - a[0]))
        for a, b in (line.box[:2] for line in level if line.width > 3 * line.height)
    ]
    degrees = float(np.median(slopes)) if slopes else 0.0
    return np.asarray(cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 1), np.float32), (width, height)


def _turned(box: Box, turn: Plane, scale: float) -> Plane:
    corners = np.array(box, np.float32) * scale
    return np.asarray(corners @ turn[:, :2].T + turn[:, 2], np.float32)


def _text(level: Sequence[TextLine], turn: Plane, scale: float, size: tuple[int, int]) -> tuple[int, int, int, int]:
    corners = np.concatenate([_turned(line.box, turn, scale) for line in level])
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    return max(0, int(left)), max(0, int(top)), min(size[0], int(right)), min(size[1], int(bottom))


def _print(lines: Sequence[TextLine], turn: Plane, scale: float, size: tuple[int, int]) -> Image:
    print_ = np.zeros(size[::-1], np.uint8)
    for line in lines:
        cv2.fillPoly(print_, [_turned(line.box, turn, scale).round().astype(np.int32)], (1,))
    return np.asarray(cv2.dilate(print_, np.ones((5, 9), np.uint8)), np.uint8)


def _rules(grey: Image) -> Mask:
    """Where straight dark lines are."""
    found = np.zeros(grey.shape, np.uint8)
    for thin, long in (((9, 1), (1, round(3 * _HEIGHT))), ((1, 9), (round(2 * _HEIGHT), 1))):
        darker = (cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, np.ones(thin, np.uint8)) > _DARK).astype(np.uint8)
        found = np.maximum(found, cv2.morphologyEx(darker, cv2.MORPH_OPEN, np.ones(long, np.uint8)))
    return np.asarray(cv2.dilate(found, np.ones((7, 7), np.uint8)) > 0)


def _torn_band(grey: Image, free: Mask, high: int) -> tuple[int, float] | None:
    """The top row of the one band with a ragged edge across most of the page, in its middle, and its slant."""
    smooth = cv2.GaussianBlur(grey, (3, 3), 0).astype(np.float32)
    down = np.abs(cv2.Sobel(smooth, cv2.CV_32F, 0, 1, ksize=3)) / 8
    if not free.any():
        return None
    steep = max(_STEEP, _TIMES * float(np.median(down[free])))
    down[~free] = 0
    bins = grey.shape[1] // _BIN
    pieces = down[:, : bins * _BIN].reshape(len(down), bins, _BIN).max(axis=2)
    clear = free[:, : bins * _BIN].reshape(len(free), bins, _BIN).mean(axis=2) > _FREE
    found = [edge for slant in _SLANTS.tolist() for edge in _edges(pieces, clear, slant, high, steep)]
    ragged = [edge for edge in found if edge.leaves > _RAGGED]
    best = max(ragged, key=lambda edge: edge.across, default=None)
    if best is None or best.across < _ACROSS:
        return None
    for edge in found:
        near = abs(edge.top - best.top) <= 2 * high
        if edge.across > (_ACROSS if near else _ELSEWHERE) and (edge.leaves < _STRAIGHT or not near):
            return None  # a bar, or a printed ground
    return best.top, best.slant


class _Edge(NamedTuple):
    """How much of the width of a band has an edge, and how far that leaves a straight line, pixels."""

    across: float
    leaves: float
    top: int
    slant: float


def _edges(pieces: Plane, clear: Mask, slant: float, high: int, steep: float) -> Iterator[_Edge]:
    """The edges in all bands of a slant. `pieces`: the steepest slope in each row of each piece of the width."""
    bins = pieces.shape[1]
    shifts = np.round(slant * _BIN * (np.arange(bins) - bins / 2)).astype(int)
    rows = np.clip(np.arange(len(pieces))[:, None] + shifts, 0, len(pieces) - 1)
    slopes, known = pieces[rows, np.arange(bins)], clear[rows, np.arange(bins)]
    for top in range(0, len(slopes) - high, max(1, high // 4)):
        seen = known[top : top + high].mean(axis=0) > _SEEN
        if seen.sum() >= _KNOWN * bins:
            band = slopes[top : top + high, seen]
            across = float((band.max(axis=0) > steep).mean())
            leaves = _leaves_a_line(band.argmax(axis=0), np.flatnonzero(seen)) if across > _ELSEWHERE else 0.0
            yield _Edge(across, leaves, top, slant)


def _leaves_a_line(rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int64]) -> float:
    """How far rows lie from the straight line through them, the median."""
    if len(rows) < 3:
        return 0.0
    line = np.polyfit(columns, rows, 1)
    return float(np.median(np.abs(rows - np.polyval(line, columns))))


def _along(top: int, slant: float, high: int, width: int) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom of the pieces of a band."""
    edges = np.linspace(0, width, _PIECES + 1).tolist()
    return [(a, (y := top + slant * ((a + b) / 2 - width / 2)), b, y + high) for a, b in itertools.pairwise(edges)]


def _placed(box: tuple[float, float, float, float], origin: tuple[int, int], back: Plane, scale: float) -> Box:
    a, b, c, d = box
    corners = np.array([(a, b), (c, b), (c, d), (a, d)]) + origin
    turned = (corners @ back[:, :2].T + back[:, 2]) / scale
    (left, top), (right, bottom) = turned.min(axis=0).tolist(), turned.max(axis=0).tolist()
    return rectangle(left, top, right, bottom)
