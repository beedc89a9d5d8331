"""Mainland travel permit for Taiwan residents (台湾居民来往大陆通行证): 8 digits.

Booklets of before 2015 add the issue count (two digits) and the place of issue in brackets, 0123456701(B); cards print
the count apart. The 8 digits are the holder's for life. No check digit.

>>> validate('01234567 01（b）'), base('0123456701(B)'), issue_count('0123456701(B)')
('0123456701(B)', '01234567', '01')
>>> is_valid('0123456'), is_valid('0123456701B')
(False, True)
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError

from validators.identifiers.text import compact

__all__ = ["base", "compact", "is_valid", "issue_count", "validate"]

_FORM = re.compile(r"([0-9]{8})([0-9]{2})?(?:\(?([A-Z])\)?)?")


def validate(number: str) -> str:
    """The 8 digits, with issue count and place where they were given; raises ValidationError."""
    number = compact(number)
    if len(number) < 8:
        raise InvalidLength()
    match = _FORM.fullmatch(number)
    if not match:
        raise InvalidFormat()
    digits, count, place = match.groups("")
    return digits + count + (f"({place})" if place else "")


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False


def base(number: str) -> str:
    """The number without issue count and place."""
    return validate(number)[:8]


def issue_count(number: str) -> str:
    """The two digits that count the issues, or nothing."""
    return validate(number)[8:10].strip("()")
