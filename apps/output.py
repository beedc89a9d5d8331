"""A stdout that carries nothing uninvited."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout, suppress
from typing import TextIO


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
