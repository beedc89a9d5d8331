"""Business registration number (工商注册号): 6 digits of the authority, 8 of the sequence, a check digit.

The check digit is ISO 7064 mod 11,10. In use until the credit code replaced it from October 2015 on.

>>> validate('440301103097413')
'440301103097413'
>>> is_valid('440301103097414')
False
>>> calc_check_digit('11010800000001')
'6'
>>> repair('44O301103097413').value
'440301103097413'
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError
from stdnum.iso7064 import mod_11_10

from validators.identifiers.text import Repair, compact, digit_choices, repaired

__all__ = ["calc_check_digit", "compact", "is_valid", "repair", "validate"]


def calc_check_digit(number: str) -> str:
    """The 15th digit for the first 14."""
    return str(mod_11_10.calc_check_digit(number[:14]))


def validate(number: str) -> str:
    """The 15 digits; raises ValidationError."""
    number = compact(number)
    if not re.fullmatch(r"[0-9]+", number):
        raise InvalidFormat()
    if len(number) != 15:
        raise InvalidLength()
    return str(mod_11_10.validate(number))


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False


def repair(text: str) -> Repair | None:
    """One letter in a place for digits replaced by the digit it looks like, if the check digit agrees.

    One digit modulo 11,10 proves little: a second misread letter would pass by chance once in ten.
    """
    return repaired(text, 15, lambda _, char: digit_choices(char), is_valid, most=1)
