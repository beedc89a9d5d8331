"""Persons' documents as copies and photos of real ones show them: notices, signatures, notes in other languages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from extractors.model import PRINTED, Source, Status, TextLine
from extractors.registry import UNKNOWN, classify, document_types, extract
from tests.extractors.lines_on_pages import at, page_of
from tests.extractors.persons_by_hand import (
    CARDS,
    CHINESE_PASSPORT,
    FOREIGN_PASSPORT,
    FOREIGN_RESIDENT,
    HK_MACAU_PERMIT,
    MACAU_CARD,
    ZONE_FOREIGN,
)
from validators.prove import prove

NOTICE = [
    at(40, 600, "本证仅限持证人本人使用，应妥善保管，如有遗失、损毁，应及时报告", 18),
    at(40, 624, "签发机关或驻外使领馆。", 18),
]
PERMIT_BACK = [
    at(40, 500, "持证人姓名"), at(180, 500, "陳大文", 24), at(40, 540, "香港身份证号码"), at(220, 540, "A123456(3)"),
    *NOTICE,
    at(40, 680, "CRCHNH12345678002<<<<<<<<<<<<<", 24), at(40, 712, "8003044M2805058CHN<<<<<<<<<<<8", 24),
]  # fmt: skip
MACAU_PERMIT_BACK = [
    at(40, 20, "持证人须知", 24),
    at(40, 60, "本证由中华人民共和国出入境管理局授权签发，有效期内可多次来往内地。持证人应当妥善保存，遗失应补发", 16),
    at(40, 120, "姓名"), at(180, 120, "陳大文", 24), at(40, 160, "证件号码"), at(180, 160, "M12345678"),
    at(40, 200, "澳门居民身份证号码"), at(260, 200, "1234567(8)"),
    at(40, 260, "CRM12345678<<<<<<<<<<<<<<<<<<<", 24),
]  # fmt: skip
TAIWAN_BOOKLET = [
    at(60, 20, "台湾居民来往大陆通行证", 28), at(620, 60, "号码 01234567", 26),
    at(300, 100, "姓名"), at(400, 100, "林筱玲", 26), at(400, 135, "LIN, HSIAO-LING"),
    at(300, 170, "性别"), at(400, 170, "女"), at(300, 205, "出生日期"), at(400, 205, "1968年06月05日"),
    at(300, 240, "职业"), at(400, 240, "商"), at(300, 275, "身份证号"), at(400, 275, "A234567893"),
    at(300, 310, "签发日期"), at(400, 310, "2019年07月08日"), at(300, 345, "有效期至"), at(400, 345, "2024年07月07日"),
    at(300, 380, "签发次数"), at(400, 380, "02"), at(300, 415, "签发地点"), at(400, 415, "香港"),
]  # fmt: skip


def read(lines: Sequence[TextLine], type_id: str) -> dict[str, Any]:
    """The values that were read without doubt."""
    fields = extract([page_of(lines)], type_id).fields
    return {name: f.value for name, f in fields.items() if f.status is Status.READ}


def changed(lines: Sequence[TextLine], was: str, now: str) -> list[TextLine]:
    assert any(was in line.text for line in lines)
    return [replace(line, text=line.text.replace(was, now)) for line in lines]


def test_words_of_a_notice_are_no_labels() -> None:
    found = read(PERMIT_BACK, "hk_macau_travel_permit")
    assert found == {"name": "陈大文", "identity_number": "A123456(3)"}


@pytest.mark.parametrize("back", [PERMIT_BACK, MACAU_PERMIT_BACK])
def test_the_back_of_a_permit_is_no_identity_card(back: list[TextLine]) -> None:
    assert classify([page_of(back)]).type == "hk_macau_travel_permit"
    assert extract([page_of(back)], "hk_macau_travel_permit").side == "back"


def test_both_sides_on_one_page_keep_the_whole_name() -> None:
    found = read([*HK_MACAU_PERMIT, *(replace(line, page=1) for line in PERMIT_BACK)], "hk_macau_travel_permit")
    assert (found["name"], found["name_latin"]) == ("陈大文", "CHAN TAI MAN")
    assert found["issuing_authority"] == "公安部出入境管理局"


@pytest.mark.parametrize(("printed", "status"), [
    ("女 A123456(3)", Status.READ), ("1234567(8)", Status.READ), ("1154154598", Status.DOUBTFUL),
])  # fmt: skip
def test_numbers_of_the_region_by_their_form(printed: str, status: Status) -> None:
    lines = changed(PERMIT_BACK, "A123456(3)", printed)
    found = extract([page_of(lines)], "hk_macau_travel_permit").fields["identity_number"]
    assert (found.value, found.status) == (printed.split()[-1], status)


def test_a_booklet() -> None:
    assert read(TAIWAN_BOOKLET, "taiwan_travel_permit") == {
        "permit_number": "01234567", "name": "林筱玲", "name_latin": "LIN HSIAO-LING", "sex": "女",
        "born_on": date(1968, 6, 5), "identity_number": "A234567893", "valid_from": date(2019, 7, 8),
        "valid_to": date(2024, 7, 7), "issue_count": "02", "issue_place": "香港",
    }  # fmt: skip


def test_a_signature_is_no_second_line() -> None:
    lines = [*FOREIGN_PASSPORT, at(640, 362, "Eriksson", 34)]
    assert read(lines, "passport")["issuing_authority"] == "PASSPORT OFFICE"


@pytest.mark.parametrize("label", ["签发国代码 Code of issuing state", "Code / Code / Codigo", "Kode/Code/Landskod"])
def test_a_label_in_another_language_is_no_country(label: str) -> None:
    assert read(changed(FOREIGN_PASSPORT, "Code/Code", label), "passport")["issuing_country"] == "UTO"


def test_a_nationality_ends_where_the_date_beside_it_begins() -> None:
    assert read(changed(CHINESE_PASSPORT, "中国/CHINESE", "中国/CHINESE 148月/AUG1985"), "passport")["nationality"] == (
        "中国/CHINESE"
    )


@pytest.mark.parametrize("printed", ["中国/CHINESE AUG", "中国/CHINESE M"])
@pytest.mark.parametrize("card", ["chinese passport", "foreign resident"])
def test_more_than_a_nationality_is_never_verified(card: str, printed: str) -> None:
    type_id, lines, values = CARDS[card]
    record = extract([page_of(changed(lines, str(values["nationality"]), printed))], type_id)
    fields, _ = prove(record, document_types()[type_id])
    assert fields.fields["nationality"].status is not Status.VERIFIED


@pytest.mark.parametrize(("was", "now"), [
    ("UTO7", "U\u03a4\u039f7"), ("P<UTO", "\u03a1<U\u0422\u041e"), ("UTO7", "UT07"),
])  # fmt: skip
def test_a_zone_with_letters_of_other_scripts(was: str, now: str) -> None:
    lines = changed(FOREIGN_PASSPORT, was, now)
    assert extract([page_of(lines)], "passport").fields["mrz"].value == ZONE_FOREIGN


def test_a_zone_whose_country_begins_with_a_digit() -> None:
    lines = changed(FOREIGN_PASSPORT, "36UTO", "361ND")
    assert str(extract([page_of(lines)], "passport").fields["mrz"].value).splitlines()[1][10:13] == "IND"


def test_a_month_with_a_digit_in_it() -> None:
    lines = changed(CHINESE_PASSPORT, "02 1月/JAN 2019", "1510月/0CT2019")
    assert read(lines, "passport")["issued_on"] == date(2019, 10, 15)


def test_an_authority_and_a_label_that_touch() -> None:
    lines = [*CHINESE_PASSPORT, at(521, 360, "寺证人签名/Bearer's signature", 16)]
    assert read(lines, "passport")["issuing_authority"] == "公安部出入境管理局"


@pytest.mark.parametrize(("name", "latin", "status"), [
    ("陳大文", "TAI MAN", Status.READ), ("陳大", "TAI", Status.READ), ("大文", "TAI MAN", Status.DOUBTFUL),
])  # fmt: skip
@pytest.mark.parametrize("upright", [False, True])
def test_macau_name_beside_the_labels(name: str, latin: str, status: Status, upright: bool) -> None:
    lines = [line for line in changed(MACAU_CARD, "TAI MAN", latin) if line.text not in ("陳", "大文")]
    beside = at(640, 100, name, 36)
    if upright:
        (left, top), _, _, _ = beside.box
        down = top + 34 * len(name)
        beside = replace(beside, box=((left, top), (left + 34, top), (left + 34, down), (left, down)))
    found = extract([page_of([*lines, beside])], "macau_identity_card").fields["name"]
    assert (found.value, found.status) == (name.replace("陳", "陈"), status)


def test_the_back_of_a_residence_card_of_2017() -> None:
    lines = [at(150, 40, "外国人永久居留身份证", 30), at(40, 120, "签发机关/Issuing Authority", 14),
             at(300, 120, "国家移民管理局")]  # fmt: skip
    assert extract([page_of(lines)], "foreign_permanent_resident_id").side == "back"
    assert extract([page_of(FOREIGN_RESIDENT)], "foreign_permanent_resident_id").side == "front"


@pytest.mark.parametrize("card", CARDS)
def test_no_spreadsheet_is_a_card(card: str) -> None:
    type_id, lines, _ = CARDS[card]
    assert document_types()[type_id].sources == PRINTED
    assert classify([replace(page_of(lines), source=Source.XLSX)]).type in (UNKNOWN, "person_list")
