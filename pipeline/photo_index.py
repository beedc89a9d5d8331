"""Photos of earlier submissions, in one SQLite file (HEYAN_PHOTO_INDEX): what they look like, never what they show.

Owners are kept as HMACs under a key that lies beside the file. All looks are compared in memory: 100 000
photos take 45 MB and a few milliseconds, which no index of near matches in the database would beat.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
import sqlite3
import time
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extractors.errors import UsageError
from extractors.registry import document_types
from pipeline.photos import PRINTS
from pipeline.settings import Settings
from validators.case import FiledDocument
from validators.photo_index import PART, WHOLE, PhotoIndex, Seen

_SCHEMA = """
CREATE TABLE IF NOT EXISTS photo (
    id INTEGER PRIMARY KEY, owner BLOB NOT NULL, submission TEXT NOT NULL, look BLOB NOT NULL, UNIQUE (owner, look)
)"""
_KEY = 32  # bytes of the key of the HMACs
_Looks = npt.NDArray[np.uint64]  # photos × prints × 2 halves


def open_photo_index(settings: Settings) -> PhotoIndex | None:
    """The index the settings name, made where it is missing; None where they name none. Raises UsageError."""
    return SqlitePhotoIndex(settings.photo_index.expanduser()) if settings.photo_index else None


def owner_of(declared: dict[str, object]) -> str:
    """Who submits: the company, else the person; empty where neither is declared."""
    return next((str(declared[key]) for key in ("credit_code", "legal_representative_id") if declared.get(key)), "")


def remember(index: PhotoIndex, documents: Iterable[FiledDocument], owner: str, submission: str) -> None:
    """Keep the photos of a submission that was judged; nothing of one whose owner is not known."""
    for document in documents:
        kind = document_types().get(document.type)
        if owner and kind is not None and kind.photo and document.picture.get("look"):
            index.add(document.picture["look"], owner, submission)


class SqlitePhotoIndex:
    """A `PhotoIndex` in an SQLite file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._last = 0
        self._looks: _Looks = np.zeros((0, PRINTS, 2), np.uint64)
        self._photos: list[tuple[bytes, str]] = []
        try:
            path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with closing(self._connected()) as connection:
                connection.execute("PRAGMA journal_mode=WAL")
                connection.execute(_SCHEMA)
                first = connection.execute("SELECT owner, submission, look FROM photo LIMIT 1").fetchone()
            self._key = key_beside(path, new=first is None)
        except (OSError, sqlite3.Error) as error:
            raise UsageError(
                f"The photo index {path} cannot be used ({type(error).__name__}).",
                remedy="Set HEYAN_PHOTO_INDEX to a file that can be written to, or that an earlier run made.",
            ) from error

    def similar(self, look: Sequence[str], owner: str) -> list[Seen] | None:
        """Photos of other owners that look alike, one for each submission, oldest first."""
        if len(look) != PRINTS:
            return []
        try:
            self._catch_up()
        except sqlite3.Error:
            return None
        own, mine = self._hashed(owner), _numbers(look)[0]
        found = np.flatnonzero(
            _near(self._looks[:, :1], mine[None, 0], WHOLE)
            | _near(self._looks[:, 1:], mine[None, 0], PART)
            | _near(self._looks[:, :1], mine[1:], PART)
        )
        others = (self._photos[at] for at in found.tolist())
        return [Seen(name) for name in dict.fromkeys(name for whose, name in others if whose != own)]

    def add(self, look: Sequence[str], owner: str, submission: str) -> None:
        """Keep a photo, once for each owner. A full disk or a locked file loses it, not the submission."""
        if len(look) != PRINTS:
            return
        row = (self._hashed(owner), submission, _numbers(look).tobytes())
        try:
            with closing(self._connected()) as connection, connection:
                connection.execute("INSERT OR IGNORE INTO photo (owner, submission, look) VALUES (?, ?, ?)", row)
        except sqlite3.Error:
            return

    def _connected(self) -> sqlite3.Connection:
        return sqlite3.connect(self.path, timeout=10)

    def _hashed(self, owner: str) -> bytes:
        return hmac.new(self._key, owner.strip().upper().encode(), hashlib.sha256).digest()

    def _catch_up(self) -> None:
        """Read the photos that were added since the last look."""
        with closing(self._connected()) as connection:
            query = "SELECT id, owner, submission, look FROM photo WHERE id > ? ORDER BY id"
            rows = connection.execute(query, (self._last,)).fetchall()
        rows = [row for row in rows if len(row[3]) == PRINTS * 16]
        if not rows:
            return
        fresh = np.frombuffer(b"".join(row[3] for row in rows), np.uint64).reshape(-1, PRINTS, 2)
        self._looks = np.concatenate([self._looks, fresh])
        self._photos += [(owner, submission) for _, owner, submission, _ in rows]
        self._last = rows[-1][0]


def _numbers(look: Sequence[str]) -> _Looks:
    halves = [[int(line[:16], 16), int(line[16:], 16)] for line in look]
    return np.array([halves], np.uint64)


def _near(kept: _Looks, asked: npt.NDArray[np.uint64], limits: tuple[int, int]) -> npt.NDArray[np.bool_]:
    """Which photos have one of these prints within the limits of one of those asked for."""
    found = np.zeros(len(kept), bool)
    for light, gradient in asked:
        alike = np.bitwise_count(kept[..., 0] ^ light) <= limits[0]
        if alike.any():
            found |= (alike & (np.bitwise_count(kept[..., 1] ^ gradient) <= limits[1])).any(axis=1)
    return found


def key_beside(path: Path, *, new: bool) -> bytes:
    """The secret key of an index, made while the index is `new`: what it holds is known again under its own key alone.

    Raises UsageError for a key that is missing, OSError for one that was never written whole too.
    """
    place = path.with_name(path.name + ".key")
    if not new and not place.exists():
        raise UsageError(
            f"The key {place.name} beside the index {path} is missing: nothing the index holds could be known again.",
            remedy="Put the key back, or move the index away to begin a new one.",
        )
    try:
        handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _key_once_written(place)
    with os.fdopen(handle, "wb") as file:
        file.write(key := secrets.token_bytes(_KEY))
    return key


def _key_once_written(place: Path) -> bytes:
    """The key in a file another process may have made just now."""
    for _ in range(100):
        if len(key := place.read_bytes()) == _KEY:
            return key
        time.sleep(0.01)
    raise OSError("the key beside the index is not whole")
