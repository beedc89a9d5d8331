"""What lies over print: sheets with print of their own, ragged folds, fingers that come in from the desk."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.model import Field, Page, Record, Status, TextLine, rectangle
from extractors.registry import document_types
from pipeline.pages import Image
from validators.quality.judgement import judge_picture
from validators.quality.measures import measure, with_fields
from validators.quality.seams import ragged_folds
from validators.quality.strangers import strange_print
from validators.quality.surface import measure_surface
from validators.quality.text import lost_character

NOISE = np.random.default_rng(5)


def page(paper: int = 225, width: int = 1000, height: int = 800) -> Image:
    grain = NOISE.normal(0, 2, (height, width, 3))
    return np.asarray(np.clip(paper + grain, 0, 255), np.uint8)


def line(text: str, left: float, top: float, width: float = 300, confidence: float = 0.98) -> TextLine:
    return TextLine(text, rectangle(left, top, left + width, top + 28), confidence)


def written(image: Image, *lines: TextLine) -> Image:
    for a in lines:
        cv2.putText(image, "HK 3809 Text", (int(a.left), int(a.bottom) - 4), cv2.FONT_HERSHEY_DUPLEX, 1.0, (40,) * 3, 2)
    return image


READ = [line(f"第{k}行文字", 60, 60 + 70 * k) for k in range(10)]
NOTES = [line("w~~", 560, 200 + 45 * k, 260, 0.3) for k in range(6)]


def grey(image: Image) -> Image:
    return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)


def test_sharp_print_that_cannot_be_read_on_a_page_that_reads_well_is_another_sheet() -> None:
    image = written(page(), *READ, *NOTES)
    assert strange_print(grey(image), [*READ, *NOTES]) == NOTES
    found = measure(image, [*READ, *NOTES])
    assert (500, 180) < found.surface.things[-1][0] < (600, 220)
    assert found.page["text_height"] == 28


@pytest.mark.parametrize("blurred", [NOTES, [*READ, *NOTES]], ids=["there", "all over"])
def test_print_that_is_not_read_for_a_blur_is_the_pages_own(blurred: list[TextLine]) -> None:
    image = written(page(), *READ, *NOTES)
    for a in blurred:
        rows, columns = slice(int(a.top) - 15, int(a.bottom) + 15), slice(int(a.left) - 15, int(a.right) + 15)
        image[rows, columns] = cv2.GaussianBlur(image[rows, columns], (0, 0), 6)
    assert strange_print(grey(image), [*READ, *NOTES]) == []


def test_a_page_that_reads_badly_all_over_has_no_other_sheet() -> None:
    image = written(page(), *READ, *NOTES)
    assert strange_print(grey(image), [*READ[:3], *NOTES]) == []
    assert strange_print(grey(image), [*READ, *NOTES[:3]]) == []


def folded(depth: float, wobble: float) -> Image:
    """A fold from edge to edge at about row 430, ragged, its upper side in shade."""
    image = page().astype(np.float32)
    middle = 430 + wobble * np.cumsum(NOISE.normal(0, 1, 1000)) / 6 + np.linspace(-25, 25, 1000)
    above = middle[None] - np.arange(800)[:, None]
    image -= (depth * np.exp(-above / 30) * (above > 0))[:, :, None]
    return np.asarray(np.clip(image, 0, 255), np.uint8)


def test_a_ragged_fold_is_followed_across_the_page() -> None:
    lines = [a for a in READ if not 380 < a.top < 470] + [line("右", 640, 60 + 70 * k) for k in (0, 2, 8)]
    (fold,) = ragged_folds(written(folded(25, 3), *lines), lines)
    assert fold.depth > 7
    tops = [box[0][1] for box in fold.boxes]
    assert all(370 < top < 460 for top in tops)
    assert ragged_folds(written(page(), *lines), lines) == ()
    assert ragged_folds(folded(25, 3), lines[:3]) == ()


def in_a_row(*missing: int, width: int = 24) -> tuple[Image, TextLine]:
    """Twelve characters as squares, some of them rubbed off; and the line they stand in."""
    image = page(240, 480, 80)
    for at in range(12):
        if at not in missing:
            cv2.rectangle(image, (20 + 32 * at, 26), (20 + 32 * at + width, 50), (40, 40, 40), -1)
    return image, line("某某某某某某某某某某某某", 20, 24, 12 * 32 - 8)


def test_a_character_that_was_rubbed_off_leaves_a_blank() -> None:
    whole, place = in_a_row()
    assert lost_character(grey(whole), place) == 0.0
    assert lost_character(grey(in_a_row(5)[0]), place) == pytest.approx(39 / 28, abs=0.1)
    assert lost_character(grey(in_a_row(1)[0]), place) == 0.0  # as wide as from a label to its value
    assert lost_character(grey(in_a_row(width=6)[0]), place) == 0.0  # all of it is widely spaced
    assert lost_character(grey(page(240, 480, 80)), place) == 0.0


def test_a_name_with_a_blank_for_a_character_is_doubtful_and_no_other_field_is() -> None:
    image, place = in_a_row(5)
    kind = document_types()["business_licence"]
    for name, status in (("name", Status.DOUBTFUL), ("legal_representative", Status.READ)):
        found = Field(value=place.text, raw=place.text, status=Status.READ, confidence=0.99, page=1, box=place.box)
        told = {s.name: found if s.name == name else Field() for s in kind.fields}
        record, read = Record(kind.id, told), Page(1, 480, 80, (place,))
        measured = with_fields(measure(image, [place]), image, {name: place.box})
        judged = judge_picture(measured, record, kind, document="a.jpg", page=read, part=1)
        assert judged.record.fields[name].status is status


def test_a_finger_is_told_from_the_desk_it_comes_in_from() -> None:
    image = np.full((800, 1000, 3), (70, 110, 160), np.uint8)  # a desk nearly as brown as skin
    image[100:700, 100:900] = page()[100:700, 100:900]
    lines = [line(f"第{k}行", 200, 140 + 60 * k, 500) for k in range(9)]
    written(image, *lines)
    cv2.ellipse(image, (130, 320), (150, 60), 0, 0, 360, (170, 195, 230), -1)
    (finger,) = measure_surface(image, lines).things
    (left, top), _, (right, bottom), _ = finger
    assert left < 130 < 230 < right
    assert top < 300 < 340 < bottom
