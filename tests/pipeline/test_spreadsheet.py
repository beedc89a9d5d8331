"""Spreadsheets: values as they were saved, and hostile files that give one finding instead of a hang."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.cells import Sheet, cell_address
from extractors.errors import DocumentError
from extractors.model import Source
from pipeline.settings import Settings
from tests.workbooks import book, by_hand, opened, pages, saved, with_part, zipped
from validators.findings import finding

LIMITS = Settings(max_cells=1000, max_unpacked_bytes=1_000_000)


def cells(folder: Path, data: bytes) -> dict[str, str]:
    return {cell.address: cell.text for page in pages(folder, data) for cell in Sheet(page)}


def refusal(folder: Path, data: bytes, limits: Settings = LIMITS, name: str = "book.xlsx") -> str:
    with pytest.raises(DocumentError) as caught:
        opened(folder, data, limits, name)
    told = finding(caught.value.code, document=name, **caught.value.data)
    assert "{" not in told.message.zh + told.message.en
    return caught.value.code


def test_cells_keep_their_place_and_numbers_are_told_from_text(tmp_path: Path) -> None:
    data = book(
        [
            ["公司", None, "91330108MA2CG4HU3R"],
            [],
            [12, 3.5, "0012", True, date(2026, 3, 5), datetime(2026, 3, 5, 9, 30)],
        ]
    )
    page = pages(tmp_path, data)[0]
    assert page.source is Source.XLSX
    assert cells(tmp_path, data) == {
        "A1": "公司", "C1": "91330108MA2CG4HU3R", "A3": "12", "B3": "3.5", "C3": "0012", "D3": "TRUE",
        "E3": "2026-03-05", "F3": "2026-03-05 09:30:00",
    }  # fmt: skip
    assert [line.text for line in page.lines if line.numeric] == ["12", "3.5"]


def test_a_long_number_typed_as_a_number_is_marked(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>3.3010819880514198E+17</v></c><c r="B1"><v>0.30000000000000004</v></c></row>'
    lines = pages(tmp_path, by_hand(rows))[0].lines
    assert [(line.text, line.numeric) for line in lines] == [("330108198805141980", True), ("0.3", True)]


def test_formats_of_dates_and_percentages(tmp_path: Path) -> None:
    styles = (
        '<numFmts><numFmt numFmtId="200" formatCode="yyyy&quot;年&quot;m&quot;月&quot;"/>'
        '<numFmt numFmtId="201" formatCode="0.00&quot;day&quot;"/></numFmts>'
        + "<cellXfs>"
        + "".join(f'<xf numFmtId="{n}"/>' for n in (0, 200, 201, 9, 31))
        + "</cellXfs>"
    )
    row = "".join(f'<c r="{c}1" s="{s}"><v>{v}</v></c>' for c, s, v in
                  [("A", 1, 46082), ("B", 2, 46082), ("C", 3, 0.13), ("D", 4, 59), ("E", 4, 61), ("F",
                  1, -3)])  # fmt: skip
    found = cells(tmp_path, by_hand(f'<row r="1">{row}</row>', styles=styles))
    assert found == {"A1": "2026-03-01", "B1": "46082", "C1": "13%", "D1": "1900-02-28", "E1": "1900-03-01", "F1": "-3"}


def test_shared_strings_without_their_readings(tmp_path: Path) -> None:
    strings = "<si><t>商户</t></si><si><r><t>塑料</t></r><r><t>玩具</t></r><rPh><t>ピー</t></rPh></si>"
    rows = '<row r="2"><c r="B2" t="s"><v>0</v></c><c t="s"><v>1</v></c></row>'
    assert cells(tmp_path, by_hand(rows, strings=strings)) == {"B2": "商户", "C2": "塑料玩具"}


def test_a_merged_cell_is_there_once_and_covers_its_area(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c></row><row r="2"><c r="A2"><v>3</v></c></row>'
    data = by_hand(rows, after='<mergeCells><mergeCell ref="A1:B2"/></mergeCells>')
    (line,) = pages(tmp_path, data)[0].lines
    assert (line.text, line.box) == ("1", ((0, 0), (200, 0), (200, 40), (0, 40)))


def test_hidden_sheets_are_not_read(tmp_path: Path) -> None:
    made = openpyxl.Workbook()
    made.worksheets[0].append(["shown"])
    hidden = made.create_sheet()
    hidden.append(["hidden"])
    hidden.sheet_state = "hidden"
    assert cells(tmp_path, saved(made)) == {"A1": "shown"}


def test_a_formula_without_a_saved_value_is_named(tmp_path: Path) -> None:
    data = book([["合计", "=SUM(1,2)", '=IF(A1="","","x")'], ["x"]])
    found = opened(tmp_path, data).findings
    assert [(f.code, f.actual) for f in found] == [("FILE_FORMULA_WITHOUT_VALUE", "B1, C1")]
    solved = by_hand('<row r="1"><c r="A1"><f>1+2</f><v>3</v></c><c r="B1" t="str"><f>""</f><v></v></c></row>')
    assert not opened(tmp_path, solved).findings


def test_links_to_other_files_are_told(tmp_path: Path) -> None:
    data = with_part(book([["x"]]), "xl/externalLinks/externalLink1.xml", "<x/>")
    assert [f.code for f in opened(tmp_path, data).findings] == ["FILE_EXTERNAL_LINKS"]


ROW = '<row r="{0}"><c r="A{0}"><v>1</v></c></row>'
ENTITY = '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
LAUGHS = "<!DOCTYPE x [" + '<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">' + "]>"
CELL = '<row r="1"><c r="A1" t="inlineStr"><is><t>{}</t></is></c></row>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (by_hand("".join(ROW.format(n) for n in range(1, 1500))), "FILE_TOO_MANY_CELLS"),
        (by_hand("".join(f'<row r="{n}"><c r="A{n}"/></row>' for n in range(1, 8000))), "FILE_TOO_MANY_CELLS"),
        (by_hand(ROW.format(1), strings="<si><t>a</t></si>" * 3000), "FILE_TOO_MANY_CELLS"),
        (by_hand(CELL.format("a" * 2_000_000)), "FILE_DECODED_TOO_LARGE"),
        (by_hand(CELL.format("&x;"), before=ENTITY), "FILE_DAMAGED"),
        (by_hand(CELL.format("&b;"), before=LAUGHS), "FILE_DAMAGED"),
        (by_hand(ROW.format(1), styles="<cellXfs>" + "<xf/>" * 66_000 + "</cellXfs>"), "FILE_DAMAGED"),
        (by_hand('<row r="1"><c r="ABCD1"><v>1</v></c></row>'), "FILE_DAMAGED"),
        (by_hand('<row r="1"><c r="A1" t="s"><v>7</v></c></row>'), "FILE_DAMAGED"),
        (by_hand('<row r="1"><c r="A1"><v>one</v></c></row>'), "FILE_DAMAGED"),
        (by_hand("", sheet="<worksheet>"), "FILE_DAMAGED"),
        (by_hand(""), "FILE_NO_CELLS"),
        (with_part(book([["x"]]), "xl/vbaProject.bin", b"x"), "FILE_HAS_MACROS"),
        (zipped({"[Content_Types].xml": "<Types/>", "xl/workbook.bin": "x"}), "FILE_OTHER_SPREADSHEET"),
        (b"\xd0\xcf\x11\xe0" + bytes(600) + "Workbook".encode("utf-16-le") + bytes(10), "FILE_OTHER_SPREADSHEET"),
        (b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(10), "FILE_ENCRYPTED"),
    ],
)  # fmt: skip
def test_a_hostile_file_gives_one_finding(tmp_path: Path, data: bytes, code: str) -> None:
    assert refusal(tmp_path, data) == code


def test_cells_far_out_cost_nothing(tmp_path: Path) -> None:
    rows = '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    assert cells(tmp_path, by_hand(rows)) == {"XFD1048576": "1"}
    assert cell_address(7, 28, 2) == "2!AB7"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cut=st.integers(0, 5000), at=st.integers(0, 5000), junk=st.binary(max_size=8))
def test_a_damaged_file_is_read_or_refused_never_a_traceback(tmp_path: Path, cut: int, at: int, junk: bytes) -> None:
    data = bytearray(book([["商户名", "手机号"], ["陈小满", "13800000000"]]))
    data[at % len(data) : at % len(data) + len(junk)] = junk
    code = "FILE_"
    try:
        opened(tmp_path, bytes(data[: max(len(data) - cut, 1)]), LIMITS)
    except DocumentError as error:
        code = error.code
    assert code.startswith("FILE_")
