"""Ragged folds: print flakes off along them, and the paper is darker on one side than on the other, if only a little.

Forms have such steps of their own, so they explain what was not read and are no flaw by themselves: they are looked
for only there. A fold is the path across the text, from line to line of pixels at most one aside, that has most of a
step; print says nothing of it.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from extractors.model import Box, TextLine, rectangle
from validators.quality.creases import Fold
from validators.quality.paper import thumb

Image = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]
Path = npt.NDArray[np.int64]

_CLOSED = 0.35  # text heights that are closed over: rules, and strokes of print that was not found
_NEAR = 0.5  # text heights the paper on each side of a step is looked at
_CAP = 18.0  # grey levels more than which a step counts no more: a bar of the form is no deeper fold
_UNKNOWN = 3.0  # what print is taken for: less than a fold, more than paper
_ASIDE = 0.3  # what a path pays for each pixel aside
_SEEN = 0.4  # share of a path that must lie on paper
# Grey levels that three quarters of a fold step by: a level one, among the bars of forms, and an upright one.
_LEAST, _AMONG = (7.0, 4.5), 25
_SMALLEST = 40  # pixels of the thumb an area has at least
_PIECES = 8  # boxes a fold is told by


def ragged_folds(image: Image, lines: Sequence[TextLine]) -> tuple[Fold, ...]:
    """The plainest level and the plainest upright step across the text of a page (BGR), where they may be folds."""
    if len(lines) < 4:
        return ()
    small = thumb(image)
    scale = small.shape[1] / image.shape[1]
    edges = [[edge * scale for edge in (a.left, a.top, a.right, a.bottom)] for a in lines]
    left, top = (max(0, int(min(e[k] for e in edges))) for k in (0, 1))
    right, bottom = (int(max(e[k] for e in edges)) for k in (2, 3))
    piece = small[top:bottom, left:right]
    if min(piece.shape[:2]) < _SMALLEST:
        return ()
    height = max(2.0, float(np.median([min(e[2] - e[0], e[3] - e[1]) for e in edges])))
    paper, known = _paper(piece, height), _free(edges, (left, top), piece.shape[:2])
    found = []
    for upright in (False, True):
        levels, seen = (paper.T, known.T) if upright else (paper, known)
        step = _steps(np.ascontiguousarray(levels), max(2, round(_NEAR * height)))
        depth, path = max((_path(way * step, seen) for way in (1, -1)), key=lambda told: told[0])
        if depth >= _LEAST[upright]:
            boxes = _along(path, height)
            found.append(Fold(round(depth, 1), tuple(_placed(b, upright, left, top, scale) for b in boxes)))
    return tuple(found)


def _paper(piece: Image, height: float) -> Plane:
    grey = cv2.cvtColor(np.ascontiguousarray(piece), cv2.COLOR_BGR2GRAY)
    size = max(3, round(_CLOSED * height)) | 1
    return np.asarray(cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)), np.float32)


def _free(edges: Sequence[Sequence[float]], origin: tuple[int, int], shape: tuple[int, ...]) -> npt.NDArray[np.bool_]:
    """Where no print is."""
    free = np.ones(shape, np.bool_)
    for a, b, c, d in edges:
        rows = slice(max(0, int(b) - origin[1] - 1), max(0, int(d) - origin[1] + 2))
        free[rows, max(0, int(a) - origin[0] - 1) : max(0, int(c) - origin[0] + 2)] = False
    return free


def _steps(levels: Plane, near: int) -> Plane:
    """How much lighter the paper below each place is than that above it, grey levels."""
    mean = cv2.blur(levels, (3, near))
    away = near // 2 + 1
    step = np.roll(mean, -away, 0) - np.roll(mean, away, 0)
    step[: away + near] = step[-away - near :] = 0
    return np.asarray(step, np.float32)


def _path(step: Plane, seen: npt.NDArray[np.bool_]) -> tuple[float, Path]:
    """The path from left to right with most of a step, and what three quarters of it step by (0 where that is not
    known); its row in each column."""
    height, width = step.shape
    gain = np.where(seen, np.clip(step, 0, _CAP), _UNKNOWN)
    total, came = gain[:, 0], np.zeros((height, width), np.int64)
    for column in range(1, width):
        beside = np.pad(total, 1, constant_values=-np.inf)
        ways = np.stack([beside[:-2] - _ASIDE, total, beside[2:] - _ASIDE])
        came[:, column] = np.arange(height) + ways.argmax(axis=0) - 1
        total = ways.max(axis=0) + gain[:, column]
    path = np.zeros(width, np.int64)
    path[-1] = int(total.argmax())
    for column in range(width - 1, 0, -1):
        path[column - 1] = came[path[column], column]
    on_paper = seen[path, np.arange(width)]
    depths = gain[path, np.arange(width)][on_paper]
    return (float(np.percentile(depths, _AMONG)) if on_paper.mean() >= _SEEN else 0.0), path


def _along(path: Path, height: float) -> list[tuple[float, float, float, float]]:
    """Left, top, right, bottom of the pieces of a path."""
    edges = np.linspace(0, len(path), _PIECES + 1).astype(int).tolist()
    by = _NEAR * height
    return [(a, path[a:b].min() - by, b, path[a:b].max() + by) for a, b in itertools.pairwise(edges)]


def _placed(edges: tuple[float, float, float, float], upright: bool, left: int, top: int, scale: float) -> Box:
    a, b, c, d = edges if not upright else (edges[1], edges[0], edges[3], edges[2])
    return rectangle((left + a) / scale, (top + b) / scale, (left + c) / scale, (top + d) / scale)
