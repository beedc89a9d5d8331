"""Ctrl-C while a flow runs, and before it does."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator

import pytest

from flows.stopping import asked, interruptible
from pipeline import batch


@pytest.fixture(autouse=True)
def _as_before() -> Iterator[None]:
    yield
    asked.clear()
    batch.go_on()


def test_a_signal_asks_the_run_to_end_and_the_next_run_goes_on() -> None:
    with interruptible():
        os.kill(os.getpid(), signal.SIGINT)
        assert asked.wait(5)
        assert batch._stop.is_set()
    with interruptible():
        assert not asked.is_set()
        assert not batch._stop.is_set()


def test_who_asked_before_the_flow_began_is_heard() -> None:
    asked.set()  # by a signal whose exception got lost
    with interruptible():
        assert batch._stop.is_set()
        assert asked.is_set()
    assert not asked.is_set()
