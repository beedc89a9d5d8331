"""What a batch costs: pace against workers and bare reading, Prefect's share, memory, cut-offs, doing it again.

    python -m benchmarks.batch pace   [--documents 100]              documents a minute, and what is not reading
    python -m benchmarks.batch memory [--documents 2000] [--broken 60] [--hostile DIR]   memory of each worker
    python -m benchmarks.batch kills  [--documents 200] [--kills 20]     kill -9 of the whole tree, then --resume
    python -m benchmarks.batch store  [--documents 4000]   what the database (HEYAN_DATABASE_URL) takes, nothing read

Documents are the committed sample submissions, each copy made another file by a comment inside it. Times are taken
from the ledger, once every worker has read one file, to the last report: what a start costs is told by itself and
does not hide in a rate. Every command runs `heyan batch` as a user would, with a home and a database of its own.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from itertools import count, cycle
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples" / "submissions"
AS_OF = "2026-11-22"
PROFILE = "profile: 1688/name-verification"


# --- what is read ---


def submissions() -> list[Path]:
    """The sample submissions whose documents are JPEG pictures, most of what back offices get."""
    folders = (path.parent for path in sorted(SAMPLES.glob("*/submission.yaml")) if PROFILE in path.read_text("utf-8"))
    return [folder for folder in folders if all(p.suffix == ".jpg" for p in pictures(folder))]


def pictures(folder: Path) -> list[Path]:
    others = {".yaml", ".json"}
    return sorted(p for p in folder.iterdir() if p.suffix not in others)


def filled(inbox: Path, documents: int, broken: int = 0, hostile_files: Path | None = None) -> int:
    """Fill a folder with submissions of so many documents, `broken` of them damaged or hostile; how many it became."""
    made, numbers, spoiled = 0, count(1), spread(documents, broken)
    hostile = cycle(sorted(hostile_files.iterdir()) if hostile_files else [None])
    for source in cycle(submissions()):
        if made >= documents:
            return made
        folder = inbox / f"{next(numbers):05}-{source.name}"
        folder.mkdir(parents=True)
        shutil.copy(source / "submission.yaml", folder)
        for picture in pictures(source):
            made += 1
            data = other_file(picture.read_bytes(), made)
            if made in spoiled:
                data = damaged(data, next(hostile), made)
            (folder / picture.name).write_bytes(data)
    return made


def other_file(jpeg: bytes, number: int) -> bytes:
    """The same picture as another file: a comment behind its first marker."""
    told = f"copy {number}".encode()
    return jpeg[:2] + b"\xff\xfe" + (len(told) + 2).to_bytes(2, "big") + told + jpeg[2:]


def damaged(data: bytes, hostile: Path | None, number: int) -> bytes:
    """A file that cannot be read: one of the folder of hostile ones where one is given, else cut off or noise."""
    if hostile is not None:
        return hostile.read_bytes()
    return data[: len(data) // 3] if number % 2 else random.Random(number).randbytes(50_000)


def spread(documents: int, broken: int) -> set[int]:
    return set(random.Random(1).sample(range(1, documents + 1), broken))


# --- running it ---


class Office:
    """An inbox, a home and a database of their own."""

    def __init__(self, root: Path, cores: set[int] | None = None) -> None:
        self.root, self.inbox, self.out = root, root / "in", root / "out"
        self.cores = cores
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("HEYAN_", "PREFECT_"))},
            "XDG_DATA_HOME": str(root / "data"), "PYTHONPATH": str(ROOT),
        }  # fmt: skip

    def command(self, *more: str) -> list[str]:
        given = ["batch", str(self.inbox), "--out", str(self.out), "--as-of", AS_OF, *more]
        return [sys.executable, "-m", "apps.cli", *given]

    def start(self, *more: str) -> subprocess.Popen[bytes]:
        return self.started(self.command(*more))

    def started(self, command: list[str]) -> subprocess.Popen[bytes]:
        with (self.root / "stderr").open("ab") as said:
            process = subprocess.Popen(
                command, env=self.environment, cwd=ROOT, start_new_session=True, stdout=subprocess.DEVNULL, stderr=said
            )
        if self.cores:
            os.sched_setaffinity(process.pid, self.cores)
        return process

    def run(self, *more: str) -> float:
        """One batch to its end; its seconds."""
        begun = time.monotonic()
        code = self.start(*more).wait()
        if code not in (0, 3):
            raise SystemExit(f"heyan batch ended with {code}: {(self.root / 'stderr').read_text()[-2000:]}")
        return time.monotonic() - begun

    def ask(self, query: str) -> list[Any]:
        with sqlite3.connect(self.root / "data" / "heyan" / "heyan.db", timeout=30) as database:
            return database.execute(query).fetchall()

    def working(self) -> float:
        """Seconds from the first file that was begun to the last report."""
        [(first,)], [(last,)] = (
            self.ask("SELECT min(started_at) FROM attempt"),
            self.ask("SELECT max(ended_at) FROM place"),
        )
        return (datetime.fromisoformat(last) - datetime.fromisoformat(first)).total_seconds()

    def a_document(self) -> float:
        """Seconds a document takes once every worker has read one, and so has its engine loaded."""
        workers = len(self.cores or {0})
        rows = self.ask("SELECT started_at, seconds FROM attempt ORDER BY started_at")
        loaded = max(datetime.fromisoformat(begun).timestamp() + took for begun, took in rows[:workers])
        [(last,)] = self.ask("SELECT max(ended_at) FROM place")
        return float((datetime.fromisoformat(last).timestamp() - loaded) / (len(rows) - workers))

    def reports(self) -> dict[str, str]:
        """What each report says, without its timings, by its folder."""
        return {path.parent.name: told(path) for path in sorted((self.out / "reports").glob("*/report.json"))}


def told(path: Path) -> str:
    report = json.loads(path.read_text("utf-8"))
    report.pop("timings_ms", None)
    return hashlib.sha256(json.dumps(report, sort_keys=True).encode()).hexdigest()


def bare(inbox: Path, _: Path) -> None:
    """Read every file, one after the other, with one thread, and nothing else; prints the seconds."""
    import cv2

    from pipeline.documents import Reading, read_documents
    from pipeline.ocr import open_reader
    from pipeline.pictures import wanted
    from pipeline.settings import Settings
    from pipeline.submission import load_submission
    from validators.loading import load_profiles

    cv2.setNumThreads(1)
    settings = Settings(ocr_threads=1)
    reader, wants = open_reader(settings), wanted(load_profiles()["1688/name-verification"])
    files = [file for folder in sorted(inbox.iterdir()) for file in load_submission(folder).files]
    read_documents(files[0], Reading(settings, reader, wants=wants))  # warm
    begun = time.monotonic()
    for file in files:
        read_documents(file, Reading(settings, reader, wants=wants))
    print(time.monotonic() - begun)


def direct(inbox: Path, out: Path) -> None:
    """The same run without Prefect: the list planned and done as one chunk."""
    from datetime import date

    from pipeline import batch
    from pipeline.manifest import read_manifest
    from pipeline.settings import Settings
    from pipeline.store import Planned, open_store

    settings = Settings()
    store = open_store(settings)
    run = store.begin("batch", source=str(inbox), out=str(out), as_of=date.fromisoformat(AS_OF))
    rows = enumerate(read_manifest(inbox))
    store.plan(run.id, (Planned(at, row.number, row.submission, row.origin, row.problem, row.name) for at, row in rows))
    batch.run_chunk(run.id, store.open_positions(run.id), settings)
    batch.close_workers(settings)


# --- what is measured ---


def pace(documents: int) -> Iterator[str]:
    """A machine gets slower and faster by itself: what is compared runs at the same time, a core each, then swapped."""
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "in"
        made = filled(inbox, documents)
        yield f"{made} documents"
        for what, other in (("bare", "bare reading"), ("direct", "the same without Prefect")):
            (ours, start), (theirs, _) = _beside(Path(folder) / what, inbox, made, what)
            yield f"{other}: {60 / theirs:.1f} documents a minute on a core; `heyan batch` beside it: {60 / ours:.1f}"
            yield f"`heyan batch` over {other}: {ours / theirs - 1:+.1%}; {start:.1f} s to start and end"
        office = [
            _office(folder, name, inbox, cores) for name, cores in (("first", {0}), ("both", {0, 1}), ("last", {1}))
        ]
        for each in office:
            each.run("--workers", str(len(each.cores or ())))
        one, two = (office[0].a_document() + office[2].a_document()) / 2, office[1].a_document()
        yield f"one worker on one core: {60 / one:.1f} a minute; two on two: {60 / two:.1f}; two ÷ one: {one / two:.2f}"
        again = office[1].run("--workers", "2")
        yield f"the same again: {again:.1f} s in all, {again / (made * two):.1%} of the first run's work"


def _beside(root: Path, inbox: Path, made: int, what: str) -> tuple[tuple[float, float], tuple[float, float]]:
    """Seconds a document, and to start and end, of `heyan batch` and of `what`, over both orders of the cores."""
    ours, theirs, starts = [], [], []
    for here, there in ((0, 1), (1, 0)):
        office, other = (
            _office(str(root), f"{name}{here}", inbox, {core}) for name, core in (("a", here), ("b", there))
        )
        other.environment["HEYAN_WORKERS"] = "1"
        with ThreadPoolExecutor(2) as threads:
            asked = (other.root, what, str(inbox), str(other.out))
            beside = threads.submit(_apart, *asked, cores={there}, environment=other.environment)
            whole = threads.submit(office.run, "--workers", "1").result()
            printed = beside.result()
        ours.append(office.a_document())
        theirs.append(printed / made if printed else other.a_document())
        starts.append(whole - made * ours[-1])
    return (statistics.mean(ours), statistics.mean(starts)), (statistics.mean(theirs), 0.0)


def _office(folder: str, name: str, inbox: Path, cores: set[int] | None) -> Office:
    office = Office(Path(folder) / name, cores)
    office.root.mkdir(exist_ok=True, parents=True)
    office.inbox = inbox
    return office


def _apart(root: Path, what: str, *arguments: str, cores: set[int], environment: dict[str, str] | None = None) -> float:
    """A part of this module in a process of its own; the seconds it prints, 0 for none."""
    process = subprocess.Popen(
        [sys.executable, "-m", "benchmarks.batch", what, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True,
        env=environment,
    )  # fmt: skip
    os.sched_setaffinity(process.pid, cores)
    printed = process.communicate()[0].split()
    return float(printed[-1]) if printed else 0.0


def memory(documents: int, broken: int, hostile: Path | None) -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        office = Office(Path(folder))
        made = filled(office.inbox, documents, broken, hostile)
        office.run("--no-html")
        yield f"{made} documents, {broken} of them broken: {made / office.working() * 60:.0f} a minute"
        verdicts = dict(office.ask("SELECT verdict, count(*) FROM place GROUP BY verdict"))
        states = dict(office.ask("SELECT state, count(*) FROM place GROUP BY state"))
        yield f"places {states}, verdicts {verdicts}"
        outcomes = dict(office.ask("SELECT outcome, count(*) FROM attempt GROUP BY outcome"))
        yield f"attempts {outcomes}"
        for worker, after, end, peak, number in levels(office):
            grown = f"{after:.0f} MB after 100, {end:.0f} MB at the end ({end / after - 1:+.1%})"
            yield f"{worker}: {number} files, {grown}, peak {peak:.0f} MB"


def levels(office: Office) -> Iterator[tuple[str, float, float, float, int]]:
    """For each worker that read more than 200: memory around its 100th file, over its last 20, and its peak."""
    for (worker,) in office.ask("SELECT worker FROM worker WHERE worker != '' ORDER BY worker"):
        query = f"SELECT rss_mb FROM attempt WHERE worker = '{worker}' AND rss_mb > 0 ORDER BY started_at"
        rss = [value for (value,) in office.ask(query)]
        if len(rss) > 200:
            yield worker, statistics.mean(rss[90:110]), statistics.mean(rss[-20:]), max(rss), len(rss)


def kills(documents: int, number: int) -> Iterator[str]:
    chance = random.Random(os.getpid())
    with tempfile.TemporaryDirectory() as folder:
        calm, rough = Office(Path(folder) / "calm"), Office(Path(folder) / "rough")
        made = filled(calm.inbox, documents)
        seconds = calm.run()
        rough.root.mkdir()
        rough.inbox = calm.inbox
        # So that the work lasts for about as many starts as there are to be cut off, some of them while they start.
        longest = 1.3 * (seconds - calm.working()) + 2 * calm.working() / number
        moments = []
        for _ in range(number):
            wait = chance.uniform(0.5, longest)
            process = rough.start("--resume")
            try:
                process.wait(wait)
                moments.append("finished")
                break
            except subprocess.TimeoutExpired:
                _kill_tree(process)
            moments.append(f"{wait:.1f}")
        finish = rough.run("--resume")
        yield f"{made} documents, undisturbed {seconds:.0f} s, the last start {finish:.0f} s"
        yield f"killed after {', '.join(moments)} s"
        expected, found = calm.reports(), rough.reports()
        different = sum(found.get(name) != report for name, report in expected.items())
        yield f"reports: {len(found)} of {len(expected)}, different {different}"
        often = "SELECT reading_key FROM attempt WHERE outcome = 'read' GROUP BY reading_key HAVING count(*) > 1"
        twice = len(rough.ask(often))
        places = rough.ask("SELECT count(*), sum(state = 'finished') FROM place")[0]
        yield f"files read twice after they were kept: {twice}; places {places[0]}, finished {places[1]}"
        left = subprocess.run(["pgrep", "-f", str(rough.root)], capture_output=True, text=True).stdout.split()
        yield f"processes left: {len(left)}"


def store(documents: int) -> Iterator[str]:
    """Readings and reports written as a batch of many machines would, by eight threads, with nothing read."""
    from dataclasses import replace
    from datetime import date

    from pipeline.documents import Reading, read_documents
    from pipeline.settings import Settings
    from pipeline.store import Attempt, Judged, Planned, open_store
    from pipeline.stored_reading import packed
    from pipeline.submission import load_submission
    from pipeline.verify import verify

    settings = Settings()
    database = open_store(settings)
    sample = load_submission(submissions()[0])
    report = verify(sample, settings=settings, as_of=date.fromisoformat(AS_OF)).report
    bodies = [packed(read_documents(file, Reading(settings)), {}) for file in sample.files]
    run = database.begin("batch", source="benchmark", out="benchmark", as_of=date.fromisoformat(AS_OF))
    places = documents // len(bodies)
    named = ((at, replace(sample, name=f"s{at}")) for at in range(places))
    begun = time.monotonic()
    database.plan(run.id, (Planned(at, at + 1, told, f"benchmark:{run.id}#{at}") for at, told in named))
    yield f"{places} places planned: {places / (time.monotonic() - begun):.0f} a second"

    def done(at: int) -> None:
        keys = [f"{run.id}-{at}-{number}" for number in range(len(bodies))]
        for key, body in zip(keys, bodies, strict=True):
            attempt = Attempt(run.id, key, "0" * 64, f"machine:{at % 64}", "read", 0.5, "", 500.0, {"read": 400.0})
            database.save_reading(key, "0" * 64, "v", body, attempt)
        database.save_report(run.id, at, Judged(report, f"{run.id}-{at}", "digest", keys))

    begun = time.monotonic()
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(done, range(places)))
    files, seconds = places * len(bodies), time.monotonic() - begun
    yield f"{files} readings and {places} reports kept: {files / seconds:.0f} files a second"
    yield f"a reading {sum(map(len, bodies)) / len(bodies):.0f} bytes"


def _kill_tree(process: subprocess.Popen[bytes]) -> None:
    import psutil

    try:
        tree = [psutil.Process(process.pid), *psutil.Process(process.pid).children(recursive=True)]
    except psutil.NoSuchProcess:
        return
    for one in tree:
        try:
            os.kill(one.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    process.wait()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["pace", "memory", "kills", "store", "bare", "direct"])
    parser.add_argument("folders", nargs="*", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--documents", type=int, default=0)
    parser.add_argument("--broken", type=int, default=60)
    parser.add_argument("--hostile", type=Path, metavar="DIR", help="files that hurt, in place of cut-off ones")
    parser.add_argument("--kills", type=int, default=20)
    given = parser.parse_args()
    if given.folders:
        return {"bare": bare, "direct": direct}[given.what](*given.folders)
    told = {
        "pace": lambda: pace(given.documents or 100),
        "memory": lambda: memory(given.documents or 2000, given.broken, given.hostile),
        "kills": lambda: kills(given.documents or 200, given.kills),
        "store": lambda: store(given.documents or 4000),
    }[given.what]
    for line in told():
        print(line, flush=True)


if __name__ == "__main__":
    main()
