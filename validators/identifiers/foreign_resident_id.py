"""Number of the foreign permanent resident ID card (外国人永久居留身份证), both editions.

2023: 18 digits after GB 11643: 9, province (2), nationality in ISO 3166 digits (3), birth date (8), sequence (3), check
digit. 2017: nationality in ISO 3166 letters (3) and 12 digits, whose check digit is not published.

>>> validate('911124198108030024'), nationality('911124198108030024'), birth('911124198108030024')
('911124198108030024', '124', datetime.date(1981, 8, 3))
>>> validate('can 1100 560812 01'), nationality('CAN110056081201'), has_check_digit('CAN110056081201')
('CAN110056081201', 'CAN', False)
>>> is_valid('11010519491231002X')
False
>>> repair('9111241981O8030024').value
'911124198108030024'
"""

from __future__ import annotations

import re
from datetime import date

from stdnum.exceptions import InvalidFormat, InvalidLength, ValidationError

from validators.identifiers import citizen_id
from validators.identifiers.text import Repair, compact, digit_choices, repaired

__all__ = [
    "birth", "calc_check_digit", "compact", "has_check_digit", "is_valid", "nationality", "repair", "sex", "validate",
]  # fmt: skip


def calc_check_digit(number: str) -> str:
    """The 18th character (0-9 or X) for the first 17 digits."""
    return citizen_id.calc_check_digit(number)


def validate(number: str) -> str:
    """The 18 or 15 characters; raises ValidationError."""
    number = compact(number)
    if len(number) not in (15, 18):
        raise InvalidLength()
    if not re.fullmatch(r"9[0-9]{16}[0-9X]|[A-Z]{3}[0-9]{12}", number):
        raise InvalidFormat()
    return citizen_id.validate(number) if len(number) == 18 else number


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False


def has_check_digit(number: str) -> bool:
    """Whether the number is valid and its own check digit says so."""
    return len(compact(number)) == 18 and is_valid(number)


def birth(number: str) -> date:
    """The birth date in a number of 2023."""
    return citizen_id.birth(number)


def sex(number: str) -> str:
    """男 or 女, by the 17th digit of a number of 2023."""
    return citizen_id.sex(number)


def nationality(number: str) -> str:
    """ISO 3166 digits (2023) or letters (2017) of the nationality."""
    return number[3:6] if len(number) == 18 else number[:3]


def repair(text: str) -> Repair | None:
    """Up to two letters in places for digits of a number of 2023 replaced, if check digit and date agree."""
    return repaired(text, 18, lambda place, char: "X" if place == 17 and char in "Xx×✕" else digit_choices(char),
                    is_valid, most=2)  # fmt: skip
