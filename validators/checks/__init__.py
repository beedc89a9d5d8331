"""The kinds of check a profile can name: each one function over a case, its parameters a model.

`kind.py` says what a kind is; a module beside it that has `@check_kind` functions registers them by being there.
"""

from __future__ import annotations

import importlib
import pkgutil

from pydantic import ValidationError

from validators.case import Case
from validators.checks.kind import CHECKS, Named, check_named
from validators.conditions import Condition
from validators.findings import Check, CheckResult, Finding
from validators.profile import CheckSpec, Profile, ReferenceProblemError, check_condition, parameters_of

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

__all__ = ["CHECKS", "check_parameters", "run_checks"]


def run_checks(case: Case) -> tuple[list[Check], list[Finding]]:
    """All checks of the profile, in its order, with their findings (each finding once)."""
    checks: list[Check] = []
    findings: list[Finding] = []
    for spec in case.profile.checks:
        if not case.applies(spec.when):
            why = f"not needed unless {spec.when}"
            checks.append(
                Check(id=spec.id, result=CheckResult.NOT_CHECKED, why=why, source=spec.source, required=False)
            )
            continue
        kind = CHECKS[spec.check]
        outcome = kind.run(case, spec, kind.params.model_validate(parameters_of(spec, case.profile)))
        checks.append(Check(id=spec.id, result=outcome.result, why=outcome.why, source=spec.source,
                            required=spec.required and not outcome.optional))  # fmt: skip
        findings += [f for f in outcome.findings if f not in findings]
    return checks, findings


def check_parameters(spec: CheckSpec, profile: Profile) -> None:
    """Raises ReferenceProblemError when a check names a kind, slot, field or declared key that is not there."""
    kind = CHECKS.get(spec.check)
    if kind is None:
        raise ReferenceProblemError(f"unknown check {spec.check!r}; known: {', '.join(sorted(CHECKS))}", "check")
    try:
        params = kind.params.model_validate(parameters_of(spec, profile))
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]) if first["loc"] else ""
        raise ReferenceProblemError(f"{name}: {first['msg'].removeprefix('Value error, ')}", "params", name) from error
    told = {r.partition(".")[0] for r in spec.when.references() if r.endswith(".type")} if spec.when else set()
    for name, value in params:
        for one in value if isinstance(value, tuple) else (value,):
            try:
                if isinstance(one, Named):
                    check_named(profile, one, told)
                if isinstance(one, Condition):
                    check_condition(profile, one)
            except ValueError as error:
                raise ReferenceProblemError(f"{name}: {error}", "params", name) from error
