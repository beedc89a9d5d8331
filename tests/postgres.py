"""A PostgreSQL server for the tests: thrown away afterwards, on loopback, from the binaries Debian's packages bring."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

_STARTED = 60.0  # seconds a server may take
_QUICK = ("fsync=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=60", "log_min_messages=fatal")


class NoPostgres(Exception):  # noqa: N818
    """There are no binaries of PostgreSQL here."""


@dataclass
class Server:
    """A server that runs, or was stopped for a while by `stop`."""

    binaries: Path
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return self.url_of("postgres")

    def url_of(self, database: str) -> str:
        return f"postgresql://heyan:not-a-secret@127.0.0.1:{self.port}/{database}"

    def fresh_url(self, template: str = "template1") -> str:
        """A new database: empty, or a copy of another one that nobody uses just now."""
        import psycopg

        name = f"t_{uuid4().hex[:12]}"
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')  # type: ignore[arg-type]
        return self.url_of(name)

    def start(self) -> None:
        """Start the server and wait until it answers."""
        options = [f"-c{option}" for option in (*_QUICK, f"port={self.port}", "listen_addresses=127.0.0.1")]
        command = [self.binaries / "postgres", "-D", self.folder / "data", f"-k{self.folder}", *options]
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(_as_user(*command), stdout=log, stderr=log, cwd="/")
        import psycopg

        patient_until = time.monotonic() + _STARTED
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
                return
            except psycopg.OperationalError:
                if self.process.poll() is not None or time.monotonic() > patient_until:
                    raise RuntimeError("PostgreSQL did not start: " + (self.folder / "log").read_text()) from None
                time.sleep(0.05)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop the server at once, whoever is connected; nothing that was committed is lost."""
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(30)
            self.process = None


@contextmanager
def postgres() -> Iterator[Server]:
    """A server of our own. Raises NoPostgres."""
    if (binaries := _binaries()) is None:
        raise NoPostgres("no PostgreSQL here: apt-get install postgresql")
    folder = Path(tempfile.mkdtemp(prefix="heyan-pg-"))
    server = Server(binaries, folder, _free_port())
    try:
        _own(folder)
        password = folder / "password"
        password.write_text("not-a-secret")
        _own(password)
        made = [binaries / "initdb", "-D", folder / "data", "-U", "heyan", "--auth=scram-sha-256", "-N", "-E", "UTF8"]
        subprocess.run(
            _as_user(*made, "--locale=C.UTF-8", f"--pwfile={password}"), check=True, capture_output=True, cwd="/"
        )
        server.start()
        yield server
    finally:
        server.stop(signal.SIGQUIT)  # without putting things in order
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path | None:
    """The newest server Debian's packages installed, or that of the path."""
    installed = [p for p in Path("/usr/lib/postgresql").glob("*/bin") if (p / "initdb").exists()]
    if installed:
        return max(installed, key=lambda path: float(path.parent.name))
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found and shutil.which("postgres") else None


def _as_user(*command: object) -> list[str]:
    """The command as a user PostgreSQL accepts: it refuses root."""
    plain = [str(part) for part in command]
    return ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *plain] if os.geteuid() == 0 else plain


def _own(path: Path) -> None:
    if os.geteuid() == 0:
        shutil.chown(path, "postgres", "postgres")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
