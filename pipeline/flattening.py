"""A page as it would lie flat in even light: what a second reading is made of where the first left something open.

Perspective is undone by the page's outline where that is seen, the rest (turned, fanned out, bent) by the slopes of its
lines; light by the paper around each place. What lies on a place of the flat page is told on the page as it was filed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.model import Box, TextLine
from pipeline.pages import Image
from validators.quality.flaws import excess, limits
from validators.quality.measures import Measured
from validators.quality.slopes import slope_over_page, slopes, terms
from validators.quality.surface import Surface

Plane = npt.NDArray[np.float32]
Points = npt.NDArray[np.float64]

_LONGEST = 4000  # pixels a side of a flat page at most
_MARGIN = 0.03  # share of the picture's longer side kept around the text
_GRID = 33  # knots a side the bent page is described by
_PAPER, _INK = 235.0, 60.0  # grey levels print is brought to
_MOST_GAIN = 6.0  # contrast is raised this much at most: beyond that there is noise alone
_THUMB = 4  # light is looked at on every n-th pixel
# From where a page is worth laying flat: edges that much longer than those opposite, degrees lines fan out or lie
# turned by. Careful photos stay below.
_SEEN_ASLANT, _FANNED, _TURNED = 0.15, 3.0, 12.0
_DIM = 0.5  # excess (`validators.quality.flaws`) of a measure of light from where evening it may help


@dataclass(frozen=True, slots=True)
class Flat:
    """A picture of the flat page (BGR), and where its points lie on the page as filed."""

    image: Image
    back: Callable[[Points], Points]

    def box(self, box: Box) -> Box:
        """The place of a box of the flat page on the page as filed."""
        a, b, c, d = ((float(x), float(y)) for x, y in self.back(np.array(box, np.float64)))
        return a, b, c, d


def is_uneven(surface: Surface) -> bool:
    """Whether a page lies so that laying it flat may show more."""
    return surface.fan >= _FANNED or abs(surface.skew) >= _TURNED or _is_aslant(surface)


def is_dim(measured: Measured) -> bool:
    """Whether a page is lit so that even light may show more."""
    limit = limits()
    light = max(excess(measured.page[name], limit[name]) for name in ("shadow", "contrast", "brightness"))
    return light >= _DIM or bool(measured.light.spots)


def _is_aslant(surface: Surface) -> bool:
    return surface.outline is not None and surface.perspective >= _SEEN_ASLANT


def flattened(image: Image, lines: Sequence[TextLine], surface: Surface) -> Flat:
    """The page (BGR) laid flat: by its outline, where it is seen aslant, and by the slopes of its lines."""
    outline = surface.outline if _is_aslant(surface) else None
    matrix, size = _by_outline(outline) if outline else _by_turning(lines, image.shape[1], image.shape[0])
    inverse: Points = np.linalg.inv(matrix).astype(np.float64)
    bend = slope_over_page([_mapped(np.array(line.box, np.float64), matrix) for line in lines], size)

    def back(points: Points) -> Points:
        return _mapped(_bent(points, bend, size), inverse)

    xs, ys = np.meshgrid(np.linspace(0, size[0] - 1, _GRID), np.linspace(0, size[1] - 1, _GRID))
    where = back(np.stack([xs.ravel(), ys.ravel()], axis=1)).reshape(_GRID, _GRID, 2).astype(np.float32)
    across, down = (_spread(where[:, :, axis], size) for axis in (0, 1))
    flat = cv2.remap(image, across, down, cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return Flat(np.asarray(flat, np.uint8), back)


def evened(image: Image, height: float) -> Image:
    """The picture (BGR) in even light: paper and ink brought to the same levels everywhere; `height` is its text's."""
    size = max(1, image.shape[1] // _THUMB), max(1, image.shape[0] // _THUMB)
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    reach = max(5, round(1.6 * height / _THUMB)) | 1
    window = np.ones((reach, reach), np.uint8)
    paper = cv2.GaussianBlur(cv2.erode(cv2.dilate(small, window), window), (0, 0), reach / 2)
    wide = np.ones((3 * reach, 3 * reach), np.uint8)
    darkest = cv2.erode(small.min(axis=2), np.ones((3, 3), np.uint8))
    ink = cv2.GaussianBlur(cv2.erode(darkest, wide), (0, 0), reach)
    depth = np.maximum(cv2.cvtColor(paper, cv2.COLOR_BGR2GRAY).astype(np.float32) - ink, 1.0)
    gain = np.clip((_PAPER - _INK) / depth, 1.0, _MOST_GAIN)
    whole = image.shape[1::-1]
    paper_there = cv2.resize(paper, whole, interpolation=cv2.INTER_LINEAR).astype(np.float32)
    gain_there = cv2.resize(gain, whole, interpolation=cv2.INTER_LINEAR)[:, :, None]
    return np.asarray(np.clip(_PAPER + (image - paper_there) * gain_there, 0, 255), np.uint8)


def _by_outline(outline: Box) -> tuple[Points, tuple[int, int]]:
    """The homography from the page as filed to a rectangle as large as its outline's longest edges."""
    corners = np.array(outline, np.float32)
    top, right, bottom, left = (float(np.linalg.norm(corners[(k + 1) % 4] - corners[k])) for k in range(4))
    by = min(1.0, _LONGEST / max(top, bottom, left, right))
    size = round(max(top, bottom) * by), round(max(left, right) * by)
    flat = np.array([[0, 0], [size[0], 0], [size[0], size[1]], [0, size[1]]], np.float32)
    return cv2.getPerspectiveTransform(corners, flat).astype(np.float64), size


def _by_turning(lines: Sequence[TextLine], width: int, height: int) -> tuple[Points, tuple[int, int]]:
    """The turn that levels the lines, and the size of the picture that holds them all then, with a margin."""
    boxes = [np.array(line.box, np.float64) for line in lines]
    found, weights, _ = slopes(boxes)
    angle = float(np.degrees(np.arctan(_median(found, weights)))) if len(found) else 0.0
    turn = np.vstack([cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0), [0, 0, 1]]).astype(np.float64)
    points = _mapped(np.concatenate(boxes), turn)
    margin = _MARGIN * max(width, height)
    first, last = points.min(axis=0) - margin, points.max(axis=0) + margin
    wide, high = (last - first).tolist()
    by = min(1.0, _LONGEST / max(wide, high))
    turn[:2, 2] -= first
    return np.diag([by, by, 1.0]) @ turn, (round(wide * by), round(high * by))


def _median(values: Points, weights: Points) -> float:
    order = np.argsort(values)
    heaped = np.cumsum(weights[order])
    return float(values[order][np.searchsorted(heaped, heaped[-1] / 2)])


def _bent(points: Points, bend: Points, size: tuple[int, int]) -> Points:
    """Points of the level page where they lie on the bent one: along the lines from the middle column on."""
    steps = 24
    x, y = np.full(len(points), size[0] / 2), points[:, 1]
    stride = (points[:, 0] - x) / steps
    for _ in range(steps):
        here = terms(np.stack([x + stride / 2, y], axis=1), size, len(bend)) @ bend
        x, y = x + stride, y + stride * here
    return np.stack([points[:, 0], y], axis=1)


def _spread(knots: Plane, size: tuple[int, int]) -> Plane:
    """Values between knots that lie on a grid from corner to corner of a picture of that size."""
    xs = (np.arange(size[0], dtype=np.float32) * ((_GRID - 1) / max(1, size[0] - 1)))[None].repeat(size[1], 0)
    ys = (np.arange(size[1], dtype=np.float32) * ((_GRID - 1) / max(1, size[1] - 1)))[:, None].repeat(size[0], 1)
    return np.asarray(cv2.remap(knots, xs, ys, cv2.INTER_LINEAR), np.float32)


def _mapped(points: Points, matrix: Points) -> Points:
    moved = np.hstack([points, np.ones((len(points), 1))]) @ matrix.T
    return moved[:, :2] / moved[:, 2:]
