"""The database itself: SQLite in a file of our own, or PostgreSQL; short transactions, tried again while it is busy.

SQLite takes one writer at a time: a write begins with BEGIN IMMEDIATE, so that it waits at its beginning instead of
failing in its middle, and the threads of a process queue before they ask.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from platformdirs import user_data_path
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from extractors.errors import StoreError, UsageError
from pipeline.settings import Settings
from pipeline.store.troubles import Trouble, trouble_of

FILE = "heyan.db"
PATIENCE = 8.0  # seconds a transaction is tried again while the database is busy or away
_BUSY = 5000  # milliseconds SQLite itself waits for another writer
_PRAGMAS = ("journal_mode=WAL", "synchronous=NORMAL", f"busy_timeout={_BUSY}", "foreign_keys=ON")
# Seconds: a server that has gone without a word is noticed, and the transaction is tried again.
_CONNECTION = {
    "connect_timeout": "5", "tcp_user_timeout": "15000", "keepalives_idle": "10", "keepalives_interval": "5",
    "keepalives_count": "3", "application_name": "heyan",
}  # fmt: skip
_WRITES = "heyan_writes"

T = TypeVar("T")


class Database:
    """One database; safe for threads. Every call of `read` and `write` is one transaction."""

    def __init__(self, settings: Settings) -> None:
        self.url = address_of(settings)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self._reader = _sqlite(self.url) if self.is_sqlite else _postgresql(self.url)
        self._writer = self._reader.execution_options(**{_WRITES: True})
        self._queue = threading.Lock()

    @property
    def shown(self) -> str:
        """The address without its password."""
        return self.url.render_as_string(hide_password=True)

    def read(self, work: Callable[[Connection], T]) -> T:
        """What `work` finds. Raises StoreError."""
        return self._done(lambda: _transaction(self._reader, work))

    def write(self, work: Callable[[Connection], T]) -> T:
        """Do `work`, whole or not at all. It may be done twice when the answer gets lost: it must not mind."""
        if not self.is_sqlite:
            return self._done(lambda: _transaction(self._writer, work))
        with self._queue:
            return self._done(lambda: _transaction(self._writer, work))

    def close(self) -> None:
        self._reader.dispose()

    def _done(self, work: Callable[[], T]) -> T:
        patient_until, pause = time.monotonic() + PATIENCE, 0.02
        while True:
            try:
                return work()
            except (DBAPIError, PoolTimeout) as error:
                trouble = trouble_of(error, self._folder())
                if not trouble.passes or time.monotonic() + pause > patient_until:
                    # Without its cause: a server's own message may quote what was to be written.
                    raise store_error(trouble, self.shown) from None
            except StatementError as error:  # a value that is not kept: no trouble of the database's
                raise error.orig or error from None
            time.sleep(pause)
            pause = min(pause * 2, 1.0)

    def _folder(self) -> Path | None:
        return Path(str(self.url.database)).parent if self.is_sqlite else None


def address_of(settings: Settings) -> URL:
    """Where the database is: as the setting says, else a file in the user's data folder. Raises UsageError."""
    if settings.database_url is None:
        return URL.create("sqlite", database=str(user_data_path("heyan") / FILE))
    remedy = "Write HEYAN_DATABASE_URL as postgresql://user:password@host/database or sqlite:////folder/heyan.db."
    try:
        url = make_url(settings.database_url.get_secret_value())
        if url.drivername in ("postgresql", "postgres", "postgresql+psycopg") and url.database:
            return url.set(drivername="postgresql+psycopg")
        if url.drivername == "sqlite" and url.database not in (None, "", ":memory:"):
            return url.set(database=str(Path(str(url.database)).expanduser().absolute()))
    except (ArgumentError, ValueError):
        pass
    raise UsageError("The address of the database is not understood.", remedy=remedy) from None


def store_error(trouble: Trouble, shown: str) -> StoreError:
    return StoreError(trouble.message.format(database=shown), remedy=trouble.remedy, cause=trouble.cause)


def _transaction(engine: Engine, work: Callable[[Connection], T]) -> T:
    with engine.begin() as connection:
        return work(connection)


def _postgresql(url: URL) -> Engine:
    asked = {name: value for name, value in _CONNECTION.items() if name not in url.query}
    return create_engine(url, hide_parameters=True, connect_args=asked, pool_size=4, max_overflow=12)


def _sqlite(url: URL) -> Engine:
    path = Path(str(url.database))
    try:
        _private_file(path)
    except OSError as error:
        told = f"The database {path} cannot be made or opened ({error.strerror})."
        raise StoreError(
            told, remedy="Set HEYAN_DATABASE_URL to a place that can be written to.", cause="database_away"
        ) from error
    engine = create_engine(url, hide_parameters=True, connect_args={"timeout": _BUSY / 1000})

    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _: Any) -> None:
        connection.isolation_level = None  # transactions begin as `_begun` says
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        writes = connection.get_execution_options().get(_WRITES)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _private_file(path: Path) -> None:
    """A file only its owner may read; SQLite gives the files beside it the same mode."""
    if not path.parent.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    if path.parent == user_data_path("heyan"):
        path.parent.chmod(0o700)
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    except FileExistsError:
        os.close(os.open(path, os.O_RDWR))
