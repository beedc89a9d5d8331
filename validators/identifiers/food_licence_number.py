"""Number of a food production licence (食品生产许可证编号): SC, 13 digits and a check digit, ISO 7064 mod 11,10.

Three digits of the food's category (the first 1 food, 2 additive), six of the region, four of the sequence.

>>> validate('SC11834020305037')
'SC11834020305037'
>>> is_valid('SC11834020305038')
False
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidFormat, ValidationError
from stdnum.iso7064 import mod_11_10

from validators.identifiers.text import compact

__all__ = ["calc_check_digit", "is_valid", "validate"]


def calc_check_digit(number: str) -> str:
    """The last digit for SC and the 13 before it."""
    return str(mod_11_10.calc_check_digit(compact(number)[2:15]))


def validate(number: str) -> str:
    """SC and the 14 digits; raises ValidationError."""
    number = compact(number)
    if not re.fullmatch(r"SC[12][0-9]{13}", number):
        raise InvalidFormat()
    mod_11_10.validate(number[2:])
    return number


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False
