"""QR codes on a page: ZXing first, which is fast, then OpenCV's WeChat reader, which reads more of what is worn.

Invoices carry their code at the top left. Where the whole page gives none, that corner is enlarged and its edges are
drawn sharper: small, soft modules are what keeps a code from being read, on scans as on photos. Of 150 pages made
worse step by step, 67 were read as they stood and 92 so. The second reader is slow where it finds nothing, so it is
shown only what the first took for a code and could not decode.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import zxingcpp

from pipeline.pages import Image

_Grey = npt.NDArray[np.uint8]
_Place = tuple[int, int, int, int]  # left, top, right, bottom in pixels of the page

_CORNER = (0.4, 0.45)  # shares of width and height, from the top left, that hold the code
_LONGEST = 2400  # pixels of a side that are looked at: with the number of attempts it bounds the time
_CLOSE_UP = 450  # pixels of a side a code is enlarged to for the second reader
_MARGIN = 0.3  # of a code's side: the quiet zone, and what a tilt puts outside
_TRIED = 2  # places the second reader looks at
_SMALLEST = 21  # modules of the smallest QR code; no reader need look at fewer pixels
_SOFT, _FINE = (3.0, 2.0), (1.5, 1.0)  # radius in pixels and strength of the sharpening


def read_codes(image: Image, wanted: Callable[[str], object] = bool) -> list[str]:
    """The texts of the QR codes on an upright page (BGR); none where none can be read, whatever the reason.

    The search ends with the first way of looking that gives one that is `wanted`.
    """
    if min(image.shape[:2]) < _SMALLEST:
        return []
    grey = np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    return next((texts for attempt in _attempts(grey) if (texts := _tried(attempt, wanted))), [])


def plain_codes(image: Image) -> list[str]:
    """The texts of the QR codes that can be read on a page as it is (BGR), without a closer look."""
    if min(image.shape[:2]) < _SMALLEST:
        return []
    return _tried(lambda: _zxing(np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8), 1, None, []), bool)


def _attempts(grey: _Grey) -> Iterator[Callable[[], list[str]]]:
    """Ways to read the page, the quick ones first."""
    height, width = grey.shape
    corner = grey[: round(height * _CORNER[1]), : round(width * _CORNER[0])]
    unread: list[_Place] = []
    yield lambda: _zxing(grey, 1, None, unread)
    yield lambda: _zxing(corner, 3, _SOFT, unread)
    yield lambda: _zxing(corner, 2, _FINE, unread)
    # Rolls carry it at the foot, and a photo may show more than the invoice.
    yield lambda: _zxing(grey, 2, _SOFT, unread)
    for place in _apart(unread)[:_TRIED]:
        yield lambda p=place: _wechat(_close_up(grey, p))  # type: ignore[misc]


def _apart(places: list[_Place]) -> list[_Place]:
    """Places of different codes: one seen again, or a part of it, counts once."""
    kept: list[_Place] = []
    for left, top, right, bottom in places:
        x, y = (left + right) / 2, (top + bottom) / 2
        if not any(a <= x <= c and b <= y <= d for a, b, c, d in kept):
            kept.append((left, top, right, bottom))
    return kept


def _tried(attempt: Callable[[], list[str]], wanted: Callable[[str], object]) -> list[str]:
    # Both readers are C++: what is wrong in there comes out as any exception, and a code is never worth a run.
    with suppress(Exception):
        return [text for text in attempt() if wanted(text)]
    return []


def _zxing(grey: _Grey, times: float, sharpening: tuple[float, float] | None, unread: list[_Place]) -> list[str]:
    """The texts of the codes; where one is seen that cannot be decoded, its place joins `unread`."""
    scaled = _scaled(grey, times, _LONGEST)
    by = scaled.shape[1] / grey.shape[1]
    shown = _sharper(scaled, *sharpening) if sharpening else scaled
    texts: list[str] = []
    for code in zxingcpp.read_barcodes(
        shown, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode), return_errors=True
    ):
        if code.valid:
            texts.append(code.text)
        else:
            unread.append(_place(code.position, by))
    return texts


def _place(position: Any, by: float) -> _Place:
    corners = (position.top_left, position.top_right, position.bottom_right, position.bottom_left)
    across, down = [corner.x / by for corner in corners], [corner.y / by for corner in corners]
    return round(min(across)), round(min(down)), round(max(across)), round(max(down))


def _close_up(grey: _Grey, place: _Place) -> _Grey:
    left, top, right, bottom = place
    margin = round(_MARGIN * max(right - left, bottom - top)) + 2
    around = grey[max(0, top - margin) : bottom + margin, max(0, left - margin) : right + margin]
    return _sharper(_scaled(around, _CLOSE_UP / max(around.shape), _CLOSE_UP), *_FINE)


def _wechat(grey: _Grey) -> list[str]:
    # A reader of its own for each picture: one that has seen others may answer otherwise. Its networks' models are no
    # part of OpenCV; without them it finds less by itself, but here it is shown where to look.
    return list(cv2.wechat_qrcode_WeChatQRCode().detectAndDecode(grey)[0])  # type: ignore[attr-defined]


def _scaled(grey: _Grey, times: float, longest: int) -> _Grey:
    by = min(times, longest / max(grey.shape))
    how = cv2.INTER_AREA if by < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, None, fx=by, fy=by, interpolation=how), np.uint8) if by != 1 else grey


def _sharper(grey: _Grey, radius: float, strength: float) -> _Grey:
    soft = cv2.GaussianBlur(grey, (0, 0), radius)
    return np.asarray(cv2.addWeighted(grey, 1 + strength, soft, -strength, 0), np.uint8)
