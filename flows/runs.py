"""How a run ends, with Prefect or without."""

from __future__ import annotations

from extractors.errors import HeyanError
from pipeline.outage import cause_of
from pipeline.store import Store

INTERRUPTED, INTERNAL = "interrupted", "internal"
LIST_WRONG = "list_wrong"  # a run whose list could not be read: nothing was done
_errors: dict[str, HeyanError] = {}  # by run: what stopped it in this process


def end(store: Store, run_id: str, cause: str = "") -> str:
    """Tell the store how a run has ended, by what is still open; gives the cause, "" where all is done."""
    waiting = store.places(run_id, store.open_positions(run_id)[:1])
    if not waiting:
        store.end(run_id, "finished")
        return ""
    cause = cause or waiting[0].cause or INTERNAL
    store.end(run_id, "stopped", cause)
    return cause


def cause_in(error: BaseException) -> str:
    """The word for what lies outside the documents in an error; "" where there is none."""
    return cause_of(error) or (str(error.data.get("cause") or "") if isinstance(error, HeyanError) else "")


def keep_error(run_id: str, error: HeyanError) -> None:
    """What stopped a run, in its own words (which disk, which address): Prefect is told no more than the cause."""
    _errors[run_id] = error


def error_of(run_id: str, cause: str) -> HeyanError | None:
    """The error a run was stopped by for that cause, if it was this process that met it."""
    error = _errors.get(run_id)
    return error if error is not None and cause_in(error) == cause else None
