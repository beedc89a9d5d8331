"""Patches: found where something was put into a picture, and not where nothing was."""

from __future__ import annotations

import io
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from extractors.model import TextLine, rectangle
from pipeline.pages import Image
from validators.quality.blocks import Steps, standard
from validators.quality.patches import patches

ROWS, HIGH, LEFT, RIGHT = range(80, 860, 60), 30, 80, 1080
FIELD = (380, 440, 620, 470)  # left, top, right, bottom of a stretch of one row


def line(y: int) -> TextLine:
    return TextLine("印", rectangle(LEFT, y, RIGHT, y + HIGH))


LINES = [line(y) for y in ROWS]


def page(grain: float = 2.5, seed: int = 3) -> Image:
    """Rows of strokes under a lamp to one side, with the grain of a camera."""
    chance = np.random.default_rng(seed)
    image = np.full((920, 1160, 3), 226, np.uint8)
    for y in ROWS:
        for x in range(LEFT, RIGHT - 24, 27):
            for _ in range(4):
                begin, end = chance.integers((x, y + 2), (x + 22, y + HIGH - 2), (2, 2)).tolist()
                cv2.line(image, begin, end, (60, 55, 50), 2, cv2.LINE_AA)
    soft = cv2.GaussianBlur(image, (0, 0), 0.7).astype(np.float32)
    soft *= np.linspace(0.85, 1.02, 1160)[None, :, None]
    return np.clip(soft + chance.normal(0, grain, image.shape), 0, 255).astype(np.uint8)


def saved(image: Image, quality: int) -> Image:
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def resaved(image: Image, **options: Any) -> Image:
    data = io.BytesIO()
    Pillow.fromarray(image[:, :, ::-1]).save(data, "JPEG", subsampling=0, **options)
    return np.ascontiguousarray(np.asarray(Pillow.open(data))[:, :, ::-1])


def typed(image: Image) -> Image:
    left, top, right, bottom = FIELD
    changed = image.copy()
    changed[top - 4 : bottom + 4, left - 4 : right + 4] = np.median(image[top:bottom, left:right], axis=(0, 1))
    cv2.putText(changed, "2043 8817", (left, bottom - 4), cv2.FONT_HERSHEY_SIMPLEX, 1, (40, 40, 40), 2)
    return changed


def moved(image: Image) -> Image:
    left, top, right, bottom = FIELD
    changed = image.copy()
    changed[top:bottom, left:right] = image[top + 243 - 3 : bottom + 243 - 3, left + 101 : right + 101]
    return changed


def touches_the_field(image: Image) -> list[str]:
    left, top, right, bottom = FIELD
    return [
        patch.reason
        for patch in patches(image, LINES, [rectangle(*FIELD)])
        if patch.box[0][0] < right and patch.box[2][0] > left and patch.box[0][1] < bottom and patch.box[2][1] > top
    ]


@pytest.mark.parametrize("quality", [(95,), (80,), (78, 88), (92, 80)])
@pytest.mark.parametrize("seed", [3, 4])
def test_an_original_has_none_however_often_it_was_saved(quality: tuple[int, ...], seed: int) -> None:
    image = page(seed=seed)
    for one in quality:
        image = saved(image, one)
    assert patches(image, LINES) == []


def test_text_typed_over_a_wiped_field() -> None:
    assert touches_the_field(saved(typed(saved(page(), 90)), 92))


@pytest.mark.parametrize(("grain", "reason"), [(0.0, "still"), (9.0, "restless")])
def test_paper_that_has_other_noise_than_all_around(grain: float, reason: str) -> None:
    """Its level, its tint and its print are those of the page."""
    left, top, right, bottom = FIELD
    image, other = page(), page(grain, seed=3)
    image[top - 6 : bottom + 6, left - 6 : right + 6] = other[top - 6 : bottom + 6, left - 6 : right + 6]
    assert set(touches_the_field(saved(image, 92))) == {reason}


def test_print_copied_within_the_picture() -> None:
    assert touches_the_field(saved(moved(saved(page(), 92)), 92))


def test_what_was_put_in_lacks_the_first_compression() -> None:
    """The patch has paper, grain and strokes as the page has: only what it was saved with differs."""
    left, top, right, bottom = FIELD
    image, other = saved(page(), 78), page(seed=9)
    image[top - 8 : bottom + 8, left:right] = other[top - 8 : bottom + 8, left:right]
    assert set(touches_the_field(saved(image, 88))) == {"compression"}


def test_the_table_of_the_file_tells_more_than_the_pixels() -> None:
    """A first table that is not the standard's, and a last one so coarse that it hides all but its multiples."""
    left, top, right, bottom = FIELD
    first = [3 + (7 * k) % 11 for k in range(64)]
    image, other = resaved(page(), qtables=[first, first]), page(seed=9)
    image[top - 8 : bottom + 8, left:right] = other[top - 8 : bottom + 8, left:right]
    steps = Steps(standard(90))
    last = resaved(image, quality=90)
    assert {patch.reason for patch in patches(last, LINES, [rectangle(*FIELD)], steps)} == {"compression"}
    assert patches(resaved(resaved(page(), qtables=[first, first]), quality=90), LINES, (), steps) == []


def test_a_page_that_a_computer_drew_is_left_alone() -> None:
    assert patches(typed(page(grain=0.0) // 16 * 16), LINES) == []


def test_too_little_print_tells_nothing() -> None:
    assert patches(typed(page()), LINES[:0]) == []
    assert patches(np.full((40, 40, 3), 255, np.uint8), [TextLine("印", rectangle(2, 2, 38, 30))]) == []
    assert patches(page(), [TextLine("印", rectangle(-50, -9, 9000, 21)), *LINES[:1]]) == []
