"""Item lines of an invoice's table: which rows of print make one line.

A name may run over several rows. Generators put the figures level with its first row, its middle or its
last; the same all over a table. Rows are shared out between the rows with figures so that the whole
table is laid out in one of these ways.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from extractors._invoice_cells import RATE, Cell, Grid
from extractors._invoice_sheet import spaced
from extractors.model import Item
from extractors.rows import Row
from extractors.values import parse_money

_STARS, _NO_STAR, _NO_NAME, _GAP = 2.0, 1.0, 3.0, 0.3  # what speaks against a way to share rows out
_CENT = Decimal("0.01")
_SEE_LIST = re.compile(r"详见.{0,8}(?:清单|明细)|见.{0,4}清单|清单$")


@dataclass
class Level:
    """One row of print in the table. `opens`: its name begins with a category between stars, as names do."""

    cells: list[Cell]
    opens: bool = False

    @cached_property
    def middle(self) -> float:
        return statistics.median(token.middle for _, token in self.cells)

    @cached_property
    def height(self) -> float:
        return statistics.median(token.height for _, token in self.cells)

    @property
    def columns(self) -> set[str]:
        return {column for column, _ in self.cells}

    @property
    def anchor(self) -> bool:
        """Whether it holds the figures of a line."""
        return bool(self.columns & {"amount", "tax"}) or {"tax_rate", "unit_price"} <= self.columns

    @cached_property
    def name(self) -> str:
        return "".join(token.text for column, token in self.cells if column == "name")


@dataclass
class Line:
    """The cells of one item, column by column, from the top. `repaired`: arithmetic chose between two readings."""

    cells: dict[str, list[Row]] = field(default_factory=dict)
    repaired: bool = False

    def text(self, column: str) -> str:
        return "".join(token.text for token in self.cells.get(column, ()))

    def words(self, column: str) -> str:
        """The text with the spaces between Latin words and figures where a text layer shows them; OCR guesses them."""
        return "".join(
            re.sub(r"(?<![!-~]) | (?![!-~])", "", spaced(token)) if token.chars[0].placed.line.places else token.text
            for token in self.cells.get(column, ())
        )

    def number(self, column: str) -> Decimal | None:
        return parse_money(self.text(column))

    @property
    def tokens(self) -> list[Row]:
        return [token for tokens in self.cells.values() for token in tokens]

    @property
    def rate(self) -> Decimal | None:
        match = re.fullmatch(r"(\d{1,2}(?:\.\d+)?)%?", self.text("tax_rate"))
        return Decimal(match.group(1)) / 100 if match else None

    def _rate_text(self, settled: dict[str, Decimal | None]) -> str:
        """The rate as printed, without needless zeros; a lost % is put back where the tax proves the rate."""
        text = re.sub(r"\.0+(?=%|$)", "", self.text("tax_rate"))
        text = text.strip("*") or text  # the asterisks of a tax that is not due may stand closer to the rate
        if text.isdigit() and _agrees(settled, self.rate):
            self.repaired = True
            return f"{text}%"
        return text

    def item(self) -> Item:
        """Money that stands as stars or a dash is no money: None."""
        settled = _settled(self)
        return Item(
            name=self.words("name"), spec=self.words("spec"), unit=self.text("unit"),
            quantity=settled["quantity"], unit_price=settled["unit_price"], amount=settled["amount"],
            tax_rate=self._rate_text(settled), tax=settled["tax"],
        )  # fmt: skip


def lines_of(rows: Sequence[Sequence[Row]], grid: Grid) -> list[Line]:
    """The item lines in rows of a table's body, from the top."""
    levels = [Level(cells) for row in rows if (cells := grid.cells(row))]
    levels = _joined(levels)
    _mark_openings(levels)
    anchors = [at for at, level in enumerate(levels) if level.anchor]
    if not anchors:
        return []
    ways = [(rarity, _shared_out(levels, anchors, way)) for way, rarity in _WAYS]
    _, (_, ends) = min(ways, key=lambda found: found[0] + found[1][0])
    groups = [levels[a:b] for a, b in zip([0, *ends], [*ends, len(levels)], strict=True)]
    return [_line(part) for group in groups for part in _split(group)]


def _joined(levels: list[Level]) -> list[Level]:
    """Figures of one line that stand a little askew, as one level."""
    joined: list[Level] = []
    for level in levels:
        last = joined[-1] if joined else None
        if (
            last is not None
            and level.middle - last.middle < 0.8 * min(level.height, last.height)
            and not (level.columns & last.columns)
            and (level.anchor or last.anchor or not (level.name or last.name))
        ):
            joined[-1] = Level(last.cells + level.cells)
        else:
            joined.append(level)
    return joined


def _mark_openings(levels: Sequence[Level]) -> None:
    """Mark where names begin. A category broken over two rows may begin the second one with its closing star."""
    stars = 0
    for level in levels:
        if level.name.startswith("*") and stars != 1:
            level.opens = True
            stars = 0
        stars += level.name.count("*")


def _above(levels: Sequence[Level], anchor: int) -> float:
    return float(anchor)


def _below(levels: Sequence[Level], anchor: int) -> float:
    return float(len(levels) - 1 - anchor)


def _off_centre(levels: Sequence[Level], anchor: int) -> float:
    middle = levels[anchor].middle
    return abs((middle - levels[0].middle) - (levels[-1].middle - middle)) / (1.25 * levels[anchor].height)


# Ways to lay a line out: figures in its first row, around its middle, in its last row. Each measures what is amiss;
# the last one is rare: it must be clearly better.
Way = Callable[[Sequence[Level], int], float]
_WAYS: tuple[tuple[Way, float], ...] = ((_above, 0.0), (_off_centre, 0.2), (_below, 0.9))


def _shared_out(levels: Sequence[Level], anchors: Sequence[int], way: Way) -> tuple[float, list[int]]:
    """The best ends of the lines for one way to lay them out, with what speaks against it (dynamic programming)."""
    starred = any(level.opens for level in levels)
    best: dict[int, tuple[float, list[int]]] = {0: (0.0, [])}
    for k, anchor in enumerate(anchors):
        last = k == len(anchors) - 1
        stops = [len(levels)] if last else range(anchor + 1, anchors[k + 1] + 1)
        found: dict[int, tuple[float, list[int]]] = {}
        for stop in stops:
            gap = 0.0 if last else _GAP * _narrow(levels, anchor, anchors[k + 1], stop)
            for start, (cost, ends) in best.items():
                amiss = cost + gap + way(levels[start:stop], anchor - start)
                amiss += _against(levels[start:stop], starred)
                if stop not in found or amiss < found[stop][0]:
                    found[stop] = (amiss, [*ends, stop])
        best = found
    cost, ends = best[len(levels)]
    return cost, ends[:-1]


def _narrow(levels: Sequence[Level], anchor: int, following: int, stop: int) -> float:
    """How narrow the gap is where two lines are parted, 0 for the widest between their figures."""
    gaps = [levels[at].middle - levels[at - 1].middle for at in range(anchor + 1, following + 1)]
    return 1 - gaps[stop - anchor - 1] / max(*gaps, 1.0) if len(gaps) > 1 else 0.0


def _against(levels: Sequence[Level], starred: bool) -> float:
    """What speaks against these rows as one line: no name, or a name that begins in its middle."""
    named = [level for level in levels if level.name]
    if not named:
        return _NO_NAME
    return _STARS * sum(level.opens for level in named[1:]) + (_NO_STAR if starred and not named[0].opens else 0.0)


def _split(levels: Sequence[Level]) -> list[Sequence[Level]]:
    """Rows of one line; two where a second name begins in it, whose figures were not read."""
    cuts = [at for at, level in enumerate(levels) if at and level.opens and any(x.name for x in levels[:at])]
    return [levels[a:b] for a, b in zip([0, *cuts], [*cuts, len(levels)], strict=True)]


def _line(levels: Sequence[Level]) -> Line:
    line = Line()
    for level in levels:
        for column, token in level.cells:
            line.cells.setdefault(column, []).append(token)
    return line


def whole(item: Item, *, rated: bool) -> bool:
    """Whether a line has what belongs together; `rated`: the table has a column of rates.

    A lone 1 as quantity is easily overlooked and says nothing. A line that refers to a list has no rate.
    """
    if item.amount is None or not item.name:
        return False
    taxed = re.fullmatch(r"(?!0%)[\d.]+%", item.tax_rate)
    if rated and not refers_to_list(item) and (not RATE.fullmatch(item.tax_rate) or (taxed and item.tax is None)):
        return False
    if item.quantity is None and item.unit_price is not None:
        return round(item.unit_price, 2) == abs(item.amount)
    return item.quantity is None or item.unit_price is not None


def refers_to_list(item: Item) -> bool:
    """Whether a line only says that the goods stand on a list (详见销货清单)."""
    return bool(_SEE_LIST.search(item.name))


def _settled(line: Line) -> dict[str, Decimal | None]:
    """The numbers of a line; where two cells were read as one, or a point was lost, as the arithmetic tells."""
    read = {name: line.number(name) for name in ("quantity", "unit_price", "amount", "tax")}
    if _agrees(read, line.rate):
        return read
    for alternative in _alternatives(line, read):
        if _agrees(alternative, line.rate):
            line.repaired = True
            return alternative
    return read


def _alternatives(line: Line, read: dict[str, Decimal | None]) -> list[dict[str, Decimal | None]]:
    """Other readings of what was read, where it cannot be right as it stands."""
    found = []
    price, amount = line.text("unit_price"), line.text("amount")
    glued = price if not amount else amount if not price else ""
    if read["amount"] is None or read["unit_price"] is None:
        for cut in re.finditer(r"(?<=\d)(?=\d+\.\d{2}$)", glued):
            a, b = parse_money(glued[: cut.start()]), parse_money(glued[cut.start() :])
            if a is not None and b is not None:
                found.append(read | {"unit_price": a, "amount": b})
    for name in ("amount", "tax"):
        text = line.text(name)
        if re.fullmatch(r"-?\d{3,}", text):
            found.append(read | {name: Decimal(text) / 100})
    return found


def _agrees(values: dict[str, Decimal | None], rate: Decimal | None) -> bool:
    """Whether a line's numbers prove each other: quantity × price and amount × rate, as far as they are there."""
    amount, tax = values["amount"], values["tax"]
    if amount is None or rate is None or tax is None or abs(amount * rate - tax) > _CENT:
        return False
    quantity, price = values["quantity"], values["unit_price"]
    return price is None or abs((quantity or 1) * price - amount) <= _CENT
