"""Answers of services kept on disk for a while: what was asked is stored as an HMAC, errors never.

The cache only saves calls: whatever is wrong with it, the service is asked.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import os
import secrets
import sqlite3
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path
from typing import Generic, TypeVar

from pydantic import BaseModel, ValidationError

from extractors.errors import UsageError

log = logging.getLogger(__name__)

_BUSY = 2.0  # seconds to wait for another process that writes
_SCHEMA = "CREATE TABLE IF NOT EXISTS answer (asked TEXT PRIMARY KEY, answer TEXT NOT NULL, kept REAL NOT NULL)"

A = TypeVar("A", bound=BaseModel)


class Answers(Generic[A]):
    """The answers to requests (their bytes, with the address asked), each good for so many seconds by its result."""

    def __init__(
        self, path: Path, secret: str, form: type[A], lifetimes: Mapping[str, float],
        clock: Callable[[], float] = time.time,
    ) -> None:  # fmt: skip
        self._path, self._secret, self._form, self._clock = path, secret, form, clock
        self._lifetimes = dict(lifetimes)  # a result that is not among them is not kept

    def get(self, request: bytes) -> A | None:
        """The answer kept for a request, None where there is none or it is too old."""

        def read(connection: sqlite3.Connection) -> A | None:
            select = "SELECT answer, kept FROM answer WHERE asked = ?"
            row = connection.execute(select, (self._key(request),)).fetchone()
            if row is None:
                return None
            answer = self._form.model_validate_json(row[0])
            # Not in the future, should a clock have gone back.
            return answer if 0 <= self._clock() - row[1] <= self._lifetime(answer) else None

        return self._tried(read)

    def put(self, request: bytes, answer: A) -> None:
        """Keep an answer of a result that is kept. Those too old go."""

        def write(connection: sqlite3.Connection) -> None:
            now = self._clock()
            with connection:
                oldest = now - max(self._lifetimes.values())
                connection.execute("DELETE FROM answer WHERE kept NOT BETWEEN ? AND ?", (oldest, now))
                values = (self._key(request), answer.model_dump_json(), now)
                connection.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?)", values)

        if self._lifetime(answer) > 0:
            self._tried(write)

    def _lifetime(self, answer: A) -> float:
        return self._lifetimes.get(answer.result, 0.0)  # type: ignore[attr-defined]

    def _tried(self, use: Callable[[sqlite3.Connection], A | None]) -> A | None:
        try:
            with closing(opened(self._path)) as connection:
                connection.execute(_SCHEMA)
                return use(connection)
        except (OSError, sqlite3.Error, ValidationError) as error:
            log.warning("the cache of answers cannot be used (%s)", type(error).__name__)
            return None

    def _key(self, request: bytes) -> str:
        return hashed(self._secret, request)


def hashed(secret: str, text: bytes) -> str:
    return hmac.new(secret.encode(), text, hashlib.sha256).hexdigest()


def opened(path: Path) -> sqlite3.Connection:
    """A database in a folder of its own that only this user can read."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    return sqlite3.connect(path, timeout=_BUSY)


def cache_secret(folder: Path) -> str:
    """The key numbers and questions are hashed with in the cache: made once for each cache, readable by its owner."""
    place = folder / "secret"
    try:
        if not place.is_file():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, made = tempfile.mkstemp(dir=folder)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(32))
            os.replace(made, place)
        return place.read_text("ascii")  # whoever came last has made it
    except OSError as error:
        raise UsageError(
            f"The cache folder {folder} cannot be used ({error.strerror}).",
            remedy="Set HEYAN_CACHE_DIR to a folder that can be written to.",
        ) from error
