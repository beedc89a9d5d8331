"""Text lines as rows of characters: the page's slant taken out, lines side by side read as one run."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import chain, pairwise
from operator import attrgetter

from extractors.model import Box, TextLine, rectangle
from extractors.values import fold, simplified

_LINE_OF = attrgetter("placed")
_LEVEL = 0.62  # lines side by side: their middles are less than this part of a text height apart


@dataclass(frozen=True)
class Span:
    """Pieces of lines that make up one value, in reading order, row by row."""

    rows: tuple[tuple[TextLine, ...], ...] = field(default=())

    @property
    def pieces(self) -> tuple[TextLine, ...]:
        return self.rows[0] if len(self.rows) == 1 else tuple(chain.from_iterable(self.rows))

    @property
    def raw(self) -> str:
        """As read: pieces of a row joined by a space, rows by a line break."""
        return "\n".join(" ".join(p.text for p in row) for row in self.rows)

    @property
    def text(self) -> str:
        """Folded and joined without breaks, as a value that runs over lines is meant."""
        return "".join(fold(p.text) for p in self.pieces)

    @property
    def confidence(self) -> float:
        return min((p.confidence for p in self.pieces), default=0.0)

    @property
    def weakest(self) -> float:
        """The confidence of the character the reader was least sure of."""
        return min((p.weakest for p in self.pieces), default=0.0)

    @property
    def page(self) -> int | None:
        return self.pieces[0].page if self.pieces else None

    @property
    def box(self) -> Box | None:
        return union(self.pieces)

    def __bool__(self) -> bool:
        return any(self.rows)


def union(lines: Iterable[TextLine]) -> Box | None:
    """The box around all lines; a single line keeps its own (maybe slanted) box."""
    found = list(lines)
    if len(found) == 1:
        return found[0].box
    if not found:
        return None
    lefts, tops, rights, bottoms = zip(*map(extent, found), strict=True)
    return rectangle(min(lefts), min(tops), max(rights), max(bottoms))


def extent(line: TextLine) -> tuple[float, float, float, float]:
    """Left, top, right and bottom of a line, all at once: many are asked."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = line.box
    return min(ax, bx, cx, dx), min(ay, by, cy, dy), max(ax, bx, cx, dx), max(ay, by, cy, dy)


@dataclass(frozen=True, slots=True)
class Placed:
    """A line with its place after the page's slant is taken out."""

    line: TextLine
    left: float
    right: float
    top: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2

    @property
    def vertical(self) -> bool:
        """Characters set one below the other (购买方 beside a table)."""
        left, top, right, bottom = extent(self.line)
        return len(self.line.text) > 1 and bottom - top > 1.8 * (right - left)


@dataclass(slots=True)  # not frozen: that would triple the time it takes to make the hundreds of a page
class Char:
    """One visible character of a row: folded, with its line, its index there and its extent."""

    text: str
    placed: Placed
    index: int
    left: float
    right: float
    starts: bool  # first of its line, or printed after a space


@dataclass(frozen=True)
class Row:
    """Lines side by side, read as one run of characters without spaces."""

    chars: tuple[Char, ...]

    @cached_property
    def text(self) -> str:
        return "".join([c.text for c in self.chars])

    @property
    def left(self) -> float:
        return self.chars[0].left

    @property
    def right(self) -> float:
        return self.chars[-1].right

    @cached_property
    def middle(self) -> float:
        lines = self._lines()
        return lines[0].middle if len(lines) == 1 else statistics.median([line.middle for line in lines])

    @cached_property
    def height(self) -> float:
        lines = self._lines()
        return lines[0].height if len(lines) == 1 else statistics.median([line.height for line in lines])

    def _lines(self) -> list[Placed]:
        """The line of each character, as medians are over these; most rows are of one line: that alone."""
        lines = list(map(_LINE_OF, self.chars))
        return lines[:1] if len(set(map(id, lines))) == 1 else lines

    def span(self, start: int = 0, end: int | None = None) -> Span:
        """Characters [start:end) of `text` as a value; empty where there are none."""
        chars = self.chars[start:end]
        return Span((pieces(chars),)) if chars else Span()

    def segments(self, widest_gap: float) -> list[Row]:
        """The row broken where a gap is wider than `widest_gap` text heights (two cards or columns side by side)."""
        breaks = [
            at
            for at in range(1, len(self.chars))
            if self.chars[at].left - self.chars[at - 1].right
            > widest_gap * max(self.chars[at].placed.height, self.chars[at - 1].placed.height)
        ]
        return [Row(self.chars[a:b]) for a, b in zip([0, *breaks], [*breaks, len(self.chars)], strict=True)]


def slant(lines: Sequence[TextLine]) -> float:
    """The page's slope (dy/dx) from its long lines; 0 where there are none."""
    slopes = []
    for line in lines:
        (ax, ay), (bx, by), _, (dx, dy) = line.box
        # Measured along the strip itself: the upright box around a turned line is no longer flat.
        if bx > ax and math.hypot(bx - ax, by - ay) > 5 * math.hypot(dx - ax, dy - ay):
            slopes.append((by - ay) / (bx - ax))
    return statistics.median(slopes) if slopes else 0.0


def place(lines: Sequence[TextLine]) -> tuple[Placed, ...]:
    slope = slant(lines)
    placed = []
    for line in lines:
        if not line.text.strip():
            continue
        (ax, ay), (bx, by), (cx, cy), (dx, dy) = line.box
        left, right = min(ax, bx, cx, dx), max(ax, bx, cx, dx)
        middle = (min(ay, by, cy, dy) + max(ay, by, cy, dy)) / 2 - slope * ((left + right) / 2)
        # The height of the slanted strip itself, not of the upright box around it.
        height = max(math.hypot(dx - ax, dy - ay), 1.0)
        placed.append(Placed(line, left, right, middle - height / 2, middle + height / 2))
    return tuple(sorted(placed, key=lambda p: (p.middle, p.left)))


def _share_place(a: Placed, b: Placed) -> bool:
    """Whether one stands over the other rather than beside it; boxes of neighbours overlap a little."""
    overlap = min(a.right, b.right) - max(a.left, b.left)
    return overlap > 0.5 * min(a.right - a.left, b.right - b.left)


def rows_of(placed: Sequence[Placed]) -> tuple[Row, ...]:
    """Lines grouped side by side: each joins the row whose nearest line stands level with it."""
    rows: list[list[Placed]] = []
    within: list[list[Placed]] = []  # lines come from the top: a row that ended well above this one is done
    reach = _LEVEL * max((item.height for item in placed), default=0.0)
    for item in placed:
        best: tuple[float, list[Placed]] | None = None
        middle, height = item.middle, item.height
        within = [row for row in within if middle - row[-1].middle < reach]
        for row in within:
            if middle - row[-1].middle >= _LEVEL * height or any(_share_place(item, o) for o in row):
                continue
            near = min(row, key=lambda o: max(o.left - item.right, item.left - o.right))
            apart = abs(near.middle - middle) / min(near.height, height)
            if apart < _LEVEL and (best is None or apart < best[0]):
                best = (apart, row)
        if best:
            best[1].append(item)
        else:
            rows.append([item])
            within.append(rows[-1])
    return tuple(Row(_chars(sorted(row, key=lambda p: p.left))) for row in rows)


def _chars(row: Sequence[Placed]) -> tuple[Char, ...]:
    chars: list[Char] = []
    for placed in row:
        spaced, text = True, placed.line.text
        for index, (shown, (left, right)) in enumerate(zip(map(_as_compared, text), _edges(placed.line), strict=True)):
            if not shown:
                spaced = spaced or text[index].isspace()
            for char in shown:
                chars.append(Char(char, placed, index, left, right, spaced))
                spaced = False
    return tuple(chars)


@lru_cache(16384)
def _as_compared(char: str) -> str:
    """A character folded and simplified: often none or one, sometimes more."""
    return simplified(fold(char))


def _edges(line: TextLine) -> list[tuple[float, float]]:
    """Left and right of each character, where `TextLine.cut` would have it: in one pass, as a line may be long."""
    (x0, _), (x1, _), (x2, _), (x3, _) = line.box
    shares = line.shares()
    top = [x0 + (x1 - x0) * share for share in shares]
    if (x0, x1) == (x3, x2):  # upright, as all print that is not read by OCR
        return [(a, b) if a <= b else (b, a) for a, b in pairwise(top)]
    low = [x3 + (x2 - x3) * share for share in shares]
    return [(min(a, b, c, d), max(a, b, c, d)) for (a, b), (c, d) in zip(pairwise(top), pairwise(low), strict=True)]


def pieces(chars: Sequence[Char]) -> tuple[TextLine, ...]:
    """Consecutive characters back as pieces of their lines."""
    found: list[TextLine] = []
    start, lines = 0, list(map(_LINE_OF, chars))
    for at, (here, after) in enumerate(zip(lines, [*lines[1:], None], strict=True), 1):
        if after is not here:
            found.append(_piece(here.line, chars[start].index, chars[at - 1].index + 1))
            start = at
    return tuple(found)


def _piece(line: TextLine, start: int, end: int) -> TextLine:
    """`TextLine.cut`; the line itself where all of it is wanted, as of most, and its corners come out the same."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = line.box
    if (
        start == 0 and end == len(line.text) and not (line.places and line.places[0][0])
        and (ax + (bx - ax), ay + (by - ay), dx + (cx - dx), dy + (cy - dy)) == (bx, by, cx, cy)
    ):  # fmt: skip
        return line
    return line.cut(start, end)
