"""What the two mainland travel permits share: fields, labels, words that tell them."""

from __future__ import annotations

import re
from collections.abc import Callable

from extractors._card_labels import GIVEN, SURNAME, Card
from extractors._person_card import matched, typed
from extractors.model import Field, FieldSpec, Kind

NUMBER = ("证件号码", "证件号", "通行证号码", "证号", "号码", "Card No", "Permit No", "No")

_VALIDITY = ("有效期限", "有效期", "Date of Validity", "Period of Validity", "Validity", "Valid period")
_END = ("有效期至", "Valid until", "Date of expiry")
_ISSUED = "issued"  # labels of a date that is no field: in booklets the validity begins with it

SPECS = (
    FieldSpec("name", Kind.PERSON, "姓名", ("姓名", "中文姓名", "Name", "Chinese Name"), key=True, side="front"),
    FieldSpec("name_latin", Kind.PERSON, "英文姓名", ("英文姓名", "拼音", "English Name")),
    FieldSpec("sex", Kind.CHOICE, "性别", ("性别", "Sex", "Gender")),
    FieldSpec("born_on", Kind.DATE, "出生日期", ("出生日期", "出生", "Date of Birth", "Birth Date")),
    FieldSpec("valid_from", Kind.DATE, "有效期起", _VALIDITY),
    FieldSpec("valid_to", Kind.DATE, "有效期止", (*_VALIDITY, *_END), key=True, side="front"),
    FieldSpec(
        "issuing_authority", Kind.ORGANISATION, "签发机关", ("签发机关", "发证机关", "Issuing Authority", "Authority")
    ),
    FieldSpec(
        "issue_count",
        Kind.DIGITS,
        "换证次数",
        ("换证次数", "签发次数", "Issue No", "Number of Issue", "Times of Issue"),
    ),
)

OTHERS = {
    SURNAME: ("Surname",),
    GIVEN: ("Given names", "Given name"),
    _ISSUED: ("签发日期", "发证日期", "Date of issue"),
    "": ("持证人签名", "备注", "国籍", "Nationality"),
}


def beside_labels(identity: re.Pattern[str]) -> Callable[[Card], dict[str, Field]]:
    """What permits print in ways of their own: the term of a booklet, the number of the card of the region."""

    def read(card: Card) -> dict[str, Field]:
        found: dict[str, Field] = {}
        if not any(label.name == "valid_from" for label in card.labels):
            booklet = {"valid_from": typed(card, _BEGIN), "valid_to": typed(card, _EXPIRY)}
            found |= {name: field for name, field in booklet.items() if field}
        if number := matched(card, "identity_number", identity):
            found["identity_number"] = number
        return found

    return read


_BEGIN, _EXPIRY = FieldSpec(_ISSUED, Kind.DATE, "签发日期"), FieldSpec("valid_to", Kind.DATE, "有效期至")

WORDS = (
    "通行证",
    "姓名",
    "性别",
    "出生日期",
    "有效期限",
    "签发机关",
    "证件号码",
    "换证次数",
    "签发次数",
    "MainlandTravelPermit",
)
AGAINST = ("营业执照", "护照号", "永久居留", "商友卡", "发票", "合同", "民族", "住址")
