"""Where the workers of one run keep temporary files: gone when the run is, even one that was killed."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import IO

_PREFIX = "heyan-workers-"
_LOCK = ".lock"


class RunFolder:
    """A folder of this process, held by a lock that ends with it. Folders nobody holds any more are cleared away."""

    def __init__(self) -> None:
        with suppress(OSError):
            for left in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*/{_LOCK}"):
                _remove_left(left)
        self.path = Path(tempfile.mkdtemp(prefix=_PREFIX))
        self._lock = (self.path / _LOCK).open("wb")
        _locked(self._lock)

    def remove(self) -> None:
        shutil.rmtree(self.path, ignore_errors=True)
        self._lock.close()


def _remove_left(lock: Path) -> None:
    with suppress(OSError), lock.open("ab") as file:  # another user's cannot be opened
        if _locked(file):
            shutil.rmtree(lock.parent, ignore_errors=True)


def _locked(file: IO[bytes]) -> bool:
    """Whether the lock could be taken. A process id would not do: containers that share a folder have their own."""
    try:
        import fcntl
    except ImportError:
        return False  # Windows: such folders stay until the system clears them
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True
