"""How a run ends, with Prefect or without."""

from __future__ import annotations

from pipeline.store import Store

INTERRUPTED, INTERNAL = "interrupted", "internal"


def end(store: Store, run_id: str, cause: str = "") -> str:
    """Tell the store how a run has ended, by what is still open; gives the cause, "" where all is done."""
    waiting = store.places(run_id, store.open_positions(run_id)[:1])
    if not waiting:
        store.end(run_id, "finished")
        return ""
    cause = cause or waiting[0].cause or INTERNAL
    store.end(run_id, "stopped", cause)
    return cause
