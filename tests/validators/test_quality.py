"""Picture measures on pictures made for them: each flaw is found, and none where there is none."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.model import TextLine, rectangle
from pipeline.pages import Image
from validators.quality import measure, quality_findings

LINES = tuple(
    TextLine("91330108MA2CG4HU3R 2021-03-18", rectangle(60, 60 + 60 * row, 640, 88 + 60 * row)) for row in range(8)
)


def printed(ink: int = 30, background: int = 245) -> Image:
    image = np.full((600, 720, 3), background, np.uint8)
    for line in LINES:
        base = (int(line.left), int(line.bottom) - 4)
        cv2.putText(image, line.text, base, cv2.FONT_HERSHEY_DUPLEX, 1.0, (ink,) * 3, 2, cv2.LINE_AA)
    return image


def sealed(image: Image) -> Image:
    result = image.copy()
    cv2.circle(result, (560, 460), 70, (50, 50, 215), 10)
    return result


def moved_lines(right: float = 0, down: float = 0, scale: float = 1.0) -> tuple[TextLine, ...]:
    return tuple(
        TextLine(a.text, rectangle(*((edge + shift) * scale for edge, shift in
                 ((a.left, right), (a.top, down), (a.right, right), (a.bottom, down)))))
        for a in LINES
    )  # fmt: skip


def codes(image: Image, lines: tuple[TextLine, ...] = LINES) -> list[str]:
    return [f.code for f in quality_findings(measure(image, lines), "licence.jpg", 1)]


def test_a_good_picture_has_nothing_wrong() -> None:
    quality = measure(sealed(printed()), LINES)
    assert quality["colour"] is True
    assert quality["cut_edges"] == ""
    assert quality["text_height"] == 28
    assert quality["contrast"] > 150
    assert codes(sealed(printed())) == []


@pytest.mark.parametrize("radius", [2.5, 4, 8])
def test_a_picture_out_of_focus_is_blurred(radius: float) -> None:
    image = cv2.GaussianBlur(printed(), (0, 0), radius)
    found = quality_findings(measure(image, LINES), "licence.jpg", 3, part=2)
    (blurred,) = [f for f in found if f.code == "QUALITY_BLURRED"]
    assert (blurred.document, blurred.evidence[0].page, blurred.evidence[0].part) == ("licence.jpg", 3, 2)
    assert blurred.actual
    assert blurred.expected


@pytest.mark.parametrize("vertical", [False, True])
def test_motion_across_either_direction_is_blurred(vertical: bool) -> None:
    smear = np.full((11, 1) if vertical else (1, 11), 1 / 11, np.float32)
    assert "QUALITY_BLURRED" in codes(cv2.filter2D(printed(), -1, smear))


def test_sharpness_falls_as_blur_grows() -> None:
    values = [measure(cv2.GaussianBlur(printed(), (0, 0), s), LINES)["sharpness"] for s in (0.5, 1, 2, 3, 5)]
    assert values == sorted(values, reverse=True)
    assert len(set(values)) == len(values)


def test_small_text_is_told_with_its_height() -> None:
    small = cv2.resize(printed(), None, fx=0.3, fy=0.3, interpolation=cv2.INTER_AREA)
    (found,) = [f for f in quality_findings(measure(small, moved_lines(scale=0.3)), "a", 1) if "SMALL" in f.code]
    assert found.actual == "8.4 px"


def test_pale_print_has_low_contrast() -> None:
    assert "QUALITY_LOW_CONTRAST" in codes(printed(ink=222))
    assert "QUALITY_LOW_CONTRAST" not in codes(printed(ink=120))


@pytest.mark.parametrize(
    ("right", "down", "edge"), [(-60, 0, "left"), (80, 0, "right"), (0, -60, "top"), (0, 92, "bottom")]
)
def test_text_that_runs_into_an_edge_may_be_cut(right: float, down: float, edge: str) -> None:
    image = printed()
    quality = measure(image, moved_lines(right, down))
    assert quality["cut_edges"] == edge
    assert codes(image, moved_lines(right, down)).count("QUALITY_CUT_EDGE") == 1


@pytest.mark.parametrize("light", [(1.0, 1.0, 1.0), (0.75, 0.9, 1.0), (1.0, 0.93, 0.85), (0.6, 0.62, 0.66)])
def test_a_copy_is_grey_in_any_light_and_a_seal_is_colour(light: tuple[float, float, float]) -> None:
    def lit(image: Image) -> Image:
        return np.clip(image * np.array(light), 0, 255).astype(np.uint8)

    grey = cv2.cvtColor(cv2.cvtColor(sealed(printed()), cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    assert measure(lit(sealed(printed())), LINES)["colour"] is True
    assert measure(lit(grey), LINES)["colour"] is False


def test_light_that_changes_across_a_grey_copy_is_no_colour() -> None:
    two_lamps = 1 - np.linspace(0, 1, 720)[None, :, None] * np.array([0.3, 0.12, 0.0])
    assert measure((printed() * two_lamps).astype(np.uint8), LINES)["colour"] is False


@pytest.mark.parametrize("shape", [(1, 1), (3, 900), (900, 3), (40, 40)])
def test_odd_pictures_and_lines_off_the_page_are_measured_or_left_open(shape: tuple[int, int]) -> None:
    image = np.full((*shape, 3), 200, np.uint8)
    off = (TextLine("off", rectangle(2000, 2000, 2100, 2020)), TextLine("point", rectangle(5, 5, 5, 5)))
    for lines in ((), off, LINES):
        quality = measure(image, lines)
        assert all(value == value for value in quality.values())  # no NaN
        quality_findings(quality, "a", 1)


def test_without_text_size_and_sharpness_are_unknown_not_fine() -> None:
    quality = measure(np.full((300, 300, 3), 255, np.uint8), ())
    assert (quality["text_height"], quality["sharpness"], quality["contrast"]) == (None, None, None)
