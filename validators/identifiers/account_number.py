"""Bank account number of a company: 6 to 30 digits, grouped with blanks or dashes by some banks.

Company accounts have no common check digit (Luhn holds for cards of persons only); lengths differ by bank.

>>> validate('3301 0401-6000 1234 567')
'3301040160001234567'
>>> is_valid('689163495证异户称')
False
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError

from validators.identifiers.text import compact

__all__ = ["compact", "is_valid", "validate"]


def validate(number: str) -> str:
    """The digits alone; raises ValidationError."""
    number = compact(number)
    if not re.fullmatch(r"[0-9]+", number):
        raise InvalidFormat()
    if not 6 <= len(number) <= 30:
        raise InvalidLength()
    return number


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False
