"""The inbox: a folder into which others put submissions, each a folder of its own, at any time and at any speed.

A folder is taken when all of its files have arrived: two looks some seconds apart found it the same, nothing in it has
the name of a file on its way, and what its description lists is there. Nothing is moved or deleted. What was taken is
remembered in the store by where it lies and what its files look like from outside, so that a folder that was changed
is taken again.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.manifest import Row, folder_row
from pipeline.manifest_model import Source, both, usable
from pipeline.settings import Settings
from pipeline.store import Store
from pipeline.submission import is_clutter
from validators.findings import Bilingual
from validators.loading import load_profiles

# Names that browsers, file managers, rsync and office programs give to files that are not whole yet, or being edited.
_ON_ITS_WAY = re.compile(
    r"^~\$|^\.~lock\.|^\..+\.\w{6}$|\.(?:part|partial|tmp|temp|crdownload|download|filepart|opdownload|swp|!ut|aria2)$",
    re.IGNORECASE,
)
_PATIENCE = 24 * 3600.0  # seconds after which a folder is taken although a file its description lists is missing
_STILL_CHANGING = both("仍在变化，下次再取", "still changing; it is taken next time")
_LOOK_OF = "inbox:"  # before the place of a folder, where the store remembers how it looked


@dataclass(frozen=True, slots=True)
class Waiting:
    """A folder that is left where it is until the next time, and why."""

    name: str
    reason: Bilingual


@dataclass(slots=True)
class Arrivals:
    """What is to be taken: rows, each a submission or what is wrong with it; and what has to wait."""

    rows: list[Row] = field(default_factory=list)
    waiting: list[Waiting] = field(default_factory=list)
    problem: Bilingual | None = None  # of the inbox as a whole
    looks: dict[str, str] = field(default_factory=dict)  # by origin, of the folders of `rows`

    def remember(self, store: Store) -> None:
        """These were taken: to be told once they are on the list of a run."""
        for origin, look in self.looks.items():
            store.keep_content(_LOOK_OF + origin, look, look)


@dataclass(frozen=True, slots=True)
class _Look:
    """A folder as it looks from outside; `newest` is when anything of it changed last, in seconds of the clock."""

    folder: Path
    digest: str = ""
    newest: float = 0.0
    waits: Bilingual | None = None
    refused: Bilingual | None = None

    @property
    def origin(self) -> str:
        return self.folder.resolve().as_uri()


def arrivals(settings: Settings, store: Store, *, sleep: Callable[[float], None] = time.sleep) -> Arrivals:
    """What has arrived since it was last looked. Takes two looks, with a pause between them where there is anything."""
    found = Arrivals()
    if settings.inbox is None:
        return found
    try:
        fresh = _fresh(settings.inbox, store)
        if fresh:
            sleep(settings.inbox_stable_seconds)
        before = {look.folder: look for look in fresh}
        looks = [_look(folder) for folder in before if folder.exists()]
    except OSError as error:
        found.problem = both("收件文件夹无法读取。", f"The inbox cannot be read ({type(error).__name__}).")
        return found
    taken = [look for look in looks if _is_whole(look, before[look.folder], found)]
    source = Source(settings.inbox, None, load_profiles(settings.profiles), lambda _: None)
    found.rows = list(usable(_rows(taken, found), source))
    origins = {row.origin for row in found.rows}
    found.looks = {look.origin: look.digest for look in taken if look.origin in origins}
    return found


def _fresh(inbox: Path, store: Store) -> list[_Look]:
    """The folders of the inbox that do not look as they did when they were taken. Links are no folders of it."""
    entries = sorted((e for e in os.scandir(inbox) if not is_clutter(e.name)), key=lambda e: e.name)
    looks = [_look(Path(e.path)) for e in entries if e.is_dir(follow_symlinks=False)]
    known = store.known_contents({_LOOK_OF + look.origin: look.digest for look in looks})
    return [look for look in looks if _LOOK_OF + look.origin not in known]


def _is_whole(look: _Look, before: _Look, found: Arrivals) -> bool:
    waits = look.waits or (None if look.digest == before.digest else _STILL_CHANGING)
    if waits:
        found.waiting.append(Waiting(look.folder.name, waits))
    return waits is None


def _rows(looks: list[_Look], found: Arrivals) -> Iterator[Row]:
    """The folders as rows; one that lacks a file its description lists waits while it is young."""
    for number, look in enumerate(looks, 1):
        if look.refused:
            yield Row(number, look.folder.name, look.origin, None, look.refused)
            continue
        row = folder_row(number, look.folder)
        lacking = [file.name for file in row.submission.files if not file.path.exists()] if row.submission else []
        if lacking and time.time() - look.newest < _PATIENCE:
            names = ", ".join(lacking[:3])
            found.waiting.append(Waiting(row.name, both(f"还缺文件：{names}", f"files are missing: {names}")))
        else:
            yield row


def _look(folder: Path) -> _Look:
    """How a folder looks: names, sizes and times of all regular files in it, at any depth; nothing is opened."""
    digest, newest, count = hashlib.sha256(), 0.0, 0
    for path in _inside(folder):
        if _ON_ITS_WAY.search(path.name):
            return _Look(folder, waits=both(f"文件还在传送：{path.name}", f"a file is on its way: {path.name}"))
        try:
            seen = path.lstat()
        except FileNotFoundError:
            return _Look(folder, waits=_STILL_CHANGING)
        newest = max(newest, seen.st_mtime, seen.st_ctime)
        if stat.S_ISDIR(seen.st_mode):
            continue
        if not stat.S_ISREG(seen.st_mode):
            told = both(f"含有不是普通文件的“{path.name}”", f"{path.name} in it is no regular file")
            return _Look(folder, _hex(f"{path.name} {seen.st_mode}"), newest, refused=told)
        name = path.relative_to(folder).as_posix()
        digest.update(f"{name}\x00{seen.st_size}\x00{seen.st_mtime_ns}\x00".encode("utf-8", "surrogatepass"))
        count += not is_clutter(path.name)
    if not count:
        return _Look(folder, waits=both("还没有文件", "there is no file in it yet"))
    return _Look(folder, digest.hexdigest(), newest)


def _inside(folder: Path) -> Iterator[Path]:
    """Everything in a folder in one order. Raises no error for what cannot be entered: it stays unseen."""
    for where, folders, files in os.walk(folder):
        folders.sort()
        yield from (Path(where) / name for name in sorted(folders + files))


def _hex(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
