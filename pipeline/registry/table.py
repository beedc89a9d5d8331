"""A company table of the user's as a registry: indexed once in the cache, then answered from there in milliseconds.

The index is a SQLite file named after the content of the table, so a changed table is indexed anew and any number of
processes may start at once. Whole numbers of persons are kept in it as HMACs only.
"""

from __future__ import annotations

import hashlib
import logging
import os
import re
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

from extractors.errors import UsageError
from extractors.model import Kind
from extractors.values import parse_date
from pipeline.registry.rows import read_rows, unusable
from validators.identifiers import credit_code
from validators.normalise import normalised
from validators.registry import (
    Agreement,
    Answer,
    Query,
    Result,
    Standing,
    agreement,
    id_agreement,
    id_hmac,
    is_id_hmac,
    is_masked,
    standing,
    unavailable,
    whole_number,
)

log = logging.getLogger(__name__)

_LAYOUT = "1"  # of the index; another number, and older ones are not used
_CODE = re.compile(r"[0-9A-HJ-NPQRTUWXY]{18}")
_INDIVIDUAL = "92"  # how the codes of individual businesses begin
_OWN = "#"  # before an HMAC made here, with the key of this cache
_UNUSED = 86_400  # seconds since an index was last opened, after which it may go
_NAMED = 20  # bad rows named in the log; more are counted
_SCHEMA = "CREATE TABLE company (code TEXT, name_key INTEGER, name TEXT, representative TEXT, id_number TEXT, "
_SCHEMA += "standing TEXT, as_of TEXT)"
_INDEXES = ("CREATE INDEX by_code ON company (code)", "CREATE INDEX by_name ON company (name_key)")
_FOUND = "SELECT DISTINCT code, name, representative, id_number, standing, as_of FROM company WHERE "


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the index."""

    code: str
    name: str = field(repr=False)
    representative: str = field(repr=False)
    id_number: str = field(repr=False)
    standing: str
    as_of: str


@dataclass(frozen=True, slots=True)
class TableRegistry:
    """Look-ups in an index. `id_key` is the key the table's own HMACs were made with, `secret` that of this cache."""

    index: Path
    source: str
    id_key: str = field(repr=False)
    secret: str = field(repr=False)

    def look_up(self, query: Query) -> Answer:
        """By the credit code if one is given; a name alone counts where it is one company's."""
        try:
            with closing(_opened(self.index)) as connection:
                by_code = _by_code(connection, query.credit_code) if query.credit_code else []
                entries = by_code or (_by_name(connection, query.name) if query.name else [])
        except sqlite3.Error as error:
            return unavailable(f"its index is gone or damaged ({type(error).__name__}): {self.index}", self.source)
        if by_code and len(entries) > 1:
            return unavailable("the table holds this company more than once, with different data", self.source)
        if len(entries) != 1 or not (by_code or self._names_one(query, entries[0])):
            return Answer(result=Result.NOT_FOUND, source=self.source)
        return self._answer(query, entries[0])

    def _names_one(self, query: Query, entry: Entry) -> bool:
        """Whether the entry of that name is this very company: individual businesses share names, companies do not."""
        codes = {entry.code, query.credit_code or entry.code}
        return all(not code.startswith(_INDIVIDUAL) and credit_code.is_valid(code) for code in codes)

    def _answer(self, query: Query, entry: Entry) -> Answer:
        fields = {
            "credit_code": agreement("credit_code", query.credit_code, entry.code),
            "name": agreement("name", query.name, entry.name),
            "legal_representative": agreement("legal_representative", query.legal_representative, entry.representative),
            "id_number": self._id_agreement(query.id_number, entry.id_number),
        }
        asked = {name: fields[name] for name in query.given()}
        as_of = date.fromisoformat(entry.as_of) if entry.as_of else None
        return Answer.model_validate(
            {"result": Result.FOUND, "fields": asked, "status": entry.standing, "source": self.source, "as_of": as_of}
        )

    def _id_agreement(self, number: str, held: str) -> Agreement:
        own = held.startswith(_OWN)
        return id_agreement(number, held.removeprefix(_OWN), self.secret if own else self.id_key)

    def count(self) -> int:
        """How many rows are indexed."""
        with closing(_opened(self.index)) as connection:
            return int(connection.execute("SELECT count(*) FROM company").fetchone()[0])


def open_table(
    path: Path, folder: Path, *, id_key: str, secret: str, progress: Callable[[str], None] | None = None
) -> TableRegistry:
    """The table at `path`, indexed in `folder` when its content is new. UsageError where it is no such table."""
    # The secret is part of the name: an index whose HMACs another key made would say that every number differs.
    place = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
    content = hashlib.sha256(f"{_LAYOUT} {_digest(path)} {secret}".encode()).hexdigest()[:24]
    index = folder / f"{place}-{content}.sqlite"
    if not index.is_file():
        if progress:
            progress("registry")
        try:
            _build(path, index, secret)
        except (OSError, sqlite3.Error) as error:
            raise UsageError(
                f"The registry table cannot be indexed in {folder} ({type(error).__name__}).",
                remedy="Make room there, or set HEYAN_CACHE_DIR to a folder that can be written to.",
            ) from error
        _drop_unused(folder, place, index)
    with suppress(OSError):  # a cache that cannot be written to any more still answers
        os.utime(index)
    return TableRegistry(index, path.name, id_key, secret)


def _drop_unused(folder: Path, place: str, index: Path) -> None:
    """Remove indexes of what the table was before, but none that a process now running may have opened."""
    for older in folder.glob(f"{place}-*.sqlite"):
        with suppress(OSError):
            if older != index and time.time() - older.stat().st_mtime > _UNUSED:
                older.unlink()


def _digest(path: Path) -> str:
    """SHA-256 over the content of a table; SQLite keeps what was written last in a second file."""
    try:
        parts = [part for part in (path, path.with_name(path.name + "-wal")) if part == path or part.exists()]
        states = [(str(part.resolve()), part.stat()) for part in parts]
        return _hashed(tuple((name, state.st_size, state.st_mtime_ns, state.st_ino) for name, state in states))
    except OSError as error:
        raise unusable(path, f"cannot be read ({error.strerror})") from error


@lru_cache(maxsize=4)
def _hashed(files: tuple[tuple[str, int, int, int], ...]) -> str:
    """The hash of files as they are now: a batch opens the same table for every submission."""
    whole = hashlib.sha256()
    for name, *_ in files:
        with open(name, "rb") as file:
            whole.update(hashlib.file_digest(file, "sha256").digest())
    return whole.hexdigest()


def _opened(index: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{index.resolve().as_uri()}?immutable=1", uri=True)


def _by_code(connection: sqlite3.Connection, code: str) -> list[Entry]:
    """The rows of a code, those of the newest day only where all of them are dated."""
    rows = connection.execute(_FOUND + "code = ?", (credit_code.compact(code),))
    entries = [Entry(*row) for row in rows]
    if entries and all(entry.as_of for entry in entries):
        newest = max(entry.as_of for entry in entries)
        return [entry for entry in entries if entry.as_of == newest]
    return entries


def _by_name(connection: sqlite3.Connection, name: str) -> list[Entry]:
    """The row of a name, if all rows of that name are of one code."""
    key, wanted = name_key(name), normalised(Kind.ORGANISATION, name)
    rows = connection.execute("SELECT DISTINCT code, name FROM company WHERE name_key = ?", (key,))
    codes = {code for code, held in rows if normalised(Kind.ORGANISATION, held) == wanted}
    return _by_code(connection, codes.pop()) if len(codes) == 1 else []


def name_key(name: str) -> int:
    """64 bits of a name's one form: half as large an index as the names themselves make."""
    digest = hashlib.blake2b(normalised(Kind.ORGANISATION, name).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big", signed=True)


def _build(path: Path, index: Path, secret: str) -> None:
    """Write the index beside its place and move it there in one step."""
    index.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, name = tempfile.mkstemp(prefix=".building-", dir=index.parent)  # readable by its owner only
    os.close(handle)
    made = Path(name)
    try:
        with closing(sqlite3.connect(made)) as connection:
            # A crash loses the file, which has no name yet: no journal is needed.
            connection.executescript("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; " + _SCHEMA)
            connection.executemany("INSERT INTO company VALUES (?, ?, ?, ?, ?, ?, ?)", _entries(path, secret))
            for statement in _INDEXES:
                connection.execute(statement)
            connection.commit()
            _tell_of_repeated(path, connection)
        with made.open("rb+") as file:
            os.fsync(file.fileno())
        try:
            os.replace(made, index)
        except PermissionError:  # another process built it first and has it open (Windows)
            if not index.is_file():
                raise
    finally:
        made.unlink(missing_ok=True)


def _entries(path: Path, secret: str) -> Iterator[tuple[str, int, str, str, str, str, str]]:
    bad = 0
    for number, row in read_rows(path):
        code = row.get("credit_code", "")
        code = code if _CODE.fullmatch(code) else credit_code.compact(code)
        if not _CODE.fullmatch(code):
            bad += 1
            if bad <= _NAMED:
                log.warning("%s: row %d has no well-formed credit code and is left out", path.name, number)
            continue
        name = row.get("name", "")
        yield (code, name_key(name), name, row.get("legal_representative", ""),
               _kept_number(row.get("id_number", ""), secret), _standing(row.get("status", "")),
               _day(row.get("as_of", "")))  # fmt: skip
    if bad > _NAMED:
        log.warning("%s: %d rows in all are left out", path.name, bad)


def _tell_of_repeated(path: Path, connection: sqlite3.Connection) -> None:
    repeated = "SELECT count(*) FROM (SELECT code FROM company GROUP BY code HAVING count(*) > 1)"
    if count := connection.execute(repeated).fetchone()[0]:
        log.warning("%s: %d codes are there more than once; the newest row of a code counts", path.name, count)


def _kept_number(held: str, secret: str) -> str:
    """A number as the index keeps it: masked and hashed ones as they are, whole ones as an HMAC, damaged ones not."""
    if not held or is_masked(held) or is_id_hmac(held):
        return held
    number = whole_number(held)
    return _OWN + id_hmac(number, secret) if number else ""


@lru_cache(maxsize=1024)
def _standing(text: str) -> Standing:
    return standing(text)


@lru_cache(maxsize=4096)
def _day(text: str) -> str:
    day = parse_date(text[:10]) or parse_date(text)
    return day.isoformat() if day else ""
