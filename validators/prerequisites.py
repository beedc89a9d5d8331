"""Earlier procedures a profile rests on: each accepted, for this applicant, by a day not after `as_of`."""

from __future__ import annotations

from extractors.model import Kind
from validators.case import Case, Earlier
from validators.findings import Check, CheckResult, Finding, Verdict, finding
from validators.normalise import normalised
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
            result, why, problem = _outcome(case, key, wanted)
        required = not why.startswith("not needed")
        checks.append(Check(id=f"prerequisite:{key}", result=result, why=why, source=wanted.source, required=required))
        if problem:
            findings.append(problem)
    return checks, findings


def _outcome(case: Case, key: str, wanted: Prerequisite) -> tuple[CheckResult, str, Finding | None]:
    earlier = case.before(key)
    if earlier is None:
        said = case.value(wanted.declared) if wanted.declared else None
        if said is True:
            return CheckResult.PASSED, f"as declared: {wanted.declared}", None
        if said is False:
            return CheckResult.FAILED, "not passed", _finding("PROFILE_PREREQUISITE_NOT_MET", key, wanted, "—")
        return CheckResult.NOT_CHECKED, "no earlier result", _finding("PROFILE_PREREQUISITE_OPEN", key, wanted, "—")
    if others := _differing(case, wanted, earlier):
        told = f"{'/'.join(others)}: another applicant's, or not told"
        return CheckResult.NOT_CHECKED, told, _finding("PROFILE_PREREQUISITE_OPEN", key, wanted, told)
    if earlier.verdict is Verdict.ACCEPT:
        return CheckResult.PASSED, "", None
    if earlier.verdict is Verdict.REJECT:
        return CheckResult.FAILED, "rejected", _finding("PROFILE_PREREQUISITE_NOT_MET", key, wanted, "reject")
    return CheckResult.NOT_CHECKED, "under review", _finding("PROFILE_PREREQUISITE_OPEN", key, wanted, "review")


def _differing(case: Case, wanted: Prerequisite, earlier: Earlier) -> list[str]:
    """Which of the keys that must be the same are not, or are not told on both sides."""
    different = []
    for key in wanted.same:
        now, then = case.value(key), earlier.declared.get(key)
        kind = case.profile.declared[key].kind
        form = kind if isinstance(kind, Kind) else Kind.TEXT
        if now in (None, "") or then in (None, "") or normalised(form, str(now)) != normalised(form, str(then)):
            different.append(key)
    return different


def _finding(code: str, key: str, wanted: Prerequisite, actual: str) -> Finding:
    return finding(code, field=key, expected="accept", actual=actual, source=wanted.source,
                   title_zh=wanted.title.zh, title_en=wanted.title.en)  # fmt: skip
