"""A run as others see it, while it goes on and afterwards: counts, what ended, results."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from operator import add

from sqlalchemy import exists, func, select

from pipeline.store.models import FindingRow, PlaceRow, ReportRow, RunRow, SubmissionRow, WorkerRow
from pipeline.store.part import MANY, Asked, Found, Part
from pipeline.store.shapes import Counts, Ended, Filters, StoredReport, WorkerSeen
from pipeline.store.tally import tally_of
from validators.findings import Verdict

_REPORT = tuple(StoredReport.__dataclass_fields__)


class Watching(Part):
    def counts(self, run_id: str) -> Counts:
        """How far a run has come; cheap enough to be asked every second, however long its list is."""
        working = select(WorkerRow.__table__).where(WorkerRow.run_id == run_id).order_by(WorkerRow.worker)
        tally, workers = self._database.read(lambda c: (tally_of(c, run_id), c.execute(working).all()))
        states, verdicts, outcomes = Counter[str](), Counter[Verdict](), Counter[str]()
        sums = [0, 0, 0, 0]
        for state, by_verdict in tally.items():
            for verdict, numbers in by_verdict.items():
                states[state] += numbers[0]
                if verdict:
                    verdicts[Verdict(verdict)] += numbers[0]
                sums = list(map(add, sums, numbers))
        seconds: dict[str, float] = {}
        for worker in workers:
            outcomes.update(worker.outcomes)
            seconds |= {stage: seconds.get(stage, 0.0) + spent / 1000 for stage, spent in worker.stages.items()}
        seen = tuple(_worker(row) for row in workers if row.worker)  # an outage is noted without one
        # Without zeros: what has been is no longer there.
        return Counts(+states, +verdicts, sums[1], sums[2], sums[3], outcomes, seconds, seen)

    def codes(self, run_id: str) -> dict[str, int]:
        """How many submissions of a run have a finding of each code, the most frequent first."""
        number = func.count(PlaceRow.position.distinct())
        asked = (
            select(FindingRow.code, number)
            .join(PlaceRow, PlaceRow.report_id == FindingRow.report_id)
            .where(PlaceRow.run_id == run_id)
            .group_by(FindingRow.code)
            .order_by(number.desc(), FindingRow.code)
        )
        return {row.code: row[1] for row in self._rows(asked)}

    def finished_since(self, run_id: str, after: int, limit: int = MANY) -> list[Ended]:
        """The places of a run that ended with a later number than this, in the order in which they ended.

        Ask again with the `sequence` of the last one: none is missed and none told twice, however many processes
        write. Places that failed or were refused are told too.
        """
        asked = _ended().where(PlaceRow.run_id == run_id, PlaceRow.sequence > after)
        return [_from(row) for row in self._rows(asked.order_by(PlaceRow.sequence).limit(limit))]

    def results(self, filters: Filters = Filters()) -> Iterator[Ended]:  # noqa: B008
        """The places the filters ask for with their reports: the latest run first, each in its order."""
        runs = select(RunRow.id).order_by(RunRow.started_at.desc(), RunRow.id)
        if filters.run is not None:
            runs = runs.where(RunRow.id == filters.run)
        if filters.since is not None:
            runs = runs.where((RunRow.ended_at >= filters.since) | RunRow.ended_at.is_(None))
        asked = _filtered(_ended(), filters).order_by(PlaceRow.position).limit(MANY)
        for run_id in self._database.read(lambda c: c.execute(runs).scalars().all()):
            last = -1
            while rows := self._page(asked, run_id, last):
                yield from map(_from, rows)
                last = rows[-1].position

    def _page(self, asked: Asked, run_id: str, last: int) -> list[Found]:
        here = asked.where(PlaceRow.run_id == run_id, PlaceRow.position > last)
        return list(self._database.read(lambda c: c.execute(here).all()))


def _ended() -> Asked:
    return (
        select(
            PlaceRow.run_id, PlaceRow.position, PlaceRow.row, PlaceRow.sequence, PlaceRow.name, PlaceRow.submission_id,
            PlaceRow.state, PlaceRow.cause, PlaceRow.problem, PlaceRow.before, RunRow.out,
            func.coalesce(SubmissionRow.origin, "", type_=SubmissionRow.origin.type).label("origin"),
            *(getattr(ReportRow, name).label(f"report_{name}") for name in _REPORT),
        )
        .join(RunRow, RunRow.id == PlaceRow.run_id)
        .outerjoin(SubmissionRow, SubmissionRow.id == PlaceRow.submission_id)
        .outerjoin(ReportRow, ReportRow.id == PlaceRow.report_id)
    )  # fmt: skip


def _filtered(asked: Asked, filters: Filters) -> Asked:
    if filters.verdict is not None:
        asked = asked.where(PlaceRow.verdict == filters.verdict.value)
    if filters.code:
        asked = asked.where(
            exists().where(FindingRow.report_id == PlaceRow.report_id, FindingRow.code == filters.code.upper())
        )
    if filters.profile:
        asked = asked.where(func.coalesce(ReportRow.profile, SubmissionRow.profile) == filters.profile)
    if filters.since is not None:
        asked = asked.where(PlaceRow.ended_at >= filters.since)
    if filters.name:
        asked = asked.where(PlaceRow.name.icontains(filters.name, autoescape=True))
    if filters.state is not None:
        asked = asked.where(PlaceRow.state == filters.state)
    return asked


def _from(row: Found) -> Ended:
    stored = None
    if row.report_id is not None:
        values = {name: getattr(row, f"report_{name}") for name in _REPORT}
        stored = StoredReport(**{**values, "verdict": Verdict(row.report_verdict)})
    return Ended(
        run_id=row.run_id, position=row.position, row=row.row, sequence=row.sequence or 0, name=row.name,
        origin=row.origin, submission_id=row.submission_id, state=row.state, cause=row.cause, problem=row.problem,
        before=Verdict(row.before) if row.before else None, out=row.out, stored=stored,
    )  # fmt: skip


def _worker(row: Found) -> WorkerSeen:
    return WorkerSeen(row.worker, sum(row.outcomes.values()), row.seconds, row.rss_mb, row.peak_mb, row.seen_at)
