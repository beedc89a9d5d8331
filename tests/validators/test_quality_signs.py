"""Signs that a picture is not of the original: seen where they are, and not where they are not."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.model import Page, TextLine, rectangle
from extractors.registry import document_types
from pipeline.pages import Image
from validators.quality.rings import has_ring, is_copied
from validators.quality.signs import signs
from validators.quality.traces import grid


def line(text: str, x: float = 100, y: float = 500, height: float = 30) -> TextLine:
    return TextLine(text, rectangle(x, y, x + height * len(text), y + height))


def codes(
    *lines: TextLine, size: tuple[int, int] = (1600, 1200), kind: str = "business_licence", grid: float = 0.0,
    copied: bool = False, qr: tuple[str, ...] = (), missing: tuple[str, ...] = (),
) -> list[str]:  # fmt: skip
    page = Page(1, *size, lines)
    found = signs(
        page, document_types()[kind], document="a", part=1, grid=grid, copied=copied, codes=qr, missing=missing
    )
    return [f.code for f in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("仅供办理银行贷款使用", ["AUTH_OTHER_USE"]),
        ("仅供 1688 平台入驻审核使用", ["AUTH_USE_LIMITED"]),
        ("此复印件仅限租房专用，他用无效", ["AUTH_OTHER_USE"]),
        ("再次复印无效", ["AUTH_OTHER_USE"]),
        ("仅供参考", []),
        ("经营范围：供应链管理服务", []),
    ],
)
def test_words_that_limit_the_use_of_a_copy(text: str, expected: list[str]) -> None:
    assert codes(line(text)) == expected


def test_a_watermark_across_the_page_is_told_by_a_piece_of_it() -> None:
    level = [line("统一社会信用代码", y=60 * row) for row in range(1, 6)]
    across = TextLine("仅供投", ((100, 300), (250, 220), (265, 250), (115, 330)))
    assert codes(*level, across) == ["AUTH_OTHER_USE"]
    assert codes(*level, line("仅供投")) == []  # level words may be the form's own


def test_a_wide_picture_with_a_viewer_around_it_is_a_screenshot_whatever_its_size() -> None:
    bar, clock = line("licence.jpg - 图片查看器", 60, 20, 20), line("19:26", 1850, 1100, 20)
    assert codes(bar, clock, size=(2000, 1125)) == ["AUTH_SCREENSHOT"]
    assert codes(clock, size=(2000, 1125)) == []  # cameras write the time on wide pictures, too


@pytest.mark.parametrize(
    ("size", "clock", "expected"),
    [
        ((1080, 2400), line("9:41", 60, 30), ["AUTH_SCREENSHOT"]),
        ((1920, 1080), line("14:05", 1800, 1050), ["AUTH_SCREENSHOT"]),
        ((1080, 2400), line("9:41", 60, 1200), []),  # not in a bar
        ((1600, 1200), line("9:41", 60, 30), []),  # no screen
        ((1080, 2400), line("2026-11-22", 60, 30), []),
    ],
)
def test_a_clock_in_the_bar_of_a_screen(size: tuple[int, int], clock: TextLine, expected: list[str]) -> None:
    assert codes(clock, size=size) == expected


def test_a_screenshot_is_what_is_asked_for_where_the_type_is_one() -> None:
    assert codes(line("9:41", 60, 30), size=(1080, 2400), kind="taxpayer_query_screenshot") == []


def test_a_grey_copy_of_what_is_in_colour_by_nature() -> None:
    assert codes(copied=True) == ["AUTH_PHOTOCOPY"]
    assert codes() == []


@pytest.mark.parametrize("radius", [70, 110, 150])
def test_the_ring_of_a_seal_is_found_without_its_colour(radius: int) -> None:
    page = np.full((900, 1300, 3), 240, np.uint8)
    cv2.line(page, (60, 300), (1200, 300), (60, 60, 60), 2)
    cv2.putText(page, "HK 3809 2214", (100, 200), cv2.FONT_HERSHEY_DUPLEX, 2.0, (40, 40, 40), 3)
    cv2.rectangle(page, (100, 400), (500, 800), (60, 60, 60), 2)
    cv2.circle(page, (700, 520), radius * 3, (200, 200, 200), -1)  # a shade is no ring, nor a seal's size
    licence, contract = (document_types()[kind] for kind in ("business_licence", "trade_contract"))
    assert not has_ring(page)
    assert is_copied(page, licence, colour=False)
    assert not is_copied(page, contract, colour=False)
    cv2.circle(page, (900, 620), radius, (120, 120, 120), 5)
    assert has_ring(page)
    assert is_copied(page, contract, colour=False)
    assert not is_copied(page, licence, colour=True)


def test_marks_that_are_missing_are_told() -> None:
    assert codes(missing=("emblem", "seal")) == ["AUTH_EMBLEM_NOT_SEEN", "AUTH_SEAL_NOT_SEEN"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("https://www.gsxt.gov.cn/index.html?uniscid=1", []),
        ("http://zj.gsxt.gov.cn/x", []),
        ("https://gsxt-gov.cn.example.com/x", ["AUTH_CODE_ELSEWHERE"]),
        ("http://evilgsxt.gov.cn.co/x", ["AUTH_CODE_ELSEWHERE"]),
        ("91330108MA2CG4HU3R", []),  # a code that holds data leads nowhere
        ("https://[broken", []),
    ],
)
def test_where_the_code_of_a_licence_leads(code: str, expected: list[str]) -> None:
    assert codes(qr=(code,)) == expected


def page() -> Image:
    """Print with the grain of a camera."""
    chance = np.random.default_rng(2)
    image = np.full((900, 1200, 3), 225, np.uint8)
    for y in range(60, 860, 48):
        for x in range(60, 1120, 22):
            for _ in range(4):
                begin, end = chance.integers((x, y), (x + 20, y + 26), (2, 2)).tolist()
                cv2.line(image, begin, end, (60, 55, 50), 2, cv2.LINE_AA)
    soft = cv2.GaussianBlur(image, (0, 0), 0.7).astype(np.float32)
    return np.clip(soft + chance.normal(0, 2.5, image.shape), 0, 255).astype(np.uint8)


def test_the_pixels_of_a_screen_beat_against_those_of_the_camera() -> None:
    plain = page()
    ys, xs = np.mgrid[0:900, 0:1200].astype(np.float32)
    waves = 9 * np.sin(2 * np.pi * (0.17 * xs + 0.11 * ys))[..., None] * np.array([1.0, 0.6, 1.3])
    assert grid(plain) < 7
    assert grid(np.clip(plain + waves, 0, 255).astype(np.uint8)) > 12


def test_a_tiny_picture_has_no_grid() -> None:
    assert grid(np.zeros((20, 20, 3), np.uint8)) == 0.0
