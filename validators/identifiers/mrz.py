"""Machine-readable zone of travel documents, ICAO 9303 parts 4-6: TD3 (2 × 44), TD2 (2 × 36), TD1 (3 × 30).

Check digits: weights 7, 3, 1 modulo 10 over digits, letters (A 10 … Z 35) and the filler < (0), one each for document
number, birth, expiry, in TD3 the personal number, and one over all of these. In TD1 and TD2 a document number longer
than nine runs on into the optional field after a filler.

>>> zone = 'P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\\nL898902C36UTO7408122F1204159ZE184226B<<<<<10'
>>> fields = parse(zone)
>>> fields.number, fields.birth, fields.expiry, fields.sex, fields.surname, fields.given, fields.wrong
('L898902C3', '740812', '120415', 'F', 'ERIKSSON', 'ANNA MARIA', ())
>>> is_valid(zone.replace('7408122', '7408132'))
False
>>> calc_check_digit('L898902C3')
'6'
>>> repair(zone.replace('740812', '74O812')).value == zone
True
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from stdnum.exceptions import InvalidChecksum, InvalidFormat, InvalidLength, ValidationError

from validators.identifiers.text import DIGIT_FOR, Repair

__all__ = ["Zone", "calc_check_digit", "compact", "is_valid", "parse", "repair", "validate"]

_VALUES = {c: i for i, c in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")} | {"<": 0}
_LENGTHS = {88: 44, 72: 36, 90: 30}
_LETTER_FOR = {"0": "O", "1": "I", "2": "Z", "5": "S", "6": "G", "8": "B"}
_MOST_REPAIRS = 4

# In each form, on the joined lines: (what, its characters, its check digit), then the places of the composite's parts.
_Slice = tuple[int, int]
_CHECKS: dict[int, tuple[tuple[str, _Slice, int], ...]] = {
    44: (("number", (44, 53), 53), ("birth", (57, 63), 63), ("expiry", (65, 71), 71), ("optional", (72, 86), 86)),
    36: (("number", (36, 45), 45), ("birth", (49, 55), 55), ("expiry", (57, 63), 63)),
    30: (("number", (5, 14), 14), ("birth", (30, 36), 36), ("expiry", (38, 44), 44)),
}
_COMPOSITE: dict[int, tuple[_Slice, ...]] = {
    44: ((44, 54), (57, 64), (65, 87)),
    36: ((36, 46), (49, 56), (57, 71)),
    30: ((5, 30), (30, 37), (38, 45), (48, 59)),
}
_COMPOSITE_DIGIT = {44: 87, 36: 71, 30: 59}
_ISSUER = {44: (2, 5), 36: (2, 5), 30: (2, 5)}
_NATIONALITY = {44: (54, 57), 36: (46, 49), 30: (45, 48)}
_SEX = {44: 64, 36: 56, 30: 37}
_NAMES = {44: (5, 44), 36: (5, 36), 30: (60, 90)}
_OPTIONAL = {44: (72, 86), 36: (64, 71), 30: (15, 30)}


@dataclass(frozen=True, slots=True)
class Zone:
    """What a zone says. Dates are yymmdd as written, `<` for unknown parts; `wrong` names failing check digits."""

    document_code: str
    issuer: str
    number: str
    nationality: str
    birth: str
    sex: str  # M, F, or < for unspecified
    expiry: str
    surname: str
    given: str
    optional: str
    wrong: tuple[str, ...]
    names_cut: bool  # the names fill their field: they may be cut short


def compact(text: str) -> str:
    """The lines in upper case without spaces, joined by a line break."""
    plain = unicodedata.normalize("NFKC", text).upper()
    lines = (re.sub(r"[^\S\n]", "", line) for line in plain.splitlines())
    return "\n".join(line for line in lines if line)


def calc_check_digit(text: str) -> str:
    """The check digit over digits, letters and fillers."""
    return str(sum(_VALUES[char] * (7, 3, 1)[place % 3] for place, char in enumerate(text)) % 10)


def parse(text: str) -> Zone:
    """The parts of a zone, its check digits right or not; InvalidLength, InvalidFormat if it is none."""
    joined, width = _joined(text)
    number, nationality = _slice(joined, _CHECKS[width][0][1]), _slice(joined, _NATIONALITY[width])
    surname, _, given = _slice(joined, _NAMES[width]).partition("<<")
    optional = _slice(joined, _OPTIONAL[width])
    if joined[_CHECKS[width][0][2]] == "<" and width != 44:  # a long number runs on
        rest = re.match(r"([0-9A-Z]*)[0-9](?:<|$)", optional)
        number += rest.group(1) if rest else ""
    return Zone(
        document_code=joined[:2].strip("<"),
        issuer=_slice(joined, _ISSUER[width]).strip("<"),
        number=number.strip("<").replace("<", ""),
        nationality=nationality.strip("<"),
        birth=_slice(joined, _CHECKS[width][1][1]),
        sex=joined[_SEX[width]],
        expiry=_slice(joined, _CHECKS[width][2][1]),
        surname=_words(surname),
        given=_words(given),
        optional=optional.strip("<"),
        wrong=_wrong(joined, width),
        names_cut=_slice(joined, _NAMES[width])[-1] != "<",
    )


def validate(text: str) -> str:
    """The lines, all check digits right; raises ValidationError."""
    if parse(text).wrong:
        raise InvalidChecksum()
    return compact(text)


def is_valid(text: str) -> bool:
    try:
        return bool(validate(text))
    except ValidationError:
        return False


def repair(text: str) -> Repair | None:
    """Letters in places for digits and digits in places for letters replaced, if all check digits agree then.

    The names carry no check digit, but no digit either. A character that may stand in its place is never changed.
    """
    lines = compact(text)
    chars = list(lines.replace("\n", ""))
    width = _LENGTHS.get(len(chars))
    if width is None or len(lines.splitlines()[0]) != width:
        return None
    changed = 0
    for place in range(len(chars)):
        wanted = _replacement(place, width, chars[place])
        changed += wanted != chars[place]
        chars[place] = wanted
    joined = "".join(chars)
    value = "\n".join(joined[at : at + width] for at in range(0, len(joined), width))
    return Repair(value, text) if 0 < changed <= _MOST_REPAIRS and is_valid(value) else None


def _replacement(place: int, width: int, char: str) -> str:
    """The character itself where it may stand, else the one it looks like."""
    numeric = [_COMPOSITE_DIGIT[width], *(digit for name, _, digit in _CHECKS[width] if name != "optional")]
    dates = [span for name, span, _ in _CHECKS[width] if name in ("birth", "expiry")]
    if place in numeric or any(a <= place < b for a, b in dates):
        return char if char == "<" else DIGIT_FOR.get(char, char)
    letters = [_NAMES[width], _ISSUER[width], _NATIONALITY[width]]
    return _LETTER_FOR.get(char, char) if any(a <= place < b for a, b in letters) else char


def _joined(text: str) -> tuple[str, int]:
    lines = compact(text).splitlines()
    joined = "".join(lines)
    width = _LENGTHS.get(len(joined))
    if width is None or any(len(line) != width for line in lines):
        raise InvalidLength()
    if not re.fullmatch(r"[0-9A-Z<]+", joined):
        raise InvalidFormat()
    return joined, width


def _wrong(joined: str, width: int) -> tuple[str, ...]:
    found = [name for name, span, digit in _CHECKS[width] if not _holds(joined, width, name, span, digit)]
    total = "".join(_slice(joined, part) for part in _COMPOSITE[width])
    if calc_check_digit(total) != joined[_COMPOSITE_DIGIT[width]]:
        found.append("composite")
    return tuple(found)


def _holds(joined: str, width: int, name: str, span: _Slice, digit: int) -> bool:
    text, check = _slice(joined, span), joined[digit]
    if name == "optional" and check == "<":
        return not text.strip("<")  # an empty personal number may leave its check digit out
    if name == "number" and check == "<" and width != 44:
        rest = re.match(r"([0-9A-Z]+)([0-9])(?:<|$)", _slice(joined, _OPTIONAL[width]))
        return rest is not None and calc_check_digit(f"{text}<{rest.group(1)}") == rest.group(2)
    return check.isdigit() and calc_check_digit(text) == check


def _slice(text: str, span: _Slice) -> str:
    return text[span[0] : span[1]]


def _words(text: str) -> str:
    """A name as words; digits, which no name holds, as the letters they were misread from."""
    return " ".join("".join(_LETTER_FOR.get(char, char) for char in text.replace("<", " ")).split())
