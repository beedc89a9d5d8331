"""Folds across a page: narrow bands of paper lighter or darker than on both sides, from edge to edge of its text.

Print is closed away first; a band counts where most of it differs from most of the paper beside it, which neither a
seal nor a portrait does. Rows are looked at in a few slants, and so are columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extractors.model import Box, TextLine, rectangle
from validators.quality.paper import extremes, thumb

Image = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]

_SLANTS = np.tan(np.radians(np.arange(-4.0, 4.1, 1.0)))
_PRINTED = 13  # saturation (0..255) by which a printed band is more colourful than paper
_FAINT = 8.0  # grey levels below which no fold is looked for any further
_SHADE = 0.5  # share of the light of the paper beside it that a fold's shade has at least
_NARROW = 0.5  # text heights from the middle of a fold to paper beside it
_UNLIKE = 0.5  # share of a band's depth by which paper may differ from one side of it to the other
_PAPER = 0.6  # share of the light of a page's paper that there is beside a fold
_LEAST = 40  # pixels of the thumb an area has at least
_MOST = (0.3, 0.5, 0.7)  # seven tenths of a row of paper are lighter than the first, or darker than the last
_PIECES = 8  # boxes a fold is told by


@dataclass(frozen=True, slots=True)
class Fold:
    """One fold: how far its paper is from that on both sides (grey levels), and small boxes along it, in pixels."""

    depth: float
    boxes: tuple[Box, ...]


def find_folds(image: Image, lines: Sequence[TextLine], small: Image | None = None) -> tuple[Fold, ...]:
    """What is most like a level and like an upright fold on an upright page (BGR); `small` is its thumb."""
    if len(lines) < 4:
        return ()
    small = thumb(image) if small is None else small
    scale = small.shape[1] / image.shape[1]
    left, top = max(0.0, min(a.left for a in lines)), max(0.0, min(a.top for a in lines))
    right, bottom = max(a.right for a in lines), max(a.bottom for a in lines)
    height = max(2.0, float(np.median([min(a.height, a.width) for a in lines])) * scale)
    text = np.ascontiguousarray(small[int(top * scale) : int(bottom * scale), int(left * scale) : int(right * scale)])
    if min(text.shape[:2]) < _LEAST:
        return ()
    found = []
    boxes = [[(v - (left, top)[k % 2]) * scale for k, v in enumerate(edges)] for edges in map(_edges, lines)]
    for upright, piece in ((False, text), (True, np.ascontiguousarray(text.swapaxes(0, 1)))):
        print_ = [[b, a, d, c] if upright else [a, b, c, d] for a, b, c, d in boxes]
        depth, row, slant = _deepest(np.asarray(piece, np.uint8), height, print_)
        along = _along(row, slant, piece.shape[1], _NARROW * height)
        placed = tuple(_placed(edges, upright, scale, left, top) for edges in along)
        found.append(Fold(round(max(0.0, depth), 1), placed))
    return tuple(found)


def _edges(line: TextLine) -> tuple[float, float, float, float]:
    return line.left, line.top, line.right, line.bottom


def _deepest(piece: Image, height: float, print_: Sequence[Sequence[float]]) -> tuple[float, int, float]:
    """The depth of the deepest band along the rows, its row in the middle column, and its slant.

    `print_`: left, top, right, bottom of the lines of text on it.
    """
    grey = np.asarray(cv2.cvtColor(piece, cv2.COLOR_BGR2GRAY), np.uint8)
    # Characters are as wide as they are high: along the row, paper reaches over them.
    closed = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((3, max(3, round(height)) | 1), np.uint8))
    near = max(2, round(_NARROW * height))
    if len(closed) <= 4 * near:
        return 0.0, 0, 0.0
    covered = np.zeros(grey.shape, np.uint8)
    for left, top, right, bottom in print_:
        covered[max(0, round(top)) : max(0, round(bottom)), max(0, round(left)) : max(0, round(right))] = 1
    tint = _saturation(piece)
    best = (0.0, 0, 0.0)
    for slant in _SLANTS.tolist():
        depth = _depths(_levels(closed, slant), near)
        if depth.max() <= max(best[0], _FAINT):
            continue
        over, on, under = _beside(_levels(covered, slant)[1], near)
        depth[(depth < 0) | (on > 0) | (np.minimum(over, under) > 0)] = 0  # rows of soft print, and paper between them
        above, rows, below = _beside(_levels(tint, slant)[1], near)
        depth[np.minimum(rows - above, rows - below) > _PRINTED] = 0  # a printed band is more colourful than paper
        best = max(best, (float(depth.max()), int(depth.argmax()), slant))
    return best


def _depths(levels: Plane, near: int) -> Plane:
    """How far each row lies from the paper on both sides of it; 0 where these are not alike, or no paper."""
    least, rows, most = levels
    above, _, below = _beside(rows, near)
    bright, dark = least - np.maximum(above, below), np.minimum(above, below) - most
    dark[rows < _SHADE * np.minimum(above, below)] = 0  # no shade is as dark as ink
    depth = np.maximum(bright, dark)
    paper = _PAPER * float(np.percentile(rows, 90))
    depth[(np.abs(above - below) > _UNLIKE * depth) | (np.minimum(above, below) < paper)] = 0
    depth[: 2 * near] = depth[-2 * near :] = 0
    return np.asarray(depth, np.float32)


def _saturation(piece: Image) -> Image:
    """How colourful each pixel is, 0..255."""
    brightest, darkest = extremes(piece)
    return np.asarray(cv2.divide(cv2.subtract(brightest, darkest), brightest, scale=255), np.uint8)


def _beside(rows: Plane, near: int) -> tuple[Plane, Plane, Plane]:
    """What each row's paper is above it, in it and below it."""
    far, count = 2 * near, len(rows)
    padded = np.pad(rows, far, mode="edge")
    above, below = (
        np.median([padded[far + way * d : far + way * d + count] for d in range(near, far + 1)], axis=0)
        for way in (-1, 1)
    )
    return above, rows, below


def _levels(plane: npt.NDArray[Any], slant: float) -> Plane:
    """What most of each row of a plane sheared by a slant is above, around and below; of every third pixel."""
    height, width = plane.shape
    columns = np.arange(0, width, 3)
    shift = np.round(slant * (columns - width / 2)).astype(int)
    rows = np.clip(np.arange(height)[:, None] + shift[None], 0, height - 1)
    places = [int(share * (len(columns) - 1)) for share in _MOST]
    return np.partition(plane[rows, columns[None]], places, axis=1)[:, places].T.astype(np.float32)


def _along(row: int, slant: float, width: int, reach: float) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom of the pieces of a fold."""
    edges = np.linspace(0, width, _PIECES + 1)
    middles = row + slant * ((edges[:-1] + edges[1:]) / 2 - width / 2)
    return [
        (float(a), float(y - reach), float(b), float(y + reach))
        for a, b, y in zip(edges[:-1], edges[1:], middles, strict=True)
    ]


def _placed(edges: tuple[float, float, float, float], upright: bool, scale: float, left: float, top: float) -> Box:
    a, b, c, d = edges if not upright else (edges[1], edges[0], edges[3], edges[2])
    return rectangle(left + a / scale, top + b / scale, left + c / scale, top + d / scale)
