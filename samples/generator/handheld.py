"""Somebody holding a document before the chest, and ID photos; nobody of them exists."""

from __future__ import annotations

import cv2
import numpy as np

from samples.generator import face, photograph, scenes
from samples.generator.truth import Corners, Drawn

WIDTH, HEIGHT = 960, 1200


def handheld(document: Drawn, seed: int, *, exif: bool = True) -> Drawn:
    """A person of face `seed` showing a card or page; boxes: face, document, and the fields on it."""
    rng = np.random.default_rng(seed)
    person = face.look(seed)
    picture = face.portrait(seed, WIDTH, HEIGHT, _room(rng), span=4.3, middle=0.31)
    shown = photograph.fit(document, 700)
    h, w = shown.image.shape[:2]
    target = _held(h, w, rng)
    skin, cloth = np.array(person.skin[::-1], np.float32), np.array(person.cloth[::-1], np.float32)
    grips = [
        (target[0] + target[3]) / 2 + (target[3] - target[0]) * 0.12,
        (target[1] + target[2]) / 2 + (target[2] - target[1]) * 0.12,
    ]
    for side, grip in zip((-1, 1), grips, strict=True):  # sleeves and hands behind
        elbow = (grip[0] + side * 150, HEIGHT + 90)
        picture = _capsule(picture, elbow, (grip[0] + side * 58, grip[1] + 150), 74, cloth)
        picture = _capsule(picture, (grip[0] + side * 52, grip[1] + 130), (grip[0] + side * 10, grip[1] + 20), 44, skin)
    matrix = cv2.getPerspectiveTransform(np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32), np.float32(target))
    placed = photograph.warp(shown, matrix, (WIDTH, HEIGHT), (0, 0, 0))
    whole = np.full((h, w), 255, np.uint8) if shown.mask is None else shown.mask
    mask = cv2.warpPerspective(whole, matrix, (WIDTH, HEIGHT)).astype(np.float32)[..., None] / 255
    shade = cv2.GaussianBlur(np.roll(mask[..., 0], (9, 4), (0, 1)), (0, 0), 12)[..., None]
    picture = picture * (1 - 0.35 * shade * (1 - mask))
    picture = placed.image * mask + picture * (1 - mask)
    for side, grip in zip((-1, 1), grips, strict=True):  # thumbs in front
        picture = _capsule(
            picture, (grip[0] + side * 34, grip[1] + 48), (grip[0] - side * 34, grip[1] - 6), 21, skin, tip=True
        )
    corners: Corners = [(float(a), float(b)) for a, b in target]
    unit = HEIGHT / 4.3
    middle, half = HEIGHT * 0.31, person.width * unit
    edges = (WIDTH / 2 - half, middle - 0.9 * unit, WIDTH / 2 + half, middle + unit)
    head = [(edges[0], edges[1]), (edges[2], edges[1]), (edges[2], edges[3]), (edges[0], edges[3])]
    image = np.clip(picture, 0, 255).astype(np.uint8)
    boxes = placed.boxes | {"document": corners, "face": head}
    return Drawn("handheld_photo", image, {}, boxes, exif=scenes.camera(seed) if exif else b"")


def _held(h: int, w: int, rng: np.random.Generator) -> np.ndarray:
    """Where the corners of a page of this size are held, a little askew."""
    wide = (0.56 if w > h else 0.4) * WIDTH
    tall = wide * h / w
    left, top = (WIDTH - wide) / 2 + rng.uniform(-25, 25), HEIGHT * 0.95 - tall - 60
    corners = np.array([[left, top], [left + wide, top], [left + wide, top + tall], [left, top + tall]])
    return corners + rng.uniform(-0.03, 0.03, (4, 2)) * wide


def id_photo(seed: int) -> Drawn:
    """A passport-style portrait on plain ground."""
    ground = ((255, 255, 255), (92, 142, 206), (214, 226, 238))[seed % 3]
    return Drawn("portrait_photo", face.portrait(seed, 420, 560, ground, span=3.5, middle=0.42), {})


def _room(rng: np.random.Generator) -> np.ndarray:
    """A wall with a shelf and a door frame, out of focus. RGB."""
    wall = np.ones((HEIGHT, WIDTH, 3), np.float32) * np.array(
        rng.choice(((222, 216, 206), (206, 214, 216), (226, 222, 214)))
    )
    wall *= np.linspace(1.04, 0.86, HEIGHT, dtype=np.float32)[:, None, None]
    door = int(rng.integers(0, 120))
    wall[:, door : door + 130] *= np.array((0.72, 0.6, 0.48), np.float32)
    for level in (240, 470):
        wall[level : level + 20, WIDTH - 240 :] *= 0.6
        for n in range(8):
            x = WIDTH - 232 + n * 29
            tall = int(rng.integers(90, 160))
            wall[level - tall : level, x : x + 24] *= rng.uniform(0.35, 0.95, 3).astype(np.float32)
    return cv2.GaussianBlur(wall, (0, 0), 5)


def _capsule(
    picture: np.ndarray,
    a: tuple[float, float],
    b: tuple[float, float],
    radius: int,
    colour: np.ndarray,
    *,
    tip: bool = False,
) -> np.ndarray:
    """A rounded limb from a to b, lit from above; `tip` has a nail."""
    ys, xs = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]].astype(np.float32)
    dx, dy = b[0] - a[0], b[1] - a[1]
    t = np.clip(((xs - a[0]) * dx + (ys - a[1]) * dy) / (dx * dx + dy * dy), 0, 1)
    away = np.hypot(xs - a[0] - t * dx, ys - a[1] - t * dy) / radius
    mask = face.soft(1 - away, 1.2 / radius)
    light = 0.62 + 0.4 * np.sqrt(np.clip(1 - away**2, 0, 1)) - 0.1 * np.clip((ys - a[1] - t * dy) / radius, -1, 1)
    limb = colour * light[..., None]
    if tip:
        nail = np.exp(-((np.hypot(xs - b[0], ys - b[1]) / (radius * 0.55)) ** 4))[..., None]
        limb = limb * (1 - 0.5 * nail) + np.array((200, 206, 236), np.float32) * 0.5 * nail
    return picture * (1 - mask[..., None]) + limb * mask[..., None]
