"""Resident identity cards: front, back, and copies with both sides on one page. No real faces, no real people."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import cv2
import numpy as np
from PIL import Image

from samples.generator.draw import Colour, Sheet
from samples.generator.fonts import NOTO_HEI, NOTO_HEI_BOLD, NOTO_SONG_BOLD, Face, Faces
from samples.generator.ornament import emblem, fine_waves
from samples.generator.people import Person
from samples.generator.truth import Drawn

BLUE: Colour = (62, 128, 190)
BLACK: Colour = (40, 40, 42)
SCALE = 14.0


def _card(seed: int) -> Sheet:
    """The empty card, 85.6 × 54 mm: blue to rose to blue under fine waves."""
    sheet = Sheet(85.6, 54, SCALE)
    w, h = sheet.image.size
    t = np.linspace(0, 1, w)[None, :, None]
    blue, rose = np.array([214, 233, 243.0]), np.array([243, 224, 228.0])
    mix = np.exp(-(((t - 0.55) / 0.28) ** 2))
    ground = np.broadcast_to(blue * (1 - mix) + rose * mix, (h, w, 3))
    sheet.image.paste(Image.fromarray(ground.astype(np.uint8)))
    fine_waves(sheet, ((186, 216, 232), (238, 204, 214), (198, 222, 226)), (0, 0, 85.6, 54), 1.0, seed % 3)
    return sheet


def front(who: Person, faces: Faces, seed: int) -> Drawn:
    """The side with the person's data."""
    sheet = _card(seed)
    label, value = faces.label, faces.value
    size, lead = 3.1, 3.5
    for x, y, text in ((6, 6.7, "姓名"), (6, 13.4, "性别"), (6, 20, "出生"), (6, 26.9, "住址")):
        sheet.text(x, y, text, label, 2.7, BLUE, spacing=1.1)
    sheet.text(16.5, 6.2, who.name, value, 3.7, BLACK, field="name", spacing=0.5)
    sheet.text(16.5, 13.2, who.sex, value, size, BLACK, field="sex")
    sheet.text(25, 13.4, "民族", label, 2.7, BLUE, spacing=1.1)
    sheet.text(34, 13.2, who.ethnicity, value, size, BLACK, field="ethnicity")
    _born(sheet, who.born_on, label, value)
    sheet.paragraph(16.5, 26.7, who.address, 36, value, size, BLACK, leading=lead / size * 1.16, field="address")
    sheet.text(6, 46.3, "公民身份号码", label, 2.8, BLUE, spacing=0.3)
    sheet.text(28.5, 45.4, who.id_number, _id_digits(faces), 3.9, BLACK, spacing=0.48, field="id_number")
    _silhouette(sheet, seed)
    sheet.text(83, 1.0, "样本", NOTO_HEI, 2.0, (188, 206, 218), align="right")
    fields = {
        "name": who.name,
        "sex": who.sex,
        "ethnicity": who.ethnicity,
        "born_on": who.born_on,
        "address": who.address,
        "id_number": who.id_number,
    }
    image, mask = _rounded(sheet)
    return Drawn("id_card", image, fields, sheet.boxes(), "front", mask=mask)


def _id_digits(faces: Faces) -> Face:
    return (
        NOTO_HEI_BOLD if faces.name in ("song", "kai", "hei") else faces.digits if "kai" not in faces.name else NOTO_HEI
    )


def _born(sheet: Sheet, born: date, label: Face, value: Face) -> None:
    x = 16.5
    for text, face, colour, size in (
        (str(born.year), value, BLACK, 3.1),
        ("年", label, BLUE, 2.7),
        (str(born.month), value, BLACK, 3.1),
        ("月", label, BLUE, 2.7),
        (str(born.day), value, BLACK, 3.1),
        ("日", label, BLUE, 2.7),
    ):
        y = 19.9 if colour == BLACK else 20.1
        x += sheet.text(x, y, text, face, size, colour, field="born_on") + (1.4 if colour == BLACK else 1.9)


def back(who: Person, faces: Faces, seed: int) -> Drawn:
    """The side with the issuing authority and the term."""
    sheet = _card(seed)
    emblem(sheet, 14, 14.5, 8.6)
    sheet.text(53, 7.2, "中华人民共和国", NOTO_SONG_BOLD, 5.2, BLACK, align="centre", spacing=0.9)
    sheet.text(53, 15.6, "居民身份证", NOTO_SONG_BOLD, 7.4, BLACK, align="centre", spacing=2.2)
    sheet.text(18, 37.4, "签发机关", faces.label, 2.9, BLACK, spacing=0.4)
    sheet.text(34, 37.2, who.issuing_authority, faces.value, 3.2, BLACK, field="issuing_authority")
    sheet.text(18, 45.2, "有效期限", faces.label, 2.9, BLACK, spacing=0.4)
    until = f"{who.valid_to:%Y.%m.%d}" if who.valid_to else "长期"
    start = f"{who.valid_from:%Y.%m.%d}"
    width = sheet.text(34, 45, f"{start}-{until}", faces.value, 3.2, BLACK)
    middle = sheet.measure(start, faces.value, 3.2)
    sheet.mark("valid_from", (34, 45, 34 + middle, 48.2))
    sheet.mark("valid_to", (34 + middle, 45, 34 + width, 48.2))
    sheet.text(83, 1.0, "样本", NOTO_HEI, 2.0, (188, 206, 218), align="right")
    fields = {"issuing_authority": who.issuing_authority, "valid_from": who.valid_from, "valid_to": who.valid_to}
    if who.valid_to is None:
        fields["valid_to_is_indefinite"] = True
    image, mask = _rounded(sheet)
    return Drawn("id_card", image, fields, sheet.boxes(), "back", mask=mask)


def both(who: Person, faces: Faces, seed: int, *, stacked: bool = True) -> Drawn:
    """A copy on A4 with the two sides under (or beside) each other."""
    sides = [front(who, faces, seed), back(who, faces, seed)]
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
    for side, (x, y) in zip(sides, places, strict=True):
        factor = scale / SCALE * (1.12 if stacked else 1.0)
        small = cv2.resize(side.image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
        left, top = round(x * scale), round(y * scale)
        region = page[top : top + small.shape[0], left : left + small.shape[1]]
        blank = (small > 248).all(axis=2, keepdims=True)
        page[top : top + small.shape[0], left : left + small.shape[1]] = np.where(blank, region, small)
        fields |= side.fields
        boxes |= {n: [(left + a * factor, top + b * factor) for a, b in c] for n, c in side.boxes.items()}
    return Drawn("id_card", page, fields, boxes, "both")


def _silhouette(sheet: Sheet, seed: int) -> None:
    """A plain grey head and shoulders where the portrait is."""
    skin, cloth, hair = (164, 160, 158), (96, 100, 110), (66, 66, 70)
    x, y = 69.0, 20.0
    sheet.fill(
        [
            (x - 11.5, y + 20),
            (x - 10.5, y + 13.5),
            (x - 4, y + 10),
            (x + 4, y + 10),
            (x + 10.5, y + 13.5),
            (x + 11.5, y + 20),
        ],
        cloth,
    )
    sheet.fill([(x - 2.6, y + 4), (x + 2.6, y + 4), (x + 3.4, y + 11), (x - 3.4, y + 11)], skin)
    sheet.disc(x, y - 1.8, 6.6, hair)
    for i in range(-20, 21):
        sheet.disc(x, y + 0.8 + i * 0.15, 5.4 - abs(i) * 0.035, skin)


def _rounded(sheet: Sheet) -> tuple[np.ndarray, np.ndarray]:
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
