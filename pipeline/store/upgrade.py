"""Bringing a database to this version: Alembic's migrations, in one transaction, by one process at a time."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from pipeline.store.database import Database, store_error
from pipeline.store.models import HEAD
from pipeline.store.troubles import NEWER

VERSION_TABLE = "heyan_version"  # not Alembic's own name: another program's tables may lie in the same database
_ADVISORY_LOCK = 0x48657961


def upgrade(database: Database) -> None:
    """Make or renew the tables where they are not this version's. StoreError for those of a later one."""
    if database.read(_version) == HEAD:
        return
    if not database.write(_renewed):
        raise store_error(NEWER, database.shown)


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table(VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {VERSION_TABLE}")).scalar()  # noqa: S608


def _renewed(connection: Connection) -> bool:
    from alembic import command
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    if connection.dialect.name == "postgresql":  # SQLite's writers wait for each other anyway
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _ADVISORY_LOCK})
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    version = _version(connection)  # again: another process may just have done it
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if version is not None and version not in known:
        return False
    if version != HEAD:
        command.upgrade(config, "head")
    return True
