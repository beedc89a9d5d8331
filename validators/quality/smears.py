"""Smears: ink without edges on a page whose other print has them. One place is out of focus, or was wiped.

A solid dark thing (an emblem, hair) has no edges inside either: what is as dark as print is none.
"""

from __future__ import annotations

from collections.abc import Sequence

import cv2
import numpy as np
import numpy.typing as npt

from extractors.model import Box, TextLine, rectangle

Image = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]

_HEIGHT = 20.0  # pixels of the text a page is looked at with
_CLOSED = 1.8  # text heights that are closed over: what is left is paper
_SOFT, _AROUND = 0.12, 0.4  # text heights: ink is the mean of; the steepest slope is looked for within
_FAINT = (7.0, 0.1)  # grey levels, and share of the darkness of print, from which there is ink
_DARK = (0.15, 0.8)  # darkness of a smear, of that of print
EDGELESS = 0.45  # slope for its darkness, of that of print, below which ink has no edges
_OPENED, _JOINED = 0.3, 1.2  # text heights: less is a stroke's end; smears on one row this near are one
_LEAST = 0.8  # square text heights
_TALLEST, _WIDEST_FROM = 2.0, 1.0  # text heights
_PIXELS = 50  # of print that tell what print is like


def smears(image: Image, lines: Sequence[TextLine]) -> tuple[Box, ...]:
    """Where ink of a page (BGR) has no edges, within its text; nothing where there is too little print to compare."""
    level = [line for line in lines if line.width > line.height and len(line.text) > 1]
    if len(level) < 4:
        return ()
    height = float(np.median([line.height for line in level]))
    scale = min(1.0, _HEIGHT / height)
    height *= scale
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    left, top = (max(0, int(min(edges) * scale)) for edges in ([a.left for a in lines], [a.top for a in lines]))
    right, bottom = (int(max(edges) * scale) for edges in ([a.right for a in lines], [a.bottom for a in lines]))
    part = np.ascontiguousarray(small[top:bottom, left:right])
    if min(part.shape[:2]) < _HEIGHT:
        return ()
    dark, slope = _darkness_and_slope(np.asarray(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY), np.uint8), height)
    print_ = _print(level, scale, (left, top), dark)
    if print_.sum() < _PIXELS:
        return ()
    usual = float(np.percentile(dark[print_], 75))
    edged = float(np.median(slope[print_] / dark[print_]))
    found = (dark > max(_FAINT[0], _FAINT[1] * usual)) & (slope < EDGELESS * edged * dark)
    boxes = _pieces(found, dark / usual, height)
    return tuple(
        rectangle((left + a) / scale, (top + b) / scale, (left + c) / scale, (top + d) / scale) for a, b, c, d in boxes
    )


def _darkness_and_slope(grey: Image, height: float) -> tuple[Plane, Plane]:
    """How much darker than the paper each pixel is, and the steepest slope near it, grey levels a pixel."""
    soft = cv2.GaussianBlur(grey, (0, 0), _SOFT * height)
    closed, around = round(_CLOSED * height) | 1, round(_AROUND * height) | 1
    paper = cv2.morphologyEx(soft, cv2.MORPH_CLOSE, np.ones((closed, closed), np.uint8))
    values = cv2.GaussianBlur(grey, (3, 3), 0).astype(np.float32)
    slope = np.hypot(*(cv2.Sobel(values, cv2.CV_32F, x, y, ksize=3) / 8 for x, y in ((1, 0), (0, 1))))
    steepest = cv2.dilate(slope, np.ones((around, around), np.uint8))
    return paper.astype(np.float32) - soft, np.asarray(steepest, np.float32)


def _print(lines: Sequence[TextLine], scale: float, origin: tuple[int, int], dark: Plane) -> npt.NDArray[np.bool_]:
    """Where ink of the lines is."""
    where = np.zeros(dark.shape, np.bool_)
    for line in lines:
        left, right = (max(0, int(edge * scale) - origin[0]) for edge in (line.left, line.right))
        top, bottom = (max(0, int(edge * scale) - origin[1]) for edge in (line.top, line.bottom))
        where[top : bottom + 1, left : right + 1] = True
    return where & (dark > 20)


def _pieces(found: npt.NDArray[np.bool_], darkness: Plane, height: float) -> list[tuple[int, int, int, int]]:
    """Left, top, right, bottom of what is as large as print and paler."""
    opened, joined = max(3, round(_OPENED * height)), max(1, round(_JOINED * height))
    solid = cv2.morphologyEx(found.astype(np.uint8), cv2.MORPH_OPEN, np.ones((opened, opened), np.uint8))
    solid = cv2.morphologyEx(solid, cv2.MORPH_CLOSE, np.ones((1, joined), np.uint8))
    count, labels, stats, _ = cv2.connectedComponentsWithStats(solid, connectivity=8)
    kept = []
    for label in range(1, count):
        x, y, width, tall, area = (int(v) for v in stats[label])
        dark = float(darkness[labels == label].mean())
        is_tall = 0.4 * height <= tall <= _TALLEST * height
        if is_tall and width >= _WIDEST_FROM * height and area >= _LEAST * height**2 and _DARK[0] <= dark <= _DARK[1]:
            kept.append((x, y, x + width, y + tall))
    return kept
