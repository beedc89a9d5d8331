"""Tags and document data of an OFD → fields. Every company is invented."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from extractors._invoice_ofd import Leaf, custom_data_fields, tag_fields
from extractors.model import Item, Status, TextLine, rectangle

NUMBER = "24332000000123456789"


def piece(text: str, x: float, y: float, page: int = 1) -> TextLine:
    return TextLine(text, rectangle(x, y, x + 20 * len(text), y + 20), 1.0, page)


def leaf(name: str, *lines: TextLine, group: int | None = None) -> Leaf:
    return Leaf(name, group, lines)


HEAD = leaf("InvoiceNo", piece(NUMBER, 1000, 50))


def items(*leaves: Leaf) -> list[Item]:
    value = tag_fields([HEAD, *leaves])["items"].value
    assert isinstance(value, list)
    return [item for item in value if isinstance(item, Item)]


def test_pieces_of_one_value_are_joined_by_place() -> None:
    fields = tag_fields([
        HEAD,
        leaf("TaxInclusiveTotalAmount", piece("1130.00", 1020, 700), piece("¥", 1000, 702)),
        leaf("IssueDate", piece("2024年12月05日", 1000, 80)),
        leaf("Note", piece("第二行", 100, 830), piece("第一行", 100, 800)),
    ])  # fmt: skip
    assert fields["total"].value == Decimal("1130.00")
    assert fields["issued_on"].value == date(2024, 12, 5)
    assert fields["remarks"].value == "第一行第二行"
    assert fields["remarks"].page == 1


def test_words_and_figures_under_one_tag_are_told_apart() -> None:
    fields = tag_fields(
        [HEAD, leaf("TaxInclusiveTotalAmount", piece("壹仟壹佰叁拾圆整", 300, 700), piece("¥1130.00", 900, 700))]
    )
    assert fields["total"].value == Decimal("1130.00")
    assert fields["total_in_words"].value == "壹仟壹佰叁拾圆整"


def test_the_first_print_of_a_value_counts() -> None:
    fields = tag_fields(
        [
            HEAD,
            leaf("InvoiceClerk"),
            leaf("InvoiceClerk", piece("钱样例", 0, 0)),
            leaf("InvoiceClerk", piece("孙样例", 0, 50)),
        ]
    )
    assert fields["drawer"].value == "钱样例"


def test_a_value_without_its_form_is_doubtful() -> None:
    assert tag_fields([HEAD, leaf("TaxTotalAmount", piece("见清单", 0, 0))])["tax"].status is Status.DOUBTFUL


def test_prints_on_several_pages_are_compared_and_not_joined() -> None:
    words = "壹仟壹佰叁拾圆整"
    fields = tag_fields([
        leaf("InvoiceNo", piece(NUMBER, 1000, 50), piece(NUMBER, 900, 50, 2)),
        leaf("BuyerName", piece("无锡云杉样例", 100, 90), piece("商贸有限公司", 100, 114),
             piece("无锡云杉样例商贸有限公司", 100, 90, 2)),
        leaf("TaxInclusiveTotalAmount", piece(words, 300, 700), piece("¥1130.00", 900, 700),
             piece(words, 300, 500, 2), piece("￥1130.00", 900, 500, 2)),
        leaf("TaxTotalAmount", piece("¥130.00", 1100, 690), piece("¥180.00", 1100, 490, 2)),
        leaf("IssueDate", piece("2024年12月05日", 1000, 80), piece("见首页", 1000, 80, 2)),
    ])  # fmt: skip
    assert (fields["invoice_number"].value, fields["invoice_number"].status) == (NUMBER, Status.READ)
    assert (fields["buyer_name"].value, fields["buyer_name"].status) == ("无锡云杉样例商贸有限公司", Status.READ)
    assert (fields["total"].value, fields["total"].status) == (Decimal("1130.00"), Status.READ)
    assert (fields["total_in_words"].value, fields["total_in_words"].status) == (words, Status.READ)
    tax, day = fields["tax"], fields["issued_on"]
    assert (tax.value, tax.status, tax.alternates) == (Decimal("130.00"), Status.DOUBTFUL, ("180.00",))
    assert (tax.reason, day.reason, day.value) == ("conflicting_readings", "conflicting_readings", date(2024, 12, 5))


@pytest.mark.parametrize("told", ["***", "*", "免税", "不征税"])
def test_a_tax_that_is_none_is_read_as_on_a_page(told: str) -> None:
    fields = tag_fields([
        HEAD, leaf("TaxTotalAmount", piece(told, 950, 500)), leaf("Item", piece("*蔬菜*番茄", 10, 300)),
        leaf("Amount", piece("7.00", 800, 300)), leaf("TaxScheme", piece("免税", 900, 300)),
        leaf("TaxAmount", piece(told, 950, 300)),
    ])  # fmt: skip
    assert (fields["tax"].value, fields["tax"].status) == (Decimal("0.00"), Status.READ)
    assert fields["items"].status is Status.READ
    assert [item.tax for item in fields["items"].value if isinstance(item, Item)] == [None]  # type: ignore[union-attr]


def test_a_sum_without_figures_is_no_tax() -> None:
    assert tag_fields([HEAD, leaf("TaxExclusiveTotalAmount", piece("***", 0, 0))])["amount"].status is Status.DOUBTFUL


@pytest.mark.parametrize("labelled", [True, False])
def test_the_subtotal_of_a_page_is_no_line(labelled: bool) -> None:
    found = items(
        leaf("Item", piece("*餐饮*甲", 10, 900), piece("*餐饮*乙", 10, 100, 2)),
        leaf("Item", *([piece("小 计", 10, 950)] if labelled else [])),
        leaf("Amount", piece("100.00", 800, 900), piece("¥100.00", 780, 950), piece("7.00", 800, 100, 2)),
        leaf("TaxAmount", piece("6.00", 950, 900), piece("¥6.00", 940, 950), piece("0.42", 950, 100, 2)),
    )  # fmt: skip
    assert [(i.name, i.amount, i.tax) for i in found] == [
        ("*餐饮*甲", Decimal("100.00"), Decimal("6.00")),
        ("*餐饮*乙", Decimal("7.00"), Decimal("0.42")),
    ]


def test_tags_of_something_else_are_no_invoice() -> None:
    assert (
        tag_fields([leaf("BuyerName", piece("杭州青禾测试科技有限公司", 0, 0)), leaf("Title", piece("通知", 0, 0))])
        == {}
    )


@pytest.mark.parametrize("centred", [False, True])
def test_a_name_broken_over_rows_stays_with_its_line(centred: bool) -> None:
    """Its rows hang from the line of figures, or are set around it."""
    up = 12 if centred else 0
    found = items(
        leaf("Item", piece("*软件*工具", 10, 300)),
        leaf("Item", *(piece(t, 10, y - up) for t, y in (("*服务*数据", 350), ("核对与归档", 374), ("（年费）", 398)))),
        leaf("Item", piece("*软件*插件", 10, 450)),
        leaf("Amount", piece("800.00", 800, 300), piece("200.00", 800, 350), piece("50.00", 800, 450)),
        leaf("TaxScheme", piece("13%", 900, 300), piece("6%", 900, 350), piece("13%", 900, 450)),
        leaf("MeasurementDimension", piece("年", 400, 350)),
    )  # fmt: skip
    assert [item.name for item in found] == ["*软件*工具", "*服务*数据核对与归档(年费)", "*软件*插件"]
    assert [item.unit for item in found] == ["", "年", ""]
    assert [item.tax_rate for item in found] == ["13%", "6%", "13%"]


def test_discount_lines_and_lines_of_further_pages_keep_their_order() -> None:
    found = items(
        leaf("Item", piece("*餐饮*甲", 10, 900), piece("*餐饮*甲", 10, 930), piece("*餐饮*乙", 10, 100, 2)),
        leaf("Amount", piece("100.00", 800, 900), piece("-10.00", 800, 930), piece("7.00", 800, 100, 2)),
        leaf("Quantity", piece("2", 500, 900), piece("1", 500, 100, 2)),
        leaf("TaxAmount", piece("6.00", 950, 900), piece("-0.60", 950, 930), piece("***", 950, 100, 2)),
    )  # fmt: skip
    assert [(i.amount, i.quantity, i.tax) for i in found] == [
        (Decimal("100.00"), Decimal(2), Decimal("6.00")),
        (Decimal("-10.00"), None, Decimal("-0.60")),
        (Decimal("7.00"), Decimal(1), None),
    ]


def test_grouped_goods_need_no_place() -> None:
    found = items(
        leaf("Item", piece("甲", 10, 100), group=1), leaf("Amount", piece("1.00", 10, 100), group=1),
        leaf("Item", piece("乙", 10, 100), group=2), leaf("Amount", piece("2.00", 10, 100), group=2),
        leaf("Specification", group=2),
    )  # fmt: skip
    assert [(i.name, i.amount, i.spec) for i in found] == [("甲", Decimal("1.00"), ""), ("乙", Decimal("2.00"), "")]


def test_goods_with_a_figure_that_is_none_are_doubtful() -> None:
    fields = tag_fields(
        [HEAD, leaf("Item", piece("甲", 10, 100), group=1), leaf("Amount", piece("见附件", 10, 100), group=1)]
    )
    assert (fields["items"].status, fields["items"].reason) == (Status.DOUBTFUL, "malformed")


def test_document_data_goes_by_its_labels() -> None:
    fields = custom_data_fields([
        ("template-version", "1.0"), ("发票号码", NUMBER), ("开票日期", "2024年12月05日"), ("合计 金额", "1000.00"),
        ("校验码", "16197 83356 74145 07415"), ("销售方纳税人识别号", "91330100MA1TEST02B"), ("合计税额", ""),
    ])  # fmt: skip
    assert fields["check_code"].value == "16197833567414507415"
    assert fields["amount"].value == Decimal("1000.00")
    assert fields["seller_tax_id"].value == "91330100MA1TEST02B"
    assert "tax" not in fields
    assert fields["amount"].box is None
    assert custom_data_fields([("合计金额", "1.00")]) == {}
