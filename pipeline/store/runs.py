"""Runs and their places: what is to be done, and what has become of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, or_, select, update

from pipeline.store.models import PlaceRow, RunRow, SubmissionRow
from pipeline.store.part import Asked, Found, Part, in_pieces, insert, sha256
from pipeline.store.shapes import Place, PlaceState, Planned, Problem, Run, RunKind, RunState, now
from pipeline.store.submissions import submission_of, submission_values
from pipeline.store.tally import TALLIED, count_anew, moved, set_tally

_OPEN: tuple[PlaceState, ...] = ("waiting", "failed")


class Runs(Part):
    def begin(
        self, kind: RunKind, *, source: str, out: str | Path, as_of: date, options: Mapping[str, Any] | None = None
    ) -> Run:
        """A new run, in state running. `options` are plain values."""
        run = Run(
            uuid4().hex[:12], kind, str(source), str(out), as_of, dict(options or {}), "running", "", now(), None
        )  # fmt: skip
        values = {column: getattr(run, column) for column in Run.__slots__}
        self._database.write(lambda c: c.execute(insert(c, RunRow).values(**values, ended=0).on_conflict_do_nothing()))
        return run

    def run(self, run_id: str) -> Run:
        """One run. LookupError where there is none of that id."""
        found = self._runs(select(RunRow.__table__).where(RunRow.id == run_id))
        if not found:
            raise LookupError(f"there is no run {run_id}")
        return found[0]

    def runs(self, limit: int = 50) -> list[Run]:
        """The latest runs, the newest first."""
        return self._runs(_newest().limit(limit))

    def unfinished(self, out: str | Path, source: str) -> Run | None:
        """The latest run of that source into that folder that is not finished; whether one works at it just now is
        told by its lock (`hold`)."""
        asked = _newest().where(RunRow.state != "finished", RunRow.out == str(out), RunRow.source == str(source))
        return next(iter(self._runs(asked.limit(1))), None)

    def cut_off(self, kind: RunKind) -> list[Run]:
        """The runs of a kind that did not come to their end, the oldest first."""
        found = self._runs(_newest().where(RunRow.state != "finished", RunRow.kind == kind))
        return found[::-1]

    def end(self, run_id: str, state: RunState, cause: str = "") -> None:
        """The run is finished, stopped for a cause, or `running` again."""
        values = {"state": state, "cause": cause, "ended_at": None if state == "running" else now()}
        self._database.write(lambda c: c.execute(update(RunRow).where(RunRow.id == run_id).values(values)))

    def plan(self, run_id: str, rows: Iterable[Planned]) -> None:
        """Put rows on the list of a run, as they are told; those that are on it already and finished stay so.

        A row whose submission says something else now, whose problem is mended, or that failed for an outage waits
        again. May be called several times.
        """
        self._database.write(partial(set_tally, run_id=run_id, tally=None))
        for piece in in_pieces(rows):
            self._database.write(partial(_plan, run_id=run_id, rows=piece))
        self._database.write(partial(count_anew, run_id=run_id))

    def places(
        self,
        run_id: str,
        positions: Iterable[int] | None = None,
        state: PlaceState | Iterable[PlaceState] | None = None,
    ) -> list[Place]:
        """The places of a run in order: those at some positions, those in some states, or all."""
        asked = select(PlaceRow.__table__).where(PlaceRow.run_id == run_id)
        if state is not None:
            asked = asked.where(PlaceRow.state.in_((state,) if isinstance(state, str) else tuple(state)))
        if positions is None:
            return self._database.read(lambda c: _places(c, asked))
        found: list[Place] = []
        for piece in in_pieces(sorted(set(positions))):
            found += self._database.read(partial(_places, asked=asked.where(PlaceRow.position.in_(piece))))
        return found

    def open_positions(self, run_id: str) -> list[int]:
        """Positions that wait for their first or another try, in order."""
        asked = select(PlaceRow.position).where(PlaceRow.run_id == run_id, PlaceRow.state.in_(_OPEN))
        return self._database.read(lambda c: sorted(c.execute(asked).scalars()))

    def fail(self, run_id: str, position: int, cause: str, problem: Problem = "") -> None:
        """A place cannot be finished for an outage: it is to be tried again."""
        self._database.write(
            lambda c: end_place(c, run_id, position, state="failed", cause=cause, problem=problem or None)
        )

    def refuse(self, run_id: str, position: int, problem: Problem) -> None:
        """A place whose row is wrong in itself."""
        self._database.write(lambda c: end_place(c, run_id, position, state="invalid", problem=problem))

    def _runs(self, asked: Asked) -> list[Run]:
        rows = self._database.read(lambda c: c.execute(asked).all())
        return [Run(**{column: getattr(row, column) for column in Run.__slots__}) for row in rows]


def end_place(connection: Connection, run_id: str, position: int, **values: Any) -> None:
    """A place has ended: it gets the next number of its run, and is counted where it is now.

    The run's row stays locked until this transaction is done, so that numbers become visible in their order: who
    asks for all above the last one seen misses none.
    """
    asked = select(RunRow.ended, RunRow.tally).where(RunRow.id == run_id)
    run = connection.execute(asked.with_for_update(key_share=True)).one()
    own = (PlaceRow.run_id == run_id, PlaceRow.position == position)
    before = connection.execute(select(*TALLIED).where(*own)).one()
    told = {"report_id": None, "verdict": None, "before": None, "problem": None, "cause": "", **values}
    connection.execute(update(PlaceRow).where(*own).values(**told, sequence=run.ended + 1, ended_at=now()))
    after = connection.execute(select(*TALLIED).where(*own)).one()
    tally = None if run.tally is None else moved(run.tally, before, after)
    connection.execute(update(RunRow).where(RunRow.id == run_id).values(ended=run.ended + 1, tally=tally))


def _newest() -> Asked:
    return select(RunRow.__table__).order_by(RunRow.started_at.desc(), RunRow.id)


def _places(connection: Connection, asked: Asked) -> list[Place]:
    rows = connection.execute(asked.order_by(PlaceRow.position)).all()
    known: dict[int, Found] = {}
    for piece in in_pieces({row.submission_id for row in rows if row.submission_id is not None}):
        found = connection.execute(select(SubmissionRow.__table__).where(SubmissionRow.id.in_(piece)))
        known |= {row.id: row for row in found}
    return [_place(row, known.get(row.submission_id)) for row in rows]


def _place(row: Found, submission: Found | None) -> Place:
    return Place(
        run_id=row.run_id, position=row.position, row=row.row, name=row.name,
        origin=submission.origin if submission else "", state=row.state, submission_id=row.submission_id,
        digest=submission.digest if submission else "", submission=submission_of(submission) if submission else None,
        report_id=row.report_id, problem=row.problem, cause=row.cause,
    )  # fmt: skip


def _plan(connection: Connection, run_id: str, rows: list[Planned]) -> None:
    told = {sha256(row.origin): row for row in rows if row.submission is not None}
    ids = _submissions(connection, told)
    places = [_place_values(run_id, row, ids.get(sha256(row.origin))) for row in rows]
    made = insert(connection, PlaceRow)
    fresh = {name: made.excluded[name] for name in places[0] if name not in ("run_id", "position")}
    otherwise = or_(
        PlaceRow.digest != made.excluded.digest,
        PlaceRow.state == "failed",
        PlaceRow.state == "invalid",
        PlaceRow.submission_id != made.excluded.submission_id,
    )
    again = made.on_conflict_do_update(index_elements=["run_id", "position"], set_=fresh, where=otherwise)
    connection.execute(again, places)


def _submissions(connection: Connection, told: Mapping[str, Planned]) -> dict[str, tuple[int, str]]:
    """The submissions are stored as they are told; their ids and digests by what they are known by."""
    if not told:
        return {}
    # In one order everywhere, so that two processes that plan the same ones wait for each other only once.
    values = [submission_values(told[key].submission, told[key].origin) for key in sorted(told)]  # type: ignore[arg-type]
    made = insert(connection, SubmissionRow)
    fresh = {name: made.excluded[name] for name in values[0] if name != "origin_sha256"}
    changed = SubmissionRow.digest != made.excluded.digest
    connection.execute(made.on_conflict_do_update(index_elements=["origin_sha256"], set_=fresh, where=changed), values)
    asked = select(SubmissionRow.origin_sha256, SubmissionRow.id, SubmissionRow.digest)
    found = connection.execute(asked.where(SubmissionRow.origin_sha256.in_(told))).all()
    return {key: (number, digest) for key, number, digest in found}


def _place_values(run_id: str, row: Planned, known: tuple[int, str] | None) -> dict[str, Any]:
    submission = row.submission
    number, digest = known if submission is not None and known else (None, "")
    return {
        "run_id": run_id, "position": row.position, "submission_id": number,
        "name": row.name or (submission.name if submission else ""), "row": row.row, "digest": digest,
        "state": "waiting" if submission else "invalid", "problem": row.problem, "cause": "",
        "files": len(submission.files) if submission else 0, "reused": 0, "unread": 0,
        "report_id": None, "verdict": None, "before": None, "sequence": None, "ended_at": None,
    }  # fmt: skip
