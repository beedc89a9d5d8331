"""Nights without Prefect and without worker processes: what is taken up, what changes, what is told."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from pydantic import SecretStr

from extractors.errors import UsageError
from pipeline import batch
from pipeline.night import Night, begin_night, checked, end_night
from pipeline.settings import Settings
from pipeline.store import Filters, open_store
from pipeline.summary import Summary, as_data, counted
from tests.pipeline.batch_by_hand import AS_OF, SAMPLES, HereWorkers

XML, OFD, OLD = (
    "accept-1688-general-taxpayer-xml",
    "accept-jd-huicai-settlement-ofd",
    "reject-1688-general-taxpayer-old-invoice",
)
LATER = date(2027, 6, 1)  # the XML's invoice is older than 90 days then


class Nights:
    """An inbox, a folder for nights and a store of their own."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.inbox = root / "inbox"
        self.inbox.mkdir()
        self.settings = Settings(
            database_url=SecretStr(f"sqlite:///{root}/store.db"), ocr_finer_side=0, inbox=self.inbox,
            inbox_stable_seconds=0, nightly_out=root / "nights",
        )  # fmt: skip
        self.workers = HereWorkers(self.settings)
        monkeypatch.setattr(batch, "workers_of", lambda _: self.workers)
        self.store = open_store(self.settings)

    def put(self, *samples: str, name: str | None = None) -> Path:
        for sample in samples:
            shutil.copytree(SAMPLES / sample, self.inbox / (name or sample), dirs_exist_ok=True)
        return self.inbox / (name or samples[-1])

    def begin(self, as_of: date = AS_OF, **settings: Any) -> Night:
        return begin_night(self.store, self.settings.model_copy(update=settings), as_of)

    def work(self, night: Night) -> None:
        batch.run_chunk(night.run.id, self.store.open_positions(night.run.id), self.settings)

    def end(self, night: Night) -> Summary:
        cause = "" if not self.store.open_positions(night.run.id) else "disk_full"
        self.store.end(night.run.id, "stopped" if cause else "finished", cause)
        return end_night(self.store, self.settings, night)[0]

    def whole(self, as_of: date = AS_OF) -> Summary:
        night = self.begin(as_of)
        self.work(night)
        return self.end(night)


@pytest.fixture
def nights(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Nights:
    monkeypatch.setattr("pipeline.views.views", lambda group: ())
    return Nights(tmp_path, monkeypatch)


def test_what_arrived_is_taken_once(nights: Nights) -> None:
    nights.put(XML, OLD)
    first = nights.whole()
    assert counted(first)["new"] == {"accept": 1, "review": 0, "reject": 1}
    assert (first.folder / "reports" / XML / "report.json").is_file()
    second = nights.whole()
    assert (len(second.new), len(second.changed), second.unchanged) == (0, 0, 0)
    assert second.folder != first.folder


def test_a_folder_that_was_changed_is_taken_again(nights: Nights) -> None:
    folder = nights.put(XML)
    nights.whole()
    shutil.copy(SAMPLES / OLD / "invoice-old.pdf", folder / "invoice-13.xml")  # the file itself is another one now
    summary = nights.whole()
    assert [one.name for one in summary.changed] == [XML]
    assert not nights.whole().changed


def test_only_what_has_passed_a_date_changes_and_no_file_is_looked_at(nights: Nights) -> None:
    nights.put(XML, OFD, OLD)
    nights.whole()
    shutil.rmtree(nights.inbox)
    nights.inbox.mkdir()
    nights.workers.read_files.clear()
    summary = nights.whole(LATER)
    assert nights.workers.read_files == []
    assert [(one.name, one.before, one.verdict.value) for one in summary.changed] == [(XML, "accept", "reject")]
    standing = {one.name: one.verdict for one in nights.store.results(Filters(run=summary.run.id))}
    assert OLD not in standing or standing[OLD] == "reject"  # it had been too old already


def test_the_day_before_nothing_changes(nights: Nights) -> None:
    nights.put(XML)
    nights.whole()
    ahead = [one for one in nights.store.expiring(AS_OF, 90) if one.due.runs_out]
    [day] = {one.due.day for one in ahead}
    before = nights.whole(date.fromordinal(day.toordinal() - 1))
    assert not before.changed
    assert [one.name for one in nights.whole(day).changed] == [XML]


def test_a_profile_that_changed_is_judged_anew(nights: Nights, tmp_path: Path) -> None:
    nights.put(XML)
    nights.whole()
    own = tmp_path / "profiles"
    own.mkdir()
    recent = "{id: proof-recent, check: issued_within, params: {field: taxpayer_proof.issued_on, days: 1}, source: own}"
    (own / "general.yaml").write_text(
        f"id: 1688/general-taxpayer\nextends: 1688/general-taxpayer\nchecks: [{recent}]\n"
    )
    nights.workers.read_files.clear()
    nights.settings = nights.settings.model_copy(update={"profiles": own})
    summary = nights.whole()
    assert nights.workers.read_files == []
    assert [one.name for one in summary.changed] == [XML]


def test_a_half_copied_folder_waits(nights: Nights) -> None:
    folder = nights.put(XML)
    (folder / "scan.jpg.part").write_bytes(b"half")
    summary = nights.whole()
    assert not summary.new
    assert [name for name, _ in summary.waiting] == [XML]
    (folder / "scan.jpg.part").unlink()
    assert len(nights.whole().new) == 1


def test_a_folder_that_changes_between_two_looks_waits(nights: Nights, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = nights.put(XML)
    slow = {"sleep": lambda _: (folder / "more.xml").write_text("<a/>")}
    monkeypatch.setattr("pipeline.night.arrivals", _with(slow))
    assert [name for name, _ in nights.whole().waiting] == [XML]


def test_a_folder_that_misses_a_listed_file_waits_for_a_day(nights: Nights) -> None:
    folder = nights.put(XML)
    description = folder / "submission.yaml"
    description.write_text(description.read_text().replace("documents:", "documents:\n- file: not-yet.jpg"))
    assert [name for name, _ in nights.whole().waiting] == [XML]


def test_a_night_that_was_cut_off_is_finished_by_the_next(nights: Nights) -> None:
    nights.put(XML, OFD)
    cut = nights.begin()
    batch.run_chunk(cut.run.id, [0], nights.settings)  # the other place is still open, and nothing more is told
    nights.workers.read_files.clear()
    summary = nights.whole()
    assert len(summary.new) == 1
    assert len(nights.workers.read_files) >= 1
    assert nights.store.run(cut.run.id).state == "finished"
    assert nights.store.run(cut.run.id).cause == f"continued by {summary.run.id}"
    assert not nights.whole().new


def test_one_that_was_cut_off_before_it_had_its_list_loses_nothing(
    nights: Nights, monkeypatch: pytest.MonkeyPatch
) -> None:
    nights.put(XML)
    with monkeypatch.context() as broken:
        broken.setattr("pipeline.inbox.Arrivals.remember", _raising)
        with pytest.raises(KeyboardInterrupt):
            nights.begin()
    assert len(nights.whole().new) == 1


def test_what_failed_for_an_outage_is_taken_up_last(nights: Nights) -> None:
    nights.put(XML)
    nights.workers.faults["*"] = "files_away"
    failed = nights.whole()
    assert [(one.state, one.cause) for one in failed.open] == [("failed", "files_away")]
    nights.workers.faults.clear()
    nights.put(OFD)
    summary = nights.whole()
    assert [one.name for one in summary.new] == [OFD, XML]


def test_two_submissions_of_one_name_get_two_reports(nights: Nights, tmp_path: Path) -> None:
    nights.put(XML)
    nights.whole()
    nights.inbox = tmp_path / "other"
    nights.settings = nights.settings.model_copy(update={"inbox": nights.inbox})
    nights.put(OLD, name=XML)
    summary = nights.whole(LATER)  # the first is judged again, the second has arrived
    assert sorted(path.name for path in (summary.folder / "reports").iterdir()) == [XML, f"{XML} (2)"]


def test_a_wrong_row_is_told(nights: Nights) -> None:
    (nights.inbox / "bad").mkdir()
    (nights.inbox / "bad" / "submission.yaml").write_text("profile: none/such\n")
    (nights.inbox / "bad" / "a.xml").write_text("<a/>")
    summary = nights.whole()
    assert [(one.name, one.state) for one in summary.open] == [("bad", "invalid")]
    assert not nights.whole().open  # told once, until the folder is changed


def test_what_runs_out_is_told_within_30_60_and_90_days(nights: Nights) -> None:
    nights.put(XML)
    summary = nights.whole()
    soon = {one.due.name: (one.days, one.within) for one in summary.ahead}
    assert soon
    assert all(days <= within for days, within in soon.values())
    numbers = counted(summary)["expiring"]
    assert numbers["30"] <= numbers["60"] <= numbers["90"] == len(summary.ahead)


def test_the_inbox_is_gone(nights: Nights) -> None:
    nights.inbox.rmdir()
    summary = nights.whole()
    assert summary.problem is not None
    assert counted(summary)["inbox_unreadable"]


def test_the_summary_is_written_for_programs(nights: Nights) -> None:
    nights.put(XML)
    summary = nights.whole()
    told = json.loads((summary.folder / "summary.json").read_text("utf-8"))
    assert told == json.loads(json.dumps(as_data(summary)))
    assert told["submissions"]["new"][0]["name"] == XML
    assert os.stat(summary.folder / "summary.json").st_mode & 0o077 == 0


class _Hook(BaseHTTPRequestHandler):
    told: list[dict[str, Any]]
    status = 200

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.told.append({"key": self.headers["Authorization"], **json.loads(body)})
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def hook() -> Iterator[tuple[str, type[_Hook]]]:
    handler = type("Hook", (_Hook,), {"told": []})
    server = HTTPServer(("127.0.0.1", 0), handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/secret-token", handler
    server.shutdown()


def test_a_webhook_is_told_numbers_alone(nights: Nights, hook: tuple[str, type[_Hook]]) -> None:
    nights.put(XML)
    address, handler = hook
    nights.settings = nights.settings.model_copy(update={"webhook": SecretStr(address), "webhook_key": SecretStr("k")})
    summary = nights.whole()
    [told] = handler.told
    assert told.pop("key") == "Bearer k"
    assert told == counted(summary)
    assert XML not in json.dumps(told)


def test_a_webhook_that_fails_costs_no_night(nights: Nights, hook: tuple[str, type[_Hook]]) -> None:
    address, handler = hook
    handler.status = 403
    nights.settings = nights.settings.model_copy(update={"webhook": SecretStr(address)})
    night = nights.begin()
    summary, untold = end_night(nights.store, nights.settings, night)
    assert "403" in untold
    assert "secret-token" not in untold
    assert (summary.folder / "summary.json").is_file()


def test_a_webhook_without_tls_is_refused_before_the_night(nights: Nights) -> None:
    with pytest.raises(UsageError, match="HEYAN_WEBHOOK"):
        checked(nights.settings.model_copy(update={"webhook": SecretStr("http://example.org/x")}))


def _with(given: dict[str, Any]) -> Any:
    from pipeline.inbox import arrivals

    return lambda settings, store: arrivals(settings, store, **given)


def _raising(*_: object) -> None:
    raise KeyboardInterrupt
