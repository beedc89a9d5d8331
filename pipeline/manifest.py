"""Lists of submissions: a folder of folders, an Excel or CSV list, or JSON lines; on this machine or in a store.

A row that is wrong is told by its number and the others are used; what is wrong with the list as a whole is a
SubmissionError.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from itertools import islice
from pathlib import Path

from extractors.errors import SubmissionError
from pipeline.file_store import file_store
from pipeline.manifest_lines import json_rows
from pipeline.manifest_model import Row, Source, Tell, both, told, usable
from pipeline.manifest_rows import description_in, table_rows
from pipeline.remote import Location, RemotePath, address, file_address, is_url
from pipeline.settings import Settings
from pipeline.submission import DESCRIPTIONS, described, is_clutter, load_submission
from pipeline.worker_folder import RunFolder
from validators.loading import load_profiles
from validators.profile import Profile

__all__ = ["Row", "folder_row", "list_origin", "read_manifest"]
_NAMED = 5  # loose files told by name
_LARGEST = 200_000_000  # bytes of a list that is fetched from a store
_AT_ONCE = 16  # descriptions that are fetched side by side


def read_manifest(
    source: str | Path,
    profile: str | None = None,
    *,
    profiles: Mapping[str, Profile] | None = None,
    tell: Tell = lambda _: None,
    settings: Settings | None = None,
) -> Iterator[Row]:
    """The rows of the manifest at `source`, a path or a URL: a folder, or an .xlsx, .csv, .tsv, .txt or .jsonl file.

    `profile` is used in place of any the rows name; `profiles` are those that exist (default: the built-in ones);
    `tell` hears what is left out of account. Rows come one at a time, however long the list. Raises SubmissionError,
    also while it is being read, for what is wrong with all of it, and OutageError for a store that cannot be reached.
    """
    settings = settings or Settings()
    path = _entered(_location(str(source), settings.protocols), settings)
    if not path.exists():
        raise SubmissionError(
            f"There is no {source}.", remedy="Give a folder of submission folders, or a list (.xlsx, .csv, .jsonl)."
        )
    read: Callable[[Source], Iterator[Row]] | None = _folders if path.is_dir() else _READERS.get(path.suffix.lower())
    if read is None:
        raise SubmissionError(
            f"{path.name}: a list is an .xlsx, .csv or .jsonl file, or a folder of submission folders.",
            remedy="In Excel or WPS, save it as .xlsx.",
        )
    manifest = Source(path, profile, load_profiles() if profiles is None else profiles, tell, settings)
    if isinstance(path, RemotePath) and read is not _folders:
        return usable(_fetched(manifest, read), manifest)
    return usable(read(manifest), manifest)


def list_origin(source: str) -> str:
    """What the manifest at a path or URL is known by over all runs. SubmissionError for a URL that is none."""
    return str(_location(source, None).resolve())


def _location(source: str, protocols: Collection[str] | None) -> Location:
    if not is_url(source):
        return Path(source)
    return file_address(source) if source.lower().startswith("file:") else address(source, protocols)


def _entered(path: Location, settings: Settings) -> Location:
    """The path; of a store, what is there: a list has the name of one, all else is a folder."""
    if not isinstance(path, RemotePath):
        return path
    store = file_store(path, settings.protocols)
    if path.suffix.lower() in _READERS and store.look(path).kind == "file":
        return path
    return store.listed(path)


def _fetched(manifest: Source, read: Callable[[Source], Iterator[Row]]) -> Iterator[Row]:
    """The rows of a list in a store, which is here as long as they are read."""
    assert isinstance(manifest.path, RemotePath)
    folder = RunFolder()
    try:
        copy = folder.path / f"{Path(manifest.path.name).stem[:60]}{manifest.path.suffix}"
        look, _ = file_store(manifest.path, manifest.settings.protocols).fetch(manifest.path, copy, _LARGEST)
        if look.size > _LARGEST:
            raise SubmissionError(f"{manifest.path.name} is larger than {_LARGEST // 1_000_000} MB.")
        yield from read(replace(manifest, copy=copy))
    finally:
        folder.remove()


def _folders(source: Source) -> Iterator[Row]:
    """Each sub-folder one submission, in the order of their names."""
    entries = sorted((e for e in source.path.iterdir() if not is_clutter(e.name)), key=lambda e: e.name)
    folders: list[Location] = [e for e in entries if e.is_dir() and not e.is_symlink()]
    loose = [e.name for e in entries if e not in set(folders)]
    if not folders:
        single = any(name in DESCRIPTIONS for name in loose)
        remedy = "Give each submission a folder."
        if single:
            here = isinstance(source.path, Path)
            remedy = f"For one submission use: heyan check {source.path}" if here else "Name the folder above it."
        raise SubmissionError(f"There is no folder of a submission in {source.path}.", remedy=remedy)
    if loose:
        names = ", ".join(loose[:_NAMED]) + (f" … ({len(loose)})" if len(loose) > _NAMED else "")
        source.tell(
            both(f"不在资料文件夹里的文件未处理：{names}", f"Ignored, for not in a submission's folder: {names}")
        )
    if isinstance(source.path, Path):
        for number, folder in enumerate(folders, 1):
            yield folder_row(number, folder, source.profile, source.settings.protocols)
        return
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        numbered = enumerate(folders, 1)
        row = partial(_remote_row, source)
        while piece := list(islice(numbered, 4 * _AT_ONCE)):
            yield from threads.map(row, piece)


def _remote_row(source: Source, numbered: tuple[int, Location]) -> Row:
    return folder_row(*numbered, source.profile, source.settings.protocols)


def folder_row(number: int, folder: Location, profile: str | None = None, protocols: Collection[str] = ()) -> Row:
    """A folder as a row, with what is wrong with it as a submission. Raises OutageError."""
    row = Row(number, folder.name, folder.resolve().as_uri(), None)
    try:
        if isinstance(folder, Path):
            submission = load_submission(folder, profile, protocols=protocols)
        else:
            submission = described(description_in(folder), folder, folder.name, profile, protocols=protocols)
        return Row(number, folder.name, row.origin, submission)
    except SubmissionError as error:
        return row.refused(told(error))
    except OSError as error:
        return row.refused(both("文件夹无法读取。", f"The folder cannot be read ({error.strerror})."))


_READERS: dict[str, Callable[[Source], Iterator[Row]]] = {
    ".xlsx": table_rows, ".csv": table_rows, ".tsv": table_rows, ".txt": table_rows, ".jsonl": json_rows,
}  # fmt: skip
