"""The goods of one invoice over all its pages: the table itself, its further pages, and attached lists (销货清单).

Some issuers print the total on every page. Once the lines add up to it, a further page is a further copy
(抵扣联, 发票联), unless it is a list: copies add no goods.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from extractors._invoice_columns import simpler
from extractors._invoice_lines import Line, refers_to_list, whole
from extractors._invoice_sheet import LOW_CONFIDENCE, Sheet, made, span_of
from extractors._invoice_table import items, totals
from extractors._invoice_vehicle import vehicle
from extractors.model import Field, Item, Status

PAGE_OF = re.compile(r"第(\d+)(?:/\d+)?页")
_TOTALS = {"total", "total_in_words"}
_LIST_TITLE = re.compile(r"(?:货物|劳务|服务|销售|销货).{0,12}清单|^清单$|发票清单")


def goods(sheets: Sequence[Sheet]) -> tuple[list[Sheet], dict[str, Field]]:
    """The pages of the invoice itself, and items, amount, tax, total, total_in_words from all its pages in order."""
    fields: dict[str, Field] = {}
    tables: list[tuple[Sheet, list[Line]]] = []
    lists: list[tuple[Sheet, list[Line]]] = []
    listed: dict[str, Field] = {}
    for sheet in sheets:
        if sheet.header_y is None and tables and not _complete(tables, fields):
            sheet.continue_table(tables[-1][0].columns, tables[-1][0].page.width)
        sums = totals(sheet)
        lines = items(sheet, tuple(sums.values()))
        if is_list(sheet):
            lists.append((sheet, lines))
            listed |= sums if any(mark.text.text == "总计" for mark in sheet.marked("subtotal")) else {}
            continue
        ended = bool(_TOTALS & fields.keys())
        if not ended or _goes_on(sheet, lines, tables, fields):
            tables.append((sheet, lines))
        if not ended:
            fields |= sums
        fields |= {name: _compared(fields[name], found) for name, found in sums.items() if name in fields}
    printed, on_lists = _field(tables), _field(lists)
    if any(map(refers_to_list, _values(printed))):
        # Such invoices may leave the row of sums to the list.
        fields = listed | fields
    if found := _items(printed, on_lists):
        fields["items"] = found
    elif sheets:
        fields |= vehicle(sheets[0])
    return [sheet for sheet, _ in tables] or list(sheets[:1]), fields


def _goes_on(
    sheet: Sheet, lines: Sequence[Line], tables: Sequence[tuple[Sheet, list[Line]]], fields: dict[str, Field]
) -> bool:
    """Whether a page after one with the total has further lines of the invoice: no copy of lines that are there."""
    if not lines or _complete(tables, fields):
        return False
    page, seen = _page_number(sheet), {_page_number(before) for before, _ in tables}
    if page is not None:
        return page not in seen
    there = {_cells(line) for _, found in tables for line in found}
    return "amount" in fields and not any(_cells(line) in there for line in lines)


def _complete(tables: Sequence[tuple[Sheet, list[Line]]], fields: dict[str, Field]) -> bool:
    """Whether the lines so far add up to the amount that is printed (a page without the total prints a part)."""
    if not _TOTALS & fields.keys() or "amount" not in fields:
        return False
    amounts = [line.number("amount") for _, lines in tables for line in lines]
    return sum((amount for amount in amounts if amount is not None), Decimal(0)) == fields["amount"].value


def _cells(line: Line) -> tuple[str, ...]:
    return tuple(line.text(column) for column in ("name", "spec", "quantity", "amount", "tax"))


def _page_number(sheet: Sheet) -> int | None:
    found = PAGE_OF.search("".join(simpler(run.text) for run in sheet.runs))
    return int(found.group(1)) if found else None


def is_list(sheet: Sheet) -> bool:
    """Whether a page is a list of goods that belongs to an invoice: titled so, or its lines are numbered."""
    if sheet.marked("words"):
        return False
    if "index" in sheet.columns:
        return True
    low = sheet.header_y if sheet.header_y is not None else float("-inf")
    return any(_LIST_TITLE.search(simpler(run.text)) for run in sheet.runs if run.middle < low)


def _compared(first: Field, copy: Field) -> Field:
    """A sum with what a further copy of the invoice says of it."""
    if copy.status is not Status.READ or first.status is not Status.READ or copy.value == first.value:
        return first
    others = (*first.alternates, str(copy.value))
    return first.model_copy(update={"status": Status.DOUBTFUL, "reason": "copies_differ", "alternates": others})


def _items(printed: Field | None, listed: Field | None) -> Field | None:
    """The lines of the table; where it refers to a list that is there, the lines of the list."""
    refers = [item for item in _values(printed) if refers_to_list(item)]
    others = [item for item in _values(printed) if not refers_to_list(item)]
    if printed is None or not refers:
        return printed or listed
    if listed is None:
        return printed.model_copy(update={"reason": printed.reason or "list_not_attached"})
    items = listed.model_copy(update={"value": others + _values(listed)})
    if listed.status is Status.READ and _sums(_values(listed)) != _sums(refers):
        return items.model_copy(update={"status": Status.DOUBTFUL, "reason": "list_differs"})
    return items


def _values(field: Field | None) -> list[Item]:
    value = field.value if field else None
    return [item for item in value if isinstance(item, Item)] if isinstance(value, list) else []


def _sums(lines: Sequence[Item]) -> tuple[Decimal, Decimal]:
    amounts = sum((line.amount for line in lines if line.amount is not None), Decimal(0))
    return amounts, sum((line.tax for line in lines if line.tax is not None), Decimal(0))


def _field(tables: Sequence[tuple[Sheet, list[Line]]]) -> Field | None:
    """The lines of several pages as one field: its place is that on the first page, its confidence the weakest."""
    lines = [line for _, found in tables for line in found]
    if not lines:
        return None
    values = [line.item() for line in lines]
    rated = any("tax_rate" in sheet.columns for sheet, _ in tables)
    reason = "" if all(whole(value, rated=rated) for value in values) else "incomplete"
    spans = [span_of([token for line in found for token in line.tokens]) for _, found in tables if found]
    confidence = min(span.confidence for span in spans)
    reason = reason or ("low_confidence" if confidence < LOW_CONFIDENCE else "")
    field = made(spans[0], values, reason)
    repaired = any(line.repaired for line in lines)
    raw = field.raw if len(spans) == 1 else "\n".join(span.raw for span in spans)
    reason = field.reason or ("repaired" if repaired else "")
    return field.model_copy(update={"raw": raw, "confidence": round(confidence, 4), "reason": reason})
