"""Checks of dates against `as_of`: terms that must not be over, documents that must be recent."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from pydantic import Field

from validators.case import Case, Located
from validators.checks.kind import PASSED, FieldRef, Outcome, Params, check_kind, names, not_usable, usable_field
from validators.findings import CheckResult, Finding, finding
from validators.profile import CheckSpec


class Valid(Params):
    field: FieldRef
    starts: FieldRef | None = None
    indefinite: FieldRef | None = None
    warn_days: int = 60


@check_kind(Valid)
def not_expired(case: Case, spec: CheckSpec, params: Valid) -> Outcome:
    """A term covers `as_of`. The last day itself still counts; an indefinite term (长期) never ends."""
    if params.starts:
        begin = case.locate(params.starts)
        if begin and begin.usable and isinstance(begin.field.value, date) and begin.field.value > case.as_of:
            return Outcome(CheckResult.FAILED, "not yet valid", (_date_finding(case, spec, "DATE_NOT_YET_VALID",
                                                                               params.starts, begin),))  # fmt: skip
    if params.indefinite:
        flag = case.locate(params.indefinite)
        if flag and flag.usable and flag.field.value is True:
            return PASSED
    located, refused = usable_field(case, spec, params.field)
    if located is None:
        return refused
    end = located.field.value
    if not isinstance(end, date):
        return Outcome(CheckResult.NOT_CHECKED, "no date", (not_usable(case, spec, params.field, located),))
    if end < case.as_of:
        over = _date_finding(case, spec, "DATE_EXPIRED", params.field, located)
        return Outcome(CheckResult.FAILED, "expired", (over,))
    days = (end - case.as_of).days
    if days <= params.warn_days:
        soon = _date_finding(case, spec, "DATE_EXPIRES_SOON", params.field, located, days=days)
        return Outcome(CheckResult.PASSED, "", (soon,))
    return PASSED


class TermIfPrinted(Valid):
    """As `not_expired`, for documents that may print no term at all (many licences since about 2022)."""


@check_kind(TermIfPrinted)
def not_expired_if_printed(case: Case, spec: CheckSpec, params: TermIfPrinted) -> Outcome:
    """As `not_expired`; a document on which neither a term nor its label was found passes."""
    places = [case.locate(r) for r in (params.field, params.starts, params.indefinite) if r]
    if not any(places) or any(place and place.field.raw for place in places):
        return not_expired(case, spec, params)  # type: ignore[no-any-return]
    return Outcome(CheckResult.PASSED, "no term printed")


class MaxAge(Params):
    field: FieldRef
    days: int = Field(gt=0)


@check_kind(MaxAge)
def issued_within(case: Case, spec: CheckSpec, params: MaxAge) -> Outcome:
    """A document was issued at most `days` days before `as_of`, and not after it."""
    located, refused = usable_field(case, spec, params.field)
    if located is None:
        return refused
    issued = located.field.value
    if not isinstance(issued, date):
        return Outcome(CheckResult.NOT_CHECKED, "no date", (not_usable(case, spec, params.field, located),))
    if issued > case.as_of:
        early = _date_finding(case, spec, "DATE_NOT_YET_VALID", params.field, located)
        return Outcome(CheckResult.FAILED, "in the future", (early,))
    if issued < case.as_of - timedelta(days=params.days):
        old = _date_finding(case, spec, "DATE_TOO_OLD", params.field, located, limit=params.days)
        return Outcome(CheckResult.FAILED, "too old", (old,))
    return PASSED


def _date_finding(case: Case, spec: CheckSpec, code: str, reference: str, located: Located, **more: Any) -> Finding:
    return finding(
        code, document=located.document.file, field=located.name, actual=located.field.value, source=spec.source,
        evidence=located.document.evidence(located.field), as_of=case.as_of, **names(case, reference, "name"), **more,
    )  # fmt: skip
