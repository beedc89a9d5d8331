"""Taxpayer identification number (纳税人识别号) as invoices print it: a credit code, or a form of before 2015.

18: credit code, or the ID number of an individual. 15: six digits of the region and the organisation
code, or numbers assigned otherwise. 17 and 20: a 15- or 18-character ID number with two more digits.
Only that of 18 can be proven: the others have places that no check digit covers (`has_check_digit`).

>>> validate('91440300708436854b')
'91440300708436854B'
>>> validate('410305123456789'), has_check_digit('410305123456789')
('410305123456789', False)
>>> has_check_digit('11010560003734-1'), has_check_digit('91330100799655058B')
(False, True)
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError

from validators.identifiers import citizen_id, credit_code
from validators.identifiers.text import Repair, compact

__all__ = ["compact", "has_check_digit", "is_valid", "repair", "validate"]

_OLD_FORMS = {
    15: re.compile(r"[0-9]{6}[0-9A-Z]{9}"),
    17: re.compile(r"[0-9]{17}|[0-9]{15}[0-9A-Z]{2}"),
    20: re.compile(r"[0-9]{17}[0-9X][0-9A-Z]{2}"),
}


def validate(number: str) -> str:
    """The bare number; raises ValidationError."""
    number = compact(number)
    if len(number) == 18:
        return citizen_id.validate(number) if citizen_id.is_valid(number) else credit_code.validate(number)
    if len(number) not in _OLD_FORMS:
        raise InvalidLength()
    if not _OLD_FORMS[len(number)].fullmatch(number):
        raise InvalidFormat()
    if len(number) == 20:
        citizen_id.validate(number[:18])
    return number


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False


def has_check_digit(number: str) -> bool:
    """Whether the number is valid, and its own check digits would tell any one character that was changed."""
    return len(compact(number)) == 18 and is_valid(number)


def repair(text: str) -> Repair | None:
    """As for credit codes; the other forms are never repaired."""
    return credit_code.repair(text)
