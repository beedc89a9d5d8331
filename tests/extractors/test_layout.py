"""Rows, labels and the values they point at, whatever way the lines were found."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lines_on_pages import at, cut_up, joined, moved, page_of, slanted

from extractors.layout import Layout
from extractors.model import TextLine
from extractors.rows import slant, union
from extractors.straight import read_straight, straightened, turned

LABELS = ("名称", "类型", "住所", "法定代表人", "成立日期", "开户银行", "开户银行名称", "编号")


def value(lines: Sequence[TextLine], *words: str, rows: int = 1) -> str:
    return Layout(page_of(lines), LABELS).value(words, lines=rows).text


def test_a_value_right_of_its_label() -> None:
    assert value([at(100, 100, "名称"), at(200, 100, "云帆公司")], "名称") == "云帆公司"
    assert value([at(100, 100, "名称云帆公司")], "名称") == "云帆公司"
    assert value([at(100, 100, "名 称:云帆公司")], "名称") == "云帆公司"


def test_a_letter_spaced_label_in_pieces() -> None:
    assert value([at(100, 100, "名"), at(160, 102, "称"), at(220, 100, "云帆公司")], "名称") == "云帆公司"


def test_a_value_ends_at_the_next_label_and_at_a_wide_gap() -> None:
    line = [at(100, 100, "名称云帆公司"), at(225, 100, "类型有限公司")]
    assert value(line, "名称") == "云帆公司"
    assert value(line, "类型") == "有限公司"
    assert value([at(100, 100, "名称云帆公司"), at(600, 100, "别栏")], "名称") == "云帆公司"


def test_the_longer_label_wins() -> None:
    assert value([at(100, 100, "开户银行名称工商银行")], "开户银行名称", "开户银行") == "工商银行"
    assert value([at(100, 100, "开户银行名称工商银行")], "开户银行") == ""


def test_a_label_inside_running_text_is_none() -> None:
    assert value([at(100, 100, "更改名称云帆公司")], "名称") == ""


def test_a_value_below_its_label() -> None:
    lines = [at(100, 100, "名称"), at(300, 100, "类型"), at(100, 140, "云帆公司"), at(300, 140, "有限公司")]
    assert (value(lines, "名称"), value(lines, "类型")) == ("云帆公司", "有限公司")


def test_the_value_of_another_label_is_not_taken_from_below() -> None:
    """The name itself was lost: what stands under its label belongs to the label left of it."""
    lines = [at(200, 100, "名称"), at(100, 140, "类型"), at(190, 140, "有限公司")]
    assert value(lines, "名称") == ""
    assert value(lines, "类型") == "有限公司"


def test_values_over_several_lines() -> None:
    lines = [at(100, 100, "住所"), at(200, 100, "杭州市滨江区"), at(200, 128, "江晖路100号"), at(100, 170, "类型"),
             at(200, 170, "有限公司")]  # fmt: skip
    assert value(lines, "住所", rows=4) == "杭州市滨江区江晖路100号"
    assert value(lines, "住所") == "杭州市滨江区"


@pytest.mark.parametrize("alien", ["1202026209900012345", "J3310023456701", "2019年3月5日", "91330108 2015 0001"])
def test_a_number_or_a_date_continues_no_value(alien: str) -> None:
    lines = [at(100, 100, "开户银行"), at(220, 100, "工商银行"), at(220, 128, alien)]
    assert value(lines, "开户银行", rows=2) == "工商银行"


def test_raw_text_keeps_pieces_and_rows_apart() -> None:
    lines = [at(100, 100, "住所"), at(200, 100, "杭州市"), at(270, 100, "滨江区"), at(200, 128, "江晖路")]
    span = Layout(page_of(lines), LABELS).value(["住所"], lines=3)
    assert span.raw == "杭州市 滨江区\n江晖路"
    assert span.box == union(lines[1:])
    assert span.confidence == 0.99


def test_nothing_to_find() -> None:
    layout = Layout(page_of([at(0, 0, "  "), at(0, 50, "文字")]), LABELS)
    assert not layout.value(["名称"])
    assert layout.value(["名称"]).box is None
    assert not Layout(page_of([]), LABELS).rows


def test_runs_and_segments_of_a_row() -> None:
    (row,) = Layout(page_of([at(100, 100, "左栏"), at(150, 100, "续"), at(500, 100, "右 栏")]), ()).rows
    assert row.text == "左栏续右栏"
    assert [run.text for run in row.segments(6)] == ["左栏续", "右栏"]
    assert [run.text for run in row.segments(100)] == ["左栏续右栏"]
    assert row.span(1, 3).raw == "栏 续"
    assert not row.span(2, 2)
    assert (row.left, row.right) == (100, at(500, 100, "右 栏").right)


LINES = [
    at(100, 100, "名称"), at(200, 100, "云帆公司"), at(500, 100, "类型"), at(600, 100, "有限公司"),
    at(100, 150, "住所"), at(200, 150, "杭州市滨江区"), at(200, 178, "江晖路100号"),
    at(500, 150, "编号"), at(600, 150, "3310-1"),
    at(100, 240, "法定代表人"), at(240, 240, "张晓明"), at(500, 240, "成立日期"), at(620, 240, "2019年3月5日"),
]  # fmt: skip
VALUES = {"名称": "云帆公司", "类型": "有限公司", "住所": "杭州市滨江区江晖路100号", "编号": "3310-1",
          "法定代表人": "张晓明", "成立日期": "2019年3月5日"}  # fmt: skip


def values(lines: Sequence[TextLine]) -> dict[str, str]:
    return {label: value(lines, label, rows=4 if label == "住所" else 1) for label in VALUES}


@settings(max_examples=40, deadline=None)
@given(st.permutations(LINES))
def test_the_order_of_lines_never_matters(lines: list[TextLine]) -> None:
    assert values(lines) == VALUES


@settings(max_examples=30, deadline=None)
@given(st.floats(-6, 6), st.integers(0, 500), st.integers(0, 500))
def test_place_and_slant_never_matter(degrees: float, right: int, down: int) -> None:
    assert values(slanted(moved(LINES, right, down), degrees)) == VALUES


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_splitting_and_joining_changes_nothing(data: st.DataObject) -> None:
    lines: list[TextLine] = []
    rest = list(LINES)
    while rest:
        line = rest.pop(0)
        choice = data.draw(st.sampled_from(["keep", "split", "join"]))
        if choice == "join" and rest and rest[0].top == line.top and rest[0].left - line.right < 100:
            lines.append(joined(line, rest.pop(0)))
        elif choice == "split" and len(line.text) > 1:
            lines += cut_up(line, data.draw(st.integers(1, len(line.text) - 1)))
        else:
            lines.append(line)
    assert values(lines) == VALUES


@settings(max_examples=30, deadline=None)
@given(st.integers(0, len(LINES) - 1))
def test_a_lost_line_never_gives_a_label_another_value(lost: int) -> None:
    for label, found in values(LINES[:lost] + LINES[lost + 1 :]).items():
        assert found in VALUES[label], label


@given(st.text(alphabet="名称类型A1 （", min_size=1, max_size=12), st.data())
def test_cut_pieces_make_up_the_line(text: str, data: st.DataObject) -> None:
    line = at(10, 10, text)
    middle = data.draw(st.integers(0, len(text)))
    left, right = line.cut(0, middle), line.cut(middle, len(text))
    assert left.text + right.text == text
    assert left.right == pytest.approx(right.left)
    assert (left.left, right.right) == (pytest.approx(line.left), pytest.approx(line.right))


@given(st.floats(-20, 20))
def test_the_slant_is_that_of_the_long_lines(degrees: float) -> None:
    assert slant(slanted(LINES[5:7], degrees)) == pytest.approx(math.tan(math.radians(degrees)))
    assert slant(slanted([at(0, 0, "短")], degrees)) == 0


@given(st.floats(-15, 15))
def test_a_straightened_page_gives_places_back(degrees: float) -> None:
    askew = page_of(slanted(LINES, degrees))
    straight, angle = straightened(askew)
    for before, after, plain in zip(askew.lines, straight.lines, LINES, strict=True):
        for point, there, level in zip(turned(after.box, angle), before.box, plain.box, strict=True):
            assert point == pytest.approx(there, abs=1e-6)
            assert level[1] == pytest.approx(min(level[1], level[1]), abs=1)
        assert after.box[0][1] == pytest.approx(after.box[1][1], abs=1e-6)


def test_text_laid_over_the_page_is_left_out() -> None:
    over = [at(300, 300, "仅供认证使用"), at(300, 340, "与原件一致")]
    over += slanted([at(200, 120, "仅作演示的斜放文字")], 30)
    straight, _ = straightened(page_of([*LINES, *over]))
    assert [line.text for line in straight.lines] == [line.text for line in LINES]


def test_reading_straight_without_anything() -> None:
    assert read_straight([page_of([])], lambda pages: {}) == {}
