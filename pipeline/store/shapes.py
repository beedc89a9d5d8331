"""What goes into the store and what comes out: plain values, nothing of the database."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from pipeline.report import Report
from pipeline.store.codec import unpack
from pipeline.submission import Submission
from validators.due import Due
from validators.findings import Bilingual, Finding, Verdict

RunKind = Literal["batch", "nightly"]
RunState = Literal["running", "finished", "stopped"]
PlaceState = Literal["waiting", "finished", "failed", "invalid"]
Why = Literal["day", "profile", "outage"]
Problem = Bilingual | str

# Outcomes of an attempt that lie in the document itself; `read` is none, and an `outage` is nobody's fault.
OWN_FAULTS = ("timeout", "died", "memory", "error")


def now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Run:
    """One start of a batch or a night. `out` and `source` are texts as the command got them."""

    id: str
    kind: RunKind
    source: str
    out: str
    as_of: date
    options: Mapping[str, Any]
    state: RunState
    cause: str
    started_at: datetime
    ended_at: datetime | None

    @property
    def folder(self) -> Path:
        return Path(self.out)


@dataclass(frozen=True, slots=True)
class Planned:
    """One row of a run's list: a submission, or what is wrong with the row (then `submission` is None).

    `origin` is what the submission is known by over all runs: the URI of its folder, or that of the manifest with
    `#` and the row.
    """

    position: int
    row: int
    submission: Submission | None
    origin: str
    problem: Problem | None = None
    name: str = ""  # its own in this run, which no other row has; else the submission's counts


@dataclass(frozen=True, slots=True)
class Place:
    """A row of a run and what has become of it. `digest` is that of the submission as it is stored now."""

    run_id: str
    position: int
    row: int
    name: str
    origin: str
    state: PlaceState
    submission_id: int | None
    digest: str
    submission: Submission | None
    report_id: int | None
    problem: Problem | None
    cause: str


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try at reading a file. `reason` and `timings` (milliseconds by stage) hold no text of a document."""

    run_id: str
    reading_key: str
    sha256: str
    worker: str  # host:pid
    outcome: str  # read, timeout, died, memory, error, outage
    seconds: float = 0.0
    reason: str = ""
    rss_mb: float = 0.0
    timings: Mapping[str, float] = field(default_factory=dict)
    started_at: datetime = field(default_factory=now)
    id: str = field(default_factory=lambda: uuid4().hex)  # noted once, however often it is told


@dataclass(frozen=True, slots=True)
class Judged:
    """A judgement to keep. `key`: the digest of all it rests on; `reading_keys` in the order of the files.

    `reused` and `unread` say how many of its files came from the store, and how many could not be read.
    """

    report: Report
    key: str
    profile_digest: str
    reading_keys: Sequence[str]
    due: Sequence[Due] = ()
    reused: int = 0
    unread: int = 0


@dataclass(frozen=True)
class StoredReport:
    """A judgement that was kept; `run_id` is the run that made it, None where that was deleted."""

    id: int
    submission_id: int
    run_id: str | None
    key: str
    profile: str
    as_of: date
    verdict: Verdict
    created_at: datetime
    reading_keys: Sequence[str]
    body: bytes = field(repr=False)

    @cached_property
    def report(self) -> Report:
        """The report as it was saved, equal in every type. StoreError where the database is damaged."""
        found: Report = unpack(self.body)
        return found


@dataclass(frozen=True)
class Ended:
    """A place of a run with its report; `stored` is None where it has none.

    `sequence` grows with every place of a run that ends, in the order in which they ended, and is 0 for one that
    did not. `before` is the verdict that stood until this one, `out` the folder the run writes to.
    """

    run_id: str
    position: int
    row: int
    sequence: int
    name: str
    origin: str
    submission_id: int | None
    state: PlaceState
    cause: str
    problem: Problem | None
    before: Verdict | None
    out: str
    stored: StoredReport | None

    @property
    def verdict(self) -> Verdict | None:
        return self.stored.verdict if self.stored else None

    @property
    def report(self) -> Report | None:
        return self.stored.report if self.stored else None

    @property
    def findings(self) -> list[Finding]:
        return self.stored.report.findings if self.stored else []


@dataclass(frozen=True, slots=True)
class WorkerSeen:
    """A worker process as its last attempt left it. `seconds` is what it has spent reading."""

    worker: str
    attempts: int
    seconds: float
    rss_mb: float
    peak_mb: float
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Counts:
    """How far a run has come. `documents` are the files of all its places, `seconds` the reading time by stage."""

    states: Mapping[str, int]
    verdicts: Mapping[Verdict, int]
    documents: int
    reused: int  # files of finished places that came from the store
    unread: int  # files of finished places that could not be read
    outcomes: Mapping[str, int]  # attempts
    seconds: Mapping[str, float]
    workers: tuple[WorkerSeen, ...]

    @property
    def places(self) -> int:
        return sum(self.states.values())

    @property
    def open(self) -> int:
        """Places that wait for their first or another try."""
        return self.states.get("waiting", 0) + self.states.get("failed", 0)

    @property
    def read(self) -> int:
        return self.outcomes.get("read", 0)


@dataclass(frozen=True, slots=True)
class Again:
    """A submission that is to be judged again, and why; `report` is what stands now, None where nothing does."""

    submission_id: int
    origin: str
    submission: Submission
    digest: str
    why: Why
    as_of: date | None
    verdict: Verdict | None
    due: tuple[Due, ...] = ()


@dataclass(frozen=True, slots=True)
class Expiring:
    """Something that runs out: a day on which the current report of a submission may change."""

    submission_id: int
    name: str
    origin: str
    profile: str
    verdict: Verdict
    due: Due


@dataclass(frozen=True, slots=True)
class Filters:
    """What `results` is to give; None and "" ask for nothing. `name` is a part of a name, capitals or not."""

    run: str | None = None
    verdict: Verdict | None = None
    code: str = ""
    profile: str = ""
    since: datetime | None = None  # places that ended then or later
    name: str = ""
    state: PlaceState | None = None
