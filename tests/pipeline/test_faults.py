"""Engines that fail in every way an engine can: none leads to accept, none to anything but an error of Heyan's own."""

from __future__ import annotations

import math
import random
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from apps import cli
from extractors.errors import EngineError, HeyanError
from extractors.model import TextLine, rectangle
from pipeline import documents, orientation
from pipeline.ocr import TimedReader
from pipeline.report import Report
from pipeline.settings import Settings
from pipeline.submission import Submission
from pipeline.verify import verify
from tests.documents_by_hand import ID_NUMBER, LINES, NAME, Scripted, submission
from validators.findings import Verdict

DAY = date(2026, 11, 22)
Lines = tuple[TextLine, ...]
Change = Callable[[Lines], Any]


@pytest.fixture(autouse=True)
def upright(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orientation, "proposed_rotation", lambda _: 0)


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Submission:
    return submission(tmp_path_factory.mktemp("good"))


def judged(good: Submission, reader: Scripted, seconds: float = 30) -> Report:
    return verify(good, settings=Settings(), as_of=DAY, reader=TimedReader(reader, seconds)).report


def each(change: Callable[[TextLine], Any]) -> Change:
    return lambda lines: tuple(change(line) for line in lines)


def texts(change: Callable[[str], str]) -> Change:
    return each(lambda line: replace(line, text=change(line.text)))


def boxes(*corners: tuple[float, float]) -> Change:
    return each(lambda line: replace(line, box=corners))


def exchanged(lines: Lines) -> Lines:
    """Every text at another text's place."""
    shuffled = [line.text for line in lines]
    random.Random(7).shuffle(shuffled)
    return tuple(replace(line, text=text) for line, text in zip(lines, shuffled, strict=True))


def without_every(n: int) -> Change:
    return texts(lambda text: "".join(c for at, c in enumerate(text, 1) if at % n))


def garbage(lines: Lines) -> Lines:
    draw = random.Random(3)
    letters = "的一是在不了有和人这中大为上个国我以要他营业执照0123456789ABCXYZ。，：()"
    return tuple(
        TextLine("".join(draw.choices(letters, k=draw.randrange(1, 40))),
                 rectangle(x := draw.uniform(0, 900), y := draw.uniform(0, 1300), x + draw.uniform(1, 400), y + 20),
                 1.0)
        for _ in range(120)
    )  # fmt: skip


def raising(error: BaseException) -> Change:
    def fail(_: Lines) -> Lines:
        raise error

    return fail


NAN, INFINITE = math.nan, math.inf
FAULTS: dict[str, Change] = {
    "crash": raising(RuntimeError(f"{NAME} {ID_NUMBER}")),
    "out of memory": raising(MemoryError()),
    "recursion": raising(RecursionError()),
    "its own error": raising(EngineError("broken")),
    "nothing": lambda _: (),
    "None": lambda _: None,
    "other things than lines": lambda _: ["text", 7],
    "garbage at score 1": garbage,
    "score 0": each(lambda line: replace(line, confidence=0.0)),
    "score NaN": each(lambda line: replace(line, confidence=NAN)),
    "score -1": each(lambda line: replace(line, confidence=-1.0)),
    "texts exchanged": exchanged,
    "one text for all": texts(lambda _: "营业执照"),
    "empty strings": texts(lambda _: ""),
    "blanks": texts(lambda _: " \u3000 "),
    "control characters": texts(lambda text: "\0\x1b[2J\u202e\n".join(text)),
    "only control characters": texts(lambda _: "\0\x1b\u200b\ufeff\ud800"),
    "very long lines": texts(lambda text: text * 100),
    "digits one off": texts(lambda text: text.translate(str.maketrans("0123456789", "1234567890"))),
    "look-alikes": texts(lambda text: text.translate(str.maketrans("0158明云帆", "OISB朋去帜"))),
    "every character twice": texts(lambda text: "".join(c + c for c in text)),
    "backwards": texts(lambda text: text[::-1]),
    "no boxes": each(lambda line: replace(line, box=())),
    "NaN boxes": boxes((NAN, NAN), (NAN, NAN), (NAN, NAN), (NAN, NAN)),
    "endless boxes": boxes((-INFINITE, 0), (INFINITE, 0), (INFINITE, 20), (-INFINITE, 20)),
    "huge boxes": boxes((-1e12, -1e12), (1e12, -1e12), (1e12, 1e12), (-1e12, 1e12)),
    "all in one place": boxes((10, 10), (900, 10), (900, 40), (10, 40)),
    "points": boxes((5, 5), (5, 5), (5, 5), (5, 5)),
    **{f"without every {n}th character": without_every(n) for n in (2, 3, 5, 7, 11)},
}  # fmt: skip


def test_without_a_fault_it_is_accepted(good: Submission) -> None:
    assert judged(good, Scripted()).verdict is Verdict.ACCEPT


def outcome(good: Submission, reader: Scripted) -> Report | HeyanError:
    try:
        return judged(good, reader)
    except HeyanError as error:
        return error


@pytest.mark.parametrize("fault", FAULTS)
def test_no_fault_leads_to_accept(good: Submission, fault: str) -> None:
    came_of_it = outcome(good, Scripted(change=FAULTS[fault]))
    if isinstance(came_of_it, HeyanError):
        assert came_of_it.exit_code == 70
        assert NAME not in str(came_of_it)
        assert ID_NUMBER not in str(came_of_it)
    else:
        assert came_of_it.verdict is not Verdict.ACCEPT
        assert any(f.verdict is came_of_it.verdict for f in came_of_it.findings), "no finding says why"
        came_of_it.model_dump_json()


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_on_one_page_is_enough(good: Submission, fault: str) -> None:
    class Partly(Scripted):
        def read(self, image: Any, page: int = 1, side: int | None = None) -> Lines:
            found = self.written_on(image)
            return FAULTS[fault](found) if found == LINES["licence"] else found  # type: ignore[no-any-return]

    came_of_it = outcome(good, Partly())
    assert isinstance(came_of_it, HeyanError) or came_of_it.verdict is not Verdict.ACCEPT


OTHERS = [("licence", "permit"), ("permit", "licence"), ("front", "back"), ("back", "front"), ("permit", "strange"),
          ("licence", "empty")]  # fmt: skip


@pytest.mark.parametrize(("shown", "instead"), OTHERS)
def test_another_documents_text_is_not_accepted(good: Submission, shown: str, instead: str) -> None:
    report = judged(good, Scripted({shown: LINES[instead]}))
    assert report.verdict is not Verdict.ACCEPT
    assert any(f.verdict is report.verdict for f in report.findings)


def test_the_order_of_lines_does_not_matter(good: Submission) -> None:
    def shuffled(lines: Sequence[TextLine]) -> Lines:
        return tuple(random.Random(5).sample(lines, len(lines)))

    usual, other = judged(good, Scripted()), judged(good, Scripted(change=shuffled))
    assert other.verdict is Verdict.ACCEPT
    assert [d.fields for d in other.documents] == [d.fields for d in usual.documents]


def test_an_engine_that_hangs_ends_in_an_error(good: Submission) -> None:
    release = threading.Event()
    with pytest.raises(EngineError, match="HEYAN_OCR_TIMEOUT"):
        judged(good, Scripted(change=lambda _: release.wait() or ()), seconds=0.05)
    release.set()


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (raising(RuntimeError(ID_NUMBER)), "RuntimeError"),
        (lambda _: threading.Event().wait(1) or (), "HEYAN_OCR_TIMEOUT"),
    ],
    ids=["crash", "hang"],
)  # fmt: skip
def test_the_command_tells_an_engines_failure_in_one_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    change: Change,
    says: str,
) -> None:
    written = submission(tmp_path)
    (tmp_path / "submission.yaml").write_text(f"profile: {written.profile}\n")
    monkeypatch.setattr(documents, "open_reader", lambda _: TimedReader(Scripted(change=change), 0.1))
    with pytest.raises(SystemExit) as left:
        cli.main(["check", str(tmp_path), "--out", str(tmp_path / "out"), "--json"])
    out, err = capfd.readouterr()
    assert (left.value.code, out, err.count("\n")) == (70, "", 1)
    assert says in err
    assert ID_NUMBER not in err
    assert not list((tmp_path / "out").iterdir())


def test_a_file_that_vanishes_before_it_is_read_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = submission(tmp_path)
    really = documents.open_file

    def open_and_lose(path: Path, name: str, settings: Settings) -> Any:
        opened = really(path, name, settings)
        if name == "permit.png":
            path.unlink()
        return opened

    monkeypatch.setattr(documents, "open_file", open_and_lose)
    report = judged(written, Scripted())
    assert report.verdict is not Verdict.ACCEPT
    assert any(f.code.startswith("FILE_") and f.document == "permit.png" for f in report.findings)
    assert len(report.documents) == 4


def test_a_file_that_vanishes_after_it_was_read_only_has_no_picture(tmp_path: Path) -> None:
    written = submission(tmp_path)
    checked = verify(written, settings=Settings(), as_of=DAY, reader=Scripted())
    assert checked.pictures("permit.png", 1) is not None
    (tmp_path / "permit.png").unlink()
    assert checked.pictures("permit.png", 1) is None
    assert checked.pictures("permit.png", 2) is None
    assert checked.pictures("none.png", 1) is None
