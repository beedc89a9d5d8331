"""Organisation code (组织机构代码), GB 11714: eight digits or letters and a check digit modulo 11.

It lives on as places 9 to 17 of the unified social credit code.

>>> validate('D2143569-X')
'D2143569X'
>>> validate('60003734-2')
Traceback (most recent call last):
    ...
stdnum.exceptions.InvalidChecksum: The number's checksum or check digit is invalid.
>>> calc_check_digit('M000100Y')
'4'
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength, ValidationError

from validators.identifiers.text import compact

__all__ = ["calc_check_digit", "compact", "is_valid", "validate"]

_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def calc_check_digit(number: str) -> str:
    """The check digit of the first eight characters: 0-9 or X."""
    total = sum(int(char, 36) * weight for char, weight in zip(number[:8], _WEIGHTS, strict=True))
    return "0123456789X"[-total % 11]


def validate(number: str) -> str:
    """The nine characters without dash; raises ValidationError."""
    number = compact(number)
    if len(number) != 9:
        raise InvalidLength()
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", number):
        raise InvalidFormat()
    if number[8] != calc_check_digit(number):
        raise InvalidChecksum()
    return number


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False
