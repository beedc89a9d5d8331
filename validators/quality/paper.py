"""The paper around each place of a picture: what is left when everything smaller than a share of it is taken away."""

from __future__ import annotations

from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

SIDE = 480  # pixels of the longer side of a page's thumb
_THUMB = 4  # times smaller the median is taken: paper has no detail, and a wide median is dear


def thumb(image: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The picture at most `SIDE` pixels long: all that outlines, things and folds need."""
    scale = min(1.0, SIDE / max(image.shape[:2]))
    size = max(1, round(image.shape[1] * scale)), max(1, round(image.shape[0] * scale))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)


def halved(image: npt.NDArray[np.uint8]) -> tuple[npt.NDArray[np.uint8], int]:
    """A large picture at half its size, and 2; a small one as it is, and 1."""
    if max(image.shape[:2]) < 3 * SIDE:
        return image, 1
    size = image.shape[1] // 2, image.shape[0] // 2
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8), 2


def extremes(image: npt.NDArray[Any]) -> tuple[npt.NDArray[Any], npt.NDArray[Any]]:
    """The brightest and the darkest channel of each pixel (BGR)."""
    blue, green, red = cv2.split(image)
    return cv2.max(cv2.max(blue, green), red), cv2.min(cv2.min(blue, green), red)


def evenness(image: npt.NDArray[np.uint8]) -> float:
    """The share of paper that is equal to the pixel beside it, 0..1: most of it where a computer drew the page, or its
    paper is white beyond any tone."""
    rows = np.asarray(cv2.cvtColor(np.ascontiguousarray(image[::8]), cv2.COLOR_BGR2GRAY), np.uint8)
    paper = rows[:, 1:] > float(np.median(rows)) - 12
    return float((rows[:, 1:] == rows[:, :-1])[paper].mean()) if paper.any() else 1.0


def paper_around(small: npt.NDArray[np.uint8], share: int) -> npt.NDArray[np.uint8]:
    """The median of a picture (BGR) over windows of one `share`-th of its longer side."""
    size = max(1, small.shape[1] // _THUMB), max(1, small.shape[0] // _THUMB)
    thumb = cv2.resize(small, size, interpolation=cv2.INTER_AREA)
    median = cv2.medianBlur(thumb, 2 * (max(thumb.shape[:2]) // share) + 1)
    return np.asarray(cv2.resize(median, small.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8)
