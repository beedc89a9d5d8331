"""CSV lists: encodings told apart, delimiters found, and what a spreadsheet destroyed on saving refused."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.errors import SubmissionError
from extractors.model import Kind
from pipeline.manifest import Row, read_manifest
from pipeline.manifest_cells import CellError, declared_value, file_names
from pipeline.workbook import RawCell
from validators.findings import Bilingual
from validators.loading import load_profiles
from validators.profile import Declared

PROFILES = load_profiles()
HEAD = ["资料名称", "公司名称", "统一社会信用代码"]
CODE = "91330108MA2CG4HU3R"
CREDIT_CODE = Declared(title=Bilingual(zh="代码", en="code"), kind=Kind.CREDIT_CODE, source="x")
# Letters as both encodings can hold them, and no controls, which a CSV would not survive.
TEXTS = st.text(st.characters(codec="gb18030", exclude_categories=["C", "Z"]), min_size=1, max_size=12).map(
    lambda text: "名" + text.replace("\ufffd", "")
)


def written(place: Path, rows: list[list[str]], encoding: str = "utf-8", delimiter: str = ",") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path = place / "list.csv"
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def rows_of(path: Path) -> list[Row]:
    return list(read_manifest(path, "1688/account-period", profiles=PROFILES))


@given(
    names=st.lists(TEXTS, min_size=1, max_size=4),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    delimiter=st.sampled_from(",;\t"),
)
def test_what_was_written_is_read_in_whatever_encoding(names: list[str], encoding: str, delimiter: str) -> None:
    with TemporaryDirectory() as folder:
        rows = [HEAD, *([f"n{at}", name, CODE] for at, name in enumerate(names))]
        read = rows_of(written(Path(folder), rows, encoding, delimiter))
    assert [row.submission.declared["company_name"] if row.submission else row.problem for row in read] == names


def test_what_cannot_be_told_is_not_guessed(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes("name,company_name\na,Müller\n".encode())
    with pytest.raises(SubmissionError, match="编码无法判断"):
        rows_of(path)
    path.write_bytes("name,company_name\na,Müller\n".encode("utf-8-sig"))
    assert rows_of(path)[0].submission
    for content in (b"name,company_name\na,\xff\xff\n", b"name,company_name\na,\0\n"):
        path.write_bytes(content)
        with pytest.raises(SubmissionError, match="UTF-8"):
            rows_of(path)


@pytest.mark.parametrize(
    ("value", "kept"),
    [
        ("9.13301E+17", None), ("9E+17", None), ("913301080000000000", None), ("#REF!", None), ("９", "９"),
        ("'913301080000000000", "913301080000000000"), ("\t913301080000000000", "913301080000000000"),
        ('="913301080000000000"', "913301080000000000"), (f"\t{CODE} ", CODE), (f"'{CODE}", CODE),
        (f"\ufeff\u202d{CODE}\u202c\u200b", CODE), (f"\u3000{CODE}\xa0", CODE),
    ],
)  # fmt: skip
def test_a_number_a_spreadsheet_rewrote_is_refused_by_address(tmp_path: Path, value: str, kept: str | None) -> None:
    first, second = rows_of(written(tmp_path, [HEAD, ["a", "甲", value], ["b", "乙", CODE]]))
    assert second.submission
    if kept is None:
        assert first.problem
        assert "C2" in first.problem.zh
        assert "统一社会信用代码" in first.problem.en
    else:
        assert first.submission
        assert first.submission.declared["credit_code"] == kept


@given(st.decimals(10**11, 10**29, allow_nan=False, places=0), st.booleans())
def test_no_number_cell_becomes_a_number_of_a_person_or_company(number: object, csv_: bool) -> None:
    shown = f"{number:E}" if csv_ else f"{number:f}"
    cell = RawCell(2, 1, shown.replace("E+", "E+") if csv_ else shown, numeric=not csv_)
    if csv_ and len(shown.partition("E+")[2]) < 2:
        return
    with pytest.raises(CellError):
        declared_value(CREDIT_CODE, "", cell, csv=csv_)


@given(st.text(max_size=30), st.booleans())
def test_any_text_is_a_value_or_refused(text: str, csv_: bool) -> None:
    for kind in (Kind.CREDIT_CODE, Kind.DATE, Kind.FLAG, Kind.MONEY, Kind.TEXT):
        spec = CREDIT_CODE.model_copy(update={"kind": kind})
        try:
            value = declared_value(spec, "", RawCell(1, 1, text, False), csv=csv_)
        except CellError as refused:
            assert all(refused.reason.model_dump().values())  # noqa: PT017 - either may happen
        else:
            assert isinstance(value, bool) == (kind is Kind.FLAG)


def test_files_of_a_cell() -> None:
    assert file_names(RawCell(1, 1, ' a b.jpg；"子 夹\\乙.pdf";\n.\\c.png ;; ', False)) == [
        "a b.jpg",
        "子 夹/乙.pdf",
        "c.png",
    ]
    assert file_names(RawCell(1, 1, "20260305", True)) == ["20260305"]


def test_rows_count_as_a_spreadsheet_counts_them(tmp_path: Path) -> None:
    path = written(tmp_path, [["清单"], HEAD, ["a", "甲\n乙", CODE], [], ["b", "丙", "1E+17"]])
    first, second = rows_of(path)
    assert (first.number, second.number) == (3, 5)
    assert second.problem
    assert "C5" in second.problem.zh


def test_broken_quotes_refuse_the_list_before_any_row_is_given(tmp_path: Path) -> None:
    path = tmp_path / "list.csv"
    path.write_text(",".join(HEAD) + '\na,甲,1\nb,"乙,1\n' + "c,丙,1\n" * 30, "utf-8")
    with pytest.raises(SubmissionError, match="引号"):
        rows_of(path)
