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
_REACH, _FILLED = 2.0, 0.6  # heights a border may be off the place where the headings put it: with white, without
_ALIGNED, _EXACT = 0.35, 0.1  # heights within which cells begin at the same edge: with white before it, without


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
    over = {id(run) for run in names if run.right > border + 0.5 * run.height}
    wraps = bool(over) and any(all(run is row or not _level(row, run) for run in body) for row in names)
    found: list[Row] = []
    for run in body:
        at = _cut(run, border, edges, wraps=wraps) if id(run) in over else None
        found += [run] if at is None else [_ended(run.chars[:at]), Row(run.chars[at:])]
    return found


def _level(a: Row, b: Row) -> bool:
    return abs(a.middle - b.middle) < 0.6 * min(a.height, b.height)


def _cut(run: Row, border: float, edges: Sequence[float], *, wraps: bool) -> int | None:
    """Where the second cell of a piece begins: at an edge of its column, else nearest to the border; None if nowhere.

    `wraps`: names go on in further rows, so that none of them runs out of its column.
    """
    every = range(1, len(run.chars))
    changes = [at for at in every if _kind(run.chars[at - 1]) != _kind(run.chars[at])]
    white = _white(run)
    if white is None:
        found = _nearest(run, changes, edges, _ALIGNED)
        return found or (_nearest(run, changes, [border], _REACH) if wraps else None)
    open_ = [at for at in every if white[at]]
    found = _nearest(run, open_, edges, _ALIGNED) or _nearest(run, every, edges, _EXACT)
    found = found or _nearest(run, open_, [border], _REACH)
    # A name may fill its column to the last pixel.
    return found or (_nearest(run, changes, [border], _FILLED) if wraps else None)


def _nearest(run: Row, starts: Sequence[int], places: Sequence[float], reach: float) -> int | None:
    """The character of these that begins nearest to one of the places, within so many text heights."""
    off = {at: min((abs(run.chars[at].left - x) for x in places), default=float("inf")) for at in starts}
    best = min(off, key=lambda at: off[at], default=None)
    return best if best is not None and off[best] < reach * run.height else None


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
