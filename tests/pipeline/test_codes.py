"""Codes on pages: sharp, small, soft, tilted and turned ones are read; what cannot be read is no error."""

from __future__ import annotations

from pathlib import Path

import cv2
import numpy as np
import pytest
import segno

from extractors.invoice_qr import parse
from pipeline import codes
from pipeline.codes import read_codes

PAYLOAD = "01,10,033002000211,83089600,510.68,20200723,16197833567414507400,A1B2,"
needs_wechat = pytest.mark.skipif(
    not hasattr(cv2, "wechat_qrcode_WeChatQRCode"), reason="another OpenCV lies over opencv-contrib-python"
)
REAL = Path(__file__).parents[3] / "shared" / "real"


def page(module: float, text: str = PAYLOAD, at: tuple[int, int] = (60, 50), size=(1000, 1600)) -> np.ndarray:
    """A white page with lines of print on it and a code whose modules take so many pixels."""
    image = np.full((*size, 3), 250, np.uint8)
    for y in range(300, size[0] - 40, 40):
        cv2.putText(image, "0123456789 ABCDEFGHIJ " * 3, (60, y), cv2.FONT_HERSHEY_SIMPLEX, 0.8, (60, 40, 40), 1)
    matrix = np.array([[0 if bit else 250 for bit in row] for row in segno.make(text, micro=False).matrix], np.uint8)
    side = round(len(matrix) * module)
    drawn = cv2.resize(np.kron(matrix, np.ones((12, 12), np.uint8)), (side, side), interpolation=cv2.INTER_AREA)
    image[at[1] : at[1] + side, at[0] : at[0] + side] = drawn[..., None]
    return image


def worn(image: np.ndarray, quality: int) -> np.ndarray:
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1], cv2.IMREAD_COLOR)


def tilted(image: np.ndarray, degrees: float) -> np.ndarray:
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), degrees, 0.9)
    return cv2.warpAffine(image, turn, (width, height), borderValue=(120, 120, 120))


@pytest.mark.parametrize(
    "image",
    [
        page(4), page(2), worn(page(4), 20), worn(cv2.GaussianBlur(page(4), (0, 0), 2), 70), tilted(page(4), 8),
        cv2.rotate(page(4), cv2.ROTATE_180), (page(4) * 0.3).astype(np.uint8), page(3, at=(900, 700)),
        page(8, size=(3000, 4400)), cv2.warpPerspective(page(5), cv2.getPerspectiveTransform(
            np.float32([[0, 0], [1600, 0], [1600, 1000], [0, 1000]]),
            np.float32([[80, 60], [1500, 0], [1600, 1000], [0, 900]])), (1600, 1000)),
    ],
    ids=["sharp", "small", "jpeg", "soft", "tilted", "turned", "dark", "elsewhere", "large", "perspective"],
)  # fmt: skip
def test_codes_on_pages_of_all_sorts(image):
    assert read_codes(image) == [PAYLOAD]


def test_the_corner_is_looked_at_closer_where_the_page_gives_nothing():
    image = worn(cv2.GaussianBlur(page(3), (0, 0), 1.7), 75)
    assert not codes._zxing(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), 1, None, [])
    assert read_codes(image) == [PAYLOAD]


def _seen_but_not_read(grey, times, sharpening, unread):
    unread.append((60, 50, 224, 214))
    return []


def _broken(*_):
    raise RuntimeError("a C++ exception")


@needs_wechat
def test_the_second_reader_looks_where_the_first_saw_one(monkeypatch):
    monkeypatch.setattr(codes, "_zxing", _seen_but_not_read)
    assert read_codes(page(4)) == [PAYLOAD]
    monkeypatch.setattr(codes, "_wechat", _broken)
    assert read_codes(page(4)) == []


def test_a_reader_that_fails_is_no_code(monkeypatch):
    monkeypatch.setattr(codes, "_zxing", _broken)
    assert read_codes(page(4)) == []


def test_the_search_goes_on_until_a_code_is_wanted():
    image = page(4, text="https://pay.example/abc")
    assert read_codes(image) == ["https://pay.example/abc"]
    assert read_codes(image, parse) == []
    both = image.copy()
    both[50:300, 700:950] = page(4)[50:300, 60:310]
    assert read_codes(both, parse) == [PAYLOAD]


@pytest.mark.parametrize("shape", [(1, 1), (5, 900), (900, 5), (21, 21), (300, 300), (40, 6000)])
def test_pages_without_a_code(shape):
    rng = np.random.default_rng(1)
    assert read_codes(np.zeros((*shape, 3), np.uint8)) == []
    assert read_codes(rng.integers(0, 255, (*shape, 3), np.uint8)) == []


def test_the_work_on_a_huge_picture_is_bounded(monkeypatch):
    looked_at: list[int] = []
    monkeypatch.setattr(codes.zxingcpp, "read_barcodes", lambda grey, **_: looked_at.append(max(grey.shape)) or [])
    assert read_codes(np.zeros((6000, 9000, 3), np.uint8)) == []
    assert len(looked_at) == 4
    assert max(looked_at) <= 2400


@pytest.mark.skipif(not REAL.is_dir(), reason="needs real invoices")
@pytest.mark.parametrize(
    ("name", "number"),
    [pytest.param("inv_gsc_photo_pupiao_shenzhen.jpg", "41108527", marks=needs_wechat),
     ("inv_gsc_screenshot_tianjin.png", "33207675"), ("inv_henan_jd.png", "32321709")],
)  # fmt: skip
def test_real_pictures(name, number):
    (text,) = read_codes(cv2.imread(str(REAL / name)), parse)
    assert parse(text)["invoice_number"].value == number
