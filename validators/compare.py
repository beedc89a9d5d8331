"""What was declared against what was read, by kind: equal, confusable, different or uncertain.

A difference that a misreading explains is `confusable`, one on a reading that does not hold is
`uncertain`: both ask a person. Only a clear difference on a reliable reading is `different`, and that
refuses. A character that merely looks alike is never taken for equal: a name may be altered by just
that one. Addresses and free texts are written in too many ways to refuse on.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

from rapidfuzz.distance import Levenshtein

from extractors.model import Field, Kind, Status
from extractors.values import compact, parse_capital, parse_date, parse_money, parse_words
from validators import addresses, banks
from validators.identifiers import organisation_code
from validators.normalise import NUMBERS, normalised
from validators.outcome import DIFFERENT, EQUAL, Comparison, Outcome, difference
from validators.persons import compare_names

__all__ = ["Comparison", "Outcome", "amount", "compare"]

RELIABLE = 0.8  # below this confidence a single reading that differs proves nothing
MISREAD_COSTS = 0.25  # what one misread character takes off the sum of the characters' scores, at least

_LONG_TERM = re.compile("长期|永久|无固定期限")
_DELEGATE = re.compile(r"\(?委派代表:?([^()]+)\)?$")  # X公司（委派代表：Y）: a firm manages the partnership through Y
_ORGANISATIONS = frozenset({Kind.CREDIT_CODE, Kind.TAX_ID, Kind.ORGANISATION_CODE})
_WRITTEN_FREELY = frozenset({Kind.ADDRESS, Kind.TEXT})  # a difference is never a proven violation


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
    return EQUAL if one == other else difference(one, other)


def _persons(expected: Any, read: Field) -> Comparison:
    """As `compare_names`; a romanised reading cannot prove the characters that were declared."""
    one, other = normalised(Kind.PERSON, str(expected)), normalised(Kind.PERSON, str(read.value))
    if (delegate := _DELEGATE.search(other)) and not _DELEGATE.search(one):
        other = delegate.group(1)
    compared = compare_names(one, other)
    return Comparison(Outcome.UNCERTAIN, "pinyin") if compared.detail == "pinyin" else compared


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
    compared = difference(head + branch, read_head + read_branch)
    return Comparison(Outcome.UNCERTAIN, "branch") if compared.outcome is Outcome.DIFFERENT else compared


def _numbers(kind: Kind, expected: str, read: Field) -> Comparison:
    one, other = normalised(kind, expected), normalised(kind, str(read.value))
    if one == other or (kind in _ORGANISATIONS and _same_organisation(one, other)):
        return EQUAL
    if read.status is Status.VERIFIED:  # check digits or a second print rule a misreading out
        return DIFFERENT
    if len(one) == len(other):
        compared = difference(one, other)
        return compared if compared.outcome is Outcome.DIFFERENT or compared.detail.count("/") <= 2 else DIFFERENT
    # A reader drops or doubles one of several equal digits in a row.
    if re.sub(r"(.)\1+", r"\1", one) == re.sub(r"(.)\1+", r"\1", other) and abs(len(one) - len(other)) == 1:
        return Comparison(Outcome.CONFUSABLE, "repeated_digit")
    return DIFFERENT


def _same_organisation(one: str, other: str) -> bool:
    """Whether two numbers of different forms hold one organisation code: alone, in a tax number of before 2015
    (region and code), or in a credit code (GB 32100)."""
    held = {9: slice(0, 9), 15: slice(6, 15), 18: slice(8, 17)}
    if len(one) == len(other) or not {len(one), len(other)} <= set(held):
        return False
    codes = {number[held[len(number)]] for number in (one, other)}
    return len(codes) == 1 and organisation_code.is_valid(codes.pop())


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
    return DIFFERENT if read.status is Status.VERIFIED else difference(day.isoformat(), other.isoformat())


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
    return DIFFERENT if read.status is Status.VERIFIED else difference(f"{declared[0]:f}", f"{found[0]:f}")


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
