"""A face that was never anybody's: a surface of bumps and hollows, lit from one side, eyes, brows and hair painted.

Detailed enough for a face detector to find, unlike the grey silhouettes on the cards.
"""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

Plane = np.ndarray  # height × width, float32
SKINS = ((228, 190, 164), (214, 172, 142), (236, 204, 182), (186, 140, 110))
HAIRS = ((36, 30, 28), (52, 38, 30), (28, 26, 28))
CLOTHS = ((62, 78, 112), (150, 60, 62), (88, 100, 92), (205, 205, 210), (52, 52, 58))


@dataclass(frozen=True, slots=True)
class Look:
    """What one face differs in from another; lengths in half face heights."""

    skin: tuple[int, int, int]
    hair: tuple[int, int, int]
    cloth: tuple[int, int, int]
    width: float
    jaw: float  # below 1 narrow, above broad
    eyes: float  # from the middle
    brow: float
    nose: float
    mouth: float
    long_hair: bool
    glasses: bool
    light: float  # where it comes from: -1 left, 1 right


def look(seed: int) -> Look:
    rng = np.random.default_rng(seed)
    return Look(
        skin=SKINS[rng.integers(len(SKINS))],
        hair=HAIRS[rng.integers(len(HAIRS))],
        cloth=CLOTHS[rng.integers(len(CLOTHS))],
        width=rng.uniform(0.68, 0.76),
        jaw=rng.uniform(0.9, 1.12),
        eyes=rng.uniform(0.27, 0.31),
        brow=rng.uniform(0.8, 1.4),
        nose=rng.uniform(0.85, 1.2),
        mouth=rng.uniform(0.21, 0.28),
        long_hair=bool(rng.random() < 0.45),
        glasses=bool(rng.random() < 0.2),
        light=float(rng.choice((-1, 1)) * rng.uniform(0.25, 0.6)),
    )


def soft(distance: Plane, edge: float = 0.012) -> Plane:
    """1 inside (distance above 0), 0 outside, with a soft edge."""
    return 1 / (1 + np.exp(-np.clip(distance / edge, -40, 40)))


def _bump(x: Plane, y: Plane, at: tuple[float, float], size: tuple[float, float]) -> Plane:
    return np.exp(-(((x - at[0]) / size[0]) ** 2) - ((y - at[1]) / size[1]) ** 2)


def portrait(
    seed: int,
    width: int = 420,
    height: int = 560,
    ground: np.ndarray | tuple[int, int, int] = (214, 226, 238),
    *,
    span: float = 2.9,
    middle: float = 0.45,
) -> np.ndarray:
    """A head-and-shoulders picture, height × width × 3, BGR, uint8.

    `span` is how many half heads high the picture is, `middle` where the eyes' line stands in it; `ground` is RGB.
    """
    person, rng = look(seed), np.random.default_rng(seed + 1)
    zoom = span / height
    ys, xs = np.mgrid[0:height, 0:width].astype(np.float32)
    x, y = (xs - width / 2) * zoom, (ys - height * middle) * zoom
    picture = np.ones((height, width, 3), np.float32) * np.array(ground, np.float32)
    picture *= (1 - 0.06 * np.clip(x**2 + y**2, 0, 3))[..., None]
    picture = _body(picture, person, x, y, rng)
    picture = _head(picture, person, x, y, rng)
    picture = cv2.GaussianBlur(picture, (0, 0), 0.7) + rng.normal(0, 1.6, picture.shape)
    return np.ascontiguousarray(np.clip(picture, 0, 255).astype(np.uint8)[..., ::-1])


def _over(picture: np.ndarray, mask: Plane, colour: np.ndarray) -> np.ndarray:
    return picture * (1 - mask[..., None]) + colour * mask[..., None]


def _lit(height: Plane, x: Plane, y: Plane, person: Look) -> Plane:
    """Brightness of a surface: 1 where it faces the lamp."""
    step = float(x[0, 1] - x[0, 0])
    slope_y, slope_x = np.gradient(cv2.GaussianBlur(height, (0, 0), 1.2), step)
    length = np.sqrt(slope_x**2 + slope_y**2 + 1)
    toward = (0.45 * slope_y - person.light * slope_x + 0.85) / length
    return 0.36 + 0.74 * np.clip(toward, 0, None)


def _body(picture: np.ndarray, person: Look, x: Plane, y: Plane, rng: np.random.Generator) -> np.ndarray:
    """Hair behind, neck, shoulders with a collar."""
    if person.long_hair:
        mane = soft(0.86 - np.sqrt((x / 0.98) ** 2 + ((y - 0.1) / 1.35) ** 2), 0.03) * soft(1.05 - y, 0.05)
        picture = _over(picture, mane, np.array(person.hair, np.float32) * _strands(x, y, rng)[..., None])
    neck_light = 0.62 + 0.3 * np.sqrt(np.clip(1 - (x / 0.36) ** 2, 0, 1)) - 0.28 * np.exp(-(((y - 0.92) / 0.16) ** 2))
    neck = soft(0.34 - np.abs(x) + 0.1 * np.clip(y - 1.1, 0, 1)) * soft(y - 0.5)
    picture = _over(picture, neck, np.array(person.skin, np.float32) * neck_light[..., None])
    shoulder = y - 1.12 - 0.34 * np.clip(np.abs(x) - 0.25, 0, None) ** 1.4 - 0.16 * np.exp(-((x / 0.3) ** 2))
    cloth = soft(shoulder) * soft(1.32 - np.abs(x))
    folds = 0.82 + 0.1 * np.sin(6 * x + 3 * y) * np.cos(4 * y - x) - 0.12 * np.abs(x)
    picture = _over(picture, cloth, np.array(person.cloth, np.float32) * folds[..., None])
    return picture


def _strands(x: Plane, y: Plane, rng: np.random.Generator) -> Plane:
    noise = cv2.GaussianBlur(rng.normal(0, 1, x.shape).astype(np.float32), (0, 0), sigmaX=0.9, sigmaY=9)
    return 1 + 2.2 * noise + 0.35 * np.exp(-(((np.hypot(x + 0.25, y + 0.95)) / 0.28) ** 2))


def _outline(person: Look, x: Plane, y: Plane) -> tuple[Plane, Plane]:
    """Half width of the face at each height, and distance inside the outline."""
    below = np.clip(y, 0, 1)
    half = person.width * np.where(
        y < 0, np.sqrt(np.clip(1 - (y / 1.08) ** 2, 0, 1)), (1 - below ** (2.3 * person.jaw)) ** 0.55
    )
    return half, np.where(half > 0, half - np.abs(x), -1)


def _surface(person: Look, x: Plane, y: Plane, half: Plane) -> Plane:
    height = (
        0.62 * np.sqrt(np.clip(1 - (x / np.maximum(half, 1e-3)) ** 2, 0, 1)) * np.clip(half / person.width, 0, 1) ** 0.4
    )
    ramp = np.clip((y + 0.18) / 0.45, 0, 1) ** 1.3 * soft(0.335 - y, 0.018)
    height += 0.20 * person.nose * ramp * np.exp(-((x / (0.075 + 0.05 * ramp)) ** 2))
    for side in (-1, 1):
        height += 0.075 * person.nose * _bump(x, y, (side * 0.105, 0.275), (0.05, 0.055))
        height -= 0.11 * _bump(x, y, (side * person.eyes, -0.1), (0.17, 0.105))
        height += 0.045 * _bump(x, y, (side * person.eyes, -0.28), (0.2, 0.07))
        height += 0.06 * _bump(x, y, (side * 0.4, 0.2), (0.18, 0.16))
        height -= 0.03 * _bump(x, y, (side * 0.3, 0.42), (0.07, 0.16))
        height += 0.05 * _bump(x, y, (side * person.eyes, -0.075), (0.12, 0.06))  # eyeballs under their lids
    height += 0.05 * _bump(x, y, (0, 0.51), (person.mouth, 0.045)) + 0.06 * _bump(
        x, y, (0, 0.61), (person.mouth * 0.85, 0.05)
    )
    height -= 0.035 * _bump(x, y, (0, 0.7), (0.2, 0.04)) + 0.015 * _bump(x, y, (0, 0.42), (0.03, 0.06))
    return height + 0.08 * _bump(x, y, (0, 0.86), (0.2, 0.12))


def _head(picture: np.ndarray, person: Look, x: Plane, y: Plane, rng: np.random.Generator) -> np.ndarray:
    skin = np.array(person.skin, np.float32)
    for side in (-1, 1):  # ears
        ear = soft(1 - np.hypot((x - side * (person.width + 0.02)) / 0.1, (y - 0.02) / 0.2), 0.06)
        picture = _over(picture, ear, skin * 0.82)
    half, inside = _outline(person, x, y)
    light = _lit(_surface(person, x, y, half).astype(np.float32), x, y, person)
    rough = cv2.GaussianBlur(rng.normal(0, 1, x.shape).astype(np.float32), (0, 0), 1.3)
    blush = 0.10 * (_bump(x, y, (-0.4, 0.22), (0.2, 0.16)) + _bump(x, y, (0.4, 0.22), (0.2, 0.16)))
    tint = skin * (light + 0.03 * rough)[..., None]
    tint[..., 1:] *= (1 - blush)[..., None]
    picture = _over(picture, soft(inside), tint)
    picture = _mouth(picture, person, x, y)
    for side in (-1, 1):
        picture = _eye(picture, person, x, y, side)
        nostril = soft(1 - np.hypot((x - side * 0.062) / 0.034, (y - 0.325) / 0.018), 0.2)
        picture = _over(picture, 0.75 * nostril, skin * 0.3)
    picture = _hair(picture, person, x, y, inside, rng)
    return _glasses(picture, person, x, y) if person.glasses else picture


def _eye(picture: np.ndarray, person: Look, x: Plane, y: Plane, side: int) -> np.ndarray:
    u, v = (x - side * person.eyes) / 0.15, y + 0.085 + 0.03 * side * (x - side * person.eyes)
    lid = np.clip(1 - u**2, 0, 1)
    upper, lower = -0.062 * lid**0.7, 0.046 * lid
    opened = soft(np.minimum(v - upper, lower - v), 0.006) * soft(1 - np.abs(u), 0.03)
    shade = 0.74 + 0.2 * np.clip((v + 0.06) / 0.08, 0, 1)
    picture = _over(picture, opened, np.array((236, 232, 228), np.float32) * shade[..., None])
    from_iris = np.hypot(x - side * (person.eyes - 0.008), v + 0.008)
    iris = soft(0.064 - from_iris, 0.006) * opened
    picture = _over(picture, iris, np.array((70, 46, 32), np.float32) * (0.6 + 5 * from_iris)[..., None])
    picture = _over(picture, soft(0.028 - from_iris, 0.005) * opened, np.array((14, 12, 12), np.float32))
    spark = soft(0.013 - np.hypot(x - side * person.eyes + 0.022, v + 0.03), 0.004)
    picture = _over(picture, 0.9 * spark, np.array((250, 250, 250), np.float32))
    lash = soft(0.011 - np.abs(v - upper), 0.005) * soft(1.06 - np.abs(u), 0.04)
    crease = soft(0.006 - np.abs(v - upper + 0.036), 0.008) * soft(0.95 - np.abs(u), 0.08)
    picture = _over(picture, 0.9 * lash, np.array((34, 26, 24), np.float32))
    picture = _over(picture, 0.35 * crease, np.array(person.skin, np.float32) * 0.5)
    arch = y + 0.305 + 0.05 * (1 - ((x - side * person.eyes * 1.05) / 0.2) ** 2)
    brow = soft(0.022 * person.brow - np.abs(arch), 0.014) * soft(0.2 - np.abs(x - side * person.eyes * 1.05), 0.025)
    return _over(picture, 0.85 * brow, np.array(person.hair, np.float32) * 1.1)


def _mouth(picture: np.ndarray, person: Look, x: Plane, y: Plane) -> np.ndarray:
    lid = np.clip(1 - (x / person.mouth) ** 2, 0, 1)
    line = 0.555 - 0.014 * lid + 0.012 * np.exp(-((x / 0.05) ** 2))
    upper = line - 0.05 * lid**0.8 + 0.012 * np.exp(-((x / 0.035) ** 2))
    lower = line + 0.068 * lid
    lips = soft(np.minimum(y - upper, lower - y), 0.008) * soft(person.mouth - np.abs(x), 0.01)
    rose = np.array(person.skin, np.float32) * np.array((0.86, 0.6, 0.6), np.float32)
    gleam = 0.92 + 0.25 * _bump(x, y, (0, 0.6), (0.12, 0.02)) - 0.12 * (y < line)
    picture = _over(picture, 0.8 * lips, rose * gleam[..., None])
    return _over(picture, 0.8 * soft(0.007 - np.abs(y - line), 0.006) * soft(person.mouth - np.abs(x)), rose * 0.42)


def _hair(picture: np.ndarray, person: Look, x: Plane, y: Plane, inside: Plane, rng: np.random.Generator) -> np.ndarray:
    skull = 1 - np.hypot(x / (person.width * 1.13), (y + 0.13) / 1.1)
    hairline = -0.62 + 0.10 * np.cos(3.2 * x) + 0.55 * np.clip(np.abs(x) - 0.46, 0, 1) * 2.6
    sides = np.abs(x) - person.width * (0.86 if person.long_hair else 0.93)
    lowest = 0.55 if person.long_hair else -0.05
    cap = soft(skull, 0.02) * np.maximum(soft(hairline - y, 0.03), soft(sides, 0.02) * soft(lowest - y, 0.06))
    return _over(picture, cap, np.array(person.hair, np.float32) * _strands(x, y, rng)[..., None])


def _glasses(picture: np.ndarray, person: Look, x: Plane, y: Plane) -> np.ndarray:
    frame = np.zeros_like(x)
    for side in (-1, 1):
        ring = np.abs(np.hypot((x - side * person.eyes) / 0.23, (y + 0.06) / 0.17) - 1)
        frame = np.maximum(frame, soft(0.045 - ring, 0.02))
    bridge = soft(0.012 - np.abs(y + 0.09)) * soft(person.eyes - 0.22 - np.abs(x))
    return _over(picture, np.maximum(frame, bridge), np.array((40, 38, 40), np.float32))
