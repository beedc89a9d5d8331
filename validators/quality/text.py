"""How well print can be read: height, edges and contrast, line by line and of a whole page.

A page without any line is measured as a whole: a picture so bad that no line was found still has edges and tones.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.model import TextLine

Grey = npt.NDArray[np.uint8]


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


def median(values: Sequence[float]) -> float | None:
    finite = [value for value in values if math.isfinite(value)]
    return statistics.median(finite) if finite else None
