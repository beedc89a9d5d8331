"""Export figures a platform's statistics give (数据管家 交易额报表 and the like): Excel, a PDF, or a print of one.

The total is printed under a label, or stands in the 合计 row of a table; the lines of the table are added up and must
agree with it. A table of another unit (万美元), or with amounts in several currencies, is never converted.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import product

from extractors.cells import CELL_HEIGHT, Sheet
from extractors.columns import bare_heading, heading_currency
from extractors.currency import currency_of, parse_amount
from extractors.form import field_of
from extractors.layout import Layout
from extractors.model import DocumentType, Field, FieldSpec, Kind, Page, Source, Status, TextLine
from extractors.rows import Placed, Span, place, rows_of
from extractors.table import labelled_cells
from extractors.values import compact, find_dates, simplified

_SPECS = (
    FieldSpec("company_name", Kind.ORGANISATION, "公司名称",
              ("公司名称", "企业名称", "店铺名称", "供应商名称", "商家名称", "公司", "Company name", "Company Name",
              "Company", "Supplier"),
              key=True),
    FieldSpec("period_from", Kind.DATE, "统计开始日期", ("统计开始日期", "开始日期", "起始日期", "From", "Start date",
              "Start Date")),
    FieldSpec("period_to", Kind.DATE, "统计结束日期", ("统计结束日期", "结束日期", "截止日期", "End date", "End Date")),
    FieldSpec("currency", Kind.CHOICE, "币种", ("币种", "货币", "货币单位", "金额单位", "Currency")),
    FieldSpec("total_amount", Kind.MONEY, "交易总额",
              ("总交易额", "交易总额", "交易额合计", "成交总额", "总成交额", "总成交金额", "出口总额", "总出口额",
              "出口额合计", "累计交易额", "累计出口额", "出口交易总额", "交易总金额", "出口总金额",
               "年出口额", "Total transaction value", "Total amount", "Total Amount", "Total exports",
               "Total Export Value"), key=True),
    FieldSpec("order_count", Kind.DIGITS, "订单数",
              ("订单总数", "总订单数", "订单数合计", "出口订单总数", "信保订单总数", "订单总笔数", "总订单量",
              "成交订单数", "累计订单数", "Total orders", "Total Orders",
              "Order count")),
)  # fmt: skip
_PERIOD = FieldSpec("period", Kind.TEXT, "统计周期",
                    ("统计周期", "统计时间", "统计区间", "起止日期", "起止时间", "数据区间", "统计范围", "统计期间",
                    "数据周期", "时间范围", "报表周期", "日期范围",
                    "报告期", "统计日期",
                     "Reporting period", "Period", "Date range", "Date Range"))  # fmt: skip
# 出口交易数据报告, 跨境销售统计表, …: what is reported, of which trade, in which kind of paper.
_TITLES = tuple(
    "".join(parts)
    for parts in product(
        ("出口", "外贸", "跨境", "国际站", "跨境电商"),
        ("", "交易", "交易额", "销售", "销售额", "订单", "业绩", "成交", "业务", "额", "贸易"),
        ("", "数据", "统计", "明细", "情况", "汇总", "数据统计"),
        ("报表", "报告", "统计表", "汇总表", "总览", "概况"),
    )
    if parts[1] or parts[2]
)
_ABROAD = re.compile(r"出口|外贸|跨境|信保|国际站|export|usd|美元")
_LABEL_GAP = 12.0  # text heights
_AMOUNT_HEADING = re.compile(
    r"(?:成交|交易|出口|订单|销售|信保|实收|支付|报关){0,2}总?(?:金额|额)|gmv|(?:transaction|order|export|sales)?(?:amount|value|sales)"
)
_COUNT_HEADING = re.compile(
    r"(?:成交|支付|信保|出口|交易|总)?订单(?:总)?(?:数|数量|量|笔数)|(?:no\.?of)?orders|ordercount|numberoforders"
)
_TIME_HEADING = re.compile(
    r"(?:下单|成交|支付|出口|统计|交易|创建|付款|订单)?(?:月份|日期|时间|年月|年份|月)|(?:order|payment)?(?:month|date|period|time|year)"
)
_ORDER_HEADING = re.compile(r"(?:信保)?订单(?:号|编号|号码|id)|orderno|order(?:id|number)")
_SUBTOTAL = re.compile(r"小计|本页合计|subtotal", re.IGNORECASE)
_HEADINGS = {"amount": _AMOUNT_HEADING, "count": _COUNT_HEADING, "time": _TIME_HEADING, "order": _ORDER_HEADING}
_TOTAL_ROW = re.compile(r"合计|总计|共计|总和|grandtotal|total|sum", re.IGNORECASE)
_MONTH = re.compile(r"((?:19|20)\d{2})[-/.年]?(1[0-2]|0?[1-9])(?!\d)月?")
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})年?(?:度)?(?!\d)")


@dataclass(frozen=True, slots=True)
class _Table:
    """Columns by their headings, the lines under them, and the total row."""

    headings: Mapping[str, TextLine]
    lines: list[dict[str, TextLine]]
    total: dict[str, TextLine]


def extract(pages: Sequence[Page]) -> dict[str, Field]:
    """The fields of a report. What is added up from lines says so in its reason."""
    tables = [table for page in pages if (table := _table(_rows(page)))]
    fields = _labelled(pages, [line for table in tables for line in table.headings.values()])
    _period(fields)
    if fields.get("currency"):
        fields["currency"] = _named_currency(fields["currency"])
    if len(tables) == 1:
        _from_table(fields, tables[0])
    elif len(tables) > 1 and "total_amount" not in fields:
        fields |= _of_several(tables)
    return {name: field for name, field in fields.items() if field.status is not Status.MISSING}


def _reports_exports(pages: Sequence[Page]) -> bool:
    """Whether pages have a table of amounts by time or order, the company and the period above it, and speak of
    trade abroad."""
    text = simplified("".join(compact(line.text) for page in pages for line in page.lines)).lower()
    named = any(word.lower() in text for word in _SPECS[0].labels if len(word) > 2)
    timed = any(word.lower() in text for word in _PERIOD.labels)
    if not (named and timed and _ABROAD.search(text)):
        return False
    table = next((table for page in pages if (table := _table(_rows(page)))), None)
    return table is not None and bool({"time", "order"} & set(table.headings)) and len(table.lines) > 1


def _labelled(pages: Sequence[Page], headings: Sequence[TextLine]) -> dict[str, Field]:
    """Values beside their labels; never below one, where the first line of a table may stand."""
    specs = (*_SPECS, _PERIOD)
    if all(page.source is Source.XLSX for page in pages):
        rows = {line.page: round(line.top / CELL_HEIGHT) + 1 for line in headings}
        return labelled_cells([Sheet(page) for page in pages], specs, rows, [])
    layouts = [Layout(page, [spec.labels for spec in specs]) for page in pages]
    fields: dict[str, Field] = {}
    for spec in specs:
        for layout in layouts:
            for label in layout.find(spec.labels):
                level = any(label.placed.line.page == h.page and _level(label.placed, h) for h in headings)
                span = layout.right_of(label, label_gap=_LABEL_GAP) if label.firm and not level else Span()
                if span:
                    fields.setdefault(spec.name, field_of(span, spec.kind))
    return fields


def _level(placed: Placed, line: TextLine) -> bool:
    return abs(placed.line.centre[1] - line.centre[1]) < placed.height


def _rows(page: Page) -> list[list[TextLine]]:
    """Lines of a page by rows, each from left to right."""
    if page.source is Source.XLSX:
        return [[cell.line for cell in row] for row in Sheet(page).rows.values()]
    rows = rows_of([p for p in place(page.lines) if not p.vertical])
    found = []
    for row in sorted(rows, key=lambda r: r.middle if r.chars else 0.0):
        found.append(list(dict.fromkeys(char.placed.line for char in row.chars)))
    return found


def _table(rows: Sequence[Sequence[TextLine]]) -> _Table | None:
    """The first table with an amount column beside another one; amounts under it by their place."""
    for at, row in enumerate(rows):
        headings = _headings(row)
        if "amount" in headings and len(headings) > 1:
            table = _Table(headings, [], {})
            for below in rows[at + 1 :]:
                cells = _cells(row, headings, below)
                if any(_TOTAL_ROW.fullmatch(compact(line.text).rstrip(":")) for line in below):
                    table.total.update(cells)
                elif table.total and "amount" in cells and not parse_amount(cells["amount"].text):
                    continue  # a note at the foot of the page
                elif "amount" in cells and not any(_SUBTOTAL.search(compact(line.text)) for line in below):
                    table.lines.append(cells)
            return table if table.lines or table.total else None
    return None


def _headings(row: Sequence[TextLine]) -> dict[str, TextLine]:
    found: dict[str, TextLine] = {}
    for line in row:
        heading = bare_heading(line.text)
        for name, pattern in _HEADINGS.items():
            if pattern.fullmatch(heading) or pattern.fullmatch(re.sub(r"usd|us\$|cny|rmb|美元|人民币|元", "", heading)):
                found.setdefault(name, line)
    return found


def _cells(heads: Sequence[TextLine], headings: Mapping[str, TextLine], row: Sequence[TextLine]) -> dict[str, TextLine]:
    """The cells of a row by column. In a row with none left out the first stands under the first heading, however
    far a heading in the middle of a wide column is from a figure at its edge."""
    if len(row) == len(heads):
        return {name: row[heads.index(head)] for name, head in headings.items()}
    return {name: line for name, head in headings.items() if (line := _under(head, row))}


def _under(head: TextLine, row: Sequence[TextLine]) -> TextLine | None:
    """The line of a row that stands under a heading: the one that overlaps it most."""
    shares = [
        (min(line.right, head.right + head.height) - max(line.left, head.left - head.height), line) for line in row
    ]
    best = max(shares, key=lambda s: s[0], default=(0.0, None))
    return best[1] if best[0] > 0 else None


def _from_table(fields: dict[str, Field], table: _Table) -> None:
    """Total, currency, orders and period from the table, compared with what labels say."""
    lines = [(line, parse_amount(line["amount"].text)) for line in table.lines]
    read = [amount for _, amount in lines if amount]
    # A line without its month or order may be another total: what is added up must be lines.
    named = [name for name in ("time", "order") if name in table.headings]
    whole = len(read) == len(lines) and ("amount" in table.total or not named or _all_named(table, named))
    stated = parse_amount(table.total["amount"].text) if "amount" in table.total else None
    unit = heading_currency(table.headings["amount"].text)
    codes = {code for code in (unit, *(a[1] for a in read), stated and stated[1]) if code}
    if read or stated:
        total = _total(table, [a[0] for a in read], stated and stated[0], whole, fields.get("total_amount"))
        fields["total_amount"] = total
    if unit and unit.startswith("10000") and "total_amount" in fields:
        fields["total_amount"] = _doubt(fields["total_amount"], "other_unit")
    elif "currency" not in fields and len(codes) == 1:
        fields["currency"] = field_of(Span(((table.headings["amount"],),)), Kind.CHOICE, codes.pop())
    elif len(codes) > 1 or (codes and fields["currency"].value not in codes):
        fields["currency"] = _doubt(fields.get("currency", Field(value=min(codes), raw=min(codes))), "conflict")
        if "total_amount" in fields:
            fields["total_amount"] = _doubt(fields["total_amount"], "conflict")
    _orders(fields, table)
    if "period_from" not in fields:
        _period_of_lines(fields, table)


def _total(
    table: _Table, amounts: Sequence[Decimal], stated: Decimal | None, whole: bool, labelled_total: Field | None
) -> Field:
    """The stated total beside the sum of the lines: equal prints prove it, others throw doubt on it."""
    summed = sum(amounts, Decimal(0))
    line = table.total.get("amount") or table.lines[-1]["amount"]
    value = stated if stated is not None else summed
    field = field_of(Span(((line,),)), Kind.MONEY, value)
    others = [str(summed)] if stated is not None and amounts else []
    if labelled_total and labelled_total.value is not None:
        others.append(str(labelled_total.value))
    field = field.model_copy(
        update={"alternates": tuple(others), "reason": "" if stated is not None else "sum_of_lines"}
    )
    return field if whole else _doubt(field, "lines_incomplete")


def _all_named(table: _Table, named: Sequence[str]) -> bool:
    return all(any(name in line for name in named) for line in table.lines) and (
        "time" not in named or None not in list(_times(table))
    )


def _orders(fields: dict[str, Field], table: _Table) -> None:
    if "order_count" in fields:
        return
    if "count" not in table.headings:
        if "order" in table.headings and all("order" in line for line in table.lines):
            field = field_of(Span(((table.headings["order"],),)), Kind.DIGITS, str(len(table.lines)))
            fields["order_count"] = field.model_copy(update={"reason": "from_lines"})
        return
    counts = [_whole(line["count"].text) for line in table.lines if "count" in line]
    stated = _whole(table.total["count"].text) if "count" in table.total else None
    if stated is None and (None in counts or not counts):
        return
    summed = None if None in counts else sum(c for c in counts if c is not None)
    value = stated if stated is not None else summed
    line = table.total.get("count") or table.lines[-1]["count"]
    others = (str(summed),) if stated is not None and summed is not None and counts else ()
    field = field_of(Span(((line,),)), Kind.DIGITS, str(value))
    fields["order_count"] = field.model_copy(update={"alternates": others})


def _whole(text: str) -> int | None:
    plain = compact(text).replace(",", "").rstrip("单笔个")
    return int(plain) if re.fullmatch(r"\d{1,9}", plain) else None


def _of_several(tables: Sequence[_Table]) -> dict[str, Field]:
    """Several tables, maybe of the same figures in other cuts: which one counts is for a person to say."""
    first = tables[0]
    line = first.total.get("amount") or first.lines[-1]["amount"]
    amount = parse_amount(line.text)
    field = field_of(Span(((line,),)), Kind.MONEY, amount[0] if amount else None)
    return {"total_amount": _doubt(field, "several_tables")}


def _doubt(field: Field, reason: str) -> Field:
    return field.model_copy(update={"status": Status.DOUBTFUL, "reason": reason})


def _named_currency(field: Field) -> Field:
    code = currency_of(field.raw)
    if code is None or "万" in field.raw:
        return _doubt(field, "malformed")
    return field.model_copy(update={"value": code})


def _period(fields: dict[str, Field]) -> None:
    """统计周期：2025-01-01 至 2025-12-31 as two dates."""
    found = fields.pop("period", None)
    days = parse_period(found.raw) if found else None
    if found and days:
        for name, day in zip(("period_from", "period_to"), days, strict=True):
            fields.setdefault(name, found.model_copy(update={"value": day, "status": _settled(found)}))


def _settled(found: Field) -> Status:
    return Status.DOUBTFUL if found.reason == "low_confidence" else Status.READ


def parse_period(text: str) -> tuple[date, date] | None:
    """Two days, two months or a year as (first day, last day); None for anything else."""
    days = [day for day, _, _ in find_dates(text)]
    if len(days) == 2:
        return (days[0], days[1]) if days[0] <= days[1] else None
    plain = compact(text)
    months = [(int(m[1]), int(m[2])) for m in _MONTH.finditer(plain)] if not days else []
    if 1 <= len(months) <= 2 and months[0] <= months[-1]:
        return date(*months[0], 1), _last_day(*months[-1])
    years = _YEAR.findall(plain) if not days and not months else []
    if 1 <= len(years) <= 2 and years[0] <= years[-1]:
        return date(int(years[0]), 1, 1), date(int(years[-1]), 12, 31)
    return None


def _last_day(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _period_of_lines(fields: dict[str, Field], table: _Table) -> None:
    """From the first to the last time in the table, where every line has one."""
    spans = list(_times(table))
    if not spans or len(spans) != len(table.lines) or None in spans:
        return
    days = [day for span in spans if span for day in span]
    line = table.lines[0]["time"]
    for name, day in (("period_from", min(days)), ("period_to", max(days))):
        field = field_of(Span(((line,),)), Kind.DATE, day)
        fields[name] = field.model_copy(update={"reason": field.reason or "from_lines"})


def _times(table: _Table) -> Iterator[tuple[date, date] | None]:
    for line in table.lines:
        if "time" in line:
            days = [day for day, _, _ in find_dates(line["time"].text)]
            yield (days[0], days[0]) if len(days) == 1 else parse_period(line["time"].text)


DOCUMENT_TYPE = DocumentType(
    id="export_report",
    zh="出口交易额报表",
    en="export report",
    fields=_SPECS,
    extract=extract,
    titles=(
        "交易额报表", "交易数据报表", "出口额报表", "出口业绩报表", "出口数据报表", "数据管家", "交易总览",
        "出口交易额报表", "年度出口额统计表", "出口统计表",
        "出口额统计表", "交易概况", "订单交易报表", "Export report", "Transaction report", "Trade report",
        "Sales report", "数据管家交易额报表", "Export Transaction Report", "Export Statistics", *_TITLES,
    ),
    words=(
        "交易额", "成交金额", "出口额", "订单数", "订单量", "统计周期", "统计时间", "数据管家", "信保订单",
        "买家国家", "起止日期", "买家数", "币种", "导出时间", "公司名称", "统计月份", "实收交易额", "信保订单数",
        "CompanyName", "报表周期", "出口总额",
        "出口订单",
        "同比", "环比", "Transaction",
        "Orders", "GMV",
    ),
    against=("发票号码", "报关单", "付款人", "商户名", "下单月份", "合同编号", "证件号码", "营业执照"),
    sources=frozenset(Source),
    built_as=_reports_exports,
)  # fmt: skip
