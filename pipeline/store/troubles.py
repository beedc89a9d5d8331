"""What goes wrong with a database, told by its codes: whether it passes by itself, and what to do."""

from __future__ import annotations

import shutil
import sqlite3
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_LITTLE = 1_000_000  # bytes: a disk with less than this is full


@dataclass(frozen=True, slots=True)
class Trouble:
    """`cause` is database_away, disk_full or database_other; `passes`: trying again may help."""

    cause: str
    message: str
    remedy: str
    passes: bool = False


_AWAY = Trouble(
    "database_away",
    "The database {database} does not answer",
    "Start it, or mend HEYAN_DATABASE_URL; what was written is kept.",
)
_PASSING = replace(_AWAY, passes=True)
_FULL = Trouble(
    "disk_full",
    "The disk that holds the database {database} is full",
    "Make room on it; what was written is kept.",
)
_OTHER = Trouble(
    "database_other",
    "The database {database} cannot be used",
    "It is damaged, or not Heyan's: name another one by HEYAN_DATABASE_URL, or restore a copy.",
)
NEWER = Trouble(
    "database_other",
    "The database {database} was made by another version of Heyan.",
    "Use that version, or name another database by HEYAN_DATABASE_URL.",
)

_SQLITE = {
    sqlite3.SQLITE_BUSY: _PASSING, sqlite3.SQLITE_LOCKED: _PASSING, sqlite3.SQLITE_PROTOCOL: _PASSING,
    sqlite3.SQLITE_FULL: _FULL, sqlite3.SQLITE_IOERR: _AWAY, sqlite3.SQLITE_CANTOPEN: _AWAY,
    sqlite3.SQLITE_READONLY: _AWAY, sqlite3.SQLITE_PERM: _AWAY, sqlite3.SQLITE_AUTH: _AWAY,
}  # fmt: skip
# By SQLSTATE, a longer beginning before a shorter one (PostgreSQL, appendix A).
_POSTGRESQL = (
    ("53100", _FULL),
    ("53", _PASSING),  # too many connections, out of memory
    ("08", _PASSING),  # connection lost
    ("40", _PASSING),  # a deadlock or a conflict: the transaction was undone
    ("55", _PASSING),  # a lock was not to be had
    ("57", _PASSING),  # shutting down, starting up, cancelled
    ("25006", _AWAY),  # read only
    ("28", _AWAY),  # user or password
    ("3D", _AWAY),  # no such database
    ("42501", _AWAY),  # no right to
    ("58", _AWAY),  # the server's own disk
)


def trouble_of(error: DBAPIError | PoolTimeout, folder: Path | None) -> Trouble:
    """What an error of the database means; `folder` is that of an SQLite file."""
    if isinstance(error, PoolTimeout):
        return _PASSING
    source = error.orig
    if isinstance(source, sqlite3.Error):
        code = getattr(source, "sqlite_errorcode", 0) & 0xFF
        found = _SQLITE.get(code, _OTHER)
        if found is _AWAY and folder is not None and _is_full(folder):
            found = _FULL
        return _named(found, getattr(source, "sqlite_errorname", type(source).__name__))
    state = getattr(source, "sqlstate", None)
    if state is None:
        lost = error.connection_invalidated or type(source).__name__ in ("OperationalError", "ConnectionTimeout")
        return _named(_PASSING if lost else _OTHER, type(source).__name__)
    found = next((trouble for begins, trouble in _POSTGRESQL if state.startswith(begins)), _OTHER)
    return _named(found, state)


def _named(trouble: Trouble, name: str) -> Trouble:
    return replace(trouble, message=f"{trouble.message} ({name}).")


def _is_full(folder: Path) -> bool:
    try:
        return shutil.disk_usage(folder).free < _LITTLE
    except OSError:
        return False
