"""From a flat drawing to what a supplier uploads: scanned or photographed.

Each step takes and gives `Drawn`; boxes follow the pixels. Pictures are height × width × 3, BGR, uint8.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import cv2
import numpy as np

from samples.generator.truth import Drawn

Rng = np.random.Generator


def scan(drawn: Drawn, seed: int, side: int = 1800) -> Drawn:
    """A flatbed scan: a hair of skew, a white margin, slight softness and noise."""
    rng = np.random.default_rng(seed)
    drawn = fit(drawn, side)
    h, w = drawn.image.shape[:2]
    margin = round(0.015 * w)
    angle = rng.uniform(-0.6, 0.6)
    matrix = np.vstack([cv2.getRotationMatrix2D((w / 2, h / 2), angle, 1.0), [0, 0, 1]])
    matrix = np.array([[1, 0, margin], [0, 1, margin], [0, 0, 1.0]]) @ matrix
    drawn = warp(drawn, matrix, (w + 2 * margin, h + 2 * margin), paper=(250, 251, 250))
    image = cv2.GaussianBlur(drawn.image, (0, 0), rng.uniform(0.3, 0.55)).astype(np.float32)
    image = contrast(image, rng.uniform(1.0, 1.06), rng.uniform(-4, 3))
    return replace(drawn, image=noisy(image, rng, rng.uniform(0.6, 1.5)))


def photo(drawn: Drawn, seed: int, side: int = 1800, *, tilt: float = 1.0) -> Drawn:
    """A careful phone photo: on a desk, a little perspective, uneven light, soft focus, grain."""
    rng = np.random.default_rng(seed)
    drawn = fit(drawn, round(side * 0.92))
    drawn = _onto_desk(drawn, rng, tilt)
    image = drawn.image.astype(np.float32)
    image = _light(image, rng)
    image *= rng.normal(1.0, 0.025, 3).clip(0.94, 1.06)  # white balance
    image = contrast(image, rng.uniform(0.88, 1.02), rng.uniform(-14, 4))
    image = cv2.GaussianBlur(image, (0, 0), rng.uniform(0.45, 0.85))
    if rng.random() < 0.3:
        image = smeared(image, rng.uniform(0, 180), 3)
    return fit(replace(drawn, image=noisy(image, rng, rng.uniform(2.0, 5.0))), side)


def snapshot(drawn: Drawn, seed: int, side: int = 1800) -> Drawn:
    """What is in front of the camera as it is, no page on a desk: uneven light, soft focus, grain."""
    rng = np.random.default_rng(seed)
    drawn = fit(drawn, side)
    image = _light(drawn.image.astype(np.float32), rng) * rng.normal(1.0, 0.02, 3).clip(0.95, 1.05)
    image = cv2.GaussianBlur(
        contrast(image, rng.uniform(0.92, 1.04), rng.uniform(-8, 6)), (0, 0), rng.uniform(0.4, 0.7)
    )
    return replace(drawn, image=noisy(image, rng, rng.uniform(1.5, 3.5)))


def fit(drawn: Drawn, side: int) -> Drawn:
    """Scaled down so that the longer side is at most `side` pixels."""
    h, w = drawn.image.shape[:2]
    factor = side / max(h, w)
    if factor >= 1:
        return drawn
    image = cv2.resize(drawn.image, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    mask = None if drawn.mask is None else cv2.resize(drawn.mask, image.shape[1::-1], interpolation=cv2.INTER_AREA)
    return replace(drawn, image=image, boxes=mapped(drawn.boxes, np.diag([factor, factor, 1.0])), mask=mask)


def turn(drawn: Drawn, degrees: int) -> Drawn:
    """Turned clockwise by 0, 90, 180 or 270 degrees; boxes are those of the turned picture."""
    h, w = drawn.image.shape[:2]
    matrix = {
        0: np.eye(3),
        90: np.array([[0, -1, h - 1], [1, 0, 0], [0, 0, 1.0]]),
        180: np.array([[-1, 0, w - 1], [0, -1, h - 1], [0, 0, 1.0]]),
        270: np.array([[0, 1, 0], [-1, 0, w - 1], [0, 0, 1.0]]),
    }[degrees % 360]
    image = np.ascontiguousarray(np.rot90(drawn.image, -(degrees // 90)))
    return replace(drawn, image=image, boxes=mapped(drawn.boxes, matrix))


def warp(drawn: Drawn, matrix: np.ndarray, size: tuple[int, int], paper: tuple[int, int, int]) -> Drawn:
    """The picture under a homography, on a plain ground."""
    image = cv2.warpPerspective(drawn.image, matrix, size, flags=cv2.INTER_CUBIC, borderValue=paper)
    return replace(drawn, image=image, boxes=mapped(drawn.boxes, matrix), mask=None)


def jpeg(image: np.ndarray, quality: int = 84, exif: bytes = b"") -> bytes:
    """The picture as a JPEG file with halved colour resolution, as phones write it; `exif` is what a camera adds."""
    done, data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_OPTIMIZE, 1])
    if not done:
        raise RuntimeError("JPEG encoding failed")
    picture = data.tobytes()
    return picture[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + picture[2:] if exif else picture


def _onto_desk(drawn: Drawn, rng: Rng, tilt: float) -> Drawn:
    h, w = drawn.image.shape[:2]
    room = rng.uniform(0.03, 0.09)
    width, height = round(w * (1 + 2 * room)), round(h * (1 + 2 * room))
    jitter = 0.022 * tilt
    source = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    target = source + np.array([w * room, h * room]) + rng.uniform(-jitter, jitter, (4, 2)) * np.array([w, h])
    spin = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), rng.uniform(-2.0, 2.0) * tilt, 1.0), [0, 0, 1]])
    matrix = spin @ cv2.getPerspectiveTransform(source, target.astype(np.float32))
    paper = warp(drawn, matrix, (width, height), (0, 0, 0))
    whole = np.full((h, w), 255, np.uint8) if drawn.mask is None else drawn.mask
    mask = cv2.warpPerspective(whole, matrix, (width, height), flags=cv2.INTER_LINEAR)
    mask = cv2.GaussianBlur(mask, (0, 0), 0.8).astype(np.float32)[..., None] / 255
    shift = round(0.006 * w)
    shade = cv2.GaussianBlur(np.roll(mask, (shift, shift), (0, 1)), (0, 0), 0.008 * w)[..., None]
    ground = _desk(rng, height, width) * (1 - 0.45 * shade)
    return replace(paper, image=(paper.image * mask + ground * (1 - mask)).astype(np.uint8))


def _desk(rng: Rng, h: int, w: int) -> np.ndarray:
    """Wood, dark stone, cloth or a pale table top."""
    kind = rng.integers(4)
    base = np.array([(60, 92, 140), (42, 40, 40), (120, 112, 108), (196, 204, 208)][kind], np.float32)
    base = base * rng.uniform(0.85, 1.12)
    coarse = (24, 5) if kind == 0 else (40, 40)
    rough = cv2.resize(
        rng.normal(0, 1, coarse[::-1] if w < h else coarse).astype(np.float32), (w, h), interpolation=cv2.INTER_CUBIC
    )
    grain = cv2.GaussianBlur(
        rng.normal(0, 1, (h, w)).astype(np.float32), (0, 0), sigmaX=9 if kind == 0 else 1, sigmaY=0.8
    )
    texture = rough * 7 + grain * (26 if kind == 0 else 9)
    return np.clip(base + texture[..., None], 0, 255)


def _light(image: np.ndarray, rng: Rng) -> np.ndarray:
    """A lamp to one side and, sometimes, the soft edge of the photographer's own shadow."""
    h, w = image.shape[:2]
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    a = rng.uniform(0, 2 * np.pi)
    slope = np.cos(a) * (xs / w - 0.5) + np.sin(a) * (ys / h - 0.5)
    gain = 1 + rng.uniform(0.05, 0.22) * slope - rng.uniform(0, 0.12) * ((xs / w - 0.5) ** 2 + (ys / h - 0.5) ** 2)
    if rng.random() < 0.5:
        b = rng.uniform(0, 2 * np.pi)
        far = np.cos(b) * (xs / w - 0.5) + np.sin(b) * (ys / h - 0.5) - rng.uniform(0.05, 0.3)
        gain = gain * (1 - rng.uniform(0.1, 0.26) / (1 + np.exp(-far / 0.025)))
    return image * gain[..., None]


def contrast(image: np.ndarray, factor: float, shift: float) -> np.ndarray:
    return (image - 128) * factor + 128 + shift


def smeared(image: np.ndarray, angle: float, length: int) -> np.ndarray:
    kernel = np.zeros((length, length), np.float32)
    kernel[length // 2] = 1
    kernel = cv2.warpAffine(
        kernel, cv2.getRotationMatrix2D(((length - 1) / 2, (length - 1) / 2), angle, 1), (length, length)
    )
    return cv2.filter2D(image, -1, kernel / kernel.sum())


def noisy(image: np.ndarray, rng: Rng, sigma: float) -> np.ndarray:
    h, w = image.shape[:2]
    grain = rng.standard_normal((h, w, 1), np.float32) * sigma
    colour = cv2.resize(rng.standard_normal((h // 2 + 1, w // 2 + 1, 3), np.float32), (w, h)) * sigma * 0.5
    return np.clip(image + grain + colour, 0, 255).astype(np.uint8)


def over(drawn: Drawn, field: str, grow: float) -> np.ndarray:
    """A soft mask over a field, `grow` line heights beyond it."""
    h, w = drawn.image.shape[:2]
    corners = np.array(drawn.boxes[field], np.float32)
    pad = grow * float(np.linalg.norm(corners[3] - corners[0]))
    mask = np.zeros((h, w), np.float32)
    cv2.fillConvexPoly(mask, corners.round().astype(np.int32), 1.0)
    mask = cv2.dilate(mask, np.ones((max(round(pad), 1),) * 2))
    return cv2.GaussianBlur(mask, (0, 0), max(pad / 4, 1))


def mapped(boxes: dict[str, Any], matrix: np.ndarray) -> dict[str, Any]:
    moved = {}
    for name, corners in boxes.items():
        points = cv2.perspectiveTransform(np.array([corners], np.float64), matrix.astype(np.float64))[0]
        moved[name] = [(float(x), float(y)) for x, y in points]
    return moved
