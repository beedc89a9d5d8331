"""Checks of dates against `as_of`: terms that must not be over, documents that must be recent, renewals due."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pydantic import Field

from extractors.values import parse_date
from validators.case import Case
from validators.checks.kind import (
    PASSED,
    Condition,
    Outcome,
    Params,
    Ref,
    Value,
    check_kind,
    left_open,
    not_met,
    not_usable,
    resolve,
    value_of,
)
from validators.findings import CheckResult, Finding, finding
from validators.profile import CheckSpec


class Valid(Params):
    field: Ref
    starts: Ref | None = None
    indefinite: Ref | None = None
    warn_days: int = 60


@check_kind(Valid)
def not_expired(case: Case, spec: CheckSpec, params: Valid) -> Outcome:
    """A term covers `as_of`. The last day itself still counts; an indefinite term (长期) never ends."""
    begin = _located(case, params.starts)
    if begin and begin[1] and isinstance(begin[0].field.value, date) and begin[0].field.value > case.as_of:
        early = _date_finding(case, spec, "DATE_NOT_YET_VALID", begin[0])
        return Outcome(CheckResult.FAILED, "not yet valid", (early,))
    flag = _located(case, params.indefinite)
    if flag and flag[1] and flag[0].field.value is True:
        return PASSED
    value, refused = resolve(case, spec, params.field)
    if value is None:
        return refused
    end = _day(value)
    if end is None:
        return Outcome(CheckResult.NOT_CHECKED, "no date", (not_usable(spec, value),))
    if end < case.as_of:
        return Outcome(CheckResult.FAILED, "expired", (_date_finding(case, spec, "DATE_EXPIRED", value),))
    days = (end - case.as_of).days
    if days <= params.warn_days:
        return Outcome(CheckResult.PASSED, "", (_date_finding(case, spec, "DATE_EXPIRES_SOON", value, days=days),))
    return PASSED


class TermIfPrinted(Valid):
    """As `not_expired`, for documents that may print no term at all (many licences since about 2022)."""


@check_kind(TermIfPrinted)
def not_expired_if_printed(case: Case, spec: CheckSpec, params: TermIfPrinted) -> Outcome:
    """As `not_expired`; a document on which neither a term nor its label was found passes."""
    places = [_located(case, reference) for reference in (params.field, params.starts, params.indefinite)]
    if not any(places) or any(place and place[0].field.raw for place in places):
        return not_expired(case, spec, params)  # type: ignore[no-any-return]
    return Outcome(CheckResult.PASSED, "no term printed")


class MaxAge(Params):
    field: Ref
    days: int = Field(gt=0)


@check_kind(MaxAge)
def issued_within(case: Case, spec: CheckSpec, params: MaxAge) -> Outcome:
    """A document was issued at most `days` days before `as_of`, and not after it."""
    value, refused = resolve(case, spec, params.field)
    if value is None:
        return refused
    issued = _day(value)
    if issued is None:
        return Outcome(CheckResult.NOT_CHECKED, "no date", (not_usable(spec, value),))
    if issued > case.as_of:
        early = _date_finding(case, spec, "DATE_NOT_YET_VALID", value)
        return Outcome(CheckResult.FAILED, "in the future", (early,))
    if issued < case.as_of - timedelta(days=params.days):
        old = _date_finding(case, spec, "DATE_TOO_OLD", value, limit=params.days)
        return Outcome(CheckResult.FAILED, "too old", (old,))
    return PASSED


class YearsSince(Condition):
    since: Ref
    at_least: int = Field(gt=0)


@check_kind(YearsSince)
def years_since(case: Case, spec: CheckSpec, params: YearsSince) -> Outcome:
    """At least so many whole years have passed since a date (a company's establishment)."""
    value, refused = resolve(case, spec, params.since)
    if value is None:
        return refused
    day = _day(value)
    expected = f"≥ {params.at_least}"
    if day is None:
        return left_open(spec, params, expected, value.shown, value, why="no date")
    if _later(day, 12 * params.at_least) <= case.as_of:
        return PASSED
    return not_met(spec, params, expected, day.isoformat(), value, why="too recent")


class Renewal(Params):
    last: Ref
    months: int = Field(12, gt=0)
    warn_days: int = 60


@check_kind(Renewal)
def renewal_due(case: Case, spec: CheckSpec, params: Renewal) -> Outcome:
    """What must be renewed every so many months: announced ahead, and open once it is overdue."""
    value, refused = resolve(case, spec, params.last)
    if value is None:
        return refused
    last = _day(value)
    if last is None or last > case.as_of:
        return Outcome(CheckResult.NOT_CHECKED, "no date in the past", (not_usable(spec, value),))
    due = _later(last, params.months)
    days = (due - case.as_of).days
    told: dict[str, Any] = {"field": value.name, "expected": due, "actual": last, "source": spec.source,
                            "name_zh": value.zh, "name_en": value.en, "days": days}  # fmt: skip
    if days < 0:
        return Outcome(CheckResult.NOT_CHECKED, "overdue", (finding("DATE_RENEWAL_OVERDUE", **told),))
    soon = (finding("DATE_RENEWAL_DUE", **told),) if days <= params.warn_days else ()
    return Outcome(CheckResult.PASSED, "", soon)


def _later(day: date, months: int) -> date:
    """The same day so many months on; the 29th of February becomes the 28th."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    for last in range(day.day, 27, -1):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    return date(year, month + 1, day.day)


def _day(value: Value) -> date | None:
    """A date, declared as text or read as one."""
    found = value.field.value
    return found if isinstance(found, date) else parse_date(found) if isinstance(found, str) else None


def _located(case: Case, reference: str | None) -> tuple[Value, bool] | None:
    """A field of a document, usable (second) or not; None where no document has it."""
    slot, _, names = (reference or "").partition(".")
    if slot not in case.profile.slots:
        return None
    located = case.locate(slot, tuple(names.split("|")))
    return (value_of(case, str(reference), located), located.usable) if located else None


def _date_finding(case: Case, spec: CheckSpec, code: str, value: Value, **more: Any) -> Finding:
    return finding(
        code, document=value.document.file if value.document else None, field=value.name, actual=value.field.value,
        source=spec.source, evidence=value.evidence, as_of=case.as_of, name_zh=value.zh, name_en=value.en, **more,
    )  # fmt: skip
