"""How the lines of a page run over it: turned, fanned out, bent as on paper that curls; and how print is squeezed."""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from extractors.model import Box, TextLine

Points = npt.NDArray[np.float64]

_LONG = 2.5  # times as wide as high: a line whose slope says something
_FEW = 8  # lines below which bends are not told from noise
_STIFF = 0.02  # ridge of the fit, in lines: what few lines hint at is not believed
_APART = 12.0  # degrees without any line between those of the page and others (a watermark, another paper)
_BETWEEN = 6.0  # degrees without a line between those of one paper and of another
_OF_PAGE, _OF_OTHER = 5, 3  # lines of a page, and of another paper beside it
_PAGE_SPREAD = 10.0  # degrees that the lines of a page run off each other at most, to be told from those of others
_KNOTS = 9  # places along a line the bend is told at
_WORDS = 2  # that tell how print is squeezed
# Share of a bend by which most lines may miss it: beyond that it is no bend, but lines of several things.
_MISSED, _MOST = 0.45, 85
_WORD = re.compile(r"[\u3400-\u9fff]{4,}")  # characters that take steps of one width


def proportion(lines: Sequence[TextLine]) -> float | None:
    """Steps of Chinese print for the height of its lines, the median of a page; None where too little is known.

    Flat print, however it is turned, has 0.6 to 1.0. A page seen from its foot has more; one seen from its side, or
    lines that bend and so have high boxes, have less.
    """
    found = []
    for line in lines:
        (ax, ay), (bx, by), _, (dx, dy) = line.box
        width, height = np.hypot(bx - ax, by - ay), np.hypot(dx - ax, dy - ay)
        for word in _WORD.finditer(line.text) if line.places else ():
            centres = [sum(place) / 2 for place in line.places[word.start() : word.end()]]
            step = statistics.median(b - a for a, b in itertools.pairwise(centres))
            found.append(float(step * width / max(height, 1.0)))
    return statistics.median(found) if len(found) >= _WORDS else None


def slopes(boxes: Sequence[Points]) -> tuple[Points, Points, Points]:
    """Slope (down over right), width and centre of each line long enough to have a slope; boxes are 4 × (x, y)."""
    found = []
    for box in boxes:
        along = (box[1] - box[0] + box[2] - box[3]) / 2
        down = (box[3] - box[0] + box[2] - box[1]) / 2
        if along[0] > _LONG * np.linalg.norm(down) and abs(along[1]) < along[0]:
            found.append((along[1] / along[0], along[0], *box.mean(axis=0)))
    table = np.array(found, np.float64).reshape(-1, 4)
    return table[:, 0], table[:, 1], table[:, 2:]


def terms(points: Points, size: tuple[int, int], count: int) -> Points:
    """Polynomial of the place: level, fanned out (with y and x), bent (x²), and both."""
    x, y = 2 * points[:, 0] / size[0] - 1, 2 * points[:, 1] / size[1] - 1
    return np.stack([np.ones_like(x), y, x, x * y, x * x, x * x * y], axis=1)[:, :count]


def slope_over_page(boxes: Sequence[Points], size: tuple[int, int]) -> Points:
    """Coefficients of `terms` for the slope of lines over a page of that size, so that odd lines do not count."""
    return _fitted(*slopes(boxes), size)


def bend(boxes: Sequence[Box], size: tuple[int, int]) -> float:
    """Degrees by which a line of the page turns on its way from left to right; 0 for flat paper, however it lies.

    A flat page seen aslant has lines that fan out, but each of them is straight.
    """
    here, width, centres = _of_one_page(*slopes([np.array(box, np.float64) for box in boxes]))
    if len(here) < _FEW:
        return 0.0
    fitted = _fitted(here, width, centres, size)
    first, last = np.percentile(centres[:, 0], (5, 95))
    along = np.linspace(first, last, _KNOTS)
    turned = [
        np.degrees(np.arctan(terms(np.stack([along, np.full(_KNOTS, y)], axis=1), size, len(fitted)) @ fitted))
        for y in np.percentile(centres[:, 1], (10, 50, 90))
    ]
    found = float(max(np.ptp(one) for one in turned))
    off = np.degrees(np.abs(here - terms(centres, size, len(fitted)) @ fitted))
    return found if np.percentile(off, _MOST) <= _MISSED * found else 0.0


def odd_lines(lines: Sequence[TextLine]) -> tuple[Box, ...]:
    """Lines of print that run otherwise than those of the page: of other papers beside it.

    Several run alike, none runs between them and the page's, as lines of a page do that is seen from its side; they lie
    beside it, and do not say the same again and again, as a watermark does.
    """
    corners = [np.array(line.box, np.float64) for line in lines]
    runs = sorted(((run, k) for k, box in enumerate(corners) if (run := _run(box)) is not None))
    gaps = [k for k in range(1, len(runs)) if runs[k][0] - runs[k - 1][0] > _BETWEEN]
    groups = [runs[a:b] for a, b in itertools.pairwise([0, *gaps, len(runs)])]
    page = max(groups, key=len, default=[])
    if len(page) < _OF_PAGE or page[-1][0] - page[0][0] > _PAGE_SPREAD:
        return ()
    hull = cv2.convexHull(np.array([corners[k].mean(axis=0) for _, k in page], np.float32))
    found: list[TextLine] = []
    for group in groups:
        if group is not page and group[-1][0] - group[0][0] <= _BETWEEN:
            beside = [k for _, k in group if cv2.pointPolygonTest(hull, corners[k].mean(axis=0).tolist(), False) < 0]
            found += [lines[k] for k in beside] if len(beside) >= _OF_OTHER else []
    return () if _say_the_same([line.text for line in found]) else tuple(line.box for line in found)


def _say_the_same(texts: Sequence[str]) -> bool:
    """Whether most of some texts share most of their characters with one of the others."""
    alike = sum(
        any(2 * len(set(one) & set(other)) > len(set(one) | set(other)) for other in (*texts[:k], *texts[k + 1 :]))
        for k, one in enumerate(texts)
    )
    return 2 * alike > len(texts)


def _run(box: Points) -> float | None:
    """The direction a long line runs in, or the one across it, -45 to 45 degrees; None of a short one."""
    along, down = (box[1] - box[0] + box[2] - box[3]) / 2, (box[3] - box[0] + box[2] - box[1]) / 2
    if np.linalg.norm(along) < np.linalg.norm(down):
        along, down = down, along
    if np.linalg.norm(along) <= _LONG * np.linalg.norm(down):
        return None
    return float((np.degrees(np.arctan2(along[1], along[0])) + 45) % 90 - 45)


def _of_one_page(here: Points, width: Points, centres: Points) -> tuple[Points, Points, Points]:
    """The lines that run as most of the print does, or nearly so."""
    order = np.argsort(here)
    gaps = np.flatnonzero(np.diff(np.degrees(np.arctan(here[order]))) > _APART) + 1
    most = max(np.split(order, gaps), key=lambda some: float(width[some].sum()))
    return here[most], width[most], centres[most]


def _fitted(here: Points, width: Points, centres: Points, size: tuple[int, int]) -> Points:
    count = 6 if len(here) >= _FEW else 2
    if len(here) < 3:
        return np.zeros(1)
    known: Points = terms(centres, size, count)
    weights = np.asarray(width / width.mean(), np.float64)
    fitted: Points = np.zeros(count)
    for _ in range(6):
        off = np.abs(here - known @ fitted)
        trust = weights / np.maximum(1.0, off / max(1.5 * float(np.median(off)), 2e-3))
        left = known.T @ (known * trust[:, None]) + _STIFF * len(here) * np.diag([0.0] + [1.0] * (count - 1))
        fitted = np.linalg.solve(left + 1e-9 * np.eye(count), known.T @ (here * trust))
    return fitted
