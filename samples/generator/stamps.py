"""Seals and rectangular stamps put onto finished pages: company seals, 复印件 words, 增值税一般纳税人."""

from __future__ import annotations

import random
from dataclasses import replace
from functools import cache

import numpy as np
from PIL import Image, ImageDraw

from samples.generator.draw import Colour, Sheet
from samples.generator.fonts import NOTO_HEI_BOLD, NOTO_SONG_BOLD, Face
from samples.generator.ornament import RED, oval_seal, round_seal, worn
from samples.generator.truth import Drawn

BLUE: Colour = (44, 62, 160)


@cache
def rectangle(
    text: str, seed: int = 0, colour: Colour = RED, face: Face = NOTO_HEI_BOLD, framed: bool = True
) -> Image.Image:
    """A rubber stamp: lines of words in a frame. RGBA, 100 pixels to a line."""
    lines = text.split("\n")
    font = face.at(84)
    width = round(max(font.getlength(line) for line in lines)) + 70
    height = 104 * len(lines) + 46
    image = Image.new("RGBA", (width + 40, height + 40), (*colour, 0))
    pen = ImageDraw.Draw(image)
    if framed:
        pen.rectangle([20, 20, width + 20, height + 20], outline=(*colour, 235), width=9)
    for i, line in enumerate(lines):
        pen.text((20 + width / 2, 20 + 23 + 104 * i + 50), line, (*colour, 235), font, anchor="mm")
    turned = image.rotate(random.Random(seed).uniform(-4, 4), Image.Resampling.BICUBIC, expand=True)
    return worn(turned, seed, 0.3)


def company_seal(name: str, seed: int = 0) -> Image.Image:
    """The round seal of a company or unit."""
    return round_seal(name, seed, wear=0.25)


def general_taxpayer(drawn: Drawn, seed: int = 0, x: float = 0.24, y: float = 0.86, width: float = 0.2) -> Drawn:
    """A licence or certificate with the tax office's stamp 增值税一般纳税人."""
    return stamped(drawn, rectangle("增值税一般纳税人", seed), x, y, width)


def finance_seal(name: str, tax_id: str, seed: int = 0) -> Image.Image:
    """The oval seal used on invoices and, by some, on papers."""
    return oval_seal(name, tax_id, "业务专用章", seed, face=NOTO_SONG_BOLD)


def stamped(drawn: Drawn, seal: Image.Image, x: float, y: float, width: float) -> Drawn:
    """A page with a seal on it: centre and width as shares of the page's width and height."""
    h, w = drawn.image.shape[:2]
    sheet = Sheet(w, h, 1.0)
    sheet.image = Image.fromarray(np.ascontiguousarray(drawn.image[..., ::-1]))
    tall = width * w * seal.height / seal.width
    sheet.picture(seal, x * w - width * w / 2, y * h - tall / 2, width * w)
    return replace(drawn, image=sheet.pixels())
