"""The whole command on bad input, each in a process of its own: one finding or one line, the right exit code, soon."""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.models import model_folder
from pipeline.settings import Settings
from tests.documents_by_hand import DECLARED, save
from tests.pipeline.test_opening import REFUSED as BAD_PICTURES
from tests.pipeline.test_opening_pdf import REFUSED as BAD_PDFS

ROOT = Path(__file__).parents[2]
PROFILE = "1688/name-verification"
SOON, ROOMY = 5.0, 1_000_000  # seconds of processor time and kilobytes a bad file may take

FILES = {
    **{f"{what}: {name}": (name, content, code) for what, (name, content, code) in BAD_PICTURES.items()},
    **{f"PDF, {what}": ("a.pdf", content, code) for what, (content, code) in BAD_PDFS.items()},
}


@pytest.fixture(scope="module", autouse=True)
def _built() -> None:
    """The models are built once on a machine, by whatever reads first: no bad file is to be blamed for that."""
    settings = Settings()
    for name in (settings.ocr_detection_model, settings.ocr_recognition_model):
        model_folder(name, settings)


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "apps.cli", *map(str, arguments)]


def heyan(*arguments: object) -> tuple[int, str, str]:
    """`heyan …` in a process that gets no more processor time than it should need: (exit code, stdout, stderr)."""
    done = subprocess.run(
        command(*arguments), capture_output=True, text=True, cwd=ROOT, timeout=60,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (int(2 * SOON), int(2 * SOON))),
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    return done.returncode, done.stdout, done.stderr


def measured(*arguments: object) -> tuple[int, str, str, resource.struct_rusage]:
    """`heyan …` as it ends by itself: (exit code, stdout, stderr, what it used)."""
    with subprocess.Popen(
        command(*arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        assert process.stdout
        assert process.stderr
        out, err = process.stdout.read(), process.stderr.read()
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    return process.returncode, out, err, used


def described(folder: Path, documents: str = "", declared: str = "", more: str = "") -> Path:
    """A folder with a submission.yaml of these lines."""
    values = declared or "\n".join(f'  {key}: "{value}"' for key, value in DECLARED.items())
    text = f"profile: {PROFILE}\ndeclared:\n{values}\n{more}\n"
    (folder / "submission.yaml").write_text(text + (f"documents:\n{documents}\n" if documents else ""), "utf-8")
    return folder


@pytest.mark.parametrize("case", FILES)
def test_a_bad_file_is_one_finding_within_its_time_and_memory(tmp_path: Path, case: str) -> None:
    name, content, code = FILES[case]
    (tmp_path / name).write_bytes(content)
    described(tmp_path, f"  - {{file: {name}, slot: business_licence}}")
    status, out, err, used = measured("check", tmp_path, "--json", "--as-of", "2026-11-22")
    if used.ru_utime + used.ru_stime >= SOON:  # a bomb takes long every time; a busy machine does not
        status, out, err, used = measured("check", tmp_path, "--json", "--as-of", "2026-11-22")
    report = json.loads(out)
    assert status == {"reject": 1, "review": 3}[report["verdict"]]
    assert err == ""
    assert [f["code"] for f in report["findings"] if f["document"] == name and f["verdict"] != "accept"] == [code]
    assert used.ru_utime + used.ru_stime < SOON
    assert used.ru_maxrss < ROOMY


def test_what_is_missing_and_what_is_a_link_is_a_finding(tmp_path: Path) -> None:
    (tmp_path / "real.txt").write_text("secret")
    (tmp_path / "link.jpg").symlink_to(tmp_path / "real.txt")
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "folder.jpg").mkdir()
    listed = {"gone.jpg": "FILE_NOT_FOUND", "link.jpg": "FILE_NOT_REGULAR", "pipe.jpg": "FILE_NOT_REGULAR",
              "folder.jpg": "FILE_NOT_REGULAR"}  # fmt: skip
    code, out, err = heyan("check", described(tmp_path, "\n".join(f"  - {n}" for n in listed)), "--json")
    found = {f["document"]: f["code"] for f in json.loads(out)["findings"] if f["code"].startswith("FILE_")}
    assert (code, found, err) == (1, listed, "")


LINES = {
    "unknown key": ("declare: {}", "declare"),
    "path outside the folder": ("documents: [../other.jpg]", "outside"),
    "an absolute path": ("documents: [/etc/passwd]", "outside"),
    "a file twice": ("documents: [a.jpg, a.jpg]", "twice"),
    "a file twice by another path": ("documents: [a.jpg, ./a.jpg]", "twice"),
    "an unknown slot": ("documents: [{file: a.jpg, slot: licence}]", "licence"),
    "an unknown profile": ("", "no/such"),
    "an alias bomb": ("x0: &x0 [1, 1]\n" + "".join(f"x{i}: &x{i} [{', '.join([f'*x{i - 1}'] * 9)}]\n" for i in range(1,
     30)),
                      "aliases"),
}  # fmt: skip


@pytest.mark.parametrize("case", LINES)
def test_a_wrong_description_is_one_line(tmp_path: Path, case: str) -> None:
    more, says = LINES[case]
    (tmp_path / "a.jpg").write_bytes(b"x")
    described(tmp_path, more=more)
    profile = ["--profile", "no/such"] if case == "an unknown profile" else []
    code, out, err = heyan("check", tmp_path, *profile)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith("heyan: ")
    assert says in err


@pytest.mark.parametrize("value", ["91330108198805142", "9.1e+17", "[1]", "2019-03-05"])
def test_a_credit_code_that_is_no_text_is_one_line(tmp_path: Path, value: str) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    code, out, err = heyan("check", described(tmp_path, declared=f"  credit_code: {value}"))
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "declared.credit_code" in err


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    (tmp_path / "file").write_text("")
    code, out, err = heyan("check", described(tmp_path), "--out", tmp_path / "file")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "cannot write" in err


def test_a_full_disk_is_one_line_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"x")
    described(tmp_path)
    out = tmp_path / "out"
    # A limit on the size of written files ends a write as a full disk does.
    done = subprocess.run(
        command("check", tmp_path, "--out", out), capture_output=True, text=True, cwd=ROOT, timeout=60,
        preexec_fn=_writes_nothing_large,
    )  # fmt: skip
    assert done.returncode == 70
    assert done.stderr.count("\n") == 1
    assert "cannot write" in done.stderr
    assert not list(out.iterdir())


def _writes_nothing_large() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))


def test_ctrl_c_while_reading_leaves_no_file_and_says_so(tmp_path: Path) -> None:
    for name in ("licence", "front", "back", "permit"):
        save(tmp_path, name)
    out = tmp_path / "out"
    reading = (
        "import sys, time\n"
        "from pipeline import documents\n"
        "class Slow:\n"
        "    def read(self, image, page=1, side=None):\n"
        "        print('reading', file=sys.stderr, flush=True); time.sleep(30)\n"
        "    def describe(self): return {}\n"
        "from pipeline.ocr import TimedReader\n"
        "documents.open_reader = lambda settings: TimedReader(Slow(), 60)\n"
        "from apps.cli import main\n"
        "main()\n"
    )
    arguments = ["check", str(described(tmp_path)), "--out", str(out), "--json"]
    with subprocess.Popen(
        [sys.executable, "-c", reading, *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT,
    ) as process:  # fmt: skip
        assert process.stderr
        assert process.stderr.readline() == "reading\n"
        asked = time.monotonic()
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=20)
    assert time.monotonic() - asked < 5
    assert (process.returncode, stdout, stderr.count("\n")) == (130, "", 1)
    assert "Traceback" not in stderr
    assert not list(out.iterdir())
