"""Checks that compare: declared with read, one document with another, now with before; sums with totals."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from pydantic import Field as Default

from extractors.model import Field, Kind
from validators.case import Case
from validators.checks.kind import (
    PASSED,
    Condition,
    EarlierRef,
    KeyRef,
    Outcome,
    Params,
    Ref,
    Value,
    both,
    check_kind,
    left_open,
    not_met,
    resolve,
)
from validators.compare import Comparison, amount, compare
from validators.compare import Outcome as Same
from validators.conditions import When
from validators.findings import CheckResult, Verdict, finding
from validators.persons import compare_names
from validators.profile import CheckSpec


class TwoValues(Params):
    left: Ref
    right: Ref


@check_kind(TwoValues)
def equal(case: Case, spec: CheckSpec, params: TwoValues) -> Outcome:
    """Two values are the same, normalised as their kind allows: declared, read from a document, or declared before."""
    pair = both(case, spec, params.left, params.right)
    return pair if isinstance(pair, Outcome) else _compared(spec, *pair, compared(*pair))


@check_kind(TwoValues)
def names_agree(case: Case, spec: CheckSpec, params: TwoValues) -> Outcome:
    """Two names are one person's, written in Chinese, pinyin or another Latin spelling."""
    pair = both(case, spec, params.left, params.right)
    if isinstance(pair, Outcome):
        return pair
    left, right = pair
    came_to = compare_names(str(left.field.value), str(right.field.value))
    # Many names share one pinyin: it can speak for a name, never prove it. Another order of its parts is no other name.
    if came_to.outcome is Same.EQUAL and came_to.detail == "pinyin":
        came_to = Comparison(Same.UNCERTAIN, "pinyin")
    elif came_to.outcome is Same.CONFUSABLE and came_to.detail == "order":
        return PASSED
    return _compared(spec, left, right, came_to)


def compared(left: Value, right: Value) -> Comparison:
    """Each side that was read may be the misread one: a difference counts only where neither reading explains it."""
    expected, read = (right, left) if left.origin == "read" and right.origin != "read" else (left, right)
    ways = [compare(_kind(read, expected), expected.field.value, read.field)]
    if expected.origin == "read":
        ways.append(compare(_kind(expected, read), read.field.value, expected.field))
    return min(ways, key=lambda way: way.outcome is Same.DIFFERENT)


def _kind(read: Value, other: Value) -> Kind:
    """The kind of what is read; a plain value takes the kind of what it is compared with."""
    return other.kind if read.kind in (Kind.TEXT, Kind.CHOICE) else read.kind


_COMPARED = {
    Same.CONFUSABLE: ("UNCERTAIN", CheckResult.NOT_CHECKED),
    Same.UNCERTAIN: ("UNCERTAIN", CheckResult.NOT_CHECKED),
    Same.DIFFERENT: ("DIFFERENT", CheckResult.FAILED),
}


def _compared(spec: CheckSpec, left: Value, right: Value, came_to: Comparison) -> Outcome:
    if came_to.outcome is Same.EQUAL:
        return PASSED
    if left.origin == "read" and right.origin == "declared":
        left, right = right, left
    suffix, result = _COMPARED[came_to.outcome]
    matched = left.origin == "declared" and right.origin == "read"
    names: dict[str, Any] = {"name_zh": right.zh, "name_en": right.en} if matched else {
        "left_zh": right.place.zh, "left_en": right.place.en, "right_zh": left.place.zh, "right_en": left.place.en,
    }  # fmt: skip
    found = finding(
        f"{'MATCH' if matched else 'CROSS'}_{suffix}",
        verdict=Verdict.REJECT if came_to.outcome is Same.DIFFERENT else Verdict.REVIEW,
        document=right.document.file if right.document else None, field=right.name, expected=left.shown,
        actual=right.shown, source=spec.source, evidence=left.evidence + right.evidence, **names,
    )  # fmt: skip
    return Outcome(result, came_to.detail or came_to.outcome.value, (found,))


class OneValue(Params):
    value: Ref


@check_kind(OneValue)
def present(case: Case, spec: CheckSpec, params: OneValue) -> Outcome:
    """A value is there, and was read or verified if it stands on a document: the platform asks for it to be legible."""
    value, refused = resolve(case, spec, params.value)
    return refused if value is None else PASSED


class SumEquals(Condition):
    parts: tuple[Ref, ...] = Default(min_length=1)
    total: Ref


@check_kind(SumEquals)
def sum_equals(case: Case, spec: CheckSpec, params: SumEquals) -> Outcome:
    """Amounts add up to a total, exactly."""
    values: list[Value] = []
    for reference in (*params.parts, params.total):
        value, refused = resolve(case, spec, reference)
        if value is None:
            return refused
        values.append(value)
    *parts, total = values
    return _sum(spec, params, [part.field.value for part in parts], total, *values)


class ColumnSum(Condition):
    table: Ref
    column: str
    total: Ref


@check_kind(ColumnSum)
def column_sum_equals(case: Case, spec: CheckSpec, params: ColumnSum) -> Outcome:
    """A column of a table adds up to a total, exactly; a row without an amount leaves it open."""
    pair = both(case, spec, params.table, params.total)
    if isinstance(pair, Outcome):
        return pair
    table, total = pair
    rows = table.field.value if isinstance(table.field.value, list) else []
    cells = [row.get(params.column) for row in rows if isinstance(row, dict)]
    return _sum(spec, params, cells, total, table, total)


def _sum(spec: CheckSpec, params: Condition, parts: list[Any], total: Value, *values: Value) -> Outcome:
    amounts = [amount(part) for part in (*parts, total.field.value)]
    known = [a for a in amounts if a is not None]
    if len(known) < len(amounts) or not parts or len({currency for _, currency in known}) > 1:
        return left_open(spec, params, total.shown, "—", *values, why="not all of them are amounts of one currency")
    *plain, wanted = (value for value, _ in known)
    if sum(plain, Decimal(0)) == wanted:
        return PASSED
    return not_met(spec, params, f"{wanted:f}", f"{sum(plain, Decimal(0)):f}", *values, why="the sum differs")


class Unchanged(Condition):
    since: EarlierRef
    values: tuple[KeyRef, ...] = ()
    fields: tuple[Ref, ...] = ()  # slot.field
    only_if: When | None = None  # a condition on what was declared then


@check_kind(Unchanged)
def unchanged(case: Case, spec: CheckSpec, params: Unchanged) -> Outcome:
    """Values are what they were in an earlier result, which locked them."""
    before = case.values_of(params.since)
    if before is None:
        return Outcome(CheckResult.NOT_CHECKED, "no earlier result", optional=True)
    if params.only_if and not case.applies(params.only_if):
        return Outcome(CheckResult.NOT_CHECKED, f"not locked: {params.only_if}", optional=True)
    then = {f"declared.{key}": before.declared.get(key) for key in params.values}
    then |= {reference: before.read.get(reference) for reference in params.fields}
    for reference, old in then.items():
        value, refused = resolve(case, spec, reference)
        if value is None and not refused.optional:
            return refused
        now = value.field if value else Field()
        if _plain(now.value) == _plain(old):
            continue
        found = finding("PROFILE_VALUE_CHANGED", field=reference.partition(".")[2], source=spec.source,
                        expected=_brief(old), actual=_brief(now.value), evidence=value.evidence if value else (),
                        **params.told())  # fmt: skip
        return Outcome(CheckResult.FAILED, f"{reference} changed", (found,))
    return PASSED


def _plain(value: Any) -> Any:
    """A value as it stands in a report."""
    if isinstance(value, list):
        return [{k: _plain(v) for k, v in row.items()} if isinstance(row, dict) else _plain(row) for row in value]
    return "" if value is None else str(value)


def _brief(value: Any) -> str:
    return f"{len(value)} rows" if isinstance(value, list) else str(value if value is not None else "—")
