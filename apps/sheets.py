"""Workbooks and CSV for people: frozen headings, filters, colours, and no cell that a program would run or shorten."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import IO, Any
from urllib.parse import quote
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.writer.excel import ExcelWriter

from apps.words import pick, visible
from validators.findings import Bilingual

Value = str | int | Decimal | date | None

# Fill colours, chosen to stay apart for colour-blind readers too; what they mean is written in the row as well.
BAD, DOUBT, GOOD, TWICE, HEAD = "F8CBAD", "FFE699", "C6E0B4", "BDD7EE", "D9D9D9"
WIDEST = 60
_LONGEST = 32_767  # characters a cell can hold
_ROWS = 1_048_576
_LINKS = 65_000  # a sheet with more than 65,530 is called damaged by Excel
_IN_LINK = re.compile(r'[\x00-\x20%#?"<>\\^`{|}\ufffe\uffff]')


@dataclass(frozen=True, slots=True)
class Shown:
    """A cell: its value, the colour behind it, and the file it leads to, relative to the workbook."""

    value: Value
    colour: str = ""
    link: str = ""


@dataclass(slots=True)
class Sheet:
    """A sheet written row by row, of a workbook opened for writing only; `close` it before the workbook is saved.

    More rows than a sheet can hold go on in another of the same title and number.
    """

    book: Workbook
    title: str
    headings: Sequence[Bilingual]
    widths: Sequence[int] = ()  # at least as wide as the headings
    _sheet: Any = field(init=False)
    _number: int = field(init=False, default=0)
    _rows: int = field(init=False, default=0)
    _links: int = field(init=False, default=0)
    _looks: dict[tuple[Any, ...], Any] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self._start()

    def _start(self) -> None:
        self._number, self._rows, self._links = self._number + 1, 1, 0
        self._sheet = self.book.create_sheet(self.title if self._number == 1 else f"{self.title} {self._number}")
        self._sheet.freeze_panes = "B2"
        names = [pick(heading, "both", "\n") for heading in self.headings]
        for at, name in enumerate(names):
            wide = max([width_of(name), *self.widths[at : at + 1]])
            self._sheet.column_dimensions[get_column_letter(at + 1)].width = min(WIDEST, wide + 2)
        self._sheet.append([self._cell(Shown(name, HEAD), bold=True) for name in names])

    def append(self, row: Iterable[Shown]) -> None:
        if self._rows >= _ROWS:
            self.close()
            self._start()
        self._sheet.append([self._cell(shown) for shown in row])
        self._rows += 1

    def close(self) -> None:
        self._sheet.auto_filter.ref = f"A1:{get_column_letter(len(self.headings))}{self._rows}"

    def _cell(self, shown: Shown, *, bold: bool = False) -> Any:
        value = shown.value
        if value in (None, "") and not shown.colour:
            return None
        is_link = bool(shown.link) and self._links < _LINKS
        made: Any = WriteOnlyCell(self._sheet)
        made.value = visible(value)[:_LONGEST] if isinstance(value, str) else value
        if isinstance(value, str):
            made.data_type = "s"  # never a formula
        if is_link:
            self._links += 1
            made.hyperlink = _IN_LINK.sub(lambda sign: quote(sign[0]), shown.link)
        look = (type(value), isinstance(value, str) and "\n" in value, shown.colour, is_link, bold)
        if look not in self._looks:
            self._looks[look] = self._styled(*look)
        made._style = self._looks[look]
        return made

    def _styled(self, kind: type, wrapped: bool, colour: str, is_link: bool, bold: bool) -> Any:
        """A style, made once: setting its parts on every cell takes most of the time a workbook takes."""
        made: Any = WriteOnlyCell(self._sheet)
        if kind is str:
            made.number_format = "@"  # never a number
            made.alignment = Alignment(wrap_text=wrapped, vertical="top")
        elif issubclass(kind, date):
            made.number_format = "yyyy-mm-dd"
        if colour:
            made.fill = PatternFill("solid", fgColor=colour)
        if is_link or bold:
            made.font = Font(bold=True) if bold else Font(color="0563C1", underline="single")
        return made._style


@contextmanager
def new_workbook() -> Iterator[Workbook]:
    """A workbook whose rows go to disk as they come; where the block fails, what went there is taken away."""
    book = Workbook(write_only=True)
    try:
        yield book
    except BaseException:
        sheets: list[Any] = list(book.worksheets)
        for sheet in sheets:
            with suppress(Exception):  # the first failure is the one to tell
                sheet.close()
                sheet._writer.cleanup()
        raise


def save(book: Workbook, file: IO[bytes]) -> None:
    """Write a workbook. Where the disk fills up its archive is closed here: left over, it would complain on stderr."""
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()


def width_of(value: Value) -> int:
    """Columns a value takes in a sheet: a Chinese character takes two."""
    lines = str("" if value is None else value).split("\n")
    return max(sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in lines)


def csv_lines(rows: Iterable[Sequence[Value]]) -> Iterator[bytes]:
    """CSV as Excel opens it: with a byte order mark, and no cell that it would take for a formula."""
    yield b"\xef\xbb\xbf"
    yield from map(csv_line, rows)


def csv_line(row: Sequence[Value]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerow([guarded(value) for value in row])
    return text.getvalue().encode("utf-8", "replace")


def guarded(value: Value) -> str:
    """Long numbers keep their digits and formulas stay text: a tab before them, as accounting programs do."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    shown = "" if value is None else visible(str(value))
    long_number = isinstance(value, str) and value.isdigit() and (len(value) > 11 or value.startswith("0"))
    return f"\t{shown}" if shown[:1] in tuple("=+-@\t\r") or long_number else shown
