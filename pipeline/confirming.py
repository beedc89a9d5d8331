"""A look at what the reader was hardly sure of: a key field with a weak character is read once more, a little narrower.

One misread character among many leaves the confidence of a line high; its own is low. A network that misreads a
character reads another one when the print is squeezed, one that read it right does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from extractors.form import LOW_CONFIDENCE
from extractors.model import Box, Field, Record, Status
from extractors.registry import document_types
from extractors.values import compact, simplified
from pipeline.ocr import Reader
from pipeline.pages import Image
from pipeline.reading import ReadPage
from validators.proofs.numbers import is_proven

# Confidence of a character below which it is looked at again: of key fields of good pages, one in thirty.
_WEAK = 0.95
_NARROWER = 0.87  # times as wide print is read again
_AROUND = 0.5  # text heights of paper around it


def confirmed(record: Record, pages: Sequence[ReadPage], reader: Reader) -> Record:
    """The record with key fields doubtful that have a weak character and do not read the same once more."""
    images = {page.page.number: page for page in pages}
    fields = dict(record.fields)
    for spec in document_types()[record.type].fields:
        found = fields[spec.name]
        if not spec.key or not _is_weak(found) or is_proven(spec.kind, str(found.value)):
            continue
        image = images[found.page].image if found.page in images else None
        # What a second reading told already stands or falls by the score of its weakest character.
        same = found.weakest >= LOW_CONFIDENCE if found.reason or image is None else _reads_same(found, image, reader)
        if not same:
            fields[spec.name] = found.model_copy(update={"status": Status.DOUBTFUL, "reason": "low_confidence"})
    return replace(record, fields=fields)


def _is_weak(found: Field) -> bool:
    return found.status is Status.READ and found.box is not None and bool(found.raw) and found.weakest < _WEAK


def _reads_same(found: Field, image: Image, reader: Reader) -> bool:
    lines = reader.read(_squeezed(image, found.box), found.page or 1) if found.box else ()
    text = _plain("".join(line.text for line in lines))
    return all(_plain(piece) in text for piece in found.raw.split())


def _plain(text: str) -> str:
    """As values are compared: which of two forms of a character is printed is no matter."""
    return simplified(compact(text))


def _squeezed(image: Image, box: Box) -> Image:
    """The print of a box (BGR) with some paper around it, narrower than it is."""
    xs, ys = [x for x, _ in box], [y for _, y in box]
    by = _AROUND * (box[3][1] - box[0][1])
    left, top = max(0, int(min(xs) - by)), max(0, int(min(ys) - by))
    part = image[top : int(max(ys) + by) + 1, left : int(max(xs) + by) + 1]
    size = max(1, round(_NARROWER * part.shape[1])), part.shape[0]
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8)
