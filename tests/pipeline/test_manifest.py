"""Lists of submissions as back offices keep them: what is read, what is refused, and that the other rows go on."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from extractors.errors import SubmissionError
from pipeline.manifest import Row, read_manifest
from pipeline.manifest_template import manifest_template
from tests.workbooks import book, by_hand, saved
from validators.findings import Bilingual
from validators.loading import load_profiles

PROFILES = load_profiles()
PROFILE = "1688/name-verification"
CODE = "91330108MA2CG4HU3R"
HEAD = ["资料名称", "规则", "公司名称", "统一社会信用代码", "法定代表人", "营业执照", "身份证"]


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with two companies' scans."""
    for company in ("云帆", "远航 公司"):
        (tmp_path / company).mkdir()
        for name in ("执照.jpg", "front side.jpg", "back.jpg"):
            (tmp_path / company / name).write_bytes(b"x")
    return tmp_path


def rows_of(path: Path, profile: str | None = None) -> list[Row]:
    return list(read_manifest(path, profile, profiles=PROFILES))


def good(name: str = "云帆", **cells: str) -> list[str]:
    values = {
        "资料名称": name, "规则": PROFILE, "公司名称": "杭州云帆数字科技有限公司", "统一社会信用代码": CODE,
        "法定代表人": "张晓明", "营业执照": "云帆/执照.jpg", "身份证": "云帆/front side.jpg；云帆\\back.jpg",
    }  # fmt: skip
    return list((values | cells).values())


def xlsx(place: Path, *rows: Sequence[Any]) -> Path:
    path = place / "清单.xlsx"
    path.write_bytes(book(rows))
    return path


def problem(row: Row) -> Bilingual:
    assert row.submission is None
    assert row.problem is not None
    assert row.problem.zh
    assert row.problem.en
    return row.problem


def test_a_row_is_the_submission_its_cells_describe(place: Path) -> None:
    (row,) = rows_of(xlsx(place, HEAD, good()))
    assert row.problem is None
    assert row.submission
    assert (row.number, row.name, row.submission.name, row.submission.profile) == (2, "云帆", "云帆", PROFILE)
    assert row.submission.declared == {
        "company_name": "杭州云帆数字科技有限公司", "credit_code": CODE, "legal_representative": "张晓明",
    }  # fmt: skip
    assert [(f.name, f.slot, f.path) for f in row.submission.files] == [
        ("云帆/执照.jpg", "business_licence", place / "云帆/执照.jpg"),
        ("云帆/front side.jpg", "id_card", place / "云帆/front side.jpg"),
        ("云帆/back.jpg", "id_card", place / "云帆/back.jpg"),
    ]


@pytest.mark.parametrize(
    "headings",
    [
        [
            "＊名称：",
            "规则 profile",
            "公司名称 *：",
            " 统一社会信用代码（18位）",
            "【法定代表人】",
            "营业执照\n（复印件）",
            "身份证",
        ],
        ["name", "profile", "company_name", "credit_code", "legal_representative", "business_licence", "id_card"],
        ["编号", "规则编号", "企业名称★", "社会信用代码", "法人代表", "营业执照副本", "身份证正面"],
        [
            "编号",
            "规则",
            "公司名称\ncompany name",
            "統一社會信用代碼",
            "法人姓名",
            "Business licence",
            "法定代表人身份证",
        ],
    ],
)
def test_headings_are_understood_as_people_write_them(place: Path, headings: list[str]) -> None:
    headings[0] = headings[0].replace("＊名称：", "＊资料名称：")
    (row,) = rows_of(xlsx(place, headings, good()))
    assert row.submission
    assert set(row.submission.declared) == {"company_name", "credit_code", "legal_representative"}
    assert len(row.submission.files) == 3


def test_titles_empty_rows_numbers_and_remarks_do_not_disturb(place: Path) -> None:
    head = ["序号", *HEAD, "备注"]
    title = ["2026 年第三批入驻企业"]
    path = xlsx(place, title, [], head, [1, *good(), "加急"], [2], [], head, [3, *good("远航")], [None, " "], [])
    assert [(row.number, row.name, row.problem) for row in rows_of(path)] == [(4, "云帆", None), (8, "远航", None)]


@pytest.mark.parametrize(
    ("heading", "value", "told"),
    [
        ("统一社会信用代码", 913301080000000000, "D2"),
        ("统一社会信用代码", "9.13301E+17", "D2"),
        ("统一社会信用代码", "#N/A", "D2"),
        ("法定代表人", 12345, "E2"),
        ("营业执照", "云帆/没有.jpg", "没有.jpg"),
        ("营业执照", "../别处.jpg", "F2"),
        ("营业执照", "C:\\scans\\a.jpg", "F2"),
        ("规则", "1688/none", "B2"),
        ("规则", "", "规则"),
        ("资料名称", "a/b", "名称"),
        ("资料名称", "CON", "名称"),
    ],
)
def test_a_bad_cell_refuses_its_row_by_address_and_no_other(
    place: Path, heading: str, value: object, told: str
) -> None:
    bad = good()
    bad[HEAD.index(heading)] = value  # type: ignore[call-overload]
    first, second = rows_of(xlsx(place, HEAD, bad, good("远航")))
    assert told in problem(first).zh
    assert second.submission


def test_every_problem_of_a_row_is_told(place: Path) -> None:
    (row,) = rows_of(xlsx(place, HEAD, good(统一社会信用代码=1, 法定代表人=2, 营业执照="x.jpg")))  # type: ignore[arg-type]
    assert all(address in problem(row).zh and address in problem(row).en for address in ("D2", "E2", "F2"))


def test_a_number_is_never_repaired_but_a_mobile_number_has_all_its_digits(place: Path) -> None:
    head = [*HEAD, "手机号", "银行账号"]
    path = xlsx(
        place, head, [*good("a"), 13800000000, "6222021234567890"], [*good("b"), "13800000000", 6222021234567890]
    )
    first, second = rows_of(path)
    assert first.submission
    assert first.submission.declared["mobile"] == "13800000000"
    assert "I3" in problem(second).zh


def test_dates_amounts_and_flags_of_excel(place: Path) -> None:
    head = [*HEAD, "成立日期", "注册资本（万元）"]
    days = [date(2026, 3, 5), "2026/3/5", "2026年3月5日", "2026-03-05 00:00:00", "20260305", 20260305]
    rows = rows_of(xlsx(place, head, *([*good(f"n{at}"), day, 500] for at, day in enumerate(days))))
    told = [row.submission.declared if row.submission else row.problem for row in rows]
    assert {(d["established_on"], d["registered_capital"]) for d in told} == {("2026-03-05", "500万元")}  # type: ignore[index]
    wrong = ["3/5/2026", "46086", 46086, "三月五日", "2026-02-30", "2026-03"]
    for row in rows_of(xlsx(place, head, *([*good(f"n{at}"), day, 500] for at, day in enumerate(wrong)))):
        assert "H" in problem(row).zh
    flags = [("是", True), ("否", False), (True, True), (0, False), ("Yes", True)]
    head = ["资料名称", "规则", "公司名称", "已入驻企采商"]
    rows = rows_of(xlsx(place, head, *([f"n{at}", "1688/account-period", "甲", f] for at, (f, _) in enumerate(flags))))
    assert [row.submission and row.submission.declared["qicaishang_joined"] for row in rows] == [v for _, v in flags]
    (row,) = rows_of(xlsx(place, head, ["n", "1688/account-period", "甲", "大概"]))
    assert "D2" in problem(row).zh


def test_names_stand_once_and_columns_too(place: Path) -> None:
    first, second = rows_of(xlsx(place, HEAD, good("Abc"), good("aBC")))
    assert first.submission
    assert "2" in problem(second).zh
    with pytest.raises(SubmissionError, match="C1 和 H1"):
        rows_of(xlsx(place, [*HEAD, "企业名称"], good()))


@pytest.mark.parametrize(
    ("headings", "told"),
    [
        ([*HEAD, "公司名秤"], "H1.*公司名称"),
        ([*HEAD, "随便"], "H1"),
        ([*HEAD, "订单总金额（万元）"], "单位"),
        ([*HEAD, "representative_document"], "declared.representative_document"),
        (["甲", "乙"], "没有找到标题"),
    ],
)
def test_headings_that_are_not_clear_refuse_the_list(place: Path, headings: list[str], told: str) -> None:
    with pytest.raises(SubmissionError, match=told):
        rows_of(xlsx(place, headings, good()))


def test_text_beside_the_list_is_not_lost_silently(place: Path) -> None:
    first, _ = rows_of(xlsx(place, HEAD, [*good(), "不要处理"], good("远航")))
    assert "H2" in problem(first).zh


def test_two_sheets_of_rows_are_refused_and_another_sheet_is_not(place: Path) -> None:
    path = place / "a.xlsx"
    path.write_bytes(book([HEAD, good()], [["说明"], ["营业执照要清晰"]]))
    assert len(rows_of(path)) == 1
    path.write_bytes(book([HEAD, good()], [HEAD, good("远航")]))
    with pytest.raises(SubmissionError, match="几张工作表"):
        rows_of(path)


def test_a_formula_without_its_result_is_refused(place: Path) -> None:
    path = xlsx(place, HEAD, good(), good("远航"))
    made = openpyxl.load_workbook(path)
    made.worksheets[0]["D2"] = "=CONCAT(A1,B1)"
    path.write_bytes(saved(made))
    first, second = rows_of(path)
    assert "D2" in problem(first).zh
    assert second.submission


def test_a_folder_column_points_to_a_submission_and_cells_go_before_it(place: Path) -> None:
    own = {"profile": PROFILE, "declared": {"company_name": "旧名", "mobile": "13800000000"}, "documents": ["执照.jpg"]}
    (place / "云帆/submission.json").write_text(json.dumps(own), "utf-8")
    path = xlsx(
        place, ["文件夹", "公司名称", "营业执照"], ["云帆", "新名"], ["远航 公司", "远航", "执照.jpg"], ["没有", "甲"]
    )
    first, second, third = rows_of(path)
    assert first.submission
    assert (first.name, first.submission.profile) == ("云帆", PROFILE)
    assert first.submission.declared == {"company_name": "新名", "mobile": "13800000000"}
    assert [f.name for f in first.submission.files] == ["执照.jpg"]
    assert "规则" in problem(second).zh
    assert "A4" in problem(third).zh
    _, second, _ = rows_of(path, PROFILE)
    assert second.submission
    assert [f.path for f in second.submission.files] == [place / "远航 公司/执照.jpg"]


def test_the_same_folder_twice_is_told(place: Path) -> None:
    head = ["name", "folder", "profile"]
    rows = rows_of(
        xlsx(place, head, ["a", "云帆", PROFILE], ["b", ".\\云帆", PROFILE], ["c", "云帆", "1688/qicaishang"])
    )
    assert [row.submission is not None for row in rows] == [True, False, True]
    assert "2" in problem(rows[1]).zh


def test_the_origin_of_a_named_row_stays_when_rows_are_added(place: Path) -> None:
    (before,) = rows_of(xlsx(place, HEAD, good()))
    _, after = rows_of(xlsx(place, HEAD, good("新"), good()))
    assert before.origin == after.origin


@pytest.mark.parametrize("id_", sorted(PROFILES))
def test_a_template_read_back_has_no_rows_and_keeps_numbers_as_text(id_: str, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    path.write_bytes(manifest_template(PROFILES[id_]))
    assert rows_of(path) == []
    sheet = openpyxl.load_workbook(path).worksheets[0]
    keys = [(c.column_letter, str(c.value)) for c in sheet[2] if "代码" in str(c.value) or "账号" in str(c.value)]
    assert all(sheet.column_dimensions[letter].number_format == "@" for letter, _ in keys)


def test_a_filled_template_gives_its_rows_by_the_profile_above_them(place: Path) -> None:
    made = openpyxl.load_workbook(_written(place, manifest_template(PROFILES[PROFILE])))
    sheet = made.worksheets[0]
    values = {
        "资料文件夹": "云帆",
        "统一社会信用代码": CODE,
        "成立日期": date(2019, 3, 5),
        "法定代表人证件种类": "id_card",
    }
    for cell in sheet[2]:
        title = str(cell.value).split("\n")[0].rstrip("*")
        sheet.cell(3, cell.column).value = values.get(title)
    path = _written(place, saved(made))
    (row,) = rows_of(path)
    assert row.submission
    assert (row.number, row.name, row.submission.profile) == (3, "云帆", PROFILE)
    assert row.submission.declared["established_on"] == "2019-03-05"
    assert len(row.submission.files) == 3


def _written(place: Path, content: bytes) -> Path:
    path = place / "模板.xlsx"
    path.write_bytes(content)
    return path


def test_a_folder_of_folders(place: Path) -> None:
    for name in (".DS_Store", "Thumbs.db", "~$清单.xlsx", "记录.txt"):
        (place / name).write_text("x")
    for name in ("~$名单.xlsx", ".DS_Store", "Thumbs.db"):
        (place / "云帆" / name).write_text("x")
    (place / "云帆/submission.yaml").write_text(f"profile: {PROFILE}\n", "utf-8")
    (place / "破损").mkdir()
    (place / "破损/submission.yaml").write_text("profile: [", "utf-8")
    (place / "空").mkdir()
    told: list[Bilingual] = []
    rows = list(read_manifest(place, profiles=PROFILES, tell=told.append))
    assert [row.name for row in rows] == sorted(["云帆", "破损", "空", "远航 公司"])
    by_name = {row.name: row for row in rows}
    submission = by_name["云帆"].submission
    assert submission
    assert sorted(f.name for f in submission.files) == ["back.jpg", "front side.jpg", "执照.jpg"]
    assert submission.ignored == ()
    assert [problem(by_name[name]).zh != "" for name in ("破损", "空", "远航 公司")] == [True] * 3
    assert len(told) == 1
    assert "记录.txt" in told[0].zh
    assert "DS_Store" not in told[0].zh


def test_one_submission_is_no_list(place: Path) -> None:
    with pytest.raises(SubmissionError, match="heyan check"):
        rows_of(place / "云帆") if (place / "云帆/submission.yaml").write_text("profile: x") else None
    with pytest.raises(SubmissionError, match="There is no"):
        rows_of(place / "nothing")


def test_json_lines(place: Path) -> None:
    whole = {
        "name": "一", "profile": PROFILE, "declared": {"credit_code": CODE},
        "documents": [{"file": "云帆/执照.jpg", "slot": "business_licence"}],
    }  # fmt: skip
    lines: list[Any] = [
        whole,
        {"folder": "云帆", "profile": PROFILE},
        whole | {"name": "三", "declared": {"credit_code": 913301080000000000}},
        whole | {"name": "四", "documents": ["没有.jpg"]},
        whole | {"name": "五", "unknown": 1},
        whole | {"name": "六", "documents": ["../x.jpg"]},
        {"folder": "没有", "profile": PROFILE},
        [1],
    ]
    path = place / "list.jsonl"
    texts = [json.dumps(line, ensure_ascii=False) for line in lines] + ["", "{", '{"name": "a", "name": "b"}']
    path.write_bytes("\n".join(texts).encode() + b"\n\xff\xfe\n" + b"[" * 5000 + b"\n")
    rows = rows_of(path)
    assert [row.number for row in rows if row.submission] == [1, 2]
    assert [row.number for row in rows] == [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13]
    assert len(rows[1].submission.files if rows[1].submission else ()) == 3
    assert all(problem(row) for row in rows[2:])


@pytest.mark.parametrize("content", [b"", b"no zip", b"PK\x03\x04 broken", b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_a_file_that_is_no_workbook_is_one_clear_error(place: Path, content: bytes) -> None:
    path = place / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(SubmissionError, match=r"a\.xlsx"):
        rows_of(path)


@pytest.mark.parametrize(
    "rows",
    ['<row r="3"><c r="A3"><v>1</v></c></row><row r="2"><c r="A2"><v>1</v></c></row>', "<row><c r='A'/>", "<row>"],
)
def test_a_broken_sheet_is_one_clear_error(place: Path, rows: str) -> None:
    path = place / "a.xlsx"
    path.write_bytes(by_hand(rows))
    with pytest.raises(SubmissionError):
        rows_of(path)


@pytest.mark.parametrize("name", ["a.xls", "a.pdf", "a"])
def test_other_files_are_no_lists(place: Path, name: str) -> None:
    (place / name).write_bytes(b"x")
    with pytest.raises(SubmissionError, match="xlsx"):
        rows_of(place / name)
