"""Curves of the quality measures: the share of key fields read at each value, with the limits, as one SVG.

A dot is a picture (grey: good ones), the line the mean of its neighbours; the dashed lines are `clean`, `flawed` and
`unreadable` of `validators/data/quality_limits.yaml`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from validators.quality.flaws import limits

if TYPE_CHECKING:
    from benchmarks.quality import Seen

_WIDE, _HIGH, _ROOM, _ACROSS = 250, 150, 34, 3  # pixels of a plot, around it, and plots in a row
_NEIGHBOURS = 5
_LIMIT_COLOURS = {"clean": "#2a8", "flawed": "#d90", "unreadable": "#c33"}


def drawing(pictures: Sequence[Seen], measures: Mapping[str, str]) -> str:
    """A plot for each flaw that has a limit."""
    good = [p for p in pictures if not p.flaw]
    shown = [(flaw, measure) for flaw, measure in measures.items() if measure in limits()]
    rows = -(-len(shown) // _ACROSS)
    size = _ACROSS * (_WIDE + _ROOM) + _ROOM, rows * (_HIGH + 2 * _ROOM)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{size[0]}" height="{size[1]}" font-family="sans-serif"'
             f' font-size="11"><rect width="100%" height="100%" fill="white"/>']  # fmt: skip
    for at, (flaw, measure) in enumerate(shown):
        x, y = _ROOM + at % _ACROSS * (_WIDE + _ROOM), _ROOM + at // _ACROSS * (_HIGH + 2 * _ROOM)
        made = [p for p in pictures if p.flaw == flaw and measure in p.measures]
        parts.append(f'<g transform="translate({x},{y})">{"".join(_plot(flaw, measure, made, good))}</g>')
    return "\n".join([*parts, "</svg>\n"])


def _plot(flaw: str, measure: str, made: Sequence[Seen], good: Sequence[Seen]) -> Iterator[str]:
    fine = [p for p in good if measure in p.measures]
    values = [p.measures[measure] for p in (*made, *fine)] + [limits()[measure]["flawed"]]
    low, high = min(values), max(values)

    def place(value: float, share: float) -> tuple[float, float]:
        return round(_WIDE * (value - low) / ((high - low) or 1), 1), round(_HIGH * (1 - share), 1)

    yield f'<text y="-8">{flaw}: {measure}</text>'
    yield f'<rect width="{_WIDE}" height="{_HIGH}" fill="none" stroke="#999"/>'
    yield f'<text y="{_HIGH + 14}">{low:g}</text><text x="{_WIDE}" y="{_HIGH + 14}" text-anchor="end">{high:g}</text>'
    for name, colour in _LIMIT_COLOURS.items():
        x, _ = place(limits()[measure][name], 0)
        if 0 <= x <= _WIDE:
            yield f'<path d="M{x} 0V{_HIGH}" stroke="{colour}" stroke-dasharray="4 3"/>'
    for group, colour in ((fine, "#bbb"), (made, "#36c")):
        for picture in group:
            x, y = place(picture.measures[measure], _read(picture))
            yield f'<circle cx="{x}" cy="{y}" r="2.5" fill="{colour}" fill-opacity="0.7"/>'
    ordered = sorted((p.measures[measure], _read(p)) for p in made)
    means = [ordered[max(0, k - _NEIGHBOURS // 2) : k + _NEIGHBOURS // 2 + 1] for k in range(len(ordered))]
    line = [place(ordered[k][0], sum(y for _, y in near) / len(near)) for k, near in enumerate(means)]
    yield f'<polyline points="{" ".join(f"{x},{y}" for x, y in line)}" fill="none" stroke="#36c"/>'


def _read(picture: Seen) -> float:
    """The share of its key fields that were read as they are printed."""
    return 1 - len(picture.lost) / picture.keys if picture.keys else 1.0
