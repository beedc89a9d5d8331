"""What the spectrum of print tells: whether the hand moved, and whether the picture was enlarged.

Sources: the spectrum of a moved picture falls along the motion; a lens out of focus blurs in all directions alike,
while making a picture larger does so row by row and column by column (Gallagher, "Detection of linear and cubic
interpolation in JPEG compressed images", 2005).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

from extractors.model import TextLine

Grey = npt.NDArray[np.uint8]
Spectrum = npt.NDArray[np.float64]  # power by cycles a pixel down and across, none in the middle
Mask = npt.NDArray[np.bool_]

_WINDOW = 128  # pixels a side of the windows whose spectrum is looked at
_WINDOWS = 12
_DIRECTIONS = 12  # of 15 degrees each
_BAND = (0.06, 0.22)  # cycles a pixel: the edges of strokes, below the grid of JPEG blocks' finest terms
# What print itself has more of in one direction than across it, as the log of the ratio: strokes run level and upright.
_OWN = 0.6
_ASLANT = (33, 57)  # degrees: neither level nor upright
_LEVEL = 12  # degrees from level or upright
_RINGS = np.arange(0.075, 0.3, 0.025)  # cycles a pixel: where the gap of an enlarged picture lies
_RING = 0.025
_WIDE = 0.05  # cycles a pixel
_FALL = 1.6  # log10 of the power below that over that up to twice as much: more is blur that leaves no waves to compare
_ASLANT_ENDS = 0.7  # cycles a former pixel: the shortest wave aslant
_GAP = 0.25  # log10 of the power aslant over that along the axes: print has less of it aslant, whatever blurs it


def spectrum(grey: Grey, lines: Sequence[TextLine]) -> Spectrum | None:
    """The power of the waves print is made of, of windows where most of it is; None where there is none."""
    power = np.zeros((_WINDOW, _WINDOW))
    for window in _windows(grey, lines):
        power += np.abs(np.fft.fftshift(np.fft.fft2(window))) ** 2
    return power if power.any() else None


def motion(power: Spectrum | None) -> tuple[float, float]:
    """How much more blurred print is in one direction than across it (log of the ratio of fine detail, 0 for none),
    and that direction in degrees from level."""
    if power is None:
        return 0.0, 0.0
    logs = np.log(np.array([power[mask].mean() for mask in _sectors()]) + 1e-9)
    half = _DIRECTIONS // 2
    differences = logs[:half] - logs[half:]  # a direction against the one across it
    # Level and upright strokes share their lot: only what one of the two lacks counts there.
    differences[0] = math.copysign(max(0.0, abs(differences[0]) - _OWN), differences[0])
    strongest = int(np.abs(differences).argmax())
    softer = strongest if differences[strongest] < 0 else strongest + half
    return float(abs(differences[strongest])), softer * 180.0 / _DIRECTIONS


def enlargement(power: Spectrum | None) -> float:
    """How many times larger than its detail a picture is, 1 where nothing shows it: waves along rows and columns end
    at two of the former pixels, those aslant at fewer."""
    if power is None:
        return 1.0
    radius = _plane()[0]
    fall = power[radius < _WIDE].mean() / (power[(radius >= _WIDE) & (radius < 2 * _WIDE)].mean() + 1e-9)
    if math.log10(fall + 1e-9) > _FALL:
        return 1.0
    aslant, along = (np.array([power[mask].mean() for mask in masks]) for masks in _rings())
    over = np.log10((aslant + 1e-9) / (along + 1e-9))
    widest = int(over.argmax())
    return float(_ASLANT_ENDS / (_RINGS[widest] + _RING / 2)) if over[widest] >= _GAP else 1.0


def _windows(grey: Grey, lines: Sequence[TextLine]) -> list[npt.NDArray[np.float32]]:
    """Squares of the picture where most print is, without their mean and tapered."""
    taper = np.outer(np.hanning(_WINDOW), np.hanning(_WINDOW)).astype(np.float32)
    height, width = grey.shape
    if min(height, width) < _WINDOW:
        return []
    wanted = sorted(lines, key=lambda line: -len(line.text))[: 3 * _WINDOWS : 3]
    centres = [line.centre for line in wanted] or [(width * x, height * y) for x in (0.3, 0.5, 0.7) for y in (0.3, 0.7)]
    found = []
    for x, y in centres:
        left = int(min(max(0, x - _WINDOW / 2), width - _WINDOW))
        top = int(min(max(0, y - _WINDOW / 2), height - _WINDOW))
        window = grey[top : top + _WINDOW, left : left + _WINDOW].astype(np.float32)
        spread = float(window.std())
        if spread > 2:
            found.append((window - window.mean()) / spread * taper)
    return found


@cache
def _plane() -> tuple[Spectrum, Spectrum]:
    """Of each place of a spectrum its cycles a pixel, and the direction its waves run in, degrees."""
    axis = np.fft.fftshift(np.fft.fftfreq(_WINDOW))
    x, y = np.meshgrid(axis, axis)
    return np.hypot(x, y), np.degrees(np.arctan2(y, x)) % 180


@cache
def _sectors() -> list[Mask]:
    """Masks of the band, one a direction: sector k holds the waves that run at 15 k degrees."""
    radius, angle = _plane()
    band = (radius > _BAND[0]) & (radius < _BAND[1])
    step = 180 / _DIRECTIONS
    return [band & (np.abs((angle - k * step + 90) % 180 - 90) <= step / 2) for k in range(_DIRECTIONS)]


@cache
def _rings() -> tuple[list[Mask], list[Mask]]:
    """Masks of rings, of the waves aslant and of those along the axes."""
    radius, angle = _plane()
    off = np.minimum(angle % 90, 90 - angle % 90)  # degrees from an axis
    rings = [(radius >= begin) & (radius < begin + _RING) for begin in _RINGS]
    aslant = (angle % 90 > _ASLANT[0]) & (angle % 90 < _ASLANT[1])
    return [ring & aslant for ring in rings], [ring & (off < _LEVEL) for ring in rings]
