"""Reading one page: its text layer if it has one, else OCR the right way up; and again without a red seal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from extractors.errors import EngineError
from extractors.model import Box, Page
from pipeline.ocr import Reader
from pipeline.orientation import read_upright
from pipeline.pages import Image, OpenedPage
from validators.quality.blocks import Steps
from validators.quality.measures import Measured

# Red is told after the paper is made white, so that lamp light does not count: red above the stronger
# of green and blue by this share of white.
_REDDER = 0.16
_DARKEST = 0.02  # share of the paper's light below which a pixel says nothing of its ink
_FULL = 90  # percentile of the ink of a seal that is taken off at most
_THROUGH = 2.5  # times as dense print under a seal is made: thick ink lets little of it through
_TRACE = 0.12  # share of a seal's ink that may be the tint of the paper or the noise of the camera
_SAMPLE = 600  # longest side, pixels, that colours are counted at


Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class ReadPage:
    """A page as it was read. `picture` gives the upright picture, None for a page that is data."""

    page: Page
    picture: Callable[[], Image] | None
    rotation: int  # degrees clockwise it was turned to stand upright
    measured: Measured | None = None  # its picture's quality, where that was looked at
    steps: Steps | None = None  # those its picture was saved with as a JPEG, where its pixels are still those

    @property
    def image(self) -> Image | None:
        """The upright picture; it may be decoded anew, so ask once."""
        return self.picture() if self.picture else None


def read_page(page: OpenedPage, reader: Reader | None, labels: frozenset[str]) -> ReadPage:
    """One page: a text layer as it stands, a picture by OCR, turned upright.

    `labels` are words printed on known documents: text that holds some was read the right way up.
    Raises DocumentError (the picture cannot be decoded) and EngineError; never gives half a page.
    """
    if page.lines is not None:
        return ReadPage(Page(page.number, page.width, page.height, page.lines, page.source), None, 0)
    if reader is None:
        raise EngineError("A picture is to be read, but no OCR engine is loaded.")
    lines, upright, rotation = read_upright(page.image(), reader, labels, page.number)
    height, width = upright.shape[:2]
    steps = page.steps and page.steps.turned(page.width, page.height, degrees=rotation)
    return ReadPage(Page(page.number, width, height, lines), lambda: upright, rotation, steps=steps)


def red_pixels(image: Image) -> tuple[Mask, int]:
    """Which pixels are red ink, on the picture thinned out to every n-th pixel, and that n."""
    return _red(_sampled(image), _paper(image)), _step(image)


def red_under(red: tuple[Mask, int], box: Box) -> float:
    """The share of red, 0..1, in the upright rectangle around a box, given what `red_pixels` found."""
    mask, step = red
    left, right = (max(0, int(pick(x for x, _ in box)) // step) for pick in (min, max))
    top, bottom = (max(0, int(pick(y for _, y in box)) // step) for pick in (min, max))
    under = mask[top : bottom + 1, left : right + 1]
    return float(under.mean()) if under.size else 0.0


def suppress_red(image: Image) -> Image:
    """The picture with red ink taken off the paper; print under it stays, of whatever colour.

    Inks lie on each other like filters: their optical densities add up. Grey print dims the three channels alike, red
    ink does not: what they differ by tells how much of it lies on a pixel, and so what is left without it.
    Source: Ruifrok and Johnston, "Quantification of histochemical staining by color deconvolution" (2001).
    """
    white = _paper(image)
    mask = _red(image, white)
    if not mask.any():
        return image
    density = -np.log(np.clip(image.astype(np.float32) / white, _DARKEST, 1.0))
    ink = np.median(density[mask], axis=0)
    tint = ink - ink.mean()
    amount = (density @ tint) / max(float(tint @ tint), 1e-6)
    # Colours are saved at half the resolution of light: along its edge the ink is where its neighbour says it is.
    # Under thick ink print makes all channels darker: more than a seal's full ink is print.
    amount = cv2.dilate(
        np.clip(amount, 0, np.percentile(amount[mask], _FULL)).astype(np.float32), np.ones((3, 3), np.uint8)
    )
    amount[amount < _TRACE] = 0
    there = amount > 0
    # The middle one of the channels: what is left of ink of a slightly other red is in one of them alone.
    left = np.median(np.maximum(density[there] - amount[there, None] * ink, 0), axis=1)
    result = image.copy()
    result[there] = (np.exp(-_THROUGH * left)[:, None] * white).astype(np.uint8)
    return result


def _red(image: Image, white: npt.NDArray[np.float32]) -> Mask:
    """Which pixels are red ink, seen on paper of the colour `white` (BGR)."""
    balanced = image.astype(np.float32) / white
    return np.asarray(balanced[:, :, 2] - np.maximum(balanced[:, :, 0], balanced[:, :, 1]) > _REDDER)


def _paper(image: Image) -> npt.NDArray[np.float32]:
    """The colour of paper (BGR): a bright pixel of each channel; at least 60, so that night stays night."""
    bright = np.percentile(_sampled(image).reshape(-1, 3), 80, axis=0)
    return np.asarray(np.maximum(bright, 60), np.float32)


def _sampled(image: Image) -> Image:
    step = _step(image)
    return image[::step, ::step]


def _step(image: Image) -> int:
    return max(1, -(-int(max(image.shape[:2])) // _SAMPLE))
