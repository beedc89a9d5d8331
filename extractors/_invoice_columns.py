"""The columns of an invoice's table, told by the headings in its header row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from extractors.rows import Row

# The table's header, left to right; seals and light eat single characters of the spread ones. Lists number their
# lines; tolls name the vehicle and the days; building work names the place and the project.
COLUMNS: tuple[tuple[str, str], ...] = (
    ("index", r"序号"),
    ("name", r"(?:货物或)?应税劳务[、,.·]?(?:服务)?名称|项目名称|服务名称|货物.{0,9}名称"),
    ("spec", r"规格型号|规格|格型号"),
    ("plate", r"车牌号码?"),
    ("place", r"建筑服务发生地|产权证书.{0,2}不动产权证书?号?"),
    ("project", r"建筑项目名称"),
    ("unit", r"单位|类型"),
    ("from", r"通行日期起"),
    ("until", r"通行日期止"),
    ("quantity", r"数量"),
    ("unit_price", r"单价"),
    ("amount", r"金额|金(?=税)"),
    ("tax_rate", r"税率(?:/征收率)?|征收率"),
    ("tax", r"税额|税$|额$"),
)

_PATTERNS = tuple((name, re.compile(pattern)) for name, pattern in COLUMNS)
_TELLING = re.compile("[金率]")  # a row without the one or the other heads no table
_ROLL = re.compile(r"(?:项目|品名|(?:货物|商品|服务|项目)?名称)(?:单价|数量){1,2}金额(?:\(?元\)?)?")

# Readers write printed labels in the older forms of characters where the typeface resembles them.
_SIMPLER = str.maketrans(
    "納稅識別別號電話開戶帳賬貨應勞務稱單數價額購買銷貨專發種項備註碼計機編實執業區驗複覆總規類統",
    "纳税识别别号电话开户账账货应劳务称单数价额购买销货专发种项备注码计机编实执业区验复复总规类统",
)


@lru_cache(4096)
def simpler(text: str) -> str:
    """Text with the older forms of the characters that labels and titles are made of replaced, one for one."""
    return text.translate(_SIMPLER)


# Where headings stand between the first and the last one.
_SHARES = {"name": 0.0, "spec": 0.2, "unit": 0.33, "quantity": 0.44, "unit_price": 0.58, "amount": 0.74,
           "tax_rate": 0.86, "tax": 1.0}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Column:
    """The extent of one column's heading."""

    left: float
    right: float

    @property
    def centre(self) -> float:
        return (self.left + self.right) / 2


def header_of(rows: Sequence[Row]) -> tuple[Row | None, dict[str, Column]]:
    """The row with most column headings; at least four of them make a table, on a roll its three or four."""
    best: tuple[Row | None, dict[str, Column]] = (None, {})
    for row in rows:
        columns = _headings(row) if _TELLING.search(row.text) else {}
        if len(columns) >= 4 and columns.keys() & {"amount", "tax_rate"} and len(columns) > len(best[1]):
            best = (row, columns)
    header, columns = best
    if header is None:
        return next(((row, found) for row in rows if (found := _roll_headings(row))), best)
    for row in rows:  # a heading of two rows: 税率/ above 征收率
        if row is not header and abs(row.middle - header.middle) < 1.6 * header.height:
            columns |= {
                name: column for name, column in _headings(row).items()
                if name not in columns and _between(name, column, columns)
            }  # fmt: skip
    return header, _with_name(columns)


def _headings(row: Row) -> dict[str, Column]:
    columns, at, text = {}, 0, simpler(row.text)
    for name, pattern in _PATTERNS:
        if match := pattern.search(text, at):
            columns[name] = Column(row.chars[match.start()].left, row.chars[match.end() - 1].right)
            at = match.end()
    return columns


def _roll_headings(row: Row) -> dict[str, Column]:
    """The headings of a roll (卷票), whose row holds nothing else."""
    if not _ROLL.fullmatch(simpler(row.text)):
        return {}
    columns = {}
    for name, pattern in (("name", "项目|品名|名称"), ("unit_price", "单价"), ("quantity", "数量"), ("amount", "金额")):
        if match := re.search(pattern, simpler(row.text)):
            columns[name] = Column(row.chars[match.start()].left, row.chars[match.end() - 1].right)
    return columns


def _between(name: str, column: Column, columns: dict[str, Column]) -> bool:
    """Whether a heading stands where it belongs among the others."""
    order = [known for known, _ in COLUMNS]
    left = max((c.centre for n, c in columns.items() if order.index(n) < order.index(name)), default=float("-inf"))
    right = min((c.centre for n, c in columns.items() if order.index(n) > order.index(name)), default=float("inf"))
    return left < column.centre < right


def _with_name(columns: dict[str, Column]) -> dict[str, Column]:
    """The headings with that of the names where it would be, if it was not read: tables are divided alike."""
    known = [name for name in columns if name in _SHARES]
    if "name" in columns or len(known) < 4:
        return columns
    first, last = known[0], known[-1]
    unit = (columns[last].centre - columns[first].centre) / (_SHARES[last] - _SHARES[first])
    centre = columns[first].centre - _SHARES[first] * unit
    return {"name": Column(centre - 0.04 * unit, centre + 0.04 * unit), **columns}


def headers(rows: Sequence[Row]) -> list[Row]:
    """The header rows of all tables on a page, from the top: one for each invoice."""
    found: list[Row] = []
    for row in rows:
        names = _headings(row).keys()
        if len(names) >= 4 and {"amount", "tax_rate"} & names and {"name", "unit_price", "tax"} & names:
            found.append(row)
    return found


def frame_of(columns: dict[str, Column]) -> tuple[float, float] | None:
    """Left and right end of the invoice, from the outer headings, with room to spare."""
    known = [name for name in columns if name in _SHARES]
    if len(known) < 2:
        return None
    # Where an outer heading was not read, the others tell its place as tables are usually divided.
    first, last = (min(known, key=lambda c: columns[c].left), max(known, key=lambda c: columns[c].left))
    unit = (columns[last].centre - columns[first].centre) / (_SHARES[last] - _SHARES[first])
    left = columns[first].centre - _SHARES[first] * unit
    right = left + unit
    return left - 0.24 * (right - left), right + 0.15 * (right - left)
