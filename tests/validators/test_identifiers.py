"""Numbers: the standards' vectors, every single slip detected, repairs only where check digits prove them."""

from __future__ import annotations

import doctest
import importlib
import pkgutil
from datetime import date

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength

from validators import addresses, banks, identifiers, lookalikes, normalise
from validators.identifiers import (
    account_number,
    approval_number,
    citizen_id,
    credit_code,
    invoice_code,
    invoice_number,
    organisation_code,
    permit_number,
    regions,
    registration_number,
    tax_id,
)
from validators.identifiers.text import repaired

CREDIT_CODES = [
    "91110000600037341L", "91350100M000100Y43", "914403001922038216", "91330100799655058B", "91440300708461136T",
    "91110108551385082Q", "91110000802100433B", "91110108700338416R", "913101150934986600",
]  # fmt: skip
ID_NUMBERS = ["11010519491231002X", "360426199101010071", "34052419800101001X", "610104196209276908"]
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


@st.composite
def credit_codes(draw: st.DrawFn) -> str:
    """Codes as the registries make them: any department, class and region, both check digits right."""
    head = draw(st.sampled_from(credit_code.DEPARTMENTS)) + draw(st.sampled_from(ALPHABET))
    region = draw(st.sampled_from(sorted(regions.PROVINCES))) + f"{draw(st.integers(0, 9999)):04}"
    body = draw(st.text(ALPHABET, min_size=8, max_size=8))
    code = head + region + body + organisation_code.calc_check_digit(body)
    return code + credit_code.calc_check_digit(code)


@st.composite
def id_numbers(draw: st.DrawFn) -> str:
    """ID numbers of any province and birth date."""
    born = draw(st.dates(date(1900, 1, 1), date(2026, 1, 1)))
    region = draw(st.sampled_from(sorted(regions.PROVINCES))) + f"{draw(st.integers(0, 9999)):04}"
    number = f"{region}{born:%Y%m%d}{draw(st.integers(0, 999)):03}"
    return number + citizen_id.calc_check_digit(number)


def _modules() -> list[str]:
    names = [f"validators.identifiers.{module.name}" for module in pkgutil.iter_modules(identifiers.__path__)]
    return [*names, *(module.__name__ for module in (addresses, banks, lookalikes, normalise))]


@pytest.mark.parametrize("name", _modules())
def test_docstrings_tell_the_truth(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name), optionflags=doctest.IGNORE_EXCEPTION_DETAIL)
    assert result.failed == 0


@pytest.mark.parametrize("code", CREDIT_CODES)
def test_issued_credit_codes_are_valid(code: str) -> None:
    assert credit_code.validate(code) == code
    assert organisation_code.is_valid(code[8:17])


@pytest.mark.parametrize(
    ("code", "error"),
    [
        ("914403001922038217", InvalidChecksum),
        ("913301095U78M2HC4A", InvalidChecksum),
        ("A1110000600037341L", InvalidChecksum),
        ("9111000060003734IL", InvalidFormat),
        ("91I10000600037341L", InvalidFormat),
        ("9111000060003734L", InvalidLength),
        ("", InvalidLength),
    ],
)
def test_wrong_credit_codes_are_refused(code: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        credit_code.validate(code)


def test_wrong_organisation_code_inside_is_its_own_error() -> None:
    inner = "911100006000373" + "42"  # the organisation code of 60003734 ends in 1
    code = inner + credit_code.calc_check_digit(inner)
    with pytest.raises(credit_code.InvalidOrganisationCode):
        credit_code.validate(code)


@given(credit_codes())
def test_credit_codes_of_every_department_are_valid(code: str) -> None:
    assert credit_code.is_valid(code)


@given(credit_codes(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_any_other_character_in_a_credit_code_is_detected(code: str, place: int, char: str) -> None:
    assume(code[place] != char)
    assert not credit_code.is_valid(code[:place] + char + code[place + 1 :])


@given(credit_codes(), st.integers(0, 16))
def test_swapped_neighbours_in_a_credit_code_are_detected(code: str, place: int) -> None:
    assume(code[place] != code[place + 1])
    assert not credit_code.is_valid(code[:place] + code[place + 1] + code[place] + code[place + 2 :])


@given(id_numbers(), st.integers(0, 17), st.sampled_from("0123456789X"))
def test_any_other_digit_in_an_id_number_is_detected(number: str, place: int, char: str) -> None:
    assume(number[place] != char)
    assert not citizen_id.is_valid(number[:place] + char + number[place + 1 :])


@given(id_numbers(), st.integers(0, 16))
def test_swapped_neighbours_in_an_id_number_are_detected(number: str, place: int) -> None:
    assume(number[place] != number[place + 1])
    assert not citizen_id.is_valid(number[:place] + number[place + 1] + number[place] + number[place + 2 :])


@pytest.mark.parametrize("number", ["D2143569-X", "60003734-1", "M000100Y-4", "19220382-1"])
def test_issued_organisation_codes_are_valid(number: str) -> None:
    assert organisation_code.validate(number) == number.replace("-", "")


@pytest.mark.parametrize("number", ["440301103097413", "110108000000016"])
def test_issued_registration_numbers_are_valid(number: str) -> None:
    assert registration_number.validate(number) == number


def test_wrong_registration_number_is_refused() -> None:
    with pytest.raises(InvalidChecksum):
        registration_number.validate("440301103097414")


@pytest.mark.parametrize("number", ID_NUMBERS)
def test_known_id_numbers_are_valid(number: str) -> None:
    assert citizen_id.validate(number) == number


@pytest.mark.parametrize("region", ["330113", "330114", "310115", "330782", "440309", "500101", "810000", "830000"])
def test_regions_newer_or_other_than_any_table_are_accepted(region: str) -> None:
    number = f"{region}19850101123"
    number += citizen_id.calc_check_digit(number)
    assert citizen_id.is_valid(number)
    assert regions.of_citizen_id(number)


@pytest.mark.parametrize(
    ("number", "error"),
    [
        ("110105194912310021", InvalidChecksum),
        ("1101051949123100", InvalidLength),
        ("11010519491231X02X", InvalidFormat),
        ("1101051990023000" + "2" + citizen_id.calc_check_digit("11010519900230002"), InvalidComponent),
    ],
)
def test_wrong_id_numbers_are_refused(number: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        citizen_id.validate(number)


def test_old_id_number_is_brought_to_eighteen() -> None:
    assert citizen_id.validate("610104620927690") == "610104196209276908"


def test_birth_and_sex_come_from_the_number() -> None:
    assert citizen_id.birth("360426199101010071") == date(1991, 1, 1)
    assert [citizen_id.sex(number) for number in ID_NUMBERS] == ["女", "男", "男", "女"]


def test_permits_accounts_and_invoices() -> None:
    assert approval_number.validate("J2900193652101") == "J2900193652101"
    assert approval_number.validate("J2900123456789") == "J2900123456789"
    assert permit_number.validate("2900-02611984") == "2900-02611984"
    assert not account_number.is_valid("689163495证异户称")
    assert account_number.is_valid("6222021001116245702")  # no Luhn: any last digit will do
    assert account_number.is_valid("6222021001116245703")
    assert not invoice_number.is_valid("25992000000365404822")  # no such province
    assert [invoice_code.kind(code) for code in ("1100094140", "012001800311", "032001800105")] == ["01", "10", "04"]


def test_tax_ids_of_before_the_credit_code() -> None:
    assert tax_id.validate("410305012345678")
    assert not tax_id.has_check_digit("410305012345678")
    assert tax_id.is_valid("34052419800101001X")  # an individual
    assert not tax_id.is_valid("91440300708436854C")
    assert not tax_id.is_valid("9111010120200120")


@pytest.mark.parametrize(
    ("read", "value"),
    [
        ("9133O1OO799655058B", "91330100799655058B"),
        ("9I330100799655058B", "91330100799655058B"),
        ("91330100799655O58B", "91330100799655058B"),
        ("91440300V08461136T", None),  # neither Y nor U agrees: what stands there cannot be told
        ("91350100M000100V43", "91350100M000100Y43"),
        ("9l33010079965505８B", "91330100799655058B"),
    ],
)
def test_credit_code_repair(read: str, value: str | None) -> None:
    repair = credit_code.repair(read)
    assert (repair.value if repair else None) == value


@given(credit_codes(), st.integers(0, 17), st.sampled_from(ALPHABET))
def test_repair_never_changes_a_legible_character(code: str, place: int, char: str) -> None:
    """A code altered by a character that may stand there stays wrong."""
    assume(code[place] != char and not (2 <= place < 8 and not char.isdigit()) and not (place == 16 and char.isalpha()))
    assert credit_code.repair(code[:place] + char + code[place + 1 :]) is None


@given(id_numbers(), st.integers(0, 16), st.sampled_from("0123456789"), st.integers(0, 16))
def test_repair_never_mends_an_altered_id_number(number: str, place: int, digit: str, misread: int) -> None:
    """One digit altered, another misread as a letter: the misreading is not used to explain the alteration."""
    assume(number[place] != digit and place != misread)
    altered = number[:place] + digit + number[place + 1 :]
    letter = {"0": "O", "1": "I", "2": "Z", "5": "S", "8": "B"}.get(altered[misread])
    assume(letter is not None)
    assert citizen_id.repair(altered[:misread] + str(letter) + altered[misread + 1 :]) is None


@given(id_numbers(), st.integers(0, 16))
def test_id_number_with_one_letter_is_repaired(number: str, place: int) -> None:
    letter = {"0": "O", "1": "l", "2": "Z", "5": "S", "8": "B"}.get(number[place])
    assume(letter is not None)
    repair = citizen_id.repair(number[:place] + str(letter) + number[place + 1 :])
    assert repair is not None
    assert repair.value == number


def test_a_repair_with_two_outcomes_is_none() -> None:
    def choices(_: int, char: str) -> str:
        return "YU" if char == "V" else char

    assert repaired("9V", 2, choices, lambda number: True, most=1) is None
    assert repaired("9V", 2, choices, lambda number: number == "9U", most=1) is not None


def test_valid_numbers_need_no_repair() -> None:
    assert all(credit_code.repair(code) is None for code in CREDIT_CODES)
    assert all(citizen_id.repair(number) is None for number in ID_NUMBERS)
    assert registration_number.repair("440301103097413") is None
    assert registration_number.repair("4403OIIO3097413") is None  # too many for one check digit


@given(st.text(max_size=40))
def test_any_text_is_answered(text: str) -> None:
    for module in (credit_code, citizen_id, registration_number, tax_id, account_number, permit_number):
        assert module.is_valid(text) in (True, False)
    for repairing in (credit_code, citizen_id, registration_number):
        repairing.repair(text)
