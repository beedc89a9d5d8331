import os
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from extractors.errors import EngineError
from extractors.model import TextLine, rectangle
from pipeline import ocr
from pipeline.ocr import PaddleReader, TimedReader, cut_out, in_order
from pipeline.pages import Image
from pipeline.settings import Settings


def written(*lines: str, width: int = 900, height: int = 80) -> Image:
    """Lines in OpenCV's own stroke font, so that no font file is needed."""
    image = np.full((height * (len(lines) + 1), width, 3), 250, np.uint8)
    for row, line in enumerate(lines, 1):
        cv2.putText(image, line, (60, height * row), cv2.FONT_HERSHEY_DUPLEX, 1.3, (30, 30, 30), 2, cv2.LINE_AA)
    return image


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> PaddleReader:
    return PaddleReader(Settings(cache_dir=tmp_path_factory.mktemp("cache"), ocr_threads=2))


def test_reads_lines_with_their_places(reader: PaddleReader) -> None:
    lines = reader.read(written("91330108MA2CG4HU6R", "2021-03-18"), page=3)
    assert [line.text for line in lines] == ["91330108MA2CG4HU6R", "2021-03-18"]
    assert {line.page for line in lines} == {3}
    for line in lines:
        assert len(line.scores) == len(line.text)
        assert np.mean(line.scores) == pytest.approx(line.confidence, abs=1e-3)
        assert line.weakest == min(line.scores)
    for row, line in enumerate(lines, 1):
        assert 80 * row - 55 < line.top < line.bottom < 80 * row + 25
        assert 40 < line.left < 75
        (x0, y0), (x1, _), _, (_, y3) = line.box
        assert x0 < x1
        assert y0 < y3


def test_small_text_on_a_large_picture_is_searched_larger(reader: PaddleReader) -> None:
    page = np.full((2400, 3400, 3), 250, np.uint8)
    page[200:440, 200:1100] = cv2.resize(written("91330108MA2CG4HU6R", "2021-03-18"), (900, 240))
    page[600:720, 200:650] = cv2.resize(written("91330108MA2CG4HU6R", "2021-03-18"), (450, 120))
    page[900:1020, 200:650] = page[600:720, 200:650]
    texts = [line.text for line in reader.read(page)]
    assert texts.count("91330108MA2CG4HU6R") == 3


def test_an_empty_page_has_no_lines(reader: PaddleReader) -> None:
    assert reader.read(np.full((300, 400, 3), 255, np.uint8)) == ()


@pytest.mark.parametrize("shape", [(1, 1, 3), (5, 3000, 3), (3000, 4, 3)])
def test_odd_shapes_do_not_fail(reader: PaddleReader, shape: tuple[int, int, int]) -> None:
    assert reader.read(np.zeros(shape, np.uint8)) == ()


def test_describes_what_is_in_effect(reader: PaddleReader) -> None:
    described = reader.describe()
    assert described["engine"] == "paddleocr"
    assert described["providers"] == ["CPUExecutionProvider"]
    assert described["threads"] == 2
    assert all(described["versions"].values())


def test_what_a_network_raises_becomes_an_engine_error(reader: PaddleReader, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[int] = []

    def fails_at_the_second_line(line: Image) -> tuple[str, float]:
        calls.append(1)
        if len(calls) > 1:
            raise RuntimeError("text of the document")
        return "first", 1.0

    monkeypatch.setattr(reader, "_text", fails_at_the_second_line)
    with pytest.raises(EngineError) as raised:
        reader.read(written("91330108MA2CG4HU6R", "2021-03-18"))
    assert "RuntimeError" in str(raised.value)
    assert "text of the document" not in str(raised.value)


@pytest.mark.parametrize(("text", "score"), [("  ", 0.9), ("x", 0.0), ("x", float("nan")), ("x", -1.0)])
def test_empty_and_worthless_lines_are_dropped(
    reader: PaddleReader, monkeypatch: pytest.MonkeyPatch, text: str, score: float
) -> None:
    class Recognition:
        def predict(self, *_: Any, **__: Any) -> list[dict[str, Any]]:
            return [{"rec_text": text, "rec_score": score}]

    monkeypatch.setattr(reader, "_recognition", Recognition())
    assert reader.read(written("91330108MA2CG4HU6R")) == ()


def test_each_character_has_its_score_and_its_place(reader: PaddleReader) -> None:
    (line,) = reader.read(written("9133 0108MA2CG4HU6R"))
    assert len(line.text) == len(line.scores) == len(line.places)
    assert all(0 <= begin < end <= 1 for begin, end in line.places)
    ink = np.flatnonzero((written("9133 0108MA2CG4HU6R").min(axis=2) < 128).any(axis=0))
    wide = float(np.diff(ink).max())  # the blank in it
    at = line.text.index("0108")
    (left, _), *_ = line.cut(at, at + 4).box
    assert abs(left - (ink[int(np.diff(ink).argmax())] + wide)) < 0.4 * line.height


def test_an_unknown_device_is_one_clear_error(tmp_path: Path) -> None:
    with pytest.raises(EngineError, match="HEYAN_OCR_DEVICE"):
        PaddleReader(Settings(cache_dir=tmp_path, ocr_device="toaster"))


def test_loading_and_reading_open_no_connection_and_print_nothing(tmp_path: Path) -> None:
    script = f"""
import socket
def refuse(*a, **k): raise SystemExit("a connection was tried")
socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse
import numpy as np
from pathlib import Path
from pipeline.ocr import open_reader
from pipeline.settings import Settings
reader = open_reader(Settings(cache_dir=Path({str(tmp_path)!r})))
reader.read(np.full((200, 300, 3), 255, np.uint8))
"""
    home = {"HOME": str(tmp_path / "home"), "USERPROFILE": str(tmp_path / "home")}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, env={**os.environ, **home}, timeout=120,
        cwd=Path(__file__).parents[2],
    )  # fmt: skip
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_text_is_searched_at_the_side_asked_for() -> None:
    sides: list[int] = []

    class Detection:
        def predict(self, image: Image, *, limit_side_len: int, **_: Any) -> list[dict[str, Any]]:
            sides.append(limit_side_len)
            return [{"dt_polys": []}]

    reader = PaddleReader.__new__(PaddleReader)
    reader.settings, reader.workers, reader._detection = Settings(ocr_side=960), 1, Detection()
    assert reader.read(PIXEL) == TimedReader(reader, 5).read(PIXEL, side=1408) == ()
    assert sides == [960, 1408]


class Once:
    """A reader that does one thing when asked to read."""

    def __init__(self, act: Any) -> None:
        self.act = act

    def read(self, image: Image, page: int = 1, side: int | None = None) -> tuple[TextLine, ...]:
        result: tuple[TextLine, ...] = self.act()
        return result

    def describe(self) -> dict[str, Any]:
        return {"engine": "test"}


PIXEL = np.zeros((1, 1, 3), np.uint8)


def test_the_scores_of_characters_go_with_their_characters() -> None:
    line = TextLine("武沙\u200b市", rectangle(0, 0, 40, 10), 0.8, scores=(0.99, 0.6, 0.5, 0.98))
    (read,) = TimedReader(Once(lambda: (line,)), 5).read(PIXEL)
    assert (read.text, read.scores, read.weakest) == ("武沙市", (), 0.8)  # which score is whose is not known
    part = replace(line, text="武沙市区").cut(0, 2)
    assert (part.scores, part.weakest) == ((0.99, 0.6), 0.6)


def test_a_hanging_engine_ends_in_an_error_now_and_later() -> None:
    release = threading.Event()
    reader = TimedReader(Once(release.wait), 0.05)
    for _ in range(2):
        with pytest.raises(EngineError, match="HEYAN_OCR_TIMEOUT"):
            reader.read(PIXEL)
    release.set()


def test_errors_and_lines_pass_through_the_time_limit() -> None:
    lines = (TextLine("文字", rectangle(0, 0, 10, 10)),)
    assert TimedReader(Once(lambda: lines), 5).read(PIXEL) == lines
    assert TimedReader(Once(lambda: ()), 5).describe() == {"engine": "test", "timeout_s": 5}

    def crash() -> tuple[TextLine, ...]:
        raise MemoryError

    def own() -> tuple[TextLine, ...]:
        raise EngineError("its own words")

    with pytest.raises(EngineError, match="MemoryError"):
        TimedReader(Once(crash), 5).read(PIXEL)
    with pytest.raises(EngineError, match="its own words"):
        TimedReader(Once(own), 5).read(PIXEL)


def quad(left: float, top: float, width: float, height: float = 20, slant: float = 0.0) -> Any:
    right, low = left + width, top + height
    rise = slant * width
    return np.array([[left, top], [right, top + rise], [right, low + rise], [left, low]], np.float32)


def test_boxes_come_in_reading_order() -> None:
    boxes = [quad(300, 104, 50), quad(10, 150, 400), quad(10, 100, 200), quad(400, 97, 50)]
    assert [float(b[0, 0]) for b in in_order(boxes)] == [10, 300, 400, 10]
    assert in_order([]) == []


def test_cut_out_takes_the_slant_away() -> None:
    image = np.full((300, 600, 3), 255, np.uint8)
    cv2.line(image, (50, 110), (550, 160), (0, 0, 0), 5)
    line = cut_out(image, quad(50, 100, 500, 20, slant=0.1))
    assert line.shape[0] in (20, 21)
    dark = np.argmin(line[:, 5:-5, 0], axis=0)  # the row the stroke lies in, along the line
    assert np.ptp(dark) <= 5


def test_cut_out_beyond_the_edge_is_never_empty() -> None:
    image = np.full((50, 50, 3), 255, np.uint8)
    assert cut_out(image, quad(60, 60, 10)).size > 0
    assert cut_out(image, quad(-5, -5, 20)).size > 0


def test_side_by_side_keeps_order_and_raises_the_error() -> None:
    assert ocr._side_by_side(lambda n: n * n, list(range(50)), 4) == [n * n for n in range(50)]
    assert ocr._side_by_side(lambda n: n, [], 4) == []

    def fail(n: int) -> int:
        if n == 7:
            raise ValueError(n)
        return n

    with pytest.raises(ValueError, match="7"):
        ocr._side_by_side(fail, list(range(50)), 4)
