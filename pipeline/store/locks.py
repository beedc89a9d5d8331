"""Locks over processes and machines: one row each, renewed while its holder lives.

A holder is named by machine (its name and process namespace), process and the moment the process was started, so
that one of this machine that is gone is seen to be gone. One of another machine is taken for gone when it has not
renewed its lock in time.
"""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from uuid import uuid4

import psutil
from sqlalchemy import Connection, delete, func, select, update

from extractors.errors import StoreError
from pipeline.store.models import LockRow
from pipeline.store.part import Part, insert

_SEPARATOR = "|"


class Held(StoreError):  # noqa: N818
    """Somebody else holds the lock; `holder` names machine and process, `what` is what it is held for."""

    def __init__(self, what: str, holder: str) -> None:
        machine, process, *_ = (*holder.split(_SEPARATOR), "")
        self.holder = f"{machine.partition('@')[0]}:{process}"
        super().__init__(
            f"{what} is being done already, by process {self.holder}.", remedy="Wait until it is done.", cause="held"
        )


@dataclass
class Lock:
    """A lock that is held; `kept` turns False when it could not be renewed in time and may be another's."""

    name: str
    kept: bool = True


class Locks(Part):
    @contextmanager
    def hold(self, name: str, *, what: str = "", seconds: float = 60) -> Iterator[Lock]:
        """Hold a lock for as long as the block lasts. Raises Held, which says `what` is being done.

        It outlives a process that dies by `seconds` at most; on the same machine it is free at once.
        """
        holder = _me()
        if (other := self._database.write(partial(_taken, name=name, holder=holder, seconds=seconds))) is not None:
            raise Held(what or name, other)
        lock, done = Lock(name), threading.Event()
        renewing = threading.Thread(target=self._renew, args=(lock, holder, seconds, done), daemon=True)
        renewing.start()
        try:
            yield lock
        finally:
            done.set()
            renewing.join()
            with suppress(StoreError):  # what happened inside must not be hidden; the lock ends by itself
                own = delete(LockRow).where(LockRow.name == name, LockRow.holder == holder)
                self._database.write(lambda c: c.execute(own))

    def _renew(self, lock: Lock, holder: str, seconds: float, done: threading.Event) -> None:
        renewed = time.monotonic()
        while lock.kept and not done.wait(seconds / 4):
            asked = time.monotonic()
            try:
                lock.kept = self._database.write(partial(_renewed, name=lock.name, holder=holder, seconds=seconds))
                renewed = asked
            except StoreError:
                lock.kept = time.monotonic() < renewed + seconds


def _taken(connection: Connection, name: str, holder: str, seconds: float) -> str | None:
    """Take a lock; who has it, if that is another."""
    now = _clock(connection)
    values = {"name": name, "holder": holder, "until": now + seconds}
    connection.execute(insert(connection, LockRow).values(values).on_conflict_do_nothing())
    asked = select(LockRow.__table__).where(LockRow.name == name).with_for_update(key_share=True)
    row = connection.execute(asked).one_or_none()
    if row is None:  # given back in between
        return _taken(connection, name, holder, seconds)
    if row.holder != holder and row.until > now and not _is_gone(row.holder):
        return str(row.holder)
    connection.execute(update(LockRow).where(LockRow.name == name).values(values))
    return None


def _renewed(connection: Connection, name: str, holder: str, seconds: float) -> bool:
    own = update(LockRow).where(LockRow.name == name, LockRow.holder == holder)
    renewed = connection.execute(own.values(until=_clock(connection) + seconds))
    return renewed.rowcount > 0


def _clock(connection: Connection) -> float:
    """Seconds by one clock for all machines: the server's; SQLite has its machine's."""
    if connection.dialect.name != "postgresql":
        return time.time()
    return float(connection.execute(select(func.extract("epoch", func.clock_timestamp()))).scalar_one())


def _machine() -> str:
    try:
        namespace = os.readlink("/proc/self/ns/pid")  # containers may share a name, and count processes of their own
    except OSError:
        namespace = ""
    return f"{socket.gethostname()}@{namespace}"


def _me() -> str:
    started = psutil.Process().create_time()
    return _SEPARATOR.join((_machine(), str(os.getpid()), f"{started:.2f}", uuid4().hex[:8]))


def _is_gone(holder: str) -> bool:
    """Whether a holder is a process of this machine that is no more."""
    machine, process, started, _ = holder.split(_SEPARATOR)
    if machine != _machine():
        return False
    try:
        return bool(abs(psutil.Process(int(process)).create_time() - float(started)) > 1)
    except psutil.NoSuchProcess:
        return True
    except psutil.Error:
        return False
