"""Characters of a picture that are equal to others of it, pixel for pixel: print never is, what was copied over is.

Source: copy-move detection by equal pieces at one distance from each other (Fridrich, Soukal, Lukáš, "Detection of
copy-move forgery in digital images", 2003), looked for between characters only, so that it takes milliseconds.
"""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Edges = tuple[int, int, int, int]  # left, top, right, bottom, in pixels

_DARKER = 18  # grey levels below the paper around from which something is ink
_ROOM = 2  # pixels of paper around a character that are compared with it
_ALIKE = 0.05  # share by which the spread of two characters may differ
_LEVEL = 3.0  # grey levels by which their mean may
_CORRELATED = 0.99
_EQUAL = 4.2  # grey levels by which equal characters differ at most, once saved
_TOGETHER = 2  # characters that moved equally far
_SUREST = 6.0
_USUAL = 0.25  # share of pieces with equal characters from which a page is a drawing of a computer
_MOST = 3000  # characters looked at
_PAIRS = 4000  # pairs compared


def equal_characters(grey: Grey, pieces: Sequence[Edges]) -> list[float]:
    """For each piece of print, how much of it equals other print that lies equally far away, 0 for none.

    Two characters that were copied together keep their distance. Where equal ones are all over the page nothing is
    told: a computer drew it, and its characters are equal by nature.
    """
    height = statistics.median([bottom - top for _, top, _, bottom in pieces]) if pieces else 0.0
    characters = [c for c in _characters(grey, height).tolist() if _piece_of(c, pieces) is not None]
    ways: dict[tuple[int, int], list[tuple[float, int, int]]] = defaultdict(list)
    for one, other, difference in _pairs(grey, np.array(characters, np.int64).reshape(-1, 4)):
        first, second = (_piece_of(c, pieces) for c in (one, other))
        if first is not None and second is not None:
            ways[other[0] - one[0], other[1] - one[1]].append((_EQUAL - difference, first, second))
    told = [0.0] * len(pieces)
    for pairs in ways.values():
        if len(pairs) < _TOGETHER:
            continue
        sure = sum(weight for weight, _, _ in pairs)
        for piece in {piece for _, first, second in pairs for piece in (first, second)}:
            told[piece] = max(told[piece], min(sure, _SUREST))
    return told if sum(value > 0 for value in told) <= max(_USUAL * len(pieces), 4) else [0.0] * len(pieces)


def _piece_of(character: Sequence[int], pieces: Sequence[Edges]) -> int | None:
    x, y = character[0] + character[2] / 2, character[1] + character[3] / 2
    return next((k for k, (left, top, right, bottom) in enumerate(pieces) if left <= x < right and top <= y < bottom), None)


def _pairs(grey: Grey, places: Whole) -> Iterator[tuple[list[int], list[int], float]]:
    """Characters that hardly differ, and by how much, grey levels (root of the mean square)."""
    if len(places) < 2:
        return
    sums, squares = cv2.integral2(grey, sdepth=cv2.CV_64F, sqdepth=cv2.CV_64F)
    x, y, wide, high = places.T
    edges = x - _ROOM, y - _ROOM, x + wide + _ROOM, y + high + _ROOM
    pixels = (wide + 2 * _ROOM) * (high + 2 * _ROOM)
    mean = _over(np.asarray(sums, np.float64), *edges) / pixels
    spread = np.sqrt(np.maximum(_over(np.asarray(squares, np.float64), *edges) / pixels - mean**2, 1e-6))
    for a, b in _candidates(wide * 1000 + high, mean, spread):
        one, other = (grey[edges[1][k] : edges[3][k], edges[0][k] : edges[2][k]] for k in (a, b))
        difference = cv2.norm(one, other) / math.sqrt(pixels[a])
        if difference < min(_EQUAL, math.sqrt(2 * (1 - _CORRELATED)) * spread[a]):
            yield places[a].tolist(), places[b].tolist(), difference


def _characters(grey: Grey, height: float) -> Whole:
    """Pieces of ink as large as a character or a good part of one: left, top, width and height of each."""
    window = max(15, round(height)) | 1
    ink = cv2.adaptiveThreshold(grey, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, _DARKER)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    x, y, wide, high, pixels = np.asarray(stats[1:], np.int64).T
    long, short = np.maximum(wide, high), np.minimum(wide, high)
    inside = (np.minimum(x, y) > _ROOM) & (x + wide + _ROOM < grey.shape[1]) & (y + high + _ROOM < grey.shape[0])
    size = (long >= max(8, 0.35 * height)) & (short >= 5) & (long < 2.2 * height) & (pixels >= 24)
    return np.stack([x, y, wide, high], 1)[inside & size][:_MOST]


def _candidates(size: Whole, mean: Floats, spread: Floats) -> Iterator[tuple[int, int]]:
    """Pairs of one size, like in tone: in order of size and spread, each with those that follow close behind."""
    order = np.lexsort((spread, size))
    size, mean, spread = size[order], mean[order], spread[order]
    told = 0
    for step in range(1, 12):
        near = (size[step:] == size[:-step]) & (spread[step:] < spread[:-step] * (1 + _ALIKE))
        near &= np.abs(mean[step:] - mean[:-step]) < _LEVEL
        for k in np.flatnonzero(near).tolist():
            told += 1
            if told > _PAIRS:
                return
            first, second = sorted((int(order[k]), int(order[k + step])))
            yield first, second


def _over(table: Floats, left: Whole, top: Whole, right: Whole, bottom: Whole) -> Floats:
    return np.asarray(table[bottom, right] - table[top, right] - table[bottom, left] + table[top, left], np.float64)
