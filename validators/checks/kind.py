"""What a kind of check is: its parameters, its outcome, and how a reference becomes a value.

A reference is `declared.key`, `slot.field` (or `slot.field|other_field` where documents of the slot name it
differently; `slot.type`, `slot.count` and `slot.side` too) or `prerequisite.key`, a value declared then.
A check returns an Outcome. `passed` needs verified or read evidence; what cannot be judged is
`not_checked` with the reason, never passed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints

from extractors.model import Field, FieldSpec, FieldValue, Kind, Status
from extractors.registry import document_types
from validators.case import Case, FiledDocument, Located
from validators.findings import Bilingual, CheckResult, Evidence, Finding, finding
from validators.profile import PSEUDO_FIELDS, CheckSpec, Profile

_REFERENCE = StringConstraints(pattern=r"^[a-z_0-9]+\.[a-z_0-9]+(\|[a-z_0-9]+)*$")


class Named(str):
    """A parameter that names something of the profile; `check_named` looks whether it is there."""


class Reference(Named):
    """A value: `declared.key`, `slot.field`, `prerequisite.key`."""


class SlotName(Named):
    """A slot."""


class DeclaredKey(Named):
    """A declared value."""


class PrerequisiteKey(Named):
    """An earlier result."""


Ref = Annotated[str, _REFERENCE, AfterValidator(Reference)]
SlotRef = Annotated[str, AfterValidator(SlotName)]
KeyRef = Annotated[str, AfterValidator(DeclaredKey)]
EarlierRef = Annotated[str, AfterValidator(PrerequisiteKey)]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check came to, why, and the findings it raises."""

    result: CheckResult
    why: str = ""
    findings: tuple[Finding, ...] = ()
    optional: bool = False  # there was nothing to check, and nothing was asked for


PASSED = Outcome(CheckResult.PASSED)


@dataclass(frozen=True, slots=True)
class Value:
    """What a reference stands for: the value with its status, what it is called and where it stands."""

    origin: Literal["declared", "read", "earlier"]
    name: str
    field: Field
    kind: Kind
    zh: str
    en: str
    place: Bilingual  # the same, with the slot it is on or the step it was declared in
    document: FiledDocument | None = None
    secret: bool = False

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        return self.document.evidence(self.field) if self.document else ()

    @property
    def shown(self) -> FieldValue:
        return "••••••" if self.secret else self.field.value


class Params(BaseModel):
    """Parameters of a kind of check; unknown ones are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Condition(Params):
    """What every condition of a platform says of itself: what is asked for, and how to mend it."""

    what: Bilingual
    mend: Bilingual

    def told(self) -> dict[str, Any]:
        return {"what_zh": self.what.zh, "what_en": self.what.en, "mend_zh": self.mend.zh, "mend_en": self.mend.en}


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


def specs_of(profile: Profile, reference: str) -> dict[str, FieldSpec]:
    """The field a reference names, by the id of each type its slot accepts; ValueError where there is none."""
    slot, _, names = reference.partition(".")
    if slot not in profile.slots:
        raise ValueError(f"{reference!r}: no slot {slot!r} in this profile")
    found: dict[str, FieldSpec] = {}
    for type_id in profile.slots[slot].accepts:
        specs = {spec.name: spec for spec in document_types()[type_id].fields}
        if name := next((n for n in names.split("|") if n in specs), None):
            found[type_id] = specs[name]
    if not found:
        raise ValueError(f"{reference!r}: no document of slot {slot!r} has a field {names!r}")
    return found


def check_named(profile: Profile, named: Named, types_told: set[str]) -> None:
    """Raises ValueError unless what a parameter names is there, a field on every type its slot takes.

    `types_told`: slots the check's condition tells the type of, so that other types need not have the field.
    """
    if isinstance(named, Reference):
        _check_reference(profile, named, sure_of_type=named.partition(".")[0] in types_told)
        return
    section = {SlotName: "slots", DeclaredKey: "declared", PrerequisiteKey: "prerequisites"}[type(named)]
    if named not in getattr(profile, section):
        raise ValueError(f"there is no {str(named)!r} among the profile's {section}")


def _check_reference(profile: Profile, reference: str, *, sure_of_type: bool) -> None:
    head, _, name = reference.partition(".")
    if head == "declared" and name not in profile.declared:
        raise ValueError(f"{reference!r}: {name!r} is not among the profile's declared values")
    if head in ("declared", *profile.prerequisites) or (head in profile.slots and name in PSEUDO_FIELDS):
        return
    lacking = set(profile.slots[head].accepts) - set(specs_of(profile, reference)) if head in profile.slots else set()
    if head not in profile.slots:
        raise ValueError(f"{reference!r}: no slot, prerequisite or 'declared' of the name {head!r}")
    if lacking and not sure_of_type:
        raise ValueError(
            f"{reference!r}: {', '.join(sorted(lacking))} has no such field; say `when: {{{head}.type: …}}`"
        )


def resolve(case: Case, spec: CheckSpec, reference: str) -> tuple[Value | None, Outcome]:
    """The value if a check may rest on it; else None and what to say instead."""
    head, _, name = reference.partition(".")
    if head == "declared":
        return _declared(case, spec, name)
    if head in case.profile.prerequisites:
        return _earlier(case, head, name)
    if name in PSEUDO_FIELDS:
        return _about_slot(case, head, name)
    return _read(case, spec, reference)


def both(case: Case, spec: CheckSpec, left: str, right: str) -> tuple[Value, Value] | Outcome:
    """Two values, or what to say instead where one of them cannot be relied on."""
    first, refused = resolve(case, spec, left)
    if first is None:
        return refused
    second, refused = resolve(case, spec, right)
    return refused if second is None else (first, second)


def _declared(case: Case, spec: CheckSpec, key: str) -> tuple[Value | None, Outcome]:
    declared, value = case.profile.declared[key], case.value(key)
    if not case.applies(declared.when):
        return None, Outcome(CheckResult.NOT_CHECKED, f"{key} is not asked for", optional=True)
    if value in (None, ""):
        return None, not_declared(case, spec, key)
    kind = declared.kind if isinstance(declared.kind, Kind) else _FORM_KINDS.get(declared.kind, Kind.CHOICE)
    place = Bilingual(zh=f"填写的{declared.title.zh}", en=f"declared {declared.title.en}")
    return Value("declared", key, _certain(value), kind, declared.title.zh, declared.title.en, place,
                 secret=declared.hidden), PASSED  # fmt: skip


# Declared kinds that are compared like a kind of field; the others literally.
_FORM_KINDS = {"count": Kind.DIGITS, "rate": Kind.MONEY, "flag": Kind.FLAG}


def _certain(value: FieldValue) -> Field:
    return Field(value=value, raw=str(value), status=Status.VERIFIED, confidence=1.0)


def _earlier(case: Case, key: str, name: str) -> tuple[Value | None, Outcome]:
    before, step = case.values_of(key), case.profile.prerequisites[key]
    value = before.declared.get(name) if before else None
    if value in (None, ""):
        why = f"{name} of {step.profile} is not known"
        return None, Outcome(CheckResult.NOT_CHECKED, why, optional=before is None and not step.required)
    spec = case.profile.declared.get(name)
    kind = spec.kind if spec and isinstance(spec.kind, Kind) else Kind.TEXT
    zh, en = (spec.title.zh, spec.title.en) if spec else (name, name.replace("_", " "))
    place = Bilingual(zh=f"“{step.title.zh}”时的{zh}", en=f"{en} at “{step.title.en}”")
    return Value("earlier", name, _certain(value), kind, zh, en, place), PASSED


def _about_slot(case: Case, slot: str, name: str) -> tuple[Value | None, Outcome]:
    value = case.about_slot(slot, name)
    if value is None:
        return None, _nothing_in(case, slot)
    title = case.profile.slots[slot].title
    words = {"count": ("份数", "number"), "type": ("种类", "kind"), "side": ("面", "side")}[name]
    zh, en = f"{title.zh}的{words[0]}", f"{words[1]} of the {title.en}"
    kind = Kind.DIGITS if name == "count" else Kind.CHOICE
    document = next(case.in_slot(slot), None)
    return Value("read", name, _certain(value), kind, zh, en, Bilingual(zh=zh, en=en), document), PASSED


def _read(case: Case, spec: CheckSpec, reference: str) -> tuple[Value | None, Outcome]:
    slot, _, names = reference.partition(".")
    located = case.locate(slot, tuple(names.split("|")))
    if located is None:
        return None, _nothing_in(case, slot)
    value = value_of(case, reference, located)
    if not located.usable:
        why = f"{slot}.{located.name} is {located.field.status.value}"
        return None, Outcome(CheckResult.NOT_CHECKED, why, (not_usable(spec, value),))
    return value, PASSED


def _nothing_in(case: Case, slot: str) -> Outcome:
    if slot not in case.slots():
        return Outcome(CheckResult.NOT_CHECKED, f"{slot} is not asked for", optional=True)
    if not case.profile.slots[slot].required and not any(d.slot == slot for d in case.documents):
        return Outcome(CheckResult.NOT_CHECKED, f"optional, no document in {slot}", optional=True)
    return Outcome(CheckResult.NOT_CHECKED, f"no document in {slot}")


def value_of(case: Case, reference: str, located: Located) -> Value:
    """A field that was located, usable or not, with what it is called."""
    slot = case.profile.slots[reference.partition(".")[0]]
    spec = document_types()[located.document.type].spec(located.name)
    english = spec.name.replace("_", " ")
    place = Bilingual(zh=f"{slot.title.zh}的{spec.zh}", en=f"{english} on the {slot.title.en}")
    return Value("read", located.name, located.field, spec.kind, spec.zh, english, place, located.document)


def not_usable(spec: CheckSpec, value: Value) -> Finding:
    """The finding of a field no check may rest on: missing, or there but doubtful."""
    code = "FIELD_DOUBTFUL" if value.field.raw else "FIELD_MISSING"
    return finding(
        code, document=value.document.file if value.document else None, field=value.name, actual=value.field.value,
        source=spec.source, evidence=value.evidence, reason=value.field.reason or value.field.status.value,
        name_zh=value.zh, name_en=value.en,
    )  # fmt: skip


def not_declared(case: Case, spec: CheckSpec, key: str) -> Outcome:
    """What a check comes to that needs a value nobody declared."""
    declared = case.profile.declared[key]
    if not declared.required:
        return Outcome(CheckResult.NOT_CHECKED, f"optional, {key} is not declared", optional=True)
    missing = finding("PROFILE_DECLARED_MISSING", field=key, source=spec.source,
                      name_zh=declared.title.zh, name_en=declared.title.en)  # fmt: skip
    return Outcome(CheckResult.NOT_CHECKED, f"{key} is not declared", (missing,))


def not_met(spec: CheckSpec, params: Condition, expected: Any, actual: Any, *values: Value, why: str) -> Outcome:
    """The outcome of a condition that is proven not to hold."""
    return _condition("PROFILE_CONDITION_NOT_MET", CheckResult.FAILED, spec, params, expected, actual, values, why)


def left_open(spec: CheckSpec, params: Condition, expected: Any, actual: Any, *values: Value, why: str) -> Outcome:
    """The outcome of a condition nobody can tell: a person must look."""
    return _condition("PROFILE_CONDITION_OPEN", CheckResult.NOT_CHECKED, spec, params, expected, actual, values, why)


def _condition(
    code: str, result: CheckResult, spec: CheckSpec, params: Condition, expected: Any, actual: Any,
    values: tuple[Value, ...], why: str,
) -> Outcome:  # fmt: skip
    document = next((value.document.file for value in values if value.document), None)
    found = finding(code, document=document, field=values[0].name if values else None, expected=expected, actual=actual,
                    source=spec.source, evidence=tuple(_evidence(values)), **params.told())  # fmt: skip
    return Outcome(result, why, (found,))


def _evidence(values: tuple[Value, ...]) -> Iterator[Evidence]:
    for value in values:
        yield from value.evidence
