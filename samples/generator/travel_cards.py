"""Cards of people from outside the mainland: travel permits, residence permits, the permanent resident's card."""

from __future__ import annotations

from datetime import date

from samples.generator import cards, numbers
from samples.generator.cards import BLACK, BLUE
from samples.generator.draw import Colour, Sheet
from samples.generator.fonts import NOTO_HEI_BOLD, NOTO_SONG_BOLD, OCR_B, SANS, Faces
from samples.generator.form import Form, Row
from samples.generator.ornament import emblem
from samples.generator.travellers import Traveller
from samples.generator.truth import Drawn

PERMIT_TYPES = {"HKG": "hk_macau_travel_permit", "MAC": "hk_macau_travel_permit", "TWN": "taiwan_travel_permit"}
RESIDENCE_TYPES = {"HKG": "hk_macau_residence_permit", "MAC": "hk_macau_residence_permit",
                   "TWN": "taiwan_residence_permit"}  # fmt: skip
TITLES = {
    "hk_macau_travel_permit": ("港澳居民来往内地通行证", "Mainland Travel Permit for Hong Kong and Macao Residents"),
    "taiwan_travel_permit": ("台湾居民来往大陆通行证", "Mainland Travel Permit for Taiwan Residents"),
    "hk_macau_residence_permit": ("港澳居民居住证", ""),
    "taiwan_residence_permit": ("台湾居民居住证", ""),
}
TEAL: Colour = (58, 116, 120)


def _dotted(day: date) -> str:
    return f"{day:%Y.%m.%d}"


def _span(form: Form, x: float, y: float, start: date, end: date, size: float) -> None:
    """2020.01.02-2025.01.01, each end a field of its own."""
    first, face = _dotted(start), form.faces.value
    width = form.canvas.text(x, y, f"{first}-{_dotted(end)}", face, size, form.ink)
    middle = form.canvas.measure(first, face, size)
    form.canvas.mark("valid_from", (x, y, x + middle, y + size))
    form.canvas.mark("valid_to", (x + middle, y, x + width, y + size))
    form.truth |= {"valid_from": start, "valid_to": end}


def _permit_card(kind: str, seed: int, faces: Faces) -> tuple[Sheet, Form]:
    taiwan = kind.startswith("taiwan")
    sheet = cards.card(
        seed,
        (222, 238, 226) if taiwan else (222, 232, 242),
        (244, 234, 214) if taiwan else (236, 224, 238),
        ((196, 222, 204), (232, 216, 184)) if taiwan else ((196, 212, 232), (220, 204, 228)),
    )
    cards.specimen(sheet, 50.6)
    return sheet, Form(kind, sheet, faces, size=2.9, label_size=2.3, ink=BLACK, label_ink=TEAL if taiwan else BLUE)


def permit_front(who: Traveller, faces: Faces, seed: int) -> Drawn:
    """The permit card of 2013 (Hong Kong, Macau) or 2015 (Taiwan): the side with the portrait."""
    kind = PERMIT_TYPES[who.home]
    sheet, form = _permit_card(kind, seed, faces)
    emblem(sheet, 7.5, 6.2, 4.2)
    sheet.text(47, 2.6, TITLES[kind][0], NOTO_SONG_BOLD, 4.3, BLACK, align="centre", spacing=0.6)
    sheet.text(47, 8.1, TITLES[kind][1], SANS, 2.0, BLACK, align="centre")
    cards.portrait(sheet, 15, 27.5, 0.92)
    x = 31.0
    form.pair(x, 12.6, Row("姓名", who.name, "name"), gap=6.0, size=3.4, spacing=0.4)
    form.put(x + 10.8, 17.4, who.latin, "name_latin", value=who.latin.replace(",", ""), face=SANS, size=2.7)
    form.label(x, 22.2, "出生日期")
    form.put(x + 10.8, 22.2, _dotted(who.born_on), "born_on", value=who.born_on)
    form.label(x + 33, 22.2, "性别")
    form.put(x + 39.5, 22.2, who.sex, "sex")
    form.label(x, 28.2, "有效期限")
    _span(form, x + 10.8, 28.2, who.issued_on, who.valid_to, 2.9)
    form.pair(
        x, 34.2, Row("签发机关", "公安部出入境管理局" if seed % 2 else "国家移民管理局", "issuing_authority"), gap=1.6
    )
    if who.home == "TWN":
        form.pair(x + 33, 40.2, Row("签发地点", who.birthplace[0], "issue_place"), gap=1.2)
    form.label(x, 40.2, "签发次数" if who.home == "TWN" else "换证次数")
    form.put(x + 10.8, 40.2, f"{who.issue_count:02d}", "issue_count")
    form.label(x, 46.0, "证件号码")
    form.put(x + 10.8, 45.4, who.permit, "permit_number", face=NOTO_HEI_BOLD, size=3.6, spacing=0.35)
    image, mask = cards.rounded(sheet)
    return form.drawn("front", mask, image)


def permit_back(who: Traveller, faces: Faces, seed: int) -> Drawn:
    """The side with the home identity number and three machine-readable lines."""
    kind = PERMIT_TYPES[who.home]
    sheet, form = _permit_card(kind, seed, cards.traditional(faces))
    form.label(8, 6.4, "持证人姓名")
    form.put(26, 6.2, who.traditional)
    region = {"HKG": "香港身份证号码", "MAC": "澳门身份证号码", "TWN": "台湾身份证号码"}[who.home]
    form.label(8, 12.4, region)
    form.put(28, 12.2, who.identity, "identity_number", face=SANS)
    sheet.paragraph(
        8,
        18.6,
        "本证仅限持证人本人使用，应妥善保管，如有遗失、损毁，应及时报告签发机关或驻外使领馆。",
        66,
        faces.value,
        2.1,
        BLACK,
    )
    letters = "CT" if who.home == "TWN" else "CR"
    name = f"{who.surname}<<{who.given.replace(' ', '')}"
    lines = numbers.card_mrz(
        letters, who.permit, f"{who.issue_count:02d}", who.born_on, who.gender, who.valid_to, "CHN", name
    )
    for i, line in enumerate(lines):
        for n, char in enumerate(line):
            sheet.text(6 + (n + 0.5) * 2.46, 34 + i * 5.4, char, OCR_B, 3.7, BLACK, align="centre")
    image, mask = cards.rounded(sheet)
    return form.drawn("back", mask, image)


def residence_front(who: Traveller, faces: Faces, seed: int) -> Drawn:
    """港澳/台湾居民居住证, laid out like the ID card but without 民族."""
    sheet = cards.card(seed)
    form = Form(RESIDENCE_TYPES[who.home], sheet, faces, size=3.1, label_size=2.7, ink=BLACK, label_ink=BLUE)
    for y, text in ((6.9, "姓名"), (13.4, "性别"), (20, "出生"), (26.9, "住址")):
        sheet.text(6, y, text, faces.label, 2.7, BLUE, spacing=1.1)
    form.put(16.5, 6.2, who.name, "name", size=3.7, spacing=0.5)
    form.put(16.5, 13.2, who.sex, "sex")
    x = 16.5
    for number, unit in ((who.born_on.year, "年"), (who.born_on.month, "月"), (who.born_on.day, "日")):
        x += sheet.text(x, 19.9, str(number), faces.value, 3.1, BLACK, field="born_on") + 1.4
        x += sheet.text(x, 20.1, unit, faces.label, 2.7, BLUE, field="born_on") + 1.9
    form.truth["born_on"] = who.born_on
    form.put(16.5, 26.7, who.address, "address", width=36, leading=1.31)
    sheet.text(6, 46.3, "公民身份号码", faces.label, 2.8, BLUE, spacing=0.3)
    form.put(28.5, 45.4, who.residence, "id_number", face=NOTO_HEI_BOLD, size=3.9, spacing=0.48)
    cards.portrait(sheet)
    cards.specimen(sheet)
    image, mask = cards.rounded(sheet)
    return form.drawn("front", mask, image)


def residence_back(who: Traveller, faces: Faces, seed: int) -> Drawn:
    kind = RESIDENCE_TYPES[who.home]
    sheet = cards.card(seed)
    form = Form(kind, sheet, faces, size=3.0, label_size=2.8, ink=BLACK, label_ink=BLACK)
    emblem(sheet, 14, 12.5, 8.2)
    sheet.text(53, 5.6, "中华人民共和国", NOTO_SONG_BOLD, 5.0, BLACK, align="centre", spacing=0.9)
    sheet.text(53, 13.6, TITLES[kind][0], NOTO_SONG_BOLD, 6.2, BLACK, align="centre", spacing=1.2)
    form.pair(16, 28.0, Row("签发机关", who.police, "issuing_authority"), gap=3)
    form.label(16, 34.0, "有效期限")
    _span(form, 30.2, 33.9, who.issued_on, who.valid_to, 3.0)
    form.pair(16, 40.0, Row("签发次数", str(who.issue_count), "issue_count", f"{who.issue_count}"), gap=3)
    form.pair(16, 46.0, Row("通行证号码", who.permit, "permit_number"), gap=3)
    cards.specimen(sheet)
    image, mask = cards.rounded(sheet)
    return form.drawn("back", mask, image)


def resident_front(who: Traveller, faces: Faces, seed: int, *, edition: int = 2023) -> Drawn:
    """外国人永久居留身份证: 18 digits in the edition of 2023, three letters and 12 digits in that of 2017."""
    sheet = cards.card(seed, (224, 236, 232), (240, 232, 214), ((200, 220, 214), (226, 212, 190)))
    form = Form("foreign_permanent_resident_id", sheet, faces, size=2.8, label_size=2.1, ink=BLACK, label_ink=TEAL)
    sheet.text(46, 2.4, "中华人民共和国", NOTO_SONG_BOLD, 3.0, BLACK, align="centre", spacing=0.6)
    sheet.text(46, 6.2, "外国人永久居留身份证", NOTO_SONG_BOLD, 4.0, BLACK, align="centre", spacing=0.5)
    sheet.text(46, 10.9, "FOREIGN PERMANENT RESIDENT ID CARD", SANS, 2.1, BLACK, align="centre")
    emblem(sheet, 7.5, 7, 4.6)
    x, gap = (6.0, 1.2) if edition == 2023 else (33.0, 1.2)
    cards.portrait(
        sheet, 73 if edition == 2023 else 16, 23 if edition == 2023 else 26.5, 0.85 if edition == 2017 else 0.78
    )
    y = 15.4
    for row in _resident_rows(who, edition):
        if row.field == "valid":
            at = form.label(x, y, row.label) + gap
            if edition == 2017:  # too narrow beside the portrait
                at, y = x + 12, y + 4.0
            _span(form, at, y, who.issued_on, who.valid_to, form.size * 0.94)
        elif row.label:
            face = SANS if row.text.isascii() and row.field == "name_latin" else None
            form.pair(x, y, row, gap=gap, face=face)
        elif row.text:
            form.put(x + 12, y, row.text)
        else:
            continue
        y += 5.2 if edition == 2023 else 4.8
    form.truth["name"] = who.chinese_name or form.truth["name_latin"]
    image, mask = cards.rounded(sheet)
    return form.drawn("front", mask, image)


def _resident_rows(who: Traveller, edition: int) -> list[Row]:
    latin = f"{who.surname}, {who.given}"
    return [
        Row("姓名/Name", latin, "name_latin", latin.replace(",", "")),
        Row("", who.chinese_name),
        Row("性别/Sex", f"{who.sex}/{who.gender}", "sex", who.sex),
        Row("出生日期/Date of Birth", _dotted(who.born_on), "born_on", who.born_on),
        Row("国籍/Nationality", f"{who.nationality[1]}/{who.home}", "nationality"),
        Row("有效期限/Period of Validity", "", "valid"),
        Row("证件号码/ID No.", who.residence if edition == 2023 else who.old_residence, "id_number"),
    ]


def resident_back(who: Traveller, faces: Faces, seed: int, *, edition: int = 2023) -> Drawn:
    sheet = cards.card(seed, (224, 236, 232), (240, 232, 214), ((200, 220, 214), (226, 212, 190)))
    form = Form("foreign_permanent_resident_id", sheet, faces, size=2.9, label_size=2.4, ink=BLACK, label_ink=TEAL)
    office = "国家移民管理局" if edition == 2023 else "中华人民共和国公安部"
    sheet.text(43, 8, "外国人永久居留身份证", NOTO_SONG_BOLD, 5.0, BLACK, align="centre", spacing=0.8)
    form.pair(8, 18, Row("签发机关/Issuing Authority", office, "issuing_authority"))
    english = "National Immigration Administration, PRC" if edition == 2023 else "Ministry of Public Security, PRC"
    form.put(8, 23, english, face=SANS, size=2.4)
    if edition == 2017:
        name = f"{who.surname}<<{who.given.replace(' ', '<').replace('-', '<')}"
        lines = numbers.card_mrz(
            "I<", who.old_residence[:9], who.old_residence[9:], who.born_on, who.gender, who.valid_to, who.home, name
        )
        for i, line in enumerate(lines):
            for n, char in enumerate(line):
                sheet.text(6 + (n + 0.5) * 2.46, 34 + i * 5.4, char, OCR_B, 3.7, BLACK, align="centre")
    cards.specimen(sheet)
    image, mask = cards.rounded(sheet)
    return form.drawn("back", mask, image)
