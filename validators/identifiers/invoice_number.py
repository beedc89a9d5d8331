"""Invoice number (发票号码): 8 digits beside a code, or the 20 digits of a fully digital invoice.

Of the 20, places 1-2 are the year of issue, 3-4 the province, 5 the channel, 6-20 the sequence. Cities that the
state plans apart from their province have places 3-4 of their own, 91 to 95 (Shenzhen 95, Xiamen 94).

>>> validate('No 41108527')
Traceback (most recent call last):
    ...
stdnum.exceptions.InvalidFormat: The number has an invalid format.
>>> validate('2532 2000 0003 6540 4822'), year('25322000000365404822')
('25322000000365404822', 2025)
>>> is_valid('24952000000010211653')
True
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidComponent, InvalidFormat, InvalidLength, ValidationError

from validators.identifiers.regions import PROVINCES
from validators.identifiers.text import compact

__all__ = ["compact", "is_valid", "validate", "year"]

_ISSUED_BY = PROVINCES | {f"9{city}" for city in range(1, 6)}


def validate(number: str) -> str:
    """The 8 or 20 digits; raises ValidationError."""
    number = compact(number)
    if not re.fullmatch(r"[0-9]+", number):
        raise InvalidFormat()
    if len(number) not in (8, 20):
        raise InvalidLength()
    if len(number) == 20 and number[2:4] not in _ISSUED_BY:
        raise InvalidComponent()
    return number


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False


def year(number: str) -> int | None:
    """The year of issue in a number of 20 digits, None in one of 8."""
    return 2000 + int(number[:2]) if len(number) == 20 else None
