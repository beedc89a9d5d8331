"""`heyan batch`: a list of submissions, each checked and reported, in a run that can be cut off and continued."""

from __future__ import annotations

import hashlib
import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, Annotated

import typer

from apps.options import LangOption, day, language, settings
from extractors.errors import HeyanError, StoreError, UsageError

if TYPE_CHECKING:
    from apps.batch_teller import Teller
    from pipeline.settings import Settings
    from pipeline.store import Run, Store


def batch(
    source: Annotated[
        str,
        typer.Argument(
            metavar="MANIFEST|DIR",
            help="A folder of submission folders, or a list: .xlsx, .csv, .jsonl; s3://… too. 清单或文件夹",
        ),
    ],
    out: Annotated[Path, typer.Option("--out", "-o", metavar="DIR", help="Where reports and results go. 保存到")],
    resume: Annotated[
        bool, typer.Option("--resume", help="Continue what was cut off, if anything was. 继续未完成的批次")
    ] = False,
    workers: Annotated[
        int | None,
        typer.Option("--workers", "-w", min=1, max=512, help="Processes that read; default: one a core. 进程数"),
    ] = None,
    profile: Annotated[
        str | None, typer.Option("--profile", "-p", metavar="ID", help="The rules, whatever the list says. 规则")
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="YYYY-MM-DD", help="Judge dates as of this day; default: today. 判断日期"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print events, one JSON object a line. 输出事件")] = False,
    no_html: Annotated[bool, typer.Option("--no-html", help="Write report.json alone. 不生成网页报告")] = False,
    lang: LangOption = None,
) -> None:
    """Check a list of submissions. 批量核验

    Each row gets its report in DIR/reports, and DIR/results.xlsx lists them all. What was read once is not read
    again, in this run or a later one. A wrong row or a bad file is told by its number, and the others are checked.

    \b
    Examples 例:
      heyan batch ./submissions --out results
      heyan batch list.xlsx --out results --profile 1688/name-verification
      heyan batch list.xlsx --out results --resume         go on after Ctrl-C or a power cut 继续
      heyan batch list.xlsx --out results --json           events for programs 供程序使用
      heyan batch s3://bucket/list.xlsx --out results      a list and files in a store: docs/files.md 对象存储

    The exit code is 0 when every row got a report, 3 when a row was wrong, 70 when the run stopped (disk full,
    database away: one line says what to do), 130 after Ctrl-C.
    """
    from apps.output import claimed_stdout
    from pipeline.output import writable_folder

    asked = Asked(source, writable_folder(out).resolve(), resume, profile, day(as_of) if as_of else None, not no_html)
    if workers:
        os.environ["HEYAN_WORKERS"] = str(workers)  # whatever works for this run on this machine looks there
    with claimed_stdout() as stdout, terminated_like_interrupted():
        from apps.batch_teller import Teller

        code = run_asked(asked, settings(), Teller(stdout, asked.out, language(lang), as_json))
    sys.exit(code)  # not by Typer, whose 130 is an interruption of which nothing was said yet


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line asks for."""

    source: str
    out: Path
    resume: bool = False
    profile: str | None = None
    as_of: date | None = None
    views: bool = True

    @property
    def origin(self) -> str:
        from pipeline.manifest import list_origin

        return list_origin(self.source)

    @property
    def lock(self) -> str:
        """The name of the lock on the folder: one batch at a time writes there."""
        return f"out {hashlib.sha256(os.fsencode(self.out)).hexdigest()}"

    @property
    def again(self) -> str:
        """The command that continues, as a shell takes it."""
        words = ["heyan", "batch", self.source, "--out", str(self.out), "--resume"]
        return subprocess.list2cmdline(words) if sys.platform == "win32" else shlex.join(words)


def run_asked(asked: Asked, chosen: Settings, teller: Teller) -> int:
    """Begin or continue a run, do what is open of it, and tell; gives the exit code."""
    from pipeline.store import open_store

    store = open_store(chosen)
    with store.hold(asked.lock, what=f"A batch into {asked.out}"):
        run = _begun(store, asked)
        store.end(run.id, "running")
        with teller.telling():
            with teller.watching(store, run, chosen):
                stopped = _done(store, run, asked, chosen, teller)
            return teller.ended(store, run, stopped, asked.again)


def _begun(store: Store, asked: Asked) -> Run:
    """The run to work at: a new one, or the one to be continued. UsageError where that is not clear."""
    before = store.unfinished(asked.out, asked.origin)
    if before is None:
        options = {"views": asked.views, "profile": asked.profile}
        as_of = asked.as_of or date.today()
        return store.begin("batch", source=asked.origin, out=asked.out, as_of=as_of, options=options)
    if not asked.resume:
        raise UsageError(
            f"{asked.out} holds run {before.id} of this list, begun on {before.started_at:%Y-%m-%d} and not finished.",
            remedy="Add --resume to continue it, or name another folder with --out.",
        )
    if asked.as_of not in (None, before.as_of):
        raise UsageError(
            f"run {before.id} judges as of {before.as_of}, and a run has one such day.",
            remedy="Leave --as-of out to continue it, or name another folder with --out.",
        )
    return before


def _done(store: Store, run: Run, asked: Asked, chosen: Settings, teller: Teller) -> HeyanError | str:
    """All that is open of a run; what it stopped for, "" for nothing. UsageError where its list cannot be read."""
    from flows.runs import INTERRUPTED, LIST_WRONG, cause_in

    try:
        _plan(store, run, asked, chosen, teller)
        return _work(store, run, chosen)
    except KeyboardInterrupt:
        return _left(store, run, INTERRUPTED)
    except UsageError:
        store.end(run.id, "finished", LIST_WRONG)  # nothing that could be continued
        raise
    except HeyanError as error:
        _left(store, run, cause_in(error))
        return error


def _plan(store: Store, run: Run, asked: Asked, chosen: Settings, teller: Teller) -> None:
    """Put the rows of the list on that of the run."""
    from pipeline.manifest import read_manifest
    from pipeline.store import Planned
    from validators.loading import load_profiles

    profile, profiles = asked.profile or run.options.get("profile"), load_profiles(chosen.profiles)
    if profile and profile not in profiles:  # or every row would be told to be wrong
        raise UsageError(f"There is no profile {profile!r}.", remedy="`heyan profiles` lists those there are.")

    def planned() -> Iterator[Planned]:
        rows = read_manifest(asked.source, profile, profiles=profiles, tell=teller.warned, settings=chosen)
        for position, row in enumerate(rows):
            if row.problem:
                teller.refused(row)
            yield Planned(position, row.number, row.submission, row.origin, row.problem, row.name)

    store.plan(run.id, planned())


def _work(store: Store, run: Run, chosen: Settings) -> str:
    """Everything open of the run; "" or the cause it stopped for. Prefect is started when something is to be read."""
    from flows.runs import end
    from pipeline.batch import settle

    if not settle(run.id, chosen):
        return end(store, run.id)
    from flows.batch import run_batch

    return run_batch(run.id)


def _left(store: Store, run: Run, cause: str) -> str:
    with suppress(StoreError):  # gone itself: then the run is continued all the same
        store.end(run.id, "stopped", cause)
    return cause


@contextmanager
def terminated_like_interrupted() -> Iterator[None]:
    """SIGTERM, which a service manager sends, is Ctrl-C. Either is remembered until the flow begins, which then ends.

    An exception alone could get lost: what is raised while Python clears away an object is ignored.
    """
    from flows.stopping import asked as stop_asked

    def interrupt(number: int, frame: FrameType | None) -> None:
        stop_asked.set()
        raise KeyboardInterrupt

    if threading.current_thread() is not threading.main_thread():  # a test, an embedding program
        yield
        return
    stop_asked.clear()
    before = {number: signal.signal(number, interrupt) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
