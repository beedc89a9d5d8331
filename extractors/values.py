"""Text as read → values: dates, terms, money in figures and in Chinese capitals, registered capital.

Every parser returns None where the text does not hold exactly what is asked for: a guess is worse
than a gap. All take raw text; full-width forms and spaces are folded first (`fold`).
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache

import opencc

_CN_DIGITS = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "○": 0, "O": 0, "元": 1, "两": 2}
_CAPITAL_DIGITS = {c: i for i, c in enumerate("零壹贰叁肆伍陆柒捌玖")} | {
    **{c: i for i, c in enumerate("〇一二三四五六七八九")},
    "弍": 2,
    "贰": 2,
    "貳": 2,
    "两": 2,
    "叄": 3,
    "參": 3,
    "陸": 6,
    "○": 0,
}
# Numerals in one form, each section of up to four places by its thousands, hundreds, tens and ones.
_PLAIN_NUMERAL = str.maketrans(
    {char: "零一二三四五六七八九"[digit] for char, digit in _CAPITAL_DIGITS.items()}
    | dict(zip("拾佰仟萬億", "十百千万亿", strict=True))
)
_NUMERAL = "[一二三四五六七八九]"
_SECTION = re.compile(rf"零*({_NUMERAL}千)?零*({_NUMERAL}百)?零*({_NUMERAL}?(?<!零)十)?零*({_NUMERAL})?")
_SECTIONS = re.compile(r"(?:(?=[^亿])(?:([^万亿]+)万)?([^万亿]*)亿)?(?:([^万亿]+)万)?([^万亿]*)")
# The widest figures invoices and receipts have; others would only cost time and memory.
_LONGEST_FIGURES, _LARGEST_POWER = 40, 16

# What stands for the rate or the tax of a line that bears none.
UNTAXED = re.compile(r"免(?:征(?:增值税)?|(?:增值)?税)|不征(?:增值)?税")

# 通用规范汉字表 (2013) admits these again, for names.
_KEPT_FOR_NAMES = "昇甦邨堃喆犇骉祕晧暐絜祇甯昺颺鉅"

# CJK Radicals Supplement → the unified character they stand for (Unicode EquivalentUnifiedIdeograph).
_RADICALS = str.maketrans(
    "⺝⺟⺠⺡⺢⺣⺤⺥⺦⺧⺨⺩⺪⺫⺬⺭⺮⺯⺰⺱⺲⺳⺶⺷⺸⺹⺺⺻⺼⺽⺾⺿⻁⻄⻅⻆⻉⻊⻋⻌⻎⻏⻐⻑⻓⻔⻖⻘⻙⻚⻛⻜⻝⻠⻢⻣⻤⻥⻦⻧⻨⻩⻪⻫⻬⻭⻮⻯⻰⻱⻲⻳",
    "月母民氵氺灬爫爫丬牛犭王疋罒示礻竹糸纟罓罓罓羊羊羊耂肀聿肉臼艹艹虎西见角贝足车辶辶阝钅長长门阝青韦页风飞食饣马骨鬼鱼鸟卤麦黄黾斉齐歯齿竜龙龜亀龟",
)
_LONG_TERM = re.compile(r"长期|永久|永续|无固定期限|不约定(?:期限)?|无期限")
# 日 may be lost after two digits only: a row that breaks after "05月1" has not shown the whole day yet.
_NUMERIC_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:年|\s)\s?(1[0-2]|0?[1-9])\s?月\s?"
    r"((?:3[01]|[12]\d|0[1-9])(?!\d)|[1-9](?=日))日?"
)
_PLAIN_DATE = re.compile(
    r"(?<!\d)((?:19|20)\d{2})(?:[-./,·\s]\s?)(1[0-2]|0?[1-9])(?:[-./,·\s]\s?)(3[01]|[12]\d|0?[1-9])"
    r"(?!\d|\s\d{1,2}(?![\d:]))"
)
# A time that OCR joined to the date: 2019-08-1814:04:06.
_TIMED_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})[-./](0[1-9]|1[0-2])[-./](0[1-9]|[12]\d|3[01])(?=\d{2}:\d{2})")
_COMPACT_DATE = re.compile(r"(?<!\d)((?:19|20)\d{2})(1[0-2]|0[1-9])(3[01]|[12]\d|0[1-9])(?!\d)")
_CN_DATE = re.compile(
    r"([〇零○O一二三四五六七八九]{4})年([元一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})日"
)
# Months by the letters that tell them in English, French, German, Spanish and Portuguese, as passports print them.
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("JAN ENE GEN", "FEB FEV", "MAR MRT", "APR AVR ABR", "MAY MAI MAG MEI", "JUN JUIN GIU", "JUL JUIL LUG",
        "AUG AOU AGO",
         "SEP SET", "OCT OKT OUT OTT", "NOV", "DEC DEZ DIC"), 1)
    for name in names.split()
}  # fmt: skip
_ENGLISH_DATE = re.compile(
    r"(?<![\dA-Za-z])(3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?[\s.,/-]{0,3}([A-Za-z]{3,9})[\s.,/-]{0,3}((?:19|20)\d{2})(?!\d)"
)
_MONTH_FIRST_DATE = re.compile(
    r"(?<![\dA-Za-z])([A-Za-z]{3,9})\.?\s{0,2}(3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?\s{0,2},?\s{0,2}((?:19|20)\d{2})(?!\d)"
)
_ROC_DATE = re.compile(r"民[国國]\s?(\d{1,3}|元)\s?年\s?(1[0-2]|0?[1-9])\s?月\s?(3[01]|[12]\d|0?[1-9])\s?日?(?!\d)")
_ROC_EPOCH = 1911
# Day first, on text without spaces: 03-06-1985, 26.11.18, and with the month in letters 01 1月/JAN 1980.
_DAY_FIRST = re.compile(r"(?<!\d)(3[01]|[12]\d|0?[1-9])([-./])(1[0-2]|0?[1-9])\2((?:19|20)\d{2}|\d{2})(?!\d)")
_SPACED_DAY_FIRST = re.compile(r"(?<!\d)(3[01]|[12]\d|0[1-9])\s(1[0-2]|0[1-9])\s((?:19|20)\d{2})(?!\d)")
_MISREAD_MONTH = re.compile(r"(?:(?<!\d)|(?<=\d\d))0(?=[CK]T)|(?<=N)0(?=V)")  # 0CT, N0V
_MONTH_IN_LETTERS = re.compile(
    r"(?<!\d)(3[01]|[12]\d|0?[1-9])[-./,]*(?:(1[0-2]|0?[1-9])月)?[-./,]*([A-Z]{3,9})[-./,]*([A-Z]{3,9})?[-./,]*"
    r"(?:(1[0-2]|0?[1-9])月)?[-./,]*((?:19|20)\d{2}|\d{2})(?!\d)"
)


def fold(text: str) -> str:
    """NFKC, so that full-width letters, digits, brackets and colons become half-width; ends stripped.

    Radicals that PDF fonts map characters to (⻘ for 青), which NFKC leaves, become the characters.
    """
    return unicodedata.normalize("NFKC", text).translate(_RADICALS).strip()


def simplified(text: str) -> str:
    """Traditional characters as the simplified ones mainland documents are printed in; OCR mixes the two up.

    Characters that belong to the simplified set themselves (乾, 著) and those kept for names (昇) stay.
    """
    if _in_gb2312(text):
        return text
    return "".join(_converter().convert(char) if _may_be_traditional(char) else char for char in text)


def _may_be_traditional(char: str) -> bool:
    return char >= "\u3400" and char not in _KEPT_FOR_NAMES and not _in_gb2312(char)


def _in_gb2312(text: str) -> bool:
    try:
        text.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


@cache
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


def compact(text: str) -> str:
    """`fold` without any white space."""
    return re.sub(r"\s+", "", fold(text))


def find_dates(text: str) -> list[tuple[date, int, int]]:
    """Every date in `fold(text)` as (date, start, end), in order. Impossible days are skipped."""
    folded = fold(text)
    # Printed forms leave gaps around 年 月 日; closing them keeps "2019 年 3 月 5 日" one date.
    found: list[tuple[date, int, int]] = []
    for pattern in (_NUMERIC_DATE, _PLAIN_DATE, _TIMED_DATE, _COMPACT_DATE, _CN_DATE):
        for match in pattern.finditer(folded):
            day = _as_date(*match.groups())
            if day and not any(start < match.end() and match.start() < end for _, start, end in found):
                found.append((day, match.start(), match.end()))
    for pattern, as_day in ((_ENGLISH_DATE, _from_words), (_MONTH_FIRST_DATE, _from_words), (_ROC_DATE, _from_roc)):
        for match in pattern.finditer(folded):
            if day := as_day(*match.groups()):
                found.append((day, match.start(), match.end()))
    return sorted(found, key=lambda f: f[1])


def parse_date(text: str) -> date | None:
    """The one date in a text; None when there is none or more than one."""
    days = {day for day, _, _ in find_dates(_closed(text))}
    if not days:
        days = {day for day, _, _ in find_dates(compact(text))}
    return days.pop() if len(days) == 1 else None


def parse_day_first(text: str, *, latest: int = 2099) -> date | None:
    """The one date as persons' documents of any country print it; figures alone are day, month, year.

    A year of two digits is the last one up to `latest` that ends so. Years first are read as everywhere.
    """
    if day := parse_date(text):
        return day
    plain = _MISREAD_MONTH.sub("O", _unaccented(compact(text)).upper())
    days = {_from_letters(*m.groups(), latest=latest) for m in _MONTH_IN_LETTERS.finditer(plain)}
    days |= {_day_of(m[4], m[3], m[1], latest) for m in _DAY_FIRST.finditer(plain)}
    days |= {_day_of(m[3], m[2], m[1], latest) for m in _SPACED_DAY_FIRST.finditer(fold(text))}
    return days.pop() if len(days) == 1 else None


def parse_term(text: str) -> tuple[date | None, date | None, bool] | None:
    """A term such as 2009年10月12日至2039年10月10日 as (from, to, indefinite).

    长期 gives (from or None, None, True). None when neither two dates nor 长期 can be read.
    """
    squeezed = _closed(text)
    days = [day for day, _, _ in find_dates(squeezed)]
    if _LONG_TERM.search(squeezed):
        # 长期 beside two dates contradicts itself.
        return (days[0] if days else None, None, True) if len(days) <= 1 else None
    if len(days) == 2 and days[0] <= days[1]:
        return days[0], days[1], False
    return None


def parse_money(text: str) -> Decimal | None:
    """Figures such as ¥5,999.00 or -14.16; None when anything but one number is there."""
    folded = re.sub(r"[¥￥Y元圆\s]|CNY|RMB|人民币", "", fold(text)).replace("−", "-").replace("－", "-")
    if len(folded) > _LONGEST_FIGURES or not re.fullmatch(r"[-+]?(\d{1,3}(,\d{3})+|\d+)(\.\d+)?", folded):
        return None
    number = Decimal(folded.replace(",", ""))
    return number if not number or number.adjusted() < _LARGEST_POWER else None


def parse_words(text: str) -> Decimal | None:
    """An amount in Chinese capitals, 柒仟零壹拾捌圆捌角叁分 → 7018.83; (负数) in front makes it negative."""
    folded = compact(text)
    folded = re.sub(r"^[⊗×xX⨂\u2297○◎⑧②*()]+(?=[零壹贰叁肆伍陆柒捌玖拾负])", "", folded)
    negative = "负" in folded
    folded = re.sub(r"\(?负数?\)?|人民币|[整正]$|[:¥]", "", folded)
    match = re.fullmatch(r"(?:([^圆元角分]+)[圆元])?(?:零?([^圆元角分零])角)?(?:零?([^圆元角分零])分)?零?", folded)
    if not match or not any(match.groups()):
        return None
    whole, jiao, fen = match.groups()
    yuan = capital_integer(whole) if whole else 0
    tenths, cents = _CAPITAL_DIGITS.get(jiao, -1) if jiao else 0, _CAPITAL_DIGITS.get(fen, -1) if fen else 0
    if yuan is None or tenths < 0 or cents < 0:
        return None
    amount = Decimal(yuan) + Decimal(tenths) / 10 + Decimal(cents) / 100
    return (-amount if negative else amount).quantize(Decimal("0.01"))


def capital_integer(text: str) -> int | None:
    """A whole number in Chinese numerals, capital or plain: 壹亿零贰佰万 → 102000000.

    None where digits follow each other or units do not descend: a character was lost, added or misread.
    """
    sections = _SECTIONS.fullmatch(text.translate(_PLAIN_NUMERAL)) if text else None
    if not sections:
        return None
    total = 0
    for part, unit in zip(sections.groups(), (10**12, 10**8, 10**4, 1), strict=True):
        value = _section(part) if part else 0
        if value is None or (part and unit > 1 and not value):
            return None
        total += value * unit
    return total


def _section(text: str) -> int | None:
    """A numeral below 10000; 十 may stand without its 一."""
    places = _SECTION.fullmatch(text)
    if not places:
        return None
    total = 0
    for power, place in zip((3, 2, 1, 0), places.groups(), strict=True):
        if place:
            total += ("十一二三四五六七八九".index(place[0]) or 1) * int(10**power)
    return total


def parse_capital(text: str) -> tuple[Decimal, str] | None:
    """Registered capital as (amount, currency code): 人民币伍佰万元 → (5000000, "CNY")."""
    folded = compact(text)
    currency = next((code for words, code in _CURRENCIES if any(w in folded for w in words)), "CNY")
    for words, _ in _CURRENCIES:
        for word in words:
            folded = folded.replace(word, "")
    folded = re.sub(r"[()¥$整正]|元$|圆$|元整$|圆整$|元", "", folded)
    match = re.fullmatch(r"([\d,]+(?:\.\d+)?)(万|亿|千万|百万|十万)?", folded)
    if match:
        unit = {None: 1, "万": 10**4, "亿": 10**8, "千万": 10**7, "百万": 10**6, "十万": 10**5}[match.group(2)]
        try:
            return Decimal(match.group(1).replace(",", "")) * unit, currency
        except InvalidOperation:
            return None
    whole = capital_integer(folded.replace("圆", ""))
    return (Decimal(whole), currency) if whole else None


_CURRENCIES = (
    (("美元", "美金", "USD"), "USD"),
    (("港元", "港币", "HKD"), "HKD"),
    (("欧元", "EUR"), "EUR"),
    (("日元", "JPY"), "JPY"),
    (("英镑", "GBP"), "GBP"),
    (("人民币", "RMB", "CNY"), "CNY"),
)


def _closed(text: str) -> str:
    """A text without the gaps inside its dates, 2019 年 3 月 1 5 日 → 2019年3月15日; 2019 3 15 needs its own."""
    # A mark read twice where two pieces of a line overlap counts once.
    closed = re.sub(r"([年月日])\1", r"\1", compact(text))
    return closed if "年" in text else re.sub(r"\s*([年月日])\s*", r"\1", fold(text))


def _as_date(year: str, month: str, day: str) -> date | None:
    try:
        if year.isdigit():
            return date(int(year), int(month), int(day))
        digits = int("".join(str(_CN_DIGITS[c]) for c in year))
        return date(digits, _chinese_small(month), _chinese_small(day))
    except (ValueError, KeyError):
        return None


def _chinese_small(text: str) -> int:
    """一 … 三十一 as a number; 元 (the first month) is 1."""
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_CN_DIGITS[tens] if tens else 1) * 10 + (_CN_DIGITS[ones] if ones else 0)
    return _CN_DIGITS[text]


def _month(name: str) -> int | None:
    """The number of a month by the letters its name begins with."""
    plain = _unaccented(name).upper()
    return next((_MONTHS[plain[:n]] for n in (4, 3) if plain[:n] in _MONTHS), None)


def _from_words(one: str, other: str, year: str) -> date | None:
    day, name = (one, other) if one.isdigit() else (other, one)
    month = _month(name)
    return _as_date(year, str(month), day) if month else None


def _from_roc(year: str, month: str, day: str) -> date | None:
    return _as_date(str(_ROC_EPOCH + (1 if year == "元" else int(year))), month, day)


def _from_letters(
    day: str, before: str | None, name: str, other: str | None, after: str | None, year: str, *, latest: int
) -> date | None:
    """A day whose month stands in letters, in one language or two, and maybe in figures too: all must agree."""
    months = {_month(n) for n in (name, other) if n} | {int(m) for m in (before, after) if m}
    month = months.pop() if len(months) == 1 else None
    return _day_of(year, str(month), day, latest) if month else None


def _day_of(year: str, month: str, day: str, latest: int) -> date | None:
    full = int(year) if len(year) == 4 else latest - (latest - int(year)) % 100
    return _as_date(str(full), month, day)


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
