"""Fonts a PDF names but does not carry, on a machine that has none like them.

PDFium draws nothing for the Chinese of such a font, so nothing tells what is hidden from what only this machine
cannot show. While pages are looked through, a font of upright bars stands in: every character leaves ink, one the
page hides (white, clipped, covered, invisible) leaves none. Pictures of pages are drawn without it: bars are no text.
"""

from __future__ import annotations

import ctypes
import io
import struct
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from pipeline.pdf_render import LOCK, drawn

_CHARSETS = {
    pdfium.FXFONT_SHIFTJIS_CHARSET, pdfium.FXFONT_HANGEUL_CHARSET,
    pdfium.FXFONT_GB2312_CHARSET, pdfium.FXFONT_CHINESEBIG5_CHARSET,
}  # fmt: skip
_HANDLE = 1  # stands for the font of bars; PDFium's own handles are addresses
_NAME = b"Heyan Bars\0"
_BAR = (350, 0, 650, 700)  # left, bottom, right, top of 1000: PDFium narrows it where the file says how wide
_FIRST, _LAST = 0x21, 0x3FFFF
_PROBE = "文永"  # of every Chinese font, and not alike
_PAGE = b"""%%PDF-1.4
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 40 40]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>endobj
4 0 obj<</Length 28>>stream
BT /F 30 Tf 5 8 Td <%s> Tj ET
endstream endobj
5 0 obj<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[6 0 R]>>endobj
6 0 obj<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 7 0 R
/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>endobj
7 0 obj<</Type/FontDescriptor/FontName/STSong-Light/Flags 6>>endobj
trailer<</Root 1 0 R>>"""


@contextmanager
def bars_for_missing_fonts() -> Iterator[None]:
    """While it lasts, documents opened anew show a bar for each character of an East Asian font that is nowhere."""
    with LOCK:
        fonts = _fonts()
        if fonts is None:
            yield
            return
        before, fonts.barred = fonts.barred, True
        try:
            yield
        finally:
            fonts.barred = before


def draws_chinese() -> bool:
    """Whether this machine has a font with which PDFium shows Chinese whose font a file does not embed."""
    with LOCK:
        first, second = (_probed(character) for character in _PROBE)
    return bool(first.min() < 128 and second.min() < 128 and (first != second).any())  # a box is as good as nothing


def _probed(character: str) -> Any:
    page = _PAGE % character.encode("utf-16-be").hex().encode()
    with closing(pypdfium2.PdfDocument(page)) as document, closing(document[0]) as shown:
        return np.asarray(drawn(shown, 1, grey=True))


class _Fonts(pypdfium2.PdfSysfontBase):  # type: ignore[misc]
    """PDFium's own fonts of the system, and the bars where it has none. The methods' names are PDFium's."""

    barred = False

    def MapFont(self, _: Any, weight: int, italic: int, charset: int, pitch: int, face: Any, exact: Any) -> Any:  # noqa: N802
        found = self.default.MapFont(self.default, weight, italic, charset, pitch, face, exact)
        return _HANDLE if not found and self.barred and charset in _CHARSETS else found

    def GetFontData(self, _: Any, font: int, table: int, buffer: Any, size: int) -> int:  # noqa: N802
        if font != _HANDLE:
            return int(self.default.GetFontData(self.default, font, table, buffer, size))
        return 0 if table else _given(_font_of_bars(), buffer, size)

    def GetFaceName(self, _: Any, font: int, buffer: Any, size: int) -> int:  # noqa: N802
        if font != _HANDLE:
            return int(self.default.GetFaceName(self.default, font, buffer, size))
        return _given(_NAME, buffer, size)

    def GetFontCharset(self, _: Any, font: int) -> int:  # noqa: N802
        if font != _HANDLE:
            return int(self.default.GetFontCharset(self.default, font))
        return int(pdfium.FXFONT_GB2312_CHARSET)

    def DeleteFont(self, _: Any, font: int) -> None:  # noqa: N802
        if font != _HANDLE:
            self.default.DeleteFont(self.default, font)


def _given(content: bytes, buffer: Any, size: int) -> int:
    """The length of what is asked for, which is copied where there is room for it."""
    if buffer and size >= len(content):
        ctypes.memmove(buffer, content, len(content))
    return len(content)


@cache
def _fonts() -> _Fonts | None:
    """The fonts PDFium asks, from the first call on; None where it has no system fonts that could be asked first."""
    try:
        fonts = _Fonts()
        fonts.setup()
    except pypdfium2.PdfiumError:
        return None
    return fonts


@cache
def _font_of_bars() -> bytes:
    """A TrueType font in which every character of Unicode is one bar, clear of its neighbours."""
    from fontTools.fontBuilder import FontBuilder  # here: few machines need it
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib.tables.DefaultTable import DefaultTable

    left, bottom, right, top = _BAR
    pen = TTGlyphPen(None)
    pen.moveTo((left, bottom))
    for corner in ((left, top), (right, top), (right, bottom)):
        pen.lineTo(corner)
    pen.closePath()
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", "bar"])
    font.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "bar": pen.glyph()})
    font.setupHorizontalMetrics({".notdef": (1000, 0), "bar": (1000, left)})
    font.setupHorizontalHeader(ascent=880, descent=-120)
    characters = DefaultTable("cmap")  # format 13 of the OpenType specification: one glyph for a range
    one_range = struct.pack(">HHLLLLLL", 13, 0, 28, 0, 1, _FIRST, _LAST, 1)
    characters.data = struct.pack(">HHHHL", 0, 1, 3, 10, 12) + one_range
    font.font["cmap"] = characters
    file = io.BytesIO()
    font.font.save(file)
    return file.getvalue()
