"""The text layer of a PDF page: whether it can be trusted, and its characters joined into lines.

A layer is used only when it says what the page shows. Reasons not to: too little text, characters
without a meaning (private use, U+FFFD, wrong code page), different characters on one spot, text that
leaves no ink where it stands. Then the page is read by OCR, which costs time but is never wrong for it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

import numpy as np

from extractors.model import TextLine, rectangle

UNREADABLE = "\ufffd"  # stands for a character that is printed but whose meaning is not known
MIN_CHARACTERS = 20  # fewer can be a page number on a scan
MAX_CHARACTERS = 6000  # a dense A4 page has 2,500; more is read by OCR rather than by a slow parser
_JOIN = 0.8  # a gap up to this share of the character height belongs to one line
_SCATTERED = 0.5  # the median gap above which every character of a page is set apart, as some invoices are drawn
_SPACE = 0.18  # a gap above it separates words of Latin letters
_SPACED_LABEL = 4.2  # heights between the single characters of a justified label (名      称)


@dataclass(slots=True)  # not frozen: that would triple the time it takes to make the thousands of a page
class Glyph:
    """One character with its box in pixels of the rendered page; `turn` is its matrix unless it stands upright."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    turn: tuple[float, ...] | None = None

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


# Trust


def plausible(text: str) -> bool:
    """Whether the characters of a page can be what is printed on it, told by the characters alone."""
    seen = [c for c in text if not c.isspace()]
    if not MIN_CHARACTERS <= len(seen) <= MAX_CHARACTERS or "(cid:" in text:
        return False
    meaningless = sum(unicodedata.category(c) in ("Co", "Cn", "Cc", "Cs") or c == UNREADABLE for c in seen)
    accented = sum("\u00c0" <= c <= "\u024f" for c in seen)  # Chinese bytes read as Latin-1
    if meaningless > 0.02 * len(seen) or accented > 0.1 * len(seen):
        return False
    ideographs = [c for c in seen if "\u4e00" <= c <= "\u9fff"]
    if ideographs:
        return sum(map(_common, ideographs)) >= 0.75 * len(ideographs)
    return _reads_as_english(text)


def _common(ideograph: str) -> bool:
    """Level 1 of GB 2312 or of Big5: nine in ten of real text, one in three of a wrong code page."""
    try:
        return ideograph.encode("gb2312")[0] <= 0xD7
    except UnicodeEncodeError:
        pass
    try:
        return ideograph.encode("big5")[0] <= 0xC6
    except UnicodeEncodeError:
        return False


def _reads_as_english(text: str) -> bool:
    """Without one ideograph: words with vowels and plain numbers, not the letters of a shifted font."""
    words = [w.strip(".,:;()[]/#%&'\"-") for w in text.split()]
    words = [w for w in words if w]
    good = [w for w in words if re.fullmatch(r"[A-Z]?[a-z]*[aeiouy][a-z]*|[A-Z]*[AEIOUY][A-Z]*|[\d.,/-]+", w)]
    return any(w.isalpha() for w in good) and len(good) >= 0.7 * len(words)


def settled(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Different characters on one spot become one that cannot be read: which of them is seen is not known."""
    upright = [g for g in glyphs if g.turn is None]
    pairs = ((upright[i], upright[j]) for i, j in _on_one_spot(upright))
    covered = {id(glyph) for pair in pairs if pair[0].text != pair[1].text for glyph in pair}
    if not covered:
        return list(glyphs)
    return distinct([replace(g, text=UNREADABLE) if id(g) in covered else g for g in glyphs])


def _on_one_spot(glyphs: Sequence[Glyph]) -> Iterator[tuple[int, int]]:
    """Pairs of characters of about one size, the middle of each well inside the other; by number, lower first.

    The next character of a word, even an equal one, stands nearly its whole width further on.
    """
    if not glyphs:
        return
    left, top, right, bottom = np.array([(g.left, g.top, g.right, g.bottom) for g in glyphs]).T
    order = np.argsort(left + right, kind="stable")  # from the left: few stand above each other, many side by side
    x, y, width, height = (v[order] for v in ((left + right) / 2, (top + bottom) / 2, right - left, bottom - top))
    reach = 0.35 * width.max()
    for step in range(1, len(glyphs)):
        aside = x[step:] - x[:-step]
        if (aside > reach).all():
            return
        small, large = np.minimum(height[step:], height[:-step]), np.maximum(height[step:], height[:-step])
        level = np.abs(y[step:] - y[:-step]) < 0.3 * small
        narrow = np.minimum(width[step:], width[:-step])
        for at in np.flatnonzero(level & (aside < 0.35 * narrow) & (small >= 0.6 * large)):
            one, other = sorted((int(order[at]), int(order[at + step])))
            yield one, other


# Lines


def distinct(glyphs: Sequence[Glyph]) -> list[Glyph]:
    """Each character once: bold print is sometimes the same character drawn again a little aside."""
    again = {other for one, other in _on_one_spot(glyphs) if glyphs[one].text == glyphs[other].text}
    return [glyph for number, glyph in enumerate(glyphs) if number not in again]


def joined(upright: Sequence[Glyph]) -> list[Sequence[Glyph]]:
    """Characters of a page joined into lines by where they stand; their order in the file says nothing."""
    rows = [sorted(row, key=lambda g: g.left) for row in _rows(upright)]
    gaps = sorted(_gap(a, b) for row in rows for a, b in pairwise(row))
    near = [gap for gap in gaps if gap < _SPACED_LABEL]
    join = _JOIN
    if near and near[len(near) // 2] > _SCATTERED:
        join = max(join, 1.1 * near[len(near) * 3 // 4])
    lines: list[Sequence[Glyph]] = []
    for row in rows:
        lines += _labels_rejoined(_runs(row, join), _SPACED_LABEL * (1 + join) / (1 + _JOIN))
    return lines


def _gap(a: Glyph, b: Glyph) -> float:
    """The space between two neighbours in heights of the taller one."""
    return (b.left - a.right) / max(a.height, b.height, 1e-6)


def _rows(glyphs: Sequence[Glyph]) -> list[list[Glyph]]:
    """Characters of about one size whose middles lie at one height."""
    rows: list[list[Glyph]] = []
    for glyph in sorted(glyphs, key=lambda g: g.middle):
        middle, height = glyph.middle, glyph.height
        for row in reversed(rows[-8:]):
            last = row[-1].height
            small, large = (height, last) if height < last else (last, height)
            if small >= 0.6 * large and middle - _level(row[-8:]) < 0.4 * small:
                row.append(glyph)
                break
        else:
            rows.append([glyph])
    return rows


def _level(glyphs: Sequence[Glyph]) -> float:
    """The median of the middles of characters that come in the order of these."""
    return (glyphs[(len(glyphs) - 1) // 2].middle + glyphs[len(glyphs) // 2].middle) / 2


def _runs(row: Sequence[Glyph], join: float) -> list[list[Glyph]]:
    """A row cut at its gaps wider than `join` heights."""
    runs = [[row[0]]]
    for a, b in pairwise(row):
        if _gap(a, b) <= join:
            runs[-1].append(b)
        else:
            runs.append([b])
    return runs


def _labels_rejoined(runs: Sequence[list[Glyph]], limit: float) -> list[list[Glyph]]:
    """The parts of a label set wide to fill its column (名      称：, 地址、  电话：) as one line again."""
    lines = [runs[0]]
    letters = len(runs[0]) == 1  # the last line so far is single characters of a label
    for run in runs[1:]:
        single = len(run) == 1 or run[1].text in ":："
        a, b = lines[-1][-1], run[0]
        goes_on = a.text == "、" or (letters and single and len(lines[-1]) < 3)
        if goes_on and _one_setting(a, b) and _gap(a, b) <= limit:
            lines[-1] = lines[-1] + run
            letters = letters and len(run) == 1
        else:
            lines.append(run)
            letters = len(run) == 1
    return lines


def _one_setting(a: Glyph, b: Glyph) -> bool:
    """Two ideographs (or a pause after one) of one size on one base line."""
    return (
        min(a.text, b.text) >= "\u3001"
        and abs(a.height - b.height) < 0.1 * a.height
        and abs(a.bottom - b.bottom) < 0.15 * a.height
    )


def text_line(glyphs: Sequence[Glyph], page: int) -> TextLine:
    """One line with spaces only between Latin words (Chinese needs none); nobody is sure of one with a gap in it."""
    latin = {at: _gap(a, b) for at, (a, b) in enumerate(pairwise(glyphs), 1) if a.text.isascii() and b.text.isascii()}
    wide = max(_SPACE, 1.5 * median(latin.values())) if latin else _SPACE  # digits set wide are still one number
    text, spans = "", []
    for at, glyph in enumerate(glyphs):
        if at in latin and latin[at] > wide:
            text += " "
            spans.append((glyphs[at - 1].right, glyph.left))
        text += glyph.text
        spans += [(glyph.left, glyph.right)] * len(glyph.text)
    lefts, tops, rights, bottoms = zip(*((g.left, g.top, g.right, g.bottom) for g in glyphs), strict=True)
    box = rectangle(min(lefts), min(tops), max(rights), max(bottoms))
    left, width = box[0][0], max(box[1][0] - box[0][0], 1e-6)
    places = () if glyphs[0].turn else tuple(((a - left) / width, (b - left) / width) for a, b in spans)
    return TextLine(text, box, 0.0 if UNREADABLE in text else 1.0, page, places=places)


def turned_lines(glyphs: Iterable[Glyph]) -> list[Sequence[Glyph]]:
    """Slanted or sideways characters (a watermark, a seal's arc), in the file's order, joined while they touch."""
    lines: list[list[Glyph]] = []
    for glyph in glyphs:
        if lines and _touch(lines[-1][-1], glyph):
            lines[-1].append(glyph)
        else:
            lines.append([glyph])
    return list(lines)


def _touch(a: Glyph, b: Glyph) -> bool:
    """Whether two turned characters stand within twice their size of each other."""
    size = max(a.height, a.right - a.left, b.height, b.right - b.left)
    return max(abs(a.middle - b.middle), abs(a.left + a.right - b.left - b.right) / 2) <= 2 * size
