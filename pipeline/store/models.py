"""The tables. A class's docstring says what one row is; docs/store.md is made of them.

The first tables and every change since are made by `migrations/`; a test holds that both say the same.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    BigInteger,
    Date,
    Double,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from pipeline.store.columns import Moment, Typed, Written

HEAD = "0001"  # the newest of `migrations/versions`: a database of this version is opened without loading Alembic

_ID, _SHA, _WORD = String(32), String(64), String(16)
_NUMBER = BigInteger().with_variant(Integer, "sqlite")  # only INTEGER counts by itself in SQLite


class Base(DeclarativeBase):
    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {str: Written(), datetime: Moment(), date: Date(), bytes: LargeBinary(), float: Double()}  # noqa: RUF012


def _key(target: str, *, on_delete: str = "CASCADE") -> ForeignKey:
    return ForeignKey(target, ondelete=on_delete)


class RunRow(Base):
    """One start of a batch or a night, with its options. `ended`: how many places did; `tally`: where all are."""

    __tablename__ = "run"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    kind: Mapped[str] = mapped_column(_WORD)
    source: Mapped[str]
    out: Mapped[str]
    as_of: Mapped[date]
    options: Mapped[Any] = mapped_column(Typed)
    state: Mapped[str] = mapped_column(_WORD)
    cause: Mapped[str]
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    ended: Mapped[int]
    tally: Mapped[Any] = mapped_column(Typed, nullable=True)


class SubmissionRow(Base):
    """A submission as its folder or manifest said last: what is declared, and its files by place and name.

    It is known by `origin_sha256`: addresses can be longer than what a database indexes.
    """

    __tablename__ = "submission"
    id: Mapped[int] = mapped_column(_NUMBER, primary_key=True)
    origin_sha256: Mapped[str] = mapped_column(_SHA, unique=True)
    origin: Mapped[str]
    name: Mapped[str]
    profile: Mapped[str | None]
    declared: Mapped[Any] = mapped_column(Typed)
    files: Mapped[Any] = mapped_column(Typed)
    earlier: Mapped[Any] = mapped_column(Typed)
    ignored: Mapped[Any] = mapped_column(Typed)
    digest: Mapped[str] = mapped_column(_SHA)


class ReadingRow(Base):
    """What one file gives, whoever submits it: its documents with all that was read from them."""

    __tablename__ = "reading"
    key: Mapped[str] = mapped_column(_SHA, primary_key=True)
    sha256: Mapped[str] = mapped_column(_SHA)
    version: Mapped[str] = mapped_column(_SHA)
    body: Mapped[bytes]
    seconds: Mapped[float]
    read_at: Mapped[datetime]


class AttemptRow(Base):
    """One try at reading a file in a worker process, and how it ended."""

    __tablename__ = "attempt"
    id: Mapped[str] = mapped_column(_ID, primary_key=True)
    run_id: Mapped[str] = mapped_column(_key("run.id"))
    reading_key: Mapped[str] = mapped_column(_SHA)
    sha256: Mapped[str] = mapped_column(_SHA)
    worker: Mapped[str]
    started_at: Mapped[datetime]
    seconds: Mapped[float]
    outcome: Mapped[str] = mapped_column(_WORD)
    reason: Mapped[str]
    rss_mb: Mapped[float]
    timings: Mapped[Any] = mapped_column(Typed)
    __table_args__ = (Index(None, "run_id", "reading_key"),)


class WorkerRow(Base):
    """A worker process of a run: its attempts by outcome and its time by stage, added up."""

    __tablename__ = "worker"
    run_id: Mapped[str] = mapped_column(_key("run.id"), primary_key=True)
    worker: Mapped[str] = mapped_column(Written, primary_key=True)
    outcomes: Mapped[Any] = mapped_column(Typed)
    stages: Mapped[Any] = mapped_column(Typed)
    seconds: Mapped[float]
    rss_mb: Mapped[float]
    peak_mb: Mapped[float]
    seen_at: Mapped[datetime]


class ReportRow(Base):
    """One judgement of a submission; the latest of each submission is `current`. `next_due`: when it may change."""

    __tablename__ = "report"
    id: Mapped[int] = mapped_column(_NUMBER, primary_key=True)
    submission_id: Mapped[int] = mapped_column(_NUMBER, _key("submission.id"))
    run_id: Mapped[str | None] = mapped_column(_key("run.id", on_delete="SET NULL"))
    key: Mapped[str] = mapped_column(_SHA)
    as_of: Mapped[date]
    verdict: Mapped[str] = mapped_column(_WORD)
    profile: Mapped[str]
    profile_digest: Mapped[str] = mapped_column(_SHA)
    body: Mapped[bytes]
    reading_keys: Mapped[Any] = mapped_column(Typed)
    created_at: Mapped[datetime]
    current: Mapped[bool]
    next_due: Mapped[date | None]
    __table_args__ = (
        UniqueConstraint("submission_id", "key"),
        Index("ix_report_run_id", "run_id"),
        Index("ix_report_one_current", "submission_id", unique=True, sqlite_where=text("current"),
              postgresql_where=text("current")),
        Index("ix_report_next_due", "next_due", sqlite_where=text("current"), postgresql_where=text("current")),
        Index("ix_report_current_profile", "profile", "profile_digest", sqlite_where=text("current"),
              postgresql_where=text("current")),
    )  # fmt: skip


class PlaceRow(Base):
    """One row of a run's list: what it holds, whether it is done, and the report it led to.

    `files`, `reused` and `unread` count its files, those that came from the store, and those that could not be read;
    `before` is the verdict that stood until then; `sequence` is the order in which places ended.
    """

    __tablename__ = "place"
    run_id: Mapped[str] = mapped_column(_key("run.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    submission_id: Mapped[int | None] = mapped_column(_NUMBER, _key("submission.id"))
    name: Mapped[str]
    row: Mapped[int]
    digest: Mapped[str] = mapped_column(_SHA)
    state: Mapped[str] = mapped_column(_WORD)
    report_id: Mapped[int | None] = mapped_column(_NUMBER, _key("report.id", on_delete="SET NULL"))
    verdict: Mapped[str | None] = mapped_column(_WORD)
    before: Mapped[str | None] = mapped_column(_WORD)
    problem: Mapped[Any] = mapped_column(Typed, nullable=True)
    cause: Mapped[str]
    files: Mapped[int]
    reused: Mapped[int]
    unread: Mapped[int]
    sequence: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        Index(None, "run_id", "state"),
        Index(None, "run_id", "sequence"),
        Index(None, "submission_id"),
        Index(None, "report_id"),
        Index("ix_place_failed", "submission_id", sqlite_where=text("state = 'failed'"),
              postgresql_where=text("state = 'failed'")),
    )  # fmt: skip


class FindingRow(Base):
    """A finding of a report, without its text: to search by."""

    __tablename__ = "finding"
    report_id: Mapped[int] = mapped_column(_NUMBER, _key("report.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(64))
    severity: Mapped[str] = mapped_column(_WORD)
    verdict: Mapped[str] = mapped_column(_WORD)
    document: Mapped[str | None]
    field: Mapped[str | None]


class DueRow(Base):
    """A day on which a report may change, and what does."""

    __tablename__ = "due"
    report_id: Mapped[int] = mapped_column(_NUMBER, _key("report.id"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    day: Mapped[date] = mapped_column(index=True)
    what: Mapped[str]
    runs_out: Mapped[bool]


class LockRow(Base):
    """What one process does and no other may meanwhile; `until` is in seconds of the database's clock."""

    __tablename__ = "lock"
    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    holder: Mapped[str]
    until: Mapped[float]


class SeenFileRow(Base):
    """A file whose content is known as long as its token (size and times) stays the same."""

    __tablename__ = "seen_file"
    uri_sha256: Mapped[str] = mapped_column(_SHA, primary_key=True)
    uri: Mapped[str]
    token: Mapped[str]
    sha256: Mapped[str] = mapped_column(_SHA)
