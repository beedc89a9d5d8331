"""The summary of a night for the person who looks at it in the morning: `summary.html` and `summary.xlsx`.

The page is one file without scripts that loads nothing; what is long in it is cut short, the workbook has all. Both
name submissions and stay beside the reports. Names and what stands on documents are untrusted.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from pydantic import ValidationError

from apps import words
from apps.batch_teller import explained
from apps.sheets import BAD, DOUBT, GOOD, WIDEST, Sheet, Shown, Value, new_workbook, save
from apps.words import pick, two
from extractors.errors import HeyanError
from flows.runs import INTERNAL, INTERRUPTED
from pipeline.output import whole_file, write_whole
from pipeline.settings import Settings
from pipeline.summary import HORIZONS, Ahead, Open, Summary, Told
from validators.findings import Bilingual, Verdict
from validators.loading import load_profiles
from validators.profile import Profile

PAGE, WORKBOOK = "summary.html", "summary.xlsx"
_MOST = 500  # rows of a table of the page
_TEMPLATES = Path(__file__).parent / "templates"
_COLOURS = {Verdict.ACCEPT: GOOD, Verdict.REVIEW: DOUBT, Verdict.REJECT: BAD}


def write(summary: Summary, folder: Path) -> None:
    """The summary as a page and a workbook in a folder, the reports beside it. Raises HeyanError."""
    night = _night(summary, folder, _profiles())
    write_whole(folder / PAGE, _page(night))
    _write_workbook(night, folder / WORKBOOK)


# what is shown, the same in both


@dataclass(frozen=True, slots=True)
class _Told:
    one: Told
    profile: Bilingual
    path: str  # of the report to open, from the folder of the summary; "" where no link can be made

    @property
    def worse(self) -> bool:
        return self.one.before is not None and self.one.verdict.rank > self.one.before.rank


@dataclass(frozen=True, slots=True)
class _Open:
    one: Open
    state: Bilingual
    why: Bilingual
    then: Bilingual


@dataclass(frozen=True, slots=True)
class _Ahead:
    one: Ahead
    what: Bilingual
    how: Bilingual | None
    profile: Bilingual

    @property
    def last_good_day(self) -> date:
        return self.one.due.day - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class _Night:
    """A summary in words, each list in the order in which it is read."""

    summary: Summary
    new: Sequence[_Told]
    changed: Sequence[_Told]
    open: Sequence[_Open]
    ahead: Sequence[_Ahead]
    stopped: tuple[Bilingual, Bilingual] | None  # why the night was not finished, and what to do

    @property
    def to_see(self) -> int:
        """Submissions that need a person: newly not accepted, or without a result."""
        told = (row.one for row in (*self.new, *self.changed) if row.one.verdict is not Verdict.ACCEPT)
        return len({one.origin for one in told} | {row.one.origin for row in self.open})

    @property
    def tone(self) -> str:
        if self.stopped or self.summary.problem:
            return "reject"
        return "review" if self.to_see else "accept"

    def new_by(self, verdict: Verdict) -> int:
        return sum(row.one.verdict is verdict for row in self.new)

    def left_by(self, state: str) -> int:
        return sum(row.one.state == state for row in self.open)

    def within(self, days: int) -> list[_Ahead]:
        return [row for row in self.ahead if row.one.within == days]


def _night(summary: Summary, folder: Path, profiles: Mapping[str, Profile]) -> _Night:
    def told(one: Told) -> _Told:
        return _Told(one, _title(one.profile, profiles), _report_of(one, folder))

    new = sorted(map(told, summary.new), key=lambda row: (-row.one.verdict.rank, row.one.name))
    changed = sorted(map(told, summary.changed), key=lambda r: (not r.worse, -r.one.verdict.rank, r.one.name))
    ahead = [
        _Ahead(one, *words.runs_out(one.due, profiles.get(one.profile)), _title(one.profile, profiles))
        for one in sorted(summary.ahead, key=lambda one: (one.due.day, one.name, one.due))
    ]
    left = sorted(map(_left, summary.open), key=lambda row: _ORDER.get(row.one.state, 0))
    return _Night(summary, new, changed, left, ahead, _stopped(summary))


def _profiles() -> Mapping[str, Profile]:
    """The rules as they are now, for the names in them: without them a night is told all the same."""
    with suppress(HeyanError, ValidationError):
        return load_profiles(Settings().profiles)
    return {}


def _title(profile: str, profiles: Mapping[str, Profile]) -> Bilingual:
    return profiles[profile].title if profile in profiles else two(profile, profile)


def _report_of(told: Told, folder: Path) -> str:
    page = f"{told.report}/report.html"
    with suppress(OSError, ValueError):
        path = page if (folder / page).exists() else f"{told.report}/report.json"
        path.encode("utf-8")  # no link holds half of a character pair, from a broken file name
        return path
    return ""


# why there is no result


_ORDER = {"failed": 0, "invalid": 1, "waiting": 2}
_STATES = {
    "failed": two("未完成", "Failed"),
    "invalid": two("资料填写有误", "Cannot be used"),
    "waiting": two("没有轮到", "Not reached"),
}
_NEXT = two("下一次夜间核验会接着做。", "The next night takes it up.")
_MEND = two("请在原处改正，下一次夜间核验会再取。", "Mend it where it lies; the next night takes it again.")
_NOT_REACHED = two("夜间核验停止前还没有轮到。", "The night stopped before it came to this.")
_INTERRUPTED = two("夜间核验被人为中断。", "The night was interrupted.")
_RUNNING = two("夜间核验还没有结束。", "The night has not ended yet.")
_CONTINUE = two(
    "没有做完的，下一次夜间核验会接着做；要现在就做，请运行 heyan nightly。",
    "What is left is taken up by the next night; heyan nightly does it now.",
)


def _left(one: Open) -> _Open:
    state = _STATES.get(one.state, two(one.state, one.state))
    if one.state == "waiting":
        return _Open(one, state, _NOT_REACHED, _NEXT)
    if one.state == "invalid":
        return _Open(one, state, one.problem or state, _MEND)
    why, then = _caused(one.cause)
    if one.problem:  # it says more than the cause, in one language mostly
        why = one.problem if one.cause not in words.CAUSES else two(why.zh, one.problem.en)
    return _Open(one, state, why, _both(then, _NEXT))


def _stopped(summary: Summary) -> tuple[Bilingual, Bilingual] | None:
    run = summary.run
    if run.state == "finished":
        return None
    if run.state == "running" and not run.cause:
        return _RUNNING, _CONTINUE
    why, then = _caused(run.cause)
    return why, _both(then, _CONTINUE)


def _caused(cause: str) -> tuple[Bilingual, Bilingual | None]:
    """What a cause means, and what to do about it where something can be done."""
    if cause == INTERRUPTED:
        return _INTERRUPTED, None
    error = explained(cause)
    what, remedy = (text.replace("`", "") for text in (error.message, error.remedy))  # the marks are for terminals
    if cause in words.CAUSES:
        zh, then = words.CAUSES[cause]
    elif cause.startswith(INTERNAL):
        zh, then = f"程序内部错误（{cause}）。", "请把这一行连同 heyan doctor 的输出一并报告。"
    else:
        zh, then = f"因外部原因没有完成（{cause}）。", ""
    return two(zh, what), two(then or remedy, remedy) if remedy else None


def _both(first: Bilingual | None, second: Bilingual) -> Bilingual:
    return two(f"{first.zh}{second.zh}", f"{first.en} {second.en}") if first else second


# the page


def _page(night: _Night) -> str:
    style = "".join((_TEMPLATES / name).read_text("utf-8") for name in ("report.css", "summary.css"))
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode("ascii")
    return (
        _environment()
        .get_template("summary.html.j2")
        .render(
            night=night,
            summary=night.summary,
            run=night.summary.run,
            spans=list(zip((0, *HORIZONS), HORIZONS, strict=False)),
            workbook=WORKBOOK,
            style=Markup(style),  # noqa: S704 - our own files
            style_hash=f"sha256-{digest}",
        )
    )


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(words=words, Verdict=Verdict, most=_MOST)
    environment.filters.update(visible=words.visible, link=quote, moment=_moment)
    return environment


def _moment(time: datetime) -> str:
    """A time as the clock on the wall shows it."""
    return f"{time.astimezone():%Y-%m-%d %H:%M}"


# the workbook


@dataclass(frozen=True, slots=True)
class _Column:
    title: Bilingual
    width: int
    value: Callable[[Any], Value]
    colour: Callable[[Any], str] = lambda row: ""
    link: Callable[[Any], str] = lambda row: ""


def _said(text: Bilingual | None) -> str:
    return pick(text, "both", "\n") if text else ""


def _verdict(verdict: Verdict | None) -> str:
    return pick(words.VERDICTS[verdict], "both") if verdict else ""


def _verdict_colour(row: _Told | _Ahead) -> str:
    return _COLOURS[row.one.verdict]


_NAME = _Column(two("名称", "Name"), 30, lambda r: r.one.name)
_RULES = [
    _Column(two("规则", "Profile"), 26, lambda r: pick(r.profile, "both")),
    _Column(two("规则编号", "Profile ID"), 24, lambda r: r.one.profile),
]
_ORIGIN = _Column(two("来源", "From"), 40, lambda r: r.one.origin)
_VERDICT = _Column(two("结论", "Verdict"), 30, lambda r: _verdict(r.one.verdict), _verdict_colour)
_FIRST = [
    _Column(two("首要问题", "First problem"), WIDEST, lambda r: _said(r.one.first.message) if r.one.first else ""),
    _Column(two("处理办法", "What to do"), WIDEST, lambda r: _said(r.one.first.remedy) if r.one.first else ""),
    _Column(two("问题代码", "Code"), 24, lambda r: r.one.first.code if r.one.first else ""),
    _Column(two("报告", "Report"), 40, lambda r: r.path, link=lambda r: r.path),
    *_RULES,
    _ORIGIN,
]
_BEFORE = _Column(
    two("原结论", "Before"), 30, lambda r: _verdict(r.one.before), lambda r: _COLOURS.get(r.one.before, "")
)
_OPEN = [
    _NAME,
    _Column(
        two("状态", "State"), 24, lambda r: pick(r.state, "both"), lambda r: BAD if r.one.state == "invalid" else DOUBT
    ),
    _Column(two("原因", "Why"), WIDEST, lambda r: _said(r.why)),
    _Column(two("处理办法", "What to do"), WIDEST, lambda r: _said(r.then)),
    _Column(two("代码", "Code"), 20, lambda r: r.one.cause),
    _ORIGIN,
]
_AHEAD = [
    _NAME,
    _Column(two("最后有效日", "Last good day"), 14, lambda r: r.last_good_day),
    _Column(two("剩余天数（含今天）", "Days left, with today"), 10, lambda r: r.one.days),
    _Column(two("多少天内", "Within days"), 10, lambda r: r.one.within),
    _Column(two("到期的是", "What runs out"), 50, lambda r: _said(r.what)),
    _Column(two("怎样", "How"), 24, lambda r: _said(r.how)),
    _Column(two("文件", "Document"), 24, lambda r: r.one.due.document),
    _VERDICT,
    *_RULES,
    _ORIGIN,
]
_WAITING = [
    _Column(two("文件夹", "Folder"), 40, lambda r: r[0]),
    _Column(two("原因", "Why"), WIDEST, lambda r: _said(r[1])),
]
_COUNTS = [
    _Column(two("项目", "Item"), 44, lambda r: pick(r[0], "both")),
    _Column(two("数值", "Value"), WIDEST, lambda r: r[1]),
]


def _write_workbook(night: _Night, path: Path) -> None:
    with new_workbook() as book:
        for title, columns, rows in (
            ("概要 Summary", _COUNTS, _counts(night)),
            ("变化 Changed", [_NAME, _BEFORE, _VERDICT, *_FIRST], night.changed),
            ("新增 New", [_NAME, _VERDICT, *_FIRST], night.new),
            ("到期 Expiring", _AHEAD, night.ahead),
            ("失败 Failed", _OPEN, night.open),
            ("待取 Waiting", _WAITING, night.summary.waiting),
        ):
            sheet = Sheet(book, title, [c.title for c in columns], [c.width for c in columns])
            for row in rows:
                sheet.append(Shown(c.value(row), c.colour(row), c.link(row)) for c in columns)
            sheet.close()
        with whole_file(path) as file:
            save(book, file)


def _counts(night: _Night) -> Iterator[tuple[Bilingual, Value]]:
    """The night in numbers, with what stopped it."""
    run, counts = night.summary.run, night.summary.counts
    yield two("判断日期", "Judged as of"), run.as_of
    yield two("批次", "Run"), run.id
    yield two("开始", "Began"), _moment(run.started_at)
    yield two("结束", "Ended"), _moment(run.ended_at) if run.ended_at else ""
    yield two("做完", "Finished"), pick(two("否", "no") if night.stopped else two("是", "yes"), "both")
    if night.stopped:
        yield two("停止的原因", "Stopped because"), _said(night.stopped[0])
        yield two("处理办法", "What to do"), _said(night.stopped[1])
    if night.summary.problem:
        yield two("收件文件夹", "Inbox"), _said(night.summary.problem)
    for verdict, told in words.VERDICTS.items():
        yield two(f"新增：{told.zh}", f"New: {told.en}"), night.new_by(verdict)
    yield two("结论变差", "Verdict got worse"), sum(row.worse for row in night.changed)
    yield two("结论变好", "Verdict got better"), sum(not row.worse for row in night.changed)
    yield two("结论未变", "Verdict unchanged"), night.summary.unchanged
    for state, told in _STATES.items():
        yield told, night.left_by(state)
    yield two("收件文件夹里留到下次", "Waiting in the inbox"), len(night.summary.waiting)
    yield two("读取的文件", "Files read"), counts.read
    yield two("沿用已读的文件", "Files read before and reused"), counts.reused
    yield two("读不出的文件", "Files that could not be read"), counts.unread
    for days in HORIZONS:
        number = sum(row.one.within <= days for row in night.ahead)
        yield two(f"{days} 天内到期", f"Run out within {days} days"), number
