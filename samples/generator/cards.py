"""What all plastic cards share: the ground, the portrait, rounded corners, copies with both sides on a page."""

from __future__ import annotations

import random
from typing import Any

import cv2
import numpy as np
from PIL import Image

from samples.generator import fonts
from samples.generator.draw import Colour, Sheet
from samples.generator.fonts import NOTO_HEI, Faces
from samples.generator.ornament import fine_waves
from samples.generator.truth import Drawn

WIDTH, HEIGHT, SCALE = 85.6, 54.0, 14.0
BLACK: Colour = (40, 40, 42)
BLUE: Colour = (62, 128, 190)


def card(
    seed: int,
    edge: Colour = (214, 233, 243),
    middle: Colour = (243, 224, 228),
    waves: tuple[Colour, ...] = ((186, 216, 232), (238, 204, 214), (198, 222, 226)),
) -> Sheet:
    """An empty card, 85.6 × 54 mm: one colour running into another and back, under fine waves."""
    sheet = Sheet(WIDTH, HEIGHT, SCALE)
    w, h = sheet.image.size
    t = np.linspace(0, 1, w)[None, :, None]
    outer, inner = np.array(edge, float), np.array(middle, float)
    mix = np.exp(-(((t - 0.55) / 0.28) ** 2))
    ground = np.broadcast_to(outer * (1 - mix) + inner * mix, (h, w, 3))
    sheet.image.paste(Image.fromarray(ground.astype(np.uint8)))
    fine_waves(sheet, waves, (0, 0, WIDTH, HEIGHT), 1.0, seed % 3)
    return sheet


def specimen(sheet: Sheet, y: float = 1.0) -> None:
    """The small word that tells a drawn card from a real one."""
    sheet.text(83, y, "样本", NOTO_HEI, 2.0, (188, 206, 218), align="right")


def portrait(sheet: Sheet, x: float = 69.0, y: float = 20.0, k: float = 1.0) -> None:
    """A plain grey head and shoulders where the portrait is; `k` is the size, 1 on the ID card."""
    skin, cloth, hair = (164, 160, 158), (96, 100, 110), (66, 66, 70)
    shoulders = ((-11.5, 20), (-10.5, 13.5), (-4, 10), (4, 10), (10.5, 13.5), (11.5, 20))
    neck = ((-2.6, 4), (2.6, 4), (3.4, 11), (-3.4, 11))
    sheet.fill([(x + k * dx, y + k * dy) for dx, dy in shoulders], cloth)
    sheet.fill([(x + k * dx, y + k * dy) for dx, dy in neck], skin)
    sheet.disc(x, y - 1.8 * k, 6.6 * k, hair)
    for i in range(-20, 21):
        sheet.disc(x, y + (0.8 + i * 0.15) * k, (5.4 - abs(i) * 0.035) * k, skin)


def rounded(sheet: Sheet) -> tuple[np.ndarray, np.ndarray]:
    """The card with rounded corners on white, and the mask of where it is."""
    image = sheet.pixels()
    h, w = image.shape[:2]
    r = round(3.2 * sheet.scale)
    mask = np.zeros((h, w), np.uint8)
    cv2.rectangle(mask, (r, 0), (w - r, h), 255, -1)
    cv2.rectangle(mask, (0, r), (w, h - r), 255, -1)
    for x, y in ((r, r), (w - r - 1, r), (r, h - r - 1), (w - r - 1, h - r - 1)):
        cv2.circle(mask, (x, y), r, 255, -1, cv2.LINE_AA)
    return np.where(mask[..., None] > 127, image, 255).astype(np.uint8), mask


def both(front: Drawn, back: Drawn, seed: int, *, stacked: bool = True) -> Drawn:
    """A copy on A4 with the two sides under (or beside) each other."""
    scale = 7.6
    page = (
        np.full((round(297 * scale), round(210 * scale), 3), 252, np.uint8)
        if stacked
        else np.full((round(148 * scale), round(210 * scale), 3), 252, np.uint8)
    )
    rng = random.Random(seed)
    places = [(58 + rng.uniform(-6, 6), 52), (58 + rng.uniform(-6, 6), 142)] if stacked else [(13, 40), (111, 40)]
    fields: dict[str, Any] = {}
    boxes: dict[str, list[tuple[float, float]]] = {}
    for side, (x, y) in zip((front, back), places, strict=True):
        factor = scale / SCALE * (1.12 if stacked else 1.0)
        small = cv2.resize(side.image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        left, top = round(x * scale), round(y * scale)
        region = page[top : top + small.shape[0], left : left + small.shape[1]]
        blank = (small > 248).all(axis=2, keepdims=True)
        page[top : top + small.shape[0], left : left + small.shape[1]] = np.where(blank, region, small)
        fields |= side.fields
        boxes |= {n: [(left + a * factor, top + b * factor) for a, b in c] for n, c in side.boxes.items()}
    return Drawn(front.type, page, fields, boxes, "both")


def traditional(faces: Faces) -> Faces:
    """The same faces, but where one lacks traditional characters a full one."""
    full = {fonts.ARPHIC_SONG: fonts.NOTO_SONG}
    return Faces(
        full.get(faces.label, faces.label),
        full.get(faces.value, faces.value),
        full.get(faces.digits, faces.digits),
        full.get(faces.title, faces.title),
        faces.name,
    )
