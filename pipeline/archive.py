"""ZIP bundles: what tax platforms and mail programs pack invoices into, unpacked within limits.

Members are written under names of our own into a private work folder: a name in an archive is never a path.
"""

from __future__ import annotations

import io
import unicodedata
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from extractors.errors import DocumentError
from pipeline.outage import cause_of, outage
from pipeline.settings import Settings
from pipeline.submission import SUFFIXES, SubmittedFile
from pipeline.zip_directory import check_packing

_NOT_DOCUMENTS = {"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"}
_PIECE = 1 << 20
_UTF8 = 0x800  # flag of a member whose name is UTF-8


@dataclass(frozen=True, slots=True)
class Bundle:
    """What came out of a bundle: files to read, files that are damaged with why, names that cannot be documents."""

    files: list[SubmittedFile]
    broken: list[tuple[SubmittedFile, DocumentError]]
    others: list[str]


def unpack(file: SubmittedFile, work: Path, settings: Settings) -> Bundle:
    """The files in a bundle, in the order of their names, as `bundle.zip/inner.xml`, each in the slot of the bundle.

    Raises DocumentError: FILE_ARCHIVE_UNSAFE for names that lead out of the folder and for links, FILE_ENCRYPTED,
    FILE_TOO_MANY_MEMBERS, FILE_DECODED_TOO_LARGE, FILE_DAMAGED, FILE_ARCHIVE_EMPTY; OutageError or OSError where
    `work` cannot be written to.
    """
    bundle = Bundle([], [], [])
    with _damaged():
        archive = zipfile.ZipFile(io.BytesIO(file.here.read_bytes()))
        members = _members(archive, settings)
    for at, (name, member) in enumerate(members):
        if PurePosixPath(name).suffix.lower() not in SUFFIXES:
            bundle.others.append(f"{file.name}/{name}")
            continue
        inside = SubmittedFile(work / f"{at}", f"{file.name}/{name}", file.slot)
        try:
            _unpacked(inside.here, archive, member)
        except DocumentError as error:
            bundle.broken.append((inside, error))
        except OSError as error:  # of the place it is written to: every further file would fail like it
            if cause := cause_of(error):
                raise outage(cause) from error
            raise
        else:
            bundle.files.append(inside)
    if not bundle.files and not bundle.broken:
        raise DocumentError("FILE_ARCHIVE_EMPTY")
    return bundle


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
    return sorted(_numbered(members), key=lambda pair: pair[0])


def _numbered(members: Sequence[tuple[str, zipfile.ZipInfo]]) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """The members under names of their own: a document is known by its file's name."""
    taken = {name for name, _ in members}
    seen: dict[str, int] = {}
    for name, info in members:
        told, path = name, PurePosixPath(name)
        while name in seen and told in taken:
            seen[name] += 1
            told = str(path.with_stem(f"{path.stem} ({seen[name]})"))
        seen.setdefault(name, 1)
        taken.add(told)
        yield told, info


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
    controls = any(unicodedata.category(character) == "Cc" for character in name)
    return name.startswith("/") or ".." in parts or ":" in (parts[0] if parts else "") or controls


def _is_link(info: zipfile.ZipInfo) -> bool:
    return (info.external_attr >> 28) == 0o12  # the type bits of a Unix mode: a symbolic link


def _unpacked(place: Path, archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """One member written out, in pieces. What the library raises is damage, what the disk raises is none."""
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    check_packing(member)
    with _damaged():
        packed = archive.open(member)
    with packed, place.open("xb") as file:
        while True:
            with _damaged():
                piece = packed.read(_PIECE)  # the library ends where the member says it does
            if not piece:
                return
            file.write(piece)


@contextmanager
def _damaged() -> Iterator[None]:
    """Whatever a broken or hostile archive makes the library raise, as one error."""
    try:
        yield
    except (DocumentError, MemoryError):
        raise
    except Exception as error:
        raise DocumentError("FILE_DAMAGED", type(error).__name__) from error
