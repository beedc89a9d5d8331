"""How well print can be read: height, edges, contrast and direction of blur, line by line and of a whole page.

A page without any line is measured as a whole: a picture so bad that no line was found still has edges and tones.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from extractors.model import TextLine

Grey = npt.NDArray[np.uint8]

_WINDOW = 128  # pixels a side of the windows whose spectrum is looked at
_WINDOWS = 12
_DIRECTIONS = 12  # of 15 degrees each
_BAND = (0.06, 0.22)  # cycles a pixel: the edges of strokes, below the grid of JPEG blocks' finest terms
# What print itself has more of in one direction than across it, as the log of the ratio: strokes run level and upright.
_OWN = 0.6


@dataclass(frozen=True, slots=True)
class Print:
    """Measures of one line of print."""

    line: TextLine
    edge: float  # width of an edge, pixels: contrast over steepest slope
    ink: float  # grey levels, 0..255
    paper: float

    @property
    def height(self) -> float:
        return min(self.line.height, self.line.width)

    @property
    def sharpness(self) -> float:
        """Text height over the width of its edges."""
        return self.height / self.edge if math.isfinite(self.edge) else 0.0

    @property
    def contrast(self) -> float:
        return self.paper - self.ink


def measure_print(grey: Grey, line: TextLine) -> Print | None:
    """The measures of one line; None where it lies outside of the picture."""
    top, bottom = max(0, int(line.top)), int(line.bottom) + 1
    left, right = max(0, int(line.left)), int(line.right) + 1
    crop = grey[top:bottom, left:right]
    if min(crop.shape) < 3:
        return None
    ink, paper = np.percentile(crop[::2, ::2], (5, 90))
    return Print(line, edge_width(crop), float(ink), float(paper))


def edge_width(crop: Grey) -> float:
    """Contrast over the steepest slope, pixels; of the two directions the softer: motion blurs edges across it only."""
    values = cv2.GaussianBlur(crop.astype(np.float32), (3, 3), 0)
    across, down = (np.abs(cv2.Sobel(values, cv2.CV_32F, x, y, ksize=3)) / 8 for x, y in ((1, 0), (0, 1)))
    low, high = np.percentile(values[::2, ::2], (5, 95))
    steepest = min(float(np.percentile(slopes[::2, ::2], 98)) for slopes in (across, down))
    return float(high - low) / steepest if steepest > 0.05 and high - low >= 1 else math.inf


def motion(grey: Grey, lines: Sequence[TextLine]) -> tuple[float, float]:
    """How much more blurred print is in one direction than across it (log of the ratio of fine detail, 0 for none),
    and that direction in degrees from level. Source: the spectrum of a moved picture falls along the motion."""
    spectrum = np.zeros((_WINDOW, _WINDOW))
    for window in _windows(grey, lines):
        spectrum += np.abs(np.fft.fftshift(np.fft.fft2(window))) ** 2
    if not spectrum.any():
        return 0.0, 0.0
    energy = np.array([spectrum[mask].mean() for mask in _sectors()])
    logs = np.log(energy + 1e-9)
    half = _DIRECTIONS // 2
    differences = logs[:half] - logs[half:]  # a direction against the one across it
    # Level and upright strokes share their lot: only what one of the two lacks counts there.
    differences[0] = math.copysign(max(0.0, abs(differences[0]) - _OWN), differences[0])
    strongest = int(np.abs(differences).argmax())
    softer = strongest if differences[strongest] < 0 else strongest + half
    return float(abs(differences[strongest])), softer * 180.0 / _DIRECTIONS


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
def _sectors() -> list[npt.NDArray[np.bool_]]:
    """Masks of the band, one a direction: sector k holds the waves that run at 15 k degrees."""
    axis = np.fft.fftshift(np.fft.fftfreq(_WINDOW))
    x, y = np.meshgrid(axis, axis)
    radius, angle = np.hypot(x, y), np.degrees(np.arctan2(y, x)) % 180
    band = (radius > _BAND[0]) & (radius < _BAND[1])
    step = 180 / _DIRECTIONS
    return [band & (np.abs((angle - k * step + 90) % 180 - 90) <= step / 2) for k in range(_DIRECTIONS)]


def median(values: Sequence[float]) -> float | None:
    finite = [value for value in values if math.isfinite(value)]
    return statistics.median(finite) if finite else None
