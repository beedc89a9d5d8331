"""Pictures for the report: pages made small, and the places a finding points at cut out and framed."""

from __future__ import annotations

import base64
from collections.abc import Iterable

import cv2
import numpy as np

from extractors.model import Box
from pipeline.pages import Image

PAGE_SIDE = 1100  # longest side of a page in the report, pixels
_CUT_SIDES = (360, 900)  # a cut-out is enlarged below the first and made small above the second
_FRAME = (43, 57, 192)  # BGR


def page_jpeg(page: Image) -> str:
    """The whole page as a data URI, at most PAGE_SIDE pixels long."""
    return _data_uri(_scaled(page, min(1.0, PAGE_SIDE / max(page.shape[:2]))), 76)


def thumbnail(page: Image) -> str:
    """The page as a whole, to point at it: 280 pixels long."""
    return _data_uri(_scaled(page, min(1.0, 280 / max(page.shape[:2]))), 76)


def cut_out(page: Image, boxes: Iterable[Box], scale: float = 1.0) -> str | None:
    """The part of the page around the boxes, each outlined, as a data URI; None where no box lies on the page.

    `scale` turns the boxes' pixels into this picture's.
    """
    height, width = page.shape[:2]
    frames = [np.array(box, dtype=np.float64) * scale for box in boxes]
    frames = [np.clip(f, (0, 0), (width - 1, height - 1)) for f in frames if np.isfinite(f).all()]
    frames = [f for f in frames if np.ptp(f[:, 0]) >= 1 and np.ptp(f[:, 1]) >= 1]  # the others lie off the page
    if not frames:
        return None
    corners = np.concatenate(frames)
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    margin = 0.8 * max(min(float(np.ptp(f[:, 1])), float(np.ptp(f[:, 0]))) for f in frames) + 12
    left, right = int(max(0, left - 2.5 * margin)), int(min(width, right + 2.5 * margin))
    top, bottom = int(max(0, top - margin)), int(min(height, bottom + margin))
    cut = page[top:bottom, left:right]
    longest = max(cut.shape[:2])
    factor = min(2.5, _CUT_SIDES[0] / longest) if longest < _CUT_SIDES[0] else min(1.0, _CUT_SIDES[1] / longest)
    picture = _scaled(cut, factor).copy()
    for frame in frames:
        points = np.round((frame - (left, top)) * factor).astype(np.int32)
        cv2.polylines(picture, [points], isClosed=True, color=_FRAME, thickness=2, lineType=cv2.LINE_AA)
    return _data_uri(picture, 84)


def _scaled(picture: Image, factor: float) -> Image:
    if factor == 1.0:
        return picture
    height, width = picture.shape[:2]
    size = (max(1, round(width * factor)), max(1, round(height * factor)))
    way = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return cv2.resize(picture, size, interpolation=way).astype(np.uint8, copy=False)


def _data_uri(picture: Image, quality: int) -> str:
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, quality])
    if not done:
        raise ValueError("a picture could not be encoded")
    return "data:image/jpeg;base64," + base64.b64encode(data.tobytes()).decode("ascii")
