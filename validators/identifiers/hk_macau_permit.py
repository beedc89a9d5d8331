"""Mainland travel permit for Hong Kong and Macau residents (港澳居民来往内地通行证): H or M and 8 digits.

The number is the holder's for life; older cards print two more digits, how often it was issued. Permits of permanent
residents who are not Chinese citizens (since 2024) begin with HA or MA and have 7 digits. No check digit.

>>> validate('h1234 5678'), base('H1234567801'), issue_count('H1234567801')
('H12345678', 'H12345678', '01')
>>> is_valid('H1234567'), is_valid('HA1234567')
(False, True)
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError

from validators.identifiers.text import compact

__all__ = ["base", "compact", "is_valid", "issue_count", "validate"]


def validate(number: str) -> str:
    """The 9 characters, with the issue count where it was given; raises ValidationError."""
    number = compact(number)
    if len(number) not in (9, 11):
        raise InvalidLength()
    if not re.fullmatch(r"[HM]A?[0-9]+", number):
        raise InvalidFormat()
    return number


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False


def base(number: str) -> str:
    """The number without the issue count."""
    return validate(number)[:9]


def issue_count(number: str) -> str:
    """The two digits that count the issues, or nothing."""
    return validate(number)[9:]
