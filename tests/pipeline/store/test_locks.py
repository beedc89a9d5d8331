"""Locks over processes and machines, on both databases."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from pipeline.settings import Settings
from pipeline.store import Held, Store, locks

ROOT = Path(__file__).parents[3]
HOLDER = """
import sys, time
from pydantic import SecretStr
from pipeline.settings import Settings
from pipeline.store import Store
with Store.open(Settings(database_url=SecretStr(sys.argv[1]))).hold("nightly"):
    print("held", flush=True)
    time.sleep(60)
"""


def taken_by(store: Store, holder: str, seconds: float) -> None:
    """Somebody has the lock for so many seconds more."""
    now = store._database.read(locks._clock)
    asked = text("INSERT INTO lock (name, holder, until) VALUES ('nightly', :holder, :until)")
    store._database.write(lambda c: c.execute(asked, {"holder": holder, "until": now + seconds}))


def free(store: Store) -> bool:
    try:
        with store.hold("nightly"):
            return True
    except Held:
        return False


def test_one_holds_it_and_others_are_told_who(store: Store, settings: Settings) -> None:
    other = Store.open(settings)
    with store.hold("nightly") as lock:
        assert lock.kept
        with pytest.raises(Held) as told, other.hold("nightly"):
            pass
        assert str(locks.os.getpid()) in str(told.value)
        assert told.value.data["cause"] == "held"
        with other.hold("another"):
            pass
    assert free(other)
    other.close()


def test_it_is_given_back_when_the_work_fails(store: Store) -> None:
    with pytest.raises(RuntimeError), store.hold("nightly"):
        raise RuntimeError
    assert free(store)


def test_one_of_this_machine_that_was_killed_holds_it_no_longer(store: Store, settings: Settings) -> None:
    assert settings.database_url is not None
    command = [sys.executable, "-c", HOLDER, settings.database_url.get_secret_value()]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        assert not free(store)
        holder.kill()
        holder.wait(30)
    assert free(store)


def test_a_process_of_the_same_number_started_later_is_another(store: Store) -> None:
    machine, process, started, nonce = locks._me().split("|")
    taken_by(store, "|".join((machine, process, f"{float(started) - 100:.2f}", nonce)), 60)
    assert free(store)


def test_one_of_another_machine_holds_it_until_its_time_is_over(store: Store) -> None:
    taken_by(store, "elsewhere@pid:[1]|1|0.00|x", 60)
    assert not free(store)
    store._database.write(lambda c: c.execute(text("UPDATE lock SET until = until - 61")))
    assert free(store)


def test_it_is_renewed_while_it_is_held(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(locks, "_is_gone", lambda _: False)
    with store.hold("nightly", seconds=0.8) as lock:
        time.sleep(1.2)
        assert lock.kept
        assert not free(store)


def test_who_lost_it_is_told(store: Store) -> None:
    with store.hold("nightly", seconds=0.4) as lock:
        store._database.write(lambda c: c.execute(text("UPDATE lock SET holder = 'elsewhere@|1|0.00|x'")))
        patient_until = time.monotonic() + 10
        while lock.kept and time.monotonic() < patient_until:
            time.sleep(0.02)
        assert not lock.kept
    assert store._database.read(lambda c: c.execute(text("SELECT holder FROM lock")).scalar()) is not None
