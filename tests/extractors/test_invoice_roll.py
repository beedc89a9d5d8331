"""Rolls whose values wrap below their own beginning, right of the label. Every company is invented."""

from __future__ import annotations

import pytest

from extractors._invoice_roll import roll
from extractors.model import Page, Status, TextLine, rectangle

NAME, WRAPPED = "杭州青禾测试供应链管理有限", "责任公司"
WORDS, CENTS = "壹拾万零贰仟陆佰柒拾陆元", "捌角伍分"


def line(text: str, x: float, y: float) -> TextLine:
    wide = sum(20 if ord(char) > 0x7F else 10 for char in text)
    return TextLine(text, rectangle(x, y, x + wide, y + 20))


def printed(*rows: tuple[tuple[str, float], ...]) -> Page:
    lines = (line(text, x, 40 + 30 * at) for at, row in enumerate(rows) for text, x in row)
    return Page(1, 480, 900, tuple(lines))


@pytest.mark.parametrize("merged", [True, False])
def test_a_value_goes_on_below_its_own_beginning(merged: bool) -> None:
    """Label and value may have been read as one line or as two."""

    def labelled(label: str, value: str) -> tuple[tuple[str, float], ...]:
        return ((label + value, 40),) if merged else ((label, 40), (value, 170))

    begins = 160 if merged else 170
    fields = roll(printed(
        labelled("销售方名称：", NAME), ((WRAPPED, begins),), labelled("购买方名称：", "无锡云杉样例商贸有限公司"),
        labelled("合计大写：", WORDS), ((CENTS, begins - 20 * merged),), (("校验码：01139111502596382415", 40),),
    ))  # fmt: skip
    assert fields["seller_name"].value == NAME + WRAPPED
    assert fields["buyer_name"].value == "无锡云杉样例商贸有限公司"
    assert fields["total_in_words"].value == WORDS + CENTS
    assert {fields[n].status for n in ("seller_name", "buyer_name", "total_in_words")} == {Status.READ}


def test_what_stands_elsewhere_below_a_value_is_none_of_it() -> None:
    """Scraps of a seal stand below neither the label nor the value."""
    fields = roll(printed((("购买方名称：无锡云杉样例商贸有限公司", 40),), (("专用章", 330),)))
    assert fields["buyer_name"].value == "无锡云杉样例商贸有限公司"


def test_words_that_end_in_yuan_may_have_lost_their_cents() -> None:
    cut = roll(printed(((f"合计大写：{WORDS}", 40),)))["total_in_words"]
    whole = roll(printed(((f"合计大写：{WORDS}整", 40),)))["total_in_words"]
    assert (cut.status, cut.reason) == (Status.DOUBTFUL, "incomplete")
    assert whole.status is Status.READ
