"""What follows from an invoice's fields: rates, sign, and for whom a tax bureau issued it. All names are invented."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors._invoice_derived import completed
from extractors.model import Field, FieldValue, Item, Status

NAME, TAX_ID = "杭州青禾贸易有限公司", "91330106MA2ABCDE3X"
BUREAU = "国家税务总局杭州市西湖区税务局"


def read(value: FieldValue, status: Status = Status.READ) -> Field:
    return Field(value=value, raw=str(value), status=status, confidence=0.99, page=1)


def told(**values: FieldValue) -> dict[str, Field]:
    return completed({name: read(value) for name, value in values.items()})


def items(*rates: str, tax: str | None = None) -> FieldValue:
    return [Item(amount=Decimal(100), tax_rate=rate, tax=Decimal(tax) if tax else None) for rate in rates]


@pytest.mark.parametrize(
    ("rates", "family"),
    [
        (("13%",), "general"), (("6%", "9%"), "general"), (("17%", "免税"), "general"), (("3%",), "levy"),
        (("1%", "1.5%"), "levy"), (("按3%简易征收",), "levy"), (("0%",), "zero"), (("零税率",), "zero"),
        (("免税", "不征税"), "exempt"), (("***",), "exempt"), (("13%", "3%"), "mixed"), (("6%", "0%"), "mixed"),
    ],
)  # fmt: skip
def test_rate_family(rates: tuple[str, ...], family: str) -> None:
    found = told(items=items(*rates))["rate_family"]
    assert (found.value, found.status) == (family, Status.READ)


def test_a_rate_that_was_not_read_leaves_the_family_open() -> None:
    assert "rate_family" not in told(items=items(""))
    partly = told(items=items("13%", ""))["rate_family"]
    assert (partly.value, partly.status) == ("general", Status.DOUBTFUL)
    # Stars beside a tax: only the difference is taxed, the rate is not printed.
    assert "rate_family" not in told(items=items("***", tax="3.00"))


def test_lines_that_do_not_make_up_the_amount_may_lack_one_of_another_rate() -> None:
    found = told(items=items("13%"), amount=Decimal(250))["rate_family"]
    assert (found.status, found.reason) == (Status.DOUBTFUL, "sums_differ")


@given(st.decimals(min_value=Decimal("0.01"), max_value=Decimal(10**8), places=2), st.booleans())
def test_the_sign_of_the_total_is_the_colour(amount: Decimal, red: bool) -> None:
    found = told(total=-amount if red else amount, amount=-amount if red else amount)["is_red"]
    assert (found.value, found.status) == (red, Status.READ)


@pytest.mark.parametrize(
    "values",
    [
        {"total": Decimal(100), "total_in_words": "(负数)壹佰圆整"},
        {"total": Decimal(-100), "total_in_words": "壹佰圆整"},
        {"total": Decimal(100), "remarks": "对应正数发票代码:3300184130号码:12345678"},
    ],
)
def test_signs_that_differ_are_doubtful(values: dict[str, FieldValue]) -> None:
    assert told(**values)["is_red"].status is Status.DOUBTFUL


def test_without_any_sum_nothing_is_said_of_the_colour() -> None:
    assert "is_red" not in told(seller_name=NAME)


@pytest.mark.parametrize(
    ("remarks", "code", "number"),
    [
        ("对应正数发票代码:3300184130 号码:12345678", "3300184130", "12345678"),
        ("对应正数发票代码：033001900311号码：12345678代开企业税号：1", "033001900311", "12345678"),
        ("被红冲蓝字数电票号码：24332000000012345678 红字发票信息确认单编号：33012412345678901234", None,
         "24332000000012345678"),
        ("被红冲蓝字数电发票号码:24332000000012345678", None, "24332000000012345678"),
        ("开具红字增值税专用发票信息表编号3301062212345678", None, None),
    ],
)  # fmt: skip
def test_the_blue_invoice_a_red_one_cancels(remarks: str, code: str | None, number: str | None) -> None:
    fields = told(total=Decimal(-100), remarks=remarks)
    assert fields["is_red"].value is True
    assert fields.get("original_invoice_code", Field()).value == code
    assert fields.get("original_invoice_number", Field()).value == number


@pytest.mark.parametrize("gap", ["", " ", "；", ",", "\n"])
@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize("words", [("代开企业名称", "代开企业税号"), ("代开单位名称", "代开单位税号"),
                                   ("代开纳税人名称", "代开纳税人识别号")])  # fmt: skip
def test_the_remarks_name_the_real_seller(gap: str, order: tuple[int, int], words: tuple[str, str]) -> None:
    parts = (f"{words[0]}：{NAME}", f"{words[1]}：{TAX_ID}")
    fields = told(seller_name=BUREAU, remarks=gap.join(parts[i] for i in order) + gap + "合同号：HT-7")
    assert (fields["issued_by_tax_bureau"].value, fields["issued_by_tax_bureau"].status) == (True, Status.READ)
    assert fields["actual_seller_name"].value == NAME
    assert fields["actual_seller_tax_id"].value == TAX_ID


@pytest.mark.parametrize(
    "seller",
    [BUREAU, BUREAU + "（代开机关）", "苏州市吴中区国家税务局第五税务所", "国家税务总局苏州市税务局第三税务分局",
     "杭州市地方税务局", "国家税务总局杭州市税务局办税服务厅"],
)  # fmt: skip
def test_a_bureau_as_seller(seller: str) -> None:
    found = told(seller_name=seller)["issued_by_tax_bureau"]
    assert (found.value, found.status, found.reason) == (True, Status.READ, "tax_bureau")


@pytest.mark.parametrize(
    "values",
    [
        {"seller_name": NAME, "remarks": "已在国家税务总局杭州市税务局备案"},
        {"seller_name": "杭州中正税务师事务所有限公司"},
        {"seller_name": NAME, "buyer_name": BUREAU},
        {"seller_name": NAME, "remarks": "严禁代开发票，联系国家税务总局杭州市税务局"},
        {"seller_name": NAME, "drawer": "电子税务局"},
    ],
)
def test_harmless_mentions_are_no_sign(values: dict[str, FieldValue]) -> None:
    found = told(**values)["issued_by_tax_bureau"]
    assert (found.value, found.status) == (False, Status.READ)


@pytest.mark.parametrize(
    "values",
    [
        {"seller_name": "国家税务总局杭州市税务局机关服务中心"},
        {"seller_name": NAME, "remarks": "本发票由他方代开"},
        {"seller_name": NAME, "remarks": "税收完税凭证号:330106123456"},
        {"seller_name": NAME, "drawer": "杭州市税务局"},
    ],
)
def test_signs_that_may_mean_something_else_need_a_person(values: dict[str, FieldValue]) -> None:
    fields = told(**values)
    assert (fields["issued_by_tax_bureau"].value, fields["issued_by_tax_bureau"].status) == (True, Status.DOUBTFUL)
    assert all(f.status is Status.DOUBTFUL for name, f in fields.items() if name.startswith("actual_seller"))


def test_a_counters_code_tells_the_bureau() -> None:
    assert told(seller_name=NAME, seller_tax_id="133010600DK00101")["issued_by_tax_bureau"].value is True


def test_a_marked_invoice_of_no_bureau_is_its_sellers_own() -> None:
    marked = read(True).model_copy(update={"reason": "marked"})
    fields = completed({"seller_name": read("张三"), "seller_tax_id": read(TAX_ID), "issued_by_tax_bureau": marked})
    assert (fields["actual_seller_name"].value, fields["actual_seller_tax_id"].value) == ("张三", TAX_ID)
    assert told(seller_name="张三（代开）")["actual_seller_name"].value == "张三"


def test_a_seller_that_was_not_read_leaves_it_open() -> None:
    assert told(total=Decimal(1))["issued_by_tax_bureau"].status is Status.DOUBTFUL


def test_a_name_cut_short_in_the_remarks_is_doubtful() -> None:
    found = told(seller_name=BUREAU, remarks="代开企业名称:杭州青禾贸易有")["actual_seller_name"]
    assert found.status is Status.DOUBTFUL


def test_what_is_there_is_never_changed() -> None:
    given_fields = {
        "seller_name": read(BUREAU), "is_red": read(True), "total": read(Decimal(1)), "rate_family": read("zero"),
        "items": read(items("13%")), "issued_by_tax_bureau": read(False), "tax": Field(),
    }  # fmt: skip
    fields = completed(given_fields)
    assert {name: fields[name] for name in given_fields} == given_fields
    assert completed(fields) == fields


@given(st.text(max_size=60))
def test_any_remarks_are_borne(text: str) -> None:
    completed({"seller_name": read(BUREAU), "remarks": read(text), "total": read(Decimal(1))})


@pytest.mark.parametrize("tax_id", ["9133U0MAPTNU56", "91330106MA2ABCD", "9133010"])
def test_a_misread_number_in_the_remarks_makes_the_name_beside_it_doubtful(tax_id: str) -> None:
    fields = told(seller_name=BUREAU, remarks=f"代开企业税号:{tax_id}代开企业名称:{NAME}")
    assert fields["actual_seller_tax_id"].status is Status.DOUBTFUL
    assert (fields["actual_seller_name"].value, fields["actual_seller_name"].status) == (NAME, Status.DOUBTFUL)
