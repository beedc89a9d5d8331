"""Reading text off a picture: the interface every engine has, and the one engine there is, paddleocr.

paddleocr's detection and recognition modules are used one by one, not its pipeline: lines are cut from
the picture at full resolution and recognised side by side on all cores, one thread each. Only this
module imports paddleocr, and only when a picture has to be read.
"""

from __future__ import annotations

import io
import itertools
import logging
import math
import os
import re
import statistics
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stdout
from dataclasses import replace
from importlib.metadata import PackageNotFoundError, version
from typing import Any, NamedTuple, Protocol, TypeVar

import cv2
import numpy as np
import numpy.typing as npt

from extractors.errors import EngineError
from extractors.model import Box, TextLine, is_wide
from pipeline.models import model_folder
from pipeline.pages import Image
from pipeline.settings import Settings

# Paler text than PP-OCR's usual 0.6: the lines under watermarks and seals begin to be found at 0.5.
BOX_THRESHOLD = 0.5
# Where half of the lines found are lower than this (pixels of the picture they were searched in), a
# larger picture is searched, twice at most: usual pages have 16 to 22, a page far away or a screen 10.
SMALL_TEXT = 12.0
LARGER = 1.6
# A box this much higher than wide holds vertical text, or one narrow character.
TALL = 1.5
_HALF_WIDTH = {True: 0.45, False: 0.25}  # of a wide and of a narrow character, heights of its line's box
_FARTHEST = 1_000_000.0  # pixels: no picture that is read is that large
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")
MOST_WORKERS = 8  # lines recognised at once; each takes memory of its own

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")
_Corners = npt.NDArray[np.float32]  # 4 × (x, y), clockwise from top left


class _Told(NamedTuple):
    """What was read of a line; of each character, where known, its score and where it begins and ends, 0..1."""

    text: str
    score: float
    scores: tuple[float, ...] = ()
    places: tuple[tuple[float, float], ...] = ()


class Reader(Protocol):
    """An OCR engine."""

    def read(self, image: Image, page: int = 1, side: int | None = None) -> tuple[TextLine, ...]:
        """The lines of an upright BGR picture, top to bottom; boxes in its pixels. EngineError if it fails.

        `side`: the longest side, in pixels, of the picture text is searched in, if not as the settings have it.
        """
        ...

    def describe(self) -> dict[str, Any]:
        """Engine, versions, models, threads and providers that are really in effect."""
        ...


def open_reader(settings: Settings) -> Reader:
    """The engine the settings name, loaded, under their time limit. EngineError with a remedy when it is not usable."""
    return TimedReader(PaddleReader(settings), settings.ocr_timeout)


class TimedReader:
    """A reader that gives up: a page not read within `seconds` is an EngineError, not a hang.

    A network that hangs cannot be stopped inside its process, only left behind on a daemon thread;
    so the reader refuses all further pages.
    """

    def __init__(self, reader: Reader, seconds: float) -> None:
        self.reader = reader
        self.seconds = seconds
        self._stuck = False

    def read(self, image: Image, page: int = 1, side: int | None = None) -> tuple[TextLine, ...]:
        if self._stuck:
            raise self._timeout()
        outcome: list[tuple[TextLine, ...] | Exception] = []

        def work() -> None:
            try:
                outcome.append(_sound(self.reader.read(image, page, side)))
            except Exception as error:
                outcome.append(error)

        thread = threading.Thread(target=work, name="ocr", daemon=True)
        thread.start()
        thread.join(self.seconds)
        if not outcome:
            self._stuck = True
            raise self._timeout()
        if isinstance(outcome[0], EngineError):
            raise outcome[0]
        if isinstance(outcome[0], Exception):
            raise _failed("reading", outcome[0]) from outcome[0]
        return outcome[0]

    def describe(self) -> dict[str, Any]:
        return {**self.reader.describe(), "timeout_s": self.seconds}

    def _timeout(self) -> EngineError:
        return EngineError(
            f"The OCR engine did not finish a page within {self.seconds:g} s.",
            remedy="Start again; HEYAN_OCR_TIMEOUT allows it more seconds.",
        )


def _sound(lines: Sequence[TextLine]) -> tuple[TextLine, ...]:
    """The lines that have an extent, without control characters. No place or score: a broken engine, no misreading."""
    for line in lines:
        numbers = [line.confidence, *(number for corner in line.box for number in corner)]
        if len(numbers) != 9 or not all(math.isfinite(number) and abs(number) < _FARTHEST for number in numbers):
            raise EngineError("The OCR engine gave a line without a place or score.", remedy="Run `heyan doctor`.")
    cleaned = (
        line if text == line.text else replace(line, text=text, scores=(), places=())
        for line in lines
        if (text := _CONTROL.sub("", line.text)).strip()
    )
    return tuple(line for line in cleaned if min(line.width, line.height) >= 1)


class PaddleReader:
    """paddleocr 3.7 on ONNX Runtime."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.threads = settings.ocr_threads or cores()
        self.workers = min(self.threads, MOST_WORKERS)
        cv2.setNumThreads(self.threads)
        with _quiet(settings):
            try:
                from paddleocr import TextDetection, TextRecognition  # takes a second; pictures only
            except Exception as error:
                raise _failed("loading", error, "Install it again: pip install 'paddleocr>=3.7,<3.8'") from error
            self._detection = self._model(TextDetection, settings.ocr_detection_model, self.threads)
            # One thread a line and several lines at once is a tenth faster than all threads on one line,
            # and far steadier when other programs want the cores.
            self._recognition = self._model(TextRecognition, settings.ocr_recognition_model, 1)
            _keep_characters(self._recognition)

    def _model(self, kind: Callable[..., Any], name: str, threads: int) -> Any:
        folder = model_folder(name, self.settings)
        try:
            return kind(
                model_name=name,
                model_dir=None if folder is None else str(folder),
                device=self.settings.ocr_device,
                engine="onnxruntime",
                engine_config={
                    "intra_op_num_threads": threads,
                    "enable_mem_pattern": False,  # no two lines have one shape: plans would only pile up
                    "log_severity_level": 3,
                },
            )
        except Exception as error:
            remedy = "Check HEYAN_OCR_DEVICE, HEYAN_OCR_MODEL_DIR and the model names with `heyan doctor`."
            raise _failed(f"loading {name}", error, remedy) from error

    def read(self, image: Image, page: int = 1, side: int | None = None) -> tuple[TextLine, ...]:
        try:
            boxes = self._detect(image, side or self.settings.ocr_side)
            texts = _side_by_side(lambda box: self._recognise(image, box), boxes, self.workers)
        except Exception as error:
            raise _failed("reading", error) from error
        return tuple(
            TextLine(told.text, _box(corners), told.score, page, scores=told.scores, places=told.places)
            for corners, told in zip(boxes, texts, strict=True)
            if told.text and told.score > 0
        )

    def _detect(self, image: Image, side: int) -> list[_Corners]:
        """Boxes of text in pixels of the picture, top to bottom; searched larger where text is small."""
        longest = max(image.shape[:2])
        for _ in range(2):  # once more at most: memory grows with the square of the side
            found = self._detection.predict(
                image, batch_size=1, limit_side_len=side, limit_type="max", box_thresh=BOX_THRESHOLD
            )[0]["dt_polys"]
            boxes = [np.asarray(box, np.float32) for box in found]
            heights = [min(_sides(box)) * min(1.0, side / longest) for box in boxes]
            if not heights or statistics.median(heights) >= SMALL_TEXT or side >= longest:
                break
            side = int(side * LARGER)
        return in_order(boxes)

    def _recognise(self, image: Image, corners: _Corners) -> _Told:
        """Text and score of one line. Of a tall box, both as vertical text and as it stands: the better one."""
        line = cut_out(image, corners)
        height, width = line.shape[:2]
        if height < TALL * width:
            return self._text(line)
        turned = self._text(np.ascontiguousarray(np.rot90(line)))._replace(places=())
        return max(turned, self._text(line), key=lambda read: read.score) if height < 2 * TALL * width else turned

    def _text(self, line: Image) -> _Told:
        result = self._recognition.predict(line, batch_size=1)[0]
        text, score = str(result["rec_text"]), float(result["rec_score"])
        score = min(score, 1.0) if math.isfinite(score) else 0.0
        each = getattr(result["rec_score"], "each", ())
        if len(each) != len(text):
            return _Told(text.strip(), score)
        kept = slice(len(text) - len(text.lstrip()), len(text.rstrip()))
        scores, centres = tuple(min(one, 1.0) for one, _ in each[kept]), [centre for _, centre in each[kept]]
        return _Told(text.strip(), score, scores, _places(text[kept], centres, line.shape[0] / line.shape[1]))

    def describe(self) -> dict[str, Any]:
        return {
            "engine": "paddleocr",
            "versions": {name: _version(name) for name in ("paddleocr", "paddlex", "onnxruntime")},
            "models": [self.settings.ocr_detection_model, self.settings.ocr_recognition_model],
            "threads": self.threads,
            "device": self.settings.ocr_device,
            "providers": _providers(self._recognition),
        }


class _Score(float):
    """The score of a line that remembers those of its characters, and where along the line each was seen, 0..1."""

    each: tuple[tuple[float, float], ...] = ()


def _keep_characters(model: Any) -> None:
    """Have a recogniser tell score and place of each character: the mean it gives hides one misread among many."""
    predictor = getattr(model, "paddlex_predictor", None)
    decode = getattr(predictor, "post_op", None)
    if predictor is None or decode is None:
        return

    def decoded(predictions: Any, **options: Any) -> tuple[list[Any], list[float]]:
        texts, scores = decode(predictions, **options)
        told = []
        for steps, score in zip(np.asarray(predictions[0]), scores, strict=True):
            best = steps.argmax(axis=-1)
            begins = np.flatnonzero(np.concatenate([[True], best[1:] != best[:-1]]))
            centres = (begins + np.append(begins[1:], len(best))) / 2 / len(best)
            kept = best[begins] != 0  # 0 is the blank of CTC
            sure = steps.max(axis=-1)[begins[kept]]
            told.append(_Score(score))
            told[-1].each = tuple(
                (round(float(one), 4), round(float(at), 4)) for one, at in zip(sure, centres[kept], strict=True)
            )
        return texts, list(told)

    predictor.post_op = decoded


def _places(text: str, centres: Sequence[float], height: float) -> tuple[tuple[float, float], ...]:
    """Where characters begin and end by their centres; `height` of the line: all 0..1 of its width."""
    halves = [_HALF_WIDTH[is_wide(character)] * height for character in text]
    between = [0.0, *((a + b) / 2 for a, b in itertools.pairwise(centres)), 1.0]
    return tuple(
        (max(between[k], centre - half), min(between[k + 1], centre + half))
        for k, (centre, half) in enumerate(zip(centres, halves, strict=True))
    )


def in_order(boxes: Sequence[_Corners]) -> list[_Corners]:
    """Boxes from top to bottom, those of one row from left to right.

    A box belongs to a row when its middle lies within half a text height of the row's first box.
    """
    rows: list[list[_Corners]] = []
    for box in sorted(boxes, key=lambda b: (float(b[:, 1].mean()), float(b[:, 0].mean()))):
        first = rows[-1][0] if rows else box
        if rows and box[:, 1].mean() - first[:, 1].mean() < min(_sides(first)[1], _sides(box)[1]) / 2:
            rows[-1].append(box)
        else:
            rows.append([box])
    return [box for row in rows for box in sorted(row, key=lambda b: float(b[:, 0].min()))]


def cut_out(image: Image, corners: _Corners) -> Image:
    """The pixels of a line, its slant taken out; at least 1 × 1."""
    width, height = (max(1, round(side)) for side in _sides(corners))
    left, top = corners.min(axis=0)
    right, bottom = corners.max(axis=0)
    if abs((right - left) - width) <= 1 and abs((bottom - top) - height) <= 1:  # upright: nothing to take out
        part = image[max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1]
        if part.size:
            return np.ascontiguousarray(part)
    target = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32)
    turn = cv2.getPerspectiveTransform(corners, target)
    return cv2.warpPerspective(  # type: ignore[return-value]
        image, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE
    )


def _sides(corners: _Corners) -> tuple[float, float]:
    """Width and height of a slanted rectangle."""
    top_left, top_right, low_right, low_left = corners
    return (
        float(max(np.hypot(*(top_right - top_left)), np.hypot(*(low_right - low_left)))),
        float(max(np.hypot(*(low_left - top_left)), np.hypot(*(low_right - top_right)))),
    )


def _box(corners: _Corners) -> Box:
    a, b, c, d = ((float(x), float(y)) for x, y in corners)
    return (a, b, c, d)


def _side_by_side(work: Callable[[_Item], _Result], items: Sequence[_Item], workers: int) -> list[_Result]:
    """`work` done on all items by several threads; results in order. The first error ends it all and is raised.

    Daemon threads, not an executor: a network that hangs must not keep the program from ending.
    """
    results: dict[int, _Result] = {}
    errors: list[Exception] = []
    queue, lock = enumerate(items), threading.Lock()

    def take() -> tuple[int, _Item] | None:
        with lock:
            return None if errors else next(queue, None)

    def run() -> None:
        try:
            while (taken := take()) is not None:
                results[taken[0]] = work(taken[1])
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=run, daemon=True) for _ in range(min(workers, len(items)) - 1)]
    for thread in threads:
        thread.start()
    run()
    for thread in threads:
        thread.join()
    if errors:
        raise errors[0]
    return [results[index] for index in range(len(items))]


@contextmanager
def _quiet(settings: Settings) -> Iterator[None]:
    """Keep paddlex from asking its model hosts, configuring logging and printing while it loads."""
    os.environ["PADDLE_PDX_DISABLE_MODEL_SOURCE_CHECK"] = "True"
    os.environ.setdefault("PADDLE_PDX_CACHE_HOME", str(settings.cache_dir / "paddlex"))
    os.environ.setdefault("PADDLEOCR_DISABLE_AUTO_LOGGING_CONFIG", "1")
    with redirect_stdout(io.StringIO()):
        yield
    logging.getLogger("paddlex").setLevel(logging.ERROR)


def _failed(doing: str, error: BaseException, remedy: str = "`heyan doctor` shows what is installed.") -> EngineError:
    """The engine's own message may quote text of the document, so only its kind is told."""
    return EngineError(f"The OCR engine failed while {doing} ({type(error).__name__}).", remedy=remedy)


def cores() -> int:
    """Cores this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _providers(model: Any) -> list[str]:
    try:
        return list(model.paddlex_predictor.runner.session.get_providers())
    except AttributeError:
        return []
