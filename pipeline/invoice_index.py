"""Invoices of earlier submissions, in one SQLite file (HEYAN_INVOICE_INDEX): that they were there, not what they say.

Numbers, check codes and owners are kept as HMACs under a key that lies beside the file, so that the file alone tells
nothing of anybody's trade. Several processes may use it at once: every write is one short transaction, and which
submission was first is decided by the order of the rows.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

from extractors.errors import UsageError
from pipeline.photo_index import key_beside
from pipeline.settings import Settings
from validators.invoice_index import InvoiceIndex, Known, Sighting

# One row for each thing an invoice is known by: `kind` number, check_code or content, `mark` its HMAC.
_SCHEMA = """
CREATE TABLE IF NOT EXISTS sighting (
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, mark BLOB NOT NULL, owner BLOB NOT NULL, submission TEXT NOT NULL,
    seen_on TEXT NOT NULL, UNIQUE (kind, mark, owner, submission)
)"""
_EARLIER = """
SELECT id, submission, seen_on FROM sighting
WHERE kind = :kind AND mark = :mark AND NOT (owner = :owner AND submission = :submission)
  AND id < COALESCE((SELECT id FROM sighting WHERE kind = :kind AND mark = :mark AND owner = :owner
                     AND submission = :submission), 9223372036854775807)
"""


def open_invoice_index(settings: Settings) -> InvoiceIndex | None:
    """The index the settings name, made where it is missing; None where they name none. Raises UsageError."""
    return SqliteInvoiceIndex(settings.invoice_index.expanduser()) if settings.invoice_index else None


class SqliteInvoiceIndex:
    """An `InvoiceIndex` in an SQLite file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(self._connected()) as connection:
                connection.execute(_SCHEMA)
                with suppress(sqlite3.OperationalError):  # another process is just doing so: it stays done
                    connection.execute("PRAGMA journal_mode=WAL")
                asked = "SELECT kind, mark, owner, submission, seen_on FROM sighting LIMIT 1"
                first = connection.execute(asked).fetchone()
            self._key = key_beside(path, new=first is None)
        except (OSError, sqlite3.Error) as error:
            raise UsageError(
                f"The invoice index {path} cannot be used ({type(error).__name__}).",
                remedy="Set HEYAN_INVOICE_INDEX to a file that can be written to, or that an earlier run made.",
            ) from error

    def seen(self, invoice: Known, owner: str, submission: str) -> list[Sighting] | None:
        """Earlier uses in other submissions, one for each, the first first; None where the file cannot be read."""
        found: dict[int, Sighting] = {}
        try:
            with closing(self._connected()) as connection:
                for kind, mark in self._marks(invoice):
                    asked = {"kind": kind, "mark": mark, "owner": self._hashed(owner), "submission": submission}
                    for at, name, day in connection.execute(_EARLIER, asked):
                        found[at] = Sighting(name, date.fromisoformat(day))
        except sqlite3.Error:
            return None
        return list(dict.fromkeys(found[at] for at in sorted(found)))

    def add(self, invoice: Known, owner: str, submission: str, on: date) -> bool:
        """Keep an invoice, once for each submission; False where the disk is full or the file stays locked."""
        rows = [(kind, mark, self._hashed(owner), submission, on.isoformat()) for kind, mark in self._marks(invoice)]
        try:
            with closing(self._connected()) as connection, connection:
                connection.executemany(
                    "INSERT OR IGNORE INTO sighting (kind, mark, owner, submission, seen_on) VALUES (?, ?, ?, ?, ?)",
                    rows,
                )
        except sqlite3.Error:
            return False
        return True

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=10)

    def _marks(self, invoice: Known) -> Iterator[tuple[str, bytes]]:
        for kind in ("number", "check_code", "content"):
            if text := getattr(invoice, kind):
                yield kind, self._hashed(text)

    def _hashed(self, text: str) -> bytes:
        return hmac.new(self._key, text.strip().upper().encode(), hashlib.sha256).digest()
