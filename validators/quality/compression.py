"""What a first JPEG compression left in a picture that was saved again, and where that is missing.

The terms of 8 × 8 blocks that were rounded once keep gaps and heaps when they are rounded a second time. What was put
into the picture between the two has none. Sources: Lukáš, Fridrich, "Estimation of primary quantization matrix in
double compressed JPEG images" (2003); Lin et al., "Fast, automatic and fine-grained tampered JPEG image detection via
DCT coefficient analysis" (2009).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]
Whole = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]
Edges = tuple[int, int, int, int]  # left, top, right, bottom, in pixels

_TERMS = tuple((u, v) for u in range(5) for v in range(5) if 0 < u + v < 5)
_BINS = 32  # multiples of the last step that are counted; larger terms are few
_STEPS = np.arange(2, 41)  # steps of rounding that are told apart
_ROUNDED = 0.45  # what rounding to whole grey levels and colours adds to a term, standard deviation
_SOURCES = 72  # multiples of the first step that are followed
_FLOOR = 0.15  # share of terms taken to be of no pattern, whatever the page: no single one decides
_SAMPLE = 600  # terms a step is estimated from
_GAIN = 150.0  # nats by which a first compression has to explain the page better than none
_KEPT = 0.004  # nats a term below which a frequency tells nothing
_CLIPPED = 2  # white pixels in a block from which its terms are no longer what was rounded
# Luminance table of the JPEG standard (annex K), its low frequencies: nearly every program scales it.
_TABLE = ((16, 11, 10, 16, 24), (12, 12, 14, 19, 26), (14, 13, 16, 24, 40), (14, 17, 22, 29, 51), (18, 22, 37, 56, 68))
_GREY = np.array([0.114, 0.587, 0.299], np.float32)  # of blue, green and red, unrounded: rounding hides gaps
_COSINES = np.array(
    [[math.sqrt((1 + (k > 0)) / 8) * math.cos((2 * i + 1) * k * math.pi / 16) for i in range(8)] for k in range(5)],
    np.float32,
)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One frequency: the step of the last rounding, and for each first step the log ratio of each multiple's count."""

    step: int
    ratios: Floats  # first step × multiple
    looked: Mask  # multiples that are common enough
    counts: Floats


def missing(image: Image, pieces: Sequence[Edges]) -> list[float]:
    """How surely each piece of a page (BGR) lacks the trace of the page's first compression, in standard deviations;
    0 where the page has none."""
    rows, columns, terms = _blocks(image, _covered(image, pieces))
    patterns = [_pattern(terms[:, u, v]) for u, v in _TERMS]
    told, counted = np.zeros(len(terms)), np.zeros(len(terms))
    for (u, v), pattern, step in zip(_TERMS, patterns, _first_steps(patterns), strict=True):
        if pattern is None or step is None:
            continue
        ratio = pattern.ratios[step]
        if (ratio * pattern.counts).sum() < _KEPT * pattern.counts.sum():
            continue
        multiple = np.minimum(np.abs(np.rint(terms[:, u, v] / pattern.step)).astype(np.int64), _BINS)
        told += np.concatenate([[0], ratio, [0]])[multiple]
        counted += np.concatenate([[False], pattern.looked, [False]])[multiple]
    if counted.sum() < 150 or told.sum() < _GAIN:
        return [0.0] * len(pieces)
    planes = np.zeros((2, image.shape[0] // 8, image.shape[1] // 8))
    planes[:, rows, columns] = told, counted
    return _against_the_page(planes, pieces)


def _against_the_page(planes: Floats, pieces: Sequence[Edges]) -> list[float]:
    """For each piece, how far it falls short of the page's mean, in standard deviations as its pieces spread."""
    mean = planes[0].sum() / planes[1].sum()
    tables = np.pad(planes, ((0, 0), (1, 0), (1, 0))).cumsum(1).cumsum(2)
    told, counted = np.array([[_over(table, piece) for table in tables] for piece in pieces]).T
    information = np.maximum(counted * mean, 0)
    short = np.sqrt(information) * (1 - told / np.maximum(information, 1e-6))
    sure = information > 5
    if sure.sum() < 3:
        return [0.0] * len(pieces)
    spread = max(1.0, float(np.sqrt(np.median(short[sure] ** 2))))
    return [float(value) if known else 0.0 for value, known in zip(short / spread, information > 1, strict=True)]


def _blocks(image: Image, covered: Mask) -> tuple[Whole, Whole, Plane]:
    """The low terms of the blocks under text that have kept all their tones: their row, column and terms."""
    rows, columns = np.nonzero(covered)
    blocks = image[: covered.shape[0] * 8, : covered.shape[1] * 8].reshape(covered.shape[0], 8, covered.shape[1], 8, 3)
    pixels = blocks[rows, :, columns]
    white = (pixels[..., 0] == 255) | (pixels[..., 1] == 255) | (pixels[..., 2] == 255)
    whole = np.count_nonzero(white.reshape(len(white), 64), axis=1) <= _CLIPPED
    levels = pixels[whole] @ _GREY - 128
    return rows[whole], columns[whole], np.asarray(_COSINES @ levels @ _COSINES.T, np.float32)


def _covered(image: Image, pieces: Sequence[Edges]) -> Mask:
    found = np.zeros((image.shape[0] // 8, image.shape[1] // 8), np.bool_)
    for left, top, right, bottom in pieces:
        found[top // 8 : -(-bottom // 8), left // 8 : -(-right // 8)] = True
    return found


def _pattern(terms: Plane) -> _Pattern | None:
    """How one frequency of the text would be spread after each first step; None where it has too few terms."""
    step = _last_step(terms) or 1
    multiples = np.minimum(np.abs(np.rint(terms / step)).astype(np.int64), _BINS)
    counts = np.bincount(multiples, minlength=_BINS + 1)[1:_BINS].astype(np.float64)
    if counts.sum() < 150:
        return None
    at = np.arange(1, _BINS).astype(np.float64)
    looked = at <= max(8, int((counts.cumsum() < 0.97 * counts.sum()).sum()))
    weight = np.sqrt(counts + 0.5)
    shape = np.linalg.lstsq(
        (_powers(at) * weight[:, None])[looked], (np.log(counts + 0.5) * weight)[looked], rcond=None
    )[0]
    smooth: Floats = np.exp(_powers(at) @ shape)
    sources = np.asarray(np.arange(_SOURCES)[None] * _STEPS[:, None] / step, np.float64)
    mass = np.exp(_powers(np.asarray(np.maximum(sources, 0.5), np.float64)) @ shape) * _STEPS[:, None] / step
    expected = (_landing(step) @ mass[:, :, None])[..., 0]
    expected *= smooth[looked].sum() / expected[:, looked].sum(axis=1)[:, None]
    ratios = np.log((1 - _FLOOR) * expected / smooth + _FLOOR)
    ratios[:, ~looked] = 0
    ratios[np.flatnonzero(step == _STEPS)] = 0
    return _Pattern(step, ratios, looked, counts)


def _last_step(terms: Plane) -> int:
    """The largest step whose multiples the terms lie on; 0 where they lie anywhere."""
    sizes = np.abs(terms)
    sizes = sizes[sizes > 0.8][:_SAMPLE]
    steps = np.arange(2, 48)[:, None]
    off = np.abs(sizes - steps * np.rint(sizes / steps)) / steps
    large = sizes > 0.6 * steps
    number = large.sum(axis=1)
    mean = (off * large).sum(axis=1) / np.maximum(number, 1)
    fits = (number >= 60) & (mean < np.where(steps[:, 0] == 2, 0.175, 0.14))
    return int(steps[fits, 0].max(initial=0))


def _first_steps(patterns: Sequence[_Pattern | None]) -> list[int | None]:
    """For each frequency, the index of the first step: by the scaled standard table that explains all best."""
    gains = np.array([(p.ratios * p.counts).sum(axis=1) if p else np.zeros(len(_STEPS)) for p in patterns])
    tables = _tables()
    inside = tables >= _STEPS[0]
    places = np.clip(tables, _STEPS[0], _STEPS[-1]) - _STEPS[0]
    best = int((gains[np.arange(len(patterns)), places] * inside).sum(axis=1).argmax())
    return [int(place) if real else None for place, real in zip(places[best], inside[best], strict=True)]


@cache
def _tables() -> npt.NDArray[np.int64]:
    """The standard table at each quality, upright and for pictures turned on their side: quality × frequency."""
    scales = [5000 // q if q < 50 else 200 - 2 * q for q in range(40, 99)]
    upright = [[(_TABLE[u][v] * scale + 50) // 100 for u, v in _TERMS] for scale in scales]
    turned = [[(_TABLE[v][u] * scale + 50) // 100 for u, v in _TERMS] for scale in scales]
    return np.maximum(np.array(upright + turned, np.int64), 1)


@cache
def _landing(step: int) -> Floats:
    """How likely each multiple of a first step lands on each multiple of the last: first step × last × first."""
    last = np.arange(1, _BINS)[None, :, None]
    first = np.arange(_SOURCES)[None, None, :] * _STEPS[:, None, None]
    grid = np.linspace(-6, 6, 1201)
    share = np.array([0.5 * (1 + math.erf(x / math.sqrt(2))) for x in grid])
    edges = [np.interp((step * (last + half) - first) / _ROUNDED, grid, share) for half in (-0.5, 0.5)]
    return np.asarray(edges[1] - edges[0], np.float64)


def _powers(at: Floats) -> Floats:
    """Terms of a smooth curve over the logarithm of a size."""
    return np.stack([np.ones_like(at), np.log(at), np.log(at) ** 2], axis=-1)


def _over(table: Floats, piece: Edges) -> float:
    left, top, right, bottom = piece[0] // 8, piece[1] // 8, -(-piece[2] // 8), -(-piece[3] // 8)
    right, bottom = min(right, table.shape[1] - 1), min(bottom, table.shape[0] - 1)
    return float(table[bottom, right] - table[top, right] - table[bottom, left] + table[top, left])
