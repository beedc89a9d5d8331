"""Rule packs: what a platform's procedure asks for, as data (design §3.6).

A profile names slots (places documents fill), limits, declared data it needs and checks. It is one
YAML file in `validators/profiles/` (or in the user's own folder, which comes first). What is wrong in
one is said with file, line and key before anything is checked.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from extractors.errors import ProfileError
from extractors.model import Kind
from extractors.registry import document_types
from validators.findings import Bilingual

BUILT_IN = Path(__file__).parent / "profiles"
_UNITS = {"B": 1, "KB": 1_000, "MB": 1_000_000}


def parse_size(text: Any) -> Any:
    """10 MB → 10000000 bytes; a platform's MB is the decimal one, the stricter reading."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*(B|KB|MB)", str(text).strip().upper())
    if not match:
        raise ValueError("a size such as '10 MB' is expected")
    return int(float(match.group(1)) * _UNITS[match.group(2)])


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


Size = Annotated[int, BeforeValidator(parse_size)]
Format = Literal["jpeg", "png", "bmp", "tiff", "webp", "heic", "pdf"]


class Slot(_Strict):
    """A place in a profile that a document fills."""

    title: Bilingual
    accepts: tuple[str, ...]  # document type ids
    side: Literal["", "front", "back"] = ""  # the side that must be shown
    required: bool = True
    max_bytes: Size | None = None
    formats: tuple[Format, ...] = ()  # empty: any that can be read
    colour: bool = False  # a grey copy is refused
    high_definition: bool = False
    source: str


class Declared(_Strict):
    """One value the applicant declares."""

    title: Bilingual
    kind: Kind | Literal["mobile", "email", "flag", "rate", "member_name"]
    required: bool = True
    source: str


class CheckSpec(_Strict):
    """One check: a kind (a function in `validators.checks`), and what it is applied to."""

    id: str
    check: str
    source: str
    required: bool = True  # without it the submission cannot be accepted
    unless: str | None = None  # a declared flag that makes the check unnecessary
    params: dict[str, Any] = Field(default_factory=dict)


class Note(_Strict):
    """Something the platform does itself: told to the applicant, not checked."""

    zh: str
    en: str
    source: str


class Profile(_Strict):
    """A platform's procedure."""

    id: str
    title: Bilingual
    platform: Bilingual
    source: str  # the document behind it and its section
    slots: dict[str, Slot]
    declared: dict[str, Declared]
    checks: tuple[CheckSpec, ...]
    notes: tuple[Note, ...] = ()
    path: Path | None = None


def load_profiles(own: Path | None = None) -> dict[str, Profile]:
    """All profiles by id: the built-in ones, extended or replaced by those in the folder `own`.

    Raises ProfileError (file, line, key, reason) for the first one that is wrong.
    """
    found: dict[str, Profile] = {}
    for folder in [BUILT_IN, *([own] if own else [])]:
        if not folder.is_dir():
            remedy = "Set HEYAN_PROFILES to a folder that does."
            raise ProfileError(f"The folder of profiles does not exist: {folder}", remedy=remedy)
        here: dict[str, Path] = {}
        for path in sorted(folder.rglob("*.yaml")):
            profile = load_profile(path)
            if profile.id in here:
                raise ProfileError(f"{path}: the id {profile.id} is already used by {here[profile.id]}")
            here[profile.id] = path
            found[profile.id] = profile
    return found


def load_profile(path: Path) -> Profile:
    """One profile, checked against the schema, the document types and the kinds of check."""
    try:
        node = yaml.compose(path.read_text("utf-8"), yaml.CSafeLoader)
        data = yaml.load(path.read_text("utf-8"), yaml.CSafeLoader)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f":{mark.line + 1}" if mark else ""
        raise ProfileError(f"{path}{line}: not readable as YAML ({getattr(error, 'problem', error)})") from error
    if not isinstance(data, dict):
        raise ProfileError(f"{path}:1: a profile is a mapping of keys")
    try:
        profile = Profile.model_validate({**data, "path": path})
    except ValidationError as error:
        first = error.errors()[0]
        raise _wrong(path, node, first["loc"], first["msg"]) from error
    _check_references(profile, path, node)
    return profile


def _check_references(profile: Profile, path: Path, node: yaml.Node | None) -> None:
    """Everything a profile names must exist: document types, fields, slots, declared keys, kinds of check."""
    from validators.checks import check_parameters

    types = document_types()
    for name, slot in profile.slots.items():
        for type_id in slot.accepts:
            if type_id not in types:
                raise _wrong(path, node, ("slots", name, "accepts"), f"unknown document type {type_id!r}")
    seen: set[str] = set()
    for at, check in enumerate(profile.checks):
        where = ("checks", at)
        if check.id in seen:
            raise _wrong(path, node, (*where, "id"), f"the check id {check.id!r} is used twice")
        seen.add(check.id)
        if check.unless and check.unless not in profile.declared:
            raise _wrong(path, node, (*where, "unless"), f"{check.unless!r} is not declared")
        try:
            check_parameters(check, profile)
        except ValueError as error:
            raise _wrong(path, node, (*where, "params"), str(error)) from error


def _wrong(path: Path, node: yaml.Node | None, loc: tuple[int | str, ...], reason: str) -> ProfileError:
    key = ".".join(str(part) for part in loc)
    line = _line_of(node, loc)
    return ProfileError(f"{path}:{line}: {key}: {reason}", file=str(path), line=line, key=key)


def _line_of(node: yaml.Node | None, loc: tuple[int | str, ...]) -> int:
    """The line of a key, or of the nearest thing above it that is there."""
    line = 1
    for part in loc:
        if isinstance(node, yaml.MappingNode):
            pair = next(((k, v) for k, v in node.value if k.value == part), None)
            if pair is None:
                return line
            line, node = pair[0].start_mark.line + 1, pair[1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
    return line
