"""What a registry's answer leads to: nothing agrees that is not shown to, and only what is proven refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.model import Field, Record, Status
from extractors.registry import document_types
from validators.case import Case, FiledDocument
from validators.checks import run_checks
from validators.findings import Check, CheckResult, Finding, Verdict
from validators.judge import verdict
from validators.profile import Profile
from validators.registry import (
    GONE,
    Agreement,
    Answer,
    Query,
    Result,
    Standing,
    agreement,
    id_agreement,
    id_hmac,
    standing,
    unavailable,
)

AS_OF = date(2026, 11, 22)
CODE, NAME, PERSON, NUMBER = "91330108MA2CG4HU3R", "杭州云帆数字科技有限公司", "张晓明", "330108198805142030"
DECLARED = {
    "company_name": NAME,
    "credit_code": CODE,
    "legal_representative": PERSON,
    "legal_representative_id": NUMBER,
}
AGREED = dict.fromkeys(("credit_code", "name", "legal_representative", "id_number"), Agreement.AGREES)


class Scripted:
    """A source that gives one answer and remembers what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer = answer
        self.asked: list[Query] = []

    def look_up(self, query: Query) -> Answer:
        self.asked.append(query)
        return self.answer


def found(day: date | None = AS_OF, status: Standing = Standing.ACTIVE, **changed: Agreement) -> Answer:
    fields = {**AGREED, **changed}
    return Answer.model_validate(
        {"result": "found", "fields": fields, "status": status, "source": "某名录", "as_of": day}
    )


def profile(required: bool = True, optional_number: bool = False, **params: Any) -> Profile:
    def text(kind: str, required: bool = True) -> dict[str, Any]:
        return {"title": {"zh": "某项", "en": "some value"}, "kind": kind, "required": required, "source": "YW-1.1"}

    title = {"zh": "注册", "en": "registration"}
    references = {"credit_code": "declared.credit_code", "name": "declared.company_name",
                  "legal_representative": "declared.legal_representative",
                  "id_number": "declared.legal_representative_id"}  # fmt: skip
    return Profile.model_validate({
        "id": "yiwu/registration", "title": title, "platform": title, "source": "YW",
        "declared": {
            "company_name": text("organisation"), "credit_code": text("credit_code"),
            "legal_representative": text("person"),
            "legal_representative_id": text("id_number", not optional_number),
        },
        "slots": {"licence": {"title": title, "accepts": ["business_licence"], "source": "YW"}},
        "checks": [{"id": "registry", "check": "registry_agrees", "required": required, "source": "YW-1.1",
                    "params": references | params}],
    })  # fmt: skip


def run(
    answer: Answer | None, rules: Profile | None = None, declared: dict[str, Any] | None = None,
    documents: tuple[FiledDocument, ...] = (),
) -> tuple[Verdict, Check, list[Finding], Scripted | None]:  # fmt: skip
    source = Scripted(answer) if answer else None
    case = Case(rules or profile(), DECLARED if declared is None else declared, documents, AS_OF)
    checks, findings = run_checks(replace(case, registry=source))
    return verdict(checks, findings), checks[0], findings, source


def test_a_company_registered_as_declared_passes() -> None:
    result, check, findings, source = run(found())
    assert (result, check.result, findings) == (Verdict.ACCEPT, CheckResult.PASSED, [])
    assert source
    assert source.asked == [Query(CODE, NAME, PERSON, NUMBER)]


@pytest.mark.parametrize("field", AGREED)
def test_a_declared_value_that_differs_rejects_without_showing_the_registry_or_the_number(field: str) -> None:
    result, check, findings, _ = run(found(**{field: Agreement.DIFFERS}))
    assert (result, check.result) == (Verdict.REJECT, CheckResult.FAILED)
    assert [f.code for f in findings] == ["AUTH_REGISTRY_DIFFERENT"]
    assert NUMBER not in findings[0].model_dump_json()


@pytest.mark.parametrize("open_", [Agreement.IN_PART, Agreement.NOT_KNOWN])
@pytest.mark.parametrize("field", AGREED)
def test_what_is_partly_shown_or_not_held_asks_a_person(field: str, open_: Agreement) -> None:
    result, check, findings, _ = run(found(**{field: open_}))
    assert (result, check.result) == (Verdict.REVIEW, CheckResult.NOT_CHECKED)
    assert [f.code for f in findings] == ["AUTH_REGISTRY_UNCERTAIN"]


@pytest.mark.parametrize("status", Standing)
def test_only_good_standing_passes_and_only_being_gone_rejects(status: Standing) -> None:
    result, _, findings, _ = run(found(status=status))
    expected = Verdict.ACCEPT if status is Standing.ACTIVE else Verdict.REJECT if status in GONE else Verdict.REVIEW
    assert result is expected
    assert [f.code for f in findings] == ([] if status is Standing.ACTIVE else ["AUTH_REGISTRY_STATUS"])


def test_a_profile_may_take_other_statuses() -> None:
    moved = found(status=Standing.MOVED_OUT)
    assert run(moved, profile(statuses=["active", "moved_out"]))[0] is Verdict.ACCEPT


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (None, "AUTH_REGISTRY_NOT_SET"),
        (unavailable("no reply within 10 s", "registry.example"), "AUTH_REGISTRY_UNAVAILABLE"),
        (Answer(result=Result.NOT_FOUND, source="某名录"), "AUTH_REGISTRY_NOT_FOUND"),
        (found(day=AS_OF - timedelta(days=181)), "AUTH_REGISTRY_OUTDATED"),
    ],
)
def test_what_could_not_be_told_is_not_checked_and_keeps_from_accepting_only_where_it_must_pass(
    answer: Answer | None, code: str, required: bool
) -> None:
    result, check, findings, _ = run(answer, profile(required))
    told = [code] if required or answer else []  # without a source an optional look-up is not worth a word
    assert (check.result, [f.code for f in findings]) == (CheckResult.NOT_CHECKED, told)
    assert check.why
    if required:
        assert result is Verdict.REVIEW
    elif findings:
        assert findings[0].verdict is Verdict.ACCEPT


def test_old_data_proves_only_that_a_company_is_gone() -> None:
    old = AS_OF - timedelta(days=400)
    assert run(found(day=old, name=Agreement.DIFFERS))[0] is Verdict.REVIEW
    assert run(found(day=old, status=Standing.CANCELLED))[0] is Verdict.REJECT
    assert run(found(day=AS_OF - timedelta(days=180)))[0] is Verdict.ACCEPT
    assert run(found(day=None))[0] is Verdict.ACCEPT


def test_no_source_says_how_to_set_one() -> None:
    _, check, findings, _ = run(None)
    assert check.why == "no registry source configured (HEYAN_REGISTRY)"
    assert "HEYAN_REGISTRY" in findings[0].remedy.zh
    assert "--registry" in findings[0].remedy.en


def licence(name: str, status: Status) -> FiledDocument:
    fields = {spec.name: Field() for spec in document_types()["business_licence"].fields}
    fields["name"] = Field(value=name, raw=name, status=status, confidence=0.99)
    return FiledDocument("licence.jpg", Record("business_licence", fields), slot="licence")


@pytest.mark.parametrize(
    ("status", "expected"),
    [(Status.VERIFIED, Verdict.REJECT), (Status.READ, Verdict.REVIEW), (Status.DOUBTFUL, Verdict.REVIEW)],
)
def test_a_value_that_may_be_misread_never_rejects(status: Status, expected: Verdict) -> None:
    rules = profile(name="licence.name")
    answer = found(name=Agreement.DIFFERS)
    assert run(answer, rules, documents=(licence("杭州云机数字科技有限公司", status),))[0] is expected


def test_what_is_optional_and_not_declared_is_not_asked() -> None:
    declared = {key: value for key, value in DECLARED.items() if key != "legal_representative_id"}
    result, _, _, source = run(found(id_number=Agreement.NOT_KNOWN), profile(optional_number=True), declared)
    assert result is Verdict.ACCEPT
    assert source
    assert source.asked[0].id_number == ""
    result, check, _, source = run(found(), profile(), declared)
    assert (result, source and source.asked) == (Verdict.REVIEW, [])
    assert check.result is CheckResult.NOT_CHECKED


STATUSES = {
    "存续（在营、开业、在册）": Standing.ACTIVE, "在营（开业）企业": Standing.ACTIVE, "开业": Standing.ACTIVE,
    "正常": Standing.ACTIVE, "active": Standing.ACTIVE, "存续，未注销": Standing.ACTIVE,
    "迁出": Standing.MOVED_OUT, "歇业": Standing.SUSPENDED, "清算": Standing.LIQUIDATING,
    "注销": Standing.CANCELLED, "吊销,未注销": Standing.REVOKED, "吊销未注销": Standing.REVOKED,
    "吊销，已注销": Standing.REVOKED, "撤销登记": Standing.RESCINDED,
    "存续（拟注销）": Standing.UNKNOWN, "不在册": Standing.UNKNOWN, "未吊销": Standing.UNKNOWN, "1": Standing.UNKNOWN,
    "": Standing.UNKNOWN, "未注销": Standing.UNKNOWN,
}  # fmt: skip


@pytest.mark.parametrize("text", STATUSES)
def test_statuses_are_told_by_known_words_only(text: str) -> None:
    assert standing(text) is STATUSES[text]


@given(st.text(max_size=12))
def test_no_other_text_makes_a_company_active(text: str) -> None:
    words = ("存续", "在营", "开业", "在业", "在册", "正常", "有效", "迁入", "成立", "active")
    assert standing(text) is not Standing.ACTIVE or any(word in text.lower() for word in words)


@pytest.mark.parametrize(
    ("asked", "expected", "held", "came_to"),
    [
        ("name", "杭州云帆（集团）有限公司", "杭州云帆(集团)有限公司", Agreement.AGREES),
        ("name", NAME, "", Agreement.NOT_KNOWN),
        ("name", NAME, "宁波海川贸易有限公司", Agreement.DIFFERS),
        ("legal_representative", "JOHN SMITH", "John  Smith", Agreement.AGREES),
        ("legal_representative", "JOHNSMITH", "John Smith", Agreement.IN_PART),
        ("legal_representative", "李四", "张三、李四", Agreement.AGREES),
        ("legal_representative", "王五", "张三、李四", Agreement.DIFFERS),
        ("legal_representative", "王未", "王末", Agreement.IN_PART),
        ("credit_code", CODE.lower(), CODE, Agreement.AGREES),
        ("credit_code", CODE, "91330100799655058B", Agreement.DIFFERS),
    ],
)
def test_values_against_what_a_registry_holds(asked: Any, expected: str, held: str, came_to: Agreement) -> None:
    assert agreement(asked, expected, held) is came_to


@pytest.mark.parametrize(
    ("number", "held", "came_to"),
    [
        (NUMBER, NUMBER, Agreement.AGREES),
        ("610104620927690", "610104196209276908", Agreement.AGREES),
        ("A123456(3)", "A1234563", Agreement.AGREES),
        (NUMBER, "330108********2030", Agreement.IN_PART),
        (NUMBER, "330108****2030", Agreement.IN_PART),  # a mask of no particular length
        (NUMBER, "330108＊＊＊＊＊＊＊＊2030", Agreement.IN_PART),
        (NUMBER, "330108********2031", Agreement.DIFFERS),
        (NUMBER, "330108****2031", Agreement.NOT_KNOWN),  # perhaps the form of 15 digits
        (NUMBER, "3****************0", Agreement.NOT_KNOWN),
        (NUMBER, "******************", Agreement.NOT_KNOWN),
        (NUMBER, "330108198805142031", Agreement.NOT_KNOWN),  # a wrong check digit: damaged
        (NUMBER, "11010519491231002X", Agreement.DIFFERS),
        (NUMBER, id_hmac(NUMBER, "key"), Agreement.AGREES),
        (NUMBER, id_hmac(NUMBER, "key").upper(), Agreement.AGREES),
        (NUMBER, id_hmac(NUMBER, "another"), Agreement.DIFFERS),
        (NUMBER, "", Agreement.NOT_KNOWN),
    ],
)
def test_numbers_against_what_a_registry_holds(number: str, held: str, came_to: Agreement) -> None:
    assert id_agreement(number, held, "key") is came_to


@given(st.text(alphabet="0123456789X*ABC() -", max_size=20))
def test_a_number_agrees_only_with_all_of_itself(held: str) -> None:
    bare = "".join(char for char in held if char.isalnum() or char == "*")
    if id_agreement(NUMBER, held, "key") is Agreement.AGREES:
        assert bare == NUMBER
    if "*" in held:
        assert id_agreement(NUMBER, held, "key") is not Agreement.AGREES


@given(st.text(min_size=1, max_size=8), st.text(min_size=1, max_size=8))
def test_names_that_differ_in_letters_never_agree(one: str, other: str) -> None:
    if agreement("name", one, other) is Agreement.AGREES:
        assert agreement("name", other, one) is Agreement.AGREES


def test_half_a_character_is_asked_for_as_a_sign() -> None:
    source = run(found(), declared={**DECLARED, "company_name": "云\ud800帆"})[3]
    assert source
    assert source.asked[0].name == "云?帆"
