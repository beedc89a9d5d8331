"""What goes to a worker and what comes back: small, since it travels through a pipe; never a picture."""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import Any

from pipeline.documents import Document, unread
from pipeline.pictures import Wanted
from pipeline.submission import SubmittedFile
from pipeline.unreadable import unreadable
from validators.findings import Bilingual


@dataclass(frozen=True, slots=True)
class Job:
    """One file to read: the key its reading is stored under, its content's hash, and what is wanted of it."""

    key: str
    sha256: str
    file: SubmittedFile
    wants: Wanted = field(default_factory=Wanted)


@dataclass(frozen=True, slots=True)
class Read:
    """The documents of one file, and what reading them took; `engine` is empty where nothing had to be read."""

    documents: list[Document]
    timings: dict[str, float]  # milliseconds by step
    seconds: float
    rss_mb: float  # of the worker, afterwards
    worker: str  # host:pid
    engine: dict[str, Any] = field(default_factory=dict)
    failed: tuple[Failed, ...] = ()  # attempts before this one


@dataclass(frozen=True, slots=True)
class Failed:
    """A file that could not be read, for a reason of its own."""

    kind: str  # timeout, died, memory or error
    reason: Bilingual
    detail: str  # for logs: kinds and places of errors, never words of the document
    seconds: float = 0.0
    rss_mb: float = 0.0
    worker: str = ""
    cause: str | None = None  # what it would be if other files failed alike: see `Outages`
    again: bool = True  # whether a fresh worker may do better
    failed: tuple[Failed, ...] = ()  # attempts before this one

    def document(self, file: SubmittedFile) -> Document:
        """The file as the one document it stands for: not read, and why."""
        return unread(file, unreadable(self.reason, self.detail))


@dataclass(frozen=True, slots=True)
class Away:
    """Not the file's fault: an OutageError on its way to the parent."""

    cause: str
    message: str
    remedy: str


@dataclass(frozen=True, slots=True)
class Event:
    """What happens to workers: "failed" (an attempt at a file, which may be tried again) or "replaced" (a process)."""

    kind: str
    worker: str
    job: Job | None = None
    failed: Failed | None = None


def worker_name(pid: int) -> str:
    return f"{socket.gethostname()}:{pid}"
