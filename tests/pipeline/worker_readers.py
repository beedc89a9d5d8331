"""Engines that go wrong in a worker, each in its own way, and one that does not.

A worker opens one of them by name. What it does is told by the picture it is given: its longer side in pixels.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any

from extractors.errors import EngineError
from extractors.model import TextLine, rectangle
from pipeline.ocr import TimedReader
from pipeline.settings import Settings

NAME = "杭州云帆贸易有限公司"  # what stands on every document
LINE = TextLine(NAME, rectangle(10, 10, 190, 30), 0.99)
KEPT: list[Any] = []


def eat(megabytes: int) -> None:
    """Memory that is asked for and used, piece by piece."""
    for _ in range(megabytes // 50):
        KEPT.append(b"x" * 50_000_000)


def eat_natively(gigabytes: int) -> None:
    """The same in one call of C code that never lets go of the interpreter."""
    libc = ctypes.PyDLL(None)
    libc.malloc.restype = ctypes.c_void_p
    libc.malloc.argtypes = [ctypes.c_size_t]
    libc.memset.argtypes = [ctypes.c_void_p, ctypes.c_int, ctypes.c_size_t]
    for _ in range(gigabytes * 10):
        if not (piece := libc.malloc(100_000_000)):
            raise MemoryError
        libc.memset(piece, 1, 100_000_000)


def litter() -> None:
    """Temporary files nobody will remove, then the end."""
    import tempfile

    Path(tempfile.mkdtemp(), "page.png").write_bytes(b"x" * 1000)
    os.kill(os.getpid(), signal.SIGKILL)


def once(name: str) -> None:
    """The end, the first time."""
    mark = Path(os.environ["HEYAN_TEST_MARKS"], name)
    if not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)


def chatter() -> None:
    print(NAME)
    print(NAME, file=sys.stderr)
    os.write(1, NAME.encode())
    ctypes.CDLL(None).puts(b"native")


def fail(error: BaseException) -> None:
    raise error


class UnsentError(Exception):
    def __init__(self, name: str, _: object) -> None:
        super().__init__(name)


ACTS: dict[str, Any] = {
    "reads": lambda: None,
    "exits": lambda: os._exit(3),
    "exits as if well": lambda: os._exit(0),
    "leaves": lambda: sys.exit(4),
    "is killed": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "is killed once": lambda: once("killed"),
    "is told to stop": lambda: os.kill(os.getpid(), signal.SIGTERM),
    "crashes": lambda: ctypes.string_at(0),
    "hangs": lambda: time.sleep(600),
    "hangs natively": lambda: ctypes.PyDLL(None).sleep(600),
    "eats memory": lambda: eat(3000),
    "eats memory natively": lambda: eat_natively(8),
    "asks for too much": lambda: bytearray(50_000_000_000),
    "grows": lambda: eat(50),
    "prints": chatter,
    "litters": litter,
    "raises": lambda: fail(KeyError(NAME)),
    "raises its own": lambda: fail(EngineError(NAME)),
    "raises what cannot be sent": lambda: fail(UnsentError(NAME, object())),
    "recurses": lambda: fail(RecursionError(NAME)),
    "fills the disk": lambda: fail(OSError(28, NAME)),
    "tells its process": lambda: Path(os.environ["HEYAN_TEST_MARKS"], str(os.getpid())).touch(),
}
WIDTH = {act: 200 + 10 * number for number, act in enumerate(ACTS)}
_ACT = {width: act for act, width in WIDTH.items()}


class Acting:
    """A reader that acts by the longer side of its picture, then reads one line."""

    def read(self, image: Any, page: int = 1, side: int | None = None) -> tuple[TextLine, ...]:
        ACTS[_ACT[max(image.shape[:2])]]()
        return (LINE,)

    def describe(self) -> dict[str, Any]:
        return {"engine": "acting", "pid": os.getpid()}


def acting(_: Settings) -> Acting:
    return Acting()


class Garbled(Acting):
    def read(self, image: Any, page: int = 1, side: int | None = None) -> Any:
        return ["text", 7, None]


def garbled(_: Settings) -> TimedReader:
    return TimedReader(Garbled(), 5)


def missing(_: Settings) -> Acting:
    raise EngineError("models are missing", remedy="install them")


def full(_: Settings) -> Acting:
    raise EngineError("models cannot be written") from OSError(28, "No space left on device")


def crashing(_: Settings) -> Acting:
    os._exit(7)
