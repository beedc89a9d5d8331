"""The main path from files to verdict, with pages whose text is given: what goes where, and what is said about it."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow

from extractors.errors import SubmissionError
from extractors.model import Status, TextLine
from pipeline import orientation
from pipeline.pages import Image
from pipeline.reading import red_pixels, suppress_red
from pipeline.report import DocumentReport, Report
from pipeline.settings import Settings
from pipeline.submission import Submission, SubmittedFile, load_submission
from pipeline.verify import extract, verify
from tests.documents_by_hand import (
    DECLARED,
    LICENCE,
    NAME,
    PROFILE,
    Scripted,
    drawn,
    paper,
    save,
    submission,
)
from tests.extractors.lines_on_pages import at
from validators.findings import CheckResult, Verdict

ROOT = Path(__file__).parents[2]
DAY = date(2026, 11, 22)
OTHER = "宁波远桥贸易有限公司"


@pytest.fixture(autouse=True)
def upright(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orientation, "proposed_rotation", lambda _: 0)


def judged(given: Submission, reader: Scripted | None = None, as_of: date = DAY, **limits: Any) -> Report:
    return verify(given, settings=Settings(**limits), as_of=as_of, reader=reader or Scripted()).report


def codes(report: Report, document: str | None = None) -> set[str]:
    return {f.code for f in report.findings if document in (None, f.document)}


def result(report: Report, check: str) -> CheckResult:
    return next(c.result for c in report.checks if c.id == check)


def as_pdf(path: Path, *names: str) -> SubmittedFile:
    """Pages as pictures in one PDF, at 200 dpi, so that they come out as large as they went in."""
    pages = [Pillow.fromarray(cv2.cvtColor(drawn(name), cv2.COLOR_BGR2RGB)) for name in names]
    pages[0].save(path, save_all=True, append_images=pages[1:], resolution=200.0, quality=95)
    return SubmittedFile(path, path.name)


def test_a_whole_submission_is_accepted_and_reported_in_full(tmp_path: Path) -> None:
    report = judged(submission(tmp_path))
    assert report.verdict is Verdict.ACCEPT
    assert (report.submission, report.profile, report.as_of) == ("by-hand", PROFILE, "2026-11-22")
    assert report.declared == DECLARED
    assert report.engine == {"engine": "scripted"}
    assert [(d.file, d.type, d.side, d.slot) for d in report.documents] == [
        ("licence.png", "business_licence", "", "business_licence"),
        ("front.png", "id_card", "front", "id_card_front"),
        ("back.png", "id_card", "back", "id_card_back"),
        ("permit.png", "account_permit", "", "account_permit"),
    ]
    assert all(d.sha256 and d.bytes and d.format == "png" and len(d.pages) == 1 for d in report.documents)
    assert report.documents[0].fields["credit_code"].status is Status.VERIFIED
    assert report.documents[0].fields["name"].status is Status.READ
    assert {"open", "read", "extract", "prove", "quality", "judge", "total"} <= set(report.timings_ms)
    assert report.notes
    text = report.model_dump_json(by_alias=True)
    assert Report.model_validate_json(text).model_dump_json(by_alias=True) == text


def test_files_without_slots_find_them(tmp_path: Path) -> None:
    files = [replace(save(tmp_path, name), slot=None) for name in ("permit", "back", "licence", "front")]
    report = judged(submission(tmp_path, *files))
    assert report.verdict is Verdict.ACCEPT
    assert [d.slot for d in report.documents] == [
        "account_permit", "id_card_back", "business_licence", "id_card_front",
    ]  # fmt: skip


def test_a_pdf_is_split_into_its_documents(tmp_path: Path) -> None:
    report = judged(submission(tmp_path, as_pdf(tmp_path / "all.pdf", "licence", "front", "back", "permit")))
    assert report.verdict is Verdict.ACCEPT
    assert [(d.part, d.type, d.side, [p.number for p in d.pages]) for d in report.documents] == [
        (1, "business_licence", "", [1]), (2, "id_card", "both", [2, 3]), (3, "account_permit", "", [4]),
    ]  # fmt: skip
    assert {d.sha256 for d in report.documents} == {report.documents[0].sha256}
    card = report.documents[1].fields
    assert (card["id_number"].page, card["valid_to"].page) == (2, 3)


def test_two_permits_in_a_pdf_are_two_documents_and_a_question(tmp_path: Path) -> None:
    report = judged(submission(tmp_path, as_pdf(tmp_path / "all.pdf", "licence", "front", "back", "permit", "permit")))
    assert [d.type for d in report.documents].count("account_permit") == 2
    assert report.verdict is not Verdict.ACCEPT
    assert "PROFILE_SEVERAL_DOCUMENTS" in codes(report)


def test_both_sides_of_a_card_on_one_page_fill_both_slots(tmp_path: Path) -> None:
    files = [save(tmp_path, name) for name in ("licence", "permit")]
    both = replace(save(tmp_path, "both"), slot="id_card_front")
    for card in (both, replace(both, slot="id_card_back"), replace(both, slot="id_card"), replace(both, slot=None)):
        report = judged(submission(tmp_path, *files, card))
        assert report.verdict is Verdict.ACCEPT
        assert report.documents[2].side == "both"
        assert result(report, "slot:id_card_front") is result(report, "slot:id_card_back") is CheckResult.PASSED


def test_a_missing_document_is_named_and_refused(tmp_path: Path) -> None:
    report = judged(submission(tmp_path, *(save(tmp_path, n) for n in ("licence", "front", "permit"))))
    assert report.verdict is Verdict.REJECT
    assert [f.field for f in report.findings if f.code == "PROFILE_DOCUMENT_MISSING"] == ["id_card_back"]
    assert result(report, "id-valid") is CheckResult.NOT_CHECKED


@pytest.mark.parametrize(
    ("shown", "code", "verdict"),
    [("permit", "TYPE_WRONG", Verdict.REJECT), ("strange", "TYPE_UNKNOWN", Verdict.REVIEW),
     ("empty", "TYPE_UNKNOWN", Verdict.REVIEW)],
)  # fmt: skip
def test_a_wrong_document_in_a_slot_is_a_finding(tmp_path: Path, shown: str, code: str, verdict: Verdict) -> None:
    wrong = save(tmp_path, "licence", drawn(shown))
    report = judged(submission(tmp_path, wrong, *(save(tmp_path, n) for n in ("front", "back", "permit"))))
    assert report.verdict is verdict
    assert code in codes(report, "licence.png")
    assert result(report, "slot:business_licence") is not CheckResult.PASSED
    assert result(report, "licence-name") is CheckResult.NOT_CHECKED


def test_the_wrong_side_of_a_card_is_told(tmp_path: Path) -> None:
    files = [save(tmp_path, n) for n in ("licence", "front", "back", "permit")]
    files[1], files[2] = replace(files[1], slot="id_card_back"), replace(files[2], slot="id_card_front")
    report = judged(submission(tmp_path, *files))
    assert report.verdict is Verdict.REJECT
    assert "TYPE_WRONG_SIDE" in codes(report)


def test_a_document_nobody_asked_for_is_told_and_does_no_harm(tmp_path: Path) -> None:
    given = submission(tmp_path)
    more = replace(given, files=(*given.files, save(tmp_path, "strange")))
    report = judged(more)
    assert codes(report, "strange.png") == {"TYPE_UNKNOWN_EXTRA"}
    assert report.documents[-1].slot is None


@pytest.mark.parametrize(
    ("limits", "code"),
    [({"max_file_bytes": 1000}, "FILE_TOO_LARGE"), ({"max_pixels": 1000}, "FILE_TOO_MANY_PIXELS"),
     ({"max_decoded_bytes": 1000}, "FILE_DECODED_TOO_LARGE")],
)  # fmt: skip
def test_a_file_over_a_limit_is_not_read_and_not_accepted(tmp_path: Path, limits: dict[str, int], code: str) -> None:
    reader = Scripted()
    report = judged(submission(tmp_path), reader, **limits)
    assert report.verdict is not Verdict.ACCEPT
    assert code in codes(report)
    assert reader.seen == []
    assert len(report.documents) == 4


def test_a_pdf_of_too_many_pages_is_not_read(tmp_path: Path) -> None:
    reader = Scripted()
    given = submission(tmp_path, as_pdf(tmp_path / "all.pdf", *["licence"] * 4))
    report = judged(given, reader, max_pages=3)
    assert codes(report, "all.pdf") == {"FILE_TOO_MANY_PAGES"}
    assert reader.seen == []


def test_one_unreadable_file_does_not_cost_the_others(tmp_path: Path) -> None:
    given = submission(tmp_path)
    (tmp_path / "permit.png").write_bytes(b"\x89PNG\r\n\x1a\n broken")
    report = judged(given)
    assert report.verdict is not Verdict.ACCEPT
    assert [(d.file, d.type) for d in report.documents][3] == ("permit.png", "unknown")
    assert len({c for c in codes(report, "permit.png") if c.startswith("FILE_")}) == 1
    assert result(report, "licence-name") is CheckResult.PASSED
    assert result(report, "permit-account") is CheckResult.NOT_CHECKED


def test_the_platforms_own_file_limit_is_a_finding(tmp_path: Path) -> None:
    given = submission(tmp_path)
    with (tmp_path / "licence.png").open("ab") as file:
        file.write(bytes(10_000_001))  # a PNG ends at its last chunk: the rest is only weight
    report = judged(given)
    assert "FILE_OVER_SLOT_LIMIT" in codes(report, "licence.png")
    assert report.verdict is Verdict.REJECT


def test_ignored_files_are_named(tmp_path: Path) -> None:
    for name in ("licence", "front", "back", "permit"):
        save(tmp_path, name)
    (tmp_path / "notes.txt").write_text("x")
    (tmp_path / "declared.yaml").write_text("".join(f'{k}: "{v}"\n' for k, v in DECLARED.items()), "utf-8")
    report = judged(load_submission(tmp_path, PROFILE, tmp_path / "declared.yaml"))
    assert report.verdict is Verdict.ACCEPT
    assert {f.document for f in report.findings if f.code == "FILE_IGNORED"} == {"notes.txt", "declared.yaml"}


def test_dates_are_judged_as_of_the_day_given(tmp_path: Path) -> None:
    given = submission(tmp_path)
    assert "DATE_EXPIRES_SOON" in codes(judged(given, as_of=date(2035, 3, 9)))
    over = judged(given, as_of=date(2035, 3, 10))
    assert (over.verdict, "DATE_EXPIRED" in codes(over)) == (Verdict.REJECT, True)
    early = judged(given, as_of=date(2015, 3, 8))
    assert (early.verdict, "DATE_NOT_YET_VALID" in codes(early)) == (Verdict.REJECT, True)


@pytest.mark.parametrize(
    ("declared", "code", "verdict"),
    [
        ({"company_name": OTHER, "account_name": OTHER}, "MATCH_DIFFERENT", Verdict.REJECT),
        ({"company_name": NAME.replace("云", "去"), "account_name": NAME}, None, None),
        ({"mobile": "1380000000"}, "PROFILE_DECLARED_MALFORMED", Verdict.REJECT),
        ({"mobile": ""}, "PROFILE_DECLARED_MISSING", None),
        ({"account_number": "1202026209900097045"}, "MATCH_DIFFERENT", Verdict.REJECT),
        ({"legal_representative": "李若川"}, "MATCH_DIFFERENT", Verdict.REJECT),
    ],
)  # fmt: skip
def test_what_was_declared_otherwise_is_not_accepted(
    tmp_path: Path, declared: dict[str, str], code: str | None, verdict: Verdict | None
) -> None:
    report = judged(submission(tmp_path, **declared))
    assert report.verdict is not Verdict.ACCEPT
    if code:
        assert code in codes(report)
    if verdict:
        assert report.verdict is verdict


@pytest.mark.parametrize(
    ("change", "says"),
    [({"profile": None}, "--profile"), ({"profile": "no/such"}, "1688/name-verification"),
     ({"declared": {"credit_cod": "x"}}, "credit_cod")],
)  # fmt: skip
def test_what_cannot_be_judged_as_written_is_refused_before_reading(
    tmp_path: Path, change: dict[str, Any], says: str
) -> None:
    reader = Scripted()
    with pytest.raises(SubmissionError, match=says):
        judged(replace(submission(tmp_path), **change), reader)
    slot = replace(save(tmp_path, "licence"), slot="no_such_slot")
    with pytest.raises(SubmissionError, match="no_such_slot"):
        judged(submission(tmp_path, slot), reader)
    assert reader.seen == []


def test_a_grey_card_is_refused_where_colour_is_asked_for(tmp_path: Path) -> None:
    image = drawn("front")
    grey = cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)
    given = submission(tmp_path)
    save(tmp_path, "front", grey)
    report = judged(given)
    assert (report.verdict, codes(report, "front.png")) == (Verdict.REJECT, {"QUALITY_GREY"})


class SeesThroughSeals(Scripted):
    """A reader that reads a name otherwise where the red has been taken off, on any part of the page it is shown."""

    def __init__(self, page: Image, first: str, second: str) -> None:
        super().__init__()
        self.page, self.first, self.second = page, first, second
        self.patches = 0

    def read(self, image: Image, page: int = 1) -> tuple[TextLine, ...]:
        if np.array_equal(image, self.page):
            return tuple(replace(a, text=self.first) if a.text == NAME else a for a in LICENCE)
        assert not red_pixels(image)[0].mean(), "the second look is to be without the seal"
        self.patches += 1
        found = cv2.matchTemplate(suppress_red(self.page), image, cv2.TM_SQDIFF)
        left, top = cv2.minMaxLoc(found)[2]
        (line,) = (a for a in LICENCE if a.text == NAME)
        a, b, c, d = ((x - left, y - top) for x, y in line.box)
        return (replace(line, text=self.second, box=(a, b, c, d)),)


@pytest.mark.parametrize(
    ("first", "second", "status"),
    [
        (NAME, NAME, Status.READ),
        ("", NAME, Status.READ),
        ("杭州云帆数字科枝有限公司", NAME, Status.DOUBTFUL),
    ],
    ids=["agree", "fills a gap", "differ"],
)
def test_what_lies_under_a_seal_is_read_again(tmp_path: Path, first: str, second: str, status: Status) -> None:
    image = paper("licence")
    dots = np.random.default_rng(1).integers((0, 0), (image.shape[1], image.shape[0]), (600, 2))
    for x, y in dots.tolist():  # something to tell one part of the page from another by
        cv2.circle(image, (x, y), 2, (20, 20, 20), -1)
    cv2.circle(image, (300, 270), 70, (60, 60, 220), 6)
    for turn in np.radians(range(0, 360, 30)).tolist():  # the writing along its line
        x, y = round(300 + 50 * np.cos(turn)), round(270 + 50 * np.sin(turn))
        cv2.rectangle(image, (x - 6, y - 6), (x + 6, y + 6), (60, 60, 220), 2)
    reader = SeesThroughSeals(image, first, second)
    (document,) = extract_one(save(tmp_path, "licence", image).path, reader)
    assert reader.patches >= 1
    found = document.fields["name"]
    assert found.status is status
    if status is Status.READ:
        assert found.value == NAME
    else:
        assert {str(found.value), *found.alternates} == {first, second}
        assert found.reason == "readings_differ"


def extract_one(path: Path, reader: Scripted) -> list[DocumentReport]:
    return extract([path], settings=Settings(), reader=reader).documents


def test_extract_keeps_the_order_of_its_arguments_and_knows_no_rules(tmp_path: Path) -> None:
    paths = [save(tmp_path, name).path for name in ("permit", "strange", "licence")]
    (tmp_path / "empty.jpg").write_bytes(b"")
    extraction = extract([*paths, tmp_path / "empty.jpg"], settings=Settings(), reader=Scripted())
    assert [d.type for d in extraction.documents] == ["account_permit", "unknown", "business_licence", "unknown"]
    assert [f.code for f in extraction.findings if f.code.startswith("FILE_")] == ["FILE_EMPTY"]
    assert not {c for c in codes_of(extraction.findings) if c.startswith(("PROFILE_", "MATCH_", "CROSS_"))}


def codes_of(findings: Any) -> set[str]:
    return {f.code for f in findings}


def test_progress_names_each_file_and_page(tmp_path: Path) -> None:
    said: list[str] = []
    given = submission(tmp_path, as_pdf(tmp_path / "all.pdf", "licence", "front"))
    verify(given, settings=Settings(), as_of=DAY, reader=Scripted(), progress=said.append)
    assert said == ["reading all.pdf, page 1 of 2", "reading all.pdf, page 2 of 2", "checking"]


def test_the_picture_of_any_page_can_be_had_upright(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orientation, "proposed_rotation", lambda _: 90)
    turned = cv2.rotate(drawn("licence"), cv2.ROTATE_90_COUNTERCLOCKWISE)
    given = submission(tmp_path, save(tmp_path, "licence", turned))
    checked = verify(given, settings=Settings(), as_of=DAY, reader=Scripted())
    picture = checked.pictures("licence.png", 1)
    assert checked.report.documents[0].pages[0].rotation == 90
    assert picture is not None
    assert np.array_equal(picture, drawn("licence"))


def test_a_text_pdf_needs_no_engine() -> None:
    code = """
import sys
from datetime import date
from pathlib import Path
from pipeline.settings import Settings
from pipeline.submission import Submission, SubmittedFile
from pipeline.verify import verify
file = Path("samples/submissions/accept-rongyishou/invoice.pdf")
report = verify(
    Submission("one", "1688/rongyishou", {}, (SubmittedFile(file, file.name),)),
    settings=Settings(), as_of=date(2026, 11, 22),
).report
(invoice,) = report.documents
assert invoice.type == "vat_invoice", invoice.type
assert invoice.pages[0].source == "text"
assert report.engine == {"engine": "none needed"}
print(sorted({"paddleocr", "paddlex", "onnxruntime"} & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr


def test_one_line_more_on_a_licence_does_not_change_what_is_printed(tmp_path: Path) -> None:
    note = at(80, 560, "仅供1688平台认证使用，再次复印无效")
    report = judged(submission(tmp_path), Scripted({"licence": (*LICENCE, note)}))
    assert report.verdict is Verdict.ACCEPT


def test_a_document_saved_by_a_picture_editor_goes_to_a_person(tmp_path: Path) -> None:
    given = submission(tmp_path)
    tags = Pillow.Exif()
    tags[0x0131] = "Adobe Photoshop CC 2019 (Windows)"
    Pillow.fromarray(drawn("licence")[:, :, ::-1]).save(tmp_path / "licence.png", exif=tags)
    report = judged(given)
    (edited,) = [f for f in report.findings if f.code == "AUTH_PHOTO_EDITED"]
    assert (edited.document, edited.actual, edited.verdict) == ("licence.png", "photoshop", Verdict.REVIEW)
    assert report.verdict is Verdict.REVIEW


def test_a_card_without_its_emblem_goes_to_a_person(tmp_path: Path) -> None:
    bare = drawn("back")
    bare[bare[:, :, 2] - bare[:, :, 0].astype(int) > 100] = paper("back")[0, 0]
    cv2.circle(bare, (bare.shape[1] - 42, bare.shape[0] - 38), 30, (60, 60, 220), 6)  # still in colour
    files = [save(tmp_path, name, bare if name == "back" else None) for name in ("licence", "front", "back", "permit")]
    report = judged(submission(tmp_path, *files))
    assert [f.document for f in report.findings if f.code == "AUTH_EMBLEM_NOT_SEEN"] == ["back.png"]
    assert report.verdict is Verdict.REVIEW
