"""The head and the foot of invoices from hand-set pages: kinds by title and code, marks, remarks, parties, rolls."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors._invoice_head import kind_by_title
from extractors._invoice_parties import is_cut_short
from extractors.model import Field, Page, Status, TextLine
from extractors.vat_invoice import extract
from tests.extractors.test_vat_invoice import BUYER, SELLER, digital, electronic, line, page, paper


def swapped(whole: Page, texts: dict[str, str]) -> Page:
    """A page with the text of some lines replaced; an empty one is a line that was not read."""
    lines = [replace(x, text=texts.get(x.text, x.text)) for x in whole.lines]
    return replace(whole, lines=tuple(x for x in lines if x.text))


def with_lines(whole: Page, *more: TextLine) -> Page:
    return replace(whole, lines=(*whole.lines, *more))


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("增值税专用发票", "special"), ("北京增值税专用发票", "special"), ("深圳增值税普通发票", "ordinary"),
        ("浙江增值税电子普通发票", "electronic_ordinary"), ("上海增值税电子专用发票", "electronic_special"),
        ("电子发票(普通发票)", "digital_ordinary"), ("电子发票(增值税专用发票)", "digital_special"),
        ("电子发票增值税专用发票)", "digital_special"), ("电子发票(普通发票", "digital_ordinary"),
        ("电子发票统通发票)", "digital_ordinary"), ("子发票(增值税专用发票)", "digital_special"),
        ("湖北增值税晋通发票", "ordinary"), ("江苏增值税普通发票(卷票)", "roll"),
        ("浙江增值税电子普通发票(通行费)", "toll"), ("机动车销售统一发票", "vehicle"),
        ("二手车销售统一发票", "used_vehicle"), ("四川增值税电子", None), ("增值税", None),
    ],
)  # fmt: skip
def test_kinds_by_title(title: str, kind: str | None) -> None:
    assert kind_by_title(title) == kind


@given(st.sampled_from(["增值税专用发票", "增值税普通发票", "电子发票(普通发票)", "电子发票(增值税专用发票)",
                        "增值税电子普通发票", "增值税电子专用发票"]), st.data())  # fmt: skip
def test_a_title_with_a_character_lost_never_changes_special_and_ordinary(title: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(title) - 1))
    found = kind_by_title(title[:at] + title[at + 1 :])
    assert found is None or found.endswith("special") == ("专用" in title)


def test_the_code_tells_the_kind_where_the_title_was_not_read() -> None:
    twice = extract([swapped(paper(), {"江苏增值税专用发票": ""})])["invoice_kind"]
    assert (twice.value, twice.status, twice.reason) == ("special", Status.READ, "told_by_code")
    once = extract([swapped(electronic(), {"浙江增值税电子普通发票": ""})])["invoice_kind"]
    assert (once.value, once.status) == ("electronic_ordinary", Status.DOUBTFUL)
    partly = extract([swapped(electronic(), {"浙江增值税电子普通发票": "浙江增值税电子"})])["invoice_kind"]
    assert (partly.value, partly.status) == ("electronic_ordinary", Status.READ)
    other = extract([swapped(paper(), {"江苏增值税专用发票": "江苏增值税电子"})])["invoice_kind"]
    assert other.status is Status.DOUBTFUL


def test_tolls_carry_the_common_title() -> None:
    by_code = extract([swapped(electronic(), {"033001900311": "033001900312"})])["invoice_kind"]
    assert (by_code.value, by_code.status) == ("toll", Status.READ)
    marked = extract([with_lines(electronic(), line("通行费", 200, 60))])["invoice_kind"]
    assert (marked.value, marked.status) == ("toll", Status.DOUBTFUL)  # its code is that of another kind


@pytest.mark.parametrize("tag", ["收购", "成品油", "机动车", "旅客运输服务"])
def test_tags_beside_the_title_are_no_kinds(tag: str) -> None:
    assert extract([with_lines(digital(), line(tag, 250, 90))])["invoice_kind"].value == "digital_special"


def test_red_marks() -> None:
    red = {"¥125.31": "¥-125.31", "¥13.69": "¥-13.69", "(小写)¥139.00": "(小写)¥-139.00",
           "壹佰叁拾玖圆整": "(负数)壹佰叁拾玖圆整"}  # fmt: skip
    fields = extract([with_lines(swapped(electronic(), red), line("销项负数", 200, 60))])
    assert (fields["is_red"].value, fields["is_red"].status) == (True, Status.READ)
    positive = extract([with_lines(electronic(), line("销项负数", 200, 60))])["is_red"]
    assert (positive.value, positive.status) == (True, Status.DOUBTFUL)


def test_the_mark_of_a_bureau_is_looked_for_above_the_table_only() -> None:
    assert extract([with_lines(paper(), line("代 开", 300, 100))])["issued_by_tax_bureau"].value is True
    assert extract([with_lines(paper(), line("代开", 300, 700))])["issued_by_tax_bureau"].value is not True


def test_a_bureau_in_the_sellers_block_and_the_real_seller_in_the_remarks() -> None:
    bureau = {SELLER[0]: "国家税务总局苏州市税务局（代开机关）", SELLER[1]: "132050600DK00011",
              "合同编号：HT-2018-07": "代开企业税号:91320505MA1FGHJK8L 代开企业名称:苏州锦澜纺织有限公司"}  # fmt: skip
    fields = extract([swapped(paper(), bureau)])
    assert fields["issued_by_tax_bureau"].reason == "tax_bureau"
    assert fields["actual_seller_name"].value == SELLER[0]
    assert fields["actual_seller_tax_id"].value == SELLER[1]


def test_the_sellers_name_on_its_seal_is_no_remark() -> None:
    seal = line("州锦澜纺织有限公", 900, 740)
    assert extract([with_lines(paper(), seal)])["remarks"].value == "合同编号:HT-2018-07"


def test_remarks_of_digital_invoices_take_the_whole_width_and_name_clerks() -> None:
    whole = swapped(
        digital(), {"购方开户银行:中国银行西湖支行;银行账号:1234567890123456;": "购方开户银行:中国银行西湖支行;"}
    )
    fields = extract([with_lines(whole, line("银行账号:1234567890123456;", 760, 650), line("收款人：李木;", 110, 690),
                                 line("复核人：王禾;", 420, 690))])  # fmt: skip
    expected = "购方开户银行:中国银行西湖支行;银行账号:1234567890123456;收款人:李木;复核人:王禾;"
    assert fields["remarks"].value == expected
    assert fields["buyer_bank_account"].value == "中国银行西湖支行1234567890123456"
    assert (fields["payee"].value, fields["reviewer"].value, fields["drawer"].value) == ("李木", "王禾", "赵青")


def test_a_character_of_the_word_beside_a_party_may_be_joined_to_its_label() -> None:
    labels = {"名称：" + BUYER[0]: "购名称：" + BUYER[0], "名称：" + SELLER[0]: "销名称：" + SELLER[0]}
    joined = swapped(digital(), labels | {"购买方信息": "买方信息", "销售方信息": "售方信息"})
    fields = extract([joined])
    assert (fields["buyer_name"].value, fields["seller_name"].value) == (BUYER[0], SELLER[0])


@pytest.mark.parametrize("address", ["杭州市青禾路1号3-1-502 0571-81234567", "杭州市1-2-3 010-8123-4567"])
def test_dashes_of_house_and_telephone_numbers_are_no_password_area(address: str) -> None:
    found = extract([swapped(paper(), {BUYER[2]: address})])["buyer_address_phone"]
    assert (found.value, found.status) == (address.replace(" ", ""), Status.READ)


def test_a_seal_with_the_buyers_number_says_the_parties_may_be_swapped() -> None:
    whole = page(*paper().lines[:-2], line(BUYER[1], 1000, 740), line("发票专用章", 1050, 770))
    fields = extract([whole])
    assert {fields[name].status for name in ("buyer_name", "seller_name", "seller_tax_id")} == {Status.DOUBTFUL}


@pytest.mark.parametrize("tax_id", ["91320505MA1FGHJ", "91320505MA1FGHJ8L", "92320505MA1FGHJ"])
def test_the_beginning_of_a_credit_code_is_no_older_number(tax_id: str) -> None:
    assert extract([swapped(paper(), {BUYER[1]: tax_id})])["buyer_tax_id"].status is Status.DOUBTFUL


def roll(prefix: bool = True, wrapped: bool = True) -> Page:
    """A roll; its values wrap at the edge, and numbers may name no party."""
    seller, buyer = ("销售方", "购买方") if prefix else ("", "")
    texts = [
        "湖北增值税普通发票（卷票）", "发票联", "发票代码042001900307", "发票号码43758630", "机打号码：43758630",
        "机器编号：498819270481",
        *(["销售方名称：上海万树供应链管理有限责", "任公司", f"{seller}纳税人识别号：91370213MAEQ3B0", "371"] if wrapped
          else ["销售方名称：上海万树供应链管理有限责任公司", f"{seller}纳税人识别号：91370213MAEQ3B0371"]),
        "开票日期：2019-11-02收款员：李木", "购买方名称：杭州青禾贸易有限公司", f"{buyer}纳税人识别号：{BUYER[1]}",
        "项目单价数量金额", "*电子计算机*笔记本电脑", "24469.78 1 24469.78", "合计金额（小写）：￥24469.78",
        "合计金额（大写）：贰万肆仟肆佰陆拾玖圆柒", "角捌分", "校验码：01139111502596382415",
    ]  # fmt: skip
    return page(*(line(text, 60, 40 + 34 * at) for at, text in enumerate(texts)), width=620, height=900)


@pytest.mark.parametrize("prefix", [True, False])
@pytest.mark.parametrize("wrapped", [True, False])
def test_a_roll(prefix: bool, wrapped: bool) -> None:
    fields = extract([roll(prefix, wrapped)])
    expected = {
        "invoice_kind": "roll", "invoice_code": "042001900307", "invoice_number": "43758630",
        "issued_on": date(2019, 11, 2), "seller_name": "上海万树供应链管理有限责任公司",
        "seller_tax_id": "91370213MAEQ3B0371", "buyer_name": BUYER[0], "buyer_tax_id": BUYER[1], "drawer": "李木",
        "total": Decimal("24469.78"), "total_in_words": "贰万肆仟肆佰陆拾玖圆柒角捌分",
        "check_code": "01139111502596382415",
    }  # fmt: skip
    assert {name: fields.get(name, Field()).value for name in expected} == expected
    assert all(fields[name].status is Status.READ for name in expected)


@given(st.sets(st.integers(0, 19), max_size=3))
@settings(max_examples=40, deadline=None)
def test_rows_of_a_roll_that_were_lost_lend_nothing(lost: set[int]) -> None:
    whole = roll()
    fields = extract([replace(whole, lines=tuple(x for at, x in enumerate(whole.lines) if at not in lost))])
    truth = extract([whole])
    for name in ("seller_name", "seller_tax_id", "buyer_name", "buyer_tax_id", "check_code"):
        found = fields.get(name, Field())
        assert found.status is not Status.READ or found.value == truth[name].value, name


def test_a_name_with_half_a_pair_of_brackets_was_not_read_whole() -> None:
    assert is_cut_short("国家税务总局某市税务局办税服务奸机关)")
    assert not is_cut_short("国家税务总局某市税务局办税服务厅(代开机关)")
