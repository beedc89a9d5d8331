"""Export declaration (中华人民共和国海关出口货物报关单): a grid whose cells print the label above the value."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from extractors.currency import currency_of
from extractors.form import field_of, parse
from extractors.layout import Label, Layout
from extractors.model import DocumentType, Field, FieldSpec, Kind, Page, Status
from extractors.rows import Placed, Span
from extractors.values import compact, fold, parse_money

_SPECS = (
    FieldSpec("declaration_number", Kind.CUSTOMS_NUMBER, "海关编号",
              ("海关编号", "报关单号", "报关单编号", "报关单海关编号"), key=True),
    FieldSpec("shipper", Kind.ORGANISATION, "境内发货人", ("境内发货人", "经营单位", "收发货人", "发货人"), key=True),
    FieldSpec("shipper_credit_code", Kind.CREDIT_CODE, "境内发货人统一社会信用代码"),
    FieldSpec("overseas_consignee", Kind.ORGANISATION, "境外收货人", ("境外收货人",)),
    FieldSpec("exported_on", Kind.DATE, "出口日期", ("出口日期",)),
    FieldSpec("declared_on", Kind.DATE, "申报日期", ("申报日期",), key=True),
    FieldSpec("trade_mode", Kind.TEXT, "监管方式", ("监管方式", "贸易方式")),
    FieldSpec("destination", Kind.TEXT, "运抵国（地区）", ("运抵国(地区)", "运抵国", "最终目的国(地区)")),
    FieldSpec("contract_number", Kind.TEXT, "合同协议号", ("合同协议号", "合同号")),
    FieldSpec("currency", Kind.CHOICE, "币制"),
    FieldSpec("total_amount", Kind.MONEY, "总价", key=True),
)  # fmt: skip
_OTHER = (
    "预录入编号", "申报口岸", "出境关别", "出口口岸", "备案号", "运输方式", "运输工具名称及航次号", "运输工具名称",
    "提运单号", "生产销售单位", "征免性质",
    "许可证号", "贸易国(地区)", "指运港", "离境口岸", "境内货源地", "包装种类", "件数", "毛重(千克)", "净重(千克)",
    "毛重", "净重", "成交方式", "运费",
    "保费", "杂费", "随附单证及编号", "随附单证", "标记唛码及备注", "项号", "商品编号", "商品名称及规格型号",
    "商品名称、规格型号", "数量及单位",
    "单价/总价/币制", "单价", "总价", "币制", "原产国(地区)", "征免", "特殊关系确认", "报关人员", "申报单位",
    "海关批注及签章", "页码/页数", "仅供核对用",
    "货物存放地点", "启运港", "录入员", "录入单位", "结汇方式", "货号", "件数及包装",
)  # fmt: skip
_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])|(?<![0-9A-Z])[0-9A-Z]{9,10}(?![0-9A-Z])")
_BELOW = 3.2  # text heights from a label to its value under it


def extract(pages: Sequence[Page]) -> dict[str, Field]:
    """The fields of a declaration: the head from its first page, goods from all of them."""
    words = [*(spec.labels for spec in _SPECS if spec.labels), *_OTHER]
    layouts = [Layout(page, words) for page in pages]
    head = layouts[0]
    fields: dict[str, Field] = {}
    for spec in _SPECS:
        if spec.labels and (span := _value(head, spec)):
            fields[spec.name] = _field(_without_code(span, spec.name), spec)
    if code := _credit_code(head):
        fields["shipper_credit_code"] = code
    return fields | _amounts(layouts)


def _field(span: Span, spec: FieldSpec) -> Field:
    """A foreign name keeps its spaces."""
    latin = re.sub(r"\s+", " ", " ".join(piece.text for piece in span.pieces)).strip()
    foreign = spec.kind is Kind.ORGANISATION and not re.search(r"[\u3400-\u9fff]", latin)
    return field_of(span, spec.kind, latin if foreign and len(latin) > 3 else None)


def _value(layout: Layout, spec: FieldSpec) -> Span:
    """The value behind a label and its colon, else under it, within the label's own cell."""
    for label in layout.find(spec.labels):
        after = layout.right_of(label, label_gap=2.0)
        if after and _fits(after, spec):
            return after
        under = _under(layout, label)
        if under and _fits(under, spec):
            return under
    return Span()


def _fits(span: Span, spec: FieldSpec) -> bool:
    """Whether a text can be the value: a code in brackets behind a label is part of the label."""
    if spec.kind in (Kind.CUSTOMS_NUMBER, Kind.DATE):
        return parse(spec.kind, span.text) is not None
    if re.fullmatch(r"[(（][^()（）]*[)）]", span.text.strip()):
        return False
    plain = compact(span.text).upper()
    # A number of the shipper's stands where its name should; what a contract is numbered is its own.
    rest = (_CODE.sub("", plain) if spec.kind is Kind.ORGANISATION else plain).strip("()-:;,./")
    return bool(re.search(r"[\u3400-\u9fffA-Z]{2}|\d{3}", rest)) and not re.fullmatch(r"\(?\d{3,4}\)?", rest)


def _under(layout: Layout, label: Label) -> Span:
    """The first line under a label that begins in its cell, up to the next label of the row above it."""
    below = _lines_under(layout, label)
    return Span(((below[0].line,),)) if below else Span()


def _lines_under(layout: Layout, label: Label) -> list[Placed]:
    height = label.placed.height
    followers = [a.left for a in layout.labels if a.row is label.row and a.start >= label.end]
    right = min(followers, default=float("inf")) - 0.3 * height
    lines = [
        p
        for p in layout.placed
        if not p.vertical
        and 0.6 * height < p.middle - label.placed.middle < _BELOW * height
        and label.left - 1.5 * height < p.left < right
        and not _is_label(layout, p)
    ]
    if not lines:
        return []
    # Of a row the leftmost line is the cell's own.
    first = min(lines, key=lambda p: p.middle)
    row = [p for p in lines if abs(p.middle - first.middle) < 0.5 * height]
    return [min(row, key=lambda p: p.left), *(p for p in lines if p not in row)]


def _is_label(layout: Layout, placed: Placed) -> bool:
    return any(label.firm and label.row.chars[label.start].placed is placed for label in layout.labels)


def _without_code(span: Span, name: str) -> Span:
    """A name without the number printed before or behind it."""
    if name not in ("shipper", "overseas_consignee") or len(span.pieces) != 1:
        return span
    line = span.pieces[0]
    match = re.search(r"\(?[0-9A-Z]{9,18}\)?$", line.text.strip())
    if name == "shipper" and match and match.start() > 3:
        return Span(((line.cut(0, match.start()),),))
    return span


def _credit_code(layout: Layout) -> Field | None:
    """The code beside the shipper's label, or beside or under its name."""
    for label in layout.find(_SPECS[1].labels):
        row = label.row.span(label.end, None)
        under = [Span(((p.line,),)) for p in _lines_under(layout, label)[:2]]
        for span in (row, *under):
            match = re.search(r"(?<![0-9A-Z])[0-9A-Z]{18}(?![0-9A-Z])", compact(span.text).upper()) if span else None
            if match and not match[0].isalpha():
                return field_of(span, Kind.CREDIT_CODE, match[0])
    return None


def _amounts(layouts: Sequence[Layout]) -> dict[str, Field]:
    """The sum of the goods' totals, and their currency; doubtful where a line does not come out whole."""
    totals: list[Decimal] = []
    codes: set[str] = set()
    lines: list[Placed] = []
    sure = True
    for layout in layouts:
        for heading in layout.find(("单价/总价/币制",))[:1]:
            found, currencies, used = _stacked(layout, heading)
            items = _item_count(layout, heading)
            sure = sure and len(found) == len(currencies) and (items is None or items == len(found))
            totals, codes, lines = totals + found, codes | set(currencies), lines + used
    if not totals:
        return {}
    span = Span(tuple((p.line,) for p in lines))
    amount = field_of(span, Kind.MONEY, sum(totals, Decimal(0)))
    fields = {"total_amount": amount}
    if codes:
        fields["currency"] = field_of(span, Kind.CHOICE, min(codes))
    if not sure or len(codes) != 1:
        for name, field in fields.items():
            fields[name] = field.model_copy(update={"status": Status.DOUBTFUL, "reason": "lines_incomplete"})
    return fields


def _stacked(layout: Layout, heading: Label) -> tuple[list[Decimal], list[str], list[Placed]]:
    """Unit price, total and currency stand one over the other in one column: the second number of each counts."""
    height = heading.placed.height
    left, right = _cell(layout, heading)
    column = [
        p
        for p in layout.placed
        if p.middle > heading.placed.middle + 0.6 * height and left < (p.left + p.right) / 2 < right
    ]
    totals, currencies, numbers, used = [], [], list[Decimal](), list[Placed]()
    for placed in column:
        text = fold(placed.line.text)
        value = parse_money(text)
        if value is not None:
            numbers.append(value)
            used.append(placed)
        elif (code := currency_of(text)) and len(compact(text)) <= 8:
            if len(numbers) == 2:
                totals.append(numbers[1])
            currencies.append(code)
            numbers = []
    return totals, currencies, used


def _cell(layout: Layout, heading: Label) -> tuple[float, float]:
    """How far the column of a heading in the middle of its cell reaches: its values stand at either edge."""
    beside = [a for a in layout.labels if a.row is heading.row and a is not heading]
    before = max((a.right for a in beside if a.right <= heading.left), default=heading.left)
    after = min((a.left for a in beside if a.left >= heading.right), default=heading.right + 6 * heading.placed.height)
    return (before + heading.left) / 2, after


def _item_count(layout: Layout, heading: Label) -> int | None:
    """How many goods the page lists, by their running numbers; None where these were not read."""
    for label in layout.find(("项号",)):
        numbers = [
            int(m[1])
            for p in layout.placed
            if p.middle > heading.placed.middle
            and abs(p.left - label.left) < 3 * label.placed.height
            and (m := re.match(r"(\d{1,2})(?!\d)", fold(p.line.text)))
        ]
        if numbers:
            return len({n for n in numbers if n})
    return None


DOCUMENT_TYPE = DocumentType(
    id="customs_declaration",
    zh="出口货物报关单",
    en="export customs declaration",
    fields=_SPECS,
    extract=extract,
    titles=(
        "中华人民共和国海关出口货物报关单", "海关出口货物报关单", "出口货物报关单", "出口报关单",
        "出口货物报关单预录单",
    ),
    words=(
        "海关编号", "预录入编号", "境内发货人", "境外收货人", "出境关别", "运抵国", "指运港", "监管方式", "征免性质",
        "离境口岸", "申报日期", "成交方式",
        "商品编号", "最终目的国", "生产销售单位", "报关单",
    ),
    against=("进口货物报关单", "境内收货人", "发票号码", "价税合计", "商户名", "营业执照"),
)  # fmt: skip
