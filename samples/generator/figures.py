"""Numbers with their check digits, and amounts and dates as documents print them.

Written independently of `validators`, so that a mistake there cannot hide in the samples.
"""

from __future__ import annotations

import random
from datetime import date
from decimal import Decimal
from itertools import pairwise

CODE_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # GB 32100: no I O Z S V
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714
CAPITALS = "零壹贰叁肆伍陆柒捌玖"


def organisation_code(rng: random.Random, *, new_style: bool) -> str:
    """Nine characters of GB 11714; since 2015 they begin with MA."""
    body = (
        "MA" + "".join(rng.choice("0123456789ABCDEFGHJKLMNPQRTUWXY") for _ in range(6))
        if new_style
        else "".join(rng.choice("0123456789") for _ in range(8))
    )
    total = sum(int(c, 36) * w for c, w in zip(body, ORGANISATION_WEIGHTS, strict=True))
    return body + "0123456789X0"[(11 - total % 11)]


def credit_code(rng: random.Random, region: str, *, kind: str = "91", new_style: bool = True) -> str:
    """A unified social credit code (GB 32100) of a region, both check digits right."""
    while True:
        body = kind + region + organisation_code(rng, new_style=new_style)
        total = sum(CODE_ALPHABET.index(c) * pow(3, i, 31) for i, c in enumerate(body))
        return body + CODE_ALPHABET[-total % 31]


def registration_number(rng: random.Random, region: str, kind: str = "0") -> str:
    """The 15-digit number licences carried before 2015: ISO 7064 mod 11,10."""
    body = region + kind + "".join(rng.choice("0123456789") for _ in range(7))
    carry = 10
    for c in body:
        carry = (carry + int(c)) % 10 or 10
        carry = carry * 2 % 11
    return body + str((11 - carry) % 10)


def id_number(region: str, born: date, sequence: int) -> str:
    """A citizen number (GB 11643); an odd `sequence` is a man's."""
    body = f"{region}{born:%Y%m%d}{sequence:03d}"
    return body + "10X98765432"[sum(int(c) * pow(2, 17 - i, 11) for i, c in enumerate(body)) % 11]


def capitals(amount: Decimal, unit: str = "圆") -> str:
    """An amount in words: 1234.50 → 壹仟贰佰叁拾肆圆伍角; whole yuan end in 整, whole jiao sometimes do."""
    yuan, fen = divmod(int(abs(amount) * 100), 100)
    words = ("（负数）" if amount < 0 else "") + (_integer(yuan) + unit if yuan else "")
    if not fen:
        return (words or "零" + unit) + "整"
    jiao, fen = divmod(fen, 10)
    words += CAPITALS[jiao] + "角" if jiao else ("零" if yuan else "")
    return words + (CAPITALS[fen] + "分" if fen else "整" if unit == "圆" and jiao and yuan % 2 else "")


def _integer(number: int) -> str:
    if number >= 10**8:
        high, low = divmod(number, 10**8)
        return _integer(high) + "亿" + (("零" if low < 10**7 else "") + _integer(low) if low else "")
    if number >= 10**4:
        high, low = divmod(number, 10**4)
        return _integer(high) + "万" + (("零" if low < 1000 else "") + _integer(low) if low else "")
    words, gap = "", False
    for digit, unit in zip(f"{number:04d}", ("仟", "佰", "拾", ""), strict=True):
        if digit == "0":
            gap = bool(words)
            continue
        words += ("零" if gap else "") + CAPITALS[int(digit)] + unit
        gap = False
    return words


def capital_text(amount: Decimal, style: int) -> str:
    """Registered capital (whole ten thousands) in one of the ways licences print it."""
    ten_thousands = amount / 10000
    plain = f"{ten_thousands.normalize():f}"
    words = capitals(amount).removesuffix("圆整") + "元"
    return (
        f"人民币{words}",
        f"{words}整",
        f"{plain}万元人民币",
        f"{ten_thousands:.6f}万人民币",
        f"{plain}万元整",
        f"人民币{words}整",
        f"{plain}.0000万元",
        f"{plain}万人民币",
    )[style % 8]


def date_text(day: date, style: int = 0) -> str:
    """2019年03月05日, 2019年3月5日 or 二〇一九年三月五日."""
    if style == 1:
        return f"{day.year}年{day.month}月{day.day}日"
    if style == 2:
        year = "".join("〇一二三四五六七八九"[int(c)] for c in str(day.year))
        return f"{year}年{_small(day.month)}月{_small(day.day)}日"
    return f"{day:%Y年%m月%d日}"


def _small(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else "一二三"[tens - 1] + "十") + (
        "" if ones == 0 else "一二三四五六七八九"[ones - 1]
    )


def digits(rng: random.Random, count: int) -> str:
    """Random digits, the first one not 0."""
    return str(rng.randint(1, 9)) + "".join(str(rng.randint(0, 9)) for _ in range(count - 1))


def slip(number: str) -> str:
    """A number as somebody mistypes it: the first two neighbouring digits that differ are swapped."""
    at = next(i for i, (a, b) in enumerate(pairwise(number)) if a != b and (a + b).isdigit())
    return number[:at] + number[at + 1] + number[at] + number[at + 2 :]
