"""Macau resident identity card: 1, 5 or 7, six digits, and a check digit in brackets whose rule is not published.

>>> validate('1234567（8）'), validate('5123456/7')
('1234567(8)', '5123456(7)')
>>> is_valid('2234567(8)'), is_valid('1234567')
(False, False)
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError

from validators.identifiers.text import compact as _bare

__all__ = ["compact", "is_valid", "validate"]


def compact(number: str) -> str:
    """The bare number without brackets or stroke."""
    return re.sub(r"[()/]", "", _bare(number))


def validate(number: str) -> str:
    """The number with its brackets; raises ValidationError."""
    number = compact(number)
    if len(number) != 8:
        raise InvalidLength()
    if not re.fullmatch(r"[157][0-9]{7}", number):
        raise InvalidFormat()
    return f"{number[:7]}({number[7]})"


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False
