"""What can be measured of a photo: faces, a document held up, its look, where it comes from, how sharp it is."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extractors.errors import DocumentError
from extractors.model import TextLine, rectangle
from extractors.registry import label_words
from extractors.values import compact, simplified
from pipeline.faces import find_faces
from pipeline.images import PILLOW_NAMES, camera_tags
from pipeline.ocr import Reader
from pipeline.pages import Image, OpenedFile
from pipeline.settings import Settings
from validators.photo_marks import editors_named, sources_named

_MAKE, _MODEL, _SOFTWARE, _CHANGED, _TAKEN = 271, 272, 305, 306, 36867  # EXIF 2.32 §4.6.4 and §4.6.5

# Parts of a photo that are kept beside the whole, as shares of its sides, at nine places each: pieces down to
# three quarters of it are known again.
_PARTS = (0.92, 0.85, 0.77)
PRINTS = 1 + 9 * len(_PARTS)
_FLAT = 6.0  # grey levels: a picture with less in it looks like any other

_SMALL_PRINT = 26  # pixels: text on a document held up that is lower is read again, larger
_TOGETHER = 1.3  # text heights between lines of one document


def measure_photo(
    image: Image, lines: Sequence[TextLine], opened: OpenedFile, reader: Reader | None, settings: Settings
) -> dict[str, Any]:
    """Measures of one photo (BGR): width and height in pixels, sharpness (see `_sharpness`), look (prints, see
    `validators.photo_index`), faces, document (box, lines, labels; None where nobody holds one), text, sources
    (picture sites named on it), camera."""
    document = _document(lines)
    if document and reader:
        lines = _read_closer(image, lines, document["box"], reader)
        document = _document(lines)
    text = [{"text": line.text, "confidence": round(line.confidence, 2), "box": line.box} for line in lines]
    return {
        "width": image.shape[1], "height": image.shape[0], "sharpness": _sharpness(image), "look": look_of(image),
        "faces": find_faces(image), "document": document, "text": text,
        "sources": sources_named(line.text for line in lines), "camera": camera(opened, settings),
    }  # fmt: skip


def look_of(image: Image) -> list[str]:
    """The prints of a photo: of the whole, then of its parts. Empty where there is nothing on it."""
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    grey = np.asarray(cv2.resize(grey, (256, 256), interpolation=cv2.INTER_AREA), np.uint8)
    if float(grey.std()) < _FLAT:
        return []
    prints = [_print(grey)]
    for share in _PARTS:
        side = round(256 * share)
        steps = (0, (256 - side) // 2, 256 - side)
        prints += [_print(grey[y : y + side, x : x + side]) for y in steps for x in steps]
    return prints


def _print(grey: npt.NDArray[np.uint8]) -> str:
    """64 signs of the lowest frequencies (pHash), then 64 of where it gets lighter to the right (dHash)."""
    small = cv2.resize(grey, (32, 32), interpolation=cv2.INTER_AREA).astype(np.float32)
    low = cv2.dct(small)[:8, :8].ravel()[1:]  # without the mean: how light a photo is says nothing
    light = np.append(low > np.median(low), False)
    steps = cv2.resize(grey, (9, 8), interpolation=cv2.INTER_AREA).astype(np.int16)
    gradient = (np.diff(steps, axis=1) > 0).ravel()
    return "".join(np.packbits(half).tobytes().hex() for half in (light, gradient))


def _sharpness(image: Image) -> float:
    """How sharp the sharpest parts are: variance of the Laplacian in 64 fields, 90th percentile, at 1000 pixels.

    Below about 8 nothing on the photo is in focus.
    """
    scale = 1000 / max(image.shape[:2])
    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    if scale < 1:
        grey = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    slopes = cv2.Laplacian(cv2.GaussianBlur(grey, (3, 3), 0), cv2.CV_32F)
    fields = [field for row in np.array_split(slopes, 8) for field in np.array_split(row, 8, axis=1) if field.size]
    return round(float(np.percentile([float(field.var()) for field in fields], 90)), 1)


def _document(lines: Sequence[TextLine]) -> dict[str, Any] | None:
    """The largest block of lines that stand together, with the labels of known documents in it."""
    groups: list[list[TextLine]] = []
    for line in lines:
        touching = [group for group in groups if any(_together(line, other) for other in group)]
        groups = [group for group in groups if group not in touching]
        groups.append([line, *(other for group in touching for other in group)])
    block = max(groups, key=lambda group: sum(len(line.text) for line in group), default=[])
    if len(block) < 2:
        return None
    text = "\n".join(simplified(compact(line.text)) for line in block)
    box = rectangle(
        min(a.left for a in block), min(a.top for a in block), max(a.right for a in block), max(a.bottom for a in block)
    )
    return {"box": box, "lines": len(block), "labels": sorted(word for word in label_words() if word in text)}


def _together(one: TextLine, other: TextLine) -> bool:
    reach = _TOGETHER * max(one.height, other.height)
    return (
        one.left - 2 * reach < other.right
        and other.left - 2 * reach < one.right
        and one.top - reach < other.bottom
        and other.top - reach < one.bottom
    )


def _read_closer(image: Image, lines: Sequence[TextLine], box: Any, reader: Reader) -> Sequence[TextLine]:
    """The lines with those of a document far from the camera read again, twice as large."""
    (left, top), _, (right, bottom), _ = box
    inside = [line for line in lines if line.left >= left and line.right <= right and left <= line.centre[0] <= right
              and top <= line.centre[1] <= bottom]  # fmt: skip
    height = statistics.median(line.height for line in inside) if inside else _SMALL_PRINT
    if height >= _SMALL_PRINT:
        return lines
    wide, high = 0.15 * (right - left) + 2 * height, 0.15 * (bottom - top) + 2 * height
    x, y = max(0, int(left - wide)), max(0, int(top - high))
    part = image[y : int(bottom + high) + 1, x : int(right + wide) + 1]
    by = min(3.0, 2 * _SMALL_PRINT / height, 2400 / max(part.shape[:2]))
    if by <= 1.2:
        return lines
    larger = np.asarray(cv2.resize(part, None, fx=by, fy=by, interpolation=cv2.INTER_CUBIC), np.uint8)
    closer = [_back(line, by, x, y) for line in reader.read(larger)]
    return [*(line for line in lines if line not in inside), *closer] if len(closer) >= len(inside) else lines


def _back(line: TextLine, by: float, left: float, top: float) -> TextLine:
    a, b, c, d = ((x / by + left, y / by + top) for x, y in line.box)
    return replace(line, box=(a, b, c, d))


def camera(opened: OpenedFile, settings: Settings) -> dict[str, Any]:
    """Maker, model, programs that change pictures and the day it was taken, as far as the file tells."""
    if opened.format not in PILLOW_NAMES:
        return {"editors": editors_named(opened.programs)}
    try:
        tags, programs = camera_tags(opened.path, opened.format, settings)
    except DocumentError:
        return {}
    return {
        "make": tags.get(_MAKE, "").strip("\0 "),
        "model": tags.get(_MODEL, "").strip("\0 "),
        "editors": editors_named([tags.get(_SOFTWARE, ""), *programs]),
        "taken_on": _day(tags.get(_TAKEN) or tags.get(_CHANGED, "")),
    }


def _day(text: str) -> str | None:
    try:
        return datetime.strptime(text.strip("\0 ")[:10], "%Y:%m:%d").date().isoformat()
    except ValueError:
        return None
