"""What a first JPEG compression left in a picture that was saved again, and where that is missing.

The terms of 8 × 8 blocks that were rounded once keep gaps and heaps when they are rounded a second time. What was put
into the picture between the two has none. How they would lie had they been rounded only once is told by the blocks half
a block aside, which no rounding has fitted. Sources: Lukáš, Fridrich, "Estimation of primary quantization matrix in
double compressed JPEG images" (2003); Lin et al., "Fast, automatic and fine-grained tampered JPEG image detection via
DCT coefficient analysis" (2009).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

import numpy as np

from validators.quality.blocks import (
    FREQUENCIES,
    Blocks,
    Edges,
    Floats,
    Image,
    Plane,
    Steps,
    Whole,
    block_terms,
    standard,
)

_REMEMBERED = 40  # last steps whose tables are kept, 0.7 MB each: a picture has some fifteen
_BINS = 32  # multiples of the last step that are counted; larger terms are few
_STEPS = np.arange(2, 41)  # steps of rounding that are told apart
_ROUNDED = 0.45  # what rounding to whole grey levels and colours adds to a term, standard deviation
_SOURCES = 72  # multiples of the first step that are followed
_FLOOR = 0.12  # share of terms taken to be of no pattern, whatever the page: no single one decides
_FEWEST = 60  # terms of a frequency other than 0 from which it is looked at
_GAIN = 100.0  # nats by which a first compression has to explain the page better than none
_BETTER = 12.0  # nats by which a step of no known table has to explain a frequency better than that of the best known
_KEPT = 0.004  # nats a term below which a frequency tells nothing
_INFORMED = 2.0  # nats a piece of the page itself is expected to give; below, nothing is told of it
_COMMON = 0.5  # share of what is expected that most pieces tell, or the trace is not the page's
_UNEVEN = 0.1  # least share by which pieces of a page differ in how clear their trace is
_SPREAD = 1.5  # times the variance of independent terms that those of neighbouring blocks have


@dataclass(frozen=True, slots=True)
class _Pattern:
    """One frequency: for each first step the log ratio of each multiple's count to that of a single rounding."""

    ratios: Floats  # first step × multiple of the last
    once: Floats  # share of each multiple after a single rounding
    counts: Floats  # of each multiple on the page, of those that are looked at


def missing(image: Image, pieces: Sequence[Edges], steps: Steps) -> list[float]:
    """How surely each piece of a page (BGR) lacks the trace of the page's first compression, in standard deviations;
    0 where the page has none. `steps` are those of the last compression."""
    blocks = block_terms(image, pieces, steps)
    last = [int(steps.luminance[frequency]) for frequency in FREQUENCIES]
    patterns = [_pattern(blocks, column, step) for column, step in enumerate(last)]
    first = _first_steps(patterns)
    sums = np.zeros((3, len(blocks.terms)))  # told, expected of the page, its variance
    for column, (pattern, chosen) in enumerate(zip(patterns, first, strict=True)):
        if pattern is None or chosen is None:
            continue
        ratio, total = pattern.ratios[chosen], pattern.counts.sum()
        mean = float((ratio * pattern.counts).sum() / total)
        if mean < _KEPT:
            continue
        looked = pattern.once > 0
        values = np.stack([ratio, looked * mean, looked * ((ratio - mean) ** 2 * pattern.counts).sum() / total])
        sums += np.pad(values, ((0, 0), (0, 1)))[:, blocks.multiples[:, column]]
    if sums[0].sum() < _GAIN:
        return [0.0] * len(pieces)
    return _short(blocks.over(sums, pieces))


def _short(sums: Floats) -> list[float]:
    """How far each piece (rows: told, expected, variance) falls short of what the page's own pieces tell. What was
    rounded once tells about the contrary; what tells even more against it is something else, and counts no more."""
    told, expected, variance = sums
    told_share, sure = told / np.maximum(expected, 1e-6), expected > 3 * _INFORMED
    if sure.sum() < 3 or np.median(told_share[sure]) < _COMMON:
        return [0.0] * len(expected)
    usual = (1.48 * np.median(np.abs(1 - told_share[sure]))) ** 2
    chance = np.median(_SPREAD * variance[sure] / expected[sure] ** 2)
    uneven = max(_UNEVEN**2, usual - chance)
    short = (expected - np.maximum(told, -expected)) / np.sqrt(_SPREAD * variance + uneven * expected**2 + 1)
    return [float(value) for value in np.where(expected > _INFORMED, short, 0)]


def _pattern(blocks: Blocks, column: int, step: int) -> _Pattern | None:
    """How one frequency of the text would be spread after each first step; None where it has too few terms."""
    counts = np.bincount(blocks.multiples[:, column], minlength=_BINS + 1)[:_BINS].astype(np.float64)
    counts[0] = 0
    if counts.sum() < _FEWEST:
        return None
    looked = np.arange(_BINS) <= max(6, int((counts.cumsum() < 0.97 * counts.sum()).sum()))
    looked[0] = False
    aside = np.sort(np.abs(blocks.aside[:, column]))
    once = np.where(looked, _within(aside, step, _BINS) + 0.5, 0)
    once /= once.sum()
    sources = _within(aside, _STEPS[:, None], _SOURCES) + 0.2 * _STEPS[:, None] / step
    twice = (_landing(step) @ sources[:, :, None])[..., 0] * looked
    twice /= np.maximum(twice.sum(axis=1, keepdims=True), 1e-9)
    ratios = np.where(looked, np.log((1 - _FLOOR) * twice / np.maximum(once, 1e-12) + _FLOOR), 0)
    ratios[np.flatnonzero(step == _STEPS)] = 0
    return _Pattern(ratios, once, counts * looked)


def _within(sizes: Plane, step: int | Whole, number: int) -> Floats:
    """How many of the sorted sizes round to each of the first multiples of a step."""
    edges = np.maximum(np.arange(number + 1) - 0.5, 0) * step
    return np.diff(np.searchsorted(sizes, edges)).astype(np.float64)


def _first_steps(patterns: Sequence[_Pattern | None]) -> list[int | None]:
    """For each frequency, the index of the first step: by the scaled standard table that explains all best, and where
    that explains one badly, as tables of cameras and editors differ, by the step that does best there."""
    gains = np.array([(p.ratios * p.counts).sum(axis=1) if p else np.zeros(len(_STEPS)) for p in patterns])
    tables = _tables()
    inside = (tables >= _STEPS[0]) & (tables <= _STEPS[-1])
    places = np.clip(tables, _STEPS[0], _STEPS[-1]) - _STEPS[0]
    each = np.arange(len(patterns))
    explained = gains[each, places] * inside
    best = int(explained.sum(axis=1).argmax())
    own = gains.argmax(axis=1)
    differs = gains[each, own] > explained[best] + _BETTER
    return [
        int(alone) if other else int(place) if real else None
        for place, real, alone, other in zip(places[best], inside[best], own, differs, strict=True)
    ]


@cache
def _tables() -> Whole:
    """The standard table at each quality, upright and for pictures turned on their side: quality × frequency."""
    upright = [[int(table[u, v]) for u, v in FREQUENCIES] for table in map(standard, range(40, 99))]
    turned = [[int(table[v, u]) for u, v in FREQUENCIES] for table in map(standard, range(40, 99))]
    return np.array(upright + turned, np.int64)


@lru_cache(_REMEMBERED)
def _landing(step: int) -> Floats:
    """How likely each multiple of a first step lands on each multiple of the last: first step × last × first."""
    last = np.arange(_BINS)[None, :, None]
    first = np.arange(_SOURCES)[None, None, :] * _STEPS[:, None, None]
    grid = np.linspace(-6, 6, 1201)
    share = np.array([0.5 * (1 + math.erf(x / math.sqrt(2))) for x in grid])
    edges = [np.interp((step * (last + half) - first) / _ROUNDED, grid, share) for half in (-0.5, 0.5)]
    return np.asarray(edges[1] - edges[0], np.float64)
