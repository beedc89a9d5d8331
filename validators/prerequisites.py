"""Earlier procedures a profile rests on: each accepted, for this applicant, by a day not after `as_of`."""

from __future__ import annotations

from validators.case import Case
from validators.findings import Check, CheckResult, Finding, Verdict, finding
from validators.profile import Prerequisite


def check_prerequisites(case: Case) -> tuple[list[Check], list[Finding]]:
    """One check for each required prerequisite: by an earlier report, else by the flag the applicant declares."""
    checks, findings = [], []
    for key, wanted in case.profile.prerequisites.items():
        if not wanted.required:
            continue
        if wanted.unless and case.applies(wanted.unless):
            result, why, problem = CheckResult.NOT_CHECKED, f"not needed: {wanted.unless}", None
        else:
            result, why, problem = outcome(case, key, wanted)
        required = not why.startswith("not needed")
        checks.append(Check(id=f"prerequisite:{key}", result=result, why=why, source=wanted.source, required=required))
        if problem:
            findings.append(problem)
    return checks, findings


def outcome(case: Case, key: str, wanted: Prerequisite) -> tuple[CheckResult, str, Finding | None]:
    """What an earlier procedure came to for this applicant, why, and the finding that says so."""
    earlier = case.before(key)
    if earlier is None:
        said = case.value(wanted.declared) if wanted.declared else None
        if said is True:
            return CheckResult.PASSED, f"as declared: {wanted.declared}", None
        if said is False:
            return CheckResult.FAILED, "not passed", _finding("PROFILE_PREREQUISITE_NOT_MET", key, wanted, "—")
        why = "only another applicant's" if _of_others(case, wanted) else "no earlier result"
        return CheckResult.NOT_CHECKED, why, _finding("PROFILE_PREREQUISITE_OPEN", key, wanted, why)
    if earlier.verdict is Verdict.ACCEPT:
        return CheckResult.PASSED, "", None
    if earlier.verdict is Verdict.REJECT:
        return CheckResult.FAILED, "rejected", _finding("PROFILE_PREREQUISITE_NOT_MET", key, wanted, "reject")
    return CheckResult.NOT_CHECKED, "under review", _finding("PROFILE_PREREQUISITE_OPEN", key, wanted, "review")


def _of_others(case: Case, wanted: Prerequisite) -> bool:
    return any(e.profile == wanted.profile and not case.is_own(e, wanted) for e in case.earlier)


def _finding(code: str, key: str, wanted: Prerequisite, actual: str) -> Finding:
    return finding(code, field=key, expected="accept", actual=actual, source=wanted.source,
                   title_zh=wanted.title.zh, title_en=wanted.title.en)  # fmt: skip
