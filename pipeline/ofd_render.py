"""A page of an OFD as pixels: its paths, pictures and characters set into a page of PDFium, which draws it.

Good enough for OCR, for QR codes and for a person to look at: no clipping, no patterns; shadings in one colour.
"""

from __future__ import annotations

import ctypes
import io
import math
from collections.abc import Iterable, Sequence
from contextlib import closing, suppress
from typing import Any
from xml.etree.ElementTree import Element

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium
from PIL import Image as Pictures

from extractors.errors import DocumentError
from pipeline.images import too_many_pixels
from pipeline.jbig2 import decoded as jbig2
from pipeline.ofd_content import MAX_OBJECTS, Budget, Drawn, Matrix, Sheet, multiplied
from pipeline.ofd_document import Rectangle, Resources, child, children, number, numbers, read_documents, text_of
from pipeline.ofd_fonts import Font, Outline, chinese, embedded
from pipeline.ofd_package import Package
from pipeline.ofd_paths import steps
from pipeline.ofd_signature import Stamp
from pipeline.ofd_text import channels, meaningless, positions
from pipeline.pages import Image
from pipeline.pdf_render import LOCK
from pipeline.settings import Settings

_POINTS = 72 / 25.4  # a millimetre
_MAX_STEPS = 200_000
_MAX_AREA = 400  # times the page that is painted over
_LINE_WIDTH = 0.353  # millimetres, the default of the standard
_MAX_PARAMS = 8
_FORMATS = ("PNG", "JPEG", "BMP", "TIFF", "GIF")
_BLACK = (0, 0, 0, 255)
_JOINS = {"Miter": 0, "Round": 1, "Bevel": 2}
_CAPS = {"Butt": 0, "Round": 1, "Square": 2}

Colour = tuple[int, int, int, int]


def render(
    area: Rectangle, objects: Iterable[Drawn], package: Package, stamps: Sequence[Stamp], scale: float,
    settings: Settings,
) -> Image:  # fmt: skip
    """An area of a page (millimetres) with the objects and seals set on it, at `scale` pixels a millimetre.

    Raises DocumentError for pictures or drawings above the limits.
    """
    with LOCK, closing(pypdfium2.PdfDocument.new()) as document:
        left, top, width, height = (length * _POINTS for length in area)
        with closing(document.new_page(width, height)) as page:
            base = (_POINTS, 0.0, 0.0, -_POINTS, -left, top + height)
            canvas = _Canvas(document, page, base, package, settings)
            for drawn in objects:
                canvas.draw(drawn)
            for stamp in stamps:
                with suppress(DocumentError):  # a seal that cannot be drawn hides nothing
                    _set(stamp, canvas, settings)
            bitmap = page.render(scale=scale / _POINTS)
            return np.ascontiguousarray(bitmap.to_numpy()[:, :, :3])  # the memory of the bitmap itself, which is ours


def _set(stamp: Stamp, canvas: _Canvas, settings: Settings) -> None:
    """A seal on the page: a picture, or an OFD of its own that fills the place."""
    x, y, width, height = stamp.boundary
    if not stamp.picture.startswith(b"PK"):
        canvas.stamp(stamp.picture, (width, 0.0, 0.0, height, x, y))
        return
    package = Package(stamp.picture, settings)
    document = read_documents(package, 1)[0]
    sheet = Sheet(document, document.pages[0], Budget())
    place = multiplied((width / sheet.box[2], 0.0, 0.0, height / sheet.box[3], x, y), canvas.base)
    inner = _Canvas(canvas.document, canvas.page, place, package, settings)
    for drawn in sheet.drawn():
        inner.draw(drawn)


class _Canvas:
    """A PDFium page that objects are put on, one above the other."""

    def __init__(self, document: Any, page: Any, base: Matrix, package: Package, settings: Settings) -> None:
        self.document, self.page, self.base = document, page, base
        self._package, self._settings = package, settings
        self._fonts: dict[str, Font | None] = {}
        self._pictures: dict[str, Any] = {}
        self._steps = self._drawn = 0
        self._area = 0.0
        self._paper = math.prod(page.get_size())

    def draw(self, drawn: Drawn) -> None:
        look = _Look(drawn)
        matrix = multiplied(drawn.placed(), self.base)
        if drawn.element.tag == "PathObject":
            self._path(drawn.element, look, matrix)
        elif drawn.element.tag == "ImageObject":
            self._picture(drawn, look, matrix)
        else:
            self._text(drawn, look, matrix)

    def _path(self, element: Element, look: _Look, matrix: Matrix) -> None:
        path = pdfium.FPDFPageObj_CreateNewPath(0, 0)
        # Without a colour of its own a fill is transparent, an outline black (§9.1).
        filled, outlined = look.flag("Fill", False) and look.has("FillColor"), look.flag("Stroke", True)
        xs, ys = [0.0], [0.0]
        for name, values in steps(text_of(element, "AbbreviatedData")):
            self._step(path, name, values)
            xs += values[::2]
            ys += values[1::2]
        wide, high, width = max(xs) - min(xs), max(ys) - min(ys), look.number("LineWidth", _LINE_WIDTH)
        self._paint(wide * high if filled else (wide + high) * 2 * width, matrix)
        rule = pdfium.FPDF_FILLMODE_ALTERNATE if element.get("Rule") == "Even-Odd" else pdfium.FPDF_FILLMODE_WINDING
        pdfium.FPDFPath_SetDrawMode(path, rule if filled else pdfium.FPDF_FILLMODE_NONE, outlined)
        pdfium.FPDFPageObj_SetFillColor(path, *look.colour("FillColor"))
        pdfium.FPDFPageObj_SetStrokeColor(path, *look.colour("StrokeColor"))
        pdfium.FPDFPageObj_SetStrokeWidth(path, width)
        pdfium.FPDFPageObj_SetLineJoin(path, _JOINS.get(look.text("Join"), 0))
        pdfium.FPDFPageObj_SetLineCap(path, _CAPS.get(look.text("Cap"), 0))
        dashes = [abs(n) for n in numbers(look.text("DashPattern"))][:8]
        if any(dashes):
            array = (ctypes.c_float * len(dashes))(*dashes)
            pdfium.FPDFPageObj_SetDashArray(path, array, len(dashes), look.number("DashOffset", 0.0))
        self._put(path, matrix, look.text("BlendMode"))

    def _step(self, path: Any, name: str, values: tuple[float, ...]) -> None:
        self._steps += 1
        if self._steps > _MAX_STEPS:
            raise DocumentError("FILE_OFD_TOO_COMPLEX", limit=MAX_OBJECTS)
        if name == "M":
            pdfium.FPDFPath_MoveTo(path, *values)
        elif name == "L":
            pdfium.FPDFPath_LineTo(path, *values)
        elif name == "B":
            pdfium.FPDFPath_BezierTo(path, *values)
        else:
            pdfium.FPDFPath_Close(path)

    def _paint(self, area: float, matrix: Matrix) -> None:
        """Counts an area of an object's own space: a few objects can keep a painter busy for hours."""
        area *= abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])
        self._area += min(area / self._paper, 1.0)
        if self._area > _MAX_AREA:
            raise DocumentError("FILE_OFD_TOO_COMPLEX", limit=MAX_OBJECTS)

    def _put(self, thing: Any, matrix: Matrix, blend: str) -> None:
        pdfium.FPDFPageObj_SetMatrix(thing, pdfium.FS_MATRIX(*matrix))
        if blend:
            pdfium.FPDFPageObj_SetBlendMode(thing, blend.encode("ascii", "ignore"))
        pdfium.FPDFPage_InsertObject(self.page, thing)

    # Pictures

    def _picture(self, drawn: Drawn, look: _Look, matrix: Matrix) -> None:
        part = drawn.resources.media.get((drawn.element.get("ResourceID") or "").strip())
        if part is None:
            return
        if part not in self._pictures:
            self._pictures[part] = self._bitmap(self._package.read(part))
        if drawn.element.get("CTM") is None:  # it fills its boundary
            matrix = multiplied((drawn.boundary[2], 0, 0, drawn.boundary[3], 0, 0), matrix)
        self._pixels(self._pictures[part], matrix, look.text("BlendMode"))

    def stamp(self, data: bytes, matrix: Matrix) -> None:
        """A picture of a seal, through which the text below it is seen."""
        self._pixels(self._bitmap(data), multiplied(matrix, self.base), "Darken")

    def _pixels(self, bitmap: Any, matrix: Matrix, blend: str) -> None:
        if bitmap is None:
            return
        self._drawn += bitmap.width * bitmap.height
        if self._drawn > self._settings.max_pixels:
            raise too_many_pixels(self._settings)
        self._paint(1.0, matrix)
        thing = pdfium.FPDFPageObj_NewImageObj(self.document)
        pdfium.FPDFImageObj_SetBitmap(None, 0, thing, bitmap)
        # PDF draws pictures upwards in their unit square, OFD downwards.
        self._put(thing, multiplied((1, 0, 0, -1, 0, 1), matrix), blend)

    def _bitmap(self, data: bytes) -> Any:
        """The pixels of a picture; None where there is no decoder for it or it is broken."""
        if (found := jbig2(data)) is not None:
            picture = Pictures.fromarray(found).convert("RGBA")
        else:
            try:
                picture = Pictures.open(io.BytesIO(data), formats=_FORMATS)
                if picture.width * picture.height > self._settings.max_pixels // 2:
                    raise too_many_pixels(self._settings)
                picture = picture.convert("RGBA")
            except DocumentError:
                raise
            except Exception:  # decoders raise anything on broken pictures
                return None
        bitmap = pypdfium2.PdfBitmap.new_native(picture.width, picture.height, pdfium.FPDFBitmap_BGRA)
        pixels = np.frombuffer(picture.tobytes("raw", "BGRA"), np.uint8)
        bitmap.to_numpy()[:] = pixels.reshape(picture.height, picture.width, 4)
        return bitmap

    # Text

    def _text(self, drawn: Drawn, look: _Look, matrix: Matrix) -> None:
        if not look.flag("Fill", True) and not look.flag("Stroke", False):
            return
        element = drawn.element
        size = number(element.get("Size"), 0.0)
        stretch = number(element.get("HScale"), 1.0)
        font = self._font(drawn)
        path = pdfium.FPDFPageObj_CreateNewPath(0, 0)
        transforms = children(element, "CGTransform")
        x = y = 0.0
        offset = 0
        for code in children(element, "TextCode"):
            x = number(code.get("X"), x)
            y = number(code.get("Y"), y)
            glyphs = _glyph_numbers(transforms, offset)
            for index, (char, at, _) in enumerate(
                positions(code, (x, y), size * stretch, element.get("ReadDirection"))
            ):
                if outline := self._outline(font, char, glyphs.get(index)):
                    self._character(path, outline, at, size, size * stretch)
                    self._paint(size * size * stretch, matrix)
            offset += len(code.text or "")
        pdfium.FPDFPath_SetDrawMode(path, pdfium.FPDF_FILLMODE_WINDING, False)
        pdfium.FPDFPageObj_SetFillColor(path, *look.colour("FillColor"))
        self._put(path, matrix, look.text("BlendMode"))

    def _outline(self, font: Font | None, char: str, glyph: int | None) -> Outline | None:
        """Of a glyph number only the embedded font knows the meaning; of a character any font does."""
        if font and glyph is not None and (found := font.of_glyph(glyph)) is not None:
            return found
        if font and (found := font.of_character(char)) is not None:
            return found
        return None if char.isspace() or meaningless(char) else chinese()(char)

    def _font(self, drawn: Drawn) -> Font | None:
        _, part = drawn.resources.fonts.get((drawn.element.get("Font") or "").strip(), (None, None))
        if part is None:
            return None
        if part not in self._fonts:
            self._fonts[part] = embedded(self._package.read(part))
        return self._fonts[part]

    def _character(self, path: Any, outline: Outline, at: tuple[float, float], size: float, wide: float) -> None:
        """One outline, upwards in a square of 1 × 1, onto its place on a base line where y grows downwards."""
        for name, values in outline:
            xs, ys = values[::2], values[1::2]
            placed = [n for x, y in zip(xs, ys, strict=True) for n in (at[0] + x * wide, at[1] - y * size)]
            self._step(path, name, tuple(placed))


def _glyph_numbers(transforms: list[Element], offset: int) -> dict[int, int]:
    """Which glyph is drawn for which character of a text code, by place in it (CGTransform, §11.4)."""
    found: dict[int, int] = {}
    for transform in transforms:
        position = int(number(transform.get("CodePosition"), 0.0)) - offset
        for index, glyph in enumerate(numbers(text_of(transform, "Glyphs"))):
            found.setdefault(position + index, int(glyph))
    return found


class _Look:
    """How an object is drawn: its own attributes, else those of the drawing parameters it refers to."""

    def __init__(self, drawn: Drawn) -> None:
        self._element, self._resources = drawn.element, drawn.resources
        self._params: list[Element] = []
        for name in (drawn.element.get("DrawParam") or "", drawn.draw_param):
            while name and len(self._params) < _MAX_PARAMS and (found := drawn.resources.draw_params.get(name.strip())):
                self._params.append(found)
                name = found.get("Relative") or ""

    def text(self, name: str) -> str:
        return next((v.strip() for e in (self._element, *self._params) if (v := e.get(name))), "")

    def number(self, name: str, default: float) -> float:
        return number(self.text(name), default)

    def flag(self, name: str, default: bool) -> bool:
        return (self._element.get(name) or str(default)).strip().lower() == "true"

    def has(self, name: str) -> bool:
        return any(child(e, name) is not None for e in (self._element, *self._params))

    def colour(self, name: str) -> Colour:
        """Red, green, blue and opacity, 0..255."""
        found = next((c for e in (self._element, *self._params) if (c := child(e, name)) is not None), None)
        opacity = self.number("Alpha", 255.0)
        if found is None:
            return (*_BLACK[:3], _byte(opacity))
        shaded = next((c for c in found.iter() if c.tag == "Color"), None)
        own = shaded if shaded is not None else found
        values = channels(own.get("Value"))
        opacity *= number(found.get("Alpha"), 255.0) / 255
        return (*_rgb(values, own, self._resources), _byte(opacity))


def _rgb(values: list[float], colour: Element, resources: Resources) -> tuple[int, int, int]:
    space = resources.colour_spaces.get((colour.get("ColorSpace") or "").strip())
    kind = (space.get("Type") or "").upper() if space is not None else ""
    if len(values) == 4 or kind == "CMYK":
        c, m, y, k = (*values, 0.0, 0.0, 0.0, 0.0)[:4]
        return (
            _byte((255 - c) * (255 - k) / 255),
            _byte((255 - m) * (255 - k) / 255),
            _byte((255 - y) * (255 - k) / 255),
        )
    if len(values) == 1:
        return (_byte(values[0]),) * 3
    return (_byte(values[0]), _byte(values[1]), _byte(values[2])) if len(values) >= 3 else _BLACK[:3]


def _byte(value: float) -> int:
    return min(max(round(value), 0), 255)
