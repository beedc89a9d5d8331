"""Declared against read: equal only when equal, refused only when clear."""

from __future__ import annotations

import unicodedata
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from extractors.model import Field, Kind, Status
from validators.compare import Outcome, compare
from validators.lookalikes import alike

HANZI = st.characters(min_codepoint=0x4E00, max_codepoint=0x9FA5)
NAMES = st.text(HANZI, min_size=4, max_size=24)


def read(value: object, status: Status = Status.READ, confidence: float = 0.995, **more: object) -> Field:
    return Field.model_validate({"value": value, "raw": str(value), "status": status, "confidence": confidence, **more})


def outcome(kind: Kind, expected: object, value: object, **more: object) -> Outcome:
    return compare(kind, expected, read(value, **more)).outcome  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "expected", "value"),
    [
        (Kind.ORGANISATION, "杭州云帆（集团）有限公司", "杭州云帆(集团)有限公司"),
        (Kind.ORGANISATION, "杭州 云帆 数字科技有限公司", "杭州云帆数字科技有限公司"),
        (Kind.ORGANISATION, "ＡＢＣ 科技有限公司", "abc科技有限公司"),
        (Kind.PERSON, "阿卜杜拉·买买提", "阿卜杜拉•买买提"),
        (Kind.PERSON, "张三", "张 三"),
        (Kind.PERSON, "张三", "杭州云帆投资有限公司（委派代表：张三）"),
        (Kind.PERSON, "JOHN SMITH", "John  Smith"),
        (Kind.ADDRESS, "西湖区文三路90号", "浙江省杭州市西湖区文三路90号"),
        (Kind.ADDRESS, "浙江杭州市西湖区文三路90号12楼", "浙江省杭州市西湖区文三路90号十二楼"),
        (Kind.BANK, "工行杭州高新支行", "中国工商银行股份有限公司杭州高新支行"),
        (Kind.BANK, "杭州联合农村商业银行股份有限公司城东支行", "杭州联合农村商业银行城东支行"),
        (Kind.CAPITAL, "500万元", Decimal(5000000)),
        (Kind.CAPITAL, "伍佰万元整", Decimal(5000000)),
        (Kind.CAPITAL, "5,000,000.00", Decimal("5000000")),
        (Kind.CAPITAL, "50万美元", "500000 USD"),
        (Kind.MONEY, "112.20", Decimal("112.2")),
        (Kind.MONEY_IN_WORDS, "112.20", "壹佰壹拾贰圆贰角整"),
        (Kind.DATE, "2019年3月5日", date(2019, 3, 5)),
        (Kind.DATE, date(2019, 3, 5), date(2019, 3, 5)),
        (Kind.ID_NUMBER, "610104620927690", "610104196209276908"),
        (Kind.ID_NUMBER, "11010519491231002x", "11010519491231002X"),
        (Kind.ACCOUNT_NUMBER, "3301 0401 6000 1234 567", "3301040160001234567"),
        (Kind.PERMIT_NUMBER, "290002611984", "2900-02611984"),
        (Kind.FLAG, True, True),
    ],
)
def test_the_same_written_otherwise_is_equal(kind: Kind, expected: object, value: object) -> None:
    assert outcome(kind, expected, value) is Outcome.EQUAL


@pytest.mark.parametrize(
    ("kind", "expected", "value"),
    [
        (Kind.ORGANISATION, "杭州云帆数字科技有限公司", "杭州云凡数字科技有限公司"),
        (Kind.ORGANISATION, "杭州云帆科技有限公司", "杭州云帆数字科技有限公司"),
        (Kind.ORGANISATION, "杭州云帆股份有限公司", "杭州云帆有限公司"),
        (Kind.PERSON, "张晓明", "张晓"),
        (Kind.PERSON, "李四", "杭州云帆投资有限公司（委派代表：张三）"),
        (Kind.PERSON, "张晓明", "李晓明"),
        (Kind.BANK, "中国银行杭州高新支行", "中国农业银行杭州高新支行"),
        (Kind.CAPITAL, "500万元", Decimal(1000000)),
        (Kind.DATE, "2019-03-05", date(2020, 11, 5)),
        (Kind.DATE, "长期", date(2020, 11, 5)),
        (Kind.ACCOUNT_NUMBER, "3301040160001234567", "3301040160001234564"),
        (Kind.CREDIT_CODE, "91330100799655058B", "91440300708461136T"),
    ],
)
def test_a_clear_difference_is_different(kind: Kind, expected: object, value: object) -> None:
    assert outcome(kind, expected, value) is Outcome.DIFFERENT


@pytest.mark.parametrize(
    ("kind", "expected", "value"),
    [
        (Kind.ORGANISATION, "杭州未来科技有限公司", "杭州末来科技有限公司"),
        (Kind.ORGANISATION, "瑞安市五金有限公司", "端安市五金有限公司"),
        (Kind.ORGANISATION, "杭州云帆(数字)有限公司", "杭州云帆数字有限公司"),
        (Kind.ORGANISATION, "杭州云帆数字科技有限公司", "杭州云帆数字科技有限公"),
        (Kind.PERSON, "阿卜杜拉·买买提", "阿卜杜拉买买提"),
        (Kind.PERSON, "JOHN SMITH", "JOHNSMITH"),
        (Kind.PERSON, "JOHN SMITH", "SMITH JOHN"),
        (Kind.ACCOUNT_NUMBER, "3301040160001234568", "3301040160001234563"),
        (Kind.ACCOUNT_NUMBER, "3301040160001234567", "330104016001234567"),
        (Kind.DATE, "2018-03-05", date(2013, 3, 5)),
    ],
)
def test_what_a_misreading_explains_goes_to_a_person(kind: Kind, expected: object, value: object) -> None:
    assert outcome(kind, expected, value) is Outcome.CONFUSABLE


@pytest.mark.parametrize(
    ("kind", "expected", "value"),
    [
        (Kind.ADDRESS, "杭州市西湖区文三路90号", "杭州市西湖区文三路94号"),
        (Kind.ADDRESS, "杭州市西湖区文三路90号", "杭州市拱墅区文三路90号"),
        (Kind.BANK, "中国工商银行", "中国工商银行杭州高新支行"),
        (Kind.BANK, "工行杭州高新支行", "工行杭州城东支行"),
        (Kind.CAPITAL, "500", Decimal(5000000)),
        (Kind.CAPITAL, "500万元", "5000000 USD"),
        (Kind.TEXT, "餐饮", "零售"),
        (Kind.DATE, "去年春天", date(2019, 3, 5)),
    ],
)
def test_what_cannot_be_told_is_never_refused_nor_equal(kind: Kind, expected: object, value: object) -> None:
    assert outcome(kind, expected, value) in (Outcome.UNCERTAIN, Outcome.CONFUSABLE)


def test_a_reading_that_does_not_hold_proves_nothing() -> None:
    name, other = "杭州云帆科技有限公司", "杭州远航贸易有限公司"
    assert outcome(Kind.ORGANISATION, name, name, status=Status.DOUBTFUL) is Outcome.UNCERTAIN
    assert outcome(Kind.ORGANISATION, name, other, confidence=0.7) is Outcome.UNCERTAIN
    assert outcome(Kind.ORGANISATION, name, other, alternates=(name,)) is Outcome.UNCERTAIN
    # One character of ten with a mean of 0.96 may be the misread one; six of ten are not.
    assert outcome(Kind.ORGANISATION, name, "杭州云凡科技有限公司", confidence=0.96) is Outcome.UNCERTAIN
    assert outcome(Kind.ORGANISATION, name, other, confidence=0.96) is Outcome.DIFFERENT
    assert compare(Kind.ORGANISATION, name, Field()).outcome is Outcome.UNCERTAIN
    assert compare(Kind.ORGANISATION, "", read(name)).outcome is Outcome.UNCERTAIN


def test_look_alikes_do_not_excuse_a_number_check_digits_vouch_for() -> None:
    declared, printed = "91330100799655056B", "91330100799655058B"  # 6 and 8 look alike
    assert outcome(Kind.CREDIT_CODE, declared, printed) is Outcome.CONFUSABLE
    assert outcome(Kind.CREDIT_CODE, declared, printed, status=Status.VERIFIED) is Outcome.DIFFERENT


def test_a_long_term_equals_a_long_term_only() -> None:
    indefinite = Field(raw="2009年10月12日至长期", status=Status.READ, confidence=0.97)
    assert compare(Kind.DATE, "长期", indefinite).outcome is Outcome.EQUAL
    assert compare(Kind.DATE, "2039-10-10", indefinite).outcome is Outcome.DIFFERENT


@given(NAMES)
def test_a_name_equals_itself(name: str) -> None:
    for kind in (Kind.ORGANISATION, Kind.PERSON, Kind.ADDRESS, Kind.BANK, Kind.TEXT, Kind.CHOICE):
        assert outcome(kind, name, name) is Outcome.EQUAL


@given(NAMES, st.data())
def test_one_other_character_is_a_different_name(name: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(name) - 1))
    char = data.draw(HANZI)
    assume(unicodedata.normalize("NFKC", name) == name and unicodedata.normalize("NFKC", char) == char)
    assume(char != name[place] and not alike(char, name[place]))
    altered = name[:place] + char + name[place + 1 :]
    for kind in (Kind.ORGANISATION, Kind.PERSON):
        assert outcome(kind, name, altered) is Outcome.DIFFERENT


@given(st.text("0123456789", min_size=8, max_size=20), st.integers(0, 19), st.sampled_from("0123456789"))
def test_one_other_digit_is_never_equal(number: str, place: int, digit: str) -> None:
    place %= len(number)
    assume(number[place] != digit)
    altered = number[:place] + digit + number[place + 1 :]
    for kind in (Kind.ACCOUNT_NUMBER, Kind.CREDIT_CODE, Kind.ID_NUMBER, Kind.INVOICE_NUMBER, Kind.DIGITS):
        assert outcome(kind, number, number) is Outcome.EQUAL
        assert outcome(kind, number, altered) in (Outcome.DIFFERENT, Outcome.CONFUSABLE)


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.dates(date(1950, 1, 1), date(2099, 12, 31)))
def test_dates_are_equal_when_they_are(one: date, other: date) -> None:
    assert (outcome(Kind.DATE, one.isoformat(), other) is Outcome.EQUAL) == (one == other)


@given(st.decimals(0, 10**9, places=2), st.decimals(0, 10**9, places=2))
def test_amounts_are_equal_when_they_are(one: Decimal, other: Decimal) -> None:
    assert outcome(Kind.MONEY, f"{one:,}", one) is Outcome.EQUAL
    assert (outcome(Kind.MONEY, str(one), other) is Outcome.EQUAL) == (one == other)


@given(st.sampled_from(Kind), st.text(max_size=30), st.text(max_size=30))
def test_any_texts_are_answered(kind: Kind, one: str, other: str) -> None:
    assert compare(kind, one, read(other)).outcome in Outcome


@pytest.mark.parametrize(
    ("kind", "declared", "printed", "outcome"),
    [
        (Kind.TAX_ID, "91330100799655058B", "330100799655058", Outcome.EQUAL),
        (Kind.ORGANISATION_CODE, "91330100799655058B", "799655058", Outcome.EQUAL),
        (Kind.ORGANISATION_CODE, "91330100799655058B", "60003734-1", Outcome.DIFFERENT),
        (Kind.TAX_ID, "91330100799655058B", "330100799655050", Outcome.DIFFERENT),  # no organisation code
        (Kind.ACCOUNT_NUMBER, "91330100799655058B", "330100799655058", Outcome.DIFFERENT),
    ],
)
def test_an_older_number_of_the_same_organisation_is_its_own(kind, declared, printed, outcome):
    read = Field(value=printed, raw=printed, status=Status.VERIFIED, confidence=0.99)
    assert compare(kind, declared, read).outcome is outcome


def test_a_scrap_read_behind_a_long_name_asks_a_person() -> None:
    name = "西安市雁塔区嘉禾社会工作服务中心"
    for printed, outcome in ((f"{name}务。", Outcome.CONFUSABLE), (f"{name}分中心", Outcome.DIFFERENT)):
        read = Field(value=printed, raw=printed, status=Status.READ, confidence=0.99)
        assert compare(Kind.ORGANISATION, name, read).outcome is outcome
