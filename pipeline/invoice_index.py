"""Invoices and other documents of earlier submissions, in SQLite files: that they were there, not what they say.

HEYAN_INVOICE_INDEX and HEYAN_DOCUMENT_INDEX name them. Numbers, check codes, hashes of files and owners are kept as
HMACs under a key that lies beside the file, so that the file alone tells nothing of anybody's trade; names of
submissions and days are kept as they are. Several processes may use a file at once: every write is one short
transaction, and which submission was first is decided by the order of the rows.
"""

from __future__ import annotations

import hashlib
import hmac
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

from extractors.errors import UsageError
from pipeline.photo_index import key_beside
from pipeline.settings import Settings
from validators.document_index import DocumentIndex
from validators.invoice_index import InvoiceIndex, Known, Sighting

# One row for each thing a document is known by: `kind` (number, check_code, content, …) and `mark`, its HMAC.
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
_OF_OTHERS = """
SELECT id, submission, seen_on FROM sighting
WHERE kind = :kind AND mark = :mark AND owner <> :owner
  AND id < COALESCE((SELECT MIN(id) FROM sighting WHERE kind = :kind AND mark = :mark AND owner = :owner),
                    9223372036854775807)
"""


def open_invoice_index(settings: Settings) -> InvoiceIndex | None:
    """The index the settings name, made where it is missing; None where they name none. Raises UsageError."""
    return _opened(settings.invoice_index, "HEYAN_INVOICE_INDEX")


def open_document_index(settings: Settings) -> DocumentIndex | None:
    """The same for documents of any other kind."""
    return _opened(settings.document_index, "HEYAN_DOCUMENT_INDEX")


def _opened(path: Path | None, setting: str) -> SqliteSightings | None:
    return SqliteSightings(path.expanduser(), setting) if path else None


class SqliteSightings:
    """An `InvoiceIndex` and a `DocumentIndex` in an SQLite file."""

    def __init__(self, path: Path, setting: str = "HEYAN_INVOICE_INDEX") -> None:
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
                f"The index {path} cannot be used ({type(error).__name__}).",
                remedy=f"Set {setting} to a file that can be written to, or that an earlier run made.",
            ) from error

    def seen(self, invoice: Known, owner: str, submission: str) -> list[Sighting] | None:
        """Earlier uses in other submissions, one for each, the first first; None where the file cannot be read."""
        return self._found(_EARLIER, invoice.marks(), owner, submission)

    def add(self, invoice: Known, owner: str, submission: str, on: date) -> bool:
        """Keep an invoice, once for each submission; False where the disk is full or the file stays locked."""
        return self.keep(invoice.marks(), owner, submission, on)

    def of_others(self, marks: Mapping[str, str], owner: str) -> list[Sighting] | None:
        """Uses by others before this owner's first, the first first; None where the file cannot be read."""
        return self._found(_OF_OTHERS, marks, owner)

    def keep(self, marks: Mapping[str, str], owner: str, submission: str, on: date) -> bool:
        """Keep what a document is known by; False where the disk is full or the file stays locked."""
        whose = self._hashed(owner)
        rows = [(kind, self._hashed(text), whose, submission, on.isoformat()) for kind, text in marks.items()]
        try:
            with closing(self._connected()) as connection, connection:
                connection.executemany(
                    "INSERT OR IGNORE INTO sighting (kind, mark, owner, submission, seen_on) VALUES (?, ?, ?, ?, ?)",
                    rows,
                )
        except sqlite3.Error:
            return False
        return True

    def _found(self, query: str, marks: Mapping[str, str], owner: str, submission: str = "") -> list[Sighting] | None:
        found: dict[int, Sighting] = {}
        try:
            with closing(self._connected()) as connection:
                for kind, text in marks.items():
                    asked = {"kind": kind, "mark": self._hashed(text), "owner": self._hashed(owner)}
                    for at, name, day in connection.execute(query, {**asked, "submission": submission}):
                        found[at] = Sighting(name, date.fromisoformat(day))
        except sqlite3.Error:
            return None
        return list(dict.fromkeys(found[at] for at in sorted(found)))

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=10)

    def _hashed(self, text: str) -> bytes:
        return hmac.new(self._key, text.strip().upper().encode(), hashlib.sha256).digest()
