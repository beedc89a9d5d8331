"""The page as a thing in the picture: its outline, how it lies, what is cut off, what lies on it, how it is folded."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.model import Box, TextLine
from validators.quality.paper import thumb
from validators.quality.slopes import bend, odd_lines
from validators.quality.things import find_things

Image = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]

_LEAST = 0.12  # share of the picture an outline takes at least
_SPECK = 0.003  # the same where no text was found: a page too far away
_FEW = 3  # lines that may be the titles of a page whose print is too small to be found
# A lone light rectangle is such a page: shares of the picture it takes, of its own box it fills; pixels smoothed over.
_FAR, _SOLID, _GRAIN = (0.0008, 0.1), 0.85, 7
_INSIDE = 0.92  # share of the lines that must lie within it
_ASLANT = 14.0  # degrees from the others from which a line belongs to something else
_READ = 0.5  # confidence from which a line is print
_MARGIN = 2  # pixels between text and the edge of the picture below which it runs into it


@dataclass(frozen=True, slots=True)
class Surface:
    """How a page lies in its picture."""

    outline: Box | None  # its four corners, pixels; None where they are not seen
    frame: float | None  # share of the picture the page takes, 0..1 (its text where there is no outline)
    skew: float  # degrees its lines are turned by
    fan: float  # degrees between the most and the least turned of its lines, but for the odd ones
    bend: float  # degrees a line turns by on its way across the page: paper that curls
    perspective: float  # how much longer one edge is than the opposite one, 0 for none
    cut_edges: tuple[str, ...]  # edges of the picture that text runs into
    margin: float | None  # text heights between text and the nearest edge of the picture, and which edge that is
    nearest_edge: str
    things: tuple[Box, ...]  # solid things that are no print, pixels
    clutter: float  # edges on the ground around the page, share of its pixels
    odd_lines: tuple[Box, ...]  # print of other papers


def measure_surface(image: Image, lines: Sequence[TextLine], small: Image | None = None) -> Surface:
    """The measures of one upright page (BGR); `small` is its thumb, if that was made before."""
    height, width = image.shape[:2]
    small = thumb(image) if small is None else small
    scale = small.shape[1] / width
    edges = _edges(small)
    centres = [(x * scale, y * scale) for x, y in (line.centre for line in lines)]
    far = _far_page(small, centres) if len(lines) <= _FEW else None
    outline = _outline(edges, centres) if far is None else far
    corners = None if outline is None else outline / scale
    level = _level(lines)
    margin, nearest = _margin(level, width, height)
    return Surface(
        outline=None if corners is None else _box(corners),
        frame=_frame(corners, lines, width * height),
        skew=_skew(lines),
        fan=_fan(level),
        bend=bend([line.box for line in lines], (width, height)),
        perspective=0.0 if corners is None else _perspective(corners),
        cut_edges=tuple(_cut_edges(level, width, height)),
        margin=margin,
        nearest_edge=nearest,
        things=tuple(find_things(small, lines, scale, _skew(lines), outline)),
        clutter=0.0 if outline is None else _clutter(edges, outline),
        odd_lines=odd_lines([line for line in lines if line.confidence > _READ]),
    )


def _edges(small: Image) -> Image:
    soft = cv2.GaussianBlur(small, (5, 5), 0)
    # On each channel: a white page on a pale table differs in colour if not in light.
    found = np.maximum.reduce([cv2.Canny(np.ascontiguousarray(soft[:, :, c]), 25, 75) for c in range(3)])
    return np.asarray(found, np.uint8)


def _outline(edges: Image, centres: Sequence[tuple[float, float]]) -> Plane | None:
    """The largest quadrilateral around nearly all of the lines, 4 × (x, y); None where there is none.

    Where no line was found the page may be very small.
    """
    closed = cv2.dilate(edges, np.ones((3, 3), np.uint8))
    contours, _ = cv2.findContours(closed, cv2.RETR_LIST, cv2.CHAIN_APPROX_SIMPLE)
    best, largest = None, (_LEAST if centres else _SPECK) * edges.size
    for contour in contours:
        hull = cv2.convexHull(contour)
        area = cv2.contourArea(hull)
        if area <= largest:
            continue
        corners = cv2.approxPolyDP(hull, 0.03 * cv2.arcLength(hull, True), True)[:, 0].astype(np.float32)
        if len(corners) != 4 or cv2.contourArea(corners) < 0.93 * area or area > 0.985 * edges.size:
            continue
        inside = sum(cv2.pointPolygonTest(corners, point, False) >= 0 for point in centres)
        if inside >= _INSIDE * len(centres):
            best, largest = corners, area
    return None if best is None else _in_order(best)


def _far_page(small: Image, centres: Sequence[tuple[float, float]]) -> Plane | None:
    """The one light rectangle in a picture around what text there is, 4 × (x, y): a desk of stone or cloth has edges
    everywhere. None where there is none, or several."""
    grey = np.asarray(cv2.cvtColor(cv2.medianBlur(small, _GRAIN), cv2.COLOR_BGR2GRAY), np.uint8)
    light = cv2.threshold(grey, 0, 1, cv2.THRESH_BINARY + cv2.THRESH_OTSU)[1]
    found, labels, stats, _ = cv2.connectedComponentsWithStats(light)
    boxes = []
    for at in range(1, found):
        if _FAR[0] * light.size < (area := stats[at][cv2.CC_STAT_AREA]) < _FAR[1] * light.size:
            box = cv2.minAreaRect(np.argwhere(labels == at)[:, ::-1].astype(np.float32))
            boxes += [cv2.boxPoints(box)] if area >= _SOLID * (box[1][0] + 1) * (box[1][1] + 1) else []
    if len(boxes) != 1 or any(cv2.pointPolygonTest(boxes[0], centre, False) < 0 for centre in centres):
        return None
    return _in_order(np.asarray(boxes[0], np.float32))


def _in_order(corners: Plane) -> Plane:
    """Corners clockwise from the top left one."""
    middle = corners.mean(axis=0)
    turns = np.arctan2(corners[:, 1] - middle[1], corners[:, 0] - middle[0])
    ordered = corners[np.argsort(turns)]
    return np.roll(ordered, -int(ordered.sum(axis=1).argmin()), axis=0)


def _box(corners: Plane) -> Box:
    a, b, c, d = ((round(float(x), 1), round(float(y), 1)) for x, y in corners)
    return a, b, c, d


def _frame(corners: Plane | None, lines: Sequence[TextLine], pixels: int) -> float | None:
    if corners is not None:
        return float(cv2.contourArea(corners.astype(np.float32)) / pixels)
    if not lines:
        return None
    wide = max(a.right for a in lines) - min(a.left for a in lines)
    return wide * (max(a.bottom for a in lines) - min(a.top for a in lines)) / pixels


def _fan(lines: Sequence[TextLine]) -> float:
    angles = [_angle(line) for line in lines if line.width > 3 * line.height]
    return float(np.percentile(angles, 95) - np.percentile(angles, 5)) if len(angles) > 2 else 0.0


def _angle(line: TextLine) -> float:
    a, b, _, _ = line.box
    return math.degrees(math.atan2(b[1] - a[1], b[0] - a[0]))


def _skew(lines: Sequence[TextLine]) -> float:
    """The median angle of lines long enough to have one, degrees; positive turned clockwise."""
    long = [line for line in lines if line.width > 4 * line.height or len(line.text) > 5]
    angles = [_angle(line) for line in long]
    return statistics.median(angles) if angles else 0.0


def _level(lines: Sequence[TextLine]) -> list[TextLine]:
    """The lines that run as the page does: those of a watermark across it may run out of the picture."""
    skew = _skew(lines)
    return [line for line in lines if abs(_angle(line) - skew) < _ASLANT or len(line.text) < 3]


def _perspective(corners: Plane) -> float:
    top, right, bottom, left = (float(np.linalg.norm(corners[(k + 1) % 4] - corners[k])) for k in range(4))
    return max(top, bottom) / max(1.0, min(top, bottom)) * max(left, right) / max(1.0, min(left, right)) - 1


def _cut_edges(lines: Sequence[TextLine], width: int, height: int) -> list[str]:
    """Edges that text runs into: something may be cut off there."""
    edges = {
        "left": any(a.left <= _MARGIN and a.height > 8 for a in lines),
        "right": any(a.right >= width - 1 - _MARGIN and a.height > 8 for a in lines),
        "top": any(a.top <= _MARGIN for a in lines),
        "bottom": any(a.bottom >= height - 1 - _MARGIN for a in lines),
    }
    return [name for name, cut in edges.items() if cut]


def _margin(lines: Sequence[TextLine], width: int, height: int) -> tuple[float | None, str]:
    if not lines:
        return None, ""
    edges = {
        "left": min(a.left for a in lines), "right": width - max(a.right for a in lines),
        "top": min(a.top for a in lines), "bottom": height - max(a.bottom for a in lines),
    }  # fmt: skip
    nearest = min(edges, key=lambda name: edges[name])
    return edges[nearest] / statistics.median(a.height for a in lines), nearest


def _clutter(edges: Image, outline: Plane) -> float:
    ground: Image = np.full(edges.shape, 1, np.uint8)
    cv2.fillConvexPoly(ground, outline.round().astype(np.int32), (0,))
    ground = np.asarray(cv2.erode(ground, np.ones((7, 7), np.uint8)), np.uint8)
    return float(np.mean(edges[ground > 0] > 0)) if ground.sum() > 0.1 * ground.size else 0.0
