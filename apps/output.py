"""Output that keeps its promises: whole files or none, and a stdout that carries nothing uninvited."""

from __future__ import annotations

import io
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from pathlib import Path
from typing import TextIO

from pydantic import BaseModel
from pydantic_core import PydanticSerializationError

from extractors.errors import HeyanError, UsageError


def writable_folder(folder: Path) -> Path:
    """The folder, made if need be; UsageError before any work is done when nothing can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise UsageError(f"cannot write to {folder}: {error.strerror or error}") from error
    return folder


def json_text(model: BaseModel) -> str:
    """A report as one JSON document. Half of a character pair (from a broken file name) is written as `\\udcff`."""
    try:
        return model.model_dump_json(by_alias=True, indent=2) + "\n"
    except PydanticSerializationError:
        return json.dumps(model.model_dump(mode="json", by_alias=True), indent=2) + "\n"


def write_whole(path: Path, content: str | bytes) -> None:
    """Write a file so that it is either complete or as it was: temp file beside it, fsync, replace.

    Only its owner may read it (mkstemp's mode): reports hold personal data. A character that UTF-8
    cannot hold (half of a pair, from a broken file name) is written as `?`.
    """
    handle, name = -1, ""
    try:
        handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        with os.fdopen(handle, "wb") as file:
            file.write(content.encode("utf-8", errors="replace") if isinstance(content, str) else content)
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


@contextmanager
def claimed_stdout() -> Iterator[TextIO]:
    """The real stdout for us alone; what anyone else prints meanwhile, native code too, goes to stderr."""
    ours = sys.stdout
    ours.flush()
    with redirect_stdout(sys.stderr), _descriptor_to_stderr() as kept:
        if kept is None or not _is_descriptor_1(ours):
            yield ours
            return
        out = io.TextIOWrapper(os.fdopen(os.dup(kept), "wb"), encoding="utf-8", errors="replace")
        try:
            yield out
            out.flush()
        finally:
            with suppress(OSError):
                out.close()


@contextmanager
def _descriptor_to_stderr() -> Iterator[int | None]:
    """Descriptor 1 leads to stderr meanwhile; yields a copy of what it was, None where there is none."""
    try:
        kept = os.dup(1)
    except OSError:  # started without a stdout
        yield None
        return
    try:
        os.dup2(2, 1)
        yield kept
    finally:
        os.dup2(kept, 1)
        os.close(kept)


def _is_descriptor_1(stream: TextIO) -> bool:
    try:
        return stream.fileno() == 1
    except (OSError, ValueError):  # not a real file: a test, an embedded interpreter
        return False
