"""What lies over print or was done to it: other sheets, ragged folds, rows broken along them, smears, fingers."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.model import TextLine, rectangle
from pipeline.pages import Image
from validators.quality.breaks import broken_rows
from validators.quality.measures import measure
from validators.quality.seams import ragged_folds
from validators.quality.smears import smears
from validators.quality.strangers import strange_print
from validators.quality.surface import measure_surface
from validators.quality.tears import torn_rows

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


def torn(slope: float = 0.0) -> Image:
    """Fibres of paper in a band of ragged edges from side to side, about row 430."""
    image = page().astype(np.float32)
    edge = 430 + np.repeat(NOISE.normal(0, 5, 125), 8) + slope * (np.arange(1000) - 500)
    below = np.arange(800)[:, None] - edge[None]
    image += (14 * ((below > 0) & (below < 16)) - 22 * ((below >= 16) & (below < 22)))[:, :, None]
    return np.asarray(np.clip(image, 0, 255), np.uint8)


PRINTED = [a for a in READ if not 380 < a.top < 470]


@pytest.mark.parametrize("slope", [0.0, 0.03, -0.02])
def test_a_fold_that_tore_a_row_is_found_across_the_page(slope: float) -> None:
    lines = [*PRINTED, *(line("右边文字", 640, 60 + 70 * k) for k in (0, 2, 8))]
    (fold,) = torn_rows(written(torn(slope), *lines), lines)
    for box in fold.boxes:
        expected = 435 + slope * ((box[0][0] + box[1][0]) / 2 - 500)
        assert box[0][1] - 20 < expected < box[2][1] + 20


@pytest.mark.parametrize("what", ["blank", "rules", "bars", "pattern"])
def test_print_of_a_form_is_no_torn_row(what: str) -> None:
    image = page().astype(np.float32)
    if what == "rules":
        image[425:428], image[500:503] = 60, 60
    elif what == "bars":
        image[400:440] = 190
    elif what == "pattern":
        rows, columns = np.mgrid[0:800, 0:1000]
        image -= (14 * (np.sin(columns / 30 + rows / 9) > 0.9))[:, :, None]
    drawn = written(np.asarray(np.clip(image, 0, 255), np.uint8), *PRINTED)
    assert torn_rows(drawn, PRINTED) == ()
    assert torn_rows(drawn, PRINTED[:3]) == ()


def test_a_ragged_fold_is_followed_across_the_page() -> None:
    lines = [a for a in READ if not 380 < a.top < 470] + [line("右", 640, 60 + 70 * k) for k in (0, 2, 8)]
    (fold,) = ragged_folds(written(folded(25, 3), *lines), lines)
    assert fold.depth > 7
    tops = [box[0][1] for box in fold.boxes]
    assert all(370 < top < 460 for top in tops)
    assert ragged_folds(written(page(), *lines), lines) == ()
    assert ragged_folds(folded(25, 3), lines[:3]) == ()


def in_rows(count: int, **steps: int) -> list[TextLine]:
    """Rows of ten characters a step apart; `row3=5`: what follows the sixth one of row 3 is two steps away."""
    rows = []
    for k in range(count):
        at = [i + (f"row{k}" in steps and i > steps[f"row{k}"]) for i in range(10)]
        places = tuple((i / 11, (i + 0.9) / 11) for i in at)
        box = rectangle(60, 60 + 70 * k, 390, 88 + 70 * k)
        rows.append(TextLine("某省某市某某有限公司", box, places=places, scores=(0.99,) * 10))
    return rows


def test_rows_that_lack_a_character_one_above_the_other_are_broken_by_a_fold() -> None:
    (fold,) = broken_rows(in_rows(9, row2=4, row3=4, row5=5))
    at = {round(top): (left + right) / 2 for (left, top), _, (right, _), _ in fold.boxes}
    assert [x for y, x in at.items() if 200 < y < 440] == pytest.approx([238] * 9, abs=20)
    assert (fold.boxes[0][0][1], fold.boxes[-1][2][1]) == pytest.approx((130, 508), abs=30)


@pytest.mark.parametrize(
    "lines",
    [
        in_rows(9),
        in_rows(9, row2=4, row3=4),  # two may be chance
        in_rows(9, row2=1, row3=8, row5=4),  # not along one line
        in_rows(9, row2=4, row3=4, row5=4, row1=8, row4=1, row6=8, row7=1, row8=7),  # all of it is broken
        [TextLine(a.text, a.box) for a in in_rows(9, row2=4, row3=4, row5=5)],
        [],
    ],
    ids=["whole", "two", "here and there", "everywhere", "places not known", "no line"],
)
def test_other_broken_rows_are_no_fold(lines: list[TextLine]) -> None:
    assert broken_rows(lines) == ()


def test_print_that_is_out_of_focus_in_one_place_is_a_smear() -> None:
    image = written(page(), *READ)
    assert smears(image, READ) == ()
    cv2.circle(image, (700, 400), 40, (30, 30, 160), -1)  # as dark as print: an emblem
    assert smears(image, [*READ, line("右", 900, 700, 60)]) == ()
    rows, columns = slice(320, 380), slice(200, 330)
    image[rows, columns] = cv2.GaussianBlur(image[rows, columns], (0, 0), 9)
    (smear,) = smears(image, READ)
    (left, top), _, (right, bottom), _ = smear
    assert 190 < left < right < 340
    assert 310 < top < bottom < 390
    assert smears(image, READ[:3]) == ()


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
