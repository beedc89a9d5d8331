"""A look at what the reader may have misread without saying so: a weak character, and one that it stepped over.

One misread character among many leaves the confidence of a line high; its own is low. A network that misreads a
character reads another one when the print is squeezed, one that read it right does not: a key field with a weak
character is read once more, a little narrower. Of a character that was rubbed off or stepped over nothing tells but
the step to the next one: those of one line are alike.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Sequence
from dataclasses import replace

import cv2
import numpy as np

from extractors.form import LOW_CONFIDENCE
from extractors.model import Box, Field, Page, Record, Source, Status, TextLine
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
# Usual steps between neighbouring characters from which one is missing there: of 510 names read right, on flat, slanted
# and curled pages, none has more than 1.3; a missing one makes two.
_STEP = 1.6
_FEWEST = 3  # steps that tell what a usual one is
_CHINESE = re.compile(r"[\u3400-\u9fff]+")


def confirmed(record: Record, pages: Sequence[ReadPage], reader: Reader) -> Record:
    """The record with key fields doubtful that lack a character, or have a weak one and do not read the same again."""
    images = {page.page.number: page for page in pages}
    fields = dict(record.fields)
    for spec in document_types()[record.type].fields:
        found = fields[spec.name]
        if not spec.key or found.status is not Status.READ or is_proven(spec.kind, str(found.value)):
            continue
        if found.page in images and _lacks_a_character(found, images[found.page].page):
            fields[spec.name] = found.model_copy(update={"status": Status.DOUBTFUL, "reason": "character_missing"})
            continue
        if not _is_weak(found):
            continue
        image = images[found.page].image if found.page in images else None
        # What a second reading told already stands or falls by the score of its weakest character.
        same = found.weakest >= LOW_CONFIDENCE if found.reason or image is None else _reads_same(found, image, reader)
        if not same:
            fields[spec.name] = found.model_copy(update={"status": Status.DOUBTFUL, "reason": "low_confidence"})
    return replace(record, fields=fields)


def _lacks_a_character(found: Field, page: Page) -> bool:
    """Whether a step from one Chinese character of it to the next is wide enough for another one."""
    if page.source is not Source.OCR:
        return False
    pieces = found.raw.split()
    whole = [piece for piece in pieces if len(piece) > _FEWEST]
    lines = [line for line in page.lines if line.places]
    if any(_widest_step(line, piece) >= _STEP for line in lines for piece in whole if piece in line.text):
        return True
    ends = [(line, other) for a, b in itertools.pairwise(pieces) for line in lines if line.text.endswith(a)
            for other in lines if other.text.startswith(b)]  # fmt: skip
    return any(_step_between(line, other) >= _STEP for line, other in ends)


def _widest_step(line: TextLine, piece: str) -> float:
    """The widest step between two neighbouring Chinese characters of a piece of a line, in its usual ones; 0 where
    these are not known."""
    steps = _steps(line, line.text.index(piece), piece)
    return max(steps) / max(statistics.median(steps), 1e-6) if len(steps) >= _FEWEST else 0.0


def _step_between(line: TextLine, other: TextLine) -> float:
    """The step from the last character of a line to the first of one that goes on beside it, in usual ones of the
    longer one; 0 where none does."""
    if min(line.bottom, other.bottom) - max(line.top, other.top) < 0.5 * min(line.height, other.height):
        return 0.0
    longer = max(line, other, key=lambda one: len(one.text))
    steps = _steps(longer, 0, longer.text)
    if len(steps) < _FEWEST or not (_CHINESE.match(line.text[-1]) and _CHINESE.match(other.text[0])):
        return 0.0
    last, first = (one.left + one.width * sum(one.places[at]) / 2 for one, at in ((line, -1), (other, 0)))
    return (first - last) / max(statistics.median(steps) * longer.width, 1e-6)


def _steps(line: TextLine, begin: int, piece: str) -> list[float]:
    """The steps between neighbouring Chinese characters of a piece that begins there, shares of the line."""
    centres = [(a + b) / 2 for a, b in line.places]
    runs = (range(begin + run.start(), begin + run.end()) for run in _CHINESE.finditer(piece))
    return [centres[b] - centres[a] for run in runs for a, b in itertools.pairwise(run)]


def _is_weak(found: Field) -> bool:
    return found.box is not None and bool(found.raw) and found.weakest < _WEAK


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
