"""What prints of the world do to certificates, contracts and forms: two languages, seals, tables, lost signs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from extractors.bilingual import in_chinese
from extractors.certificate import office
from extractors.form import parse
from extractors.model import Field, Kind, Status, TextLine
from extractors.printed_table import first_record
from extractors.registry import classify, extract
from extractors.terms import Term, read_term
from tests.extractors.lines_on_pages import at, page_of
from tests.workbooks import book, pages

SELLER, BUYER = "杭州云帆供应链管理有限公司", "LAGOS PRIME VENTURES LIMITED"


def fields_of(kind: str, lines: list[TextLine]) -> dict[str, Field]:
    page = page_of(lines)
    assert classify([page]).type == kind
    return extract([page], kind).fields


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("南宁市国家税务局 2009年", "南宁市国家税务局"),
        ("国家稅务总局北京市朝阳区税务局", "国家税务总局北京市朝阳区税务局"),
        ("杭州市民政局杭州市民政局", "杭州市民政局"),
        ("登封市市场监督管理局", "登封市市场监督管理局"),
        ("北京市海淀区机构编制委", None),
        ("河北省市场监督管理局河", None),
        ("关新疆维吾尔自治区民政厅", None),
        ("海上海市市场监督管理局", None),
        ("呼和浩特市质量术监督局", None),
        ("地方税务局", None),
    ],
)
def test_an_office_under_its_seal_is_whole_or_doubtful(text: str, name: str | None) -> None:
    assert office(text) == name


def test_the_english_half_of_a_label_is_no_value() -> None:
    labels = ("证书编号", "认证范围", "Certificate No", "Scope", "Date of issue")
    page = page_of([at(20, 20, "证书编号 Certificate No.: 30323Q7617R0S"), at(20, 60, "认证范围/Scope"),
                    at(20, 100, "认证范围 Hangzhou Foods")])  # fmt: skip
    texts = [line.text for line in in_chinese(page, labels).lines]
    assert texts == ["证书编号", "30323Q7617R0S", "认证范围", "认证范围 Hangzhou Foods"]


def contract(*head: str) -> list[TextLine]:
    lines = [at(400, 20, "销售合同", 30), at(380, 60, "SALES CONTRACT", 26)]
    lines += [at(40, 120 + 30 * n, text, 18) for n, text in enumerate(head)]
    return [*lines, at(40, 400, "合计 Total", 18), at(600, 400, "USD 33.712.00", 18),
            at(40, 440, "付款条件 Terms of Payment: T/T", 18),
            at(60, 900, "卖方 THE SELLER", 18), at(600, 900, "买方 THE BUYER", 18),
            at(60, 940, SELLER, 18), at(600, 940, BUYER, 18), at(120, 970, "合同专用章", 18)]  # fmt: skip


@pytest.mark.parametrize(
    "head",
    [
        (f"卖方 The Seller: {SELLER}", "Hangzhou Yunfan Supply Chain Co., Ltd.", f"买方 The Buyer: {BUYER}"),
        (f"供方（卖方）：{SELLER}", f"需方（买方）：{BUYER}"),
        (f"甲方：{SELLER}", f"乙方：{BUYER}", "甲方为卖方，乙方为买方，经协商订立本合同。"),
        ("合同编号：HT-2026-001",),  # named beside the signatures only
    ],
)
def test_the_parties_of_a_contract(head: tuple[str, ...]) -> None:
    fields = fields_of("trade_contract", contract(*head, "签订日期 Date: 2026-01-25"))
    assert (fields["seller"].value, fields["buyer"].value) == (SELLER, BUYER)
    assert fields["signed_on"].value == date(2026, 1, 25)
    assert fields["total_amount"].value == Decimal("33712.00")


def test_bare_party_words_without_a_role_name_nobody() -> None:
    lines = [line for line in contract(f"甲方：{SELLER}", f"乙方：{BUYER}") if "SELLER" not in line.text]
    fields = fields_of("trade_contract", [line for line in lines if "BUYER" not in line.text])
    assert fields["seller"].status is fields["buyer"].status is Status.MISSING


def test_a_row_of_a_query_result_keeps_its_second_line() -> None:
    heads = ("序号", "纳税人识别号", "纳税人名称", "纳税人资格类型", "有效期起", "有效期止", "主管税务机关")
    lefts = (20, 90, 270, 460, 600, 690, 800)
    lines = [at(100, 20, "一般纳税人资格查询", 20)]
    lines += [at(x, 100, text, 14) for x, text in zip(lefts, heads, strict=True)]
    cells = (
        "1",
        "91330108MA2CG4HU3R",
        "杭州云帆贸易（有限合",
        "一般纳税人",
        "2019-10-01",
        "9999-12-31",
        "国家税务总局杭州市",
    )
    lines += [at(x, 140 if n not in (2, 6) else 131, t, 14) for n, (x, t) in enumerate(zip(lefts, cells, strict=True))]
    lines += [
        at(270, 149, "伙）", 14),
        at(800, 149, "滨江区税务局", 14),
        at(20, 240, "查询时间：2026-10-11 15:02:07", 14),
    ]
    fields = fields_of("taxpayer_query_screenshot", lines)
    assert fields["tax_authority"].value == "国家税务总局杭州市滨江区税务局"
    assert fields["name"].value == "杭州云帆贸易(有限合伙)"
    assert fields["valid_from"].value == date(2019, 10, 1)
    assert fields["valid_to_is_indefinite"].value is True
    assert fields["general_taxpayer"].value is True
    assert fields["queried_on"].value == date(2026, 10, 11)


def test_of_several_rows_the_first_is_taken_and_their_number_told() -> None:
    lines = [at(20, 20, "税号", 14), at(200, 20, "名称", 14), at(400, 20, "主管", 14)]
    lines += [at(x, y, t, 14) for y in (50, 80) for x, t in ((20, f"号{y}"), (200, f"名{y}"), (400, "局"))]
    cells, records = first_record(page_of(lines), {"id": ("税号",), "name": ("名称",), "office": ("主管",)}, "id")
    assert records == 2
    assert {name: span.text for name, span in cells.items()} == {"id": "号50", "name": "名50", "office": "局"}


def test_a_term_whose_end_was_not_read_is_no_end() -> None:
    assert read_term("自2025年08月19日至200年08月") == Term(date(2025, 8, 19), None)


def test_a_telephone_number_is_not_cut_at_its_dash() -> None:
    assert parse(Kind.DIGITS, "0571-88886666") is None
    assert parse(Kind.DIGITS, "13800000000") == "13800000000"


def test_a_list_is_told_by_its_columns_alone(tmp_path: Path) -> None:
    rows: list[list[str | int]] = [
        ["姓名", "证件类型", "证件号码", "手机号码"],
        ["张晓明", "港澳居民来往内地通行证", "H12345678", 13800000000],
    ]
    told = classify(pages(tmp_path, book(rows)))
    assert told.type == "person_list"
    assert told.confidence > 0.9


def test_a_company_report_is_no_assessment_form() -> None:
    labels = ("公司名称", "统一社会信用代码", "法定代表人", "注册资本", "成立日期", "公司地址", "主营产品", "联系电话")
    page = page_of([at(40, 40 + 30 * n, f"{label}：", 18) for n, label in enumerate(labels)])
    assert classify([page]).type != "supplier_assessment_form"
