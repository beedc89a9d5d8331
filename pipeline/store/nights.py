"""What a night takes up again: reports whose day has come, whose rules changed, and what failed for an outage."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta

from sqlalchemy import Connection, and_, exists, select
from sqlalchemy.orm import aliased

from pipeline.store.models import DueRow, PlaceRow, ReportRow, SubmissionRow
from pipeline.store.part import Asked, Found, Part, in_pieces
from pipeline.store.shapes import Again, Expiring, Why
from pipeline.store.submissions import submission_of
from validators.due import Due
from validators.findings import Verdict


class Nights(Part):
    def due(self, on: date, profiles: Mapping[str, str]) -> list[Again]:
        """Submissions to judge again on a day, each once, ordered by origin.

        For their day: the current report has one after its own day up to this one. For the profile: its digest is
        not the one in `profiles` (by id). For an outage: a place failed and none of the submission was finished since.
        """

        def ask(connection: Connection) -> list[Again]:
            found: dict[int, Again] = {}
            asked: Iterable[tuple[Why, Asked]] = (("day", _days(on)), *_changed(profiles), ("outage", _failed()))
            for why, question in asked:
                rows = [row for row in connection.execute(question) if row.id not in found]
                days = _due_by_report(connection, [row.report_id for row in rows], on) if why == "day" else {}
                found |= {row.id: _again(row, why, days.get(row.report_id, ())) for row in rows}
            return sorted(found.values(), key=lambda again: again.origin)

        return self._database.read(ask)

    def expiring(self, on: date, days: int = 90) -> list[Expiring]:
        """What runs out from the day after this one until so many days later, the next first: of current reports."""
        asked = (
            select(
                SubmissionRow.id, SubmissionRow.name, SubmissionRow.origin, ReportRow.profile, ReportRow.verdict,
                DueRow.day, DueRow.what,
            )
            .join(ReportRow, ReportRow.submission_id == SubmissionRow.id)
            .join(DueRow, DueRow.report_id == ReportRow.id)
            .where(ReportRow.current, DueRow.day > on, DueRow.day <= on + timedelta(days=days))
            .where(DueRow.runs_out)
            .order_by(DueRow.day, SubmissionRow.id, DueRow.position)
        )  # fmt: skip
        rows = self._database.read(lambda c: c.execute(asked).all())
        return [
            Expiring(row.id, row.name, row.origin, row.profile, Verdict(row.verdict), Due.parsed(row.day, row.what))
            for row in rows
        ]


_CURRENT = and_(ReportRow.submission_id == SubmissionRow.id, ReportRow.current)
_ASKED = (SubmissionRow.__table__, ReportRow.id.label("report_id"), ReportRow.as_of, ReportRow.verdict)


def _days(on: date) -> Asked:
    return select(*_ASKED).join(ReportRow, _CURRENT).where(ReportRow.next_due <= on, ReportRow.as_of < on)


def _changed(profiles: Mapping[str, str]) -> Iterator[tuple[Why, Asked]]:
    """Each profile by itself, above its digest and below: an index is no help to what is merely different."""
    for id_, digest in profiles.items():
        for other in (ReportRow.profile_digest < digest, ReportRow.profile_digest > digest):
            yield "profile", select(*_ASKED).join(ReportRow, _CURRENT).where(ReportRow.profile == id_, other)


def _failed() -> Asked:
    later = aliased(PlaceRow)
    since = exists().where(
        later.submission_id == PlaceRow.submission_id, later.state == "finished", later.ended_at > PlaceRow.ended_at
    )
    failed = select(PlaceRow.submission_id).where(PlaceRow.state == "failed", ~since)
    return select(*_ASKED).outerjoin(ReportRow, _CURRENT).where(SubmissionRow.id.in_(failed))


def _due_by_report(connection: Connection, report_ids: list[int], on: date) -> dict[int, tuple[Due, ...]]:
    found: dict[int, tuple[Due, ...]] = {}
    asked = select(DueRow.report_id, DueRow.day, DueRow.what, ReportRow.as_of).join(
        ReportRow, ReportRow.id == DueRow.report_id
    )
    for piece in in_pieces(report_ids):
        here = asked.where(DueRow.report_id.in_(piece), DueRow.day > ReportRow.as_of, DueRow.day <= on)
        for report_id, day, what, _ in connection.execute(here.order_by(DueRow.position)):
            found[report_id] = (*found.get(report_id, ()), Due.parsed(day, what))
    return found


def _again(row: Found, why: Why, due: tuple[Due, ...]) -> Again:
    return Again(
        row.id, row.origin, submission_of(row), row.digest, why, row.as_of,
        Verdict(row.verdict) if row.verdict else None, due,
    )  # fmt: skip
