"""Payloads of invoices' QR codes: every known form gives its fields, anything else gives nothing."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.invoice_qr import parse

CODE, NUMBER, DIGITAL = "033002000211", "83089600", "24322000000489101700"


def values(text: str) -> dict[str, object]:
    found = parse(text)
    assert found is not None
    return {name: field.value for name, field in found.items()}


@pytest.mark.parametrize(
    ("sign", "kind", "meaning"),
    [("01", "special", "amount"), ("04", "ordinary", "amount"), ("08", "electronic_special", "amount"),
     ("10", "electronic_ordinary", "amount"), ("11", "roll", "amount_or_total"), ("14", "toll", "amount_or_total"),
     ("15", "used_vehicle", "amount_or_total"), ("03", "vehicle", "amount_or_total")],
)  # fmt: skip
def test_what_the_amount_means_follows_from_the_kind(sign, kind, meaning):
    found = values(f"01,{sign},{CODE},{NUMBER},510.68,20200723,16197833567414507400,A1B2,")
    assert found == {
        "invoice_kind": kind, "invoice_code": CODE, "invoice_number": NUMBER, meaning: Decimal("510.68"),
        "issued_on": date(2020, 7, 23), "check_code": "16197833567414507400",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("sign", "kind"),
    [("31", "digital_special"), ("32", "digital_ordinary"), ("08", "digital_special"), ("10", "digital_ordinary")],
)
def test_digital_ones_have_a_number_of_20_digits_and_hold_the_total(sign, kind):
    assert values(f"01,{sign}, ,{DIGITAL},20000.00,20241205, ,F366") == {
        "invoice_kind": kind, "invoice_number": DIGITAL, "total": Decimal("20000.00"), "issued_on": date(2024, 12, 5),
    }  # fmt: skip
    assert values(f"01,{sign},{DIGITAL},,20000,20241205,,")["invoice_number"] == DIGITAL


def test_kinds_nobody_knows_are_left_open():
    assert "invoice_kind" not in values(f"01,02,,{DIGITAL},666.00,20241205,,")
    swapped = values(f"01,00,00152800,{CODE},3,20170414,16197833567414507400")
    assert (swapped["invoice_number"], swapped["invoice_code"]) == ("00152800", CODE)
    assert swapped["amount_or_total"] == 3
    assert "invoice_kind" not in swapped


def test_an_electronic_special_one_may_call_itself_special():
    assert values(f"01,01,033002000213,{NUMBER},1,20210101")["invoice_kind"] == "electronic_special"


@pytest.mark.parametrize("end", ["", ",", ",510.68", ",510.68,20200723", ",510.68,20200723,,", ",,,"])
def test_parts_at_the_end_may_be_missing(end):
    found = values(f"01,10,{CODE},{NUMBER}{end}")
    assert (found["invoice_code"], found["invoice_number"]) == (CODE, NUMBER)
    assert found.get("amount") == (Decimal("510.68") if "510" in end else None)
    assert "check_code" not in found


def test_spaces_and_full_width_signs_do_not_matter():
    expected = values(f"01,10,{CODE},{NUMBER},510.68,20200723,16197833567414507400,A1B2,")
    assert values(f" 01，10， {CODE} ，{NUMBER}，５１０．６８，2020 07 23，1619783356 7414507400，A1B2，\n") == expected
    assert values(f"\ufeff01,10,{CODE},{NUMBER},¥510.68,2020-07-23,16197833567414507400") == expected


@pytest.mark.parametrize(
    ("written", "amount"),
    [("64.9", "64.90"), ("-14.16", "-14.16"), ("1.0E7", "10000000.00"), ("1.2345678E7", "12345678.00"), ("0", "0.00"),
     ("94339.61999999999", "94339.62"), ("99,99", None), ("12.345", None), ("1e99", None), ("--1", None), ("", None)],
)  # fmt: skip
def test_amounts(written, amount):
    found = values(f"01,01,3400161130,{NUMBER},{written},20200723")
    if "," in written:  # cut in two: whatever comes of it, it is not 99.99
        assert found.get("amount") == 99
    else:
        assert found.get("amount") == (Decimal(amount) if amount else None)


@pytest.mark.parametrize("day", ["20201301", "20200230", "00010101", "2020", "99999999", "abcdefgh"])
def test_days_that_are_none_are_left_out(day):
    assert "issued_on" not in values(f"01,10,{CODE},{NUMBER},1,{day}")


def test_the_last_six_of_a_check_code_count_and_other_lengths_do_not():
    assert values(f"01,10,{CODE},{NUMBER},1,20200723,507400")["check_code"] == "507400"
    assert "check_code" not in values(f"01,10,{CODE},{NUMBER},1,20200723,1234567")


@pytest.mark.parametrize(
    "text",
    [
        "", "https://www.example.com/", "http://bj.gsxt.gov.cn/%7Babc%7D", "WIFI:T:WPA;S:x;;", "01,10", "6901234567892",
        f"02,10,{CODE},{NUMBER},1,20200723", f"01,10,{CODE},1234567,1,20200723", f"01,10,,{NUMBER},1,20200723",
        f"01,x,{CODE},{NUMBER}", f"01,10,12345,{NUMBER}", "01,10,一二三,四五六", f"{CODE},{NUMBER},1",
        f"https://evil.example/?fpdm={CODE}&fphm={NUMBER}", f"https://notchinatax.gov.cn/?fphm={NUMBER}",
        "https://[", "01,10," + "9" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_invoice_gives_nothing(text):
    assert parse(text) is None


def test_addresses_of_the_tax_administration():
    found = values("https://bcfp.shenzhen.chinatax.gov.cn/verify/scan?hash=00ff&bill_num=09707100&total_amount=41300")
    assert found == {"invoice_number": "09707100", "total": Decimal("413.00")}
    found = values(f"https://inv-veri.chinatax.gov.cn/?fpdm={CODE}&fphm={NUMBER}&kprq=20200723&jym=507400")
    assert (found["invoice_code"], found["issued_on"]) == (CODE, date(2020, 7, 23))


@given(
    sign=st.sampled_from(["01", "04", "08", "10"]),
    code=st.from_regex(r"[0-9]{10}|[0-9]{12}", fullmatch=True),
    number=st.from_regex(r"[0-9]{8}", fullmatch=True),
    cents=st.integers(-(10**11), 10**11),
    day=st.dates(date(1994, 1, 1), date(2199, 12, 31)),
    check_code=st.from_regex(r"[0-9]{20}|", fullmatch=True),
    swapped=st.booleans(),
)
def test_what_is_written_is_read(sign, code, number, cents, day, check_code, swapped):
    amount = Decimal(cents) / 100
    named = (number, code) if swapped else (code, number)
    found = values(f"01,{sign},{named[0]},{named[1]},{amount},{day:%Y%m%d},{check_code},ABCD,")
    assert (found["invoice_code"], found["invoice_number"], found["amount"]) == (code, number, amount)
    assert (found["issued_on"], found.get("check_code", "")) == (day, check_code)


@given(st.text() | st.from_regex(r"[01,]{0,4}[0-9,.eE ，]{0,80}") | st.from_regex(r"https?://[ -~]{0,80}"))
def test_junk_never_raises(text):
    found = parse(text)
    assert found is None or found["invoice_number"].value
