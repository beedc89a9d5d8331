"""Spreadsheets for tests: filled by openpyxl, or by hand where it must be something openpyxl would not write."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl

from extractors.model import Page
from pipeline.opening import open_file
from pipeline.pages import OpenedFile
from pipeline.settings import Settings

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def book(*sheets: Sequence[Sequence[Any]]) -> bytes:
    """A workbook with these rows on its sheets."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for rows in sheets:
        sheet = made.create_sheet()
        for row in rows:
            sheet.append(list(row))
    return saved(made)


def saved(made: openpyxl.Workbook) -> bytes:
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def by_hand(
    rows: str, *, strings: str = "", styles: str = "", before: str = "", after: str = "", sheet: str = ""
) -> bytes:
    """A workbook of one sheet from the XML of its rows; `before` stands above its root, `after` behind its data."""
    kinds = {"worksheet": "sheet.xml", "sharedStrings": "strings.xml", "styles": "styles.xml"}
    links = "".join(f'<Relationship Id="r{k}" Type="{REL}/{k}" Target="{v}"/>' for k, v in kinds.items())
    main = f'<Relationship Id="a" Type="{REL}/officeDocument" Target="xl/workbook.xml"/>'
    sheets = '<sheets><sheet name="A" r:id="rworksheet"/></sheets>'
    parts = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": f"<Relationships>{main}</Relationships>",
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{REL}">{sheets}</workbook>',
        "xl/_rels/workbook.xml.rels": f"<Relationships>{links}</Relationships>",
        "xl/strings.xml": f"<sst {MAIN}>{strings}</sst>",
        "xl/styles.xml": f"<styleSheet {MAIN}>{styles}</styleSheet>",
        "xl/sheet.xml": sheet or f"{before}<worksheet {MAIN}><sheetData>{rows}</sheetData>{after}</worksheet>",
    }
    return zipped(parts)


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def with_part(data: bytes, name: str, content: str | bytes) -> bytes:
    """The same file with one more part, or another content for one."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {part: archive.read(part) for part in archive.namelist()}
    return zipped({**parts, name: content})


def opened(folder: Path, data: bytes, limits: Settings | None = None, name: str = "book.xlsx") -> OpenedFile:
    path = folder / name
    path.write_bytes(data)
    return open_file(path, name, limits or Settings())


def pages(folder: Path, data: bytes) -> list[Page]:
    """The workbook as extractors see it."""
    return [
        Page(page.number, page.width, page.height, page.lines or (), page.source)
        for page in opened(folder, data).pages
    ]  # fmt: skip
