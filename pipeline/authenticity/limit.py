"""How often an invoice may be asked for on one day: the authority blocks an invoice that is asked for too often."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date
from pathlib import Path

from pipeline.answers import hashed, opened
from pipeline.service import Unanswered

log = logging.getLogger(__name__)

_SCHEMA = "CREATE TABLE IF NOT EXISTS asked (invoice TEXT, day TEXT, times INTEGER, PRIMARY KEY (invoice, day))"
_COUNT = """INSERT INTO asked VALUES (?, ?, 1) ON CONFLICT DO UPDATE SET times = times + 1 WHERE times < ?
    RETURNING times"""


class DailyLimit:
    """Counts the questions for each invoice (its number as an HMAC) and day, for all processes of this user."""

    def __init__(self, path: Path, secret: str, limit: int, today: Callable[[], date]) -> None:
        self._path, self._secret, self._limit, self._today = path, secret, limit, today

    def take(self, invoice: str) -> None:
        """Count one more question. Raises Unanswered where the day's are used up, or cannot be counted."""
        day = self._today().isoformat()
        try:
            with closing(opened(self._path)) as connection, connection:
                connection.execute(_SCHEMA)
                connection.execute("DELETE FROM asked WHERE day != ?", (day,))
                values = (hashed(self._secret, invoice.encode()), day, self._limit)
                granted = connection.execute(_COUNT, values).fetchone()
        except (OSError, sqlite3.Error) as error:
            log.warning("questions to the tax authority cannot be counted (%s)", type(error).__name__)
            raise Unanswered("how often it was asked today cannot be counted, so it was not asked") from error
        if granted is None:
            raise Unanswered(f"asked {self._limit} times today already, which is the daily limit for one invoice")
