"""When the pages of an invoice are read once more, at which side, and that nobody else's are."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from extractors.model import Field, Page, Record, Source, Status, TextLine, rectangle
from extractors.registry import document_types
from pipeline import second_reading
from pipeline.flattening import Flat
from pipeline.pages import Image
from pipeline.reading import ReadPage
from pipeline.second_reading import read_doubtful_again, read_finer, read_laid_flat
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


def licence(**told: Field) -> Record:
    """A licence whose key fields were read, but for those told."""
    read = {
        "credit_code": Field(value="91330108MA2CG4HU3R", status=Status.READ, confidence=0.99, page=1, box=BOX),
        "name": Field(value="某公司", status=Status.READ, confidence=0.99, page=1, box=BOX),
        "legal_representative": Field(value="张三", status=Status.READ, confidence=0.99, page=1, box=BOX),
    }
    specs = document_types()["business_licence"].fields
    return Record("business_licence", {s.name: (read | told).get(s.name, Field()) for s in specs})


BOX = rectangle(10, 10, 90, 30)


def test_a_page_laid_flat_fills_what_is_missing_and_tells_where_it_stands_on_the_page_as_filed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    flat = Flat(np.zeros((200, 400, 3), np.uint8), lambda points: points + np.array([100.0, 50.0]))
    monkeypatch.setattr(second_reading, "_better_picture", lambda _: flat)
    monkeypatch.setattr(second_reading, "extract", lambda pages, _: licence())
    found = read_doubtful_again(licence(name=Field()), [page()], Sides())
    assert (found.fields["name"].value, found.fields["name"].reason) == ("某公司", "read_flat")
    assert found.fields["name"].box == rectangle(110, 60, 190, 80)
    assert found.fields["credit_code"] == licence().fields["credit_code"]


def test_a_party_found_alone_on_a_page_laid_flat_may_be_the_other_one(monkeypatch: pytest.MonkeyPatch) -> None:
    flat = Flat(np.zeros((200, 400, 3), np.uint8), lambda points: points)
    monkeypatch.setattr(second_reading, "_better_picture", lambda _: flat)
    lacking = record(KINDS["ordinary on paper"] | {"buyer_name": None, "seller_name": None})
    for found, name in ((WHOLE, "read"), (LACKING, "missing")):
        only = found if found is WHOLE else replace(
            found, fields={n: Field() if n.startswith("seller_") else f for n, f in found.fields.items()}
        )  # fmt: skip
        monkeypatch.setattr(second_reading, "extract", lambda pages, _, only=only: only)
        assert read_doubtful_again(lacking, [page()], Sides()).fields["buyer_name"].status == name


def test_a_page_that_lies_flat_in_even_light_is_not_read_again() -> None:
    reader, lacking = Sides(), licence(name=Field())
    assert read_doubtful_again(lacking, [page()], reader) is lacking
    assert reader.asked == []


def read(value: str, confidence: float = 0.98, **more: Any) -> Field:
    return Field(value=value, status=Status.READ, confidence=confidence, page=1, box=BOX, **more)


RIGHT_CODE, WRONG_CODE = "91330108MA2CG4HU3R", "91330108MA2CG4HU8R"


@pytest.mark.parametrize(
    ("name", "first", "second", "value", "status"),
    [
        ("name", Field(), read("某公司"), "某公司", Status.READ),
        ("name", Field(), read("某公司", 0.7), "某公司", Status.DOUBTFUL),  # nobody is sure
        ("name", read("某公词", 0.5), read("某公司"), "某公司", Status.DOUBTFUL),  # two voices against each other
        ("credit_code", read(WRONG_CODE, 0.5), read(RIGHT_CODE), RIGHT_CODE, Status.READ),  # check digits decide
        ("credit_code", read(RIGHT_CODE, 0.5), read(WRONG_CODE), RIGHT_CODE, Status.READ),
        ("name", read("某公司"), read("别的公司"), "某公司", Status.READ),  # nothing was open
    ],
)
def test_what_two_readings_come_to(
    monkeypatch: pytest.MonkeyPatch, name: str, first: Field, second: Field, value: str, status: Status
) -> None:
    flat = Flat(np.zeros((200, 400, 3), np.uint8), lambda points: points)
    monkeypatch.setattr(second_reading, "_better_picture", lambda _: flat)
    monkeypatch.setattr(second_reading, "extract", lambda pages, _: licence(**{name: second}))
    found = read_doubtful_again(licence(**{name: first}), [page()], Sides()).fields[name]
    assert (found.value, found.status) == (value, status)


def test_a_page_nobody_can_name_keeps_what_reads_better_laid_flat(monkeypatch: pytest.MonkeyPatch) -> None:
    flat = Flat(np.zeros((200, 400, 3), np.uint8), lambda points: points + np.array([100.0, 50.0]))
    monkeypatch.setattr(second_reading, "_better_picture", lambda _: flat)
    lost = page()
    again = read_laid_flat(lost, Sides())
    assert [(line.text, line.box) for line in again.page.lines] == [("名称", rectangle(110, 60, 190, 70))]
    clear = replace(lost, page=replace(lost.page, lines=(TextLine("营业执照名称", rectangle(0, 0, 90, 20)),)))
    assert read_laid_flat(clear, Sides()) is clear


def test_what_was_read_unsurely_under_a_seal_is_doubtful_though_nothing_speaks_against_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    garbled = read("科芦伟波", 0.82)
    seal = (0, 0, 200, 100)
    monkeypatch.setattr(second_reading, "red_pixels", lambda _: (np.ones((20, 20), bool), 10))
    monkeypatch.setattr(second_reading, "sealed_areas", lambda _, pale: [seal])
    monkeypatch.setattr(second_reading, "extract", lambda pages, _: licence(legal_representative=garbled))
    found = read_doubtful_again(licence(legal_representative=garbled), [page()], Sides())
    assert found.fields["legal_representative"].status is Status.DOUBTFUL
    assert found.fields["legal_representative"].reason == "low_confidence"
    assert found.fields["name"].status is Status.READ
