"""Approval number of a bank account (核准号, 基本存款账户编号): J basic, L temporary, Z special purpose, and 13 digits.

It has no check digit. Digits 1-4 are the code of the central bank's branch.

>>> validate('J2900 1936 52101')
'J2900193652101'
>>> is_valid('2900193652101')
False
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError

from validators.identifiers.text import compact

__all__ = ["compact", "is_valid", "validate"]


def validate(number: str) -> str:
    """The letter and 13 digits; raises ValidationError."""
    number = compact(number)
    if len(number) != 14:
        raise InvalidLength()
    if not re.fullmatch(r"[JLZ][0-9]{13}", number):
        raise InvalidFormat()
    return number


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False
