"""A picture of a drawing with its flaws, and how legible each field is left by them."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np

from samples.generator.flaws import EVERYWHERE, OVER_A_FIELD, Flaw
from samples.generator.forgeries import FORGERIES
from samples.generator.photograph import fit, photo, scan, snapshot, turn
from samples.generator.truth import Corners, Drawn

FLAWS: dict[str, Flaw] = {**EVERYWHERE, **OVER_A_FIELD, **FORGERIES}
_HEIGHT = 40  # pixels a field is stretched to before it is compared


def take(
    drawn: Drawn,
    preset: str,
    seed: int,
    *,
    side: int = 1800,
    rotation: int = 0,
    flaws: tuple[tuple[str, dict[str, Any]], ...] = (),
) -> Drawn:
    """One picture: `scan`, `photo` or `snapshot`, then flaws, then turned. `flat` leaves the drawing alone."""
    ways = {"scan": scan, "photo": photo, "snapshot": snapshot, "flat": lambda d, s, n: fit(d, n)}
    taken = ways[preset](drawn, seed, side)
    for name, options in flaws:
        taken = FLAWS[name](taken, seed, **options)
    return turn(taken, rotation) if rotation else taken


def legible(before: Drawn, after: Drawn) -> dict[str, float]:
    """How much of each field's print a flaw left: the likeness of its worst character, 0..1, to the one before.

    Likeness is the correlation of the strokes (a band of frequencies as fine as they are), so that neither light nor
    contrast counts as long as the strokes can be told from the ground.
    """
    return {
        name: round(_likeness(before.image, corners, after.image, after.boxes[name]), 2)
        for name, corners in before.boxes.items()
        if name in after.boxes
    }


def _likeness(image: np.ndarray, corners: Corners, other: np.ndarray, there: Corners) -> float:
    points = np.array(corners, np.float32)
    width = float(np.linalg.norm(points[1] - points[0])) / max(float(np.linalg.norm(points[3] - points[0])), 1.0)
    size = max(_HEIGHT, round(_HEIGHT * min(width, 60))), _HEIGHT
    first, second = _strokes(image, corners, size), _strokes(other, there, size)
    worst, strength = 1.0, float(np.sqrt((first**2).mean())) or 1.0
    for start in range(0, max(1, first.shape[1] - _HEIGHT // 2), _HEIGHT // 2):
        a, b = first[:, start : start + _HEIGHT], second[:, start : start + _HEIGHT]
        power = float(np.sqrt((a**2).sum() * ((b**2).sum() + 1e-9)))
        if float(np.sqrt((a**2).mean())) > 0.5 * strength:  # a gap between characters has nothing to lose
            worst = min(worst, float((a * b).sum()) / power if power else 0.0)
    return max(0.0, worst)


def _strokes(image: np.ndarray, corners: Corners, size: tuple[int, int]) -> np.ndarray:
    """A field laid flat, its strokes alone; grey where the picture does not reach."""
    flat = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    matrix = cv2.getPerspectiveTransform(np.array(corners, np.float32), flat)
    laid = cv2.warpPerspective(grey, matrix, size, flags=cv2.INTER_LINEAR, borderValue=128).astype(np.float32)
    return cv2.GaussianBlur(laid, (0, 0), 1.0) - cv2.GaussianBlur(laid, (0, 0), 5.0)
