"""Payer and payee on a bank's receipt: labels that name the party, or blocks of plain labels (户名).

In a block the party is printed once: as a cell left of its labels (often set vertically), or as a heading above them.
Where that does not tell, nothing is taken: payer and payee must never be mixed up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from extractors.layout import Label, Layout
from extractors.rows import Placed, Span
from extractors.values import compact, simplified

PAYER, PAYEE = "payer", "payee"
NAME_WORDS = ("户名", "全称", "名称", "账户名称", "帐户名称", "单位名称", "客户名称", "姓名")
ACCOUNT_WORDS = ("账号", "帐号", "账户", "帐户", "卡号", "账号/卡号", "银行账号", "账户号")
BANK_WORDS = (
    "开户银行", "开户行", "开户行名称", "开户行名", "开户银行名称", "开户网点", "银行名称", "汇出行名称", "汇入行名称",
    "行名", "开户机构", "银行",
)  # fmt: skip
_WORDS = {"name": NAME_WORDS, "account": ACCOUNT_WORDS, "bank": BANK_WORDS}

_PARTS = (*NAME_WORDS, *ACCOUNT_WORDS, *BANK_WORDS)
_MARK = re.compile(r"(付|收|汇)款?(?:人|方|单位|账户|客户)?(?:信息|资料)?[:：]?")
_MARK_PIECES = {"付": PAYER, "收": PAYEE}
_LABEL_GAP = 25.0  # text heights: tables are as wide as the sheet, however short the label
_BLOCK = 7.0  # text heights from the middle of a party's cell to the labels beside it
_ROWS_BELOW = 12.0  # text heights from a party's heading to the labels under it


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a party is named by itself."""

    party: str
    left: float
    right: float
    middle: float
    heading: bool = False  # nothing of a block stands in its row: it rules what is below


def in_blocks(layout: Layout) -> dict[tuple[str, str], Span]:
    """Values of plain labels by (party, "name" | "account" | "bank"), where it is clear whose they are."""
    labels = [(part, label) for part, words in _WORDS.items() for label in layout.find(words) if label.firm]
    # 付款方 beside 户名 may have been found as one label, 付款方户名.
    beside = [label for label in layout.labels if label.firm and label.word.endswith(_PARTS)]
    marks = list(_marks(layout, beside))
    if {mark.party for mark in marks} != {PAYER, PAYEE}:
        return {}
    found: dict[tuple[str, str], Span] = {}
    doubtful: set[tuple[str, str]] = set()
    for part, label in labels:
        party = _party(label, marks)
        span = layout.right_of(label, label_gap=_LABEL_GAP)
        if party is None or not span:
            continue
        if part != "account":
            span = layout.continued(label, span, 2)
        if (party, part) in found and compact(found[party, part].text) != compact(span.text):
            doubtful.add((party, part))
        found.setdefault((party, part), span)
    return {key: span for key, span in found.items() if key not in doubtful}


def _marks(layout: Layout, labels: Sequence[Label]) -> Iterator[_Mark]:
    """Lines that say 付款人 or 收款方 and nothing else; 付 over 款 over 人 counts by its first character."""
    for placed in layout.placed:
        text = simplified(compact(placed.line.text))
        match = _MARK.fullmatch(text)
        if not match or (text in ("汇", "汇款", "付款", "收款") and not _goes_on_below(placed, layout)):
            continue
        party = _MARK_PIECES.get(match[1], PAYER)  # 汇款人 pays
        beside = any(_level(placed, label) and label.right > placed.right + placed.height for label in labels)
        middle = placed.middle if placed.vertical or len(text) > 2 else _middle_of_pieces(placed, layout)
        spread = placed.vertical or middle != placed.middle
        yield _Mark(party, placed.left, placed.right, middle, not beside and not spread)


def _goes_on_below(placed: Placed, layout: Layout) -> bool:
    return _middle_of_pieces(placed, layout) != placed.middle


def _middle_of_pieces(first: Placed, layout: Layout) -> float:
    """The middle of a party's cell whose characters stand one below the other as lines of their own."""
    last = first
    for placed in layout.placed:
        text = simplified(compact(placed.line.text))
        near = abs(placed.left - first.left) < 2 * first.height and 0 < placed.middle - last.middle < 4 * first.height
        if near and text in ("款", "人", "方", "款人", "款方", "单位"):
            last = placed
    return (first.middle + last.middle) / 2


def _level(placed: Placed, label: Label) -> bool:
    tall = max(placed.bottom - placed.top, placed.line.height)
    return abs(placed.middle - label.placed.middle) < max(0.6 * label.placed.height, 0.5 * tall)


def _party(label: Label, marks: Sequence[_Mark]) -> str | None:
    """Whose label it is: the party named nearest left of it, or in the heading above it."""
    height, at = label.placed.height, label.placed.middle
    beside = [
        m for m in marks if not m.heading and m.left < label.left + height and abs(m.middle - at) < _BLOCK * height
    ]
    above = [
        m for m in marks if m.heading and m.left < label.left + 8 * height and 0 < at - m.middle < _ROWS_BELOW * height
    ]
    if beside:
        column = max(m.left for m in beside)
        nearest = [m for m in beside if column - m.left < 3 * height]
        best = min(nearest, key=lambda m: abs(m.middle - at))
        rivals = [
            m for m in nearest if m.party != best.party and abs(abs(m.middle - at) - abs(best.middle - at)) < height
        ]
        return None if rivals else best.party
    if above:
        lowest = max(m.middle for m in above)
        row = [m for m in above if lowest - m.middle < height]
        left = [m for m in row if m.left <= label.left + 2 * height] or row
        return max(left, key=lambda m: m.left).party
    return None
