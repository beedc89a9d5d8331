"""Serial number of an account-opening permit (开户许可证编号): four digits, a dash, eight digits. No check digit.

>>> validate('2900—02611984')
'2900-02611984'
>>> is_valid('2900-0261198')
False
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError

from validators.identifiers.text import compact

__all__ = ["compact", "is_valid", "validate"]


def validate(number: str) -> str:
    """Four digits, dash, eight digits; raises ValidationError."""
    number = compact(number)
    if len(number) != 12:
        raise InvalidLength()
    if not re.fullmatch(r"[0-9]{12}", number):
        raise InvalidFormat()
    return f"{number[:4]}-{number[4:]}"


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False
