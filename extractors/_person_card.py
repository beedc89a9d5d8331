"""Fields of persons' cards and data pages, by printed labels: names in two scripts, sex, dates of any country, terms.

Names printed in characters and in letters are told apart by their script; a number is also known by its form alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from extractors._card_labels import GIVEN, HAN, SEPARATORS, SURNAME, Card, Piece, plain, trimmed
from extractors.form import agreed, field_of, parse
from extractors.model import Field, FieldSpec, FieldValue, Kind, Page, Status
from extractors.rows import Span
from extractors.straight import read_straight
from extractors.values import compact, find_dates, fold, parse_day_first, simplified

_HAN_NAME = re.compile(rf"{HAN}[{HAN[1:-1]}·]*")
_ONE_SCRIPT = re.compile(rf"[{HAN[1:-1]}·]+|[^{HAN[1:-1]}·]+")
_LATIN_NAME = re.compile(r"(?=.*[^\W\d_].*[^\W\d_])[^\W\d_]+(?:[\s,.'’-]+[^\W\d_]+)*\.?")
_MALE, _FEMALE = re.compile(r"男|(?<![A-Z])(?:M|MALE|H)(?![A-Z])"), re.compile(r"女|(?<![A-Z])(?:F|FEMALE)(?![A-Z])")
_LONG_TERM = re.compile("长期|永久")
_SIGNATURE = 1.4  # times the size of a value, at least: what is set so large below it is no part of it
_COUNTRY = "nationality"
_LINES = {Kind.ORGANISATION: 2, Kind.ADDRESS: 3}

# Years of two digits: a holder who signs for a company was born before, a term or an issue lies after.
_LATEST = {"born_on": 2010}
_LATEST_TERM = 2079

# Forms so much their own that they tell the number without a label, also where a letter was read for a digit.
_FORMS = {
    Kind.HK_ID: re.compile(r"(?<![0-9A-Z])[A-Z]{1,2}[0-9OQDILSZBG]{6}(?:\([0-9A]\)?|[0-9A]\))(?![0-9A-Z])"),
    Kind.MACAU_ID: re.compile(r"(?<![0-9A-Z(])[157I][0-9OQDILSZBG]{6}(?:\(\d\)?|\d\))(?![0-9A-Z])"),
    Kind.TAIWAN_ID: re.compile(r"(?<![0-9A-Z])[A-Z][1289][0-9OQDILSZBG]{8}(?![0-9A-Z])"),
    Kind.HK_MACAU_PERMIT: re.compile(r"(?<![0-9A-Z])[HM](?:[0-9OQDIL]{8}(?:\d{2})?|A[0-9OQDIL]{7})(?![0-9A-Z])"),
    Kind.FOREIGN_RESIDENT_ID: re.compile(r"(?<![0-9A-Z])(?:9[0-9OQDILSZBG]{16}[0-9X]|[A-Z]{3}\d{12})(?![0-9A-Z])"),
    Kind.PASSPORT_NUMBER: re.compile(r"(?<![0-9A-Z])E[0-9A-HJ-NP-Z]\d{7}(?![0-9A-Z])"),
}


def read_card(
    pages: Sequence[Page],
    specs: Sequence[FieldSpec],
    others: Mapping[str, Sequence[str]] | None = None,
    more: Callable[[Card], dict[str, Field]] | None = None,
) -> dict[str, Field]:
    """The fields of a card over its pages; a second print of a value is kept in `alternates`.

    `others` are labels that are no field's: by "surname" and "given" the parts of the name, else only to end values.
    `more` reads what a type prints in a way of its own; what it finds stands before what labels say.
    """
    vocabulary = {word: spec.name for spec in reversed(specs) for word in spec.labels}
    vocabulary |= {word: name for name, words in (others or {}).items() for word in words}

    def read(straight: Sequence[Page]) -> dict[str, Field]:
        candidates: dict[str, list[Field]] = {}
        for page in straight:
            card = Card(page, vocabulary)
            for name, found in (_fields(card, specs) | (more(card) if more else {})).items():
                candidates.setdefault(name, []).append(found)
        return {name: agreed(fields) for name, fields in candidates.items()}

    return read_straight(pages, read)


def sides_by(front: Sequence[str], back: Sequence[str]) -> Callable[[Sequence[Page]], str]:
    """Which sides pages show, by words that only one of them has."""

    def sides(pages: Sequence[Page]) -> str:
        text = "".join(plain(line.text) for page in pages for line in page.lines)
        has_front, has_back = (any(plain(word) in text for word in words) for words in (front, back))
        return "both" if has_front and has_back else "front" if has_front else "back" if has_back else ""

    return sides


def sex_of(text: str) -> str | None:
    """男 or 女 of 男/M, F, Female …; None where it says neither or both."""
    upper = compact(text).upper()
    male, female = bool(_MALE.search(upper)), bool(_FEMALE.search(upper))
    return None if male is female else "男" if male else "女"


def names_of(texts: Sequence[Piece]) -> tuple[Span, Span]:
    """The name in characters and the name in letters, from lines that hold one or both; either may be empty."""
    han: list[Piece] = []
    latin: list[Piece] = []
    for piece in texts:
        parts = _scripts(piece)
        if not parts:
            break
        for part in parts:
            (han if re.search(HAN, part.text) else latin).append(part)
    return _joined(han), _joined(latin)


def name_fields(han: Span, latin: Span, names: Sequence[str]) -> dict[str, Field]:
    """`name` and `name_latin`: a holder without a name in characters has the one in letters for both."""
    found: dict[str, Field] = {}
    if han or latin:
        found["name"] = field_of(han or latin, Kind.PERSON, _cased(_spaced(han or latin)))
    if latin:
        found["name_latin"] = field_of(latin, Kind.PERSON, _cased(_spaced(latin)))
    return {name: value for name, value in found.items() if name in names}


def by_form(card: Card, kind: Kind) -> Field | None:
    """The one number of this form on the page; None where there is none, or where there are several."""
    found: dict[str, Field] = {}
    for piece in card.texts:
        text = compact(piece.text).upper()
        for match in _FORMS[kind].finditer(text):
            squeezed = [at for at in range(piece.start, piece.end) if not piece.row.chars[at].text.isspace()]
            span = Piece(piece.row, squeezed[match.start()], squeezed[match.end() - 1] + 1).span
            value = parse(kind, match.group())
            made = field_of(span, kind, value)
            found[str(made.value)] = made if made.reason else made.model_copy(update={"reason": "unlabelled"})
    return next(iter(found.values())) if len(found) == 1 else None


def day_of(name: str, text: str) -> date | None:
    """The one date in a text of a field: two-digit years are births long past, or terms."""
    return parse_day_first(text, latest=_LATEST.get(name, _LATEST_TERM))


def _fields(card: Card, specs: Sequence[FieldSpec]) -> dict[str, Field]:
    names = [spec.name for spec in specs]
    found = _names(card, names)
    term = _has_term(specs)
    if term:
        found |= _term(card, names)
    for spec in specs:
        if spec.name in found or spec.kind in (Kind.PERSON, Kind.MRZ, Kind.FLAG):
            continue
        if term and spec.name in ("valid_from", "valid_to"):
            continue
        value = typed(card, spec) if spec.kind not in (Kind.TEXT, *_LINES) else _written(card, spec)
        if value is None and spec.kind in _FORMS:
            value = by_form(card, spec.kind)
        if value:
            found[spec.name] = value
    return found


def _has_term(specs: Sequence[FieldSpec]) -> bool:
    """Whether beginning and end of the validity share their labels: 有效期限 2013.01.01-2023.01.01."""
    labels = {spec.name: spec.labels for spec in specs}
    return bool(set(labels.get("valid_from", ())) & set(labels.get("valid_to", ())))


def matched(card: Card, name: str, form: re.Pattern[str]) -> Field | None:
    """The first candidate that holds a text of this form, else the first one with some digits, doubtful."""
    doubtful: Field | None = None
    for piece in card.values(name):
        text = piece.row.text[piece.start : piece.end].upper()
        if match := form.search(text):
            span = Piece(piece.row, piece.start + match.start(), piece.start + match.end()).span
            return field_of(span, Kind.TEXT, match.group())
        if doubtful is None and len(re.findall(r"\d", text)) >= 3:
            made = field_of(piece.span, Kind.TEXT)
            doubtful = made.model_copy(update={"status": Status.DOUBTFUL, "reason": made.reason or "malformed"})
    return doubtful


def typed(card: Card, spec: FieldSpec) -> Field | None:
    """A value whose form tells it: the first candidate that has it, else the first that may be it misread."""
    doubtful: Field | None = None
    for piece in card.values(spec.name):
        value = _value(spec, piece.text)
        if value is not None:
            return field_of(piece.span, spec.kind, value)
        near = len(compact(piece.text)) <= 6 if spec.kind is Kind.CHOICE else len(re.findall(r"\d", piece.text)) >= 3
        if near and doubtful is None:
            made = field_of(piece.span, spec.kind)
            doubtful = made.model_copy(update={"status": Status.DOUBTFUL, "reason": made.reason or "malformed"})
    return doubtful


def _value(spec: FieldSpec, text: str) -> FieldValue:
    if spec.kind is Kind.DATE:
        return day_of(spec.name, text)
    if spec.kind is Kind.CHOICE:
        return sex_of(text)
    return parse(spec.kind, text)


def _written(card: Card, spec: FieldSpec) -> Field | None:
    candidates = card.values(spec.name)
    if spec.name == _COUNTRY:
        candidates = map(_without_figures, candidates)
    piece = next((p for p in candidates if re.search(r"\w", p.text)), None)
    if piece is None:
        return None
    lines = card.lines_below(piece, _LINES.get(spec.kind, 1))
    if spec.kind is Kind.ORGANISATION:  # the second line may be its name in another language
        lines = [line for line in lines if bool(re.search(HAN, line.text)) == bool(re.search(HAN, piece.text))]
        lines = [line for line in lines if line.height < _SIGNATURE * piece.height]
    span = Span(tuple(row for line in lines for row in line.span.rows))
    spaced = spec.kind is Kind.TEXT or (spec.kind is Kind.ORGANISATION and not re.search(HAN, span.text))
    return field_of(span, spec.kind, simplified(_spaced(span)) if spaced else None)


def _without_figures(piece: Piece) -> Piece:
    """What stands before the first digit: the name of a country runs into a date of the next column."""
    end = next((at for at in range(piece.start, piece.end) if piece.row.chars[at].text.isdigit()), piece.end)
    return trimmed(Piece(piece.row, piece.start, end))


def _term(card: Card, names: Sequence[str]) -> dict[str, Field]:
    """Beginning and end of a validity printed as one line; an end that never comes is 长期."""
    for piece in card.values("valid_from"):
        days = _days(piece)
        if forever := _LONG_TERM.search(piece.text):
            end = field_of(piece.span, Kind.DATE, forever.group())
            found = {"valid_to": end.model_copy(update={"value": None, "raw": forever.group(), "reason": "indefinite"})}
            found["valid_to_is_indefinite"] = field_of(piece.span, Kind.FLAG, True)
            if len(days) == 1:
                found["valid_from"] = field_of(piece.span, Kind.DATE, days[0])
        elif len(days) == 2 and days[0] < days[1]:
            begin, end = (field_of(piece.span, Kind.DATE, day) for day in days)
            found = {"valid_from": begin, "valid_to": end}
            found["valid_to_is_indefinite"] = field_of(piece.span, Kind.FLAG, False)
        elif len(re.findall(r"\d", piece.text)) >= 8:
            found = {"valid_to": field_of(piece.span, Kind.DATE, days[0] if len(days) == 1 else None)}
            found["valid_to"] = found["valid_to"].model_copy(update={"status": Status.DOUBTFUL, "reason": "malformed"})
        else:
            continue
        return {name: value for name, value in found.items() if name in names}
    return {}


def _days(piece: Piece) -> list[date]:
    """The dates of a term: as printed, else by its sixteen (or eight) digits alone, as dots are often lost."""
    days = [day for day, _, _ in find_dates(piece.text)]
    digits = "".join(re.findall(r"\d", piece.text))
    if len(days) != len(digits) / 8 and len(digits) in (8, 16):
        days = [day for at in range(0, len(digits), 8) for day, _, _ in find_dates(digits[at : at + 8])]
    return days


def _names(card: Card, names: Sequence[str]) -> dict[str, Field]:
    """The holder's name from its own label, or put together from surname and given name."""
    parts = [_name_at(card, part) for part in (SURNAME, GIVEN)]
    han, latin = (Span(tuple(row for part in parts for row in part[at].rows)) for at in (0, 1))
    if not (han or latin):
        own, other = _name_at(card, "name"), _name_at(card, "name_latin")
        han, latin = own[0] or other[0], other[1] or own[1]
    elif not han:
        han = _name_at(card, "name")[0]
    return name_fields(han, latin, names)


def _name_at(card: Card, name: str) -> tuple[Span, Span]:
    """The name in characters and in letters at a label of this name; of several, where most of it stands."""
    names = [_name_by(card, label) for label in card.labels if label.name == name]
    return max(names, key=lambda found: sum(map(bool, found)), default=(Span(), Span()))


def _name_by(card: Card, label: Piece) -> tuple[Span, Span]:
    right = card.right_of(label)
    first = right if right and _scripts(right) else next(iter(card.below(label)), None)
    if not first:
        return Span(), Span()
    lines = card.lines_below(first, 3)
    return names_of([*(card.rest_of_row(label) if first is right else lines[:1]), *lines[1:]])


def _scripts(piece: Piece) -> list[Piece]:
    """A piece as a name in characters, in letters, or both; nothing where anything else stands in it."""
    parts: list[Piece] = []
    for run in _ONE_SCRIPT.finditer(piece.row.text[piece.start : piece.end]):
        part = Piece(piece.row, piece.start + run.start(), piece.start + run.end())
        text = part.text.strip(f" {SEPARATORS}")
        if not text:
            continue
        if not (_HAN_NAME.fullmatch(compact(text)) or _LATIN_NAME.fullmatch(text)):
            return []
        parts.append(trimmed(part))
    return parts


def _joined(parts: Sequence[Piece]) -> Span:
    """Lines of one script as one name: the second only where it is printed like the first."""
    kept = [p for p in parts if 0.75 < p.height / parts[0].height < 1.35]
    return Span(tuple(row for part in kept for row in part.span.rows))


def _spaced(span: Span) -> str:
    return " ".join(fold(piece.text) for row in span.rows for piece in row)


def _cased(name: str) -> str | None:
    """A name as the parser of names has it, without the comma after the surname."""
    return str(found) if (found := parse(Kind.PERSON, re.sub(r"\s*,\s*", " ", name))) else None
