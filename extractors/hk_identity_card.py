"""Hong Kong identity card (香港永久性居民身份證 and 香港居民身份證), editions of 2003 and 2018.

Name and number have no label. The name stands between the title and the birth date: characters, letters (surname with a
comma), and the telegraphic codes of the characters. Dates are day, month, year, that of the issue two digits of it.
"""

from __future__ import annotations

import re
from functools import partial

from extractors._card_labels import Card, Piece
from extractors._person_card import by_form, day_of, name_fields, names_of, read_card, sex_of
from extractors.form import field_of
from extractors.model import DocumentType, Field, FieldSpec, Kind

_SPECS = (
    FieldSpec("id_number", Kind.HK_ID, "身份证号码", ("身份证号码", "Identity Card No", "HKIC No"), key=True),
    FieldSpec("name", Kind.PERSON, "姓名", ("姓名", "Name"), key=True),
    FieldSpec("name_latin", Kind.PERSON, "英文姓名"),
    FieldSpec("sex", Kind.CHOICE, "性别", ("性别", "Sex")),
    FieldSpec("born_on", Kind.DATE, "出生日期", ("出生日期", "Date of Birth")),
    FieldSpec("issued_on", Kind.DATE, "签发日期", ("签发日期", "Date of Issue", "登记日期", "Date of Registration")),
)
_NAMES = [spec.name for spec in _SPECS]
_TITLE = re.compile(r"香港.*身份证|IDENTITYCARD|HONGKONG")
_LONG_DATE = re.compile(r"(?<!\d)\d{2}-?\d{2}-?(?:19|20)\d{2}(?!\d)")
_SHORT_DATE = re.compile(r"(?<![\d(])\d{2}-\d{2}-\d{2}(?![\d)])")


def _by_place(card: Card) -> dict[str, Field]:
    found: dict[str, Field] = {}
    if number := by_form(card, Kind.HK_ID):
        found["id_number"] = number
    found |= _dates(card)
    if "sex" not in found and (sex := _sex(card)):
        found["sex"] = sex
    if not any(label.name == "name" for label in card.labels):
        found |= name_fields(*names_of(_name_lines(card)), _NAMES)
    return found


def _dates(card: Card) -> dict[str, Field]:
    """Birth by its year of four digits, issue by its year of two; the month of first registration is in brackets."""
    found: dict[str, Field] = {}
    for name, pattern in (("born_on", _LONG_DATE), ("issued_on", _SHORT_DATE)):
        matches = [(piece, match) for piece in card.texts for match in pattern.finditer(_flat(piece))]
        if len(matches) == 1:
            piece, match = matches[0]
            span = Piece(piece.row, piece.start + match.start(), piece.start + match.end()).span
            digits = re.sub(r"\D", "", match.group())
            day = day_of(name, f"{digits[:2]}-{digits[2:4]}-{digits[4:]}")
            if day:
                found[name] = field_of(span, Kind.DATE, day)
    return found


def _sex(card: Card) -> Field | None:
    """男 M or 女 F, beside the birth date or under a label of its own."""
    for piece in card.texts:
        if match := re.search(r"[男女][MF]?$|^[男女][MF]?|^[MF]$", _flat(piece)):
            span = Piece(piece.row, piece.start + match.start(), piece.start + match.end()).span
            return field_of(span, Kind.CHOICE, sex_of(match.group()))
    return None


def _name_lines(card: Card) -> list[Piece]:
    """The lines between the title and the birth date that may be the name."""
    titles = [row.middle for row in card.rows if _TITLE.search(row.text.upper())]
    births = [label.middle for label in card.labels if label.name == "born_on"]
    if not births:
        births = [piece.middle for piece in card.texts if _LONG_DATE.search(_flat(piece))]
    if not births:
        return []
    end = min(births)
    start = max((title for title in titles if title < end), default=float("-inf"))
    between = [p for p in card.texts if start + 0.3 * p.height < p.middle < end - 0.3 * p.height]
    return [p for p in between if not re.search(r"\d", p.text) and len(_flat(p)) >= 2]


def _flat(piece: Piece) -> str:
    return piece.row.text[piece.start : piece.end]


DOCUMENT_TYPE = DocumentType(
    id="hk_identity_card",
    zh="香港居民身份证",
    en="Hong Kong identity card",
    fields=_SPECS,
    extract=partial(read_card, specs=_SPECS, others={"": ("Place of Birth", "出生地点")}, more=_by_place),
    titles=("香港永久性居民身份证", "香港居民身份证", "HONGKONGPERMANENTIDENTITYCARD", "HONGKONGIDENTITYCARD"),
    words=("香港", "永久性居民", "居民身份证", "出生日期", "DateofBirth", "性别", "签发日期", "DateofIssue", "HONGKONG",
           "IDENTITYCARD", "PERMANENT"),
    against=("澳门", "MACAU", "通行证", "居住证", "永久居留", "营业执照", "公民身份号码", "中华民国", "护照号",
        "签发机关"),
    numbers=("id_number",),
)  # fmt: skip
