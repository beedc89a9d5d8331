"""Names of persons: in Chinese characters, in Latin letters, or one against the other.

Characters are compared strictly, but for traditional and simplified forms of the same ones, which documents of one
person mix. Latin names are the same whatever their case and the comma after the surname; spaces and hyphens are kept as
the registry has them, so a lost one asks a person, as does another order. Pinyin fits many names: it can agree, and
prove nothing. Any other romanisation (Wade-Giles, Cantonese, a translated foreign name) is never a difference.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import product

from extractors.model import Kind
from extractors.values import simplified
from validators.normalise import normalised
from validators.outcome import EQUAL, Comparison, Outcome, difference

PINYIN = Comparison(Outcome.EQUAL, "pinyin")

_HAN = r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
_HAN_NAME = re.compile(rf"{_HAN}[{_HAN[1:-1]}·]*")
_MOST_READINGS = 256  # of one name: a long foreign name in characters is no pinyin anyway
_SHORT_MRZ_NAME = 28  # a name this long may be cut short in a machine-readable zone

# Letters the zones and passports write in more than one way (ICAO 9303-3 §6), most usual first.
_TRANSLITERATED = {
    "Ä": ("A", "AE"), "Å": ("A", "AA"), "Æ": ("AE",), "Ö": ("O", "OE"), "Ø": ("O", "OE"), "Œ": ("OE",),
    "Ü": ("U", "UE", "UXX", "YU", "V"), "ß": ("SS",), "ẞ": ("SS",), "Ñ": ("N", "NXX"), "Ð": ("D",), "Đ": ("D",),
    "Þ": ("TH",),
    "Ł": ("L",), "İ": ("I",), "I": ("I",),
}  # fmt: skip


def compare_names(a: str, b: str) -> Comparison:
    """How two names relate; EQUAL with the detail "pinyin" where characters and their pinyin agree."""
    one, other = normalised(Kind.PERSON, a), normalised(Kind.PERSON, b)
    if one == other:
        return EQUAL
    (han, latin), (other_han, other_latin) = _scripts(one), _scripts(other)
    if han and other_han:
        # Beside equal characters the letters of the other name only repeat them.
        return _characters(han if latin else one, other_han if other_latin else other)
    if latin and other_latin and (han or other_han):
        return _letters(latin, other_latin)
    if han or other_han:
        return _romanised(han or other_han, other_latin if han else latin)
    return _letters(one, other)


def agrees_with_mrz(name: str, surname: str, given: str, *, cut: bool = False) -> bool:
    """Whether a printed Latin name is that of a machine-readable zone, which knows A-Z and spaces only.

    `cut`: the zone's names fill their field, so they may end early. The order of the two parts is free: many
    countries print the given names first.
    """
    printed = _folded_spellings(name)
    orders = [f"{surname} {given}", f"{given} {surname}"]
    for order in orders:
        zone = _squeezed(order)
        if zone in printed:
            return True
        if cut and len(zone) >= _SHORT_MRZ_NAME and any(spelling.startswith(zone) for spelling in printed):
            return True
    return False


def _scripts(name: str) -> tuple[str, str]:
    """The characters and the letters of a name that is printed in both (张三 ZHANG SAN)."""
    han = "".join(_HAN_NAME.findall(name))
    latin = " ".join(re.sub(rf"[{_HAN[1:-1]}·/()]", " ", name).split())
    return han, latin if re.search(r"[^\W\d_]", latin) else ""


def _characters(one: str, other: str) -> Comparison:
    one, other = simplified(one), simplified(other)
    if one == other:
        return EQUAL
    if re.sub(r"[\s·]", "", one) == re.sub(r"[\s·]", "", other):
        return Comparison(Outcome.CONFUSABLE, "spacing")
    return difference(one, other)


def _letters(one: str, other: str) -> Comparison:
    plain, other_plain = _without_comma(one), _without_comma(other)
    if plain == other_plain:
        return EQUAL
    if _squeezed(plain) == _squeezed(other_plain):
        return Comparison(Outcome.CONFUSABLE, "spacing")
    words, other_words = _words(plain), _words(other_plain)
    if len(words) > 1 and sorted(words) == sorted(other_words):
        return Comparison(Outcome.CONFUSABLE, "order")
    spellings, other_spellings = (_folded_spellings(" ".join(sorted(w))) for w in (words, other_words))
    if spellings & other_spellings:
        return Comparison(Outcome.CONFUSABLE, "transliteration")
    if len(words) != len(other_words) and _contains(words, other_words):
        return Comparison(Outcome.CONFUSABLE, "part")  # a middle name left out, or the end of a long name
    return difference(plain, other_plain)


def _romanised(characters: str, letters: str) -> Comparison:
    """Characters against letters: agreeing in pinyin, in either order of surname and given name, else uncertain."""
    wanted = _squeezed(letters)
    return PINYIN if wanted in _pinyin_forms(characters) else Comparison(Outcome.UNCERTAIN, "romanisation")


@cache
def _pinyin_forms(name: str) -> frozenset[str]:
    """Every way pinyin writes a name, without spaces: all readings, ü as V, YU, U; the surname first or last."""
    syllables = [_readings(char) for char in simplified(name) if char != "·"]
    count = 1
    for readings in syllables:
        count *= len(readings)
    if not syllables or count > _MOST_READINGS:
        return frozenset()
    forms: set[str] = set()
    for parts in product(*syllables):
        forms.add("".join(parts))
        forms.update("".join((*parts[cut:], *parts[:cut])) for cut in (1, 2) if len(parts) > cut)
    return frozenset(forms)


def _readings(char: str) -> tuple[str, ...]:
    # Loaded with the first such comparison: its dictionaries take a third of a second.
    from pypinyin import Style, pinyin

    found = [reading for entry in pinyin(char, style=Style.NORMAL, heteronym=True) for reading in entry]
    return tuple(sorted({spelling for reading in found for spelling in _spellings_of_u(reading.upper())}))


def _spellings_of_u(syllable: str) -> Iterator[str]:
    """LV as passports (LYU since 2012), older ones (LU, LV) and the others (LUE) write it."""
    yield syllable
    if "V" in syllable:
        yield from (syllable.replace("V", written) for written in ("YU", "U", "UE"))
        yield syllable.replace("VE", "UE")


def _words(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", name)


def _contains(words: list[str], other: list[str]) -> bool:
    """Whether all words of the shorter name stand in the longer one, at least two of them."""
    few, many = sorted((words, other), key=len)
    return len(few) > 1 and all(word in many for word in few)


def _without_comma(name: str) -> str:
    """SMITH, JOHN as SMITH JOHN: the comma only tells which part is the surname."""
    return " ".join(re.sub(r"\s*,\s*", " ", name).split())


def _squeezed(name: str) -> str:
    return "".join(_words(name))


def _folded_spellings(name: str) -> set[str]:
    """A name in A-Z without spaces, in each way its accented letters are transliterated."""
    letters = [_TRANSLITERATED.get(char) or (_unaccented(char),) for char in _squeezed(name.upper())]
    if _combinations(letters) > _MOST_READINGS:
        letters = [options[:1] for options in letters]
    return {"".join(parts) for parts in product(*letters)}


def _combinations(options: Iterable[tuple[str, ...]]) -> int:
    count = 1
    for choices in options:
        count *= len(choices)
    return count


def _unaccented(char: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
