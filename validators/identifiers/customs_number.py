"""Number of a customs declaration (报关单号, 海关编号): 18 digits, no check digit.

Places 1-4 are the customs office, 5-8 the year of declaration, 9 the direction (0 export, 1 import), 10-18 the
sequence (海关总署公告 2019年第18号, 填制规范).

>>> validate('2904 2026 0 123456789'), year('290420260123456789'), is_import('290420260123456789')
('290420260123456789', 2026, False)
>>> is_valid('290418260123456789')
False
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidComponent, InvalidFormat, InvalidLength, ValidationError

from validators.identifiers.text import compact

__all__ = ["compact", "is_import", "is_valid", "validate", "year"]

_FIRST_YEAR, _LAST_YEAR = 1998, 2099  # the electronic numbering is no older


def validate(number: str) -> str:
    """The 18 digits; raises ValidationError."""
    number = compact(number)
    if not re.fullmatch(r"[0-9]+", number):
        raise InvalidFormat()
    if len(number) != 18:
        raise InvalidLength()
    if not _FIRST_YEAR <= year(number) <= _LAST_YEAR or number[8] not in "01" or number[:2] == "00":
        raise InvalidComponent()
    return number


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False


def year(number: str) -> int:
    """The year of declaration in a number of 18 digits."""
    return int(number[4:8])


def is_import(number: str) -> bool:
    return number[8] == "1"
