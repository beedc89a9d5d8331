"""The values of one invoice as its proofs need them, and what a proof comes to."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as default
from datetime import date
from decimal import Decimal
from functools import cache, lru_cache
from importlib import resources
from typing import Any

import yaml

from extractors._invoice_head import KINDS
from extractors.model import Field, Item, Status
from extractors.values import UNTAXED, compact, parse_words
from validators.findings import CheckResult
from validators.identifiers import invoice_code, invoice_number

NO_TAX = re.compile(rf"[*＊]|{UNTAXED.pattern}")
# A margin is taxed, or less than the rate: line amount × rate is not the tax then (差额征税, 减按).
_MARGIN = re.compile(r"差额|减按")
_DEDUCTED = re.compile(r"差额征税[^0-9]{0,12}([0-9][0-9,]*(?:\.[0-9]+)?)")
_RATE = re.compile(r"([0-9]{1,2}(?:\.[0-9]{1,4})?)%")
# Invoices of one vehicle have no lines; for a used one, as on a roll, the total may stand alone.
_ONE_THING, _TOTAL_ALONE = frozenset({"vehicle", "used_vehicle"}), frozenset({"roll", "used_vehicle"})


@dataclass(frozen=True, slots=True)
class Problem:
    """Values that contradict each other: the finding, and the fields one of which must be wrong.

    `hard`: no lawful invoice looks so; data that says it is refused. `misreading`: on a picture it is no more than a
    misread figure nothing rests on.
    """

    code: str
    field: str
    doubted: tuple[str, ...]
    reason: str
    params: dict[str, Any] = default(default_factory=dict)
    hard: bool = False
    misreading: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one proof came to: passed, failed with its problems, or not checked and why."""

    id: str
    result: CheckResult
    why: str = ""
    fields: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()


def passed(id_: str, *fields: str, why: str = "") -> Outcome:
    return Outcome(id_, CheckResult.PASSED, why, fields)


def failed(id_: str, why: str, *problems: Problem) -> Outcome:
    names = dict.fromkeys(name for problem in problems for name in problem.doubted)
    return Outcome(id_, CheckResult.FAILED, why, tuple(names), problems)


def unchecked(id_: str, why: str, *fields: str) -> Outcome:
    return Outcome(id_, CheckResult.NOT_CHECKED, why, fields)


@dataclass(frozen=True, slots=True)
class Invoice:
    """An invoice's fields, by value; None or "" for what was not read or is malformed."""

    fields: Mapping[str, Field]

    def get(self, name: str) -> Field | None:
        """A field that holds a value, else None."""
        found = self.fields.get(name)
        return None if found is None or found.status is Status.MISSING or found.value is None else found

    def text(self, name: str) -> str:
        found = self.get(name)
        return "" if found is None else str(found.value)

    def money(self, name: str) -> Decimal | None:
        found = self.get(name)
        return found.value if found and isinstance(found.value, Decimal) and found.value.is_finite() else None

    @property
    def tax(self) -> Decimal | None:
        """The tax; stars or 免税 in its place are none."""
        found = self.fields.get("tax")
        value = self.money("tax")
        return Decimal(0) if value is None and found and NO_TAX.search(found.raw) else value

    @property
    def words(self) -> Decimal | None:
        found = self.get("total_in_words")
        if found is None or isinstance(found.value, Decimal):
            return found.value if found else None  # type: ignore[return-value]
        return parse_words(str(found.value))

    @property
    def lines(self) -> list[Item]:
        found = self.get("items")
        items = found.value if found and isinstance(found.value, list) else []
        return [item for item in items if isinstance(item, Item)]

    @property
    def priced(self) -> list[Item]:
        """The lines with an amount; the rows without one only continue a name."""
        return [line for line in self.lines if line.amount is not None]

    @property
    def kind(self) -> str:
        return self.text("invoice_kind")

    @property
    def code(self) -> str:
        text = self.text("invoice_code")
        return invoice_code.validate(text) if invoice_code.is_valid(text) else ""

    @property
    def number(self) -> str:
        text = self.text("invoice_number")
        return invoice_number.validate(text) if invoice_number.is_valid(text) else ""

    @property
    def issued_on(self) -> date | None:
        found = self.get("issued_on")
        return found.value if found and isinstance(found.value, date) else None

    @property
    def taxes_a_margin(self) -> bool:
        """Whether the tax is not that of the whole amount: told by the remarks, a name, or a rate of stars."""
        starred = any("*" in line.tax_rate or "＊" in line.tax_rate for line in self.lines if line.tax)
        names = "".join(line.name for line in self.lines)
        return starred or bool(_MARGIN.search(self.text("remarks") + names))

    @property
    def has_lines(self) -> bool:
        """Whether lines belong on it, read or not."""
        return bool(self.lines) or self.kind not in _ONE_THING

    @property
    def states_total_alone(self) -> bool:
        """Whether it prints neither amount nor tax, and need not."""
        return self.kind in _TOTAL_ALONE and self.money("amount") is None and self.tax is None

    @property
    def deducted(self) -> Decimal | None:
        """What is taken off before tax, where the remarks say so (差额征税：…)."""
        match = _DEDUCTED.search(compact(self.text("remarks")))
        return Decimal(match.group(1).replace(",", "")) if match else None


@dataclass(frozen=True, slots=True)
class InvoiceKind:
    """What is known of a kind of invoice: its first day, the kinds of code it has, whether it has a check code."""

    since: date
    codes: tuple[str, ...]
    check_code: bool
    also_digital: bool


@cache
def kinds() -> dict[str, InvoiceKind]:
    """The kinds of `invoice_kind` (validators/data/invoice_kinds.yaml)."""
    return {
        name: InvoiceKind(row["from"], tuple(row["codes"]), "check_code" in row, "also_digital" in row)
        for name, row in data("invoice_kinds").items()
    }


def kind_named(kind: str) -> tuple[str, str]:
    """What a kind of `invoice_kind` is called, in Chinese and English; a text that is none stays as it is."""
    return KINDS.get(kind, kind), kind.replace("_", " ")


def data(name: str) -> Any:
    """One of the data files beside the rules."""
    text = resources.files("validators").joinpath(f"data/{name}.yaml").read_text("utf-8")
    return yaml.load(text, yaml.CSafeLoader)


@lru_cache(maxsize=256)
def percent(text: str) -> Decimal | None:
    """A rate as printed, 13% or 征收率 3 %, in percent; None for 免税 and stars.

    >>> percent('13%'), percent('1.50 ％'), percent('零税率'), percent('免税')
    (Decimal('13'), Decimal('1.5'), Decimal('0'), None)
    """
    plain = compact(text)
    if "零税率" in plain:
        return Decimal(0)
    found = _RATE.findall(plain)
    return Decimal(f"{Decimal(found[0]).normalize():f}") if len(found) == 1 else None
