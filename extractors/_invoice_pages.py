"""How invoices lie on the pages of a file: several on one page, one over several pages, lists behind them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from extractors._invoice_columns import headers, simpler
from extractors._invoice_head import head
from extractors._invoice_list import PAGE_OF, is_list
from extractors._invoice_sheet import Sheet, rows_on
from extractors.model import Field, Page, Paging, Status
from extractors.rows import Row, slant

_LIST_CODE = re.compile(r"代码:?(\d{10}(?:\d{2})?)(?!\d)")
_LIST_NUMBER = re.compile(r"号码:?(\d{20}|\d{8})(?!\d)")
_FOOT = re.compile(r"开票人|收款人|复核|价税合计|\(?小写\)")
_HEAD = re.compile(r"发票代码|发票号码|开票日期|机器编号|增值税|电子发票|(?:普通|专用)发票")


def paging(page: Page) -> Paging:
    """The code and number a page shows, and whether it is no first page."""
    sheet = Sheet(page)
    above = [run for run in sheet.runs if sheet.header_y is None or run.middle < sheet.header_y]
    text = simpler("".join(run.text for run in above))
    later = any(int(number) > 1 for number in PAGE_OF.findall(text))
    if is_list(sheet):
        labelled = simpler("".join(row.text for row in rows_on(page) if sheet.header_y is None
                                   or row.middle < sheet.header_y))  # fmt: skip
        code, number = _LIST_CODE.search(labelled), _LIST_NUMBER.search(labelled)
        return Paging(code.group(1) if code else "", number.group(1) if number else "", True)
    fields = head(sheet)
    return Paging(_sure(fields, "invoice_code"), _sure(fields, "invoice_number"), later)


def _sure(fields: dict[str, Field], name: str) -> str:
    found = fields.get(name, Field())
    return str(found.value) if found.status is Status.READ else ""


def cuts(page: Page) -> list[float]:
    """Heights, in pixels, between invoices printed one below the other; none where there is one."""
    # Both 金额 and 税额 stand above every table: a page with fewer holds one.
    if sum(line.text.count("额") + line.text.count("額") for line in page.lines) < 3:
        return []
    rows = rows_on(page)
    tables = headers(rows)
    slope = slant(page.lines) * page.width / 2
    found = [_between(rows, above, below) for above, below in pairwise(tables)]
    return [y + slope for y in found if y is not None]


def _between(rows: Sequence[Row], above: Row, below: Row) -> float | None:
    """The middle of the widest gap from the foot of one invoice to the head of the next."""
    inner = sorted((row for row in rows if above.middle < row.middle < below.middle), key=lambda row: row.middle)
    feet = [row for row in inner if _FOOT.search(simpler(row.text))]
    if not feet:
        return None
    foot = max(row.middle for row in feet)
    heads = [row.middle for row in inner if row.middle > foot and _HEAD.search(simpler(row.text))]
    if not heads:
        return None
    edge = [row for row in inner if foot <= row.middle <= min(heads)]
    gaps = [(b.middle - b.height / 2 - a.middle - a.height / 2, a.middle + a.height / 2) for a, b in pairwise(edge)]
    widest, start = max(gaps)
    return start + widest / 2
