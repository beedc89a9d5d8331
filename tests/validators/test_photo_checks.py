"""Checks of seals and photos: what they pass, what they leave to a person; none of them ever refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from extractors.model import Record, rectangle
from validators.case import Case, FiledDocument
from validators.checks import CHECKS
from validators.findings import CheckResult, Verdict
from validators.loading import load_profiles
from validators.photo_index import Seen
from validators.profile import CheckSpec

AS_OF = date(2026, 11, 22)
BOX = rectangle(10, 10, 90, 90)
LOOK = [f"{at * 0x9E3779B97F4A7C15 % 2**128:032x}" for at in range(1, 5)]
OTHER_LOOK = [f"{(at * 0x6A09E667F3BCC908B2FB1366EA957D3E) % 2**128:032x}" for at in range(1, 5)]
FACE = {"box": BOX, "share": 0.1, "height": 0.35, "sharpness": 200.0, "score": 0.9}
PHOTO: dict[str, Any] = {
    "width": 1280, "height": 960, "sharpness": 90.0, "look": LOOK, "faces": [FACE],
    "document": {"box": rectangle(0, 0, 500, 300), "lines": 5, "labels": ["姓名", "住址"]},
    "text": [{"text": "姓名 袁娟", "confidence": 0.98, "box": rectangle(20, 20, 200, 50)}],
    "sources": [], "camera": {"make": "HUAWEI", "model": "ALN", "editors": [], "taken_on": "2026-10-31"},
}  # fmt: skip
TOLD = {"what": {"zh": "须盖章", "en": "must be sealed"}, "mend": {"zh": "请盖章。", "en": "Seal it."}}


class Index:
    """An index that knows one look."""

    def __init__(self, answer: list[Seen] | None) -> None:
        self.answer = answer

    def similar(self, look, owner):
        return self.answer

    def add(self, look, owner, submission):
        raise AssertionError("a check must not write")


def photo(slot="production_line", kind="factory_photo", file="a.jpg", caption="", **changed) -> FiledDocument:
    return FiledDocument(file, Record(kind, {}), slot=slot, caption=caption, picture={**PHOTO, **changed})


def run(check: str, *documents: FiledDocument, profile="alibaba/factory", photos=None, declared=None, **params):
    declared = {"credit_code": "91330108MA2CG4HU3R", "legal_representative": "袁娟"} if declared is None else declared
    case = Case(load_profiles()[profile], declared, documents, AS_OF, photos=photos)
    spec = CheckSpec(id="it", check=check, source="ALI-2.1", params=params)
    kind = CHECKS[check]
    return kind.run(case, spec, kind.params.model_validate(params))


def codes(outcome) -> list[str]:
    assert all(found.verdict is not Verdict.REJECT for found in outcome.findings)
    assert outcome.result is not CheckResult.FAILED
    return [found.code for found in outcome.findings]


def seal(shape="round", text="", page=1) -> dict[str, Any]:
    return {"page": page, "box": BOX, "shape": shape, "colour": "red", "text": text, "confidence": 1.0}


def licence(*seals) -> FiledDocument:
    return FiledDocument(
        "licence.jpg", Record("business_licence", {}), slot="business_licence", picture={"seals": list(seals)}
    )


class TestSealOn:
    def run(self, *documents, **params):
        return run("seal_on", *documents, profile="1688/name-verification", slot="business_licence", **TOLD, **params)

    @pytest.mark.parametrize("shape", ["round", "any"])
    def test_a_seal_of_the_shape_passes(self, shape):
        assert self.run(licence(seal("text"), seal("round")), shape=shape).result is CheckResult.PASSED

    @pytest.mark.parametrize("seals", [(), (seal("oval"),), (seal("text", "营业执照"),)])
    def test_none_of_the_shape_is_for_a_person(self, seals):
        outcome = self.run(licence(*seals), shape="round")
        assert (outcome.result, codes(outcome)) == (CheckResult.NOT_CHECKED, ["AUTH_NO_SEAL_SEEN"])

    @pytest.mark.parametrize("text", ["一般纳税人", ["合同专用章", "一般纳税人"]])
    @pytest.mark.parametrize("said", [seal("oval", "某某税务局 增值税一般纳税人"), seal("text", "增值税一般納税人")])
    def test_the_words_in_a_seal_or_stamp_pass(self, text, said):
        assert self.run(licence(seal(), said), text=text).result is CheckResult.PASSED

    @pytest.mark.parametrize("said", ["", "小规模纳税人", "一般纳悦人"])
    def test_other_words_never_pass(self, said):
        outcome = self.run(licence(seal("oval", said)), text="一般纳税人")
        assert (outcome.result, codes(outcome)) == (CheckResult.NOT_CHECKED, ["AUTH_SEAL_UNREADABLE"])
        assert outcome.findings[0].evidence[0].box == BOX

    def test_a_stamp_does_not_count_where_a_shape_is_asked_for(self):
        outcome = self.run(licence(seal("text", "一般纳税人")), text="一般纳税人", shape="round")
        assert codes(outcome) == ["AUTH_NO_SEAL_SEEN"]

    def test_a_ring_of_another_ink_may_be_a_logo(self):
        outcome = self.run(licence({**seal(), "colour": "other"}), shape="round")
        assert codes(outcome) == ["AUTH_SEAL_OTHER_INK"]
        blue = {**seal(text="增值税一般纳税人"), "colour": "other"}
        assert self.run(licence(blue), text="一般纳税人").result is CheckResult.PASSED

    def test_a_seal_must_be_of_who_it_should_be(self):
        own, office = seal(text="杭州云帆数字科技有限公司"), seal(text="杭州市市场监督管理局")
        ask = {"name": "declared.legal_representative", "shape": "round"}
        assert codes(self.run(licence(own, office), **ask)) == ["AUTH_SEAL_UNREADABLE"]
        assert self.run(licence(office, seal(text="袁娟")), **ask).result is CheckResult.PASSED

    def test_what_was_not_looked_at_is_not_checked(self):
        assert self.run(replace(licence(), picture={})).result is CheckResult.NOT_CHECKED
        assert self.run().result is CheckResult.NOT_CHECKED


class TestFaces:
    def run(self, **changed):
        held = photo("handheld_photo", "handheld_photo", **changed)
        return run("face_in", held, profile="yiwu/real-name", slot="handheld_photo", min_share=0.1)

    def test_a_large_sharp_face_passes_and_the_small_one_on_the_card_does_not_matter(self):
        assert self.run(faces=[FACE, {**FACE, "height": 0.06}]).result is CheckResult.PASSED

    @pytest.mark.parametrize(
        ("faces", "code"),
        [
            ([], "AUTH_NO_FACE_SEEN"),
            ([{**FACE, "height": 0.05}], "QUALITY_FACE_SMALL"),
            ([{**FACE, "sharpness": 4.0}], "QUALITY_FACE_BLURRED"),
            ([FACE, {**FACE, "height": 0.33}], "AUTH_SEVERAL_FACES"),
        ],
    )
    def test_anything_else_is_for_a_person(self, faces, code):
        outcome = self.run(faces=faces)
        assert (outcome.result, codes(outcome)) == (CheckResult.NOT_CHECKED, [code])

    def test_a_photo_that_was_not_measured_is_not_checked(self):
        bare = replace(photo("handheld_photo", "handheld_photo"), picture={})
        outcome = run("face_in", bare, profile="yiwu/real-name", slot="handheld_photo")
        assert outcome.result is CheckResult.NOT_CHECKED


class TestDocumentInHand:
    def run(self, name="袁娟", **changed):
        held = photo("handheld_photo", "handheld_photo", **changed)
        declared = {"legal_representative": name} if name else {}
        return run("document_in_hand", held, profile="yiwu/real-name", declared=declared, slot="handheld_photo",
                   name="declared.legal_representative")  # fmt: skip

    def line(self, text, confidence=0.95, top=20.0):
        return {"text": text, "confidence": confidence, "box": rectangle(20, top, 200, top + 30)}

    @pytest.mark.parametrize(
        ("name", "text"), [("袁娟", "姓名袁娟"), ("张曉明", "姓名 张晓明"), ("SMITH JOHN", "Name: John Smith")]
    )
    def test_the_name_on_the_document_passes(self, name, text):
        assert self.run(name, text=[self.line(text)]).result is CheckResult.PASSED

    @pytest.mark.parametrize(
        "lines", [[], [("姓名袁姗", 0.95, 20)], [("姓名袁娟", 0.6, 20)], [("袁娟 2026", 0.99, 800)]],
        ids=["none", "another", "unsure", "beside the document"],
    )  # fmt: skip
    def test_a_name_not_read_on_it_is_for_a_person(self, lines):
        outcome = self.run(text=[self.line(*line) for line in lines])
        assert codes(outcome) == ["AUTH_NAME_NOT_READ_IN_HAND"]

    def test_half_a_latin_name_is_not_the_name(self):
        assert codes(self.run("JOHN SMITH", text=[self.line("JOHN SMITHSON")])) == ["AUTH_NAME_NOT_READ_IN_HAND"]

    @pytest.mark.parametrize("document", [None, {"box": BOX, "lines": 2, "labels": []}])
    def test_no_document_is_for_a_person(self, document):
        assert codes(self.run(document=document)) == ["AUTH_NO_DOCUMENT_IN_HAND"]

    def test_without_a_declared_name_nothing_passes(self):
        assert self.run(name="").result is CheckResult.NOT_CHECKED


class TestOwnPhotos:
    def run(self, index, declared=None, **changed):
        return run("own_photos", photo(**changed), photos=index, declared=declared, slot="production_line")

    def test_a_photo_of_ones_own_passes(self):
        outcome = self.run(Index([]))
        assert (outcome.result, codes(outcome)) == (CheckResult.PASSED, [])

    @pytest.mark.parametrize(("index", "declared"), [(None, None), (Index(None), None), (Index([]), {})])
    def test_photos_that_were_not_compared_are_told(self, index, declared):
        outcome = self.run(index, declared)
        assert (outcome.result, codes(outcome)) == (CheckResult.PASSED, ["AUTH_PHOTOS_NOT_COMPARED"])
        assert outcome.why

    @pytest.mark.parametrize(
        ("changed", "code"),
        [
            ({"sources": ["视觉中国"]}, "AUTH_PICTURE_SITE_NAMED"),
            ({"camera": {}}, "AUTH_NO_CAMERA_DATA"),
            ({"camera": {**PHOTO["camera"], "editors": ["photoshop"]}}, "AUTH_PHOTO_EDITED"),
            ({"camera": {**PHOTO["camera"], "taken_on": "2019-01-01"}}, "AUTH_PHOTO_OLD"),
            ({"camera": {**PHOTO["camera"], "taken_on": "2027-01-01"}}, "AUTH_PHOTO_OLD"),
        ],
    )
    def test_signs_are_for_a_person(self, changed, code):
        outcome = self.run(Index([]), **changed)
        assert (outcome.result, codes(outcome)) == (CheckResult.NOT_CHECKED, [code])

    def test_a_photo_others_submitted_is_for_a_person_and_names_nobody(self):
        outcome = self.run(Index([Seen("somebody's submission")]))
        assert codes(outcome) == ["AUTH_PHOTO_SUBMITTED_BEFORE"]
        assert "somebody" not in outcome.findings[0].model_dump_json()


def test_a_photo_twice_in_a_slot_or_elsewhere_in_the_submission_is_told():
    one, other = photo(file="a.jpg"), photo(file="b.jpg", look=OTHER_LOOK)
    again = photo(file="c.jpg")
    elsewhere = photo("warehouse", file="d.jpg")
    assert run("photos_differ", one, other, slot="production_line").result is CheckResult.PASSED
    (found,) = run("photos_differ", one, other, again, slot="production_line").findings
    assert (found.code, found.document, found.actual) == ("AUTH_SAME_PHOTO", "a.jpg", "c.jpg")
    (found,) = run("photos_differ", one, elsewhere, slot="production_line").findings
    assert (found.document, found.actual) == ("a.jpg", "d.jpg")


def test_captions_are_told_nothing_more():
    outcome = run("captioned", photo(caption="包装线"), photo(file="b.jpg"), slot="production_line")
    assert outcome.result is CheckResult.PASSED
    assert [(f.code, f.document, f.verdict) for f in outcome.findings] == [
        ("PROFILE_NO_CAPTION", "b.jpg", Verdict.ACCEPT)
    ]


@pytest.mark.parametrize(
    ("changed", "expected"),
    [({}, []), ({"height": 400}, ["QUALITY_PHOTO_SMALL"]), ({"sharpness": 3.0}, ["QUALITY_PHOTO_BLURRED"])],
)
def test_photos_need_pixels_and_focus(changed, expected):
    assert codes(run("photo_sharp", photo(**changed), slot="production_line", min_pixels=600)) == expected


@pytest.mark.parametrize("check", ["face_in", "own_photos", "photos_differ", "captioned", "photo_sharp"])
def test_an_empty_slot_is_never_passed(check):
    assert run(check, slot="production_line").result is CheckResult.NOT_CHECKED
