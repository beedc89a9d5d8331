"""The kinds of check a profile can name: each one function over a case, its parameters a model.

`kind.py` says what a kind is; a module beside it that has `@check_kind` functions registers them by being there.
"""

from __future__ import annotations

import importlib
import pkgutil
from dataclasses import replace

from pydantic import ValidationError

from validators.case import Case, FiledDocument
from validators.checks.kind import CHECKS, Named, Outcome, check_named
from validators.conditions import Condition
from validators.findings import Check, CheckResult, Finding
from validators.profile import CheckSpec, Profile, ReferenceProblemError, check_condition, parameters_of

for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")

_WORST = (CheckResult.FAILED, CheckResult.NOT_CHECKED, CheckResult.PASSED)

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
        outcome = _outcome(case, spec)
        checks.append(Check(id=spec.id, result=outcome.result, why=outcome.why, source=spec.source,
                            required=spec.required and not outcome.optional))  # fmt: skip
        findings += [f for f in outcome.findings if f not in findings]
    return checks, findings


def _outcome(case: Case, spec: CheckSpec) -> Outcome:
    """What a check comes to; asked of each document of a slot, what it comes to for the worst of them."""
    kind = CHECKS[spec.check]
    params = kind.params.model_validate(parameters_of(spec, case.profile))
    documents = list(case.in_slot(spec.each)) if spec.each else []
    if len(documents) < 2:
        return kind.run(case, spec, params)
    outcomes = [kind.run(_alone(case, documents, document), spec, params) for document in documents]
    worst = next((o for result in _WORST for o in outcomes if o.result is result and not o.optional), outcomes[0])
    return replace(worst, findings=tuple(f for o in outcomes for f in o.findings))


def _alone(case: Case, documents: list[FiledDocument], kept: FiledDocument) -> Case:
    """The case with one document of several, and all that are not among them."""
    return case.with_documents(tuple(d for d in case.documents if d is kept or all(d is not o for o in documents)))


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
    if spec.each is not None and spec.each not in profile.slots:
        raise ReferenceProblemError(f"there is no slot {spec.each!r}", "each")
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
