"""The paper around each place of a picture: what is left when everything smaller than a share of it is taken away."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

_THUMB = 4  # times smaller the median is taken: paper has no detail, and a wide median is dear


def paper_around(small: npt.NDArray[np.uint8], share: int) -> npt.NDArray[np.uint8]:
    """The median of a picture (BGR) over windows of one `share`-th of its longer side."""
    size = max(1, small.shape[1] // _THUMB), max(1, small.shape[0] // _THUMB)
    thumb = cv2.resize(small, size, interpolation=cv2.INTER_AREA)
    median = cv2.medianBlur(thumb, 2 * (max(thumb.shape[:2]) // share) + 1)
    return np.asarray(cv2.resize(median, small.shape[1::-1], interpolation=cv2.INTER_LINEAR), np.uint8)
