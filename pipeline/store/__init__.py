"""The record of runs: what was planned, read and judged, in SQLite or PostgreSQL (docs/store.md)."""

from pipeline.store.locks import Held, Lock
from pipeline.store.shapes import (
    Again,
    Attempt,
    Counts,
    Ended,
    Expiring,
    Filters,
    Judged,
    Place,
    Planned,
    Run,
    StoredReport,
    WorkerSeen,
)
from pipeline.store.store import Store, open_store
from pipeline.store.submissions import submission_digest

__all__ = [
    "Again", "Attempt", "Counts", "Ended", "Expiring", "Filters", "Held", "Judged", "Lock", "Place", "Planned", "Run",
    "Store", "StoredReport", "WorkerSeen", "open_store", "submission_digest",
]  # fmt: skip
