"""The flows on a real Prefect server: what they are told, what they tell, and what stops them."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path

import pytest

from flows.batch import chunks, run_batch
from flows.nightly import NightDone, run_night
from flows.submission import verify_submission
from pipeline.store import Run
from pipeline.views import watched
from tests.pipeline.batch_by_hand import AS_OF, Office

XML, OFD, OLD = (
    "accept-1688-general-taxpayer-xml",
    "accept-jd-huicai-settlement-ofd",
    "reject-1688-general-taxpayer-old-invoice",
)


pytestmark = pytest.mark.usefixtures("prefect_home")


def everything(database: Path) -> str:
    """Every text and blob Prefect keeps."""
    found = []
    with sqlite3.connect(database) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            for row in connection.execute(f'SELECT * FROM "{table}"'):
                found += [value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value) for value in row]
    return "\n".join(found)


def test_a_batch_is_one_flow_and_its_record_is_the_store(office: Office, prefect_home: Path) -> None:
    office.put(XML, OFD, OLD)
    run = office.planned()
    assert run_batch(run.id) == ""
    assert office.store.run(run.id).state == "finished"
    counts = office.store.counts(run.id)
    assert counts.states == {"finished": 3}
    assert {verdict.value: number for verdict, number in counts.verdicts.items()} == {"accept": 2, "reject": 1}


def test_prefect_is_told_nothing_that_stands_on_a_document(office: Office, prefect_home: Path) -> None:
    office.put(XML, OLD)
    run = office.planned()
    run_batch(run.id)
    kept = everything(prefect_home)
    assert run.id in kept  # what is told of the run is looked at here
    assert "| finding |" in kept
    for secret in (XML, OLD, "南宁铭曜供应链管理有限公司", "914501030706354079", "invoice-13.xml", str(office.inbox)):
        assert secret not in kept


def test_one_submission_is_a_flow_too(office: Office) -> None:
    office.put(XML, OLD)
    run = office.planned()
    assert verify_submission(run.id, 0, return_state=True).is_completed()
    assert office.store.counts(run.id).states == {"finished": 1, "waiting": 1}
    office.workers.faults["*"] = "files_away"
    failed = verify_submission(run.id, 1, return_state=True)
    assert (failed.is_failed(), failed.message) == (True, "files_away")
    office.workers.faults.clear()
    assert verify_submission(run.id, 1, return_state=True).is_completed()
    assert office.store.run(run.id).state == "finished"
    assert verify_submission("no-such-run", return_state=True).is_failed()


def test_an_outage_stops_the_run_and_names_its_cause(office: Office) -> None:
    office.put(XML, OFD, OLD)
    office.workers.faults["*"] = "disk_full"
    run = office.planned()
    assert run_batch(run.id) == "disk_full"
    assert (office.store.run(run.id).state, office.store.run(run.id).cause) == ("stopped", "disk_full")
    office.workers.faults.clear()
    assert run_batch(run.id) == ""
    assert office.store.counts(run.id).states == {"finished": 3}


def test_a_mistake_of_ours_is_told_by_its_place_alone(office: Office, prefect_home: Path) -> None:
    office.put(XML)

    def broken(job: object) -> None:
        raise RuntimeError("南宁铭曜 said so")

    office.workers.before = broken
    run = office.planned()
    cause = run_batch(run.id)
    assert cause.startswith("internal RuntimeError test_flows.py:")
    assert "said so" not in everything(prefect_home)


def test_a_night_is_a_flow_and_is_shown_while_it_lasts(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.put(XML, OLD)
    monkeypatch.setenv("HEYAN_INBOX", str(office.inbox))
    seen: list[Run] = []
    done = run_night(AS_OF, lambda store, run: (seen.append(run), watched(store, run, office.settings))[1])
    assert done.cause == ""
    assert done.summary is not None
    assert [run.id for run in seen] == [done.summary.run.id]
    assert (done.summary.folder / "summary.html").is_file()
    assert (office.root / "nights" / "metrics.prom").is_file()
    again = run_night(date(2027, 6, 1), lambda store, run: watched(store, run, office.settings))
    assert again.summary is not None
    assert [one.name for one in again.summary.changed] == [XML]


def test_two_nights_do_not_overlap(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEYAN_INBOX", str(office.inbox))
    inner: list[NightDone] = []

    def meanwhile(store: object, run: Run) -> object:
        inner.append(run_night(AS_OF, lambda store, run: watched(store, run, office.settings)))
        return watched(store, run, office.settings)

    assert run_night(AS_OF, meanwhile).cause == ""  # type: ignore[arg-type]
    [other] = inner
    assert other.cause == "held"
    assert other.summary is None
    assert "nightly" in str(other.error)


def test_a_night_that_is_stopped_says_why_and_the_next_goes_on(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.put(XML, OFD, OLD)
    monkeypatch.setenv("HEYAN_INBOX", str(office.inbox))
    office.workers.faults["*"] = "model_missing"
    stopped = run_night(AS_OF, lambda store, run: watched(store, run, office.settings))
    assert stopped.cause == "model_missing"
    assert stopped.summary is not None
    assert stopped.summary.run.state == "stopped"
    office.workers.faults.clear()
    finished = run_night(AS_OF, lambda store, run: watched(store, run, office.settings))
    assert finished.cause == ""
    assert finished.summary is not None
    assert len(finished.summary.new) == 3


@pytest.mark.parametrize(("documents", "workers", "at_once"), [(1.0, 2, 2), (3.5, 2, 2), (80.0, 16, 4)])
def test_chunks_hold_every_place_once_and_keep_everybody_busy(documents: float, workers: int, at_once: int) -> None:
    places = list(range(1000))
    found = chunks(places, documents, at_once, workers)
    assert [place for chunk in found for place in chunk] == places
    assert len(found) >= 2 * at_once
    assert max(map(len, found)) * documents <= max(documents, 50 + documents, 2 * workers + documents)
