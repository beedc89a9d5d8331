"""Folds across a page: narrow bands of paper lighter or darker than on both sides, from edge to edge of its text.

Print is closed away first; what is left of a row of paper is its median, which neither a seal nor a portrait moves.
Rows are looked at in a few slants, and so are columns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extractors.model import Box, TextLine, rectangle

Image = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]

_SIDE = 480  # pixels of the longer side folds are looked for with
_SLANTS = np.tan(np.radians(np.arange(-4.0, 4.1, 1.0)))
_PRINTED = 0.4  # share of a band's depth by which print is more colourful than paper
_NARROW = 0.5  # text heights from the middle of a fold to paper beside it
_UNLIKE = 0.5  # share of a band's depth by which paper may differ from one side of it to the other
_PAPER = 0.6  # share of the light of a page's paper that there is beside a fold
_LEAST = 40  # pixels (of `_SIDE`) an area has at least
_PIECES = 8  # boxes a fold is told by


@dataclass(frozen=True, slots=True)
class Fold:
    """One fold: how far its paper is from that on both sides (grey levels), and small boxes along it, in pixels."""

    depth: float
    boxes: tuple[Box, ...]


def find_folds(image: Image, lines: Sequence[TextLine]) -> tuple[Fold, ...]:
    """What is most like a level and like an upright fold on an upright page (BGR)."""
    if len(lines) < 4:
        return ()
    scale = min(1.0, _SIDE / max(image.shape[:2]))
    left, top = max(0.0, min(a.left for a in lines)), max(0.0, min(a.top for a in lines))
    right, bottom = max(a.right for a in lines), max(a.bottom for a in lines)
    height = max(2.0, float(np.median([min(a.height, a.width) for a in lines])) * scale)
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
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
    tint = np.asarray(piece.max(axis=2) - piece.min(axis=2), np.uint8)
    covered = np.zeros(grey.shape, np.uint8)
    for left, top, right, bottom in print_:
        covered[max(0, round(top)) : max(0, round(bottom)), max(0, round(left)) : max(0, round(right))] = 1
    above, rows, below = _beside(np.stack([_medians(closed, slant) for slant in _SLANTS]), near)
    bright, dark = np.minimum(rows - above, rows - below), np.minimum(above - rows, below - rows)
    # What is left of a line of soft print is dark as well, and paper between two such lines lighter than they.
    over, on, under = _beside(np.stack([_medians(covered, slant) for slant in _SLANTS]), near)
    dark[on > 0], bright[np.minimum(over, under) > 0] = 0, 0
    depth = np.maximum(bright, dark)
    # The ground on both sides is the same, and is paper; a printed band is more colourful than that.
    paper = _PAPER * float(np.percentile(rows, 90))
    depth[(np.abs(above - below) > _UNLIKE * depth) | (np.minimum(above, below) < paper)] = 0
    above, rows, below = _beside(np.stack([_medians(tint, slant) for slant in _SLANTS]), near)
    depth[np.minimum(rows - above, rows - below) > _PRINTED * depth] = 0
    depth[:, : 2 * near] = depth[:, -2 * near :] = 0
    at, row = np.unravel_index(int(depth.argmax()), depth.shape)
    return float(depth[at, row]), int(row), float(_SLANTS[at])


def _beside(rows: Plane, near: int) -> tuple[Plane, Plane, Plane]:
    """What each row's paper is above it, in it and below it."""
    far = 2 * near
    padded = np.pad(rows, ((0, 0), (far, far)), mode="edge")
    count = rows.shape[1]
    above, below = (
        np.median([padded[:, far + way * d : far + way * d + count] for d in range(near, far + 1)], axis=0)
        for way in (-1, 1)
    )
    return above, rows, below


def _medians(plane: npt.NDArray[Any], slant: float) -> Plane:
    """The median of each row of a plane sheared by a slant; of every second pixel."""
    height, width = plane.shape
    columns = np.arange(0, width, 2)
    shift = np.round(slant * (columns - width / 2)).astype(int)
    rows = np.clip(np.arange(height)[:, None] + shift[None], 0, height - 1)
    return np.asarray(np.median(plane[rows, columns[None]], axis=1), np.float32)


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
