"""Reading rule packs from YAML: schema, inheritance, and that everything a profile names exists.

Whatever is wrong is a ProfileError with file, line, key and reason, before anything is checked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from extractors.errors import ProfileError
from extractors.registry import document_types
from validators.checks import check_parameters
from validators.conditions import Condition
from validators.profile import Profile, ReferenceProblemError, check_condition

BUILT_IN = Path(__file__).parent / "profiles"
Location = tuple[int | str, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    """A profile as written, with the profiles it extends merged in; `files` are nearest first."""

    data: dict[str, Any]
    files: tuple[tuple[Path, yaml.Node | None], ...]

    def wrong(self, location: Location, reason: str) -> ProfileError:
        """The error at a place: in the file that writes it, else in the profile's own."""
        path, node = next((f for f in self.files if _line_of(f[1], location, whole=True)), self.files[0])
        key, line = ".".join(map(str, location)), _line_of(node, location) or 1
        return ProfileError(f"{path}:{line}: {key}: {reason}", file=str(path), line=line, key=key)


def load_profiles(own: Path | None = None) -> dict[str, Profile]:
    """All profiles by id: the built-in ones, extended or replaced by those in the folder `own`.

    They are read again only when a file of them has changed: a batch asks for each submission. Raises ProfileError
    (file, line, key, reason) for the first one that is wrong.
    """
    folders = (BUILT_IN, own) if own else (BUILT_IN,)
    return dict(_loaded(folders, tuple(_look_of(folder) for folder in folders)))


Look = tuple[tuple[str, int, int], ...]


def _look_of(folder: Path) -> Look:
    """The files of a folder as they look from outside: name, time, size."""
    seen = ((str(path), path.stat()) for path in folder.rglob("*.yaml"))
    return tuple(sorted((name, status.st_mtime_ns, status.st_size) for name, status in seen))


@lru_cache(maxsize=4)
def _loaded(folders: tuple[Path, ...], looks: tuple[Look, ...]) -> dict[str, Profile]:
    drafts: dict[str, _Draft] = {}
    for folder in folders:
        drafts |= _drafts_in(folder, drafts)
    profiles = {id_: _proven(draft) for id_, draft in drafts.items()}
    _check_prerequisites(profiles, drafts)
    return profiles


def _drafts_in(folder: Path, known: Mapping[str, _Draft]) -> dict[str, _Draft]:
    """The profiles of a folder; what they extend is in the folder too, or among the known ones."""
    if not folder.is_dir():
        raise ProfileError(
            f"The folder of profiles does not exist: {folder}", remedy="Set HEYAN_PROFILES to a folder that does."
        )
    written: dict[str, _Draft] = {}
    for path in sorted(folder.rglob("*.yaml")):
        draft = _read(path)
        id_ = str(draft.data.get("id", path))
        if id_ in written:
            raise draft.wrong(("id",), f"the id {id_} is already used by {written[id_].files[0][0]}")
        written[id_] = draft
    return {id_: _extended(id_, written, known, ()) for id_ in written}


def _read(path: Path) -> _Draft:
    try:
        text = path.read_text("utf-8")
        loader = yaml.CSafeLoader(text)
        node = loader.get_single_node()
        _refuse_repeated(node)
        data = loader.construct_document(node) if node else None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark else 1
        reason = f"not readable as YAML ({getattr(error, 'problem', error)})"
        raise ProfileError(f"{path}:{line}: {reason}", file=str(path), line=line, key="") from error
    if not isinstance(data, dict):
        raise ProfileError(f"{path}:1: a profile is a mapping of keys", file=str(path), line=1, key="")
    return _Draft(data, ((path, node),))


def _refuse_repeated(node: yaml.Node | None) -> None:
    """YAML lets the second of two equal keys win silently; a rule would be lost."""
    for child in node.value if isinstance(node, yaml.CollectionNode) else ():
        for part in child if isinstance(child, tuple) else (child,):
            _refuse_repeated(part)
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, _ in node.value:
            if key.value in seen:
                raise yaml.MarkedYAMLError(problem=f"the key {key.value!r} is there twice", problem_mark=key.start_mark)
            seen.add(key.value)


def _extended(id_: str, written: Mapping[str, _Draft], known: Mapping[str, _Draft], below: tuple[str, ...]) -> _Draft:
    draft = written[id_]
    base_id = draft.data.get("extends")
    if base_id is None:
        return draft
    if base_id in written and base_id != id_:
        if base_id in below:
            raise draft.wrong(("extends",), f"{' → '.join((*below, id_))} extend each other in a circle")
        base = _extended(str(base_id), written, known, (*below, id_))
    elif base_id in known:
        base = known[str(base_id)]
    else:
        raise draft.wrong(("extends",), f"there is no profile {base_id!r}")
    return _Draft(_merged(base.data, draft.data), (*draft.files, *base.files))


def _merged(base: Mapping[str, Any], own: Mapping[str, Any]) -> dict[str, Any]:
    """`own` over `base`: mappings by key, checks by id, null takes away, notes are added."""
    result = dict(base)
    for key, value in own.items():
        below = base.get(key)
        if value is None:
            result.pop(key, None)
        elif isinstance(value, dict) and isinstance(below, dict) and key not in ("params", "when"):
            result[key] = _merged(below, value)
        elif key == "checks" and isinstance(value, list) and isinstance(below, list):
            result[key] = _merged_checks(below, value)
        elif key == "notes" and isinstance(value, list) and isinstance(below, list):
            result[key] = [*below, *value]
        else:
            result[key] = value
    return result


def _merged_checks(base: list[Any], own: list[Any]) -> list[Any]:
    """Checks of the same id are patched in their place; `check: null` takes one away."""
    ids = {check.get("id") for check in base if isinstance(check, dict)}
    patches = {check["id"]: check for check in own if isinstance(check, dict) and check.get("id") in ids}
    kept = [_merged(check, patches.get(check.get("id"), {})) if isinstance(check, dict) else check for check in base]
    return [
        *(check for check in kept if not isinstance(check, dict) or "check" in check),
        *(check for check in own if not isinstance(check, dict) or check.get("id") not in ids),
    ]


def _proven(draft: _Draft) -> Profile:
    """The profile of a draft, checked against the schema, the document types and the kinds of check."""
    try:
        profile = Profile.model_validate({**draft.data, "path": draft.files[0][0]})
    except ValidationError as error:
        first = error.errors()[0]
        raise draft.wrong(_named(draft, first["loc"]), first["msg"].removeprefix("Value error, ")) from error
    _check_slots(profile, draft)
    _check_names(profile, draft)
    seen: set[str] = set()
    for check in profile.checks:
        where: Location = ("checks", check.id)
        if check.id in seen:
            raise draft.wrong((*where, "id"), f"the check id {check.id!r} is used twice")
        seen.add(check.id)
        if check.when:
            _check_condition(profile, check.when, draft, (*where, "when"))
        try:
            check_parameters(check, profile)
        except ReferenceProblemError as error:
            raise draft.wrong((*where, *error.location), str(error)) from error
    return profile


def _check_slots(profile: Profile, draft: _Draft) -> None:
    types = document_types()
    for name, slot in profile.slots.items():
        for type_id in slot.accepts:
            if type_id not in types:
                raise draft.wrong(("slots", name, "accepts"), f"unknown document type {type_id!r}")


def _check_names(profile: Profile, draft: _Draft) -> None:
    """References are told apart by their first word, so each may stand for one thing only."""
    taken = {"declared": "a reserved word"}
    for section in ("slots", "prerequisites"):
        for name in getattr(profile, section):
            if name in taken:
                raise draft.wrong((section, name), f"the name {name!r} is {taken[name]} already")
            taken[name] = f"used in {section}"
    for section in ("slots", "declared"):
        for name, item in getattr(profile, section).items():
            if item.when:
                _check_condition(profile, item.when, draft, (section, name, "when"), declared_only=True)
    for name, before in profile.prerequisites.items():
        for part, keys in (("declared", (before.declared,)), ("same", before.same)):
            for key in keys:
                if key is not None and key not in profile.declared:
                    raise draft.wrong(("prerequisites", name, part), f"{key!r} is not declared")
        if before.unless:
            _check_condition(profile, before.unless, draft, ("prerequisites", name, "unless"), declared_only=True)


def _check_condition(
    profile: Profile, when: Condition, draft: _Draft, where: Location, *, declared_only: bool = False
) -> None:
    try:
        check_condition(profile, when, declared_only=declared_only)
    except ValueError as error:
        raise draft.wrong(where, str(error)) from error


def _check_prerequisites(profiles: Mapping[str, Profile], drafts: Mapping[str, _Draft]) -> None:
    """Each prerequisite exists, and none rests on itself in the end."""
    for id_, profile in profiles.items():
        for name, before in profile.prerequisites.items():
            where: Location = ("prerequisites", name, "profile")
            if before.profile not in profiles:
                raise drafts[id_].wrong(where, f"there is no profile {before.profile!r}")
            if before.required and (circle := _circle(profiles, before.profile, (id_,))):
                raise drafts[id_].wrong(where, f"prerequisites go round in a circle: {' → '.join(circle)}")


def _circle(profiles: Mapping[str, Profile], id_: str, path: tuple[str, ...]) -> tuple[str, ...] | None:
    if id_ in path:
        return (*path, id_) if id_ == path[0] else None
    following: Iterable[str] = (
        b.profile for b in profiles[id_].prerequisites.values() if b.required and b.profile in profiles
    )
    return next((found for after in following if (found := _circle(profiles, after, (*path, id_)))), None)


def _named(draft: _Draft, location: Location) -> Location:
    """A place in `checks` by the check's id instead of its number: merged lists count differently from the file."""
    if location[:1] == ("checks",) and len(location) > 1 and isinstance(location[1], int):
        check = draft.data["checks"][location[1]]
        if isinstance(check, dict) and isinstance(check.get("id"), str):
            return ("checks", check["id"], *location[2:])
    return location


def _line_of(node: yaml.Node | None, location: Location, *, whole: bool = False) -> int:
    """The line of a place or of the nearest thing above it; 0 where `whole` is asked for and the file lacks it."""
    line = 1
    for part in location:
        found = _inside(node, part)
        if found is None:
            return 0 if whole else line
        line, node = found
    return line


def _inside(node: yaml.Node | None, part: int | str) -> tuple[int, yaml.Node] | None:
    if isinstance(node, yaml.MappingNode):
        pair = next(((k, v) for k, v in node.value if k.value == part), None)
        return (pair[0].start_mark.line + 1, pair[1]) if pair else None
    if isinstance(node, yaml.SequenceNode):
        if isinstance(part, int):
            item = node.value[part] if part < len(node.value) else None
        else:  # a check by its id; of two with one id the second is the mistake
            same = [i for i in node.value if isinstance(i, yaml.MappingNode)
                    and any(k.value == "id" and v.value == part for k, v in i.value)]  # fmt: skip
            item = same[-1] if same else None
        return (item.start_mark.line + 1, item) if item is not None else None
    return None
