"""Blocks of a JPEG picture: what they were rounded with, and where they begin once the picture was put upright."""

from __future__ import annotations

import io

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageOps

from pipeline.pages import Image
from validators.quality.blocks import Steps, block_terms, estimated, standard

PIECES = [(40, 40, 260, 80), (40, 100, 260, 140)]
GREY = np.random.default_rng(5).integers(60, 200, (181, 307), np.uint8)


def saved(quality: int) -> tuple[Image, Steps]:
    data = io.BytesIO()
    Pillow.fromarray(cv2.merge((GREY, GREY, GREY))).save(data, "JPEG", quality=quality)
    picture = Pillow.open(data)
    table = picture.quantization[0]  # type: ignore[attr-defined]
    return np.asarray(picture)[:, :, ::-1].copy(), Steps(np.array(table, np.int64).reshape(8, 8))


def off(image: Image, steps: Steps) -> float:
    """How far the terms lie from multiples of the steps, in steps: ¼ anywhere, 0 on them."""
    blocks = block_terms(image, PIECES, steps)
    sizes = np.array([steps.luminance[u, v] for u in range(6) for v in range(6) if 0 < u + v < 6])
    return float(np.abs(blocks.terms / sizes - np.rint(blocks.terms / sizes)).mean())


def test_the_standard_tables_are_those_that_programs_write() -> None:
    for quality in (40, 75, 95):
        assert (saved(quality)[1].luminance == standard(quality)).all()


def test_terms_lie_on_multiples_of_the_steps() -> None:
    image, steps = saved(60)
    assert off(image, steps) < 0.05
    assert off(image, Steps(steps.luminance, left=3)) > 0.2


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_put_upright_by_exif(orientation: int) -> None:
    image, steps = saved(60)
    picture = Pillow.fromarray(image)
    picture.getexif()[0x0112] = orientation
    upright = np.asarray(ImageOps.exif_transpose(picture))
    assert off(upright, steps.turned(307, 181, orientation=orientation)) < 0.05


@pytest.mark.parametrize(("degrees", "turn"), [(90, cv2.ROTATE_90_CLOCKWISE), (180, cv2.ROTATE_180),
                                               (270, cv2.ROTATE_90_COUNTERCLOCKWISE)])  # fmt: skip
def test_a_picture_turned_to_be_read(degrees: int, turn: int) -> None:
    image, steps = saved(60)
    assert off(np.asarray(cv2.rotate(image, turn), np.uint8), steps.turned(307, 181, degrees=degrees)) < 0.05


def test_steps_are_told_without_the_file() -> None:
    image, steps = saved(60)
    told = estimated(image, [(0, 0, 300, 180)]).luminance
    assert all(told[u, v] == steps.luminance[u, v] for u, v in ((0, 1), (1, 0), (1, 1), (2, 0)))
    assert estimated(cv2.merge((GREY, GREY, GREY)), [(0, 0, 300, 180)]).luminance.max() == 1  # type: ignore[arg-type]
