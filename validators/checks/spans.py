"""Checks of how two dates lie to one another: so many days or months apart at most, within one year."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Literal

from pydantic import Field, model_validator

from validators.case import Case
from validators.checks.dates import _day, _later
from validators.checks.kind import PASSED, Condition, Outcome, Ref, Value, check_kind, left_open, not_met, resolve
from validators.profile import CheckSpec


class TwoDates(Condition):
    starts: Ref
    ends: Ref | Literal["as_of"]


class AtMost(TwoDates):
    days: int | None = Field(None, gt=0)
    months: int | None = Field(None, gt=0)

    @model_validator(mode="after")
    def _one_limit(self) -> AtMost:
        if (self.days is None) == (self.months is None):
            raise ValueError("either days or months is expected")
        return self


@check_kind(AtMost)
def period_at_most(case: Case, spec: CheckSpec, params: AtMost) -> Outcome:
    """From one date to another (or `as_of`) no more than so many days or months pass, and not backwards."""
    pair = _dates(case, spec, params)
    if isinstance(pair, Outcome):
        return pair
    (start, end), values = pair
    # A month counts to the day before: from 1 January to 31 December are twelve.
    last = start + timedelta(days=params.days) if params.days else _later(start, params.months or 0) - timedelta(days=1)
    if start <= end <= last:
        return PASSED
    return not_met(spec, params, f"{start} – {last}", end.isoformat(), *values, why="outside the period")


@check_kind(TwoDates)
def same_year(case: Case, spec: CheckSpec, params: TwoDates) -> Outcome:
    """A date (or `as_of`) lies in the year of another one, and not before it."""
    pair = _dates(case, spec, params)
    if isinstance(pair, Outcome):
        return pair
    (start, end), values = pair
    if start <= end and start.year == end.year:
        return PASSED
    return not_met(spec, params, f"{start} – {date(start.year, 12, 31)}", end.isoformat(), *values, why="another year")


def _dates(case: Case, spec: CheckSpec, params: TwoDates) -> tuple[tuple[date, date], tuple[Value, ...]] | Outcome:
    """Both dates with the values they come from, or what to say instead."""
    values: list[Value] = []
    days: list[date] = []
    for reference in (params.starts, params.ends):
        if reference == "as_of":
            days.append(case.as_of)
            continue
        value, refused = resolve(case, spec, reference)
        if value is None:
            return refused
        day = _day(value)
        if day is None:
            return left_open(spec, params, "a date", value.shown, value, why="no date")
        values.append(value)
        days.append(day)
    return (days[0], days[1]), tuple(values)
