"""Files as a run sees them: known by their content, wherever they lie."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

ABSENT = "absent"  # stands for the hash of a file that is not there
_PIECE = 1 << 20


def content_hash(path: Path, limit: int) -> str:
    """The SHA-256 of a file, in hexadecimal; what stands for it where it is no file or larger than `limit` bytes.

    Such a file is not read either; the stand-in changes when it does. Raises OSError where a file that is there fails.
    """
    try:
        status = path.stat()
    except (FileNotFoundError, NotADirectoryError):
        return ABSENT
    if not stat.S_ISREG(status.st_mode):
        return f"irregular-{stat.S_IFMT(status.st_mode)}"
    if status.st_size > limit:
        return f"large-{status.st_size}-{status.st_mtime_ns}"
    found = hashlib.sha256()
    with open(path, "rb", opener=_patient) as file:
        while piece := file.read(_PIECE):
            found.update(piece)
    return found.hexdigest()


def _patient(path: str, flags: int) -> int:
    """Open for reading without waiting: what was a file may have become a pipe in between."""
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))
