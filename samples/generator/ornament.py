"""What official forms carry besides text: seals, an emblem-like drawing, borders, patterns, QR codes."""

from __future__ import annotations

import math
import random
from functools import cache

import numpy as np
import segno
from PIL import Image, ImageDraw, ImageFilter

from samples.generator.draw import Canvas, Colour, Sheet
from samples.generator.fonts import NOTO_SONG_BOLD, Face

RED: Colour = (214, 38, 46)
GOLD: Colour = (232, 190, 92)
Point = tuple[float, float]


def star(x: float, y: float, radius: float, turn: float = 0.0) -> list[Point]:
    """The ten corners of a five-pointed star."""
    corners = []
    for i in range(10):
        r = radius if i % 2 == 0 else radius * 0.382
        a = -math.pi / 2 + turn + i * math.pi / 5
        corners.append((x + r * math.cos(a), y + r * math.sin(a)))
    return corners


def worn(image: Image.Image, seed: int, strength: float) -> Image.Image:
    """Ink that did not take evenly: soft blotches and grain in the alpha channel."""
    rng = np.random.default_rng(seed)
    pixels = np.asarray(image).copy()
    h, w = pixels.shape[:2]
    blotch = Image.fromarray((rng.random((12, 12)) * 255).astype(np.uint8)).resize((w, h), Image.Resampling.BICUBIC)
    grain = rng.random((h, w))
    keep = 1 - strength * (np.asarray(blotch) / 255) ** 2 - 0.5 * strength * (grain > 0.9)
    pixels[..., 3] = (pixels[..., 3] * np.clip(keep, 0, 1)).astype(np.uint8)
    return Image.fromarray(pixels).filter(ImageFilter.GaussianBlur(0.8))


def _letter(
    image: Image.Image,
    char: str,
    face: Face,
    size: int,
    x: float,
    y: float,
    turn: float,
    colour: Colour,
    squeeze: float = 1.0,
) -> None:
    """One character centred on (x, y), turned clockwise by `turn` radians."""
    tile = Image.new("L", (size * 2, size * 2), 0)
    ImageDraw.Draw(tile).text((size, size), char, 255, face.at(size), anchor="mm")
    if squeeze != 1.0:
        narrow = tile.resize((round(size * 2 * squeeze), size * 2))
        tile = Image.new("L", (size * 2, size * 2), 0)
        tile.paste(narrow, (size - narrow.width // 2, 0))
    tile = tile.rotate(-math.degrees(turn), Image.Resampling.BICUBIC)
    ink = Image.new("RGBA", tile.size, (*colour, 0))
    ink.putalpha(tile)
    image.alpha_composite(ink, (max(round(x - size), 0), max(round(y - size), 0)))


def _arc(
    image: Image.Image, text: str, face: Face, size: int, radius: Point, centre: float, sweep: float, colour: Colour
) -> None:
    """Characters along an ellipse at equal distances, the middle one at `centre` (radians, -π/2 is up)."""
    middle = image.width / 2, image.height / 2
    bottom = math.sin(centre) > 0  # text at the bottom reads from left to right too
    angles = np.linspace(centre - sweep / 2, centre + sweep / 2, 721)
    steps = np.hypot(np.diff(radius[0] * np.cos(angles)), np.diff(radius[1] * np.sin(angles)))
    along = np.concatenate([[0.0], np.cumsum(steps)])
    for i, char in enumerate(text):
        share = (len(text) - 1 - i if bottom else i) / max(len(text) - 1, 1)
        a = float(np.interp(share * along[-1], along, angles))
        x, y = middle[0] + radius[0] * math.cos(a), middle[1] + radius[1] * math.sin(a)
        normal = math.atan2(math.sin(a) * radius[0], math.cos(a) * radius[1])
        _letter(image, char, face, size, x, y, normal + (-1 if bottom else 1) * math.pi / 2, colour, squeeze=0.82)


@cache
def round_seal(
    text: str, seed: int = 0, inner: str = "", wear: float = 0.35, colour: Colour = RED, face: Face = NOTO_SONG_BOLD
) -> Image.Image:
    """A round red seal: the office's name on an arc, a star, and a line below it. RGBA, 600 pixels."""
    side = 600
    image = Image.new("RGBA", (side, side), (*colour, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse([8, 8, side - 8, side - 8], outline=(*colour, 235), width=16)
    pen.polygon(star(300, 300, 92), fill=(*colour, 235))
    size = min(84, int(1560 / max(len(text), 10)))
    sweep = min(len(text) * 0.36, 4.5)
    _arc(image, text, face, size, (222, 222), -math.pi / 2, sweep, colour)
    if inner:
        for i, char in enumerate(inner):
            _letter(image, char, face, 52, 300 + (i - (len(inner) - 1) / 2) * 54, 440, 0, colour)
    turned = image.rotate(random.Random(seed).uniform(-9, 9), Image.Resampling.BICUBIC)
    return worn(turned, seed, wear)


@cache
def oval_seal(
    text: str,
    middle: str,
    bottom: str,
    seed: int = 0,
    face: Face = NOTO_SONG_BOLD,
    width: int = 800,
    ratio: float = 0.72,
    double: bool = False,
) -> Image.Image:
    """An oval red seal: name on the arc, a line across (tax number), a line below. RGBA."""
    height = round(width * ratio)
    image = Image.new("RGBA", (width, height), (*RED, 0))
    pen = ImageDraw.Draw(image)
    pen.ellipse([6, 6, width - 6, height - 6], outline=(*RED, 235), width=14)
    if double:
        pen.ellipse([34, 34, width - 34, height - 34], outline=(*RED, 235), width=4)
    inset = 0.13 if double else 0.105
    size = min(76, int(1180 / max(len(text), 8)))
    _arc(
        image,
        text,
        face,
        size,
        (width * (0.5 - inset), height * (0.5 - inset * 1.35)),
        -math.pi / 2,
        min(len(text) * 0.24 + 0.5, 3.9),
        RED,
    )
    pen.text((width / 2, height * 0.53), middle, (*RED, 235), face.at(62 if len(middle) < 10 else 48), anchor="mm")
    if double:
        _arc(image, bottom, face, 60, (width * 0.36, height * 0.33), math.pi / 2, len(bottom) * 0.22, RED)
    else:
        pen.text((width / 2, height * 0.75), bottom, (*RED, 235), face.at(74), anchor="mm")
    turned = image.rotate(random.Random(seed).uniform(-5, 5), Image.Resampling.BICUBIC, expand=False)
    return worn(turned, seed, 0.15 if double else 0.3)


def emblem(sheet: Sheet, x: float, y: float, radius: float) -> None:
    """A red and gold disc that stands where the national emblem is printed; a likeness only."""
    r = radius
    for i in range(44):  # the wreath: short gold leaves around the rim
        a = math.pi / 2 + (i - 21.5) * 2 * math.pi / 46
        sheet.disc(x + 0.9 * r * math.cos(a), y - 0.9 * r * math.sin(a), r * 0.085, GOLD if i % 2 else (205, 150, 60))
    sheet.disc(x, y, r * 0.84, (222, 30, 36))
    sheet.fill(star(x, y - 0.42 * r, r * 0.2), GOLD)
    for a in (0.55, 1.15, 2.0, 2.6):
        sheet.fill(star(x + 0.5 * r * math.cos(a), y - 0.02 * r - 0.36 * r * math.sin(a), r * 0.085, a), GOLD)
    for w, top, bottom in ((0.34, 0.08, 0.14), (0.42, 0.16, 0.22), (0.5, 0.26, 0.48), (0.66, 0.5, 0.55)):
        sheet.fill(
            [
                (x - w * r, y + bottom * r),
                (x - w * r * 0.94, y + top * r),
                (x + w * r * 0.94, y + top * r),
                (x + w * r, y + bottom * r),
            ],
            GOLD,
        )
    for dx in (-0.3, -0.15, 0.0, 0.15, 0.3):
        sheet.disc(x + dx * r, y + 0.42 * r, r * 0.05, (200, 30, 30))
    sheet.disc(x, y + 0.86 * r, r * 0.2, GOLD)
    sheet.disc(x, y + 0.86 * r, r * 0.1, (222, 30, 36))
    for side in (-1, 1):  # ribbons
        sheet.fill(
            [
                (x + side * 0.16 * r, y + 0.78 * r),
                (x + side * 0.75 * r, y + 0.74 * r),
                (x + side * 0.62 * r, y + 1.02 * r),
                (x + side * 0.2 * r, y + 0.98 * r),
            ],
            (222, 30, 36),
        )


def wave_border(sheet: Sheet, inset: tuple[float, float, float, float], band: float, colour: Colour) -> None:
    """The guilloche frame of the 2019 licence: interlaced waves between two rules."""
    left, top, right, bottom = inset[0], inset[1], sheet.width - inset[2], sheet.height - inset[3]
    pale = tuple(min(255, c + 70) for c in colour)
    sheet.fill([(left, top), (right, top), (right, bottom), (left, bottom)], tuple(min(255, c + 105) for c in colour))
    for phase in range(6):
        for shift in (0.0, math.pi):
            amplitude = band * 0.42 * (1 - 0.14 * phase)
            for a, b in (
                ((left, top), (right, top)),
                ((right, top), (right, bottom)),
                ((right, bottom), (left, bottom)),
                ((left, bottom), (left, top)),
            ):
                sheet.line(_wave(a, b, band, amplitude, shift + phase * 0.5), pale if phase % 2 else colour, 0.22)
    sheet.fill(
        [
            (left + band, top + band),
            (right - band, top + band),
            (right - band, bottom - band),
            (left + band, bottom - band),
        ],
        sheet.image.getpixel((1, 1)),
    )
    for d, w in ((0.0, 0.6), (0.9, 0.25), (band - 0.7, 0.25), (band, 0.5)):
        sheet.box(left + d, top + d, right - d, bottom - d, colour, w)


def _wave(a: Point, b: Point, band: float, amplitude: float, phase: float) -> list[Point]:
    length = math.hypot(b[0] - a[0], b[1] - a[1])
    ux, uy = (b[0] - a[0]) / length, (b[1] - a[1]) / length
    nx, ny = -uy, ux  # inwards for a clockwise frame
    points = []
    for i in range(int(length / 0.5) + 1):
        t = i * 0.5
        d = band / 2 + amplitude * math.sin(2 * math.pi * t / 7.0 + phase)
        points.append((a[0] + ux * t + nx * d, a[1] + uy * t + ny * d))
    return points


def key_border(sheet: Sheet, inset: float, band: float, colour: Colour) -> None:
    """The meander frame of the portrait licences."""
    left, top, right, bottom = inset, inset, sheet.width - inset, sheet.height - inset
    for d, w in ((-0.9, 0.3), (0.0, 0.25), (band, 0.25), (band + 0.9, 0.3)):
        sheet.box(left + d, top + d, right - d, bottom - d, colour, w)
    key = [(0.1, 0.85), (0.1, 0.15), (0.85, 0.15), (0.85, 0.7), (0.38, 0.7), (0.38, 0.42), (0.62, 0.42)]
    for horizontal, length in ((True, right - left), (False, bottom - top)):
        count = int(length / band)
        pitch = length / count
        for i in range(count):
            for far in (False, True):
                ox = left + i * pitch if horizontal else (right - band if far else left)
                oy = (bottom - band if far else top) if horizontal else top + i * pitch
                sheet.line([(ox + u * band, oy + v * band) for u, v in key], colour, 0.22)


def ghost_words(
    sheet: Sheet,
    words: tuple[str, ...],
    face: Face,
    colour: Colour,
    size: float = 9.0,
    area: tuple[float, float, float, float] | None = None,
) -> None:
    """Pale words printed all over the paper under everything else."""
    left, top, right, bottom = area or (20, 25, sheet.width - 20, sheet.height - 20)
    y, row = top, 0
    while y < bottom - size:
        x = left - (row % 2) * 22
        while x < right:
            word = words[row % len(words)]
            if x >= left and x + sheet.measure(word, face, size) < right:
                sheet.text(x, y, word, face, size, colour)
            x += 66
        y, row = y + 24, row + 1


def fine_waves(
    sheet: Sheet,
    colours: tuple[Colour, ...],
    area: tuple[float, float, float, float],
    pitch: float = 1.6,
    seed: int = 0,
) -> None:
    """Security print: families of thin waves across an area."""
    left, top, right, bottom = area
    rng = random.Random(seed)
    for n, colour in enumerate(colours):
        phase, length = rng.uniform(0, 6), rng.uniform(18, 34)
        slope = rng.uniform(-0.25, 0.25)
        y = top - 10.0
        while y < bottom + 10:
            points = []
            for i in range(int((right - left) / 1.2) + 2):
                x = left + i * 1.2
                v = y + (2.2 + n) * math.sin(2 * math.pi * x / length + phase + y / 9) + slope * (x - left)
                if top <= v <= bottom:
                    points.append((min(x, right), v))
                elif len(points) > 1:
                    sheet.line(points, colour, 0.13)
                    points = []
                else:
                    points = []
            if len(points) > 1:
                sheet.line(points, colour, 0.13)
            y += pitch * (n + 1)


def qr(sheet: Canvas, x: float, y: float, side: float, payload: str, colour: Colour = (30, 30, 30)) -> None:
    """A QR code, ink only."""
    rows = [[bool(m) for m in row] for row in segno.make(payload, error="m", micro=False).matrix]
    count = len(rows)
    pixels = np.zeros((count * 8, count * 8, 4), np.uint8)
    pixels[..., :3] = colour
    pixels[..., 3] = np.kron(np.array(rows, np.uint8), np.ones((8, 8), np.uint8)) * 255
    sheet.picture(Image.fromarray(pixels), x, y, side)
