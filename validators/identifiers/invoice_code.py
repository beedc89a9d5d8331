"""Code of a paper or old electronic VAT invoice (发票代码), 10 or 12 digits; it tells the kind of invoice.

10 digits: places 1-4 the region, 5-6 the year the code was given out, 7 the batch, 8 the kind. 12 digits: 2-5 the
region, 6-7 the year, 8-10 the batch, 11-12 the kind; a 0 in front says that they are the tax administration's.

Kinds as the State Taxation Administration numbers them: 01 special, 02 freight, 03 motor vehicle,
04 ordinary, 08 electronic special, 10 electronic ordinary, 11 roll, 14 toll, 15 used car.

>>> kind('3400161130'), kind('044031800104'), kind('011001605111')
('01', '04', '10')
>>> year('3400161130'), province('3400161130'), year('044031800104'), province('044031800104')
(2016, '34', 2018, '44')
>>> is_valid('01100160511')
False
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError

from validators.identifiers.text import compact

__all__ = ["compact", "is_valid", "kind", "province", "validate", "year"]

_BY_LAST_TWO = {"11": "10", "04": "04", "05": "04", "06": "11", "07": "11", "12": "14", "17": "15", "13": "08"}
_BY_EIGHTH = {"1": "01", "5": "01", "6": "04", "3": "04", "7": "02", "2": "02"}


def validate(number: str) -> str:
    """The 10 or 12 digits; raises ValidationError."""
    number = compact(number)
    if not re.fullmatch(r"[0-9]+", number):
        raise InvalidFormat()
    if len(number) not in (10, 12):
        raise InvalidLength()
    return number


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False


def kind(number: str) -> str | None:
    """The kind of invoice a valid code stands for, None if it does not say."""
    if len(number) == 10:
        return _BY_EIGHTH.get(number[7])
    if number[0] == "0":
        return _BY_LAST_TWO.get(number[-2:])
    return "03" if number[7] == "2" else None


def province(number: str) -> str:
    """The first two digits of the region in a valid code."""
    return number[:2] if len(number) == 10 else number[1:3]


def year(number: str) -> int:
    """The year a valid code was given out; its invoices may be issued years later, never before."""
    digits = int(number[4:6] if len(number) == 10 else number[5:7])
    return (1900 if digits >= 90 else 2000) + digits
