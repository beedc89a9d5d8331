"""`heyan batch` from end to end: the command as a user runs it, with its workers, its Prefect server and its store.

Each start of Prefect takes many seconds, so there are three; what needs none is in `test_batch_runs.py`.
"""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import pytest
from openpyxl import load_workbook

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples" / "submissions"
XML, OFD, FORM = (
    "accept-1688-general-taxpayer-xml",
    "accept-jd-huicai-settlement-ofd",
    "accept-yiwu-insured-order-lines",
)
AS_OF = "2026-11-22"
PATIENCE = 600  # seconds a busy machine may take for one command


@dataclass(frozen=True)
class Home:
    """A user's machine: a folder of submissions, a store, a folder for temporary files."""

    root: Path

    @property
    def inbox(self) -> Path:
        return self.root / "submissions"

    @property
    def out(self) -> Path:
        return self.root / "results of today"

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "apps.cli", *words]

    def batch(self, *words: str) -> list[str]:
        return self.command("batch", str(self.inbox), "--out", str(self.out), "--as-of", AS_OF, *words)

    def environment(self, **more: str) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("HEYAN_", "PREFECT_"))}
        (self.root / "tmp").mkdir(exist_ok=True)
        own = {
            "XDG_DATA_HOME": str(self.root / "data"), "HEYAN_DATABASE_URL": f"sqlite:///{self.root}/store.db",
            "TMPDIR": str(self.root / "tmp"), "HEYAN_WORKERS": "2", "HEYAN_LANG": "en",
        }  # fmt: skip
        return {**kept, **own, **more}

    def run(self, command: Sequence[str], **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command, cwd=ROOT, env=self.environment(**more), capture_output=True, text=True, timeout=PATIENCE
        )  # fmt: skip

    def asked(self, question: str) -> list[tuple[Any, ...]]:
        """What the store answers; nothing before it is made."""
        try:
            with sqlite3.connect(f"file:{self.root}/store.db?mode=ro", uri=True) as connection:
                return connection.execute(question).fetchall()
        except sqlite3.OperationalError:
            return []

    def reads(self) -> int:
        return sum(number for (number,) in self.asked("SELECT count(*) FROM attempt WHERE outcome = 'read'"))

    def reports(self) -> dict[str, str]:
        return {path.parent.name: path.read_text("utf-8") for path in self.out.rglob("report.json")}


def home(root: Path) -> Home:
    """Seven submissions, all data, each with a file of its own content."""
    made = Home(root)
    for number in range(5):
        shutil.copytree(SAMPLES / XML, made.inbox / f"{number} 号")
        invoice = made.inbox / f"{number} 号" / "invoice-13.xml"
        invoice.write_bytes(invoice.read_bytes() + b"\n" * number)
    for sample in (OFD, FORM):
        shutil.copytree(SAMPLES / sample, made.inbox / sample)
    return made


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, subprocess.CompletedProcess[str]]:
    """A batch nothing disturbed."""
    at = home(tmp_path_factory.mktemp("done"))
    return at, at.run(at.batch("--json"))


def test_a_whole_run(done: tuple[Home, subprocess.CompletedProcess[str]]) -> None:
    at, ended = done
    assert (ended.returncode, ended.stderr) == (0, "")
    events = [json.loads(line) for line in ended.stdout.splitlines()]
    assert (events[0]["event"], events[0]["schema"]) == ("run", "heyan.batch/1")
    assert (events[-1]["event"], events[-1]["state"], events[-1]["exit_code"]) == ("end", "finished", 0)
    assert len({event["run"] for event in events}) == 1
    told = [event for event in events if event["event"] == "submission"]
    assert sorted(event["name"] for event in told) == sorted(at.reports())
    assert {event["verdict"] for event in told} == {"accept"}
    assert all((at.out / event["report"]).with_suffix(".html").is_file() for event in told)
    assert (events[-1]["documents"]["read"], events[-1]["rows"]["finished"]) == (7, 7)
    results, findings = load_workbook(at.out / "results.xlsx").worksheets
    assert [results.cell(row, 1).value for row in range(2, 9)] == sorted(at.reports())
    assert findings.max_column == 13
    metrics = (at.out / "metrics.prom").read_text()
    assert "heyan_run_finished 1.0" in metrics
    assert 'heyan_rows{state="finished"} 7.0' in metrics
    assert sorted(path.name for path in at.out.iterdir()) == ["metrics.prom", "reports", "results.xlsx"]
    assert list((at.root / "tmp").iterdir()) == []


def test_killed_at_any_moment_it_goes_on_and_reads_nothing_twice(
    done: tuple[Home, subprocess.CompletedProcess[str]], tmp_path: Path
) -> None:
    at = home(tmp_path)
    nowhere = subprocess.DEVNULL
    started = subprocess.Popen(at.batch(), cwd=ROOT, env=at.environment(), stdout=nowhere, stderr=nowhere)
    patient_until = time.monotonic() + PATIENCE
    while at.reads() < 2 and started.poll() is None and time.monotonic() < patient_until:
        time.sleep(0.02)
    tree = [psutil.Process(started.pid), *psutil.Process(started.pid).children(recursive=True)]
    for process in tree:
        process.kill()
    started.wait()
    _, alive = psutil.wait_procs(tree[1:], timeout=10)
    assert alive == []
    assert at.asked("SELECT count(*) FROM place WHERE state = 'waiting'") > [(0,)]
    assert "--resume" in at.run(at.batch()).stderr
    resumed = at.run(at.batch("--resume"))
    assert resumed.returncode == 0, resumed.stderr
    assert at.reports() == done[0].reports()
    assert at.reads() == len(at.asked("SELECT DISTINCT reading_key FROM attempt")) == 7
    assert [path for path in at.out.rglob("*") if path.name.startswith(".")] == []
    assert list((at.root / "tmp").iterdir()) == []  # nor what the killed one left there


def test_the_same_again_reads_nothing_and_a_wrong_row_costs_the_others_nothing(
    done: tuple[Home, subprocess.CompletedProcess[str]],
) -> None:
    at, _ = done
    before, written = at.reads(), at.reports()
    (at.inbox / "wrong").mkdir()
    (at.inbox / "wrong" / "submission.yaml").write_text("profile: [")
    again = at.run(at.batch())
    (at.inbox / "wrong" / "submission.yaml").unlink()
    (at.inbox / "wrong").rmdir()
    assert again.returncode == 3, again.stderr
    assert "row 8: " in again.stderr
    assert (at.reads(), at.reports()) == (before, written)
    assert load_workbook(at.out / "results.xlsx").worksheets[0].max_row == 9
    rejected = at.run(at.command("results", "--verdict", "reject", "--json"))
    assert json.loads(rejected.stdout)["results"] == []


def test_an_outage_is_one_line_and_70(tmp_path: Path) -> None:
    at = home(tmp_path)
    away = {"PREFECT_API_URL": "http://127.0.0.1:9/api", "PREFECT_CLIENT_MAX_RETRIES": "0"}
    ended = at.run(at.batch(), **away)
    assert (ended.returncode, ended.stdout) == (70, "")
    [_, line] = ended.stderr.splitlines()  # the first names the run
    assert "The Prefect server cannot be reached" in line
    assert line.endswith(f"heyan batch {at.inbox} --out '{at.out}' --resume")
    assert at.asked("SELECT state, cause FROM run") == [("stopped", "prefect_away")]
