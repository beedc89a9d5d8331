"""A run as it goes on: a bar for a terminal, lines for a log, events for a program. All of it is read from the store,
so that it is the same whichever process or machine does the work."""

from __future__ import annotations

import json
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Protocol, TextIO

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn

from apps.words import Language, pick, two, visible
from extractors.errors import StoreError
from flows.stopping import asked
from pipeline.batch import REPORTS
from pipeline.store import Counts, Ended, Run, Store
from validators.findings import Bilingual, Verdict

SCHEMA = "heyan.batch/1"
OWN_FAULTS = ("timeout", "died", "memory", "error")
_LINE_EVERY, _TELL_EVERY = 30.0, 10.0  # seconds
_LATELY = 120.0  # seconds the rate is taken over
_COLOURS = {Verdict.ACCEPT: "green", Verdict.REVIEW: "yellow", Verdict.REJECT: "red"}
_WORDS = {
    Verdict.ACCEPT: two("接受", "accept"),
    Verdict.REVIEW: two("人工", "review"),
    Verdict.REJECT: two("拒绝", "reject"),
}


@dataclass(frozen=True, slots=True)
class Glance:
    """A run at one moment. `rate` is documents a minute lately and `left` seconds, None while nobody knows."""

    counts: Counts
    seconds: float = 0.0  # since this start of the run
    rate: float | None = None
    restarts: int = 0
    last: bool = False  # the run has ended

    @staticmethod
    def none() -> Glance:
        return Glance(Counts({}, {}, 0, 0, 0, {}, {}, ()))

    @property
    def total(self) -> int:
        return self.counts.documents

    @property
    def done(self) -> int:
        """Files read, reused or given up; the same file in two submissions is read once and told twice."""
        if not self.counts.open:
            return self.total
        return min(self.total, self.counts.read + self.counts.reused + self.counts.unread)

    @property
    def left(self) -> float | None:
        return (self.total - self.done) / self.rate * 60 if self.rate else None

    @property
    def retries(self) -> int:
        return sum(self.counts.outcomes.get(fault, 0) for fault in OWN_FAULTS)


class Show(Protocol):
    """What is told how a run goes, every so many seconds; `ended` are the places that ended since the last look."""

    every: float

    def look(self, glance: Glance, ended: Sequence[Ended]) -> None: ...


class Watch:
    """Looks at a run as often as one of its shows wants while the block lasts, and once more at its end."""

    def __init__(self, store: Store, run: Run, shows: Sequence[Show], restarts: Callable[[], int] = lambda: 0) -> None:
        self._store, self._run, self._shows, self._restarts = store, run, shows, restarts
        self._begun, self._sequence = time.monotonic(), 0
        self._lately: deque[tuple[float, int]] = deque()
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self.glance = Glance.none()

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()
        self._look(last=True)

    def _watch(self) -> None:
        every = min(show.every for show in self._shows)
        while not self._done.wait(every):
            self._look()

    def _look(self, last: bool = False) -> None:
        ended: list[Ended] = []
        with suppress(StoreError):  # the run itself finds out, and says so
            counts = self._store.counts(self._run.id)
            while page := self._store.finished_since(self._run.id, self._sequence):
                ended += page
                self._sequence = page[-1].sequence
            self.glance = self._glance(counts, last)
        for show in self._shows:
            with suppress(OSError):  # a full disk, a reader that went away: no reason to end the run here
                show.look(self.glance, ended)

    def _glance(self, counts: Counts, last: bool) -> Glance:
        now = time.monotonic() - self._begun
        glance = Glance(counts, now)
        self._lately.append((now, glance.done))
        while now - self._lately[0][0] > _LATELY:
            self._lately.popleft()
        (then, before), done = self._lately[0], glance.done
        rate = (done - before) / (now - then) * 60 if now > then and done > before else None
        return Glance(counts, now, rate, self._restarts(), last)


class Bar:
    """A progress bar on a terminal."""

    every = 1.0

    def __init__(self, console: Console, language: Language) -> None:
        self._language = language
        documents = pick(two("文件", "documents"), language)
        self._progress = Progress(
            TextColumn("{task.description}"), BarColumn(bar_width=None), MofNCompleteColumn(), TextColumn(documents),
            TextColumn("{task.fields[pace]}"), TextColumn("{task.fields[verdicts]}"),
            console=console, expand=True, redirect_stdout=False,
        )  # fmt: skip
        self._task: TaskID | None = None

    def look(self, glance: Glance, ended: Sequence[Ended]) -> None:
        verdicts = " ".join(
            f"[{_COLOURS[verdict]}]{pick(word, self._language, '')} {glance.counts.verdicts.get(verdict, 0)}[/]"
            for verdict, word in _WORDS.items()
        )
        told: dict[str, Any] = {
            "total": glance.total, "completed": glance.done, "verdicts": verdicts, "pace": pace(glance, self._language),
            "description": pick(_doing(glance), self._language, ""),
        }  # fmt: skip
        if self._task is None:
            self._task = self._progress.add_task(**told)
            self._progress.start()
        else:
            self._progress.update(self._task, **told)
        if glance.last:
            self._progress.stop()


class Lines:
    """A line every half minute, where stderr is no terminal."""

    every = 10.0

    def __init__(self, stream: TextIO, language: Language) -> None:
        self._stream, self._language, self._told = stream, language, 0.0

    def look(self, glance: Glance, ended: Sequence[Ended]) -> None:
        if not glance.last and glance.seconds - self._told >= _LINE_EVERY:
            self._told = glance.seconds
            self._stream.write(f"{line(glance, self._language)}\n")
            self._stream.flush()


class Events:
    """One JSON object a line on stdout (docs/batch.md)."""

    every = 5.0

    def __init__(self, stream: TextIO, run: Run) -> None:
        self._stream, self._run, self._told = stream, run, 0.0
        self._lock = threading.Lock()

    def tell(self, event: str, **values: Any) -> None:
        text = json.dumps({"event": event, "run": self._run.id, **values}, ensure_ascii=False, default=_plain)
        # A reader that went away, a full disk behind stdout: no reason to end the run, and told when stdout is closed.
        with self._lock, suppress(OSError):
            self._stream.write(text.encode("utf-8", "replace").decode("utf-8") + "\n")
            self._stream.flush()

    def look(self, glance: Glance, ended: Sequence[Ended]) -> None:
        for place in ended:
            self.tell("submission", **submission(place))
        if glance.last or glance.seconds - self._told >= _TELL_EVERY:
            self._told = glance.seconds
            self.tell("progress", **progress(glance))


def submission(place: Ended) -> dict[str, Any]:
    """What an event says of a place that ended."""
    report = f"{REPORTS}/{place.name}/report.json" if place.stored else None
    return {
        "row": place.row, "name": place.name, "state": place.state, "verdict": place.verdict, "report": report,
        "problem": place.problem, "cause": place.cause or None,
    }  # fmt: skip


def progress(glance: Glance) -> dict[str, Any]:
    """What an event says of a run under way, or at its end."""
    counts = glance.counts
    return {
        "seconds": round(glance.seconds, 1),
        "documents": {
            "total": glance.total, "done": glance.done, "read": counts.read, "reused": counts.reused,
            "unread": counts.unread,
        },
        "rows": {state: counts.states.get(state, 0) for state in ("waiting", "finished", "failed", "invalid")},
        "verdicts": {verdict.value: counts.verdicts.get(verdict, 0) for verdict in Verdict},
        "documents_per_minute": glance.rate and round(glance.rate, 1),
        "seconds_left": glance.left and round(glance.left),
        "retries": glance.retries,
        "worker_restarts": glance.restarts,
    }  # fmt: skip


def line(glance: Glance, language: Language) -> str:
    """A run in one line of plain text."""
    verdicts = ", ".join(
        f"{pick(word, language)} {glance.counts.verdicts.get(verdict, 0)}" for verdict, word in _WORDS.items()
    )
    documents = pick(two("文件", "documents"), language)
    return f"{glance.done}/{glance.total} {documents}; {verdicts}; {pace(glance, language)}".rstrip("; ")


def pace(glance: Glance, language: Language) -> str:
    """Rate, time left, and what had to be tried again."""
    told = []
    if glance.rate and not glance.last:
        told.append(pick(two(f"每分钟 {glance.rate:.0f}", f"{glance.rate:.0f}/min"), language))
    if glance.left and not glance.last:
        minutes, seconds = divmod(round(glance.left), 60)
        told.append(pick(two(f"剩余 {minutes}:{seconds:02}", f"{minutes}:{seconds:02} left"), language))
    if glance.retries:
        told.append(pick(two(f"重试 {glance.retries}", f"{glance.retries} retried"), language))
    if glance.restarts:
        told.append(pick(two(f"重启 {glance.restarts}", f"{glance.restarts} restarts"), language))
    return ", ".join(told)


def _doing(glance: Glance) -> Bilingual:
    if asked.is_set():
        return two("正在停止，再按 Ctrl-C 立即结束", "stopping; Ctrl-C again ends at once")
    return two("已结束", "ended") if glance.last else two("核验", "checking")


def _plain(value: Any) -> Any:
    if isinstance(value, Bilingual):
        return {"zh": visible(value.zh), "en": visible(value.en)}
    if isinstance(value, Mapping):
        return dict(value)
    return str(value)
