"""Taiwan identity number (國民身分證統一編號): a letter for the place, 1 male or 2 female, seven digits, a check digit.

The letter stands for two digits; the sum with weights 1, 9, 8 … 1, 1 is divisible by ten. Residents without household
registration have 8 or 9 in the second place (since 2021). Some weights are even: digits five apart may pass.

>>> validate('a12345 6789'), sex('A123456789'), is_valid('A800000014')
('A123456789', '男', True)
>>> is_valid('A123456788'), calc_check_digit('A12345678')
(False, '9')
>>> repair('A1234S6789').value
'A123456789'
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength, ValidationError

from validators.identifiers.text import Repair, compact, digit_choices, repaired

__all__ = ["calc_check_digit", "compact", "is_valid", "repair", "sex", "validate"]

_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # A stands for 10, B for 11 …: in the order the places were named
_WEIGHTS = (1, 9, 8, 7, 6, 5, 4, 3, 2, 1)


def calc_check_digit(number: str) -> str:
    """The tenth character for the letter and eight digits."""
    digits = f"{_LETTERS.index(number[0]) + 10}{number[1:9]}"
    return str(-sum(int(digit) * weight for digit, weight in zip(digits, _WEIGHTS, strict=True)) % 10)


def validate(number: str) -> str:
    """The ten characters; raises ValidationError."""
    number = compact(number)
    if len(number) != 10:
        raise InvalidLength()
    if not re.fullmatch(r"[A-Z][1289][0-9]{8}", number):
        raise InvalidFormat()
    if number[9] != calc_check_digit(number):
        raise InvalidChecksum()
    return number


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False


def sex(number: str) -> str:
    """男 or 女, by the second place."""
    return "男" if number[1] in "18" else "女"


def repair(text: str) -> Repair | None:
    """One letter in a place for digits replaced by the digit it looks like, if the check digit agrees."""
    return repaired(text, 10, _choices, is_valid, most=1)


def _choices(place: int, char: str) -> str:
    if place == 0:
        return char.upper() if char.upper() in _LETTERS else ""
    return digit_choices(char)
