"""Opening files safely: what a file is told by its content, checked against the limits, its pages made lazily.

A file comes from a stranger. It is looked at in this order, and each step only when the one before
held: a regular file → not empty, not too large → of a format that is read → header within the limits.
"""

from __future__ import annotations

import hashlib
import io
import os
import re
import stat
import zipfile
from contextlib import suppress
from pathlib import Path, PurePath

from extractors.errors import DocumentError, HeyanError
from pipeline.images import open_image
from pipeline.pages import Opened, OpenedFile
from pipeline.settings import Settings
from pipeline.unreadable import NO_PERMISSION, unreadable
from pipeline.zip_directory import check_directory
from validators.findings import Finding, finding

EXTENSIONS: dict[str, tuple[str, ...]] = {
    "jpeg": ("jpg", "jpeg", "jpe", "jfif"),
    "png": ("png",),
    "bmp": ("bmp", "dib"),
    "tiff": ("tif", "tiff"),
    "webp": ("webp",),
    "heic": ("heic", "heif", "hif"),
    "pdf": ("pdf",),
    "xlsx": ("xlsx",),
    "ofd": ("ofd",),
    "xml": ("xml",),
    "zip": ("zip",),
}
READ_FORMATS = "JPG, PNG, BMP, TIFF, WebP, HEIC, PDF, OFD, XML, XLSX, ZIP"

_HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"}
_BMP_HEADERS = {12, 16, 40, 52, 56, 64, 108, 124}  # lengths of the header that follows the file header
_UNREAD = (  # formats that are recognised only to name them
    (b"GIF8", "GIF"),
    (b"\0\0\1\0", "ICO"),
    (b"%!PS", "EPS"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"8BPS", "PSD"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7z"),
    (b"\0\0\0\x0cjP", "JPEG 2000"),
)
_ZIP_FORMATS = (("ofd", b"OFD.xml"), ("Word", b"word/"), ("xlsx", b"xl/workbook"), ("PowerPoint", b"ppt/"))
_HEAD = 4096
_DIRECTORY = 262_144  # bytes at the end of a ZIP that hold the names of what is in it
_OLD_EXCEL, _ENCRYPTED = "Excel 97-2003 (.xls)", "Office, encrypted"
_OTHER_SPREADSHEETS = {_OLD_EXCEL, "OpenDocument .ods"}


def open_file(path: Path, name: str, settings: Settings) -> OpenedFile:
    """Open one file: its identity and its pages; no picture is decoded yet.

    `name` is what the submission calls the file; its extension is compared with the content, nothing
    more. Raises DocumentError with a FILE_… code and the data its messages need.
    """
    data = _read(path, settings)
    kind = file_format(data)
    if kind in _OTHER_SPREADSHEETS:
        raise DocumentError("FILE_OTHER_SPREADSHEET", found=kind)
    if kind == _ENCRYPTED:
        raise DocumentError("FILE_ENCRYPTED")
    if kind == "zip" and b"xl/" in data and b"PK\x05\x06" not in data[-_DIRECTORY:]:
        raise DocumentError("FILE_TRUNCATED")
    if kind not in EXTENSIONS:
        raise DocumentError("FILE_TYPE_UNSUPPORTED", found=kind, formats=READ_FORMATS)
    size, digest = len(data), hashlib.sha256(data).hexdigest()
    if kind in ("zip", "xlsx"):
        check_directory(data)
    try:
        inside = _opened(path, name, kind, data, settings)
    except (HeyanError, MemoryError):
        raise
    except Exception as error:  # whatever a broken or hostile file makes a reader raise
        raise DocumentError("FILE_DAMAGED", type(error).__name__) from error
    return OpenedFile(
        path=path,
        name=name,
        format=kind,
        bytes=size,
        sha256=digest,
        pages=tuple(inside.pages),
        carried=inside.carried,
        signatures=inside.signatures,
        findings=_named_otherwise(name, kind) + inside.findings,
        programs=inside.programs,
    )


def _opened(path: Path, name: str, kind: str, data: bytes, settings: Settings) -> Opened:
    """What is in a file, by the reader of its format. Each is loaded here: a picture must not wait for the others."""
    match kind:
        case "pdf":
            from pipeline.pdf import open_pdf

            return open_pdf(path, data, settings, name)
        case "ofd":
            from pipeline.ofd import open_ofd

            return open_ofd(path, data, settings)
        case "xml":
            from pipeline.xml_data import open_xml

            return open_xml(data, settings)
        case "xlsx":
            from pipeline.spreadsheet import open_spreadsheet

            return open_spreadsheet(data, name, settings)
        case "zip":
            return Opened(())  # a bundle: `pipeline.archive` reads what is in it, file by file
        case _:
            return Opened(open_image(path, kind, settings))


def file_format(data: bytes) -> str:
    """The format of a file by its first bytes: a key of EXTENSIONS, or a name to show of one that is not read."""
    head = data[:_HEAD]
    if head.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if head[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "tiff"
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "webp"
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADERS:
        return "bmp"
    if head[4:8] == b"ftyp":
        return _media_format(head)
    if head.startswith(b"PK\x03\x04"):  # first: a bundle may hold a PDF as it stands, near its beginning
        return _zip_format(data)
    if b"%PDF-" in head[:1024]:  # ISO 32000-1 annex H.3.4.1: readers accept the header there
        return "pdf"
    return _unread_format(data)


def _media_format(head: bytes) -> str:
    """ISO base media files: HEIC by its brands, AVIF and films by name."""
    length = min(int.from_bytes(head[:4]), len(head))
    brands = {head[8:12], *(head[i : i + 4] for i in range(16, length - 3, 4))}
    if brands & {b"avif", b"avis"}:
        return "AVIF"
    return "heic" if brands & _HEIC_BRANDS else "MP4"


def _compound_format(data: bytes) -> str:
    """What an OLE container holds, by the names of its streams: old Office files, and encrypted new ones."""
    if "EncryptedPackage".encode("utf-16-le") in data:
        return _ENCRYPTED
    if any(name.encode("utf-16-le") + b"\0\0" in data for name in ("Workbook", "Book")):
        return _OLD_EXCEL
    return "Office 97-2003"


def _unread_format(data: bytes) -> str:
    head = data[:_HEAD]
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return _compound_format(data)
    for magic, name in _UNREAD:
        if head.startswith(magic):
            return name
    if head.startswith((b"\xff\xfe<\0", b"\xfe\xff\0<")):
        return "xml"  # UTF-16
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if re.match(rb"<!doctype html|<html", text):
        return "HTML"
    if re.match(rb"<[?!a-z_\x80-\xff]", text):
        return "SVG" if b"<svg" in text else "xml"
    return "text" if text and not set(head) & set(range(9)) else "unknown"


def _zip_format(data: bytes) -> str:
    """What a ZIP holds, by the names of its members; one too large or too broken to list, by the names it shows."""
    names: list[bytes] | None = None
    with suppress(Exception):
        check_directory(data)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = [name.encode("utf-8", "replace") for name in archive.namelist()]
    shown = data[:_HEAD] + data[-_DIRECTORY:]
    for name, start in _ZIP_FORMATS:
        if any(n.lstrip(b"./").startswith(start) for n in names) if names is not None else start in shown:
            return name
    if b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet" in data[:_HEAD]:
        return "OpenDocument .ods"
    return "zip"


def _read(path: Path, settings: Settings) -> bytes:
    """The bytes of a regular file within the limit; links, pipes and devices are never opened."""
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise DocumentError("FILE_NOT_REGULAR")
        # The flags hold against a file that is swapped for a link or a pipe between the two calls.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
        with open(os.open(path, flags), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                raise DocumentError("FILE_NOT_REGULAR")
            data = file.read(settings.max_file_bytes + 1) if status.st_size <= settings.max_file_bytes else None
    except (FileNotFoundError, NotADirectoryError, ValueError) as error:  # ValueError: a NUL in the path
        raise DocumentError("FILE_NOT_FOUND") from error
    except OSError as error:
        raise unreadable(NO_PERMISSION, type(error).__name__) from error
    if data is None or len(data) > settings.max_file_bytes:
        raise DocumentError("FILE_TOO_LARGE", limit_mb=settings.max_file_bytes / 1_000_000)
    if not data:
        raise DocumentError("FILE_EMPTY")
    return data


def _named_otherwise(name: str, kind: str) -> tuple[Finding, ...]:
    """FILE_TYPE_MISMATCH where the name's extension is not one of the content's format."""
    extension = PurePath(name).suffix.lower().removeprefix(".")
    if extension in EXTENSIONS[kind]:
        return ()
    right = EXTENSIONS[kind][0]
    return (finding("FILE_TYPE_MISMATCH", document=name, expected=f".{right}", actual=f".{extension}"),)
