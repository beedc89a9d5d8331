"""Which pages of a file are one invoice: further pages, lists, copies, two of them on one page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from extractors.model import Item, Page, TextLine
from extractors.registry import extract
from pipeline.parts import Part, split
from pipeline.reading import ReadPage
from tests.extractors.invoices_on_pages import DIGITAL, LIST, PAPER, Style, invoice, sales_list, text_line

A, B = "24322000000489101796", "24322000000489101888"
PAPER_A, PAPER_B = "87654321", "87654999"


def goods(count: int, price: str = "10.01") -> list[Item]:
    return [
        Item(name=f"*纺织产品*印花布{n}号", unit="米", quantity=Decimal(n), unit_price=Decimal(price),
             amount=n * Decimal(price), tax_rate="13%", tax=(n * Decimal(price) * 13 / 100).quantize(Decimal("0.01")))
        for n in range(1, count + 1)
    ]  # fmt: skip


def parts(*pages: Page) -> list[Part]:
    return split([ReadPage(replace(page, number=at), None, 0) for at, page in enumerate(pages, 1)])


def layout(found: Sequence[Part]) -> list[list[int]]:
    return [[page.page.number for page in pages] for _, pages in found]


def items_of(part: Part) -> object:
    return extract([page.page for page in part[1]], "vat_invoice").value("items")


def test_one_invoice_a_page() -> None:
    found = parts(invoice(goods(2), Style(DIGITAL), number=A), invoice(goods(3), Style(DIGITAL), number=B))
    assert layout(found) == [[1], [2]]
    assert [told.type for told, _ in found] == ["vat_invoice"] * 2


def test_pages_of_one_number_are_one_invoice() -> None:
    every = goods(30)
    found = parts(
        invoice(every[:20], Style(DIGITAL), number=A, last=False),
        invoice(every[20:], Style(DIGITAL), number=A, of=every),
        invoice(goods(3), Style(DIGITAL), number=B),
    )  # fmt: skip
    assert layout(found) == [[1, 2], [3]]
    assert items_of(found[0]) == every


def test_copies_of_one_number_are_one_invoice() -> None:
    paper = invoice(goods(3), Style(PAPER), number=PAPER_A)
    found = parts(paper, paper, invoice(goods(2), Style(PAPER), number=PAPER_B))
    assert layout(found) == [[1, 2], [3]]
    assert items_of(found[0]) == goods(3)


def test_lists_go_with_the_invoice_they_name() -> None:
    def referring(lines: list[Item], number: str) -> Page:
        amount, tax = (sum((getattr(line, name) for line in lines), Decimal(0)) for name in ("amount", "tax"))
        return invoice([Item(name="(详见销货清单)", amount=amount, tax=tax)], Style(PAPER), number=number)

    first, second = goods(4), goods(5, "7.3")
    style = Style(LIST, apart=2.0)
    found = parts(
        referring(first, PAPER_A), referring(second, PAPER_B),
        sales_list(first, style, number=PAPER_A, page=1, pages=1, end=True),
        sales_list(second, style, number=PAPER_B, page=1, pages=1, end=True),
    )  # fmt: skip
    assert layout(found) == [[1, 3], [2, 4]]
    assert [items_of(part) for part in found] == [first, second]


@pytest.mark.parametrize("slope", [0.0, 0.01, -0.01])
def test_two_invoices_on_one_page_are_two_documents(slope: float) -> None:
    above, below = invoice(goods(2), Style(DIGITAL), number=A), invoice(goods(3), Style(DIGITAL), number=B, down=1150)
    both = replace(above, lines=tuple(askew(x, slope) for x in above.lines + below.lines))
    found = parts(both)
    assert layout(found) == [[1], [1]]
    assert [items_of(part) for part in found] == [goods(2), goods(3)]
    numbers = [extract([p.page for p in pages], "vat_invoice").value("invoice_number") for _, pages in found]
    assert numbers == [A, B]


def askew(line: TextLine, slope: float) -> TextLine:
    a, b, c, d = ((x, y + slope * x) for x, y in line.box)
    return replace(line, box=(a, b, c, d))


def test_the_picture_of_a_part_shows_that_part_only() -> None:
    above, below = invoice(goods(2), Style(DIGITAL), number=A), invoice(goods(3), Style(DIGITAL), number=B, down=1150)
    both = replace(above, lines=above.lines + below.lines)
    image = np.zeros((both.height, both.width, 3), np.uint8)
    (_, (upper,)), (_, (lower,)) = split([ReadPage(both, lambda: image, 0)])
    assert upper.image is not None
    assert lower.image is not None
    assert upper.image.shape == image.shape
    assert not upper.image[:900].any()
    assert (upper.image[1200:] == 255).all()
    assert (lower.image[:900] == 255).all()
    assert not lower.image[1250:].any()
    assert not image.any()


def test_an_invoice_whose_number_was_not_read_stays_apart() -> None:
    nameless = invoice(goods(2), Style(DIGITAL), number="")
    assert layout(parts(invoice(goods(3), Style(DIGITAL), number=A), nameless)) == [[1], [2]]


def test_a_second_page_whose_number_was_not_read_says_it_is_the_second() -> None:
    every = goods(30)
    second = invoice(every[20:], Style(DIGITAL), number="", of=every)
    second = replace(second, lines=(*second.lines, text_line("共2页 第2页", 1200, 20)))
    assert layout(parts(invoice(every[:20], Style(DIGITAL), number=A, last=False), second)) == [[1, 2]]
