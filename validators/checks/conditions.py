"""Checks of conditions a platform sets: a value it takes, a limit it keeps, a rate it asks for, a step done before."""

from __future__ import annotations

import operator
from collections.abc import Callable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any, Literal

from pydantic import Field, Strict

from extractors.model import Item
from extractors.values import parse_date
from validators.case import Case
from validators.checks.kind import (
    PASSED,
    Condition,
    EarlierRef,
    KeyRef,
    Outcome,
    Ref,
    SlotRef,
    Value,
    check_kind,
    left_open,
    not_met,
    not_usable,
    resolve,
)
from validators.compare import amount
from validators.findings import CheckResult, finding
from validators.prerequisites import outcome
from validators.profile import CheckSpec
from validators.proofs._invoice_values import NO_TAX, percent

# Percent: where the rate families of an invoice part (extractors/vat_invoice.py).
_LOWEST_GENERAL, _HIGHEST_LEVY = Decimal(6), Decimal(5)


class OneOf(Condition):
    value: Ref
    values: tuple[str | bool, ...] = Field(min_length=1)


@check_kind(OneOf)
def one_of(case: Case, spec: CheckSpec, params: OneOf) -> Outcome:
    """A value is one of those the platform takes (a special invoice, not issued by the tax bureau)."""
    value, refused = resolve(case, spec, params.value)
    if value is None:
        return refused
    if value.field.value in params.values:
        return PASSED
    return not_met(spec, params, "/".join(map(str, params.values)), value.shown, value, why="other value")


Operator = Literal[
    "at_least", "at_most", "more_than", "less_than", "equals", "not_equal", "on_or_after", "on_or_before"
]  # fmt: skip
_OPERATORS: dict[str, tuple[str, Callable[[Any, Any], bool]]] = {
    "at_least": ("≥", operator.ge),
    "at_most": ("≤", operator.le),
    "more_than": (">", operator.gt),
    "less_than": ("<", operator.lt),
    "equals": ("=", operator.eq),
    "not_equal": ("≠", operator.ne),
    "on_or_after": ("≥", operator.ge),
    "on_or_before": ("≤", operator.le),
}


class Compare(Condition):
    left: Ref
    op: Operator
    right: Ref | Literal["as_of"] | Annotated[date, Strict()] | Decimal  # a number is no date, not even 0


@check_kind(Compare)
def compare(case: Case, spec: CheckSpec, params: Compare) -> Outcome:
    """Two amounts, numbers or dates stand in an order: each declared, read, declared before, a number or `as_of`."""
    left, refused = resolve(case, spec, params.left)
    if left is None:
        return refused
    values, limit = [left], params.right
    if isinstance(limit, str) and limit != "as_of":
        right, refused = resolve(case, spec, limit)
        if right is None:
            return refused
        values.append(right)
        limit = right.field.value  # type: ignore[assignment]
    sign, holds = _OPERATORS[params.op]
    one, other = _ordered(left.field.value, case), _ordered(limit, case)
    expected, actual = f"{sign} {case.as_of if limit == 'as_of' else limit}", left.shown
    if one is None or other is None or one[1] != other[1]:
        return left_open(spec, params, expected, actual, *values, why="not comparable")
    if holds(one[0], other[0]):
        return PASSED
    return not_met(spec, params, expected, actual, *values, why=f"not {params.op.replace('_', ' ')}")


def _ordered(value: Any, case: Case) -> tuple[Any, str] | None:
    """A value that has an order, with its unit: a currency, or that it is a date."""
    if value == "as_of":
        return case.as_of, "date"
    if isinstance(value, date):
        return value, "date"
    found = amount(value)
    if found is None and isinstance(value, str) and (day := parse_date(value)):
        return day, "date"
    return found


class ItemRate(Condition):
    items: Ref
    family: Ref | None = None  # general, levy, mixed …: what the lines and the tax of the whole invoice say
    at_least: Decimal | None = None
    exactly: tuple[Decimal, ...] = ()


@check_kind(ItemRate)
def item_rate(case: Case, spec: CheckSpec, params: ItemRate) -> Outcome:
    """Every line of an invoice carries at least a rate (percent), or one of the rates: small-scale taxpayers use 3."""
    family = resolve(case, spec, params.family)[0] if params.family else None
    if family and params.at_least is not None and (told := _by_family(spec, params, family)):
        return told
    value, refused = resolve(case, spec, params.items)
    if value is None:
        return refused
    items = value.field.value
    lines = [item for item in items if isinstance(item, Item)] if isinstance(items, list) else []
    free = [item.tax_rate for item in lines if _bears_none(item)]
    read = [_percent(item.tax_rate) for item in lines if not _bears_none(item)]
    rates = [rate for rate in read if rate is not None]
    if not lines or len(rates) < len(read):
        return Outcome(CheckResult.NOT_CHECKED, "rates not read", (not_usable(spec, value),))
    if params.exactly and (free or not set(rates) <= set(params.exactly)):
        expected = " / ".join(f"{rate} %" for rate in params.exactly)
        printed = [*(f"{rate} %" for rate in sorted(set(rates))), *dict.fromkeys(free)]
        return not_met(spec, params, expected, " / ".join(printed), value, why="another rate")
    if params.at_least is not None and not rates:
        # Whoever sells what is free of tax may pay any rate on the rest.
        return left_open(spec, params, f"≥ {params.at_least} %", " / ".join(dict.fromkeys(free)), value,
                         why="no line is taxed")  # fmt: skip
    if params.at_least is not None and min(rates) < params.at_least:
        if params.family and max(rates) >= params.at_least:
            # Who writes such a rate at all is no small-scale taxpayer; whether the platform sees it so is its own.
            return left_open(spec, params, f"≥ {params.at_least} %", " / ".join(f"{rate} %" for rate in rates), value,
                             why="several rates")  # fmt: skip
        return not_met(spec, params, f"≥ {params.at_least} %", f"{min(rates)} %", value, why="rate too low")
    return PASSED


def _by_family(spec: CheckSpec, params: ItemRate, family: Value) -> Outcome | None:
    """What the family of the rates decides by itself; None where the lines must be looked at."""
    at_least = params.at_least or Decimal(0)
    if family.field.value == "general" and at_least <= _LOWEST_GENERAL:
        return PASSED
    if family.field.value == "levy" and at_least > _HIGHEST_LEVY:
        return not_met(spec, params, f"≥ {at_least} %", f"≤ {_HIGHEST_LEVY} %", family, why="rate too low")
    return None


class RateAtLeast(Condition):
    declared: Ref
    items: Ref
    family: Ref | None = None
    at_least: Decimal


@check_kind(RateAtLeast)
def rate_at_least(case: Case, spec: CheckSpec, params: RateAtLeast) -> Outcome:
    """The company's own invoicing rate reaches a minimum: shown by an invoice, else as declared."""
    if any(True for _ in case.in_slot(params.items.partition(".")[0])):
        shown = ItemRate(
            items=params.items, family=params.family, at_least=params.at_least, what=params.what, mend=params.mend
        )
        return item_rate(case, spec, shown)  # type: ignore[no-any-return]
    key = params.declared.partition(".")[2]
    if case.value(key) in (None, ""):
        declared = case.profile.declared[key]
        missing = finding("PROFILE_DECLARED_MISSING", field=key, source=spec.source,
                          name_zh=declared.title.zh, name_en=declared.title.en)  # fmt: skip
        return Outcome(CheckResult.NOT_CHECKED, f"neither an invoice nor {key}", (missing,))
    value, refused = resolve(case, spec, params.declared)
    if value is None:
        return refused
    rate = _percent(str(value.field.value))
    if rate is not None and rate >= params.at_least:
        return PASSED
    return not_met(spec, params, f"≥ {params.at_least} %", value.shown, value, why="rate too low")


class AnyFlag(Condition):
    any_of: tuple[KeyRef, ...] = Field(min_length=1)


@check_kind(AnyFlag)
def any_declared(case: Case, spec: CheckSpec, params: AnyFlag) -> Outcome:
    """At least one of the declared flags is true, or of other values given."""
    if any(case.value(key) not in (None, "", False) for key in params.any_of):
        return PASSED
    return not_met(spec, params, " / ".join(params.any_of), "—", why="none declared")


class AnySlot(Condition):
    slots: tuple[SlotRef, ...] = Field(min_length=1)


@check_kind(AnySlot)
def any_slot(case: Case, spec: CheckSpec, params: AnySlot) -> Outcome:
    """At least one of several slots is filled."""
    if any(True for slot in params.slots for _ in case.in_slot(slot)):
        return PASSED
    expected = " / ".join(case.profile.slots[slot].title.zh for slot in params.slots)
    if any(document.unreadable or document.type == "unknown" for document in case.documents):
        return left_open(spec, params, expected, "—", why="a document that could not be told may be one of them")
    return not_met(spec, params, expected, "—", why="none is filled")


class AnyPrerequisite(Condition):
    prerequisites: tuple[EarlierRef, ...] = Field(min_length=1)


@check_kind(AnyPrerequisite)
def any_prerequisite(case: Case, spec: CheckSpec, params: AnyPrerequisite) -> Outcome:
    """At least one of several earlier procedures was passed by this applicant."""
    steps = {key: case.profile.prerequisites[key] for key in params.prerequisites}
    results = {step.title.zh: outcome(case, key, step)[0] for key, step in steps.items()}
    if CheckResult.PASSED in results.values():
        return PASSED
    told = " / ".join(results), ", ".join(f"{name}: {result.value}" for name, result in results.items())
    if CheckResult.NOT_CHECKED in results.values():
        return left_open(spec, params, *told, why="none is known to be passed")
    return not_met(spec, params, *told, why="none is passed")


def _bears_none(line: Item) -> bool:
    """Whether a line is free of tax or beyond it; stars beside a tax stand for a rate that is not told."""
    return bool(NO_TAX.search(line.tax_rate)) and not line.tax


def _percent(text: str) -> Decimal | None:
    try:
        rate = Decimal(text.strip().rstrip("%％"))
    except InvalidOperation:
        return percent(text)  # 零税率, 按 3% 征收
    return rate if rate.is_finite() else None
