"""Invoices laid out by hand in many ways: items in, pages of text lines out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from extractors.model import Item, Page, Source, TextLine, rectangle

H = 20.0
# Column → its heading, and its left and right edge as parts of the table's width.
DIGITAL = {
    "name": ("项目名称", 0.0, 0.22), "spec": ("规格型号", 0.22, 0.34), "unit": ("单 位", 0.34, 0.42),
    "quantity": ("数 量", 0.42, 0.53), "unit_price": ("单 价", 0.53, 0.67), "amount": ("金 额", 0.67, 0.80),
    "tax_rate": ("税率/征收率", 0.80, 0.89), "tax": ("税 额", 0.89, 1.0),
}  # fmt: skip
PAPER = {
    "name": ("货物或应税劳务、服务名称", 0.0, 0.27), "spec": ("规格型号", 0.27, 0.38), "unit": ("单位", 0.38, 0.43),
    "quantity": ("数 量", 0.43, 0.54), "unit_price": ("单 价", 0.54, 0.67), "amount": ("金 额", 0.67, 0.81),
    "tax_rate": ("税率", 0.81, 0.87), "tax": ("税 额", 0.87, 1.0),
}  # fmt: skip
LIST = {"index": ("序号", 0.0, 0.05), **PAPER, "name": ("货物（劳务）名称", 0.05, 0.27)}


@dataclass(frozen=True)
class Style:
    """How a generator lays an invoice out. `way`: where figures stand beside a wrapped name."""

    columns: dict[str, tuple[str, float, float]]
    way: str = "top"  # top, centre or bottom
    pitch: float = 1.3  # rows of one line, text heights
    apart: float = 1.3  # rows of two lines
    width: float = 1500.0
    figures: str = "right"  # or "centre", "left"
    words: str = "left"  # or "centre": names and specifications
    grouped: bool = False  # 1,234.50
    height: float = H


def wide(text: str, height: float = H) -> float:
    return sum(height if ord(c) > 0x2E7F else height * 0.5 for c in text)


def text_line(text: str, left: float, middle: float, height: float = H, page: int = 1) -> TextLine:
    box = rectangle(left, middle - height / 2, left + wide(text, height), middle + height / 2)
    return TextLine(text, box, 0.99, page)


def wrapped(text: str, width: float, height: float) -> list[str]:
    rows = [""]
    for char in text:
        if rows[-1] and wide(rows[-1] + char, height) > width:
            rows.append("")
        rows[-1] += char
    return rows


def cells(item: Item, grouped: bool) -> dict[str, str]:
    plain = {name: getattr(item, name) for name in ("quantity", "unit_price", "amount", "tax")}
    texts = {name: "" if value is None else f"{value:,f}" if grouped else f"{value:f}" for name, value in plain.items()}
    return {"name": item.name, "spec": item.spec, "unit": item.unit, "tax_rate": item.tax_rate, **texts}


def body(items: Sequence[Item], style: Style, top: float, left: float = 60.0) -> tuple[list[TextLine], float]:
    """The rows of the table and the height below them."""
    lines: list[TextLine] = []
    y, h = top, style.height
    for number, item in enumerate(items, 1):
        texts = cells(item, style.grouped) | ({"index": str(number)} if "index" in style.columns else {})
        if item.tax is None:
            texts["tax"] = "***"
        rows = {
            column: wrapped(texts.get(column, ""), (b - a) * style.width - 0.5 * h, h)
            for column, (_, a, b) in style.columns.items()
        }
        high = max(map(len, rows.values()))
        for column, pieces in rows.items():
            _, a, b = style.columns[column]
            spare = {"top": 0.0, "centre": (high - len(pieces)) / 2, "bottom": high - len(pieces)}[style.way]
            for at, piece in enumerate(pieces):
                if piece:
                    x = placed(column, piece, left + a * style.width, left + b * style.width, style)
                    lines.append(text_line(piece, x, y + (spare + at) * style.pitch * h, h))
        y += ((high - 1) * style.pitch + style.apart) * h
    return lines, y


def placed(column: str, text: str, left: float, right: float, style: Style) -> float:
    inner = 0.2 * style.height
    way = style.words if column in ("name", "spec") else style.figures
    if column in ("unit", "tax_rate", "index") or way == "centre":
        return (left + right - wide(text, style.height)) / 2
    return left + inner if way == "left" else right - inner - wide(text, style.height)


def headings(style: Style, middle: float, left: float = 60.0) -> list[TextLine]:
    found = []
    for text, a, b in style.columns.values():
        centre = left + (a + b) / 2 * style.width
        found.append(text_line(text, centre - wide(text, style.height) / 2, middle, style.height))
    return found


def sums(items: Sequence[Item], label: str, style: Style, middle: float, left: float = 60.0) -> list[TextLine]:
    amount = sum((item.amount or Decimal(0) for item in items), Decimal(0))
    tax = sum((item.tax or Decimal(0) for item in items), Decimal(0))
    found = [text_line(label, left + 0.08 * style.width, middle, style.height)]
    for column, value in (("amount", amount), ("tax", tax)):
        _, a, b = style.columns[column]
        text = f"¥{value:.2f}"
        x = placed(column, text, left + a * style.width, left + b * style.width, style)
        found.append(text_line(text, x, middle, style.height))
    return found


def invoice(
    items: Sequence[Item], style: Style, *, down: float = 0.0, number: str = "24322000000489101796",
    last: bool = True, page: int = 1, of: Sequence[Item] | None = None,
) -> Page:  # fmt: skip
    """A page of a digital or a paper invoice, with a subtotal if not the `last` one. `of`: the items of all pages."""
    every = of if of is not None else items
    total = sum(((i.amount or Decimal(0)) + (i.tax or Decimal(0)) for i in every), Decimal(0))
    digital = style.columns is DIGITAL
    title = "电子发票（增值税专用发票）" if digital else "江苏增值税专用发票"
    code = [] if digital else [text_line("3200204130", 150, down + 60)]
    head = [
        text_line(title, 560, down + 50, 34), *code,
        text_line(("发票号码：" if digital else "No ") + number, 1150, down + 60),
        text_line("开票日期：2024年12月05日", 1150, down + 100),
        text_line("名称：杭州青禾贸易有限公司", 95, down + 150),
        text_line("名称：苏州锦澜纺织有限公司", 840, down + 150 if digital else down + 1400),
    ]  # fmt: skip
    rows, end = body(items, style, down + 330)
    lines = [*head, *headings(style, down + 290), *rows]
    y = max(end, down + 560)
    if not last:
        return Page(page, 1654, 2339, (*lines, *sums(items, "小计", style, y)), Source.TEXT)
    if of is not None:
        lines += sums(items, "小计", style, y)
        y += 40
    lines += sums(every, "合 计", style, y)
    lines += [
        text_line("价税合计（大写）", 110, y + 40), text_line("（小写）", 900, y + 40),
        text_line(f"¥{total:.2f}", 990, y + 40), text_line("开票人：赵青", 180, y + 200),
    ]  # fmt: skip
    return Page(page, 1654, 2339, tuple(lines), Source.TEXT)


def sales_list(items: Sequence[Item], style: Style, *, number: str, page: int, pages: int, end: bool) -> Page:
    """A page of an attached list."""
    rows, y = body(items, style, 330)
    lines = [
        text_line("销售货物或者提供应税劳务、服务清单", 450, 60, 34),
        text_line("购买方名称：杭州青禾贸易有限公司", 100, 120),
        text_line("销售方名称：苏州锦澜纺织有限公司", 100, 160),
        text_line(f"所属增值税专用发票代码：3200204130 号码：{number} 共 {pages} 页 第 {page} 页", 100, 210),
        *headings(style, 290), *rows, *sums(items, "小计", style, y + 10),
        *(sums(items, "总计", style, y + 50) if end else ()),
        text_line("备注", 70, y + 90), text_line("填开日期：2024年12月05日", 1100, y + 130),
    ]  # fmt: skip
    return Page(page + 1, 1654, 2339, tuple(lines), Source.TEXT)
