"""The store on both databases: every test that takes `store` or `settings` runs on SQLite and on PostgreSQL."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr

from pipeline.settings import Settings
from pipeline.store import Store
from tests.postgres import NoPostgres, Server, postgres


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One PostgreSQL server for all tests; without its binaries they are skipped, but not where changes are checked."""
    try:
        with postgres() as running:
            yield running
    except NoPostgres as missing:
        if os.environ.get("CI") == "true":
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def template(server: Server) -> str:
    """A database of this version that others are copied from: quicker than making each anew."""
    url = server.fresh_url()
    Store.open(Settings(database_url=SecretStr(url))).close()
    return url.rpartition("/")[2]


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same of SQLite."""
    path = tmp_path_factory.mktemp("made") / "heyan.db"
    Store.open(Settings(database_url=SecretStr(f"sqlite:///{path}"))).close()
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def settings(request: pytest.FixtureRequest, tmp_path: Path) -> Settings:
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("made"), tmp_path / "heyan.db")
        return Settings(database_url=SecretStr(f"sqlite:///{tmp_path}/heyan.db"))
    server: Server = request.getfixturevalue("server")
    return Settings(database_url=SecretStr(server.fresh_url(request.getfixturevalue("template"))))


@pytest.fixture
def store(settings: Settings) -> Iterator[Store]:
    opened = Store.open(settings)
    yield opened
    opened.close()
