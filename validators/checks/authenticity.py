"""The tax authority's check of invoices: is this one genuine and in force.

What the authority denies of values that were proven refuses. Where one of them was only read, it may be misread: a
person looks. A new invoice may not be listed yet. What could not be asked is never shown as fine.
"""

from __future__ import annotations

from typing import Any

from extractors.model import Field, Status
from extractors.registry import document_types
from validators.authenticity import FOR_OTHERS, YEARS, Answer, Obstacle, Query, Result, query_of
from validators.case import Case, FiledDocument
from validators.checks.kind import Outcome, Params, SlotRef, check_kind, resolve
from validators.findings import CheckResult, Finding, Verdict, finding
from validators.profile import CheckSpec

_LISTED_AFTER_DAYS = 7  # before that an invoice issued offline may not have reached the authority
_WORST = (CheckResult.FAILED, CheckResult.NOT_CHECKED, CheckResult.PASSED)
_OBSTACLES = {
    Obstacle.TOO_OLD: (f"开票已超过 {YEARS} 年，税务机关不再提供查验", f"it was issued over {YEARS} years ago"),
    Obstacle.IN_FUTURE: ("开票日期晚于今天", "its day of issue lies in the future"),
    Obstacle.TODAY: ("当天开具的发票次日才能查验", "it was issued today and can be asked for tomorrow"),
}
_DENIED = {
    Result.NOT_FOUND: "AUTH_INVOICE_NOT_FOUND",
    Result.MISMATCH: "AUTH_INVOICE_MISMATCH",
    Result.VOIDED: "AUTH_INVOICE_VOIDED",
    Result.RED_FLUSHED: "AUTH_INVOICE_RED_FLUSHED",
    Result.PARTLY_RED_FLUSHED: "AUTH_INVOICE_PARTLY_RED_FLUSHED",
}


class InvoiceAuthentic(Params):
    slot: SlotRef


@check_kind(InvoiceAuthentic)
def invoice_authentic(case: Case, spec: CheckSpec, params: InvoiceAuthentic) -> Outcome:
    """The tax authority knows each invoice so, and has not seen it voided or cancelled by a red one."""
    inside = list(case.in_slot(params.slot))
    if not inside:
        return resolve(case, spec, f"{params.slot}.type")[1]
    invoices = [document for document in inside if document.type == "vat_invoice" and not document.copy_of]
    if not invoices:
        return Outcome(CheckResult.NOT_CHECKED, "there is no VAT invoice", optional=True)
    outcomes = [_one(case, spec, document) for document in invoices]
    worst = min(outcomes, key=lambda outcome: _WORST.index(outcome.result))
    return Outcome(worst.result, worst.why, tuple(f for outcome in outcomes for f in outcome.findings))


def _one(case: Case, spec: CheckSpec, document: FiledDocument) -> Outcome:
    if case.authenticity is None:
        # Where the check is optional, that there is none need not be said in every report.
        told = (_open(spec, document, "AUTH_INVOICE_NOT_SET"),) if spec.required else ()
        return Outcome(CheckResult.NOT_CHECKED, "no source of the authority's check is set (HEYAN_AUTHENTICITY)", told)
    query = query_of(document.record.fields)
    answer = query if isinstance(query, Answer) else case.authenticity.check(query)
    if isinstance(query, Answer) or answer.result is Result.NOT_ASKABLE:
        return _not_asked(spec, document, answer)
    if answer.result is Result.UNAVAILABLE:
        reason = answer.reason or "no reason given"
        found = _open(spec, document, "AUTH_INVOICE_UNAVAILABLE", authority=answer.source, reason=reason)
        return Outcome(CheckResult.NOT_CHECKED, f"the authority's check is unavailable: {reason}", (found,))
    if answer.result is not Result.GENUINE:
        denied = _denied(case, spec, document, query, answer)
        proven = denied.verdict is Verdict.REJECT
        why = answer.result.value if proven else f"not certain: {answer.result.value}"
        return Outcome(CheckResult.FAILED if proven else CheckResult.NOT_CHECKED, why, (denied,))
    shown = document.record.fields.get("issued_by_tax_bureau", Field())
    if answer.issuing in FOR_OTHERS and shown.value is not True:
        # What the profile asks of such invoices was judged by the print: like a voided one, it is never let pass.
        issued = finding("AUTH_INVOICE_ISSUED_FOR_OTHERS", source=spec.source, document=document.file,
                         evidence=document.evidence(), authority=answer.source)  # fmt: skip
        return Outcome(CheckResult.NOT_CHECKED, "genuine, but issued for somebody else", (issued,))
    return Outcome(CheckResult.PASSED)


def _not_asked(spec: CheckSpec, document: FiledDocument, answer: Answer) -> Outcome:
    reasons = _OBSTACLES.get(answer.obstacle) if answer.obstacle else None
    if reasons is None:
        known = {field.name: field.zh for field in document_types()["vat_invoice"].fields}
        zh = "、".join(known.get(name, name) for name in answer.lacking)
        en = ", ".join(name.replace("_", " ") for name in answer.lacking)
        reasons = (f"{zh or '所需信息'}缺失或存疑", f"missing or doubtful: {en or 'what it needs'}")
    found = _open(spec, document, "AUTH_INVOICE_NOT_ASKED", reason_zh=reasons[0], reason_en=reasons[1])
    return Outcome(CheckResult.NOT_CHECKED, f"not asked: {answer.reason}", (found,))


def _denied(case: Case, spec: CheckSpec, document: FiledDocument, query: Query, answer: Answer) -> Finding:
    """What the authority says against an invoice: it refuses where what was asked is proven and must be listed."""
    proven = all(document.record.fields.get(name, Field()).status is Status.VERIFIED for name in query.rests_on)
    listed = (case.as_of - query.issued_on).days > _LISTED_AFTER_DAYS
    code = _DENIED[answer.result]
    sure = {Result.NOT_FOUND: proven and listed, Result.MISMATCH: proven}.get(answer.result, True)
    told: dict[str, Any] = {"document": document.file, "evidence": document.evidence(), "authority": answer.source}
    if sure:
        return finding(code, source=spec.source, **told)
    return finding(code, source=spec.source, verdict=Verdict.REVIEW, **told)


def _open(spec: CheckSpec, document: FiledDocument, code: str, **params: Any) -> Finding:
    """A finding of what could not be told: it keeps a submission from being accepted only where the check must pass."""
    return finding(
        code, source=spec.source, document=document.file, evidence=document.evidence(),
        verdict=Verdict.REVIEW if spec.required else Verdict.ACCEPT, **params,
    )  # fmt: skip
