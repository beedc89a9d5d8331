"""Unified social credit code (统一社会信用代码), GB 32100-2015: 18 digits or letters with two check digits.

Place 1 is the registering department, 2 the class of entity, 3-8 the region, 9-17 the organisation
code with its own check digit (GB 11714), 18 the check digit modulo 31. I, O, Z, S and V never occur.
`stdnum.cn.uscc` refuses codes with a letter in front (N…, Y…, A…) and does not look at the inner check.

A code whose outer digit is right and whose inner one is wrong raises `InvalidOrganisationCode`: the
registry lists doubtful codes really in use, so that alone is a reason to ask, not to refuse.

>>> validate('9111 0000 6000 3734 1L')
'91110000600037341L'
>>> validate('914403001922038217')
Traceback (most recent call last):
    ...
stdnum.exceptions.InvalidChecksum: The number's checksum or check digit is invalid.
>>> is_valid('913301095U78M2HC4A')
False
>>> calc_check_digit('91330100799655058')
'B'
>>> repair('9133O1OO799655058B').value
'91330100799655058B'
"""

from __future__ import annotations

import re

from stdnum.cn import uscc
from stdnum.exceptions import InvalidChecksum, InvalidComponent, InvalidFormat, InvalidLength, ValidationError

from validators.identifiers import organisation_code
from validators.identifiers.text import Repair, compact, digit_choices, repaired

__all__ = [
    "DEPARTMENTS", "InvalidOrganisationCode", "calc_check_digit", "compact", "is_valid", "repair", "validate",
]  # fmt: skip

# 1 staffing, 2 foreign affairs, 3 justice, 4 culture, 5 civil affairs, 6 tourism, 7 religion, 8 unions, 9 market
# supervision, A armed forces, N agriculture, Y others.
DEPARTMENTS = "123456789ANY"

_FORM = re.compile(r"[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{8}[0-9X][0-9A-HJ-NPQRTUWXY]")
_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"

# What the characters that never occur in a code are misread from. Lower-case l, b, g and q are misread digits
# as often as small letters.
_MISREAD = {"O": "0", "I": "1", "Z": "2", "S": "5", "V": "YU", "〇": "0", "○": "0", "|": "1", "!": "1", "丨": "1",
            "l": "L1", "b": "B6", "g": "G9", "q": "Q9"}  # fmt: skip


class InvalidOrganisationCode(InvalidComponent):
    """The outer check digit is right, the one of the organisation code inside is not."""

    message = "The check digit of the organisation code inside is invalid."


def calc_check_digit(number: str) -> str:
    """The 18th character for the first 17."""
    return str(uscc.calc_check_digit(number[:17]))


def validate(number: str) -> str:
    """The 18 characters in upper case; raises ValidationError."""
    number = compact(number)
    if len(number) != 18:
        raise InvalidLength()
    if not _FORM.fullmatch(number):
        raise InvalidFormat()
    if number[17] != calc_check_digit(number):
        raise InvalidChecksum()
    if number[0] not in DEPARTMENTS:
        raise InvalidComponent()
    if not organisation_code.is_valid(number[8:17]):
        raise InvalidOrganisationCode()
    return number


def is_valid(number: str) -> bool:
    """Whether form and both check digits are right."""
    try:
        return bool(validate(number))
    except ValidationError:
        return False


def repair(text: str) -> Repair | None:
    """Up to three impossible characters replaced so that both check digits agree, in one way only; else None."""
    return repaired(text, 18, _choices, is_valid, most=3)


def _choices(place: int, char: str) -> str:
    if 2 <= place < 8:
        return digit_choices(char)
    if place == 16:
        return "X" if char in "Xx×" else digit_choices(char)
    return _MISREAD.get(char) or _MISREAD.get(char.upper()) or (char.upper() if char.upper() in _ALPHABET else "")
