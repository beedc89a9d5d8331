"""Drawing a form: text, letter-spaced labels, paragraphs, lines, pictures, in millimetres.

`Sheet` draws pixels, `PdfSheet` (pdf.py) draws the same calls into a PDF with a text layer. Both
remember where each named field was put.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image, ImageDraw

from samples.generator.fonts import Face, runs

Colour = tuple[int, int, int]
INK: Colour = (38, 36, 36)
Edges = tuple[float, float, float, float]  # left, top, right, bottom


class Canvas:
    """What every form is drawn on. Lengths are millimetres from the top left corner.

    The `y` of a text is the top of its em square, its `size` the side of that square.
    """

    def __init__(self, width: float, height: float) -> None:
        self.width, self.height = width, height
        self.fields: dict[str, Edges] = {}

    # What a backend provides
    def measure(self, text: str, face: Face, size: float) -> float:
        raise NotImplementedError

    def _run(self, x: float, y: float, text: str, face: Face, size: float, colour: Colour) -> None:
        raise NotImplementedError

    def line(self, points: Sequence[tuple[float, float]], colour: Colour, width: float = 0.2) -> None:
        raise NotImplementedError

    def picture(self, image: Image.Image, x: float, y: float, width: float) -> None:
        """Puts an RGBA picture down as ink: what lies below shines through."""
        raise NotImplementedError

    # What all forms use
    def text(
        self,
        x: float,
        y: float,
        text: str,
        face: Face,
        size: float,
        colour: Colour = INK,
        *,
        align: str = "left",
        spacing: float = 0.0,
        field: str | None = None,
    ) -> float:
        """One line of text; returns its width. `spacing` widens the gaps between characters."""
        width = self.measure(text, face, size) + spacing * max(len(text) - 1, 0)
        left = x - {"left": 0.0, "centre": width / 2, "right": width}[align]
        at = left
        for piece in text if spacing else [text]:
            for part, use in runs(piece, face):
                self._run(at, y, part, use, size, colour)
                at += self.measure(part, use, size)
            at += spacing
        if field and text:
            self.mark(field, (left, y, left + width, y + size))
        return width

    def spread(
        self, x: float, y: float, text: str, width: float, face: Face, size: float, colour: Colour = INK
    ) -> None:
        """A label whose characters are spaced to fill `width` (名    称)."""
        gap = (width - self.measure(text, face, size)) / max(len(text) - 1, 1)
        self.text(x, y, text, face, size, colour, spacing=max(gap, 0.0))

    def column(
        self, x: float, y: float, text: str, pitch: float, face: Face, size: float, colour: Colour = INK
    ) -> None:
        """Characters under each other, centred on `x`."""
        for i, char in enumerate(text):
            self.text(x, y + i * pitch, char, face, size, colour, align="centre")

    def paragraph(
        self,
        x: float,
        y: float,
        text: str,
        width: float,
        face: Face,
        size: float,
        colour: Colour = INK,
        *,
        leading: float = 1.3,
        field: str | None = None,
    ) -> float:
        """Text wrapped anywhere (as forms do); returns the y below its last line."""
        for line in self.wrap(text, width, face, size):
            self.text(x, y, line, face, size, colour, field=field)
            y += size * leading
        return y

    def wrap(self, text: str, width: float, face: Face, size: float) -> list[str]:
        lines = [""]
        for char in text:
            if char == "\n" or (lines[-1] and self.measure(lines[-1] + char, face, size) > width):
                lines.append("")
            if char != "\n":
                lines[-1] += char
        return lines

    def box(self, left: float, top: float, right: float, bottom: float, colour: Colour, width: float = 0.2) -> None:
        self.line([(left, top), (right, top), (right, bottom), (left, bottom), (left, top)], colour, width)

    def mark(self, field: str, edges: Edges) -> None:
        """Remembers (and widens) where a field stands."""
        old = self.fields.get(field, edges)
        self.fields[field] = (
            min(old[0], edges[0]),
            min(old[1], edges[1]),
            max(old[2], edges[2]),
            max(old[3], edges[3]),
        )


class Sheet(Canvas):
    """A form in pixels, `scale` of them to the millimetre."""

    def __init__(self, width: float, height: float, scale: float = 8.0, paper: Colour = (253, 253, 251)) -> None:
        super().__init__(width, height)
        self.scale = scale
        self.image = Image.new("RGB", (round(width * scale), round(height * scale)), paper)
        self.pen = ImageDraw.Draw(self.image)

    def measure(self, text: str, face: Face, size: float) -> float:
        pixels = max(round(size * self.scale), 1)
        return sum(use.at(pixels).getlength(part) for part, use in runs(text, face)) / self.scale

    def _run(self, x: float, y: float, text: str, face: Face, size: float, colour: Colour) -> None:
        pixels = max(round(size * self.scale), 1)
        stroke = round(pixels * face.weight / 1000)
        self.pen.text(
            (x * self.scale, (y + 0.86 * size) * self.scale),
            text,
            colour,
            face.at(pixels),
            anchor="ls",
            stroke_width=stroke,
            stroke_fill=colour,
        )

    def line(self, points: Sequence[tuple[float, float]], colour: Colour, width: float = 0.2) -> None:
        self.pen.line(
            [(x * self.scale, y * self.scale) for x, y in points],
            colour,
            max(round(width * self.scale), 1),
            joint="curve",
        )

    def fill(self, points: Sequence[tuple[float, float]], colour: Colour) -> None:
        self.pen.polygon([(x * self.scale, y * self.scale) for x, y in points], colour)

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        s = self.scale
        self.pen.ellipse([(x - radius) * s, (y - radius) * s, (x + radius) * s, (y + radius) * s], fill=colour)

    def picture(self, image: Image.Image, x: float, y: float, width: float) -> None:
        pixels = round(width * self.scale)
        image = image.resize((pixels, round(pixels * image.height / image.width)), Image.Resampling.LANCZOS)
        left, top = round(x * self.scale), round(y * self.scale)
        region = self.image.crop((left, top, left + image.width, top + image.height))
        ink = np.asarray(image, np.float32)
        alpha = ink[..., 3:] / 255
        below = np.asarray(region, np.float32)
        mixed = below * (1 - alpha + alpha * ink[..., :3] / 255)  # ink multiplies the paper under it
        self.image.paste(Image.fromarray(mixed.round().astype(np.uint8)), (left, top))

    def boxes(self) -> dict[str, list[tuple[float, float]]]:
        """Field boxes in pixels: four corners, clockwise from the top left."""
        s = self.scale
        return {
            name: [(a * s, b * s), (c * s, b * s), (c * s, d * s), (a * s, d * s)]
            for name, (a, b, c, d) in self.fields.items()
        }

    def pixels(self) -> np.ndarray:
        """The picture as OpenCV wants it: height × width × 3, BGR."""
        return np.ascontiguousarray(np.asarray(self.image)[..., ::-1])
