"""When the pages of an invoice are read once more, at which side, and that nobody else's are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from extractors.model import Page, Record, Source, Status, TextLine, rectangle
from pipeline import second_reading
from pipeline.pages import Image
from pipeline.reading import ReadPage
from pipeline.second_reading import read_finer
from pipeline.settings import Settings
from tests.invoices_by_hand import KINDS, record

WHOLE = record(KINDS["ordinary on paper"])
LACKING = record(KINDS["ordinary on paper"] | {"seller_name": None})
FOUND = (TextLine("名称", rectangle(10, 10, 90, 20)),)


class Sides:
    """A reader that keeps the sides it was asked to search at."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int | None]] = []

    def read(self, image: Image, page: int = 1, side: int | None = None) -> tuple[TextLine, ...]:
        self.asked.append((page, side))
        return FOUND

    def describe(self) -> dict[str, Any]:
        return {}


def page(number: int = 1, width: int = 2000) -> ReadPage:
    read = Page(number, width, 300, (), Source.OCR)
    return ReadPage(read, lambda: np.zeros((300, width, 3), np.uint8), 0)


@pytest.fixture
def extracted(monkeypatch: pytest.MonkeyPatch) -> list[list[Page]]:
    """Pages as given to extraction, which finds the whole invoice on them."""
    given: list[list[Page]] = []

    def extract(pages: list[Page], type_id: str) -> Record:
        given.append(pages)
        return WHOLE

    monkeypatch.setattr(second_reading, "extract", extract)
    return given


def test_an_invoice_with_something_open_is_read_again_larger(extracted: list[list[Page]]) -> None:
    reader = Sides()
    found = read_finer(LACKING, [page()], reader, Settings(ocr_side=960, ocr_finer_side=1408))
    assert reader.asked == [(1, 1408)]
    assert found.fields["seller_name"].reason == "second_reading"
    assert found.value("seller_name") == WHOLE.value("seller_name")
    assert found.fields["seller_name"].status is Status.READ


def test_pages_that_are_too_small_or_text_are_taken_as_they_are(extracted: list[list[Page]]) -> None:
    reader, text = Sides(), replace(page(3), picture=None)
    read_finer(LACKING, [page(), page(2, 1100), text], reader, Settings())
    assert reader.asked == [(1, 1408)]
    assert [p.lines for p in extracted[0]] == [FOUND, (), ()]


@pytest.mark.parametrize(
    ("read", "width", "sides"),
    [(WHOLE, 2000, {}), (LACKING, 1100, {}), (LACKING, 2000, {"ocr_finer_side": 0}),
     (LACKING, 2000, {"ocr_side": 1408})],
    ids=["nothing open", "small picture", "switched off", "already as fine"],
)  # fmt: skip
def test_nothing_is_read_twice_for_nothing(read: Record, width: int, sides: dict[str, int]) -> None:
    reader = Sides()
    assert read_finer(read, [page(width=width)], reader, Settings.model_validate(sides)) is read
    assert reader.asked == []
