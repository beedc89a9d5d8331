"""What was declared against what was read, by kind: equal, confusable, different or uncertain.

A difference that a misreading explains is `confusable`, one on a reading that does not hold is
`uncertain`: both ask a person. Only a clear difference on a reliable reading is `different`, and that
refuses. A character that merely looks alike is never taken for equal: a name may be altered by just
that one. Addresses and free texts are written in too many ways to refuse on.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from rapidfuzz.distance import Levenshtein

from extractors.model import Field, Kind, Status
from extractors.values import compact, parse_capital, parse_date, parse_money, parse_words
from validators import addresses, banks
from validators.lookalikes import alike
from validators.normalise import NUMBERS, normalised

RELIABLE = 0.8  # below this confidence a single reading that differs proves nothing
MISREAD_COSTS = 0.25  # what one misread character takes off the sum of the characters' scores, at least
CUT_NAME = 4  # so long a name may have lost one or two characters at an end in reading

_LONG_TERM = re.compile("长期|永久|无固定期限")
_DELEGATE = re.compile(r"\(?委派代表:?([^()]+)\)?$")  # X公司（委派代表：Y）: a firm manages the partnership through Y
_WRITTEN_FREELY = frozenset({Kind.ADDRESS, Kind.TEXT})  # a difference is never a proven violation


class Outcome(StrEnum):
    EQUAL = "equal"
    CONFUSABLE = "confusable"
    DIFFERENT = "different"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How declared and read relate; `detail` says why in a word, or which characters (a/b) differ."""

    outcome: Outcome
    detail: str = ""


EQUAL = Comparison(Outcome.EQUAL)
DIFFERENT = Comparison(Outcome.DIFFERENT, "clear")


def compare(kind: Kind, expected: Any, read: Field) -> Comparison:
    """Compare a declared value (text, date, Decimal or bool) with a field as read from a document."""
    if expected is None or expected == "":
        return Comparison(Outcome.UNCERTAIN, "not_declared")
    if read.status is Status.MISSING or (read.value is None and not _LONG_TERM.search(compact(read.raw))):
        return Comparison(Outcome.UNCERTAIN, "not_read")
    compared = _by_kind(kind)(expected, read)
    if kind in _WRITTEN_FREELY and compared.outcome is Outcome.DIFFERENT:
        return Comparison(Outcome.UNCERTAIN, "wording")
    return _weighed(kind, expected, read, compared)


def _weighed(kind: Kind, expected: Any, read: Field, compared: Comparison) -> Comparison:
    """A comparison in the light of how far the reading holds."""
    if read.status is Status.DOUBTFUL:
        return Comparison(Outcome.UNCERTAIN, f"doubtful: {read.reason}".rstrip(": "))
    if compared.outcome is not Outcome.DIFFERENT or read.status is Status.VERIFIED:
        return compared
    if read.confidence < RELIABLE or _explained_by_score(kind, str(expected), read):
        return Comparison(Outcome.UNCERTAIN, "low_confidence")
    if any(normalised(kind, other) == normalised(kind, str(expected)) for other in read.alternates):
        return Comparison(Outcome.UNCERTAIN, "readings_differ")
    return compared


def _explained_by_score(kind: Kind, expected: str, read: Field) -> bool:
    """Whether so few characters differ that the reader's own doubt covers them.

    A line's confidence is the mean over its characters: one misread among many leaves it high.
    """
    one, other = normalised(kind, expected), normalised(kind, str(read.value))
    doubt = (1 - read.confidence) * len(other)
    return Levenshtein.distance(one, other) * MISREAD_COSTS <= doubt


def _by_kind(kind: Kind) -> Callable[[Any, Field], Comparison]:
    if kind in NUMBERS:
        return lambda expected, read: _numbers(kind, str(expected), read)
    special: dict[Kind, Callable[[Any, Field], Comparison]] = {
        Kind.PERSON: _persons,
        Kind.ADDRESS: _addresses,
        Kind.BANK: _banks,
        Kind.DATE: _dates,
        Kind.MONEY: _amounts,
        Kind.MONEY_IN_WORDS: _amounts,
        Kind.CAPITAL: _amounts,
        Kind.FLAG: lambda expected, read: EQUAL if bool(expected) is bool(read.value) else DIFFERENT,
        Kind.ITEMS: lambda expected, read: Comparison(Outcome.UNCERTAIN, "not_comparable"),
    }
    return special.get(kind, lambda expected, read: _names(kind, str(expected), str(read.value)))


def _names(kind: Kind, expected: str, read: str) -> Comparison:
    """Strict after normalising: one other character is a different name."""
    one, other = normalised(kind, expected), normalised(kind, read)
    return EQUAL if one == other else _difference(one, other)


def _difference(one: str, other: str) -> Comparison:
    """Whether a misreading may have turned `one` into `other`: look-alikes, lost signs, a cut end."""
    if len(one) == len(other):
        changes = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    else:
        edits = Levenshtein.editops(one, other)
        changes = [(one[e.src_pos] if e.tag != "insert" else "", other[e.dest_pos] if e.tag != "delete" else "")
                   for e in edits]  # fmt: skip
    if all(alike(a, b) or _is_sign(a + b) for a, b in changes):
        if len(changes) <= max(1, len(one) // 4):
            return Comparison(Outcome.CONFUSABLE, ", ".join(f"{a or '∅'}/{b or '∅'}" for a, b in changes))
    elif CUT_NAME <= len(other) < len(one) <= len(other) + 2 and (one.startswith(other) or one.endswith(other)):
        return Comparison(Outcome.CONFUSABLE, "cut")
    return DIFFERENT


def _is_sign(text: str) -> bool:
    """Only punctuation, symbols and spaces: what printing and reading lose most easily."""
    return all(unicodedata.category(char)[0] in "PSZ" for char in text)


def _persons(expected: Any, read: Field) -> Comparison:
    """Latin names keep their spaces (the registry's form); readers lose them, so only a person can tell."""
    one, other = normalised(Kind.PERSON, str(expected)), normalised(Kind.PERSON, str(read.value))
    if one == other:
        return EQUAL
    if (delegate := _DELEGATE.search(other)) and not _DELEGATE.search(one):
        other = delegate.group(1)
        if one == other:
            return EQUAL
    if re.sub(r"[\s·]", "", one) == re.sub(r"[\s·]", "", other):
        return Comparison(Outcome.CONFUSABLE, "spacing")
    if " " in one and sorted(one.split()) == sorted(other.split()):
        return Comparison(Outcome.CONFUSABLE, "order")
    return _difference(one, other)


def _addresses(expected: Any, read: Field) -> Comparison:
    one, other = str(expected), str(read.value)
    if addresses.same(one, other):
        return EQUAL
    return _names(Kind.ADDRESS, one, other)


def _banks(expected: Any, read: Field) -> Comparison:
    (head, branch), (read_head, read_branch) = banks.split(str(expected)), banks.split(str(read.value))
    if head and read_head and head != read_head:
        return Comparison(Outcome.DIFFERENT, "other_bank")
    if (head, branch) == (read_head, read_branch):
        return EQUAL
    if head == read_head and not (branch and read_branch):
        return Comparison(Outcome.UNCERTAIN, "branch_missing")
    compared = _difference(head + branch, read_head + read_branch)
    return Comparison(Outcome.UNCERTAIN, "branch") if compared.outcome is Outcome.DIFFERENT else compared


def _numbers(kind: Kind, expected: str, read: Field) -> Comparison:
    one, other = normalised(kind, expected), normalised(kind, str(read.value))
    if one == other:
        return EQUAL
    if read.status is Status.VERIFIED:  # check digits or a second print rule a misreading out
        return DIFFERENT
    if len(one) == len(other):
        compared = _difference(one, other)
        return compared if compared.outcome is Outcome.DIFFERENT or compared.detail.count("/") <= 2 else DIFFERENT
    # A reader drops or doubles one of several equal digits in a row.
    if re.sub(r"(.)\1+", r"\1", one) == re.sub(r"(.)\1+", r"\1", other) and abs(len(one) - len(other)) == 1:
        return Comparison(Outcome.CONFUSABLE, "repeated_digit")
    return DIFFERENT


def _dates(expected: Any, read: Field) -> Comparison:
    if read.value is None:  # a long term: `compare` lets no other empty value through
        same = _LONG_TERM.search(compact(str(expected)))
        return EQUAL if same else DIFFERENT
    day = expected if isinstance(expected, date) else parse_date(str(expected))
    other = read.value if isinstance(read.value, date) else parse_date(str(read.value))
    if day is None or other is None:
        long_term = _LONG_TERM.search(compact(str(expected)))
        return DIFFERENT if long_term and other else Comparison(Outcome.UNCERTAIN, "not_a_date")
    if day == other:
        return EQUAL
    return DIFFERENT if read.status is Status.VERIFIED else _difference(day.isoformat(), other.isoformat())


def _amounts(expected: Any, read: Field) -> Comparison:
    declared, found = amount(expected), amount(read.value)
    if declared is None or found is None:
        return Comparison(Outcome.UNCERTAIN, "not_an_amount")
    if declared[1] != found[1]:
        return Comparison(Outcome.UNCERTAIN, f"currency {declared[1]} {found[1]}")
    if declared[0] == found[0]:
        return EQUAL
    if found[0] in (declared[0] * 10_000, declared[0] / 10_000):
        return Comparison(Outcome.UNCERTAIN, "unit")
    return DIFFERENT if read.status is Status.VERIFIED else _difference(f"{declared[0]:f}", f"{found[0]:f}")


def amount(value: Any) -> tuple[Decimal, str] | None:
    """An amount in yuan (or the currency named) from figures, 万元 or Chinese capitals."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | Decimal):
        return Decimal(value), "CNY"
    plain = parse_money(str(value))
    if plain is None:
        plain = parse_words(str(value))
    return (plain, "CNY") if plain is not None else parse_capital(str(value))
