"""The store: runs, readings, reports and locks in one database, for all processes and machines of a run."""

from __future__ import annotations

from functools import cache
from threading import Lock

from pipeline.settings import Settings
from pipeline.store.database import Database
from pipeline.store.locks import Locks
from pipeline.store.nights import Nights
from pipeline.store.readings import Readings
from pipeline.store.reports import Reports
from pipeline.store.runs import Runs
from pipeline.store.upgrade import upgrade
from pipeline.store.watching import Watching

_opening = Lock()


class Store(Runs, Readings, Reports, Watching, Nights, Locks):
    """Safe for threads; one for each process. Every method is one short transaction (a long list: several).

    While the database is busy or gone a method waits a few seconds. Then it raises StoreError, whose `data["cause"]`
    is database_away, disk_full or database_other. What was told before is kept, and telling it twice is as good as
    once: after any end a run goes on where it was.
    """

    @classmethod
    def open(cls, settings: Settings) -> Store:
        """The store the settings name, made or brought to this version where need be. Raises StoreError, UsageError."""
        database = Database(settings)
        upgrade(database)
        return cls(database)

    @property
    def shown(self) -> str:
        """The database's address without its password."""
        return self._database.shown

    def close(self) -> None:
        """Give the connections back; nobody may use the store afterwards."""
        self._database.close()


def open_store(settings: Settings) -> Store:
    """The one store of this process for these settings."""
    with _opening:
        return _opened(settings)


@cache
def _opened(settings: Settings) -> Store:
    return Store.open(settings)
