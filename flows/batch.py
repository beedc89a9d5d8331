"""A run as a Prefect flow: one task a chunk of about fifty documents.

A chunk is done by `pipeline.batch.run_chunk`, on one pool of workers a process. What stops a chunk stops the run: no
other chunk is begun, and `--resume` goes on from the store. A server of Prefect's that is restarted does not stop
it; one that stays away does, when the next chunk is to be begun, but nothing that counts is kept there.
"""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Sequence
from contextlib import suppress
from math import ceil
from pathlib import Path
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any

import httpx
from prefect import State, flow, tags, task
from prefect.cache_policies import NO_CACHE
from prefect.context import FlowRunContext
from prefect.exceptions import PrefectException, TerminationSignal
from prefect.futures import PrefectFuture
from prefect.states import Cancelled, Completed, Failed
from prefect.task_runners import TaskRunner, ThreadPoolTaskRunner

from extractors.errors import HeyanError, OutageError, StoreError
from flows._artifacts import show_results
from flows._prefect import is_there, prefect_server
from flows.runs import INTERNAL, INTERRUPTED, cause_in, end, keep_error
from flows.stopping import asked, interruptible
from pipeline import batch
from pipeline.ocr import cores
from pipeline.settings import Settings
from pipeline.store import Run, Store, open_store

if TYPE_CHECKING:
    from prefect_dask.task_runners import DaskTaskRunner

DOCUMENTS_A_CHUNK = 50
_AT_ONCE = 2  # chunks a process works at: while one waits for its last documents, the other keeps the workers busy


@task(name="verify_chunk", task_run_name="chunk-{chunk}", cache_policy=NO_CACHE, persist_result=False, retries=0)
def verify_chunk(run_id: str, chunk: int, positions: Sequence[int]) -> State[None]:
    """Some places of a run. A bad document is data; the state is Failed, with the cause, for an outage only."""
    try:
        settings = Settings()
        run = open_store(settings).run(run_id)
        if run.state != "running":  # stopped meanwhile, on another machine
            return Cancelled(message=run.cause)
        batch.run_chunk(run_id, positions, settings)
    except Exception as error:
        if isinstance(error, HeyanError):
            keep_error(run_id, error)
        return Failed(message=failure(error))
    return Completed()


@flow(name="verify_batch", flow_run_name="batch-{run_id}", persist_result=False, retries=0)
def verify_batch(run_id: str) -> State[None]:
    """Everything open of a run. The state of the run is that in the store; Prefect is shown the same."""
    try:
        store = open_store(Settings())
        run = store.run(run_id)
        with interruptible():
            cause = _work(store, run)
        cause = end(store, run_id, cause)
    except HeyanError as error:
        return Failed(message=failure(error))
    if is_there():
        show_results(store, run)
    if cause == INTERRUPTED:
        return Cancelled(message=cause)
    return Failed(message=cause) if cause else Completed()


def run_batch(run_id: str) -> str:
    """Do everything open of a run as a flow; "" when all of it is finished, else the cause it stopped for.

    Raises StoreError where the store itself cannot say.
    """
    store = open_store(Settings())
    store.end(run_id, "running")
    try:
        with prefect_server(), tags("heyan", "batch"):
            state = verify_batch.with_options(task_runner=task_runner(Settings()))(run_id, return_state=True)
            cause = "" if state.is_completed() else state.message or INTERNAL
    except (KeyboardInterrupt, TerminationSignal):
        cause = INTERRUPTED
    except OutageError as error:
        cause = error.cause
    except (httpx.HTTPError, PrefectException):
        # Lost on the way. All may be done: then the store has been told so.
        run = store.run(run_id)
        cause = "prefect_away" if run.state == "running" else run.cause
    return end(store, run_id, cause)


def task_runner(settings: Settings) -> TaskRunner[Any]:
    """Where chunks are worked at: in this process, or by Dask (`dask`, or `dask:` and the scheduler's address)."""
    if settings.task_runner == "threads":
        return ThreadPoolTaskRunner(max_workers=_AT_ONCE)
    from flows._dask import dask_task_runner

    return dask_task_runner(settings.task_runner.partition(":")[2])


def chunks(positions: Sequence[int], documents: float, at_once: int, workers: int) -> list[list[int]]:
    """Positions in chunks, at least two for each that is worked at at a time. `documents`: of a place, on average."""
    size = ceil(max(DOCUMENTS_A_CHUNK, 2 * workers) / max(documents, 1))
    size = max(1, min(size, ceil(len(positions) / (2 * at_once))))
    return [list(positions[first : first + size]) for first in range(0, len(positions), size)]


def _work(store: Store, run: Run) -> str:
    """All open places of a run, chunk by chunk; the cause for which it stopped, "" for none."""
    at_once, counts = _at_once(), store.counts(run.id)
    documents = counts.documents / max(counts.places, 1)
    workers = Settings().workers or cores()
    waiting = deque(enumerate(chunks(store.open_positions(run.id), documents, at_once, workers), start=1))
    done: SimpleQueue[PrefectFuture[Any]] = SimpleQueue()
    underway, cause = 0, ""
    while underway or (waiting and not cause):
        while waiting and underway < at_once and not cause:
            chunk, positions = waiting.popleft()
            verify_chunk.submit(run.id, chunk, positions).add_done_callback(lambda ended: done.put(ended))
            underway += 1
        state, underway = _state(done.get()), underway - 1
        cause = cause or (INTERRUPTED if asked.is_set() else "") or _cause_in(state)
        if cause:
            batch.stop()
            with suppress(StoreError):  # other machines look there
                store.end(run.id, "stopped", cause)
    return cause


def _at_once() -> int:
    """Chunks that are worked at at a time, over all machines; some more wait ready where the way there is long."""
    context = FlowRunContext.get()
    runner: Any = context.task_runner if context else None
    if runner is None or isinstance(runner, ThreadPoolTaskRunner):
        return _AT_ONCE
    dask: DaskTaskRunner = runner
    threads: dict[str, int] = dask.client.nthreads()  # type: ignore[no-untyped-call]
    return 2 * max(1, sum(threads.values()))


def _state(future: PrefectFuture[Any]) -> State[None]:
    future.wait()
    return future.state


def _cause_in(state: State[None]) -> str:
    return "" if state.is_completed() else state.message or INTERNAL


def failure(error: Exception) -> str:
    """A word for what stopped a chunk, and for a mistake of ours its place: never the text of an error."""
    if cause := cause_in(error):
        return cause
    frames = traceback.extract_tb(error.__traceback__)
    where = f" {Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
    return f"{INTERNAL} {type(error).__name__}{where}"
