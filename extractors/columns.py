"""Columns of a form: their headings in both languages, and what a cell may hold.

A number that does not count (mobile, document number, bar code) is text: typed as a number it may have lost
digits, so such a cell is refused, never repaired. A text that is not exactly what the column holds is refused too.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from extractors.currency import currency_of, parse_amount
from extractors.values import compact, fold, parse_date, parse_money, simplified

CellValue = str | date | Decimal


class CellKind(StrEnum):
    """What a column holds."""

    TEXT = "text"
    PERSON = "person"
    COUNT = "count"  # a whole number, above zero
    QUANTITY = "quantity"  # a number, above zero
    AMOUNT = "amount"  # money, above zero, in the column's currency
    PERCENT = "percent"
    DATE = "date"
    MONTH = "month"  # YYYY-MM
    MOBILE = "mobile"
    DOCUMENT_NUMBER = "document_number"  # of a person, any kind
    NUMBER_TEXT = "number_text"  # digits that are no quantity: bar codes, codes
    CHOICE = "choice"


# Kinds whose digits must not be typed as a number.
NUMBERS_AS_TEXT = frozenset({CellKind.MOBILE, CellKind.DOCUMENT_NUMBER, CellKind.NUMBER_TEXT})
# Kinds that are never shown in full.
MASKED = frozenset({CellKind.MOBILE, CellKind.DOCUMENT_NUMBER})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name in the records, its headings, what its cells hold.

    `choices` are (value, words that mean it); `currency` is what amounts are in; `example` and `help` (zh, en) are
    for the empty form.
    """

    name: str
    kind: CellKind
    zh: str
    en: str
    headings: tuple[str, ...] = ()
    required: bool = True
    choices: tuple[tuple[str, tuple[str, ...]], ...] = ()
    currency: str = ""
    example: str = ""

    def answers_to(self, heading: str) -> bool:
        """Whether a cell's text is a heading of this column, with or without unit, star and line breaks."""
        known = {plain_heading(word) for word in (self.zh, self.en, *self.headings)}
        return plain_heading(heading) in known or bare_heading(heading) in known


class CellError(ValueError):
    """What is wrong with a cell: `reason` is a key of the finding it becomes."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def plain_heading(text: str) -> str:
    return re.sub(r"[*:：/\\_·.-]|\(必填\)|\(选填\)|\(required\)|\(optional\)", "", simplified(compact(text)).lower())


def bare_heading(text: str) -> str:
    """A heading without what stands in brackets: 金额(美元) → 金额."""
    return re.sub(r"[(\[【〔].*?[)\]】〕]", "", plain_heading(text))


def heading_currency(text: str) -> str | None:
    """The currency a heading names: 金额(美元), Amount USD; 万美元 is another unit and none of them."""
    return f"10000 {code}" if (code := currency_of(text)) and "万" in text else code


def parse_cell(column: Column, text: str, *, numeric: bool) -> CellValue:
    """What a filled cell holds; raises CellError with the reason."""
    if text.startswith("#") and re.fullmatch(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!)", text.strip()):
        raise CellError("error_value")
    # A whole mobile number fits a spreadsheet's digits and begins with 1: nothing of it can have been lost.
    whole = column.kind is CellKind.MOBILE and re.fullmatch(r"1[3-9]\d{9}", text.strip())
    if column.kind in NUMBERS_AS_TEXT and numeric and not whole:
        raise CellError("typed_as_number")
    if column.kind is CellKind.CHOICE:
        return _choice(column, text)
    if column.kind is CellKind.AMOUNT:
        return _amount(column, text)
    if column.kind is CellKind.MONTH:
        return _month(text, numeric)
    return _PARSERS[column.kind](text)


def _text(text: str) -> str:
    return re.sub(r"\s+", " ", fold(text))


def _person(text: str) -> str:
    name = _text(text)
    if re.search(r"\d", name) or len(name) < 2:
        raise CellError("not_a_name")
    return re.sub(r"(?<=[\u3400-\u9fff])\s(?=[\u3400-\u9fff])", "", name)


def _number(text: str) -> Decimal:
    value = parse_money(text) if not re.search(r"[¥￥元圆Y]", text) else None
    if value is None:
        raise CellError("not_a_number")
    if value <= 0:
        raise CellError("not_positive")
    return value


def _count(text: str) -> Decimal:
    value = _number(text)
    if value != value.to_integral_value():
        raise CellError("not_whole")
    return value.quantize(Decimal(1))


def _amount(column: Column, text: str) -> Decimal:
    found = parse_amount(text)
    if found is None:
        raise CellError("not_a_number")
    amount, currency = found
    if column.currency and currency and currency != column.currency:
        raise CellError("other_currency")
    if amount <= 0:
        raise CellError("not_positive")
    return amount


def _percent(text: str) -> str:
    plain = compact(text)
    match = re.fullmatch(r"(\d{1,3}(?:\.\d+)?)(%?)", plain)
    if not match:
        raise CellError("not_a_number")
    share = Decimal(match[1]) if match[2] else Decimal(match[1]) * (100 if Decimal(match[1]) < 1 else 1)
    return f"{share.normalize():f}%"


def _date(text: str) -> date:
    day = parse_date(text)
    if day is None:
        raise CellError("not_a_date")
    return day


_MONTH = re.compile(r"((?:19|20)\d{2})(?:[-/.年])?(1[0-2]|0?[1-9])月?(?:份)?")


def _month(text: str, numeric: bool) -> str:
    plain = compact(text)
    day = parse_date(text)
    if day is not None and not re.fullmatch(r"\d{6}", plain):
        return f"{day:%Y-%m}"
    match = _MONTH.fullmatch(plain)
    # 2026.10 typed as a number is 2026.1: what stands after the point cannot be relied on.
    if not match or (numeric and not re.fullmatch(r"\d{6}|\d{4}\.(?:0[1-9]|1[12])", plain)):
        raise CellError("not_a_month")
    if plain.isdigit() and len(plain) != 6:
        raise CellError("not_a_month")
    return f"{match[1]}-{int(match[2]):02}"


def _mobile(text: str) -> str:
    """A mainland number, or one of elsewhere with its country code."""
    plain = re.sub(r"[-()]", "", compact(text))
    local = re.sub(r"^(?:\+|00)?86(?=1\d{10}$)", "", plain)
    if re.fullmatch(r"1[3-9]\d{9}", local):
        return local
    if re.fullmatch(r"(?:\+|00)(?!86)[1-9]\d{6,14}", plain):
        return plain
    raise CellError("not_a_mobile")


def _document_number(text: str) -> str:
    number = compact(text).upper()
    if not re.fullmatch(r"(?=.*\d{4})[A-Z0-9]{6,20}(?:\([0-9A-Z]\))?", number):
        raise CellError("not_a_document_number")
    return number


def _number_text(text: str) -> str:
    number = compact(text).upper()
    if not re.fullmatch(r"[A-Z0-9][A-Z0-9/.-]*", number):
        raise CellError("not_a_code")
    return number


def _choice(column: Column, text: str) -> str:
    plain = plain_heading(text)
    for value, words in column.choices:
        if plain in {plain_heading(word) for word in (value, *words)}:
            return value
    raise CellError("unknown_choice")


_PARSERS: dict[CellKind, Callable[[str], CellValue]] = {
    CellKind.TEXT: _text,
    CellKind.PERSON: _person,
    CellKind.COUNT: _count,
    CellKind.QUANTITY: _number,
    CellKind.PERCENT: _percent,
    CellKind.DATE: _date,
    CellKind.MOBILE: _mobile,
    CellKind.DOCUMENT_NUMBER: _document_number,
    CellKind.NUMBER_TEXT: _number_text,
}
