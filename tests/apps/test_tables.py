"""Tables in reports: numbers of persons never in full; and the command that writes forms."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.cli import main
from apps.html import render
from apps.tables import masked, table_view
from extractors.model import Field, Source, Status
from pipeline.report import DocumentReport, PageReport, Report
from validators.findings import Verdict

ID = "11010519491231002X"
ROW = {
    "row": 2,
    "name": "张三",
    "document_kind": "id_card",
    "document_number": ID,
    "mobile": "13800000000",
    "photo": None,
}
BAD = {"row": 3, "cell": "C3", "column": "document_number", "reason": "typed_as_number", "text": "110105194912310020"}


@pytest.mark.parametrize(
    ("number", "shown"),
    [(ID, "110105********002X"), ("13800000000", "138****0000"), ("E12345678", "E1****678"), ("123", "***"), ("", "")],
)
def test_masks(number: str, shown: str) -> None:
    assert masked(number) == shown


@given(st.text(alphabet="0123456789X", min_size=5, max_size=30))
def test_a_mask_hides_four_characters_at_least_and_keeps_the_length(number: str) -> None:
    shown = masked(number)
    assert len(shown) == len(number)
    assert shown.count("*") >= max(4, len(number) - 10)


def test_a_table_shows_no_number_of_a_person() -> None:
    for rows in ([ROW], [BAD]):
        view = table_view("person_list", rows)
        assert view is not None
        shown = str(view)
        assert ID not in shown
        assert "13800000000" not in shown
        assert BAD["text"] not in shown
    assert "居民身份证" in str(table_view("person_list", [ROW]))


def test_the_report_shows_the_table_and_its_json_keeps_it() -> None:
    fields = {"lines": Field(value=[ROW], status=Status.READ), "bad_rows": Field(value=[BAD], status=Status.READ)}
    page = PageReport(width=500, height=100, source=Source.XLSX)
    document = DocumentReport(file="a.xlsx", type="person_list", pages=[page], fields=fields)
    report = Report(
        submission="s",
        profile="p",
        as_of="2026-11-22",
        verdict=Verdict.REVIEW,
        documents=[document],
        findings=[],
        checks=[],
    )
    html = render(report)
    assert "110105********002X" in html
    assert ID not in html
    assert ID in report.model_dump_json()
    again = Report.model_validate_json(report.model_dump_json(by_alias=True))
    assert again.documents[0].fields["lines"].value == [ROW]


def test_amounts_are_shown_as_people_write_them() -> None:
    view = table_view("order_lines", [{"row": 4, "amount": Decimal("3600.50")}])
    assert view is not None
    assert [cell.zh for cell in view.rows[0]] == ["4", "3,600.50"]


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as caught:
        main(list(arguments))
    return int(caught.value.code or 0)


def test_forms_are_listed_and_written_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("template") == 0
    assert "order_lines" in capsys.readouterr().out
    path = tmp_path / "form.xlsx"
    assert run("template", "order_lines", "--out", str(path)) == 0
    assert path.read_bytes().startswith(b"PK")
    assert run("template", "order_lines", "--out", str(path)) == 2
    assert run("template", "nonesuch") == 2
