"""Reports: kept once for all that they rest on, one of each submission the current one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import partial

from sqlalchemy import Connection, select, update

from pipeline.store.codec import pack
from pipeline.store.models import DueRow, FindingRow, PlaceRow, ReportRow, SubmissionRow
from pipeline.store.part import Asked, Found, Part, insert
from pipeline.store.runs import end_place
from pipeline.store.shapes import Judged, StoredReport, now
from validators.findings import Verdict


class Reports(Part):
    def report_with(self, submission_id: int, key: str) -> StoredReport | None:
        """The report of a submission that rests on just this, if there is one."""
        asked = report_columns().where(ReportRow.submission_id == submission_id, ReportRow.key == key)
        row = self._database.read(lambda c: c.execute(asked).one_or_none())
        return stored_report(row) if row else None

    def current_report(self, submission_id: int) -> StoredReport | None:
        """The report that stands for a submission, if there is one."""
        asked = report_columns().where(ReportRow.submission_id == submission_id, ReportRow.current)
        row = self._database.read(lambda c: c.execute(asked).one_or_none())
        return stored_report(row) if row else None

    def save_report(self, run_id: str, position: int, judged: Judged) -> int:
        """Keep a judgement: it becomes the current one of its submission and ends the place. Its id.

        Saved twice, by one process or by two, it is kept once. LookupError for a place that is none.
        """
        return self._database.write(
            partial(_save, run_id=run_id, position=position, judged=judged, body=pack(judged.report))
        )

    def reuse(self, run_id: str, position: int, report_id: int, *, reused: int = 0, unread: int = 0) -> None:
        """A place ends with a report that was there already; `reused` and `unread` as in `Judged`."""

        def reuse(connection: Connection) -> None:
            submission_id = _submission(connection, run_id, position)
            _make_current(connection, run_id, position, submission_id, report_id, {"reused": reused, "unread": unread})

        self._database.write(reuse)


def report_columns() -> Asked:
    return select(*(getattr(ReportRow, name) for name in StoredReport.__dataclass_fields__))


def stored_report(row: Found) -> StoredReport:
    values = {name: getattr(row, name) for name in StoredReport.__dataclass_fields__}
    return StoredReport(**{**values, "verdict": Verdict(row.verdict)})


def _save(connection: Connection, run_id: str, position: int, judged: Judged, body: bytes) -> int:
    submission_id = _submission(connection, run_id, position)
    known = select(ReportRow.id).where(ReportRow.submission_id == submission_id, ReportRow.key == judged.key)
    report_id = connection.execute(known).scalar()
    if report_id is None:
        report_id = _insert(connection, run_id, submission_id, judged, body)
    told = {"reused": judged.reused, "unread": judged.unread}
    _make_current(connection, run_id, position, submission_id, report_id, told)
    return report_id


def _submission(connection: Connection, run_id: str, position: int) -> int:
    """The submission of a place, locked: what becomes its current report is decided by one at a time."""
    place = select(PlaceRow.submission_id).where(PlaceRow.run_id == run_id, PlaceRow.position == position)
    submission_id = connection.execute(place).scalar()
    if submission_id is None:
        raise LookupError(f"run {run_id} has no submission at {position}")
    own = select(SubmissionRow.id).where(SubmissionRow.id == submission_id)
    connection.execute(own.with_for_update(key_share=True))
    return submission_id


def _insert(connection: Connection, run_id: str, submission_id: int, judged: Judged, body: bytes) -> int:
    report = judged.report
    days = sorted(due.day for due in judged.due if due.day.isoformat() > report.as_of)
    values = {
        "submission_id": submission_id, "run_id": run_id, "key": judged.key, "as_of": date.fromisoformat(report.as_of),
        "verdict": report.verdict.value, "profile": report.profile, "profile_digest": judged.profile_digest,
        "body": body, "reading_keys": list(judged.reading_keys), "created_at": now(), "current": False,
        "next_due": days[0] if days else None,
    }  # fmt: skip
    made = connection.execute(insert(connection, ReportRow).values(values))
    report_id = int(made.inserted_primary_key[0])  # type: ignore[index]
    findings = [
        {"report_id": report_id, "position": at, "code": f.code, "severity": f.severity.value,
         "verdict": f.verdict.value, "document": f.document, "field": f.field}
        for at, f in enumerate(report.findings)
    ]  # fmt: skip
    due = [
        {"report_id": report_id, "position": at, "day": d.day, "what": d.what, "runs_out": d.runs_out}
        for at, d in enumerate(judged.due)
    ]
    for model, rows in ((FindingRow, findings), (DueRow, due)):
        if rows:
            connection.execute(insert(connection, model), rows)
    return report_id


def _make_current(
    connection: Connection, run_id: str, position: int, submission_id: int, report_id: int, told: Mapping[str, int]
) -> None:
    """The report is the current one of its submission, and its place is finished; done once, however often told."""
    asked = select(ReportRow.id, ReportRow.verdict).where(ReportRow.submission_id == submission_id, ReportRow.current)
    before = connection.execute(asked).one_or_none()
    place = select(PlaceRow.state, PlaceRow.report_id).where(PlaceRow.run_id == run_id, PlaceRow.position == position)
    if before and before.id == report_id and connection.execute(place).one() == ("finished", report_id):
        return
    if before is None or before.id != report_id:
        own = update(ReportRow).where(ReportRow.submission_id == submission_id)
        connection.execute(own.where(ReportRow.current).values(current=False))
        connection.execute(own.where(ReportRow.id == report_id).values(current=True))
    verdict = connection.execute(select(ReportRow.verdict).where(ReportRow.id == report_id)).scalar_one()
    values = {"report_id": report_id, "verdict": verdict, "before": before.verdict if before else None, **told}
    end_place(connection, run_id, position, state="finished", **values)
