"""Basic deposit account information as lists and tables, with values beside or below their labels."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lines_on_pages import at, cut_up, joined, page_of, slanted

from extractors.form import parse
from extractors.model import FieldValue, Kind, Status, TextLine
from extractors.registry import classify, extract

ROWS = [
    ("账户名称", "宁波远桥贸易有限公司"), ("账户号码", "39152001040012345"),
    ("开户银行", "中国农业银行宁波北仑支行"), ("法定代表人(单位负责人)", "李若川"),
    ("基本存款账户编号", "J3320045678901"), ("打印日期", "2024年6月26日"),
]  # fmt: skip
VALUES = {
    "account_name": "宁波远桥贸易有限公司", "account_number": "39152001040012345",
    "bank_name": "中国农业银行宁波北仑支行", "legal_representative": "李若川",
    "basic_account_number": "J3320045678901", "issued_on": date(2024, 6, 26),
}  # fmt: skip
TITLE = at(350, 60, "基本存款账户信息", 36)


def as_list(rows: Sequence[tuple[str, str]] = ROWS, colon: str = "：") -> list[TextLine]:
    """Label and value in one line, one below the other."""
    return [TITLE, *(at(100, 160 + 44 * i, f"{label}{colon}{value}") for i, (label, value) in enumerate(rows))]


def as_table(rows: Sequence[tuple[str, str]] = ROWS) -> list[TextLine]:
    """Labels in a left column, values in a right one."""
    cells = [(at(100, 160 + 50 * i, a), at(360, 160 + 50 * i, b)) for i, (a, b) in enumerate(rows)]
    return [TITLE, *(line for pair in cells for line in pair)]


def values_below(rows: Sequence[tuple[str, str]] = ROWS) -> list[TextLine]:
    """Two labels in a row, their values in the row below."""
    lines = [TITLE]
    for i, (label, value) in enumerate(rows):
        left, top = 100 + 420 * (i % 2), 160 + 110 * (i // 2)
        lines += [at(left, top, label), at(left, top + 44, value)]
    return lines


def read(lines: Sequence[TextLine]) -> dict[str, FieldValue]:
    fields = extract([page_of(lines)], "basic_account_info").fields
    return {name: f.value for name, f in fields.items() if f.status is Status.READ}


def renamed(**labels: str) -> list[tuple[str, str]]:
    return [(labels.get(f"row_{i}", label), value) for i, (label, value) in enumerate(ROWS)]


@pytest.mark.parametrize("lines", [as_list(), as_list(colon=" "), as_list(colon=":"), as_table(), values_below()])
def test_layouts(lines: list[TextLine]) -> None:
    assert read(lines) == VALUES
    assert classify([page_of(lines)]).type == "basic_account_info"


@pytest.mark.parametrize("degrees", [-6, 4])
def test_a_page_that_lies_askew(degrees: float) -> None:
    assert read(slanted(as_table(), degrees)) == VALUES


@pytest.mark.parametrize(("row", "labels"), [
    (0, ("存款人名称", "单位名称", "户名", "存款人")), (1, ("账号", "帐号", "银行账号", "账户账号")),
    (2, ("开户银行名称", "开户机构", "开户行")), (3, ("法定代表人", "单位负责人", "法定代表人（单位负责人）")),
    (4, ("核准号", "基本存款账户核准号", "账户编号")), (5, ("日期", "打印时间", "出具日期")),
])  # fmt: skip
def test_label_variants(row: int, labels: tuple[str, ...]) -> None:
    for label in labels:
        rows = renamed(**{f"row_{row}": label})
        assert read(as_list(rows)) == VALUES, label
        assert read(as_table(rows)) == VALUES, label


@pytest.mark.parametrize("title", [
    [at(350, 60, "基 本 存 款 账 户 信 息", 36)], [at(300, 20, "中国农业银行", 40), TITLE],
    [at(250, 60, "基本存款"), at(360, 60, "账户信息")], [],
])  # fmt: skip
def test_titles(title: list[TextLine]) -> None:
    lines = [*title, *as_list()[1:]]
    assert read(lines) == VALUES
    assert classify([page_of(lines)]).type == "basic_account_info"


@pytest.mark.parametrize("printed", ["3915 2001 0400 12345", "39-152001040012345", "3915 2001040012345"])
def test_account_numbers_in_groups(printed: str) -> None:
    rows = [ROWS[0], ("账户号码", printed), *ROWS[2:]]
    assert read(as_table(rows))["account_number"] == printed.replace(" ", "")


def test_a_date_without_a_label_at_the_bottom() -> None:
    lines = [*as_table(ROWS[:5]), at(600, 560, "2024 年 6 月 26 日")]
    assert read(lines) == VALUES
    fields = extract([page_of(lines)], "basic_account_info").fields
    assert fields["issued_on"].reason == "unlabelled"


def test_the_day_an_account_was_opened_is_not_the_day_of_print() -> None:
    assert "issued_on" not in read(as_table([*ROWS[:5], ("开户日期", "2019年3月5日")]))
    assert read(as_table([*ROWS[:5], ("开户日期", "2019年3月5日"), ROWS[5]]))["issued_on"] == date(2024, 6, 26)


def test_a_name_over_two_lines() -> None:
    lines = [*as_table(ROWS[1:]), at(100, 110, "账户名称")]
    lines += [at(360, 98, "宁波远桥国际供应链管理"), at(360, 124, "服务有限公司")]
    assert read(lines)["account_name"] == "宁波远桥国际供应链管理服务有限公司"


def test_the_last_character_of_a_banks_name_is_no_bank() -> None:
    assert parse(Kind.BANK, "部") is None
    assert parse(Kind.BANK, "中国银行") == "中国银行"


def test_a_value_printed_twice() -> None:
    fields = extract([page_of([*as_table(), at(100, 600, "户名：宁波远桥贸易有限公司")])], "basic_account_info").fields
    assert fields["account_name"].alternates == ("宁波远桥贸易有限公司",)
    assert fields["account_name"].status is Status.READ
    fields = extract([page_of([*as_table(), at(100, 600, "户名：宁波近桥贸易有限公司")])], "basic_account_info").fields
    assert (fields["account_name"].status, fields["account_name"].reason) == (Status.DOUBTFUL, "conflict")


def test_a_permit_is_no_account_information_and_the_other_way_round() -> None:
    sentence = [at(100, 500, "经审核，宁波远桥贸易有限公司符合开户条件，准予开立基本存款账户。")]
    assert classify([page_of([at(350, 60, "开户许可证", 40), *sentence, *as_list()[2:5]])]).type == "account_permit"
    assert classify([page_of(as_list())]).type == "basic_account_info"


@settings(max_examples=30, deadline=None)
@given(st.sampled_from([as_list(), as_table(), values_below()]).flatmap(st.permutations))
def test_the_order_of_lines_never_matters(lines: list[TextLine]) -> None:
    assert read(lines) == VALUES


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_splitting_and_joining_changes_nothing(data: st.DataObject) -> None:
    rows = [(label, value) for label, value in ROWS]
    lines = [TITLE]
    for i, (label, value) in enumerate(rows):
        left, right = at(100, 160 + 50 * i, label), at(360, 160 + 50 * i, value)
        match data.draw(st.sampled_from(["keep", "split label", "split value", "join"])):
            case "join":
                lines.append(joined(left, right))
            case "split label":
                lines += [*cut_up(left, data.draw(st.integers(1, len(label) - 1))), right]
            case "split value":
                lines += [left, *cut_up(right, data.draw(st.integers(1, len(value) - 1)))]
            case _:
                lines += [left, right]
    assert read(lines) == VALUES


LAYOUTS = {"list": as_list(), "table": as_table(), "below": values_below()}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_lost_line_never_moves_a_value_into_another_field(layout: str) -> None:
    lines = LAYOUTS[layout]
    for lost, _ in enumerate(lines):
        left = lines[:lost] + lines[lost + 1 :]
        for name, field in extract([page_of(left)], "basic_account_info").fields.items():
            if field.value is not None:
                assert field.value == VALUES[name], (name, lines[lost].text)


def test_pairs_of_rows_do_not_bleed() -> None:
    for (first, _), (second, _) in pairwise(ROWS):
        lines = [line for line in as_table() if line.text not in (first, second)]
        for name, field in extract([page_of(lines)], "basic_account_info").fields.items():
            if field.status is Status.READ:
                assert field.value == VALUES[name], (name, first, second)
