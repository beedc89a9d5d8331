"""Rule packs: what a platform's procedure asks for, as data (design §3.6).

A profile names slots (places documents fill), limits, declared data it needs, earlier results it rests
on, and checks. It is one YAML file in `validators/profiles/` or in the user's own folder;
`validators/loading.py` reads and proves it.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from extractors.model import Kind
from validators.conditions import Condition, When
from validators.findings import Bilingual

_UNITS = {"B": 1, "KB": 1_000, "MB": 1_000_000}


def parse_size(text: Any) -> Any:
    """10 MB → 10000000 bytes; a platform's MB is the decimal one, the stricter reading."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(B|KB|MB)", str(text).strip().upper())
    if not match:
        raise ValueError("a size such as '10 MB' is expected")
    return int(float(match.group(1)) * _UNITS[match.group(2)])


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


Size = Annotated[int, BeforeValidator(parse_size)]
Format = Literal["jpeg", "png", "bmp", "tiff", "webp", "heic", "pdf", "xlsx"]
Key = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
# What may be declared beside the kinds of fields that are read.
DeclaredKind = Literal[
    "mobile", "phone", "email", "flag", "rate", "member_name", "login_account", "password", "choice", "count",
    "country", "person_document", "company_number",
]  # fmt: skip
# What can be asked of a slot beside the fields of its documents: the type and side that fill it, and how many do.
PSEUDO_FIELDS = ("type", "count", "side")


class Slot(_Strict):
    """A place in a profile that a document fills."""

    title: Bilingual
    accepts: tuple[str, ...] = Field(min_length=1)  # ids of document types; any of them will do
    side: Literal["", "front", "back"] = ""  # the side that must be shown
    required: bool = True
    when: When | None = None  # asked for only then; looks at declared data alone
    at_least: int = Field(1, ge=1)  # documents, where it is required or filled
    at_most: int = Field(1, ge=1)
    max_bytes: Size | None = None  # for each file
    formats: tuple[Format, ...] = ()  # empty: any that can be read
    colour: bool = False  # a grey copy is refused
    high_definition: bool = False
    min_pixels: int | None = Field(None, gt=0)  # of the shorter side
    source: str

    @model_validator(mode="after")
    def _counts(self) -> Slot:
        if self.at_least > self.at_most:
            raise ValueError("at_least is more than at_most")
        return self


class Declared(_Strict):
    """One value the applicant declares."""

    title: Bilingual
    kind: Kind | DeclaredKind
    required: bool = True
    when: When | None = None
    default: str | bool | None = None  # what holds where nothing is declared
    choices: tuple[str, ...] = ()
    secret: bool = False  # never shown, not even in the report
    source: str

    @property
    def hidden(self) -> bool:
        """Whether the value is shown nowhere."""
        return self.secret or self.kind == "password"

    @model_validator(mode="after")
    def _has_choices(self) -> Declared:
        if (self.kind == "choice") != bool(self.choices):
            raise ValueError("kind choice and a list of choices belong together")
        return self


class Parameter(_Strict):
    """A setting of a profile; `$name` in the parameters of its checks stands for the value."""

    title: Bilingual
    value: str | int | float | bool | tuple[str, ...]
    source: str


class Prerequisite(_Strict):
    """An earlier result this procedure rests on; `key.name` refers to what was declared then."""

    title: Bilingual
    profile: str
    required: bool = True  # it must have been accepted; otherwise its values are only looked up
    declared: str | None = None  # a declared flag by which the applicant says that the platform passed it
    unless: When | None = None
    same: tuple[str, ...] = ("credit_code",)  # declared keys that must be equal, or it is another applicant's
    source: str


class CheckSpec(_Strict):
    """One check: a kind (a function in `validators.checks`), and what it is applied to."""

    id: str
    check: str
    source: str
    required: bool = True  # without it the submission cannot be accepted
    when: When | None = None
    each: str | None = None  # a slot that takes several documents: asked of each of them, the worst counts
    params: dict[str, Any] = Field(default_factory=dict)


class Note(_Strict):
    """Something the platform does itself: told to the applicant, not checked."""

    zh: str
    en: str
    source: str


class Profile(_Strict):
    """A platform's procedure."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]+/[a-z0-9-]+$")]
    extends: str | None = None
    title: Bilingual
    platform: Bilingual
    source: str  # the document behind it and its section
    parameters: dict[Key, Parameter] = Field(default_factory=dict)
    prerequisites: dict[Key, Prerequisite] = Field(default_factory=dict)
    slots: dict[Key, Slot] = Field(default_factory=dict)
    declared: dict[Key, Declared] = Field(default_factory=dict)
    checks: tuple[CheckSpec, ...]
    notes: tuple[Note, ...] = ()
    path: Path | None = None


class ReferenceProblemError(ValueError):
    """A part of a profile names something that is not there; `location` says which part of it."""

    def __init__(self, reason: str, *location: str) -> None:
        super().__init__(reason)
        self.location = location


def sources(text: str) -> list[str]:
    """The requirement ids a `source` names."""
    return [one.strip() for one in text.split(",") if one.strip()]


def check_condition(profile: Profile, when: Condition, *, declared_only: bool = False) -> None:
    """Raises ValueError when a condition looks at something the profile has not."""
    for reference in when.references():
        head, _, name = reference.partition(".")
        if head == "declared":
            reason = "" if name in profile.declared else f"{name!r} is not declared"
        elif declared_only:
            reason = "only declared values can be looked at here"
        elif head in profile.slots:
            reason = "" if name in PSEUDO_FIELDS else f"of a slot only {', '.join(PSEUDO_FIELDS)} can be looked at"
        else:
            reason = "" if head in profile.prerequisites else f"there is no slot or prerequisite {head!r}"
        if reason:
            raise ValueError(f"{reference}: {reason}")


def parameters_of(spec: CheckSpec, profile: Profile) -> dict[str, Any]:
    """The parameters of a check, `$name` replaced by the setting; ReferenceProblemError where there is none."""
    return {name: _replaced(value, profile, name) for name, value in spec.params.items()}


def _replaced(value: Any, profile: Profile, name: str) -> Any:
    if isinstance(value, dict):
        return {key: _replaced(inner, profile, name) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_replaced(inner, profile, name) for inner in value]
    if isinstance(value, str) and value.startswith("$"):
        if value[1:] not in profile.parameters:
            raise ReferenceProblemError(f"{value}: the profile has no parameter {value[1:]!r}", "params", name)
        return profile.parameters[value[1:]].value
    return value
