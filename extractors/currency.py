"""Amounts with a currency as trade papers write them: USD 12,345.00, 人民币5,000元, US$300, 1000 欧元."""

from __future__ import annotations

import re
from decimal import Decimal

from extractors.values import compact, parse_money, parse_words

# Longer words first: 美元 before 元, US$ before $.
_WORDS: tuple[tuple[str, str], ...] = (
    ("USD", "USD"), ("US$", "USD"), ("U.S.DOLLARS", "USD"), ("USDOLLARS", "USD"), ("DOLLARS", "USD"),
    ("美元", "USD"), ("美金", "USD"),
    ("HKD", "HKD"), ("HK$", "HKD"), ("港元", "HKD"), ("港币", "HKD"),
    ("EUROS", "EUR"), ("EURO", "EUR"), ("EUR", "EUR"), ("欧元", "EUR"), ("€", "EUR"),
    ("GBP", "GBP"), ("英镑", "GBP"), ("£", "GBP"),
    ("JPY", "JPY"), ("日元", "JPY"), ("日圆", "JPY"), ("日币", "JPY"),
    ("AUD", "AUD"), ("澳元", "AUD"), ("CAD", "CAD"), ("加元", "CAD"), ("SGD", "SGD"), ("新加坡元", "SGD"),
    ("KRW", "KRW"), ("韩元", "KRW"), ("RUB", "RUB"), ("卢布", "RUB"), ("TWD", "TWD"), ("新台币", "TWD"),
    ("CNY", "CNY"), ("RMB", "CNY"), ("CNH", "CNY"), ("人民币", "CNY"), ("¥", "CNY"), ("￥", "CNY"),
)  # fmt: skip
_FOREIGN_YUAN = re.compile(r"[美欧日港澳加韩]元|新加坡元")
_CODE = re.compile(r"(?<![A-Z])(" + "|".join(sorted({code for _, code in _WORDS})) + r")(?![A-Z])")
# An amount in Chinese capitals wherever it stands: nothing else is written so.
IN_WORDS = re.compile(
    r"[零壹贰叁肆伍陆柒捌玖拾佰仟万亿两]{1,40}[元圆](?:[零壹贰叁肆伍陆柒捌玖]角)?(?:零?[零壹贰叁肆伍陆柒捌玖]分)?[整正]?"
)
_NUMBER = r"[-+]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"


def currency_of(text: str) -> str | None:
    """The one currency a text names, as an ISO code; None where it names none or several."""
    plain = compact(text).upper()
    found = set(_CODE.findall(plain))
    for word, code in _WORDS:
        if not word.isalpha() or not word.isascii():
            if word in plain:
                found.add(code)
                plain = plain.replace(word, " ")
        elif code != word and re.search(rf"(?<![A-Z]){re.escape(word)}(?![A-Z])", plain):
            found.add(code)
    if not found and "$" in plain:
        return "USD"
    if not found and re.search(r"[元圆]", plain) and not _FOREIGN_YUAN.search(plain):
        return "CNY"
    return found.pop() if len(found) == 1 else None


def parse_amount(text: str) -> tuple[Decimal, str | None] | None:
    """One number with an optional currency before or after it; None where anything else stands there."""
    rest = compact(text).upper()
    if re.fullmatch(_NUMBER, rest):
        return Decimal(rest.replace(",", "")), None
    code = currency_of(text)
    for word, _ in _WORDS:
        rest = rest.replace(word, "")
    rest = re.sub(r"[$元圆整正:()]", "", rest).strip("-=*/.,;")
    # A sum printed to the cent and more: a third decimal separated by a comma is no number.
    if not re.fullmatch(_NUMBER, rest):
        return None
    amount = parse_money(rest)
    return None if amount is None else (amount, code)


def amount_in_words(text: str) -> Decimal | None:
    """An amount in Chinese capitals in any currency: 美元叁佰元整, 人民币（大写）伍万元整."""
    plain = re.sub(r"\(?大写\)?|金额|合计|美元(?=[零壹贰叁肆伍陆柒捌玖拾])|[:：]", "", compact(text))
    for word, _ in _WORDS:
        if not word.isascii() and word != "人民币":
            plain = plain.replace(word, "") if plain.startswith(word) else plain
    return parse_words(plain)
