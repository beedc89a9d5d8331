"""Outlines of the characters an OFD draws: from the font it embeds, else from one of this machine.

Embedded fonts are often cut down to what FreeType and PDFium refuse (no cmap, no OS/2, a bare CFF table);
fontTools needs only the tables the outlines are in. No font for Chinese may be installed: such text is left out.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from fontTools.cffLib import CFFFontSet
from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTCollection, TTFont

Outline = list[tuple[str, tuple[float, ...]]]  # the steps of `ofd_paths`, y upwards

logging.getLogger("fontTools").setLevel(logging.CRITICAL)  # its remarks would land on stderr

_MAX_STEPS, _MAX_PARTS = 5_000, 200  # of one character
_PLACES = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts", "/System/Library/Fonts",
           "/Library/Fonts", "C:/Windows/Fonts")  # fmt: skip
_CHINESE = ("simsun*", "STSong*", "Songti*", "NotoSerifCJK*", "NotoSansCJK*", "SourceHanS*", "uming*", "wqy-*",
            "PingFang*", "msyh*", "DroidSansFallback*")  # fmt: skip


class Font:
    """A font's outlines in a square of 1 × 1, y upwards."""

    def __init__(self, glyphs: Any, names: list[str], by_character: dict[int, str], unit: float) -> None:
        self._glyphs, self._names, self._by_character, self._unit = glyphs, names, by_character, unit
        self._known: dict[str, Outline] = {}

    def of_glyph(self, number: int) -> Outline | None:
        """The outline of a glyph by its number in the font."""
        return self._outline(self._names[number]) if 0 <= number < len(self._names) else None

    def of_character(self, char: str) -> Outline | None:
        name = self._by_character.get(ord(char))
        return self._outline(name) if name else None

    def _outline(self, name: str) -> Outline | None:
        if name not in self._known:
            pen = _Steps(self._glyphs, 1 / self._unit)
            try:
                self._glyphs[name].draw(pen)
            except Exception:  # fontTools fails with anything on broken glyphs
                return None
            self._known[name] = pen.steps
        return self._known[name]


class _Steps(BasePen):  # type: ignore[misc]
    """Notes an outline as steps; the base class takes composites apart and makes quadratic curves cubic."""

    def __init__(self, glyphs: Any, scale: float) -> None:
        super().__init__(glyphs)
        self._scale = scale
        self._parts = 0
        self.steps: Outline = []

    def addComponent(self, glyphName: str, transformation: Any) -> None:  # noqa: N802, N803
        """A glyph made of glyphs made of glyphs must end."""
        self._parts += 1
        if self._parts > _MAX_PARTS:
            raise ValueError("too many components")
        super().addComponent(glyphName, transformation)

    def _note(self, name: str, *points: tuple[float, float]) -> None:
        if len(self.steps) >= _MAX_STEPS:
            raise ValueError("too many steps")
        self.steps.append((name, tuple(float(n) * self._scale for point in points for n in point)))

    def _moveTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self._note("M", pt)

    def _lineTo(self, pt: tuple[float, float]) -> None:  # noqa: N802
        self._note("L", pt)

    def _curveToOne(self, pt1: Any, pt2: Any, pt3: Any) -> None:  # noqa: N802
        self._note("B", pt1, pt2, pt3)

    def _closePath(self) -> None:  # noqa: N802
        self._note("C")


def embedded(data: bytes) -> Font | None:
    """The font in a font file; None where nothing can be drawn with it."""
    for read in (_sfnt, _bare_cff):
        with suppress(Exception):  # fontTools raises anything on broken files
            return read(data)
    return None


def _sfnt(data: bytes) -> Font:
    font = TTCollection(io.BytesIO(data)).fonts[0] if data[:4] == b"ttcf" else TTFont(io.BytesIO(data), lazy=True)
    return _of(font)


def _of(font: TTFont) -> Font:
    characters: dict[int, str] = {}
    with suppress(Exception):  # without a cmap, or with a broken one: glyph numbers still draw
        characters = dict(font.getBestCmap() or {})
    unit = float(font["head"].unitsPerEm) if "head" in font else 1000.0
    if "CFF " in font and "glyf" not in font:
        top = font["CFF "].cff[0]
        return Font(top.CharStrings, list(top.charset), characters, unit)
    return Font(_without_metrics(font), font.getGlyphOrder(), characters, unit)


def _without_metrics(font: TTFont) -> Any:
    """The glyphs of a TrueType font, drawn without the widths that many subsets have lost."""
    table = font["glyf"]

    class Glyph:
        def __init__(self, name: str) -> None:
            self._name = name

        def draw(self, pen: Any) -> None:
            table[self._name].draw(pen, table)

    class Glyphs(dict[str, Glyph]):
        def __missing__(self, name: str) -> Glyph:
            return Glyph(name)

    return Glyphs()


def _bare_cff(data: bytes) -> Font:
    fonts = CFFFontSet()
    fonts.decompile(io.BytesIO(data), None)
    top = fonts[0]
    return Font(top.CharStrings, list(top.charset), {}, 1.0 / float(top.FontMatrix[0]))


@cache
def chinese() -> Callable[[str], Outline | None]:
    """Outlines from the first font of this machine that has Chinese; None for every character without one."""
    for pattern in _CHINESE:
        for place in _PLACES:
            for path in sorted(Path(place).expanduser().rglob(pattern)):
                with suppress(Exception):
                    font = TTCollection(path).fonts[0] if path.suffix.lower() == ".ttc" else TTFont(path, lazy=True)
                    found = _of(font)
                    if found.of_character("票"):
                        return found.of_character
    return lambda char: None
