"""Empty Excel forms, made from the same declarations that read them (`extractors/table.py`).

Columns of numbers are text, so that Excel keeps every digit; choices are drop-down lists; the headings stay in sight.
A second sheet explains the columns. Read back as it is, a template has no rows and no errors.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence

from openpyxl import Workbook
from openpyxl.cell import Cell, MergedCell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from extractors.columns import NUMBERS_AS_TEXT, CellKind, Column
from extractors.model import Kind
from extractors.table import TableForm

ROWS = 500  # rows prepared under the headings
_FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
_TEXT, _MONEY = "@", "#,##0.00"
_AS_TEXT = NUMBERS_AS_TEXT | {CellKind.TEXT, CellKind.PERSON, CellKind.MONTH, CellKind.CHOICE}
_PLAIN_FIELDS = {Kind.MONEY, Kind.CAPITAL, Kind.DATE}  # every other labelled value is text
_HEAD_FILL = PatternFill("solid", start_color="DDE7F3")
_SIDE = Side("thin", color="B0B7C3")
_LINE = Border(left=_SIDE, right=_SIDE, top=_SIDE, bottom=_SIDE)
_KINDS = {
    CellKind.TEXT: "文字", CellKind.PERSON: "姓名", CellKind.COUNT: "大于 0 的整数", CellKind.QUANTITY: "大于 0 的数",
    CellKind.AMOUNT: "金额，只填数字", CellKind.PERCENT: "百分比", CellKind.DATE: "日期，如 2026-03-05",
    CellKind.MONTH: "年月，如 2026-03", CellKind.MOBILE: "手机号，文本格式；境外号码加 + 和国家代码",
    CellKind.DOCUMENT_NUMBER: "证件号码，文本格式", CellKind.NUMBER_TEXT: "编码，文本格式",
    CellKind.CHOICE: "从列表中选择",
}  # fmt: skip


def template(form: TableForm) -> bytes:
    """The form's empty workbook (.xlsx)."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = form.zh
    width = max(len(form.columns), 2)
    put(sheet.cell(1, 1), form.titles[0], Font(bold=True, size=14))
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=width)
    row = _labels(sheet, form)
    if form.columns:
        _table(sheet, form, row + 1)
    explain(book.create_sheet("填写说明"), _explanations(form))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def put(cell: Cell | MergedCell, text: str, font: Font | None = None) -> None:
    """Write a text that stays a text: one that begins like a formula is marked so that no program runs it."""
    cell.value = text
    if text.startswith(_FORMULA_SIGNS):
        cell.data_type = "s"
        cell.quotePrefix = True
    if font:
        cell.font = font


def put_heading(cell: Cell | MergedCell, text: str) -> None:
    put(cell, text, Font(bold=True))
    cell.fill, cell.border = _HEAD_FILL, _LINE
    cell.alignment = Alignment(horizontal="center", vertical="center", wrap_text=True)


def drop_down(sheet: Worksheet, area: str, words: Sequence[str]) -> None:
    """A list to choose from in the cells of an area."""
    choice = DataValidation("list", formula1=f'"{",".join(words)}"', allow_blank=True, showErrorMessage=True)
    choice.error = "请从列表中选择"
    choice.add(area)
    sheet.add_data_validation(choice)


def _labels(sheet: Worksheet, form: TableForm) -> int:
    """Labels with a cell for the value beside each; the last row used."""
    row = 2 if form.fields else 1
    for row, spec in enumerate(form.fields, start=3):
        put(sheet.cell(row, 1), spec.zh + "*" * spec.key, Font(bold=True))
        sheet.cell(row, 1).fill = _HEAD_FILL
        value = sheet.cell(row, 2)
        value.number_format = "General" if spec.kind in _PLAIN_FIELDS else _TEXT
        sheet.cell(row, 1).border = value.border = _LINE
    if not form.columns:
        sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 24, 48
    return row + 1


def _table(sheet: Worksheet, form: TableForm, row: int) -> None:
    for at, column in enumerate(form.columns, start=1):
        put_heading(sheet.cell(row, at), column.zh + "*" * column.required)
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = 22 if column.kind in _AS_TEXT else 14
        for below in range(row + 1, row + 1 + ROWS):
            sheet.cell(below, at).number_format = _format(column)
        if column.choices:
            drop_down(sheet, f"{letter}{row + 1}:{letter}{row + ROWS}", [words[0] for _, words in column.choices])
    sheet.freeze_panes = f"A{row + 1}"


def _format(column: Column) -> str:
    if column.kind in _AS_TEXT:
        return _TEXT
    return _MONEY if column.kind is CellKind.AMOUNT else "yyyy-mm-dd" if column.kind is CellKind.DATE else "General"


def _explanations(form: TableForm) -> Iterator[Sequence[str]]:
    for spec in form.fields:
        yield f"【{spec.zh} {spec.name.replace('_', ' ')}】", needed(spec.key), "", "", ""
    for column in form.columns:
        choices = "、".join(words[0] for _, words in column.choices)
        yield f"【{column.zh} {column.en}】", needed(column.required), _KINDS[column.kind], choices, column.example


def explain(sheet: Worksheet, rows: Iterable[Sequence[str]]) -> None:
    """What each column is for: name, whether it is required, what it holds, choices, an example.

    Names stand in 【】, so that this sheet is not taken for a form that is filled in.
    """
    for at, word in enumerate(("项目", "要求", "内容", "可选值", "示范"), start=1):
        put(sheet.cell(1, at), word, Font(bold=True))
        sheet.column_dimensions[get_column_letter(at)].width = 26
    for row, texts in enumerate(rows, start=2):
        for at, text in enumerate(texts, start=1):
            cell = sheet.cell(row, at)
            cell.number_format = _TEXT
            put(cell, text)
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def needed(required: bool) -> str:
    return "必须填写 required" if required else "可以不填 optional"
