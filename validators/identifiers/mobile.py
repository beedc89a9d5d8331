"""Mobile phone number of mainland China: 11 digits from 13 to 19, with or without the country code 86.

>>> validate('+86 138-0000-0000')
'13800000000'
>>> is_valid('12800000000')
False
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError

from validators.identifiers.text import compact as _bare

__all__ = ["compact", "is_valid", "validate"]


def compact(number: str) -> str:
    """The bare number without country code."""
    return re.sub(r"^(\+|00)?86(?=1\d{10}$)", "", _bare(number))


def validate(number: str) -> str:
    """The 11 digits; raises ValidationError."""
    number = compact(number)
    if not re.fullmatch(r"[0-9]+", number):
        raise InvalidFormat()
    if len(number) != 11:
        raise InvalidLength()
    if not re.match(r"1[3-9]", number):
        raise InvalidFormat()
    return number


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False
