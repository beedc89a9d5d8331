"""Cells of a table that touch: a name that fills its column and the specification beside it, read as one piece.

Where the reader knows the place of every character, the white between two cells is seen, however narrow.
Elsewhere the border is where other rows and the headings put it, and the kind of characters changes there.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from extractors._invoice_columns import Column
from extractors.rows import Char, Row

_WHITE = 0.15  # text heights between two cells; characters of one cell stand closer
_REACH = 2.0  # heights a border may be off the place where the headings put it
_ALIGNED = 0.35  # heights within which cells begin at the same edge


def parted(body: Sequence[Row], columns: Mapping[str, Column]) -> list[Row]:
    """The pieces of a table, those cut in two that reach from the column of names into the next one."""
    name = columns["name"]
    heading = min(
        (columns[key] for key in ("spec", "plate", "place") if key in columns and columns[key].left > name.left),
        key=lambda column: column.left, default=None,
    )  # fmt: skip
    names = [run for run in body if run.left < name.right]
    if heading is None or not names:
        return list(body)
    # Headings are centred: the name column reaches as far right of its heading as left of it.
    border = min(max(2 * name.centre - min(run.left for run in names), name.right), heading.left)
    edges = [run.left for run in body if border - run.height < run.left < heading.right]
    lone = [row for row in names if not any(_level(row, run) and run is not row for run in body)]
    found: list[Row] = []
    for run in body:
        over = run.left < name.right and run.right > border + 0.5 * run.height
        at = _cut(run, border, edges, wraps=bool(lone)) if over else None
        found += [run] if at is None else [_ended(run.chars[:at]), Row(run.chars[at:])]
    return found


def _level(a: Row, b: Row) -> bool:
    return abs(a.middle - b.middle) < 0.6 * min(a.height, b.height)


def _cut(run: Row, border: float, edges: Sequence[float], *, wraps: bool) -> int | None:
    """Where the second cell of a piece begins: at an edge of its column, else nearest to the border; None if nowhere.

    `wraps`: names go on in further rows, so that none of them runs out of its column.
    """
    near = [at for at in range(1, len(run.chars)) if abs(run.chars[at].left - border) < _REACH * run.height]
    seen = _white(run)
    if seen is not None:
        near = [at for at in range(1, len(run.chars)) if seen[at] and run.chars[at].left > border - _REACH * run.height]
    else:
        near = [at for at in near if _kind(run.chars[at - 1]) != _kind(run.chars[at])]
    aligned = [at for at in near if any(abs(run.chars[at].left - edge) < _ALIGNED * run.height for edge in edges)]
    if aligned:
        return min(aligned, key=lambda at: min(abs(run.chars[at].left - edge) for edge in edges))
    near = [at for at in near if abs(run.chars[at].left - border) < _REACH * run.height]
    if not near or not (wraps or seen):
        return None
    return min(near, key=lambda at: abs(run.chars[at].left - border))


def _white(run: Row) -> list[bool] | None:
    """For every character whether white stands before it; None where their places are not known."""
    ends = [_place(char) for char in run.chars]
    if any(end is None for end in ends):
        return None
    known = [end for end in ends if end is not None]
    gaps = [b[0] - a[1] for a, b in pairwise(known)]
    usual = statistics.median(gaps)
    return [False, *(gap - usual > _WHITE * run.height for gap in gaps)]


def _place(char: Char) -> tuple[float, float] | None:
    line, placed = char.placed.line, char.placed
    if len(line.places) != len(line.text):
        return None
    begin, end = line.places[char.index]
    width = placed.right - placed.left
    return placed.left + begin * width, placed.left + end * width


def _ended(chars: Sequence[Char]) -> Row:
    """The first of two cells without the white behind it."""
    last = chars[-1]
    place = _place(last)
    right = place[1] if place else last.right - 0.1 * (last.right - last.left)
    return Row((*chars[:-1], replace(last, right=min(right, last.right))))


def _kind(char: Char) -> str:
    """Ideographs with their signs, Latin letters and digits: what changes between two cells."""
    return "wide" if char.text > "\u2e7f" else "narrow"
