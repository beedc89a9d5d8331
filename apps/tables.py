"""Tables of a form as people see them: headings in both languages, numbers of persons masked.

The report itself holds every digit; what is shown keeps the first six and last four at most (CIIE-2.1).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps import words
from apps.words import shown, two
from extractors.columns import MASKED, Column
from extractors.table import TableForm, table_forms
from validators.findings import Bilingual

_SHOWN = 200  # rows of one table; the report holds the rest
_HEADINGS = {
    "row": two("行", "Row"),
    "cell": two("单元格", "Cell"),
    "column": two("列", "Column"),
    "reason": two("问题", "Problem"),
    "text": two("内容", "Text"),
}


@dataclass(frozen=True, slots=True)
class TableView:
    headings: list[Bilingual]
    rows: list[list[Bilingual]]
    left_out: int  # rows that are not shown


def masked(number: str) -> str:
    """A number with at least four characters hidden: 110105********002X, 138****0000, E1****678."""
    hidden = max(len(number) - 10, 4)
    left = max(len(number) - hidden, 0)
    tail = min(4, (left + 1) // 2)
    return number[: left - tail] + "*" * (len(number) - left) + number[len(number) - tail :]


def table_view(type_id: str, rows: Sequence[Mapping[str, Any]]) -> TableView | None:
    """The rows of a TABLE field of a document; None where there are none."""
    if not rows:
        return None
    form = table_forms().get(type_id)
    keys = list(dict.fromkeys(key for row in rows[:_SHOWN] for key in row))
    return TableView(
        [_heading(form, key) for key in keys],
        [[_cell(form, key, row) for key in keys] for row in rows[:_SHOWN]],
        max(len(rows) - _SHOWN, 0),
    )


def _heading(form: TableForm | None, key: str) -> Bilingual:
    column = form.column(key) if form else None
    return two(column.zh, column.en) if column else _HEADINGS.get(key) or words.field_name("", key)


def _cell(form: TableForm | None, key: str, row: Mapping[str, Any]) -> Bilingual:
    text = shown(row.get(key))
    if key == "column":
        return _heading(form, text)
    if key == "reason":
        return words.reason(text)
    column = form.column(str(row["column"]) if key == "text" else key) if form else None
    if column and column.kind in MASKED:
        text = masked(text)
    return _choice(column, text)


def _choice(column: Column | None, text: str) -> Bilingual:
    known = dict(column.choices).get(text) if column else None
    return two(known[0], known[-1]) if known else two(text, text)
