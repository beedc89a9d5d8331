"""The database itself: made, renewed, private; away, full, somebody else's; and what is told of it."""

from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from pydantic import SecretStr
from sqlalchemy import Connection, text

from extractors.errors import StoreError, UsageError
from pipeline.settings import Settings
from pipeline.store import Store, database
from pipeline.store.models import HEAD, Base
from pipeline.store.upgrade import VERSION_TABLE
from tests.pipeline.store.stored_samples import attempt, begun, documents, judged, planned
from tests.postgres import Server

ROOT = Path(__file__).parents[3]


def at(url: object) -> Settings:
    return Settings(database_url=SecretStr(str(url)))


def cause(error: pytest.ExceptionInfo[StoreError]) -> str:
    assert error.value.remedy
    return str(error.value.data["cause"])


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "PATIENCE", 0.2)
    monkeypatch.setattr(database, "_PRAGMAS", tuple(p for p in database._PRAGMAS if not p.startswith("busy")))
    monkeypatch.setattr(database, "_BUSY", 50)


def test_the_tables_are_those_of_the_models(store: Store) -> None:
    def differences(connection: Connection) -> list[Any]:
        context = MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE, "compare_type": True, "target_metadata": Base.metadata}
        )
        return list(compare_metadata(context, Base.metadata))

    assert store._database.read(differences) == []


def test_the_version_is_the_newest_migration() -> None:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "pipeline" / "store" / "migrations"))
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


def test_a_database_of_a_later_version_is_left_alone(settings: Settings, store: Store) -> None:
    store._database.write(lambda c: c.execute(text(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")))
    with pytest.raises(StoreError) as told:
        Store.open(settings)
    assert cause(told) == "database_other"
    assert "another version" in str(told.value)
    assert "0001" not in str(store._database.read(lambda c: c.execute(text(f"SELECT * FROM {VERSION_TABLE}")).all()))


def test_tables_of_another_program_are_left_alone(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:
        other.execute("CREATE TABLE run (id TEXT)")
    with pytest.raises(StoreError) as told:
        Store.open(at(f"sqlite:///{tmp_path}/other.db"))
    assert cause(told) == "database_other"
    with closing(sqlite3.connect(tmp_path / "other.db")) as other:  # nothing was left half made
        assert other.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [("run",)]


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"%PDF-1.7 " * 500)
    with pytest.raises(StoreError) as told:
        Store.open(at(f"sqlite:///{tmp_path}/x.db"))
    assert cause(told) == "database_other"
    (tmp_path / "file").write_text("")
    with pytest.raises(StoreError) as told:
        Store.open(at(f"sqlite:///{tmp_path}/file/x.db"))
    assert cause(told) == "database_away"


def test_only_its_owner_may_read_it(tmp_path: Path) -> None:
    store = Store.open(at(f"sqlite:///{tmp_path}/made/here/heyan.db"))
    begun(store, 2)
    files = list((tmp_path / "made" / "here").iterdir())
    assert len(files) == 3  # the log and its index beside it
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "made" / "here").stat().st_mode) == 0o700
    store.close()


def test_without_a_setting_it_lies_in_the_users_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("HEYAN_DATABASE_URL", raising=False)
    (tmp_path / "heyan").mkdir(mode=0o755)
    store = Store.open(Settings())
    assert (tmp_path / "heyan" / "heyan.db").exists()
    assert stat.S_IMODE((tmp_path / "heyan").stat().st_mode) == 0o700
    store.close()


@pytest.mark.parametrize(
    "url", ["mysql://u:secret@h/d", "secret", "postgresql://u:secret@h", "sqlite://", "postgresql://u:secret@h:x/d"]
)
def test_an_address_that_is_none_is_refused_without_showing_it(url: str) -> None:
    with pytest.raises(UsageError) as told:
        Store.open(at(url))
    assert "secret" not in str(told.value)


def test_a_server_that_is_not_there_is_told_without_its_password(impatient: None) -> None:
    with pytest.raises(StoreError) as told:
        Store.open(at("postgres://heyan:secret@127.0.0.1:1/heyan"))
    assert cause(told) == "database_away"
    assert "127.0.0.1:1" in str(told.value)
    assert "secret" not in str(told.value)


def test_a_server_that_knows_no_such_database_is_told(server: Server, impatient: None) -> None:
    with pytest.raises(StoreError) as told:
        Store.open(at(server.url_of("nothing")))
    assert cause(told) == "database_away"


@contextmanager
def stopped(server: Server) -> Iterator[None]:
    server.stop()
    try:
        yield
    finally:
        server.start()


def test_a_server_that_is_stopped_and_started_goes_on(server: Server, template: str) -> None:
    store = Store.open(at(server.fresh_url(template)))
    run = begun(store, 3)
    store.save_report(run.id, 0, judged())
    with stopped(server):
        writing = threading.Thread(target=lambda: store.save_report(run.id, 1, judged()))
        writing.start()
        time.sleep(0.3)
    writing.join(30)
    assert [place.state for place in store.places(run.id)] == ["finished", "finished", "waiting"]
    store.close()


def test_a_server_that_stays_away_is_told(server: Server, template: str, impatient: None) -> None:
    store = Store.open(at(server.fresh_url(template)))
    run = begun(store, 1)
    with stopped(server):
        for work in (lambda: store.counts(run.id), lambda: store.save_report(run.id, 0, judged())):
            with pytest.raises(StoreError) as told:
                work()
            assert cause(told) == "database_away"
    assert store.counts(run.id).states == {"waiting": 1}
    store.close()


def test_a_database_that_another_program_keeps_is_away(tmp_path: Path, impatient: None) -> None:
    store = Store.open(at(f"sqlite:///{tmp_path}/x.db"))
    run = begun(store, 1)
    with closing(sqlite3.connect(tmp_path / "x.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert store.counts(run.id).states == {"waiting": 1}  # who reads need not wait
        with pytest.raises(StoreError) as told:
            store.fail(run.id, 0, "x")
        assert cause(told) == "database_away"
        other.execute("ROLLBACK")
    store.fail(run.id, 0, "x")
    store.close()


def test_a_full_disk_is_told_and_nothing_is_half_written(tmp_path: Path) -> None:
    """SQLite's own limit stands for the disk: it fails alike."""
    store = Store.open(at(f"sqlite:///{tmp_path}/x.db"))
    run = begun(store, 2)

    def shrink(connection: Connection) -> None:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")

    store._database.write(shrink)

    def fill() -> None:
        for number in range(200):
            store.save_reading(f"r{number}", "0" * 64, "v", documents(f"{number}.jpg") * 40, attempt(run))

    with pytest.raises(StoreError) as told:
        fill()
    assert cause(told) == "disk_full"
    assert store.counts(run.id).outcomes.get("read", 0) == len(store.packed_readings(f"r{n}" for n in range(200)))
    store._database.write(lambda c: c.exec_driver_sql("PRAGMA max_page_count=1000000"))
    store.save_report(run.id, 0, judged())
    store.close()


def test_nothing_that_was_to_be_written_is_told(store: Store) -> None:
    """A name the database refuses for its length is in neither the error nor what it came from."""
    run = begun(store, 1)
    secret = "91330108MA2CG4HU6R"
    with pytest.raises((StoreError, TypeError)) as told:
        store.note(attempt(run, worker=secret, timings={"open": object()}))
    shown = [str(told.value), repr(told.value)]
    for broken in (f"INSERT INTO due VALUES (99, 1, '2026-01-01', '{secret}', 0)", f"SELECT nothing AS {secret}"):
        with pytest.raises(StoreError) as failed:
            store._database.write(lambda c, broken=broken: c.execute(text(broken)))
        assert failed.value.__cause__ is None
        assert failed.value.__suppress_context__
        shown += [str(failed.value), repr(failed.value.data)]
    with pytest.raises(StoreError) as failed:
        store._database.write(
            lambda c: c.execute(text("INSERT INTO finding VALUES (99, 1, 'C', 'e', 'r', :d, NULL)"), {"d": secret})
        )
    assert secret not in " ".join([*shown, str(failed.value)])


WRITER = """
import sys
from pydantic import SecretStr
from pipeline.settings import Settings
from pipeline.store import Store
from tests.pipeline.store.stored_samples import attempt, judged, documents
url, run_id, worker = sys.argv[1:]
store = Store.open(Settings(database_url=SecretStr(url)))
run = store.run(run_id)
print("ready", flush=True)
sys.stdin.readline()
while left := store.open_positions(run_id):
    for position in left[:5]:
        key = f"r{position}"
        if key not in store.packed_readings([key]):
            store.save_reading(key, "0" * 64, "v", documents(), attempt(run, key, worker=worker))
        store.save_report(run_id, position, judged(f"k{position}"))
"""


def writer(settings: Settings, run_id: str, name: str) -> subprocess.Popen[str]:
    assert settings.database_url is not None
    command = [sys.executable, "-c", WRITER, settings.database_url.get_secret_value(), run_id, name]
    return subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def started(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
    process.stdin.write("\n")
    process.stdin.flush()


def test_processes_side_by_side_and_killed_ones_leave_everything_once(settings: Settings, store: Store) -> None:
    """Two write the same places; one is killed in the middle of it, again and again."""
    run = begun(store, 60)
    steady, last = writer(settings, run.id, "vm:1"), 0
    killed = [writer(settings, run.id, f"vm:{number}") for number in (2, 3)]
    for process in (steady, *killed):
        started(process)
    for process, count in zip(killed, (8, 25), strict=True):
        while last < count and steady.poll() is None:
            last = store.counts(run.id).states.get("finished", 0)
        process.kill()
    assert steady.wait(120) == 0
    for process in killed:
        process.wait(30)
    for process in (steady, *killed):
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
    counts = store.counts(run.id)
    assert counts.states == {"finished": 60}
    ended = store.finished_since(run.id, 0)
    assert [e.sequence for e in ended] == list(range(1, 61))
    assert len({e.stored.id for e in ended if e.stored}) == 60
    assert store._database.read(lambda c: c.execute(text("SELECT count(*) FROM report")).scalar()) == 60
    assert store._database.read(lambda c: c.execute(text("SELECT count(*) FROM finding")).scalar()) == 60
    tried = store._database.read(lambda c: c.execute(text("SELECT count(*) FROM attempt")).scalar())
    assert counts.read == tried
    if settings.database_url and settings.database_url.get_secret_value().startswith("sqlite"):
        told = store._database.read(lambda c: c.exec_driver_sql("PRAGMA integrity_check").scalar())
        assert told == "ok"


def test_threads_share_a_store(store: Store) -> None:
    run = begun(store, 40)
    troubles: list[BaseException] = []

    def work(own: range) -> None:
        try:
            for position in own:
                store.save_reading(f"r{position % 5}", "0" * 64, "v", documents(), attempt(run, worker="vm:1"))
                store.save_report(run.id, position, judged())
        except BaseException as error:
            troubles.append(error)

    threads = [threading.Thread(target=work, args=(range(start, 40, 8),)) for start in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert troubles == []
    assert store.counts(run.id).states == {"finished": 40}
    assert store.counts(run.id).read == 40


def test_many_processes_make_the_tables_once(server: Server, tmp_path: Path) -> None:
    opening = (
        "import sys; from pipeline.settings import Settings; from pipeline.store import Store; Store.open(Settings())"
    )
    for url in (server.fresh_url(), f"sqlite:///{tmp_path}/many.db"):
        started = [
            subprocess.Popen([sys.executable, "-c", opening], cwd=ROOT, env={"HEYAN_DATABASE_URL": url, "PATH": ""})
            for _ in range(3)
        ]
        assert [process.wait(60) for process in started] == [0, 0, 0]


def test_a_run_planned_twice_at_once_is_one_list(server: Server, template: str) -> None:
    url = server.fresh_url(template)
    one, other = Store.open(at(url)), Store.open(at(url))
    run = begun(one)
    threads = [
        threading.Thread(target=lambda s=s, r=r: s.plan(run.id, map(planned, r)))
        for s, r in ((one, range(300)), (other, reversed(range(300))))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert one.counts(run.id).states == {"waiting": 300}
    with psycopg.connect(url) as connection:
        assert connection.execute("SELECT count(*) FROM submission").fetchone() == (300,)
    one.close()
    other.close()
