"""The kinds of check a profile can name: each one function over a case, its parameters a model.

`kind.py` says what a kind is; importing the modules beside it registers theirs.
"""

from __future__ import annotations

from pydantic import ValidationError

from validators.case import Case
from validators.checks import compared, conditions, dates  # noqa: F401  registers their kinds
from validators.checks.kind import CHECKS, field_spec
from validators.findings import Check, CheckResult, Finding
from validators.profile import CheckSpec, Profile

__all__ = ["CHECKS", "check_parameters", "run_checks"]


def run_checks(case: Case) -> tuple[list[Check], list[Finding]]:
    """All checks of the profile, in its order, with their findings (each finding once)."""
    checks: list[Check] = []
    findings: list[Finding] = []
    for spec in case.profile.checks:
        if spec.unless and case.declared.get(spec.unless) is True:
            why = f"not needed: {spec.unless}"
            checks.append(
                Check(id=spec.id, result=CheckResult.NOT_CHECKED, why=why, source=spec.source, required=False)
            )
            continue
        kind = CHECKS[spec.check]
        outcome = kind.run(case, spec, kind.params.model_validate(spec.params))
        checks.append(Check(id=spec.id, result=outcome.result, why=outcome.why, source=spec.source,
                            required=spec.required and not outcome.optional))  # fmt: skip
        findings += [f for f in outcome.findings if f not in findings]
    return checks, findings


def check_parameters(spec: CheckSpec, profile: Profile) -> None:
    """Raises ValueError when a check of a profile names a kind, slot, field or declared key that is not there."""
    kind = CHECKS.get(spec.check)
    if kind is None:
        raise ValueError(f"unknown check {spec.check!r}; known: {', '.join(sorted(CHECKS))}")
    try:
        params = kind.params.model_validate(spec.params)
    except ValidationError as error:
        first = error.errors()[0]
        raise ValueError(f"{'.'.join(str(p) for p in first['loc'])}: {first['msg']}") from error
    for name, value in params:
        for one in value if isinstance(value, tuple) else (value,):
            if isinstance(one, str) and name in ("field", "left", "right", "starts", "indefinite"):
                field_spec(profile, one)
            if name in ("declared", "any_of") and one not in profile.declared:
                raise ValueError(f"{name}: {one!r} is not among the profile's declared values")
