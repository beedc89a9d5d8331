"""Processes that read documents, so that no document can hurt the run.

A file comes from a stranger and is decoded by native code: it may crash that, hang it or eat the memory.
So each is read in a process that is watched (`pipeline/worker_seat.py`), one file at a time. A file that
costs its process is tried once more in a fresh one, alone; then it is a document that could not be read.
The engine is loaded once in each process, when the first picture asks for it.
"""

from __future__ import annotations

import atexit
import signal
import threading
from collections.abc import Callable
from concurrent.futures import CancelledError, Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from multiprocessing import resource_tracker
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

from extractors.errors import OutageError
from pipeline import worker_reading
from pipeline.ocr import cores
from pipeline.outage import outage
from pipeline.settings import Settings
from pipeline.worker_folder import RunFolder
from pipeline.worker_jobs import Away, Event, Failed, Job, Read, worker_name
from pipeline.worker_seat import Seat, Stopped

if TYPE_CHECKING:
    from pipeline.views import ViewJob

__all__ = ["Event", "Failed", "Job", "Read", "Workers"]


@dataclass(frozen=True, slots=True)
class _Task:
    function: Callable[..., Any]
    argument: Any
    future: Future[Any] = field(default_factory=Future)


class Workers:
    """A fixed number of worker processes, each read for by a thread of its own. Safe to use from several threads.

    `warm` loads the engine in all of them at once before the first document; without it a batch of nothing but
    data never pays for that. `on_event` is called from the threads. `reader` names what opens the engine.
    """

    def __init__(
        self,
        settings: Settings,
        workers: int = 0,
        *,
        warm: bool = False,
        on_event: Callable[[Event], None] | None = None,
        reader: str = "pipeline.ocr:open_reader",
    ) -> None:
        self.settings = settings
        self.workers = workers or settings.workers or cores()
        self.threads = settings.ocr_threads or max(1, cores() // self.workers)
        self._warm, self._tell = warm, on_event or (lambda _: None)
        self._folder = RunFolder()
        self._tasks: SimpleQueue[_Task | None] = SimpleQueue()
        self._stop, self._lock, self._closed = threading.Event(), threading.Lock(), False
        self._seats = [
            Seat(self._folder.path / str(number), self.threads, settings, reader, self._stop)
            for number in range(self.workers)
        ]
        self._threads = [threading.Thread(target=self._serve, args=(seat,), daemon=True) for seat in self._seats]
        resource_tracker.ensure_running()  # or the first to start a process does, and unblocks what `_serve` blocks
        for thread in self._threads:
            thread.start()
        atexit.register(self.kill)

    @property
    def restarts(self) -> int:
        """Processes replaced so far: dead, ended over a limit, or grown."""
        return sum(seat.replaced for seat in self._seats)

    def read(self, job: Job) -> Future[Read | Failed]:
        """The documents of a file, or why it could not be read. Raises OutageError: the file is not at fault."""
        return self._add(worker_reading.read, job)

    def view(self, job: ViewJob) -> Future[Failed | None]:
        """The views of a report, written; a Failed where they could not be made. Raises OutageError."""
        return self._add(worker_reading.show, job)

    def close(self) -> None:
        """End when everything asked for is done."""
        self._end()

    def kill(self) -> None:
        """End at once: what is under way or waiting is cancelled, and no process is left."""
        self._stop.set()
        self._end()

    def _end(self) -> None:
        with self._lock:
            self._closed = True
        for _ in self._threads:
            self._tasks.put(None)
        for thread in self._threads:
            thread.join()
        self._folder.remove()
        atexit.unregister(self.kill)

    def _add(self, function: Callable[..., Any], argument: Any) -> Future[Any]:
        task = _Task(function, argument)
        with self._lock:  # nothing is put behind the end
            if self._closed:
                task.future.cancel()
            else:
                self._tasks.put(task)
        return task.future

    def _serve(self, seat: Seat) -> None:
        # Inherited by the process: Ctrl-C reaches everybody at a terminal, and what then happens is for one to decide.
        with suppress(AttributeError):  # not on Windows
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        if self._warm:
            with suppress(OutageError, Stopped):  # the first document that needs it will tell
                seat.run(worker_reading.load)
        while (task := self._tasks.get()) is not None:
            if self._stop.is_set():
                task.future.cancel()
            elif task.future.set_running_or_notify_cancel():
                self._do(task, seat)
        seat.leave()

    def _do(self, task: _Task, seat: Seat) -> None:
        try:
            answer = self._tried(task, seat)
        except Stopped:
            task.future.set_exception(CancelledError())
        except BaseException as error:
            task.future.set_exception(error)
        else:
            task.future.set_result(answer)

    def _tried(self, task: _Task, seat: Seat) -> Read | Failed | None:
        """The answer of a worker; of a fresh one where the first lost its life or its engine over it."""
        job = task.argument if isinstance(task.argument, Job) else None
        failed: tuple[Failed, ...] = ()
        while True:
            before = seat.replaced
            answer: Read | Failed | Away | None = seat.run(task.function, task.argument)
            if isinstance(answer, Read):
                seat.settle(answer)
            if isinstance(answer, Failed):
                self._tell(Event("failed", answer.worker, job, answer))
            if seat.replaced > before:
                self._tell(Event("replaced", worker_name(seat.pid), job))
            if isinstance(answer, Away):
                raise outage(answer.cause, answer.message, answer.remedy)
            if not isinstance(answer, Failed):
                return replace(answer, failed=failed) if isinstance(answer, Read) else answer
            if not answer.again or len(failed) >= self.settings.document_retries:
                return replace(answer, failed=failed)
            failed += (answer,)
