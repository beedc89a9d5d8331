"""Cells that touch: a name that fills its column and the specification beside it, joined to one piece of text."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors.model import Field, Item, Page, TextLine, rectangle
from extractors.vat_invoice import extract
from tests.extractors.invoices_on_pages import DIGITAL, PAPER, Style, invoice, wide

_WORDS = st.text(st.sampled_from("布料印花全棉电动机器服务咨询牛奶纸箱打印设计3MK-8/*A"), min_size=2, max_size=30)
_SPECS = st.sampled_from(["", "150cm", "6204-2RS", "RC0603FR", "3kg*4", "千克/袋", "A-100"])
STYLES = {
    "digital": Style(DIGITAL),
    "digital, wide gaps": Style(DIGITAL, apart=1.9),
    "digital, narrow": Style(DIGITAL, width=1200, apart=1.7),
    "digital, figures in the middle": Style(DIGITAL, way="centre", apart=1.9, width=1700),
    "paper": Style(PAPER, apart=1.6),
}


@st.composite
def goods(draw: st.DrawFn) -> Item:
    amount = draw(st.decimals("0.01", "99999.99", places=2))
    return Item(
        name=f"*纺织产品*{draw(_WORDS).strip('*')}布", spec=draw(_SPECS), unit="只", quantity=Decimal(1),
        unit_price=amount, amount=amount, tax_rate="13%", tax=round(amount * 13 / 100, 2),
    )  # fmt: skip


def places(text: str) -> tuple[tuple[float, float], ...]:
    """Where the characters stand that `invoices_on_pages.wide` measures."""
    edges = [wide(text[:at]) / wide(text) for at in range(len(text) + 1)]
    return tuple(pairwise(edges))


def joined(a: TextLine, b: TextLine, *, known: bool) -> TextLine:
    """Two pieces of one height as the reader of a text layer joins them: without a space, places kept if `known`."""
    width = b.right - a.left
    share = a.width / width
    ahead = tuple((x * share, y * share) for x, y in places(a.text))
    start = (b.left - a.left) / width
    behind = tuple((start + x * (1 - start), start + y * (1 - start)) for x, y in places(b.text))
    return TextLine(a.text + b.text, rectangle(a.left, a.top, b.right, a.bottom), a.confidence, a.page,
                    places=(*ahead, *behind) if known else ())  # fmt: skip


def touching(page: Page, *, known: bool = True) -> Page:
    """A page whose pieces are joined wherever the white between them is narrower than a character."""
    lines: list[TextLine] = []
    for line in sorted(page.lines, key=lambda line: (line.centre[1], line.left)):
        last = lines[-1] if lines else None
        near = last is not None and line.centre[1] == last.centre[1] and line.left - last.right < 0.8 * line.height
        if last is not None and near and "布" in last.text + line.text:
            lines[-1] = joined(last, line, known=known)
        else:
            lines.append(replace(line, places=places(line.text)) if known else line)
    return replace(page, lines=tuple(lines))


def read(*pages: Page) -> list[Item]:
    value = extract(pages).get("items", Field()).value
    return [item for item in value if isinstance(item, Item)] if isinstance(value, list) else []


@pytest.mark.parametrize("style", STYLES)
@given(st.lists(goods(), min_size=1, max_size=4))
@settings(max_examples=12, deadline=None)
def test_a_name_and_the_specification_it_touches_come_back_apart(style: str, printed: list[Item]) -> None:
    assert read(touching(invoice(printed, STYLES[style]))) == printed


def item(name: str, spec: str, amount: str = "100.00") -> Item:
    value = Decimal(amount)
    return Item(name=name, spec=spec, unit="只", quantity=Decimal(1), unit_price=value, amount=value, tax_rate="13%",
                tax=round(value * 13 / 100, 2))  # fmt: skip


@pytest.mark.parametrize(("name", "spec"), [
    ("*日用杂品*洗衣液3kg*4瓶家庭布装薰衣草香型", "3kg*4"), ("*机械零部件*深沟球轴承2布RS/C3高速静音", "6204-2RS"),
    ("*计算机网络设备*千兆光布交换机", "S5700-28P"),
])  # fmt: skip
def test_one_line_alone_shows_where_its_name_ends(name: str, spec: str) -> None:
    assert read(touching(invoice([item(name, spec)], STYLES["digital"]))) == [item(name, spec)]


def test_without_the_places_of_characters_the_change_of_script_parts_them() -> None:
    printed = [item("*计算机网络设备*千兆光纤布交换机", "S5700-28P"), item("*纺织产品*棉布", "150cm", "37.00")]
    assert read(touching(invoice(printed, STYLES["digital"]), known=False)) == printed


def test_a_long_name_without_a_specification_stays_whole() -> None:
    printed = [item("*纺织产品*全棉印花布料服务", "", "37.00"), item("*纺织产品*棉布", "150cm", "37.00")]
    page = invoice(printed, STYLES["digital"])
    assert read(touching(page)) == printed
    long = replace(page, lines=tuple(replace(x, text="*纺织产品*全棉印花布料服务A12",
                   box=rectangle(x.left, x.top, x.left + wide("*纺织产品*全棉印花布料服务A12"), x.bottom))
                   if x.text == printed[0].name else x for x in page.lines))  # fmt: skip
    assert read(touching(long))[0].name == "*纺织产品*全棉印花布料服务A12"


def test_a_space_between_latin_words_is_kept_where_the_text_layer_has_it() -> None:
    printed = item("*电子元件*贴片电阻布0603 10k", "")
    assert read(touching(invoice([printed], STYLES["digital"]))) == [printed]
    assert read(invoice([printed], STYLES["digital"]))[0].name == "*电子元件*贴片电阻布060310k"


def test_a_wrapped_name_whose_next_row_begins_with_a_comma_keeps_it() -> None:
    printed = item("*纺织产品*全棉印花布料服务牛奶纸，箱", "")
    page = touching(invoice([printed], STYLES["digital"]))
    assert any(line.text.startswith("，") for line in page.lines)
    assert [found.name for found in read(page)] == ["*纺织产品*全棉印花布料服务牛奶纸,箱"]
