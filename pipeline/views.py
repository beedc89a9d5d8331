"""What people read is made by views, which this layer does not know: they are found by their entry points.

`heyan.report_views` name functions (report, profile, pictures, folder) that write a report in another form beside
its JSON; `heyan.summary_views` name functions (summary, folder) that do so for the summary of a run;
`heyan.run_watches` name functions (store, run, settings) whose answer is a context manager that shows a run for as long
as it lasts. A package may bring its own; Heyan's are declared in pyproject.toml and live in apps/.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from extractors.errors import DocumentError, OutageError
from pipeline.archive import unpack
from pipeline.file_store import file_store
from pipeline.opening import open_file
from pipeline.orientation import turned
from pipeline.pages import Image, OpenedFile
from pipeline.remote import RemotePath
from pipeline.report import Report
from pipeline.settings import Settings
from pipeline.submission import Submission, SubmittedFile
from pipeline.verify import profile_of

REPORT, SUMMARY, WATCH = "heyan.report_views", "heyan.summary_views", "heyan.run_watches"


@dataclass(frozen=True, slots=True)
class ViewJob:
    """A report to show: everything a worker needs to write its views into a folder, with `pictures` or without."""

    report: Report
    submission: Submission
    folder: Path
    pictures: bool = True


@cache
def views(group: str) -> tuple[Callable[..., Any], ...]:
    """The views of a group, by their names."""
    return tuple(point.load() for point in sorted(entry_points(group=group), key=lambda point: point.name))


def write_report_views(job: ViewJob, settings: Settings) -> None:
    """Every view of a report, written into the job's folder. Raises HeyanError where the folder takes nothing.

    OutageError where pictures are missing from it because their store cannot be reached.
    """
    profile = profile_of(job.submission, settings)
    with Pictures(job.submission, job.report, settings) as pictures:
        for view in views(REPORT):
            view(job.report, profile, pictures if job.pictures else _none, job.folder)
    if pictures.away:
        raise pictures.away


def _none(file: str, page: int) -> None:
    """In place of pictures: no page has one."""


def write_summary_views(summary: Any, folder: Path) -> None:
    """Every view of the summary of a run."""
    for view in views(SUMMARY):
        view(summary, folder)


@contextmanager
def watched(store: Any, run: Any, settings: Settings) -> Iterator[None]:
    """A run that nobody watches at a terminal, with what watches any run."""
    with ExitStack() as stack:
        for watch in views(WATCH):
            stack.enter_context(watch(store, run, settings))
        yield


@dataclass
class Pictures:
    """The upright pictures of a report's pages, decoded anew from the submission's files when asked for."""

    submission: Submission
    report: Report
    settings: Settings
    _work: Path = field(default_factory=lambda: Path(tempfile.mkdtemp(prefix="heyan-")))
    _opened: dict[str, OpenedFile | None] = field(default_factory=dict)
    _fetched: dict[RemotePath, Path] = field(default_factory=dict)
    away: OutageError | None = None  # why a file in a store could not be had

    def __enter__(self) -> Pictures:
        return self

    def __exit__(self, *_: object) -> None:
        shutil.rmtree(self._work, ignore_errors=True)

    def __call__(self, file: str, page: int) -> Image | None:
        """One page as it was read; None where the file is gone, has no picture there or can no longer be opened."""
        if file not in self._opened:
            self._opened[file] = self._open(file)
        opened = self._opened[file]
        try:
            return None if opened is None else turned(opened.pages[page - 1].image(), self._rotation(file, page))
        except (DocumentError, IndexError):
            return None

    def _open(self, name: str) -> OpenedFile | None:
        try:
            if found := self._file(name):
                return open_file(found.here, found.name, self.settings)
        except OutageError as error:
            self.away = error
        except (DocumentError, OSError):
            pass
        return None

    def _file(self, name: str) -> SubmittedFile | None:
        """The file of that name, taken out of its bundle where it lies in one."""
        for file in self.submission.files:
            if file.name == name:
                return self._here(file)
            if name.startswith(f"{file.name}/"):
                inside = unpack(self._here(file), Path(tempfile.mkdtemp(dir=self._work)), self.settings)
                return next((member for member in inside.files if member.name == name), None)
        return None

    def _here(self, file: SubmittedFile) -> SubmittedFile:
        """The file on this machine; one in a store that is not here any more is fetched again. Raises OutageError."""
        if not isinstance(file.path, RemotePath):
            return file
        if file.path not in self._fetched:
            target = Path(tempfile.mkdtemp(dir=self._work)) / "file"
            store = file_store(file.path, self.settings.protocols)
            store.fetch(file.path, target, self.settings.max_file_bytes)
            self._fetched[file.path] = target
        return replace(file, path=self._fetched[file.path])

    def _rotation(self, file: str, page: int) -> int:
        pages = (p for document in self.report.documents if document.file == file for p in document.pages)
        return next((p.rotation for p in pages if p.number == page), 0)
