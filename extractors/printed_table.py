"""A printed table: headings side by side, the cells of a record under them, each maybe of several lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import pairwise

from extractors.model import Page
from extractors.rows import Placed, Span, place
from extractors.values import compact, simplified

_FEWEST = 3  # headings that make a table
_LEVEL = 0.7  # text heights by which headings of one row may differ
_ROW_GAP = 2.2  # text heights from a table's last line to what is no longer its own


def first_record(page: Page, columns: Mapping[str, Sequence[str]], key: str) -> tuple[dict[str, Span], int]:
    """The cells of a table's first record by column, and how many records there are; none where there is no table.

    `columns` are the headings by name of column; `key` is the column whose cell is one line in every record.
    """
    placed = [p for p in place(page.lines) if not p.vertical]
    names = {simplified(compact(word)): name for name, words in columns.items() for word in words}
    row = _heading_row(placed, names)
    if len({names.get(_plain(p)) for p in row} - {None}) < _FEWEST:
        return {}, 0
    lines = _lines_below(row, placed)
    cells = [(_nearest(row, line), line) for line in lines]
    keys = sorted(line.middle for head, line in cells if names.get(_plain(head)) == key)
    if not keys:
        return {}, 0
    end = (keys[0] + keys[1]) / 2 if len(keys) > 1 else float("inf")
    found: dict[str, Span] = {}
    for head in row:
        own = sorted((line for h, line in cells if h is head and line.middle < end), key=lambda p: p.middle)
        if own and (name := names.get(_plain(head))):
            found.setdefault(name, Span(tuple((line.line,) for line in own)))
    return found, len(keys)


def _plain(placed: Placed) -> str:
    return simplified(compact(placed.line.text)).strip(":")


def _heading_row(placed: Sequence[Placed], names: Mapping[str, str]) -> list[Placed]:
    """The row with most headings, all its texts from left to right."""
    heads = [p for p in placed if _plain(p) in names]
    rows = [[p for p in placed if abs(p.middle - head.middle) < _LEVEL * head.height] for head in heads]
    best = max(rows, key=lambda row: sum(_plain(p) in names for p in row), default=[])
    return sorted(best, key=lambda p: p.left)


def _lines_below(row: Sequence[Placed], placed: Sequence[Placed]) -> list[Placed]:
    """The lines under the headings down to a gap, or to a line that runs across columns or is a label of its own."""
    height = max(p.height for p in row)
    floor = max(p.middle for p in row)
    below = [p for p in placed if p.middle > floor + 0.5 * height and ":" not in compact(p.line.text)[:8]]
    kept: list[Placed] = []
    for before, line in pairwise([max(row, key=lambda p: p.middle), *below]):
        if line.middle - before.middle > (_ROW_GAP if kept else 2 * _ROW_GAP) * height:
            break
        kept.append(line)
    return kept


def _nearest(row: Sequence[Placed], line: Placed) -> Placed:
    """The heading a line stands under."""
    return min(row, key=lambda head: _apart(head, line))


def _apart(head: Placed, line: Placed) -> tuple[float, float]:
    """How far a line stands from under a heading: the gap between them, then that between their middles."""
    gap = max(head.left - line.right, line.left - head.right, 0.0)
    return gap, abs((head.left + head.right) - (line.left + line.right))
