"""Proofs of certificates: check digits of patents and food licences, registers of credit codes, terms in order."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.model import Field, Record, Source, Status
from extractors.registry import document_types
from validators.identifiers import food_licence_number, patent_number
from validators.prove import prove


def proven(type_id: str, **values: Any) -> tuple[dict[str, Field], list[str]]:
    fields = {name: Field(value=v, raw=str(v), status=Status.READ, confidence=0.97) for name, v in values.items()}
    record, findings = prove(Record(type_id, fields), document_types()[type_id], document="a.jpg", source=Source.OCR)
    return record.fields, [found.code for found in findings]


@pytest.mark.parametrize("number", ["ZL201710601862.3", "ZL95115608.X", "ZL 2017 1 0601862.3"])
def test_numbers_of_real_patents_are_valid(number: str) -> None:
    assert patent_number.is_valid(number)


@given(st.integers(0, 7), st.integers(1, 9))
def test_any_one_wrong_digit_of_a_patent_number_shows(place: int, change: int) -> None:
    digits = "95115608"
    wrong = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]
    assert not patent_number.is_valid(f"ZL{wrong}.X")


@pytest.mark.parametrize("number", ["SC11834020305037", "SC11464010500015", "SC11532139200465", "SC12434017430075"])
def test_numbers_of_real_food_licences_are_valid(number: str) -> None:
    assert food_licence_number.is_valid(number)


@given(st.integers(1, 13), st.integers(1, 9))
def test_any_one_wrong_digit_of_a_food_licence_shows(place: int, change: int) -> None:
    digits = "11834020305037"
    wrong = digits[:place] + str((int(digits[place]) + change) % 10) + digits[place + 1 :]
    assert not food_licence_number.is_valid(f"SC{wrong}")


def test_a_patent_is_verified_by_its_check_digit_and_doubted_where_kind_or_year_differ() -> None:
    fields, found = proven(
        "patent_certificate", patent_number="ZL201710601862.3", patent_kind="invention", applied_on=date(2017, 7, 21)
    )
    assert (fields["patent_number"].status, found) == (Status.VERIFIED, [])
    fields, found = proven("patent_certificate", patent_number="ZL201710601862.3", patent_kind="design")
    assert (fields["patent_number"].status, found) == (Status.DOUBTFUL, ["ID_PATENT_NUMBER_DIFFERS"])
    fields, found = proven("patent_certificate", patent_number="ZL201710601862.3", applied_on=date(2018, 7, 21))
    assert (fields["applied_on"].status, found) == (Status.DOUBTFUL, ["ID_PATENT_NUMBER_DIFFERS"])
    fields, found = proven("patent_certificate", patent_number="ZL201710601862.4")
    assert (fields["patent_number"].status, found) == (Status.DOUBTFUL, ["ID_PATENT_NUMBER_CHECKSUM"])


def test_a_food_licence_is_verified_by_its_check_digit_and_an_industrial_one_stays_read() -> None:
    assert (
        proven("production_licence", licence_number="SC11834020305037")[0]["licence_number"].status is Status.VERIFIED
    )
    fields, found = proven("production_licence", licence_number="SC11834020305038")
    assert (fields["licence_number"].status, found) == (Status.DOUBTFUL, ["ID_FOOD_LICENCE_CHECKSUM"])
    assert proven("production_licence", licence_number="XK16-114-02345")[0]["licence_number"].status is Status.READ


def test_an_organisation_code_is_proven_by_its_check_digit() -> None:
    fields, found = proven("organisation_code_certificate", organisation_code="60003734-1")
    assert (fields["organisation_code"].status, found) == (Status.VERIFIED, [])
    fields, found = proven("organisation_code_certificate", organisation_code="60003734-2")
    assert (fields["organisation_code"].status, found) == (Status.DOUBTFUL, ["ID_ORGANISATION_CODE_CHECKSUM"])


@pytest.mark.parametrize(
    "type_id",
    ["public_institution_certificate", "social_organisation_certificate", "private_non_enterprise_certificate",
     "credit_code_certificate"],
)  # fmt: skip
def test_a_companys_code_on_another_bodys_certificate_is_doubted(type_id: str) -> None:
    fields, found = proven(type_id, credit_code="91330100799655058B")
    assert (fields["credit_code"].status, found) == (Status.DOUBTFUL, ["ID_CREDIT_CODE_CLASS"])


def test_a_term_that_ends_before_it_begins_is_doubted() -> None:
    fields, found = proven(
        "public_institution_certificate", valid_from=date(2026, 3, 31), valid_to=date(2021, 3, 31)
    )  # fmt: skip
    assert (fields["valid_to"].status, found) == (Status.DOUBTFUL, ["DATE_ORDER"])


@pytest.mark.parametrize(
    ("begin", "end", "status"),
    [
        (date(2019, 8, 28), date(2029, 8, 27), Status.VERIFIED),
        (date(2009, 8, 28), date(2029, 8, 27), Status.VERIFIED),  # renewed once
        (date(2008, 2, 29), date(2018, 2, 28), Status.VERIFIED),
        (date(2019, 8, 28), date(2028, 8, 27), Status.DOUBTFUL),
        (date(2019, 8, 28), date(2029, 8, 21), Status.DOUBTFUL),
    ],
)
def test_a_trademarks_term_is_tens_of_years(begin: date, end: date, status: Status) -> None:
    assert proven("trademark_certificate", registered_on=begin, valid_to=end)[0]["valid_to"].status is status


@pytest.mark.parametrize(("classes", "codes"), [("9", []), ("9、35", []), ("46", ["ID_TRADEMARK_CLASS"])])
def test_trademark_classes_are_1_to_45(classes: str, codes: list[str]) -> None:
    assert proven("trademark_certificate", classes=classes)[1] == codes
