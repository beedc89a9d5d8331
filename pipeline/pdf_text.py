"""The characters of a PDF page as PDFium finds them, placed on the page as it is shown."""

from __future__ import annotations

import ctypes
import math
import unicodedata
from collections.abc import Collection, Iterator
from contextlib import closing
from typing import Any

import pypdfium2.raw as pdfium

from pipeline.text_layer import UNREADABLE, Glyph

_MOST = 20_000  # characters of a page that are looked at; a dense A4 page has 2,500
_SAME_PLACE = 0.5  # points
_UPRIGHT = 0.09  # about 5 degrees: what leans more is a watermark or stands sideways
# Simplified forms of the CJK Radicals Supplement that Unicode leaves without a decomposition
# (EquivalentUnifiedIdeograph.txt); fonts made by subsetting are mapped to them by mistake.
_RADICALS = str.maketrans(
    "⺠⺟⻅⻉⻋⻓⻔⻘⻙⻚⻛⻜⻝⻢⻥⻦⻨⻩⻬⻮⻰⻳⻄⺓⺮⻊⻣⻤⻆⻗⻒⻞⺝⺧⺼⻑⻁",
    "民母见贝车长门青韦页风飞食马鱼鸟麦黄齐齿龙龟西幺竹足骨鬼角雨镸饣月牛肉長虎",
)  # fmt: skip
_ODD = str.maketrans({"・": "·", "\x02": "-", "\xad": "-"})  # PDFium marks a hyphen at the end of a line so


def page_text(page: Any, scale: float, unmapped: Collection[str]) -> tuple[str, list[Glyph]]:
    """The text on a page with its spaces, and its characters with their boxes in pixels at `scale` (pixels a point).

    Characters of fonts named in `unmapped`, and those PDFium itself only guessed, are U+FFFD: they are
    printed, but what they mean is not known. What lies off the page is left out. Nothing is given of a
    page with too many characters.
    """
    with closing(page.get_textpage()) as textpage:
        if textpage.count_chars() > _MOST:
            return "", []
        found = list(_glyphs(page, textpage.raw, textpage.count_chars(), scale, unmapped))
    return "".join(glyph.text if glyph else " " for glyph in found), [glyph for glyph in found if glyph]


def _glyphs(page: Any, text: Any, count: int, scale: float, unmapped: Collection[str]) -> Iterator[Glyph | None]:
    """The characters that lie on the page as it is shown, in the file's order; None for a space."""
    shown = _Shown(page, scale)
    box, matrix = pdfium.FS_RECTF(), pdfium.FS_MATRIX()
    fonts: dict[int, bool] = {}
    for index in range(count):
        code = pdfium.FPDFText_GetUnicode(text, index)
        character = readable(chr(code)) if 0 < code < 0x110000 else UNREADABLE
        if character.isspace() or pdfium.FPDFText_IsGenerated(text, index) == 1:
            yield None
            continue
        if pdfium.FPDFText_HasUnicodeMapError(text, index) == 1 or (unmapped and _of(text, index, unmapped, fonts)):
            character = UNREADABLE
        if not pdfium.FPDFText_GetLooseCharBox(text, index, box) or not pdfium.FPDFText_GetMatrix(text, index, matrix):
            continue
        left, top, right, bottom = shown.box(*_on_page(text, index, box, matrix))
        if right <= left or bottom <= top or not shown.holds((left + right) / 2, (top + bottom) / 2):
            continue
        turn = shown.turn(matrix)
        if turn is None:  # fonts differ in what they claim above the line, not in their size
            size = pdfium.FPDFText_GetFontSize(text, index) * math.hypot(matrix.c, matrix.d) * scale
            top = bottom - size if size > 0 else top
        yield Glyph(character, left, top, right, bottom, turn)


def _on_page(text: Any, index: int, box: Any, matrix: Any) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of a character on the page.

    A character PDFium writes in another form (a radical as its ideograph) keeps the box it has inside its form
    object, while its matrix is the page's: then its origin does not lie on the line of text the matrix begins.
    """
    edges = float(box.left), float(box.bottom), float(box.right), float(box.top)
    x, y, own = ctypes.c_double(), ctypes.c_double(), pdfium.FS_MATRIX()
    if not pdfium.FPDFText_GetCharOrigin(text, index, x, y):
        return edges
    if _off_line(matrix, x.value, y.value) < _SAME_PLACE:
        return edges
    if not pdfium.FPDFPageObj_GetMatrix(pdfium.FPDFText_GetTextObject(text, index), own):
        return edges
    area = own.a * own.d - own.b * own.c
    if not area or _off_line(own, x.value, y.value) >= _SAME_PLACE:
        return edges
    # From the form to the page: what turns the matrix inside the form into the one on the page.
    a, b = (own.d * matrix.a - own.b * matrix.c) / area, (own.d * matrix.b - own.b * matrix.d) / area
    c, d = (own.a * matrix.c - own.c * matrix.a) / area, (own.a * matrix.d - own.c * matrix.b) / area
    corners = [
        (matrix.e + (u - own.e) * a + (v - own.f) * c, matrix.f + (u - own.e) * b + (v - own.f) * d)
        for u in (edges[0], edges[2])
        for v in (edges[1], edges[3])
    ]
    across, up = [u for u, _ in corners], [v for _, v in corners]
    return min(across), min(up), max(across), max(up)


def _off_line(matrix: Any, x: float, y: float) -> float:
    """How far a point is, in points, from the line of text that begins where the matrix says and runs its way."""
    along = math.hypot(matrix.a, matrix.b)
    right, up = x - matrix.e, y - matrix.f
    if not along:
        return math.hypot(right, up)
    aside, ahead = abs(right * matrix.b - up * matrix.a), right * matrix.a + up * matrix.b
    return math.hypot(aside, min(ahead, 0)) / along


def readable(character: str) -> str:
    """A character as it is written: radicals and compatibility forms of ideographs become the ideograph."""
    if "\u2e80" <= character <= "\u2fdf" or "\uf900" <= character <= "\ufaff":
        return unicodedata.normalize("NFKC", character.translate(_RADICALS))
    return character.translate(_ODD)


def _of(text: Any, index: int, unmapped: Collection[str], fonts: dict[int, bool]) -> bool:
    """Whether a character is set in one of the `unmapped` fonts; `fonts` remembers the answer by font."""
    font = pdfium.FPDFTextObj_GetFont(pdfium.FPDFText_GetTextObject(text, index))
    if not font:
        return True
    address = ctypes.addressof(font.contents)
    if address not in fonts:
        name = ctypes.create_string_buffer(256)
        pdfium.FPDFFont_GetBaseFontName(font, name, len(name))
        fonts[address] = name.value.decode("utf-8", "replace") in unmapped
    return fonts[address]


class _Shown:
    """From the page's own coordinates to pixels of the page as it is shown (CropBox, /Rotate)."""

    def __init__(self, page: Any, scale: float) -> None:
        box = pdfium.FS_RECTF()
        pdfium.FPDF_GetPageBoundingBox(page, box)
        self._left, self._bottom, self._right, self._top = box.left, box.bottom, box.right, box.top
        self._rotation = page.get_rotation()
        self._scale = scale
        self._width, self._height = (side * scale for side in page.get_size())

    def holds(self, x: float, y: float) -> bool:
        """Whether a point in pixels is on the page."""
        return bool(0 <= x <= self._width and 0 <= y <= self._height)

    def box(self, left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        """Left, top, right, bottom in pixels."""
        match self._rotation:
            case 90:
                edges = bottom - self._bottom, left - self._left, top - self._bottom, right - self._left
            case 180:
                edges = self._right - right, bottom - self._bottom, self._right - left, top - self._bottom
            case 270:
                edges = self._top - top, self._right - right, self._top - bottom, self._right - left
            case _:
                edges = left - self._left, self._top - top, right - self._left, self._top - bottom
        left, top, right, bottom = (float(edge) * self._scale for edge in edges)
        return left, top, right, bottom

    def turn(self, matrix: Any) -> tuple[float, ...] | None:
        """None for a character that stands upright, else how it lies."""
        turned = math.radians(self._rotation)
        cos, sin = math.cos(turned), math.sin(turned)
        a, b = matrix.a * cos + matrix.b * sin, matrix.b * cos - matrix.a * sin
        c, d = matrix.c * cos + matrix.d * sin, matrix.d * cos - matrix.c * sin
        if a > 0 and d > 0 and abs(b) <= _UPRIGHT * a:
            return None
        return round(a, 3), round(b, 3), round(c, 3), round(d, 3)
