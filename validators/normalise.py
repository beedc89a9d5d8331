"""One form for what is written in several ways, by kind: what differs after this differs in substance."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable

from extractors.model import Kind
from extractors.values import capital_integer, parse_capital, parse_date, parse_money, parse_words
from validators.identifiers import citizen_id, hk_id, hk_macau_permit, macau_id, mobile, taiwan_permit
from validators.identifiers.text import compact as number

_BRACKETS = str.maketrans("[{〔【〖《〈]}〕】〗》〉", "(((((((" + ")))))))")
_DOTS = re.compile(r"[·•・‧∙⋅･●]")
_ZEROS = re.compile("[〇○]")
_CJK = "\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_SPACE_AT_CJK = re.compile(rf"(?<=[{_CJK}·()])\s+|\s+(?=[{_CJK}·()])")
_DASHES = re.compile(r"[‐‑‒–—―−~～]+")
_NUMERAL = re.compile(r"[〇零一二三四五六七八九十百]+(?=[楼层室号幢栋座单期组弄])")
_ADDRESS_SIGNS = re.compile(r"[\s,，、;；。.()·]")
_BANK_FORM = re.compile(r"股份有限公司|有限责任公司|有限公司")

NUMBERS = frozenset(
    {Kind.CREDIT_CODE, Kind.TAX_ID, Kind.REGISTRATION_NUMBER, Kind.ID_NUMBER, Kind.APPROVAL_NUMBER,
     Kind.PERMIT_NUMBER, Kind.ACCOUNT_NUMBER, Kind.INVOICE_CODE, Kind.INVOICE_NUMBER, Kind.DIGITS,
     Kind.CUSTOMS_NUMBER,
     Kind.PASSPORT_NUMBER, Kind.HK_MACAU_PERMIT, Kind.TAIWAN_PERMIT, Kind.FOREIGN_RESIDENT_ID, Kind.HK_ID,
     Kind.MACAU_ID, Kind.TAIWAN_ID, Kind.MRZ, Kind.ORGANISATION_CODE}
)  # fmt: skip
_BARE: dict[Kind, Callable[[str], str]] = {
    Kind.DIGITS: mobile.compact,
    Kind.HK_ID: hk_id.compact,
    Kind.MACAU_ID: macau_id.compact,
}


def normalised(kind: Kind, text: str) -> str:
    """The comparable form of a text of one kind; an unreadable date or amount stays as it is, folded.

    >>> normalised(Kind.ORGANISATION, '杭州云帆 （集团）有限公司')
    '杭州云帆(集团)有限公司'
    >>> [normalised(Kind.PERSON, name) for name in ('阿卜杜拉•买买提', '张  三', 'John  Smith')]
    ['阿卜杜拉·买买提', '张三', 'JOHN SMITH']
    """
    if kind in NUMBERS:
        return _number(kind, text)
    if kind is Kind.PERSON:
        return re.sub(r"\s+", " ", _SPACE_AT_CJK.sub("", _folded(text))).strip()
    if kind is Kind.ADDRESS:
        return address(text)
    if kind is Kind.BANK:
        return _BANK_FORM.sub("", re.sub(r"[()\s]", "", _folded(text)))
    if kind is Kind.DATE:
        day = parse_date(text)
        return day.isoformat() if day else _tight(text)
    if kind in (Kind.MONEY, Kind.MONEY_IN_WORDS):
        amount = parse_money(text) if kind is Kind.MONEY else parse_words(text)
        return _tight(text) if amount is None else f"{amount.normalize():f}"
    if kind is Kind.CAPITAL and (capital := parse_capital(text)):
        return f"{capital[0].normalize():f} {capital[1]}"
    return _tight(text)


def address(text: str) -> str:
    """An address without signs and spaces, house numbers in digits.

    >>> address('文三路 90号东部软件园，十二楼A座')
    '文三路90号东部软件园12楼A座'
    """
    plain = _DASHES.sub("-", _folded(text)).replace("#", "号")
    return _NUMERAL.sub(_in_digits, _ADDRESS_SIGNS.sub("", plain))


def _number(kind: Kind, text: str) -> str:
    if kind is Kind.ID_NUMBER and citizen_id.is_valid(text):
        return citizen_id.validate(text)  # the 15-digit form becomes the 18-character one
    # The issue count tells editions apart, not persons.
    if kind is Kind.HK_MACAU_PERMIT and hk_macau_permit.is_valid(text):
        return hk_macau_permit.base(text)
    if kind is Kind.TAIWAN_PERMIT and taiwan_permit.is_valid(text):
        return taiwan_permit.base(text)
    return _BARE.get(kind, number)(text)


def _folded(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).translate(_BRACKETS)
    return _ZEROS.sub("零", _DOTS.sub("·", plain)).upper()


def _tight(text: str) -> str:
    return re.sub(r"\s+", "", _folded(text))


def _in_digits(match: re.Match[str]) -> str:
    numeral = match.group().replace("〇", "零")
    if re.search("[十百]", numeral):
        number = capital_integer(numeral)
        return numeral if number is None else str(number)
    return "".join(str("零一二三四五六七八九".index(char)) for char in numeral)
