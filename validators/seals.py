"""Seals on a page: closed lines of coloured ink, round, oval or square, found by fitting the shape to the ink.

A seal is a thin closed line around paper with writing on it. An emblem is filled, a title has no line
around it, a frame is neither an ellipse nor small: what a seal must have tells it, not its place.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import cv2
import numpy as np
import numpy.typing as npt

from extractors.model import Box, rectangle

Image = npt.NDArray[np.uint8]
Mask = npt.NDArray[np.bool_]
Plane = npt.NDArray[np.float32]
Points = npt.NDArray[np.float64]  # n × (x, y)

_SIDE = 1000  # longest side, pixels, seals are searched at: the line of a small seal is 2 pixels wide there
# CIELAB chroma in neutral light from which a pixel is ink, and the angles (degrees) at which that ink is red: seal
# paste and its copies, or blue and violet. Yellow and green are gold print, old paper and wood.
_INK, _HUES = 13.0, {"red": (-32.0, 48.0), "other": (-160.0, -32.0)}
_PALE = 8.0  # where there is no seal of full colour
# Half of a seal's longer side as a share of the picture's longest, and how flat an oval or a square one may be.
_SMALLEST, _LARGEST, _LARGEST_SQUARE, _FLATTEST = 0.03, 0.4, 0.15, 0.56
_ROUND = 0.87  # ratio of the axes from which a ring is round: a round seal photographed askew is a little flat
_TRIES, _POINTS = 120, 300  # ellipses tried for one patch of ink, points of its outline they are tried on
_RULE = 0.085  # length, as a share of the longest side, from which a straight line is a rule
_SECTORS = 72
_PLAIN = 0.85  # share of its line from which a ring in a patch needs no second look
_SMALL = 0.055  # rings smaller than this (as `_SMALLEST`) may be letters of a large title: they must be plain
_SUPPORT = 0.3  # share of the sectors an ellipse must explain to be looked at
# Shares of the line that must carry ink: of what is visible; of the whole, where the picture cuts it; of a square.
_COVERED, _WHOLE, _SQUARE = {"red": 0.75, "other": 0.88}, 0.4, 0.85
# Shares of colour inside: from the second on it is an emblem or a picture (seals stay below 0.45), below the first a
# large letter or an empty frame.
_WRITTEN, _FILLED = 0.04, 0.6
_CORE, _WITHIN = 0.75, 0.88  # how far from the centre the first and the second are taken
_MOST, _PATCHES = 8, 12  # seals told of a page, patches of one ink looked at


@dataclass(frozen=True, slots=True)
class Ring:
    """One seal in pixels of the picture: centre, half axes (longer first), the angle of the longer one, degrees."""

    centre: tuple[float, float]
    axes: tuple[float, float]
    angle: float
    colour: str  # red, other
    shape: str = "oval"  # round, oval, square
    confidence: float = 0.0  # the share of its visible line that carries ink, 0..1

    @property
    def box(self) -> Box:
        cos, sin = abs(math.cos(math.radians(self.angle))), abs(math.sin(math.radians(self.angle)))
        join = math.hypot if self.shape != "square" else lambda p, q: p + q
        (a, b), (x, y) = self.axes, self.centre
        wide, high = join(a * cos, b * sin), join(a * sin, b * cos)
        return rectangle(x - wide, y - high, x + wide, y + high)

    def unit(self, points: Points) -> Points:
        """Points as seen from the centre, with the axes for units: the line of a ring lies at distance 1."""
        turn = math.radians(self.angle)
        x, y = points[..., 0] - self.centre[0], points[..., 1] - self.centre[1]
        along, across = x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)
        return np.stack([along / self.axes[0], across / self.axes[1]], axis=-1)

    def places(self, units: Points) -> Points:
        """The reverse of `unit`."""
        turn = math.radians(self.angle)
        along, across = units[..., 0] * self.axes[0], units[..., 1] * self.axes[1]
        x = self.centre[0] + along * math.cos(turn) - across * math.sin(turn)
        return np.stack([x, self.centre[1] + along * math.sin(turn) + across * math.cos(turn)], axis=-1)


def find_rings(image: Image, colours: Sequence[str] = tuple(_HUES), pale: bool = False) -> list[Ring]:
    """The seals on an upright picture (BGR), the plainest first; those in ink of some `colours` only, if told, and
    `pale` ones beside others of full colour."""
    scale = min(1.0, _SIDE / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
    chroma, hue = chroma_and_hue(np.asarray(small, np.uint8))
    found: list[Ring] = []
    for least in (_INK, _PALE):
        masks = {colour: _of_colour(colour, chroma, hue, least) for colour in colours}
        found += [ring for colour, mask in masks.items() for ring in _rings(mask, chroma, colour)]
        if found and not pale:
            break
    kept: list[Ring] = []
    # Double lines are one seal, and an ellipse around two seals is none: the plainest, then the largest stays.
    for ring in sorted(found, key=lambda r: (-round(r.confidence, 1), -r.axes[0])):
        if not any(_holds(ring, other) or _holds(other, ring) for other in kept):
            kept.append(ring)
    by = 1 / scale
    return [
        replace(ring, centre=(ring.centre[0] * by, ring.centre[1] * by), axes=(ring.axes[0] * by, ring.axes[1] * by))
        for ring in kept[:_MOST]
    ]


def _holds(ring: Ring, other: Ring) -> bool:
    """Whether the centre of one ring lies within another."""
    return float(np.hypot(*ring.unit(np.array(other.centre)))) < 0.9


def chroma_and_hue(image: Image) -> tuple[Plane, Plane]:
    """CIELAB chroma and hue angle (degrees) of each pixel once the light is made neutral: paper white, whatever
    the lamp."""
    thumb = cv2.resize(image, None, fx=0.25, fy=0.25, interpolation=cv2.INTER_AREA)
    around = cv2.medianBlur(thumb, 2 * (max(thumb.shape[:2]) // 8) + 1)
    paper = cv2.resize(around, image.shape[1::-1], interpolation=cv2.INTER_LINEAR)
    neutral = np.clip(0.85 * image.astype(np.float32) / np.maximum(paper, 20), 0, 1)
    lab = cv2.cvtColor(neutral.astype(np.float32), cv2.COLOR_BGR2LAB)
    return cv2.cartToPolar(lab[:, :, 1], lab[:, :, 2])[0], np.degrees(np.arctan2(lab[:, :, 2], lab[:, :, 1]))


def red_ink(image: Image) -> Mask:
    """Which pixels of a picture (BGR) are red ink."""
    return _of_colour("red", *chroma_and_hue(image), _INK)


def _of_colour(colour: str, chroma: Plane, hue: Plane, least: float) -> Mask:
    low, high = _HUES[colour]
    return np.asarray((chroma > least) & (hue > low) & (hue < high))


def _rings(mask: Mask, chroma: Plane, colour: str) -> Iterator[Ring]:
    """Seals in the patches of one ink, as it is and without the lines of tables."""
    ink = mask.astype(np.uint8)
    yield from _in_patches(ink, mask, chroma, colour)
    freed = _without_rules(ink)
    if not np.array_equal(freed, ink):
        yield from _in_patches(freed, mask, chroma, colour)


def _in_patches(ink: npt.NDArray[np.uint8], mask: Mask, chroma: Plane, colour: str) -> Iterator[Ring]:
    """Seals in patches of ink; of a patch, as many as lie over each other in it."""
    longest = max(mask.shape)
    closed = _closed(ink, 0.006)
    # Wider for what belongs together: a rule taken out may have cut a seal in two.
    _, labels, stats, _ = cv2.connectedComponentsWithStats(_closed(ink, 0.014))
    least = 2 * _SMALLEST * longest
    large = [i for i in range(1, len(stats)) if max(stats[i, 2:4]) >= least and min(stats[i, 2:4]) >= _FLATTEST * least]
    for index in sorted(large, key=lambda i: -int(stats[i, 2] * stats[i, 3]))[:_PATCHES]:
        left, top, width, height = (int(edge) for edge in stats[index, :4])
        place = np.s_[top : top + height, left : left + width]
        patch = np.asarray((labels[place] == index) & (closed[place] == 1), np.uint8)
        if square := _square(patch, (left, top), colour, chroma):
            yield square
            continue
        # The outermost ink of a patch is the line of its seal, unless the seal touches something larger.
        for points in _outlines(patch):
            inside = _within(points + np.array([left, top]), mask.shape)
            rings = list(_over_each_other(inside, mask, chroma, colour))
            yield from rings
            if any(ring.confidence > _PLAIN for ring in rings):
                break


def _closed(ink: npt.NDArray[np.uint8], share: float) -> npt.NDArray[np.uint8]:
    """The mask with gaps closed up to a share of its longest side."""
    size = round(share * max(ink.shape)) | 1
    return np.asarray(cv2.morphologyEx(ink, cv2.MORPH_CLOSE, np.ones((size, size), np.uint8)), np.uint8)


def _without_rules(ink: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The ink without the long straight lines of tables and frames, which would tie a seal on them to the rest."""
    ink = ink.copy()
    length = round(_RULE * max(ink.shape))
    # Thickened across, so that a line a little aslant is still one.
    for along, across in (((1, length), (5, 1)), ((length, 1), (1, 5))):
        thick = cv2.dilate(ink, np.ones(across, np.uint8))
        ink[cv2.morphologyEx(thick, cv2.MORPH_OPEN, np.ones(along, np.uint8)) == 1] = 0
    return ink


def _outlines(patch: npt.NDArray[np.uint8]) -> Iterator[Points]:
    """Points of the outline of a patch: those near its hull, then all of them with those of its holes."""
    contours, _ = cv2.findContours(patch, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    points = np.concatenate([contour[:, 0] for contour in contours])
    rim = np.zeros_like(patch)
    cv2.polylines(rim, [cv2.convexHull(points)], True, (1,), max(3, round(0.06 * max(patch.shape))))
    yield points[rim[points[:, 1], points[:, 0]] == 1].astype(np.float64)
    yield points.astype(np.float64)


def _within(points: Points, shape: tuple[int, ...]) -> Points:
    """The points that are not made by the edge of the picture."""
    height, width = shape
    x, y = points[:, 0], points[:, 1]
    return points[(x > 1) & (y > 1) & (x < width - 2) & (y < height - 2)]


def _over_each_other(points: Points, mask: Mask, chroma: Plane, colour: str) -> Iterator[Ring]:
    for _ in range(3):
        ring = _fitted(points, max(mask.shape), colour)
        if ring is None:
            return
        settled = _judged(_settled(ring, mask), mask, chroma)
        if settled:
            yield settled
        points = points[np.abs(np.hypot(*ring.unit(points).T) - 1) > 0.08]


def _fitted(points: Points, longest: int, colour: str) -> Ring | None:
    """The ellipse that explains most of an outline, by trying few points at a time (RANSAC)."""
    if len(points) < 20:
        return None
    rng = np.random.default_rng(0)
    thin = points[np.linspace(0, len(points) - 1, min(_POINTS, len(points))).astype(int)]
    best, most = None, _SUPPORT * _SECTORS
    for _ in range(_TRIES):
        ring = _ellipse(thin[rng.integers(0, len(thin), 6)], colour)
        if ring is None or not _SMALLEST * longest <= ring.axes[0] <= _LARGEST * longest:
            continue
        units = ring.unit(thin)
        near = np.abs(np.hypot(*units.T) - 1) * ring.axes[1] < max(1.5, 0.025 * ring.axes[1])
        support = len(np.unique(_sectors(units[near])))
        if support > most:
            best, most = ring, support
    return best


def _ellipse(points: Points, colour: str) -> Ring | None:
    """The ellipse through points; None where they give none, or a flatter one than seals are."""
    (x, y), (d1, d2), angle = cv2.fitEllipseDirect(points.astype(np.float32))
    if not math.isfinite(x + y + d1 + d2 + angle):
        return None
    a, b, turn = (d1 / 2, d2 / 2, angle) if d1 >= d2 else (d2 / 2, d1 / 2, angle + 90)
    return Ring((x, y), (a, b), turn, colour) if a > 3 and b / a >= _FLATTEST else None


def _sectors(units: Points) -> npt.NDArray[np.int64]:
    turns = np.arctan2(units[:, 1], units[:, 0]) / (2 * np.pi) % 1.0
    return np.asarray(turns * _SECTORS * 0.999999, np.int64)


def _settled(ring: Ring, mask: Mask) -> Ring:
    """The ring drawn to the outermost ink near it in each direction: paper bends, and a line has two edges."""
    for _ in range(2):
        angles = np.linspace(0, 2 * np.pi, 2 * _SECTORS, endpoint=False)
        reach = np.linspace(1.12, 0.88, 25)
        units = np.stack([np.cos(angles), np.sin(angles)], axis=-1)[:, None] * reach[None, :, None]
        places = ring.places(units)
        ink = _looked_up(mask, places)[0]
        hit = ink.any(axis=1)
        outermost = places[np.arange(len(angles)), ink.argmax(axis=1)][hit]
        if len(outermost) < _SECTORS:
            return ring
        ring = _ellipse(outermost, ring.colour) or ring
    return ring


def _looked_up(mask: Mask, places: Points) -> tuple[Mask, Mask]:
    """The mask at places, and which of them lie in the picture."""
    height, width = mask.shape
    x, y = np.rint(places[..., 0]).astype(int), np.rint(places[..., 1]).astype(int)
    inside = (x >= 0) & (y >= 0) & (x < width) & (y < height)
    return mask[y.clip(0, height - 1), x.clip(0, width - 1)] & inside, inside


def _judged(ring: Ring, mask: Mask, chroma: Plane) -> Ring | None:
    """The ring if it is a seal's: its line carries ink nearly all around, outside is none, inside is mostly paper."""
    angles = np.linspace(0, 2 * np.pi, 5 * _SECTORS, endpoint=False)
    directions = np.stack([np.cos(angles), np.sin(angles)], axis=-1)[:, None]

    def band(first: float, last: float) -> tuple[Mask, Mask]:
        return _looked_up(mask, ring.places(directions * np.linspace(first, last, 12)[None, :, None]))

    line, inside = band(0.95, 1.03)
    outside, there = band(1.1, 1.2)
    visible = inside.any(axis=1)
    covered = float(line.any(axis=1).sum() / max(1, visible.sum()))
    beyond = float(outside.sum() / max(1, there.sum()))
    small = ring.axes[0] < _SMALL * max(mask.shape)
    if covered < (_PLAIN if small else _COVERED[ring.colour]) or covered * visible.mean() < _WHOLE or beyond > 0.35:
        return None
    if _filled(ring, chroma, _WITHIN) > _FILLED or _filled(ring, chroma, _CORE) < _WRITTEN:
        return None
    shape = "round" if ring.axes[1] / ring.axes[0] >= _ROUND else "oval"
    return replace(ring, shape=shape, confidence=round(covered, 2))


def _filled(ring: Ring, chroma: Plane, within: float) -> float:
    """The share of a ring's inside that is coloured, up to a distance from the centre."""
    axis = np.linspace(-within, within, 60)
    units = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    if ring.shape != "square":
        units = units[np.hypot(*units.T) < within]
    found, inside = _looked_up(chroma > 0.7 * _INK, ring.places(units))
    return float(found.sum() / max(1, inside.sum()))


def _square(patch: npt.NDArray[np.uint8], at: tuple[int, int], colour: str, chroma: Plane) -> Ring | None:
    """A patch that is a seal of four straight sides: a person's name seal, a framed stamp."""
    contours, _ = cv2.findContours(patch, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_NONE)
    (x, y), (width, height), angle = cv2.minAreaRect(max(contours, key=len))
    if width < height:
        width, height, angle = height, width, angle + 90
    longest = max(chroma.shape)
    if not (2 * _SMALLEST * longest <= width <= 2 * _LARGEST_SQUARE * longest and height >= 0.25 * width):
        return None
    ring = Ring((x, y), (width / 2, height / 2), angle, colour, "square")
    side = np.linspace(-1, 1, 40)
    ones = np.ones_like(side)
    edges = [(side, -ones), (ones, side), (side, ones), (-ones, side)]
    covered = []
    for u, v in edges:
        line = np.stack([u, v], axis=-1)[:, None] * np.linspace(0.93, 1.02, 12)[None, :, None]
        covered.append(float(_looked_up(patch.astype(bool), ring.places(line))[0].any(axis=1).mean()))
    placed = replace(ring, centre=(x + at[0], y + at[1]), confidence=round(sum(covered) / 4, 2))
    if min(covered) < _SQUARE or not _WRITTEN < _filled(placed, chroma, _CORE) < _FILLED:
        return None
    return placed
