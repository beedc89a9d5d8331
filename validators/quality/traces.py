"""Traces a picture keeps of how it was made: the grid of a photographed screen."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]

_WINDOW = 256  # pixels a side of the windows whose spectrum is looked at
_WAVES = (0.05, 0.47)  # cycles a pixel at which a screen's grid beats against the camera's
_AXES = 0.012  # cycles a pixel around the axes: rows of print, borders and JPEG blocks live there


def grid(image: Image) -> float:
    """How far a regular grid stands out of a picture's spectrum (log of the ratio to its surroundings), 0 for none.

    The pixels of a photographed screen and those of the camera beat against each other (moiré): sharp peaks away
    from the axes, which neither paper nor print has.
    """
    height, width = image.shape[:2]
    if min(height, width) < _WINDOW:
        return 0.0
    taper = np.outer(np.hanning(_WINDOW), np.hanning(_WINDOW)).astype(np.float32)
    power: Plane = np.zeros((2, _WINDOW, _WINDOW), np.float32)
    for x in (0.25, 0.5, 0.75):
        for y in (0.3, 0.7):
            left, top = int((width - _WINDOW) * x), int((height - _WINDOW) * y)
            piece = image[top : top + _WINDOW, left : left + _WINDOW].astype(np.float32)
            light, tint = piece.mean(axis=2), piece[:, :, 2] - piece[:, :, 1]
            for k, plane in enumerate((light, tint)):
                waves = np.fft.fft2((plane - cv2.GaussianBlur(plane, (0, 0), 8)) * taper)
                power[k] += np.abs(np.fft.fftshift(waves)).astype(np.float32) ** 2
    return max(_peak(np.log(p + 1e-3)) for p in power)


def _peak(spectrum: Plane) -> float:
    """The height of the sharpest peak off the axes over the level around it."""
    axis = np.fft.fftshift(np.fft.fftfreq(_WINDOW))
    x, y = np.meshgrid(axis, axis)
    radius = np.hypot(x, y)
    looked = (radius > _WAVES[0]) & (radius < _WAVES[1]) & (np.abs(x) > _AXES) & (np.abs(y) > _AXES)
    smooth = cv2.blur(spectrum, (3, 3))
    level = cv2.medianBlur(cv2.blur(spectrum, (9, 9)), 5)
    return float((smooth - level)[looked].max())
