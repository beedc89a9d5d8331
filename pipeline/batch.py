"""The work of a run: places of its list read, judged and written, with the ledger kept after every step.

A place is one submission of a run. Its files are read by the workers unless a reading of the same content by the same
code is stored; then it is judged, its report is written, and only then is it called finished. Whatever stops a
run, what is finished stays so, and what is not is done by the next start.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from extractors.errors import HeyanError, OutageError, StoreError, UsageError
from pipeline.contents import Contents
from pipeline.outage import Outages, cause_of, outage
from pipeline.output import json_text, made_folder, take_away_left, write_whole
from pipeline.pictures import wanted
from pipeline.report import Report
from pipeline.settings import Settings
from pipeline.store import Attempt, Judged, Place, Run, Store, StoredReport, open_store
from pipeline.store.part import in_pieces
from pipeline.stored_reading import packed, unpacked, was_changed, without_name
from pipeline.submission import Submission, SubmittedFile
from pipeline.verify import Sources, judged, open_sources, profile_of
from pipeline.versions import profile_digest, reading_key, reading_version, report_key, serves
from pipeline.views import ViewJob
from pipeline.workers import Failed, Job, Read, Workers
from validators.case import Case
from validators.due import due_dates
from validators.profile import Profile

REPORTS = "reports"  # folder of the reports in that of a run
_TOGETHER = 100  # places whose files in a store are looked at side by side before they are settled
_LOOK_AGAIN = 0.5  # seconds between two looks at whether the run is to stop
_stop, _making = threading.Event(), threading.Lock()


@dataclass(slots=True)
class ChunkResult:
    """How many places of a chunk were finished and how many failed; `stopped` when it was told to end before."""

    finished: int = 0
    failed: int = 0
    stopped: bool = False


def stop() -> None:
    """Tell every chunk of this process to end; what is finished stays so."""
    _stop.set()


def go_on() -> None:
    """Take that back, for the next run of this process."""
    _stop.clear()


def run_chunk(run_id: str, positions: Iterable[int], settings: Settings) -> ChunkResult:
    """Do the places of a run at these positions that are not finished yet. Raises OutageError and StoreError.

    The first places of a run, as many as its option `stored` says, are judged from the readings they were judged from
    before, without looking at their files, as far as these hold what the profile wants.
    """
    store = open_store(settings)
    places = [place for place in store.places(run_id, positions) if place.state in ("waiting", "failed")]
    return Chunk(store, store.run(run_id), settings, Contents(store, settings)).work(places)


def settle(run_id: str, settings: Settings) -> list[int]:
    """Finish the places whose report is there already, and give the positions of the others.

    Reads no document: the files of a submission that was judged before are looked at for their content, no others.
    Raises OutageError where three in a row cannot be reached.
    """
    store = open_store(settings)
    run, left = store.run(run_id), []
    for places in in_pieces(store.places(run_id, state=("waiting", "failed")), _TOGETHER):
        contents = Contents(store, settings)
        judged_before = [place.position for place in places if store.current_report(_id(place))]
        contents.look(_looked_at(run, (place for place in places if place.position in judged_before)))
        for place in places:
            chunk = Chunk(store, run, settings, contents)
            found = chunk.found(place) if place.position in judged_before else None
            if found is None or not chunk.settled(found):
                left.append(place.position)
    return left


def workers_of(settings: Settings) -> Workers:
    """The one pool of this process, kept between chunks so that models are loaded once."""
    with _making:  # two chunks ask at the same moment
        return _workers(settings)


@cache
def _workers(settings: Settings) -> Workers:
    return Workers(settings)


def restarts(settings: Settings) -> int:
    """Worker processes of this process replaced so far; none where there are no workers."""
    return _workers(settings).restarts if _workers.cache_info().currsize else 0


def close_workers(settings: Settings) -> None:
    """End the pool, at once; nobody may be using it."""
    workers_of(settings).kill()
    _workers.cache_clear()


@dataclass(slots=True)
class _Underway:
    """A place whose files are being read: the keys of their readings in the order of the files."""

    place: Place
    profile: Profile
    keys: tuple[str, ...]
    reused: int = 0  # readings that were stored before

    @property
    def position(self) -> int:
        return self.place.position

    @property
    def submission(self) -> Submission:
        return _submission(self.place)


@dataclass(slots=True)
class Chunk:
    """A few places of a run under way. That files can be read says nothing of whether reports can be written."""

    store: Store
    run: Run
    settings: Settings
    contents: Contents
    outages: Outages = field(default_factory=Outages)  # of reading
    _writing: Outages = field(default_factory=Outages)  # and of judging and showing
    result: ChunkResult = field(default_factory=ChunkResult)
    _known: dict[str, bytes] = field(default_factory=dict)  # readings as they are stored, by key
    _lost: dict[str, str] = field(default_factory=dict)  # keys of files that could not be read for an outage → cause
    _reading: dict[Future[Read | Failed], Job] = field(default_factory=dict)
    _showing: dict[Future[Failed | None], tuple[_Underway, Judged]] = field(default_factory=dict)
    _sources: dict[str, Sources] = field(default_factory=dict)

    def work(self, places: Sequence[Place]) -> ChunkResult:
        """All of the places, each finished as soon as its files are read, in their order."""
        waiting, underway = deque(places), deque[_Underway]()
        try:
            self.contents.look(_looked_at(self.run, places))
            while waiting or underway or self._reading or self._showing:
                while underway and all(key in self._known or key in self._lost for key in underway[0].keys):
                    self._conclude(underway.popleft())
                if _stop.is_set():
                    self.result.stopped = True
                    break
                # What is ready is taken before more is begun: whatever ends the run there, that much is kept.
                while waiting and self.contents.has_room and not any(future.done() for future in self._futures()):
                    if (begun := self._begun(waiting.popleft())) is not None:
                        underway.append(begun)
                self._take()
        finally:
            for future in self._futures():
                future.cancel()
            self.contents.close()
        return self.result

    def _futures(self) -> list[Future[Any]]:
        return [*self._reading, *self._showing]

    def _begun(self, place: Place) -> _Underway | None:
        """A place with all its readings found or asked for; None where its rules cannot be applied, or it failed."""
        try:
            profile = self._profile(place)
        except UsageError as error:
            self.store.refuse(self.run.id, place.position, str(error))
            return None
        if keys := self._judged_from(place, profile):
            return _Underway(place, profile, keys, reused=len(keys))
        files = _submission(place).files
        if away := self.contents.trouble(files) or self.contents.fetch(place.position, self.contents.unknown(files)):
            self._unreached(place, away)
            return None
        jobs = self._jobs(place, profile)
        underway = self._looked_up(place, profile, jobs)
        asked = {*self._known, *self._lost, *(job.key for job in self._reading.values())}
        to_read: dict[str, Job] = {}
        for job in jobs:
            if job.key not in asked:
                to_read.setdefault(job.key, job)
        if away := self.contents.fetch(place.position, (job.file for job in to_read.values())):
            self._unreached(place, away)
            return None
        for job in to_read.values():
            job = replace(job, file=self.contents.here(place.position, job.file))
            self._reading[workers_of(self.settings).read(job)] = job
        return underway

    def found(self, place: Place) -> _Underway | None:
        """A place whose readings are all stored; None where one is not, or its rules cannot be applied."""
        try:
            profile = self._profile(place)
        except UsageError:
            return None
        if keys := self._judged_from(place, profile):
            return _Underway(place, profile, keys, reused=len(keys))
        files = _submission(place).files
        if self.contents.trouble(files) or self.contents.unknown(files):
            return None
        underway = self._looked_up(place, profile, self._jobs(place, profile))
        return underway if all(key in self._known for key in underway.keys) else None

    def _profile(self, place: Place) -> Profile:
        return profile_of(_submission(place), self.settings)

    def _jobs(self, place: Place, profile: Profile) -> list[Job]:
        """What would have to be read for a place, file by file."""
        wants, version = wanted(profile), reading_version(self.settings)
        jobs = []
        for file in _submission(place).files:
            sha256 = self.contents.sha256(file.path)
            assert sha256 is not None  # what was not known was fetched
            jobs.append(Job(reading_key(sha256, file, wants, version), sha256, without_name(file), wants))
        return jobs

    def _looked_up(self, place: Place, profile: Profile, jobs: Sequence[Job]) -> _Underway:
        keys = tuple(job.key for job in jobs)
        self._known |= self.store.packed_readings(key for key in keys if key not in self._known)
        return _Underway(place, profile, keys, reused=sum(key in self._known for key in keys))

    def _judged_from(self, place: Place, profile: Profile) -> tuple[str, ...]:
        """In a run that judges what is stored: the readings of the current report, if all are there and serve."""
        if not _is_from_store(self.run, place):
            return ()
        report, wants = self.store.current_report(_id(place)), wanted(profile)
        keys = tuple(report.reading_keys) if report else ()
        if len(keys) != len(_submission(place).files) or not all(serves(key, wants) for key in keys):
            return ()
        self._known |= self.store.packed_readings(key for key in keys if key not in self._known)
        return keys if all(key in self._known for key in keys) else ()

    def _take(self) -> None:
        """What the workers have ready: readings are kept, places whose views are written are finished."""
        done, _ = wait(self._futures(), timeout=_LOOK_AGAIN, return_when=FIRST_COMPLETED)
        for future in done:
            if future in self._reading:
                self._keep(self._reading.pop(future), future)
            else:
                self._shown(*self._showing.pop(future), future)

    def _keep(self, job: Job, future: Future[Read | Failed]) -> None:
        try:
            outcome = future.result()
        except OutageError as error:
            self._lost[job.key] = error.cause
            self.store.note(Attempt(self.run.id, job.key, job.sha256, "", "outage", reason=error.cause))
            self.outages.note(job.key, error.cause, error)
            return
        for failed in outcome.failed:
            self.store.note(self._attempt(job, failed))
        if isinstance(outcome, Failed):
            self.outages.note(job.key, outcome.cause)
            documents, engine = [outcome.document(job.file)], {}
        else:
            self.outages.note(job.key, None)
            documents, engine = outcome.documents, outcome.engine
        if was_changed(documents, job.file, job.sha256):
            self._lost[job.key] = "file_changed"
            return
        body = self._known[job.key] = packed(documents, engine)
        self.store.save_reading(job.key, job.sha256, reading_version(self.settings), body, self._attempt(job, outcome))

    def _attempt(self, job: Job, outcome: Read | Failed) -> Attempt:
        told: dict[str, Any] = {"seconds": outcome.seconds, "rss_mb": outcome.rss_mb}
        told["started_at"] = datetime.now(UTC) - timedelta(seconds=outcome.seconds)
        if isinstance(outcome, Read):
            told |= {"outcome": "read", "timings": outcome.timings}
        else:
            told |= {"outcome": outcome.kind, "reason": outcome.detail}
        return Attempt(self.run.id, job.key, job.sha256, outcome.worker, **told)

    def _conclude(self, underway: _Underway) -> None:
        """Judge a place and have its report written; one that misses a reading is left for another run."""
        if cause := next((self._lost[key] for key in underway.keys if key in self._lost), ""):
            self._failed(underway, cause)
        elif not self.settled(underway):
            try:
                done = self._judged(underway)
                self._write(underway, done)
            except StoreError:
                raise
            except HeyanError as error:
                self._failed(underway, cause_of(error), error)

    def settled(self, underway: _Underway) -> bool:
        """Finish a place whose report is stored and written already."""
        stored = self._stored(underway)
        if stored is None or not self._is_written(underway, stored.report):
            return False
        self.store.reuse(
            self.run.id, underway.position, stored.id, reused=underway.reused, unread=_unread(stored.report)
        )
        self.result.finished += 1
        self.contents.done(underway.position)
        return True

    def _judged(self, underway: _Underway) -> Judged:
        if (stored := self._stored(underway)) is not None:
            report, due = stored.report, []
        else:
            report, case = self._judge(underway)
            due = due_dates(case, report.findings)
        return Judged(
            report, self._key(underway), profile_digest(underway.profile), underway.keys, due,
            reused=underway.reused, unread=_unread(report),
        )  # fmt: skip

    def _judge(self, underway: _Underway) -> tuple[Report, Case]:
        submission, profile = underway.submission, underway.profile
        readings = [unpacked(self._known[key], file) for key, file in zip(underway.keys, submission.files, strict=True)]
        if profile.id not in self._sources:
            self._sources[profile.id] = open_sources(profile, self.settings)
        documents = [document for reading in readings for document in reading.documents]
        report, case = judged(submission, documents, profile, self._sources[profile.id], self.run.as_of)
        engine = next((reading.engine for reading in readings if reading.engine), {"engine": "none needed"})
        return report.model_copy(update={"engine": engine}), case

    def _write(self, underway: _Underway, done: Judged) -> None:
        folder = made_folder(self._folder(underway))
        take_away_left(folder, "report")
        write_whole(folder / "report.json", json_text(done.report))
        if self.run.options.get("views", True):
            # What is judged without its files is shown without them: they may be on a shelf by now.
            submission = self.contents.all_here(underway.position, underway.submission)
            job = ViewJob(done.report, submission, folder, pictures=not _is_from_store(self.run, underway.place))
            self._showing[workers_of(self.settings).view(job)] = underway, done
        else:
            self._finish(underway, done)

    def _shown(self, underway: _Underway, done: Judged, future: Future[Failed | None]) -> None:
        """A place whose views were written; the report stands in its JSON where one could not be made."""
        try:
            failed = future.result()
        except OutageError as error:
            self._failed(underway, error.cause, error)
            return
        if failed is not None:
            reason = f"view: {failed.detail}"
            told = Attempt(self.run.id, done.key, "", failed.worker, failed.kind, failed.seconds, reason)
            self.store.note(told)
        self._finish(underway, done)

    def _finish(self, underway: _Underway, done: Judged) -> None:
        self.store.save_report(self.run.id, underway.position, done)
        self._writing.note(underway.place.name, None)
        self.result.finished += 1
        self.contents.done(underway.position)

    def _failed(self, underway: _Underway, cause: str | None, error: HeyanError | None = None) -> None:
        """A place that has to wait for another run: not its own fault. OutageError when others failed alike."""
        self.store.fail(self.run.id, underway.position, cause or "unknown", error.message if error else "")
        self.result.failed += 1
        self.contents.done(underway.position)
        if error is not None:
            if cause == "disk_full" and not isinstance(error, OutageError):  # the report's, and not that of a worker
                error = outage(cause, f"The disk of {self.run.folder} is full.")
            self._writing.note(underway.place.name, cause, error if isinstance(error, OutageError) else None)

    def _unreached(self, place: Place, error: OutageError) -> None:
        """A place that has to wait because its files are in a store that does not give them."""
        self.store.fail(self.run.id, place.position, error.cause, error.message)
        self.result.failed += 1
        self.contents.done(place.position)

    def _stored(self, underway: _Underway) -> StoredReport | None:
        return self.store.report_with(_id(underway.place), self._key(underway))

    def _key(self, underway: _Underway) -> str:
        profile = profile_digest(underway.profile)
        return report_key(underway.place.digest, underway.keys, profile, self.run.as_of)

    def _is_written(self, underway: _Underway, report: Report) -> bool:
        """Whether a report and its views lie in the run's folder as they would be written."""
        folder = self._folder(underway)
        try:
            if (folder / "report.json").read_text("utf-8") != json_text(report):
                return False
            written = (folder / "report.json").stat().st_mtime_ns
            views = [path for path in folder.iterdir() if path.suffix == ".html"]
            return not self.run.options.get("views", True) or any(v.stat().st_mtime_ns >= written for v in views)
        except (OSError, UnicodeDecodeError):
            return False

    def _folder(self, underway: _Underway) -> Path:
        return self.run.folder / REPORTS / underway.place.name


def _submission(place: Place) -> Submission:
    assert place.submission is not None  # only rows without one are invalid, and those are not open
    return place.submission


def _is_from_store(run: Run, place: Place) -> bool:
    """Whether a place is one of those that a run judges from what is stored."""
    return place.position < int(run.options.get("stored", 0))


def _looked_at(run: Run, places: Iterable[Place]) -> Iterator[SubmittedFile]:
    """The files of places that are not judged from what is stored."""
    return (file for place in places if not _is_from_store(run, place) for file in _submission(place).files)


def _id(place: Place) -> int:
    assert place.submission_id is not None
    return place.submission_id


def _unread(report: Report) -> int:
    """Files of a report that could not be read."""
    return len({document.file for document in report.documents if not document.sha256})
