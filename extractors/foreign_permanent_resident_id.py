"""Foreign permanent resident ID card (外国人永久居留身份证), editions of 2017 and 2023, in Chinese and English."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from extractors._card_labels import GIVEN, SURNAME
from extractors._person_card import read_card, sides_by
from extractors.model import DocumentType, FieldSpec, Kind, Page

_VALIDITY = ("有效期限", "有效期", "Period of Validity", "Validity", "Valid Period")
_SPECS = (
    FieldSpec("id_number", Kind.FOREIGN_RESIDENT_ID, "证件号码",
              ("证件号码", "身份号码", "Card No", "ID No", "Card Number", "No", "证件号"), key=True, side="front"),
    FieldSpec("name", Kind.PERSON, "姓名", ("姓名", "中文姓名", "Name", "Chinese Name"), key=True, side="front"),
    FieldSpec("name_latin", Kind.PERSON, "外文姓名", ("英文姓名", "外文姓名", "English Name")),
    FieldSpec("sex", Kind.CHOICE, "性别", ("性别", "Sex", "Gender")),
    FieldSpec("born_on", Kind.DATE, "出生日期", ("出生日期", "Date of Birth", "Birth Date")),
    FieldSpec("nationality", Kind.TEXT, "国籍", ("国籍", "Nationality")),
    FieldSpec("valid_from", Kind.DATE, "有效期起", _VALIDITY),
    FieldSpec("valid_to", Kind.DATE, "有效期止", _VALIDITY, key=True, side="front"),
    FieldSpec("issuing_authority", Kind.ORGANISATION, "签发机关", ("签发机关", "Issuing Authority", "Authority")),
)  # fmt: skip
_OTHERS = {
    SURNAME: ("Surname",), GIVEN: ("Given names", "Given name"),
    "": ("曾持证件号码", "Previous Card No", "Former Card No", "签发次数", "外国人永久居留身份证",
         "Foreign Permanent Resident ID Card", "Permanent Resident Card"),
}  # fmt: skip

_HOLDER, _BACK = ("姓名", "出生日期", "国籍", "Date of Birth"), ("曾持证件", "Previous Card", "<<<")


def _sides(pages: Sequence[Page]) -> str:
    """By the holder's data; the edition of 2017 has nothing but the authority on its back."""
    return sides_by(_HOLDER, _BACK)(pages) or sides_by((), ("签发机关", "Issuing Authority"))(pages)


DOCUMENT_TYPE = DocumentType(
    id="foreign_permanent_resident_id",
    zh="外国人永久居留身份证",
    en="foreign permanent resident ID card",
    fields=_SPECS,
    extract=partial(read_card, specs=_SPECS, others=_OTHERS),
    titles=("外国人永久居留身份证", "外国人永久居留证", "永久居留身份证", "ForeignPermanentResidentIDCard",
            "FOREIGNPERMANENTRESIDENTIDCARD"),
    words=("外国人", "永久居留", "姓名", "性别", "出生日期", "国籍", "有效期限", "签发机关", "证件号码",
        "国家移民管理局",
           "公安部", "PermanentResident", "Nationality", "PeriodofValidity", "Chinese"),
    against=("营业执照", "香港", "澳门", "通行证", "居住证", "商友卡", "护照号", "民族", "住址"),
    sides=_sides,
    coloured=True,
    portrait=True,
    numbers=("id_number",),
)  # fmt: skip
