"""The HTML report: everything is in it, nothing in it can run or call out."""

from __future__ import annotations

import base64
import hashlib
import re
from html.parser import HTMLParser

import cv2
import numpy as np
import pytest
from sample_report import CODE, READ_CODE, sample_pictures, sample_profile, sample_report

from apps.html import render
from apps.pictures import PAGE_SIDE
from extractors.errors import DocumentError
from extractors.model import Field, Status
from pipeline.report import Report
from validators.findings import Verdict

ATTACKS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "</title></style></script><b>",
    "{{ 7 * 7 }}",
    "javascript:alert(1)",
    "' onmouseover='x",
]


class Page(HTMLParser):
    """Every tag with its attributes, and all text outside style and script."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text, self.scripts, self._inside = "", "", ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self._inside = tag

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts += data
        elif self._inside != "style":
            self.text += data

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def rendered(report: Report | None = None, **more: object) -> str:
    return render(report or sample_report(), sample_pictures, profile=sample_profile(), **more)  # type: ignore[arg-type]


def jpeg(uri: str | None) -> np.ndarray:
    assert uri
    data = base64.b64decode(uri.removeprefix("data:image/jpeg;base64,"), validate=True)
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    return picture


@pytest.mark.parametrize(
    ("verdict", "words"), [(Verdict.ACCEPT, "会被接受"), (Verdict.REVIEW, "需要人工核对"), (Verdict.REJECT, "会被拒绝")]
)
def test_the_verdict_comes_first_in_plain_words(verdict: Verdict, words: str) -> None:
    page = rendered(sample_report(verdict))
    assert re.search(r"<h1[^>]*>(.*?)</h1>", page, re.S).group(1).count(words) == 1  # type: ignore[union-attr]
    assert page.index("<h1") < page.index("<h2")
    assert f'<body class="{verdict.value}">' in page


def test_every_finding_shows_message_remedy_values_and_source() -> None:
    report = sample_report()
    text = Page(rendered(report)).text
    for finding in report.findings:
        for said in (finding.message.zh, finding.message.en, finding.remedy.zh, finding.remedy.en, finding.code):
            assert said in text
    assert "依据" in text
    assert "X-2" in text


def test_what_to_do_first_is_only_what_leads_to_the_verdict() -> None:
    page = rendered()
    steps = page[page.index('class="steps"') : page.index('class="facts"')]
    assert "请核对申报的统一社会信用代码" in steps
    assert "彩色" not in steps


def test_evidence_is_cut_out_with_its_frame() -> None:
    page = rendered()
    article = page[page.index('id="finding-1"') : page.index('id="finding-2"')]
    cut = jpeg(re.search(r'<img src="([^"]+)"', article).group(1))  # type: ignore[union-attr]
    height, width = cut.shape[:2]
    assert 600 <= width <= 910
    assert height < width / 4
    red = (cut[:, :, 2].astype(int) - cut[:, :, 0] > 90).sum()
    assert red > width  # the outline goes around


def test_evidence_without_a_place_shows_the_page_small() -> None:
    page = rendered()
    article = page[page.index('id="finding-2"') : page.index('id="finding-3"')]
    assert "class=whole" in article
    assert max(jpeg(re.search(r'<img src="([^"]+)"', article).group(1)).shape) == 280  # type: ignore[union-attr]


def test_pages_are_small_and_each_located_field_is_numbered_on_its_own_page() -> None:
    page = rendered()
    sheets = re.findall(r'<div class="sheet">(.*?)</svg>', page, re.S)
    assert len(sheets) == 3
    for sheet in sheets:
        assert max(jpeg(re.search(r'src="([^"]+)"', sheet).group(1)).shape) <= PAGE_SIDE  # type: ignore[union-attr]
    assert [len(re.findall("<polygon", sheet)) for sheet in sheets] == [5, 2, 1]
    boxes = set(re.findall(r'<g class="box[^"]*" data-key="([^"]+)"', page))
    rows = set(re.findall(r'<tr data-key="([^"]+)"', page))
    assert boxes <= rows


def test_each_page_is_asked_for_once() -> None:
    asked = []

    def pictures(file: str, page: int) -> np.ndarray:
        asked.append((file, page))
        return sample_pictures(file, page)  # type: ignore[return-value]

    render(sample_report(), pictures, profile=sample_profile())
    assert asked == [("licence.jpg", 1), ("invoice.pdf", 1), ("invoice.pdf", 2)]


def test_differences_between_declared_and_read_are_marked() -> None:
    page = rendered()
    row = re.search(rf"<tr><th[^>]*>(?:(?!</tr>).)*{CODE}.*?</tr>", page, re.S).group(0)  # type: ignore[union-attr]
    assert "不一致" in row
    assert re.findall("<mark>(.*?)</mark>", row) == ["8"]
    capital = re.search(r"<tr><th[^>]*>(?:(?!</tr>).)*500万元.*?</tr>", page, re.S).group(0)  # type: ignore[union-attr]
    assert "一致" in capital
    assert "<mark>" not in capital  # the check held them equal


def test_what_was_not_checked_stands_apart_and_never_under_passed() -> None:
    page = rendered()
    passed = page[page.index("group passed") :]
    not_checked = page[page.index("group not_checked") : page.index("group passed")]
    assert "licence-address" in not_checked
    assert "address is missing" in not_checked
    assert "NOT CHECKED" in not_checked
    assert "licence-address" not in passed


def test_what_several_checks_say_is_told_once_with_all_sources() -> None:
    report = sample_report()
    again = report.findings[1].model_copy(update={"source": "1688-9.9"})
    page = rendered(report.model_copy(update={"findings": [*report.findings, again]}))
    assert page.count('<article class="finding') == len(report.findings)
    assert "1688-2.1, 1688-9.9" in page


def test_identifiers_are_shown_in_words_but_document_text_as_it_is() -> None:
    report = sample_report(name="duplicate")
    report.documents[0].fields["copy_kind"] = Field(value="duplicate", raw="副本", status=Status.READ)
    rows = re.findall(r"<tr data-key.*?</tr>", rendered(report), re.S)
    assert any("正副本" in row and "副本</span>" in row for row in rows)
    assert any("名称" in row and "<bdi><span>duplicate</span></bdi>" in row for row in rows)


def test_no_findings_with_unchecked_work_does_not_read_as_fine() -> None:
    text = Page(rendered(sample_report(Verdict.REVIEW))).text
    assert "但有 1 项必需的检查未能进行" in text


@pytest.mark.parametrize("attack", ATTACKS)
def test_document_text_never_becomes_markup(attack: str) -> None:
    clean, report = Page(rendered()), sample_report(name=attack)
    licence = report.documents[0]
    licence.file = licence.slot = licence.type = attack
    licence.quality[attack] = attack
    licence.fields[attack] = Field(value=attack, raw=attack, status=Status.READ, reason=attack, alternates=(attack,))
    report.declared[attack] = attack
    report.engine[attack] = attack
    report.notes[0]["zh"] = attack
    report.submission = attack
    report.findings[1] = report.findings[1].model_copy(update={"document": attack, "actual": attack, "field": attack})
    page = Page(rendered(report))
    assert page.scripts == clean.scripts
    assert {tag for tag, _ in page.tags} <= {tag for tag, _ in clean.tags} | {"small", "mark", "figure"}
    assert not any(name.startswith("on") for _, attributes in page.tags for name in attributes)
    assert attack in page.text


def test_controls_and_direction_tricks_are_made_visible() -> None:
    page = rendered(sample_report(name="甲\u202e乙\x1b[31m\x00丙\ud800"))
    assert not set("\u202e\x1b\x00\ud800") & set(page)
    assert "甲�乙�[31m�丙�" in page
    page.encode("utf-8")


def test_the_file_stands_alone() -> None:
    page = Page(rendered())
    policy = next(m["content"] for m in page.all("meta") if m.get("http-equiv") == "Content-Security-Policy")
    assert policy
    assert "default-src 'none'" in policy
    digest = base64.b64encode(hashlib.sha256(page.scripts.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy  # only our script, not just any inline one
    assert not page.all("link")
    assert not page.all("iframe")
    for tag, attributes in page.tags:
        assert not (attributes.get("src") or "data:").removeprefix("data:").startswith("http"), tag
        assert (attributes.get("href") or "#").startswith("#"), tag
    assert not re.search(r"url\(|@import|https?://", rendered().replace("http-equiv", ""))


def test_every_link_leads_somewhere() -> None:
    page = Page(rendered())
    ids = {attributes.get("id") for _, attributes in page.tags}
    assert {a["href"] for a in page.all("a")} <= {f"#{i}" for i in ids}


@pytest.mark.parametrize("language", ["zh", "en", "both"])
def test_all_languages_are_in_it_and_one_is_chosen(language: str) -> None:
    page = rendered(language=language)
    assert f'data-lang="{language}"' in page
    assert "会被拒绝" in page
    assert "Would be refused" in page


def test_the_same_report_gives_the_same_bytes() -> None:
    assert rendered() == rendered()


def test_a_picture_that_cannot_be_made_is_said_not_raised() -> None:
    def broken(file: str, page: int) -> np.ndarray:
        raise DocumentError("FILE_DAMAGED")

    text = Page(render(sample_report(), broken, profile=sample_profile())).text
    assert "第 1 页没有图像" in text
    assert READ_CODE in text


@pytest.mark.parametrize(
    "box",
    [
        ((-9e9, 0.0), (9e9, 0.0), (9e9, 5.0), (-9e9, 5.0)),
        ((float("nan"),) * 2,) * 4,
        ((1399.0, 999.0),) * 4,
        ((5000.0, 5000.0), (5100.0, 5000.0), (5100.0, 5100.0), (5000.0, 5100.0)),
    ],
)
def test_a_box_off_the_page_does_no_harm(box: tuple[tuple[float, float], ...]) -> None:
    report = sample_report()
    evidence = report.findings[1].evidence[0].model_copy(update={"box": box})
    report.findings[1] = report.findings[1].model_copy(update={"evidence": (evidence,)})
    assert 'id="finding-1"' in rendered(report)


def test_without_profile_documents_or_findings_it_still_renders() -> None:
    report = sample_report(Verdict.REVIEW)
    report.documents, report.checks, report.notes, report.declared = [], [], [], {}
    page = render(report)
    assert "没有可用的文件" in page
    assert "没有做任何检查" in page
