"""The results of a batch as people open them: colours, links, filters, and nothing a spreadsheet would run."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from openpyxl import load_workbook

from apps import sheets
from apps.batch_workbook import ResultRow, write_results
from extractors.errors import HeyanError, UsageError
from validators.findings import Finding, finding

EVIL = '=HYPERLINK("http://x","y")'


def found() -> Finding:
    return finding("FILE_IGNORED", document=EVIL, actual="+86")


def results(folder: Path) -> list[ResultRow]:
    report = str(folder / "reports/云 帆#1/report.html")
    done = {"profile": "1688/name-verification", "state": "finished", "problem": "", "as_of": "2026-11-23"}
    return [
        ResultRow("云帆", 2, verdict="accept", report_path=report, **done),
        ResultRow(EVIL, 3, verdict="review", report_path=report, findings=[found()], **done),
        ResultRow("丙", 4, verdict="reject", report_path="reports/c/report.html", findings=[found(), found()], **done),
        ResultRow("丁", 5, "", "", "invalid", "D5“统一社会信用代码”有误。", "", ""),
        ResultRow("戊", 6, "", "", "failed", "磁盘已满", "", ""),
    ]


def test_the_workbook(tmp_path: Path) -> None:
    path = tmp_path / "results.xlsx"
    assert write_results(results(tmp_path), path) == [path]
    book = load_workbook(path)
    rows, findings = book.worksheets
    assert (rows.freeze_panes, rows.auto_filter.ref, findings.auto_filter.ref) == ("B2", "A1:I6", "A1:M4")
    colours = [rows.cell(row, 2).fill.fgColor.rgb[-6:] for row in range(2, 7)]
    assert colours == [sheets.GOOD, sheets.DOUBT, sheets.BAD, sheets.BAD, sheets.DOUBT]
    assert [rows.cell(row, 9).hyperlink is not None for row in range(2, 7)] == [True, True, True, False, False]
    link = rows["I2"].hyperlink
    assert link
    assert link.target == "reports/云%20帆%231/report.html"
    assert rows["I4"].value == "reports/c/report.html"
    assert "D5" in rows["G5"].value
    assert findings["A2"].value == EVIL
    formulas = [c.value for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]
    assert formulas == []


def test_csv_is_guarded_and_has_its_findings_beside_it(tmp_path: Path) -> None:
    path, beside = write_results(results(tmp_path), tmp_path / "results.csv")
    assert beside.name == "results-findings.csv"
    tables = [list(csv.reader(io.StringIO(p.read_bytes().decode("utf-8-sig")))) for p in (path, beside)]
    assert [len(table) for table in tables] == [6, 4]
    assert all(not cell.startswith(("=", "+", "-", "@")) for table in tables for row in table for cell in row)


def test_json_lines_hold_every_result(tmp_path: Path) -> None:
    (path,) = write_results(results(tmp_path), tmp_path / "results.jsonl")
    lines = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    assert [(line["row"], line["verdict"], len(line["findings"])) for line in lines] == [
        (2, "accept", 0), (3, "review", 1), (4, "reject", 2), (5, "", 0), (6, "", 0),
    ]  # fmt: skip


def test_more_rows_than_a_sheet_holds_go_on_in_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheets, "_ROWS", 3)
    monkeypatch.setattr(sheets, "_LINKS", 1)
    path = tmp_path / "results.xlsx"
    write_results(results(tmp_path), path)
    book = load_workbook(path)
    names = [row[0].value for sheet in book if sheet.title.startswith("结果") for row in sheet.iter_rows(min_row=2)]
    assert names == ["云帆", EVIL, "丙", "丁", "戊"]
    assert [sheet.title for sheet in book if sheet.title.startswith("结果")] == [
        "结果 Results",
        "结果 Results 2",
        "结果 Results 3",
    ]
    assert all(sheet.max_row <= 3 for sheet in book)


def test_a_failure_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "results.xlsx"
    path.write_bytes(b"before")

    def broken() -> object:
        yield results(tmp_path)[0]
        raise HeyanError("gone")

    with pytest.raises(HeyanError, match="gone"):
        write_results(broken(), path)  # type: ignore[arg-type]
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]
    with pytest.raises(UsageError, match="xlsx"):
        write_results([], tmp_path / "results.pdf")
