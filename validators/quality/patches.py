"""Places of a page that look different from their surroundings, as a patch pasted over a field does: never proof.

Each piece of a line of text is held against the paper around it and against all other pieces of its page, so that
neither light, paper nor camera counts. What is told of it is added up with weights that are data
(`validators/data/patch_weights.yaml`): a piece is told where the sum is above 0.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import cv2
import numpy as np
import numpy.typing as npt
import yaml

from extractors.model import Box, TextLine, rectangle
from validators.quality.blocks import Steps, estimated
from validators.quality.compression import missing
from validators.quality.copies import equal_print
from validators.quality.paper import evenness

Image = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float64]
Edges = tuple[int, int, int, int]  # left, top, right, bottom, in pixels

_LONGEST = 8.0  # heights a piece is long at most: a patch covers part of a line
_NARROWEST = 1.8  # heights: a single character is no field, and has no paper of its own
_SMALLEST = 18  # pixels: below, characters are equal by chance, and there is no paper between their strokes
_TALLEST = 2.2  # times the usual height
_STEEPEST = 0.12  # pixels a line climbs in one: more is text across the page
_MOST, _OTHERS = 20, 10  # pieces looked at: those of fields, and of the other lines what is left, or so many
_AROUND = 0.9  # heights above and below that are looked at
_BESIDE = 0.4  # heights to the left and right
_RIM = 0.3  # heights around a piece that may be the patch's own
_ROWS = 3  # rows of pixels on either side of a border
_GRAIN = 16  # steps a grey level of grain is counted in
_FAINT = 18  # grey levels between paper and ink below which print is not looked at
_FEWEST = 100  # pixels of paper inside and around that are needed
_EVEN = 0.7  # share of paper equal to the pixel beside it from which a page has no grain to tell print apart by
_NOISELESS = 0.2  # grey levels of noise that make no difference
_WHITE = 252  # grey level of paper from which it has no grain either
_DRAWN = 0.85  # the same, from which it has none at all: a computer drew it, or its paper is white beyond any tone
_STILL = 0.4, 0.75  # log of the ratio of the noise around to that inside from which that counts, and in full
_RESTLESS = 0.7, 1.25  # the same of the noise inside to that around
_CAP = 3.0  # deviations more than which nothing counts more
_PRINT = 0.7  # confidence from which a line is print: an emblem, read as a character, is unlike all of it
_PIECES = 4  # from which a page tells what is usual on it


@dataclass(frozen=True, slots=True)
class Patch:
    """A place that looks different, how much so (above 0), and by what most."""

    box: Box
    score: float
    reason: str


def patches(
    image: Image, lines: Iterable[TextLine], places: Iterable[Box] = (), steps: Steps | None = None,
    even: float | None = None,
) -> list[Patch]:  # fmt: skip
    """Pieces of the text of an upright page (BGR) that do not look like the rest of it; most different first.

    `places` are boxes of fields; they are looked at, and as many of the lines elsewhere as tell what is usual. `steps`
    are those the picture was saved with, None where it comes without its file; `even` is the evenness of its paper,
    where that is known.
    """
    size = image.shape[1], image.shape[0]
    fields = _pieces(places, *size)
    every = _pieces((line.box for line in lines if line.confidence >= _PRINT), *size)
    others = [piece for piece in every if not any(_meet(piece, own) for own in fields)]
    pieces = fields + (others[:: -(-len(others) // max(_MOST - len(fields), _OTHERS))] if others else [])
    if len(pieces) < _PIECES:
        return []
    names, evidence = evidences(
        image, pieces, fields or pieces, every, steps or estimated(image, pieces),
        evenness(image) if even is None else even,
    )  # fmt: skip
    weights = _weights()
    terms = evidence * np.array([weights.get(name, 0.0) for name in names])
    scores = terms.sum(axis=1) + weights["bias"]
    found = [
        Patch(rectangle(*map(float, pieces[k])), float(scores[k]), names[int(terms[k].argmax())])
        for k in np.argsort(-scores)
        if scores[k] > 0
    ]
    edges = [(*patch.box[0], *patch.box[2]) for patch in found]
    return [patch for k, patch in enumerate(found) if not any(_meet(edges[k], other) for other in edges[:k])]


def evidences(
    image: Image, pieces: Sequence[Edges], fields: Sequence[Edges], every: Sequence[Edges], steps: Steps, even: float
) -> tuple[list[str], Floats]:
    """What is told of each piece, by name: deviations from what is usual on the page, and traces of being put in.

    The first of the pieces are `fields`; `every` are all pieces of print, which may have been copied there.
    """
    colours = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2YCrCb), np.uint8)
    measured = [_measured_piece(colours, piece) for piece in pieces]
    away = np.zeros((len(pieces), len(_FLOORS))) if even > _DRAWN else _away([told for told, _ in measured])
    told = {name: np.maximum(sign * away[:, column] - 1, 0)
            for column, name in enumerate(_FLOORS) for name, sign in ((f"{name}+", 1), (f"{name}-", -1))}  # fmt: skip
    noise = np.array([0.0 if even > _EVEN else ratio for _, ratio in measured])
    noise -= np.median(noise)
    told["still"] = np.clip((-noise - _STILL[0]) / (_STILL[1] - _STILL[0]), 0, 1)
    told["restless"] = np.clip((noise - _RESTLESS[0]) / (_RESTLESS[1] - _RESTLESS[0]), 0, 1)
    told["compression"] = np.clip(missing(image, pieces, steps), 0, 12)
    told["copied"] = np.zeros(len(pieces))
    grey = np.ascontiguousarray(colours[:, :, 0])
    told["copied"][: len(fields)] = equal_print(grey, fields, every, steps, grainy=even < _EVEN)
    return list(told), np.stack(list(told.values()), axis=1)


def _away(told: Sequence[Sequence[float]]) -> Floats:
    """How far each measure of each piece is from what is usual on the page, in deviations; 0 where it is not known."""
    measures = np.array(told)
    known = measures[~np.isnan(measures).any(axis=1)]
    usual = np.median(known, axis=0) if len(known) else np.zeros(len(_FLOORS))
    spread = 1.48 * np.median(np.abs(known - usual), axis=0) if len(known) else usual
    away = (measures - usual) / np.hypot(spread, list(_FLOORS.values()))
    return np.asarray(np.clip(np.nan_to_num(away), -_CAP, _CAP), np.float64)


# Measures of a piece, and the least spread each has on a page (as on good pictures): few lines tell little of it.
_FLOORS = {
    "grain": 0.16,  # log of the ratio of the paper's grain inside to around
    "flat": 0.05,  # share of the paper without any, inside less around
    "grain_itself": 0.14,
    "level": 0.6,  # grey levels by which the paper inside is beyond that above and that below
    "red": 0.25,  # the same of Cr
    "blue": 0.25,  # the same of Cb
    "fine": 0.2,  # log of the share of the finest detail
    "ink_grain": 0.13,  # log of the spread of Cr and Cb of the ink
    "sharp": 0.14,  # log of the sharpest corner, as a share of the contrast
    "tint_fine": 0.2,  # log of the levels by which Cr and Cb differ from one pixel to the next
    "border": 0.3,  # log of how steep a level step of the paper is above and below, for its grain
}


def _measured_piece(colours: Image, piece: Edges) -> tuple[list[float], float]:
    """The measures of a piece (Y, Cr and Cb), in the order of `_FLOORS`, NaN where there is too little paper; and the
    log of the ratio of its noise to that around."""
    left, top, right, bottom = piece
    height = bottom - top
    x, y = max(0, left - round(_BESIDE * height)), max(0, top - round(_AROUND * height))
    area = colours[y : bottom + round(_AROUND * height), x : right + round(_BESIDE * height)]
    inner = slice(top - y, bottom - y), slice(left - x, right - x)
    grey = np.ascontiguousarray(area[:, :, 0])
    levels = np.sort(grey[inner][::2, ::2], axis=None)
    ink, paper = (float(levels[int(share * len(levels))]) for share in (0.04, 0.75))
    if paper - ink < _FAINT:
        return [math.nan] * len(_FLOORS), 0.0
    strokes = (grey < paper - max(7.0, 0.16 * (paper - ink))).astype(np.uint8)
    ground = np.asarray(1 - cv2.dilate(strokes, np.ones((5, 5), np.uint8)), np.uint8)
    inside, around = np.zeros_like(ground), ground.copy()
    inside[inner] = ground[inner]
    rim = round(_RIM * height)
    around[max(0, top - y - rim) : bottom - y + rim, max(0, left - x - rim) : right - x + rim] = 0
    if min(cv2.countNonZero(inside), cv2.countNonZero(around)) < _FEWEST:
        return [math.nan] * len(_FLOORS), 0.0
    grain = _grain(grey, ground)
    rough, flat = zip(*(cv2.mean(grain, mask)[:2] for mask in (inside, around)), strict=True)
    here = np.array(cv2.mean(area, inside)[:3])
    above, below = _mean(area, around, slice(None, top - y)), _mean(area, around, slice(bottom - y, None))
    told = [
        _ratio(rough[0], rough[1], 2), (flat[0] - flat[1]) / 255, math.log(rough[0] + 2),
        *_beyond(here, above, below), *_of_print(area[inner], ink, paper - ink),
        _border(grey[:, inner[1]], ground[:, inner[1]], inner[0], rough[1] / _GRAIN),
    ]  # fmt: skip
    inside[max(0, top - y - rim // 2) : bottom - y + rim // 2, inner[1]] = 1  # there is more paper away from strokes
    return told, _noise(grain, ground, inside, around, paper)


def _noise(grain: Image, ground: Image, inside: Image, around: Image, paper: float) -> float:
    """The log of the ratio of the noise of the paper inside a piece to that around, both away from what JPEG leaves
    beside strokes: 0 where there is too little of it, or it is white."""
    quiet = cv2.erode(ground, np.ones((9, 9), np.uint8))
    counts = [
        cv2.calcHist([grain], [0], cv2.min(quiet, mask), [256], [0, 256]).cumsum() for mask in (inside, around)
    ]  # fmt: skip
    if min(total[-1] for total in counts) < _FEWEST or paper >= _WHITE:
        return 0.0
    here, there = (float(np.searchsorted(total, total[-1] / 2)) for total in counts)
    return _ratio(here, there, _NOISELESS * _GRAIN)


def _of_print(area: Image, ink: float, contrast: float) -> list[float]:
    """How fine the strokes are, how even their ink is, their sharpest corner, and how fine the colours are."""
    grey = np.ascontiguousarray(area[:, :, 0])
    strokes = np.asarray(grey < ink + 0.3 * contrast, np.uint8)
    spread = cv2.meanStdDev(area, mask=strokes)[1].ravel()
    slopes = sum(cv2.norm(cv2.Sobel(grey, cv2.CV_32F, *way, ksize=3)) ** 2 for way in ((1, 0), (0, 1)))
    corners = cv2.Laplacian(grey, cv2.CV_32F)
    beside = cv2.mean(cv2.absdiff(area[:, 1:], area[:, :-1]))
    return [
        math.log(max(cv2.norm(corners) ** 2 / max(slopes, 1.0), 1e-3)), math.log(spread[1] + spread[2] + 0.5),
        math.log(cv2.norm(corners, cv2.NORM_INF) / contrast + 0.01),
        math.log(beside[1] + beside[2] + 0.1),
    ]  # fmt: skip


def _mean(area: Image, mask: npt.NDArray[np.uint8], rows: slice) -> Floats | None:
    """The mean colour of the paper in some rows; None where there is too little."""
    if cv2.countNonZero(mask[rows]) < _FEWEST // 2:
        return None
    return np.array(cv2.mean(area[rows], mask[rows])[:3])


def _beyond(here: Floats, above: Floats | None, below: Floats | None) -> list[float]:
    """How far a colour is from both that above and that below: light and print that change by and by lie between."""
    if above is None or below is None:
        return [0.0, 0.0, 0.0]
    return list(here - np.clip(here, np.minimum(above, below), np.maximum(above, below)))


def _border(grey: npt.NDArray[np.uint8], ground: npt.NDArray[np.uint8], rows: slice, grain: float) -> float:
    """How steep the steepest level step of paper is just above a piece and just below: the less steep of the two."""
    levels = cv2.reduce(grey * ground, 1, cv2.REDUCE_SUM, dtype=cv2.CV_64F).ravel().cumsum()
    pixels = cv2.reduce(ground, 1, cv2.REDUCE_SUM, dtype=cv2.CV_64F).ravel().cumsum()
    at = np.arange(_ROWS, len(levels) - _ROWS)
    before, after = pixels[at] - pixels[at - _ROWS], pixels[at + _ROWS] - pixels[at]
    above = (levels[at] - levels[at - _ROWS]) / np.maximum(before, 1)
    step = (levels[at + _ROWS] - levels[at]) / np.maximum(after, 1) - above
    number = np.minimum(before, after)
    steep = np.where(number < 12, 0, np.abs(step) * np.sqrt(np.minimum(number, 300)) / (grain + 0.3))
    near = 0.45 * (rows.stop - rows.start)
    return min(math.log1p(float(steep[np.abs(at - edge) < near].max(initial=0.0))) for edge in (rows.start, rows.stop))


def _grain(grey: npt.NDArray[np.uint8], ground: npt.NDArray[np.uint8]) -> Image:
    """Two planes: how far each pixel of paper is from the paper around it, and where it equals the next one."""
    mask = ground.astype(np.float32)
    smooth = cv2.blur(grey * mask, (7, 7)) / (cv2.blur(mask, (7, 7)) + 1e-3)
    rough = np.minimum(np.abs(grey - smooth) * _GRAIN, 255).astype(np.uint8)
    equal = np.zeros_like(grey)
    equal[:, 1:] = np.where(grey[:, 1:] == grey[:, :-1], 255, 0)
    return np.asarray(cv2.merge((rough, equal)), np.uint8)


def _ratio(here: float, there: float, least: float) -> float:
    return math.log((here + least) / (there + least))


def _pieces(boxes: Iterable[Box], width: int, height: int) -> list[Edges]:
    """Boxes of level text cut to pieces, each as high as its text where the line climbs."""
    level = [box for box in boxes if _SMALLEST <= _high(box) < _wide(box) / _NARROWEST and _climb(box) < _STEEPEST]
    usual = statistics.median(map(_high, level)) if level else 0.0
    found: list[Edges] = []
    for box in level:
        if _high(box) > _TALLEST * usual:  # a title, or a watermark across the page
            continue
        (ax, ay), (bx, by) = box[:2]
        number = math.ceil(_wide(box) / (_LONGEST * _high(box)))
        for k in range(number):
            left, right = ax + (bx - ax) * k / number, ax + (bx - ax) * (k + 1) / number
            top, tilt = ay + (by - ay) * (k + 0.5) / number, abs(by - ay) / number / 2
            bottom = min(height, int(top + _high(box) + tilt) + 1)
            edges = max(0, int(left)), max(0, int(top - tilt)), min(width, int(right)), bottom
            if edges[2] - edges[0] >= 8 and edges[3] - edges[1] >= 8:
                found.append(edges)
    return found


def _high(box: Box) -> float:
    return box[3][1] - box[0][1]


def _wide(box: Box) -> float:
    return box[1][0] - box[0][0]


def _climb(box: Box) -> float:
    return abs(box[1][1] - box[0][1]) / max(_wide(box), 1.0)


def _meet(one: Sequence[float], other: Sequence[float]) -> bool:
    """Whether two areas (left, top, right, bottom) lie over each other."""
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


@cache
def _weights() -> Mapping[str, float]:
    text = resources.files("validators").joinpath("data/patch_weights.yaml").read_text("utf-8")
    return dict(yaml.safe_load(text))
