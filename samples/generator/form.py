"""A form being filled in: what is printed and what it means are written down in one call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from samples.generator.draw import INK, Canvas, Colour, Sheet
from samples.generator.fonts import Face, Faces
from samples.generator.truth import Drawn

RULE: Colour = (70, 70, 70)


@dataclass(frozen=True, slots=True)
class Row:
    """A label with its printed value; `value` is what the text means, where that is not the text itself."""

    label: str
    text: str
    field: str = ""
    value: Any = None


@dataclass
class Form:
    """A canvas with its faces, sizes and colours, and the truth of what was printed on it so far."""

    type: str
    canvas: Canvas
    faces: Faces
    size: float = 4.6
    label_size: float = 0.0  # 0: as the values
    ink: Colour = INK
    label_ink: Colour = INK
    colon: str = ""  # between label and value
    truth: dict[str, Any] = field(default_factory=dict)

    def label(self, x: float, y: float, text: str, *, width: float = 0.0, align: str = "left") -> float:
        """A label, spread over `width` if one is given; returns the x behind it."""
        size = self.label_size or self.size
        y += (self.size - size) / 2
        if width and len(text) > 1:
            self.canvas.spread(x, y, text, width, self.faces.label, size, self.label_ink)
            taken = max(width, self.canvas.measure(text, self.faces.label, size))
        else:
            taken = self.canvas.text(x, y, text, self.faces.label, size, self.label_ink, align=align)
        if self.colon:
            taken += self.canvas.text(x + taken, y, self.colon, self.faces.label, size, self.label_ink)
        return x + taken

    def put(
        self,
        x: float,
        y: float,
        text: str,
        name: str = "",
        *,
        value: Any = None,
        width: float = 0.0,
        size: float = 0.0,
        face: Face | None = None,
        **options: Any,
    ) -> float:
        """A value, wrapped at `width` if one is given; returns the y below it."""
        size = size or self.size
        face = face or (self.faces.digits if text.isascii() and any(c.isdigit() for c in text) else self.faces.value)
        options.setdefault("colour", self.ink)
        if name and text:
            self.truth[name] = text if value is None else value
        if width:
            return self.canvas.paragraph(x, y, text, width, face, size, field=name or None, **options)
        self.canvas.text(x, y, text, face, size, field=name or None, **options)
        return y + size * 1.3

    def pair(
        self, x: float, y: float, row: Row, *, label_width: float = 0.0, gap: float = 1.5, **options: Any
    ) -> float:
        """Label and value on one line; returns the y below."""
        at = self.label(x, y, row.label, width=label_width)
        return self.put(at + gap, y, row.text, row.field, value=row.value, **options)

    def rows(
        self,
        x: float,
        y: float,
        rows: Sequence[Row],
        *,
        label_width: float = 0.0,
        width: float = 0.0,
        pitch: float = 9.0,
        gap: float = 3.0,
    ) -> float:
        """Rows under each other, at least `pitch` apart; rows without text are left out. Returns the y below."""
        for row in rows:
            if row.text:
                below = self.pair(x, y, row, label_width=label_width, gap=gap, width=width)
                y = max(y + pitch, below + pitch - self.size * 1.3)
        return y

    def cell(
        self,
        box: tuple[float, float, float, float],
        row: Row,
        *,
        stacked: bool = True,
        colour: Colour = (90, 90, 90),
        size: float = 0.0,
    ) -> None:
        """A ruled cell with a small label and its value below (or beside) it."""
        left, top, right, bottom = box
        self.canvas.box(left, top, right, bottom, colour, 0.2)
        x, y = left + 0.8, top + 0.7
        if row.label:
            behind = self.label(x, y, row.label)
            x, y = (x, y + self.size * 1.35) if stacked else (behind + 0.8, y)
        self.put(x, y, row.text, row.field, value=row.value, width=right - x - 0.4, size=size)

    def centred(self, left: float, right: float, y: float, height: float, text: str) -> None:
        """A label in the middle of a cell."""
        lines = self.canvas.wrap(text, right - left - 2, self.faces.label, self.size)
        for i, line in enumerate(lines):
            at = y + (height - len(lines) * self.size * 1.25) / 2 + i * self.size * 1.25
            self.canvas.text((left + right) / 2, at, line, self.faces.label, self.size, self.label_ink, align="centre")

    def ruled(self, y: float, edges: Sequence[float], *rows: Row, height: float = 10.5) -> float:
        """One ruled line of label and value cells by turns; `edges` are the x of all rules. Returns the y below."""
        for i, row in enumerate(rows):
            left, middle, right = edges[2 * i : 2 * i + 3]
            self.canvas.box(left, y, middle, y + height, RULE, 0.22)
            self.canvas.box(middle, y, right, y + height, RULE, 0.22)
            self.centred(left, middle, y, height, row.label)
            lines = self.canvas.wrap(row.text, right - middle - 2, self.faces.value, self.size)
            at = y + (height - len(lines) * self.size * 1.3) / 2 + 0.5
            self.put(middle + 1, at, row.text, row.field, value=row.value, width=right - middle - 2)
        return y + height

    def table(
        self,
        x: float,
        y: float,
        columns: Sequence[float],
        rows: Sequence[Sequence[str]],
        *,
        height: float = 7.0,
        names: Sequence[str] = (),
        centred: bool = True,
        colour: Colour = (80, 80, 80),
    ) -> float:
        """A ruled table: column widths, rows of texts; row i is marked as field `names[i]`. Returns the y below."""
        for i, row in enumerate(rows):
            wrapped = [
                self.canvas.wrap(t, w - 1.4, self.faces.value, self.size) for t, w in zip(row, columns, strict=True)
            ]
            tall = max(height, max(len(w) for w in wrapped) * self.size * 1.25 + 1.6)
            left = x
            for lines, width in zip(wrapped, columns, strict=True):
                self.canvas.box(left, y, left + width, y + tall, colour, 0.2)
                at = y + (tall - len(lines) * self.size * 1.25) / 2
                for line in lines:
                    place = left + width / 2 if centred else left + 0.7
                    align = "centre" if centred else "left"
                    self.canvas.text(place, at, line, self.faces.value, self.size, self.ink, align=align)
                    at += self.size * 1.25
                left += width
            if i < len(names) and names[i]:
                self.canvas.mark(names[i], (x, y, left, y + tall))
            y += tall
        return y

    def drawn(self, side: str = "", mask: np.ndarray | None = None, image: np.ndarray | None = None) -> Drawn:
        """The finished page; `image` replaces the sheet's own pixels (rounded corners)."""
        assert isinstance(self.canvas, Sheet)
        pixels = self.canvas.pixels() if image is None else image
        return Drawn(self.type, pixels, self.truth, self.canvas.boxes(), side, mask=mask)
