"""How lines run over a page: paper that curls has bent lines, flat paper has straight ones however it lies."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.model import Box
from validators.quality.slopes import bend

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
