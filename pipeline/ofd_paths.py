"""Path data of an OFD (AbbreviatedData, GB/T 33190-2016 §9.1) as moves, lines and cubic curves."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

Step = tuple[str, tuple[float, ...]]  # ("M", x, y), ("L", x, y), ("B", x1, y1, x2, y2, x, y), ("C",)

_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_TAKES = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}
_LARGEST = 1e6
_LONGEST = 4_000_000  # characters of one path


def steps(data: str) -> Iterator[Step]:
    """The steps of a path, quadratic curves and arcs as cubic ones. What follows a broken step is left out."""
    tokens = _TOKEN.findall(data[:_LONGEST])
    at, x, y = 0, 0.0, 0.0
    while at < len(tokens):
        name = tokens[at].upper()
        count = _TAKES.get(name)
        taken = tokens[at + 1 : at + 1 + (count or 0)]
        if count is None or len(taken) < count or any(t.isalpha() for t in taken):
            return
        values = tuple(min(max(float(t), -_LARGEST), _LARGEST) for t in taken)
        at += 1 + count
        if name == "Q":
            yield "B", _quadratic((x, y), values[:2], values[2:])
        elif name == "A":
            yield from (("B", curve) for curve in _arc((x, y), values))
        elif name == "C":
            yield "C", ()
        else:
            yield ("M" if name == "S" else name), values
        if values:
            x, y = values[-2:]


def _quadratic(start: tuple[float, ...], bend: tuple[float, ...], end: tuple[float, ...]) -> tuple[float, ...]:
    """The cubic curve of a quadratic one."""
    return (
        start[0] + (bend[0] - start[0]) * 2 / 3, start[1] + (bend[1] - start[1]) * 2 / 3,
        end[0] + (bend[0] - end[0]) * 2 / 3, end[1] + (bend[1] - end[1]) * 2 / 3, *end,
    )  # fmt: skip


def _arc(start: tuple[float, float], values: tuple[float, ...]) -> Iterator[tuple[float, ...]]:
    """An elliptical arc "rx ry angle large sweep x y" from `start`, in quarters (SVG 1.1 appendix F.6)."""
    rx, ry, turn, large, sweep, x2, y2 = values
    rx, ry = abs(rx), abs(ry)
    if not rx or not ry or (x2, y2) == start:
        yield (*start, x2, y2, x2, y2)
        return
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    dx, dy = (start[0] - x2) / 2, (start[1] - y2) / 2
    u, v = (cos * dx + sin * dy) / rx, (cos * dy - sin * dx) / ry
    if (far := math.hypot(u, v)) > 1:
        rx, ry, u, v = rx * far, ry * far, u / far, v / far
    root = math.sqrt(max(0.0, 1 / (u * u + v * v) - 1)) * (-1 if bool(large) == bool(sweep) else 1)
    cu, cv = root * v, -root * u
    first = math.atan2(v - cv, u - cu)
    span = math.atan2(-v - cv, -u - cu) - first
    span += 2 * math.pi * ((span < 0) * bool(sweep) - (span > 0) * (not sweep))
    mx, my = (start[0] + x2) / 2, (start[1] + y2) / 2
    parts = max(1, math.ceil(abs(span) / (math.pi / 2) - 1e-9))
    bow = 4 / 3 * math.tan(span / parts / 4)

    def place(p: float, q: float) -> tuple[float, float]:
        p, q = (p + cu) * rx, (q + cv) * ry
        return mx + cos * p - sin * q, my + sin * p + cos * q

    for part in range(parts):
        a, b = first + span * part / parts, first + span * (part + 1) / parts
        yield (
            *place(math.cos(a) - bow * math.sin(a), math.sin(a) + bow * math.cos(a)),
            *place(math.cos(b) + bow * math.sin(b), math.sin(b) - bow * math.cos(b)),
            *place(math.cos(b), math.sin(b)),
        )
