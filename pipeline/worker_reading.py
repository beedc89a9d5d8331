"""What a worker process does with one document; the parent's side is `pipeline/workers.py`."""

from __future__ import annotations

import ctypes
import gc
import os
import shutil
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import cv2
import psutil

from extractors.errors import EngineError, OutageError
from pipeline.documents import Reading, read_documents
from pipeline.ocr import Reader
from pipeline.outage import cause_of, outage
from pipeline.settings import Settings
from pipeline.unreadable import ENGINE_FAILED, OUT_OF_MEMORY, UNEXPECTED
from pipeline.worker_jobs import Away, Failed, Job, Read, worker_name
from validators.case import FiledDocument

if TYPE_CHECKING:
    from pipeline.views import ViewJob

_LIBC = None if sys.platform == "win32" else ctypes.CDLL(None)


class _Engine:
    """The OCR engine of this process: loaded when the first picture asks for it, kept for all that follow."""

    def __init__(self, settings: Settings, opener: str) -> None:
        module, _, name = opener.partition(":")
        self.settings = settings
        self.open: Callable[[Settings], Reader] = getattr(import_module(module), name)
        self.reader: Reader | None = None

    def get(self) -> Reader:
        """OutageError where it cannot be loaded: no document has a part in that."""
        if self.reader is None:
            try:
                self.reader = self.open(self.settings)
            except EngineError as error:
                cause = "disk_full" if cause_of(error) == "disk_full" else "model_missing"
                raise outage(cause, error.message, error.remedy) from error
        return self.reader


_engine: _Engine


def prepare(settings: Settings, threads: int, opener: str) -> None:
    """Once in each process: as many threads as it may use, its engine not yet loaded."""
    global _engine
    cv2.setNumThreads(threads)
    _engine = _Engine(settings.model_copy(update={"ocr_threads": threads}), opener)


def load() -> Away | None:
    """Load the engine before the first document needs it."""
    try:
        _engine.get()
    except OutageError as error:
        return Away(error.cause, error.message, error.remedy)
    return None


@dataclass
class _WorkerReading(Reading):
    """Each document begins without an engine, as it would by itself: what is read never depends on the one before."""

    def engine(self) -> Reader:
        if self.reader is None:
            with self.timed("load_engine"):
                self.reader = _engine.get()
        return self.reader


def read(job: Job) -> Read | Failed | Away:
    """The documents of one file, or why there are none. Whatever is raised inside becomes an answer."""
    start = time.perf_counter()
    reading = _WorkerReading(_engine.settings, wants=job.wants)
    try:
        documents = [(report, _light(filed)) for report, filed in read_documents(job.file, reading)]
        engine = reading.reader.describe() if reading.reader else {}
        seconds = time.perf_counter() - start
        return Read(documents, reading.timings, seconds, rss_mb(), worker_name(os.getpid()), engine)
    except BaseException as error:  # SystemExit too: a library that wants to leave
        return answer(error, time.perf_counter() - start)
    finally:
        shutil.rmtree(reading.work, ignore_errors=True)
        del reading
        _give_back()


def show(job: ViewJob) -> Failed | Away | None:
    """The views of a report, written: they need its pictures, decoded under the same limits."""
    from pipeline.views import write_report_views  # with all that judges: most workers only read

    start = time.perf_counter()
    try:
        write_report_views(job, _engine.settings)
    except Exception as error:
        return answer(error, time.perf_counter() - start)
    finally:
        _give_back()
    return None


def answer(error: BaseException, seconds: float) -> Failed | Away:
    """What an exception says of the document, or of what lies outside it."""
    if cause := cause_of(error):
        known = error if isinstance(error, OutageError) else outage(cause)
        return Away(cause, known.message, known.remedy)
    kind, reason, cause, again = "error", UNEXPECTED, None, False
    if isinstance(error, MemoryError):
        kind, reason, again = "memory", OUT_OF_MEMORY, True
    elif isinstance(error, EngineError):
        reason, cause, again = ENGINE_FAILED, "engine", True
    return Failed(kind, reason, _place(error), seconds, rss_mb(), worker_name(os.getpid()), cause, again)


def _place(error: BaseException) -> str:
    """The kind of an error and where it was raised; its message may quote the document."""
    frames = traceback.extract_tb(error.__traceback__)
    where = f" at {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{type(error).__name__}{where}"


def _light(filed: FiledDocument) -> FiledDocument:
    """A document without what only its proving needed: results travel through a pipe."""
    return replace(filed, record=replace(filed.record, extra={}))


def _give_back() -> None:
    """Hand memory a document no longer needs back to the system: a process is judged by what it holds."""
    gc.collect()
    gc.freeze()  # what is still there stays (modules, tables, the engine): not to be looked through again each time
    if _LIBC is not None and hasattr(_LIBC, "malloc_trim"):  # glibc
        _LIBC.malloc_trim(0)


def rss_mb() -> float:
    """Megabytes this process holds in memory."""
    return float(psutil.Process().memory_info().rss) / 1e6
