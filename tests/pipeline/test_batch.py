from __future__ import annotations

import json
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from extractors.errors import OutageError
from pipeline import batch
from pipeline.files import content_hash
from pipeline.settings import Settings
from pipeline.submission import load_submission
from pipeline.unreadable import too_slow
from pipeline.verify import verify
from pipeline.workers import Failed, Job
from tests.pipeline.batch_by_hand import AS_OF, SAMPLES, HereWorkers, Office

XML, OFD, FORM = (
    "accept-1688-general-taxpayer-xml",
    "accept-jd-huicai-settlement-ofd",
    "accept-yiwu-insured-order-lines",
)
OLD = "reject-1688-general-taxpayer-old-invoice"
_NEVER = 10**9


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    settings = Settings(database_url=f"sqlite:///{tmp_path}/store.db", ocr_finer_side=0)  # type: ignore[arg-type]
    workers = HereWorkers(settings)
    monkeypatch.setattr(batch, "workers_of", lambda _: workers)
    monkeypatch.setattr(batch, "_stop", type(batch._stop)())
    (tmp_path / "in").mkdir()
    return Office(tmp_path, settings, workers)


def _told(path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return {key: value for key, value in told.items() if key not in ("timings_ms", "engine")}


def test_a_run_reports_what_a_single_check_reports(office: Office) -> None:
    office.put(XML, OFD, FORM)
    run = office.run()
    assert office.store.counts(run.id).states == {"finished": 3}
    for name in (XML, OFD, FORM):
        alone = verify(load_submission(SAMPLES / name), settings=office.settings, as_of=AS_OF).report
        told = json.loads(alone.model_dump_json(by_alias=True))
        assert _told(office.report(name)) == {k: v for k, v in told.items() if k not in ("timings_ms", "engine")}


def test_the_same_again_reads_judges_and_writes_nothing(office: Office) -> None:
    office.put(XML, OFD)
    office.run()
    written = {path: path.stat().st_mtime_ns for path in (office.root / "out").rglob("report.*")}
    office.workers.read_files.clear()
    office.workers.shown.clear()
    run = office.run()
    assert (office.workers.read_files, office.workers.shown) == ([], [])
    assert {path: path.stat().st_mtime_ns for path in (office.root / "out").rglob("report.*")} == written
    assert office.store.counts(run.id).reused == 2


def test_a_lost_view_is_written_anew_without_reading(office: Office) -> None:
    office.put(XML)
    office.run()
    office.report(XML).with_name("report.html").unlink()
    office.workers.read_files.clear()
    office.run()
    assert office.report(XML).with_name("report.html").exists()
    assert office.workers.read_files == []


def test_the_same_content_under_other_names_is_read_once_and_told_by_its_own_name(office: Office) -> None:
    office.put(XML, name="one")
    office.put(XML, name="two")
    other = office.inbox / "two" / '发票 "二".xml'
    (office.inbox / "two" / "invoice-13.xml").rename(other)
    description = office.inbox / "two" / "submission.yaml"
    description.write_text(description.read_text("utf-8").partition("documents:")[0], "utf-8")
    office.run()
    assert len(office.workers.read_files) == 1
    report = _told(office.report("two"))
    assert [document["file"] for document in report["documents"]] == [other.name]
    assert {found["document"] for found in report["findings"]} <= {
        other.name,
        "invoice-13.xml.truth.json",
        "expected.yaml",
    }
    assert "\\ue0e0" not in json.dumps(report)


def test_a_file_that_ends_its_worker_is_a_finding_and_is_not_tried_by_the_next_run(office: Office) -> None:
    office.put(XML, OFD)
    spoiled = content_hash(office.inbox / XML / "invoice-13.xml", _NEVER)
    office.workers.faults[spoiled] = Failed("timeout", too_slow(180), "")
    office.run()
    report = _told(office.report(XML))
    assert report["verdict"] == "review"
    assert "180" in next(f["message"]["en"] for f in report["findings"] if f["code"] == "FILE_UNREADABLE")
    assert _told(office.report(OFD))["verdict"] == "accept"
    office.workers.read_files.clear()
    office.run()
    assert office.workers.read_files == []


def test_an_outage_leaves_its_places_for_the_next_run(office: Office) -> None:
    office.put(XML, OFD)
    office.workers.faults["*"] = "disk_full"
    run = office.run()
    counts = office.store.counts(run.id)
    assert (counts.states, counts.outcomes) == ({"failed": 2}, {"outage": 2})
    assert not office.report(XML).exists()
    office.workers.faults.clear()
    office.work(run)
    assert office.store.counts(run.id).states == {"finished": 2}


def test_three_files_in_a_row_with_one_cause_stop_the_run(office: Office) -> None:
    office.put(XML, OFD, FORM)
    office.workers.faults["*"] = "model_missing"
    with pytest.raises(OutageError) as raised:
        office.run()
    assert raised.value.cause == "model_missing"


def test_a_full_disk_under_the_reports_is_named(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.put(XML)

    def full(*_: Any) -> None:
        from extractors.errors import HeyanError

        raise HeyanError("cannot write") from OSError(28, "No space left on device")

    monkeypatch.setattr(batch, "write_whole", full)
    run = office.run()
    place = office.store.places(run.id)[0]
    assert (place.state, place.cause) == ("failed", "disk_full")


def test_a_file_that_changes_while_it_is_read_is_not_kept(office: Office) -> None:
    office.put(XML)

    def change(job: Job) -> None:
        job.file.path.write_bytes((office.inbox / XML / "invoice-13.xml").read_bytes() + b"\n")

    office.workers.before = change
    run = office.run()
    assert office.store.places(run.id)[0].cause == "file_changed"
    office.workers.before = lambda _: None
    office.work(run)
    assert office.store.places(run.id)[0].state == "finished"


def test_what_is_stored_is_judged_again_without_the_files(office: Office) -> None:
    office.put(XML, OLD)
    office.run(out="first")
    before = _told(office.report(OLD, "first"))
    plan = office.planned(date(2027, 6, 1), out="second", stored=2)
    for path in office.inbox.rglob("invoice*"):
        path.unlink()
    office.workers.read_files.clear()
    office.work(plan)
    after = _told(office.report(OLD, "second"))
    assert office.workers.read_files == []
    assert [d["fields"] for d in after["documents"]] == [d["fields"] for d in before["documents"]]
    assert _told(office.report(XML, "first"))["verdict"] == "accept"
    assert _told(office.report(XML, "second"))["verdict"] == "reject"  # more than 90 days have passed


def test_a_run_told_to_stop_ends_with_what_is_finished(office: Office) -> None:
    office.put(XML, OFD)
    batch.stop()
    run = office.planned()
    assert office.work(run).stopped
    assert office.store.open_positions(run.id) == [0, 1]


def test_a_missing_file_is_found_when_it_arrives(office: Office) -> None:
    office.put(XML)
    invoice = office.inbox / XML / "invoice-13.xml"
    data = invoice.read_bytes()
    invoice.unlink()
    office.run()
    assert "FILE_NOT_FOUND" in {found["code"] for found in _told(office.report(XML))["findings"]}
    invoice.write_bytes(data)
    office.run()
    assert _told(office.report(XML))["verdict"] == "accept"


def test_chunks_that_begin_at_the_same_moment_share_one_pool(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    made: list[Settings] = []
    monkeypatch.setattr(batch, "Workers", lambda settings: (time.sleep(0.2), made.append(settings), object())[2])
    try:
        with ThreadPoolExecutor(4) as threads:
            pools = set(threads.map(batch.workers_of, [office.settings] * 4))
    finally:
        batch._workers.cache_clear()
    assert len(made) == len(pools) == 1
