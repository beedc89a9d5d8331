"""`heyan nightly` and `heyan serve`: the nightly run once, or on a schedule."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Annotated

import typer

from apps.batch import terminated_like_interrupted
from apps.options import LangOption, day, language, settings
from extractors.errors import HeyanError

if TYPE_CHECKING:
    from apps.batch_teller import Teller
    from flows.nightly import NightDone
    from pipeline.store import Run, Store


def nightly(
    as_of: Annotated[
        str | None,
        typer.Option("--as-of", metavar="YYYY-MM-DD", help="Judge dates as of this day; default: today. 判断日期"),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print events, one JSON object a line. 输出事件")] = False,
    lang: LangOption = None,
) -> None:
    """One nightly run, now. 夜间核验

    It takes what has arrived in the inbox (HEYAN_INBOX; folders that are still being copied wait), what failed before
    for an outside reason, and every report whose day has come (a licence or ID card that ran out, an invoice that grew
    too old, a renewal that is due) or whose profile has changed: these are judged again without reading a picture.

    HEYAN_NIGHTLY_OUT gets a folder for each night: summary.html, summary.xlsx, reports. HEYAN_WEBHOOK is told the
    numbers. Two nights never overlap, and one that was cut off is finished by the next.

    \b
    Examples 例:
      HEYAN_INBOX=/srv/inbox HEYAN_NIGHTLY_OUT=/srv/nights heyan nightly
      heyan nightly --as-of 2026-12-31         what will have run out by then 届时将过期的
      heyan serve --cron "0 2 * * *"           every night at two 每天两点

    The exit code is 0 when all was done, 3 when a row was wrong, 70 when the night stopped, 130 after Ctrl-C.
    """
    from apps.output import claimed_stdout

    judged_on = day(as_of) if as_of else None
    with claimed_stdout() as stdout, terminated_like_interrupted():
        from apps.batch_teller import Teller
        from flows.nightly import run_night
        from flows.runs import INTERRUPTED

        chosen, tellers = settings(), list[Teller]()

        def watching(store: Store, run: Run) -> AbstractContextManager[None]:
            told = Teller(stdout, run.folder, language(lang), as_json, metrics=chosen.nightly_out)
            tellers.append(told)
            return told.watching(store, run, chosen)

        done = run_night(judged_on, watching)
        with tellers[0].telling() if tellers else nullcontext():
            if done.summary is None:
                raise KeyboardInterrupt if done.cause == INTERRUPTED else _why(done)
            code = _told(done, tellers[0])
    sys.exit(code)  # as in `heyan batch`


def serve(
    cron: Annotated[
        str, typer.Option("--cron", metavar="FIELDS", help="Minute, hour, day, month, weekday. 时间表")
    ] = "0 2 * * *",
    timezone: Annotated[
        str, typer.Option("--timezone", metavar="ZONE", help="The zone of these. 时区")
    ] = "Asia/Shanghai",
    lang: LangOption = None,
) -> None:
    """The nightly run on a schedule, until this is stopped. 按时间表夜间核验

    \b
    Examples 例:
      HEYAN_INBOX=/srv/inbox HEYAN_NIGHTLY_OUT=/srv/nights heyan serve
      heyan serve --cron "30 1 * * 1-5" --timezone Asia/Shanghai

    docs/nightly.md shows how systemd keeps it running, and how a Prefect server and work pool of your own run it.
    """
    from apps.output import claimed_stdout

    with claimed_stdout(), terminated_like_interrupted():
        from flows.nightly import serve_nights

        settings()
        typer.echo(f"heyan: {cron} ({timezone}); Ctrl-C", err=True)
        serve_nights(cron, timezone)


def _why(done: NightDone) -> HeyanError:
    from apps.batch_teller import explained

    return done.error or explained(done.cause)


def _told(done: NightDone, teller: Teller) -> int:
    """The last words on a night; gives the exit code."""
    from apps.words import two
    from pipeline.store import open_store
    from pipeline.summary import counted

    assert done.summary is not None
    numbers = counted(done.summary)
    new, changed, soon = sum(numbers["new"].values()), len(done.summary.changed), numbers["expiring"]["30"]
    page = done.summary.folder / "summary.html"
    text = two(
        f"新增 {new} 份，结论变化 {changed} 份，30 天内到期 {soon} 项；概要：{page}",
        f"{new} new, {changed} changed verdicts, {soon} expiring within 30 days; summary: {page}",
    )
    teller.told("summary", text, page=str(page), **numbers)
    if done.untold:
        teller.warned(two(f"未能通知 HEYAN_WEBHOOK：{done.untold}", f"HEYAN_WEBHOOK was not told: {done.untold}"))
    return teller.ended(open_store(settings()), done.summary.run, done.error or done.cause, "heyan nightly")
