"""Ctrl-C and SIGTERM while a flow runs: what is in hand is put away, the rest is left for the next start."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from pipeline import batch

INTERRUPTED = 130
asked = threading.Event()  # somebody wants the run to end


@contextmanager
def interruptible() -> Iterator[None]:
    """Within the block the first signal asks the run to end, and the second ends this process as it stands.

    Prefect's own handler of SIGTERM would cut the run off and send the signal again. Only the main thread gets signals.
    Whoever `asked` before the block, asked for the end of this run.
    """
    batch.stop() if asked.is_set() else batch.go_on()
    try:
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        with _handled():
            yield
    finally:
        asked.clear()


@contextmanager
def _handled() -> Iterator[None]:
    before = {number: signal.signal(number, _asked) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _asked(number: int, frame: FrameType | None) -> None:
    if asked.is_set():
        if sys.stderr.isatty():
            os.write(2, b"\x1b[?25h")  # a progress display has hidden the cursor
        os._exit(INTERRUPTED)  # everything written is whole, and workers and server end with this process
    asked.set()
    batch.stop()
