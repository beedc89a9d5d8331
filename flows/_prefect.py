"""The Prefect server a flow reports to: the user's own where there is one, else a temporary one on this machine."""

from __future__ import annotations

import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from queue import Empty, SimpleQueue
from threading import Thread
from typing import IO

from prefect.client.orchestration import get_client
from prefect.events.clients import NullEventsClient
from prefect.events.worker import EventsWorker
from prefect.settings import PREFECT_API_AUTH_STRING, PREFECT_API_URL, get_current_settings, temporary_settings

from flows import _environment
from flows._server import SCHEDULING
from pipeline.outage import outage

_START = 120  # seconds: the very first start makes the database, on a busy machine in more than 20
_RESTART = 30  # seconds a server that was there may be away


@contextmanager
def prefect_server(*, scheduling: bool = False) -> Iterator[None]:
    """A server for the flows of this block, one that starts them by schedule if asked. Raises OutageError."""
    if get_current_settings().api.url:
        if not is_there(wait=0):
            raise outage("prefect_away")
        yield
        return
    with _temporary(scheduling) as (address, password):
        # Nobody watches this server, and it ends with the run: events would only be waited for.
        EventsWorker.set_client_override(NullEventsClient)
        try:
            with temporary_settings({PREFECT_API_URL: address, PREFECT_API_AUTH_STRING: password}):
                yield
        finally:
            EventsWorker.set_client_override(None)


def is_there(wait: float = _RESTART) -> bool:
    """Whether the server answers, at the latest after so many seconds."""
    until = time.monotonic() + wait
    while True:
        with get_client(sync_client=True) as client:
            if client.api_healthcheck() is None:
                return True
        if time.monotonic() >= until:
            return False
        time.sleep(1)


@contextmanager
def _temporary(scheduling: bool) -> Iterator[tuple[str, str]]:
    """A server process that lives as long as this block and this process: its address and password."""
    home = _environment.home()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    password = f"heyan:{secrets.token_urlsafe(24)}"  # other users of this machine reach the port as well
    with open(home / "server.log", "w", encoding="utf-8") as log:
        process = subprocess.Popen(  # noqa: S603 - ourselves
            [sys.executable, "-m", "flows._server", *([SCHEDULING] if scheduling else [])],
            stdin=subprocess.PIPE,  # held open: the server ends when this process is gone, however it went
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
            env=_environment.of_temporary_server(password, scheduling=scheduling),
            start_new_session=True,  # Ctrl-C is for this process alone
        )
    try:
        yield _started(process), password
    finally:
        _end(process)


def _started(process: subprocess.Popen[str]) -> str:
    """The address of the server once it is ready. Raises OutageError."""
    assert process.stdout is not None
    said: SimpleQueue[str] = SimpleQueue()
    Thread(target=_listen, args=(process.stdout, said), daemon=True).start()
    try:
        port, ready = said.get(timeout=_START), said.get(timeout=_START)
    except Empty:
        port = ready = ""
    if ready != "ready":
        log = _environment.home() / "server.log"
        raise outage("prefect_away", "The temporary Prefect server did not start.", f"{log} may say why.")
    return f"http://127.0.0.1:{port}/api"


def _listen(stream: IO[str], said: SimpleQueue[str]) -> None:
    said.put(stream.readline().strip())
    said.put(stream.readline().strip())


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    with suppress(OSError):
        process.stdin.close()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
