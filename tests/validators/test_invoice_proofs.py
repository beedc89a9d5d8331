"""Each proof of an invoice by itself: what it takes, what it refuses, and what it leaves open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from extractors.model import Item, Source, Status
from tests.invoices_by_hand import BUYER, KINDS, invoice, line, proven, record, rounded
from validators.findings import Verdict, catalogue
from validators.invoice_proofs import title_of
from validators.proofs._invoice_rates import in_force
from validators.proofs._invoice_values import kinds

LINES = [line("*电子元件*电阻", "13%", "1999.12", "7")]
OLD = {
    "invoice_kind": "electronic_ordinary", "invoice_code": "033002000211", "invoice_number": "83089647",
    "issued_on": date(2020, 7, 23), "check_code": "16197833567414507415",
}  # fmt: skip


CameTo = tuple[str, list[str]]


def came_to(id_: str, source: Source = Source.OCR, /, lines: list[Item] = LINES, **changes: Any) -> CameTo:
    """What one proof comes to for an invoice with these changes, and the codes found."""
    _, findings, proofs = proven(record(invoice(lines, **changes)), source)
    return proofs[id_].result if id_ in proofs else "left out", [f.code for f in findings]


@pytest.mark.parametrize(
    ("day", "rates"),
    [
        (date(2016, 9, 19), "17 13 11 6 5 3 2 1.5"), (date(2017, 7, 1), "17 11 6 5 3 2 1.5"),
        (date(2018, 5, 1), "16 10 6 5 3 2 1.5"), (date(2019, 3, 31), "16 10 6 5 3 2 1.5"),
        (date(2019, 4, 1), "13 9 6 5 3 2 1.5"), (date(2020, 3, 1), "13 9 6 5 3 2 1.5 1"),
        (date(2026, 1, 1), "13 9 6 5 3 2 1.5 1 0.5"), (date(2010, 1, 1), "17 13 6 4 3 2"),
    ],
)  # fmt: skip
def test_rates_in_force(day: date, rates: str) -> None:
    assert in_force(day) == {Decimal(rate) for rate in rates.split()}


@pytest.mark.parametrize(
    ("rate", "day", "result", "verdict"),
    [
        ("16%", date(2019, 3, 31), "passed", None),
        ("16%", date(2019, 4, 1), "failed", Verdict.REVIEW),  # lawful for a sale of before
        ("9%", date(2018, 12, 1), "failed", Verdict.REJECT),
        ("7%", date(2020, 7, 23), "failed", Verdict.REVIEW),
        ("1%", date(2020, 2, 29), "failed", Verdict.REJECT),
    ],
)  # fmt: skip
def test_a_rate_and_its_day(rate: str, day: date, result: str, verdict: Verdict | None) -> None:
    code = {"issued_on": day, "invoice_code": f"03300{day:%y}00211"}
    values = invoice([line("*商品*甲", rate, "1000.00")], **OLD | code)
    _, findings, proofs = proven(record(values), Source.XML)
    assert proofs["invoice.rates"].result == result
    assert [f.verdict for f in findings] == ([verdict] if verdict else [])
    assert {f.verdict for f in proven(record(values))[1]} <= {Verdict.REVIEW}


@pytest.mark.parametrize(
    ("changes", "result", "found"),
    [
        ({}, "passed", []),
        ({"invoice_number": "24322000000365404822"}, "failed", ["INVOICE_YEAR_DIFFERS"]),
        ({"invoice_number": "25952000000365404822"}, "passed", []),  # Shenzhen
        ({"issued_on": None}, "not_checked", []),
        (OLD, "passed", []),
        (OLD | {"invoice_code": None}, "not_checked", []),
        (OLD | {"invoice_code": "033001600211"}, "passed", []),  # given out years before
        (OLD | {"invoice_code": "033002100211"}, "failed", ["INVOICE_CODE_YEAR"]),
        (OLD | {"invoice_code": "099002000211"}, "failed", ["INVOICE_CODE_REGION"]),
        (OLD | {"invoice_code": "021022000211"}, "passed", []),  # Dalian, planned apart from its province
    ],
)  # fmt: skip
def test_what_is_inside_code_and_number(changes: dict[str, Any], result: str, found: list[str]) -> None:
    assert came_to("invoice.number_structure", **changes) == (result, found)


@pytest.mark.parametrize(
    ("changes", "result", "found"),
    [
        (OLD, "passed", []),
        (OLD | {"invoice_code": "033002000213"}, "failed", ["INVOICE_CODE_KIND"]),
        (OLD | {"invoice_code": "033002000226"}, "not_checked", []),  # a code that tells no kind
        (OLD | {"invoice_kind": None}, "not_checked", []),
        (OLD | {"invoice_code": None, "invoice_kind": "digital_special"}, "failed",
         ["INVOICE_NUMBER_KIND", "INVOICE_KIND_TOO_EARLY"]),
        ({"invoice_kind": "electronic_special"}, "failed", ["INVOICE_NUMBER_KIND"]),
        ({"invoice_kind": "vehicle"}, "passed", []),  # fully digital under the same title
        (OLD | {"issued_on": date(2013, 7, 23), "invoice_code": "033001300211"}, "failed", ["INVOICE_KIND_TOO_EARLY"]),
    ],
)  # fmt: skip
def test_the_kind_and_its_code(changes: dict[str, Any], result: str, found: list[str]) -> None:
    lines = [line("*书*书", "6%", "100.00")]
    assert came_to("invoice.kind", lines=lines, **changes) == (result, found)


def test_structures_learnt_from_practice_never_refuse() -> None:
    values = invoice(LINES, **OLD | {"invoice_code": "099002100213"})
    for source in (Source.XML, Source.OFD, Source.TEXT):
        assert {f.verdict for f in proven(record(values, values), source)[1]} == {Verdict.REVIEW}


def test_buyer_and_seller_are_two() -> None:
    assert came_to("invoice.parties", seller_tax_id=BUYER) == ("failed", ["INVOICE_SAME_PARTY"])


def test_one_number_for_both_is_not_verified_on_a_picture() -> None:
    values = invoice(LINES, **OLD | {"seller_tax_id": BUYER})
    told = proven(record(values, values), Source.OCR)[0]
    assert {told.fields[f"{role}_tax_id"].status for role in ("buyer", "seller")} == {Status.DOUBTFUL}
    assert came_to("invoice.parties", buyer_tax_id=None) == ("left out", [])


@pytest.mark.parametrize(
    ("number", "result"),
    [("91110108551385082Q", "passed"), ("410305123456789", "not_checked"), ("110105600037341", "not_checked"),
     (None, "not_checked")],
)  # fmt: skip
def test_a_tax_number_is_proven_where_check_digits_cover_all_of_it(number: str | None, result: str) -> None:
    found, _, proofs = proven(record(invoice(LINES, buyer_tax_id=number)))
    assert proofs["invoice.buyer_tax_id"].result == result
    assert (found.fields["buyer_tax_id"].status is Status.VERIFIED) is (result == "passed")
    assert came_to("invoice.buyer_tax_id", buyer_tax_id=None, buyer_name="个人")[0] == "left out"


@pytest.mark.parametrize(
    ("amount", "tax", "rate", "result"),
    [
        ("1000.00", "130.00", "13%", "passed"), ("1000.00", "130.06", "13%", "passed"),
        ("1000.00", "130.07", "13%", "failed"), ("1000.00", "129.93", "13%", "failed"),
        ("100.00", "3.00", "1%", "failed"), ("100.00", "0.00", "免税", "passed"), ("100.00", "13.00", "免税", "failed"),
        ("985714.29", "14285.71", "1.5%", "passed"),  # 1,000,000 with 5 % in it, reduced to 1.5 %
        ("100.00", "13.00", "", "not_checked"),
    ],
)  # fmt: skip
def test_the_tax_of_a_line(amount: str, tax: str, rate: str, result: str) -> None:
    one = Item(name="*商品*甲", amount=Decimal(amount), tax_rate=rate, tax=Decimal(tax))
    assert came_to("invoice.lines", lines=[one])[0] == result


@pytest.mark.parametrize(
    ("quantity", "price", "amount", "result"),
    [
        ("3", "8.85", "26.55", "passed"), ("3", "8.85", "26.56", "passed"), ("3", "8.85", "26.65", "failed"),
        ("300", "8.85", "2654.87", "passed"),  # 3000 with tax: the price was rounded
        ("7", "285.588571428571", "1999.12", "passed"), ("0.37", "2702.7027", "1000.00", "passed"),
        ("12", "350", "4200.00", "passed"), ("12", "360", "4200.00", "failed"), ("-12", "350", "-4200.00", "passed"),
        (None, "350", "4200.00", "passed"),
    ],
)  # fmt: skip
def test_quantity_and_price(quantity: str | None, price: str, amount: str, result: str) -> None:
    one = line("*钢材*圆钢", "13%", amount).model_copy(
        update={"quantity": Decimal(quantity) if quantity else None, "unit_price": Decimal(price)}
    )
    assert came_to("invoice.lines", lines=[one], remarks="信息表编号1")[0] == result


def test_a_discount_stands_after_what_it_discounts() -> None:
    goods, off = line("*商品*甲", "13%", "100.00"), line("*商品*甲", "13%", "-20.00")
    other = line("*商品*乙", "9%", "500.00")
    assert came_to("invoice.lines", lines=[goods, off]) == ("passed", [])
    assert came_to("invoice.lines", lines=[off, goods]) == ("failed", ["INVOICE_DISCOUNT"])
    assert came_to("invoice.lines", lines=[other, off]) == ("failed", ["INVOICE_DISCOUNT"])


def test_long_lists_drift_by_cents_and_no_further() -> None:
    def list_of(count: int, tax: str) -> list[Item]:
        return [line("*商品*甲", "3%", "97.09", tax=tax) for _ in range(count)]

    assert came_to("invoice.lines", lines=list_of(100, "2.91")) == ("passed", [])
    assert came_to("invoice.lines", lines=list_of(100, "2.89")) == ("failed", ["INVOICE_LINES_DRIFT"])


def test_a_margin_is_worked_out_where_the_remarks_tell_it() -> None:
    values = KINDS["margin"]
    assert proven(record(values))[2]["invoice.lines"].result == "passed"
    silent = proven(record(values | {"remarks": None}))
    assert (silent[2]["invoice.lines"].result, silent[1]) == ("not_checked", [])
    other = proven(record(values | {"remarks": "差额征税：3000.00。"}))
    assert (other[2]["invoice.lines"].result, other[1]) == ("not_checked", [])


def test_a_red_invoice_is_negative_and_tells_what_it_cancels() -> None:
    red = KINDS["red"]
    _, findings, proofs = proven(record(red | {"original_invoice_number": None, "remarks": None}))
    assert [f.code for f in findings] == ["INVOICE_RED_WITHOUT_ORIGINAL"]
    assert proofs["invoice.red"].result == "failed"
    codes = {f.code for f in proven(record(red | {"tax": -red["tax"]}))[1]}
    assert "INVOICE_RED_SIGNS" in codes
    blue_words = red | {"total_in_words": red["total_in_words"].removeprefix("（负数）")}
    assert "INVOICE_WORDS_MISMATCH" in {f.code for f in proven(record(blue_words))[1]}


def test_a_red_invoice_may_have_no_tax() -> None:
    free = line("*蔬菜*白菜", "免税", "-100.00")
    assert came_to("invoice.red", lines=[free], tax=Decimal("0.00"), remarks="信息表编号1") == ("passed", [])
    values = invoice([], items=None, amount=None, tax=None, total=None, total_in_words=None, is_red=True)
    assert proven(record(values))[2]["invoice.red"].result == "not_checked"


def test_an_invoice_of_a_vehicle_has_no_lines() -> None:
    values = invoice([], items=None, invoice_kind="vehicle", amount=Decimal("88495.58"), tax=Decimal("11504.42"),
                     total=Decimal("100000.00"), total_in_words="壹拾万圆整")  # fmt: skip
    found, findings, proofs = proven(record(values, values))
    assert not findings
    assert {proof.result for proof in proofs.values()} == {"passed"}
    assert not {"invoice.lines", "invoice.sums"} & set(proofs)
    assert proven(record(values | {"tax": None, "amount": None}))[2]["invoice.arithmetic"].result == "not_checked"
    used = values | {"invoice_kind": "used_vehicle", "tax": None, "amount": None}
    assert "invoice.arithmetic" not in proven(record(used))[2]
    assert found.fields["total"].status is Status.VERIFIED


@given(
    st.decimals(100, 10**6, places=2), st.sampled_from(["13", "9", "6", "3", "1"]), st.integers(0, 8),
    st.sampled_from("0123456789"), st.booleans(), st.booleans(),
)  # fmt: skip
def test_a_glyph_misread_alike_in_two_places_is_never_verified(
    amount: Decimal, rate: str, place: int, digit: str, has_line: bool, loses_it: bool
) -> None:
    """Amount, total and the one line begin alike: a picture may be misread the same way in each of them."""
    tax = rounded(amount * Decimal(rate) / 100)
    texts = [f"{amount:.2f}", f"{amount + tax:.2f}"]
    place %= len(texts[0])
    assume(len(set(map(len, texts))) == 1 and texts[0][: place + 1] == texts[1][: place + 1])
    assume(texts[0][place] not in (".", digit))
    new = "" if loses_it else digit
    amount_read, total_read = (Decimal(text[:place] + new + text[place + 1 :]) for text in texts)
    assume(amount_read != amount)
    items = [Item(name="甲", amount=amount_read, tax=tax, tax_rate=f"{rate}%")] if has_line else None
    values = invoice([], items=items, amount=amount_read, tax=tax, total=total_read, total_in_words=None)
    found, _, _ = proven(record(values))
    assert {found.fields[name].status for name in ("amount", "total")} <= {Status.READ, Status.DOUBTFUL}
    if abs(amount_read - amount) * Decimal(rate) / 100 > Decimal("0.2"):
        assume(not any(abs(amount_read * r / 100 - tax) < Decimal("0.1") for r in in_force(date(2025, 8, 8))))
        assert {found.fields[name].status for name in ("amount", "total")} == {Status.DOUBTFUL}


def test_all_that_can_be_told_has_words() -> None:
    ids = {id_ for values in KINDS.values() for id_ in proven(record(values, values))[2]}
    assert all(title_of(id_).zh and title_of(id_).en for id_ in ids)
    assert {"invoice.readings", "invoice.red", "invoice.check_code"} <= ids
    assert all(known.codes or known.since >= date(2021, 12, 1) for known in kinds().values())
    assert {code for code in catalogue() if code.startswith("INVOICE_RED")} == {
        "INVOICE_RED_SIGNS", "INVOICE_RED_WITHOUT_ORIGINAL",
    }  # fmt: skip
