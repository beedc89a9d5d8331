"""Characters of a picture that are equal to others of it, pixel for pixel: print never is, what was copied over is.

Source: copy-move detection by equal pieces at one distance from each other (Fridrich, Soukal, Lukáš, "Detection of
copy-move forgery in digital images", 2003), looked for between characters only, so that it takes milliseconds.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import numpy.typing as npt

Grey = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Place = tuple[int, int, int, int]  # left, top, width and height of a character, in pixels
Edges = tuple[int, int, int, int]  # left, top, right, bottom, in pixels

_DARKER = 18  # grey levels below the paper around from which something is ink
_ROOM = 2  # pixels of paper around a character that are compared with it
_ALIKE = 0.05  # share by which the spread of two characters may differ
_LEVEL = 3.0  # grey levels by which their mean may
_CORRELATED = 0.99
_EQUAL = 4.2  # grey levels by which equal characters differ at most, once saved
_TOGETHER = 2  # characters that moved equally far
_SUREST = 6.0
_WAYS = 8  # distances between equal characters from which the page is a drawing of a computer
_MOST = 3000  # characters looked at
_PAIRS = 4000  # pairs compared


def equal_characters(grey: Grey, pieces: Sequence[Edges]) -> list[float]:
    """For each piece of print, how much of it equals other print that lies equally far away, 0 for none.

    Two characters that were copied together keep their distance. Where equal ones are all over the page nothing is
    told: a computer drew it, and its characters are equal by nature.
    """
    found = [(place, k) for k, piece in enumerate(pieces) for place in _characters(grey, piece)]
    owner = dict(found[::-1])  # of pieces that overlap, the first
    ways: dict[tuple[int, int], list[tuple[float, int, int]]] = defaultdict(list)
    for one, other, difference in _pairs(grey, list(owner)[:_MOST]):
        ways[other[0] - one[0], other[1] - one[1]].append((_EQUAL - difference, owner[one], owner[other]))
    told = [0.0] * len(pieces)
    if len(ways) > _WAYS:
        return told
    for pairs in ways.values():
        if len(pairs) < _TOGETHER:
            continue
        sure = sum(weight for weight, _, _ in pairs)
        for piece in {piece for _, first, second in pairs for piece in (first, second)}:
            told[piece] = max(told[piece], min(sure, _SUREST))
    return told


def _characters(grey: Grey, piece: Edges) -> list[Place]:
    """Pieces of ink as large as a character or a good part of one whose middle lies in a piece of a line."""
    left, top, right, bottom = piece
    height = bottom - top
    x0, y0 = max(0, left - height), max(0, top - _ROOM)
    area = grey[y0 : bottom + _ROOM, x0 : right + height]
    window = max(15, height) | 1
    ink = cv2.adaptiveThreshold(area, 1, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, window, _DARKER)
    _, _, stats, _ = cv2.connectedComponentsWithStats(ink)
    x, y, wide, high, pixels = stats[1:].T
    long, short = np.maximum(wide, high), np.minimum(wide, high)
    sized = (long >= max(8, 0.35 * height)) & (short >= 5) & (long < 2.2 * height) & (pixels >= 24)
    inside = (np.minimum(x, y) >= _ROOM) & (x + wide + _ROOM <= area.shape[1]) & (y + high + _ROOM <= area.shape[0])
    middle = x + wide / 2 + x0
    chosen = stats[1:, :4][sized & inside & (middle >= left) & (middle < right)]
    return [(a + x0, b + y0, c, d) for a, b, c, d in chosen.tolist()]


def _pairs(grey: Grey, places: Sequence[Place]) -> Iterator[tuple[Place, Place, float]]:
    """Characters that hardly differ, and by how much, grey levels (root of the mean square)."""
    if len(places) < 2:
        return
    cut = [grey[y - _ROOM : y + high + _ROOM, x - _ROOM : x + wide + _ROOM] for x, y, wide, high in places]
    mean, spread = np.array([cv2.meanStdDev(one) for one in cut]).reshape(-1, 2).T
    size = np.array([wide * 1000 + high for _, _, wide, high in places])
    for a, b in _candidates(size, mean, spread):
        difference = cv2.norm(cut[a], cut[b]) / math.sqrt(cut[a].size)
        if difference < min(_EQUAL, math.sqrt(2 * (1 - _CORRELATED)) * spread[a]):
            yield places[a], places[b], difference


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
