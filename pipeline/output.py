"""Files that keep their promises: whole or not at all, readable by their owner only."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

from extractors.errors import HeyanError, UsageError

_URL = re.compile(r"([a-z][a-z0-9+.-]+):/", re.IGNORECASE)  # as a path keeps it; one letter is a drive


def writable_folder(folder: Path) -> Path:
    """The folder, made if need be; UsageError before any work is done when nothing can be written there."""
    if url := _URL.match(folder.as_posix()):
        raise UsageError(
            f"reports are written to a folder, not to {url[1]}://.",
            remedy="Name a folder of this machine, or one that all machines of the run have mounted.",
        )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror or error}") from error
    return folder


def made_folder(folder: Path) -> Path:
    """The folder, made if need be. Raises HeyanError."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise HeyanError(f"cannot make {folder}: {error.strerror or error}.") from error
    return folder


def take_away_left(folder: Path, name: str) -> None:
    """Remove what a process that was killed left half-written of a file, or of all whose names begin so."""
    for left in folder.glob(f".{name}.*"):
        with suppress(OSError):
            left.unlink()


def json_text(model: BaseModel) -> str:
    """A report as one JSON document. Half of a character pair (from a broken file name) is written as `\\udcff`."""
    try:
        return model.model_dump_json(by_alias=True, indent=2) + "\n"
    except PydanticSerializationError:
        return json.dumps(model.model_dump(mode="json", by_alias=True), indent=2) + "\n"


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that it is either complete or as it was.

    A character that UTF-8 cannot hold (half of a pair, from a broken file name) is written as `?`.
    """
    with whole_file(path) as file:
        file.write(content.encode("utf-8", errors="replace") if isinstance(content, str) else content)


@contextmanager
def whole_file(path: Path) -> Iterator[BinaryIO]:
    """A file to write that takes its place only when all of it is there: temp file beside it, fsync, replace.

    Only its owner may read it (mkstemp's mode): reports hold personal data. Raises HeyanError.
    """
    handle, name = -1, ""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        os.replace(name, path)
        name = ""
    except OSError as error:
        raise HeyanError(f"cannot write {path}: {error.strerror or error}.") from error
    finally:
        if name:
            with suppress(OSError):
                os.unlink(name)
