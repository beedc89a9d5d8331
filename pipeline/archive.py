"""ZIP bundles: what tax platforms and mail programs pack invoices into, unpacked within limits.

Members are written under names of our own into a private work folder: a name in an archive is never a path.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO

from extractors.errors import DocumentError
from pipeline.settings import Settings
from pipeline.submission import SUFFIXES, SubmittedFile

_NOT_DOCUMENTS = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}
_UTF8 = 0x800  # flag of a member whose name is UTF-8


def unpack(file: SubmittedFile, work: Path, settings: Settings) -> tuple[list[SubmittedFile], list[str]]:
    """The files in a bundle, in the order of their names, as `bundle.zip/inner.xml`, each in the slot of the
    bundle; and the names of those that cannot be documents.

    Raises DocumentError: FILE_ARCHIVE_UNSAFE for names that lead out of the folder and for links, FILE_ENCRYPTED,
    FILE_TOO_MANY_MEMBERS, FILE_DECODED_TOO_LARGE, FILE_DAMAGED, FILE_ARCHIVE_EMPTY.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(file.path.read_bytes())) as archive:
            members = _members(archive, settings)
            wanted = [pair for pair in members if PurePosixPath(pair[0]).suffix.lower() in SUFFIXES]
            if not wanted:
                raise DocumentError("FILE_ARCHIVE_EMPTY")
            files = [
                SubmittedFile(_unpacked(archive, member, work / f"{at}", settings), f"{file.name}/{name}", file.slot)
                for at, (name, member) in enumerate(wanted)
            ]
            return files, [
                f"{file.name}/{name}" for name, _ in members if PurePosixPath(name).suffix.lower() not in SUFFIXES
            ]
    except (DocumentError, MemoryError):
        raise
    except Exception as error:  # whatever a broken or hostile archive makes the library raise
        raise DocumentError("FILE_DAMAGED", type(error).__name__) from error


def _members(archive: zipfile.ZipFile, settings: Settings) -> list[tuple[str, zipfile.ZipInfo]]:
    """The files of the archive that may be documents, from its directory alone."""
    if len(archive.infolist()) > settings.max_members:
        raise DocumentError("FILE_TOO_MANY_MEMBERS", limit=settings.max_members)
    members = [(_name(info), info) for info in archive.infolist() if not info.is_dir()]
    members = [(name, info) for name, info in members if not set(PurePosixPath(name).parts) & _NOT_DOCUMENTS]
    if any(_leads_out(name) or _is_link(info) for name, info in members):
        raise DocumentError("FILE_ARCHIVE_UNSAFE")
    if any(info.flag_bits & 1 for _, info in members):
        raise DocumentError("FILE_ENCRYPTED")
    if sum(info.file_size for _, info in members) > settings.max_archive_bytes:
        raise DocumentError("FILE_DECODED_TOO_LARGE", limit_mb=settings.max_archive_bytes // 1_000_000)
    return sorted(members, key=lambda pair: pair[0])


def _name(info: zipfile.ZipInfo) -> str:
    """A member's name as it was meant: Windows programs in China write GBK and do not say so."""
    name = info.filename
    if not info.flag_bits & _UTF8:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "gb18030"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _leads_out(name: str) -> bool:
    parts = PurePosixPath(name).parts
    return name.startswith("/") or ".." in parts or ":" in (parts[0] if parts else "") or not name.isprintable()


def _is_link(info: zipfile.ZipInfo) -> bool:
    return (info.external_attr >> 28) == 0o12  # the type bits of a Unix mode: a symbolic link


def _unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo, place: Path, settings: Settings) -> Path:
    """One member written out, in pieces, no further than it says it is long."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    limit = min(member.file_size, settings.max_archive_bytes)
    with archive.open(member) as packed, place.open("xb") as file:
        for piece in _pieces(packed, limit):
            file.write(piece)
    return place


def _pieces(packed: IO[bytes], limit: int) -> Iterator[bytes]:
    done = 0
    while piece := packed.read(1 << 20):
        done += len(piece)
        if done > limit:
            raise DocumentError("FILE_DECODED_TOO_LARGE", limit_mb=limit // 1_000_000)
        yield piece
