"""How a worker process begins: bound to its parent, held to its limits, silent, with its own temp folder.

Nothing heavy is imported here before the limits hold: numeric libraries size their thread pools and
allocators when they are loaded, not when they are told later.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import sys
import tempfile
import threading
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path

from pipeline.settings import Settings

_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMEXPR_NUM_THREADS", "OMP_THREAD_LIMIT")
_PR_SET_PDEATHSIG = 1  # prctl(2)
_ARENAS, _TRIM_ABOVE, _MAP_ABOVE = -8, -1, -3  # mallopt(3): M_ARENA_MAX, M_TRIM_THRESHOLD, M_MMAP_THRESHOLD
_BACKSTOP = 1_000_000_000  # bytes a worker may ask for beyond its limit before the system itself refuses


@dataclass(frozen=True)
class Place:
    """What a worker is given: its folder for temporary files, the line to its parent, its share of the machine."""

    folder: str
    line: Connection  # the worker tells its process id; the parent says nothing: that it ends is the message
    parent: int
    threads: int
    settings: Settings
    reader: str  # module:function that opens the OCR engine


def start(place: Place) -> None:
    """Runs in each new worker before its first document."""
    _end_with_parent(place)
    place.line.send(os.getpid())
    signal.signal(signal.SIGTERM, signal.SIG_DFL)  # at once, also out of native code that never comes back
    for name in _THREADS:
        os.environ[name] = str(place.threads)
    _limit_memory(place.settings.worker_memory_mb * 1_000_000)
    _own_temp_folder(Path(place.folder))
    from pipeline import worker_reading

    worker_reading.prepare(place.settings, place.threads, place.reader)
    _silence()


def _end_with_parent(place: Place) -> None:
    """However the parent ends, kill -9 included, the worker ends with it: by the kernel, and by the line."""
    threading.Thread(target=_leave_when_closed, args=(place.line,), name="parent", daemon=True).start()
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != place.parent:  # it ended before it could be asked for
            os._exit(1)


def _leave_when_closed(line: Connection) -> None:
    try:
        while True:
            line.recv()
    except (EOFError, OSError):
        os._exit(1)


def _limit_memory(limit: int) -> None:
    """The parent watches what is in use; this stops an allocation too quick or too large for it, and core dumps."""
    if sys.platform == "win32":
        return
    import resource

    resource.setrlimit(resource.RLIMIT_DATA, (limit + _BACKSTOP, limit + _BACKSTOP))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a picture of the memory would hold documents
    if sys.platform == "linux":
        libc = ctypes.CDLL(None)
        if hasattr(libc, "mallopt"):
            libc.mallopt(_ARENAS, 2)


def _own_temp_folder(folder: Path) -> None:
    """A new worker clears away what the one before it in this folder was killed over."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700, parents=True)
    os.environ["TMPDIR"] = tempfile.tempdir = str(folder)


def _silence() -> None:
    """Native code prints where it likes, and may quote the document: no output of a worker is seen."""
    with open(os.devnull, "wb") as nowhere:
        for stream in (1, 2):
            os.dup2(nowhere.fileno(), stream)
