"""The table of an invoice: item lines, the row of sums, the total in figures and in words.

Cells are told by the column headings above them. Where cells run into each other the rate is the
anchor: the amount stands left of it, the tax right of it.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from extractors._invoice_sheet import WORDS, Sheet, made, plain_words, span_of
from extractors.model import Field, FieldValue, Item, Status
from extractors.rows import Row, Span
from extractors.values import parse_money, parse_words

_SIGN = r"[¥Y羊半￥]"
_FIGURES = re.compile(rf"^{_SIGN}?-?{_SIGN}?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)\.\d{{2}}$")
_NO_TAX = re.compile(r"\*{1,4}|免税|不征税|-{1,4}|—+")
_RATE = re.compile(r"\d{1,2}(?:\.\d{1,2})?%|免税|不征税|(?:出口|普通)?零税率|\*{1,4}|简易征收|按\d(?:\.\d)?%.*征收")
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?")
# Two cells read as one: an amount with its rate, a rate with its tax.
_MERGED = re.compile(r"(-?[\d,]+\.\d{2})(\d{1,2}(?:\.\d)?%|免税|不征税|\*{1,3})?(-?[\d,]*\.?\d*|\*{1,3})")
_SECOND_HEADER = re.compile(r"出行人|出行日期|出发地|起运地|运输工具|交通工具|有效身份证|车牌号|建筑服务发生地")


@dataclass
class _Line:
    """The cells of one item as they are gathered, row by row."""

    cells: dict[str, list[Row]] = field(default_factory=dict)

    def add(self, column: str, token: Row) -> None:
        self.cells.setdefault(column, []).append(token)

    def text(self, column: str) -> str:
        return "".join(token.text for token in self.cells.get(column, ()))

    def number(self, column: str) -> Decimal | None:
        return parse_money(self.text(column))

    @property
    def tokens(self) -> list[Row]:
        return [token for tokens in self.cells.values() for token in tokens]

    def item(self) -> Item:
        """Money that stands as stars or a dash is no money: None."""
        return Item(
            name=self.text("name"), spec=self.text("spec"), unit=self.text("unit"),
            quantity=self.number("quantity"), unit_price=self.number("unit_price"),
            amount=self.number("amount"), tax_rate=self.text("tax_rate"), tax=self.number("tax"),
        )  # fmt: skip


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
    return parse_money(re.sub(_SIGN, "", text)) if _FIGURES.match(text) else None


def _sums(sheet: Sheet) -> dict[str, Field]:
    """Amount and tax: the figures level with 合计, each under its heading."""
    low = sheet.header_y if sheet.header_y is not None else float("-inf")
    high = sheet.total_y if sheet.total_y is not None else float("inf")
    if sheet.sum_y is not None and sheet.total_y is not None:
        high = (sheet.sum_y + 2 * sheet.total_y) / 3
    figures = [run for run in sheet.runs if low < run.middle < high and _beside_table(sheet, run)]
    row = [run for run in figures if _in_sum_row(sheet, run)]
    marked = [run for run in row if re.match(rf"-?{_SIGN}", run.text)]
    row = marked or row
    fields: dict[str, Field] = {}
    for name in ("amount", "tax"):
        found = [run for run in row if _sum_column(sheet, run, row) == name]
        if found:
            fields[name] = _money_field(min(found, key=lambda r: _far(sheet, r)))
    return fields


def _beside_table(sheet: Sheet, run: Row) -> bool:
    return money(run.text) is not None or bool(re.match(rf"^-?{_SIGN}[\d.,-]+$", run.text)) or (
        bool(re.fullmatch(r"\*{1,4}", run.text)) and _column(sheet, run) == "tax"
    )  # fmt: skip


def _in_sum_row(sheet: Sheet, run: Row) -> bool:
    signed = re.match(rf"-?{_SIGN}", run.text) is not None
    if sheet.sum_y is None:
        return signed
    return abs(run.middle - sheet.sum_y) < (1.3 if signed else 0.7) * max(run.height, 1.0)


def _far(sheet: Sheet, run: Row) -> float:
    return abs(run.middle - sheet.sum_y) if sheet.sum_y is not None else -run.middle


def _sum_column(sheet: Sheet, run: Row, row: Sequence[Row]) -> str | None:
    """amount or tax: by the headings, else by the order of two figures."""
    ordered = sorted(row, key=lambda r: r.left)
    if len(ordered) == 2 and ordered[1].left - ordered[0].right > run.height:
        return "amount" if run is ordered[0] else "tax"
    column = _column(sheet, run)
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
    good = [run for run in found if WORDS.fullmatch(plain_words(run.text))]
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


def items(sheet: Sheet, taken: Iterable[Field] = ()) -> tuple[list[Item], Span]:
    """The item lines with their place; `taken` are figures that belong to the sums."""
    if sheet.header_y is None or "name" not in sheet.columns:
        return [], Span()
    low = sheet.header_y
    bottom = next((y for y in (sheet.sum_y, sheet.total_y) if y is not None), None)
    sums = {(f.box, f.raw) for f in taken}
    zone = [
        run for run in sheet.runs
        if run.middle > low + 0.5 * run.height
        and (bottom is None or run.middle < bottom + 0.4 * run.height)
        and (run.span().box, run.span().raw) not in sums
        and run.text not in ("合", "计", "合计")
    ]  # fmt: skip
    names = [run for run in zone if run.left < sheet.columns["name"].right]
    zone = [run for run in zone if not _outside(names, run)]
    lines: list[_Line] = []
    pending: list[tuple[str, Row]] = []
    for row in _levels(zone):
        text = "".join(run.text for run in row)
        if _SECOND_HEADER.search(text) and len(row) > 2:
            break
        if "小计" in text or any(abs(m.middle - row[0].middle) < 0.6 * m.height for m in sheet.marked("subtotal")):
            continue
        if any(re.match(rf"-?{_SIGN}-?\d", run.text) for run in row):
            continue  # a row of sums whose label was not read
        cells = _cells(sheet, row)
        if any(column == "amount" for column, _ in cells):
            lines.append(_Line())
            cells = [*pending, *cells]
            pending = []
        if lines:
            for column, token in cells:
                lines[-1].add(column, token)
        else:
            pending += cells
    tokens = [token for line in lines for token in line.tokens]
    return [line.item() for line in lines], span_of(tokens)


def _outside(names: Sequence[Row], run: Row) -> bool:
    """Whether a piece stands left of where the names begin: print of the paper's edge, no name."""
    lefts = [name.left for name in names if len(name.text) > 2]
    return bool(lefts) and len(run.text) <= 3 and run.right < statistics.median(lefts)


def _levels(runs: Sequence[Row]) -> list[list[Row]]:
    """Pieces grouped into rows of the table, from the top; within a row from the left."""
    rows: list[list[Row]] = []
    for run in sorted(runs, key=lambda r: r.middle):
        near = [row for row in rows[-2:] if abs(_level_beside(row, run) - run.middle) < 0.55 * run.height]
        if near:
            near[-1].append(run)
        else:
            rows.append([run])
    return [sorted(row, key=lambda r: r.left) for row in rows]


def _level_beside(row: Sequence[Row], run: Row) -> float:
    return min(row, key=lambda r: abs(r.left - run.left)).middle


def _cells(sheet: Sheet, row: Sequence[Row]) -> list[tuple[str, Row]]:
    """The pieces of one table row with the columns they stand in."""
    name_end, spec_end, text_end = _text_borders(sheet)
    cells: list[tuple[str, Row]] = []
    numeric: list[Row] = []
    for run in row:
        for token in _tokens(run, text_end):
            centre = (token.left + token.right) / 2
            figures = _NUMBER.fullmatch(token.text) or _RATE.fullmatch(token.text) or _NO_TAX.fullmatch(token.text)
            if centre >= text_end and figures:
                numeric.append(token)
            elif token.left < name_end and not (cells and _under(sheet, "spec", token, cells[-1][1])):
                cells.append(("name", token))
            elif centre < spec_end and "spec" in sheet.columns:
                cells.append(("spec", token))
            elif centre < text_end and "unit" in sheet.columns:
                cells.append(("unit", token))
    return cells + _numeric(sheet, sorted(numeric, key=lambda t: t.left))


def _under(sheet: Sheet, name: str, token: Row, before: Row) -> bool:
    """Whether a token that stands apart from the one before it reaches under a heading."""
    heading = sheet.columns.get(name)
    return heading is not None and token.right > heading.left and token.left - before.right > token.height


def _text_borders(sheet: Sheet) -> tuple[float, float, float]:
    """Right ends of the columns of name, specification and unit."""
    columns = sheet.columns
    order = [columns[name] for name in ("name", "spec", "unit", "quantity", "unit_price", "amount") if name in columns]
    body = [
        run for run in sheet.runs
        if sheet.header_y is not None and run.middle > sheet.header_y + 0.5 * run.height
        and run.left < columns["name"].right and (sheet.sum_y is None or run.middle < sheet.sum_y - 0.6 * run.height)
    ]  # fmt: skip
    body = [run for run in body if not _outside(body, run)]
    start = min((run.left for run in body), default=columns["name"].left)
    # Headings are centred: the name column reaches as far right of its heading as left of it.
    nexts = order[1] if len(order) > 1 else columns["name"]
    name_end = min(max(2 * columns["name"].centre - start, columns["name"].right), nexts.left)
    if sheet.digital:
        name_end = nexts.left - 0.5 * (body[0].height if body else 0.0)
    # What stands apart from a name in its row begins the next column, wherever the heading stands.
    apart = [
        run.left - 0.3 * run.height for run in sheet.runs for name in body
        if abs(run.middle - name.middle) < 0.4 * run.height and 1.5 * run.height < run.left - name.right
        and columns["name"].right < run.left < name_end
    ]  # fmt: skip
    name_end = min([name_end, *apart])
    if "unit" in columns and "spec" in columns:
        spec_end = (columns["spec"].right + columns["unit"].left) / 2
    else:
        spec_end = name_end if "spec" not in columns else columns["spec"].right
    last = columns.get("unit") or columns.get("spec") or columns["name"]
    after = next((c for c in order if c.left > last.right), None)
    text_end = (last.right + after.left) / 2 if after else last.right
    return name_end, spec_end, text_end


def _tokens(run: Row, text_end: float) -> list[Row]:
    """A piece cut at printed spaces, and between cells that were read as one, where the columns of figures begin."""
    if run.right < text_end:
        return [run]
    parts: list[Row] = []
    start = 0
    for at in range(1, len(run.chars) + 1):
        if at == len(run.chars) or (run.chars[at].starts and run.chars[at].index):
            parts.append(Row(run.chars[start:at]))
            start = at
    tokens: list[Row] = []
    for part in parts:
        match = _MERGED.fullmatch(part.text)
        rate_first = re.fullmatch(r"(\d{1,2}(?:\.\d)?%|免税|不征税)(-?[\d,]+\.\d{2}|\*{1,3})", part.text)
        cut = match if match and match.group(2) else rate_first
        if cut:
            tokens += [Row(part.chars[a:b]) for a, b in (cut.span(i + 1) for i in range(len(cut.groups()))) if b > a]
        else:
            tokens.append(part)
    return tokens


def _numeric(sheet: Sheet, tokens: Sequence[Row]) -> list[tuple[str, Row]]:
    """Figures of one row to quantity, price, amount, rate and tax, in this order."""
    # Stars stand for a rate or for a tax: the first of them is the rate.
    rates = [t for t in tokens if _RATE.fullmatch(t.text)]
    placed = {id(t): _column(sheet, t) for t in tokens}
    if rates:
        rate = rates[0]
        at = list(tokens).index(rate)
        left, right = list(tokens[:at]), list(tokens[at + 1 :])
        cells = [("tax_rate", rate)] + [("tax", t) for t in right[:1]]
        before_rate = ("amount", "tax_rate", "unit_price")
        if left and placed[id(left[-1])] in before_rate and re.search(r"\.\d{2}$", left[-1].text):
            cells.append(("amount", left.pop()))
        if len(left) == 2:
            return [*cells, ("quantity", left[0]), ("unit_price", left[1])]
        return cells + [(_before_amount(sheet, t), t) for t in left]
    return [(column, t) for t in tokens if (column := placed[id(t)]) in ("quantity", "unit_price", "amount", "tax")]


def _before_amount(sheet: Sheet, token: Row) -> str:
    column = _column(sheet, token)
    return column if column in ("quantity", "unit_price") else "unit_price"


def _column(sheet: Sheet, token: Row) -> str | None:
    """The column of figures a token ends in: the last whose heading begins well before that."""
    found = None
    for name in ("quantity", "unit_price", "amount", "tax_rate", "tax"):
        if (heading := sheet.columns.get(name)) and heading.left + 0.3 * (heading.right - heading.left) <= token.right:
            found = name
    return found
