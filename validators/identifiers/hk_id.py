"""Hong Kong identity card: one or two letters, six digits, and a check character in brackets.

Weights 9 to 2 over letters (A 10 … Z 35, 36 for a missing first letter) and digits; the check character makes the sum
with it divisible by 11, A standing for 10.

>>> validate('a123456（3）'), validate('AB987654 3')
('A123456(3)', 'AB987654(3)')
>>> calc_check_digit('A123456'), is_valid('A123456(4)')
('3', False)
>>> repair('A12345G(3)').value
'A123456(3)'
"""

from __future__ import annotations

import re

from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength, ValidationError

from validators.identifiers.text import Repair, digit_choices, repaired
from validators.identifiers.text import compact as _bare

__all__ = ["calc_check_digit", "compact", "is_valid", "repair", "validate"]

_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ "
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def compact(number: str) -> str:
    """The bare number without brackets."""
    return re.sub(r"[()]", "", _bare(number))


def calc_check_digit(number: str) -> str:
    """The check character (0-9 or A) for the letters and six digits."""
    weighted = zip(number[:8].rjust(8), range(9, 1, -1), strict=False)
    return "0123456789A"[-sum(_ALPHABET.index(char) * weight for char, weight in weighted) % 11]


def validate(number: str) -> str:
    """The number with its brackets; raises ValidationError."""
    number = compact(number)
    if len(number) not in (8, 9):
        raise InvalidLength()
    if not re.fullmatch(r"[A-Z]{1,2}[0-9]{6}[0-9A]", number):
        raise InvalidFormat()
    if number[-1] != calc_check_digit(number[:-1]):
        raise InvalidChecksum()
    return f"{number[:-1]}({number[-1]})"


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False


def repair(text: str) -> Repair | None:
    """One letter in a place for digits replaced by the digit it looks like, if the check character agrees."""
    bare = re.sub(r"[()（）]", "", text)
    length = len(compact(text))
    found = repaired(bare, length, lambda place, char: _choices(place, length, char), is_valid, most=1)
    return Repair(validate(found.value), text) if found else None


def _choices(place: int, length: int, char: str) -> str:
    if place < length - 7:
        return char.upper() if char.upper() in _LETTERS else ""
    return "A" if place == length - 1 and char in "Aa" else digit_choices(char)
