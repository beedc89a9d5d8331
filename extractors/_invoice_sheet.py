"""An invoice as a form: its printed labels, the columns of its table, and the text that stands between them.

Everything is told by place, never by the order of lines. The header row of the table carries the
geometry: it says where the invoice begins and ends on the page (a viewer window may lie beside it),
what stands above it (numbers, buyer) and below it (items, totals, seller).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from extractors._invoice_columns import Column, frame_of, header_of
from extractors._invoice_columns import simpler as simpler
from extractors.model import Field, FieldValue, Page, Status, TextLine, rectangle
from extractors.rows import Char, Placed, Row, Span, extent, place, rows_of

LOW_CONFIDENCE = 0.6
_BESIDE_PARTY = frozenset("购买销售方信息货单位 ")
_CAPITALS = "零壹贰叁肆伍陆柒捌玖拾佰仟万亿圆元角分整正貳參叄陸萬億"
WORDS = re.compile(rf"(?:\(?负数?\)?)?[{_CAPITALS}]*[{_CAPITALS[:10]}貳參叄陸][{_CAPITALS}]*[圆元角分][{_CAPITALS}]*")
_UNIT = re.compile("[圆元角分]")
_WORDS_BEGIN = re.compile(rf"\(?负|[{_CAPITALS}]")
_RATE = re.compile(r"\d{1,2}(?:\.\d)?%|免税|不征税|\*{1,4}")
_HEAD = re.compile(r"发票|第\d+页|监制章|税务(?:总)?局")  # what may stand above the lines of a page without a header

# Printed labels by what they announce. Longer ones first where one contains another.
_LABELS: tuple[tuple[str, str], ...] = (
    ("code", r"发票代码:?"),
    ("number", r"发票号码:?"),
    ("issued_on", r"(?:开票|填开)日期:?"),
    ("check_code", r"校验码:?"),
    ("machine", r"机器(?:编号|号码|码):?"),
    ("words", r"价税合计(?:\(?大写\)?)?:?|合计(?:金额)?\(大写\):?|\(大写\)"),
    ("figures", r"(?:合计(?:金额)?)?\(?小写\)?:?"),
    ("sum", r"(?<!税)合计"),
    ("subtotal", r"小计|总计"),
    ("tax_id", r"(?:统一社会信用代码/?)?(?:纳税人识别.|纳税人.别号|纳税.识别号|.税人识别号):?|统一社会信用代码/?:?"),
    ("address", r"地址[、,.·]?电话:?"),
    ("bank", r"开户行及.号:?|开户.及[账帐]号:?|.户行及[账帐]号:?"),
    ("name", r"(?<![业务目位人物品])名?称:|(?<![业务目位人物品])名称"),
    ("payee", r"收款人:?"),
    ("reviewer", r"复核人?:?"),
    ("drawer", r"开票人:?"),
    ("seal", r"销(?:售方|货单位):?\(?章\)?"),
)
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _LABELS)
_OF_LABELS = re.compile("[码期机计写税用话行称款核票销]")  # of these each label has one


@dataclass(frozen=True, slots=True)
class Mark:
    """A printed label: what it announces and its characters."""

    kind: str
    text: Row
    row: Row

    @property
    def left(self) -> float:
        return self.text.left

    @property
    def right(self) -> float:
        return self.text.right

    @property
    def middle(self) -> float:
        return self.text.middle

    @property
    def height(self) -> float:
        return self.text.height


class Sheet:
    """One page of an invoice. `runs` are pieces of text that are no labels: a line or what a label left of it."""

    def __init__(self, page: Page) -> None:
        rows, verticals = _rows(page.lines)
        header, self.columns = header_of(rows)
        if frame := frame_of(self.columns):
            inside = tuple(line for line in page.lines if frame[0] <= _centre(line) <= frame[1])
            if len(inside) < len(page.lines):
                page = replace(page, lines=inside)
                rows, verticals = _rows(inside)
                header, self.columns = header_of(rows)
        if header and (lines := _unstacked(page.lines, self.columns, header)):
            rows, verticals = _rows(lines)
            header, self.columns = header_of(rows)
        self.page = page
        self.frame = frame
        self.header_y = header.middle if header else None
        self.verticals = verticals
        self.marks: list[Mark] = []
        self.runs: list[Row] = []
        self._after: dict[int, list[Row]] = {}  # by the id of the label: several fields ask for the same
        self._marked: dict[str, list[Mark]] = {}
        for row in rows:
            if row is not header:
                marks = _marks(row)
                self.marks += marks
                self.runs += _runs(row, marks)
            elif self.columns:
                self.runs += [run for run in _runs(row, []) if run.right < min(c.left for c in self.columns.values())]

    def continue_table(self, columns: dict[str, Column], width: float) -> None:
        """Take the columns of the page before, of this `width`, where lines go on without a header of their own."""
        share = self.page.width / width
        scaled = {name: Column(column.left * share, column.right * share) for name, column in columns.items()}
        first = min((run.middle for run in self.runs if _in_column(run, scaled.get("tax_rate"), _RATE)), default=None)
        if first is None or "name" not in scaled:
            return
        self.columns = scaled
        above = [mark.middle for mark in self.marks if mark.middle < first]
        above += [run.middle for run in self.runs if run.middle < first and _HEAD.search(simpler(run.text))]
        self.header_y = max(above, default=float("-inf"))

    def marked(self, kind: str) -> list[Mark]:
        """Labels of a kind, from the top."""
        if kind not in self._marked:
            self._marked[kind] = sorted((m for m in self.marks if m.kind == kind), key=lambda m: m.middle)
        return self._marked[kind]

    @cached_property
    def total_y(self) -> float | None:
        """Where the row of 价税合计 stands: told by its labels or by the amount in words."""
        below = self.header_y if self.header_y is not None else float("-inf")
        found = [m.middle for kind in ("figures", "words") for m in self.marked(kind) if m.middle > below]
        if not found:
            found = [r.middle for r in self.runs if r.middle > below and is_in_words(r.text)]
        return min(found) if found else None

    @cached_property
    def sum_y(self) -> float | None:
        """Where the row of 合计 (amount and tax) stands."""
        low = self.header_y if self.header_y is not None else float("-inf")
        high = self.total_y if self.total_y is not None else float("inf")
        found = [m.middle for m in self.marked("sum") if low < m.middle < high]
        found = found or [run.middle for run in self.runs if run.text in ("合", "计") and low < run.middle < high]
        return max(found) if found else None

    @cached_property
    def table_y(self) -> float | None:
        """A height that surely parts what stands above the table from what stands below it."""
        return next((y for y in (self.header_y, self.sum_y, self.total_y) if y is not None), None)

    @cached_property
    def digital(self) -> bool:
        """A fully digital invoice (数电票): buyer and seller side by side above the table."""
        text = simpler("".join(run.text for run in self.runs))
        if re.search(r"电子发票\((?:普通|增值税|专用)", text):
            return True
        by_label = any("统一社会信用代码" in simpler(mark.text.text) for mark in self.marked("tax_id"))
        return by_label or bool(self._level_labels)

    @cached_property
    def _level_labels(self) -> list[Mark]:
        """Labels of a party that stand right of the same label in the same row."""
        return [
            b
            for kind in ("name", "tax_id")
            for a in self.marked(kind)
            for b in self.marked(kind)
            if abs(a.middle - b.middle) < a.height and b.left > a.right + 6 * a.height
        ]

    @cached_property
    def split_x(self) -> float | None:
        """On a digital invoice: buyer left of it, seller right of it."""
        if self._level_labels:
            return min(mark.left - mark.height for mark in self._level_labels)
        if "name" in self.columns and "tax" in self.columns:
            return self.columns["name"].centre + 0.47 * (self.columns["tax"].centre - self.columns["name"].centre)
        return None

    @cached_property
    def head_y(self) -> float:
        """Where the head (title, numbers, date) ends and the buyer's block begins."""
        above = [m for m in self.marks if m.kind in ("name", "tax_id", "address", "bank")
                 and (self.table_y is None or m.middle < self.table_y)]  # fmt: skip
        if above:
            first = min(above, key=lambda m: m.middle)
            steps = {"name": 0.4, "tax_id": 1.4 if not self.digital else 1.2, "address": 2.4, "bank": 3.4}
            return first.middle - steps[first.kind] * self.pitch(above)
        if self.header_y is not None and (frame := self.frame):
            return self.header_y - 0.14 * (frame[1] - frame[0])
        return self.table_y if self.table_y is not None else float("inf")

    def pitch(self, marks: Sequence[Mark]) -> float:
        """The distance of two rows of a party's block."""
        order = ("name", "tax_id", "address", "bank")
        steps = [
            (b.middle - a.middle) / (order.index(b.kind) - order.index(a.kind))
            for a in marks
            for b in marks
            if order.index(b.kind) > order.index(a.kind) and 0 < b.middle - a.middle < 14 * a.height
        ]
        return min(steps, default=1.7 * min(m.height for m in marks))

    @cached_property
    def head(self) -> list[Row]:
        """Pieces of text above the buyer's block, but not far above: a window's title bar is no part of it."""
        top = self.head_y - 0.22 * (self.frame[1] - self.frame[0]) if self.frame else float("-inf")
        return [run for run in self.runs if top < run.middle < self.head_y]

    def after(self, mark: Mark) -> list[Row]:
        """Pieces that follow a label in its row, up to the next label; overprinted values may stand a little off."""
        if id(mark) not in self._after:
            self._after[id(mark)] = self._found_after(mark)
        return self._after[id(mark)]

    def _found_after(self, mark: Mark) -> list[Row]:
        left, right, middle, height = mark.left, mark.right, mark.middle, mark.height
        nexts = [m.left for m in self.marks if m is not mark and m.left > left
                 and abs(m.middle - middle) < 0.8 * height]  # fmt: skip
        begin, end = right - 0.5 * height, min(nexts, default=float("inf"))
        level = sorted(
            (
                run
                for run in self.runs
                if begin <= run.left < end
                and (abs(run.middle - middle) < 0.8 * max(height, run.height) or joined(mark, run))
            ),
            key=lambda run: run.left,
        )
        taken: list[Row] = []
        for run in level:
            if run.left - right > (3.0 if taken else 9.0) * max(height, run.height):
                break
            if taken and not joined(mark, run) and abs(run.middle - taken[0].middle) > 0.6 * run.height:
                continue
            taken.append(run)
            right = run.right
        return taken


def _in_column(run: Row, column: Column | None, pattern: re.Pattern[str]) -> bool:
    """Whether a piece of this form stands under a heading."""
    return column is not None and column.left <= (run.left + run.right) / 2 <= column.right and bool(
        pattern.fullmatch(run.text))  # fmt: skip


def joined(mark: Mark, run: Row) -> bool:
    """Whether a piece is the rest of the very line the label stands in."""
    return run.chars[0].placed is mark.text.chars[-1].placed


def spaced(run: Row) -> str:
    """The text with a space where one was printed."""
    return "".join((" " if char.starts and at and char.index else "") + char.text for at, char in enumerate(run.chars))


def span_of(runs: Iterable[Row]) -> Span:
    """Pieces as one value: level ones side by side, others below."""
    rows: list[list[Row]] = []
    for run in sorted(runs, key=lambda r: r.middle):
        if rows and run.middle - rows[-1][0].middle < 0.5 * min(run.height, rows[-1][0].height):
            rows[-1].append(run)
        else:
            rows.append([run])
    return Span(tuple(
        tuple(piece for run in sorted(row, key=lambda r: r.left) for piece in run.span().pieces) for row in rows
    ))  # fmt: skip


def made(span: Span, value: FieldValue, reason: str = "", alternates: Iterable[str] = ()) -> Field:
    """A field whose value is already parsed; `reason` says why it is doubtful, if it is."""
    reason = reason or ("low_confidence" if span.confidence < LOW_CONFIDENCE else "")
    return Field(
        value=value, raw=span.raw, status=Status.DOUBTFUL if reason else Status.READ,
        confidence=round(span.confidence, 4), weakest=span.weakest, page=span.page, box=span.box,
        alternates=tuple(alternates), reason=reason,
    )  # fmt: skip


def is_in_words(text: str) -> bool:
    """Whether a text is an amount in words; one without a unit needs no closer look."""
    return bool(_UNIT.search(text) and WORDS.fullmatch(plain_words(text)))


def plain_words(text: str) -> str:
    """An amount in words without the sign that is printed before it (⊗, read in many ways)."""
    start = _WORDS_BEGIN.search(text)
    return text[start.start() :] if start and start.start() <= 3 else text


def _rows(lines: Sequence[TextLine]) -> tuple[tuple[Row, ...], tuple[Placed, ...]]:
    """Lines side by side as rows, and those that run down a column (购买方)."""
    verticals: list[Placed] = []
    others: list[Placed] = []
    for placed in place(lines):
        (verticals if placed.vertical else others).append(placed)
    return rows_of(others), tuple(verticals)


def rows_on(page: Page) -> tuple[Row, ...]:
    """The rows of print on a page, from the top."""
    return _rows(page.lines)[0]


def _unstacked(lines: Sequence[TextLine], columns: dict[str, Column], header: Row) -> tuple[TextLine, ...] | None:
    """Cells of a column that were read as one line downwards taken apart again; None if there are none."""
    headings = [columns[name] for name in ("unit", "quantity", "unit_price", "tax_rate") if name in columns]
    stacked = [
        line for line in lines
        if _is_upended(line) and line.centre[1] > header.middle and len(_cells_of(line)) > 1
        and any(h.left - header.height < line.centre[0] < h.right + header.height for h in headings)
        and line.height / len(_cells_of(line)) < 2 * header.height
    ]  # fmt: skip
    if not stacked:
        return None
    apart = [piece for line in stacked for piece in _unstack(line)]
    return tuple(line for line in lines if line not in stacked) + tuple(apart)


def _centre(line: TextLine) -> float:
    left, _, right, _ = extent(line)
    return (left + right) / 2


def _is_upended(line: TextLine) -> bool:
    left, top, right, bottom = extent(line)
    return bottom - top > 1.25 * (right - left)


def _cells_of(line: TextLine) -> list[str]:
    """Words of a stacked line; without spaces, its characters when they are no figures."""
    words = line.text.split()
    return words if len(words) > 1 or any(c.isdigit() for c in line.text) else list(line.text.strip())


def _unstack(line: TextLine) -> list[TextLine]:
    cells = _cells_of(line)
    step = line.height / len(cells)
    return [
        replace(line, text=cell,
                box=rectangle(line.left, line.top + at * step, line.right, line.top + (at + 1) * step))
        for at, cell in enumerate(cells)
    ]  # fmt: skip


def _marks(row: Row) -> list[Mark]:
    text = simpler(row.text)
    if not _OF_LABELS.search(text):
        return []
    taken: list[tuple[int, int, str]] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if _begins(row, start) and not any(a < end and start < b for a, b, _ in taken):
                taken.append((start, end, kind))
    return [Mark(kind, Row(row.chars[start:end]), row) for start, end, kind in sorted(taken)]


def _begins(row: Row, at: int) -> bool:
    """Whether a label may begin here: a character of the word that runs down beside a party may be joined to it."""
    char = row.chars[at]
    return char.starts or (0 < char.index <= 2 and set(simpler(char.placed.line.text[: char.index])) <= _BESIDE_PARTY)


def _runs(row: Row, marks: Sequence[Mark]) -> list[Row]:
    labels = {id(char) for mark in marks for char in mark.text.chars}
    runs: list[list[Char]] = []
    before: Char | None = None
    for at, char in enumerate(row.chars):
        if labels and id(char) in labels:
            before = None
            continue
        if before and (char.placed is before.placed or _together(row.chars, at)):
            runs[-1].append(char)
        else:
            runs.append([char])
        before = char
    stripped = [_stripped(chars) for chars in runs]
    return [Row(tuple(chars)) for chars in stripped if chars]


def _stripped(chars: list[Char]) -> list[Char]:
    """A value without the signs between it and its label; a row of a text layer may begin with a comma of its own."""
    if chars[0].index == 0 and chars[0].placed.line.places:
        return chars
    while chars and chars[0].text in ":;,._|":
        chars = chars[1:]
    return chars


def _together(chars: Sequence[Char], at: int) -> bool:
    """Whether a character goes on with the one before from another line: both are of evenly spread single ones."""
    a, b = chars[at - 1], chars[at]
    if len(a.placed.line.text.strip()) > 1 or len(b.placed.line.text.strip()) > 1:
        return False
    gap = b.left - a.right
    around = [chars[i + 1].left - chars[i].right for i in (at - 2, at) if 0 <= i < len(chars) - 1]
    height = min(a.placed.height, b.placed.height)
    return gap < 3 * height and gap < 1.7 * max(min(around, default=gap), 0.0) + 0.3 * height
