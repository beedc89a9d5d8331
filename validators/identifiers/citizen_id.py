"""Citizen identity number (公民身份号码), GB 11643: region, birth date, sequence (odd for men), check digit mod 11,2.

Residence permits of Hong Kong, Macau and Taiwan residents and the foreign permanent resident card of
2023 follow it too. The 15-digit form of before 1999 has no check digit and is brought to 18 places.
`stdnum.cn.ric` is no gate: it fails on regions newer than its table and on people registered away
from where, or later than when, their county existed. Only form, date and check digit decide here.

>>> validate('11010519491231002x')
'11010519491231002X'
>>> validate('610104620927690')
'610104196209276908'
>>> is_valid('110105194912310021')
False
>>> birth('34052419800101001X'), sex('34052419800101001X')
(datetime.date(1980, 1, 1), '男')
>>> repair('11O1O519491231002X').value
'11010519491231002X'
"""

from __future__ import annotations

import re
from datetime import date

from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError
from stdnum.iso7064 import mod_11_2

from validators.identifiers.text import Repair, compact, digit_choices, repaired

__all__ = ["birth", "calc_check_digit", "compact", "is_valid", "repair", "sex", "validate"]

_EARLIEST_BIRTH = date(1900, 1, 1)
_LATEST_BIRTH = date(2099, 12, 31)


def calc_check_digit(number: str) -> str:
    """The 18th character (0-9 or X) for the first 17 digits."""
    return str(mod_11_2.calc_check_digit(number[:17]))


def validate(number: str) -> str:
    """The 18 characters; raises ValidationError."""
    number = compact(number)
    if len(number) not in (15, 18):
        raise InvalidLength()
    if not re.fullmatch(r"[0-9]{15}|[0-9]{17}[0-9X]", number):
        raise InvalidFormat()
    if len(number) == 15:
        number = f"{number[:6]}19{number[6:]}"
        number += calc_check_digit(number)
    if number[17] != calc_check_digit(number):
        raise InvalidChecksum()
    birth(number)
    return number


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False


def birth(number: str) -> date:
    """The birth date in an 18-character number; InvalidComponent if there is no such day."""
    try:
        day = date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
    except ValueError:
        raise InvalidComponent() from None
    if not _EARLIEST_BIRTH <= day <= _LATEST_BIRTH:
        raise InvalidComponent()
    return day


def sex(number: str) -> str:
    """男 or 女, by the 17th digit."""
    return "男" if int(number[16]) % 2 else "女"


def repair(text: str) -> Repair | None:
    """Up to two letters in places for digits replaced by the digits they look like, if check digit and date agree."""
    return repaired(text, 18, _choices, is_valid, most=2)


def _choices(place: int, char: str) -> str:
    if place == 17 and char in "Xx×✕":
        return "X"
    return digit_choices(char)
