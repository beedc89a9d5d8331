"""The check against the company registry: is this company registered so, and is it in good standing.

What is proven wrong refuses. A company that is not found asks for a person, since registers and tables lag behind
and hold not everyone; so does a difference on a value that was only read, and a number that is only partly shown.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from extractors.model import Status
from validators.case import Case
from validators.checks.kind import PASSED, Outcome, Params, Ref, Value, check_kind, resolve
from validators.findings import CheckResult, Finding, Verdict, finding
from validators.profile import CheckSpec
from validators.registry import GONE, Agreement, Answer, Query, Result, Standing

_STATUSES = {
    Standing.ACTIVE: "存续", Standing.MOVED_OUT: "迁出", Standing.SUSPENDED: "停业（歇业）",
    Standing.LIQUIDATING: "清算", Standing.CANCELLED: "注销", Standing.REVOKED: "吊销", Standing.RESCINDED: "撤销",
    Standing.UNKNOWN: "不明",
}  # fmt: skip
_OPEN = {
    Agreement.IN_PART: ("登记信息只显示了一部分，或写法略有不同", "the registry shows a part, or spells it otherwise"),
    Agreement.NOT_KNOWN: ("来源中没有此项", "the source does not hold it"),
    Agreement.DIFFERS: ("不一致，但可能是识别有误或资料陈旧", "it differs, but may be misread or the data too old"),
}  # fmt: skip


class RegistryAgrees(Params):
    credit_code: Ref
    name: Ref
    legal_representative: Ref | None = None
    id_number: Ref | None = None
    statuses: tuple[Standing, ...] = Field((Standing.ACTIVE,), min_length=1)
    max_age_days: int = Field(180, ge=1)  # older data proves only that a company is gone


@check_kind(RegistryAgrees)
def registry_agrees(case: Case, spec: CheckSpec, params: RegistryAgrees) -> Outcome:
    """The company registry lists the company so: code, name, legal representative, number, and in good standing."""
    values: dict[str, Value] = {}
    for asked in ("credit_code", "name", "legal_representative", "id_number"):
        reference = getattr(params, asked)
        value, refused = resolve(case, spec, reference) if reference else (None, PASSED)
        if value:
            values[asked] = value
        elif reference and not refused.optional:
            return refused
    if not values.keys() & {"credit_code", "name"}:
        return Outcome(CheckResult.NOT_CHECKED, "neither a credit code nor a name is asked for", optional=True)
    if case.registry is None:
        name = next(iter(values.values()))
        found = _open(spec, "AUTH_REGISTRY_NOT_SET", field=name.name, name_zh=name.zh, name_en=name.en)
        # Where the look-up is optional, that there is none need not be said in every report.
        told = (found,) if spec.required else ()
        return Outcome(CheckResult.NOT_CHECKED, "no registry source configured (HEYAN_REGISTRY)", told)
    answer = case.registry.look_up(Query(**{asked: _sendable(value) for asked, value in values.items()}))
    if answer.result is not Result.FOUND:
        return _not_found(spec, answer)
    findings = tuple(_Comparison(case, spec, params, answer).findings(values))
    if any(found.verdict is Verdict.REJECT for found in findings):
        return Outcome(CheckResult.FAILED, "not as registered", findings)
    return Outcome(CheckResult.NOT_CHECKED, "not certain", findings) if findings else PASSED


def _sendable(value: Value) -> str:
    """The value as text that can be written down: JSON lets half a character through, which nothing can encode."""
    return str(value.field.value).encode("utf-8", "replace").decode()


def _not_found(spec: CheckSpec, answer: Answer) -> Outcome:
    if answer.result is Result.NOT_FOUND:
        found = _open(spec, "AUTH_REGISTRY_NOT_FOUND", registry=answer.source)
        return Outcome(CheckResult.NOT_CHECKED, "not in the registry data", (found,))
    reason = answer.reason or "no reason given"
    found = _open(spec, "AUTH_REGISTRY_UNAVAILABLE", registry=answer.source, reason=reason)
    return Outcome(CheckResult.NOT_CHECKED, f"registry unavailable: {reason}", (found,))


def _open(spec: CheckSpec, code: str, **params: Any) -> Finding:
    """A finding of what could not be told: it keeps a submission from being accepted only where the check must pass."""
    return finding(code, source=spec.source, verdict=Verdict.REVIEW if spec.required else Verdict.ACCEPT, **params)


@dataclass(frozen=True, slots=True)
class _Comparison:
    """A company that was found, against what the check asks for."""

    case: Case
    spec: CheckSpec
    params: RegistryAgrees
    answer: Answer

    def findings(self, values: dict[str, Value]) -> Iterator[Finding]:
        for asked, value in values.items():
            agreement = self.answer.agreement(asked)
            if agreement is not Agreement.AGREES:
                yield self._value(value, agreement)
        if self.answer.status not in self.params.statuses:
            yield self._status(self.answer.status)
        if self._outdated:
            yield _open(self.spec, "AUTH_REGISTRY_OUTDATED", days=self.params.max_age_days, **self._told)

    @property
    def _outdated(self) -> bool:
        day = self.answer.as_of
        return day is not None and (self.case.as_of - day).days > self.params.max_age_days

    @property
    def _told(self) -> dict[str, Any]:
        day = self.answer.as_of
        return {"registry": self.answer.source, "day": day.isoformat() if day else "日期不详 undated"}

    def _value(self, value: Value, agreement: Agreement) -> Finding:
        place: dict[str, Any] = {
            "field": value.name, "document": value.document.file if value.document else None,
            "evidence": value.evidence, "place_zh": value.place.zh, "place_en": value.place.en, **self._told,
        }  # fmt: skip
        proven = value.field.status is Status.VERIFIED and not self._outdated
        if agreement is Agreement.DIFFERS and proven:
            return finding("AUTH_REGISTRY_DIFFERENT", source=self.spec.source, **place)
        zh, en = _OPEN[agreement]
        return _open(self.spec, "AUTH_REGISTRY_UNCERTAIN", reason_zh=zh, reason_en=en, **place)

    def _status(self, status: Standing) -> Finding:
        told = {**self._told, "status_zh": _STATUSES[status], "status_en": status.value.replace("_", " ")}
        if status in GONE:
            return finding("AUTH_REGISTRY_STATUS", source=self.spec.source, actual=status.value, **told)
        return _open(self.spec, "AUTH_REGISTRY_STATUS", actual=status.value, **told)
