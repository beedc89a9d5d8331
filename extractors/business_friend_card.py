"""Yiwu business friend card (商友卡), which foreign traders of the Yiwu market hold: labels in Chinese and English."""

from __future__ import annotations

from functools import partial

from extractors._card_labels import GIVEN, SURNAME
from extractors._person_card import read_card, sides_by
from extractors.model import DocumentType, FieldSpec, Kind

_SPECS = (
    FieldSpec("card_number", Kind.DIGITS, "卡号", ("商友卡号", "商友卡编号", "卡号", "编号", "证件编号", "Card No",
        "Card Number", "No"), key=True),
    FieldSpec("name", Kind.PERSON, "姓名", ("姓名", "英文姓名", "Name", "Full name"), key=True),
    FieldSpec("passport_number", Kind.PASSPORT_NUMBER, "护照号码", ("护照号码", "护照号", "Passport No",
        "Passport Number")),
    FieldSpec("nationality", Kind.TEXT, "国籍", ("国籍", "国家", "Nationality", "Country")),
    FieldSpec("sex", Kind.CHOICE, "性别", ("性别", "Sex", "Gender")),
    FieldSpec("issued_on", Kind.DATE, "发证日期", ("发证日期", "签发日期", "发卡日期", "Date of Issue", "Issue Date")),
    FieldSpec("valid_to", Kind.DATE, "有效期至", ("有效期至", "有效期限", "有效期", "Valid Until", "Valid To",
        "Date of Expiry", "Expiry Date", "Validity")),
)  # fmt: skip
_OTHERS = {
    SURNAME: ("Surname",), GIVEN: ("Given names", "Given name"),
    "": ("出生日期", "Date of Birth", "联系电话", "Tel", "单位", "发证机关", "签发机关", "Issuing Authority",
    "Authority", "地址",
         "Address"),
}  # fmt: skip

DOCUMENT_TYPE = DocumentType(
    id="business_friend_card",
    zh="商友卡",
    en="Yiwu business friend card",
    fields=_SPECS,
    extract=partial(read_card, specs=_SPECS, others=_OTHERS),
    titles=("义乌商友卡", "商友卡", "外籍商友卡", "YiwuBusinessFriendCard", "BusinessFriendCard", "BUSINESSFRIENDCARD"),
    words=("商友", "义乌", "卡号", "护照号码", "姓名", "国籍", "有效期", "Yiwu", "CardNo", "PassportNo", "Nationality"),
    against=("营业执照", "永久居留", "通行证", "居住证", "公民身份号码", "发票", "驾驶证", "准驾车型"),
    sides=sides_by(("姓名", "Name", "护照号码"), ("使用须知", "持卡须知", "Notice")),
)
