"""The machine-readable zone of a passport (ICAO 9303 TD3) among text lines: found by its form, brought to its width.

Readers split its lines, see `<` as K, C or «, and lose or double it in long runs. Fillers carry no meaning, so a run of
them is brought to the length the line needs. Names and country codes hold no digits: one there is the letter it looks
like. Nothing that a check digit covers is touched but the code of the country; check digits are the validators'.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.form import LOW_CONFIDENCE
from extractors.model import Field, Page, Status
from extractors.rows import Row, Span, place, rows_of

WIDTH = 44

_FILLERS = str.maketrans({"«": "<<", "‹": "<", "〈": "<", "《": "<<", "く": "<", "≤": "<", "＜": "<", "﹤": "<"})
# Readers of many scripts see Greek and Cyrillic letters among Latin ones.
_LATIN = str.maketrans("ΑΒΕΖΗΙΚΜΝΟΡΤΥΧАВЕЗКМНОРСТУХ", "ABEZHIKMNOPTYXABE3KMHOPCTYX")
_LETTERS = str.maketrans("012568", "OIZSGB")
_COUNTRY = "[A-Z015][A-Z01<][A-Z01<]"
_D = "[0-9OQDISBZGL]"  # a digit, or a letter taken for one
# Number and its check digit, nationality, birth with check digit, sex, expiry with check digit, the rest.
_DATA = re.compile(rf"([A-Z0-9<]{{9}})({_D})({_COUNTRY})({_D}{{6}}{_D}[MFX<H]{_D}{{7}})([A-Z0-9<]*)")
_SHORT_DATA = re.compile(rf"([A-Z0-9]{{6,8}})({_D})({_COUNTRY})({_D}{{6}}{_D}[MFX<]{_D}{{7}})([A-Z0-9<]*)")
_NAMES = re.compile(r"P[A-Z<0-9][A-Z<0]{3}[A-Z0-9<]+|P[A-Z]{3}[A-Z0-9]+<[A-Z0-9<]*")
_TAIL = 16  # personal number, its check digit, the composite one
_TAKEN_FOR_FILLERS = re.compile(r"<[<KCSLEXGAI4]*$")
_NEAR = 4.0  # text heights between the two lines, at most


def is_zone_line(text: str) -> bool:
    """Whether the text of a row is (most of) a line of a zone."""
    line = _clean(text)
    if len(line) < 24 or len(line) < 0.9 * len(text):
        return False
    return bool(_data(line)) or (line.count("<") >= 3 and bool(re.match(r"[PIACV][A-Z<0-9]", line)))


def find_zone(pages: Sequence[Page]) -> Field:
    """The zone as its two lines joined by a line break; doubtful where one is incomplete."""
    for page in pages:
        rows = [row for row in rows_of([p for p in place(page.lines) if not p.vertical]) if row.chars]
        for row in rows:
            if data := _data(_clean(row.text)):
                return _field(rows, row, data)
    return Field()


def _field(rows: Sequence[Row], row: Row, data: str) -> Field:
    above = [
        other
        for other in rows
        if 0 < row.middle - other.middle < _NEAR * max(row.height, other.height) and _NAMES.match(_clean(other.text))
    ]
    names = max(above, key=lambda other: other.middle, default=None)
    lines = [_name_line(_clean(names.text), data[10:13])] if names else []
    span = Span(tuple(r for found in (names, row) if found for r in found.span().rows))
    whole = bool(lines) and all(len(line) == WIDTH for line in (*lines, data))
    doubt = "" if whole and span.confidence >= LOW_CONFIDENCE else "low_confidence" if whole else "malformed"
    return Field(
        value="\n".join((*lines, data)),
        raw=span.raw,
        status=Status.DOUBTFUL if doubt else Status.READ,
        confidence=round(span.confidence, 4),
        page=span.page,
        box=span.box,
        reason=doubt,
    )


def _clean(text: str) -> str:
    return re.sub(r"[^A-Z0-9<]", "", text.translate(_FILLERS).upper().translate(_LATIN))


def _data(line: str) -> str:
    """The line of numbers brought to its width; "" where a line is none."""
    match = _DATA.match(line) or _SHORT_DATA.match(line)  # a short number may have lost its filler
    if not match:
        return ""
    number, check, country, dates, tail = match.groups()
    return number.ljust(9, "<") + check + country.translate(_LETTERS) + dates + _fitted(tail)


def _fitted(tail: str) -> str:
    """The end of the line with its longest run of fillers as long as it has to be."""
    missing = _TAIL - len(tail)
    if not missing:
        return tail
    runs = sorted(re.finditer("<+", tail), key=lambda run: run.start() - run.end())
    if not runs:  # no personal number, all its fillers lost: the last digit is the composite one
        return "<" * missing + tail if len(tail) in (1, 2) else tail
    start, end = runs[0].span()
    if missing < 0 and end - start <= -missing:
        return tail
    return tail[:start] + "<" * (end - start + missing) + tail[end:]


def _name_line(line: str, nationality: str) -> str:
    """The line of names brought to its width: what follows the names is fillers, whatever was read for them."""
    if line[2:5] != nationality and line[1:4] == nationality:
        line = f"P<{line[1:]}"
    head, names = line[0] + line[1:5].translate(_LETTERS), line[5:].translate(_LETTERS)
    surname, gap, given = names.partition("<<")
    end = given.find("<<")
    if gap and end >= 0 and _TAKEN_FOR_FILLERS.match(given[end:]):
        given = given[:end]
    line = f"{head}{surname}{gap}{given}".rstrip("<")
    return line.ljust(WIDTH, "<") if len(line) <= WIDTH else line
