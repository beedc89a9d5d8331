"""What every kind of manifest comes to: rows, each a submission or the reason why it is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from extractors.errors import SubmissionError
from pipeline.file_store import file_store
from pipeline.remote import Location, RemotePath
from pipeline.settings import Settings
from pipeline.submission import Submission, chosen_profile
from validators.findings import Bilingual
from validators.profile import Profile

_MOST_TOLD = 5  # problems of one row
_LONGEST_NAME = 200  # bytes: reports are kept in a folder of that name, and file systems allow 255
_UNSAFE = re.compile(r'[/\\:*?"<>|\x00-\x1f\x7f]|^\.|[. ]$')
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\..*)?", re.IGNORECASE)

Tell = Callable[[Bilingual], None]


@dataclass(frozen=True, slots=True)
class Row:
    """One submission of a manifest.

    `number` is what the user counts by: the row of the sheet, the line, or 1… for folders. `origin` is the same
    whenever the same manifest is read again. A row that cannot be used has no submission but a `problem`.
    """

    number: int
    name: str
    origin: str
    submission: Submission | None
    problem: Bilingual | None = None

    def refused(self, problem: Bilingual) -> Row:
        return replace(self, submission=None, problem=problem)


@dataclass(frozen=True, slots=True)
class Source:
    """A manifest being read: where it lies, the profile asked for (over any other), all profiles, and who is told.

    `copy` is where its rows can be read of one that lies in a store.
    """

    path: Location
    profile: str | None
    profiles: Mapping[str, Profile]
    tell: Tell
    settings: Settings = field(default_factory=Settings)
    copy: Path | None = None
    _listed: dict[RemotePath, RemotePath] = field(default_factory=dict)

    @property
    def file(self) -> Path:
        """The list itself on this machine."""
        assert self.copy or isinstance(self.path, Path)
        return self.copy or Path(str(self.path))

    @property
    def folder(self) -> Location:
        return self.path if self.path.is_dir() else self.path.parent

    @property
    def uri(self) -> str:
        return self.path.resolve().as_uri()

    def entered(self, folder: Location) -> Location:
        """A folder whose files can be told: one in a store is listed, once. Raises OutageError."""
        if not isinstance(folder, RemotePath):
            return folder
        if folder not in self._listed:
            self._listed[folder] = file_store(folder, self.settings.protocols).listed(folder)
        return self._listed[folder]


def both(zh: str, en: str) -> Bilingual:
    return Bilingual(zh=zh, en=en)


def told(error: SubmissionError, place: Bilingual | None = None) -> Bilingual:
    """What is wrong with a description, as the problem of a row; `place` says where it is to be mended."""
    lead = place or both("资料说明有误", "Its description is wrong")
    return both(f"{lead.zh}：{error}", f"{lead.en}: {error}")


def together(problems: Sequence[Bilingual]) -> Bilingual:
    """All problems of a row as one."""
    named, more = problems[:_MOST_TOLD], len(problems) - _MOST_TOLD
    zh, en = "；".join(p.zh.rstrip("。") for p in named), " ".join(p.en for p in named)
    return both(f"{zh}；另有 {more} 处。", f"{en} And {more} more.") if more > 0 else both(zh + "。", en)


def usable(rows: Iterator[Row], source: Source) -> Iterator[Row]:
    """The rows, those refused whose name cannot serve or stands already, and whose profile does not fit."""
    first: dict[str, int] = {}
    for row in rows:
        if row.submission is None:
            yield row
            continue
        key = row.name.casefold()
        if problem := _bad_name(row.name, first.get(key)) or _unfit(row.submission, source):
            yield row.refused(problem)
        else:
            first[key] = row.number
            yield row


def _bad_name(name: str, taken_by: int | None) -> Bilingual | None:
    if taken_by is not None:
        return both(
            f"名称“{name}”与第 {taken_by} 行相同，每份资料的名称须不同。",
            f"The name {name!r} is that of row {taken_by} already; each submission needs its own.",
        )
    if not name or _UNSAFE.search(name) or _RESERVED.fullmatch(name) or len(name.encode()) > _LONGEST_NAME:
        return both(
            '名称不能用作文件夹名（不能含 / \\ : * ? " < > |，不能以句点开头，不超过 200 字节）。',
            'The name cannot be that of a folder (no / \\ : * ? " < > |, no dot first, at most 200 bytes).',
        )
    return None


def _unfit(submission: Submission, source: Source) -> Bilingual | None:
    if submission.profile is None:
        return both(
            "没有写明按哪个平台的规则核验，请填写 profile（规则）或使用 --profile。",
            "No profile is named to check against: fill in 'profile', or use --profile.",
        )
    try:
        chosen_profile(submission, source.profiles)
    except SubmissionError as error:
        return told(error, both("与规则不符", "It does not fit the profile"))
    return None
