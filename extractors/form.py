"""From a span of text to a typed field, and from a form with printed labels to a record's fields.

Only the shape is judged here (a date that is one, a number of the right form): proof by check digits
and comparison is the validators' work. What cannot be parsed keeps its text and becomes doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from decimal import Decimal

from extractors.layout import Layout
from extractors.model import Field, FieldSpec, FieldValue, Kind, Page, Status
from extractors.rows import Span
from extractors.values import compact, parse_capital, parse_date, parse_money, parse_words, simplified

# Below this the reader itself doubts a line; such a field is never just `read`.
LOW_CONFIDENCE = 0.6

# A Chinese name with letters or a piece of a label stuck to it: a scrap of watermark, a misread character.
_MIXED_NAME = re.compile(r"[\u3400-\u9fff][A-Za-z]|[A-Za-z][\u3400-\u9fff]|^[^(]*\)|\([^)]*$|负责|代表人|^·|·$")
_NO_NAME = re.compile(r"\d|[\u3400-\u9fff]\s*[;,。]\s*[\u3400-\u9fff]")
# A legal form that breaks off in the middle of a name, has nothing before it, or one character or a figure behind it; a
# sign no name has, a number before it: a part of the name was not read, or something else with it.
_BROKEN_FORM = re.compile(
    r"股份(?!有|公司|合|经济|制|责任|社|$)|有限(?!公司|责任|合伙)|责任(?=公(?!司))"
    r"|^.?(?:股份|有限|责任)*公司$|公司(?:\d+|[^厂店部处院所社站场馆坊城库室)）])$"
    r"|[:：¥￥$#^*_=+<>|\\~`%!?;；]|^\d{4,}"
)
# Kinds whose form alone says whether a text is one.
_TOLD_BY_FORM = {Kind.DATE, Kind.CAPITAL, Kind.CREDIT_CODE, Kind.ID_NUMBER, Kind.APPROVAL_NUMBER}

# Letters that readers see in digits. Where a number has no check digit nothing but its form proves them.
_DIGIT_FOR = {"O": "0", "D": "0", "Q": "0", "I": "1", "L": "1"}
_MOST_MISREAD = 2
_SHORTEST_ACCOUNT = 10  # digits: of firms' accounts; less is a part of one
_SHORTEST_BANK = 4  # characters: 中国银行

_GERMAN_PASSPORT = re.compile(r"[CFGHJK][CFGHJKLMNPRTVWXYZ0-9]{8}")

_MULTILINE = {Kind.ORGANISATION: 3, Kind.ADDRESS: 4, Kind.BANK: 2, Kind.TEXT: 2}


def field_of(span: Span, kind: Kind, value: FieldValue = None) -> Field:
    """The field a span holds; `value` where the caller parsed it already. An empty span is missing."""
    if not span:
        return Field()
    parsed = value if value is not None else parse(kind, span.text)
    reason = ""
    if parsed is None:
        reason = "malformed"
    elif span.confidence < LOW_CONFIDENCE:
        reason = "low_confidence"
    elif kind is Kind.PERSON and _MIXED_NAME.search(str(parsed)):
        reason = "mixed_scripts"
    elif _is_in_part(kind, str(parsed)):
        reason = "incomplete"
    return Field(
        value=parsed if parsed is not None else compact(span.text) or None,
        raw=span.raw,
        status=Status.DOUBTFUL if reason else Status.READ,
        confidence=round(span.confidence, 4),
        weakest=span.weakest,
        page=span.page,
        box=span.box,
        reason=reason,
    )


def parse(kind: Kind, text: str) -> FieldValue:
    """The value a text holds as `kind`; None when it does not have the form of one."""
    return _PARSERS.get(kind, _text)(simplified(text))


def labelled(
    pages: Sequence[Page], specs: Sequence[FieldSpec], extra_labels: Sequence[str | Sequence[str]] = ()
) -> dict[str, Field]:
    """Fields of a form by their printed labels: the first page that has a label decides."""
    words = [*(spec.labels for spec in specs if spec.labels), *extra_labels]
    layouts = [Layout(page, words) for page in pages]
    fields: dict[str, Field] = {}
    for spec in specs:
        for layout in layouts:
            if span := _value(layout, spec):
                found = field_of(span, spec.kind)
                if found.status is Status.READ and _holds_label(found, layout.words):
                    found = found.model_copy(update={"status": Status.DOUBTFUL, "reason": "holds_another_label"})
                fields[spec.name] = found
                break
    return fields


def agreed(candidates: Sequence[Field]) -> Field:
    """One field from several prints of a value, the others in `alternates`; prints that differ make it doubtful."""
    best = next((f for f in candidates if f.status is Status.READ), candidates[0])
    others = [f for f in candidates if f is not best and f.raw]
    if not others:
        return best
    update: dict[str, object] = {"alternates": tuple(f.raw if f.value is None else str(f.value) for f in others)}
    if any(f.status is Status.READ and f.value != best.value for f in others):
        update |= {"status": Status.DOUBTFUL, "reason": "conflict"}
    return best.model_copy(update=update)


def _holds_label(found: Field, words: Sequence[str]) -> bool:
    """Whether a value runs into the next column: a long label stands inside it."""
    return any(len(word) >= 4 and word in found.raw for word in words)


def _value(layout: Layout, spec: FieldSpec) -> Span:
    if span := layout.value(spec.labels, lines=_MULTILINE.get(spec.kind, 1)):
        return span
    if spec.kind in _TOLD_BY_FORM:
        span = layout.value(spec.labels, ambiguous=True)
        if span and parse(spec.kind, span.text) is not None:
            return span
    return Span()


def _text(text: str) -> str | None:
    """Text without the tick boxes and bullets OCR sees in letter-spaced labels and print beside it."""
    return compact(text).lstrip("☐☑☒✓✔□■▢◻◼●○◆◇▪•") or None


def _address(text: str) -> str | None:
    """An address; the bracket behind the note that ends many, which OCR loses, is closed."""
    found = _text(text)
    return re.sub(r"\(自主申报$", "(自主申报)", found) if found else None


def _pattern(pattern: str) -> Callable[[str], str | None]:
    """The one run of letters and digits of this form: a misread letter beside it must not cut a longer number short."""
    compiled = re.compile(rf"(?:(?<![0-9A-Z])|(?<=NO))(?:{pattern})(?![0-9A-Z])")

    def parse_pattern(text: str) -> str | None:
        match = compiled.search(compact(text).upper())
        return match.group(0) if match else None

    return parse_pattern


def _is_in_part(kind: Kind, value: str) -> bool:
    """Whether a part of a value was not read, or something else with it."""
    if kind is Kind.ACCOUNT_NUMBER:
        return len(value) < _SHORTEST_ACCOUNT
    return kind in (Kind.ORGANISATION, Kind.BANK) and bool(_BROKEN_FORM.search(value))


def _person(text: str) -> str | None:
    """A name keeps single inner spaces (1688-9.6) and middle dots; it holds no digits and is no list of things."""
    name = re.sub(r"\s+", " ", text).strip(" :;,.、")
    # The dot inside the names of many peoples is printed and read in several shapes.
    name = re.sub(r"(?<=[\u3400-\u9fff])\s?[·•・.‧∙]\s?(?=[\u3400-\u9fff])", "·", name)
    # 一 is read as a dash.
    name = re.sub(r"(?<=[\u3400-\u9fff])\s?[—–―-]\s?(?=[\u3400-\u9fff])", "一", name)
    if re.fullmatch(r"(?:[\u3400-\u9fff]\s?){2,8}", name):
        name = name.replace(" ", "")
    return name if name and not _NO_NAME.search(name) else None


def _loose(prefix: str, *lengths: int) -> Callable[[str], str | None]:
    """A prefix and so many digits; up to two letters among these count as the digits they look like."""
    digit = rf"[0-9{''.join(_DIGIT_FOR)}]"
    find = _pattern("|".join(rf"{prefix}{digit}{{{length}}}" for length in lengths))

    def parse_loose(text: str) -> str | None:
        found = find(text) or ""
        length = next((n for n in lengths if re.fullmatch(prefix, found[: len(found) - n])), 0)
        head, tail = found[: len(found) - length], found[len(found) - length :]
        number = "".join(_DIGIT_FOR.get(char, char) for char in tail)
        changed = sum(a != b for a, b in zip(tail, number, strict=True))
        return head + number if found and changed <= _MOST_MISREAD else None

    return parse_loose


def _any_of(*parsers: Callable[[str], str | None]) -> Callable[[str], str | None]:
    return lambda text: next((found for parser in parsers if (found := parser(text))), None)


def _passport_number(text: str) -> str | None:
    """Six to nine letters and digits, some of them digits: the only run of that kind.

    German ones are nine of the digits and the letters that form no words, so that one digit may do.
    """
    runs = re.findall(r"(?<![0-9A-Z])[0-9A-Z]{6,9}(?![0-9A-Z])", compact(text).upper())
    numbers = [run for run in runs if len(re.findall(r"\d", run)) >= (1 if _GERMAN_PASSPORT.fullmatch(run) else 2)]
    return numbers[0] if len(numbers) == 1 else None


def _machine_readable(text: str) -> str | None:
    """The lines of a zone in one of its three formats, as they stand."""
    lines = [line for line in (compact(line).upper() for line in text.splitlines()) if line]
    proper = all(re.fullmatch(r"[0-9A-Z<]+", line) for line in lines)
    formats = [(44, 44), (36, 36), (30, 30, 30)]
    return "\n".join(lines) if proper and tuple(map(len, lines)) in formats else None


def _account_number(text: str) -> str | None:
    """Digits in groups of any form and "-"; anything else in it means that part of it is not the number."""
    number = re.sub(r"[—–―－]", "-", compact(text)).strip(":;,.、")
    return number if re.fullmatch(r"\d[\d-]{4,33}\d", number) else None


def _organisation(text: str) -> str | None:
    name = compact(text).strip(":;,.、")
    return name if len(name) >= 2 else None


def _bank(text: str) -> str | None:
    """The name of a bank; a scrap of one (部, the last line of a long name) is none."""
    name = _text(text)
    return name if name and len(name) >= _SHORTEST_BANK else None


def _capital(text: str) -> FieldValue:
    capital = parse_capital(text)
    if capital is None:
        return None
    amount, currency = capital
    plain = format(amount.normalize(), "f")
    return Decimal(plain) if currency == "CNY" else f"{plain} {currency}"


_HK_MACAU_PERMIT = _any_of(_loose("[HM]", 8, 10), _loose("[HM]A", 7))

_PARSERS: dict[Kind, Callable[[str], FieldValue]] = {
    Kind.DATE: parse_date,
    Kind.MONEY: parse_money,
    Kind.CAPITAL: _capital,
    Kind.MONEY_IN_WORDS: lambda text: compact(text) if parse_words(text) is not None else None,
    Kind.PERSON: _person,
    Kind.ADDRESS: _address,
    Kind.ORGANISATION: _organisation,
    Kind.BANK: _bank,
    Kind.CREDIT_CODE: _pattern(r"[0-9A-Z]{18}"),
    Kind.REGISTRATION_NUMBER: _pattern(r"\d{15}"),
    Kind.ID_NUMBER: _pattern(r"\d{17}[\dX]"),
    Kind.ORGANISATION_CODE: _pattern(r"[0-9A-Z]{8}[-—–]?[0-9X]"),
    Kind.PASSPORT_NUMBER: _passport_number,
    Kind.HK_MACAU_PERMIT: _HK_MACAU_PERMIT,
    Kind.TAIWAN_PERMIT: _pattern(r"\d{8}(?:\d{2})?(?:\([A-Z]\))?"),
    Kind.FOREIGN_RESIDENT_ID: _any_of(_pattern(r"9\d{16}[\dX]"), _loose("[A-Z]{3}", 12)),
    Kind.HK_ID: _pattern(r"[A-Z]{1,2}\d{6}\([\dA]\)"),
    Kind.MACAU_ID: _pattern(r"[157]\d{6}\(\d\)"),
    Kind.TAIWAN_ID: _pattern(r"[A-Z][1289]\d{8}"),
    Kind.MRZ: _machine_readable,
    Kind.APPROVAL_NUMBER: _pattern(r"[JLZ]\d{13}"),
    Kind.PERMIT_NUMBER: _pattern(r"\d{4}-?\d{8}"),
    Kind.ACCOUNT_NUMBER: _account_number,
    Kind.INVOICE_CODE: _pattern(r"\d{12}|\d{10}"),
    Kind.INVOICE_NUMBER: _pattern(r"\d{20}|\d{8}"),
    Kind.CUSTOMS_NUMBER: _pattern(r"\d{18}"),
    # A part of a longer number (0571-88886666) is none.
    Kind.DIGITS: _pattern(r"(?<!\d[-—–])\d+(?![-—–]\d)"),
}
