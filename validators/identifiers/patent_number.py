"""Chinese patent number (专利号), ZC 0006-2003: ZL, the application number, a dot and a check digit.

The application number is the year in four digits, the kind (1, 8 invention; 2, 9 utility model; 3 design) and seven of
the sequence; before October 2003 two, one and five. The check digit is the sum of the digits times 2, 3 … 9, 2, 3 …
modulo 11, X for ten.

>>> validate('ZL 2017 1 0601862.3')
'ZL201710601862.3'
>>> validate('ZL95115608.X')
'ZL95115608.X'
>>> is_valid('ZL201710601862.4')
False
>>> year('ZL95115608.X'), kind('ZL201710601862.3')
(1995, 'invention')
"""

from __future__ import annotations

import re
from itertools import cycle

from stdnum.exceptions import InvalidChecksum, InvalidFormat, ValidationError

from validators.identifiers.text import squeeze

__all__ = ["calc_check_digit", "is_valid", "kind", "validate", "year"]

_FORM = re.compile(r"(?:ZL)?((?:(?:19|20)[0-9]{2}[12389][0-9]{7})|(?:[0-9]{2}[12389][0-9]{5}))\.?([0-9X])")
_KINDS = {"1": "invention", "8": "invention", "2": "utility_model", "9": "utility_model", "3": "design"}
_LONG = 12  # digits of an application number since October 2003
_FIRST_YEAR = 85  # the first two-digit year, 1985


def calc_check_digit(number: str) -> str:
    """The check digit of the 8 or 12 digits of an application number: 0-9 or X."""
    total = sum(int(digit) * weight for digit, weight in zip(number, cycle(range(2, 10)), strict=False))
    return "0123456789X"[total % 11]


def validate(number: str) -> str:
    """ZL, the digits, a dot and the check digit; raises ValidationError."""
    match = _FORM.fullmatch(squeeze(number).upper())
    if not match:
        raise InvalidFormat()
    digits, check = match.groups()
    if check != calc_check_digit(digits):
        raise InvalidChecksum()
    return f"ZL{digits}.{check}"


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False


def year(number: str) -> int:
    """The year of the application of a valid number."""
    digits = validate(number)[2:-2]
    if len(digits) == _LONG:
        return int(digits[:4])
    return (1900 if int(digits[:2]) >= _FIRST_YEAR else 2000) + int(digits[:2])


def kind(number: str) -> str:
    """What a valid number says the patent protects: invention, utility_model or design."""
    digits = validate(number)[2:-2]
    return _KINDS[digits[4 if len(digits) == _LONG else 2]]
