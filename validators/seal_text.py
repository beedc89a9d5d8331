"""What a seal says: its ring unrolled into a straight line, the lines across it, and stamps of red text alone.

Only the seal's own ink is shown to the reader: print under it is left out. The reader comes from outside.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extractors.model import TextLine
from extractors.values import compact
from validators.seals import Image, Plane, Ring, chroma_and_hue, find_rings, red_ink

Read = Callable[[Image], Sequence[TextLine]]
Units = npt.NDArray[np.float64]

_HEIGHT = 200  # half the height, pixels, a seal is shown to the reader at
_DEEP = 0.46  # how far the ring of letters reaches inwards, in half heights
_LINE = 0.075  # as far from the edge the seal's own line ends
_GAP = math.radians(25)  # where letters are at least this far apart, the ring has a foot
_LEGIBLE = 0.5  # scores below this are scraps of letters cut by the unrolling
_STAMPED = 0.6  # share of a line's ink that is red for it to be a stamp
_READ_RINGS, _STAMPS = 4, 40  # seals of a page that are read, stamps that are told


def measure_seals(image: Image, lines: Sequence[TextLine], read: Read | None, page: int = 1) -> list[dict[str, Any]]:
    """Seals and red stamps of an upright picture (BGR) as {page, box, shape, colour, text, confidence}.

    `lines` is what was read on the page; `read` reads a picture, None leaves the text of rings to those lines.
    """
    found, rings = [], find_rings(image)
    for at, ring in enumerate(rings):
        inside = [line for line in lines if _inside(ring, line)]
        own = read(unrolled(image, ring)) if read and at < _READ_RINGS else ()
        sure = [line for line in (*own, *inside) if line.confidence >= _LEGIBLE]
        text = " ".join(dict.fromkeys(compact(line.text) for line in sure))
        found.append(_told(page, ring.box, ring.shape, ring.colour, text, ring.confidence))
    beside = [line for line in lines if not any(_inside(ring, line) for ring in rings)]
    return found + [_told(page, a.box, "text", "red", compact(a.text), a.confidence) for a in _stamps(image, beside)]


def unrolled(image: Image, ring: Ring) -> Image:
    """A picture for a reader: the ring of letters as a straight line, below it the inside set upright."""
    if ring.shape == "round":  # its axes say nothing about which way up it is
        radius = math.sqrt(ring.axes[0] * ring.axes[1])
        ring = replace(ring, axes=(radius, radius), angle=0.0)
    elif ring.angle > 90:
        ring = replace(ring, angle=ring.angle - 180)
    image, ring = _cropped(image, ring)
    ink = _ink(image, ring.colour)
    if ring.shape == "square":
        return _as_print(_inner(ink, ring))
    foot, gap = _foot(_ring_of_letters(ink, ring, 0.0))
    strip = _ring_of_letters(ink, ring, foot)
    if ring.shape == "round" and gap > _GAP:
        ring = replace(ring, angle=math.degrees(foot) - 90)
    inner = _inner(ink, ring)
    sheet = np.zeros((strip.shape[0] + inner.shape[0] + 60, max(strip.shape[1], inner.shape[1]) + 40), np.float32)
    sheet[20 : 20 + strip.shape[0], 20 : 20 + strip.shape[1]] = strip
    sheet[40 + strip.shape[0] : -20, 20 : 20 + inner.shape[1]] = inner
    return _as_print(sheet)


def _told(page: int, box: Any, shape: str, colour: str, text: str, confidence: float) -> dict[str, Any]:
    return {"page": page, "box": box, "shape": shape, "colour": colour, "text": text,
            "confidence": round(confidence, 2)}  # fmt: skip


def _inside(ring: Ring, line: TextLine) -> bool:
    """Whether a line stands within a seal, not merely crosses it."""
    ends = np.array([(line.left, line.centre[1]), (line.right, line.centre[1])])
    return bool((np.hypot(*ring.unit(ends).T) < 1.05).all())


def _cropped(image: Image, ring: Ring) -> tuple[Image, Ring]:
    """The seal with some paper around it, its half height brought to what is shown."""
    by = _HEIGHT / ring.axes[1]
    reach = 1.25 * ring.axes[0]
    left, top = (max(0, int(c - reach)) for c in ring.centre)
    part = image[top : int(ring.centre[1] + reach) + 1, left : int(ring.centre[0] + reach) + 1]
    how = cv2.INTER_AREA if by < 1 else cv2.INTER_CUBIC
    scaled = np.asarray(cv2.resize(part, None, fx=by, fy=by, interpolation=how), np.uint8)
    centre = ((ring.centre[0] - left) * by, (ring.centre[1] - top) * by)
    return scaled, replace(ring, centre=centre, axes=(ring.axes[0] * by, ring.axes[1] * by))


def _ink(image: Image, colour: str) -> Plane:
    """How much of the seal's ink lies on each pixel, 0..1.

    Colour tells whether it is the seal's, darkness in the channel the ink swallows how much: pictures
    keep less detail in colour than in lightness.
    """
    chroma, _ = chroma_and_hue(image)
    channel = image[:, :, 1 if colour == "red" else 2].astype(np.float32)
    dark = np.clip(1 - channel / max(1.0, float(np.percentile(channel, 75))), 0, 1)
    ink = dark * np.clip((chroma - 5) / 10, 0, 1)
    return np.asarray(np.clip(ink / max(0.15, float(np.percentile(ink, 97))), 0, 1), np.float32)


def _ring_of_letters(ink: Plane, ring: Ring, start: float) -> Plane:
    """The band inside the ring's line, once around clockwise from the angle `start`, its letters upright."""
    a, b = ring.axes
    turns = np.linspace(start, start + 2 * math.pi, 721)
    steps = np.hypot(np.diff(a * np.cos(turns)), np.diff(b * np.sin(turns))) * (1 - _DEEP / 2)
    along = np.concatenate([[0.0], np.cumsum(steps)])
    t = np.interp(np.arange(0.0, along[-1]), along, turns)
    outwards = np.stack([b * np.cos(t), a * np.sin(t)], axis=-1)
    outwards /= np.hypot(outwards[:, 0], outwards[:, 1])[:, None]
    depth = np.arange(_LINE * b, _DEEP * b)[:, None, None]
    edge = np.stack([a * np.cos(t), b * np.sin(t)], axis=-1)
    return _picked(ink, ring, (edge - depth * outwards) / (a, b))


def _foot(band: Plane) -> tuple[float, float]:
    """Where the ring of letters begins (the middle of its widest gap), and the width of that gap, radians."""
    inked = band[4:].mean(axis=0) > 0.06
    count = len(inked)
    if not inked.any():
        return math.pi / 2, 0.0
    first = int(inked.argmax())
    places = np.flatnonzero(np.roll(inked, -first))
    gaps = np.diff(np.append(places, count))
    widest = int(gaps.argmax())
    middle = first + places[widest] + gaps[widest] / 2
    return float(middle / count * 2 * math.pi), float(gaps[widest] / count * 2 * math.pi)


def _inner(ink: Plane, ring: Ring) -> Plane:
    """The inside of a seal, upright; of a ring, without the letters over its upper half."""
    a, b = ring.axes
    x, y = np.meshgrid(np.arange(-a, a), np.arange(-b, b))
    units = np.stack([x / a, y / b], axis=-1)
    shown = _picked(ink, ring, units)
    if ring.shape != "square":
        reach = np.where(units[..., 1] > 0.12, 0.93, 1 - _DEEP)
        shown[np.hypot(units[..., 0], units[..., 1]) > reach] = 0
    return shown


def _picked(ink: Plane, ring: Ring, units: Units) -> Plane:
    places = ring.places(units).astype(np.float32)
    found = cv2.remap(ink, places[..., 0], places[..., 1], cv2.INTER_LINEAR, borderMode=cv2.BORDER_CONSTANT)
    return np.asarray(found, np.float32)


def _as_print(ink: Plane) -> Image:
    """Ink 0..1 as dark print on white, BGR."""
    grey = np.asarray(255 * (1 - ink), np.uint8)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


def _stamps(image: Image, lines: Sequence[TextLine]) -> list[TextLine]:
    """Lines printed in red: stamps without a ring, whatever frame they have."""
    red = red_ink(image)
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.float32)
    found = []
    for line in lines:
        place = np.s_[max(0, int(line.top)) : int(line.bottom) + 1, max(0, int(line.left)) : int(line.right) + 1]
        part = grey[place]
        if part.size == 0 or len(compact(line.text)) < 3:
            continue
        ink = part < np.percentile(part, 90) - 0.35 * max(30.0, float(np.ptp(part)))
        if ink.any() and float(red[place][ink].mean()) > _STAMPED:
            found.append(line)
    return found[:_STAMPS]
