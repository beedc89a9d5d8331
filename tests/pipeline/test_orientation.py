from typing import Any

import numpy as np
import pytest

from extractors.errors import EngineError
from extractors.model import TextLine, rectangle
from pipeline import orientation
from pipeline.orientation import ROTATIONS, makes_sense, proposed_rotation, read_upright, text_score, turned
from pipeline.pages import Image

LABELS = frozenset({"名称", "法定代表人", "住所", "经营范围"})
GOOD = ("名称杭州云帆数字科技有限公司", "法定代表人张晓明", "住所杭州市滨江区")
# What such lines give upside down: read, but short and unsure.
NONSENSE = ("出日国", "一工目", "HE")


def lines(texts: tuple[str, ...], confidence: float, standing: bool = False) -> tuple[TextLine, ...]:
    box = rectangle(0, 0, 20, 300) if standing else rectangle(0, 0, 300, 20)
    return tuple(TextLine(text, box, confidence) for text in texts)


class Compass:
    """Reads a picture whose brightest corner is top left when it is upright; counts its readings."""

    def __init__(self, good: tuple[str, ...] = GOOD) -> None:
        self.readings = 0
        self.good = good

    def read(self, image: Image, page: int = 1) -> tuple[TextLine, ...]:
        self.readings += 1
        corners = [image[0, 0, 0], image[0, -1, 0], image[-1, -1, 0], image[-1, 0, 0]]
        match int(np.argmax(corners)):
            case 0:
                return lines(self.good, 0.98)
            case 2:
                return lines(NONSENSE, 0.6)
            case _:
                return lines(self.good, 0.9, standing=True)

    def describe(self) -> dict[str, Any]:
        return {}


@pytest.fixture
def upright() -> Image:
    image = np.zeros((30, 40, 3), np.uint8)
    image[0, 0] = 255
    return image


@pytest.mark.parametrize("degrees", ROTATIONS)
@pytest.mark.parametrize("proposed", ROTATIONS)
def test_every_proposal_ends_upright(
    monkeypatch: pytest.MonkeyPatch, upright: Image, degrees: int, proposed: int
) -> None:
    monkeypatch.setattr(orientation, "proposed_rotation", lambda _: proposed)
    compass = Compass()
    read, image, rotation = read_upright(turned(upright, degrees), compass, LABELS)
    assert (degrees + rotation) % 360 == 0
    assert np.array_equal(image, upright)
    assert [line.text for line in read] == list(GOOD)
    if proposed == rotation:
        assert compass.readings == 1
    elif (proposed - rotation) % 360 == 180:
        assert compass.readings == 2


def test_a_sure_page_without_known_labels_is_read_once(monkeypatch: pytest.MonkeyPatch, upright: Image) -> None:
    monkeypatch.setattr(orientation, "proposed_rotation", lambda _: 0)
    compass = Compass(("This page holds no label of any known document.",))
    assert read_upright(upright, compass, LABELS)[2] == 0
    assert compass.readings == 1


def test_a_page_without_text_stays_as_it_is(monkeypatch: pytest.MonkeyPatch, upright: Image) -> None:
    class Blind(Compass):
        def read(self, image: Image, page: int = 1) -> tuple[TextLine, ...]:
            self.readings += 1
            return ()

    monkeypatch.setattr(orientation, "proposed_rotation", lambda _: 90)
    blind = Blind()
    read, image, rotation = read_upright(upright, blind, LABELS)
    assert (read, rotation, blind.readings) == ((), 0, 1)
    assert image is upright


def test_an_engine_that_fails_on_a_later_turn_fails_the_page(monkeypatch: pytest.MonkeyPatch, upright: Image) -> None:
    class Failing(Compass):
        def read(self, image: Image, page: int = 1) -> tuple[TextLine, ...]:
            if self.readings:
                raise EngineError("crashed")
            return super().read(image, page)

    monkeypatch.setattr(orientation, "proposed_rotation", lambda _: 180)
    with pytest.raises(EngineError):
        read_upright(upright, Failing(), LABELS)


def test_labels_outweigh_sure_nonsense() -> None:
    assert text_score(lines(GOOD, 0.7), LABELS) > text_score(lines(("甲" * 15,), 1.0), LABELS)
    assert not makes_sense(lines(GOOD, 0.99, standing=True), LABELS)
    assert not makes_sense(lines(NONSENSE, 0.6), LABELS)
    assert not makes_sense((), LABELS)


@pytest.mark.parametrize("shape", [(1, 1, 3), (3, 4000, 3), (300, 200, 3)])
def test_the_classifier_takes_any_shape(shape: tuple[int, int, int]) -> None:
    assert proposed_rotation(np.full(shape, 200, np.uint8)) in ROTATIONS


def test_without_the_classifier_the_text_alone_tells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orientation, "find_spec", lambda _: None)
    orientation._classifier.cache_clear()
    assert proposed_rotation(np.zeros((300, 300, 3), np.uint8)) == 0
    orientation._classifier.cache_clear()
