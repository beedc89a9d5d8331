"""Runs without worker processes: files are read where the test runs, and may be made to fail."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from pipeline import batch
from pipeline.documents import Reading, read_documents
from pipeline.manifest import read_manifest
from pipeline.outage import outage
from pipeline.settings import Settings
from pipeline.store import Planned, Run, Store, open_store
from pipeline.views import ViewJob
from pipeline.workers import Failed, Job, Read

SAMPLES = Path("samples/submissions")
AS_OF = date(2026, 11, 22)


@dataclass
class HereWorkers:
    """Workers that read at once, in this process. `faults`: hash of a file → what becomes of it instead."""

    settings: Settings
    faults: dict[str, Failed | str] = field(default_factory=dict)
    before: Callable[[Job], None] = lambda _: None
    read_files: list[str] = field(default_factory=list)  # hashes, in the order they were read
    shown: list[Path] = field(default_factory=list)
    restarts: int = 0

    def read(self, job: Job) -> Future[Read | Failed]:
        self.before(job)
        self.read_files.append(job.sha256)
        fault = self.faults.get(job.sha256) or self.faults.get("*")
        if isinstance(fault, str):
            return _future(error=outage(fault))
        if fault is not None:
            return _future(fault)
        documents = read_documents(job.file, Reading(self.settings, wants=job.wants))
        return _future(Read(documents, {"read": 1.0}, 0.01, 100.0, "here:1"))

    def view(self, job: ViewJob) -> Future[Any]:
        self.shown.append(job.folder)
        (job.folder / "report.html").write_text("shown")
        return _future(None)

    def kill(self) -> None:
        pass


def _future(answer: Any = None, error: Exception | None = None) -> Future[Any]:
    future: Future[Any] = Future()
    if error:
        future.set_exception(error)
    else:
        future.set_result(answer)
    return future


@dataclass
class Office:
    """A folder of submissions, a folder for reports, and a store of their own."""

    root: Path
    settings: Settings
    workers: HereWorkers

    @property
    def store(self) -> Store:
        return open_store(self.settings)

    @property
    def inbox(self) -> Path:
        return self.root / "in"

    def put(self, *samples: str, name: str | None = None) -> None:
        for sample in samples:
            shutil.copytree(SAMPLES / sample, self.inbox / (name or sample))

    def run(self, as_of: date = AS_OF, out: str = "out", **options: Any) -> Run:
        """A run of all that is in the folder, settled and worked through."""
        run = self.planned(as_of, out, **options)
        self.work(run)
        return self.store.run(run.id)

    def planned(self, as_of: date = AS_OF, out: str = "out", **options: Any) -> Run:
        run = self.store.begin(
            "batch", source=str(self.inbox), out=str(self.root / out), as_of=as_of, options=options
        )  # fmt: skip
        rows = enumerate(read_manifest(self.inbox))
        self.store.plan(
            run.id, [Planned(at, row.number, row.submission, row.origin, row.problem, row.name) for at, row in rows]
        )
        return run

    def work(self, run: Run) -> batch.ChunkResult:
        return batch.run_chunk(run.id, batch.settle(run.id, self.settings), self.settings)

    def report(self, name: str, out: str = "out") -> Path:
        return self.root / out / "reports" / name / "report.json"
