"""Passports and permits in the layouts of other countries and editions."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from extractors.model import Status, TextLine
from extractors.registry import classify, extract
from tests.extractors.lines_on_pages import at, page_of

THREE_LANGUAGES = [
    at(60, 20, "PASSPORT", 26), at(300, 20, "UNITED STATES OF AMERICA", 26), at(300, 60, "Type / Type / Tipo", 12),
    at(420, 60, "Code / Code / Codigo", 12), at(640, 60, "Passport No. / No. du Passeport / No. de Pasaporte", 12),
    at(300, 76, "P"), at(420, 76, "USA"), at(640, 76, "963545637"), at(300, 104, "Surname / Nom / Apellidos", 12),
    at(300, 120, "JOHN"), at(300, 148, "Given Names / Prénoms / Nombres", 12), at(300, 164, "DOE"),
    at(300, 192, "Nationality / Nationalité / Nacionalidad", 12), at(300, 208, "UNITED STATES OF AMERICA"), at(300,
    236, "Date of birth / Date de naissance / Fecha de nacimiento", 12), at(300, 252, "15 Mar 1996"),
    at(300, 280, "Place of birth / Lieu de naissance / Lugar de nacimiento", 12), at(640, 280, "Sex / Sexe / Sexo",
    12), at(300, 296, "CALIFORNIA, U.S.A."), at(640, 296, "M"),
    at(300, 324, "Date of issue / Date de délivrance / Fecha de expedición", 12), at(640, 324,
    "Authority / Autorité / Autoridad", 12), at(300, 340, "14 Apr 2017"), at(640, 340, "United States"), at(640,
    362, "Department of State"),
    at(300, 388, "Date of expiration / Date d'expiration / Fecha de caducidad", 12), at(300, 404, "14 Apr 2027"),
]  # fmt: skip
NUMBERED = [
    at(60, 20, "REISEPASS", 26), at(300, 20, "PASSPORT", 20), at(500, 20, "PASSEPORT", 20), at(300, 50,
    "Typ/Type/Type", 12), at(420, 50, "Kode/Code/Code", 12), at(640, 50, "Pass-Nr./Passport No./Passeport N°", 12),
    at(300, 66, "P"), at(420, 66, "D"), at(640, 66, "C01X00T47"),
    at(300, 96, "1 Name/Surname/Nom", 12), at(300, 112, "MUSTERMANN"), at(300, 140,
    "2 Vornamen/Given names/Prénoms", 12), at(300, 156, "ERIKA"), at(300, 184,
    "3 Geburtstag/Date of birth/Date de naissance", 12), at(660, 184, "4 Geschlecht/Sex/Sexe", 12), at(300, 200,
    "12.08.1983"), at(660, 200, "F"),
    at(300, 228, "5 Staatsangehörigkeit/Nationality/Nationalité", 12), at(300, 244, "DEUTSCH"), at(660, 228,
    "6 Geburtsort/Place of birth/Lieu de naissance", 12), at(660, 244, "BERLIN"), at(300, 272,
    "7 Ausstellungsdatum/Date of issue/Date de délivrance", 12), at(300, 288, "01.03.2017"),
    at(300, 316, "8 Gültig bis/Date of expiry/Date d'expiration", 12), at(300, 332, "28.02.2027"), at(660, 316,
    "9 Behörde/Authority/Autorité", 12), at(660, 332, "STADT BERLIN"),
]  # fmt: skip
OTHER_SCRIPT = [
    at(60, 20, "भारत गणराज्य REPUBLIC OF INDIA", 22), at(60, 60, "टाइप / Type", 12), at(200, 60,
    "राष्ट्र कोड / Country Code", 12), at(520, 60, "पासपोर्ट न. / Passport No.", 12), at(60, 78, "P"), at(200, 78,
    "IND"), at(520, 78, "Z1234567"),
    at(300, 110, "उपनाम / Surname", 12), at(300, 128, "KUMAR"), at(300, 156, "दिया गया नाम / Given Name(s)", 12),
    at(300, 174, "RAJESH"), at(300, 202, "राष्ट्रीयता / Nationality", 12), at(300, 220, "भारतीय / INDIAN"), at(540,
    202, "लिंग / Sex", 12), at(540, 220, "M"), at(680, 202, "जन्मतिथि / Date of Birth", 12), at(680, 220, "14/02/1980"),
    at(300, 248, "जन्म स्थान / Place of Birth", 12), at(300, 266, "MUMBAI, MAHARASHTRA"), at(300, 294,
    "जारी करने का स्थान / Place of Issue", 12), at(300, 312, "MUMBAI"), at(300, 340,
    "जारी करने की तिथि / Date of Issue", 12), at(300, 358, "05/06/2018"), at(640, 340,
    "समाप्ति की तिथि / Date of Expiry", 12), at(640, 358, "04/06/2028"),
]  # fmt: skip
STACKED = [
    at(120, 20, "港澳居民来往内地通行证（非中国籍）", 28), at(120, 56,
    "Mainland Travel Permit for Hong Kong and Macao Residents(non-Chinese Citizens)", 12),
    at(40, 90, "姓名", 14), at(40, 106, "Name", 11), at(140, 94, "SMITH, JOHN PAUL", 20), at(40, 130, "出生日期",
    14), at(40, 146, "Date of Birth", 11), at(140, 134, "1980.03.04"), at(320, 130, "性别", 14), at(320, 146, "Sex",
        11), at(400, 134, "男/M"), at(40, 170, "国籍", 14), at(40, 186, "Nationality", 11), at(140, 174, "英国/GBR"),
    at(40, 210, "有效期限", 14), at(40, 226, "Period of Validity", 11), at(180, 214, "2024.07.10-2029.07.09"),
    at(40, 250, "签发机关", 14), at(40, 266, "Issuing Authority", 11), at(180, 254, "中华人民共和国国家移民管理局"),
    at(40, 300, "证件号码", 14), at(40, 316, "Card No.", 11), at(140, 302, "HA1234567", 26),
]  # fmt: skip

LAYOUTS: dict[str, tuple[str, list[TextLine], dict[str, Any]]] = {
    "three languages": ("passport", THREE_LANGUAGES, {
        "passport_number": "963545637", "name": "JOHN DOE", "name_latin": "JOHN DOE", "sex": "男",
        "nationality": "UNITED STATES OF AMERICA", "issuing_country": "USA", "born_on": date(1996, 3, 15),
        "issued_on": date(2017, 4, 14), "valid_to": date(2027, 4, 14),
        "issuing_authority": "United States Department of State",
    }),
    "numbered": ("passport", NUMBERED, {
        "passport_number": "C01X00T47", "name": "MUSTERMANN ERIKA", "name_latin": "MUSTERMANN ERIKA", "sex": "女",
        "nationality": "DEUTSCH", "issuing_country": "D", "born_on": date(1983, 8, 12), "issued_on": date(2017, 3, 1),
        "valid_to": date(2027, 2, 28), "issuing_authority": "STADT BERLIN",
    }),
    "other script": ("passport", OTHER_SCRIPT, {
        "passport_number": "Z1234567", "name": "KUMAR RAJESH", "name_latin": "KUMAR RAJESH", "sex": "男",
        "nationality": "भारतीय / INDIAN", "issuing_country": "IND", "born_on": date(1980, 2, 14),
        "issued_on": date(2018, 6, 5), "valid_to": date(2028, 6, 4),
    }),
    "stacked": ("hk_macau_travel_permit", STACKED, {
        "permit_number": "HA1234567", "name": "SMITH JOHN PAUL", "name_latin": "SMITH JOHN PAUL", "sex": "男",
        "born_on": date(1980, 3, 4), "valid_from": date(2024, 7, 10), "valid_to": date(2029, 7, 9),
        "issuing_authority": "中华人民共和国国家移民管理局",
    }),
}  # fmt: skip


@pytest.mark.parametrize(("type_id", "lines", "values"), LAYOUTS.values(), ids=LAYOUTS)
def test_every_field(type_id: str, lines: list[TextLine], values: dict[str, Any]) -> None:
    assert classify([page_of(lines)]).type == type_id
    fields = extract([page_of(lines)], type_id).fields
    assert {name: f.value for name, f in fields.items() if f.status is Status.READ} == values
