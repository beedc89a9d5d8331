"""Code of a paper or old electronic VAT invoice (发票代码), 10 or 12 digits; it tells the kind of invoice.

Kinds as the State Taxation Administration numbers them: 01 special, 02 freight, 03 motor vehicle,
04 ordinary, 10 electronic ordinary, 11 roll, 14 toll, 15 used car.

>>> kind('3400161130'), kind('044031800104'), kind('011001605111')
('01', '04', '10')
>>> is_valid('01100160511')
False
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError

from validators.identifiers.text import compact

__all__ = ["compact", "is_valid", "kind", "validate"]

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
