"""The kinds of check a profile can name. Each is one function over a case; its parameters are a model.

A check returns an Outcome. `passed` needs verified or read evidence; what cannot be judged is
`not_checked` with the reason, never passed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from extractors.model import Field as TextField
from extractors.model import FieldSpec, Kind, Status
from extractors.registry import document_types
from validators.case import Case, Located
from validators.compare import Outcome as Same
from validators.compare import compare
from validators.findings import Bilingual, Check, CheckResult, Finding, Verdict, finding
from validators.profile import CheckSpec, Profile

FieldRef = Annotated[str, StringConstraints(pattern=r"^[a-z_]+\.[a-z_]+$")]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check came to, why, and the findings it raises."""

    result: CheckResult
    why: str = ""
    findings: tuple[Finding, ...] = ()
    optional: bool = False  # there was nothing to check, and nothing was asked for


PASSED = Outcome(CheckResult.PASSED)


class Params(BaseModel):
    """Parameters of a kind of check; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True, slots=True)
class CheckKind:
    """A kind of check: its parameters and its function."""

    name: str
    params: type[Params]
    run: Callable[[Case, CheckSpec, Any], Outcome]


CHECKS: dict[str, CheckKind] = {}


def check_kind(params: type[Params]) -> Callable[[Callable[[Case, CheckSpec, Any], Outcome]], Any]:
    """Registers a function as the kind of check of its own name."""

    def register(run: Callable[[Case, CheckSpec, Any], Outcome]) -> Callable[[Case, CheckSpec, Any], Outcome]:
        CHECKS[run.__name__] = CheckKind(run.__name__, params, run)
        return run

    return register


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
            if isinstance(one, str) and name in ("field", "left", "right", "starts", "indefinite", "issued", "holder"):
                _field_spec(profile, one)
            if name in ("declared", "any_of") and one not in profile.declared:
                raise ValueError(f"{name}: {one!r} is not among the profile's declared values")


def _field_spec(profile: Profile, reference: str) -> FieldSpec:
    slot, _, name = reference.partition(".")
    if slot not in profile.slots:
        raise ValueError(f"{reference!r}: no slot {slot!r} in this profile")
    for type_id in profile.slots[slot].accepts:
        for spec in document_types()[type_id].fields:
            if spec.name == name:
                return spec
    raise ValueError(f"{reference!r}: no document of slot {slot!r} has a field {name!r}")


class DeclaredEquals(Params):
    declared: str
    field: FieldRef


@check_kind(DeclaredEquals)
def declared_equals(case: Case, spec: CheckSpec, params: DeclaredEquals) -> Outcome:
    """What was declared equals what a document says (normalised as its kind allows)."""
    expected = case.declared.get(params.declared)
    if expected in (None, ""):
        return _not_declared(case, spec, params.declared)
    located, refused = _located(case, spec, params.field)
    if located is None:
        return refused
    outcome = compare(_field_spec(case.profile, params.field).kind, expected, located.field)
    return _compared(outcome.outcome, "MATCH", {
        "document": located.document.file, "field": located.name, "expected": expected,
        "actual": located.field.value, "source": spec.source, "evidence": located.document.evidence(located.field),
        **_names(case, params.field, "name"), "detail": outcome.detail,
    })  # fmt: skip


class FieldsEqual(Params):
    left: FieldRef
    right: FieldRef


@check_kind(FieldsEqual)
def fields_equal(case: Case, spec: CheckSpec, params: FieldsEqual) -> Outcome:
    """Two documents say the same (the company on licence and permit, a person on licence and ID)."""
    left, refused = _located(case, spec, params.left)
    if left is None:
        return refused
    right, refused = _located(case, spec, params.right)
    if right is None:
        return refused
    # Each side may be the misread one: a difference counts only where neither reading explains it.
    ways = (
        compare(_field_spec(case.profile, params.right).kind, left.field.value, right.field),
        compare(_field_spec(case.profile, params.left).kind, right.field.value, left.field),
    )
    outcome = min(ways, key=lambda way: way.outcome is Same.DIFFERENT)
    evidence = left.document.evidence(left.field) + right.document.evidence(right.field)
    return _compared(outcome.outcome, "CROSS", {
        "document": right.document.file, "field": right.name, "expected": left.field.value,
        "actual": right.field.value, "source": spec.source, "evidence": evidence,
        **_names(case, params.right, "left"), **_names(case, params.left, "right"), "detail": outcome.detail,
    })  # fmt: skip


class DeclaredPair(Params):
    declared: tuple[str, str]


@check_kind(DeclaredPair)
def declared_are_equal(case: Case, spec: CheckSpec, params: DeclaredPair) -> Outcome:
    """Two declared values are the same (the account holder is the company)."""
    first, second = params.declared
    for key in params.declared:
        if case.declared.get(key) in (None, ""):
            return _not_declared(case, spec, key)
    kind = case.profile.declared[first].kind
    typed = TextField(value=str(case.declared[second]), status=Status.VERIFIED, confidence=1.0)
    outcome = compare(kind if isinstance(kind, Kind) else Kind.TEXT, case.declared[first], typed)
    titles = (case.profile.declared[second].title, case.profile.declared[first].title)
    return _compared(outcome.outcome, "CROSS", {
        "field": second, "expected": case.declared[first], "actual": case.declared[second], "source": spec.source,
        "left_zh": f"填写的{titles[0].zh}", "left_en": f"declared {titles[0].en}",
        "right_zh": f"填写的{titles[1].zh}", "right_en": f"declared {titles[1].en}", "detail": outcome.detail,
    })  # fmt: skip


class OneField(Params):
    field: FieldRef


@check_kind(OneField)
def field_readable(case: Case, spec: CheckSpec, params: OneField) -> Outcome:
    """A field is there and was read or verified: the platform asks for it to be legible."""
    located, refused = _located(case, spec, params.field)
    return refused if located is None else PASSED


class Valid(Params):
    field: FieldRef
    starts: FieldRef | None = None
    indefinite: FieldRef | None = None
    warn_days: int = 60


@check_kind(Valid)
def not_expired(case: Case, spec: CheckSpec, params: Valid) -> Outcome:
    """A term covers `as_of`. The last day itself still counts; an indefinite term (长期) never ends."""
    if params.starts:
        begin = case.locate(params.starts)
        if begin and begin.usable and isinstance(begin.field.value, date) and begin.field.value > case.as_of:
            return Outcome(CheckResult.FAILED, "not yet valid", (_date_finding(case, spec, "DATE_NOT_YET_VALID",
                                                                               params.starts, begin),))  # fmt: skip
    if params.indefinite:
        flag = case.locate(params.indefinite)
        if flag and flag.usable and flag.field.value is True:
            return PASSED
    located, refused = _located(case, spec, params.field)
    if located is None:
        return refused
    end = located.field.value
    if not isinstance(end, date):
        return Outcome(CheckResult.NOT_CHECKED, "no date", (_doubtful(case, spec, params.field, located),))
    if end < case.as_of:
        over = _date_finding(case, spec, "DATE_EXPIRED", params.field, located)
        return Outcome(CheckResult.FAILED, "expired", (over,))
    days = (end - case.as_of).days
    if days <= params.warn_days:
        soon = _date_finding(case, spec, "DATE_EXPIRES_SOON", params.field, located, days=days)
        return Outcome(CheckResult.PASSED, "", (soon,))
    return PASSED


class TermIfPrinted(Valid):
    """As `not_expired`, for documents that may print no term: since a date, or for kinds of holder that have none."""

    issued: FieldRef
    always_until: date
    holder: FieldRef
    never_for: tuple[str, ...] = ()


@check_kind(TermIfPrinted)
def not_expired_if_printed(case: Case, spec: CheckSpec, params: TermIfPrinted) -> Outcome:
    """As `not_expired`; no term at all passes unless the document is of a date and kind that must print one."""
    located = [case.locate(r) for r in (params.field, params.starts, params.indefinite) if r]
    if not any(located) or any(place and place.field.raw for place in located):
        return not_expired(case, spec, params)  # type: ignore[no-any-return]
    issued, holder = case.locate(params.issued), case.locate(params.holder)
    day = issued.field.value if issued and issued.usable else None
    kind = str(holder.field.value or "") if holder else ""
    exempt = any(word in kind for word in params.never_for)
    if isinstance(day, date) and day < params.always_until and not exempt:
        # One printed then: it was not found, so it may be over.
        return _located(case, spec, params.field)[1]
    return Outcome(CheckResult.PASSED, "no term printed")


class MaxAge(Params):
    field: FieldRef
    days: int = Field(gt=0)


@check_kind(MaxAge)
def issued_within(case: Case, spec: CheckSpec, params: MaxAge) -> Outcome:
    """A document was issued at most `days` days before `as_of`, and not after it."""
    located, refused = _located(case, spec, params.field)
    if located is None:
        return refused
    issued = located.field.value
    if not isinstance(issued, date):
        return Outcome(CheckResult.NOT_CHECKED, "no date", (_doubtful(case, spec, params.field, located),))
    if issued > case.as_of:
        early = _date_finding(case, spec, "DATE_NOT_YET_VALID", params.field, located)
        return Outcome(CheckResult.FAILED, "in the future", (early,))
    if issued < case.as_of - timedelta(days=params.days):
        old = _date_finding(case, spec, "DATE_TOO_OLD", params.field, located, limit=params.days)
        return Outcome(CheckResult.FAILED, "too old", (old,))
    return PASSED


class OneOf(Params):
    field: FieldRef
    values: tuple[str | bool, ...] = Field(min_length=1)
    what: Bilingual
    mend: Bilingual


@check_kind(OneOf)
def field_is_one_of(case: Case, spec: CheckSpec, params: OneOf) -> Outcome:
    """A field has one of the values the platform takes (a special invoice, not issued by the tax bureau)."""
    located, refused = _located(case, spec, params.field)
    if located is None:
        return refused
    if located.field.value in params.values:
        return PASSED
    return Outcome(CheckResult.FAILED, "other value", (finding(
        "PROFILE_CONDITION_NOT_MET", document=located.document.file, field=located.name,
        expected="/".join(map(str, params.values)), actual=located.field.value, source=spec.source,
        evidence=located.document.evidence(located.field), **_condition(params),
    ),))  # fmt: skip


class ItemRate(Params):
    field: FieldRef
    at_least: Decimal
    what: Bilingual
    mend: Bilingual


@check_kind(ItemRate)
def item_rate_at_least(case: Case, spec: CheckSpec, params: ItemRate) -> Outcome:
    """Every line of an invoice carries at least a rate (percent): small-scale taxpayers invoice at 3 % or less."""
    located, refused = _located(case, spec, params.field)
    if located is None:
        return refused
    items = located.field.value
    rates = [_percent(item.tax_rate) for item in items] if isinstance(items, list) else []
    if not rates or None in rates:
        return Outcome(CheckResult.NOT_CHECKED, "rates not read", (_doubtful(case, spec, params.field, located),))
    lowest = min(rate for rate in rates if rate is not None)
    if lowest >= params.at_least:
        return PASSED
    return Outcome(CheckResult.FAILED, "rate too low", (finding(
        "PROFILE_CONDITION_NOT_MET", document=located.document.file, field=located.name,
        expected=f"≥ {params.at_least} %", actual=f"{lowest} %", source=spec.source,
        evidence=located.document.evidence(located.field), **_condition(params),
    ),))  # fmt: skip


class AnyFlag(Params):
    any_of: tuple[str, ...] = Field(min_length=1)
    what: Bilingual
    mend: Bilingual


@check_kind(AnyFlag)
def any_declared(case: Case, spec: CheckSpec, params: AnyFlag) -> Outcome:
    """At least one of the declared flags is true (an earlier procedure passed, or an invitation by a buyer)."""
    if any(case.declared.get(key) is True for key in params.any_of):
        return PASSED
    return Outcome(CheckResult.FAILED, "none declared", (finding(
        "PROFILE_CONDITION_NOT_MET", field=params.any_of[0], expected=" / ".join(params.any_of), actual="—",
        source=spec.source, **_condition(params),
    ),))  # fmt: skip


class RateAtLeast(Params):
    declared: str
    field: FieldRef
    at_least: Decimal
    what: Bilingual
    mend: Bilingual


@check_kind(RateAtLeast)
def rate_at_least(case: Case, spec: CheckSpec, params: RateAtLeast) -> Outcome:
    """The company's own invoicing rate reaches a minimum: shown by an invoice, else as declared."""
    if any(True for _ in case.in_slot(params.field.partition(".")[0])):
        shown = ItemRate(field=params.field, at_least=params.at_least, what=params.what, mend=params.mend)
        return item_rate_at_least(case, spec, shown)  # type: ignore[no-any-return]
    value = case.declared.get(params.declared)
    if value in (None, ""):
        declared = case.profile.declared[params.declared]
        missing = finding("PROFILE_DECLARED_MISSING", field=params.declared, source=spec.source,
                          name_zh=declared.title.zh, name_en=declared.title.en)  # fmt: skip
        return Outcome(CheckResult.NOT_CHECKED, f"neither an invoice nor {params.declared}", (missing,))
    rate = _percent(str(value))
    if rate is not None and rate >= params.at_least:
        return PASSED
    return Outcome(CheckResult.FAILED, "rate too low", (finding(
        "PROFILE_CONDITION_NOT_MET", field=params.declared, expected=f"≥ {params.at_least} %", actual=value,
        source=spec.source, **_condition(params),
    ),))  # fmt: skip


def _located(case: Case, spec: CheckSpec, reference: str) -> tuple[Located | None, Outcome]:
    """The field if a check may rest on it; else None and what to say instead."""
    slot = reference.partition(".")[0]
    located = case.locate(reference)
    if located is None:
        if not case.profile.slots[slot].required and not any(True for _ in case.in_slot(slot)):
            return None, Outcome(CheckResult.NOT_CHECKED, f"optional, no document in {slot}", optional=True)
        return None, Outcome(CheckResult.NOT_CHECKED, f"no document in {slot}")
    if not located.usable:
        return None, Outcome(
            CheckResult.NOT_CHECKED,
            f"{reference} is {located.field.status.value}",
            (_doubtful(case, spec, reference, located),),
        )
    return located, PASSED


def _doubtful(case: Case, spec: CheckSpec, reference: str, located: Located) -> Finding:
    code = "FIELD_DOUBTFUL" if located.field.raw else "FIELD_MISSING"
    return finding(
        code, document=located.document.file, field=located.name, actual=located.field.value,
        source=spec.source, evidence=located.document.evidence(located.field),
        reason=located.field.reason or located.field.status.value, **_names(case, reference, "name"),
    )  # fmt: skip


def _not_declared(case: Case, spec: CheckSpec, key: str) -> Outcome:
    declared = case.profile.declared[key]
    if not declared.required:
        return Outcome(CheckResult.NOT_CHECKED, f"optional, {key} is not declared", optional=True)
    missing = finding("PROFILE_DECLARED_MISSING", field=key, source=spec.source,
                      name_zh=declared.title.zh, name_en=declared.title.en)  # fmt: skip
    return Outcome(CheckResult.NOT_CHECKED, f"{key} is not declared", (missing,))


_COMPARED = {
    Same.CONFUSABLE: ("UNCERTAIN", CheckResult.NOT_CHECKED),
    Same.UNCERTAIN: ("UNCERTAIN", CheckResult.NOT_CHECKED),
    Same.DIFFERENT: ("DIFFERENT", CheckResult.FAILED),
}


def _compared(outcome: Same, group: str, params: dict[str, Any]) -> Outcome:
    if outcome is Same.EQUAL:
        return PASSED
    suffix, result = _COMPARED[outcome]
    verdict = Verdict.REJECT if outcome is Same.DIFFERENT else Verdict.REVIEW
    found = finding(f"{group}_{suffix}", verdict=verdict, **params)
    return Outcome(result, params.get("detail") or outcome.value, (found,))


def _date_finding(case: Case, spec: CheckSpec, code: str, reference: str, located: Located, **more: Any) -> Finding:
    return finding(
        code, document=located.document.file, field=located.name, actual=located.field.value, source=spec.source,
        evidence=located.document.evidence(located.field), as_of=case.as_of, **_names(case, reference, "name"), **more,
    )  # fmt: skip


def _names(case: Case, reference: str, prefix: str) -> dict[str, Any]:
    """The field's name in both languages, with the slot it is on."""
    spec = _field_spec(case.profile, reference)
    slot = case.profile.slots[reference.partition(".")[0]]
    english = spec.name.replace("_", " ")
    if prefix == "name":
        return {"name_zh": spec.zh, "name_en": english}
    return {f"{prefix}_zh": f"{slot.title.zh}的{spec.zh}", f"{prefix}_en": f"{english} on the {slot.title.en}"}


def _condition(params: OneOf | ItemRate | AnyFlag | RateAtLeast) -> dict[str, Any]:
    return {"what_zh": params.what.zh, "what_en": params.what.en, "mend_zh": params.mend.zh, "mend_en": params.mend.en}


def _percent(text: str) -> Decimal | None:
    try:
        return Decimal(text.strip().rstrip("%％"))
    except InvalidOperation:
        return None
