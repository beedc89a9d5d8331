"""The record of runs on both databases: nothing twice, nothing lost, whatever is told again."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from pipeline.settings import Settings
from pipeline.store import Filters, Planned, Store, submission_digest
from pipeline.submission import SubmittedFile
from tests.pipeline.store.stored_samples import (
    AS_OF,
    PROFILE,
    attempt,
    begun,
    documents,
    judged,
    planned,
    submission,
)
from validators.due import Due
from validators.findings import Bilingual, Verdict


def states(store: Store, run_id: str) -> list[str]:
    return [place.state for place in store.places(run_id)]


def test_a_run_is_told_as_it_was_begun(store: Store) -> None:
    run = store.begin("nightly", source="/收件", out=Path("/out"), as_of=AS_OF, options={"workers": 2, "views": False})
    assert store.run(run.id) == run
    assert store.runs() == [run]
    assert (run.state, run.ended_at, run.out) == ("running", None, "/out")
    store.end(run.id, "stopped", "disk_full")
    again = store.run(run.id)
    assert (again.state, again.cause) == ("stopped", "disk_full")
    assert again.ended_at is not None
    with pytest.raises(LookupError):
        store.run("none")


def test_a_run_that_did_not_finish_is_found_again(store: Store) -> None:
    first, other = begun(store), begun(store, out="/elsewhere")
    assert store.unfinished("/out", "/in") == first
    store.end(first.id, "stopped", "interrupted")
    latest = begun(store)
    found = store.unfinished("/out", "/in")
    assert found is not None
    assert found.id == latest.id
    for run in (first, latest):
        store.end(run.id, "finished")
    assert store.unfinished("/out", "/in") is None
    assert store.unfinished("/elsewhere", "/in") == other


def test_a_submission_comes_back_as_it_was_planned(store: Store) -> None:
    told = submission("甲")
    run = begun(store)
    bad = Planned(1, 7, None, "list.xlsx#7", Bilingual(zh="单元格 C7", en="cell C7"), name="乙")
    store.plan(run.id, [planned(0, told), bad])
    good, refused = store.places(run.id)
    assert good.submission == told
    assert type(good.submission.earlier[0].verdict) is Verdict
    assert good.digest == submission_digest(told)
    assert (good.state, good.row, good.name, good.origin) == ("waiting", 2, "甲", "file:///in/甲")
    assert (refused.state, refused.submission, refused.problem, refused.name) == ("invalid", None, bad.problem, "乙")
    assert store.open_positions(run.id) == [0]
    assert [place.position for place in store.places(run.id, range(1, 9))] == [1]
    assert [place.position for place in store.places(run.id, state=("waiting", "failed"))] == [0]


def test_names_no_database_takes_come_back(store: Store) -> None:
    """Half of a pair, from a file name that is no UTF-8; NUL; the sign that marks both."""
    for at, name in enumerate(("a\udcff.jpg", "nul\x00", "\x1bescape", "\x1b")):
        told = replace(submission(name), files=(SubmittedFile(Path("/in") / name.replace("\x00", ""), name),))
        run = begun(store)
        store.plan(run.id, [Planned(0, 2, told, f"file:///{at}/{name}")])
        place = store.places(run.id)[0]
        assert place.submission == told
        assert place.name == name
        assert place.origin == f"file:///{at}/{name}"


def test_an_address_longer_than_an_index_takes_is_one(store: Store) -> None:
    run, origin = begun(store), "file:///" + "很长" * 2000
    for _ in range(2):
        store.plan(run.id, [Planned(0, 2, submission(), origin)])
    assert [place.origin for place in store.places(run.id)] == [origin]


def test_planning_again_leaves_what_is_finished(store: Store) -> None:
    run = begun(store, 4)
    store.save_report(run.id, 0, judged())
    store.fail(run.id, 1, "disk_full", "no room")
    store.refuse(run.id, 2, "no such profile")
    assert states(store, run.id) == ["finished", "failed", "invalid", "waiting"]
    before = store.places(run.id)
    store.plan(run.id, map(planned, range(4)))
    assert states(store, run.id) == ["finished", "waiting", "waiting", "waiting"]
    assert store.places(run.id)[0] == before[0]
    assert [place.submission_id for place in store.places(run.id)] == [place.submission_id for place in before]


def test_a_submission_that_says_something_else_now_waits_again(store: Store) -> None:
    run = begun(store, 2)
    for position in (0, 1):
        store.save_report(run.id, position, judged())
    store.plan(run.id, [planned(0), planned(1, submission("s1", mobile="13900000000"))])
    assert states(store, run.id) == ["finished", "waiting"]
    assert store.places(run.id)[1].report_id is None
    store.plan(run.id, [Planned(0, 2, None, "x", "gone")])
    assert states(store, run.id)[0] == "invalid"


def test_a_list_longer_than_one_piece(store: Store) -> None:
    run = begun(store, 1203)
    assert [place.position for place in store.places(run.id)] == list(range(1203))
    assert len(store.places(run.id, range(100, 1100))) == 1000
    assert len({place.submission_id for place in store.places(run.id)}) == 1203
    assert sum(1 for _ in store.results(Filters(run=run.id))) == 1203


def test_a_reading_is_kept_once(store: Store) -> None:
    run, told = begun(store), documents()
    store.save_reading("r1", "0" * 64, "v", told, attempt(run))
    store.save_reading("r1", "0" * 64, "v", documents("other.jpg"), attempt(run))
    assert store.readings(["r1", "r2"]) == {"r1": told}
    assert store.counts(run.id).outcomes == {"read": 2}


def test_a_damaged_reading_is_forgotten(store: Store) -> None:
    run = begun(store)
    store.save_reading("r1", "0" * 64, "v", b"no reading", attempt(run))
    assert store.readings(["r1"]) == {}
    store.save_reading("r1", "0" * 64, "v", documents(), attempt(run))
    assert store.readings(["r1"]) == {"r1": documents()}


def test_attempts_are_added_up_once(store: Store) -> None:
    run, other = begun(store), begun(store)
    one = attempt(run, outcome="died", reason="signal 9")
    for told in (one, one, attempt(run, outcome="outage"), attempt(run, worker="vm:2", rss_mb=900.0), attempt(other)):
        store.note(told)
    assert store.tried(run.id, "r1") == 1
    assert store.tried(run.id, "r2") == 0
    counts = store.counts(run.id)
    assert counts.outcomes == {"died": 1, "outage": 1, "read": 1}
    assert counts.seconds == {"open": pytest.approx(0.03), "read": pytest.approx(5.97)}
    first, second = counts.workers
    assert (first.worker, first.attempts, first.seconds, first.peak_mb) == ("vm:1", 2, 4.0, 600.0)
    assert (second.rss_mb, counts.read) == (900.0, 1)


def test_an_attempt_without_a_worker_names_none(store: Store) -> None:
    run = begun(store)
    store.note(attempt(run, outcome="outage", worker=""))
    counts = store.counts(run.id)
    assert (counts.outcomes, counts.workers) == ({"outage": 1}, ())


def test_a_content_is_known_as_long_as_its_token(store: Store) -> None:
    assert store.known_contents({"file:///a": "1-2"}) == {}
    store.keep_content("file:///a", "1-2", "a" * 64)
    assert store.known_contents({"file:///a": "1-2", "file:///b": "1-2"}) == {"file:///a": "a" * 64}
    store.keep_content("file:///a", "1-3", "b" * 64)
    assert store.known_contents({"file:///a": "1-2"}) == {}
    assert store.known_contents({"file:///a": "1-3"}) == {"file:///a": "b" * 64}


def test_a_report_comes_back_equal_and_is_kept_once(store: Store) -> None:
    run = begun(store, 1)
    told = judged(due=[Due(date(2027, 1, 1), "term", runs_out=True)])
    number = store.save_report(run.id, 0, told)
    assert store.save_report(run.id, 0, told) == number
    place = store.places(run.id)[0]
    assert (place.state, place.report_id) == ("finished", number)
    stored = store.report_with(place.submission_id or 0, "k1")
    assert stored is not None
    assert stored.report == told.report
    assert (stored.id, stored.verdict, stored.as_of, stored.run_id) == (number, Verdict.REVIEW, AS_OF, run.id)
    assert store.report_with(place.submission_id or 0, "k2") is None
    assert len(store.finished_since(run.id, 0)) == 1
    with pytest.raises(LookupError):
        store.save_report(run.id, 5, told)


def test_the_latest_report_of_a_submission_is_the_current_one(store: Store) -> None:
    first, second, third = begun(store, 1), begun(store, 1), begun(store, 1)
    one = store.save_report(first.id, 0, judged("k1", Verdict.ACCEPT))
    two = store.save_report(second.id, 0, judged("k2", Verdict.REJECT))
    submission_id = store.places(first.id)[0].submission_id or 0
    current = store.current_report(submission_id)
    assert current is not None
    assert current.id == two
    store.reuse(third.id, 0, one, reused=2)
    current = store.current_report(submission_id)
    assert current is not None
    assert current.id == one
    ended = [store.finished_since(run.id, 0)[0] for run in (first, second, third)]
    assert [e.before for e in ended] == [None, Verdict.ACCEPT, Verdict.REJECT]
    assert [e.verdict for e in ended] == [Verdict.ACCEPT, Verdict.REJECT, Verdict.ACCEPT]
    assert store.counts(third.id).reused == 2


def test_the_places_of_a_run_are_counted(store: Store) -> None:
    run = begun(store, 6)
    store.save_report(run.id, 0, judged())
    store.save_report(run.id, 1, judged(verdict=Verdict.ACCEPT))
    store.save_report(run.id, 2, judged())
    store.fail(run.id, 3, "database_away")
    store.refuse(run.id, 4, "bad row")
    begun(store, 3)
    counts = store.counts(run.id)
    assert counts.states == {"finished": 3, "failed": 1, "invalid": 1, "waiting": 1}
    assert counts.verdicts == {Verdict.REVIEW: 2, Verdict.ACCEPT: 1}
    assert (counts.places, counts.open, counts.documents, counts.reused, counts.unread) == (6, 2, 12, 3, 0)
    assert store.open_positions(run.id) == [3, 5]
    empty = store.counts("none")
    assert (empty.places, empty.documents) == (0, 0)


def test_codes_count_submissions_not_findings(store: Store) -> None:
    run = begun(store, 3)
    store.save_report(run.id, 0, judged(codes=("FILE_IGNORED", "FILE_IGNORED", "TYPE_NOT_RECOGNISED")))
    store.save_report(run.id, 1, judged(codes=("FILE_IGNORED",)))
    store.save_report(run.id, 2, judged(codes=()))
    assert list(store.codes(run.id).items()) == [("FILE_IGNORED", 2), ("TYPE_NOT_RECOGNISED", 1)]


def test_what_ended_is_told_in_order_and_once(store: Store) -> None:
    """Several writers, one watcher that asks all the while: it sees every place once."""
    run, seen, done = begun(store, 60), [], threading.Event()

    def write(own: range) -> None:
        for position in own:
            if position % 10 == 0:
                store.fail(run.id, position, "disk_full")
            else:
                store.save_report(run.id, position, judged(f"k{position}"))

    def watch() -> None:
        last = 0
        while True:
            over = done.is_set()
            for ended in store.finished_since(run.id, last, limit=7):
                seen.append(ended.position)
                assert ended.sequence == last + 1
                last = ended.sequence
            if over and last == 60:
                return
            time.sleep(0.01)

    writers = [threading.Thread(target=write, args=(range(at, 60, 4),)) for at in range(4)]
    watcher = threading.Thread(target=watch)
    for thread in (watcher, *writers):
        thread.start()
    for thread in writers:
        thread.join(60)
    done.set()
    watcher.join(60)
    assert sorted(seen) == list(range(60))


def test_results_are_filtered(store: Store) -> None:
    old, run = begun(store, 1), begun(store, 4)
    store.save_report(old.id, 0, judged("k0"))
    store.save_report(run.id, 0, judged("k1", Verdict.REJECT, codes=("TYPE_NOT_RECOGNISED",)))
    store.save_report(run.id, 1, judged("k2", Verdict.ACCEPT))
    store.fail(run.id, 2, "disk_full", "no room")

    def found(**asked: object) -> list[tuple[str, int]]:
        return [(ended.run_id, ended.position) for ended in store.results(Filters(**asked))]  # type: ignore[arg-type]

    assert found() == [*((run.id, at) for at in range(4)), (old.id, 0)]
    assert found(run=run.id, verdict=Verdict.REJECT) == [(run.id, 0)]
    assert found(code="type_not_recognised") == [(run.id, 0)]
    assert found(code="FILE_IGNORED") == [(run.id, 1), (old.id, 0)]
    assert found(name="S1") == [(run.id, 1)]
    assert found(name="%") == []
    assert found(profile=PROFILE, run=old.id) == [(old.id, 0)]
    assert found(profile="other/profile") == []
    assert found(state="failed") == [(run.id, 2)]
    assert found(state="waiting") == [(run.id, 3)]
    assert found(since=datetime.now(UTC) - timedelta(minutes=1)) == [*((run.id, at) for at in range(3)), (old.id, 0)]
    assert found(since=datetime.now(UTC) + timedelta(minutes=1)) == []
    failed = next(store.results(Filters(state="failed")))
    assert (failed.cause, failed.problem, failed.report, failed.findings) == ("disk_full", "no room", None, [])


def test_a_night_takes_what_has_come_due_once(store: Store) -> None:
    run = begun(store, 5)
    day = date(2026, 12, 1)
    store.save_report(run.id, 0, judged("k", due=[Due(day, "term", "term_to", "a.jpg", True), Due(AS_OF, "past")]))
    store.save_report(run.id, 1, judged("k", due=[Due(day + timedelta(1), "later")]))
    store.save_report(run.id, 2, judged("k", digest="p0"))
    store.fail(run.id, 3, "disk_full")
    profiles = {PROFILE: "p1"}
    assert [(again.submission.name, again.why) for again in store.due(day - timedelta(1), profiles)] == [
        ("s2", "profile"), ("s3", "outage"),
    ]  # fmt: skip
    first = store.due(day, profiles)[0]
    assert (first.submission, first.why, first.as_of, first.verdict) == (
        submission("s0"), "day", AS_OF, Verdict.REVIEW,
    )  # fmt: skip
    assert first.due == (Due(day, "term", "term_to", "a.jpg", True),)
    assert [again.why for again in store.due(day + timedelta(1), {})] == ["day", "day", "outage"]
    night = begun(store, 5, as_of=day + timedelta(1))
    for position in range(5):
        store.save_report(night.id, position, judged("k2", as_of=day + timedelta(1)))
    assert store.due(day + timedelta(400), profiles) == []


def test_what_runs_out_is_told_of_current_reports(store: Store) -> None:
    run = begun(store, 2)
    out, change = Due(date(2026, 12, 22), "term", "term_to", "a.jpg", True), Due(date(2026, 12, 1), "age")
    store.save_report(run.id, 0, judged("k1", due=[change, out, Due(date(2028, 1, 1), "far", runs_out=True)]))
    store.save_report(run.id, 1, judged("k1", due=[replace(out, day=date(2026, 12, 2))]))
    told = store.expiring(AS_OF, 30)
    assert [(one.name, one.due.day) for one in told] == [("s1", date(2026, 12, 2)), ("s0", date(2026, 12, 22))]
    assert (told[1].due, told[1].profile, told[1].verdict) == (out, PROFILE, Verdict.REVIEW)
    assert store.expiring(AS_OF, 29) == told[:1]
    again = begun(store, 2)
    store.save_report(again.id, 1, judged("k2"))
    assert [one.name for one in store.expiring(AS_OF)] == ["s0"]


def test_two_stores_on_one_database_see_each_other(store: Store, settings: Settings) -> None:
    run = begun(store, 1)
    other = Store.open(settings)
    other.save_report(run.id, 0, judged())
    assert states(store, run.id) == ["finished"]
    other.close()
