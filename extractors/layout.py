"""Where things stand on a page: rows of text, labels in them, and the values labels point at.

OCR splits a letter-spaced label into single characters (名 … 称), joins a label with its value
(法定代表人林意微) and finds two columns side by side. So a row is treated as one run of characters,
each knowing the line it came from and its place; labels are looked for in the run, and a value is
what stands between its label and the next label, a wide gap or the end of the row, plus the lines
aligned below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from extractors.model import Page, TextLine
from extractors.rows import Char, Placed, Row, Span, pieces, place, rows_of
from extractors.values import fold, simplified

# All in text heights.
_NEXT_ROW = 2.2  # a continuation starts at most this far below the line before it
_VALUE_GAP = 2.2  # a wider gap ends a value: the next column begins
_LONGEST_LABEL = 7  # characters of a label that may be found by what is left of it
_NUMBER = 8  # digits of a number long enough to be none in an address
_ABOVE = 1.25  # text heights from the second line of a value to the first, which is printed higher than its label
_LABEL_GAP = 9.0  # a value starts at most this far from its label
_SHARED = 3.0  # how much further right a value may start than its share of a line says

# A line that is a value of its own, even where its label was lost, and never the rest of another one.
_NUMBER_OR_DATE = re.compile(r"[A-Z]?[\d\s-]{7,}[\dX]|(?:19|20)\d{2}\s?年.{1,4}月.{1,4}日")


@dataclass(frozen=True, slots=True)
class Label:
    """An occurrence of a label: characters [start:end) of a row; `firm` when it starts a piece of text.

    `remnant`: OCR found only its beginning. It ends other values, but points at one of its own only
    when no other label begins so.
    """

    word: str
    row: Row
    start: int
    end: int
    firm: bool
    remnant: bool = False
    unique: bool = True

    @property
    def left(self) -> float:
        return self.row.chars[self.start].left

    @property
    def right(self) -> float:
        return self.row.chars[self.end - 1].right

    @property
    def placed(self) -> Placed:
        return self.row.chars[self.start].placed


class Layout:
    """One page prepared for looking up labels.

    `labels`: every label the type knows, to see where values end; those of one field as a sequence.
    """

    def __init__(self, page: Page, labels: Iterable[str | Sequence[str]]) -> None:
        self.page = page
        # Labels that mean the same field form a group; a plain word is a group of its own.
        groups = [(entry,) if isinstance(entry, str) else tuple(entry) for entry in labels]
        self._group = {_plain(w): at for at, group in enumerate(groups) for w in group}
        self.words = sorted(self._group, key=lambda w: (-len(w), w))
        self.placed = place(page.lines)
        self.verticals = tuple(p for p in self.placed if p.vertical)
        self.rows = rows_of([p for p in self.placed if not p.vertical])
        whole = [label for row in self.rows for label in self._labels_in(row)]
        running = self._in_running_text(whole)
        every = whole + self._remnants(whole, [label for label in whole if label not in running])
        words = self._in_running_text(every)
        self.labels = tuple(label for label in every if label not in words)

    def find(self, words: Sequence[str], *, ambiguous: bool = False) -> list[Label]:
        """Occurrences of any of the words: firm ones first, then earlier-named words, then from the top.

        `ambiguous` adds remnants that could be the beginning of another label too: only for values
        whose form tells whether they belong.
        """
        plain = [_plain(w) for w in words]
        found = [label for label in self.labels if label.word in plain and (label.unique or ambiguous)]
        return sorted(found, key=lambda a: (not a.firm, a.remnant, plain.index(a.word), a.placed.top))

    def right_of(self, label: Label, *, widest_gap: float = _VALUE_GAP, label_gap: float = _LABEL_GAP) -> Span:
        """What follows a label in its row, up to the next label or a gap wider than `widest_gap` text heights.

        It starts at most `label_gap` text heights from its label.
        """
        following = [a.start for a in self.labels if a.row is label.row and a.start >= label.end and a is not label]
        chars = list(label.row.chars[label.end : min(following, default=len(label.row.chars))])
        while chars and chars[0].text in ":;.·,_-—":
            chars.pop(0)
        kept: list[Char] = []
        for char in chars:
            before, allowed = (kept[-1], widest_gap) if kept else (label.row.chars[label.end - 1], label_gap)
            if char.left - before.right > allowed * max(before.placed.height, char.placed.height):
                break
            kept.append(char)
        return Span((pieces(kept),)) if kept else Span()

    def below(self, label: Label) -> Span:
        """The nearest line under a label that overlaps it, for forms that print the value below."""
        height = label.placed.height
        under = [
            p
            for p in self.placed
            if not p.vertical
            and 0 < p.middle - label.placed.middle < 3 * height
            and min(p.right, label.right + 4 * height) - max(p.left, label.left - height) > 0
            and not self._labelled(p)
        ]
        nearest = min(under, key=lambda p: (p.middle - label.placed.middle, p.left), default=None)
        return Span(((nearest.line,),)) if nearest else Span()

    def value(
        self,
        words: Sequence[str],
        *,
        lines: int = 1,
        widest_gap: float = _VALUE_GAP,
        label_gap: float = _LABEL_GAP,
        ambiguous: bool = False,
    ) -> Span:
        """The value of the first label that has one: to its right with up to `lines` rows, else below it."""
        found = self.find(words, ambiguous=ambiguous)
        for label in found:
            if span := self.right_of(label, widest_gap=widest_gap, label_gap=label_gap):
                return self.continued(label, span, lines) if lines > 1 else span
        for label in found:
            if label.firm and (span := self.below(label)):
                return self.continued(label, span, lines) if lines > 1 else span
        return Span()

    def continued(self, label: Label, span: Span, lines: int) -> Span:
        """A value with the lines that run on below it (and above it, where a label is centred beside them)."""
        first = span.rows[0][0]
        anchor = self._placed_of(first)
        left = first.left
        # In a line that label and value share, the gap between them is spread over both: the value starts further on.
        reach = self._spread(label) if left > anchor.line.left + anchor.height / 2 else 0.0
        rows = list(span.rows)
        last = anchor
        while len(rows) < lines:
            step = self._next_line(last, left, label, reach)
            if step is None:
                break
            rows.append(self._run_from(step))
            last, left, reach = step, step.left if reach else left, 0.0
        above = self._line_above(anchor, left, label)
        return Span(((above.line,), *rows)) if above and len(rows) < lines else Span(tuple(rows))

    def _spread(self, label: Label) -> float:
        """How much further right than reckoned a value may start in a shared line, in text heights."""
        column = [a.right for a in self.labels if a.firm and abs(a.left - label.left) < label.placed.height]
        return _SHARED + max(0.0, max(column, default=label.right) - label.right) / label.placed.height

    def _run_from(self, first: Placed) -> tuple[TextLine, ...]:
        """A line with the pieces of text close to its right, up to a label."""
        row, at = next((row, i) for row in self.rows for i, c in enumerate(row.chars) if c.placed is first)
        end = min((a.start for a in self.labels if a.row is row and a.start > at), default=len(row.chars))
        (run, *_) = Row(row.chars[at:end]).segments(_VALUE_GAP)
        return pieces(run.chars)

    def _next_line(self, last: Placed, left: float, label: Label, reach: float = 0.0) -> Placed | None:
        height = max(last.height, 1.0)
        slack = max(1.6 * height, 0.6 * label.placed.height)
        below = [
            p
            for p in self.placed
            if not p.vertical
            and 0.5 * min(height, p.height) < p.middle - last.middle < _NEXT_ROW * max(height, p.height)
            and -slack < p.left - left < slack + reach * height
        ]
        nearest = min(below, key=lambda p: (p.middle, p.left), default=None)
        if nearest is None or self._labelled(nearest) or _NUMBER_OR_DATE.fullmatch(nearest.line.text.strip()):
            return None
        return nearest

    def _line_above(self, anchor: Placed, left: float, label: Label) -> Placed | None:
        """A first line printed higher than its label: aligned, close, on no label's own row, under no other value."""
        height = anchor.height
        above = [
            p
            for p in self.placed
            if not p.vertical
            and 0.6 * height < anchor.middle - p.middle < _ABOVE * max(height, p.height)
            and abs(p.left - left) < 0.8 * height
            and p.middle > label.placed.middle - 1.2 * height
            and not self._labelled(p)
        ]
        return max(above, key=lambda p: p.middle, default=None)

    def _labelled(self, placed: Placed) -> bool:
        """Whether a line holds a label, or belongs to the value of a label that stands left of it in its row."""
        return id(placed) in self._taken

    @cached_property
    def _taken(self) -> set[int]:
        taken: set[int] = set()
        for label in self.labels:
            if label.firm:
                members = [c.placed for c in label.row.chars[label.start : label.end]]
                value = [self._placed_of(piece) for piece in self.right_of(label).pieces]
                taken |= {id(p) for p in (*members, *value)}
        return taken

    def _placed_of(self, piece: TextLine) -> Placed:
        x, y = piece.centre
        inside = [p for p in self.placed if p.line.left - 1 <= x <= p.line.right + 1]
        return min(inside or self.placed, key=lambda p: abs(p.line.centre[1] - y))

    def _labels_in(self, row: Row) -> list[Label]:
        """Labels in a row, longest first, none overlapping; one inside running text is kept but not firm."""
        taken: list[Label] = []
        text = _lowered(row.text)
        for word in self.words:
            start = text.find(word)
            while start >= 0:
                end = start + len(word)
                if not any(a.start < end and start < a.end for a in taken):
                    firm = row.chars[start].starts and _unbroken(row.chars[start:end])
                    colon = end < len(row.chars) and row.chars[end].text == ":"
                    # Every word of a sentence in letters stands after a space: only the first one can be a label.
                    inside = word[0].isascii() and row.chars[start].index > 0 and not colon
                    if not inside and (firm or colon or row.chars[start].starts):
                        taken.append(Label(word, row, start, end, firm or colon))
                start = text.find(word, start + 1)
        return sorted(taken, key=lambda a: a.start)

    def _remnants(self, whole: Sequence[Label], standing: Sequence[Label]) -> list[Label]:
        """Labels of which OCR lost characters, where labels stand: 名 without 称, 经范 for 经营范围, 所 for 住所.

        A remnant starts where other labels start, or ends where they end (a gap before the value); a label
        word in running text (not in `standing`) says nothing of where labels stand.
        """
        firm = [label for label in standing if label.firm and len(label.word) > 1]
        found = {self._group[label.word] for label in whole if label.firm}
        remnants: list[Label] = []
        for row in self.rows:
            start = 0
            while start < len(row.chars):
                taken = [a for a in whole if a.row is row and a.start <= start < a.end]
                end, words = (start, []) if taken or row.chars[start].index else self._remnant(row, start, firm)
                if words:
                    missing = [w for w in words if self._group[w] not in found] or words[:1]
                    unique = len({self._group[w] for w in missing}) == 1
                    remnants += [Label(w, row, start, end, True, True, unique) for w in missing]
                start = max(start + 1, end)
        return remnants

    def _remnant(self, row: Row, start: int, firm: Sequence[Label]) -> tuple[int, list[str]]:
        """The longest run of characters from `start` that is what is left of a label: its end, and the labels."""
        chars = row.chars[start : start + _LONGEST_LABEL]
        height = chars[0].placed.height
        from_left = any(abs(a.left - chars[0].left) < height for a in firm)
        for length in range(len(chars), 0, -1):
            text = "".join(c.text for c in chars[:length])
            # One character that opens a longer line begins a word and is no label, but before a long number.
            alone = length == len(chars) or chars[length].placed is not chars[length - 1].placed
            after = row.chars[start + length : start + length + _NUMBER]
            before_number = len(after) == _NUMBER and all(c.text.isdigit() for c in after)
            # Several characters are hardly chance; in a line shared with the value their place is an estimate.
            slack = (0.7 if length == 1 and not before_number else 2.0) * height
            to_right = any(abs(a.right - chars[length - 1].right) < slack for a in firm)
            words = [
                w
                for w in self.words
                if length < len(w) <= _LONGEST_LABEL
                and _is_left_of(text, w)
                and (alone or before_number or length > 1)
                and ((from_left and text[0] == w[0] and (alone or length > 1)) or (to_right and text[-1] == w[-1]))
            ]
            if words:
                return start + length, words
        return start, []

    def _in_running_text(self, labels: Sequence[Label]) -> list[Label]:
        """Labels that are only words at the beginning of rows of text (名称, 类型 in a business scope).

        Such a line goes on without a gap, right under a line that begins at the same place, and no
        label that stands by itself is in that column.
        """
        running = [label for label in labels if label.firm and self._runs_on(label)]
        alone = [label for label in labels if label.firm and label not in running]
        return [
            label for label in running if not any(abs(a.left - label.left) < 1.5 * label.placed.height for a in alone)
        ]

    def _runs_on(self, label: Label) -> bool:
        line, height = label.placed, label.placed.height
        after = label.row.chars[label.end : label.end + 1]
        if label.row.chars[label.start].index or not after or after[0].placed is not line or after[0].starts:
            return False
        return any(
            0 < line.middle - p.middle < _NEXT_ROW * height and abs(p.left - line.left) < height
            for p in self.placed
            if not p.vertical
        )


def _is_left_of(text: str, word: str) -> bool:
    """Whether a text is a label with characters lost: they come in its order."""
    rest = iter(word)
    return all(char in rest for char in text)


def _plain(word: str) -> str:
    return _lowered(simplified("".join(fold(word).split())))


def _lowered(text: str) -> str:
    """Small letters, one for one: places in the text stay what they are."""
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)


def _unbroken(chars: Sequence[Char]) -> bool:
    """A label's characters may be spread, but evenly: no gap much wider than the others."""
    height = max(c.placed.height for c in chars)
    return all(b.left - a.right < 6 * height for a, b in pairwise(chars))
