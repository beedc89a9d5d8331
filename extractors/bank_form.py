"""What account permits and account information sheets share: their labels, and reading a form twice over."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.form import agreed, field_of, parse
from extractors.layout import Label, Layout
from extractors.model import Field, FieldSpec, Kind, Page, TextLine
from extractors.rows import Span
from extractors.values import compact

NAME_LABELS = ("存款人名称", "账户名称", "帐户名称", "存款人", "单位名称", "开户单位", "开户名称", "户名")
ACCOUNT_LABELS = ("账户号码", "帐户号码", "账户账号", "银行账号", "银行帐号", "账号", "帐号", "账户号")
BANK_LABELS = ("开户银行名称", "开户银行", "开户机构名称", "开户机构", "开户行名称", "开户行", "开户网点")
REPRESENTATIVE_LABELS = (
    "法定代表人(单位负责人)",
    "法定代表人(负责人)",
    "法定代表人或单位负责人",
    "法定代表人/单位负责人",
    # A bracket that was not read, a label that breaks in a narrow cell.
    "法定代表人(单位负责",
    "法定代表人(单位负",
    "法定代表人(单位",
    "法定代表人(单位负责人",
    "法定代表人单位负责人)",
    "法定代表人单位负责人",
    "法定代表人姓名",
    "法定代表人",
    "(单位负责人)",
    "单位负责人)",
    "(单位负责人",
    "单位负责人",
    "负责人姓名",
)

_MULTILINE = {Kind.ORGANISATION: 3, Kind.BANK: 2}
_LABEL_GAP = 25.0  # text heights: tables are as wide as the sheet, however short the label
_WRAPPED = 1.75  # text heights: lines of one value stand closer than rows of a form
_BANK = re.compile(r"行|社|公司|中心|部")  # one of these stands in the name of every bank and its branches
_FIGURES = re.compile(r"[\dA-Za-z年月日./:*-]*\d{2}[\dA-Za-z年月日./:*-]*")
# Numbers whose form no other number on such a sheet has.
_UNMISTAKABLE = {
    Kind.APPROVAL_NUMBER: re.compile(r"(?<![0-9A-Za-z])[JjLlZz]\d{13}(?![0-9A-Za-z])"),
    Kind.PERMIT_NUMBER: re.compile(r"(?<![0-9A-Za-z-])\d{4}-\d{8}(?![0-9A-Za-z-])"),
}


def read_form(pages: Sequence[Page], specs: Sequence[FieldSpec], extra_labels: Sequence[str] = ()) -> dict[str, Field]:
    """Fields by label, or by a form nothing else has; other prints of a value go to `alternates`."""
    layouts = [Layout(page, [*(spec.labels for spec in specs), *extra_labels]) for page in pages]
    fields = {}
    for spec in specs:
        spans = [span for layout in layouts for span in _spans(layout, spec)]
        candidates = [field_of(span, spec.kind) for span in spans if _plausible(span, spec.kind)]
        if candidates:
            fields[spec.name] = agreed(candidates)
    return fields


def _spans(layout: Layout, spec: FieldSpec) -> list[Span]:
    """Every print of a value on a page: the labelled ones, then those told by their form."""
    spans: list[Span] = []
    for label in layout.find(spec.labels):
        if label.firm and (span := layout.right_of(label, label_gap=_LABEL_GAP)):
            spans.append(_with_lines_below(layout, label, span, spec.kind))
    if not spans and (span := layout.value(spec.labels)):
        spans.append(span)
    if pattern := _UNMISTAKABLE.get(spec.kind):
        runs = [run for row in layout.rows if row.chars for run in row.segments(2.2)]
        spans += [run.span(*match.span()) for run in runs for match in pattern.finditer(run.text)]
    return _distinct(spans)


def _with_lines_below(layout: Layout, label: Label, span: Span, kind: Kind) -> Span:
    whole = layout.continued(label, span, _MULTILINE.get(kind, 1)) if kind in _MULTILINE else span
    rows = list(whole.rows)
    for at in range(1, len(rows)):
        above, line = rows[at - 1][0], rows[at][0]
        if line.centre[1] - above.centre[1] > _WRAPPED * max(line.height, above.height):
            del rows[at:]
            break
    return Span(tuple(rows))


def _distinct(spans: Sequence[Span]) -> list[Span]:
    """Without spans that take up text another one took already (two labels of one value)."""
    kept: list[Span] = []
    for span in spans:
        taken = [piece for other in kept for piece in other.pieces]
        if not any(_same_place(a, b) for a in span.pieces for b in taken):
            kept.append(span)
    return kept


def _same_place(a: TextLine, b: TextLine) -> bool:
    across = min(a.right, b.right) - max(a.left, b.left)
    down = min(a.bottom, b.bottom) - max(a.top, b.top)
    return a.page == b.page and across > 0.5 * min(a.width, b.width) and down > 0.5 * min(a.height, b.height)


def _plausible(span: Span, kind: Kind) -> bool:
    """Whether a text can be such a value at all: the neighbour of one that was not read must not take its place."""
    text = compact(span.text)
    if "专用章" in text or (kind is Kind.BANK and not _BANK.search(text)):
        return False  # words of a seal
    if kind in (Kind.PERSON, Kind.BANK, Kind.ORGANISATION):
        return not _FIGURES.fullmatch(text)
    return len(re.findall(r"\d", text)) >= 4 and (kind is not Kind.ACCOUNT_NUMBER or parse(Kind.DATE, text) is None)
