"""The process of the temporary Prefect server: `python -m flows._server`, started by `flows/_prefect.py`.

It listens on a free port of the loopback address, prints the port and then `ready`, and ends when its standard
input does: whatever ends the process that started it, a kill included, closes that. With `--scheduling` it starts
flows by their schedules too.
"""

from __future__ import annotations

import os
import socket
import sys
import threading
from typing import IO

SCHEDULING = "--scheduling"  # start flows of deployments as well


def main() -> None:
    os.umask(0o077)  # its database is nobody else's business
    listening = socket.create_server(("127.0.0.1", 0))
    print(listening.getsockname()[1], flush=True)
    threading.Thread(target=_end_with, args=(sys.stdin.buffer,), daemon=True).start()

    import uvicorn
    from prefect.server.api.server import create_app

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[socket.socket] | None = None) -> None:
            await super().startup(sockets)
            print("ready", flush=True)

    app = create_app(ephemeral=SCHEDULING not in sys.argv, final=True)
    Server(uvicorn.Config(app, log_level="error", access_log=False, lifespan="on")).run(sockets=[listening])


def _end_with(parent: IO[bytes]) -> None:
    parent.read()
    os._exit(0)  # every request was answered; SQLite keeps what was written


if __name__ == "__main__":
    main()
