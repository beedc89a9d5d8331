"""Places of files: a path on this machine, or the URL of an object in a store (S3 and what speaks like it).

A list may come from a stranger: only protocols that a setting names can stand in it, an address holds no password, and
a file on this machine lies in the list's own folder however it is named. Nothing is reached here; what reaches a store
is `pipeline/file_store.py`.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from extractors.errors import SubmissionError
from validators.findings import Bilingual

_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{0,19}")
_BUCKET = re.compile(r"[A-Za-z0-9._-]{1,255}|arn:[A-Za-z0-9:._-]{1,250}")
_S3 = {"s3", "s3a"}
_WEB = {"http", "https"}


class AddressError(SubmissionError):
    """A URL that may not stand where it stands, and why, in both languages."""

    def __init__(self, reason: Bilingual) -> None:
        super().__init__(f"{reason.zh} {reason.en}")
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Listing:
    """What lay under a folder of a store when it was listed: its files, and the entries of each folder, by URL."""

    files: frozenset[str]
    folders: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, folder: str, names: Iterable[str]) -> Listing:
        """The listing of a folder; `names` are those of all files under it, relative to it, with / between folders."""
        files: set[str] = set()
        folders: defaultdict[str, set[str]] = defaultdict(set)
        for name in names:
            parts = name.split("/")
            if {"", ".", ".."} & set(parts):  # markers of empty folders, and keys that no path can name
                continue
            url = folder
            for part in parts:
                folders[url].add(part)
                url = f"{url}/{part}"
            files.add(url)
        return cls(frozenset(files), {url: frozenset(entries) for url, entries in folders.items()})


@dataclass(frozen=True, slots=True)
class RemotePath:
    """A file or folder in a store by its URL, with as much of a path as lists need.

    Only a listing says what is there. What is in none is taken for a file: whether it is one shows when it is read.
    """

    url: str
    listing: Listing | None = field(default=None, compare=False, repr=False)

    def __str__(self) -> str:
        return self.url

    def __truediv__(self, name: str | PurePosixPath) -> RemotePath:
        told = PurePosixPath(name).as_posix()
        return self if told == "." else RemotePath(f"{self.url}/{told}", self.listing)

    @property
    def scheme(self) -> str:
        return self.url.partition("://")[0]

    @property
    def name(self) -> str:
        return self.url.rpartition("/")[2]

    @property
    def suffix(self) -> str:
        return PurePosixPath(self.name).suffix

    @property
    def parent(self) -> RemotePath:
        return RemotePath(self.url.rpartition("/")[0], self.listing)

    def resolve(self) -> RemotePath:
        return self

    def as_uri(self) -> str:
        return self.url

    def is_file(self) -> bool:
        return self.listing is None or self.url in self.listing.files

    def is_dir(self) -> bool:
        return self.listing is not None and self.url in self.listing.folders

    def is_symlink(self) -> bool:
        return False

    def exists(self) -> bool:
        return self.is_file() or self.is_dir()

    def iterdir(self) -> Iterator[RemotePath]:
        entries = self.listing.folders.get(self.url, ()) if self.listing else ()
        return (self / name for name in sorted(entries))


Location = Path | RemotePath


def is_url(text: str) -> bool:
    return "://" in text


def location(text: str) -> Location:
    """The place a stored text stands for."""
    return RemotePath(text) if is_url(text) else Path(text)


def address(url: str, protocols: Collection[str] | None) -> RemotePath:
    """The place in a store that a URL names; None allows any protocol. Raises AddressError."""
    scheme, _, rest = url.partition("://")
    scheme, rest = scheme.lower(), rest.rstrip("/")
    if not _SCHEME.fullmatch(scheme) or (protocols is not None and scheme not in protocols):
        raise not_allowed(scheme)
    if "@" in rest.partition("/")[0] or (scheme in _WEB and {"?", "#"} & set(rest)):
        # Not shown: it may be a secret.
        raise AddressError(
            _both("网址里不能有用户名、密码或参数。", "An address holds no user name, no password and no query.")
        )
    if {"", ".", ".."} & set(rest.split("/")) or any(unicodedata.category(c) in ("Cc", "Cs") for c in rest):
        raise AddressError(_both("网址不完整。", "The address is not complete."))
    if scheme in _S3 and not _BUCKET.fullmatch(rest.partition("/")[0]):
        raise AddressError(_both("网址里的存储桶名称有误。", "The name of the bucket in the address is wrong."))
    return RemotePath(f"{scheme}://{rest}")


def file_address(url: str) -> Path:
    """The path a file:// URL names."""
    return Path(unquote(urlsplit(url).path))


def inside(folder: Location, url: str) -> Path:
    """The path a file:// URL names, if it lies in a folder of this machine. Raises AddressError."""
    path = file_address(url)
    if isinstance(folder, Path) and ".." not in path.parts:
        for base in (folder.absolute(), folder.resolve()):
            if path.is_relative_to(base):
                return folder / path.relative_to(base)
    raise AddressError(_both("本机文件须在资料文件夹之内。", "A file on this machine lies inside the folder."))


def not_allowed(scheme: str) -> AddressError:
    """Told for a protocol nothing is fetched by here."""
    named = f"{scheme}://" if _SCHEME.fullmatch(scheme) else "://"
    return AddressError(
        _both(
            f"这里不读取 {named} 的文件；批量核验可读取的由 HEYAN_FILE_PROTOCOLS 指定。",
            f"No file is read by {named} here; HEYAN_FILE_PROTOCOLS says what heyan batch may read.",
        )
    )


def _both(zh: str, en: str) -> Bilingual:
    return Bilingual(zh=zh, en=en)
