"""A submission as the applicant wrote it: a folder with `submission.yaml` (or `.json`), or loose files.

Whatever is wrong with the description is a SubmissionError with the key and what it should be; what
is wrong with a file is found later and becomes a finding.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from extractors.errors import SubmissionError

DESCRIPTIONS = ("submission.yaml", "submission.yml", "submission.json")
_SUFFIXES = {"", ".jpg", ".jpeg", ".png", ".bmp", ".tif", ".tiff", ".webp", ".heic", ".heif", ".pdf", ".gif", ".ofd"}
_KEYS = {"profile", "declared", "documents"}
_DOCUMENT_KEYS = {"file", "slot"}
_MAX_DESCRIPTION = 1_000_000
_MAX_DEPTH = 10
# Declared values that may be written as a bare number, date or yes/no; all others lose digits or zeros so.
_BARE = {"registered_capital": (int, float), "invoicing_rate": (int, float), "established_on": (date,)}


@dataclass(frozen=True, slots=True)
class SubmittedFile:
    """A file to read, its name in the submission, and the slot the applicant put it into."""

    path: Path
    name: str
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class Submission:
    """A profile id (None: nothing to judge by yet), declared values, and files."""

    name: str
    profile: str | None
    declared: dict[str, Any]
    files: tuple[SubmittedFile, ...]
    ignored: tuple[str, ...] = field(default=())  # files in the folder that cannot be documents


def load_submission(
    path: Path, profile: str | None = None, declared: Path | None = None, *, known: Sequence[str] = ()
) -> Submission:
    """The submission at `path`: a folder, its description file, or one loose document.

    `profile` and `declared` (a YAML or JSON file of declared values) override what the description
    says. `known` are the declared keys that exist; another one is refused. Raises SubmissionError.
    """
    if not path.exists() and not path.is_symlink():
        raise SubmissionError(f"There is no {path}.", remedy="Give a folder, a submission.yaml or a document.")
    description: dict[str, Any] = {}
    folder = path if path.is_dir() else path.parent
    source = next((folder / n for n in DESCRIPTIONS if (folder / n).exists()), None)
    if path.name in DESCRIPTIONS:
        source = path
    if source and (path.is_dir() or path.name in DESCRIPTIONS):
        description = _mapping(source)
        _refuse_unknown(description, _KEYS, str(source.name))
    values = _declared(description.get("declared", {}), known, "declared")
    if declared:
        given = _mapping(declared)
        values |= _declared(given.get("declared", given), known, declared.name)
    files, ignored = _files(path, folder, description.get("documents"))
    chosen = profile or description.get("profile")
    if chosen is not None and not isinstance(chosen, str):
        raise SubmissionError("profile: a text such as 1688/name-verification is expected.")
    return Submission(folder.resolve().name, chosen, values, files, ignored)


def _files(path: Path, folder: Path, listed: Any) -> tuple[tuple[SubmittedFile, ...], tuple[str, ...]]:
    if path.is_file() and path.name not in DESCRIPTIONS:
        return (SubmittedFile(path, path.name),), ()
    if listed is not None:
        return _listed(folder, listed), ()
    files, ignored = [], []
    for entry in sorted(folder.iterdir()):
        if entry.name.startswith(".") or entry.name in DESCRIPTIONS or (entry.is_dir() and not entry.is_symlink()):
            continue
        if entry.suffix.lower() in _SUFFIXES:
            files.append(SubmittedFile(entry, entry.name))
        else:
            ignored.append(entry.name)
    if not files:
        raise SubmissionError(f"There is no document in {folder}.", remedy="Put pictures or PDF files into the folder.")
    return tuple(files), tuple(ignored)


def _listed(folder: Path, listed: Any) -> tuple[SubmittedFile, ...]:
    if not isinstance(listed, list) or not listed:
        raise SubmissionError("documents: a list of {file, slot} is expected.")
    files: list[SubmittedFile] = []
    for at, entry in enumerate(listed, 1):
        entry = {"file": entry} if isinstance(entry, str) else entry
        if not isinstance(entry, Mapping) or not isinstance(entry.get("file"), str):
            raise SubmissionError(f"documents[{at}]: 'file' with the name of a file is expected.")
        _refuse_unknown(entry, _DOCUMENT_KEYS, f"documents[{at}]")
        name, slot = entry["file"], entry.get("slot")
        if slot is not None and not isinstance(slot, str):
            raise SubmissionError(f"documents[{at}].slot: a text is expected.")
        parts = PurePosixPath(name.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts or Path(name).is_absolute():
            raise SubmissionError(f"documents[{at}].file: {name} lies outside the submission's folder.")
        if any(f.path == folder / parts for f in files):
            raise SubmissionError(f"documents[{at}].file: {name} is listed twice.")
        files.append(SubmittedFile(folder / parts, name, slot))
    return tuple(files)


def _declared(values: Any, known: Sequence[str], where: str) -> dict[str, Any]:
    if not isinstance(values, Mapping):
        raise SubmissionError(f"{where}: a mapping of declared values is expected.")
    if known:
        _refuse_unknown(values, set(known), where)
    declared: dict[str, Any] = {}
    for key, value in values.items():
        if value is None or isinstance(value, (str, bool)):
            declared[key] = value.strip() if isinstance(value, str) else value
        elif isinstance(value, _BARE.get(key, ())):
            declared[key] = value.isoformat() if isinstance(value, date) else str(value)
        else:
            raise SubmissionError(
                f"{where}.{key}: a text is expected, not {_type_name(value)}.",
                remedy='Write it in quotes, such as "330108198805142030": a bare number can lose digits.',
            )
    return declared


def _mapping(path: Path) -> dict[str, Any]:
    """A YAML or JSON file as a mapping. Aliases, repeated keys and oversized files are refused."""
    try:
        if path.stat().st_size > _MAX_DESCRIPTION:
            raise SubmissionError(f"{path.name} is larger than 1 MB: no description of a submission is.")
        text = path.read_text("utf-8-sig")
        data = json.loads(text) if path.suffix == ".json" else _yaml(text, path.name)
    except (OSError, UnicodeDecodeError) as error:
        raise SubmissionError(f"{path.name} cannot be read as UTF-8 text.") from error
    except json.JSONDecodeError as error:
        raise SubmissionError(f"{path.name}:{error.lineno}: not valid JSON ({error.msg}).") from error
    except RecursionError as error:
        raise SubmissionError(f"{path.name} is nested too deeply.") from error
    if not isinstance(data, dict):
        raise SubmissionError(f"{path.name}: a mapping with profile, declared and documents is expected.")
    return data


def _yaml(text: str, name: str) -> Any:
    try:
        # Aliases can make a few lines into gigabytes and nesting can overrun the stack; neither is needed.
        depth = 0
        for event in yaml.parse(text, yaml.CSafeLoader):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            line = event.start_mark.line + 1 if event.start_mark else 1
            if isinstance(event, yaml.AliasEvent):
                raise SubmissionError(f"{name}:{line}: aliases (*name) are not allowed.")
            if depth > _MAX_DEPTH:
                raise SubmissionError(f"{name}:{line}: nested too deeply.")
        node = yaml.compose(text, yaml.CSafeLoader)
        _refuse_repeated(node, name)
        return yaml.load(text, yaml.CSafeLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"{name}:{mark.line + 1}" if mark else name
        raise SubmissionError(f"{place}: not valid YAML ({getattr(error, 'problem', 'unreadable')}).") from error
    except ValueError as error:
        raise SubmissionError(f"{name}: a value is impossible ({error}).") from error


def _refuse_repeated(node: yaml.Node | None, name: str) -> None:
    if isinstance(node, yaml.MappingNode):
        seen: set[str] = set()
        for key, value in node.value:
            if key.value in seen:
                raise SubmissionError(f"{name}:{key.start_mark.line + 1}: the key {key.value} is there twice.")
            seen.add(key.value)
            _refuse_repeated(value, name)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _refuse_repeated(item, name)


def _refuse_unknown(values: Mapping[Any, Any], known: set[str], where: str) -> None:
    for key in values:
        if key not in known:
            near = get_close_matches(str(key), known, 1)
            meant = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(known))}."
            raise SubmissionError(f"{where}: unknown key {str(key)[:60]!r}.", remedy=meant)


def _type_name(value: Any) -> str:
    return {int: "a number", float: "a number", date: "a date", list: "a list", dict: "a mapping"}.get(
        type(value), type(value).__name__
    )
