"""Causes outside the documents: what a run rests on and may lose, and when that stops the run.

A file that cannot be read is data. A full disk is not: every further file would fail like it, and each
failure would look like the file's own. So a cause is told apart from a file, and three different files
in a row that fail for the same cause end the run.
"""

from __future__ import annotations

import errno
import threading
from collections.abc import Iterator

from extractors.errors import OutageError

IN_A_ROW = 3

_FULL = {errno.ENOSPC, errno.EDQUOT}
_AWAY = {  # what a disk that breaks and a network folder that vanishes answer
    getattr(errno, name)
    for name in ("EIO", "ESTALE", "ENOTCONN", "ETIMEDOUT", "EHOSTDOWN", "EHOSTUNREACH", "ENETUNREACH", "ENODEV")
    if hasattr(errno, name)
}

_TOLD = {  # cause → what happened, what to do
    "disk_full": ("The disk is full.", "Make room on it, or name another folder, then continue."),
    "model_missing": ("The OCR engine or its models cannot be loaded.", "`heyan doctor` shows what is missing."),
    "engine": ("The OCR engine fails on every file.", "`heyan doctor` shows what is installed and whether it reads."),
    "files_away": ("The folder or store the files lie in cannot be reached.", "Connect it, then continue."),
    "database_away": ("The database cannot be reached.", "See that it runs, then continue."),
    "prefect_away": ("The Prefect server cannot be reached.", "See that it runs, then continue."),
}  # fmt: skip


def outage(cause: str, message: str = "", remedy: str = "") -> OutageError:
    """The error a cause stops a run with, in the words of this table where none better are at hand."""
    what, then = _TOLD[cause]
    return OutageError(cause, message or what, remedy=remedy or then)


def cause_of(error: BaseException) -> str | None:
    """The cause outside the documents an error goes back to; None where it is the document's own, or unknown."""
    for link in _chain(error):
        if isinstance(link, OutageError):
            return link.cause
        if isinstance(link, OSError) and link.errno in _FULL:
            return "disk_full"
        if isinstance(link, OSError) and link.errno in _AWAY:
            return "files_away"
    return None


def _chain(error: BaseException) -> Iterator[BaseException]:
    """An error, and what it was raised from."""
    link: BaseException | None = error
    for _ in range(20):
        if link is None:
            return
        yield link
        link = link.__cause__ or link.__context__


class Outages:
    """The failures of a run in the order they came, as far as they share a cause."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._cause: str | None = None
        self._files: set[str] = set()

    def note(self, file: str, cause: str | None, error: OutageError | None = None) -> None:
        """A file came through (`cause` None), or failed for a cause; OutageError when three in a row did.

        One file that fails again and again is counted once.
        """
        with self._lock:
            if cause != self._cause:
                self._cause, self._files = cause, set()
            if cause is None:
                return
            self._files.add(file)
            if len(self._files) >= IN_A_ROW:
                raise error or outage(cause)
