"""The directory of a ZIP, looked at before a library lists it: a million entries cost seconds and gigabytes."""

from __future__ import annotations

import zipfile

from extractors.errors import DocumentError

MOST_ENTRIES = 20_000  # those of archives that lie inside as they stand are counted too
_ENTRY = b"PK\x01\x02"


def check_directory(data: bytes, most: int = MOST_ENTRIES) -> None:
    """DocumentError FILE_TOO_MANY_MEMBERS where an archive may have more than `most` entries."""
    if data.count(_ENTRY) > most:
        raise DocumentError("FILE_TOO_MANY_MEMBERS", limit=most)


def check_packing(*entries: zipfile.ZipInfo) -> None:
    """DocumentError FILE_DAMAGED for packing that the library undoes without a limit: a bomb of BZIP2 or LZMA."""
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise DocumentError("FILE_DAMAGED", "compression method")
