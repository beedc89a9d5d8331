"""One worker process and whoever is to sit there next: watched, ended and replaced from the parent's side.

Each seat is a pool of one (pebble: ends a worker that is over its time, tells one that died, starts the
next). Several workers of one pool would share a pipe and its locks, and one killed at the wrong moment
would take the others with it; seats share nothing.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import Future, wait
from concurrent.futures.process import BrokenProcessPool
from pathlib import Path
from threading import Event
from typing import Any

import psutil
from pebble import ProcessExpired, ProcessPool

from pipeline.outage import outage
from pipeline.settings import Settings
from pipeline.unreadable import UNEXPECTED, died, too_large, too_slow
from pipeline.worker_jobs import Failed, Read, worker_name
from pipeline.worker_start import Place, start

_LOOK = 0.1  # seconds between two looks at a worker's memory: at 4 GB/s it grows by 400 MB in between
_STARTS_WITHIN = 120.0  # seconds a process may take to come up: one that cannot has nothing to do with a document
_UNSEEN = 20  # looks at a process that has gone until it is taken for lost: it may have answered just before
_SPAWN = multiprocessing.get_context("spawn")  # a fork of a process with threads inherits their locks


class Stopped(Exception):  # noqa: N818 - no error: it was asked for
    """The seat was told to stop while somebody waited for its answer."""


class Seat:
    """Runs one function at a time in a process of its own. Used by one thread."""

    def __init__(self, folder: Path, threads: int, settings: Settings, reader: str, stop: Event) -> None:
        self.settings = settings
        self.stop = stop
        self.replaced = 0
        self.pid = 0
        self._process: psutil.Process | None = None  # that of `pid`
        self._line, theirs = _SPAWN.Pipe()
        self._place = Place(str(folder), theirs, os.getpid(), threads, settings, reader)
        self._pool: ProcessPool | None = None
        self._first_mb: float | None = None  # what this process held after its first document
        self._loaded = False  # whether that document, or a later one, loaded the engine
        self._most_mb = 0.0

    def run(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What the function answers, or a Failed if it took the worker with it.

        Raises OutageError where no worker can be had, Stopped when told to stop.
        """
        for _ in range(2):  # a process that ended between two documents is nobody's fault
            try:
                return self._ran(function, arguments)
            except RuntimeError:  # BrokenProcessPool is one
                self.replace()
        raise outage("engine", "A worker process could not be started.")

    def _ran(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Any:
        began, over, self._most_mb = time.monotonic(), False, 0.0
        future = self._scheduled(function, arguments)
        try:
            over = self._watched(future)
            answer = future.result()
        except TimeoutError:
            return self._lost("memory" if over else "timeout", began, -signal.SIGKILL if over else 0)
        except ProcessExpired as error:
            return self._lost("memory" if over else "died", began, error.exitcode)
        except (BrokenProcessPool, Stopped):
            raise
        except Exception as error:  # an answer that cannot be sent
            return Failed("error", UNEXPECTED, type(error).__name__, time.monotonic() - began, again=False)
        if isinstance(answer, Failed) and answer.again:  # its engine is stuck, or its memory used up
            self.replace()
        return answer

    def leave(self) -> None:
        """End the process; the next call of `run` starts another."""
        if self._pool is not None:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
            self._pool = None
        self._first_mb, self._loaded = None, False

    def replace(self) -> None:
        """End the process and count that: the one after it begins afresh."""
        self.replaced += 1
        self.leave()

    def settle(self, read: Read) -> None:
        """After a document: a process that has grown too far since its first one is replaced."""
        if self._first_mb is None or (read.engine and not self._loaded):  # the engine itself is no growth
            self._first_mb = read.rss_mb
        self._loaded = self._loaded or bool(read.engine)
        if read.rss_mb - self._first_mb > self.settings.worker_grow_mb:
            self.replace()

    def _scheduled(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Future[Any]:
        if self._pool is not None and not self._pool.active:  # it lost its process between two documents
            self.leave()
        if self._pool is None:
            self._pool = ProcessPool(1, initializer=start, initargs=(self._place,), context=_SPAWN)
        return self._pool.schedule(function, args=arguments, timeout=self.settings.worker_timeout)

    def _watched(self, future: Future[Any]) -> bool:
        """Wait for the end, whatever it is; True when the worker was killed for its memory."""
        came_up, gone, over, reader = time.monotonic() + _STARTS_WITHIN, 0, False, 0
        while not wait([future], _LOOK).done:
            if self.stop.is_set():
                self.leave()
                raise Stopped
            self._hear()
            if not future.running():
                if time.monotonic() > came_up:
                    raise BrokenProcessPool("no worker came up")
                continue
            reader = reader or self.pid
            held = self._holds() if self.pid == reader else None
            if held is None:
                gone += 1
                if gone > _UNSEEN:  # pebble takes no notice of one that leaves with exit code 0
                    self.leave()
                    raise ProcessExpired("left", pid=reader)  # type: ignore[no-untyped-call]
            elif not over and held > self.settings.worker_memory_mb:
                over = self._kill()
        return over

    def _hear(self) -> None:
        """Which process sits here now."""
        while self._line.poll():
            self.pid = self._line.recv()
            self._process = None

    def _holds(self) -> float | None:
        """Megabytes the worker holds now; None once it has ended."""
        try:
            # Looked up once for each worker: that costs ten times what asking it for its memory does.
            self._process = self._process or psutil.Process(self.pid)
            held = float(self._process.memory_info().rss) / 1e6
        except psutil.Error:
            return None
        self._most_mb = max(self._most_mb, held)
        return held

    def _kill(self) -> bool:
        try:
            psutil.Process(self.pid).kill()
        except psutil.Error:
            return False
        return True

    def _lost(self, kind: str, began: float, code: int = 0) -> Failed:
        """What a lost worker says of its document. OutageError where somebody else told it to stop."""
        self._hear()
        self.replaced += 1  # the pool has the next one started already
        self._first_mb, self._loaded = None, False
        how = _named(code)
        if code == -signal.SIGTERM:
            raise outage("engine", "A worker process was told to stop from outside.")
        reason = {
            "timeout": too_slow(self.settings.worker_timeout),
            "memory": too_large(self.settings.worker_memory_mb),
        }.get(kind) or died(how)
        detail = "time limit" if kind == "timeout" else how
        return Failed(kind, reason, detail, time.monotonic() - began, self._most_mb, worker_name(self.pid))


def _named(code: int) -> str:
    """How a process ended: the name of a signal, or its exit code."""
    try:
        return signal.Signals(-code).name
    except ValueError:
        return f"exit code {code}"
