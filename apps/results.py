"""`heyan results`: what became of the submissions of a batch or a night, listed, filtered, exported."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TextIO

import typer

from apps.options import JsonOption, LangOption, language, settings
from extractors.errors import UsageError

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

    from apps.batch_workbook import ResultRow
    from apps.words import Language
    from pipeline.store import Filters, Run, Store
    from validators.findings import Finding

SCHEMA = "heyan.results/1"
ALL = "all"
_SIGNS = {
    "accept": ("✓", "green"), "review": ("!", "yellow"), "reject": ("✗", "red"), "failed": ("!", "yellow"),
    "invalid": ("✗", "red"),
}  # fmt: skip
_SHOWN = 200  # rows of a table; the export has all of them


class Leads(StrEnum):
    ACCEPT = "accept"
    REVIEW = "review"
    REJECT = "reject"


class State(StrEnum):
    WAITING = "waiting"
    FINISHED = "finished"
    FAILED = "failed"
    INVALID = "invalid"


def results(
    verdict: Annotated[Leads | None, typer.Option("--verdict", help="Only these. 只看此结论")] = None,
    code: Annotated[
        str, typer.Option("--code", metavar="CODE", help="Only those with this finding, such as DATE_EXPIRED. 问题代码")
    ] = "",
    profile: Annotated[str, typer.Option("--profile", "-p", metavar="ID", help="Only those of these rules. 规则")] = "",
    name: Annotated[
        str, typer.Option("--name", metavar="TEXT", help="Only those with this in their name. 名称包含")
    ] = "",
    state: Annotated[
        State | None,
        typer.Option("--state", help="failed: stopped by an outage; invalid: the row is wrong. 处理状态"),
    ] = None,
    run: Annotated[
        str | None,
        typer.Option("--run", metavar="ID", help="This run, or `all`; default: the latest. 批次编号"),
    ] = None,
    since: Annotated[
        str | None,
        typer.Option("--since", metavar="YYYY-MM-DD", help="Of all runs, what was done from this day on. 起始日期"),
    ] = None,
    runs: Annotated[bool, typer.Option("--runs", help="List the latest runs instead. 列出批次")] = False,
    out: Annotated[
        Path | None, typer.Option("--out", "-o", metavar="FILE", help="Write them there: .xlsx, .csv, .jsonl. 导出到")
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """List, filter and export what batches and nights found. 查询批量核验的结果

    Without --run and --since it is about the latest run. Filters narrow each other.

    \b
    Examples 例:
      heyan results                                         the latest run 最近一次
      heyan results --verdict reject --out rejected.xlsx    export what would be refused 导出
      heyan results --code DATE_EXPIRED --since 2026-11-01
      heyan results --name 云帆 --run all --json
      heyan results --state failed                          what has to be done again 需重试
      heyan results --runs                                  the runs and their numbers 批次列表

    The exit code is 0, whatever the verdicts are.
    """
    from apps.output import claimed_stdout
    from pipeline.output import writable_folder

    if out is not None:
        _checked_suffix(out)
        writable_folder(out.parent)
    day = _moment(since) if since else None
    with claimed_stdout() as stdout:
        from pipeline.store import Filters, open_store
        from validators.findings import Verdict

        store = open_store(settings())
        if runs:
            _show_runs(stdout, store, language(lang), as_json)
            return
        chosen = _chosen(store, run, everything=day is not None)
        filters = Filters(
            run=chosen.id if chosen else None, verdict=Verdict(verdict.value) if verdict else None, code=code,
            profile=profile, since=day, name=name, state=state.value if state else None,
        )  # fmt: skip
        if out is not None:
            from apps.batch_workbook import write_results

            for path in write_results(_rows(store, filters), out):
                typer.echo(f"results 结果: {path}", err=True)
        if as_json:
            _write_json(stdout, chosen, _rows(store, filters))
        elif out is None:
            _show(stdout, chosen, list(islice(_rows(store, filters), _SHOWN + 1)), language(lang))


def _checked_suffix(out: Path) -> None:
    from apps.batch_workbook import FORMATS

    if out.suffix.lower() not in FORMATS:
        raise UsageError(f"--out {out.name!r}: results are written as one of {', '.join(FORMATS)}")


def _moment(text: str) -> datetime:
    """The beginning of a day here, or a moment."""
    try:
        return datetime.fromisoformat(text).astimezone()
    except (ValueError, OverflowError, OSError):
        raise UsageError(f"--since {text!r} is not a date; write it as YYYY-MM-DD") from None


def _chosen(store: Store, asked: str | None, *, everything: bool) -> Run | None:
    """The run that is asked for; None for all of them. UsageError for one that is not there."""
    from flows.runs import LIST_WRONG

    if asked == ALL or (asked is None and everything):
        return None
    if asked is not None:
        try:
            return store.run(asked)
        except LookupError:
            raise UsageError(f"there is no run {asked!r}; `heyan results --runs` lists them") from None
    done = (known for known in store.runs() if known.cause != LIST_WRONG)  # a list of a name mistyped is none
    return next(done, None)


def _rows(store: Store, filters: Filters) -> Iterator[ResultRow]:
    from apps.batch_teller import result_row

    return map(result_row, store.results(filters))


def _write_json(stdout: TextIO, run: Run | None, rows: Iterable[ResultRow]) -> None:
    """One document, written as it comes: there may be a million results."""
    from apps.batch_workbook import as_data

    head = json.dumps({"schema": SCHEMA, "run": _run_data(run) if run else None}, ensure_ascii=False)
    stdout.write(head[:-1] + ', "results": [')
    for number, row in enumerate(rows):
        stdout.write(",\n" if number else "\n")
        stdout.write(json.dumps(as_data(row), ensure_ascii=False).encode("utf-8", "replace").decode())
    stdout.write("\n]}\n")


def _run_data(run: Run) -> dict[str, str | None]:
    return {
        "id": run.id, "kind": run.kind, "source": run.source, "out": run.out, "as_of": run.as_of.isoformat(),
        "state": run.state, "cause": run.cause, "started_at": run.started_at.isoformat(timespec="seconds"),
        "ended_at": run.ended_at.isoformat(timespec="seconds") if run.ended_at else None,
    }  # fmt: skip


def _show(stdout: TextIO, run: Run | None, rows: list[ResultRow], language: Language) -> None:
    from apps.terminal import console
    from apps.words import pick, two

    page = console(stdout)
    if run is not None:
        page.print(_headline(run, language))
    if not rows:
        page.print(pick(two("没有结果", "no results"), language))
        return
    page.print(_table(rows[:_SHOWN], language))
    if len(rows) > _SHOWN:
        more = two(f"只列出前 {_SHOWN} 条；--out 导出全部", f"the first {_SHOWN}; --out FILE has all")
        page.print(pick(more, language), style="dim")


def _headline(run: Run, language: Language) -> Text:
    from rich.text import Text

    from apps.words import pick, two, visible

    kinds = {"batch": two("批次", "batch"), "nightly": two("夜间核验", "night")}
    states = {
        "running": two("未结束", "not ended"),
        "finished": two("已完成", "finished"),
        "stopped": two("已停止", "stopped"),
    }
    told = Text(f"{pick(kinds[run.kind], language)} {run.id}", "bold")
    state = pick(states[run.state], language) + (f" ({run.cause})" if run.cause else "")
    return told.append(visible(f" · {run.as_of} · {state} · {run.source}"), "dim")


def _table(rows: Iterable[ResultRow], language: Language) -> Table:
    from rich.text import Text

    from apps.batch_workbook import outcome
    from apps.terminal import plain_table, said
    from apps.words import pick, two, visible

    headings = (
        two("名称", "Name"), two("结论", "Verdict"), two("判断日期", "As of"), two("首要问题", "First problem"),
        two("报告", "Report"),
    )  # fmt: skip
    table = plain_table(language, *headings)
    for row in rows:
        sign, colour = _SIGNS.get(row.verdict or row.state, ("…", "dim"))
        problem = said(first.message, language) if (first := _first(row)) else Text(visible(row.problem))
        if first:
            problem = Text(f"{first.code}\n", colour).append_text(problem)
        table.add_row(
            Text(visible(row.name)), Text(f"{sign} {pick(outcome(row), language)}", colour), Text(row.as_of), problem,
            Text(visible(row.report_path), "dim"),
        )  # fmt: skip
    return table


def _first(row: ResultRow) -> Finding | None:
    """The first of the worst findings; None where none keeps it from being accepted."""
    from validators.findings import Verdict

    telling = [found for found in row.findings if found.verdict is not Verdict.ACCEPT]
    return max(telling, key=lambda found: found.verdict.rank, default=None)


def _show_runs(stdout: TextIO, store: Store, language: Language, as_json: bool) -> None:
    from apps.terminal import console
    from apps.words import pick, two

    known = store.runs()
    if as_json:
        stdout.write(json.dumps({"schema": SCHEMA, "runs": [_run_data(run) for run in known]}, ensure_ascii=False))
        stdout.write("\n")
        return
    page = console(stdout)
    for run in known:
        page.print(_headline(run, language))
    if not known:
        page.print(pick(two("还没有批次", "there is no run yet"), language))
