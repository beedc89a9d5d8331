"""Excel workbooks (.xlsx) as pages of text lines: one page a visible sheet, one line a filled cell.

Values are read as the file holds them: no formula is worked out, no macro run, no link followed. What a file
unpacks to is bounded before it is unpacked, and cells are counted while they are read.
"""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence

from extractors.cells import CELL_HEIGHT, CELL_WIDTH, cell_address, cell_box
from extractors.errors import DocumentError
from extractors.model import Source, TextLine
from pipeline.pages import Image, Opened, OpenedPage
from pipeline.settings import Settings
from pipeline.unreadable import NO_PICTURE, unreadable
from pipeline.workbook import Place, RawSheet, Workbook
from pipeline.zip_directory import check_packing
from validators.findings import Finding, finding

_MAX_PARTS = 5_000  # files inside the workbook
_MAX_COVERED = 200_000  # cells under merged ones; areas of whole columns are left out
_NAMED = 5  # cells a finding names one by one


def open_spreadsheet(data: bytes, name: str, settings: Settings) -> Opened:
    """The visible sheets that hold anything, and what is worth telling of the file.

    Raises DocumentError with a FILE_… code.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _check_parts(archive, settings)
            pages, told = _read(archive, name, settings)
            return Opened(pages, findings=tuple(told))
    except (DocumentError, MemoryError):
        raise
    except Exception as error:  # whatever a broken or hostile file makes the libraries raise
        raise DocumentError("FILE_DAMAGED", type(error).__name__) from error


def _check_parts(archive: zipfile.ZipFile, settings: Settings) -> None:
    """Sizes, macros and dialects, from the directory of the archive."""
    parts = archive.infolist()
    check_packing(*parts)
    # Pictures are never unpacked; one of a size no picture has may be something else by another name.
    text = sum(part.file_size for part in parts if not part.filename.startswith("xl/media/"))
    if len(parts) > _MAX_PARTS or max(text, *(part.file_size for part in parts)) > settings.max_unpacked_bytes:
        raise DocumentError("FILE_DECODED_TOO_LARGE", limit_mb=settings.max_unpacked_bytes // 1_000_000)
    names = {part.filename for part in parts}
    if any(part.flag_bits & 1 for part in parts):
        raise DocumentError("FILE_ENCRYPTED")
    if "xl/vbaProject.bin" in names or b"macroEnabled" in archive.read("[Content_Types].xml"):
        raise DocumentError("FILE_HAS_MACROS")
    if "xl/workbook.bin" in names:
        raise DocumentError("FILE_OTHER_SPREADSHEET", found="Excel .xlsb")


def _read(archive: zipfile.ZipFile, name: str, settings: Settings) -> tuple[list[OpenedPage], list[Finding]]:
    book = Workbook(archive, settings.max_cells)
    if len(book) > settings.max_pages:
        raise DocumentError("FILE_TOO_MANY_PAGES", limit=settings.max_pages)
    pages: list[OpenedPage] = []
    unsolved: list[str] = []
    for sheet in book.sheets():
        number = len(pages) + 1
        unsolved += [cell_address(*place, number) for place in sheet.unsolved]
        if lines := _lines(sheet, number):
            pages.append(_page(lines, number))
    if not pages and not unsolved:
        raise DocumentError("FILE_NO_CELLS")
    return pages, list(_told(archive, name, unsolved))


def _lines(sheet: RawSheet, page: int) -> list[TextLine]:
    """The filled cells; of merged ones the first, as large as all of them."""
    covered = set(_covered(sheet))
    return [
        TextLine(cell.text, cell_box(*place, *sheet.merged.get(place, place)), 1.0, page, cell.numeric)
        for cell in sheet.cells
        if (place := (cell.row, cell.column)) not in covered
    ]


def _covered(sheet: RawSheet) -> Iterator[Place]:
    """Places under a merged cell: what they hold is not shown."""
    left = _MAX_COVERED
    for (top, start), (bottom, end) in sheet.merged.items():
        left -= max(0, bottom - top + 1) * max(0, end - start + 1)
        if left < 0:
            return
        yield from (
            (row, column)
            for row in range(top, bottom + 1)
            for column in range(start, end + 1)
            if (row, column) != (top, start)
        )


def _told(archive: zipfile.ZipFile, name: str, unsolved: Sequence[str]) -> Iterator[Finding]:
    if unsolved:
        more = f" … ({len(unsolved)})" if len(unsolved) > _NAMED else ""
        yield finding("FILE_FORMULA_WITHOUT_VALUE", document=name, actual=", ".join(unsolved[:_NAMED]) + more)
    if any(part.startswith("xl/externalLinks/") for part in archive.namelist()):
        yield finding("FILE_EXTERNAL_LINKS", document=name)


def _page(lines: Sequence[TextLine], number: int) -> OpenedPage:
    width = int(max(line.right for line in lines) + CELL_WIDTH)
    height = int(max(line.bottom for line in lines) + CELL_HEIGHT)
    return OpenedPage(number, width, height, _no_picture, tuple(lines), Source.XLSX)


def _no_picture() -> Image:
    raise unreadable(NO_PICTURE)
