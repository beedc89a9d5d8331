"""The process of the temporary Prefect server: `python -m flows._server`, started by `flows/_prefect.py`.

It listens on a free port of the loopback address, prints the port and then `ready`, and ends when its standard
input does: whatever ends the process that started it, a kill included, closes that. With `--scheduling` it starts
flows by their schedules too. It runs beside the readers of documents and for one user, so it does not poll: asleep,
a server of many takes a twentieth of a core.
"""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import IO, Any

_LOOK = 1.0  # seconds
SCHEDULING = "--scheduling"  # start flows of deployments as well


def main() -> None:
    os.umask(0o077)  # its database is nobody else's business
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    threading.Thread(target=_end_with, args=(sys.stdin.buffer,), daemon=True).start()

    import uvicorn
    from prefect.server.api import server

    if SCHEDULING not in sys.argv:
        server.background_worker = _no_chores  # type: ignore[attr-defined]  # there is no setting

    class Server(uvicorn.Server):
        async def main_loop(self) -> None:
            while not await self.on_tick(0):
                await asyncio.sleep(_LOOK)

        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print("ready", flush=True)

    app = server.create_app(ephemeral=SCHEDULING not in sys.argv, final=True)
    Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="on")).run(sockets=[listening])


@asynccontextmanager
async def _no_chores(*_: Any, **__: Any) -> AsyncIterator[None]:
    """In place of the queue of chores, which serves schedules and the deleting of runs: neither happens here."""
    yield


def _end_with(parent: IO[bytes]) -> None:
    parent.read()
    os._exit(0)  # every request was answered; SQLite keeps what was written


if __name__ == "__main__":
    main()
