"""Dates, terms, money and forms of numbers: what is read, and what must not be guessed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lines_on_pages import at

from extractors.form import agreed, field_of, parse
from extractors.model import Kind, Status
from extractors.rows import Span
from extractors.values import (
    capital_integer,
    compact,
    find_dates,
    fold,
    parse_capital,
    parse_date,
    parse_money,
    parse_term,
    parse_words,
)

DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
GAPS = st.sampled_from(["", " ", "  "])
FORMS = ["{y}年{m}月{d}日", "{y}年{m:02}月{d:02}日", "{y}-{m:02}-{d:02}", "{y}.{m}.{d}", "{y}/{m}/{d}",
         "{y} {m:02} {d:02}"]  # fmt: skip


@given(DAYS, st.sampled_from(FORMS))
def test_printed_dates(day: date, form: str) -> None:
    assert parse_date(form.format(y=day.year, m=day.month, d=day.day)) == day


@given(DAYS, st.lists(GAPS, min_size=12, max_size=12))
def test_gaps_inside_a_printed_date_change_nothing(day: date, gaps: list[str]) -> None:
    printed = f"{day.year}年{day.month}月{day.day}日"
    spread = "".join(char + gap for char, gap in zip(printed, [*gaps, *gaps], strict=False))
    assert parse_date(spread) == day


@given(DAYS, st.integers(1, 8))
def test_a_lost_digit_gives_no_other_date_of_the_same_form(day: date, digit: int) -> None:
    """Eight digits without marks: one lost or doubled must not leave a date."""
    printed = f"{day:%Y%m%d}"
    assert parse_date(printed[: digit - 1] + printed[digit:]) is None
    assert parse_date(printed + str(digit)) is None


@given(DAYS)
def test_dates_in_full_width_and_chinese_figures(day: date) -> None:
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    assert parse_date(f"{day.year}年{day.month}月{day.day}日".translate(wide)) == day
    small = ["", *"一二三四五六七八九十", *(f"十{c}" for c in "一二三四五六七八九"), "二十",
             *(f"二十{c}" for c in "一二三四五六七八九"), "三十", "三十一"]  # fmt: skip
    year = "".join("〇一二三四五六七八九"[int(c)] for c in str(day.year))
    assert parse_date(f"{year}年{small[day.month]}月{small[day.day]}日") == day


@pytest.mark.parametrize("text", ["", "2019年13月1日", "2019年2月30日", "2019年", "约2019年3月",
                                  "2019年3月5日至2020年3月5日",
                                  "12019.03.051", "1988 5 1 4"])  # fmt: skip
def test_no_date_is_guessed(text: str) -> None:
    assert parse_date(text) is None


def test_a_mark_read_twice_counts_once() -> None:
    assert parse_date("2020年03月月12日") == date(2020, 3, 12)


def test_the_same_date_twice_is_one_date() -> None:
    assert parse_date("2019年3月5日 2019-03-05") == date(2019, 3, 5)


@given(DAYS)
def test_found_dates_stand_where_they_say(day: date) -> None:
    text = f"登记 {day.year}年{day.month}月{day.day}日 起"
    ((found, start, end),) = find_dates(text)
    assert found == day
    assert parse_date(fold(text)[start:end]) == day


@given(DAYS, DAYS, st.sampled_from(["至", "-", " 至 ", "到"]))
def test_terms(one: date, other: date, between: str) -> None:
    first, last = sorted((one, other))
    text = f"{first.year}年{first.month}月{first.day}日{between}{last.year}年{last.month}月{last.day}日"
    assert parse_term(text) == (first, last, False)
    assert parse_term(f"{first:%Y.%m.%d}-{last:%Y.%m.%d}") == (first, last, False)
    assert parse_term(f"{first:%Y-%m-%d}至长期") == (first, None, True)


@pytest.mark.parametrize("text", ["", "2019年3月5日", "2030年1月1日至2010年1月1日", "2010年1月1日至2020年1月1日至长期"])
def test_no_term_is_guessed(text: str) -> None:
    assert parse_term(text) is None


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False))
def test_money_in_figures(amount: Decimal) -> None:
    for printed in (f"{amount:.2f}", f"{amount:,.2f}", f"¥{amount:,.2f}", f"￥ {amount:.2f}", f"{amount:.2f}元"):
        assert parse_money(printed) == amount


@pytest.mark.parametrize("text", ["", "1,23.00", "12.3.4", "1 000x", "税率13%", "12,34,567.00", "O.50"])
def test_no_money_is_guessed(text: str) -> None:
    assert parse_money(text) is None


def in_words(amount: Decimal) -> str:
    """An amount as it is written on invoices, each group of four digits on its own."""
    fen = int(amount * 100)
    whole, jiao, rest = fen // 100, fen // 10 % 10, fen % 10
    figures = "零壹贰叁肆伍陆柒捌玖"

    def group(number: int) -> str:
        text = ""
        for unit, name in ((1000, "仟"), (100, "佰"), (10, "拾"), (1, "")):
            digit = number // unit % 10
            if digit:
                text += figures[digit] + name
            elif text and not text.endswith("零"):
                text += "零"
        return text.rstrip("零")

    text = ""
    for size, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        part = whole // size % 10**4
        if part:
            text += ("零" if text and part < 1000 else "") + group(part) + name
    words = text + "圆" if whole else ""
    if not jiao and not rest:
        return (words or "零圆") + "整"
    words += figures[jiao] + "角" if jiao else ("零" if whole else "")
    return words + (figures[rest] + "分" if rest else "整")


@given(st.decimals(min_value=0, max_value=10**11, places=2, allow_nan=False))
def test_money_in_words(amount: Decimal) -> None:
    words = in_words(amount)
    assert parse_words(words) == amount
    assert parse_words(words.replace("圆", "元").replace("整", "正")) == amount
    assert parse_words(f"(大写) 人民币{words}".removeprefix("(大写) ")) == amount
    if amount:
        assert parse_words(f"(负数){words}") == -amount


@pytest.mark.parametrize(("text", "amount"), [
    ("⊗柒仟零壹拾捌圆捌角叁分", "7018.83"), ("壹佰圆", "100.00"), ("伍角", "0.50"), ("贰佰圆零伍分", "200.05"),
    ("（负数）壹佰零陆圆整", "-106.00"), ("壹拾万零伍拾元整", "100050.00"), ("拾圆整", "10.00"),
])  # fmt: skip
def test_words_as_printed(text: str, amount: str) -> None:
    assert parse_words(text) == Decimal(amount)


@pytest.mark.parametrize("text", ["", "整", "柒仟口壹圆", "柒仟零壹拾捌", "abc圆", "壹圆贰圆"])
def test_no_words_are_guessed(text: str) -> None:
    assert parse_words(text) is None


@given(st.integers(1, 10**11))
def test_capital_integers(number: int) -> None:
    words = in_words(Decimal(number)).removesuffix("整").removesuffix("圆")
    assert capital_integer(words) == number


@pytest.mark.parametrize(("text", "amount", "currency"), [
    ("人民币伍佰万元整", 5_000_000, "CNY"), ("3000万元整", 30_000_000, "CNY"), ("壹亿零贰佰万元", 102_000_000, "CNY"),
    ("500万美元", 5_000_000, "USD"), ("港币壹佰万元", 1_000_000, "HKD"),
    ("1,000.50万元人民币", Decimal("10005000"), "CNY"),
    ("100.000000万元", 1_000_000, "CNY"), ("（人民币）伍拾万圆整", 500_000, "CNY"),
])  # fmt: skip
def test_registered_capital(text: str, amount: Decimal, currency: str) -> None:
    assert parse_capital(text) == (amount, currency)


@pytest.mark.parametrize("text", ["", "万元", "5OO万元", "伍佰口万元"])
def test_no_capital_is_guessed(text: str) -> None:
    assert parse_capital(text) is None


@given(st.text(max_size=40))
def test_no_text_breaks_a_parser(text: str) -> None:
    for read in (parse_date, parse_term, parse_money, parse_words, parse_capital, compact, fold):
        read(text)
    for kind in Kind:
        parse(kind, text)


NUMBERS = {
    Kind.CREDIT_CODE: "91330108MA2CG4HU6R", Kind.REGISTRATION_NUMBER: "440301103097413",
    Kind.ID_NUMBER: "34052419800101001X", Kind.APPROVAL_NUMBER: "J2900193652101", Kind.PERMIT_NUMBER: "2900-02611984",
    Kind.ACCOUNT_NUMBER: "1202026209900012345", Kind.INVOICE_CODE: "011001605111", Kind.INVOICE_NUMBER: "80100798",
}  # fmt: skip


@pytest.mark.parametrize("kind", NUMBERS)
def test_numbers_as_printed(kind: Kind) -> None:
    number = NUMBERS[kind]
    assert parse(kind, number) == number
    assert parse(kind, f" {number[:4]} {number[4:]} ") == number
    assert parse(kind, number.lower()) == number or kind is Kind.ACCOUNT_NUMBER


@pytest.mark.parametrize("kind", NUMBERS)
@pytest.mark.parametrize("extra", ["O", "l", "0", "B"])
def test_a_longer_number_is_never_cut_to_size(kind: Kind, extra: str) -> None:
    """A misread letter or a doubled digit makes it malformed; a part of it is not the number."""
    number = NUMBERS[kind]
    for text in (number + extra, extra + number, number[:6] + extra + number[6:]):
        assert parse(kind, text) in (None, text.upper() if kind is Kind.ACCOUNT_NUMBER and extra == "0" else None)


@pytest.mark.parametrize("text", ["689163495证异户称", "12345", "6222O21001234567", "-123456", "123456-", "1" * 36])
def test_what_is_no_account_number(text: str) -> None:
    assert parse(Kind.ACCOUNT_NUMBER, text) is None


def test_invoice_numbers_behind_their_sign() -> None:
    assert parse(Kind.INVOICE_NUMBER, "№ 00152846") == "00152846"
    assert parse(Kind.INVOICE_NUMBER, "No.00152846") == "00152846"


@pytest.mark.parametrize(("text", "name"), [
    ("张 三", "张三"), ("殷—琴", "殷一琴"), ("扎西•多吉", "扎西·多吉"), ("JOHN  SMITH", "JOHN SMITH"),
    (": 李四", "李四"), ("欧阳 明月", "欧阳明月"),
    ("张3", None), ("", None),
])  # fmt: skip
def test_names_of_persons(text: str, name: str | None) -> None:
    assert parse(Kind.PERSON, text) == name


def test_a_field_says_why_it_is_doubtful() -> None:
    good = field_of(Span(((at(0, 0, "2019年3月5日"),),)), Kind.DATE)
    assert (good.value, good.raw, good.status) == (date(2019, 3, 5), "2019年3月5日", Status.READ)
    bad = field_of(Span(((at(0, 0, "2019年33月5日"),),)), Kind.DATE)
    assert (bad.value, bad.status, bad.reason) == ("2019年33月5日", Status.DOUBTFUL, "malformed")
    faint = field_of(Span(((at(0, 0, "2019年3月5日", confidence=0.4),),)), Kind.DATE)
    assert (faint.value, faint.status, faint.reason) == (date(2019, 3, 5), Status.DOUBTFUL, "low_confidence")
    assert field_of(Span(), Kind.DATE).status is Status.MISSING


def test_several_prints_agree_or_make_a_field_doubtful() -> None:
    one, same, other, broken = (
        field_of(Span(((at(0, 0, text),),)), Kind.DATE) for text in ("2019年3月5日", "2019-03-05", "2019.3.6", "2019年")
    )
    assert agreed([one]) == one
    both = agreed([one, same])
    assert (both.status, both.alternates) == (Status.READ, ("2019-03-05",))
    assert (agreed([one, other]).status, agreed([one, other]).reason) == (Status.DOUBTFUL, "conflict")
    assert agreed([broken, one]).value == date(2019, 3, 5)


@pytest.mark.parametrize(
    ("name", "whole"),
    [
        ("某银行股份有限公司营业室", True), ("某银行股份", True), ("某某股份合作公司", True),
        ("某村股份经济合作社", True), ("某某有限合伙企业", True), ("某银行股份室", False),
        ("上海某科技有限责任公", False), ("上海某科技有限公", False), ("公司", False), ("有限公司", False),
        ("上海某科技有限公司7", False), ("非：上海某科技有限公司", False), ("某有限公司", False),
        ("某某有限公司", True), ("上海某科技有限", False),
        ("某某有限公司市", False), ("某某有限公司厂", True), ("某市¥某有限公司", False),
        ("66789某市某有限公司", False), ("58同城有限公司", True), ("某某&某某（上海）有限公司", True),
    ],
)  # fmt: skip
def test_a_name_whose_legal_form_breaks_off_is_doubtful(name: str, whole: bool) -> None:
    found = field_of(Span(((at(0, 0, name),),)), Kind.ORGANISATION)
    assert (found.status, found.reason) == ((Status.READ, "") if whole else (Status.DOUBTFUL, "incomplete"))


@pytest.mark.parametrize(("number", "whole"), [("19437014", False), ("1202026209900012345", True)])
def test_a_part_of_an_account_number_is_doubtful(number: str, whole: bool) -> None:
    found = field_of(Span(((at(0, 0, number),),)), Kind.ACCOUNT_NUMBER)
    assert (found.status, found.reason) == ((Status.READ, "") if whole else (Status.DOUBTFUL, "incomplete"))


@pytest.mark.parametrize("text", ["料销售;电子产品销售", "技术服务。货物进出口", "销售,运输"])
def test_a_list_of_things_is_no_persons_name(text: str) -> None:
    assert parse(Kind.PERSON, text) is None


def test_names_of_persons_keep_what_belongs_to_them() -> None:
    assert parse(Kind.PERSON, "某某公司（委派代表：张某）") is not None
    assert parse(Kind.PERSON, "阿卜杜拉·买买提") == "阿卜杜拉·买买提"
    assert parse(Kind.PERSON, "张某、李某") is not None
