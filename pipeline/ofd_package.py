"""The ZIP an OFD is (GB/T 33190-2016 §7): its parts read within limits, and the places they name in each other."""

from __future__ import annotations

import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from xml.etree.ElementTree import Element

from extractors.errors import DocumentError
from pipeline.settings import Settings
from pipeline.xml_data import parse

_MAX_PARTS = 5_000
_MAX_DIRECTORY = 2_000_000  # bytes; five thousand parts with long names take one
_SMALL = 100_000  # bytes of a part that is kept once read
_KEPT = 2_000_000  # bytes of parts that are kept as they are: most are read once and hashed for their signature
_ENDS = (b"PK\x05\x06", b"PK\x06\x06")  # of the directory, of a large one
_DAMAGE = (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError, KeyError)
_PREFIX = re.compile(rb"<(/?)[\w.-]*:")
_DECLARED_PREFIX = re.compile(rb"""\sxmlns(?::[\w.-]*)?\s*=\s*("[^"]*"|'[^']*')""")


class Package:
    """The parts of an OFD by name. Reading them is bounded by `settings`, all XML of the file together."""

    def __init__(self, data: bytes, settings: Settings) -> None:
        self._settings = settings
        self._unread = settings.max_unpacked_bytes
        _check_directory(data)
        with _damaged():
            self._archive = zipfile.ZipFile(io.BytesIO(data))
        self._parts = self._checked_parts()
        self._folded = {name.lower(): name for name in self._parts}
        self._roots: dict[str, Element] = {}  # of small parts: every page asks for its template and annotations
        self._contents: dict[str, bytes] = {}
        self._room = _KEPT

    def __contains__(self, part: str) -> bool:
        return part in self._parts

    @property
    def parts(self) -> list[str]:
        return list(self._parts)

    def read(self, part: str) -> bytes:
        """The content of a part; DocumentError where it is not there, damaged or too large."""
        if part in self._contents:
            return self._contents[part]
        with _damaged():
            data = self._archive.read(self._parts[part])
        if len(data) <= min(_SMALL, self._room):
            self._contents[part] = data
            self._room -= len(data)
        return data

    def xml(self, part: str) -> Element:
        """The root of an XML part, its names without prefixes: writers of OFD mix up, leave out and break them."""
        if part in self._roots:
            return self._roots[part]
        data = self.read(part)
        self._unread -= len(data)
        if self._unread < 0:
            raise DocumentError("FILE_DECODED_TOO_LARGE", limit_mb=self._settings.max_unpacked_bytes // 1_000_000)
        try:
            root = parse(data)
        except DocumentError as error:
            if error.code != "FILE_DAMAGED":
                raise
            root = parse(_PREFIX.sub(rb"<\1", _DECLARED_PREFIX.sub(b"", data)))
        for element in root.iter():
            if isinstance(element.tag, str):
                element.tag = _bare(element.tag)
        if len(data) < _SMALL:
            self._roots[part] = root
        return root

    def optional_xml(self, part: str | None) -> Element | None:
        """`xml`, but None for a part that is not there or not well-formed: the rest of the file can still be read."""
        if part is None:
            return None
        try:
            return self.xml(part)
        except DocumentError as error:
            if error.code != "FILE_DAMAGED":
                raise
            return None

    def find(self, base: str, location: str | None) -> str | None:
        """The part that `location` names inside the part `base`: from the root or beside it. None if there is none."""
        place = (location or "").strip().replace("\\", "/")
        if not place:
            return None
        beside = posixpath.join("/", posixpath.dirname(base), place)
        for candidate in (beside, posixpath.join("/", place)):
            name = posixpath.normpath(candidate).lstrip("/")
            if found := name if name in self._parts else self._folded.get(name.lower()):
                return found
        return None

    def _checked_parts(self) -> dict[str, zipfile.ZipInfo]:
        parts: dict[str, zipfile.ZipInfo] = {}
        infos = [info for info in self._archive.infolist() if not info.is_dir()]
        for info in infos:
            name = info.filename.replace("\\", "/").removeprefix("./")
            if name.startswith("/") or ":" in name.partition("/")[0] or ".." in name.split("/"):
                raise DocumentError("FILE_ARCHIVE_UNSAFE")
            if name in parts:
                raise DocumentError("FILE_OFD_AMBIGUOUS")
            if info.flag_bits & 1:
                raise DocumentError("FILE_ENCRYPTED")
            parts[name] = info
        limit = self._settings.max_decoded_bytes // 4
        if sum(info.file_size for info in infos) > limit:
            raise DocumentError("FILE_DECODED_TOO_LARGE", limit_mb=limit // 1_000_000)
        return parts


@lru_cache(1024)
def _bare(tag: str) -> str:
    """An element's name without its namespace and prefix."""
    return tag.rpartition("}")[2].rpartition(":")[2]


def _check_directory(data: bytes) -> None:
    """Refuses a directory that would take long to list, before it is listed."""
    end = max(data.rfind(mark) for mark in _ENDS)
    if end < 0:
        raise DocumentError("FILE_TRUNCATED")
    if data.count(b"PK\x01\x02") > _MAX_PARTS:
        raise DocumentError("FILE_TOO_MANY_MEMBERS", limit=_MAX_PARTS)
    if int.from_bytes(data[end + 12 : end + 16], "little") > _MAX_DIRECTORY:
        raise DocumentError("FILE_DAMAGED", "zip directory")


@contextmanager
def _damaged() -> Iterator[None]:
    try:
        yield
    except _DAMAGE as error:
        raise DocumentError("FILE_DAMAGED", type(error).__name__) from error
