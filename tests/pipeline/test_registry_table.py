"""Tables of companies in every form they come in, and what may and may not be concluded from them."""

from __future__ import annotations

import csv
import io
import logging
import os
import sqlite3
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from extractors.errors import UsageError
from pipeline.registry import open_registry
from pipeline.registry.table import TableRegistry
from pipeline.settings import Settings
from pipeline.submission import Submission
from pipeline.verify import verify
from validators.registry import Agreement, Query, Result, Standing, id_hmac

CODE, NAME, PERSON, NUMBER = "91330108MA2CG4HU3R", "杭州云帆数字科技有限公司", "张晓明", "330108198805142030"
OTHER_CODE, OTHER = "91330100799655058B", "宁波海川（集团）有限公司"
CHINESE = ["序号", "企业名称", "统一社会信用代码", "法定代表人", "法定代表人证件号", "登记状态", "数据日期"]
ROWS = [
    ["1", NAME, CODE, PERSON, NUMBER, "存续（在营、开业、在册）", "2026-11-01"],
    ["2", OTHER, OTHER_CODE, "李卫东", "330108********203X", "吊销，未注销", "2026-11-01"],
]
ASKED = Query(CODE, NAME, PERSON, NUMBER)
ALL = dict.fromkeys(("credit_code", "name", "legal_representative", "id_number"), Agreement.AGREES)


def text(rows: list[list[str]], delimiter: str = ",") -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue()


def opened(path: Path, **settings: object) -> TableRegistry:
    registry = open_registry(Settings(registry=str(path), cache_dir=path.parent / "cache", **settings))  # type: ignore[arg-type]
    assert isinstance(registry, TableRegistry)
    return registry


def table(folder: Path, *rows: list[str], head: list[str] | None = None, **settings: object) -> TableRegistry:
    path = folder / "companies.csv"
    path.write_text(text([head or CHINESE, *rows]), "utf-8")
    return opened(path, **settings)


def excel(path: Path) -> None:
    book = Workbook()
    book.active.append(["说明：请勿外传"])
    sheet = book.create_sheet("企业名录")
    sheet.append(["企业名录（2026 年）"])
    sheet.append([])
    sheet.append(CHINESE)
    for row in ROWS:
        sheet.append([*row[:-1], date.fromisoformat(row[-1])])
    book.save(path)


def sqlite(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE notes (name TEXT)")
        connection.execute(
            "CREATE TABLE firms (credit_code, company_name, legal_representative, id_number, status, as_of)"
        )
        connection.executemany("INSERT INTO firms VALUES (?, ?, ?, ?, ?, ?)",
                               [(r[2], r[1], *r[3:]) for r in ROWS])  # fmt: skip
    connection.close()


WRITERS = {
    "utf-8": lambda p: p.write_bytes(text([CHINESE, *ROWS]).encode()),
    "utf-8 with mark": lambda p: p.write_bytes(text([CHINESE, *ROWS]).encode("utf-8-sig")),
    "gb18030": lambda p: p.write_bytes(text([CHINESE, *ROWS]).encode("gb18030")),
    "utf-16, tabs": lambda p: p.write_bytes(text([CHINESE, *ROWS], "\t").encode("utf-16")),
    "semicolons": lambda p: p.write_bytes(text([CHINESE, *ROWS], ";").encode()),
    "title above": lambda p: p.write_bytes(("企业名录,,\n\n" + text([CHINESE, *ROWS])).encode()),
    "excel": excel,
    "sqlite": sqlite,
}


@pytest.mark.parametrize("form", WRITERS)
def test_a_table_in_any_form_is_read(tmp_path: Path, form: str) -> None:
    path = tmp_path / "table"
    WRITERS[form](path)
    registry = opened(path)
    answer = registry.look_up(ASKED)
    assert (answer.result, answer.fields, answer.status) == (Result.FOUND, ALL, Standing.ACTIVE)
    assert (answer.as_of, answer.source, registry.count()) == (date(2026, 11, 1), "table", 2)
    other = registry.look_up(Query(OTHER_CODE, "宁波海川 (集团) 有限公司", "李卫东", "33010819880514203X"))
    assert other.fields == ALL | {"id_number": Agreement.IN_PART}  # never more than what is shown
    assert other.status is Standing.REVOKED


def test_only_what_was_asked_is_answered(tmp_path: Path) -> None:
    registry = table(tmp_path, *ROWS)
    assert registry.look_up(Query(CODE)).fields == {"credit_code": Agreement.AGREES}
    assert registry.look_up(Query(name=NAME)).fields == {"name": Agreement.AGREES}


@pytest.mark.parametrize(
    ("changed", "agreement"),
    [
        ({"name": "杭州云帆数字科技股份有限公司"}, Agreement.DIFFERS),
        ({"legal_representative": "王建国"}, Agreement.DIFFERS),
        ({"id_number": "11010519491231002X"}, Agreement.DIFFERS),
    ],
)
def test_another_value_differs(tmp_path: Path, changed: dict[str, str], agreement: Agreement) -> None:
    given = {"credit_code": CODE, "name": NAME, "legal_representative": PERSON, "id_number": NUMBER} | changed
    answer = table(tmp_path, *ROWS).look_up(Query(**given))
    assert answer.fields == ALL | dict.fromkeys(changed, agreement)


def test_a_known_name_under_another_code_differs_but_not_for_individual_businesses(tmp_path: Path) -> None:
    registry = table(tmp_path, *ROWS)
    asked = Query("91350100M000100Y43", NAME)
    assert registry.look_up(asked).fields == {"credit_code": Agreement.DIFFERS, "name": Agreement.AGREES}
    shop = ["3", "望江小吃店", "92330108MA2CG4HU3K", "周立", "", "存续", ""]
    assert table(tmp_path, shop).look_up(Query(CODE, "望江小吃店")).result is Result.NOT_FOUND
    assert registry.look_up(Query("91350100M000100Y43", "无此公司")).result is Result.NOT_FOUND


@pytest.mark.parametrize(
    "damaged", ["3.30108E+17", "330108198805142000", "33010819880514203", "330108198805142030/11", ""]
)
def test_a_damaged_number_proves_nothing_and_is_not_kept(tmp_path: Path, damaged: str) -> None:
    registry = table(tmp_path, [*ROWS[0][:4], damaged, *ROWS[0][5:]])
    assert registry.look_up(ASKED).fields["id_number"] is Agreement.NOT_KNOWN
    assert not damaged or damaged.encode() not in registry.index.read_bytes()


def test_numbers_may_be_hashed_with_a_key(tmp_path: Path) -> None:
    row = [*ROWS[0][:4], id_hmac(NUMBER, "key"), *ROWS[0][5:]]
    assert table(tmp_path, row, registry_id_key="key").look_up(ASKED).fields["id_number"] is Agreement.AGREES
    assert table(tmp_path, row, registry_id_key="other").look_up(ASKED).fields["id_number"] is Agreement.DIFFERS
    assert table(tmp_path, row).look_up(ASKED).fields["id_number"] is Agreement.NOT_KNOWN


def test_whole_numbers_do_not_lie_in_the_cache(tmp_path: Path) -> None:
    index = table(tmp_path, *ROWS).index
    assert NUMBER.encode() not in index.read_bytes()
    assert PERSON.encode() in index.read_bytes()
    if os.name == "posix":
        assert index.stat().st_mode & 0o077 == 0


def test_the_newest_row_of_a_code_counts_and_a_contradiction_is_no_answer(tmp_path: Path) -> None:
    older = ["0", "杭州旧名有限公司", CODE, "王建国", "", "存续", "2024-01-01"]
    registry = table(tmp_path, older, *ROWS)
    assert registry.look_up(ASKED).fields == ALL
    assert registry.look_up(Query(name="杭州旧名有限公司")).fields == {"name": Agreement.DIFFERS}
    undated = [*ROWS[0][:3], "王建国", *ROWS[0][4:6], ""]
    answer = table(tmp_path, ROWS[0], undated).look_up(ASKED)
    assert (answer.result, answer.fields) == (Result.UNAVAILABLE, {})
    assert table(tmp_path, ROWS[0], ROWS[0]).look_up(ASKED).fields == ALL  # the same row twice says the same


def test_bad_rows_are_named_by_their_number_without_what_they_hold(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    path = tmp_path / "companies.csv"
    bad = ['"2","坏"行,9133,赵六,,存续,', "3,无代码公司,,钱七,,存续,", "4,乱码公司,9.13301E+17,孙八,,存续,"]
    path.write_text(text([CHINESE]) + "\n".join(bad) + "\n" + text(ROWS), "utf-8")
    assert opened(path).count() == 2
    told = [record.getMessage() for record in caplog.records]
    assert [message.split(" has ")[0] for message in told] == [f"companies.csv: row {n}" for n in (2, 3, 4)]
    assert not any(word in " ".join(told) for word in ("赵六", "无代码公司", "9.13301", NAME))


def test_many_bad_rows_are_counted(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    table(tmp_path, *[[str(n), "某公司", "bad"] for n in range(500)], *ROWS)
    assert len(caplog.records) == 21
    assert "500 rows in all" in caplog.text


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no heading"),
        ("名称,法定代表人\n甲,乙\n".encode(), "no heading"),
        (b"PK\x03\x04 not a zip", "Excel"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "before 2007"),
        (b"SQLite format 3\0" + b"\xff" * 200, "SQLite"),
        (b"\x81\xff\xff\xff", "not text in UTF-8"),
    ],
)
def test_what_is_no_table_is_a_usage_error_with_a_remedy(tmp_path: Path, content: bytes, said: str) -> None:
    path = tmp_path / "companies"
    path.write_bytes(content)
    with pytest.raises(UsageError, match=said) as caught:
        opened(path)
    assert caught.value.remedy
    assert list((tmp_path / "cache" / "registry").glob("*")) == [tmp_path / "cache" / "registry" / "secret"]


def test_a_missing_file_and_two_tables_are_usage_errors(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="cannot be read"):
        opened(tmp_path / "nothing.csv")
    with sqlite3.connect(tmp_path / "two.db") as connection:
        connection.execute("CREATE TABLE a (credit_code, name)")
        connection.execute("CREATE TABLE b (credit_code, name)")
    connection.close()
    with pytest.raises(UsageError, match="several tables"):
        opened(tmp_path / "two.db")


def test_a_table_is_indexed_once_until_it_changes(tmp_path: Path) -> None:
    steps: list[str] = []
    path = tmp_path / "companies.csv"
    path.write_text(text([CHINESE, ROWS[0]]), "utf-8")
    settings = Settings(registry=str(path), cache_dir=tmp_path / "cache")
    assert open_registry(settings, steps.append) == open_registry(settings, steps.append)
    assert steps == ["registry"]
    before = next((tmp_path / "cache" / "registry").glob("*.sqlite"))
    path.write_text(text([CHINESE, *ROWS]), "utf-8")
    changed = open_registry(settings, steps.append)
    assert isinstance(changed, TableRegistry)
    assert (steps, changed.count()) == (["registry"] * 2, 2)
    assert before.exists()  # a process that runs since before may look there
    os.utime(before, (0, 0))
    path.write_text(text([CHINESE, ROWS[1]]), "utf-8")
    open_registry(settings)
    assert not before.exists()


def test_what_sqlite_wrote_last_counts(tmp_path: Path) -> None:
    path = tmp_path / "firms.db"
    sqlite(path)
    writer = sqlite3.connect(path)
    writer.execute("PRAGMA journal_mode = WAL")
    assert opened(path).look_up(ASKED).fields["name"] is Agreement.AGREES
    writer.execute("UPDATE firms SET company_name = '杭州新名有限公司' WHERE credit_code = ?", (CODE,))
    writer.commit()  # lies in the write-ahead file as long as the writer is there
    assert opened(path).look_up(ASKED).fields["name"] is Agreement.DIFFERS
    writer.close()


def test_a_lost_secret_makes_no_number_differ(tmp_path: Path) -> None:
    registry = table(tmp_path, *ROWS)
    (registry.index.parent / "secret").unlink()
    assert table(tmp_path, *ROWS).look_up(ASKED).fields == ALL


def test_a_damaged_index_is_no_answer(tmp_path: Path) -> None:
    registry = table(tmp_path, *ROWS)
    registry.index.write_bytes(b"nothing of the kind")
    assert registry.look_up(ASKED).result is Result.UNAVAILABLE


def test_values_stay_out_of_representations(tmp_path: Path) -> None:
    registry = table(tmp_path, *ROWS, registry_id_key="very secret")
    for text_of in (repr(ASKED), repr(registry), repr(registry.look_up(ASKED))):
        assert not any(value in text_of for value in (CODE, NAME, PERSON, NUMBER, "very secret"))


ASKING = """
id: own/registration
title: {zh: 注册, en: registration}
platform: {zh: 某平台, en: some platform}
source: its guide
slots:
  licence: {title: {zh: 营业执照, en: licence}, accepts: [business_licence], required: false, source: "1"}
declared:
  company_name: {title: {zh: 企业名称, en: company name}, kind: organisation, source: "1"}
  credit_code: {title: {zh: 信用代码, en: credit code}, kind: credit_code, source: "1"}
checks:
  - {id: registry, check: CHECK, source: "1", params: PARAMS}
"""


def verdict_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, check: str, params: str, registry: str) -> str:
    """What a submission without files comes to by a profile with one check."""
    (tmp_path / "own").mkdir(exist_ok=True)
    (tmp_path / "built-in").mkdir(exist_ok=True)
    (tmp_path / "own" / "profile.yaml").write_text(ASKING.replace("CHECK", check).replace("PARAMS", params), "utf-8")
    monkeypatch.setattr("validators.loading.BUILT_IN", tmp_path / "built-in")
    settings = Settings(registry=registry, cache_dir=tmp_path / "cache", profiles=tmp_path / "own")
    declared = {"company_name": NAME, "credit_code": CODE}
    checked = verify(Submission("s", "own/registration", declared, ()), settings=settings, as_of=date(2026, 11, 22))
    return next(c.result.value for c in checked.report.checks if c.id == "registry")


def test_the_main_path_opens_the_source_where_a_profile_asks_for_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asks = "{credit_code: declared.credit_code, name: declared.company_name}"
    path = tmp_path / "companies.csv"
    path.write_text(text([CHINESE, *ROWS]), "utf-8")
    assert verdict_of(tmp_path, monkeypatch, "registry_agrees", asks, str(path)) == "passed"
    assert verdict_of(tmp_path, monkeypatch, "registry_agrees", asks, "") == "not_checked"
    with pytest.raises(UsageError):
        verdict_of(tmp_path, monkeypatch, "registry_agrees", asks, str(tmp_path / "no.csv"))
    other = "{value: declared.company_name}"  # nobody asks: a source that is not there is not missed
    assert verdict_of(tmp_path, monkeypatch, "present", other, str(tmp_path / "no.csv")) == "passed"
