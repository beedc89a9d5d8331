"""Answers of a registry service kept on disk for a while: what was asked is stored as an HMAC, errors never.

The cache only saves calls: whatever is wrong with it, the service is asked.
"""

from __future__ import annotations

import hashlib
import hmac
import logging
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from pydantic import ValidationError

from validators.registry import Answer, Result

log = logging.getLogger(__name__)

_BUSY = 2.0  # seconds to wait for another process that writes
_SCHEMA = "CREATE TABLE IF NOT EXISTS answer (asked TEXT PRIMARY KEY, answer TEXT NOT NULL, kept REAL NOT NULL)"


class Answers:
    """The answers to requests (their bytes, with the address asked), each good for `lifetime` seconds."""

    def __init__(self, path: Path, secret: str, lifetime: float, clock: Callable[[], float] = time.time) -> None:
        self._path, self._secret, self._lifetime, self._clock = path, secret, lifetime, clock

    def get(self, request: bytes) -> Answer | None:
        """The answer kept for a request, None where there is none or it is too old."""

        def read(connection: sqlite3.Connection) -> Answer | None:
            select = "SELECT answer FROM answer WHERE asked = ? AND kept BETWEEN ? AND ?"
            row = connection.execute(select, (self._key(request), *self._still_good())).fetchone()
            return Answer.model_validate_json(row[0]) if row else None

        return self._tried(read)

    def put(self, request: bytes, answer: Answer) -> None:
        """Keep an answer; one that only says that there was none is not kept. Those too old go."""

        def write(connection: sqlite3.Connection) -> None:
            oldest, now = self._still_good()
            with connection:
                connection.execute("DELETE FROM answer WHERE kept NOT BETWEEN ? AND ?", (oldest, now))
                values = (self._key(request), answer.model_dump_json(), now)
                connection.execute("INSERT OR REPLACE INTO answer VALUES (?, ?, ?)", values)

        if answer.result is not Result.UNAVAILABLE and self._lifetime > 0:
            self._tried(write)

    def _still_good(self) -> tuple[float, float]:
        """From when to when an answer was kept that is still good: not in the future, should a clock have gone back."""
        now = self._clock()
        return now - self._lifetime, now

    def _tried(self, use: Callable[[sqlite3.Connection], Answer | None]) -> Answer | None:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(sqlite3.connect(self._path, timeout=_BUSY)) as connection:
                connection.execute(_SCHEMA)
                return use(connection)
        except (OSError, sqlite3.Error, ValidationError) as error:
            log.warning("the cache of registry answers cannot be used (%s)", type(error).__name__)
            return None

    def _key(self, request: bytes) -> str:
        return hmac.new(self._secret.encode(), request, hashlib.sha256).hexdigest()
