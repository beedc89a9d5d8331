"""The same drawing calls into a PDF page with a real text layer (reportlab)."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas as Writer

from samples.generator.draw import Canvas, Colour
from samples.generator.fonts import Face, runs

POINTS = 72 / 25.4  # of a millimetre


class PdfSheet(Canvas):
    """One or several PDF pages; `finish` gives the bytes, the same ones at every run."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__(width, height)
        self._buffer = io.BytesIO()
        self._writer = Writer(self._buffer, pagesize=(width * POINTS, height * POINTS), invariant=1)

    def measure(self, text: str, face: Face, size: float) -> float:
        return sum(pdfmetrics.stringWidth(part, _registered(use), size) for part, use in runs(text, face))

    def _run(self, x: float, y: float, text: str, face: Face, size: float, colour: Colour) -> None:
        self._writer.setFillColorRGB(*(c / 255 for c in colour))
        self._writer.setFont(_registered(face), size * POINTS)
        self._writer.drawString(x * POINTS, (self.height - y - 0.86 * size) * POINTS, text)

    def line(self, points: Sequence[tuple[float, float]], colour: Colour, width: float = 0.2) -> None:
        self._writer.setStrokeColorRGB(*(c / 255 for c in colour))
        self._writer.setLineWidth(width * POINTS)
        path = self._writer.beginPath()
        path.moveTo(points[0][0] * POINTS, (self.height - points[0][1]) * POINTS)
        for x, y in points[1:]:
            path.lineTo(x * POINTS, (self.height - y) * POINTS)
        self._writer.drawPath(path)

    def picture(self, image: Image.Image, x: float, y: float, width: float) -> None:
        height = width * image.height / image.width
        if image.width > width * 8:  # 200 dots to the inch are enough
            image = image.resize((round(width * 8), round(height * 8)), Image.Resampling.LANCZOS)
        self._writer.drawImage(
            ImageReader(image),
            x * POINTS,
            (self.height - y - height) * POINTS,
            width * POINTS,
            height * POINTS,
            mask="auto",
        )

    def finish(self) -> bytes:
        self._writer.showPage()
        self._writer.save()
        return self._buffer.getvalue()


def scanned(pages: Sequence[bytes], width: float = 210.0) -> bytes:
    """A PDF of JPEG pages, as scanners write it: no text layer. `width` in millimetres."""
    buffer = io.BytesIO()
    writer = Writer(buffer, invariant=1)
    for page in pages:
        with Image.open(io.BytesIO(page)) as image:
            size = width * POINTS, width * POINTS * image.height / image.width
        writer.setPageSize(size)
        writer.drawImage(ImageReader(io.BytesIO(page)), 0, 0, *size)
        writer.showPage()
    writer.save()
    return buffer.getvalue()


def _registered(face: Face) -> str:
    name = f"{face.path.stem}-{face.index}"
    if name not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont(name, str(face.path), subfontIndex=face.index))
    return name
