"""Checks of conditions a platform sets: a value it takes, a rate it asks for, a step done before."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from pydantic import Field

from validators.case import Case
from validators.checks.kind import PASSED, FieldRef, Outcome, Params, check_kind, not_usable, usable_field
from validators.findings import Bilingual, CheckResult, finding
from validators.profile import CheckSpec


class OneOf(Params):
    field: FieldRef
    values: tuple[str | bool, ...] = Field(min_length=1)
    what: Bilingual
    mend: Bilingual


@check_kind(OneOf)
def field_is_one_of(case: Case, spec: CheckSpec, params: OneOf) -> Outcome:
    """A field has one of the values the platform takes (a special invoice, not issued by the tax bureau)."""
    located, refused = usable_field(case, spec, params.field)
    if located is None:
        return refused
    if located.field.value in params.values:
        return PASSED
    return Outcome(CheckResult.FAILED, "other value", (finding(
        "PROFILE_CONDITION_NOT_MET", document=located.document.file, field=located.name,
        expected="/".join(map(str, params.values)), actual=located.field.value, source=spec.source,
        evidence=located.document.evidence(located.field), **_condition(params),
    ),))  # fmt: skip


class ItemRate(Params):
    field: FieldRef
    at_least: Decimal
    what: Bilingual
    mend: Bilingual


@check_kind(ItemRate)
def item_rate_at_least(case: Case, spec: CheckSpec, params: ItemRate) -> Outcome:
    """Every line of an invoice carries at least a rate (percent): small-scale taxpayers invoice at 3 % or less."""
    located, refused = usable_field(case, spec, params.field)
    if located is None:
        return refused
    items = located.field.value
    rates = [_percent(item.tax_rate) for item in items] if isinstance(items, list) else []
    if not rates or None in rates:
        return Outcome(CheckResult.NOT_CHECKED, "rates not read", (not_usable(case, spec, params.field, located),))
    lowest = min(rate for rate in rates if rate is not None)
    if lowest >= params.at_least:
        return PASSED
    return Outcome(CheckResult.FAILED, "rate too low", (finding(
        "PROFILE_CONDITION_NOT_MET", document=located.document.file, field=located.name,
        expected=f"≥ {params.at_least} %", actual=f"{lowest} %", source=spec.source,
        evidence=located.document.evidence(located.field), **_condition(params),
    ),))  # fmt: skip


class AnyFlag(Params):
    any_of: tuple[str, ...] = Field(min_length=1)
    what: Bilingual
    mend: Bilingual


@check_kind(AnyFlag)
def any_declared(case: Case, spec: CheckSpec, params: AnyFlag) -> Outcome:
    """At least one of the declared flags is true (an earlier procedure passed, or an invitation by a buyer)."""
    if any(case.declared.get(key) is True for key in params.any_of):
        return PASSED
    return Outcome(CheckResult.FAILED, "none declared", (finding(
        "PROFILE_CONDITION_NOT_MET", field=params.any_of[0], expected=" / ".join(params.any_of), actual="—",
        source=spec.source, **_condition(params),
    ),))  # fmt: skip


class RateAtLeast(Params):
    declared: str
    field: FieldRef
    at_least: Decimal
    what: Bilingual
    mend: Bilingual


@check_kind(RateAtLeast)
def rate_at_least(case: Case, spec: CheckSpec, params: RateAtLeast) -> Outcome:
    """The company's own invoicing rate reaches a minimum: shown by an invoice, else as declared."""
    if any(True for _ in case.in_slot(params.field.partition(".")[0])):
        shown = ItemRate(field=params.field, at_least=params.at_least, what=params.what, mend=params.mend)
        return item_rate_at_least(case, spec, shown)  # type: ignore[no-any-return]
    value = case.declared.get(params.declared)
    if value in (None, ""):
        declared = case.profile.declared[params.declared]
        missing = finding("PROFILE_DECLARED_MISSING", field=params.declared, source=spec.source,
                          name_zh=declared.title.zh, name_en=declared.title.en)  # fmt: skip
        return Outcome(CheckResult.NOT_CHECKED, f"neither an invoice nor {params.declared}", (missing,))
    rate = _percent(str(value))
    if rate is not None and rate >= params.at_least:
        return PASSED
    return Outcome(CheckResult.FAILED, "rate too low", (finding(
        "PROFILE_CONDITION_NOT_MET", field=params.declared, expected=f"≥ {params.at_least} %", actual=value,
        source=spec.source, **_condition(params),
    ),))  # fmt: skip


def _condition(params: OneOf | ItemRate | AnyFlag | RateAtLeast) -> dict[str, Any]:
    return {"what_zh": params.what.zh, "what_en": params.what.en, "mend_zh": params.mend.zh, "mend_en": params.mend.en}


def _percent(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip().rstrip("%％"))
    except InvalidOperation:
        return None
