"""`heyan batch` without workers and without Prefect: what it says, what stops it, and how it is continued."""

from __future__ import annotations

import gc
import io
import json
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

from apps import batch as command
from apps import batch_teller, cli, sheets
from apps.batch import Asked, run_asked
from apps.batch_teller import Teller, explained, result_row
from apps.batch_workbook import ResultRow, write_results
from apps.results import _chosen
from apps.words import two
from extractors.errors import HeyanError, OutageError, StoreError, UsageError
from flows import runs
from pipeline import batch
from pipeline.settings import Settings
from pipeline.store import Held, Run, Store
from tests.pipeline.batch_by_hand import AS_OF, HereWorkers, Office

XML, OFD, OLD = (
    "accept-1688-general-taxpayer-xml",
    "accept-jd-huicai-settlement-ofd",
    "reject-1688-general-taxpayer-old-invoice",
)


def worked(store: Store, run: Run, settings: Settings) -> str:
    """Everything open of a run, here."""
    batch.run_chunk(run.id, batch.settle(run.id, settings), settings)
    return runs.end(store, run.id)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/store.db", ocr_finer_side=0)
    workers = HereWorkers(settings)
    monkeypatch.setattr(batch, "workers_of", lambda _: workers)
    monkeypatch.setattr(batch, "_stop", type(batch._stop)())
    monkeypatch.setattr(command, "_work", worked)
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    return Office(tmp_path, settings, workers)


def asked(office: Office, **more: Any) -> Asked:
    return Asked(str(office.inbox), office.root / "out", as_of=AS_OF, **more)


def run(office: Office, *, as_json: bool = True, **more: Any) -> tuple[int, list[dict[str, Any]]]:
    """The exit code and the events of a batch."""
    said = io.StringIO()
    code = run_asked(asked(office, **more), office.settings, Teller(said, office.root / "out", "en", as_json))
    return code, [json.loads(line) for line in said.getvalue().splitlines()] if as_json else []


def full(*_: Any) -> None:
    raise HeyanError("cannot write it.") from OSError(28, "No space left on device")


def test_results_that_find_no_room_stop_the_run_and_the_next_start_writes_them(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.put(XML)
    with monkeypatch.context() as patched:
        patched.setattr(batch_teller, "write_results", full)
        code, events = run(office)
    assert code == 70
    assert [event["cause"] for event in events if event["event"] == "outage"] == ["disk_full"]
    assert (events[-1]["event"], events[-1]["exit_code"]) == ("end", 70)
    [stopped] = office.store.runs()
    assert (stopped.state, stopped.cause) == ("stopped", "disk_full")
    assert run(office, resume=True)[0] == 0
    [finished] = office.store.runs()
    assert (finished.id, finished.state) == (stopped.id, "finished")
    assert (office.root / "out" / "results.xlsx").is_file()


def test_the_same_folder_is_written_by_one_batch_at_a_time(office: Office) -> None:
    office.put(XML)
    with office.store.hold(asked(office).lock), pytest.raises(Held) as told:
        run(office, resume=True)
    assert str(told.value).startswith(f"A batch into {office.root / 'out'} is being done already, by process ")
    assert told.value.exit_code == 70
    assert office.store.runs() == []


def test_what_was_cut_off_is_continued_only_when_asked(office: Office) -> None:
    office.put(XML, OLD)
    office.workers.faults["*"] = "disk_full"
    code, events = run(office)
    assert (code, events[-2]["event"], events[-2]["cause"]) == (70, "outage", "disk_full")
    assert {result_row(ended).problem for ended in office.store.results()} == {"disk_full"}
    office.workers.faults.clear()
    with pytest.raises(UsageError, match="--resume"):
        run(office)
    assert run(office, resume=True)[0] == 0
    assert [known.state for known in office.store.runs()] == ["finished"]
    assert run(office, resume=True)[0] == 0  # nothing to continue: as without


def test_the_way_on_is_a_command_a_shell_takes() -> None:
    words = shlex.split(Asked("my list.xlsx", Path("/a folder/$x")).again)
    assert words == ["heyan", "batch", "my list.xlsx", "--out", "/a folder/$x", "--resume"]


def test_a_list_that_cannot_be_read_ends_the_events_and_is_no_result(office: Office) -> None:
    office.put(XML)
    assert run(office)[0] == 0
    [good] = office.store.runs()
    said = io.StringIO()
    wrong = Asked(str(office.root / "nowhere.csv"), office.root / "out")
    with pytest.raises(UsageError, match="nowhere"):
        run_asked(wrong, office.settings, Teller(said, office.root / "out", "en", True))
    last = json.loads(said.getvalue().splitlines()[-1])
    assert (last["event"], last["state"], last["exit_code"]) == ("end", "stopped", 2)
    latest = _chosen(office.store, None, everything=False)
    assert latest is not None
    assert latest.id == good.id


def test_rules_that_are_not_there_are_told_once(office: Office) -> None:
    office.put(XML, OFD)
    with pytest.raises(UsageError, match="no profile 'no/such'"):
        run(office, profile="no/such")
    assert run(office)[0] == 0


@pytest.mark.parametrize(("error", "code"), [(KeyboardInterrupt(), 130), (ZeroDivisionError(), 70)])
def test_events_end_whatever_happens(
    office: Office, monkeypatch: pytest.MonkeyPatch, error: BaseException, code: int
) -> None:
    def broken(*_: Any) -> None:
        raise error

    office.put(XML)
    monkeypatch.setattr(batch_teller, "write_results", broken)
    said = io.StringIO()
    with pytest.raises(type(error)):
        run_asked(asked(office), office.settings, Teller(said, office.root / "out", "en", True))
    last = json.loads(said.getvalue().splitlines()[-1])
    assert (last["event"], last["exit_code"]) == ("end", code)


def test_a_reader_that_goes_away_does_not_end_the_run(office: Office) -> None:
    class Gone(io.StringIO):
        def write(self, text: str) -> int:
            raise BrokenPipeError

    office.put(XML)
    (office.inbox / "wrong").mkdir()
    (office.inbox / "wrong" / "submission.yaml").write_text("profile: [")
    code = run_asked(asked(office), office.settings, Teller(Gone(), office.root / "out", "en", True))
    assert code == 3
    assert office.report(XML).is_file()


def test_what_a_killed_run_left_half_written_is_taken_away(office: Office) -> None:
    office.put(XML)
    office.report(XML).parent.mkdir(parents=True)
    left = [office.report(XML).with_name(".report.json.x1y2"), office.root / "out" / ".results.xlsx.x1y2"]
    for path in left:
        path.write_text("{")
    assert run(office)[0] == 0
    assert [path for path in left if path.exists()] == []


def test_a_folder_that_cannot_be_made_is_that_submissions_trouble(office: Office) -> None:
    office.put(XML, OFD)
    (office.root / "out" / "reports").mkdir()
    office.report(XML).parent.write_text("in the way")
    code, events = run(office)
    assert code == 70
    states = {event["name"]: event["state"] for event in events if event["event"] == "submission"}
    assert states == {XML: "failed", OFD: "finished"}
    office.report(XML).parent.unlink()
    assert run(office, resume=True)[0] == 0


def test_the_full_disk_is_named(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.put(XML, OFD, OLD)
    monkeypatch.setattr(batch, "write_whole", full)
    with pytest.raises(OutageError) as told:  # though all three could be read
        office.run()
    assert told.value.cause == "disk_full"
    assert f"The disk of {office.root / 'out'} is full." in str(told.value)


def test_a_cause_is_told_in_the_words_of_the_error_this_process_met(office: Office) -> None:
    office.put(XML)
    run = office.planned()
    error = StoreError("The disk that holds the database db is full.", cause="disk_full")
    runs.keep_error(run.id, error)
    assert explained("disk_full", run) is error
    assert explained("model_missing", run).data["cause"] == "model_missing"


def test_a_full_disk_is_no_internal_error_whoever_meets_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(typer.main, "get_command", full)
    assert cli._run([]) == 70
    assert capsys.readouterr().err.startswith("heyan: The disk is full. Make room on it")


def test_a_workbook_no_disk_takes_leaves_nothing_that_complains(tmp_path: Path) -> None:
    class Full(io.BytesIO):
        def write(self, data: Any) -> int:
            raise OSError(28, "No space left on device")

    def saved() -> None:
        with sheets.new_workbook() as book:
            sheets.Sheet(book, "a", [two("甲", "A")], [10]).close()
            sheets.save(book, Full())

    with pytest.raises(OSError, match="No space"):
        saved()
    gc.collect()


def test_rows_that_find_no_room_on_their_way_are_told_like_the_file(tmp_path: Path) -> None:
    def rows() -> Iterator[ResultRow]:
        yield ResultRow("a", 1, "", "", "waiting", "", "", "")
        raise OSError(28, "No space left on device")

    with pytest.raises(HeyanError, match=r"cannot write .*results\.xlsx: No space left"):
        write_results(rows(), tmp_path / "results.xlsx")
