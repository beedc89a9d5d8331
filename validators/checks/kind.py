"""What a kind of check is: its parameters, its outcome, and what checks share.

A check returns an Outcome. `passed` needs verified or read evidence; what cannot be judged is
`not_checked` with the reason, never passed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, StringConstraints

from extractors.model import FieldSpec
from extractors.registry import document_types
from validators.case import Case, Located
from validators.findings import CheckResult, Finding, finding
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


def field_spec(profile: Profile, reference: str) -> FieldSpec:
    slot, _, name = reference.partition(".")
    if slot not in profile.slots:
        raise ValueError(f"{reference!r}: no slot {slot!r} in this profile")
    for type_id in profile.slots[slot].accepts:
        for spec in document_types()[type_id].fields:
            if spec.name == name:
                return spec
    raise ValueError(f"{reference!r}: no document of slot {slot!r} has a field {name!r}")


def usable_field(case: Case, spec: CheckSpec, reference: str) -> tuple[Located | None, Outcome]:
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
            (not_usable(case, spec, reference, located),),
        )
    return located, PASSED


def not_usable(case: Case, spec: CheckSpec, reference: str, located: Located) -> Finding:
    """The finding of a field no check may rest on: missing, or there but doubtful."""
    code = "FIELD_DOUBTFUL" if located.field.raw else "FIELD_MISSING"
    return finding(
        code, document=located.document.file, field=located.name, actual=located.field.value,
        source=spec.source, evidence=located.document.evidence(located.field),
        reason=located.field.reason or located.field.status.value, **names(case, reference, "name"),
    )  # fmt: skip


def not_declared(case: Case, spec: CheckSpec, key: str) -> Outcome:
    """What a check comes to that needs a value nobody declared."""
    declared = case.profile.declared[key]
    if not declared.required:
        return Outcome(CheckResult.NOT_CHECKED, f"optional, {key} is not declared", optional=True)
    missing = finding("PROFILE_DECLARED_MISSING", field=key, source=spec.source,
                      name_zh=declared.title.zh, name_en=declared.title.en)  # fmt: skip
    return Outcome(CheckResult.NOT_CHECKED, f"{key} is not declared", (missing,))


def names(case: Case, reference: str, prefix: str) -> dict[str, Any]:
    """The field's name in both languages, with the slot it is on."""
    spec = field_spec(case.profile, reference)
    slot = case.profile.slots[reference.partition(".")[0]]
    english = spec.name.replace("_", " ")
    if prefix == "name":
        return {"name_zh": spec.zh, "name_en": english}
    return {f"{prefix}_zh": f"{slot.title.zh}的{spec.zh}", f"{prefix}_en": f"{english} on the {slot.title.en}"}
