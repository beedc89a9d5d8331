"""Traces a picture keeps of how it was made: the grid of a photographed screen."""

from __future__ import annotations

from functools import cache

import cv2
import numpy as np
import numpy.typing as npt

from validators.quality.paper import evenness

Image = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]

_WINDOW = 256  # pixels a side of the windows whose spectrum is looked at
_HALF = _WINDOW // 2 + 10  # rows of a spectrum that say all, and those that tell the level around its middle
_ACROSS, _DOWN = (0.1, 0.37, 0.63, 0.9), (0.15, 0.5, 0.85)  # where they lie, shares of the room there is
_WAVES = (0.1, 0.5)  # cycles a pixel at which a grid beats against the camera's; even print and guilloche lie below
_AXES = 0.012  # cycles a pixel around the axes: rows of print, borders and JPEG blocks live there
_BEST = 3  # windows whose colour counts: a screen may beat in parts of the picture only
_PRINT = 27  # pixels: what is wider is light and paper
_TINT = 3.03  # deviations a unit of colour counts for: fine guilloche stands out in light, hardly ever in colour
_EVEN = 0.5  # share of paper without grain from which no camera took the picture; of photos of screens a fifth has none
_NOTHING = 1e4  # power of colour too faint to tell: half a grey level, as fine print of a ground has
_LEAST = 0.05  # spread of a spectrum below which there is nothing in it


def grid(image: Image, even: float | None = None) -> float:
    """How far a regular grid stands out of a picture's spectrum, in standard deviations of its logarithm; 0 for none.

    The pixels of a photographed screen and those of the camera beat against each other (moiré): sharp peaks away
    from the axes, which neither paper nor print has. They are looked for in the light of all windows together, and in
    the difference of blue and green of the windows that show most: red, green and blue lie apart on a screen.
    `even`: the evenness of its paper, where that is known.
    """
    height, width = image.shape[:2]
    if min(height, width) < _WINDOW or (evenness(image) if even is None else even) > _EVEN:
        return 0.0
    light: Plane = np.zeros((_HALF, _WINDOW), np.float32)
    tints = []
    for x in _ACROSS:
        for y in _DOWN:
            left, top = int((width - _WINDOW) * x), int((height - _WINDOW) * y)
            piece = image[top : top + _WINDOW, left : left + _WINDOW].astype(np.float32)
            blue, green = piece[:, :, 0], piece[:, :, 1]
            light += _power(green)
            above = _above(np.log(_power(blue - green) + _NOTHING))
            tints.append(float(above[_looked_at()].max()))
    above = _above(np.log(light + 1))[_looked_at()]
    return max(float(above.max() / max(above.std(), _LEAST)), _TINT * float(np.mean(sorted(tints)[-_BEST:])))


def _power(plane: Plane) -> Plane:
    """The power spectrum of a window, from its top to a little below the mean in its middle: the rest says the same
    again. What is wider than print is taken out before."""
    fine = (plane - cv2.blur(plane, (_PRINT, _PRINT))) * _taper()
    waves = cv2.dft(fine, flags=cv2.DFT_COMPLEX_OUTPUT)
    return np.asarray(np.fft.fftshift(waves[..., 0] ** 2 + waves[..., 1] ** 2)[:_HALF], np.float32)


def _above(spectrum: Plane) -> Plane:
    """How far each place of a spectrum (its logarithm), slightly smoothed, is above the level around it."""
    level = cv2.blur(cv2.medianBlur(spectrum, 5), (15, 15))
    return np.asarray(cv2.blur(spectrum, (3, 3)) - level, np.float32)


@cache
def _looked_at() -> npt.NDArray[np.bool_]:
    axis = np.fft.fftshift(np.fft.fftfreq(_WINDOW))
    x, y = np.meshgrid(axis, axis[:_HALF])
    radius = np.hypot(x, y)
    return np.asarray((radius > _WAVES[0]) & (radius < _WAVES[1]) & (np.abs(x) > _AXES) & (y < -_AXES), np.bool_)


@cache
def _taper() -> Plane:
    return np.outer(np.hanning(_WINDOW), np.hanning(_WINDOW)).astype(np.float32)
