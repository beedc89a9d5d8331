"""The table of an invoice: item lines, the row of sums, the total in figures and in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from extractors._invoice_borders import parted
from extractors._invoice_cells import SIGN, Grid, figures_column, inside
from extractors._invoice_lines import Line, lines_of
from extractors._invoice_sheet import Sheet, is_in_words, made, plain_words, span_of
from extractors.model import Field, FieldValue, Status
from extractors.rows import Row, Span
from extractors.values import parse_money, parse_words

_FIGURES = re.compile(rf"^{SIGN}?-?{SIGN}?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)\.\d{{2}}$")
_SIGNED = re.compile(rf"-?{SIGN}")
_SECOND_HEADER = re.compile(r"出行人|出行日期|出发地|起运地|运输工具|交通工具|有效身份证|车牌号|建筑服务发生地")


def totals(sheet: Sheet) -> dict[str, Field]:
    """amount, tax, total, total_in_words as far as they are printed."""
    fields = _sums(sheet)
    words, figures = _in_words(sheet), _in_figures(sheet)
    if words.status is not Status.MISSING:
        fields["total_in_words"] = words
        said = parse_words(str(words.value))
        if figures.status is not Status.MISSING and said is not None:
            figures = figures.model_copy(update={"alternates": (str(said),)})
    if figures.status is not Status.MISSING:
        fields["total"] = figures
    return fields


def money(text: str) -> Decimal | None:
    """Figures with two decimals behind a currency sign, however the sign was read; None for anything else."""
    return parse_money(re.sub(SIGN, "", text)) if _FIGURES.match(text) else None


def _sums(sheet: Sheet) -> dict[str, Field]:
    """Amount and tax: the figures level with 合计, each under its heading."""
    low = sheet.header_y if sheet.header_y is not None else float("-inf")
    high = sheet.total_y if sheet.total_y is not None else float("inf")
    if sheet.sum_y is not None and sheet.total_y is not None:
        high = (sheet.sum_y + 2 * sheet.total_y) / 3
    level = [run for run in sheet.runs if low < run.middle < high and _in_sum_row(sheet, run)]
    row = [run for run in level if _beside_table(sheet, run)]
    if any(re.match(rf"-?{SIGN}", run.text) for run in row):
        row = [run for run in row if re.match(rf"-?{SIGN}|\*", run.text)]
    fields: dict[str, Field] = {}
    for name in ("amount", "tax"):
        found = [run for run in row if _sum_column(sheet, run, row) == name]
        if found:
            fields[name] = _money_field(min(found, key=lambda r: _far(sheet, r)))
    return fields


def _beside_table(sheet: Sheet, run: Row) -> bool:
    return money(run.text) is not None or bool(re.match(rf"^-?{SIGN}[\d.,-]+$", run.text)) or (
        bool(re.fullmatch(r"\*{1,4}", run.text)) and figures_column(sheet.columns, run) == "tax"
    )  # fmt: skip


def _in_sum_row(sheet: Sheet, run: Row) -> bool:
    if sheet.sum_y is None:
        return _SIGNED.match(run.text) is not None
    off = abs(run.middle - sheet.sum_y) / max(run.height, 1.0)
    return off < 0.7 or (off < 1.3 and _SIGNED.match(run.text) is not None)


def _far(sheet: Sheet, run: Row) -> float:
    return abs(run.middle - sheet.sum_y) if sheet.sum_y is not None else -run.middle


def _sum_column(sheet: Sheet, run: Row, row: Sequence[Row]) -> str | None:
    """amount or tax: by the headings, else by the order of two figures."""
    ordered = sorted(row, key=lambda r: r.left)
    if len(ordered) == 2 and ordered[1].left - ordered[0].right > run.height:
        return "amount" if run is ordered[0] else "tax"
    column = figures_column(sheet.columns, run)
    if column == "tax_rate":  # an amount that reaches under the next heading
        return "amount" if run.left < sheet.columns["tax_rate"].left else "tax"
    # Without the headings on both sides a lone figure could be either.
    return column if column in ("amount", "tax") and {"amount", "tax"} <= sheet.columns.keys() else None


def _money_field(run: Row, span: Span | None = None) -> Field:
    span = span or run.span()
    if re.fullmatch(r"\*{1,4}", run.text):
        return made(span, Decimal("0.00"))
    value: FieldValue = money(run.text)
    return made(span, value if value is not None else run.text, "" if value is not None else "malformed")


def _in_words(sheet: Sheet) -> Field:
    if sheet.total_y is None:
        return Field()
    near = [
        run for run in sheet.runs
        if abs(run.middle - sheet.total_y) < 1.2 * run.height and re.search("[\u4e00-\u9fff]", run.text)
    ]  # fmt: skip
    figures = min((m.left for m in sheet.marked("figures") if sheet.header_y is None or m.middle > sheet.header_y),
                  default=float("inf"))  # fmt: skip
    labels = max((m.right for m in sheet.marked("words")), default=float("-inf"))
    found = [run for run in near if labels <= run.left + run.height and run.left < figures]
    good = [run for run in found if is_in_words(run.text)]
    if good:
        run = max(good, key=lambda r: len(r.text))
        text = plain_words(run.text)
        return made(run.span(), text, "" if parse_words(text) is not None else "malformed")
    partly = [run for run in found if re.search("[圆元角分整拾佰仟]", run.text)]
    if partly:
        return made(span_of(partly), "".join(run.text for run in partly), "malformed")
    return Field()


def _in_figures(sheet: Sheet) -> Field:
    low = sheet.header_y if sheet.header_y is not None else float("-inf")
    for mark in sheet.marked("figures"):
        if mark.middle < low:
            continue
        for run in sheet.after(mark):
            if _beside_table(sheet, run) or re.search(r"\d", run.text):
                return _money_field(run)
    if sheet.total_y is None:
        return Field()
    level = [
        run for run in sheet.runs
        if abs(run.middle - sheet.total_y) < 0.8 * run.height and money(run.text) is not None
        and (sheet.sum_y is None or run.middle > (sheet.sum_y + sheet.total_y) / 2)
    ]  # fmt: skip
    return _money_field(level[0]) if len(level) == 1 else Field()


def items(sheet: Sheet, taken: Sequence[Field] = ()) -> list[Line]:
    """The item lines from the top; `taken` are figures that belong to the sums."""
    if sheet.header_y is None or "name" not in sheet.columns:
        return []
    body = parted(_body(sheet, taken), sheet.columns)
    rows: list[list[Row]] = []
    for row in _levels(body):
        if _SECOND_HEADER.search("".join(run.text for run in row)) and len(row) > 2:
            break
        if not _is_sum(sheet, row):
            rows.append(row)
    return lines_of(rows, Grid(sheet, [run for row in rows for run in row]))


def _body(sheet: Sheet, taken: Sequence[Field]) -> list[Row]:
    """Pieces of text between the header and the sums."""
    low = sheet.header_y or 0.0
    ends = [y for y in (sheet.sum_y, sheet.total_y) if y is not None][:1]
    ends = ends or [mark.middle for mark in sheet.marked("subtotal") if mark.middle > low][:1]
    zone = [
        run for run in sheet.runs
        if run.middle > low + 0.5 * run.height and not (ends and _is_sums(run, ends[0], taken))
    ]  # fmt: skip
    if index := sheet.columns.get("index"):
        zone = [run for run in zone if run.right > index.right + run.height or not run.text.isdigit()]
    return inside(zone, sheet.columns["name"].right)


def _is_sums(run: Row, bottom: float, taken: Sequence[Field]) -> bool:
    """Whether a piece stands below the table's body, or beside its last rows but is of the row of sums."""
    if abs(run.middle - bottom) > 2 * run.height:
        return run.middle > bottom
    span = run.span()
    return run.middle > bottom + 0.4 * run.height or any((f.box, f.raw) == (span.box, span.raw) for f in taken) or (
        run.text in ("合", "计", "合计") and abs(run.middle - bottom) < 0.7 * run.height
    )  # fmt: skip


def _is_sum(sheet: Sheet, row: Sequence[Row]) -> bool:
    """Whether a row is one of sums: 小计, or figures with a currency sign whose label was not read."""
    if any(re.match(rf"-?{SIGN}-?\d", run.text) for run in row):
        return True
    return any(abs(m.middle - row[0].middle) < 0.6 * m.height for m in sheet.marked("subtotal"))


def _levels(runs: Sequence[Row]) -> list[list[Row]]:
    """Pieces grouped into rows of the table, from the top; within a row from the left."""
    rows: list[list[Row]] = []
    for run in sorted(runs, key=lambda r: r.middle):
        y, reach = run.middle, 0.55 * run.height
        # The last piece of a row is its lowest: a row far above is looked at no closer.
        near = [row for row in rows[-2:] if y - row[-1].middle < reach and y - _level_beside(row, run) < reach]
        if near:
            near[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda r: r.left) for row in rows]


def _level_beside(row: Sequence[Row], run: Row) -> float:
    left = run.left
    return min(row, key=lambda r: abs(r.left - left)).middle
