"""Empty forms: read back they hold nothing, filled in they hold everything, and Excel keeps every digit."""

from __future__ import annotations

import io
from pathlib import Path

import openpyxl
import pytest

from extractors.columns import NUMBERS_AS_TEXT, CellKind
from extractors.model import Source, Status
from extractors.registry import classify, document_types, extract
from extractors.table import TableForm, table_forms
from pipeline.templates import put, template
from tests.workbooks import pages, saved
from validators.prove import prove

FORMS = [pytest.param(form, id=form.id) for form in table_forms().values()]
NUMERIC = (CellKind.AMOUNT, CellKind.COUNT, CellKind.QUANTITY)


def headings_row(form: TableForm, sheet: openpyxl.worksheet.worksheet.Worksheet) -> int:
    first = form.columns[0].zh
    return next(row for row in range(1, 60) if str(sheet.cell(row, 1).value).rstrip("*") == first)


@pytest.mark.parametrize("form", FORMS)
def test_an_empty_form_holds_nothing_and_no_error(form: TableForm, tmp_path: Path) -> None:
    found = pages(tmp_path, template(form))
    assert classify(found).type == form.id
    record, findings = prove(extract(found, form.id), document_types()[form.id], source=Source.XLSX)
    assert not findings
    assert not record.fields["bad_rows"].value
    held = {name for name, field in record.fields.items() if field.status is not Status.MISSING}
    assert held <= {"bad_rows", "line_count"}
    if form.columns:
        assert record.fields["lines"].value == []


@pytest.mark.parametrize("form", [p for p in FORMS if p.values[0].columns])
def test_a_filled_form_comes_back_whole(form: TableForm, tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template(form)))
    sheet = book.worksheets[0]
    row = headings_row(form, sheet)
    for at, column in enumerate(form.columns, start=1):
        cell = sheet.cell(row + 1, at)
        cell.value = float(column.example) if column.kind in NUMERIC else column.example
        if column.kind in NUMBERS_AS_TEXT:
            assert cell.number_format == "@"
    record, findings = prove(
        extract(pages(tmp_path, saved(book)), form.id), document_types()[form.id], source=Source.XLSX
    )
    assert not findings
    (line,) = record.fields["lines"].value
    assert all(line[column.name] is not None for column in form.columns)


def test_choices_are_drop_down_lists_and_the_headings_stay_in_sight() -> None:
    form = table_forms()["person_list"]
    sheet = openpyxl.load_workbook(io.BytesIO(template(form))).worksheets[0]
    (choice,) = sheet.data_validations.dataValidation
    assert "居民身份证,护照" in choice.formula1
    assert len(choice.formula1) < 255  # Excel refuses a longer list
    assert sheet.freeze_panes == f"A{headings_row(form, sheet) + 1}"


@pytest.mark.parametrize("text", ["=1+1", "+86", "-5", "@SUM(A1)", "\t=1"])
def test_a_text_that_begins_like_a_formula_stays_a_text(text: str) -> None:
    book = openpyxl.Workbook()
    put(book.worksheets[0].cell(1, 1), text)
    cell = openpyxl.load_workbook(io.BytesIO(saved(book))).worksheets[0].cell(1, 1)
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", True)
