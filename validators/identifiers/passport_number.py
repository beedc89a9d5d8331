"""Passport number, of any country: 6 to 9 letters and digits, at least two of them digits (ICAO 9303-4: room for 9).

A passport of the People's Republic of China has E and 8 digits, or E, a letter and 7 digits; service, diplomatic and
older ones begin with other letters. The number has no check digit of its own; the machine-readable zone adds one.

>>> validate('e1234 5678'), is_chinese('EA1234567'), is_chinese('L898902C3')
('E12345678', True, False)
>>> is_valid('ANNAMARIA')
False
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError

from validators.identifiers.text import compact

__all__ = ["compact", "is_chinese", "is_valid", "validate"]

# After E no I and no O. The other series: G and 14, 15, K of before 2012, service, public affairs, diplomatic, and
# those of the two special administrative regions.
_CHINESE = re.compile(
    r"E[0-9]{8}|E[A-HJ-NP-Z][0-9]{7}|[DGHKMPS][0-9]{8}|[DSP]E[0-9]{7}|(?:KJ|MA|MB)[0-9]{7}|1[45][0-9]{7}"
)


def validate(number: str) -> str:
    """The bare number; raises ValidationError."""
    number = compact(number)
    if not re.fullmatch(r"[0-9A-Z]*", number):
        raise InvalidFormat()
    if not 6 <= len(number) <= 9:
        raise InvalidLength()
    if len(re.findall("[0-9]", number)) < 2:
        raise InvalidFormat()
    return number


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False


def is_chinese(number: str) -> bool:
    """Whether the number has the form of one that China issues."""
    return bool(_CHINESE.fullmatch(compact(number)))
