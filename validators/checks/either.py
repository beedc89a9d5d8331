"""Checks of several values against several others.

Names may stand in two scripts (on a contract in English the company is not written in Chinese), and a company may stand
on the wrong side of an invoice, told by its name or by its number.
"""

from __future__ import annotations

import re

from pydantic import Field

from validators.case import Case
from validators.checks.compared import TwoValues, compared, equal
from validators.checks.kind import PASSED, Condition, Outcome, Ref, Value, both, check_kind, left_open, not_met, resolve
from validators.compare import Outcome as Same
from validators.findings import CheckResult
from validators.profile import CheckSpec

_CHINESE = re.compile("[\u3400-\u9fff]")


class AnyEqual(Condition):
    left: tuple[Ref, ...] = Field(min_length=1)
    right: tuple[Ref, ...] = Field(min_length=1)


@check_kind(AnyEqual)
def any_equal(case: Case, spec: CheckSpec, params: AnyEqual) -> Outcome:
    """One of several values equals one of several others; those in one script decide, others leave it open."""
    told: list[Outcome] = []
    for left in params.left:
        for right in params.right:
            came_to: Outcome = equal(case, spec, TwoValues(left=left, right=right))
            if came_to.result is CheckResult.PASSED:
                return came_to
            values = [value for value, _ in (resolve(case, spec, reference) for reference in (left, right)) if value]
            if came_to.result is CheckResult.FAILED and not _one_script(values):
                one, other = (value.shown for value in values)
                came_to = left_open(spec, params, one, other, *reversed(values), why="written in two scripts")
            told.append(came_to)
    failed = [outcome for outcome in told if outcome.result is CheckResult.FAILED]
    return next(iter(failed or [_most_telling(told)]))


def _most_telling(told: list[Outcome]) -> Outcome:
    """Of checks that could not be done the one to show: a finding says more than none."""
    asked = [outcome for outcome in told if not outcome.optional]
    return next(iter(sorted(asked, key=lambda outcome: not outcome.findings) or told))


class NoneEqual(Condition):
    left: tuple[Ref, ...] = Field(min_length=1)
    right: tuple[Ref, ...] = Field(min_length=1)


@check_kind(NoneEqual)
def none_equal(case: Case, spec: CheckSpec, params: NoneEqual) -> Outcome:
    """No value equals the one beside it: the supplier does not stand as the buyer. One that can be told is enough."""
    if not any(True for reference in params.right for _ in case.in_slot(reference.partition(".")[0])):
        return Outcome(CheckResult.NOT_CHECKED, "nothing to compare", optional=True)
    lacking: list[Outcome] = []
    for left, right in zip(params.left, params.right, strict=True):
        pair = both(case, spec, left, right)
        if isinstance(pair, Outcome):
            lacking.append(pair)
        elif compared(*pair).outcome is Same.EQUAL:
            return not_met(spec, params, f"≠ {pair[0].shown}", pair[1].shown, pair[1], why="it is the same")
    return PASSED if len(lacking) < len(params.left) else _most_telling(lacking)


def _one_script(values: list[Value]) -> bool:
    return len({bool(_CHINESE.search(str(value.field.value))) for value in values}) == 1
