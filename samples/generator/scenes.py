"""Photos of a factory that is nowhere: boxes in perspective with lamps and stains; and what a camera writes beside."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import cv2
import numpy as np
from PIL import Image, ImageDraw

from samples.generator import fonts
from samples.generator.people import AS_OF
from samples.generator.truth import Drawn

Colour = tuple[int, int, int]
Point = tuple[float, float, float]  # right, up, away; metres from the camera's foot
WIDTH, HEIGHT = 1280, 860
CAMERAS = (("HUAWEI", "ALN-AL00"), ("Xiaomi", "23127PN0CC"), ("Canon", "Canon EOS 200D II"), ("OPPO", "PHZ110"))
FACES = ((0, 1, 2, 3), (4, 5, 6, 7), (0, 1, 5, 4), (2, 3, 7, 6), (1, 2, 6, 5), (0, 3, 7, 4))
SHADES = (0.86, 0.86, 0.55, 1.12, 0.74, 0.74)  # front, back, bottom, top, right, left


@dataclass
class Stage:
    """A picture under construction: quads far away are painted before near ones."""

    rng: random.Random
    eye: float = 1.7
    pan: float = 0.0  # metres to the right
    focal: float = 900.0
    horizon: float = 0.44
    quads: list[tuple[float, np.ndarray, Colour]] = field(default_factory=list)

    def project(self, point: Point) -> tuple[float, float]:
        x, y, z = point
        z = max(z, 0.15)
        return WIDTH / 2 + self.focal * (x - self.pan) / z, HEIGHT * self.horizon - self.focal * (y - self.eye) / z

    def quad(self, corners: list[Point], colour: Colour, light: float = 1.0, nearer: float = 0.0) -> None:
        far = sum(c[2] for c in corners) / len(corners) - nearer
        haze = min(max(far, 0) / 60, 0.5)
        shade = tuple(int(min(255, c * light * (1 - haze) + 205 * haze)) for c in colour)
        self.quads.append((far, np.array([self.project(c) for c in corners]), shade))

    def box(self, at: Point, size: Point, colour: Colour) -> None:
        """A box by its lower left near corner and its width, height, depth."""
        (x, y, z), (w, h, d) = at, size
        c = [(x, y, z), (x + w, y, z), (x + w, y + h, z), (x, y + h, z)]
        c += [(a, b, z + d) for a, b, _ in c]
        for face, shade in zip(FACES, SHADES, strict=True):
            if face != (4, 5, 6, 7):
                self.quad(
                    [c[i] for i in face], colour, shade * self.rng.uniform(0.95, 1.05), 0.01 if face[0] == 0 else 0
                )

    def painted(self) -> np.ndarray:
        """Height × width × 3, RGB, float32."""
        scale = 2
        picture = np.full((HEIGHT * scale, WIDTH * scale, 3), (176, 178, 172), np.uint8)
        for _, corners, colour in sorted(self.quads, key=lambda q: -q[0]):
            cv2.fillPoly(picture, [np.int32(np.clip(corners * scale, -30000, 30000))], colour, cv2.LINE_AA)
        return cv2.resize(picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA).astype(np.float32)


def _hall(
    stage: Stage, wall: Colour, floor: Colour, *, width: float = 11.0, depth: float = 44.0, roof: float = 6.5
) -> None:
    for z in range(0, int(depth), 2):  # tiles, so that near ones do not hide what stands on far ones
        for n in range(8):
            x = -width + n * width / 4
            tile = [(x, 0, z + 0.2), (x + width / 4, 0, z + 0.2), (x + width / 4, 0, z + 2.2), (x, 0, z + 2.2)]
            stage.quad(tile, floor, stage.rng.uniform(0.93, 1.04), -100)
        for side in (-width, width):
            stage.quad([(side, 0, z), (side, roof, z), (side, roof, z + 2), (side, 0, z + 2)], wall, 0.9, -90)
            if z % 6 == 0:
                stage.box((side - 0.2, 0, z + 0.5), (0.4, roof, 0.4), tuple(c - 30 for c in wall))
                window = [
                    (side * 0.999, 3.6, z + 1.2),
                    (side * 0.999, 5.2, z + 1.2),
                    (side * 0.999, 5.2, z + 4.6),
                    (side * 0.999, 3.6, z + 4.6),
                ]
                stage.quad(window, (226, 238, 246), 1.05, -85)
        stage.quad([(-width, roof, z), (width, roof, z), (width, roof, z + 2), (-width, roof, z + 2)], wall, 0.62, -95)
        if z % 4 == 0:
            for x in (-width / 2, 0, width / 2):
                stage.box((x - 0.9, roof - 0.5, z + 1), (1.8, 0.12, 0.3), (252, 252, 244))
    stage.quad([(-width, 0, depth), (width, 0, depth), (width, roof, depth), (-width, roof, depth)], wall, 0.8, -99)


def _cartons(stage: Stage, at: Point, across: int, up: int, size: float = 0.55) -> None:
    x, y, z = at
    for i in range(across):
        for j in range(up):
            tone = stage.rng.uniform(0.85, 1.08)
            colour = tuple(int(c * tone) for c in (190, 146, 96))
            corner = (x + i * size, y + j * size * 0.8, z)
            stage.box(corner, (size * 0.94, size * 0.76, size), colour)
            left, low = corner[0] + size * 0.55, corner[1] + size * 0.2
            label = [
                (left, low, z),
                (left + size * 0.3, low, z),
                (left + size * 0.3, low + size * 0.3, z),
                (left, low + size * 0.3, z),
            ]
            stage.quad(label, (236, 234, 228), 0.95, 0.2)
            seam = [(corner[0] + size * 0.44, corner[1], z), (corner[0] + size * 0.5, corner[1], z)]
            seam += [(a, b + size * 0.76, c) for a, b, c in reversed(seam)]
            stage.quad(seam, (214, 186, 140), 1.0, 0.15)


def production_line(stage: Stage) -> None:
    _hall(stage, (206, 212, 214), (122, 138, 128))
    for z in range(3, 34):
        stage.box((-0.8, 0.75, z), (1.5, 0.12, 1.0), (54, 58, 62))
        stage.box((-0.95, 0.7, z), (0.15, 0.25, 1.0), (60, 104, 168))
        stage.box((0.7, 0.7, z), (0.15, 0.25, 1.0), (60, 104, 168))
        if z % 2:
            for x in (-0.85, 0.75):
                stage.box((x, 0, z), (0.1, 0.75, 0.1), (120, 126, 130))
            stage.box(
                (stage.rng.uniform(-0.6, -0.1), 0.87, z),
                (0.5, 0.35, 0.4),
                stage.rng.choice(((198, 60, 50), (230, 226, 216), (60, 120, 90))),
            )
    for z in range(5, 32, 5):
        for side in (-1, 1):
            x = side * 3.0 - 0.8
            stage.box((x, 0, z), (1.7, 1.9, 2.0), stage.rng.choice(((86, 136, 120), (196, 200, 196), (88, 108, 150))))
            stage.quad(
                [(x + 0.3, 1.0, z), (x + 1.1, 1.0, z), (x + 1.1, 1.6, z), (x + 0.3, 1.6, z)], (36, 52, 64), 1, 0.3
            )
            stage.box((x + 0.6, 1.9, z + 0.6), (0.1, 0.6, 0.1), (216, 150, 40))


def warehouse(stage: Stage) -> None:
    _hall(stage, (222, 222, 214), (158, 154, 146), width=9)
    for side in (-1, 1):
        for z in range(4, 36, 3):
            for level in range(3):
                x = side * 4.6 - 1.1
                stage.box((x, 1.9 * level + 0.25, z), (2.3, 0.12, 2.6), (216, 112, 36))
                _cartons(stage, (x + 0.1, 1.9 * level + 0.4, z), 4, stage.rng.choice((1, 2, 3)))
            for x in (side * 4.6 - 1.15, side * 4.6 + 1.15):
                stage.box((x, 0, z - 0.1), (0.1, 5.6, 0.1), (44, 84, 150))
    stage.box((-1.2, 0.05, 7), (1.2, 0.12, 1.0), (150, 116, 70))
    _cartons(stage, (-1.2, 0.18, 7), 2, 3)
    stage.box((1.0, 0.3, 9), (1.0, 1.0, 1.6), (226, 170, 30))
    stage.box((1.1, 1.3, 9.6), (0.08, 0.9, 0.08), (40, 40, 40))
    stage.box((1.1, 2.2, 9.2), (0.9, 0.06, 1.2), (40, 40, 40))


def equipment(stage: Stage) -> None:
    _hall(stage, (198, 204, 212), (96, 104, 112), width=8)
    stage.box((-3.4, 0, 5.2), (6.6, 2.6, 2.4), (214, 216, 212))
    stage.box((-3.4, 0, 5.1), (6.6, 0.4, 0.1), (60, 66, 74))
    stage.quad([(-2.4, 0.9, 5.19), (0.3, 0.9, 5.19), (0.3, 2.2, 5.19), (-2.4, 2.2, 5.19)], (40, 60, 76), 1, 0.3)
    stage.quad([(-2.2, 1.0, 5.18), (-1.2, 1.0, 5.18), (-0.7, 2.1, 5.18), (-1.7, 2.1, 5.18)], (70, 96, 112), 1, 0.35)
    stage.box((1.3, 0.7, 4.7), (1.1, 1.5, 0.5), (70, 78, 92))
    stage.quad([(1.45, 1.5, 4.69), (2.2, 1.5, 4.69), (2.2, 2.05, 4.69), (1.45, 2.05, 4.69)], (120, 190, 210), 1, 0.4)
    for i in range(12):
        x, y = 1.46 + 0.2 * (i % 4), 0.85 + 0.18 * (i // 4)
        colour = stage.rng.choice(((210, 60, 50), (70, 170, 90), (230, 230, 226), (240, 190, 50)))
        stage.quad([(x, y, 4.69), (x + 0.1, y, 4.69), (x + 0.1, y + 0.1, 4.69), (x, y + 0.1, 4.69)], colour, 1, 0.4)
    for z in range(10, 30, 6):
        stage.box((-5.6, 0, z), (2.4, 2.0, 2.2), (170, 60, 52))
        stage.box((3.2, 0, z), (2.4, 2.3, 2.2), (196, 204, 196))


def gate(stage: Stage) -> None:
    for i in range(24):  # sky
        y = 60 - i * 2.4
        stage.quad(
            [(-90, y, 80), (90, y, 80), (90, y - 2.5, 80), (-90, y - 2.5, 80)],
            (150 + 3 * i, 190 + 2 * i, 228 + i),
            1,
            -20,
        )
    for z in range(0, 60, 3):
        for x in range(-24, 24, 6):
            tone = stage.rng.uniform(0.92, 1.05)
            stage.quad(
                [(x, 0, z + 0.3), (x + 6, 0, z + 0.3), (x + 6, 0, z + 3.3), (x, 0, z + 3.3)], (146, 144, 138), tone, -60
            )
    stage.box((-16, 0, 30), (32, 12, 12), (216, 206, 190))
    for floor in range(3):
        for n in range(10):
            x, y = -14.6 + n * 3.0, 1.4 + floor * 3.6
            stage.quad(
                [(x, y, 29.9), (x + 2.0, y, 29.9), (x + 2.0, y + 1.9, 29.9), (x, y + 1.9, 29.9)],
                (92, 128, 156),
                stage.rng.uniform(0.8, 1.2),
                6,
            )
    for x in (-7.0, 5.6):
        stage.box((x, 0, 14), (1.4, 3.6, 1.4), (170, 74, 58))
    for n in range(26):
        stage.box((-5.5 + n * 0.42, 0.15, 14.6), (0.08, 1.5, 0.08), (196, 200, 204))
    for x in range(-20, 21, 5):
        if abs(x) > 8:
            stage.box((x, 0, 24), (0.5, 2.4, 0.5), (96, 74, 54))
            stage.box((x - 1.2, 2.2, 23.4), (2.9, 2.6, 1.8), (70, 118, 66))


def packing(stage: Stage) -> None:
    _hall(stage, (228, 226, 220), (176, 170, 158), width=9)
    for z in range(4, 26, 4):
        for side in (-1, 1):
            x = side * 2.9 - 1.4
            stage.box((x, 0.8, z), (2.8, 0.08, 1.3), (206, 186, 150))
            for dx in (0.1, 2.6):
                stage.box((x + dx, 0, z + 0.1), (0.1, 0.8, 0.1), (130, 134, 136))
            for n in range(6):
                colour = stage.rng.choice(
                    ((206, 70, 90), (70, 140, 190), (240, 220, 120), (236, 236, 232), (90, 170, 120))
                )
                stage.box(
                    (x + 0.2 + n * 0.42, 0.88, z + stage.rng.uniform(0.1, 0.6)),
                    (0.3, stage.rng.uniform(0.15, 0.4), 0.3),
                    colour,
                )
        _cartons(stage, (-0.6, 0.0, z + 1.5), 2, stage.rng.choice((1, 2, 2)))


SCENES: dict[str, Callable[[Stage], None]] = {
    "production_line": production_line,
    "warehouse": warehouse,
    "equipment": equipment,
    "gate": gate,
    "packing": packing,
}


def scene(kind: str, seed: int, *, pan: float = 0.0, sign: str = "", exif: bool = True) -> Drawn:
    """One photo. Another `pan` is the photographer a step aside; `sign` stands over the gate."""
    rng = random.Random(f"{kind}/{seed}")
    stage = Stage(rng, pan=pan + rng.uniform(-0.5, 0.5), focal=rng.uniform(780, 980), horizon=rng.uniform(0.38, 0.48))
    SCENES[kind](stage)
    picture = _surface(stage.painted(), np.random.default_rng(seed))
    if sign and kind == "gate":
        picture = _sign(picture, stage, sign)
    image = np.ascontiguousarray(np.clip(picture, 0, 255).astype(np.uint8)[..., ::-1])
    return Drawn("factory_photo", image, {}, exif=camera(seed) if exif else b"")


def _surface(picture: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Dirt, wear and light that falls off: nothing in a hall is of one colour."""
    for size, strength in ((5, 0.022), (40, 0.028), (200, 0.045)):
        coarse = rng.normal(0, 1, (HEIGHT // size + 2, WIDTH // size + 2)).astype(np.float32)
        rough = cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
        picture = picture * (1 + strength * rough)[..., None]
    edges = cv2.Laplacian(cv2.GaussianBlur(picture, (0, 0), 2.5), cv2.CV_32F)
    picture = picture + 1.4 * edges  # creases darken, rims shine
    ys, xs = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    fall = 1.05 - 0.3 * ((xs / WIDTH - 0.5) ** 2 + (ys / HEIGHT - 0.5) ** 2)
    return cv2.GaussianBlur(picture * fall[..., None], (0, 0), 0.6)


def _sign(picture: np.ndarray, stage: Stage, text: str) -> np.ndarray:
    left, top = stage.project((-13, 11.4, 29.8))
    right, bottom = stage.project((13, 9.6, 29.8))
    image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    size = max(int(min((bottom - top) * 0.8, (right - left) * 0.95 / max(len(text), 1))), 8)
    place = ((left + right) / 2, (top + bottom) / 2)
    ImageDraw.Draw(image).text(place, text, (178, 34, 30), fonts.NOTO_HEI_BOLD.at(size), anchor="mm")
    return np.asarray(image, np.float32)


def watermarked(drawn: Drawn, words: str = "STOCK PHOTO 图片素材库") -> Drawn:
    """The picture as a stock agency shows it before it is paid for; no camera data is left."""
    h, w = drawn.image.shape[:2]
    layer = Image.new("L", (w * 2, w * 2), 0)
    pen, font = ImageDraw.Draw(layer), fonts.NOTO_HEI_BOLD.at(round(w / 26))
    step = round(font.getlength(words) * 1.35)
    for row, y in enumerate(range(0, w * 2, round(w / 6))):
        for x in range(-step * (row % 2) // 2, w * 2, step):
            pen.text((x, y), words, 118, font)
    turned = np.asarray(layer.rotate(28).crop((w // 2, w // 2, w // 2 + w, w // 2 + h)), np.float32)[..., None] / 255
    image = drawn.image * (1 - turned) + 255 * turned
    return replace(drawn, image=image.astype(np.uint8), exif=b"")


def near_duplicate(drawn: Drawn) -> Drawn:
    """The same photo again, cut a little and brighter: what somebody uploads twice."""
    h, w = drawn.image.shape[:2]
    cut = drawn.image[round(h * 0.02) : round(h * 0.98), round(w * 0.02) : round(w * 0.98)]
    brighter = np.clip(
        cv2.resize(cut, (round(w * 0.8), round(h * 0.8)), interpolation=cv2.INTER_AREA) * 1.06 + 4, 0, 255
    )
    return replace(drawn, image=brighter.astype(np.uint8))


def camera(seed: int) -> bytes:
    """EXIF as a phone or camera writes it: maker, model, when, lens."""
    rng = random.Random(seed)
    maker, model = rng.choice(CAMERAS)
    moment = datetime.combine(AS_OF, datetime.min.time()) - timedelta(minutes=rng.randint(60 * 24 * 3, 60 * 24 * 80))
    moment = moment.replace(hour=rng.randint(9, 17))
    exif = Image.Exif()
    exif[0x010F], exif[0x0110] = maker, model
    exif[0x0132] = f"{moment:%Y:%m:%d %H:%M:%S}"
    detail = exif.get_ifd(0x8769)
    detail[0x9003] = detail[0x9004] = exif[0x0132]
    detail[0x829A], detail[0x829D], detail[0x8827] = (1, rng.choice((60, 100, 250))), 1.9, rng.choice((50, 100, 320))
    detail[0x920A] = round(rng.uniform(4.2, 6.8), 2)
    return exif.tobytes()
