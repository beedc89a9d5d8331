from typing import Any

import cv2
import numpy as np
import pytest

from extractors.errors import DocumentError, EngineError
from extractors.model import Box, Source, TextLine, rectangle
from pipeline import orientation
from pipeline.pages import Image, OpenedPage
from pipeline.reading import read_page, red_pixels, red_under, suppress_red
from validators.quality.blocks import Steps

LIGHTS = {"white": (1.0, 1.0, 1.0), "lamp": (0.68, 0.86, 1.0), "dim": (0.5, 0.55, 0.6)}
EVERYWHERE = rectangle(0, 0, 9999, 9999)
LINES = (TextLine("营业执照 副本 正文 一二三四五六七八九十", rectangle(10, 10, 90, 20)),)


def has_red(image: Image, box: Box = EVERYWHERE) -> float:
    return red_under(red_pixels(image), box)


class Fixed:
    """A reader that gives the same lines for every picture and keeps the pictures."""

    def __init__(self, lines: tuple[TextLine, ...] = LINES) -> None:
        self.lines = lines
        self.seen: list[Image] = []

    def read(self, image: Image, page: int = 1) -> tuple[TextLine, ...]:
        self.seen.append(image)
        return self.lines

    def describe(self) -> dict[str, Any]:
        return {}


def picture(light: tuple[float, float, float] = (1, 1, 1), seal: bool = True) -> Image:
    """A black stroke on paper, a red seal over its left half. Ink is a filter: it takes light from what is below."""
    paper = np.full((200, 400, 3), (245, 249, 250), np.float32)
    cv2.rectangle(paper, (40, 95), (360, 105), (38, 38, 40), -1)
    if seal:
        ink = np.ones_like(paper)
        cv2.circle(ink, (120, 100), 70, (0.35, 0.35, 0.85), 14)
        cv2.circle(ink, (120, 100), 25, (0.35, 0.35, 0.85), -1)
        paper *= ink
    return np.clip(paper * light, 0, 255).astype(np.uint8)


def page_of(image: Image, **kwargs: Any) -> OpenedPage:
    return OpenedPage(2, image.shape[1], image.shape[0], lambda: image, **kwargs)


def test_a_page_with_a_text_layer_is_never_decoded_or_read_by_ocr() -> None:
    def decoded() -> Image:
        raise AssertionError("decoded")

    read = read_page(OpenedPage(2, 100, 50, decoded, lines=LINES, source=Source.TEXT), None, frozenset())
    assert (read.image, read.rotation) == (None, 0)
    assert (read.page.lines, read.page.source, read.page.number) == (LINES, Source.TEXT, 2)


def test_a_picture_is_read_upright(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orientation, "proposed_rotation", lambda _: 90)
    read = read_page(page_of(picture()), Fixed(), frozenset({"营业执照", "副本"}))
    assert (read.rotation, read.page.width, read.page.height) == (90, 200, 400)
    assert read.image is not None
    assert read.image.shape == (400, 200, 3)
    assert read.page.source is Source.OCR
    assert read.steps is None
    steps = Steps(np.arange(64).reshape(8, 8))
    turned = read_page(page_of(picture(), steps=steps), Fixed(), frozenset({"营业执照", "副本"})).steps
    assert turned is not None
    assert (turned.luminance == steps.luminance.T).all()


def test_no_reader_a_crash_and_a_bad_picture_are_told_apart() -> None:
    class Crashing(Fixed):
        def read(self, image: Image, page: int = 1) -> tuple[TextLine, ...]:
            raise EngineError("crashed")

    def damaged() -> Image:
        raise DocumentError("FILE_DAMAGED")

    with pytest.raises(EngineError):
        read_page(page_of(picture()), None, frozenset())
    with pytest.raises(EngineError, match="crashed"):
        read_page(page_of(picture()), Crashing(), frozenset())
    with pytest.raises(DocumentError):
        read_page(OpenedPage(1, 10, 10, damaged), Fixed(), frozenset())


@pytest.mark.parametrize("light", LIGHTS.values(), ids=LIGHTS)
def test_red_is_seen_in_any_light(light: tuple[float, float, float]) -> None:
    assert has_red(picture(light)) > 0.05
    assert has_red(picture(light, seal=False)) == 0
    assert has_red(picture(light), rectangle(50, 30, 190, 170)) > 0.3
    assert has_red(picture(light), rectangle(250, 30, 390, 170)) == 0
    assert has_red(picture(light), rectangle(900, 900, 950, 950)) == 0


@pytest.mark.parametrize("light", LIGHTS.values(), ids=LIGHTS)
def test_suppressed_red_leaves_text_and_paper(light: tuple[float, float, float]) -> None:
    before = picture(light)
    after = suppress_red(before)
    assert has_red(after) < 0.001
    paper = before[10, 10].astype(int)
    assert np.all(np.abs(after[40:60, 118:122].astype(int) - paper) < 0.12 * paper)  # ring, no text below
    stroke, free = after[100, 118:122].mean(), before[100, 300].mean()
    assert stroke < free + 0.35 * (paper.mean() - free)  # black under red stays near black
    assert np.array_equal(after[:, 250:], before[:, 250:])
    assert np.array_equal(before, picture(light))  # the caller's picture is not written to


def test_a_picture_without_red_is_returned_as_it_is() -> None:
    plain = picture(seal=False)
    assert suppress_red(plain) is plain
