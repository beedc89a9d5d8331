"""Rows broken at one place: a character is missing or hardly legible in row after row along a line across the page.

Print flakes off along a fold. Nothing else takes a character from several rows one above the other and leaves all
others.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Iterator, Sequence

import numpy as np

from extractors.model import Box, Point, TextLine, rectangle
from validators.quality.creases import Fold

_STEP = 1.5  # usual steps from one character to the next from which something is missing between them
_WEAK = 0.6  # confidence of a character that is hardly legible
_FEWEST = 3  # steps that tell what a usual one is; rows that make a fold
_ALIKE = re.compile(r"[\u3400-\u9fff]+|[0-9]+")  # characters that take steps of one width
_AWRY = 0.25  # how far a fold leans, pixels aside a pixel down
_BESIDE = 0.8  # text heights from a fold
_BEYOND = 3.0  # text heights a fold goes on above and below the rows it broke
_SHARE = 0.4  # of all that is broken on the page: else all of it is hard to read
_MOST = 60  # broken places from which the page as a whole is hard to read


def broken_rows(lines: Sequence[TextLine]) -> tuple[Fold, ...]:
    """The upright fold that most broken rows lie along, if it is one; depth 0: nothing was measured of it."""
    points = [point for line in lines for point in _broken(line)]
    if not _FEWEST <= len(points) <= _MOST:
        return ()
    height = float(np.median([line.height for line in lines]))
    best: list[Point] = max((_along(a, b, points, height) for a, b in itertools.combinations(points, 2)), key=len)
    if len(best) < _FEWEST or len(best) < _SHARE * len(points):
        return ()
    return (Fold(0.0, _through(best, height)),)


def _broken(line: TextLine) -> Iterator[Point]:
    """Where characters of a line are missing or weak."""
    centres = [(a + b) / 2 for a, b in line.places]
    if not centres:
        return
    for run in _ALIKE.finditer(line.text):
        steps = [(centres[k + 1] - centres[k], k) for k in range(run.start(), run.end() - 1)]
        usual = statistics.median(step for step, _ in steps) if len(steps) >= _FEWEST else float("inf")
        yield from (_at(line.box, (centres[k] + centres[k + 1]) / 2) for step, k in steps if step > _STEP * usual)
    yield from (_at(line.box, at) for at, score in zip(centres, line.scores, strict=False) if score < _WEAK)


def _at(box: Box, share: float) -> Point:
    """A point along the middle of a line."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = box
    left, right = ((ax + dx) / 2, (ay + dy) / 2), ((bx + cx) / 2, (by + cy) / 2)
    return left[0] + (right[0] - left[0]) * share, left[1] + (right[1] - left[1]) * share


def _along(a: Point, b: Point, points: Sequence[Point], height: float) -> list[Point]:
    """One point of each row near the line through two of them; none where that is not upright."""
    down = b[1] - a[1]
    if abs(down) < height or abs(b[0] - a[0]) > _AWRY * abs(down):
        return []
    lean = (b[0] - a[0]) / down
    rows = {round(y / height): (x, y) for x, y in points if abs(x - a[0] - lean * (y - a[1])) < _BESIDE * height}
    return list(rows.values())


def _through(points: Sequence[Point], height: float) -> tuple[Box, ...]:
    """Boxes along the line through points, and a little beyond: rows between them are folded as well."""
    lean, begin = np.polyfit([y for _, y in points], [x for x, _ in points], 1).tolist()
    tops = np.arange(min(y for _, y in points) - _BEYOND * height, max(y for _, y in points) + _BEYOND * height, height)
    return tuple(
        rectangle(begin + lean * top - height, top, begin + lean * top + height, top + height) for top in tops.tolist()
    )
