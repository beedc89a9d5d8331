"""Print of a picture that equals other print of it: print never does to the pixel, what was copied over does.

The grain of paper, and where in a pixel a stroke begins, differ from one character to the next. Sources: copy-move
detection by equal pieces at one distance from each other (Fridrich, Soukal, Lukáš, "Detection of copy-move forgery in
digital images", 2003); displacement below a pixel from slopes (Lucas, Kanade, 1981). Pieces that may be equal are told
by how much ink each column has, so that it takes milliseconds.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from validators.quality.blocks import Steps, loss, over

Grey = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Edges = tuple[int, int, int, int]  # left, top, right, bottom, in pixels

_WIDE = 0.5  # heights a window is wide: the narrowest character
_AS_HIGH = 1.4  # times as high or low as print that may be equal
_STEP = 2  # pixels from one window looked for to the next
_ALIKE = 0.985  # correlation of the ink of columns from which windows are compared
_INKED = 2.5  # grey levels of ink, mean of a column's, below which a window is paper
_CONTRAST = 0.12  # share of paper to ink that a window's grey levels spread at least
_MOST = 36  # pairs of windows compared, of a piece
_TRIM = 0.12  # heights above and below that are not compared
_UP = 4  # pixels up or down that equal print may lie off the middle of its line
_UNLIKE = 2.5  # times the variance expected of equal windows from which they are not
_RATHER = 2.0  # the same, from which they rather are not
_APART = 1 / 12  # variance of how far other print is off within a pixel, in each direction: anything from -½ to ½
_FEWEST = 2  # windows that lie equally far off their likes: single strokes are alike by chance
_LONGEST = 4  # windows side by side more than which say no more
_ON_GRID = 0.02  # share of other print that lies on whole pixels as it does: fonts of one width, set by a computer
_WAYS = 5  # distances between equal print, more than a forger needs, from which a computer drew the page
_KNOWN = 400.0  # 1 / pixel²: how well it has to be known how far off print is; bars are alike wherever they are cut
_STILL = 0.005  # pixels equal print is off at most, for what is not noise


class _Pair(NamedTuple):
    """Two windows that may be equal: where the first is, and how far off the other."""

    left: int
    top: int
    right: int
    down: int


@dataclass(frozen=True, slots=True)
class _Windows:
    """Windows of one width: where each begins, of which piece, the form of its ink (length 1), and how much it is."""

    left: Whole
    piece: Whole
    form: Plane
    amount: Plane


def equal_print(
    grey: Grey, pieces: Sequence[Edges], every: Sequence[Edges], steps: Steps, *, grainy: bool = True
) -> list[float]:
    """For each piece of print, how surely part of it equals other print among every piece: log odds, 0 for none.

    `steps` are those of the last compression: what it left differs between equal windows too. A computer's own print
    is equal to the pixel: where much of it has its like nothing is told, and on a page that is not `grainy` only how
    much of it is equal counts, not how exactly it lies.
    """
    if not pieces or not every:
        return [0.0] * len(pieces)
    height = float(np.median([bottom - top for _, top, _, bottom in pieces]))
    # What is put over print is as high as it is.
    every = [other for other in every if 1 / _AS_HIGH < (other[3] - other[1]) / height < _AS_HIGH]
    width = max(8, round(_WIDE * height))
    known, noise = _windows(grey, every, width, 1), loss(grey, [*pieces, *every], steps)
    told, on_grid = [], _ON_GRID if grainy else 1.0
    for piece in pieces:
        pairs = _pairs(grey, piece, _windows(grey, [piece], width, _STEP), known, every)
        told.append(_equal(pairs, _compared(grey, piece, pairs, width, noise, steps), width, on_grid))
    ways = {max(way, (-way[0], -way[1])) for found in told for way in found}
    return [max(found.values(), default=0.0) if len(ways) <= _WAYS else 0.0 for found in told]


def _windows(grey: Grey, pieces: Sequence[Edges], width: int, step: int) -> _Windows:
    parts = []
    for k, (left, top, right, bottom) in enumerate(pieces):
        area = grey[top:bottom, left:right]
        if min(area.shape) < width:
            continue
        ink = np.maximum(float(np.median(area[::4, ::4])) - area.astype(np.float32), -20).sum(axis=0)
        form = np.lib.stride_tricks.sliding_window_view(ink, width)[::step]
        form = form - form.mean(axis=1, keepdims=True)
        amount = np.sqrt((form * form).sum(axis=1))
        inked = amount > _INKED * (bottom - top) * math.sqrt(width)
        at = left + step * np.flatnonzero(inked)
        parts.append((at, np.full(len(at), k), form[inked] / amount[inked, None], amount[inked]))
    if not parts:
        return _Windows(np.zeros(0, int), np.zeros(0, int), np.zeros((0, width), np.float32), np.zeros(0, np.float32))
    return _Windows(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _pairs(grey: Grey, piece: Edges, own: _Windows, known: _Windows, every: Sequence[Edges]) -> list[_Pair]:
    """Windows of a piece and others with the same ink, most alike first, each where they fit best."""
    like = own.form @ known.form.T
    first, second = np.divmod(np.flatnonzero(like > _ALIKE), len(known.left))
    ratio = own.amount[first] / known.amount[second]
    middle, height = (piece[1] + piece[3]) / 2, piece[3] - piece[1]
    middles = np.array([(top + bottom) / 2 for _, top, _, bottom in every])[known.piece[second]]
    width = own.form.shape[1]
    apart = (abs(known.left[second] - own.left[first]) >= width) | (abs(middles - middle) > 0.6 * height)
    chosen = np.flatnonzero(apart & (ratio > 0.85) & (ratio < 1.18))
    chosen = chosen[np.argsort(-like[first[chosen], second[chosen]])[:_MOST]]
    trim = max(1, round(_TRIM * height))
    top, bottom = piece[1] + trim, piece[3] - trim
    found = {
        _fitted(grey, (int(own.left[first[k]]), top, int(own.left[first[k]]) + width, bottom),
                int(known.left[second[k]]), top + int(middles[k] - middle))
        for k in chosen
    }  # fmt: skip
    return sorted(pair for pair in found if pair and (abs(pair.right) >= width or abs(pair.down) > 0.6 * height))


def _fitted(grey: Grey, window: Edges, left: int, top: int) -> _Pair | None:
    """Where near a place a window fits best; None where there is no room to look."""
    right, bottom = left + window[2] - window[0], top + window[3] - window[1]
    beyond = left < 2 or top < _UP + 1 or right + 2 > grey.shape[1] or bottom + _UP + 1 > grey.shape[0]
    if beyond or window[0] < 1 or window[1] < 1 or window[2] >= grey.shape[1] or window[3] >= grey.shape[0]:
        return None
    area = grey[top - _UP : bottom + _UP, left - 1 : right + 1]
    off = cv2.matchTemplate(area, grey[window[1] : window[3], window[0] : window[2]], cv2.TM_SQDIFF)
    down, across = divmod(int(off.argmin()), off.shape[1])
    return _Pair(window[0], window[1], left - 1 + across - window[0], top - _UP + down - window[1])


def _compared(grey: Grey, piece: Edges, pairs: Sequence[_Pair], width: int, noise: Floats, steps: Steps) -> Floats:
    """Of each pair: the variance of the difference, in multiples of what is expected of equal ones; how far one is off
    the other within a pixel, across and down; how well that is known, 1 / pixel²; and what the first would be of other
    print. NaN where a window has no print."""
    if not pairs:
        return np.zeros((0, 6))
    height = piece[3] - piece[1] - 2 * (pairs[0].top - piece[1])
    own = [(pair.left, pair.top, pair.left + width, pair.top + height) for pair in pairs]
    like = [(a + p.right, b + p.down, c + p.right, d + p.down) for (a, b, c, d), p in zip(own, pairs, strict=True)]
    one, other = (np.stack([grey[b - 1 : d + 1, a - 1 : c + 1] for a, b, c, d in areas]).astype(np.float32)
                  for areas in (own, like))  # fmt: skip
    expected = np.ones(len(pairs))
    for areas in (own, like):
        total, number = over(noise, areas, steps)
        expected += total / np.maximum(number, 1)
    mean, apart = (one + other) / 2, (one - other)[:, 1:-1, 1:-1]
    apart = apart - apart.mean(axis=(1, 2), keepdims=True)
    across, down = (mean[:, 1:-1, 2:] - mean[:, 1:-1, :-2]) / 2, (mean[:, 2:, 1:-1] - mean[:, :-2, 1:-1]) / 2
    aa, dd, ad = ((x * y).sum(axis=(1, 2)) for x, y in ((across, across), (down, down), (across, down)))
    along, below = ((apart * slope).sum(axis=(1, 2)) for slope in (across, down))
    share = np.maximum(aa * dd - ad * ad, 1e-3)
    values = np.stack([
        (apart**2).mean(axis=(1, 2)) / expected, (dd * along - ad * below) / share, (aa * below - ad * along) / share,
        aa / expected, dd / expected, 1 + _APART * (aa + dd) / expected / apart[0].size,
    ], axis=1)  # fmt: skip
    levels = np.sort(grey[piece[1] : piece[3] : 2, piece[0] : piece[2] : 2], axis=None)
    contrast = float(levels[int(0.75 * len(levels))]) - float(levels[int(0.04 * len(levels))])
    values[one.std(axis=(1, 2)) < _CONTRAST * contrast] = math.nan
    return values


def _equal(pairs: Sequence[_Pair], values: Floats, width: int, on_grid: float) -> dict[tuple[int, int], float]:
    """How surely windows that lie equally far off their likes are equal to them, by how far: log odds, 0 where they may
    be equal but too little of them is known."""
    together = defaultdict(list)
    for pair, value in zip(pairs, values, strict=True):
        if value[0] < _UNLIKE and min(value[3:5]) > _KNOWN:
            together[pair.right, pair.down].append((pair.left, value))
    found = {}
    for way, windows in together.items():
        lefts = np.array([left for left, _ in windows])
        value = np.array([value for _, value in windows])
        long = (float(np.minimum(np.diff(lefts), width).sum()) + width) / width
        chance, slopes, other = np.median(value[:, 0]), value[:, 3:5], np.median(value[:, 5])
        off = (value[:, 1:3] * slopes).sum(axis=0) / slopes.sum(axis=0)
        spread = 1 / (slopes.mean(axis=0) * long) + _STILL**2
        # Within a pixel equal print is off by nothing but noise, other print by anything, unless by chance or a grid.
        density = float(np.exp(-0.5 * (off**2 / spread).sum()) / (2 * math.pi * np.sqrt(spread.prod())))
        alike = min(long, _LONGEST) * float(min(_RATHER, other / 2) - chance)
        lies, counts = (math.log(density / (1 + share * density) + 1e-9) for share in (_ON_GRID, on_grid))
        if lies + alike > 0:
            found[way] = max(counts + alike, 0.0) if len(windows) >= _FEWEST else 0.0
    return found
