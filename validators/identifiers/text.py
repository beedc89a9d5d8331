"""What the numbers share: bare forms, and repair of misread characters that check digits prove."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product

_SEPARATORS = re.compile(r"[\s\-‐‑‒–—―−·•_]+")

# Characters a reader takes digits for. Only ever used where the character itself cannot stand.
DIGIT_FOR = {
    "O": "0", "o": "0", "Q": "0", "D": "0", "〇": "0", "○": "0",
    "I": "1", "i": "1", "l": "1", "L": "1", "|": "1", "!": "1", "丨": "1",
    "Z": "2", "z": "2", "S": "5", "s": "5", "G": "6", "b": "6", "B": "8", "g": "9", "q": "9",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Repair:
    """A number whose impossible characters were replaced; its check digits agree with the result alone."""

    value: str
    raw: str


def squeeze(text: str) -> str:
    """Half-width, without white space and dashes; upper and lower case kept."""
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))


def compact(text: str) -> str:
    """The bare form of a number: `squeeze`, upper case.

    >>> compact(' 9１３3-0100 799655058b')
    '91330100799655058B'
    """
    return squeeze(text).upper()


def digit_choices(char: str) -> str:
    """What a character in a place for digits may be: itself, or the digit it looks like, or nothing."""
    return char if char in "0123456789" else DIGIT_FOR.get(char, "")


def repaired(
    text: str, length: int, choices: Callable[[int, str], Sequence[str]], is_valid: Callable[[str], bool], most: int
) -> Repair | None:
    """The one valid number that replacing at most `most` impossible characters gives, else None.

    `choices(i, char)` lists what may stand at place `i` where `char` was read; one that may stand
    there is its own only choice, so a legible character is never changed.
    """
    number = squeeze(text)
    if len(number) != length:
        return None
    options = [choices(i, char) for i, char in enumerate(number)]
    changed = sum(char.upper() not in option for char, option in zip(number, options, strict=True))
    if not all(options) or changed > most or all(list(o) == [c] for c, o in zip(number, options, strict=True)):
        return None
    found = {value for value in map("".join, product(*options)) if is_valid(value)}
    if len(found) != 1:
        return None
    value = found.pop()
    return None if value == number.upper() else Repair(value, text)
