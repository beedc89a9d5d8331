"""Forms in spreadsheets, declared as data: labelled fields, and a table whose bad rows are named and good ones kept.

The good rows of a form are its field `lines`; what is wrong is in `bad_rows`: row, cell, column, reason, text. A bad
row is never repaired. The form's empty template is made from the same declaration.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import islice

from rapidfuzz import fuzz

import extractors
from extractors.cells import Cell, Sheet
from extractors.columns import CellError, CellKind, Column, heading_currency, parse_cell, plain_heading
from extractors.form import field_of, labelled
from extractors.model import DocumentType, Field, FieldSpec, Kind, Page, Row, Source, Status
from extractors.rows import Span
from extractors.values import parse_money

_HEAD = 60  # rows in which the headings of a table are looked for
_NEAR = 80  # likeness, of 100, that two headings of at least four characters are one and the same
_LONGEST_WORD = 16  # characters of a cell that says 合计 and little more
_LABEL_REACH = 6  # columns from a label to its value: merged cells stand between them
_TOTAL = re.compile(r"(?:合计|总计|共计|总和|grandtotal|total|sum)(?:金额|\(.*\))?[:：]?", re.IGNORECASE)
_SUBTOTAL = re.compile(r"(?:小计|本页合计|subtotal)[:：]?", re.IGNORECASE)
_EXAMPLE = re.compile(r"\s*(?:示例|样例|例[:：]|example)", re.IGNORECASE)
_REMARK = re.compile(
    r"注[:：]|备注[:：]|说明[:：]?|填[写表]|制表|审核|签[字章名]|示例|样例|例[:：如]|example|note|remark|prepared",
    re.IGNORECASE,
)
# Numbers that are no quantities: a label's value typed as a number may have lost digits.
_NUMBER_KINDS = frozenset(
    {Kind.CREDIT_CODE, Kind.TAX_ID, Kind.ID_NUMBER, Kind.ACCOUNT_NUMBER, Kind.DIGITS, Kind.CUSTOMS_NUMBER}
)

Problem = dict[str, str | date | Decimal | int | None]  # row, cell, column, reason, text


@dataclass(frozen=True, slots=True)
class TableForm:
    """A form: its type's names and titles, labelled `fields`, `columns` of its table (none: labels only).

    `sums` are (column, field that holds its sum). `words` speak for the type beside labels and headings.
    """

    id: str
    zh: str
    en: str
    titles: tuple[str, ...]
    columns: tuple[Column, ...] = ()
    fields: tuple[FieldSpec, ...] = ()
    sums: tuple[tuple[str, str], ...] = ()
    words: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()

    def document_type(self) -> DocumentType:
        """The type this form declares."""
        headings = (word for column in self.columns for word in (column.zh, *column.headings))
        labels = (word for spec in self.fields for word in spec.labels)
        told = dict.fromkeys("".join(word.split()) for word in (*self.words, *headings, *labels) if len(word) > 2)
        return DocumentType(
            id=self.id,
            zh=self.zh,
            en=self.en,
            fields=self.specs(),
            extract=self.extract,
            titles=self.titles,
            words=tuple(told),
            against=self.against,
            needs=self.needs,
            built_as=self.has_columns if self.columns else None,
            sources=frozenset(Source),
        )

    def specs(self) -> tuple[FieldSpec, ...]:
        """The labelled fields, and what the table gives: lines, their number, sums, bad rows."""
        if not self.columns:
            return (*self.fields, FieldSpec("bad_rows", Kind.TABLE, "有误的单元格"))
        names = {column.name: column.zh for column in self.columns}
        return (
            *self.fields,
            FieldSpec("lines", Kind.TABLE, "明细", key=True),
            FieldSpec("line_count", Kind.DIGITS, "行数"),
            *(FieldSpec(total, Kind.MONEY, f"{names[column]}合计", key=True) for column, total in self.sums),
            FieldSpec("bad_rows", Kind.TABLE, "有误的行"),
        )

    def column(self, name: str) -> Column | None:
        return next((column for column in self.columns if column.name == name), None)

    def has_columns(self, pages: Sequence[Page]) -> bool:
        """Whether a sheet has a table with all the columns the form requires."""
        tables = (_Table.find(self, Sheet(page)) for page in pages if page.source is Source.XLSX)
        return any(
            table and all(column.name in table.headings for column in self.columns if column.required)
            for table in tables
        )

    def extract(self, pages: Sequence[Page]) -> dict[str, Field]:
        """The fields of a filled form. A print or scan of one has its labelled fields only: rows need cells."""
        if any(page.source is not Source.XLSX for page in pages):
            return labelled(pages, self.fields)
        sheets = [Sheet(page) for page in pages]
        problems: list[Problem] = []
        tables = [table for sheet in sheets if (table := _Table.find(self, sheet))]
        ends = {table.sheet.number: table.heading_row for table in tables}
        fields = labelled_cells(sheets, self.fields, ends, problems)
        if tables:
            fields |= _rows_of_tables(self, tables, problems)
        if tables or fields:
            fields["bad_rows"] = _listed(problems, pages[0].number)
        return fields


@cache
def table_forms() -> Mapping[str, TableForm]:
    """Every form by the id of its type: a module of `extractors/` that has `FORM`."""
    modules = (importlib.import_module(f"extractors.{m.name}") for m in pkgutil.iter_modules(extractors.__path__))
    return {m.FORM.id: m.FORM for m in modules if isinstance(getattr(m, "FORM", None), TableForm)}


@dataclass(frozen=True, slots=True)
class _Table:
    """The table of one sheet: which of its columns holds what, and where the headings stand."""

    form: TableForm
    sheet: Sheet
    heading_row: int
    last_heading_row: int
    columns: dict[int, Column]
    headings: dict[str, Cell]

    @classmethod
    def find(cls, form: TableForm, sheet: Sheet) -> _Table | None:
        """The row that has most of the form's headings; None where no row has two of them and half the required."""
        best: dict[str, Cell] = {}
        for cells in islice(sheet.rows.values(), _HEAD):
            found = _headings(form, cells)
            if len(found) > len(best):
                best = found
        required = [column for column in form.columns if column.required]
        if len(best) < 2 or 2 * sum(column.name in best for column in required) < len(required):
            return None
        row = next(iter(best.values())).row
        columns = {cell.column: column for name, cell in best.items() if (column := form.column(name))}
        return cls(form, sheet, row, max(cell.last_row for cell in best.values()), columns, best)

    def missing_columns(self) -> Iterator[Problem]:
        """Required columns without a heading, and amounts whose heading names another currency."""
        for column in self.form.columns:
            heading = self.headings.get(column.name)
            if heading is None and column.required:
                yield _problem("column_missing", self.heading_row, "", column.name, "")
            elif heading and column.currency and heading_currency(heading.text) not in (None, column.currency):
                yield _problem("other_currency", heading.row, heading.address, column.name, heading.text)

    def rows(self) -> Iterator[tuple[int, dict[str, Cell], str]]:
        """Each filled row under the headings: number, cells by column, and "total" where it is one ("" else)."""
        carried: dict[int, Cell] = {}
        after_total = False
        for number, cells in self.sheet.rows.items():
            if number <= self.last_heading_row:
                continue
            filled = {self.columns[c.column].name: c for c in cells if c.column in self.columns}
            words = [cell.plain for cell in cells if len(cell.text) <= _LONGEST_WORD and not cell.line.numeric]
            if any(_SUBTOTAL.fullmatch(word) for word in words):
                continue
            if any(_TOTAL.fullmatch(word) for word in words):
                after_total = True
                yield number, filled, "total"
                continue
            if not filled or _is_remark(cells, filled, after_total):
                continue
            carried = {at: cell for at, cell in carried.items() if cell.last_row >= number}
            for at, cell in carried.items():
                # A text merged over several rows holds for each of them; an amount would count several times.
                if self.columns[at].kind in (CellKind.AMOUNT, CellKind.COUNT, CellKind.QUANTITY):
                    continue
                filled.setdefault(self.columns[at].name, cell)
            carried |= {c.column: c for c in cells if c.column in self.columns and c.last_row > number}
            yield number, filled, ""


def _headings(form: TableForm, cells: Sequence[Cell]) -> dict[str, Cell]:
    """The form's columns found in a row, each by its first heading; like ones count where no other is meant."""
    found: dict[str, Cell] = {}
    left = []
    for cell in cells:
        column = next((c for c in form.columns if c.answers_to(cell.text) and c.name not in found), None)
        if column:
            found[column.name] = cell
        else:
            left.append(cell)
    for cell in left if len(found) >= 2 else ():
        heading = plain_heading(cell.text)
        near = [c for c in form.columns if c.name not in found and _is_near(c, heading)]
        if len(near) == 1:
            found[near[0].name] = cell
    return found


def _is_near(column: Column, heading: str) -> bool:
    words = (plain_heading(word) for word in (column.zh, column.en, *column.headings))
    return len(heading) >= 4 and any(len(word) >= 4 and fuzz.ratio(word, heading) >= _NEAR for word in words)


def _is_remark(cells: Sequence[Cell], filled: Mapping[str, Cell], after_total: bool) -> bool:
    """A note under the table, a signature, an example row; a line of the table has more than one cell."""
    if any(_EXAMPLE.match(cell.text) for cell in cells):
        return True
    return len(filled) == 1 and (after_total or bool(_REMARK.match(cells[0].plain)))


def _rows_of_tables(form: TableForm, tables: Sequence[_Table], problems: list[Problem]) -> dict[str, Field]:
    """The table's fields from all sheets that have one."""
    good: list[Row] = []
    stated: dict[str, Cell] = {}
    for table in tables:
        problems += table.missing_columns()
        for number, cells, kind in table.rows():
            if kind:
                stated |= cells
                continue
            row, wrong = _row(table, number, cells)
            problems += wrong
            if not wrong:
                good.append(row)
    page = tables[0].sheet.number
    reason = "bad_rows" if problems else ""
    status = Status.DOUBTFUL if problems else Status.READ
    common = {"confidence": 1.0, "page": page, "status": status, "reason": reason}
    fields = {"line_count": Field(value=str(len(good)), raw=str(len(good)), **common)}
    if not good:
        return fields | {"lines": Field(value=[], page=page, reason="no_rows")}
    headings = " | ".join(f"{cell.address} {cell.text}" for cell in tables[0].headings.values())
    fields["lines"] = Field(value=good, raw=headings, **common)
    for column, total in form.sums:
        amounts = [value for row in good if isinstance(value := row.get(column), Decimal)]
        # The sum of the good rows alone says nothing of the total below all of them.
        printed = parse_money(stated[column].text) if column in stated and not problems else None
        others = (str(printed),) if printed is not None else ()
        if amounts:
            fields[total] = Field(value=sum(amounts, Decimal(0)), raw=str(sum(amounts)), alternates=others, **common)
    return fields


def _row(table: _Table, number: int, cells: Mapping[str, Cell]) -> tuple[Row, list[Problem]]:
    """One row by its columns, and what is wrong with its cells."""
    row: Row = {"row": number}
    wrong: list[Problem] = []
    places = {column.name: at for at, column in table.columns.items()}
    for column in table.form.columns:
        cell = cells.get(column.name)
        if cell is None:
            row[column.name] = None
            if column.required and column.name in places:
                address = Cell(next(iter(cells.values())).line, number, places[column.name], number).address
                wrong.append(_problem("missing", number, address, column.name, ""))
            continue
        try:
            row[column.name] = parse_cell(column, cell.text, numeric=cell.line.numeric)
        except CellError as error:
            wrong.append(_problem(error.reason, number, cell.address, column.name, cell.text))
    return row, wrong


def labelled_cells(
    sheets: Sequence[Sheet], specs: Sequence[FieldSpec], ends: Mapping[int, int], problems: list[Problem]
) -> dict[str, Field]:
    """Values beside their labels (公司名称 | 杭州…), or behind a colon in the same cell, outside the table."""
    words = {plain_heading(label) for spec in specs for label in spec.labels}
    fields: dict[str, Field] = {}
    for spec in specs:
        labels = [plain_heading(label) for label in spec.labels]
        for sheet in sheets:
            cells = [c for c in sheet if sheet.number not in ends or c.row != ends[sheet.number]]
            value = next((v for c in cells if (v := _value(sheet, c, labels, words))), None)
            if value is None:
                continue
            found = field_of(Span(((value.line,),)), spec.kind)
            if value.line.numeric and spec.kind in _NUMBER_KINDS:
                problems.append(_problem("typed_as_number", value.row, value.address, spec.name, value.text))
                found = found.model_copy(update={"status": Status.DOUBTFUL, "reason": "typed_as_number"})
            fields[spec.name] = found
            break
    return fields


def _value(sheet: Sheet, label: Cell, labels: Sequence[str], words: set[str]) -> Cell | None:
    """The cell a label points at, where `label` is one of these labels and has a value."""
    before, colon, after = re.sub("：", ":", label.text).partition(":")
    if plain_heading(before) not in labels and _unbracketed(before) not in labels:
        return None
    if colon and after.strip():
        line = label.line.cut(len(before) + 1, len(label.text))
        return Cell(line, label.row, label.column, label.last_row)
    right = (c for c in sheet.rows[label.row] if label.column < c.column <= label.column + _LABEL_REACH)
    value = next(right, None)
    if value is None or plain_heading(re.sub("：", ":", value.text).partition(":")[0]) in words:
        return None
    return value


def _unbracketed(text: str) -> str:
    return re.sub(r"\(.*?\)", "", plain_heading(text))


def _problem(reason: str, row: int, cell: str, column: str, text: str) -> Problem:
    return {"row": row, "cell": cell, "column": column, "reason": reason, "text": text}


def _listed(problems: Sequence[Problem], page: int) -> Field:
    rows: list[Row] = [dict(problem) for problem in problems]
    return Field(value=rows, raw=str(len(rows)), status=Status.READ, confidence=1.0, page=page)
