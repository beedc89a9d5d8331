"""The characters of an OFD's text objects (GB/T 33190-2016 §11) with their places, and the lines of a page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, pairwise, repeat
from xml.etree.ElementTree import Element

from extractors.model import TextLine
from pipeline.ofd_content import Drawn, Matrix, multiplied, point
from pipeline.ofd_document import Resources, child, children, number, numbers
from pipeline.text_layer import MAX_CHARACTERS, Glyph, distinct, joined, plausible, text_line, turned_lines

_RISE, _FALL = 0.86, 0.14  # of a character above and below its base line, in its size
_WIDE, _NARROW = 1.0, 0.5  # advance of a Chinese and of a Latin character without one of its own
_UNREAD = 0.02  # share of characters drawn as mere glyphs above which a page is read by OCR
_COLUMNS = 0.3  # heights between figures of different columns, at least
_SKEW = 0.05  # share of a matrix off its diagonal that still stands upright
_WHITE = 240  # a text this light on paper is not seen

_TURNS = {  # of reading or of the characters, by degrees
    "90": (0.0, 1.0),
    "180": (-1.0, 0.0),
    "270": (0.0, -1.0),
}
_ONWARDS = (1.0, 0.0)
_BREAKS = dict.fromkeys(map(ord, "\r\n\t"))  # in a text they are the file's own
_HEX = re.compile(r"#([0-9A-Fa-f]{1,2})")


@dataclass(slots=True)
class Shown:
    """A text object as it stands on its page, in pixels: its ID there, its characters by code, in order."""

    id: str
    page_id: str
    codes: tuple[tuple[Glyph, ...], ...]
    glyph_only: bool  # drawn by glyph numbers of a font, its characters being no text


def spread(text: str | None, count: int) -> list[float]:
    """The distances that a DeltaX or DeltaY lists, at most `count`: "3 g 2 1.5" is 3, 1.5, 1.5.

    What is no number ends the list: whatever follows it cannot be told.
    """
    listed = text.replace(",", " ").split() if text else []
    try:
        found = list(map(float, listed[: max(count, 0)]))
    except ValueError:
        found = _told_in_groups(listed, count)
    return [d if abs(d) < 1e6 else 0.0 for d in found]


def _told_in_groups(words: Sequence[str], count: int) -> list[float]:
    """The distances where some are given as "g", how many, how far; up to what is no number."""
    found: list[float] = []
    rest = iter(words)
    with suppress(ValueError, StopIteration, OverflowError):
        for word in rest:
            if word == "g":
                times = int(next(rest))
                found += [float(next(rest))] * min(max(times, 0), count - len(found))
            else:
                found.append(float(word))
            if len(found) >= count:
                break
    return found[: max(count, 0)]


def shown(drawn: Drawn, scale: float) -> Shown | None:
    """A text object's characters, `scale` pixels a millimetre; None where it is drawn so that nobody sees it."""
    element = drawn.element
    size = number(element.get("Size"), 0.0)
    if size <= 0 or _unseen(drawn):
        return None
    stretch = number(element.get("HScale"), 1.0)
    a, b, c, d, e, f = drawn.placed()
    matrix = (a * scale, b * scale, c * scale, d * scale, e * scale, f * scale)
    turn = _TURNS.get((element.get("CharDirection") or "").strip())
    codes, x, y = [], 0.0, 0.0
    for code in children(element, "TextCode"):
        x, y = number(code.get("X"), x), number(code.get("Y"), y)
        places = positions(code, (x, y), size * stretch, element.get("ReadDirection"))
        codes.append(_glyphs(places, size, matrix, turn))
    return Shown((element.get("ID") or "").strip(), drawn.page_id, tuple(codes), _glyph_only(element))


def positions(
    code: Element, start: tuple[float, float], size: float, direction: str | None
) -> list[tuple[str, tuple[float, float], float]]:
    """Each character of a text code with the start of its base line and its width, in the object's own space."""
    text = code.text or ""
    if not text.isprintable():
        text = text.translate(_BREAKS)
    across, down = _distances(code.get("DeltaX"), len(text)), _distances(code.get("DeltaY"), len(text))
    forth = _TURNS.get(direction.strip(), _ONWARDS) if direction else _ONWARDS
    (x, y), found, moved = start, [], any(down)
    for char, step, drop in zip(text, across or repeat(None), down or repeat(0.0)):  # noqa: B905 - some have no end
        own = size * _advance(char)
        found.append((char, (x, y), min(own, step) if step and step > 0 else own))
        if step is None and not moved:
            x, y = x + own * forth[0], y + own * forth[1]
        else:
            x, y = x + (step or 0.0), y + drop
    return found


@lru_cache(16384)
def _advance(char: str) -> float:
    return _WIDE if unicodedata.east_asian_width(char) in "WF" else _NARROW


def _distances(text: str | None, count: int) -> list[float]:
    """As many distances as are needed: the last one of a list holds on for the characters after it."""
    if not text:
        return []
    listed = spread(text, count)
    return listed + listed[-1:] * (count - len(listed))


def _glyphs(
    places: Sequence[tuple[str, tuple[float, float], float]], size: float, matrix: Matrix,
    turn: tuple[float, float] | None,
) -> tuple[Glyph, ...]:  # fmt: skip
    """The characters of a text code that are no spaces."""
    a, b, c, d, e, f = matrix
    if turn or b or c or a <= 0 or d <= 0:
        return tuple(_glyph(char, at, w, size, matrix, turn) for char, at, w in places if not char.isspace())
    rise, fall = _RISE * size, _FALL * size  # nearly all stand upright: at once, as a page has thousands
    return tuple([
        Glyph(char, a * x + e, d * (y - rise) + f, a * (x + width) + e, d * (y + fall) + f)
        for char, (x, y), width in places if not char.isspace()
    ])  # fmt: skip


def _glyph(
    char: str, at: tuple[float, float], width: float, size: float, matrix: Matrix, turn: tuple[float, float] | None
) -> Glyph:
    x, y = at
    if turn:
        cos, sin = turn
        matrix = multiplied((cos, sin, -sin, cos, x, y), matrix)
        x = y = 0.0
    a, b, c, d, e, f = matrix
    top, bottom = y - _RISE * size, y + _FALL * size
    if a > 0 and d > 0 and not b and not c:
        return Glyph(char, a * x + e, d * top + f, a * (x + width) + e, d * bottom + f)
    corners = [point(matrix, i, j) for i in (x, x + width) for j in (top, bottom)]
    upright = a > 0 and d > 0 and abs(b) <= _SKEW * a and abs(c) <= 0.4 * d  # an italic is set with a shear
    xs, ys = [p[0] for p in corners], [p[1] for p in corners]
    return Glyph(char, min(xs), min(ys), max(xs), max(ys), None if upright else matrix[:4])


def _unseen(drawn: Drawn) -> bool:
    """Whether a text is neither filled nor outlined, or as light as the paper."""
    element = drawn.element
    filled = (element.get("Fill") or "true").strip().lower() != "false"
    outlined = (element.get("Stroke") or "false").strip().lower() == "true"
    colour = child(element, "FillColor")
    if colour is not None and (colour.get("Alpha") or "").strip() == "0":
        filled = False
    return not (filled or outlined) or (filled and not outlined and _light(colour, drawn.resources))


def _light(colour: Element | None, resources: Resources) -> bool:
    if colour is None:
        return False
    value = colour.get("Value") or ""
    if "#" not in value and number(value.partition(" ")[0], _WHITE) < _WHITE:
        return False  # most print is dark in its first channel
    if min(channels(value), default=0.0) < _WHITE:
        return False
    space = resources.colour_spaces.get((colour.get("ColorSpace") or "").strip())
    return space is None or (space.get("Type") or "").upper() != "CMYK"


def channels(text: str | None) -> list[float]:
    """The channels of a colour: "128 0 0", or "#80 #0 #0" as some write it."""
    if text and "#" in text:
        return [float(int(h, 16)) for h in _HEX.findall(text)]
    return numbers(text)


def _glyph_only(element: Element) -> bool:
    """Whether glyph numbers draw the text while its characters say nothing (placeholders, private use)."""
    if child(element, "CGTransform") is None:
        return False
    return meaningless("".join(code.text or "" for code in children(element, "TextCode")))


def meaningless(text: str) -> bool:
    """Whether a text is made of placeholders: private use, control characters, U+FFFD, or one sign again and again."""
    seen = [c for c in text if not c.isspace()]
    if not seen:
        return True
    odd = sum(unicodedata.category(c) in ("Co", "Cn", "Cc", "Cs") or c in "\ufffd¤□" for c in seen)
    return odd > 0.3 * len(seen) or (len(seen) > 3 and len(set(seen)) == 1 and seen[0] in "?*#.□■")


# Lines


class Lines:
    """The lines of one page. Those that one text object makes alone are asked for again by the tags that name it."""

    def __init__(self, page: int) -> None:
        self._page = page
        self._known: dict[tuple[int, ...], tuple[Sequence[Glyph], TextLine]] = {}  # by the ids of their characters

    def of(self, glyphs: Sequence[Glyph]) -> TextLine:
        """These characters as a line."""
        key = tuple(map(id, glyphs))
        if key not in self._known:
            self._known[key] = (glyphs, text_line(glyphs, self._page))  # kept: an id lasts as long as its object
        return self._known[key][1]


def page_lines(texts: Sequence[Shown], lines: Lines, size: tuple[int, int]) -> tuple[TextLine, ...] | None:
    """The lines of a page; None where its characters are no text.

    What stands off the sheet is left out: writers park there what is not to be seen.
    """
    if sum(len(code) for text in texts for code in text.codes) > MAX_CHARACTERS:
        return None
    (width, height), glyphs, of = size, [], {}
    for index, text in enumerate(texts):
        for g in chain.from_iterable(text.codes if not text.glyph_only else ()):
            least = -0.5 * (g.bottom - g.top)
            if least < g.left < width and least < g.top < height:
                glyphs.append(g)
                of[id(g)] = index
    seen = distinct(glyphs)
    unread = sum(len(code) for text in texts if text.glyph_only for code in text.codes)
    if unread > _UNREAD * len(seen) or not plausible("".join(g.text for g in seen)):
        return None
    turned = [g for g in seen if g.turn]
    if 2 * len(turned) > len(seen):
        return None  # a page drawn sideways: OCR finds out which way
    found = [part for line in joined([g for g in seen if not g.turn]) for part in _figures_apart(line, of)]
    return tuple(lines.of(line) for line in found + turned_lines(turned))


def _figures_apart(line: Sequence[Glyph], objects: dict[int, int]) -> list[Sequence[Glyph]]:
    """A line cut where another text object begins at a distance and one of the two is figures: columns of a table."""
    parts, start = [], 0
    for at, (a, b) in enumerate(pairwise(line), 1):
        if b.left <= a.right:
            continue
        apart = b.left - a.right > _COLUMNS * max(a.height, b.height)
        if apart and objects[id(a)] != objects[id(b)] and (a.text.isascii() or b.text.isascii()):
            parts.append(line[start:at])
            start = at
    return [*parts, line[start:]] if parts else [line]


def own_lines(text: Shown, lines: Lines, size: tuple[int, int]) -> tuple[TextLine, ...]:
    """The lines of one text object, as a tag refers to it; none where it stands off the sheet."""
    return tuple(
        lines.of(glyphs) for glyphs in text.codes if not text.glyph_only
        and glyphs and 0 <= glyphs[0].left < size[0] and glyphs[0].bottom > 0 and glyphs[0].top < size[1]
    )  # fmt: skip
