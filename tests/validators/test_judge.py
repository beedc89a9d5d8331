"""Rules over hand-made records: what is proven passes, what is wrong rejects, what is unsure goes to review."""

from dataclasses import replace
from datetime import date

import pytest

from extractors.model import Field, Record, Status, rectangle
from extractors.registry import document_types
from validators.case import Case, FiledDocument
from validators.findings import Check, CheckResult, Verdict, finding
from validators.judge import judge, verdict
from validators.loading import load_profiles
from validators.prove import prove
from validators.slots import assign

AS_OF = date(2026, 11, 22)
COMPANY, CODE, PERSON, ID_NUMBER = "杭州云帆数字科技有限公司", "91330100799655058B", "张晓明", "360426199101010071"
DECLARED = {
    "company_name": COMPANY, "credit_code": CODE, "legal_representative": PERSON, "mobile": "13800000000",
    "legal_representative_id": ID_NUMBER, "account_name": COMPANY, "account_number": "3301040160001234567",
    "bank_name": "中国工商银行杭州滨江支行",
}  # fmt: skip
LICENCE = {
    "credit_code": CODE, "name": COMPANY, "legal_representative": PERSON,
    "term_to": date(2039, 3, 4), "term_from": date(2019, 3, 5), "term_is_indefinite": False,
}  # fmt: skip
FRONT = {"name": PERSON, "id_number": ID_NUMBER, "sex": "男", "born_on": date(1991, 1, 1)}
BACK = {"issuing_authority": "九江市公安局", "valid_from": date(2016, 1, 1), "valid_to": date(2036, 1, 1)}
PERMIT = {
    "account_name": COMPANY, "account_number": DECLARED["account_number"], "bank_name": DECLARED["bank_name"],
    "legal_representative": PERSON, "approval_number": "J3310012345601",
}  # fmt: skip


def document(kind, values, file, side="", **more):
    def read(value):
        box = rectangle(0, 0, 9, 9)
        return Field(value=value, raw=str(value), status=Status.READ, confidence=0.99, page=1, box=box)

    fields = {s.name: read(values[s.name]) if s.name in values else Field() for s in document_types()[kind].fields}
    quality = {"colour": True}
    return FiledDocument(file=file, record=Record(kind, fields, side), type_confidence=0.95, quality=quality, **more)


def submission(licence=LICENCE, front=FRONT, back=BACK, permit=PERMIT, declared=DECLARED, extra=()):
    profile = load_profiles()["1688/name-verification"]
    documents = [
        document("business_licence", licence, "licence.jpg"),
        document("id_card", front, "front.jpg", "front"),
        document("id_card", back, "back.jpg", "back"),
        document("account_permit", permit, "permit.jpg"),
        *extra,
    ]
    return Case(profile, dict(declared), assign(profile, documents), AS_OF)


def changed(field, **update):
    """The case with one field of one document changed: changed('licence.jpg/name', status=…)."""
    file, _, name = field.partition("/")
    case = submission()
    documents = []
    for d in case.documents:
        if d.file == file:
            fields = d.record.fields | {name: d.record.fields[name].model_copy(update=update)}
            d = replace(d, record=replace(d.record, fields=fields))
        documents.append(d)
    return case.with_documents(tuple(documents))


def codes(case):
    result, _, findings = judge(case)
    return result, {f.code for f in findings}


def test_a_right_submission_is_accepted_without_a_finding():
    result, checks, findings = judge(submission())
    assert (result, findings) == (Verdict.ACCEPT, [])
    assert all(c.result is CheckResult.PASSED for c in checks if c.required)


def test_both_sides_on_one_picture_fill_both_slots():
    case = submission()
    both = document("id_card", FRONT | BACK, "id.jpg", "both")
    documents = [d for d in case.documents if d.type != "id_card"] + [both]
    case = case.with_documents(assign(case.profile, [replace(d, slot=None) for d in documents]))
    assert codes(case) == (Verdict.ACCEPT, set())


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"licence": LICENCE | {"name": "宁波海川贸易有限公司"}}, "MATCH_DIFFERENT"),
        ({"licence": LICENCE | {"credit_code": "91350100M000100Y43"}}, "MATCH_DIFFERENT"),
        ({"licence": LICENCE | {"legal_representative": "王建国"}}, "MATCH_DIFFERENT"),
        ({"licence": LICENCE | {"term_to": date(2026, 11, 21)}}, "DATE_EXPIRED"),
        ({"front": FRONT | {"name": "李卫东"}}, "CROSS_DIFFERENT"),
        ({"front": FRONT | {"id_number": "11010519491231002X"}}, "MATCH_DIFFERENT"),
        ({"back": BACK | {"valid_to": date(2026, 1, 1)}}, "DATE_EXPIRED"),
        ({"back": BACK | {"valid_from": date(2027, 1, 1)}}, "DATE_NOT_YET_VALID"),
        ({"permit": PERMIT | {"account_name": "宁波海川贸易有限公司"}}, "CROSS_DIFFERENT"),
        ({"permit": PERMIT | {"account_number": "3301040160001234568"}}, "MATCH_DIFFERENT"),
        ({"declared": DECLARED | {"credit_code": "91330100799655058C"}}, "PROFILE_DECLARED_MALFORMED"),
        ({"declared": DECLARED | {"mobile": "12345"}}, "PROFILE_DECLARED_MALFORMED"),
        ({"declared": DECLARED | {"account_name": "宁波海川贸易有限公司"}}, "CROSS_DIFFERENT"),
    ],
)
def test_a_proven_violation_rejects(changes, code):
    result, found = codes(submission(**changes))
    assert result is Verdict.REJECT
    assert code in found


@pytest.mark.parametrize(
    "field",
    ["licence.jpg/name", "licence.jpg/credit_code", "licence.jpg/legal_representative", "front.jpg/name",
     "front.jpg/id_number", "back.jpg/valid_to", "permit.jpg/account_name", "permit.jpg/account_number"],
)  # fmt: skip
def test_a_doubtful_field_goes_to_review_even_when_it_agrees(field):
    doubtful = changed(field, status=Status.DOUBTFUL, reason="low_confidence")
    assert codes(doubtful) == (Verdict.REVIEW, {"FIELD_DOUBTFUL"})


@pytest.mark.parametrize("field", ["licence.jpg/name", "front.jpg/id_number", "back.jpg/valid_to"])
def test_a_missing_field_goes_to_review(field):
    assert codes(changed(field, status=Status.MISSING, value=None, raw="")) == (Verdict.REVIEW, {"FIELD_MISSING"})


@pytest.mark.parametrize("key", ["company_name", "credit_code", "legal_representative", "mobile", "account_number"])
def test_what_is_not_declared_is_not_fine(key):
    result, found = codes(submission(declared={k: v for k, v in DECLARED.items() if k != key}))
    assert result is Verdict.REVIEW
    assert "PROFILE_DECLARED_MISSING" in found


@pytest.mark.parametrize("file", ["licence.jpg", "front.jpg", "back.jpg", "permit.jpg"])
def test_a_missing_document_rejects_and_an_unnamed_one_may_be_it(file):
    case = submission()
    rest = tuple(d for d in case.documents if d.file != file)
    assert codes(case.with_documents(rest))[0] is Verdict.REJECT
    unknown = FiledDocument(file="other.jpg", record=Record("unknown", {}))
    assert codes(case.with_documents((*rest, unknown)))[0] is Verdict.REVIEW


def test_a_wrong_document_in_a_slot_is_named():
    case = submission()
    wrong = replace(document("account_permit", PERMIT, "x.jpg"), slot="business_licence")
    rest = tuple(d for d in case.documents if d.file != "licence.jpg")
    result, found = codes(case.with_documents((wrong, *rest)))
    assert result is Verdict.REJECT
    assert "TYPE_WRONG" in found


def test_two_documents_for_one_slot_need_a_person():
    second = document("account_permit", PERMIT, "permit2.jpg")
    assert codes(submission(extra=[second])) == (Verdict.REVIEW, {"PROFILE_SEVERAL_DOCUMENTS"})


def test_a_grey_copy_and_a_large_file_reject():
    case = submission()
    grey = tuple(replace(d, quality={"colour": False}) if d.file == "front.jpg" else d for d in case.documents)
    assert codes(case.with_documents(grey)) == (Verdict.REJECT, {"QUALITY_GREY"})
    large = tuple(replace(d, bytes=10_000_001) if d.file == "front.jpg" else d for d in case.documents)
    assert codes(case.with_documents(large)) == (Verdict.REJECT, {"FILE_OVER_SLOT_LIMIT"})
    exact = tuple(replace(d, bytes=10_000_000) if d.file == "front.jpg" else d for d in case.documents)
    assert codes(case.with_documents(exact))[0] is Verdict.ACCEPT


def test_the_last_day_of_a_term_still_counts():
    assert codes(submission(back=BACK | {"valid_to": AS_OF})) == (Verdict.ACCEPT, {"DATE_EXPIRES_SOON"})


def test_an_indefinite_term_never_ends_and_an_unprinted_one_passes():
    indefinite = LICENCE | {"term_to": None, "term_is_indefinite": True}
    assert codes(submission(licence=indefinite))[0] is Verdict.ACCEPT
    unprinted = {k: v for k, v in LICENCE.items() if not k.startswith("term")}
    assert codes(submission(licence=unprinted))[0] is Verdict.ACCEPT


def test_a_temporary_id_card_needs_a_person():
    record = document("id_card", FRONT | {"is_temporary": True}, "front.jpg", "front").record
    assert [f.code for f in prove(record, document_types()["id_card"], document="front.jpg")[1]] == [
        "AUTH_TEMPORARY_ID"
    ]


def test_nothing_checked_is_never_accepted():
    assert verdict([], []) is Verdict.REVIEW
    assert verdict([Check(id="x", result=CheckResult.NOT_CHECKED)], []) is Verdict.REVIEW
    assert verdict([Check(id="x", result=CheckResult.FAILED)], []) is Verdict.REJECT
    assert verdict([Check(id="x", result=CheckResult.PASSED)], [finding("FILE_EMPTY", document="a")]) is Verdict.REJECT


class TestRongyishou:
    """1688-4: general taxpayer or invited; own rate of 6 % or more unless invited."""

    def case(self, **declared):
        base = submission()
        profile = load_profiles()["1688/rongyishou"]
        documents = assign(profile, [replace(d, slot=None) for d in base.documents])
        return Case(profile, base.declared | declared, documents, AS_OF)

    @pytest.mark.parametrize(
        ("declared", "expected"),
        [
            ({"general_taxpayer_passed": True, "invoicing_rate": "13"}, Verdict.ACCEPT),
            ({"general_taxpayer_passed": True, "invoicing_rate": "6%"}, Verdict.ACCEPT),
            ({"buyer_invitation": True}, Verdict.ACCEPT),
            ({"general_taxpayer_passed": True, "invoicing_rate": "3"}, Verdict.REJECT),
            ({"invoicing_rate": "13"}, Verdict.REJECT),
            ({"general_taxpayer_passed": False, "buyer_invitation": False, "invoicing_rate": "13"}, Verdict.REJECT),
            ({"general_taxpayer_passed": True}, Verdict.REVIEW),
        ],
    )
    def test_conditions(self, declared, expected):
        assert judge(self.case(**declared))[0] is expected
