"""Print that equals other print: told where it was copied over, not where the same characters were printed twice."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from validators.quality.blocks import Steps, standard
from validators.quality.copies import equal_print

Grey = npt.NDArray[np.uint8]

LOSSLESS = Steps(np.ones((8, 8), np.int64))
FIELD, OTHER, FAR = (60, 40, 420, 74), (60, 120, 420, 154), (60, 200, 420, 234)
PIECES = [FIELD, OTHER, FAR]


def page(text: dict[int, str], turned: float = 0.31, scaled: float = 1.0137) -> Grey:
    """Rows of print with the grain of a scan, not quite level: no two begin at the same place within a pixel."""
    fine = np.full((280 * 4, 480 * 4), 225, np.uint8)
    for y, digits in text.items():
        cv2.putText(fine, digits, (240, (y + 30) * 4), cv2.FONT_HERSHEY_DUPLEX, 4.4, 50, 8, cv2.LINE_AA)
    turn = cv2.getRotationMatrix2D((960, 560), turned, scaled)
    fine = cv2.warpAffine(fine, turn, (480 * 4, 280 * 4), borderValue=225)
    small = cv2.GaussianBlur(cv2.resize(fine, (480, 280), interpolation=cv2.INTER_AREA), (0, 0), 0.7)
    grain = np.random.default_rng(2).normal(0, 2.5, small.shape)
    return np.clip(small + grain, 0, 255).astype(np.uint8)


def saved(grey: Grey, quality: int) -> tuple[Grey, Steps]:
    data = cv2.imencode(".jpg", grey, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8), Steps(standard(quality))


def test_a_row_copied_over_another_and_saved_again() -> None:
    grey = page({40: "8203 5917 46", 120: "5530 7214 98", 200: "AKMT XCEG"})
    grey[38:76, 100:230] = grey[121:159, 163:293]
    for quality in (95, 85, 75):
        told = equal_print(*_with(*saved(grey, quality)))
        assert min(told[:2]) > 3
        assert told[2] == 0


def test_one_digit_copied_over_another_of_its_row() -> None:
    grey = page({40: "8203 5917 46", 120: "5530 7214 98", 200: "AKMT XCEG"})
    grey[40:74, 109:133] = grey[40:74, 231:255]
    told = equal_print(*_with(*saved(grey, 90)))
    assert told[0] > 1
    assert told[1:] == [0, 0]


def test_the_same_digits_printed_twice_are_no_copies() -> None:
    grey = page({40: "5530 7214 98", 120: "5530 7214 98", 200: "5530 7214 98"})
    for quality in (95, 80):
        assert max(equal_print(*_with(*saved(grey, quality)))) < 1


def test_a_drawing_of_a_computer_has_equal_print_all_over() -> None:
    grey = page(dict.fromkeys((40, 120, 200), "1111 1111 11"), turned=0, scaled=1)
    flat = np.asarray(np.where(grey > 150, 225, 50), np.uint8)
    assert equal_print(flat, PIECES, PIECES, LOSSLESS) == [0, 0, 0]


def test_no_print_at_all() -> None:
    blank = np.full((280, 480), 225, np.uint8)
    assert equal_print(blank, [], PIECES, LOSSLESS) == []
    assert equal_print(blank, PIECES, [], LOSSLESS) == [0, 0, 0]
    assert equal_print(blank, PIECES, PIECES, LOSSLESS) == [0, 0, 0]


def _with(
    grey: Grey, steps: Steps
) -> tuple[Grey, list[tuple[int, int, int, int]], list[tuple[int, int, int, int]], Steps]:
    return grey, PIECES, PIECES, steps
