"""Which key fields are read once more for a weak character, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from extractors.model import Field, Page, Record, Source, Status, TextLine, rectangle
from extractors.registry import document_types
from pipeline.confirming import confirmed
from pipeline.pages import Image
from pipeline.reading import ReadPage

BOX = rectangle(200, 50, 400, 80)


class Says:
    """A reader that reads the same on every picture and keeps their sizes."""

    def __init__(self, *texts: str) -> None:
        self.texts, self.sizes = texts, list[tuple[int, ...]]()

    def read(self, image: Image, page: int = 1, side: int | None = None) -> tuple[TextLine, ...]:
        self.sizes.append(image.shape[:2])
        return tuple(TextLine(text, BOX, page=page) for text in self.texts)

    def describe(self) -> dict[str, Any]:
        return {}


def looked_at(
    reader: Says, name: str = "name", text: bool = False, lines: Sequence[TextLine] = (), **told: Any
) -> Field:
    """A field of a licence after the look; `text` where its page is data."""
    found = Field(**{"value": "武沙市某公司", "raw": "武沙市某公司", "status": Status.READ, "confidence": 0.97,
                     "weakest": 0.6, "page": 1, "box": BOX} | told)  # fmt: skip
    specs = document_types()["business_licence"].fields
    record = Record("business_licence", {s.name: found if s.name == name else Field() for s in specs})
    page = Page(1, 800, 600, tuple(lines), Source.TEXT if text else Source.OCR)
    picture = None if text else lambda: np.zeros((600, 800, 3), np.uint8)
    return confirmed(record, [ReadPage(page, picture, 0)], reader).fields[name]


def test_a_weak_character_that_reads_otherwise_makes_the_field_doubtful() -> None:
    reader = Says("称", "武汉市某公司")
    found = looked_at(reader)
    assert (found.status, found.reason, found.value) == (Status.DOUBTFUL, "low_confidence", "武沙市某公司")
    assert reader.sizes == [(61, 201)]  # the print with half a text height around it, narrower by an eighth


@pytest.mark.parametrize("texts", [("名 称武沙市某公司",), ("武沙市", "某公司")], ids=["beside its label", "in pieces"])
def test_a_weak_character_that_reads_the_same_once_more_is_believed(texts: tuple[str, ...]) -> None:
    assert looked_at(Says(*texts)).status is Status.READ


def test_another_form_of_a_character_is_no_other_character() -> None:
    assert looked_at(Says("黄宁峰"), "legal_representative", value="黄宁峰", raw="黃宁峰").status is Status.READ


@pytest.mark.parametrize(
    ("name", "told"),
    [("name", {"weakest": 0.97}), ("address", {}), ("name", {"status": Status.DOUBTFUL, "reason": "conflict"}),
     ("credit_code", {"value": "91330108MA2CG4HU3R", "raw": "91330108MA2CG4HU3R"}), ("name", {"box": None})],
    ids=["sure", "no key field", "doubtful as it is", "proven by its check digit", "derived"],
)  # fmt: skip
def test_nothing_else_is_read_again(name: str, told: dict[str, Any]) -> None:
    reader = Says("")
    found = looked_at(reader, name, **told)
    assert (found.status, reader.sizes) == (told.get("status", Status.READ), [])


def spaced(text: str, *steps: float) -> TextLine:
    """A line whose characters stand these many usual steps from each other, the last one given over and over."""
    centres = [0.05]
    for k in range(1, len(text)):
        centres.append(centres[-1] + 0.04 * steps[min(k, len(steps)) - 1])
    return TextLine(text, BOX, places=tuple((at - 0.01, at + 0.01) for at in centres))


@pytest.mark.parametrize(
    ("read", "doubtful"),
    [
        (spaced("名称：武汉某股份有限公司", 1, 3, 2, 1, 1, 2, 1), True),
        (spaced("名称：武汉某股份有限公司", 1, 3, 2, 1, 1, 1.3, 1), False),
        (spaced("名称：武汉某股份有限公司", 3, 3, 3, 1), False),  # the label is no part of it
        (spaced("武汉（某）股份有限公司", 1, 2, 2, 2, 1), False),  # brackets are wide themselves
        (spaced("武汉某股", 1, 2, 1), True),
        (spaced("某某某", 1, 2), False),  # too few to tell
        (TextLine("武汉某股份有限公司", BOX), False),
    ],
    ids=["rubbed off", "uneven", "wide label", "brackets", "short", "too short", "places not known"],
)
def test_a_step_wide_enough_for_another_character_makes_a_name_doubtful(read: TextLine, doubtful: bool) -> None:
    raw = read.text.removeprefix("名称：")
    found = looked_at(reader := Says(), value=raw, raw=raw, weakest=0.99, lines=[read])
    assert (found.reason == "character_missing", reader.sizes) == (doubtful, [])
    assert found.status is (Status.DOUBTFUL if doubtful else Status.READ)


def test_wide_spacing_of_a_text_layer_is_its_own() -> None:
    line = spaced("武汉某股份有限公司", 1, 2, 1)
    assert (
        looked_at(Says(), value=line.text, raw=line.text, weakest=0.99, lines=[line], text=True).status is Status.READ
    )


@pytest.mark.parametrize(("weakest", "status"), [(0.8, Status.READ), (0.5, Status.DOUBTFUL)])
@pytest.mark.parametrize("told", [{"reason": "read_flat"}, {"text": True}], ids=["second reading", "no picture"])
def test_what_cannot_be_looked_at_stands_or_falls_by_its_score(
    told: dict[str, Any], weakest: float, status: Status
) -> None:
    assert looked_at(Says(""), weakest=weakest, **told).status is status


def beside(text: str, left: float) -> TextLine:
    """A line on the row of `spaced`, its characters 8 pixels apart."""
    places = tuple((k / len(text), (k + 1) / len(text)) for k in range(len(text)))
    return TextLine(text, rectangle(left, 50, left + 8 * len(text), 80), places=places)


@pytest.mark.parametrize(("left", "doubtful"), [(224, False), (233, True), (248, True)])
def test_a_name_read_in_two_pieces_lacks_what_stood_between_them(left: float, doubtful: bool) -> None:
    lines = [beside("南昌市", 200), beside("生物科技有限公司", left)]
    found = looked_at(Says(), value="南昌市生物科技有限公司", raw="南昌市 生物科技有限公司", weakest=0.99, lines=lines)
    assert (found.reason == "character_missing") is doubtful


def test_a_name_that_goes_on_in_the_next_row_lacks_nothing() -> None:
    first, second = beside("南昌市生物科", 200), beside("技有限公司", 200)
    second = replace(second, box=rectangle(200, 90, 240, 120))
    raw = "南昌市生物科\n技有限公司"
    assert looked_at(Says(), value=raw, raw=raw, weakest=0.99, lines=[first, second]).status is Status.READ
