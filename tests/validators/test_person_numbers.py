"""Numbers of persons' documents: published vectors, slips detected, repairs only where proven."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError

from extractors.form import parse
from extractors.model import Kind
from validators.identifiers import (
    citizen_id,
    foreign_resident_id,
    hk_id,
    hk_macau_permit,
    macau_id,
    mrz,
    passport_number,
    person_document,
    taiwan_id,
    taiwan_permit,
)
from validators.normalise import normalised

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = st.text("0123456789", min_size=6, max_size=6)
ICAO = [
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6",
    "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<",
    "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<",
]


@st.composite
def hk_numbers(draw: st.DrawFn) -> str:
    head = draw(st.text(LETTERS, min_size=1, max_size=2)) + draw(DIGITS)
    return f"{head}({hk_id.calc_check_digit(head)})"


@st.composite
def taiwan_numbers(draw: st.DrawFn) -> str:
    head = draw(st.sampled_from(LETTERS)) + draw(st.sampled_from("1289")) + f"{draw(st.integers(0, 9999999)):07}"
    return head + taiwan_id.calc_check_digit(head)


@st.composite
def resident_numbers(draw: st.DrawFn) -> str:
    born = draw(st.dates(date(1920, 1, 1), date(2020, 1, 1)))
    head = f"911{draw(st.integers(0, 999)):03}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return head + foreign_resident_id.calc_check_digit(head)


@pytest.mark.parametrize(("number", "canonical"), [
    ("A123456(3)", "A123456(3)"), ("a123456（3）", "A123456(3)"), ("AB987654(3)", "AB987654(3)"), ("Z6833654", None),
])  # fmt: skip
def test_hong_kong_vectors(number: str, canonical: str | None) -> None:
    assert (hk_id.validate(number) if hk_id.is_valid(number) else None) == canonical


@pytest.mark.parametrize(("number", "valid"), [
    ("A123456789", True), ("A800000014", True), ("A123456788", False), ("A323456789", False), ("A12345678", False),
])  # fmt: skip
def test_taiwan_vectors(number: str, valid: bool) -> None:
    assert taiwan_id.is_valid(number) is valid


@given(hk_numbers(), st.integers(0, 6), st.sampled_from("0123456789"))
def test_any_other_digit_in_a_hong_kong_number_is_detected(number: str, place: int, digit: str) -> None:
    assert hk_id.is_valid(number)
    place = len(number) - 9 + place
    assume(number[place].isdigit() and number[place] != digit)
    assert not hk_id.is_valid(number[:place] + digit + number[place + 1 :])


@given(taiwan_numbers(), st.integers(1, 9), st.sampled_from("0123456789"))
def test_another_digit_in_a_taiwan_number_is_detected(number: str, place: int, digit: str) -> None:
    """Modulo ten with even weights: two digits five apart are one in four places, to the rule itself."""
    assert taiwan_id.is_valid(number)
    weight = (1, 8, 7, 6, 5, 4, 3, 2, 1, 1)[place]
    assume((int(number[place]) - int(digit)) * weight % 10 and (place != 1 or digit in "1289"))
    assert not taiwan_id.is_valid(number[:place] + digit + number[place + 1 :])


@given(resident_numbers(), st.integers(1, 17), st.sampled_from("0123456789"))
def test_any_other_digit_in_a_foreign_resident_number_is_detected(number: str, place: int, digit: str) -> None:
    assert foreign_resident_id.has_check_digit(number)
    assume(number[place] != digit)
    assert not foreign_resident_id.is_valid(number[:place] + digit + number[place + 1 :])


@given(hk_numbers() | taiwan_numbers() | resident_numbers(), st.data())
def test_a_repair_gives_back_the_number_that_was_misread(number: str, data: st.DataObject) -> None:
    module = hk_id if "(" in number else taiwan_id if len(number) == 10 else foreign_resident_id
    places = [i for i, c in enumerate(number) if c in "01258" and i > len(number) - (9 if "(" in number else 8)]
    assume(places)
    place = data.draw(st.sampled_from(places))
    letter = {"0": "O", "1": "I", "2": "Z", "5": "S", "8": "B"}[number[place]]
    found = module.repair(number[:place] + letter + number[place + 1 :])
    assert found is not None
    assert found.value == number


@given(hk_numbers() | taiwan_numbers(), st.integers(0, 9), st.sampled_from("0123456789"))
def test_a_legible_digit_is_never_changed(number: str, place: int, digit: str) -> None:
    assume(place < len(number) and number[place].isdigit() and number[place] != digit)
    altered = number[:place] + digit + number[place + 1 :]
    assert hk_id.repair(altered) is None
    assert taiwan_id.repair(altered) is None


@pytest.mark.parametrize(("number", "error"), [
    ("911124198113030032", InvalidChecksum), ("11010519491231002X", InvalidFormat), ("CAN11005608120", InvalidLength),
    ("9111241981080300AB", InvalidFormat),
])  # fmt: skip
def test_foreign_resident_numbers_that_are_none(number: str, error: type[ValidationError]) -> None:
    with pytest.raises(error):
        foreign_resident_id.validate(number)


def test_a_foreign_resident_born_on_no_day() -> None:
    head = "91112419811303003"
    with pytest.raises(InvalidComponent):
        foreign_resident_id.validate(head + citizen_id.calc_check_digit(head))


@pytest.mark.parametrize("number", ["H12345678", "M12345678", "H1234567801", "HA1234567", "MA1234567"])
def test_permits_of_hong_kong_and_macau(number: str) -> None:
    assert hk_macau_permit.validate(number.lower()) == number


@pytest.mark.parametrize("number", ["A12345678", "H1234567", "H123456789", "HB1234567", "12345678"])
def test_what_is_no_such_permit(number: str) -> None:
    assert not hk_macau_permit.is_valid(number)


def test_permits_compare_without_their_issue_count() -> None:
    assert normalised(Kind.HK_MACAU_PERMIT, "H12345678 01") == normalised(Kind.HK_MACAU_PERMIT, "h12345678")
    assert normalised(Kind.TAIWAN_PERMIT, "0123456701（B）") == normalised(Kind.TAIWAN_PERMIT, "01234567")
    assert normalised(Kind.HK_ID, "A123456（3）") == normalised(Kind.HK_ID, "A123456(3)")
    assert normalised(Kind.TAIWAN_PERMIT, "01234568") != normalised(Kind.TAIWAN_PERMIT, "01234567")


@pytest.mark.parametrize("number", ["0123456", "012345678", "A1234567"])
def test_what_is_no_taiwan_permit(number: str) -> None:
    assert not taiwan_permit.is_valid(number)


@pytest.mark.parametrize(("number", "chinese"), [
    ("E12345678", True), ("EA1234567", True), ("EI1234567", False), ("G12345678", True), ("AB123456", False),
])  # fmt: skip
def test_passport_numbers(number: str, chinese: bool) -> None:
    assert passport_number.validate(f" {number.lower()} ") == number
    assert passport_number.is_chinese(number) is chinese


@pytest.mark.parametrize("number", ["12345", "ABCDEFG", "E1234567890", "护照E12345", ""])
def test_what_is_no_passport_number(number: str) -> None:
    assert not passport_number.is_valid(number)


@pytest.mark.parametrize("number", ["2234567(8)", "1234567", "12345678(9)"])
def test_what_is_no_macau_number(number: str) -> None:
    assert not macau_id.is_valid(number)


@pytest.mark.parametrize("zone", ICAO)
def test_the_standards_own_zones(zone: str) -> None:
    assert mrz.validate(zone.lower()) == zone
    fields = mrz.parse(zone)
    assert (fields.nationality, fields.sex in "FM", fields.surname in ("ERIKSSON", "STEVENSON")) == ("UTO", True, True)


def test_a_long_number_runs_on() -> None:
    assert mrz.parse(ICAO[3]).number == "D23145890734"


@given(st.sampled_from(ICAO), st.data())
def test_any_other_character_a_check_digit_covers_is_detected(zone: str, data: st.DataObject) -> None:
    """Weights 7, 3, 1 modulo 10: characters whose values differ by ten are one to the check digit, no digit is."""
    digits = [at for at, char in enumerate(zone) if char.isdigit()]
    place = data.draw(st.sampled_from(digits))
    digit = data.draw(st.sampled_from("0123456789").filter(lambda d: d != zone[place]))
    assert not mrz.is_valid(zone[:place] + digit + zone[place + 1 :])


@pytest.mark.parametrize(("was", "now", "repaired"), [
    ("7408122F", "74O8122F", True), ("UTO7408", "UT07408", True), ("7408122F", "7409122F", False),
    ("7408122F", "7A08122F", False),
])  # fmt: skip
def test_only_impossible_characters_of_a_zone_are_repaired(was: str, now: str, repaired: bool) -> None:
    found = mrz.repair(ICAO[0].replace(was, now))
    assert (found.value if found else None) == (ICAO[0] if repaired else None)


@pytest.mark.parametrize("zone", ["", "P<UTO", ICAO[0][:-1], ICAO[0].replace("<<ANNA", "((ANNA"), "A" * 88])
def test_what_is_no_zone(zone: str) -> None:
    assert not mrz.is_valid(zone)


@given(st.text(max_size=100))
def test_no_text_breaks_a_number(text: str) -> None:
    for module in (hk_id, taiwan_id, foreign_resident_id, mrz):
        assert module.is_valid(text) in (True, False)
        module.repair(text)
    assert person_document.is_valid(text) in (True, False)
    for kind in (Kind.HK_ID, Kind.MRZ, Kind.PASSPORT_NUMBER, Kind.HK_MACAU_PERMIT, Kind.FOREIGN_RESIDENT_ID):
        value = parse(kind, text)
        assert value is None or isinstance(value, str)


@pytest.mark.parametrize(("number", "kinds"), [
    ("11010519491231002X", {Kind.ID_NUMBER}), ("911124198108030032", {Kind.FOREIGN_RESIDENT_ID}),
    ("CAN110056081201", {Kind.FOREIGN_RESIDENT_ID}), ("A123456(3)", {Kind.HK_ID}), ("1234567(8)", {Kind.MACAU_ID}),
    ("A123456789", {Kind.TAIWAN_ID}), ("H12345678", {Kind.HK_MACAU_PERMIT, Kind.PASSPORT_NUMBER}),
    ("H1234567801", {Kind.HK_MACAU_PERMIT}), ("0123456701(B)", {Kind.TAIWAN_PERMIT}), ("AB123456",
    {Kind.PASSPORT_NUMBER}),
    ("A123456(4)", set()), ("张三", set()), ("110105194912310021", set()),
])  # fmt: skip
def test_which_kinds_a_declared_number_may_be(number: str, kinds: set[Kind]) -> None:
    assert person_document.kinds(number) == kinds
    assert person_document.is_valid(number) is bool(kinds)


@pytest.mark.parametrize(("number", "error"), [
    ("A123456（3）", person_document.FullWidthBrackets), ("A123456(4)", InvalidChecksum), ("12", InvalidFormat),
    ("110105194912310021", InvalidChecksum),
])  # fmt: skip
def test_why_a_declared_number_is_refused(number: str, error: type[ValidationError]) -> None:
    with pytest.raises(error):
        person_document.validate(number)
