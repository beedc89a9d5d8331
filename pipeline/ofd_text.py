"""The characters of an OFD's text objects (GB/T 33190-2016 §11) with their places, and the lines of a page."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from extractors.model import TextLine
from pipeline.ofd_content import Drawn, Matrix, multiplied, point
from pipeline.ofd_document import Resources, child, children, numbers
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
_WORD = re.compile(r"[^\s,]+")
_HEX = re.compile(r"#([0-9A-Fa-f]{1,2})")


@dataclass(frozen=True, slots=True)
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
    found: list[float] = []
    words = iter(_WORD.findall(text or ""))
    try:
        for word in words:
            if word == "g":
                times = int(next(words))
                found += [float(next(words))] * min(max(times, 0), count - len(found))
            else:
                found.append(float(word))
            if len(found) >= count:
                break
    except (ValueError, StopIteration, OverflowError):
        pass
    return [d if abs(d) < 1e6 else 0.0 for d in found[: max(count, 0)]]


def shown(drawn: Drawn, scale: float) -> Shown | None:
    """A text object's characters, `scale` pixels a millimetre; None where it is drawn so that nobody sees it."""
    element = drawn.element
    size = next(iter(numbers(element.get("Size"))), 0.0)
    if size <= 0 or _unseen(drawn):
        return None
    stretch = next(iter(numbers(element.get("HScale"))), 1.0)
    matrix = multiplied(drawn.placed(), (scale, 0.0, 0.0, scale, 0.0, 0.0))
    turn = _TURNS.get((element.get("CharDirection") or "").strip())
    codes, x, y = [], 0.0, 0.0
    for code in children(element, "TextCode"):
        x = next(iter(numbers(code.get("X"))), x)
        y = next(iter(numbers(code.get("Y"))), y)
        places = positions(code, (x, y), size * stretch, element.get("ReadDirection"))
        codes.append(tuple(
            _glyph(char, at, width, size, matrix, turn)
            for char, at, width in places if not char.isspace()
        ))  # fmt: skip
    return Shown((element.get("ID") or "").strip(), drawn.page_id, tuple(codes), _glyph_only(element))


def positions(
    code: Element, start: tuple[float, float], size: float, direction: str | None
) -> list[tuple[str, tuple[float, float], float]]:
    """Each character of a text code with the start of its base line and its width, in the object's own space."""
    text = "".join(c for c in code.text or "" if c not in "\r\n\t")
    across, down = (_held(spread(code.get(name), len(text)), len(text)) for name in ("DeltaX", "DeltaY"))
    forth = _TURNS.get((direction or "").strip(), (1.0, 0.0))
    (x, y), found, moved = start, [], any(down)
    for index, char in enumerate(text):
        own = size * (_WIDE if unicodedata.east_asian_width(char) in "WF" else _NARROW)
        step = across[index] if across else None
        found.append((char, (x, y), min(own, step) if step and step > 0 else own))
        if step is None and not moved:
            x, y = x + own * forth[0], y + own * forth[1]
        else:
            x, y = x + (step or 0.0), y + (down[index] if down else 0.0)
    return found


def _held(distances: list[float], count: int) -> list[float]:
    """As many distances: the last one of a list holds on for the characters after it."""
    return distances + distances[-1:] * (count - len(distances))


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
    if a > 0 and d > 0 and not b and not c:  # nearly all of them
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
    values = channels(colour.get("Value"))
    space = resources.colour_spaces.get((colour.get("ColorSpace") or "").strip())
    if not values or (space is not None and (space.get("Type") or "").upper() == "CMYK"):
        return False
    return min(values) >= _WHITE


def channels(text: str | None) -> list[float]:
    """The channels of a colour: "128 0 0", or "#80 #0 #0" as some write it."""
    if text and "#" in text:
        return [float(int(h, 16)) for h in _HEX.findall(text)]
    return numbers(text)


def _glyph_only(element: Element) -> bool:
    """Whether glyph numbers draw the text while its characters say nothing (placeholders, private use)."""
    text = "".join((code.text or "") for code in children(element, "TextCode"))
    return next(children(element, "CGTransform"), None) is not None and meaningless(text)


def meaningless(text: str) -> bool:
    """Whether a text is made of placeholders: private use, control characters, U+FFFD, or one sign again and again."""
    seen = [c for c in text if not c.isspace()]
    if not seen:
        return True
    odd = sum(unicodedata.category(c) in ("Co", "Cn", "Cc", "Cs") or c in "\ufffd¤□" for c in seen)
    return odd > 0.3 * len(seen) or (len(seen) > 3 and len(set(seen)) == 1 and seen[0] in "?*#.□■")


# Lines


def page_lines(texts: Sequence[Shown], page: int, size: tuple[int, int]) -> tuple[TextLine, ...] | None:
    """The lines of a page; None where its characters are no text.

    What stands off the sheet is left out: writers park there what is not to be seen.
    """
    if sum(len(code) for text in texts for code in text.codes) > MAX_CHARACTERS:
        return None
    glyphs, of = [], {}
    for index, text in enumerate(texts):
        for g in (g for code in text.codes for g in code if not text.glyph_only):
            if -0.5 * g.height < g.left < size[0] and -0.5 * g.height < g.top < size[1]:
                glyphs.append(g)
                of[id(g)] = index
    seen = distinct(glyphs)
    unread = sum(len(code) for text in texts if text.glyph_only for code in text.codes)
    if unread > _UNREAD * len(seen) or not plausible("".join(g.text for g in seen)):
        return None
    turned = [g for g in seen if g.turn]
    if 2 * len(turned) > len(seen):
        return None  # a page drawn sideways: OCR finds out which way
    lines = [part for line in joined([g for g in seen if not g.turn]) for part in _figures_apart(line, of)]
    return tuple(text_line(line, page) for line in lines + turned_lines(turned))


def _figures_apart(line: Sequence[Glyph], objects: dict[int, int]) -> list[Sequence[Glyph]]:
    """A line cut where another text object begins at a distance and one of the two is figures: columns of a table."""
    parts, start = [], 0
    for at in range(1, len(line)):
        a, b = line[at - 1], line[at]
        apart = b.left - a.right > _COLUMNS * max(a.height, b.height)
        if apart and objects[id(a)] != objects[id(b)] and (a.text.isascii() or b.text.isascii()):
            parts.append(line[start:at])
            start = at
    return [*parts, line[start:]]


def own_lines(text: Shown, page: int, size: tuple[int, int]) -> tuple[TextLine, ...]:
    """The lines of one text object, as a tag refers to it; none where it stands off the sheet."""
    lines = []
    for glyphs in text.codes if not text.glyph_only else ():
        if glyphs and 0 <= glyphs[0].left < size[0] and glyphs[0].bottom > 0 and glyphs[0].top < size[1]:
            lines.append(text_line(glyphs, page))
    return tuple(lines)
