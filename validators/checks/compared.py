"""Checks that compare: declared with read, one document with another, and whether a field is there at all."""

from __future__ import annotations

from typing import Any

from extractors.model import Field, Kind, Status
from validators.case import Case
from validators.checks.kind import (
    PASSED,
    FieldRef,
    Outcome,
    Params,
    check_kind,
    field_spec,
    names,
    not_declared,
    usable_field,
)
from validators.compare import Outcome as Same
from validators.compare import compare
from validators.findings import CheckResult, Verdict, finding
from validators.profile import CheckSpec


class DeclaredEquals(Params):
    declared: str
    field: FieldRef


@check_kind(DeclaredEquals)
def declared_equals(case: Case, spec: CheckSpec, params: DeclaredEquals) -> Outcome:
    """What was declared equals what a document says (normalised as its kind allows)."""
    expected = case.declared.get(params.declared)
    if expected in (None, ""):
        return not_declared(case, spec, params.declared)
    located, refused = usable_field(case, spec, params.field)
    if located is None:
        return refused
    outcome = compare(field_spec(case.profile, params.field).kind, expected, located.field)
    return _compared(outcome.outcome, "MATCH", {
        "document": located.document.file, "field": located.name, "expected": expected,
        "actual": located.field.value, "source": spec.source, "evidence": located.document.evidence(located.field),
        **names(case, params.field, "name"), "detail": outcome.detail,
    })  # fmt: skip


class FieldsEqual(Params):
    left: FieldRef
    right: FieldRef


@check_kind(FieldsEqual)
def fields_equal(case: Case, spec: CheckSpec, params: FieldsEqual) -> Outcome:
    """Two documents say the same (the company on licence and permit, a person on licence and ID)."""
    left, refused = usable_field(case, spec, params.left)
    if left is None:
        return refused
    right, refused = usable_field(case, spec, params.right)
    if right is None:
        return refused
    # Each side may be the misread one: a difference counts only where neither reading explains it.
    ways = (
        compare(field_spec(case.profile, params.right).kind, left.field.value, right.field),
        compare(field_spec(case.profile, params.left).kind, right.field.value, left.field),
    )
    outcome = min(ways, key=lambda way: way.outcome is Same.DIFFERENT)
    evidence = left.document.evidence(left.field) + right.document.evidence(right.field)
    return _compared(outcome.outcome, "CROSS", {
        "document": right.document.file, "field": right.name, "expected": left.field.value,
        "actual": right.field.value, "source": spec.source, "evidence": evidence,
        **names(case, params.right, "left"), **names(case, params.left, "right"), "detail": outcome.detail,
    })  # fmt: skip


class DeclaredPair(Params):
    declared: tuple[str, str]


@check_kind(DeclaredPair)
def declared_are_equal(case: Case, spec: CheckSpec, params: DeclaredPair) -> Outcome:
    """Two declared values are the same (the account holder is the company)."""
    first, second = params.declared
    for key in params.declared:
        if case.declared.get(key) in (None, ""):
            return not_declared(case, spec, key)
    kind = case.profile.declared[first].kind
    typed = Field(value=str(case.declared[second]), status=Status.VERIFIED, confidence=1.0)
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
    located, refused = usable_field(case, spec, params.field)
    return refused if located is None else PASSED


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
