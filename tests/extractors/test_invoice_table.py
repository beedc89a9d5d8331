"""Item lines of invoices laid out in many ways come back as they were: names over rows, lists, pages."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.model import Field, Item, Page, Status, TextLine
from extractors.vat_invoice import extract
from tests.extractors.invoices_on_pages import DIGITAL, LIST, PAPER, Style, headings, invoice, sales_list, text_line

_CHARS = st.sampled_from("布料印花全棉电动机器服务咨询办公椅桌螺丝钉水果苹果牛奶纸箱打印设计")
_WORDS = st.text(_CHARS, min_size=2, max_size=26)
_CATEGORY = st.text(_CHARS, min_size=2, max_size=9)
_RATES = st.sampled_from(["13%", "9%", "6%", "3%", "1%", "1.5%", "免税", "不征税", "***"])


@st.composite
def items(draw: st.DrawFn) -> Item:
    """A line as they are printed: goods, services without quantity, discounts, free of tax or not."""
    name = f"*{draw(_CATEGORY)}*{draw(_WORDS)}"
    rate = draw(_RATES)
    kind = draw(st.sampled_from(["goods", "goods", "return", "lump", "discount"]))
    quantity = price = None
    if kind in ("goods", "return"):
        quantity = draw(st.decimals("0.001", "99999", places=draw(st.integers(0, 3))).filter(lambda v: v > 0))
        quantity *= -1 if kind == "return" else 1
        price = draw(st.decimals("0.01", "9999", places=draw(st.sampled_from([2, 4, 8, 13]))))
        amount = (quantity * price).quantize(Decimal("0.01"))
    else:
        amount = draw(st.decimals("0.01", "999999.99", places=2)) * (-1 if kind == "discount" else 1)
    taxed = rate.endswith("%")
    tax = (amount * Decimal(rate[:-1]) / 100).quantize(Decimal("0.01")) if taxed else None
    return Item(
        name=name, spec=draw(st.sampled_from(["", "150cm", "A-100", "62202", "DN50*3.2x75MM"])) if quantity else "",
        unit=draw(st.sampled_from(["", "只", "千克", "平方米", "立方米/小时"])) if quantity else "",
        quantity=quantity, unit_price=price, amount=amount, tax_rate=rate, tax=tax,
    )  # fmt: skip


STYLES = {
    "digital": Style(DIGITAL),
    "digital, wide gaps": Style(DIGITAL, apart=1.9),
    "digital, figures in the middle": Style(DIGITAL, way="centre", apart=1.8),
    "digital, centred figures": Style(DIGITAL, figures="centre", width=1800),
    "digital, narrow": Style(DIGITAL, width=1100, apart=1.7),
    "digital, narrow, figures in the middle": Style(DIGITAL, way="centre", width=1100, apart=2.2),
    "digital, figures from the left": Style(DIGITAL, figures="left", width=1800),
    "digital, all centred": Style(DIGITAL, words="centre", figures="centre", way="centre", apart=1.9),
    "digital, thousands apart": Style(DIGITAL, grouped=True, width=1800),
    "paper": Style(PAPER),
    "paper, small print": Style(PAPER, height=14, pitch=1.1, apart=1.5),
    "paper, figures in the middle": Style(PAPER, way="centre", apart=1.8, width=1800),
    "digital, figures at the bottom": Style(DIGITAL, way="bottom", width=1800),
}


def read(*pages: Page) -> tuple[list[Item], Field]:
    field = extract(pages)["items"]
    assert isinstance(field.value, list)
    return [item for item in field.value if isinstance(item, Item)], field


@pytest.mark.parametrize("style", STYLES)
@given(st.lists(items(), min_size=1, max_size=4))
@settings(max_examples=8, deadline=None)
def test_lines_come_back_as_they_were_printed(style: str, printed: list[Item]) -> None:
    found, field = read(invoice(printed, STYLES[style]))
    assert found == printed
    assert field.status is Status.READ


@st.composite
def plain_items(draw: st.DrawFn) -> Item:
    """A line of the years before names carried a category."""
    item = draw(items())
    return item.model_copy(update={"name": draw(_WORDS)})


@pytest.mark.parametrize("style", ["digital", "paper", "digital, wide gaps", "digital, figures in the middle"])
@given(st.lists(plain_items(), min_size=1, max_size=5))
@settings(max_examples=8, deadline=None)
def test_names_without_a_category_come_back_too(style: str, printed: list[Item]) -> None:
    assert read(invoice(printed, STYLES[style]))[0] == printed


# Pixels by which pieces of one row may lie apart. Figures beside the middle of a name in two rows are as far from one
# as from the other: from 1.25 pixels on, some of them are taken to the wrong line.
@pytest.mark.parametrize(
    ("style", "apart"), [("digital", 2.0), ("paper", 2.0), ("digital, figures in the middle", 1.0)]
)
@given(st.lists(items(), min_size=1, max_size=4), st.floats(-0.02, 0.02), st.lists(st.floats(-1.0, 1.0), min_size=9))
@settings(max_examples=8, deadline=None)
def test_lines_that_lie_askew_come_back(
    style: str, apart: float, printed: list[Item], slope: float, off: list[float]
) -> None:
    page = invoice(printed, STYLES[style])
    lines = tuple(moved(line, slope, apart * off[at % len(off)]) for at, line in enumerate(page.lines))
    assert read(replace(page, lines=lines))[0] == printed


def moved(line: TextLine, slope: float, off: float) -> TextLine:
    a, b, c, d = ((x, y + slope * x + off) for x, y in line.box)
    return replace(line, box=(a, b, c, d))


# A lone 1 as quantity is easily overlooked and says nothing.
_SEVERAL = items().filter(lambda item: item.unit_price is None or round(item.unit_price, 2) != item.amount)


@given(st.lists(_SEVERAL, min_size=1, max_size=4), st.data())
@settings(max_examples=15, deadline=None)
def test_a_figure_that_was_not_read_makes_the_lines_doubtful(printed: list[Item], data: st.DataObject) -> None:
    page = invoice(printed, STYLES["digital"])
    figures = [x for x in page.lines if x.centre[1] > 300 and x.text[-1] in "0123456789%" and x.left > 800
               and not x.text.startswith("¥")]  # fmt: skip
    lost = data.draw(st.sampled_from(figures))
    fields = extract([replace(page, lines=tuple(x for x in page.lines if x is not lost))])
    found = fields.get("items", Field())
    assert found.status is not Status.READ or found.value == printed


def test_a_name_whose_figures_were_all_lost_is_no_part_of_the_one_above() -> None:
    goods = [
        Item(name=f"*纺织产品*{word}", amount=Decimal("100.00"), tax_rate="13%", tax=Decimal("13.00"))
        for word in ("印花布", "棉布", "麻布")
    ]
    page = invoice(goods, STYLES["digital"])
    level = next(x.centre[1] for x in page.lines if x.text == "*纺织产品*棉布")
    kept = [x for x in page.lines if abs(x.centre[1] - level) > 1 or x.text.startswith("*")]
    found, field = read(replace(page, lines=tuple(kept)))
    assert [item.name for item in found] == [item.name for item in goods]
    assert (field.status, field.reason) == (Status.DOUBTFUL, "incomplete")


GLUED = [
    # price and amount printed or read as one; the rate and the tax prove where the one ends
    ("17699.1150442", "17699.12", "17699.115044217699.12"),
    ("12.5", "1250.00", "12.51250.00"),
]


@pytest.mark.parametrize(("price", "amount", "glued"), GLUED)
def test_price_and_amount_read_as_one_are_parted_as_the_arithmetic_tells(price: str, amount: str, glued: str) -> None:
    value = Decimal(amount)
    quantity = Decimal("1") if value > 10000 else Decimal("100")
    item = Item(name="*劳务*维护保养", unit="次", quantity=quantity, unit_price=Decimal(price), amount=value,
                tax_rate="13%", tax=(value * 13 / 100).quantize(Decimal("0.01")))  # fmt: skip
    page = invoice([item], STYLES["digital"])
    left = next(x for x in page.lines if x.text == price)
    right = next(x for x in page.lines if x.text == amount and x.centre[1] == left.centre[1])
    one = replace(left, text=glued, box=(left.box[0], right.box[1], right.box[2], left.box[3]))
    others = [x for x in page.lines if x not in (left, right)]
    found, field = read(replace(page, lines=(*others, one)))
    assert found == [item]
    assert field.reason == "repaired"


def test_a_lost_point_is_found_only_where_the_arithmetic_proves_it() -> None:
    item = Item(name="*劳务*维护保养", quantity=Decimal("100"), unit_price=Decimal("12.5"), amount=Decimal("1250.00"),
                tax_rate="13%", tax=Decimal("162.50"))  # fmt: skip
    page = invoice([item], STYLES["digital"])
    lost = [replace(x, text="125000") if x.text == "1250.00" else x for x in page.lines]
    assert read(replace(page, lines=tuple(lost)))[0] == [item]
    wrong = [replace(x, text="125800") if x.text == "1250.00" else x for x in page.lines]
    assert read(replace(page, lines=tuple(wrong)))[0][0].amount == Decimal("125800")


def test_a_lost_percent_sign_is_put_back_where_the_tax_proves_the_rate() -> None:
    item = Item(name="*劳务*维护保养", amount=Decimal("1250.00"), tax_rate="13%", tax=Decimal("162.50"))
    page = invoice([item], STYLES["digital"])
    found, field = read(replace(page, lines=tuple(replace(x, text=x.text.replace("%", "")) for x in page.lines)))
    assert (found, field.reason) == ([item], "repaired")
    lines = (replace(x, text={"13%": "18"}.get(x.text, x.text)) for x in page.lines)
    assert read(replace(page, lines=tuple(lines)))[1].status is Status.DOUBTFUL


def many(count: int) -> list[Item]:
    return [
        Item(name=f"*纺织产品*印花布{n}号", spec="A-100", unit="米", quantity=Decimal(n), unit_price=Decimal("10.01"),
             amount=n * Decimal("10.01"), tax_rate="13%", tax=(n * Decimal("1.3013")).quantize(Decimal("0.01")))
        for n in range(1, count + 1)
    ]  # fmt: skip


def test_lines_run_over_pages_that_end_in_subtotals() -> None:
    goods = many(40)
    first = invoice(goods[:25], STYLES["digital"], last=False)
    second = invoice(goods[25:], STYLES["digital"], page=2, of=goods)
    found, field = read(first, second)
    assert found == goods
    assert field.status is Status.READ
    assert extract([first, second])["amount"].value == sum(item.amount or 0 for item in goods)


def test_a_total_on_every_page_does_not_end_the_lines() -> None:
    goods = many(40)
    first = invoice(goods[:25], STYLES["digital"], of=goods)
    second = invoice(goods[25:], STYLES["digital"], page=2, of=goods)
    copy = replace(first, number=3)
    found, field = read(first, second, copy)
    assert found == goods
    assert field.status is Status.READ
    assert extract([first, second, copy])["amount"].status is Status.READ


def test_lines_go_on_where_the_next_page_has_no_header() -> None:
    goods = many(40)
    first = invoice(goods[:25], STYLES["digital"], last=False)
    second = invoice(goods[25:], STYLES["digital"], page=2, of=goods)
    heads = {x.text for x in headings(STYLES["digital"], 290)}
    bare = replace(second, lines=tuple(x for x in second.lines if x.text not in heads))
    lone = replace(bare, lines=tuple(x for x in bare.lines if x.centre[1] > 300))
    for page in (bare, lone):
        assert read(first, page)[0] == goods


def test_a_page_of_other_text_behind_an_invoice_adds_no_lines() -> None:
    goods = many(3)
    other = Page(2, 1654, 2339, (text_line("*服务*合同第一条", 70, 300), text_line("100.00", 1190, 300),
                                 text_line("13%", 1330, 300)))  # fmt: skip
    assert read(invoice(goods, STYLES["digital"]), other)[0] == goods


@pytest.mark.parametrize("rate", ["免税", "不征税", "***"])
def test_a_sum_of_tax_in_stars_is_none(rate: str) -> None:
    goods = [Item(name="*农业产品*大白菜", amount=Decimal("286.23"), tax_rate=rate)]
    page = invoice(goods, STYLES["paper"])
    stars = [replace(x, text="***") if x.text == "¥0.00" else x for x in page.lines]
    fields = extract([replace(page, lines=tuple(stars))])
    assert (fields["tax"].value, fields["tax"].raw, fields["tax"].status) == (Decimal("0.00"), "***", Status.READ)
    assert (fields["amount"].value, fields["items"].value) == (Decimal("286.23"), goods)


def with_list(goods: list[Item], line: Item) -> list[Page]:
    number = "87654321"
    paper = invoice([line], STYLES["paper"], number=number)
    style = Style(LIST, apart=2.0)
    halves = goods[: len(goods) // 2], goods[len(goods) // 2 :]
    return [paper, *(sales_list(half, style, number=number, page=at, pages=2, end=at == 2)
                     for at, half in enumerate(halves, 1))]  # fmt: skip


def see_list(goods: list[Item]) -> Item:
    amount, tax = (sum((getattr(i, name) for i in goods), Decimal(0)) for name in ("amount", "tax"))
    return Item(name="（详见销货清单）", amount=amount, tax=tax)


def test_lines_come_from_the_list_the_invoice_refers_to() -> None:
    goods = many(30)
    pages = with_list(goods, see_list(goods).model_copy(update={"tax_rate": ""}))
    found, field = read(*pages)
    assert found == goods
    assert (field.status, field.reason) == (Status.READ, "")


def test_a_list_whose_sum_is_another_is_not_relied_on() -> None:
    goods = many(30)
    pages = with_list(goods[:-1], see_list(goods))
    field = extract(pages)["items"]
    assert (field.status, field.reason) == (Status.DOUBTFUL, "list_differs")


def test_without_its_list_the_line_that_refers_to_it_is_the_line() -> None:
    goods = many(30)
    found, field = read(with_list(goods, see_list(goods))[0])
    assert [item.amount for item in found] == [see_list(goods).amount]
    assert field.status is Status.READ
    assert field.reason == "list_not_attached"


def test_a_further_copy_adds_no_lines_and_must_agree() -> None:
    goods = many(3)
    first, copy = invoice(goods, STYLES["paper"]), invoice(goods, STYLES["paper"], page=2)
    assert read(first, copy)[0] == goods
    altered = [replace(x, text=x.text.replace("¥", "¥9")) if x.text.startswith("¥") else x for x in copy.lines]
    total = extract([first, replace(copy, lines=tuple(altered))])["total"]
    assert (total.status, total.reason) == (Status.DOUBTFUL, "copies_differ")


def test_a_roll_lists_its_goods_in_two_rows_each() -> None:
    lines = [
        text_line("增值税普通发票（卷票）", 120, 40, 24), text_line("发票代码：033001800107", 60, 90),
        text_line("发票号码：33207675", 60, 120), text_line("销售方名称：苏州锦澜纺织有限公司", 60, 150),
        text_line("开票日期：2019年05月08日", 60, 180), text_line("购买方名称：杭州青禾贸易有限公司", 60, 210),
        text_line("项目", 60, 250), text_line("单价", 170, 250), text_line("数量", 290, 250),
        text_line("金额", 400, 250),
        text_line("*餐饮服务*餐费", 60, 280), text_line("50.00", 165, 306), text_line("2", 305, 306),
        text_line("100.00", 390, 306), text_line("*餐饮服务*茶水费", 60, 332), text_line("10.00", 165, 358),
        text_line("1", 305, 358), text_line("10.00", 395, 358), text_line("合计金额(小写)：¥110.00", 60, 400),
        text_line("合计金额(大写)：壹佰壹拾圆整", 60, 430), text_line("校验码 76939056883466677916", 60, 470),
    ]  # fmt: skip
    fields = extract([Page(1, 540, 900, tuple(lines))])
    assert fields["total"].value == Decimal("110.00")
    assert fields["total_in_words"].value == "壹佰壹拾圆整"
    assert fields["items"].value == [
        Item(name="*餐饮服务*餐费", quantity=Decimal(2), unit_price=Decimal("50.00"), amount=Decimal("100.00")),
        Item(name="*餐饮服务*茶水费", quantity=Decimal(1), unit_price=Decimal("10.00"), amount=Decimal("10.00")),
    ]
    assert fields["items"].status is Status.READ


def test_a_toll_names_the_vehicle_and_its_days_are_no_quantities() -> None:
    toll = {
        "name": ("项目名称", 0.0, 0.25), "plate": ("车牌号", 0.25, 0.37), "unit": ("类型", 0.37, 0.44),
        "from": ("通行日期起", 0.44, 0.54), "until": ("通行日期止", 0.54, 0.64), "amount": ("金额", 0.64, 0.78),
        "tax_rate": ("税率", 0.78, 0.86), "tax": ("税额", 0.86, 1.0),
    }  # fmt: skip
    item = Item(name="*经营租赁*通行费", amount=Decimal("140.95"), tax_rate="3%", tax=Decimal("4.23"))
    page = invoice([item], Style(PAPER))
    style = Style(toll)
    kept = [x for x in page.lines if not 280 < x.centre[1] < 340]
    row = [("*经营租赁*通行费", 0.005), ("鄂AHG248", 0.265), ("货车", 0.38), ("20180204", 0.455), ("20180205", 0.555),
           ("140.95", 0.73), ("3%", 0.8), ("4.23", 0.96)]  # fmt: skip
    cells = [text_line(text, 60 + at * style.width, 330) for text, at in row]
    found, field = read(replace(page, lines=(*kept, *headings(style, 290), *cells)))
    assert found == [item.model_copy(update={"spec": "鄂AHG248", "unit": "货车"})]
    assert field.status is Status.READ


def test_building_work_names_a_place_and_a_project_that_are_no_part_of_the_name() -> None:
    columns = {
        "name": ("项目名称", 0.0, 0.2), "place": ("建筑服务发生地", 0.2, 0.38), "project": ("建筑项目名称", 0.38, 0.62),
        "amount": ("金 额", 0.62, 0.76), "tax_rate": ("税率/征收率", 0.76, 0.88), "tax": ("税 额", 0.88, 1.0),
    }  # fmt: skip
    item = Item(name="*建筑服务*工程款", amount=Decimal("97087.38"), tax_rate="3%", tax=Decimal("2912.62"))
    style = Style(columns)
    page = invoice([item], style)
    more = [text_line("浙江省杭州市西湖区", 60 + 0.21 * 1500, 330), text_line("青禾路厂房改造", 60 + 0.39 * 1500, 330),
            text_line("二期", 60 + 0.39 * 1500, 356)]  # fmt: skip
    found, field = read(replace(page, lines=(*page.lines, *more)))
    assert found == [item]
    assert field.status is Status.READ


def test_a_second_table_below_is_no_goods() -> None:
    item = Item(name="*运输服务*客运服务费", amount=Decimal("29.43"), tax_rate="3%", tax=Decimal("0.88"))
    page = invoice([item], STYLES["digital"])
    second = [("出行人", 70), ("有效身份证件号", 250), ("出行日期", 520), ("出发地", 720), ("到达地", 900),
              ("等级", 1060), ("交通工具类型", 1250)]  # fmt: skip
    row = [("李木", 70), ("2024-12-01", 520), ("杭州", 720), ("苏州", 900), ("二等座", 1060), ("火车", 1250)]
    more = [text_line(text, x, 400) for text, x in second] + [text_line(text, x, 430) for text, x in row]
    found, field = read(replace(page, lines=(*page.lines, *more)))
    assert found == [item]
    assert field.status is Status.READ


def test_a_vehicle_is_the_one_item_of_its_invoice() -> None:
    lines = [
        text_line("机动车销售统一发票", 500, 50, 34), text_line("发票代码 132011990001", 1000, 60),
        text_line("发票号码 00123456", 1000, 90), text_line("开票日期 2019-05-08", 80, 90),
        text_line("车辆类型", 80, 300), text_line("轿车", 220, 300), text_line("厂牌型号", 500, 300),
        text_line("青禾牌QH7150", 640, 300), text_line("产地", 1000, 300), text_line("苏州", 1100, 300),
        text_line("价税合计", 80, 450), text_line("⊗壹拾壹万叁仟圆整", 260, 450), text_line("小写", 900, 450),
        text_line("¥113000.00", 980, 450), text_line("增值税税率", 80, 600), text_line("或征收率", 80, 624),
        text_line("13%", 260, 612), text_line("增值税税额", 400, 612), text_line("¥13000.00", 540, 612),
        text_line("主管税务机关及代码", 800, 612), text_line("不含税价", 80, 680), text_line("小写", 200, 680),
        text_line("¥100000.00", 280, 680), text_line("完税凭证号码", 600, 680), text_line("限乘人数", 1000, 680),
        text_line("5", 1120, 680),
    ]  # fmt: skip
    fields = extract([Page(1, 1400, 900, tuple(lines))])
    assert [fields[name].value for name in ("amount", "tax", "total")] == [
        Decimal("100000.00"), Decimal("13000.00"), Decimal("113000.00")]  # fmt: skip
    assert fields["items"].value == [
        Item(name="轿车", spec="青禾牌QH7150", quantity=Decimal(1), amount=Decimal("100000.00"), tax_rate="13%",
             tax=Decimal("13000.00"))]  # fmt: skip
