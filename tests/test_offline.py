"""The main job on a sample with every way out closed: nothing knocks, and nothing but the report reaches stdout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]

# Runs before anything else in the process: writes down and refuses each attempt to look up or reach another machine.
GUARD = """
import os, socket

def _loopback(address):
    return not isinstance(address, tuple) or address[0] in ("localhost", "::1") or str(address[0]).startswith("127.")

def _guarded(name, function, address_of):
    def guard(*args, **kwargs):
        address = address_of(args)
        if not _loopback(address):
            with open(os.environ["KNOCKED"], "a") as file:
                file.write(f"{name} {address}\\n")
            raise OSError("refused by the test")
        return function(*args, **kwargs)
    return guard

class Guarded(socket.socket):
    connect = _guarded("connect", socket.socket.connect, lambda args: args[1])
    connect_ex = _guarded("connect_ex", socket.socket.connect_ex, lambda args: args[1])
    sendto = _guarded("sendto", socket.socket.sendto, lambda args: args[-1])

socket.socket = Guarded
for name in ("getaddrinfo", "gethostbyname", "gethostbyname_ex", "create_connection"):
    take = (lambda args: args[0]) if name == "create_connection" else (lambda args: (args[0],))
    setattr(socket, name, _guarded(name, getattr(socket, name), take))
"""


def guarded(tmp_path: Path, *command: str) -> tuple[subprocess.CompletedProcess[str], str]:
    """A Python process behind the guard, with an empty home, and the attempts it made."""
    (tmp_path / "guard").mkdir(exist_ok=True)
    (tmp_path / "guard" / "sitecustomize.py").write_text(GUARD)
    knocked = tmp_path / "knocked.txt"
    knocked.write_text("")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("HEYAN_", "PADDLE", "XDG_", "PYTEST"))}
    home = {"HOME": str(tmp_path / "home"), "USERPROFILE": str(tmp_path / "home")}
    environment = {**kept, **home, "PYTHONPATH": f"{tmp_path / 'guard'}{os.pathsep}{ROOT}", "KNOCKED": str(knocked)}
    done = subprocess.run(
        [sys.executable, *command], capture_output=True, text=True, timeout=180, cwd=ROOT, env=environment
    )
    return done, knocked.read_text()


def test_the_guard_guards(tmp_path: Path) -> None:
    knock = "import urllib.request; urllib.request.urlopen('http://192.0.2.1/', timeout=1)"
    done, knocked = guarded(tmp_path, "-c", knock)
    assert done.returncode != 0
    assert "192.0.2.1" in knocked
    done, knocked = guarded(tmp_path, "-c", "import socket; socket.getaddrinfo('example.org', 80)")
    assert "example.org" in knocked


def test_checking_a_submission_calls_nobody_and_prints_only_the_report(tmp_path: Path) -> None:
    out = tmp_path / "report"
    done, knocked = guarded(
        tmp_path, "-m", "apps.cli", "check", "samples/submissions/accept-phone-photos",
        "--as-of", "2026-11-22", "--json", "--out", str(out),
    )  # fmt: skip
    assert knocked == ""
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["verdict"] == "accept"
    assert done.stdout.startswith("{\n")
    assert done.stdout.endswith("}\n")
    assert done.stderr.splitlines() == [f"report 报告: {out / 'report.html'}"]
    assert sorted(path.name for path in out.iterdir()) == ["report.html", "report.json"]
    assert "http" not in [line.strip()[:4] for line in (out / "report.html").read_text("utf-8").splitlines()]


def test_a_batch_calls_nobody_neither_its_workers_nor_prefects_server(tmp_path: Path) -> None:
    """Every process of it runs behind the guard: Python starts each with the same path."""
    for name in ("accept-1688-general-taxpayer-xml", "reject-1688-general-taxpayer-old-invoice"):
        shutil.copytree(ROOT / "samples" / "submissions" / name, tmp_path / "in" / name)
    out = tmp_path / "out"
    done, knocked = guarded(
        tmp_path, "-m", "apps.cli", "batch", str(tmp_path / "in"), "--out", str(out), "--as-of", "2026-11-22", "--json"
    )  # fmt: skip
    assert knocked == ""
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in done.stdout.splitlines()]
    assert (events[0]["event"], events[-1]["event"]) == ("run", "end")
    assert events[-1]["verdicts"] == {"accept": 1, "review": 0, "reject": 1}
    assert (out / "results.xlsx").is_file()
