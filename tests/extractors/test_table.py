"""Forms in spreadsheets: good rows kept, bad ones named by row and cell, whatever the layout."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.columns import CellError, CellKind, Column, parse_cell
from extractors.model import Field, Record, Source, Status
from extractors.registry import classify, document_types, extract
from tests.workbooks import book, pages
from validators.findings import Finding, Verdict
from validators.prove import prove

HEAD = ["商户名", "手机号", "下单月份", "品名", "数量", "总件数", "总金额(美元)"]
GOOD = ["陈小满", "13800000000", "2026-03", "塑料玩具", 1200, 24, 3600.5]
OTHER = ["李四", "13900000000", "2026年4月", "发夹", "500", "5", "$199.50"]
PERSONS = ["姓名", "证件类型", "证件号码", "手机号码"]
ID = "11010519491231002X"


def read(folder: Path, *rows: list[Any], kind: str = "order_lines") -> tuple[dict[str, Field], list[Finding]]:
    found = pages(folder, book(rows))
    record = extract(found, kind)
    proven, findings = prove(record, document_types()[kind], document="a.xlsx", source=Source.XLSX)
    return proven.fields, findings


def problems(fields: dict[str, Field]) -> list[tuple[Any, ...]]:
    listed = fields["bad_rows"].value
    assert isinstance(listed, list)
    return [(p["cell"], p["column"], p["reason"]) for p in listed]


def lines(fields: dict[str, Field]) -> list[dict[str, Any]]:
    value = fields["lines"].value
    assert isinstance(value, list)
    return value


def test_rows_are_typed_and_added_up(tmp_path: Path) -> None:
    fields, findings = read(tmp_path, ["信保订单交易清单"], [], HEAD, GOOD, OTHER, ["合计", *[None] * 5, 3800])
    assert lines(fields)[0] == {
        "row": 4, "merchant_name": "陈小满", "mobile": "13800000000", "order_month": "2026-03", "product": "塑料玩具",
        "quantity": Decimal(1200), "packages": Decimal(24), "amount": Decimal("3600.5"),
    }  # fmt: skip
    assert fields["line_count"].value == "2"
    assert (fields["total_amount"].value, fields["total_amount"].status) == (Decimal("3800.00"), Status.VERIFIED)
    assert not findings
    assert not problems(fields)


def test_a_stated_total_that_is_not_the_sum_is_found(tmp_path: Path) -> None:
    fields, findings = read(tmp_path, HEAD, GOOD, OTHER, ["合计", *[None] * 5, 3801])
    assert fields["total_amount"].status is Status.DOUBTFUL
    assert [f.code for f in findings] == ["FIELD_READINGS_DIFFER"]


def test_bad_rows_are_named_and_good_ones_kept(tmp_path: Path) -> None:
    numeric, wrong = [*GOOD], [*OTHER]
    numeric[1], wrong[1], wrong[2], wrong[6] = 138000000001, "138", "三月", "abc"
    missing = [None, *GOOD[1:]]
    fields, findings = read(tmp_path, HEAD, GOOD, numeric, wrong, missing)
    assert problems(fields) == [
        ("B3", "mobile", "typed_as_number"), ("B4", "mobile", "not_a_mobile"), ("C4", "order_month", "not_a_month"),
        ("G4", "amount", "not_a_number"), ("A5", "merchant_name", "missing"),
    ]  # fmt: skip
    assert len(lines(fields)) == 1
    assert fields["lines"].status is Status.DOUBTFUL
    assert all(f.verdict is Verdict.REJECT for f in findings)
    assert "第 3 行" in findings[0].message.zh
    assert "cell B3" in findings[0].message.en


def test_many_bad_rows_do_not_drown_the_report(tmp_path: Path) -> None:
    fields, findings = read(tmp_path, HEAD, *[[*GOOD[:6], "x"] for _ in range(100)])
    assert len(problems(fields)) == 100
    assert len(findings) < 40
    assert "101" in findings[-1].message.en


def test_headings_in_any_order_and_form(tmp_path: Path) -> None:
    head = ["序号", "Amount (USD)", "总件数 *", "数量\n(必填)", "商品名称", "月份", "联系电话", "供货商"]
    fields, _ = read(tmp_path, ["清单"], ["制表日期", "2026-04-01"], head, [1, *reversed(GOOD)], [2], [])
    assert lines(fields)[0]["merchant_name"] == "陈小满"
    assert lines(fields)[0]["amount"] == Decimal("3600.5")
    assert not problems(fields)


def test_a_column_in_another_currency_is_not_taken(tmp_path: Path) -> None:
    fields, findings = read(tmp_path, [*HEAD[:6], "总金额(人民币)"], GOOD)
    assert problems(fields) == [("G1", "amount", "other_currency")]
    assert findings[0].verdict is Verdict.REVIEW
    assert fields["total_amount"].status is Status.DOUBTFUL


def test_a_missing_column_is_said_once(tmp_path: Path) -> None:
    fields, findings = read(tmp_path, [*HEAD[:1], *HEAD[2:]], *[[*GOOD[:1], *GOOD[2:]] for _ in range(5)])
    assert problems(fields) == [("", "mobile", "column_missing")]
    assert [f.code for f in findings] == ["FIELD_COLUMN_MISSING"]


def test_notes_and_examples_are_no_rows(tmp_path: Path) -> None:
    example = ["示例：张三", *GOOD[1:]]
    fields, _ = read(tmp_path, HEAD, example, GOOD, ["合计", *[None] * 5, 3600.5], ["制表人：王五"], ["备注：以上"])
    assert len(lines(fields)) == 1
    assert not problems(fields)


def test_a_sheet_without_rows_has_none_and_no_errors(tmp_path: Path) -> None:
    fields, findings = read(tmp_path, ["交易清单"], HEAD)
    assert (lines(fields), fields["line_count"].value, findings) == ([], "0", [])
    assert fields["lines"].status is Status.MISSING


def test_persons_are_checked_by_their_numbers(tmp_path: Path) -> None:
    fields, findings = read(
        tmp_path, PERSONS, ["张 三", "身份证", ID, "13800000000"], ["李四", "护照", "E12345678", "+8613900000000"],
        ["王五", "身份证", "110105194912310021", "13800000000"], ["赵六", "居民身份证", ID.lower(), "13800000000"],
        ["钱七", "军官证", "0123456", "13800000000"], ["孙八", "身份证", 110105194912310020, "13800000000"],
        kind="person_list",
    )  # fmt: skip
    assert [(row["name"], row["document_kind"]) for row in lines(fields)] == [("张三", "id_card"), ("李四", "passport")]
    assert sorted(problems(fields)) == [
        ("B6", "document_kind", "unknown_choice"), ("C4", "document_number", "check_digit_wrong"),
        ("C5", "document_number", "repeated"), ("C7", "document_number", "typed_as_number"),
    ]  # fmt: skip
    assert not any(ID in f.message.zh + f.message.en + str(f.actual) for f in findings)


@pytest.mark.parametrize(
    ("rows", "kind"),
    [
        ([HEAD, GOOD], "order_lines"),
        ([["参观人员名单"], PERSONS], "person_list"),
        ([["供应商入驻评估信息表"], ["公司名称", "x"], ["品牌", "y"]], "supplier_assessment_form"),
        ([["合同信息表"], ["公司名称", "x"], ["开户银行", "y"], ["银行账号", "1"]], "contract_information_form"),
        ([["新品提报表"], ["商品名称", "品牌", "采购价", "京东价"]], "new_product_sheet"),
        ([["产品线清单"], ["品牌", "一级类目", "二级类目", "三级类目"]], "product_line_list"),
    ],
)
def test_forms_are_told_apart(tmp_path: Path, rows: list[list[str]], kind: str) -> None:
    assert classify(pages(tmp_path, book(rows))).type == kind


def test_labels_beside_and_in_one_cell(tmp_path: Path) -> None:
    fields, findings = read(
        tmp_path, ["供应商入驻评估信息表"], ["公司名称*", "杭州云帆数字科技有限公司", "统一社会信用代码",
        "91330108MA2CG4HU3R"],
        ["法定代表人：张晓明", None, "注册资本", "500万元"], ["成立日期", date(2019, 3, 5), "联系电话", 13800000000],
        kind="supplier_assessment_form",
    )  # fmt: skip
    assert fields["company_name"].value == "杭州云帆数字科技有限公司"
    assert fields["credit_code"].status is Status.VERIFIED
    assert (fields["legal_representative"].value, fields["established_on"].value) == ("张晓明", date(2019, 3, 5))
    assert fields["mobile"].status is Status.DOUBTFUL
    assert [f.code for f in findings] == ["FIELD_ROW_TYPED_AS_NUMBER"]


def test_a_print_of_a_form_gives_no_rows() -> None:
    record = Record("order_lines", {})
    assert not prove(record, document_types()["order_lines"])[1]


MONTH = Column("m", CellKind.MONTH, "月", "month")


@pytest.mark.parametrize(
    ("text", "numeric", "month"),
    [("2026-03", False, "2026-03"), ("2026/3", False, "2026-03"), ("202603", True, "2026-03"), ("2026年12月",
    False, "2026-12"),
     ("2026-03-01", False, "2026-03"), ("2026.1", False, "2026-01"), ("2026.03", True, "2026-03"), ("20261",
     False, None),
     ("2026.1", True, None), ("2026-13", False, None), ("3月", False, None), ("46082", True, None)],
)  # fmt: skip
def test_months(text: str, numeric: bool, month: str | None) -> None:
    if month is None:
        with pytest.raises(CellError):
            parse_cell(MONTH, text, numeric=numeric)
    else:
        assert parse_cell(MONTH, text, numeric=numeric) == month


amounts = st.decimals(min_value="0.01", max_value="9999999", places=2)


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(amounts, min_size=1, max_size=20), st.permutations(range(7)))
def test_every_row_comes_back_and_the_sum_is_theirs(tmp_path: Path, values: list[Decimal], order: list[int]) -> None:
    def arranged(row: list[Any]) -> list[Any]:
        return [row[at] for at in order]

    rows = [arranged([*GOOD[:6], f"{value:,}"]) for value in values]
    fields, findings = read(tmp_path, arranged(HEAD), *rows)
    assert [row["amount"] for row in lines(fields)] == values
    assert fields["total_amount"].value == sum(values)
    assert not findings


@given(st.text(max_size=30), st.sampled_from([k for k in CellKind if k is not CellKind.CHOICE]), st.booleans())
def test_a_cell_is_parsed_or_refused_with_a_reason(text: str, kind: CellKind, numeric: bool) -> None:
    reason = "read"
    try:
        assert parse_cell(Column("x", kind, "x", "x"), text, numeric=numeric) is not None
    except CellError as error:
        reason = error.reason
    assert reason
