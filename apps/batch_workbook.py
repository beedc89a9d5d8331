"""The results of a batch for people: one row a submission, one row a finding; a workbook, CSV or JSON lines.

Rows are written as they come, so that a hundred thousand of them take little memory.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from apps import words
from apps.sheets import BAD, DOUBT, GOOD, WIDEST, Sheet, Shown, Value, csv_line, csv_lines, new_workbook, save
from apps.words import pick, two
from extractors.errors import HeyanError, UsageError
from pipeline.output import whole_file
from validators.findings import Bilingual, Finding, Severity, Verdict

FORMATS = (".xlsx", ".csv", ".jsonl")
_SAID = 3  # messages in the row of a submission; the sheet of findings has all of them


@dataclass(frozen=True, slots=True)
class ResultRow:
    """What came of one row of a manifest.

    `row` is its number there; `verdict` is "" where there is no report, and `state` (waiting, finished, failed,
    invalid) and `problem` then say why. `report_path` is the report to open, absolute or from the workbook's folder.
    """

    name: str
    row: int
    profile: str
    verdict: str
    state: str
    problem: str
    as_of: str
    report_path: str
    findings: Sequence[Finding] = ()


_STATES = {
    "waiting": two("尚未处理", "not done yet"),
    "finished": two("已完成", "finished"),
    "failed": two("因外部原因未完成", "failed for an outside reason"),
    "invalid": two("清单中此行有误", "this row of the list is wrong"),
}
_VERDICTS = {verdict.value: text for verdict, text in words.VERDICTS.items()}
_COLOURS = {Verdict.ACCEPT.value: GOOD, Verdict.REVIEW.value: DOUBT, Verdict.REJECT.value: BAD}


def outcome(result: ResultRow) -> Bilingual:
    """The verdict in words; without a report, why there is none."""
    return _VERDICTS.get(result.verdict) or _STATES.get(result.state) or two(result.state, result.state)


def _colour(result: ResultRow) -> str:
    if result.state == "invalid":
        return BAD
    return _COLOURS.get(result.verdict, DOUBT)


def _said(result: ResultRow) -> str:
    """What is wrong first: the problem of the row, else the messages of what keeps it from being accepted."""
    if result.problem:
        return result.problem
    telling = sorted((f for f in result.findings if f.verdict is not Verdict.ACCEPT), key=lambda f: -f.verdict.rank)
    more = f"\n… 共 {len(telling)} 条" if len(telling) > _SAID else ""
    return "\n".join(found.message.zh for found in telling[:_SAID]) + more


def _count(result: ResultRow, severity: Severity) -> int:
    return sum(found.severity is severity for found in result.findings)


@dataclass(frozen=True, slots=True)
class _Column:
    title: Bilingual
    width: int
    value: Callable[[ResultRow], Value]
    coloured: bool = False
    linked: bool = False


_RESULTS = (
    _Column(two("名称", "Name"), 30, lambda r: r.name, coloured=True),
    _Column(two("结论", "Verdict"), 30, lambda r: pick(outcome(r), "both"), coloured=True),
    _Column(two("行", "Row"), 6, lambda r: r.row),
    _Column(two("规则", "Profile"), 28, lambda r: r.profile),
    _Column(two("错误", "Errors"), 8, lambda r: _count(r, Severity.ERROR)),
    _Column(two("提醒", "Warnings"), 8, lambda r: _count(r, Severity.WARNING)),
    _Column(two("问题", "Problems"), WIDEST, _said),
    _Column(two("判断日期", "As of"), 12, lambda r: r.as_of),
    _Column(two("报告", "Report"), 30, lambda r: r.report_path, linked=True),
)
_FINDINGS: tuple[tuple[Bilingual, int, Callable[[ResultRow, Finding], Value]], ...] = (
    (two("名称", "Name"), 30, lambda r, f: r.name),
    (two("行", "Row"), 6, lambda r, f: r.row),
    (two("程度", "Severity"), 12, lambda r, f: pick(words.SEVERITIES[f.severity], "both")),
    (two("代码", "Code"), 28, lambda r, f: f.code),
    (two("文件", "Document"), 24, lambda r, f: f.document),
    (two("项目", "Field"), 24, lambda r, f: f.field),
    (two("应为", "Expected"), 28, lambda r, f: f.expected),
    (two("实际", "Found"), 28, lambda r, f: f.actual),
    (two("说明", "Message"), WIDEST, lambda r, f: f.message.zh),
    (two("处理办法", "What to do"), WIDEST, lambda r, f: f.remedy.zh),
    (two("说明（英文）", "Message in English"), WIDEST, lambda r, f: f.message.en),
    (two("处理办法（英文）", "What to do, in English"), WIDEST, lambda r, f: f.remedy.en),
    (two("依据", "Source"), 16, lambda r, f: f.source),
)
_COLOURED = 2  # the column of findings that shows how severe they are
_SEVERITY_COLOURS = {Severity.ERROR: BAD, Severity.WARNING: DOUBT}


def write_results(rows: Iterable[ResultRow], path: Path) -> list[Path]:
    """Write the results to `path` in the form its suffix names; the files written: CSV needs two.

    Raises UsageError for another suffix and HeyanError where it cannot be written.
    """
    writers = {".xlsx": _workbook, ".csv": _csv, ".jsonl": _json}
    if path.suffix.lower() not in writers:
        raise UsageError(f"{path.name}: results are written as {', '.join(FORMATS)}")
    try:
        return writers[path.suffix.lower()]((_placed(row, path) for row in rows), path)
    except OSError as error:  # rows of a workbook lie in a temporary file until it is saved
        raise HeyanError(f"cannot write {path}: {error.strerror or error}.") from error


def _placed(row: ResultRow, path: Path) -> ResultRow:
    """The row with the way from the results' folder to its report, with / between folders."""
    if not row.report_path:
        return row
    report = Path(row.report_path)
    if report.is_absolute():
        try:
            report = Path(os.path.relpath(report, path.resolve().parent))
        except ValueError:  # on another drive
            return row
    return replace(row, report_path=report.as_posix())


def _workbook(rows: Iterable[ResultRow], path: Path) -> list[Path]:
    with new_workbook() as book:
        results = Sheet(book, "结果 Results", [c.title for c in _RESULTS], [c.width for c in _RESULTS])
        findings = Sheet(
            book, "问题 Findings", [title for title, _, _ in _FINDINGS], [width for _, width, _ in _FINDINGS]
        )
        for row in rows:
            results.append(_shown(row))
            for found in row.findings:
                colour = _SEVERITY_COLOURS.get(found.severity, "")
                cells = [Shown(value(row, found)) for _, _, value in _FINDINGS]
                findings.append(Shown(c.value, colour) if at == _COLOURED else c for at, c in enumerate(cells))
        results.close()
        findings.close()
        with whole_file(path) as file:
            save(book, file)
    return [path]


def _shown(row: ResultRow) -> Iterator[Shown]:
    for column in _RESULTS:
        value = column.value(row)
        colour = _colour(row) if column.coloured else ""
        yield Shown(value, colour, row.report_path if column.linked else "")


def _csv(rows: Iterable[ResultRow], path: Path) -> list[Path]:
    """Results in the file asked for, findings beside it."""
    beside = path.with_name(f"{path.stem}-findings{path.suffix}")
    with whole_file(path) as results, whole_file(beside) as findings:
        results.writelines(csv_lines([[column.title.zh for column in _RESULTS]]))
        findings.writelines(csv_lines([[title.zh for title, _, _ in _FINDINGS]]))
        for row in rows:
            results.write(csv_line([column.value(row) for column in _RESULTS]))
            findings.writelines(csv_line([value(row, f) for _, _, value in _FINDINGS]) for f in row.findings)
    return [path, beside]


def as_data(row: ResultRow) -> dict[str, Any]:
    """A row in terms of JSON."""
    told = {name: getattr(row, name) for name in ResultRow.__dataclass_fields__}
    told["findings"] = [found.model_dump(mode="json", exclude={"evidence"}) for found in row.findings]
    return told


def _json(rows: Iterable[ResultRow], path: Path) -> list[Path]:
    with whole_file(path) as file:
        for row in rows:
            file.write(json.dumps(as_data(row), ensure_ascii=False).encode("utf-8", "replace") + b"\n")
    return [path]
