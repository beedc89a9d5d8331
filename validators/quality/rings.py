"""Copies in black and white: of what is in colour by nature, or bears a seal's ring, as seals are red."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from extractors.model import DocumentType

Image = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]

_SIDE = 420  # pixels the longer side of a page is looked at with
_PAPER = 9  # pixels that are closed over: a ring is thinner
_RADII = range(18, 62, 2)  # pixels
_DARK = 7  # grey levels a ring is darker than the paper
_BEYOND = 1.1, 3  # times its radius and pixels, outside of which there is no ring
_RING = 0.8  # share of a circle that is dark, less that of one around it


def is_copied(image: Image, kind: DocumentType, *, colour: bool) -> bool:
    """Whether a page (BGR) was copied in black and white; `colour` is whether it has any."""
    return not colour and (kind.coloured or has_ring(image))


def has_ring(image: Image) -> bool:
    """Whether a page (BGR) has a thin dark ring as large as a seal's."""
    scale = min(1.0, _SIDE / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    grey = np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.uint8)
    paper = cv2.morphologyEx(grey, cv2.MORPH_CLOSE, np.ones((_PAPER, _PAPER), np.uint8))
    # A circle of whole pixels lies a pixel off a ring here and there.
    dark = cv2.dilate((cv2.subtract(paper, grey) > _DARK).astype(np.uint8), np.ones((3, 3), np.uint8))
    plane = dark.astype(np.float32)
    return any(float(cv2.filter2D(plane, -1, _circle(radius)).max()) >= _RING for radius in _RADII)


@cache
def _circle(radius: int) -> Plane:
    """A circle, and a negative one around it, each of weight 1."""
    outer = round(_BEYOND[0] * radius) + _BEYOND[1]
    size = 2 * outer + 3
    planes = []
    for one in (radius, outer):
        plane = np.zeros((size, size), np.uint8)
        cv2.circle(plane, (size // 2, size // 2), one, (1,), 1)
        planes.append(plane / plane.sum())
    return np.asarray(planes[0] - planes[1], np.float32)
