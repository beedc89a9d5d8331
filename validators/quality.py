"""First checks of a picture: text size, sharpness, exposure, colour or grey, cut edges.

Measures come with units; limits are judged in `quality_findings`. A measure that cannot be taken is
None and is not judged: it is never shown as fine.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extractors.model import TextLine
from validators.findings import Evidence, Finding, finding

Image = npt.NDArray[np.uint8]

# Text lower than this is read by luck: strokes of dense characters run together.
MIN_TEXT_HEIGHT = 12.0
# Text height over the width of its edges. Scans lie above 11, careful phone photos above 7; pictures with misread
# key fields were found from 6 downwards.
MIN_SHARPNESS = 6.5
# Colour (CIELAB chroma in neutral light): photographed photocopies stay below 4.6 at the first. A page of
# black print with one pale seal has little of it, but strong: the second, over this share (0.0013 and more; grey 0).
MIN_COLOUR_SPREAD = 5.2
_STRONG_COLOUR, _MIN_STRONG_SHARE = 14.0, 0.0004
MIN_CONTRAST = 35.0  # grey levels between paper and ink
_SAMPLED_LINES = 24


def measure(image: Image, lines: Sequence[TextLine]) -> dict[str, Any]:
    """Measures of one upright page (BGR): text_height px, sharpness (ratio), contrast 0–255, brightness 0–255,
    clipped share, colour_spread (ΔE), colour, cut_edges (names of the edges text runs into)."""
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY).astype(np.uint8, copy=False)
    level = [line for line in lines if line.width > line.height and len(line.text) > 1]
    crops = [(line, _crop(grey, line)) for line in _sample(level)]
    sharp = [_sharpness(crop, line.height) for line, crop in crops if crop.size]
    contrasts = [float(np.percentile(crop, 90) - np.percentile(crop, 5)) for _, crop in crops if crop.size]
    area = _text_area(image, lines)
    spread = _colour_spread(area)
    return {
        "text_height": round(statistics.median(line.height for line in level), 1) if level else None,
        "sharpness": round(statistics.median(sharp), 2) if sharp else None,
        "contrast": round(statistics.median(contrasts), 1) if contrasts else None,
        "brightness": round(float(np.median(grey[::4, ::4])), 1),
        "clipped": round(float(np.mean(np.min(area[::4, ::4], axis=2) >= 254)), 3),
        "colour_spread": round(spread, 1),
        "colour": spread >= MIN_COLOUR_SPREAD or _colour_on_paper(image, area) >= _MIN_STRONG_SHARE,
        "cut_edges": ",".join(_cut_edges(lines, image.shape[1], image.shape[0])),
    }


def quality_findings(quality: dict[str, Any], document: str, page: int, part: int = 1) -> list[Finding]:
    """What is wrong with a picture by its measures; each names the value and the limit."""
    common: dict[str, Any] = {"document": document, "evidence": (Evidence(document=document, part=part, page=page),)}
    found = []
    if (height := quality["text_height"]) is not None and height < MIN_TEXT_HEIGHT:
        expected = f"≥ {MIN_TEXT_HEIGHT:g} px"
        found.append(finding("QUALITY_TEXT_SMALL", expected=expected, actual=f"{height:g} px", **common))
    if (sharpness := quality["sharpness"]) is not None and sharpness < MIN_SHARPNESS:
        found.append(finding("QUALITY_BLURRED", expected=f"≥ {MIN_SHARPNESS:g}", actual=f"{sharpness:g}", **common))
    if (contrast := quality["contrast"]) is not None and contrast < MIN_CONTRAST:
        found.append(finding("QUALITY_LOW_CONTRAST", expected=f"≥ {MIN_CONTRAST:g}", actual=f"{contrast:g}", **common))
    if quality["cut_edges"]:
        found.append(finding("QUALITY_CUT_EDGE", actual=quality["cut_edges"], **common))
    return found


def _sample(lines: Sequence[TextLine]) -> Sequence[TextLine]:
    step = max(1, len(lines) // _SAMPLED_LINES)
    return lines[::step][:_SAMPLED_LINES]


def _crop(grey: npt.NDArray[np.uint8], line: TextLine) -> npt.NDArray[np.uint8]:
    top, bottom = max(0, int(line.top)), int(line.bottom) + 1
    left, right = max(0, int(line.left)), int(line.right) + 1
    return grey[top:bottom, left:right]


def _sharpness(crop: npt.NDArray[np.uint8], height: float) -> float:
    """Text height ÷ edge width; an edge's width is its contrast over its steepest slope, in pixels.

    The flatter of the two directions counts: motion blurs only the edges across it.
    """
    values = crop.astype(np.float32)
    across, down = (np.abs(cv2.Sobel(values, cv2.CV_32F, x, y, ksize=3)) / 8 for x, y in ((1, 0), (0, 1)))
    contrast = float(np.percentile(values, 95) - np.percentile(values, 5))
    steepest = min(float(np.percentile(across, 98)), float(np.percentile(down, 98)))
    return 0.0 if contrast < 1 else height * steepest / contrast


def _text_area(image: Image, lines: Sequence[TextLine]) -> Image:
    if not lines:
        return image
    left, top = max(0, int(min(a.left for a in lines))), max(0, int(min(a.top for a in lines)))
    area = image[top : int(max(a.bottom for a in lines)) + 1, left : int(max(a.right for a in lines)) + 1]
    return area if area.size else image


def _colour_spread(area: Image) -> float:
    """How colourful the print is in neutral light: the 98th percentile of CIELAB chroma."""
    return float(np.percentile(_chroma(*_small(area)), 98))


def _colour_on_paper(image: Image, area: Image) -> float:
    """The share of strong colour on paper like that of the text area: a seal beside the text, not the desk."""
    small, around = _small(image)
    paper = np.median(_small(area)[1].reshape(-1, 3), axis=0)
    on_paper = np.abs(around - paper).max(axis=2) < 0.2 * paper.max()
    return float(np.mean((_chroma(small, around) > _STRONG_COLOUR) & on_paper))


def _small(image: Image) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.float32]]:
    """The picture at most 480 pixels long, 0..1 (BGR), and the paper around each pixel of it."""
    scale = min(1.0, 480 / max(image.shape[:2]))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    # Wide enough that an emblem or a portrait does not pass for the paper around it.
    around = cv2.medianBlur(small, 2 * (max(small.shape[:2]) // 8) + 1)
    return np.asarray(small / 255, np.float32), np.asarray(around / 255, np.float32)


def _chroma(small: npt.NDArray[np.float32], around: npt.NDArray[np.float32]) -> npt.NDArray[np.float32]:
    """CIELAB chroma of each pixel once the light is made neutral: paper white, grey print grey, whatever the lamp."""
    neutral = np.clip(0.85 * small / np.maximum(around, 0.08), 0, 1)
    lab = cv2.cvtColor(neutral, cv2.COLOR_BGR2LAB)
    return np.asarray(np.hypot(lab[:, :, 1], lab[:, :, 2]), np.float32)


def _cut_edges(lines: Sequence[TextLine], width: int, height: int) -> list[str]:
    """Edges that text runs into: something may be cut off there."""
    margin = 2
    edges = {
        "left": any(a.left <= margin and a.height > 8 for a in lines),
        "right": any(a.right >= width - 1 - margin and a.height > 8 for a in lines),
        "top": any(a.top <= margin for a in lines),
        "bottom": any(a.bottom >= height - 1 - margin for a in lines),
    }
    return [name for name, cut in edges.items() if cut]
