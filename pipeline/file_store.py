"""Reaching a store of files through fsspec: what lies at an address, and its bytes, under one set of errors.

A file that is not there is one thing, a store that does not answer is another: an OutageError with the address, never
with the words of the store, which may quote what was sent. fsspec and what it needs for a protocol are loaded when the
first file of that protocol is met.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Any, Literal

from extractors.errors import HeyanError, OutageError, UsageError
from pipeline.files import ABSENT
from pipeline.outage import cause_of, outage
from pipeline.remote import Listing, RemotePath, not_allowed

CHANGED = "file_changed"  # the cause of an outage that is one file's: it is not what it was
_PIECE = 8_000_000  # bytes asked for at a time
_TRIES = 3  # at a file that changes while it is fetched
_LONGEST = 1024  # bytes of a name in S3; elsewhere there are no longer ones either
_PROVIDED = {"s3", "s3a"}  # what heyan[scale] brings
# What tells one state of a file from another: not all stores tell all of it, and their times may be whole seconds.
_TELLING = (
    "ETag",
    "etag",
    "VersionId",
    "generation",
    "md5",
    "LastModified",
    "last_modified",
    "mtime",
    "updated",
    "created",
)
_S3_LIMITS = {"connect_timeout": 5, "read_timeout": 30, "retries": {"mode": "standard", "total_max_attempts": 3}}

_opened: dict[str, Any] = {}
_lock = Lock()


@dataclass(frozen=True, slots=True)
class Look:
    """What lies at an address. `token` is another one as soon as a file is; "" where the store does not tell."""

    kind: Literal["file", "other", "absent"]
    size: int = 0
    token: str = ""

    def stands_for(self, limit: int) -> str | None:
        """What stands for the SHA-256 of what is no file, or too large to be fetched; None for any other."""
        if self.kind == "file":
            return f"large-{self.size}-{self.token}" if self.size > limit else None
        return ABSENT if self.kind == "absent" else "irregular-folder"


class FileStore:
    """One kind of store. Safe to use from several threads."""

    def __init__(self, files: Any) -> None:
        self._files = files

    def look(self, at: RemotePath) -> Look:
        """What lies there, told by its size and tokens alone. Raises OutageError."""
        if len(at.url.partition("://")[2].encode("utf-8", "replace")) > _LONGEST:
            return Look("absent")
        try:
            with _reaching(at):
                told = self._files.info(self._name(at))
        except FileNotFoundError:
            return Look("absent")
        if told.get("type") != "file" or not isinstance(told.get("size"), int):
            return Look("other")
        states = [f"{key}={told[key]}" for key in _TELLING if told.get(key)]
        return Look("file", told["size"], hashlib.sha256("\n".join(states).encode()).hexdigest() if states else "")

    def fetch(self, at: RemotePath, target: Path, limit: int, look: Look | None = None) -> tuple[Look, str]:
        """Put a file where it can be opened; gives how it looks, and its SHA-256 or what stands for it.

        `look` is how it looked before. Nothing larger than `limit` is fetched: what the store says of it is put there
        instead, so that whoever opens it comes to the same answer as with a file of this machine. Raises OutageError,
        also for a file that changes again and again meanwhile, and OSError where it cannot be written.
        """
        look = look or self.look(at)
        for _ in range(_TRIES):
            if stand_in := look.stands_for(limit):
                _put(look, target, limit)
                return look, stand_in
            sha256 = self._copied(at, look.size, target)
            before, look = look, self.look(at)
            if look != before:
                continue
            if isinstance(sha256, OutageError):
                raise sha256
            return look, sha256
        raise OutageError(CHANGED, f"{at} was changed while it was fetched.")

    def read(self, at: RemotePath, limit: int) -> bytes | None:
        """The bytes of a small file; None where it is larger than `limit`. Raises FileNotFoundError and OutageError."""
        look = self.look(at)
        if look.kind != "file":
            raise FileNotFoundError(at.url)
        return None if look.size > limit else b"".join(self._pieces(at, look.size))

    def listed(self, at: RemotePath) -> RemotePath:
        """The folder with all that lies under it. Raises OutageError."""
        try:
            with _reaching(at):
                root = str(self._name(at)).rstrip("/") + "/"
                names = [str(name) for name in self._files.find(root)]
        except FileNotFoundError:
            names = []
        return RemotePath(at.url, Listing.of(at.url, (n.removeprefix(root) for n in names if n.startswith(root))))

    def _copied(self, at: RemotePath, size: int, target: Path) -> str | OutageError:
        """The SHA-256 of what was fetched; why it was not, which may be that the file is gone or shorter by now."""
        found = hashlib.sha256()
        with target.open("wb") as file:
            try:
                for piece in self._pieces(at, size):
                    found.update(piece)
                    file.write(piece)
            except OutageError as error:
                return error
            except FileNotFoundError:
                return _away(at, "does not give what it says is there")
        return found.hexdigest()

    def _pieces(self, at: RemotePath, size: int) -> Iterator[bytes]:
        """The bytes of a file that is said to have so many. Raises as `read` does, and where there are fewer by now."""
        start = 0
        while start < size:
            end = min(start + _PIECE, size)
            with _reaching(at):
                piece: bytes = self._files.cat_file(self._name(at), start=start, end=end)
            if len(piece) > end - start:
                raise _away(at, "does not give parts of files")
            if not piece:
                raise _away(at, "gives less than it says is there")
            start += len(piece)
            yield piece

    def _name(self, at: RemotePath) -> Any:
        return self._files._strip_protocol(at.url)


def file_store(at: RemotePath, protocols: Collection[str]) -> FileStore:
    """The store an address lies in. UsageError where its protocol is not allowed, or what it needs is not installed."""
    if at.scheme not in protocols:
        raise not_allowed(at.scheme)
    with _lock:
        if at.scheme not in _opened:
            _opened[at.scheme] = _filesystem(at.scheme)
        return FileStore(_opened[at.scheme])


def forget() -> None:
    """Connect anew when a store is asked next: with the addresses and keys the environment names then."""
    with _lock:
        _opened.clear()


def _filesystem(scheme: str) -> Any:
    """fsspec's view of a store, one for all threads, that keeps no listings of its own."""
    try:
        import fsspec
        from fsspec.config import conf

        options: dict[str, Any] = {}
        if scheme in _PROVIDED:
            # What stands in fsspec's own configuration goes first.
            options["config_kwargs"] = _S3_LIMITS | conf.get(scheme, {}).get("config_kwargs", {})
        files = fsspec.filesystem(scheme, skip_instance_cache=True, use_listings_cache=False, **options)
    except (ImportError, ValueError) as error:
        remedy = "pip install 'heyan[scale]'" if scheme in _PROVIDED else "Install what fsspec needs for it."
        raise UsageError(f"What reads {scheme}:// files is not installed.", remedy=remedy) from error
    if scheme in _PROVIDED:
        files.retries = 2  # around the attempts of _S3_LIMITS
    return files


@contextmanager
def _reaching(at: RemotePath) -> Iterator[None]:
    """FileNotFoundError for what is not there, OutageError for a store that does not give an answer."""
    try:
        yield
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError, UnicodeError):
        raise FileNotFoundError(at.url) from None
    except (HeyanError, MemoryError):
        raise
    except PermissionError:
        raise _away(at, "refuses: the keys are wrong, or may not read this", answered=True) from None
    except Exception as error:
        if cause_of(error) == "disk_full":
            raise outage("disk_full") from None
        raise _away(at, f"does not answer ({type(error).__name__})") from None


def _away(at: RemotePath, what: str, *, answered: bool = False) -> OutageError:
    remedy = "See that it runs and that its keys are set, then continue."
    error = outage("files_away", f"The store of {at} {what}.", remedy)
    error.data["answered"] = answered  # at once, then: the next file need not wait to be asked for
    return error


def _put(look: Look, target: Path, limit: int) -> None:
    """What the store says is there: nothing, a folder, or a file over the limit, whose size alone is looked at."""
    target.unlink(missing_ok=True)
    if look.kind == "other":
        target.mkdir()
    elif look.kind == "file":
        with target.open("wb") as file:
            file.truncate(limit + 1)
