"""Invoices from hand-set pages: paper, older electronic and digital ones; all companies are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.model import Field, Item, Page, Status, TextLine, rectangle
from extractors.registry import classify
from extractors.vat_invoice import extract

H = 20.0  # text height
CIPHER = (
    "*7//048893-934/-649<580>53+",
    "227268<07//400<+3->><0*8+60",
    "-+--4>0885<+74-<4316/8+6/*3",
    ">772+08268<07//400<+3->9604",
)


def line(text: str, x: float, y: float, width: float | None = None, height: float = H) -> TextLine:
    """A line whose middle stands at y."""
    wide = sum(height if ord(c) > 0x2E7F else height * 0.55 for c in text)
    return TextLine(text, rectangle(x, y - height / 2, x + (width or wide), y + height / 2), 0.98)


def right(text: str, x: float, y: float) -> TextLine:
    """A line that ends at x."""
    return line(text, x - len(text) * H * 0.55, y)


def page(*lines: TextLine, width: int = 1400, height: int = 900) -> Page:
    return Page(1, width, height, tuple(lines))


def table_head(y: float) -> list[TextLine]:
    return [
        line("货物或应税劳务、服务名称", 120, y), line("规格型号", 430, y), line("单 位", 560, y, 45),
        line("数", 650, y), line("量", 690, y), line("单 价", 800, y, 60), line("金", 950, y), line("额", 1000, y),
        line("税率", 1080, y), line("税 额", 1210, y, 70),
    ]  # fmt: skip


def party(y: float, name: str, tax_id: str, address: str, bank: str, shift: float = 0.0) -> list[TextLine]:
    """Labels at a pitch of 30; values may be overprinted `shift` lower."""
    labels = [
        line("名", 110, y), line("称：", 200, y), line("纳税人识别号：", 110, y + 30),
        line("地址、电话：", 110, y + 60),
        line("开户行及账号：", 110, y + 90),
    ]  # fmt: skip
    values = [line(v, 260, y + 30 * i + shift) for i, v in enumerate((name, tax_id, address, bank)) if v]
    return [*labels, *values]


BUYER = (
    "杭州青禾贸易有限公司",
    "91330106MA2ABCDE3X",
    "杭州市西湖区青禾路1号 0571-81234567",
    "中国银行西湖支行 1234567890123456",
)
SELLER = (
    "苏州锦澜纺织有限公司",
    "91320505MA1FGHJK8L",
    "苏州市虎丘区锦澜路8号 0512-61234567",
    "招商银行虎丘支行 512900000010801",
)


@cache
def paper(shift: float = 0.0) -> Page:
    """A special invoice on paper: code and number printed twice, values overprinted `shift` too low."""
    return page(
        line("1100184140", 150, 60, height=28), line("江苏增值税专用发票", 480, 60, height=34),
        line("No 87654321", 950, 60, height=28), line("1100184140", 1180, 50), line("87654321", 1180, 75),
        line("开票日期：", 950, 110), line("2018年11月18日", 1070, 110 + shift / 2),
        line("购买方", 60, 205, 24, 90), *party(160, *BUYER, shift=shift),
        line("密", 790, 170), line("码", 790, 200), line("区", 790, 230),
        *(line(text, 840, 160 + 28 * i) for i, text in enumerate(CIPHER)),
        *table_head(290),
        line("*纺织产品*全棉印花布", 90, 325), line("150cm", 430, 325), line("米", 575, 325), right("100", 720, 325),
        right("12.5", 880, 325), right("1250.00", 1060, 325), line("16%", 1085, 325), right("200.00", 1320, 325),
        line("*纺织产品*全棉印花布", 90, 355), right("-250.00", 1060, 355), line("16%", 1085, 355),
        right("-40.00", 1320, 355),
        line("合", 200, 560), line("计", 320, 560), right("¥1000.00", 1060, 560 + shift / 2),
        right("¥160.00", 1320, 560 + shift / 2),
        line("价税合计（大写）", 150, 600), line("⊗壹仟壹佰陆拾圆整", 450, 600), line("(小写)", 950, 600),
        line("￥1160.00", 1040, 600),
        line("销售方", 60, 695, 24, 90), *party(650, *SELLER, shift=shift),
        line("备", 790, 660), line("注", 790, 730), line("合同编号：HT-2018-07", 840, 660),
        line("收款人：李木", 100, 790), line("复核：王禾", 450, 790), line("开票人：", 700, 790),
        line("赵青", 800, 790),
        line("销售方：(章)", 1000, 790), line(SELLER[1], 1000, 740), line("发票专用章", 1050, 770),
    )  # fmt: skip


@cache
def electronic() -> Page:
    """An older electronic invoice: labelled head, a name over two rows, a tax-free item, a private buyer."""
    return page(
        line("浙江增值税电子普通发票", 450, 60, height=34),
        line("机器编号：", 60, 130), line("661619942171", 170, 130),
        line("发票代码：", 980, 40), line("033001900311", 1090, 40), line("发票号码：", 980, 70),
        line("33207675", 1090, 70),
        line("开票日期：", 980, 100), line("2019 05 08", 1090, 100), line("校 验 码：", 980, 130),
        line("76939 05688 34666 77916", 1090, 130),
        line("购买方", 60, 225, 24, 90), *party(180, "个人", "", "", ""),
        line("密码区", 790, 225, 24, 90), *(line(text, 840, 180 + 28 * i) for i, text in enumerate(CIPHER)),
        *table_head(310),
        line("*家用电器*电动剃须刀全身水洗", 90, 345), line("FS339", 430, 345), line("只", 575, 345),
        right("1", 720, 345),
        right("105.31", 880, 345), right("105.31", 1060, 345), line("13%", 1070, 345), right("13.69", 1320, 345),
        line("干湿双剃", 90, 370),
        line("*农产品*小米", 90, 395), right("2", 720, 395), right("10", 880, 395), right("20.00", 1060, 395),
        line("免税", 1080, 395), line("***", 1290, 395),
        line("合计", 200, 580), right("¥125.31", 1060, 580), right("¥13.69", 1320, 580),
        line("价税合计(大写)", 150, 620), line("壹佰叁拾玖圆整", 450, 620), line("(小写)¥139.00", 950, 620),
        line("销售方", 60, 715, 24, 90), *party(670, *SELLER),
        line("备注", 790, 715, 24, 80), line("订单号:94859303935", 840, 670),
        line("收款人：李木", 100, 810), line("复核：", 450, 810), line("开票人：赵青", 700, 810),
    )  # fmt: skip


@cache
def digital() -> Page:
    """A fully digital special invoice: buyer left, seller right; the buyer's bank among the remarks."""
    tax_label = "统一社会信用代码/纳税人识别号："
    return page(
        line("电子发票（增值税专用发票）", 450, 60, height=34),
        line("发票号码：", 980, 50), line("24322000000489101796", 1090, 50), line("开票日期：", 980, 90),
        line("2024年12月05日", 1090, 90),
        line("购买方信息", 55, 200, 24, 110), line("销售方信息", 700, 200, 24, 110),
        line("名称：" + BUYER[0], 95, 170), line(tax_label, 95, 230), line(BUYER[1], 410, 230),
        line("名称：" + SELLER[0], 740, 170), line(tax_label, 740, 230), line(SELLER[1], 1060, 230),
        line("项目名称", 120, 290), line("规格型号", 340, 290), line("单 位", 500, 290, 50),
        line("数 量", 650, 290, 50),
        line("单 价", 800, 290, 50), line("金 额", 960, 290, 50), line("税率/征收率", 1060, 290),
        line("税 额", 1270, 290, 50),
        line("*劳务*维护保养", 60, 325), line("次", 510, 325), right("1", 700, 325), right("17699.115044", 850, 325),
        right("17699.12", 1010, 325), line("13%", 1090, 325), right("2300.88", 1320, 325),
        line("合", 150, 560), line("计", 260, 560), right("¥17699.12", 1010, 560), right("¥2300.88", 1320, 560),
        line("价税合计（大写）", 110, 600), line("贰万圆整", 450, 600), line("（小写）", 950, 600),
        line("¥20000.00", 1040, 600),
        line("备", 60, 660), line("注", 60, 720),
        line("购方开户银行:中国银行西湖支行;银行账号:1234567890123456;", 110, 650),
        line("开票人：赵青", 180, 800),
    )  # fmt: skip


EXPECTED: dict[str, dict[str, object]] = {
    "paper": {
        "invoice_kind": "special", "invoice_code": "1100184140", "invoice_number": "87654321",
        "issued_on": date(2018, 11, 18), "buyer_name": BUYER[0], "buyer_tax_id": BUYER[1],
        "buyer_address_phone": BUYER[2].replace(" ", ""), "buyer_bank_account": BUYER[3].replace(" ", ""),
        "seller_name": SELLER[0], "seller_tax_id": SELLER[1], "seller_address_phone": SELLER[2].replace(" ", ""),
        "seller_bank_account": SELLER[3].replace(" ", ""), "amount": Decimal("1000.00"), "tax": Decimal("160.00"),
        "total": Decimal("1160.00"), "total_in_words": "壹仟壹佰陆拾圆整", "remarks": "合同编号:HT-2018-07",
        "payee": "李木", "reviewer": "王禾", "drawer": "赵青", "issued_by_tax_bureau": False, "is_red": False,
        "rate_family": "general",
        "items": [
            Item(name="*纺织产品*全棉印花布", spec="150cm", unit="米", quantity=Decimal("100"),
                unit_price=Decimal("12.5"),
                 amount=Decimal("1250.00"), tax_rate="16%", tax=Decimal("200.00")),
            Item(name="*纺织产品*全棉印花布", amount=Decimal("-250.00"), tax_rate="16%", tax=Decimal("-40.00")),
        ],
    },
    "electronic": {
        "invoice_kind": "electronic_ordinary", "invoice_code": "033001900311", "invoice_number": "33207675",
        "issued_on": date(2019, 5, 8), "check_code": "76939056883466677916", "machine_number": "661619942171",
        "buyer_name": "个人", "seller_name": SELLER[0], "seller_tax_id": SELLER[1],
        "seller_address_phone": SELLER[2].replace(" ", ""), "seller_bank_account": SELLER[3].replace(" ", ""),
        "amount": Decimal("125.31"), "tax": Decimal("13.69"), "total": Decimal("139.00"),
        "total_in_words": "壹佰叁拾玖圆整", "remarks": "订单号:94859303935", "payee": "李木", "drawer": "赵青",
        "issued_by_tax_bureau": False, "is_red": False, "rate_family": "general",
        "items": [
            Item(name="*家用电器*电动剃须刀全身水洗干湿双剃", spec="FS339", unit="只", quantity=Decimal("1"),
                 unit_price=Decimal("105.31"), amount=Decimal("105.31"), tax_rate="13%", tax=Decimal("13.69")),
            Item(name="*农产品*小米", quantity=Decimal("2"), unit_price=Decimal("10"), amount=Decimal("20.00"),
                 tax_rate="免税"),
        ],
    },
    "digital": {
        "invoice_kind": "digital_special", "invoice_number": "24322000000489101796", "issued_on": date(2024, 12, 5),
        "buyer_name": BUYER[0], "buyer_tax_id": BUYER[1], "seller_name": SELLER[0], "seller_tax_id": SELLER[1],
        "buyer_bank_account": "中国银行西湖支行1234567890123456",
        "amount": Decimal("17699.12"), "tax": Decimal("2300.88"), "total": Decimal("20000.00"),
        "total_in_words": "贰万圆整", "drawer": "赵青",
        "issued_by_tax_bureau": False, "is_red": False, "rate_family": "general",
        "remarks": "购方开户银行:中国银行西湖支行;银行账号:1234567890123456;",
        "items": [
            Item(name="*劳务*维护保养", unit="次", quantity=Decimal("1"), unit_price=Decimal("17699.115044"),
                 amount=Decimal("17699.12"), tax_rate="13%", tax=Decimal("2300.88")),
        ],
    },
}  # fmt: skip
PAGES = {"paper": paper(), "electronic": electronic(), "digital": digital()}


def values(fields: dict[str, Field]) -> dict[str, object]:
    return {name: field.value for name, field in fields.items() if field.status is not Status.MISSING}


@pytest.mark.parametrize("name", PAGES)
def test_every_printed_field_is_read_with_its_place(name: str) -> None:
    fields = extract([PAGES[name]])
    assert values(fields) == EXPECTED[name]
    for field_name, field in fields.items():
        assert field.status is Status.READ, field_name
        if field_name != "issued_by_tax_bureau":
            assert field.raw, field_name
            assert field.box, field_name


@pytest.mark.parametrize("name", PAGES)
def test_it_is_told_to_be_an_invoice(name: str) -> None:
    assert classify([PAGES[name]]).type == "vat_invoice"


def test_a_licence_that_mentions_invoices_is_none() -> None:
    licence = page(
        line("营业执照", 500, 60, height=40), line("统一社会信用代码 91330106MA2ABCDE3X", 100, 150),
        line("名称 杭州青禾发票服务有限公司", 100, 200), line("法定代表人 李木", 100, 250),
        line("经营范围 增值税普通发票打印设备销售，电子发票服务", 100, 300), line("登记机关", 800, 600),
    )  # fmt: skip
    assert classify([licence]).type != "vat_invoice"


@given(st.sampled_from(sorted(PAGES)), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_lines_says_nothing(name: str, random: object) -> None:
    lines = list(PAGES[name].lines)
    random.shuffle(lines)  # type: ignore[attr-defined]
    assert values(extract([replace(PAGES[name], lines=tuple(lines))])) == EXPECTED[name]


@pytest.mark.parametrize("name", PAGES)
def test_a_lost_line_never_lends_a_field_anothers_value(name: str) -> None:
    """Whatever is missing, a field that counts as read holds its own value."""
    expected = EXPECTED[name]
    whole = PAGES[name]
    ignored = {"items"}
    for dropped in whole.lines:
        fields = extract([replace(whole, lines=tuple(x for x in whole.lines if x is not dropped))])
        for field_name, field in fields.items():
            if field.status is Status.READ and field_name not in ignored:
                assert field.value == expected.get(field_name), (dropped.text, field_name)


@pytest.mark.parametrize("shift", [-12.0, -6.0, 6.0, 10.0, 13.0])
def test_overprinted_values_off_their_labels_stay_in_their_rows(shift: float) -> None:
    assert values(extract([paper(shift)])) == EXPECTED["paper"]


def test_one_character_a_line_reads_the_same() -> None:
    """Text layers may give every character as a line of its own, labels set down a column included."""
    apart = [
        piece
        for whole in digital().lines
        for piece in ([whole.cut(i, i + 1) for i in range(len(whole.text)) if not whole.text[i].isspace()]
                      if whole.width > whole.height else _down(whole))
    ]  # fmt: skip
    assert values(extract([page(*apart)])) == EXPECTED["digital"]


def _down(whole: TextLine) -> list[TextLine]:
    step = whole.height / len(whole.text)
    return [
        TextLine(char, rectangle(whole.left, whole.top + i * step, whole.right, whole.top + i * step + 0.8 * step))
        for i, char in enumerate(whole.text)
    ]


def test_both_prints_of_a_number_are_kept_and_must_agree() -> None:
    fields = extract([paper()])
    assert fields["invoice_code"].alternates == ("1100184140",)
    assert fields["invoice_number"].alternates == ("87654321",)
    assert fields["seller_tax_id"].alternates == (SELLER[1],)
    assert fields["total"].alternates == ("1160.00",)
    altered = [line("87654327", 1180, 75) if x.text == "87654321" else x for x in paper().lines]
    number = extract([page(*altered)])["invoice_number"]
    assert (number.value, number.status, number.reason) == ("87654321", Status.DOUBTFUL, "conflicting_readings")
    assert number.alternates == ("87654327",)


def test_a_seal_over_the_foot_changes_nothing() -> None:
    noise = [
        line("苏州锦澜", 1010, 700),
        line("3205071234567", 1040, 755),
        line("销", 980, 790),
        line("(苏州)", 1180, 662),
    ]
    assert values(extract([page(*paper().lines, *noise)])) == EXPECTED["paper"]


def test_text_of_a_window_beside_the_invoice_is_not_the_invoices() -> None:
    beside = [
        line('"发票代码": "999999999911"', 1700, 60), line('"发票号码": "11112222"', 1700, 110),
        line("名称：别的公司", 1700, 160),
        line("¥99.00", 1700, 560), line("照片-电子发票.png", 40, -300),
    ]  # fmt: skip
    assert values(extract([page(*electronic().lines, *beside, width=2400)])) == EXPECTED["electronic"]


def test_cells_read_as_one_are_parted_at_the_rate() -> None:
    lines = [x for x in electronic().lines if x.text not in ("13%", "13.69") or x.left > 1400]
    joined = [line("105.3113%", 960, 345) if x.text == "105.31" and x.right > 1000 else x for x in lines]
    items = extract([page(*joined, right("13.69", 1320, 345), right("¥13.69", 1320, 580))])["items"].value
    assert isinstance(items, list)
    assert (items[0].amount, items[0].tax_rate, items[0].tax) == (Decimal("105.31"), "13%", Decimal("13.69"))


@pytest.mark.parametrize(
    ("tax_id", "status"),
    [("410305123456789", Status.READ), ("91320505MA1FGHJK8", Status.DOUBTFUL), ("9132050", Status.DOUBTFUL),
     ("32050219900101123401", Status.READ)],
)  # fmt: skip
def test_a_tax_number_of_another_form_is_kept_as_read(tax_id: str, status: Status) -> None:
    lines = [line(tax_id, 260, 190) if x.text == BUYER[1] else x for x in paper().lines]
    found = extract([page(*lines)])["buyer_tax_id"]
    assert (found.value, found.status) == (tax_id, status)


def test_a_name_or_an_account_cut_short_is_doubtful() -> None:
    """What glare or a fold took is not there to be read; the rest must not pass for the whole."""
    cut = {BUYER[0]: "杭州青禾贸易有", SELLER[3]: "招商银行虎丘"}
    lines = [replace(x, text=cut.get(x.text, x.text)) for x in paper().lines]
    fields = extract([page(*lines)])
    for name in ("buyer_name", "seller_bank_account"):
        assert (fields[name].status, fields[name].reason) == (Status.DOUBTFUL, "incomplete"), name
    assert fields["seller_name"].status is Status.READ


def test_issued_by_a_tax_bureau() -> None:
    marked = extract([page(*electronic().lines, line("代开", 200, 60))])["issued_by_tax_bureau"]
    assert (marked.value, marked.reason) == (True, "marked")
    by_seller = [line("国家税务总局苏州市税务局", 260, 670) if x.text == SELLER[0] else x for x in electronic().lines]
    assert extract([page(*by_seller)])["issued_by_tax_bureau"].value is True


def test_older_forms_of_characters_in_labels_are_the_same_labels() -> None:
    table = str.maketrans("税识别开户账", "稅識別開戶帳")
    lines = [replace(x, text=x.text.translate(table)) if x.text.endswith("：") else x for x in paper().lines]
    assert values(extract([page(*lines)])) == EXPECTED["paper"]


def test_title_against_code_makes_the_kind_doubtful() -> None:
    lines = [line("江苏增值税普通发票", 480, 60, height=34) if "专用发票" in x.text else x for x in paper().lines]
    kind = extract([page(*lines)])["invoice_kind"]
    assert (kind.value, kind.status, kind.alternates) == ("ordinary", Status.DOUBTFUL, ("special",))


def test_further_copies_do_not_double_the_items() -> None:
    first, second = paper(), replace(paper(), number=2)
    assert values(extract([first, second])) == EXPECTED["paper"]


def test_nothing_in_nothing_out() -> None:
    fields = extract([page()])
    assert set(values(fields)) == {"issued_by_tax_bureau"}
