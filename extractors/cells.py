"""Sheets of a spreadsheet as pages: which cell a line stands in, told by its box.

A cell is CELL_WIDTH × CELL_HEIGHT, A1 begins at (0, 0), a merged one is as large as the cells it covers.
Rows and columns count from 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from extractors.model import Box, Page, TextLine, rectangle
from extractors.values import compact

CELL_WIDTH, CELL_HEIGHT = 100.0, 20.0


def cell_box(row: int, column: int, last_row: int | None = None, last_column: int | None = None) -> Box:
    """The box of a cell, or of the cells a merged one covers."""
    return rectangle(
        (column - 1) * CELL_WIDTH,
        (row - 1) * CELL_HEIGHT,
        (last_column or column) * CELL_WIDTH,
        (last_row or row) * CELL_HEIGHT,
    )


def column_letters(column: int) -> str:
    """1 → A, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def cell_address(row: int, column: int, sheet: int = 1) -> str:
    """C7; on a later sheet with the sheet's number, 2!C7."""
    return f"{sheet}!" * (sheet > 1) + f"{column_letters(column)}{row}"


@dataclass(frozen=True, slots=True)
class Cell:
    """A line with its place in the sheet."""

    line: TextLine
    row: int
    column: int
    last_row: int

    @property
    def text(self) -> str:
        return self.line.text

    @property
    def plain(self) -> str:
        return compact(self.line.text)

    @property
    def address(self) -> str:
        return cell_address(self.row, self.column, self.line.page)


class Sheet:
    """One page of a spreadsheet: its cells by row, those of a row from left to right."""

    def __init__(self, page: Page) -> None:
        self.number = page.number
        self.rows: dict[int, list[Cell]] = {}
        for cell in sorted(map(_cell, page.lines), key=lambda c: (c.row, c.column)):
            self.rows.setdefault(cell.row, []).append(cell)

    def __iter__(self) -> Iterator[Cell]:
        return (cell for row in self.rows.values() for cell in row)


def _cell(line: TextLine) -> Cell:
    (left, top), _, (_, bottom), _ = line.box
    return Cell(line, round(top / CELL_HEIGHT) + 1, round(left / CELL_WIDTH) + 1, round(bottom / CELL_HEIGHT))
