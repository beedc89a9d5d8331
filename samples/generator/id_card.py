"""Resident identity cards: front, back, and copies with both sides on one page. No real faces, no real people."""

from __future__ import annotations

from datetime import date

from samples.generator import cards
from samples.generator.cards import BLACK, BLUE
from samples.generator.draw import Sheet
from samples.generator.fonts import NOTO_HEI, NOTO_HEI_BOLD, NOTO_SONG_BOLD, Face, Faces
from samples.generator.ornament import emblem
from samples.generator.people import Person
from samples.generator.truth import Drawn


def front(who: Person, faces: Faces, seed: int) -> Drawn:
    """The side with the person's data."""
    sheet = cards.card(seed)
    label, value = faces.label, faces.value
    size, lead = 3.1, 3.5
    for x, y, text in ((6, 6.7, "姓名"), (6, 13.4, "性别"), (6, 20, "出生"), (6, 26.9, "住址")):
        sheet.text(x, y, text, label, 2.7, BLUE, spacing=1.1)
    sheet.text(16.5, 6.2, who.name, value, 3.7, BLACK, field="name", spacing=0.5)
    sheet.text(16.5, 13.2, who.sex, value, size, BLACK, field="sex")
    sheet.text(25, 13.4, "民族", label, 2.7, BLUE, spacing=1.1)
    sheet.text(34, 13.2, who.ethnicity, value, size, BLACK, field="ethnicity")
    _born(sheet, who.born_on, label, value)
    sheet.paragraph(16.5, 26.7, who.address, 36, value, size, BLACK, leading=lead / size * 1.16, field="address")
    sheet.text(6, 46.3, "公民身份号码", label, 2.8, BLUE, spacing=0.3)
    sheet.text(28.5, 45.4, who.id_number, _id_digits(faces), 3.9, BLACK, spacing=0.48, field="id_number")
    cards.portrait(sheet)
    cards.specimen(sheet)
    fields = {
        "name": who.name,
        "sex": who.sex,
        "ethnicity": who.ethnicity,
        "born_on": who.born_on,
        "address": who.address,
        "id_number": who.id_number,
    }
    image, mask = cards.rounded(sheet)
    return Drawn("id_card", image, fields, sheet.boxes(), "front", mask=mask)


def _id_digits(faces: Faces) -> Face:
    return (
        NOTO_HEI_BOLD if faces.name in ("song", "kai", "hei") else faces.digits if "kai" not in faces.name else NOTO_HEI
    )


def _born(sheet: Sheet, born: date, label: Face, value: Face) -> None:
    x = 16.5
    for text, face, colour, size in (
        (str(born.year), value, BLACK, 3.1),
        ("年", label, BLUE, 2.7),
        (str(born.month), value, BLACK, 3.1),
        ("月", label, BLUE, 2.7),
        (str(born.day), value, BLACK, 3.1),
        ("日", label, BLUE, 2.7),
    ):
        y = 19.9 if colour == BLACK else 20.1
        x += sheet.text(x, y, text, face, size, colour, field="born_on") + (1.4 if colour == BLACK else 1.9)


def back(who: Person, faces: Faces, seed: int) -> Drawn:
    """The side with the issuing authority and the term."""
    sheet = cards.card(seed)
    emblem(sheet, 14, 14.5, 8.6)
    sheet.text(53, 7.2, "中华人民共和国", NOTO_SONG_BOLD, 5.2, BLACK, align="centre", spacing=0.9)
    sheet.text(53, 15.6, "居民身份证", NOTO_SONG_BOLD, 7.4, BLACK, align="centre", spacing=2.2)
    sheet.text(18, 37.4, "签发机关", faces.label, 2.9, BLACK, spacing=0.4)
    sheet.text(34, 37.2, who.issuing_authority, faces.value, 3.2, BLACK, field="issuing_authority")
    sheet.text(18, 45.2, "有效期限", faces.label, 2.9, BLACK, spacing=0.4)
    until = f"{who.valid_to:%Y.%m.%d}" if who.valid_to else "长期"
    start = f"{who.valid_from:%Y.%m.%d}"
    width = sheet.text(34, 45, f"{start}-{until}", faces.value, 3.2, BLACK)
    middle = sheet.measure(start, faces.value, 3.2)
    sheet.mark("valid_from", (34, 45, 34 + middle, 48.2))
    sheet.mark("valid_to", (34 + middle, 45, 34 + width, 48.2))
    cards.specimen(sheet)
    fields = {"issuing_authority": who.issuing_authority, "valid_from": who.valid_from, "valid_to": who.valid_to}
    if who.valid_to is None:
        fields["valid_to_is_indefinite"] = True
    image, mask = cards.rounded(sheet)
    return Drawn("id_card", image, fields, sheet.boxes(), "back", mask=mask)


def both(who: Person, faces: Faces, seed: int, *, stacked: bool = True) -> Drawn:
    """A copy on A4 with the two sides under (or beside) each other."""
    return cards.both(front(who, faces, seed), back(who, faces, seed), seed, stacked=stacked)
