"""Seals are found on drawn pages whatever lies under them; emblems, titles, frames and watermarks are none."""

from __future__ import annotations

import math

import cv2
import numpy as np
import pytest

from extractors.model import TextLine, rectangle
from validators.seal_text import measure_seals, unrolled
from validators.seals import Image, find_rings

RED, BLUE = (46, 38, 214), (190, 60, 40)
LINES = tuple(
    TextLine("name of the company 91330108", rectangle(60, 60 + 70 * row, 900, 92 + 70 * row)) for row in range(9)
)


def page() -> Image:
    """A printed page on slightly uneven paper."""
    rng = np.random.default_rng(1)
    image = np.full((760, 1080, 3), (240, 246, 248), np.float32) + rng.normal(0, 2, (760, 1080, 1))
    image = np.clip(image, 0, 255).astype(np.uint8)
    for line in LINES:
        base = (int(line.left), int(line.bottom) - 4)
        cv2.putText(image, line.text, base, cv2.FONT_HERSHEY_DUPLEX, 1.1, (40, 40, 42), 2, cv2.LINE_AA)
    return image


def sealed(image: Image, at: tuple[int, int], axes: tuple[int, int], ink=RED, turn: float = 0, strength=0.85) -> Image:
    """The page with a seal: its line, letters along it, a line across. Ink takes light from what is below it."""
    layer = np.zeros(image.shape[:2], np.uint8)
    a, b = axes
    cv2.ellipse(layer, at, axes, turn, 0, 360, 255, max(3, b // 20), cv2.LINE_AA)
    for angle in np.linspace(-200, 20, 14):
        x, y = 0.78 * a * math.cos(math.radians(angle)), 0.76 * b * math.sin(math.radians(angle))
        c, s = math.cos(math.radians(turn)), math.sin(math.radians(turn))
        centre = (round(at[0] + x * c - y * s), round(at[1] + x * s + y * c))
        cv2.ellipse(layer, centre, (b // 12, b // 12), 0, 0, 360, 255, max(2, b // 40), cv2.LINE_AA)
    cv2.putText(layer, "9133", (at[0] - b // 3, at[1] + b // 3), cv2.FONT_HERSHEY_DUPLEX, b / 90, 255, 2, cv2.LINE_AA)
    share = (layer / 255 * strength)[..., None]
    pressed = np.minimum(image, np.asarray(ink, np.uint8)) * share + image * (1 - share)
    return pressed.astype(np.uint8)


def photographed(image: Image) -> Image:
    """Lamp light falling off to one side, noise, and what JPEG leaves of it."""
    light = np.linspace(1.0, 0.6, image.shape[1])[None, :, None] * np.array([0.72, 0.88, 1.0])
    noise = np.random.default_rng(2).normal(0, 5, image.shape)
    dim = np.clip(image * light + noise, 0, 255).astype(np.uint8)
    return cv2.imdecode(cv2.imencode(".jpg", dim, [cv2.IMWRITE_JPEG_QUALITY, 45])[1], cv2.IMREAD_COLOR)


@pytest.mark.parametrize("seen", [lambda image: image, photographed], ids=["scan", "photo"])
@pytest.mark.parametrize(
    ("axes", "turn", "shape"),
    [((95, 95), 0, "round"), ((60, 60), 0, "round"), ((130, 92), 0, "oval"), ((120, 85), 25, "oval")],
)
def test_a_seal_over_text_is_found_where_it_is(seen, axes, turn, shape):
    (ring,) = find_rings(seen(sealed(page(), (700, 430), axes, turn=turn)))
    assert (ring.shape, ring.colour) == (shape, "red")
    assert math.dist(ring.centre, (700, 430)) < 6
    assert ring.axes == pytest.approx(axes, rel=0.08)
    assert ring.confidence > 0.7


def test_boxes_are_in_pixels_of_the_picture_however_large_it_is():
    large = cv2.resize(sealed(page(), (700, 430), (95, 95)), None, fx=2.5, fy=2.5, interpolation=cv2.INTER_CUBIC)
    ((ring),) = find_rings(large)
    (left, top), _, (right, bottom), _ = ring.box
    assert (left, top, right, bottom) == pytest.approx((605 * 2.5, 335 * 2.5, 795 * 2.5, 525 * 2.5), abs=18)


def test_two_seals_over_each_other_are_two():
    image = sealed(sealed(page(), (620, 400), (95, 95)), (740, 470), (95, 95))
    assert len(find_rings(image)) == 2


def test_a_seal_cut_by_the_edge_is_found():
    (ring,) = find_rings(sealed(page(), (1040, 420), (95, 95)))
    assert ring.centre[0] == pytest.approx(1040, abs=12)


def test_a_seal_on_the_red_lines_of_a_table_is_found():
    image = page()
    for y in range(120, 740, 120):
        cv2.line(image, (40, y), (1040, y + 6), (40, 30, 170), 3)
    for x in (40, 330, 640, 1040):
        cv2.line(image, (x, 120), (x, 720), (40, 30, 170), 3)
    (ring,) = find_rings(sealed(image, (880, 600), (130, 92)))
    assert (ring.shape, ring.centre) == ("oval", pytest.approx((880, 600), abs=8))


def test_a_blue_seal_is_of_another_ink_and_a_pale_one_is_still_found():
    (blue,) = find_rings(sealed(page(), (700, 430), (95, 95), ink=BLUE))
    assert (blue.shape, blue.colour) == ("round", "other")
    (pale,) = find_rings(sealed(page(), (700, 430), (95, 95), strength=0.3))
    assert pale.colour == "red"


def emblem(image: Image) -> Image:
    """A filled red disc with gold on it, where licences print the national emblem."""
    cv2.circle(image, (540, 90), 62, (80, 180, 225), 14, cv2.LINE_AA)
    cv2.circle(image, (540, 90), 56, (36, 30, 222), -1, cv2.LINE_AA)
    for x, y in ((540, 60), (515, 80), (565, 80), (540, 110)):
        cv2.circle(image, (x, y), 8, (92, 190, 232), -1, cv2.LINE_AA)
    return image


def red_title(image: Image) -> Image:
    cv2.putText(image, "BUSINESS LICENCE OO", (200, 180), cv2.FONT_HERSHEY_TRIPLEX, 2.2, RED, 5, cv2.LINE_AA)
    return image


def red_frame(image: Image) -> Image:
    cv2.rectangle(image, (30, 30), (1050, 730), RED, 5)
    cv2.rectangle(image, (60, 300), (500, 520), RED, 2)
    return image


def watermark(image: Image) -> Image:
    layer = image.copy()
    for y in range(80, 760, 150):
        cv2.putText(layer, "FOR THE FILE ONLY", (120, y), cv2.FONT_HERSHEY_DUPLEX, 2.0, (120, 110, 240), 5, cv2.LINE_AA)
    return cv2.addWeighted(layer, 0.6, image, 0.4, 0)


@pytest.mark.parametrize("seen", [lambda image: image, photographed], ids=["scan", "photo"])
@pytest.mark.parametrize("drawn", [lambda image: image, emblem, red_title, red_frame, watermark])
def test_what_is_no_seal_is_not_taken_for_one(drawn, seen):
    assert find_rings(seen(drawn(page()))) == []


def test_an_emblem_beside_a_seal_stays_no_seal():
    (ring,) = find_rings(photographed(sealed(emblem(page()), (800, 560), (95, 95))))
    assert ring.centre == pytest.approx((800, 560), abs=8)


def test_a_square_name_seal_is_square():
    image = page()
    cv2.rectangle(image, (700, 400), (780, 480), RED, 5)
    cv2.putText(image, "ZXM", (712, 452), cv2.FONT_HERSHEY_DUPLEX, 0.9, RED, 2, cv2.LINE_AA)
    (ring,) = find_rings(image)
    assert ring.shape == "square"


@pytest.mark.parametrize("turn", [0, 40, -70])
def test_letters_of_a_ring_come_out_in_a_row_clockwise_from_the_gap(turn):
    image = np.full((500, 500, 3), 245, np.uint8)
    cv2.circle(image, (250, 250), 150, RED, 8, cv2.LINE_AA)
    cv2.circle(image, (250, 250), 36, RED, -1, cv2.LINE_AA)
    for at, angle in enumerate(np.linspace(-220, 40, 9)):  # letters grow in the direction of reading
        a = math.radians(angle + turn)
        cv2.circle(
            image, (round(250 + 116 * math.cos(a)), round(250 + 116 * math.sin(a))), 6 + at, RED, -1, cv2.LINE_AA
        )
    (ring,) = find_rings(image)
    strip = unrolled(image, ring)[20:102, :, 0] < 128
    _, _, stats, centres = cv2.connectedComponentsWithStats(strip.astype(np.uint8))
    letters = sorted(
        (x, y, area) for (x, y), (_, _, _, _, area) in zip(centres[1:], stats[1:], strict=True) if area > 40
    )
    assert len(letters) == 9
    assert np.ptp([y for _, y, _ in letters]) < 8
    areas = [area for _, _, area in letters]
    assert areas == sorted(areas)


def test_the_text_of_a_seal_is_what_a_reader_reads_in_it_and_what_was_read_there_before():
    image = sealed(page(), (700, 430), (130, 92))
    inside = TextLine("发票 专用章", rectangle(640, 440, 760, 465))
    shown: list[Image] = []

    def read(picture):
        shown.append(picture)
        return (TextLine("杭州云帆数字科技有限公司", rectangle(0, 0, 9, 9)), TextLine("冫", rectangle(0, 0, 9, 9), 0.2))

    (seal,) = measure_seals(image, (*LINES, inside), read, page=3)
    assert (seal["page"], seal["shape"], seal["colour"]) == (3, "oval", "red")
    assert seal["text"] == "杭州云帆数字科技有限公司 发票专用章"
    assert len(shown) == 1
    (unread,) = measure_seals(image, LINES, None)
    assert unread["text"] == ""


def test_red_lines_of_text_are_stamps_and_black_ones_are_not():
    image = page()
    cv2.putText(image, "GENERAL TAXPAYER", (560, 715), cv2.FONT_HERSHEY_DUPLEX, 1.2, RED, 2, cv2.LINE_AA)
    stamp = TextLine("增值税一般纳税人", rectangle(558, 682, 930, 722))
    (found,) = measure_seals(photographed(image), (*LINES, stamp), None)
    assert (found["shape"], found["text"], found["box"]) == ("text", "增值税一般纳税人", stamp.box)


def test_a_grey_copy_of_a_seal_is_not_told_as_one():
    grey = cv2.cvtColor(cv2.cvtColor(sealed(page(), (700, 430), (95, 95)), cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    assert measure_seals(grey, LINES, None) == []
