"""From findings and checks to the verdict: the worst finding decides, and nothing unchecked is accepted."""

from __future__ import annotations

from collections.abc import Iterable

from validators.case import Case
from validators.checks import run_checks
from validators.declared import check_declared
from validators.expired import check_expired
from validators.findings import Check, CheckResult, Finding, Verdict
from validators.invoice_dates import check_invoice_dates
from validators.prerequisites import check_prerequisites
from validators.slots import check_slots

_ONCE_A_FIELD = {"FIELD_MISSING", "FIELD_DOUBTFUL", "FIELD_READINGS_DIFFER"}


def judge(case: Case) -> tuple[Verdict, list[Check], list[Finding]]:
    """All checks of a case, all findings (those of the documents first), and what they come to."""
    checks: list[Check] = []
    findings = [f for document in case.documents for f in document.findings]
    for part in (check_prerequisites, check_slots, check_declared, check_invoice_dates, run_checks, check_expired):
        more_checks, more_findings = part(case)
        checks += more_checks
        findings += more_findings
    return verdict(checks, findings), checks, sorted(_once(findings), key=lambda f: -f.verdict.rank)


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Each thing said once: a doubtful field is named by one finding, however many checks rest on it.

    Where a copy is refused for being grey, that it is a copy goes without saying; so does a sign that a document is
    over where a check of the profile says so.
    """
    said: dict[tuple[object, ...], Finding] = {}
    findings = list(findings)
    grey = {found.document for found in findings if found.code == "QUALITY_GREY"}
    over = {_place(found) for found in findings if found.code == "DATE_EXPIRED"}
    for found in findings:
        if found.code == "AUTH_PHOTOCOPY" and found.document in grey:
            continue
        if found.code == "AUTH_DOCUMENT_EXPIRED" and _place(found) in over:
            continue
        rest = () if found.code in _ONCE_A_FIELD else (found.expected, found.actual, found.message.en)
        said.setdefault((found.code, found.document, found.field, *rest), found)
    return list(said.values())


def _place(found: Finding) -> tuple[str | None, int]:
    """The document a finding is about: its file and the part of it."""
    return found.document, found.evidence[0].part if found.evidence else 1


def verdict(checks: Iterable[Check], findings: Iterable[Finding]) -> Verdict:
    """Reject on a proven violation; accept only when every required check passed; else review."""
    found = list(checks)
    worst = max((f.verdict for f in findings), key=lambda v: v.rank, default=Verdict.ACCEPT)
    if worst is Verdict.REJECT or any(c.result is CheckResult.FAILED and c.required for c in found):
        return Verdict.REJECT
    if worst is Verdict.REVIEW or any(c.result is not CheckResult.PASSED and c.required for c in found) or not found:
        return Verdict.REVIEW
    return Verdict.ACCEPT
