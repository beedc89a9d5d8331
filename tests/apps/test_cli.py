"""The command: exit codes, one line for what went wrong, and a stdout that holds only what was asked for."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sample_report import sample_pictures, sample_profile, sample_report
from typer.testing import CliRunner

from apps import cli, words
from extractors.errors import EngineError, HeyanError, SubmissionError
from pipeline.output import write_whole
from pipeline.report import Extraction, Report
from validators.findings import Verdict, finding

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
runner = CliRunner()
Run = Callable[..., tuple[int, str, str]]


def pipeline(
    monkeypatch: pytest.MonkeyPatch,
    *,
    verdict: Verdict = Verdict.ACCEPT,
    raising: BaseException | None = None,
    report: Report | None = None,
    extraction: Extraction | None = None,
) -> list[dict[str, Any]]:
    """Put a pipeline that gives a ready report (or fails) where the command finds it; what it was asked."""
    asked: list[dict[str, Any]] = []

    def load_submission(path: Path, profile: str | None, declared: Path | None) -> str:
        asked.append({"path": path, "profile": profile, "declared": declared})
        return "submission"

    def verify(submission: str, **more: Any) -> Any:
        asked.append({"submission": submission, **more})
        print("a library that prints")
        os.write(1, b"native code that prints\n")
        if raising:
            raise raising
        return SimpleNamespace(
            report=report or sample_report(verdict), profile=sample_profile(), pictures=sample_pictures
        )

    def extract(paths: list[Path], **more: Any) -> Extraction:
        return extraction or Extraction(documents=sample_report().documents)

    for name, module in {
        "pipeline.submission": SimpleNamespace(load_submission=load_submission),
        "pipeline.verify": SimpleNamespace(verify=verify, extract=extract),
    }.items():
        monkeypatch.setitem(sys.modules, name, module)  # type: ignore[arg-type]
    monkeypatch.setattr("validators.loading.load_profiles", lambda own: {"test/small": sample_profile()})
    return asked


@pytest.fixture
def run(capfd: pytest.CaptureFixture[str]) -> Run:
    """`heyan …` in this process, with real file descriptors: (exit code, stdout, stderr)."""

    def run(*arguments: object) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as left:
            cli.main([str(a) for a in arguments])
        out, err = capfd.readouterr()
        return int(left.value.code or 0), out, err

    return run


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], list[str]]:
    """A command line that runs `heyan` in a process of its own, on a pipeline given as Python."""

    def program(body: str) -> list[str]:
        script = tmp_path / "program.py"
        script.write_text(
            "import os, sys, time\nfrom types import SimpleNamespace\n"
            f"sys.path[:0] = [{str(ROOT)!r}, {str(HERE)!r}]\n"
            "def load_submission(*_): return None\n"
            f"def verify(*_, **__):\n    {body}\n"
            "sys.modules['pipeline.submission'] = SimpleNamespace(load_submission=load_submission)\n"
            "sys.modules['pipeline.verify'] = SimpleNamespace(verify=verify)\n"
            "from apps.cli import main\nmain()\n"
        )
        return [sys.executable, str(script)]

    return program


READY = (
    "from sample_report import sample_report, sample_pictures; print('noise'); os.write(1, b'noise'); "
    "return SimpleNamespace(report=sample_report(), profile=None, pictures=sample_pictures)"
)


@pytest.mark.parametrize(("verdict", "code"), [(Verdict.ACCEPT, 0), (Verdict.REJECT, 1), (Verdict.REVIEW, 3)])
def test_the_exit_code_is_the_verdict(monkeypatch: pytest.MonkeyPatch, run: Run, verdict: Verdict, code: int) -> None:
    pipeline(monkeypatch, verdict=verdict)
    assert run("check", ".")[0] == code
    assert run("check", ".", "--json")[0] == code


def test_json_is_one_document_and_the_noise_goes_to_stderr(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    pipeline(monkeypatch, verdict=Verdict.REJECT)
    _, out, err = run("check", ".", "--json")
    report = Report.model_validate(json.loads(out))
    assert report.verdict is Verdict.REJECT
    assert json.loads(out)["schema"] == "heyan.report/1"
    assert out.endswith("}\n")
    assert "native code that prints" in err
    assert "a library that prints" in err


def test_a_file_name_that_is_no_text_does_not_break_the_report(
    monkeypatch: pytest.MonkeyPatch, run: Run, tmp_path: Path
) -> None:
    report = sample_report(Verdict.REVIEW)
    report.documents[0].file = os.fsdecode(b"a\xff.jpg")
    pipeline(monkeypatch, report=report)
    code, out, _ = run("check", ".", "--json", "--out", tmp_path)
    assert code == 3
    assert json.loads(out)["documents"][0]["file"] == "a\udcff.jpg"
    assert json.loads((tmp_path / "report.json").read_text("utf-8")) == json.loads(out)
    assert run("check", ".")[0] == 3


def test_arguments_reach_the_pipeline(monkeypatch: pytest.MonkeyPatch, run: Run, tmp_path: Path) -> None:
    asked = pipeline(monkeypatch)
    run("check", "scans", "--profile", "p/q", "--declared", "d.yaml", "--as-of", "2024-02-29")
    assert asked[0] == {"path": Path("scans"), "profile": "p/q", "declared": Path("d.yaml")}
    assert asked[1]["as_of"].isoformat() == "2024-02-29"


def test_out_writes_both_reports_and_nothing_else(monkeypatch: pytest.MonkeyPatch, run: Run, tmp_path: Path) -> None:
    pipeline(monkeypatch, verdict=Verdict.REVIEW)
    _, _, err = run("check", ".", "--out", tmp_path / "new" / "folder")
    written = sorted(p.name for p in (tmp_path / "new" / "folder").iterdir())
    assert written == ["report.html", "report.json"]
    assert str(tmp_path / "new" / "folder" / "report.html") in err.replace("\n", "")
    assert Report.model_validate_json((tmp_path / "new/folder/report.json").read_text("utf-8"))
    assert "需要人工核对" in (tmp_path / "new/folder/report.html").read_text("utf-8")


def test_without_out_nothing_is_written(monkeypatch: pytest.MonkeyPatch, run: Run, tmp_path: Path) -> None:
    pipeline(monkeypatch)
    monkeypatch.chdir(tmp_path)
    run("check", ".")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("check", ".", "--nonsense"),
        ("check", ".", "--as-of", "2026-02-30"),
        ("check", ".", "--as-of"),
        ("check", ".", "--lang", "fr"),
        ("nonsense",),
        ("extract",),
        ("extract", "/no/such\nfile.jpg"),
        ("profiles", "no/such"),
        ("check", ".", "extra"),
        ("check", ".", "--out", "/dev/null/x"),
    ],
)
def test_wrong_usage_is_one_line_and_exit_2(
    monkeypatch: pytest.MonkeyPatch, run: Run, arguments: tuple[str, ...]
) -> None:
    pipeline(monkeypatch)
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("heyan: ")
    assert err.count("\n") == 1


def test_a_wrong_setting_is_named(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    pipeline(monkeypatch)
    monkeypatch.setenv("HEYAN_OCR_THREADS", "many")
    code, _, err = run("check", ".")
    assert code == 2
    assert err.count("\n") == 1
    assert "HEYAN_OCR_THREADS" in err


@pytest.mark.parametrize(
    ("error", "code", "says"),
    [
        (SubmissionError("submission.yaml: unknown key x.", remedy="Remove it."), 2, "Remove it."),
        (EngineError("The models are damaged.", remedy="Run heyan doctor."), 70, "Run heyan doctor."),
        (ValueError("张晓明 330108198805142036"), 70, "ValueError"),
        (MemoryError(), 70, "MemoryError"),
        (RecursionError(), 70, "RecursionError"),
        (KeyboardInterrupt(), 130, "interrupted"),
    ],
)
def test_failures_are_one_line(
    monkeypatch: pytest.MonkeyPatch, run: Run, error: BaseException, code: int, says: str
) -> None:
    pipeline(monkeypatch, raising=error)
    left, out, err = run("check", ".", "--json")
    lines = [line for line in err.splitlines() if "prints" not in line]
    assert (left, out, len(lines)) == (code, "", 1)
    assert says in lines[0]
    assert "330108198805142036" not in err
    assert "Traceback" not in err


def test_the_traceback_is_there_on_request(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    pipeline(monkeypatch, raising=ValueError("x"))
    monkeypatch.setenv("HEYAN_DEBUG", "1")
    assert "Traceback" in run("check", ".")[2]


def test_no_progress_where_stderr_is_no_terminal(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    asked = pipeline(monkeypatch)
    run("check", ".")
    assert asked[1]["progress"] is None


def test_extract_gives_the_documents_and_says_when_a_file_is_unusable(
    monkeypatch: pytest.MonkeyPatch, run: Run, tmp_path: Path
) -> None:
    (tmp_path / "a.jpg").write_bytes(b"")
    pipeline(monkeypatch)
    code, out, _ = run("extract", tmp_path / "a.jpg", "--json")
    assert code == 0
    first = json.loads(out)["documents"][0]
    assert first["fields"]["registered_capital"]["value"] == "5000000"
    assert first["fields"]["established_on"]["value"] == "2018-09-12"
    pipeline(monkeypatch, extraction=Extraction(documents=[], findings=[finding("FILE_EMPTY", document="a.jpg")]))
    code, out, _ = run("extract", tmp_path / "a.jpg")
    assert code == 1
    assert "FILE_EMPTY" in out


def test_help_teaches_with_examples_in_both_languages() -> None:
    assert runner.invoke(cli.app, []).output == runner.invoke(cli.app, ["--help"]).output
    for command in ("check", "extract", "profiles"):
        shown = runner.invoke(cli.app, [command, "--help"])
        assert shown.exit_code == 0
        assert f"heyan {command}" in shown.output
        assert "例:" in shown.output
    for name in (c.name or c.callback.__name__ for c in cli.app.registered_commands if c.callback):
        assert name in runner.invoke(cli.app, []).output


def test_profiles_are_listed_and_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANG", "zh_CN.UTF-8")
    code, out, _ = run("profiles")
    assert code == 0
    assert "1688/name-verification" in out
    code, out, _ = run("profiles", "1688/name-verification")
    assert code == 0
    assert "1688-2.1" in out
    assert "营业执照" in out


def test_ctrl_c_ends_with_130_and_leaves_no_file(program: Callable[[str], list[str]], tmp_path: Path) -> None:
    command = program("print('working', file=sys.stderr, flush=True); time.sleep(30)")
    out = tmp_path / "out"
    with subprocess.Popen(
        [*command, "check", ".", "--out", str(out)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stderr is not None
        assert process.stderr.readline() == "working\n"
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=10)
    assert (process.returncode, stdout) == (130, "")
    assert stderr.count("\n") == 1
    assert "Traceback" not in stderr
    assert not list(out.iterdir())


def test_the_real_stdout_of_a_process_holds_only_the_report(program: Callable[[str], list[str]]) -> None:
    done = subprocess.run([*program(READY), "check", ".", "--json"], capture_output=True, text=True, timeout=60)
    assert done.returncode == 1
    assert json.loads(done.stdout)["verdict"] == "reject"
    assert done.stderr.count("noise") == 2


def test_a_reader_that_goes_away_makes_no_noise(program: Callable[[str], list[str]]) -> None:
    command = " ".join([*program(READY), "check", ".", "--json"])
    done = subprocess.run(
        ["/bin/sh", "-c", f"{command} 2>err.txt | true; cat err.txt"],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(program(READY)[1]).parent,
    )
    assert "Traceback" not in done.stdout
    assert "BrokenPipe" not in done.stdout + done.stderr


@pytest.mark.parametrize("arguments", [["--help"], ["profiles"], ["check", "--help"]])
def test_light_commands_load_nothing_heavy(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom apps.cli import main\ntry:\n    main(sys.argv[1:])\nfinally:\n"
        "    print(sorted({'cv2', 'numpy', 'paddleocr', 'onnxruntime', 'jinja2'} & set(sys.modules)), "
        "file=sys.stderr)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, timeout=60, cwd=ROOT
    )
    assert done.returncode == 0
    assert done.stderr.splitlines()[-1] == "[]"


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "report.json"
    target.write_text("old")
    for failure in (OSError(28, "No space left on device"), KeyboardInterrupt()):

        def fail(_: object, failure: BaseException = failure) -> None:
            raise failure

        monkeypatch.setattr("os.fsync", fail)
        with pytest.raises((HeyanError, KeyboardInterrupt)):
            write_whole(target, "new")
        assert [p.name for p in tmp_path.iterdir()] == ["report.json"]
        assert target.read_text() == "old"
    monkeypatch.undo()
    write_whole(target, "新\ud800")
    assert target.read_text("utf-8") == "新?"


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh"),
        ({"LC_ALL": "zh_TW", "LANG": "en_US"}, "zh"),
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "C.UTF-8"}, "both"),
        ({}, "both"),
        ({"LC_ALL": "en_GB", "LANG": "zh_CN"}, "en"),
    ],
)
def test_the_locale_chooses_the_language(environment: dict[str, str], language: str) -> None:
    assert words.terminal_language(environment) == language


def test_the_terminal_shows_the_verdict_first_and_obeys_no_document(monkeypatch: pytest.MonkeyPatch, run: Run) -> None:
    pipeline(monkeypatch, report=sample_report(name="[red]甲[/red]\x1b[2J\u202e"))
    _, out, _ = run("check", ".", "--lang", "zh")
    assert out.index("会被拒绝") < out.index("MATCH_DIFFERENT") < out.index("91330108MA2CG4HU8R")
    assert "[red]甲[/red]" in out
    assert "\x1b[2J" not in out
    assert "\u202e" not in out
    assert "address is missing" in out
    assert "Would be refused" not in out
