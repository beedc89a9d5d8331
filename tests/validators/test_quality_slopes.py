"""How lines run over a page: paper that curls has bent lines, flat paper has straight ones however it lies."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.model import Box, TextLine, rectangle
from validators.quality.slopes import bend, odd_lines, proportion

SIZE = (1600, 1200)
PLACES = [(x, y) for y in range(150, 1100, 100) for x in (100, 500, 900, 1200)]


def line(left: float, y: float, slope_at: float, length: float = 260, height: float = 30) -> Box:
    """A line of text of some slope (degrees) from a place on."""
    along = np.array([math.cos(math.radians(slope_at)), math.sin(math.radians(slope_at))])
    down = np.array([-along[1], along[0]]) * height
    a = np.array([left, y])
    b = a + along * length
    corners = (a, b, b + down, a + down)
    return tuple((float(x), float(y)) for x, y in corners)  # type: ignore[return-value]


def curled(degrees: float) -> list[Box]:
    """Lines that turn by so many degrees from the left end of the page to the right one."""
    return [line(x, y, degrees * ((x + 130) / SIZE[0] - 0.5)) for x, y in PLACES]


@given(st.floats(3, 35))
def test_a_curled_page_is_told_by_how_far_its_lines_turn(degrees: float) -> None:
    across = (1200 - 100) / SIZE[0]  # of that, what lies between the middles of the outer lines
    assert bend(curled(degrees), SIZE) == pytest.approx(degrees * across, rel=0.25)


@given(st.floats(-30, 30), st.floats(-12, 12))
def test_a_flat_page_has_none_turned_or_fanned_out(turn: float, fan: float) -> None:
    boxes = [line(x, y, turn + fan * (y / SIZE[1] - 0.5)) for x, y in PLACES]
    assert bend(boxes, SIZE) < 0.5


def test_a_watermark_across_the_page_does_not_count() -> None:
    flat = [line(x, y, 0.5) for x, y in PLACES]
    assert bend([*flat, *(line(x, y, -28, 200) for x, y in PLACES[::4])], SIZE) < 0.5


def test_few_lines_tell_nothing() -> None:
    assert bend(curled(30)[:7], SIZE) == 0.0
    assert bend([], SIZE) == 0.0


def print_of(steps: float, height: float) -> TextLine:
    """A line of ten Chinese characters, `steps` pixels from one to the next, in a box of that height."""
    places = tuple(((i + 0.05) / 10, (i + 0.95) / 10) for i in range(10))
    return TextLine("某省某市某某有限公司", rectangle(100, 100, 100 + 10 * steps, 100 + height), places=places)


@pytest.mark.parametrize(("steps", "height", "told"), [(30, 38, 0.79), (30, 18, 1.67), (30, 75, 0.4)])
def test_proportion_is_steps_of_print_for_the_height_of_its_lines(steps: float, height: float, told: float) -> None:
    assert proportion([print_of(steps, height)] * 2) == pytest.approx(told, abs=0.01)


def test_proportion_of_too_little_print_is_not_known() -> None:
    numbers = TextLine("0123456789", rectangle(0, 0, 300, 30), places=((0.0, 0.1),) * 10)
    assert proportion([print_of(30, 38), numbers, TextLine("某省某市某某有限公司", rectangle(0, 0, 300, 30))]) is None


def page_of(degrees: float) -> list[TextLine]:
    return [TextLine(f"第{k}行文字", line(x, y, degrees)) for k, (x, y) in enumerate(PLACES)]


def other(degrees: float, texts: list[str], at: float = 1230) -> list[TextLine]:
    return [TextLine(text, line(500, at + 70 * k, degrees)) for k, text in enumerate(texts)]


INVOICE = ["发票号码0123", "名称某某公司", "金额合计"]


@pytest.mark.parametrize("degrees", [-30, 14, 41])
def test_lines_of_another_paper_beside_the_page_are_odd(degrees: float) -> None:
    assert len(odd_lines([*page_of(1), *other(degrees, INVOICE)])) == 3


@pytest.mark.parametrize(
    "others",
    [
        other(3, INVOICE),  # as the page's own
        other(-30, INVOICE[:2]),  # two may be anything
        other(-30, ["仅供某平台注册使用"] * 3),  # a watermark
        other(-30, INVOICE, at=400),  # over the page
        [TextLine("文字", line(500, 1230 + 70 * k, 10 + 9 * k)) for k in range(4)],  # paper that bends
    ],
)
def test_nothing_else_is(others: list[TextLine]) -> None:
    assert odd_lines([*page_of(1), *others]) == ()


def test_a_page_seen_from_its_side_has_no_odd_lines() -> None:
    fanned = [TextLine(f"{k}行", line(x, y, 40 * (y / SIZE[1] - 0.5))) for k, (x, y) in enumerate(PLACES)]
    assert odd_lines(fanned) == ()
    assert odd_lines([]) == ()
