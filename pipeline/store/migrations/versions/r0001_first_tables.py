"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID, SHA, WORD = sa.String(32), sa.String(64), sa.String(16)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TEXT, JSON, MOMENT = sa.Text(), sa.JSON(), sa.DateTime(timezone=True)
CURRENT: dict[str, Any] = {"sqlite_where": sa.text("current"), "postgresql_where": sa.text("current")}
FAILED: dict[str, Any] = {"sqlite_where": sa.text("state = 'failed'"), "postgresql_where": sa.text("state = 'failed'")}


def upgrade() -> None:
    op.create_table(
        "lock",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("holder", TEXT, nullable=False),
        sa.Column("until", sa.Double(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lock"),
    )
    op.create_table(
        "reading",
        sa.Column("key", SHA, nullable=False),
        sa.Column("sha256", SHA, nullable=False),
        sa.Column("version", SHA, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("read_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_reading"),
    )
    op.create_table(
        "run",
        sa.Column("id", ID, nullable=False),
        sa.Column("kind", WORD, nullable=False),
        sa.Column("source", TEXT, nullable=False),
        sa.Column("out", TEXT, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("options", JSON, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("cause", TEXT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.Column("ended", sa.Integer(), nullable=False),
        sa.Column("tally", JSON, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
    )
    op.create_table(
        "seen_file",
        sa.Column("uri_sha256", SHA, nullable=False),
        sa.Column("uri", TEXT, nullable=False),
        sa.Column("token", TEXT, nullable=False),
        sa.Column("sha256", SHA, nullable=False),
        sa.PrimaryKeyConstraint("uri_sha256", name="pk_seen_file"),
    )
    op.create_table(
        "submission",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("origin_sha256", SHA, nullable=False),
        sa.Column("origin", TEXT, nullable=False),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("profile", TEXT, nullable=True),
        sa.Column("declared", JSON, nullable=False),
        sa.Column("files", JSON, nullable=False),
        sa.Column("earlier", JSON, nullable=False),
        sa.Column("ignored", JSON, nullable=False),
        sa.Column("digest", SHA, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_submission"),
        sa.UniqueConstraint("origin_sha256", name="uq_submission_origin_sha256"),
    )
    op.create_table(
        "attempt",
        sa.Column("id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("reading_key", SHA, nullable=False),
        sa.Column("sha256", SHA, nullable=False),
        sa.Column("worker", TEXT, nullable=False),
        sa.Column("started_at", MOMENT, nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("outcome", WORD, nullable=False),
        sa.Column("reason", TEXT, nullable=False),
        sa.Column("rss_mb", sa.Double(), nullable=False),
        sa.Column("timings", JSON, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_attempt_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_attempt"),
    )
    op.create_index("ix_attempt_run_id_reading_key", "attempt", ["run_id", "reading_key"])
    op.create_table(
        "report",
        sa.Column("id", NUMBER, nullable=False),
        sa.Column("submission_id", NUMBER, nullable=False),
        sa.Column("run_id", ID, nullable=True),
        sa.Column("key", SHA, nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("verdict", WORD, nullable=False),
        sa.Column("profile", TEXT, nullable=False),
        sa.Column("profile_digest", SHA, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("reading_keys", JSON, nullable=False),
        sa.Column("created_at", MOMENT, nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("next_due", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_report_run_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_report_submission_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_report"),
        sa.UniqueConstraint("submission_id", "key", name="uq_report_submission_id_key"),
    )
    op.create_index("ix_report_current_profile", "report", ["profile", "profile_digest"], **CURRENT)
    op.create_index("ix_report_next_due", "report", ["next_due"], **CURRENT)
    op.create_index("ix_report_one_current", "report", ["submission_id"], unique=True, **CURRENT)
    op.create_index("ix_report_run_id", "report", ["run_id"])
    op.create_table(
        "worker",
        sa.Column("run_id", ID, nullable=False),
        sa.Column("worker", TEXT, nullable=False),
        sa.Column("outcomes", JSON, nullable=False),
        sa.Column("stages", JSON, nullable=False),
        sa.Column("seconds", sa.Double(), nullable=False),
        sa.Column("rss_mb", sa.Double(), nullable=False),
        sa.Column("peak_mb", sa.Double(), nullable=False),
        sa.Column("seen_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_worker_run_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("run_id", "worker", name="pk_worker"),
    )
    op.create_table(
        "due",
        sa.Column("report_id", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("what", TEXT, nullable=False),
        sa.Column("runs_out", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_due_report_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("report_id", "position", name="pk_due"),
    )
    op.create_index("ix_due_day", "due", ["day"])
    op.create_table(
        "finding",
        sa.Column("report_id", NUMBER, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("code", SHA, nullable=False),
        sa.Column("severity", WORD, nullable=False),
        sa.Column("verdict", WORD, nullable=False),
        sa.Column("document", TEXT, nullable=True),
        sa.Column("field", TEXT, nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_finding_report_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("report_id", "position", name="pk_finding"),
    )
    op.create_table(
        "place",
        sa.Column("run_id", ID, nullable=False),
        sa.Column("position", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("submission_id", NUMBER, nullable=True),
        sa.Column("name", TEXT, nullable=False),
        sa.Column("row", sa.Integer(), nullable=False),
        sa.Column("digest", SHA, nullable=False),
        sa.Column("state", WORD, nullable=False),
        sa.Column("report_id", NUMBER, nullable=True),
        sa.Column("verdict", WORD, nullable=True),
        sa.Column("before", WORD, nullable=True),
        sa.Column("problem", JSON, nullable=True),
        sa.Column("cause", TEXT, nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("reused", sa.Integer(), nullable=False),
        sa.Column("unread", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("ended_at", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name="fk_place_report_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_place_run_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["submission_id"], ["submission.id"], name="fk_place_submission_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("run_id", "position", name="pk_place"),
    )
    op.create_index("ix_place_failed", "place", ["submission_id"], **FAILED)
    op.create_index("ix_place_run_id_state", "place", ["run_id", "state"])
    op.create_index("ix_place_report_id", "place", ["report_id"])
    op.create_index("ix_place_run_id_sequence", "place", ["run_id", "sequence"])
    op.create_index("ix_place_submission_id", "place", ["submission_id"])
