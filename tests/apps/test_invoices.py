"""`heyan invoices`: one row an invoice, what is wrong is written and coloured, and nothing read is lost."""

from __future__ import annotations

import csv
import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook

from apps.cli import main
from apps.sheets import guarded
from pipeline import ledger as ledger_module

SAMPLES = Path(__file__).parents[2] / "samples" / "invoices"


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as leaving:
        main([str(a) for a in arguments])
    out, err = capsys.readouterr()
    return int(leaving.value.code or 0), out, err


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Invoices that need no OCR: data, text and a bundle; one is there twice, one was altered."""
    for name in ("services.xml", "parts.pdf", "food.ofd", "changed.pdf", "returned.zip"):
        (tmp_path / "in").mkdir(exist_ok=True)
        shutil.copy(SAMPLES / name, tmp_path / "in" / name)
    (tmp_path / "in" / "more").mkdir()
    shutil.copy(SAMPLES / "parts.pdf", tmp_path / "in" / "more" / "again.pdf")
    return tmp_path / "in"


def rows(path: Path) -> list[dict[str, Any]]:
    sheet = load_workbook(path).worksheets[0]
    heading, *others = sheet.iter_rows()
    names = [str(cell.value).split("\n")[-1] for cell in heading]
    return [dict(zip(names, row, strict=True)) for row in others]


def test_every_invoice_is_one_row_and_every_line_of_goods_one(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, out, err = run(capsys, "invoices", folder, "--out", tmp_path / "ledger.xlsx", "--lang", "en")
    assert code == 3
    assert "6 files, 5 invoices" in out
    assert "1 duplicates" in out
    assert "ledger.xlsx" in err
    found = {row["File"].value: row for row in rows(tmp_path / "ledger.xlsx")}
    assert set(found) == {"services.xml", "more/again.pdf", "food.ofd", "changed.pdf", "returned.zip/red.xml"}
    assert found["more/again.pdf"]["Other files of it"].value == "parts.pdf"
    assert "returned.zip/red.pdf" in found["returned.zip/red.xml"]["Other files of it"].value
    red = found["returned.zip/red.xml"]
    assert red["Total"].value < 0
    assert red["Total"].number_format != "@"
    number = found["more/again.pdf"]["Invoice number"]
    assert (len(number.value), number.data_type) == (20, "s")
    lines = load_workbook(tmp_path / "ledger.xlsx").worksheets[1]
    assert lines.max_row - 1 == sum(row["Lines"].value for row in found.values())


def test_what_is_wrong_is_written_and_coloured(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "invoices", folder, "--out", tmp_path / "ledger.xlsx")
    found = {row["File"].value: row for row in rows(tmp_path / "ledger.xlsx")}
    changed, fine = found["changed.pdf"], found["food.ofd"]
    assert changed["Failed proofs"].value
    assert changed["Problems"].value
    assert changed["State"].fill.fgColor.rgb != fine["State"].fill.fgColor.rgb
    twice = found["more/again.pdf"]
    assert twice["Duplicate"].value
    assert not fine["Duplicate"].value
    assert twice["Invoice number"].fill.fgColor.rgb != fine["Invoice number"].fill.fgColor.rgb


def test_an_invoice_not_proven_in_full_is_never_called_fine(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "invoices", folder, "--out", tmp_path / "ledger.jsonl")
    told = [json.loads(line) for line in (tmp_path / "ledger.jsonl").read_text("utf-8").splitlines()]
    data = next(entry for entry in told if entry["file"] == "services.xml")
    assert "not_checked" in {proof["result"] for proof in data["proofs"]}
    run(capsys, "invoices", folder, "--out", tmp_path / "ledger.xlsx")
    row = next(row for row in rows(tmp_path / "ledger.xlsx") if row["File"].value == "services.xml")
    assert "部分未能证明" in row["State"].value
    assert row["Not proven"].value


def test_csv_keeps_long_numbers_and_opens_in_a_spreadsheet(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(capsys, "invoices", folder, "--out", tmp_path / "ledger.csv")
    raw = (tmp_path / "ledger.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    table = list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"))))
    assert len(table) == 5
    assert all(row["发票号码"].strip().isdigit() for row in table)
    assert (tmp_path / "ledger-lines.csv").exists()


@pytest.mark.parametrize("text", ["=1+1", "+86", "-x", "@a", "20261000000000000001", "0123"])
def test_a_spreadsheet_takes_no_text_for_a_formula_or_a_number(text: str) -> None:
    assert guarded(text) == f"\t{text}"


def test_a_fault_costs_one_file_and_no_more(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = ledger_module.read_documents

    def faulty(file: Any, reading: Any) -> Any:
        if file.name == "food.ofd":
            raise RuntimeError("张晓明 13800000000")
        return read(file, reading)

    monkeypatch.setattr(ledger_module, "read_documents", faulty)
    code, out, _ = run(capsys, "invoices", folder, "--out", tmp_path / "ledger.xlsx", "--lang", "en")
    assert code == 3
    assert "4 invoices" in out
    others = load_workbook(tmp_path / "ledger.xlsx").worksheets[2]
    written = " ".join(str(cell.value) for row in others.iter_rows() for cell in row)
    assert "food.ofd" in written
    assert "RuntimeError" in written
    assert "13800000000" not in written


def test_interrupted_it_keeps_what_was_read(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    read = ledger_module.read_documents

    def interrupted(file: Any, reading: Any) -> Any:
        if file.name == "parts.pdf":
            raise KeyboardInterrupt
        return read(file, reading)

    monkeypatch.setattr(ledger_module, "read_documents", interrupted)
    code, _, err = run(capsys, "invoices", folder, "--out", tmp_path / "ledger.xlsx")
    assert code == 130
    assert "interrupted" in err
    kept = {row["File"].value for row in rows(tmp_path / "ledger.xlsx")}
    assert kept == {"changed.pdf", "food.ofd", "more/again.pdf"}


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(["missing"], "no folder"), (["in", "--out", "ledger.pdf"], ".xlsx"), (["empty"], "no invoice file")],
)
def test_wrong_use_is_one_line(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    arguments: list[str], told: str,
) -> None:  # fmt: skip
    (tmp_path / "empty").mkdir()
    monkeypatch.chdir(tmp_path)
    code, out, err = run(capsys, "invoices", *arguments)
    assert (code, out) == (2, "")
    assert told in err
    assert len(err.strip().splitlines()) == 1


def test_an_invoice_of_another_folder_is_known_again(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HEYAN_INVOICE_INDEX", str(tmp_path / "invoices.sqlite"))
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(folder / "services.xml", other / "again.xml")
    assert run(capsys, "invoices", other, "--out", tmp_path / "other.jsonl")[0] == 0
    assert run(capsys, "invoices", other, "--out", tmp_path / "other.jsonl")[0] == 0  # the same folder once more
    run(capsys, "invoices", folder, "--out", tmp_path / "ledger.jsonl")
    told = [json.loads(line) for line in (tmp_path / "ledger.jsonl").read_text("utf-8").splitlines()]
    seen = {e["file"] for e in told if "INVOICE_SEEN_BEFORE" in {f["code"] for f in e["findings"]}}
    assert seen == {"services.xml"}
