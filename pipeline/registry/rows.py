"""The rows of a company table in any of its forms: CSV, Excel (.xlsx) or SQLite, Chinese or English headings.

Rows are read one at a time; only an Excel file's own list of texts is held in memory by its reader.
"""

from __future__ import annotations

import codecs
import csv
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import date, datetime
from itertools import chain, islice
from pathlib import Path
from typing import Any

from extractors.errors import UsageError

Row = tuple[int, dict[str, str]]  # its number in the file from 1, its cells by the names below; none: it is broken
Cells = Iterator[tuple[int, Sequence[Any] | None]]

# What a column may be called, the plainest name first: where a table has several, the first one counts.
HEADINGS = {
    "credit_code": (
        "统一社会信用代码", "统一社会信用代码(纳税人识别号)", "社会信用代码", "统一信用代码", "信用代码",
        "credit_code", "unified social credit code", "uscc",
    ),
    "name": (
        "企业名称", "公司名称", "单位名称", "主体名称", "市场主体名称", "经营主体名称", "机构名称", "企业(机构)名称",
        "名称", "company_name", "organisation_name", "organization_name", "name",
    ),
    "legal_representative": (
        "法定代表人", "法定代表人姓名", "法定代表人(负责人)", "法定代表人(负责人、执行事务合伙人)", "法人代表",
        "法人姓名", "法人", "负责人", "经营者", "执行事务合伙人", "投资人", "legal_representative",
        "legal representative name",
    ),
    "id_number": (
        "法定代表人证件号", "法定代表人证件号码", "法定代表人身份证号", "法定代表人身份证号码",
        "法定代表人身份证件号码", "法人身份证号", "法人证件号", "法人证件号码", "证件号码", "身份证号",
        "legal_representative_id", "id_number",
    ),
    "status": ("登记状态", "经营状态", "企业状态", "主体状态", "企业登记状态", "状态", "registration_status", "status"),
    "as_of": ("数据日期", "更新日期", "更新时间", "数据更新时间", "as_of", "updated_on", "updated_at"),
}  # fmt: skip
_NEEDED = ("credit_code", "name")
_HEAD = 20  # rows a title and notes may take before the headings
_BLOCK = 1 << 20
_SQLITE, _ZIP, _OLD_EXCEL = b"SQLite format 3\0", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_REMEDY = (
    "A CSV, .xlsx or SQLite table with 统一社会信用代码 and 企业名称 in its headings is expected (docs/registry.md)."
)


def read_rows(path: Path) -> Iterator[Row]:
    """The data rows of the table at `path`. UsageError where it is not a table with the headings needed."""
    try:
        with path.open("rb") as file:
            start = file.read(len(_SQLITE))
    except OSError as error:
        raise unusable(path, f"cannot be read ({error.strerror})") from error
    if start == _SQLITE:
        return _sqlite(path)
    if start.startswith(_ZIP):
        return _headed(path, _excel(path))
    if start.startswith(_OLD_EXCEL):
        raise unusable(path, "is an Excel file of before 2007", "Save it as .xlsx or CSV.")
    return _headed(path, _csv(path))


def unusable(path: Path, what: str, remedy: str = _REMEDY) -> UsageError:
    return UsageError(f"The registry table {path.name} {what}.", remedy=remedy)


def columns(headings: Sequence[Any]) -> dict[str, int]:
    """Which column holds what, by its heading; empty where a heading that is needed is missing."""
    at = {_folded(_text(heading)): place for place, heading in reversed(list(enumerate(headings)))}
    found = {
        name: next(at[_folded(word)] for word in words if _folded(word) in at)
        for name, words in HEADINGS.items()
        if any(_folded(word) in at for word in words)
    }
    return found if all(name in found for name in _NEEDED) else {}


def _folded(heading: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", heading).lower())


def _headed(path: Path, rows: Cells) -> Iterator[Row]:
    """The rows below the headings, wherever in the first rows those stand."""
    head = list(islice(rows, _HEAD))
    for at, (_, cells) in enumerate(head):
        if found := columns(cells or ()):
            return _named(found, chain(head[at + 1 :], rows))
    raise unusable(path, "has no heading for the credit code and the company's name in its first rows")


def _named(found: dict[str, int], rows: Iterable[tuple[int, Sequence[Any] | None]]) -> Iterator[Row]:
    for number, cells in rows:
        named = {name: _text(cells[at]) for name, at in found.items() if at < len(cells)} if cells else {}
        if cells is None or any(named.values()):
            yield number, named


def _text(cell: Any) -> str:
    if isinstance(cell, str):
        return cell.strip()
    if cell is None or isinstance(cell, bytes):
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    if isinstance(cell, datetime | date):
        return cell.isoformat()
    return str(cell)


def _csv(path: Path) -> Cells:
    """Rows of a delimited text; one that breaks its quotes comes without cells."""
    encoding = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        sample = "".join(islice(file, _HEAD))
        file.seek(0)
        delimiter = max(",\t;|", key=sample.count)
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        while True:
            try:
                yield reader.line_num + 1, next(reader)
            except csv.Error:
                yield reader.line_num, None
            except StopIteration:
                return


def _encoding(path: Path) -> str:
    """UTF-8 or UTF-16 (Excel's "Unicode text") by its mark, else whichever of UTF-8 and GB18030 the whole file is."""
    with path.open("rb") as file:
        marked = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    for encoding in ("utf-16",) if marked else ("utf-8-sig", "gb18030"):
        decoder = codecs.getincrementaldecoder(encoding)()
        try:
            with path.open("rb") as file:
                while block := file.read(_BLOCK):
                    decoder.decode(block)
                decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            continue
        return encoding
    raise unusable(path, "is not text in UTF-8, GB18030 or UTF-16")


def _excel(path: Path) -> Cells:
    from openpyxl import load_workbook

    try:
        with path.open("rb") as file, closing(load_workbook(file, read_only=True, data_only=True)) as book:
            # Only the sheet that holds the headings; a cover sheet may come first.
            sheet = next((s for s in book.worksheets if _has_headings(s)), None)
            if sheet is None:
                raise unusable(path, "has no heading for the credit code and the company's name on any sheet")
            yield from enumerate(sheet.iter_rows(values_only=True), 1)
    except (UsageError, MemoryError):
        raise
    except Exception as error:  # whatever a damaged file makes the library raise
        raise unusable(path, f"cannot be read as Excel ({type(error).__name__})") from error


def _has_headings(sheet: Any) -> bool:
    sheet.reset_dimensions()  # some programs write a wrong extent, and only that much would be read
    return any(columns(cells) for cells in sheet.iter_rows(max_row=_HEAD, values_only=True))


def _sqlite(path: Path) -> Iterator[Row]:
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
            names = connection.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
            found = {name: at for (name,) in names.fetchall() if (at := _sqlite_columns(connection, name))}
            if len(found) != 1:
                problem = "several tables" if found else "no table"
                raise unusable(path, f"has {problem} with headings for the credit code and the company's name")
            name, at = next(iter(found.items()))
            yield from _named(at, enumerate(connection.execute(f"SELECT * FROM {_quoted(name)}"), 1))  # noqa: S608
    except sqlite3.Error as error:
        raise unusable(path, f"cannot be read as SQLite ({type(error).__name__})") from error


def _sqlite_columns(connection: sqlite3.Connection, name: str) -> dict[str, int]:
    cursor = connection.execute(f"SELECT * FROM {_quoted(name)} LIMIT 0")  # noqa: S608
    return columns([column[0] for column in cursor.description])


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
