"""Customs declarations, sales contracts and export reports."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extractors.currency import amount_in_words, currency_of, parse_amount
from extractors.export_report import parse_period
from extractors.model import Field, Status, TextLine
from extractors.registry import classify, document_types, extract
from tests.extractors.lines_on_pages import at, page_of, slanted
from tests.workbooks import book, pages
from validators.findings import Finding
from validators.identifiers import customs_number
from validators.prove import prove

COMPANY, CODE = "杭州云帆数字科技有限公司", "91330108MA2CG4HU3R"
NUMBER = "290420260123456789"


def read(kind: str, lines: Sequence[TextLine]) -> tuple[dict[str, Field], list[Finding]]:
    page = page_of(lines)
    assert classify([page]).type == kind
    record, findings = prove(extract([page], kind), document_types()[kind], document="d.png")
    return record.fields, findings


def declaration(number: str = NUMBER, declared: str = "20260410", second: str = "200.00") -> list[TextLine]:
    rows: list[list[tuple[int, str, str]]] = [
        [(20, f"境内发货人（{CODE}）", COMPANY), (330, "出境关别（2904）", "杭萧山"), (520, "出口日期", "20260412"),
         (680, "申报日期", declared), (820, "备案号", "")],
        [(20, "境外收货人", "ACME TRADING LLC"), (330, "运输方式（2）", "水路运输"), (520, "运输工具名称及航次号",
        "COSCO STAR/012W"),
         (760, "提运单号", "COSU123456")],
        [(20, f"生产销售单位（{CODE}）", COMPANY), (330, "监管方式（0110）", "一般贸易"), (520, "征免性质（101）",
        "一般征税")],
        [(20, "合同协议号", "YF2026-018"), (330, "贸易国（地区）（USA）", "美国"), (520, "运抵国（地区）（USA）",
        "美国"),
         (760, "指运港（USA309）", "洛杉矶（美国）")],
    ]  # fmt: skip
    lines = [at(300, 20, "中华人民共和国海关出口货物报关单", 26), at(20, 60, "预录入编号：290420260999999999", 14),
             at(500, 60, f"海关编号：{number}", 14)]  # fmt: skip
    for row, cells in enumerate(rows):
        lines += [at(x, 90 + 46 * row, label, 13) for x, label, _ in cells]
        lines += [at(x, 112 + 46 * row, value, 13) for x, _, value in cells if value]
    lines += [
        at(x, 320, w, 14)
        for x, w in (
            (20, "项号"),
            (70, "商品编号"),
            (160, "商品名称及规格型号"),
            (420, "数量及单位"),
            (560, "单价/总价/币制"),
        )
    ]
    for row, (name, count, price, total) in enumerate(
        (("塑料玩具", "1200个", "3.0000", "3600.00"), ("发夹", "500千克", "0.4000", second))
    ):
        y = 345 + 60 * row
        lines += [at(20, y, str(row + 1), 14), at(70, y, "9503008900", 14), at(160, y, name, 14), at(420, y, count, 14)]
        lines += [at(600, y - 5 + 18 * at_, text, 14) for at_, text in enumerate((price, total, "美元")) if text]
    return lines


@pytest.mark.parametrize("askew", [0.0, 0.4])
def test_a_declaration(askew: float) -> None:
    fields, findings = read("customs_declaration", slanted(declaration(), askew))
    assert {name: field.value for name, field in fields.items()} == {
        "declaration_number": NUMBER, "shipper": COMPANY, "shipper_credit_code": CODE,
        "overseas_consignee": "ACME TRADING LLC",
        "exported_on": date(2026, 4, 12), "declared_on": date(2026, 4, 10), "trade_mode": "一般贸易",
        "destination": "美国",
        "contract_number": "YF2026-018", "currency": "USD", "total_amount": Decimal("3800.00"),
    }  # fmt: skip
    assert not findings


def test_a_line_whose_total_was_not_read_throws_doubt_on_the_sum() -> None:
    assert read("customs_declaration", declaration(second=""))[0]["total_amount"].status is Status.DOUBTFUL


@pytest.mark.parametrize(
    ("number", "declared", "code"),
    [("290420261123456789", "20260410", "ID_CUSTOMS_NUMBER_IMPORT"), (NUMBER, "20250410", "ID_CUSTOMS_NUMBER_YEAR"),
     ("290418260123456789", "20260410", "ID_CUSTOMS_NUMBER_FORMAT")],
)  # fmt: skip
def test_a_number_that_contradicts_the_form_is_doubted(number: str, declared: str, code: str) -> None:
    fields, findings = read("customs_declaration", declaration(number, declared))
    assert fields["declaration_number"].status is Status.DOUBTFUL
    assert [f.code for f in findings] == [code]


def test_customs_numbers() -> None:
    assert customs_number.is_valid("2904 2026 0 123456789")
    assert not any(
        map(customs_number.is_valid, ("29042026012345678", NUMBER[:8] + "5" + NUMBER[9:], "0" * 18, "x" * 18))
    )


ENGLISH = [at(350, 20, "SALES CONTRACT", 30), at(600, 90, "Contract No.: YF2026-018"),
at(600, 120, "Date: March 5, 2026"),
           at(20, 150, "The Seller: HANGZHOU YUNFAN DIGITAL CO., LTD"), at(20, 180, "Address: NO.90 WENSAN ROAD"),
           at(20, 210, "The Buyer: ACME TRADING LLC"), at(20, 240, "Address: 12 MAIN ST"), at(20, 300, "Commodity"),
           at(300, 300, "Quantity"), at(500, 300, "Unit Price"), at(700, 300, "Amount"), at(20, 330, "Plastic toys"),
           at(300, 330, "1200 PCS"), at(500, 330, "USD 3.00"), at(700, 330, "USD 3,600.00"),
           at(20, 370, "Total Amount"),
           at(300, 370, "1200 PCS"), at(700, 370, "USD 3,600.00"), at(20, 440, "Terms of Payment: T/T"),
           at(20, 470, "The Seller shall ship the goods within 30 days.")]  # fmt: skip
CHINESE = [at(350, 20, "产品购销合同", 30), at(20, 90, f"供方（甲方）：{COMPANY}"),
at(600, 90, "合同编号：YF-2026-003"),
           at(20, 120, "需方：北京京东世纪贸易有限公司"), at(600, 120, "签订日期：2026年3月5日"),
           at(600, 150, "签订地点：杭州"),
           at(20, 240, "合同总金额：人民币（大写）壹拾贰万叁仟元整（小写：￥123,000.00元）"),
           at(20, 280, "二、供方应在合同签订后30日内交货。"), at(20, 500, "供方：（盖章）")]  # fmt: skip


def test_contracts_in_two_languages() -> None:
    english, _ = read("trade_contract", ENGLISH)
    assert {name: field.value for name, field in english.items()} == {
        "contract_number": "YF2026-018", "seller": "HANGZHOU YUNFAN DIGITAL CO., LTD", "buyer": "ACME TRADING LLC",
        "signed_on": date(2026, 3, 5), "currency": "USD", "total_amount": Decimal("3600.00"),
    }  # fmt: skip
    chinese, _ = read("trade_contract", CHINESE)
    assert {name: field.value for name, field in chinese.items()} == {
        "contract_number": "YF-2026-003", "seller": COMPANY, "buyer": "北京京东世纪贸易有限公司",
        "signed_on": date(2026, 3, 5), "currency": "CNY", "total_amount": Decimal("123000.00"),
    }  # fmt: skip


def test_a_contract_whose_words_say_another_amount() -> None:
    lines = [
        line
        if "大写" not in line.text
        else at(20, 240, "合同总金额：人民币（大写）壹拾叁万元整（小写：￥123,000.00元）")
        for line in CHINESE
    ]
    assert read("trade_contract", lines)[0]["total_amount"].status is Status.DOUBTFUL


HEAD = ["月份", "订单数", "成交金额（美元）"]
MONTHS = [["2025-01", 12, 300000.5], ["2025-02", 10, 250000]]


def report(folder: Path, *rows: list[Any]) -> dict[str, Field]:
    found = pages(folder, book([["数据管家 交易额报表"], ["公司名称", COMPANY], *rows]))
    assert classify(found).type == "export_report"
    return prove(extract(found, "export_report"), document_types()["export_report"])[0].fields


def test_a_report_in_excel(tmp_path: Path) -> None:
    fields = report(tmp_path, ["统计周期", "2025-01-01 至 2025-12-31"], HEAD, *MONTHS, ["合计", 22, 550000.5])
    assert {name: field.value for name, field in fields.items()} == {
        "company_name": COMPANY, "period_from": date(2025, 1, 1), "period_to": date(2025, 12, 31), "currency": "USD",
        "total_amount": Decimal("550000.5"), "order_count": "22",
    }  # fmt: skip
    assert fields["total_amount"].status is Status.VERIFIED


def test_a_report_in_print() -> None:
    lines = [
        at(300, 20, "数据管家 交易额报表", 28),
        at(20, 80, f"公司名称：{COMPANY}"),
        at(20, 110, "统计周期：2025年度"),
    ]
    for row, cells in enumerate(
        [HEAD, ["2025-01", "12", "300,000.50"], ["2025-02", "10", "250,000.00"], ["合计", "22", "550,000.50"]]
    ):
        lines += [at(20 + 300 * column, 150 + 30 * row, text) for column, text in enumerate(cells)]
    fields, _ = read("export_report", lines)
    assert (fields["total_amount"].value, fields["total_amount"].status) == (Decimal("550000.50"), Status.VERIFIED)
    assert (fields["order_count"].value, fields["period_to"].value) == ("22", date(2025, 12, 31))


@pytest.mark.parametrize(
    "rows",
    [
        [HEAD, *MONTHS, ["合计", 22, 560000]],  # the total is not the sum
        [["月份", "订单数", "出口额（万美元）"], ["2025-01", 1, 30]],  # in units of ten thousand
        [["月份", "订单数", "成交金额"], ["2025-01", 1, "USD 100"], ["2025-02", 1, "EUR 200"]],
        [HEAD, *MONTHS, ["全年", 22, 550000.5]],  # added up, it would count twice
        [HEAD, *MONTHS, ["2025-03", 3, "N/A"]],
        [["总交易额", "600,000.00"], HEAD, *MONTHS, ["合计", 22, 550000.5]],
    ],
)
def test_a_total_that_is_not_certain_is_doubtful(tmp_path: Path, rows: list[list[Any]]) -> None:
    assert report(tmp_path, *rows)["total_amount"].status is Status.DOUBTFUL


def test_no_currency_is_guessed(tmp_path: Path) -> None:
    fields = report(tmp_path, ["月份", "订单数", "成交金额"], *MONTHS)
    assert fields["currency"].status is Status.MISSING
    assert (fields["total_amount"].value, fields["total_amount"].reason) == (Decimal("550000.5"), "sum_of_lines")
    assert fields["period_to"].value == date(2025, 2, 28)


@pytest.mark.parametrize(
    ("text", "period"),
    [("2025-01-01至2025-12-31", (date(2025, 1, 1), date(2025, 12, 31))), ("2025年1月-2025年2月", (date(2025, 1, 1),
    date(2025, 2, 28))),
     ("2025年度", (date(2025, 1, 1), date(2025, 12, 31))), ("2024-2025", (date(2024, 1, 1), date(2025, 12, 31))),
     ("2025-12-31至2025-01-01", None), ("近一年", None)],
)  # fmt: skip
def test_periods(text: str, period: tuple[date, date] | None) -> None:
    assert parse_period(text) == period


@pytest.mark.parametrize(
    ("text", "found"),
    [("USD 12,345.00", ("12345.00", "USD")), ("US$300", ("300", "USD")), ("人民币5,000元", ("5000", "CNY")), ("¥1.5",
    ("1.5", "CNY")),
     ("1000 欧元", ("1000", "EUR")), ("100", ("100", None)), ("12,34", None), ("1-2", None), ("USD", None), ("3.00/PC",
     None)],
)  # fmt: skip
def test_amounts_with_currencies(text: str, found: tuple[str, str | None] | None) -> None:
    assert parse_amount(text) == (None if found is None else (Decimal(found[0]), found[1]))


def test_currencies_and_words() -> None:
    assert [currency_of(t) for t in ("金额(美元)", "金额(元)", "USD/EUR", "AUSDX", "港币", "金额")] == [
        "USD",
        "CNY",
        None,
        None,
        "HKD",
        None,
    ]
    assert amount_in_words("人民币（大写）壹拾贰万叁仟元整") == 123000
    assert amount_in_words("美元叁佰元伍角") == Decimal("300.50")
