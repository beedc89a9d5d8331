"""Light on a page: exposure, shadow, reflections; and what sensor and compression left of it: noise, blocks."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.model import Box, rectangle
from validators.quality.paper import extremes

Image = npt.NDArray[np.uint8]
Grey = npt.NDArray[np.uint8]
Edges = tuple[int, int, int, int]  # left, top, right, bottom, in pixels

WHITE = 250  # grey level from which nothing more can be told apart
_STEP = 4  # light is looked at on every fourth pixel
_PAPER = 60  # percentile of the levels of a text area that is its paper: print and its edges take less than half
_FALLS = 2.0  # grey levels by which light falls off around a reflection
_LONG = 5.0  # times as long as wide: a crease
_SAMPLE = 1024  # pixels a side of the piece that noise and blocks are measured on
_BLOCK = 32
_VISIBLE = 1.5  # grey levels from which steps between blocks are seen
# Mask of Immerkær, "Fast Noise Variance Estimation" (1996): blind to planes and edges, it leaves noise.
_IMMERKAER = np.array([[1, -2, 1], [-2, 4, -2], [1, -2, 1]], np.float32)


@dataclass(frozen=True, slots=True)
class Light:
    """How a page is lit. Levels are grey levels, 0..255."""

    paper: float  # level of the brightest paper in the text area
    shadow: float  # how much darker the darkest part of its paper is than the brightest, 0..1
    burnt: float  # share of the text area without any tone left, 0..1
    spots: tuple[Box, ...]  # reflections: white, soft-edged, on paper that is not white itself
    folds: tuple[Box, ...]  # the same, but long and thin: paper worn white along a crease


def measure_light(image: Image, area: Edges, height: float) -> Light:
    """Light over the text area of a page; `height` is that of its text, pixels."""
    left, top, right, bottom = area
    piece = image[top:bottom:_STEP, left:right:_STEP]
    _, darkest = extremes(piece)  # of the three channels: coloured light is no burnt-out paper
    grey = cv2.cvtColor(np.ascontiguousarray(piece), cv2.COLOR_BGR2GRAY)
    # Print is thinner than its line is high: the brightest around each place is its paper.
    size = max(3, round(1.2 * height / _STEP)) | 1
    paper = cv2.erode(cv2.dilate(grey, np.ones((size, size), np.uint8)), np.ones((size, size), np.uint8))
    size_of_rough = max(1, paper.shape[1] // 4), max(1, paper.shape[0] // 4)
    rough = cv2.medianBlur(cv2.resize(paper, size_of_rough, interpolation=cv2.INTER_AREA), 5)
    low, middle, high = np.percentile(rough, (4, 50, 96))
    white = _spots(darkest, float(np.percentile(darkest, _PAPER)), size, (left, top))
    long = tuple(spot for spot in white if _is_long(spot))
    return Light(
        paper=float(high),
        shadow=float(1 - low / max(high, 1.0)),
        burnt=float(np.mean(darkest >= 254)),
        spots=tuple(spot for spot in white if spot not in long),
        folds=long if middle <= WHITE - 8 else (),  # on bright paper, whatever its tint, a fold is no whiter
    )


def _spots(darkest: Grey, paper: float, size: int, at: tuple[int, int]) -> tuple[Box, ...]:
    """White places larger than a character on paper that is darker or tinted; none where the paper itself is white."""
    if paper > WHITE - 8:
        return ()
    white = cv2.morphologyEx((darkest >= WHITE).astype(np.uint8), cv2.MORPH_OPEN, np.ones((3, 3), np.uint8))
    white = cv2.morphologyEx(white, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8))
    _, labels, stats, _ = cv2.connectedComponentsWithStats(white)
    found = []
    for index, (left, top, wide, high, pixels) in enumerate(stats.tolist()):
        if index and pixels >= size * size and pixels < 0.6 * darkest.size and _is_soft(labels == index, darkest):
            x, y = left * _STEP + at[0], top * _STEP + at[1]
            found.append(rectangle(x, y, x + wide * _STEP, y + high * _STEP))
    return tuple(found)


def _is_long(spot: Box) -> bool:
    (left, top), _, (right, bottom), _ = spot
    wide, high = right - left, bottom - top
    return max(wide, high) > _LONG * max(1.0, min(wide, high))


def _is_soft(spot: npt.NDArray[np.bool_], darkest: Grey) -> bool:
    """Whether light falls off around a spot by and by; a sheet of white paper ends at once."""
    inner = spot.astype(np.uint8)
    grown = [cv2.dilate(inner, np.ones((size, size), np.uint8)) for size in (5, 9, 15, 21)]
    near, far = darkest[(grown[1] - grown[0]) > 0], darkest[(grown[3] - grown[2]) > 0]
    return bool(near.size and far.size and np.percentile(near, 70) - np.percentile(far, 70) >= _FALLS)


def noise(grey: Grey) -> float:
    """Standard deviation of the noise on flat ground, grey levels: the quietest fifth of the blocks of a sample."""
    piece = grey.astype(np.float32)
    rows, columns = piece.shape[0] // _BLOCK, piece.shape[1] // _BLOCK
    if not rows or not columns:
        return 0.0
    left = cv2.filter2D(piece, -1, _IMMERKAER)[: rows * _BLOCK, : columns * _BLOCK] / 6
    blocks = left.reshape(rows, _BLOCK, columns, _BLOCK).swapaxes(1, 2).reshape(rows * columns, -1)
    return float(np.percentile(np.sqrt((blocks**2).mean(axis=1)), 20))


def blocks(grey: Grey) -> float:
    """JPEG damage: how much larger steps are at the borders of 8 × 8 blocks than between them, 0 for none.

    Source: Wang, Sheikh, Bovik, "No-reference perceptual quality assessment of JPEG compressed images" (2002).
    """
    piece = grey.astype(np.int16)
    # In both directions: rows of print beat in one of them.
    return float(min(_beat(np.abs(np.diff(piece, axis=axis)).mean(axis=1 - axis)) for axis in (0, 1)))


def _beat(steps: npt.NDArray[np.float64]) -> float:
    usable = len(steps) // 8 * 8
    if not usable:
        return 0.0
    by_place = np.median(steps[:usable].reshape(-1, 8), axis=0)
    strongest = by_place.max()
    others = (by_place.sum() - strongest) / 7
    # On a page that a computer drew nearly all steps are at borders, however small.
    return float((strongest / (others + 0.25) - 1) * min(1.0, (strongest - others) / _VISIBLE))


def sample_of(grey: Grey, area: Edges) -> Grey:
    """The picture around the middle of its text, at most `_SAMPLE` pixels a side."""
    height, width = grey.shape
    left, top, right, bottom = area
    x, y = max(0, (left + right - _SAMPLE) // 2), max(0, (top + bottom - _SAMPLE) // 2)
    x, y = min(x, max(0, width - _SAMPLE)), min(y, max(0, height - _SAMPLE))
    return grey[y : y + _SAMPLE, x : x + _SAMPLE]
