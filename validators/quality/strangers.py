"""Print that is none of the page's: a sheet of notes or another paper that lies over it, its lines sharp and yet
nothing that can be read, while the rest of the page reads well.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from extractors.model import Box, TextLine, rectangle
from validators.quality.text import measure_print, median

Grey = npt.NDArray[np.uint8]

_WELL, _NOT = 0.85, 0.6  # confidence from which a line was read, and below which it was not
_FEW_READ, _FEW = 5, 4  # lines that must have been read, and lines that were not that lie together
_ACROSS, _DOWN = 3.0, 2.0  # text heights between lines that lie together
_OF_ALL = 0.65  # share of the lines there that were not read
_WIDE = 3.0  # text heights a sheet is wide and high at least: a seal's words are not
_SHARP = 4.0  # pixels an edge is wide at most: what is blurred is not read for that


def strange_print(grey: Grey, lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines of a page that lie together, are sharp and cannot be read; none where the page reads badly all over."""
    read = [line for line in lines if line.confidence >= _WELL and len(line.text) > 1]
    if len(read) < _FEW_READ:
        return []
    height = statistics.median(min(line.height, line.width) for line in read)
    most = max(_groups([line for line in lines if line.confidence < _NOT], height), key=len, default=[])
    if len(most) < _FEW:
        return []
    (left, top), _, (right, bottom), _ = around(most)
    there = [a for a in lines if left <= a.centre[0] <= right and top <= a.centre[1] <= bottom]
    if len(most) < _OF_ALL * len(there) or min(right - left, bottom - top) < _WIDE * height:
        return []
    edge = median([found.edge for line in most if (found := measure_print(grey, line)) is not None])
    return there if edge is not None and edge <= _SHARP else []


def around(lines: Sequence[TextLine]) -> Box:
    """The upright box around lines."""
    return rectangle(
        min(a.left for a in lines), min(a.top for a in lines),
        max(a.right for a in lines), max(a.bottom for a in lines),
    )  # fmt: skip


def _groups(lines: Sequence[TextLine], height: float) -> list[list[TextLine]]:
    """Lines that lie together, directly or by others."""
    left, found = list(lines), []
    while left:
        group = [left.pop()]
        for line in group:  # grows while it is walked
            near = [other for other in left if _near(line, other, height)]
            left = [other for other in left if not any(other is one for one in near)]
            group += near
        found.append(group)
    return found


def _near(one: TextLine, other: TextLine, height: float) -> bool:
    across = max(one.left - other.right, other.left - one.right)
    return across < _ACROSS * height and max(one.top - other.bottom, other.top - one.bottom) < _DOWN * height
