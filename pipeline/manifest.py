"""Lists of submissions: a folder of folders, an Excel or CSV list, or JSON lines.

A row that is wrong is told by its number and the others are used; what is wrong with the list as a whole is a
SubmissionError.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urlsplit

from extractors.errors import SubmissionError
from pipeline.manifest_lines import json_rows
from pipeline.manifest_model import Row, Source, Tell, both, told, usable
from pipeline.manifest_rows import table_rows
from pipeline.submission import DESCRIPTIONS, is_clutter, load_submission
from validators.loading import load_profiles
from validators.profile import Profile

__all__ = ["Row", "folder_row", "read_manifest"]
_NAMED = 5  # loose files told by name


def read_manifest(
    source: str | Path,
    profile: str | None = None,
    *,
    profiles: Mapping[str, Profile] | None = None,
    tell: Tell = lambda _: None,
) -> Iterator[Row]:
    """The rows of the manifest at `source`: a folder, or an .xlsx, .csv, .tsv, .txt or .jsonl file.

    `profile` is used in place of any the rows name; `profiles` are those that exist (default: the built-in ones);
    `tell` hears what is left out of account. Rows come one at a time, however long the list. Raises SubmissionError,
    also while it is being read, for what is wrong with all of it.
    """
    path = _local(source)
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
    manifest = Source(path, profile, load_profiles() if profiles is None else profiles, tell)
    return usable(read(manifest), manifest)


def _local(source: str | Path) -> Path:
    if isinstance(source, str) and "://" in source:
        parts = urlsplit(source)
        if parts.scheme != "file":
            raise SubmissionError(f"A list is read from this machine, not from {parts.scheme}://.")
        return Path(unquote(parts.path))
    return Path(source)


def _folders(source: Source) -> Iterator[Row]:
    """Each sub-folder one submission, in the order of their names."""
    entries = sorted((e for e in source.path.iterdir() if not is_clutter(e.name)), key=lambda e: e.name)
    folders = [e for e in entries if e.is_dir() and not e.is_symlink()]
    loose = [e.name for e in entries if e not in set(folders)]
    if not folders:
        single = any(name in DESCRIPTIONS for name in loose)
        remedy = f"For one submission use: heyan check {source.path}" if single else "Give each submission a folder."
        raise SubmissionError(f"There is no folder of a submission in {source.path}.", remedy=remedy)
    if loose:
        names = ", ".join(loose[:_NAMED]) + (f" … ({len(loose)})" if len(loose) > _NAMED else "")
        source.tell(
            both(f"不在资料文件夹里的文件未处理：{names}", f"Ignored, for not in a submission's folder: {names}")
        )
    for number, folder in enumerate(folders, 1):
        yield folder_row(number, folder, source.profile)


def folder_row(number: int, folder: Path, profile: str | None = None) -> Row:
    """A folder as a row, with what is wrong with it as a submission."""
    row = Row(number, folder.name, folder.resolve().as_uri(), None)
    try:
        return Row(number, folder.name, row.origin, load_submission(folder, profile))
    except SubmissionError as error:
        return row.refused(told(error))
    except OSError as error:
        return row.refused(both("文件夹无法读取。", f"The folder cannot be read ({error.strerror})."))


_READERS: dict[str, Callable[[Source], Iterator[Row]]] = {
    ".xlsx": table_rows, ".csv": table_rows, ".tsv": table_rows, ".txt": table_rows, ".jsonl": json_rows,
}  # fmt: skip
