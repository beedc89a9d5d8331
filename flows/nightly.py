"""The nightly run as a Prefect flow: once by `heyan nightly`, on a schedule by `heyan serve` or a work pool.

Two nights never overlap, on however many machines: a night holds a lock in the store. One that was cut off is
finished by the next.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from contextlib import AbstractContextManager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import httpx
from prefect import State, flow, tags
from prefect.exceptions import PrefectException, TerminationSignal
from prefect.schedules import Cron, Schedule
from prefect.states import Cancelled, Completed, Failed

from extractors.errors import HeyanError, StoreError, UsageError
from flows._prefect import prefect_server
from flows.batch import failure, task_runner, verify_batch
from flows.runs import INTERNAL, INTERRUPTED, end
from pipeline.night import LOCK, begin_night, checked, end_night
from pipeline.settings import Settings
from pipeline.store import Run, Store, open_store
from pipeline.summary import Summary
from pipeline.views import watched

Watching = Callable[[Store, Run], AbstractContextManager[None]]


@dataclass(slots=True)
class NightDone:
    """What became of a night: `cause` is what it stopped for, "" for nothing; `untold` why no webhook was told."""

    summary: Summary | None = None
    cause: str = ""
    error: HeyanError | None = None
    untold: str = ""


@dataclass(slots=True)
class _Caller:
    """Whoever starts a night: what shows it as it goes on, and what came of it."""

    watching: Watching
    done: NightDone | None = None


_caller: ContextVar[_Caller | None] = ContextVar("_caller", default=None)


@flow(name="nightly_validation", flow_run_name="night", persist_result=False, retries=0)
def nightly_validation(as_of: str = "", timezone: str = "") -> State[None]:
    """One night, judged as of a day (YYYY-MM-DD; default: today in the time zone). The record of it is in the store."""
    return _state(_done(as_of, timezone))  # a schedule pickles this function with all that it names


def serve_nights(cron: str, timezone: str) -> None:
    """Run a night whenever the schedule says so, until this process is ended. Raises UsageError and OutageError.

    Nights that could not be run in time (this machine was off) are made up for at the next start.
    """
    schedule = _schedule(cron, timezone)
    checked(Settings())
    # Prefect's runner says so of itself when it is ended by SIGTERM.
    warnings.filterwarnings("ignore", "coroutine 'Runner.astop' was never awaited", RuntimeWarning)
    with prefect_server(scheduling=True):
        nightly_validation.serve(
            name="nightly", schedule=schedule, parameters={"timezone": timezone}, limit=1, pause_on_shutdown=False,
            print_starting_message=False, tags=["heyan", "nightly"],
        )  # fmt: skip


def _schedule(cron: str, timezone: str) -> Schedule:
    try:
        ZoneInfo(timezone)
        return Cron(cron, timezone=timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise UsageError(
            f"The schedule {cron!r} in {timezone!r} is not understood.",
            remedy='Five fields (minute hour day month weekday) such as "0 2 * * *", and a zone such as Asia/Shanghai.',
        ) from None


def _day(as_of: str, timezone: str) -> date:
    if as_of:
        return date.fromisoformat(as_of)
    return datetime.now(ZoneInfo(timezone)).date() if timezone else date.today()


def run_night(as_of: date | None, watching: Watching) -> NightDone:
    """One night in this process, shown by `watching` as it goes on. What went wrong is in the answer."""
    caller = _Caller(watching)
    token = _caller.set(caller)
    try:
        checked(Settings())
        with prefect_server():
            nightly_validation(as_of.isoformat() if as_of else "", return_state=True)
    except (KeyboardInterrupt, TerminationSignal):
        return caller.done or NightDone(cause=INTERRUPTED)
    except (httpx.HTTPError, PrefectException):  # lost on the way; all may be done
        return caller.done or NightDone(cause="prefect_away")
    except HeyanError as error:
        return caller.done or NightDone(cause=failure(error), error=error)
    finally:
        _caller.reset(token)
    return caller.done or NightDone(cause=INTERNAL)


def _done(as_of: str, timezone: str) -> NightDone:
    """What became of a night, for its caller too. Raises nothing: an exception's text may quote a document."""
    caller = _caller.get() or _Caller(lambda store, run: watched(store, run, Settings()))
    try:
        caller.done = _night(_day(as_of, timezone), caller.watching)
    except Exception as error:
        caller.done = NightDone(cause=failure(error), error=error if isinstance(error, HeyanError) else None)
    return caller.done


def _state(done: NightDone) -> State[None]:
    if done.cause == INTERRUPTED:
        return Cancelled(message=done.cause)
    return Failed(message=done.cause) if done.cause else Completed()


def _night(as_of: date, watching: Watching) -> NightDone:
    settings = Settings()
    checked(settings)
    store = open_store(settings)
    with store.hold(LOCK, what="The nightly run"), tags("heyan", "nightly"):
        night = begin_night(store, settings, as_of)
        with watching(store, night.run):
            cause = _worked(store, night.run)
        summary, untold = end_night(store, settings, night)
    return NightDone(summary, cause, untold=untold)


def _worked(store: Store, run: Run) -> str:
    """Everything on the list of a night; the cause it stopped for, "" where all of it is done."""
    if not store.open_positions(run.id):
        return end(store, run.id)
    try:
        state = verify_batch.with_options(task_runner=task_runner(Settings()))(run.id, return_state=True)
        cause = "" if state.is_completed() else state.message or INTERNAL
    except (httpx.HTTPError, PrefectException):
        cause = "prefect_away"
    try:
        return end(store, run.id, cause)
    except StoreError as error:
        return failure(error)
