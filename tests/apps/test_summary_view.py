"""The summary of a night: what a person needs first, safe with hostile names, whole however long it is."""

from __future__ import annotations

import base64
import hashlib
import re
import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from urllib.parse import unquote

import pytest
from openpyxl import Workbook, load_workbook
from test_html import ATTACKS, Page

from apps import words
from apps.sheets import BAD, DOUBT, GOOD
from apps.summary_view import PAGE, WORKBOOK, write
from apps.words import runs_out, two
from extractors.errors import HeyanError
from pipeline.outage import _TOLD
from pipeline.store import Counts, Run
from pipeline.summary import HORIZONS, Ahead, Open, Summary, Told
from validators.due import Due
from validators.findings import Bilingual, Finding, Severity, Verdict
from validators.loading import load_profiles

AS_OF = date(2026, 11, 22)
PROFILE = "1688/name-verification"
EVIL = [
    "<script>alert(1)</script>",
    '=HYPERLINK("http://x","y")',
    "甲\u202e乙\x1b[31m",
    "half\udcff",
    "no\ufffeway",
    *ATTACKS,
]
A, V, R = Verdict.ACCEPT, Verdict.REVIEW, Verdict.REJECT
SHEETS = ["概要 Summary", "变化 Changed", "新增 New", "到期 Expiring", "失败 Failed", "待取 Waiting"]


def problem(text: str = "身份证已过期。") -> Finding:
    told = two(text, "The ID card is over.")
    return Finding(
        code="DATE_EXPIRED", severity=Severity.ERROR, verdict=R, message=told, remedy=two("请换新证。", "Renew it.")
    )


def told(name: str, verdict: Verdict, before: Verdict | None = None, first: Finding | None = None) -> Told:
    return Told(name, f"file:///in/{name}", PROFILE, verdict, before, f"reports/{name}", first)


def ahead(name: str, days: int, by: str = "id-valid", field: str = "valid_to", profile: str = PROFILE) -> Ahead:
    due = Due(AS_OF + timedelta(days=days), by, field, "id-back.jpg", True)
    within = next(horizon for horizon in HORIZONS if days <= horizon)
    return Ahead(name, f"file:///in/{name}", profile, A, due, days, within)


def night(
    *,
    new: Sequence[Told] = (),
    changed: Sequence[Told] = (),
    unchanged: int = 0,
    left: Sequence[Open] = (),
    due: Sequence[Ahead] = (),
    waiting: Sequence[tuple[str, Bilingual]] = (),
    trouble: Bilingual | None = None,
    state: str = "finished",
    cause: str = "",
) -> Summary:
    begun = datetime(2026, 11, 22, 17, 0, tzinfo=UTC)
    run = Run("r1", "nightly", "/in", "/out", AS_OF, {}, state, cause, begun, begun + timedelta(hours=2))  # type: ignore[arg-type]
    counts = Counts({}, {}, 900, 740, 3, {"read": 157}, {}, ())
    return Summary(run, counts, new, changed, unchanged, left, due, waiting, trouble)


def full() -> Summary:
    return night(
        new=[told("好", A), told("存疑", V, first=problem()), told("坏", R, first=problem())],
        changed=[told("变好", A, R), told("变差", R, A, problem()), told("略好", V, R, problem())],
        unchanged=212,
        left=[
            Open("错", "file:///in/错", "invalid", "", two("没有规则 1688/nmae", "no profile 1688/nmae")),
            Open("断", "file:///in/断", "failed", "files_away", two("OSError: stale", "OSError: stale")),
        ],
        due=[ahead("乙", 60), ahead("丙", 31), ahead("甲", 1), ahead("丁", 90)],
        waiting=[("在路上", two("文件还在传送：a.part", "a file is on its way: a.part"))],
    )


def page_of(summary: Summary, folder: Path) -> str:
    write(summary, folder)
    return (folder / PAGE).read_text("utf-8")


def book_of(summary: Summary, folder: Path) -> Workbook:
    write(summary, folder)
    return load_workbook(folder / WORKBOOK)


def section(page: str, name: str) -> str:
    return re.search(rf'<section id="{name}">.*?</section>', page, re.S).group(0)  # type: ignore[union-attr]


def names_in(part: str) -> list[str]:
    return re.findall(r'<th scope="row".*?<bdi>(.*?)</bdi>', part, re.S)


def headline(page: str) -> str:
    return Page(re.search(r"<h1.*?</h1>", page, re.S).group(0)).text  # type: ignore[union-attr]


def test_the_headline_says_whether_the_night_was_finished_and_what_needs_a_person(tmp_path: Path) -> None:
    page = page_of(full(), tmp_path)
    assert "夜间核验已完成，6 份资料需要处理" in headline(page)  # 存疑 坏 变差 略好 错 断
    assert "6 submissions need a person" in headline(page)
    assert '<body class="review night">' in page
    steps = Page(page[page.index('class="steps"') : page.index('class="facts"')]).text
    for said in ("1 份资料的结论变差了", "2 份没有得出结论", "1 份新资料会被拒绝", "1 份新资料需要人工核对"):
        assert said in steps
    for said in ("1 份资料的结论变好了，但还不能接受", "1 项在 30 天内到期", "收件文件夹里有 1 份留到下次"):
        assert said in steps


def test_the_tiles_tell_the_numbers(tmp_path: Path) -> None:
    tiles = re.findall(r'<a class="tile.*?</a>', page_of(full(), tmp_path), re.S)
    numbers = [re.findall(r"<b>([\d,]+)</b>", tile) for tile in tiles]
    assert numbers == [
        ["3", "1", "1", "1"], ["3", "1", "2"], ["212"], ["2", "1", "1"], ["1"], ["1", "2", "1"], ["157", "740", "3"],
    ]  # fmt: skip


def test_changed_verdicts_show_before_and_now_the_worse_first(tmp_path: Path) -> None:
    changed = section(page_of(full(), tmp_path), "changed")
    assert names_in(changed) == ["变差", "略好", "变好"]
    row = re.findall(r"<tr.*?</tr>", changed, re.S)[1]
    assert re.findall(r'class="chip (\w+)"', row) == ["accept", "reject"]
    for said in ("身份证已过期。", "The ID card is over.", "请换新证。", "企业名称认证", PROFILE):
        assert said in row


def test_new_submissions_that_need_a_person_come_first(tmp_path: Path) -> None:
    new = section(page_of(full(), tmp_path), "new")
    assert names_in(new) == ["坏", "存疑", "好"]
    assert "没有问题" in new.split("<tr")[-1]


def test_what_failed_says_why_and_what_to_do(tmp_path: Path) -> None:
    failed = section(page_of(full(), tmp_path), "open")
    away, wrong = re.findall(r"<tr.*?</tr>", failed, re.S)[1:]
    for said in (
        "断",
        "资料所在的文件夹或存储无法访问。",
        "OSError: stale",
        "请接通后继续。",
        "The next night takes it up.",
    ):
        assert said in away
    for said in ("错", "没有规则 1688/nmae", "no profile 1688/nmae", "请在原处改正", "Mend it where it lies"):
        assert said in wrong


def test_what_runs_out_is_grouped_and_said_in_words_the_soonest_first(tmp_path: Path) -> None:
    due = section(page_of(full(), tmp_path), "ahead")
    assert names_in(due) == ["甲", "丙", "乙", "丁"]
    groups = [Page(group).text.split("\n")[0] for group in due.split("<h3>")[1:]]
    assert [re.sub(r"\s+", " ", group) for group in groups] == [
        "30 天内Within 30 days 1", "31–60 天In 31–60 days 2", "61–90 天In 61–90 days 1",
    ]  # fmt: skip
    first = re.findall(r"<tr.*?</tr>", due, re.S)[1]
    assert '<td class="date" data-label="最后有效日 Last good day">2026-11-22</td>' in first
    for said in (
        "今天最后一天",
        "法定代表人身份证（国徽面） · 有效期止",
        "ID card (emblem side): valid to",
        "id-back.jpg",
    ):
        assert said in first
    assert "<b>31</b>" in due


@pytest.mark.parametrize(
    ("profile", "by", "field", "zh", "how"),
    [
        (PROFILE, "proof-recent", "issued_on", "一般纳税人证明 · 开票日期", "超过规定的期限"),
        (
            PROFILE,
            "proof-licence-term",
            "term_to",
            "营业执照 · 营业期限至",
            "到期",
        ),  # the only kind of proof with a term
        (PROFILE, "registry", "as_of", "工商登记数据", "登记数据过旧"),
        ("alibaba/basic", "renewal", "last_verified_on", "申报的上次认证日期", "须更新"),
        ("alibaba/factory", "equipment-own", "taken_on", "拍摄日期", "照片过旧"),
        ("ciie/invoice", "in-time", "paid_on", "须于付款当年 12 月 31 日前申请开票", ""),
        ("ciie/invoice", "invoice-authentic", "issued_on", "开票日期", "超过可查验的年限"),
        (PROFILE, "taken-away-since", "valid_to", "有效期", ""),
        ("acme/gone", "id-valid", "valid_to", "有效期", ""),
        ("acme/gone", "x", "no_such_field", "no_such_field", ""),
    ],
)
def test_what_runs_out_has_a_name(profile: str, by: str, field: str, zh: str, how: str) -> None:
    what, meaning = runs_out(Due(AS_OF, by, field, runs_out=True), load_profiles().get(profile))
    assert zh in what.zh
    assert (meaning.zh if meaning else "") == how
    assert what.en.isascii()


def test_waiting_folders_tell_the_reason(tmp_path: Path) -> None:
    waiting = section(page_of(full(), tmp_path), "waiting")
    assert names_in(waiting) == ["在路上"]
    assert "文件还在传送：a.part" in waiting
    assert "a file is on its way: a.part" in waiting


def test_an_empty_night_reads_well(tmp_path: Path) -> None:
    page = page_of(night(), tmp_path)
    assert "夜间核验已完成，没有新的问题要处理" in headline(page)
    assert '<body class="accept night">' in page
    assert "<table" not in page
    assert 'class="steps"' not in page
    text = Page(page).text
    for said in ("No verdict changed.", "Nothing failed.", "There was no new submission.", "Nothing was judged"):
        assert said in text
    for said in ("Nothing runs out within 90 days.", "90 天内没有到期的内容。", "Nothing is waiting in the inbox."):
        assert said in text
    book = load_workbook(tmp_path / WORKBOOK)
    assert book.sheetnames == SHEETS
    assert [sheet.max_row for sheet in book.worksheets[1:]] == [1] * 5


@pytest.mark.parametrize("cause", sorted(_TOLD))
def test_a_stopped_night_shows_its_cause_and_the_remedy(tmp_path: Path, cause: str) -> None:
    left = [Open("断", "o1", "failed", cause, None), Open("等", "o2", "waiting", "", None)]
    page = page_of(night(state="stopped", cause=cause, left=left), tmp_path)
    assert "夜间核验没有做完" in headline(page)
    assert '<body class="reject night">' in page
    alarm = Page(page[page.index('class="alarm"') : page.index('class="steps"')]).text
    zh, then = words.CAUSES[cause]
    message, remedy = (text.replace("`", "") for text in _TOLD[cause])
    for said in (zh, then, message, remedy, "heyan nightly"):
        assert said in alarm
    assert names_in(section(page, "open")) == ["断", "等"]
    assert "夜间核验停止前还没有轮到。" in page
    counts = {row[0]: row[1] for row in load_workbook(tmp_path / WORKBOOK).worksheets[0].values}
    assert counts["做完 Finished"] == "否 no"
    assert zh in str(counts["停止的原因 Stopped because"])


@pytest.mark.parametrize(
    ("state", "cause", "zh", "en"),
    [
        ("stopped", "interrupted", "夜间核验被人为中断。", "The night was interrupted."),
        ("stopped", "internal KeyError", "程序内部错误（internal KeyError）。", "output of heyan doctor"),
        ("stopped", "moon", "因外部原因没有完成（moon）。", "(moon)"),
        ("running", "", "夜间核验还没有结束。", "has not ended yet"),
    ],
)
def test_other_causes_are_told_too(tmp_path: Path, state: str, cause: str, zh: str, en: str) -> None:
    page = page_of(night(state=state, cause=cause), tmp_path)
    assert "夜间核验没有做完" in headline(page)
    assert zh in Page(page).text
    assert en in Page(page).text


def test_an_inbox_that_cannot_be_read_is_no_quiet_night(tmp_path: Path) -> None:
    page = page_of(night(trouble=two("收件文件夹无法读取。", "The inbox cannot be read (PermissionError).")), tmp_path)
    assert "收件文件夹无法读取" in headline(page)
    assert "PermissionError" in page
    assert "HEYAN_INBOX" in page
    assert "Nothing is waiting" not in page


@pytest.mark.parametrize("name", ["云 帆#1", "100%", "a?b&c", "(2)", "普通"])
def test_each_row_leads_to_its_report(tmp_path: Path, name: str) -> None:
    with_page, without = told(name, R, A), told(name + "x", V)
    (tmp_path / with_page.report).mkdir(parents=True)
    (tmp_path / with_page.report / "report.html").touch()
    page = page_of(night(changed=[with_page], new=[without]), tmp_path)
    links = [Page(section(page, part)).all("a")[0]["href"] for part in ("changed", "new")]
    assert [unquote(link or "") for link in links] == [f"reports/{name}/report.html", f"reports/{name}x/report.json"]
    assert all(re.fullmatch(r"reports/[\w.~%-]+/report\.(html|json)", link or "", re.ASCII) for link in links)
    book = load_workbook(tmp_path / WORKBOOK)
    link = book["变化 Changed"]["G2"].hyperlink
    assert link
    assert unquote(link.target or "") == f"reports/{name}/report.html"


def hostile(name: str) -> Summary:
    first = problem(name)
    return night(
        new=[told(name, V, first=first)],
        changed=[told(name, R, A, first.model_copy(update={"code": name, "remedy": two(name, name)}))],
        left=[Open(name, name, name, name, two(name, name)), Open(name, name, "invalid", name, two(name, name))],
        due=[ahead(name, 3, field=name, profile=name), ahead(name, 3, by=name)],
        waiting=[(name, two(name, name))],
        trouble=two(name, name),
        state="stopped",
        cause=name,
    )


@pytest.mark.parametrize("name", EVIL)
def test_names_never_become_markup_or_formulas(tmp_path: Path, name: str) -> None:
    clean = Page(page_of(hostile("plain"), tmp_path))
    page = page_of(hostile(name), tmp_path)
    seen = Page(page)
    assert {tag for tag, _ in seen.tags} == {tag for tag, _ in clean.tags}
    assert not any(attribute.startswith("on") for _, attributes in seen.tags for attribute in attributes)
    assert words.visible(name) in seen.text
    assert not set("\u202e\x1b\ufffe") & set(page)
    book = load_workbook(tmp_path / WORKBOOK)
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    assert "f" not in {cell.data_type for cell in cells}
    assert book["新增 New"]["A2"].value == words.visible(name)
    assert all((cell.hyperlink.target or "").startswith("reports/") for cell in cells if cell.hyperlink)


def test_the_page_stands_alone_and_runs_nothing(tmp_path: Path) -> None:
    text = page_of(full(), tmp_path)
    page = Page(text)
    assert {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "form", "base", "object"} == set()
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    style = re.search(r"<style>(.*?)</style>", text, re.S).group(1)  # type: ignore[union-attr]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy == f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    assert not any("src" in attributes or "style" in attributes for _, attributes in page.tags)
    assert not re.search(r"url\(|@import|https?://", text.replace("http-equiv", ""))
    ids = {attributes.get("id") for _, attributes in page.tags}
    for link in filter(None, (a.get("href") for a in page.all("a"))):
        assert link[1:] in ids if link.startswith("#") else link.startswith("reports/") or link == WORKBOOK


def test_ten_thousand_changes_take_seconds_and_the_page_is_cut(tmp_path: Path) -> None:
    many = [told(f"公司 {number:05}", R, A, problem()) for number in range(10_000)]
    begun = time.process_time()
    write(night(changed=many), tmp_path)
    assert time.process_time() - begun < 30
    page = (tmp_path / PAGE).read_text("utf-8")
    assert len(names_in(section(page, "changed"))) == 500
    text = Page(page).text
    assert "另有 9,500 行没有列出" in text
    assert "9,500 more rows are not shown" in text
    assert "10,000 submissions need a person" in text
    assert len(page) < 1_500_000
    rows = load_workbook(tmp_path / WORKBOOK, read_only=True)["变化 Changed"].iter_rows()
    assert sum(1 for _ in rows) == 10_001


def test_five_hundred_rows_are_not_cut(tmp_path: Path) -> None:
    page = page_of(night(new=[told(f"n{number}", A) for number in range(500)]), tmp_path)
    assert len(names_in(section(page, "new"))) == 500
    assert "没有列出" not in page


def test_the_workbook(tmp_path: Path) -> None:
    book = book_of(full(), tmp_path)
    assert book.sheetnames == SHEETS
    for sheet in book.worksheets:
        assert (sheet.freeze_panes, bool(sheet.auto_filter.ref)) == ("B2", True)
    changed, new, due, failed = (book[title] for title in SHEETS[1:5])
    colours = [[changed.cell(row, at).fill.fgColor.rgb[-6:] for at in (2, 3)] for row in (2, 3, 4)]
    assert colours == [[GOOD, BAD], [BAD, DOUBT], [BAD, GOOD]]
    assert [new.cell(row, 1).value for row in (2, 3, 4)] == ["坏", "存疑", "好"]
    assert [due.cell(row, 2).value.date().isoformat() for row in (2, 3)] == ["2026-11-22", "2026-12-22"]
    assert [due.cell(row, 3).value for row in range(2, 6)] == [1, 31, 60, 90]
    assert "法定代表人身份证（国徽面）" in due["E2"].value
    assert [failed.cell(row, 1).value for row in (2, 3)] == ["断", "错"]
    counts = {row[0]: row[1] for row in book["概要 Summary"].values}
    assert counts["结论变差 Verdict got worse"] == 1
    assert counts["结论未变 Verdict unchanged"] == 212
    assert [counts[f"{days} 天内到期 Run out within {days} days"] for days in HORIZONS] == [1, 3, 4]
    assert counts["读取的文件 Files read"] == 157


def test_broken_rules_of_ones_own_cost_only_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEYAN_PROFILES", str(tmp_path / "gone"))
    assert "有效期" in section(page_of(full(), tmp_path), "ahead")


def test_both_are_whole_or_not_there(tmp_path: Path) -> None:
    write(full(), tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [PAGE, WORKBOOK]
    with pytest.raises(HeyanError):
        write(full(), tmp_path / "gone")


def test_the_same_night_gives_the_same_page(tmp_path: Path) -> None:
    assert page_of(full(), tmp_path) == page_of(full(), tmp_path)
