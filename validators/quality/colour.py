"""Colour or grey: whether a page was copied in black and white."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from validators.quality.paper import paper_around

Image = npt.NDArray[np.uint8]

# Colour (CIELAB chroma in neutral light): photographed photocopies stay below 4.6 at the first. A page of
# black print with one pale seal has little of it, but strong: the second, over this share (0.0013 and more; grey 0).
MIN_COLOUR_SPREAD = 5.2
_STRONG_COLOUR, _MIN_STRONG_SHARE = 14.0, 0.0004


def colour_measures(image: Image, area: tuple[int, int, int, int]) -> dict[str, Any]:
    """colour_spread (ΔE: how colourful the text area is in neutral light) and colour (whether the page has any)."""
    left, top, right, bottom = area
    text = image[top:bottom, left:right]
    spread = _colour_spread(text)
    coloured = spread >= MIN_COLOUR_SPREAD or _colour_on_paper(image, text) >= _MIN_STRONG_SHARE
    return {"colour_spread": round(spread, 1), "colour": coloured}


def _colour_spread(area: Image) -> float:
    """How colourful the print is in neutral light: the 98th percentile of CIELAB chroma."""
    return float(np.percentile(_chroma(*_small(area)), 98))


def _colour_on_paper(image: Image, area: Image) -> float:
    """The share of strong colour on paper like that of the text area: a seal beside the text, not the desk."""
    small, around = _small(image)
    paper = np.median(_small(area)[1].reshape(-1, 3), axis=0)
    on_paper = np.abs(around - paper).max(axis=2) < 0.2 * paper.max()
    return float(np.mean((_chroma(small, around) > _STRONG_COLOUR) & on_paper))


def _small(image: Image, side: int = 480) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """The picture at most `side` pixels long, 0..1 (BGR), and the paper around each pixel of it."""
    scale = min(1.0, side / max(image.shape[:2]))
    size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA)
    # Wide enough that an emblem or a portrait does not pass for the paper around it.
    around = paper_around(np.asarray(small, np.uint8), 8)
    return np.asarray(small / 255, np.float32), np.asarray(around / 255, np.float32)


def _chroma(small: npt.NDArray[np.float32], around: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    lab = _lab(small, around)
    return np.asarray(np.hypot(lab[:, :, 1], lab[:, :, 2]), np.float32)


def neutral_lab(image: Image, side: int) -> npt.NDArray[np.float32]:
    """CIELAB of a picture at most `side` pixels long, once its light is made neutral. Pixels in between are left out
    first: an average over all of them costs more than the rest."""
    step = max(1, max(image.shape[:2]) // (2 * side))
    return _lab(*_small(image[::step, ::step], side))


def _lab(small: npt.NDArray[np.float32], around: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """CIELAB of each pixel once the light is made neutral: paper white, grey print grey, whatever the lamp."""
    neutral = np.clip(0.85 * small / np.maximum(around, 0.08), 0, 1)
    return np.asarray(cv2.cvtColor(neutral, cv2.COLOR_BGR2LAB), np.float32)
