"""What an OFD says about its invoice in tags and document data → the fields of `vat_invoice`.

Tags (GB/T 33190-2016 §16; the element names are those of the tax platforms, `fp:eInvoice` of 2016 and 2019 and
`ofd:root` of fully digital invoices) name text objects of the pages: a value is what these objects show. One value
may be spread over several objects; the columns of the goods are tagged one by one, so lines are told by place.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from extractors._invoice_cells import NO_TAX
from extractors.form import field_of
from extractors.model import Field, Item, Kind, Status, TextLine
from extractors.rows import Span, extent, union
from extractors.values import compact, fold, parse_money, parse_words

_SCALARS: dict[str, tuple[str, Kind]] = {
    "InvoiceCode": ("invoice_code", Kind.INVOICE_CODE),
    "InvoiceNo": ("invoice_number", Kind.INVOICE_NUMBER),
    "IssueDate": ("issued_on", Kind.DATE),
    "InvoiceCheckCode": ("check_code", Kind.DIGITS),
    "MachineNo": ("machine_number", Kind.DIGITS),
    "TaxExclusiveTotalAmount": ("amount", Kind.MONEY),
    "TaxTotalAmount": ("tax", Kind.MONEY),
    "TaxInclusiveTotalAmount": ("total", Kind.MONEY),
    "TaxInclusiveTotalAmountWithWords": ("total_in_words", Kind.MONEY_IN_WORDS),
    "InvoiceClerk": ("drawer", Kind.PERSON),
    "Payee": ("payee", Kind.PERSON),
    "Checker": ("reviewer", Kind.PERSON),
    "Note": ("remarks", Kind.TEXT),
    **{
        f"{tag}{end}": (f"{role}_{name}", kind)
        for tag, role in (("Buyer", "buyer"), ("Seller", "seller"))
        for end, name, kind in (
            ("Name", "name", Kind.ORGANISATION),
            ("TaxID", "tax_id", Kind.TAX_ID),
            ("AddrTel", "address_phone", Kind.TEXT),
            ("FinancialAccount", "bank_account", Kind.TEXT),
        )
    },
}
_COLUMNS = {
    "Item": "name", "Specification": "spec", "MeasurementDimension": "unit", "Quantity": "quantity",
    "Price": "unit_price", "Amount": "amount", "TaxScheme": "tax_rate", "TaxAmount": "tax",
}  # fmt: skip
_FIGURES = ("quantity", "unit_price", "amount", "tax")
_CUSTOM_DATA: dict[str, tuple[str, Kind]] = {
    "发票代码": _SCALARS["InvoiceCode"],
    "发票号码": _SCALARS["InvoiceNo"],
    "开票日期": _SCALARS["IssueDate"],
    "校验码": _SCALARS["InvoiceCheckCode"],
    "机器编号": _SCALARS["MachineNo"],
    "合计金额": _SCALARS["TaxExclusiveTotalAmount"],
    "合计税额": _SCALARS["TaxTotalAmount"],
    "价税合计": _SCALARS["TaxInclusiveTotalAmount"],
    "购买方名称": _SCALARS["BuyerName"],
    "购买方纳税人识别号": _SCALARS["BuyerTaxID"],
    "销售方名称": _SCALARS["SellerName"],
    "销售方纳税人识别号": _SCALARS["SellerTaxID"],
}
_LEVEL = 0.6  # heights two pieces of one row may stand apart
_NEXT_ROW = 2.2  # heights from one row of a broken value to the next


@dataclass(frozen=True, slots=True)
class Leaf:
    """A tagged value: the tag's name, the goods line it was put into (None outside of any), what it refers to."""

    name: str
    group: int | None
    lines: tuple[TextLine, ...]


def tag_fields(leaves: Sequence[Leaf]) -> dict[str, Field]:
    """The fields that tags name; without a number, a code or an amount they are no invoice's: nothing."""
    fields: dict[str, Field] = {}
    for leaf in leaves:
        name, kind = _SCALARS.get(leaf.name, ("", Kind.TEXT))
        if not name or leaf.group is not None:
            continue
        words = [line for line in leaf.lines if name == "total" and parse_words(line.text) is not None]
        figures = [line for line in leaf.lines if line not in words]
        for told, of, lines in ((name, kind, figures), ("total_in_words", Kind.MONEY_IN_WORDS, words)):
            if lines and told not in fields:
                fields[told] = _one_of_pages(lines, told, of)
    if not fields.keys() & {"invoice_number", "invoice_code", "total", "amount"}:
        return {}
    if goods := _goods(leaves):
        fields["items"] = goods
    return fields


def _one_of_pages(lines: Sequence[TextLine], name: str, kind: Kind) -> Field:
    """A value from the pieces a tag names: an invoice of several pages prints its head and sums on each of them.

    Every page is a print of its own, compared with the others; prints that differ make the value doubtful.
    """
    by_page: dict[int, list[TextLine]] = defaultdict(list)
    for line in lines:
        by_page[line.page].append(line)
    first, *others = (_value(Span(tuple(_rows(by_page[page]))), name, kind) for page in sorted(by_page))
    differing = tuple(dict.fromkeys(str(other.value) for other in others if other.value != first.value))
    if not differing:
        return first
    update = {"status": Status.DOUBTFUL, "reason": "conflicting_readings", "alternates": differing}
    return first.model_copy(update=update)


def _value(span: Span, name: str, kind: Kind) -> Field:
    """The field of a value; stars or 免税 in place of the tax are no tax, as on a page."""
    untaxed = name == "tax" and NO_TAX.fullmatch(compact(span.text).lstrip("¥"))
    return field_of(span, kind, Decimal("0.00") if untaxed else None)


def custom_data_fields(pairs: Iterable[tuple[str, str]]) -> dict[str, Field]:
    """The fields among the named values of the document's own data."""
    fields: dict[str, Field] = {}
    for label, text in pairs:
        name, kind = _CUSTOM_DATA.get(re.sub(r"[、，,:]", "", compact(label)), ("", Kind.TEXT))
        if name and text.strip() and name not in fields:
            found = _value(Span(((TextLine(text, ((0.0, 0.0),) * 4),),)), name, kind)
            fields[name] = found.model_copy(update={"page": None, "box": None})
    return fields if "invoice_number" in fields else {}


def _rows(lines: Iterable[TextLine]) -> list[tuple[TextLine, ...]]:
    """Pieces in reading order: page by page, row by row, from the left."""
    found = list(lines)
    if len(found) < 2:  # nearly every value
        return [(line,) for line in found]
    rows: list[list[TextLine]] = []
    for line in sorted(found, key=lambda p: (p.page, p.centre[1])):
        if rows and _level(rows[-1][-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [tuple(sorted(row, key=lambda p: p.left)) for row in rows]


def _level(one: TextLine, other: TextLine) -> bool:
    if one.page != other.page:
        return False
    (_, a, _, b), (_, c, _, d) = extent(one), extent(other)
    return abs((a + b) / 2 - (c + d) / 2) < _LEVEL * min(b - a, d - c)


# Goods


def _goods(leaves: Sequence[Leaf]) -> Field | None:
    grouped: dict[int, dict[str, list[TextLine]]] = defaultdict(lambda: defaultdict(list))
    loose: dict[str, list[TextLine]] = defaultdict(list)
    for leaf in leaves:
        if column := _COLUMNS.get(leaf.name):
            (loose if leaf.group is None else grouped[leaf.group])[column].extend(leaf.lines)
    parts = [grouped[key] for key in sorted(grouped)] + _by_place(loose)
    parts = [part for part in parts if any(part.values())]
    if not parts:
        return None
    items = [_item(part) for part in parts]
    pieces = [piece for part in parts for found in part.values() for piece in found]
    sound = all(item is not None for item in items)
    return Field(
        value=[item or Item() for item in items],
        raw="\n".join(" ".join(p.text for name in _COLUMNS.values() for p in part.get(name, ())) for part in parts),
        status=Status.READ if sound else Status.DOUBTFUL,
        confidence=1.0,
        page=min(p.page for p in pieces),
        box=union([p for p in pieces if p.page == pieces[0].page]),
        reason="" if sound else "malformed",
    )


def _item(part: dict[str, list[TextLine]]) -> Item | None:
    """One line of the goods; None where a figure is none or the amount is not there."""
    texts = {name: "".join(fold(p.text) for row in _rows(found) for p in row) for name, found in part.items()}
    figures: dict[str, Decimal | None] = {}
    for name in _FIGURES:
        text = compact(texts.get(name, ""))
        empty = not text.strip("*-") or (name == "tax" and NO_TAX.fullmatch(text))
        figures[name] = None if empty else parse_money(text)
        if not empty and figures[name] is None:
            return None
    if figures["amount"] is None:
        return None
    rate = compact(texts.get("tax_rate", ""))
    return Item(name=texts.get("name", ""), spec=texts.get("spec", ""), unit=texts.get("unit", ""),
                tax_rate=rate, **figures)  # fmt: skip


def _by_place(loose: Mapping[str, list[TextLine]]) -> list[dict[str, list[TextLine]]]:
    """Lines of goods from columns tagged one by one: every line has an amount, and that says where the line stands.

    What stands level with the 小计 of a page belongs to no line: sums bear a currency sign where amounts have none.
    """
    amounts = loose.get("amount", ())
    signed = [piece for piece in amounts if re.match("-?¥", compact(piece.text))]
    sums = [piece for piece in loose.get("name", ()) if compact(piece.text) in ("小计", "合计")]
    sums += signed if len(signed) < len(amounts) else []
    if sums:
        loose = {name: [p for p in found if not any(_level(p, s) for s in sums)] for name, found in loose.items()}
    anchors = sorted(loose.get("amount", ()), key=lambda p: (p.page, p.centre[1]))
    parts: list[dict[str, list[TextLine]]] = [defaultdict(list) for _ in anchors]
    if not anchors:
        return []
    for name, pieces in loose.items():
        ordered = sorted(pieces, key=lambda p: (p.page, p.centre[1], p.left))
        for piece, at in zip(ordered, _lines_of(ordered, anchors), strict=True):
            parts[at][name].append(piece)
    return parts


def _lines_of(pieces: Sequence[TextLine], anchors: Sequence[TextLine]) -> list[int]:
    """The line each piece of one column belongs to: the one it stands level with, or the one its column goes on from.

    A broken name hangs from its line or is centred on it; a piece that starts anew ("*goods*...") hangs from none.
    """
    found: list[int] = []
    places = [(anchor.page, anchor.centre[1]) for anchor in anchors]
    for index, piece in enumerate(pieces):
        at = bisect(places, (piece.page, piece.centre[1]))
        above, below = max(at - 1, 0), min(at, len(anchors) - 1)
        level = [i for i in (above, below) if _level(piece, anchors[i])]
        if level:
            found.append(level[0])
        elif index and _hangs(pieces[index - 1], piece) and not _opens(piece):
            found.append(found[-1])
        elif _opens(piece) or at == 0 or _nearer(piece, anchors[below], anchors[above]):
            found.append(below)
        else:
            found.append(above)
    return found


def _hangs(upper: TextLine, lower: TextLine) -> bool:
    """Whether a piece goes on from the one above it, over the end of a page too."""
    if upper.page != lower.page:
        return True
    return lower.centre[1] - upper.centre[1] < _NEXT_ROW * lower.height


def _opens(piece: TextLine) -> bool:
    return fold(piece.text).startswith("*")


def _nearer(piece: TextLine, one: TextLine, other: TextLine) -> bool:
    if one.page != piece.page or other.page != piece.page:
        return one.page == piece.page
    return abs(one.centre[1] - piece.centre[1]) < abs(other.centre[1] - piece.centre[1])
