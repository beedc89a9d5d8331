"""What the files of a chunk hold: those of this machine by reading them, those in a store by how they look there.

A file in a store is looked at (its size, ETag and time) before anything else. Where its content is known for what it
looks like, nothing of it is fetched, unless it has to be read. It is fetched by the process that has the workers, not
by a worker: waiting for a store is no document's fault, and who decodes what strangers send needs no keys. Copies lie
in a folder of this process, are private to it, and go when the place they were fetched for is done.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from extractors.errors import OutageError, UsageError
from pipeline.file_store import CHANGED, Look, file_store
from pipeline.files import content_hash
from pipeline.outage import IN_A_ROW, Outages, cause_of, outage
from pipeline.remote import Location, RemotePath
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.submission import Submission, SubmittedFile
from pipeline.worker_folder import RunFolder

_AT_ONCE = 16  # files looked at or fetched side by side
_COPIES = 32  # files that may lie here at a time, or two a worker

T = TypeVar("T")


class Contents:
    """Used by one thread. Three files in a row that cannot be reached stop a run."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings
        self._looking, self._fetching = Outages(), Outages()  # that one works says nothing of the other
        self._failing = 0  # looks in a row without an answer
        self._troubles: dict[RemotePath, OutageError] = {}
        self._looks: dict[RemotePath, Look] = {}
        self._hashes: dict[RemotePath, str] = {}
        self._copies: dict[tuple[int, RemotePath], Path] = {}
        self._folder: RunFolder | None = None

    @property
    def has_room(self) -> bool:
        """Whether more files may be fetched before those that lie here are done with."""
        return len(self._copies) < max(_COPIES, 2 * (self._settings.workers or os.cpu_count() or 1))

    def sha256(self, at: Location) -> str | None:
        """The content of a file, or what stands for it; None of one in a store that has to be fetched to know it."""
        return content_hash(at, self._settings.max_file_bytes) if isinstance(at, Path) else self._hashes.get(at)

    def unknown(self, files: Iterable[SubmittedFile]) -> list[SubmittedFile]:
        """Those in a store that have to be fetched to know their content."""
        return [file for file in files if isinstance(file.path, RemotePath) and file.path not in self._hashes]

    def look(self, files: Iterable[SubmittedFile]) -> None:
        """Look at those in a store that were not looked at yet, side by side. What fails is told by `trouble`."""
        fresh = [at for at in _remote(files) if at not in self._looks and at not in self._troubles]
        if not fresh:
            return
        for at, found in zip(fresh, _side_by_side(self._looked, fresh), strict=True):
            if isinstance(found, Look):
                self._looks[at] = found
            else:
                self._troubles[at] = found
        seen = {str(at): self._looks[at].token for at in fresh if at in self._looks and self._looks[at].token}
        known = self._store.known_contents(seen)
        for at in (at for at in fresh if at in self._looks):
            if sha256 := self._looks[at].stands_for(self._settings.max_file_bytes) or known.get(str(at)):
                self._hashes[at] = sha256

    def trouble(self, files: Iterable[SubmittedFile]) -> OutageError | None:
        """Why some of these files cannot be reached. Raises OutageError where that is so for three in a row."""
        self.look(files)
        return _noted(self._looking, {at: self._troubles.get(at) for at in _remote(files)})

    def fetch(self, position: int, files: Iterable[SubmittedFile]) -> OutageError | None:
        """Have the files of a place here that lie in a store, and know their contents; what kept them from it.

        A file that had another content when it was looked at is one reason. Raises OutageError as `trouble` does.
        """
        lacking = [at for at in _remote(files) if (position, at) not in self._copies]
        if not lacking:
            return None
        self._folder = self._folder or RunFolder()
        folder = self._folder.path / str(position)
        folder.mkdir(exist_ok=True)
        targets = {at: folder / str(number) for number, at in enumerate(lacking, len(list(folder.iterdir())))}
        failed: dict[RemotePath, OutageError | None] = {}
        for at, found in zip(lacking, _side_by_side(lambda at: self._fetched(at, targets[at]), lacking), strict=True):
            failed[at] = found if isinstance(found, OutageError) else self._kept(at, *found)
            if failed[at] is None:
                self._copies[position, at] = targets[at]
        return _noted(self._fetching, failed)

    def here(self, position: int, file: SubmittedFile) -> SubmittedFile:
        """The file as it lies on this machine, where it does."""
        copy = self._copies.get((position, file.path)) if isinstance(file.path, RemotePath) else None
        return replace(file, path=copy) if copy else file

    def all_here(self, position: int, submission: Submission) -> Submission:
        """The submission with what lies on this machine of it."""
        return replace(submission, files=tuple(self.here(position, file) for file in submission.files))

    def done(self, position: int) -> None:
        """Nobody needs the copies of a place any more."""
        mine = [key for key in self._copies if key[0] == position]
        for key in mine:
            del self._copies[key]
        if self._folder and mine:
            shutil.rmtree(self._folder.path / str(position), ignore_errors=True)

    def close(self) -> None:
        """Remove all copies."""
        self._copies.clear()
        if self._folder:
            self._folder.remove()
            self._folder = None

    def _looked(self, at: RemotePath) -> Look | OutageError:
        """Nobody waits for a store that has failed to answer several times in a row."""
        if self._failing >= IN_A_ROW:
            return outage("files_away", f"The store of {at} did not answer before.")
        found = _answer(lambda: file_store(at, self._settings.protocols).look(at))
        silent = isinstance(found, OutageError) and not found.data.get("answered")
        self._failing = self._failing + 1 if silent else 0
        return found

    def _fetched(self, at: RemotePath, target: Path) -> tuple[Look, str] | OutageError:
        store = _answer(lambda: file_store(at, self._settings.protocols))
        if isinstance(store, OutageError):
            return store
        return _answer(lambda: store.fetch(at, target, self._settings.max_file_bytes, self._looks.get(at)))

    def _kept(self, at: RemotePath, look: Look, sha256: str) -> OutageError | None:
        """Remember what was fetched; the reason not to use it where it was known as something else."""
        before, self._looks[at], self._hashes[at] = self._hashes.get(at), look, sha256
        if look.token and not look.stands_for(self._settings.max_file_bytes):
            self._store.keep_content(str(at), look.token, sha256)
        changed = before not in (None, sha256)
        return OutageError(CHANGED, f"{at} is not the file any more that was looked at.") if changed else None


def _noted(outages: Outages, troubles: dict[RemotePath, OutageError | None]) -> OutageError | None:
    """The first of these troubles. OutageError where they make three in a row; a file that changed is no outage."""
    for at, error in troubles.items():
        outages.note(str(at), error.cause if error and error.cause != CHANGED else None, error)
    return next((error for error in troubles.values() if error), None)


def _remote(files: Iterable[SubmittedFile]) -> list[RemotePath]:
    """The different places in stores among these."""
    return list(dict.fromkeys(file.path for file in files if isinstance(file.path, RemotePath)))


def _side_by_side(function: Callable[[RemotePath], T], places: list[RemotePath]) -> list[T]:
    if len(places) == 1:
        return [function(places[0])]
    with ThreadPoolExecutor(min(_AT_ONCE, len(places))) as threads:
        return list(threads.map(function, places))


def _answer(ask: Callable[[], T]) -> T | OutageError:
    """What is answered, or the outage that keeps it: also what this machine lacks to reach a store, and a full disk."""
    try:
        return ask()
    except OutageError as error:
        return error
    except UsageError as error:  # the list was made on a machine that can
        return outage("files_away", error.message, error.remedy)
    except OSError as error:
        if cause := cause_of(error):
            return outage(cause)
        raise
