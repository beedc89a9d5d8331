"""Whatever an engine does in a worker, the run goes on, every file gets its answer and nothing is left behind."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, wait
from pathlib import Path

import numpy as np
import psutil
import pytest
from PIL import Image

from extractors.errors import OutageError
from pipeline.settings import Settings
from pipeline.submission import SubmittedFile
from pipeline.worker_folder import RunFolder
from pipeline.workers import Event, Failed, Job, Read, Workers
from tests.pipeline.worker_readers import NAME, WIDTH
from validators.findings import Verdict

LIMITS = {"worker_timeout": 120.0, "worker_memory_mb": 900, "document_retries": 0}
READERS = "tests.pipeline.worker_readers"


def job(folder: Path, act: str, name: str = "") -> Job:
    """A picture that makes the engine do something."""
    path = folder / f"{name or act}.png"
    noise = np.random.default_rng(1).integers(0, 255, (100, WIDTH[act], 3), np.uint8)
    Image.fromarray(noise).save(path)
    return Job(path.name, "", SubmittedFile(path, path.name))


def pool(workers: int = 1, reader: str = "acting", on_event: Callable[[Event], None] | None = None, **limits: object):
    return Workers(Settings(**{**LIMITS, **limits}), workers, reader=f"{READERS}:{reader}", on_event=on_event)


def answer(workers: Workers, one: Job) -> Read | Failed:
    return workers.read(one).result(120)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    made = tmp_path_factory.mktemp("workers")
    os.environ["HEYAN_TEST_MARKS"] = str(made)
    yield made
    del os.environ["HEYAN_TEST_MARKS"]


@pytest.fixture(scope="module")
def workers(folder: Path) -> Iterator[Workers]:
    made = pool(2)
    yield made
    made.kill()


LOST = {
    "exits": ("died", "exit code 3"),
    "exits as if well": ("died", "exit code 0"),
    "is killed": ("died", "SIGKILL"),
    "crashes": ("died", "SIGSEGV"),
    "eats memory": ("memory", "SIGKILL"),
    "eats memory natively": ("memory", "SIGKILL"),
}
FAILS = {
    "asks for too much": ("memory", "MemoryError"),
    "raises": ("error", "KeyError"),
    "raises its own": ("error", "EngineError"),
    "raises what cannot be sent": ("error", "UnsentError"),
    "recurses": ("error", "RecursionError"),
    "leaves": ("error", "SystemExit"),
}


@pytest.fixture(scope="module")
def answers(workers: Workers, folder: Path) -> dict[str, Read | Failed]:
    """All acts at once, with good files between them."""
    acts = [name for act in (LOST | FAILS) for name in (act, f"reads after {act}")]
    jobs = [job(folder, act if act in WIDTH else "reads", act) for act in acts]
    futures = [workers.read(one) for one in jobs]
    assert not wait(futures, 240).not_done
    return {act: future.result() for act, future in zip(acts, futures, strict=True)}


@pytest.mark.parametrize("act", LOST | FAILS)
def test_a_file_that_hurts_its_worker_fails_by_itself(answers: dict[str, Read | Failed], act: str) -> None:
    failed, beside = answers[act], answers[f"reads after {act}"]
    assert isinstance(failed, Failed)
    assert (failed.kind, failed.detail.split(" at ")[0]) == (LOST | FAILS)[act]
    assert NAME not in failed.detail
    assert isinstance(beside, Read)
    assert [report.file for report, _ in beside.documents] == [f"reads after {act}.png"]


@pytest.mark.parametrize("act", ["hangs", "hangs natively"])
def test_a_file_that_takes_too_long_fails_by_itself(folder: Path, act: str) -> None:
    workers = pool(worker_timeout=2.5)
    failed = answer(workers, job(folder, act))
    workers.kill()
    assert isinstance(failed, Failed)
    assert (failed.kind, failed.detail) == ("timeout", "time limit")
    assert "2.5 s" in failed.reason.en


def test_what_failed_is_a_document_that_goes_to_review_and_says_why(
    answers: dict[str, Read | Failed], folder: Path
) -> None:
    for act in LOST | FAILS:
        failed = answers[act]
        assert isinstance(failed, Failed)
        report, filed = failed.document(job(folder, act).file)
        assert filed.unreadable
        [told] = filed.findings
        assert (told.code, told.verdict, told.document) == ("FILE_UNREADABLE", Verdict.REVIEW, report.file)
        assert failed.reason.en in told.message.en
        assert failed.reason.zh in told.message.zh


def test_memory_is_kept_near_its_limit(answers: dict[str, Read | Failed]) -> None:
    assert answers["eats memory"].rss_mb < 900 + 400
    assert answers["eats memory natively"].rss_mb < 900 + 1000


def test_a_file_that_ends_its_worker_is_tried_once_more_in_a_fresh_one(folder: Path) -> None:
    events: list[Event] = []
    workers = pool(on_event=events.append, document_retries=1)
    lucky, poison = workers.read(job(folder, "is killed once")), workers.read(job(folder, "is killed"))
    read, failed = lucky.result(120), poison.result(120)
    workers.close()
    assert isinstance(read, Read)
    assert [f.kind for f in read.failed] == ["died"]
    assert read.failed[0].worker != read.worker
    assert isinstance(failed, Failed)
    assert len({failed.worker, failed.failed[0].worker, read.worker}) == 3 or failed.failed[0].worker == read.worker
    assert [f.kind for f in failed.failed] == ["died"]
    assert workers.restarts == 3
    assert [event.kind for event in events] == ["failed", "replaced"] * 3


def test_a_worker_that_grew_is_replaced_after_its_document(folder: Path) -> None:
    workers = pool(worker_grow_mb=300, worker_memory_mb=2000)  # a page is read four times where no text tells its top
    read = [answer(workers, job(folder, "grows")) for _ in range(4)]
    workers.close()
    assert all(isinstance(one, Read) for one in read)
    first, second, third, fourth = (one.worker for one in read)
    assert first == second == third != fourth
    assert workers.restarts == 1


def test_nothing_a_worker_prints_is_seen(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    workers = pool()
    assert isinstance(answer(workers, job(folder, "prints")), Read)
    workers.close()
    assert capfd.readouterr() == ("", "")


def test_temporary_files_of_a_killed_worker_go_with_it(folder: Path) -> None:
    workers = pool()
    answer(workers, job(folder, "litters"))
    assert isinstance(answer(workers, job(folder, "reads")), Read)
    place = workers._folder.path
    assert not [file for file in place.rglob("*") if file.name == "page.png"]
    workers.close()
    assert not place.exists()


def test_a_killed_runs_folder_is_cleared_by_the_next_and_one_in_use_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    held, left = RunFolder(), RunFolder()
    left._lock.close()  # as when its process is gone
    last = RunFolder()
    assert (held.path.exists(), left.path.exists(), last.path.exists()) == (True, False, True)


@pytest.mark.parametrize(
    ("reader", "act", "cause"),
    [
        ("missing", "reads", "model_missing"),
        ("full", "reads", "disk_full"),
        ("acting", "fills the disk", "disk_full"),
        ("acting", "is told to stop", "engine"),
    ],
)
def test_what_is_no_fault_of_the_file_is_an_outage(folder: Path, reader: str, act: str, cause: str) -> None:
    workers = pool(reader=reader)
    with pytest.raises(OutageError) as raised:
        answer(workers, job(folder, act))
    workers.close()
    assert raised.value.cause == cause
    assert raised.value.remedy
    assert NAME not in str(raised.value)


def test_a_reader_that_cannot_be_opened_at_all_is_an_outage(folder: Path) -> None:
    workers = pool(reader="nothing_of_this_name")
    with pytest.raises(OutageError) as raised:
        answer(workers, job(folder, "reads"))
    workers.close()
    assert raised.value.cause == "engine"


def test_lines_that_are_none_are_the_engines_failure(folder: Path) -> None:
    workers = pool(reader="garbled")
    failed = answer(workers, job(folder, "reads"))
    workers.close()
    assert isinstance(failed, Failed)
    assert (failed.kind, failed.cause) == ("error", "engine")


def test_data_is_read_without_an_engine(folder: Path) -> None:
    path = folder / "invoice.xml"
    path.write_text("<?xml version='1.0'?><a/>")
    workers = pool(reader="missing")
    read = answer(workers, Job("xml", "", SubmittedFile(path, path.name)))
    workers.close()
    assert isinstance(read, Read)
    assert read.engine == {}


def test_a_kill_cancels_what_waits_and_what_is_under_way(folder: Path) -> None:
    workers = pool(worker_timeout=120)
    hanging, waiting = workers.read(job(folder, "hangs")), workers.read(job(folder, "reads"))
    deadline = time.monotonic() + 90
    while not hanging.running() and time.monotonic() < deadline:
        time.sleep(0.02)
    workers.kill()
    for future in (hanging, waiting, workers.read(job(folder, "reads"))):
        with pytest.raises(CancelledError):
            future.result(1)
    assert not workers._folder.path.exists()


RUN = """
import sys, time
from pathlib import Path
from pipeline.settings import Settings
from pipeline.submission import SubmittedFile
from pipeline.workers import Job, Read, Workers
import signal

if __name__ == "__main__":
    signal.signal(signal.SIGINT, lambda *_: print("told", flush=True))
    workers = Workers(Settings(worker_timeout=120), 2, reader="tests.pipeline.worker_readers:acting")
    files = [Path(name) for name in sys.argv[1:]]
    futures = [workers.read(Job(file.name, "", SubmittedFile(file, file.name))) for file in files]
    print("started", flush=True)
    print([type(future.result()).__name__ for future in futures], workers.restarts, flush=True)
    workers.close()
"""


def started(folder: Path, *acts: str) -> subprocess.Popen[str]:
    files = [str(job(folder, act, f"{act} {at}").file.path) for at, act in enumerate(acts)]
    (folder / "run.py").write_text(RUN)
    return subprocess.Popen(
        [sys.executable, str(folder / "run.py"), *files],
        env={**os.environ, "HEYAN_TEST_MARKS": str(folder), "PYTHONPATH": os.getcwd(), "TMPDIR": str(folder)},
        stdout=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip


def until(holds: Callable[[], object], seconds: float = 90) -> bool:
    deadline = time.monotonic() + seconds
    while not holds() and time.monotonic() < deadline:
        time.sleep(0.05)
    return bool(holds())


def test_no_worker_outlives_its_parent(tmp_path: Path) -> None:
    parent = started(tmp_path, "tells its process", "tells its process", "hangs", "hangs natively")
    assert until(lambda: len([f for f in tmp_path.iterdir() if f.name.isdigit()]) >= 1)
    children = psutil.Process(parent.pid).children(recursive=True)
    assert len(children) >= 2
    parent.kill()
    parent.wait()
    assert until(lambda: not any(child.is_running() and child.status() != "zombie" for child in children), 5)


def test_ctrl_c_at_the_terminal_is_for_the_parent_to_decide(tmp_path: Path) -> None:
    parent = started(tmp_path, "reads", "reads", "reads")
    assert parent.stdout is not None
    assert parent.stdout.readline() == "started\n"
    for _ in range(8):  # while the workers come up and while they read
        os.killpg(parent.pid, signal.SIGINT)
        time.sleep(0.3)
    told = parent.communicate(timeout=120)[0].splitlines()
    assert "told" in told
    # The last of them may come when all is read and printed.
    assert [line for line in told if line != "told"] == ["['Read', 'Read', 'Read'] 0"]
