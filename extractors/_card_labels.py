"""A card as labels and pieces of text: labels in one to three languages, values beside them or below them.

Labels are found anywhere in a row, whatever their case and accents; those of one field that stand together (姓名/Name)
count as one. What is left are pieces of text; each belongs to the label left of it in its row, else to the one above.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise

from rapidfuzz import fuzz

from extractors._mrz import is_zone_line
from extractors.model import Page
from extractors.rows import Char, Row, Span, pieces, place, rows_of
from extractors.values import compact, simplified

# All in text heights.
_GAP = 1.6  # a wider gap ends a piece of text
_VALUE_GAP = 2.2  # pieces of one value stand closer
_LABEL_GAP = 9.0  # a value starts at most this far right of its label
_OWN_GAP = 6.0  # a label this close in front of a piece of text owns it, whatever stands above
_LEVEL, _OVERLAPPING = 0.4, 0.2  # a value stands at least this far below its label; where both take the same place
_BELOW = 3.6  # a value stands at most this far below its label (a label in another language may lie between)
_NEXT_LINE = 2.0
_ALIGNED = 2.5

_ALIKE, _ALIKE_SHORT = 80, 75  # per cent of a label's characters: 出生曰期, Date of 8irth; of a label of four
SEPARATORS = "/:;.,|-_·'\"()*•"
_BEFORE, _AFTER = "/:;.,|-_·'\"*•", "/:;,|_·'\"*•"
_ITEM_SIGN = re.compile(
    r"[(\[]\d{1,2}[a-z]?[)\]]|\[?[a-z]\]|\d{1,2}\."
)  # (1), [a], 2. beside the labels of many passports
SURNAME, GIVEN = "surname", "given"
PARTS_OF_NAME = (SURNAME, GIVEN)
HAN = r"[\u3400-\u9fff\U00020000-\U0003ffff]"
_HAN = re.compile(HAN)
_SENTENCE_SIGNS = re.compile(rf"{HAN}[,;。]")
_SENTENCE = 6  # characters, at least


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters [start:end) of a row that stand together."""

    row: Row
    start: int
    end: int
    name: str = ""  # the field it is a label of

    @property
    def chars(self) -> tuple[Char, ...]:
        return self.row.chars[self.start : self.end]

    @property
    def text(self) -> str:
        """As printed, one space where there was some."""
        return "".join(f" {c.text}" if c.starts and at else c.text for at, c in enumerate(self.chars))

    @property
    def left(self) -> float:
        return self.row.chars[self.start].left

    @property
    def right(self) -> float:
        return self.row.chars[self.end - 1].right

    @property
    def height(self) -> float:
        return self.chars[0].placed.height

    @property
    def middle(self) -> float:
        return self.chars[0].placed.middle

    @property
    def span(self) -> Span:
        return Span((pieces(self.chars),))


@dataclass
class Card:
    """One page as labels and pieces of text. `vocabulary`: each label word and the field it names."""

    page: Page
    vocabulary: Mapping[str, str]
    rows: tuple[Row, ...] = field(init=False)
    labels: list[Piece] = field(init=False)

    def __post_init__(self) -> None:
        lines = [line for line in self.page.lines if not _is_sentence(line.text)]
        rows = rows_of([p for p in place(lines) if not p.vertical])
        self.rows = tuple(row for row in rows if row.chars and not is_zone_line(row.text))
        words = {plain(word): name for word, name in self.vocabulary.items()}
        self.labels = [label for row in self.rows for label in _labels_in(row, words)]

    @cached_property
    def texts(self) -> list[Piece]:
        """The pieces of text that are no labels, from the top."""
        found = [piece for row in self.rows for piece in _texts_in(row, [a for a in self.labels if a.row is row])]
        return sorted(found, key=lambda p: (p.middle, p.left))

    def values(self, name: str) -> Iterator[Piece]:
        """What may be the value of a field: for each of its labels what stands right of it, then what stands below."""
        own = [label for label in self.labels if label.name == name]
        for label in own:
            if right := self.right_of(label):
                yield right
        for label in own:
            yield from self.below(label)

    def right_of(self, label: Piece) -> Piece | None:
        """The text after a label in its row, up to the next label or a gap."""
        start: tuple[int, int] | None = None
        following = [p for p in self.texts if p.row is label.row and p.start >= label.end]
        for piece in sorted(following, key=lambda p: p.start):
            between = [a for a in self.labels if a.row is label.row and label.end <= a.start < piece.start]
            last = piece.row.chars[start[1] - 1] if start else label.row.chars[label.end - 1]
            near = piece.left - last.right < (_VALUE_GAP if start else _LABEL_GAP) * max(label.height, piece.height)
            if between or not near:
                break
            start = (start[0] if start else piece.start, piece.end)
        return Piece(label.row, *start) if start else None

    def below(self, label: Piece) -> list[Piece]:
        """Pieces of text under a label, in its column, that no other label is nearer to; the nearest first."""
        height = label.height
        beside = [a.left for a in self.labels if a.row is label.row and a.start >= label.end]
        bound = min(beside, default=label.right + 12 * height)
        found = []
        for piece in (_column(piece, label.left - _ALIGNED * height, bound) for piece in self.texts):
            apart = piece.middle - label.middle
            level = _LEVEL if piece.row is label.row or piece.left > label.right else _OVERLAPPING
            if not level * height < apart < _BELOW * max(height, piece.height):
                continue
            if label.left - _ALIGNED * height < piece.left < bound and not self._is_others(piece, label):
                found.append(piece)
        return sorted(found, key=lambda p: (round((p.middle - label.middle) / height), abs(p.left - label.left)))

    def _is_others(self, piece: Piece, label: Piece) -> bool:
        """Whether another label stands left of a piece in its row, or between it and the label above."""
        for other in self.labels:
            if other.name == label.name:
                continue
            if (
                other.row is piece.row
                and other.end <= piece.start
                and piece.left - other.right < _OWN_GAP * piece.height
            ):
                return True
            if _lies_between(label, other, piece):
                return True
        return False

    def rest_of_row(self, label: Piece) -> list[Piece]:
        """All text after a label in its row, up to the next label: a name in characters, then far off in letters."""
        start = label.end
        stop = min(
            (a.start for a in self.labels if a.row is label.row and a.start >= start), default=len(label.row.chars)
        )
        return sorted((p for p in self.texts if p.row is label.row and start <= p.start < stop), key=lambda p: p.start)

    def lines_below(self, first: Piece, most: int) -> list[Piece]:
        """A piece with the lines that run on under it: aligned, close, no label's."""
        lines = [first]
        for piece in self.texts:
            last = lines[-1]
            close = 0.5 * last.height < piece.middle - last.middle < _NEXT_LINE * max(last.height, piece.height)
            aligned = abs(piece.left - first.left) < _ALIGNED * last.height
            free = not any(
                _lies_between(last, a, piece) or (a.row is piece.row and a.end <= piece.start) for a in self.labels
            )
            if len(lines) < most and close and aligned and free:
                lines.append(piece)
        return lines


def _column(piece: Piece, left: float, bound: float) -> Piece:
    """The part of a piece in one column, where values of two stand close; the whole where words do not break there."""
    chars = piece.row.chars
    starts = [at for at in range(piece.start + 1, piece.end) if chars[at].starts]
    begin = (
        piece.start if piece.left >= left else min((at for at in starts if chars[at].left >= left), default=piece.start)
    )
    slack = bound - chars[piece.start].placed.height
    end = min((at for at in starts if at > begin and chars[at].left > slack), default=piece.end)
    return trimmed(Piece(piece.row, begin, end))


def _lies_between(upper: Piece, label: Piece, lower: Piece) -> bool:
    """Whether a label stands over a piece of text and under another."""
    down = upper.middle + 0.3 * upper.height < label.middle < lower.middle - 0.3 * lower.height
    return down and label.left < lower.right and label.right > lower.left - lower.height


def _is_sentence(text: str) -> bool:
    """Whether a line is part of a notice to the holder; the words of labels in it are no labels."""
    folded = compact(text)
    signs = _SENTENCE_SIGNS.findall(folded)
    return len(_HAN.findall(folded)) >= _SENTENCE and (len(signs) > 1 or folded.endswith("。"))


def plain(text: str) -> str:
    """The form labels are compared in: simplified, lower case, without accents and spaces."""
    return "".join(map(_plain_char, simplified(compact(text))))


def _labels_in(row: Row, words: Mapping[str, str]) -> list[Piece]:
    """The labels of a row, the longest first, none overlapping; neighbours of one field as one."""
    text = "".join(_plain_char(c.text) for c in row.chars)
    found: list[Piece] = []
    for word in sorted(words, key=lambda w: (-len(w), w)):
        start = text.find(word)
        while start >= 0:
            end = start + len(word)
            if not any(a.start < end and start < a.end for a in found) and _stands(row, start, end):
                found.append(Piece(row, start, end, words[word]))
            start = text.find(word, start + 1)
    found += [label for piece in _texts_in(row, found) if (label := _misread(piece, text, words))]
    return _merged(sorted(found, key=lambda a: a.start))


def _stands(row: Row, start: int, end: int) -> bool:
    """Whether characters are a label by themselves: a Latin word whole, a single character apart from others."""
    chars, last = row.chars, len(row.chars)
    if _HAN.match(chars[start].text):
        apart = end == last or chars[end].starts or not _HAN.match(chars[end].text)
        return end - start > 1 or (chars[start].starts and apart)
    before = start == 0 or chars[start].starts or not _is_letter(chars[start - 1].text)
    after = end == last or chars[end].starts or not _is_letter(chars[end].text)
    cased = end < last and chars[end].text.isupper() and chars[end - 1].text.islower()
    return before and (after or cased)


def _is_letter(char: str) -> bool:
    return char.isalpha() and not _HAN.match(char)


def _misread(piece: Piece, text: str, words: Mapping[str, str]) -> Piece | None:
    """A piece, or what stands apart at its beginning, that is a label but for a character or two."""
    ends = [at for at in range(piece.start + 1, piece.end) if piece.row.chars[at].starts]
    for end in (*ends, piece.end):
        printed = text[piece.start : end].strip(SEPARATORS)
        for word in words:
            long = len(word) >= (4 if _HAN.match(word) else 6)
            alike = _ALIKE_SHORT if len(word) == 4 else _ALIKE
            if long and abs(len(word) - len(printed)) <= 1 and fuzz.ratio(word, printed) >= alike:
                return Piece(piece.row, piece.start, end, words[word])
    return None


def _merged(labels: Sequence[Piece]) -> list[Piece]:
    """Labels of one field side by side as one; a stroke joins translations, of which a part of the name says most."""
    merged: list[Piece] = []
    for label in labels:
        last = merged[-1] if merged else None
        between = label.row.text[last.end : label.start] if last else ""
        if last and not between.strip(SEPARATORS) and (last.name == label.name or "/" in between):
            name = label.name if label.name in PARTS_OF_NAME else last.name
            merged[-1] = Piece(label.row, last.start, label.end, name)
        else:
            merged.append(label)
    return [_with_translation(label, merged) for label in merged]


def _with_translation(label: Piece, labels: Sequence[Piece]) -> Piece:
    """A label with what a stroke joins to it: the label in a language that is not known, or misread (姓名/Nane)."""
    chars, start, end = label.row.chars, label.start, label.end
    first = max((a.end for a in labels if a.end <= start), default=0)
    if start - first > 1 and chars[start - 1].text == "/":
        start -= 1
        while start > first and chars[start - 1].placed is chars[start].placed and _touch(chars, start):
            start -= 1
    stop = min((a.start for a in labels if a.start >= end), default=len(chars))
    if end < stop and chars[end].text == "/":
        many = bool(_HAN.match(chars[end - 1].text))  # after characters only characters or digits begin the value
        end += 1
        while end < stop and chars[end].placed is chars[label.end].placed and not _is_figure(chars, end):
            word_ends = chars[end].starts and end > label.end + 1
            if _HAN.match(chars[end].text) or (word_ends and not many):
                break
            end += 1
    return Piece(label.row, start, end, label.name)


def _touch(chars: Sequence[Char], at: int) -> bool:
    return chars[at].left - chars[at - 1].right < _GAP * chars[at].placed.height


def _is_figure(chars: Sequence[Char], at: int) -> bool:
    """Whether a digit stands there, and not the misread beginning of a word: 1ssuing."""
    return chars[at].text.isdigit() and not (at + 1 < len(chars) and chars[at + 1].text.islower())


def _texts_in(row: Row, labels: Sequence[Piece]) -> list[Piece]:
    """What is left of a row beside its labels, broken at gaps, without the signs around it."""
    edges = sorted({0, len(row.chars), *(e for a in labels for e in (a.start, a.end))})
    found = []
    for start, end in pairwise(edges):
        if start == end or any(a.start <= start < a.end for a in labels):
            continue
        first = start
        for at in range(start + 1, end + 1):
            wide = at < end and row.chars[at].left - row.chars[at - 1].right > _GAP * row.chars[at].placed.height
            if at == end or wide:
                piece = trimmed(Piece(row, first, at))
                sign = row.text[first:at].lower().strip("/:")
                counts = sign.isdigit() and len(sign) < 3 and any(a.start == at and _close(piece, a) for a in labels)
                if piece.end > piece.start and not counts and not _ITEM_SIGN.fullmatch(sign):
                    found.append(piece)
                first = at
    return found


def _close(piece: Piece, label: Piece) -> bool:
    """Whether a label stands right behind a piece, like the number of an item in front of it: 6 Place of birth."""
    return label.left - piece.right < _GAP * label.height


def trimmed(piece: Piece) -> Piece:
    """A piece without the signs around it."""
    start, end = piece.start, piece.end
    while start < end and piece.row.chars[start].text in _BEFORE:
        start += 1
    while end > start and piece.row.chars[end - 1].text in _AFTER:
        end -= 1
    return Piece(piece.row, start, end, piece.name)


def _plain_char(char: str) -> str:
    return unicodedata.normalize("NFKD", char)[0].lower()
