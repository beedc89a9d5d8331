"""YAML and JSON that people write: read strictly, so that a slip is told with its place instead of guessed at."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from pathlib import Path, PurePosixPath
from typing import Any

import yaml

from extractors.errors import SubmissionError
from pipeline.file_store import file_store
from pipeline.remote import AddressError, Location, RemotePath, address, inside, is_url, not_allowed
from validators.findings import Bilingual

_MAX_BYTES = 1_000_000
_MAX_DEPTH = 10


def place_named(folder: Location, name: str, where: str, protocols: Collection[str]) -> Location:
    """Where a file lies that is named relative to a folder, or by a URL. SubmissionError for what must not be named."""
    if not is_url(name):
        return path_inside(folder, name, where)
    try:
        if not name.lower().startswith("file:"):
            found = address(name, protocols)
            file_store(found, protocols)  # what reads it is installed
            return found
        if "file" not in protocols:
            raise not_allowed("file")
        return inside(folder, name)
    except AddressError as error:
        told = error.reason
        raise AddressError(Bilingual(zh=f"{where}：{told.zh}", en=f"{where}: {told.en}")) from None


def path_inside(folder: Location, name: str, where: str) -> Location:
    """The path of a file named relative to a folder; SubmissionError when it would lie outside."""
    parts = PurePosixPath(name.replace("\\", "/"))
    if parts.is_absolute() or ".." in parts.parts or Path(name).is_absolute():
        raise SubmissionError(f"{where}: {name} lies outside the submission's folder.")
    return folder / parts


def read_mapping(path: Location, limit: int = _MAX_BYTES) -> dict[str, Any]:
    """A YAML or JSON file as a mapping. Aliases, repeated keys and files over `limit` bytes are refused."""
    try:
        text = _text(path, limit)
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


def _text(path: Location, limit: int) -> str:
    if isinstance(path, RemotePath):  # its protocol was found to be allowed when it was named
        data = file_store(path, {path.scheme}).read(path, limit)
        text = None if data is None else data.decode("utf-8-sig")
    else:
        text = None if path.stat().st_size > limit else path.read_text("utf-8-sig")
    if text is None:
        raise SubmissionError(f"{path.name} is larger than {limit / 1e6:g} MB: nothing a submission needs is.")
    return text


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


def refuse_unknown(values: Mapping[Any, Any], known: set[str], where: str) -> None:
    for key in values:
        if key not in known:
            near = get_close_matches(str(key), known, 1)
            meant = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sorted(known))}."
            raise SubmissionError(f"{where}: unknown key {str(key)[:60]!r}.", remedy=meant)
