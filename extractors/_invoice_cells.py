"""The cells of one row of an invoice's table: which piece of text stands in which column.

Cells are told by the headings above them. Where cells run into each other the rate is the anchor: the
amount stands left of it, the tax right of it.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Mapping, Sequence
from decimal import Decimal

from extractors._invoice_columns import Column
from extractors._invoice_sheet import Sheet
from extractors.rows import Row
from extractors.values import UNTAXED, parse_money

SIGN = r"[¥Y羊半￥]"
NO_TAX = re.compile(rf"\*{{1,4}}|{UNTAXED.pattern}|-{{1,4}}|—+")
RATE = re.compile(
    rf"\d{{1,2}}(?:\.\d{{1,2}})?%|{UNTAXED.pattern}|(?:出口|普通)?零税率|\*{{1,4}}|简易征收|按\d(?:\.\d)?%.*征收"
)
WORDS = ("name", "spec", "plate", "place", "project", "unit")
FIGURES = ("quantity", "unit_price", "amount", "tax_rate", "tax")
_NUMBER = re.compile(r"-?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|\.\d+")
_GLUED = re.compile(r"-?[\d,]+\.\d+\.\d{2}")  # a price and an amount read as one
_DAY = re.compile(r"20\d{2}(?:[-./年]?\d{2}){2}日?|-+")
_RATE_WORDS = re.compile(r"[免征不零税率出口普通简易增值按]+")
# Two cells read as one: an amount with its rate, a rate with its tax.
_MERGED = re.compile(
    rf"(-?[\d,]+\.\d{{2}})(\d{{1,2}}(?:\.\d)?%|{UNTAXED.pattern}|\*{{1,3}})?(-?[\d,]*\.?\d*|\*{{1,3}})"
)
_RATE_FIRST = re.compile(rf"(\d{{1,2}}(?:\.\d)?%|{UNTAXED.pattern})(-?[\d,]+\.\d{{2}}|\*{{1,3}})")

Cell = tuple[str, Row]


def decimals(text: str) -> Decimal | None:
    """A number with two decimals, as amounts and taxes are printed."""
    return parse_money(text) if re.search(r"\.\d{2}$", text) else None


def figures_column(columns: Mapping[str, Column], token: Row) -> str | None:
    """The column of figures a token ends in: the last whose heading begins well before that."""
    found: str | None = None
    for name, heading in columns.items():
        begins = heading.left + 0.3 * (heading.right - heading.left)
        if name in FIGURES and begins <= token.right and (found is None or heading.left > columns[found].left):
            found = name
    return found


def _river(body: Sequence[Row], expected: float, low: float, high: float) -> float | None:
    """Where between two headings no piece of the table stands, nearest to where a border is expected."""
    free, left = [], low
    for run in sorted(body, key=lambda r: r.left):
        if run.left > left:
            free.append((left, min(run.left, high)))
        left = max(left, run.right)
        if left >= high:
            break
    else:
        free.append((left, high))
    gaps = [(max(a - expected, expected - b, 0.0), (a + b) / 2) for a, b in free if b - a > 0]
    return min(gaps)[1] if gaps else None


def inside(zone: Sequence[Row], names_end: float) -> list[Row]:
    """Pieces without those left of where the names begin: print of the paper's edge, a line's number, no name."""
    lefts = [run.left for run in zone if run.left < names_end and len(run.text) > 2]
    if not lefts:
        return list(zone)
    start = statistics.median_low(lefts)
    return [run for run in zone if len(run.text) > 3 or run.right >= start]


class Grid:
    """The columns of a sheet's table as its headings and its own rows show them."""

    def __init__(self, sheet: Sheet, body: Sequence[Row]) -> None:
        self.columns = sheet.columns
        self.toll = "plate" in sheet.columns
        self.digital = sheet.digital
        names = [run for run in body if run.left < self.columns["name"].right]
        self.name_end, self.spec_end, self.text_end = self._text_borders(body, names)

    def _text_borders(self, body: Sequence[Row], names: Sequence[Row]) -> tuple[float, float, float]:
        """Right ends of the columns of name, of specification, and of all words."""
        columns = self.columns
        order = sorted((c for name, c in columns.items() if name != "index"), key=lambda c: c.left)
        nexts = next((c for c in order if c.left > columns["name"].left), columns["name"])
        start = min((run.left for run in names), default=columns["name"].left)
        # Headings are centred: the name column reaches as far right of its heading as left of it.
        even = min(max(2 * columns["name"].centre - start, columns["name"].right), nexts.left)
        name_end = _river(body, even, columns["name"].centre, nexts.right)
        if name_end is None:
            name_end = nexts.left - 0.5 * (names[0].height if names else 0.0) if self.digital else even
            name_end = min([name_end, *self._apart(body, names, name_end)])
        spec = columns.get("spec") or columns.get("plate")
        spec_end = spec.right if spec else name_end
        if spec and "unit" in columns:
            middle = (spec.right + columns["unit"].left) / 2
            spec_end = _river(body, middle, spec.centre, columns["unit"].centre) or middle
        last = max((columns[name] for name in WORDS if name in columns), key=lambda c: c.left)
        after = next((c for c in order if c.left > last.right), None)
        if after is None:
            return name_end, spec_end, last.right
        middle = (last.right + after.left) / 2
        return name_end, spec_end, _river(body, middle, last.centre, after.centre) or middle

    def _apart(self, body: Sequence[Row], names: Sequence[Row], name_end: float) -> list[float]:
        """Where something stands apart from a name in its row: the next column begins there, not at its heading."""
        inside = [run for run in body if self.columns["name"].right < run.left < name_end]
        return [
            run.left - 0.3 * run.height for run in inside
            if any(abs(run.middle - name.middle) < 0.4 * run.height and 1.5 * run.height < run.left - name.right
                   for name in names)
        ]  # fmt: skip

    def cells(self, row: Sequence[Row]) -> list[Cell]:
        """The pieces of one table row, from the left, with the columns they stand in."""
        cells: list[Cell] = []
        numeric: list[Row] = []
        for run in row:
            for token in self._tokens(run):
                centre = (token.left + token.right) / 2
                # No unit is a number: what stands under its heading is a quantity that begins far left.
                words_end = self.spec_end if _NUMBER.fullmatch(token.text) and "unit" in self.columns else self.text_end
                if centre >= words_end and (_is_figure(token.text) or self._under("tax_rate", token)):
                    numeric.append(token)
                elif (column := self._words(token, centre, cells)) is not None:
                    cells.append((column, token))
        return cells + self._figures(numeric)

    def _words(self, token: Row, centre: float, before: Sequence[Cell]) -> str | None:
        """The column of a token that is no figure: name, spec, unit; None where it stands under no such heading."""
        if token.left < self.name_end and not (before and self._reaches_spec(token, before[-1][1])):
            return "name"
        if centre < self.spec_end and {"spec", "plate"} & self.columns.keys():
            return "spec"
        if centre < self.text_end and "unit" in self.columns:
            return "unit"
        return None

    def _reaches_spec(self, token: Row, before: Row) -> bool:
        """Whether a token that stands apart from the one before it reaches under the next heading."""
        heading = self.columns.get("spec") or self.columns.get("plate")
        return heading is not None and token.right > heading.left and token.left - before.right > token.height

    def _under(self, name: str, token: Row) -> bool:
        """Whether words stand under the heading of the rate: 出口零 with 税率 below it."""
        heading = self.columns.get(name)
        if heading is None or not _RATE_WORDS.fullmatch(token.text):
            return False
        return heading.left - token.height < (token.left + token.right) / 2 < heading.right + token.height

    def _tokens(self, run: Row) -> list[Row]:
        """A piece cut at printed spaces, and between cells read as one, where the columns of figures begin."""
        if run.right < self.text_end:
            return [run]
        parts: list[Row] = []
        start = 0
        for at in range(1, len(run.chars) + 1):
            spaced = at == len(run.chars) or (
                run.chars[at].starts and run.chars[at].index and run.chars[at].text != "%"
            )
            if spaced:
                parts.append(Row(run.chars[start:at]))
                start = at
        return [token for part in parts for token in _unmerged(part)]

    def _figures(self, tokens: Sequence[Row]) -> list[Cell]:
        """Figures of one row to quantity, price, amount, rate and tax, in this order."""
        tokens = sorted((t for t in tokens if not (self.toll and _DAY.fullmatch(t.text))), key=lambda t: t.left)
        # Stars stand for a rate or for a tax: the first of them is the rate.
        at = next((i for i, t in enumerate(tokens) if RATE.fullmatch(t.text)), None)
        if at is None:
            placed = [(self._column(t), t) for t in tokens]
            return [(column, t) for column, t in placed if column is not None]
        left, right = tokens[:at], tokens[at + 1 :]
        cells = [("tax_rate", tokens[at])] + [("tax", t) for t in right[:1]]
        before_rate = ("amount", "tax_rate", "unit_price")
        if left and self._column(left[-1]) in before_rate and decimals(left[-1].text) is not None:
            cells.append(("amount", left.pop()))
        if len(left) == 2:
            return [*cells, ("quantity", left[0]), ("unit_price", left[1])]
        return cells + [(self._before_amount(t), t) for t in left]

    def _column(self, token: Row) -> str | None:
        return figures_column(self.columns, token)

    def _before_amount(self, token: Row) -> str:
        column = self._column(token)
        return column if column in ("quantity", "unit_price", "amount") else "unit_price"


def _is_figure(text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in (_NUMBER, RATE, NO_TAX, _DAY, _GLUED))


def _unmerged(part: Row) -> list[Row]:
    match = _MERGED.fullmatch(part.text)
    cut = match if match and match.group(2) else _RATE_FIRST.fullmatch(part.text)
    if not cut:
        return [part]
    return [Row(part.chars[a:b]) for a, b in (cut.span(i + 1) for i in range(len(cut.groups()))) if b > a]
