"""What `heyan batch` says: the run, its rows, how it ended; to people, or to a program as events."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, TextIO

from rich.console import Console

from apps.batch_metrics import MetricsFile
from apps.batch_progress import SCHEMA, Bar, Events, Lines, Show, Watch, line, progress
from apps.batch_workbook import ResultRow, write_results
from apps.words import Language, pick, two, visible
from extractors.errors import HeyanError, StoreError
from flows.runs import INTERNAL, INTERRUPTED, cause_in, error_of
from pipeline.batch import REPORTS, restarts
from pipeline.manifest import Row
from pipeline.outage import outage
from pipeline.output import take_away_left
from pipeline.settings import Settings
from pipeline.store import Ended, Filters, Run, Store
from validators.findings import Bilingual

KINDS = {"batch": two("批次", "run"), "nightly": two("夜间核验", "night")}
EXIT_ROWS, EXIT_STOPPED, EXIT_INTERRUPTED = 3, 70, 130
RESULTS, METRICS = "results.xlsx", "metrics.prom"
_TOLD = 20  # wrong rows told one by one; the workbook has all of them


class Teller:
    """`out` takes the results and, unless `metrics` names another folder, the metrics."""

    def __init__(
        self, stdout: TextIO, out: Path, language: Language, as_json: bool, metrics: Path | None = None
    ) -> None:
        self._stdout, self._out, self._language, self._as_json = stdout, out, language, as_json
        self._metrics = (metrics or out) / METRICS
        self._events: Events | None = None
        self._watch: Watch | None = None
        self._refused = 0

    @contextmanager
    def watching(self, store: Store, run: Run, settings: Settings) -> Iterator[None]:
        """The run is shown as it goes on while the block lasts."""
        metrics = MetricsFile(self._metrics, run)
        if self._as_json:
            self._events = Events(self._stdout, run)
            self._events.tell(
                "run", schema=SCHEMA, kind=run.kind, source=run.source, out=run.out, as_of=run.as_of,
                started_at=run.started_at,
            )  # fmt: skip
        else:
            _say(f"{pick(KINDS[run.kind], self._language)} {run.id}")
        shown = self._events or _shown(self._language)
        with Watch(store, run, [shown, metrics], lambda: restarts(settings)) as self._watch:
            yield

    def warned(self, text: Bilingual) -> None:
        """Something about the whole list."""
        if self._events:
            self._events.tell("warning", message=text)
        else:
            self._say(text)

    def refused(self, row: Row) -> None:
        """A row that cannot be used."""
        self._refused += 1
        if self._events:
            told: dict[str, Any] = {"verdict": None, "report": None, "problem": row.problem, "cause": None}
            self._events.tell("submission", row=row.number, name=row.name, state="invalid", **told)
        elif row.problem and self._refused <= _TOLD:
            zh, en = f"第 {row.number} 行：{row.problem.zh}", f"row {row.number}: {row.problem.en}"
            self._say(two(zh, en))

    def told(self, event: str, text: Bilingual, **values: Any) -> None:
        """Something more to say at the end: words for people, an event for programs."""
        if self._events:
            self._events.tell(event, **values)
        else:
            self._stdout.write(f"{visible(pick(text, self._language))}\n")

    def ended(self, store: Store, run: Run, stopped: HeyanError | str, again: str) -> int:
        """The last words, and the results in a workbook; gives the exit code."""
        assert self._watch is not None
        glance = self._watch.glance
        if not stopped:
            stopped = self._results(store, run)
        error = explained(stopped, run) if stopped and stopped != INTERRUPTED else None
        if stopped:
            code = EXIT_STOPPED if error else EXIT_INTERRUPTED
        else:
            code = EXIT_ROWS if glance.counts.states.get("invalid") else 0
        if self._events:
            if error:
                told = {"message": error.message, "remedy": error.remedy, "resume": again}
                self._events.tell("outage", cause=cause_in(error), **told)
            self._events.tell("end", state="stopped" if stopped else "finished", exit_code=code, **progress(glance))
        elif stopped:
            self._tell_stopped(error, again)
        else:
            self._tell_people(line(glance, self._language))
        return code

    @contextmanager
    def telling(self) -> Iterator[None]:
        """Where the block fails, programs hear that nothing more will be told; why is said on stderr."""
        try:
            yield
        except BaseException as error:
            if self._events and self._watch:
                code = EXIT_INTERRUPTED if isinstance(error, KeyboardInterrupt) else EXIT_STOPPED
                code = error.exit_code if isinstance(error, HeyanError) else code
                self._events.tell("end", state="stopped", exit_code=code, **progress(self._watch.glance))
            raise

    def _results(self, store: Store, run: Run) -> HeyanError | str:
        """Write the results into their workbook. What keeps it from being written has stopped the run after all."""
        take_away_left(self._out, RESULTS)
        try:
            write_results((result_row(ended) for ended in store.results(Filters(run=run.id))), self._out / RESULTS)
        except HeyanError as failed:
            cause = cause_in(failed) or RESULTS
            remedy = failed.remedy or "Make room or way for it, then continue: nothing is read again."
            with suppress(StoreError):
                store.end(run.id, "stopped", cause)
            return HeyanError(failed.message, remedy=remedy, cause=cause)
        return ""

    def _tell_stopped(self, error: HeyanError | None, again: str) -> None:
        goes_on = f"{pick(two('继续', 'To continue'), self._language)}: {again}"
        if error:
            _say(f"{pick(two('已停止', 'stopped'), self._language)}: {error} {goes_on}")
        else:
            _say(f"{pick(two('已中断', 'interrupted'), self._language)}. {goes_on}")

    def _tell_people(self, counts: str) -> None:
        if self._refused > _TOLD:
            more = self._refused - _TOLD
            self._say(two(f"另有 {more} 行有误", f"{more} more rows are wrong"))
        results = f"{pick(two('结果', 'results'), self._language)}: {self._out / RESULTS}"
        self._stdout.write(f"{counts}\n{visible(results)}\n")

    def _say(self, text: Bilingual) -> None:
        _say(pick(text, self._language))


def _say(text: str) -> None:
    print("heyan:", visible(" ".join(text.split())), file=sys.stderr)


@contextmanager
def metrics_watch(store: Store, run: Run, settings: Settings) -> Iterator[None]:
    """The metrics of a run nobody watches at a terminal: a night that was started by its schedule."""
    metrics = MetricsFile(settings.nightly_out / METRICS, run)
    with Watch(store, run, [metrics], lambda: restarts(settings)):
        yield


def explained(stopped: HeyanError | str, run: Run | None = None) -> HeyanError:
    """What a cause means and what to do about it."""
    if isinstance(stopped, HeyanError):
        return stopped
    if run is not None and (error := error_of(run.id, stopped)) is not None:
        return error
    with suppress(KeyError):
        return outage(stopped)
    if stopped.startswith(INTERNAL):
        remedy = "Please report this line together with the output of `heyan doctor`."
        return HeyanError(f"Internal error ({stopped}).", remedy=remedy, cause=stopped)
    return HeyanError(
        f"Some submissions could not be finished for an outside reason ({stopped}).",
        remedy="`heyan results --state failed` lists them with it.", cause=stopped,
    )  # fmt: skip


def result_row(ended: Ended) -> ResultRow:
    """A place of a run as a row of the results."""
    stored, problem = ended.stored, ended.problem
    folder = Path(ended.out) / REPORTS / ended.name
    reports = [path for name in ("report.html", "report.json") if (path := folder / name).exists()]
    return ResultRow(
        name=ended.name, row=ended.row, profile=stored.profile if stored else "", state=ended.state,
        verdict=stored.verdict.value if stored else "", as_of=stored.as_of.isoformat() if stored else "",
        problem=(pick(problem, "both") if isinstance(problem, Bilingual) else problem) or ended.cause,
        report_path=str(reports[0]) if stored and reports else "", findings=ended.findings,
    )  # fmt: skip


def _shown(language: Language) -> Show:
    console = Console(stderr=True)
    return (
        Bar(console, language) if console.is_terminal and not console.is_dumb_terminal else Lines(sys.stderr, language)
    )
