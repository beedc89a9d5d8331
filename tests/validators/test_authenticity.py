"""What the tax authority's answer leads to: nothing unsure is asked, nothing unasked passes."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.model import Field, Record, Status
from extractors.registry import document_types
from validators.authenticity import NEEDS, Answer, Issuing, Obstacle, Query, Result, obstacle_of, query_of
from validators.case import Case, FiledDocument
from validators.checks import run_checks
from validators.findings import Check, CheckResult, Finding, Verdict
from validators.judge import verdict
from validators.profile import Profile

AS_OF, ISSUED = date(2026, 11, 22), date(2026, 10, 20)
DIGITAL = {
    "invoice_kind": "digital_special", "invoice_number": "26332000000012345678", "issued_on": ISSUED,
    "amount": Decimal("180.00"), "tax": Decimal("23.40"), "total": Decimal("203.40"), "issued_by_tax_bureau": False,
}  # fmt: skip
OLD = {**DIGITAL, "invoice_number": "01234567", "invoice_code": "033002600211", "check_code": "16197833567414507415"}


def fields(values: dict[str, Any], status: Status = Status.VERIFIED, **changed: Status) -> dict[str, Field]:
    found = {spec.name: Field() for spec in document_types()["vat_invoice"].fields}
    return found | {
        name: Field(value=value, raw=str(value), status=changed.get(name, status), confidence=1.0)
        for name, value in values.items()
    }


class Scripted:
    """A source that gives one answer and remembers what it was asked."""

    def __init__(self, answer: Answer) -> None:
        self.answer, self.asked = answer, list[Query]()

    def check(self, query: Query) -> Answer:
        self.asked.append(query)
        return self.answer


def answer(result: Result, **more: Any) -> Answer:
    return Answer(result=result, source="某查验服务", **more)


def profile(required: bool) -> Profile:
    title = {"zh": "结算", "en": "settlement"}
    return Profile.model_validate({
        "id": "jd/settlement", "title": title, "platform": title, "source": "JD", "declared": {},
        "slots": {"invoice": {"title": title, "accepts": ["vat_invoice"], "source": "JD"}},
        "checks": [{"id": "genuine", "check": "invoice_authentic", "required": required, "source": "JD-1",
                    "params": {"slot": "invoice"}}],
    })  # fmt: skip


def run(
    found: Answer | None, *read: dict[str, Field], required: bool = True
) -> tuple[Verdict, Check, list[Finding], list[Query]]:
    source = Scripted(found) if found else None
    documents = tuple(
        FiledDocument(f"{n}.xml", Record("vat_invoice", one), slot="invoice") for n, one in enumerate(read, 1)
    )
    case = replace(Case(profile(required), {}, documents, AS_OF), authenticity=source)
    checks, findings = run_checks(case)
    return verdict(checks, findings), checks[0], findings, source.asked if source else []


def test_a_genuine_invoice_passes_and_only_what_its_kind_asks_for_is_asked() -> None:
    result, check, findings, asked = run(answer(Result.GENUINE, issuing=Issuing.OWN), fields(DIGITAL))
    assert (result, check.result, findings) == (Verdict.ACCEPT, CheckResult.PASSED, [])
    assert [query.given() for query in asked] == [
        {"kind": "digital_special", "number": "26332000000012345678", "issued_on": "2026-10-20", "total": "203.40"}
    ]


@pytest.mark.parametrize(
    ("kind", "more"),
    [
        *((kind, {"amount": "180.00"}) for kind in ("special", "electronic_special", "vehicle")),
        *((kind, {"check_code": "507415"}) for kind in ("ordinary", "electronic_ordinary", "roll", "toll")),
        ("used_vehicle", {"total": "203.40"}),
    ],
)  # fmt: skip
def test_each_kind_asks_for_its_own_inputs(kind: str, more: dict[str, str]) -> None:
    query = query_of(fields({**OLD, "invoice_kind": kind}))
    assert isinstance(query, Query)
    common = {"kind": kind, "code": "033002600211", "number": "01234567", "issued_on": "2026-10-20"}
    assert query.given() == {**common, **more}
    assert not any(text in repr(query) for text in ("01234567", "033002600211", "507415", "180.00"))


@pytest.mark.parametrize("kind", NEEDS)
def test_what_is_missing_or_doubtful_is_never_sent(kind: str) -> None:
    for name in ("invoice_number", "issued_on", *NEEDS[kind]):
        whole = fields({**OLD, "invoice_kind": kind})
        if kind == "digital":
            whole = fields({k: v for k, v in DIGITAL.items() if k != "invoice_kind"})
        for spoilt in (Field(), whole[name].model_copy(update={"status": Status.DOUBTFUL})):
            refused = query_of({**whole, name: spoilt})
            assert isinstance(refused, Answer)
            assert refused.result is Result.NOT_ASKABLE
            assert name in refused.lacking or "invoice_kind" in refused.lacking


def test_a_doubtful_kind_is_not_guessed_but_a_long_number_tells() -> None:
    doubtful = query_of(fields(OLD, invoice_kind=Status.DOUBTFUL))
    assert isinstance(doubtful, Answer)
    assert doubtful.lacking == ("invoice_kind",)
    told = query_of(fields(DIGITAL, invoice_kind=Status.DOUBTFUL))
    assert isinstance(told, Query)
    assert told.given()["kind"] == "digital"


@pytest.mark.parametrize(
    ("issued", "same_day", "obstacle"),
    [
        (date(2026, 11, 21), False, None), (date(2026, 11, 22), False, Obstacle.TODAY),
        (date(2026, 11, 22), True, None), (date(2026, 11, 23), True, Obstacle.IN_FUTURE),
        (date(2021, 11, 22), False, None), (date(2021, 11, 21), False, Obstacle.TOO_OLD),
    ],
)  # fmt: skip
def test_days_the_authority_does_not_answer_for(issued: date, same_day: bool, obstacle: Obstacle | None) -> None:
    refused = obstacle_of(Query("digital", "1", issued), AS_OF, same_day=same_day)
    assert (refused.obstacle if refused else None) is obstacle
    assert obstacle_of(Query("digital", "1", date(2019, 2, 28)), date(2024, 2, 29)) is not None


@pytest.mark.parametrize("status", [Status.VERIFIED, Status.READ])
@pytest.mark.parametrize(
    ("result", "code", "proven", "read"),
    [
        (Result.NOT_FOUND, "AUTH_INVOICE_NOT_FOUND", Verdict.REJECT, Verdict.REVIEW),
        (Result.MISMATCH, "AUTH_INVOICE_MISMATCH", Verdict.REJECT, Verdict.REVIEW),
        (Result.VOIDED, "AUTH_INVOICE_VOIDED", Verdict.REJECT, Verdict.REJECT),
        (Result.RED_FLUSHED, "AUTH_INVOICE_RED_FLUSHED", Verdict.REJECT, Verdict.REJECT),
        (Result.PARTLY_RED_FLUSHED, "AUTH_INVOICE_PARTLY_RED_FLUSHED", Verdict.REVIEW, Verdict.REVIEW),
    ],
)
def test_what_the_authority_denies(result: Result, code: str, proven: Verdict, read: Verdict, status: Status) -> None:
    came_to, check, findings, _ = run(answer(result), fields(DIGITAL, status))
    expected = proven if status is Status.VERIFIED else read
    assert came_to is expected
    assert check.result is (CheckResult.FAILED if expected is Verdict.REJECT else CheckResult.NOT_CHECKED)
    assert [f.code for f in findings] == [code]
    assert str(DIGITAL["invoice_number"]) not in findings[0].model_dump_json()


def test_a_new_invoice_that_is_not_listed_yet_asks_a_person() -> None:
    new = fields({**DIGITAL, "issued_on": date(2026, 11, 18)})
    assert run(answer(Result.NOT_FOUND), new)[0] is Verdict.REVIEW


@pytest.mark.parametrize("required", [True, False])
@pytest.mark.parametrize(
    ("found", "values", "code"),
    [
        (None, fields(DIGITAL), "AUTH_INVOICE_NOT_SET"),
        (answer(Result.UNAVAILABLE, reason="no reply within 10 s"), fields(DIGITAL), "AUTH_INVOICE_UNAVAILABLE"),
        (answer(Result.NOT_ASKABLE, obstacle=Obstacle.TOO_OLD), fields(DIGITAL), "AUTH_INVOICE_NOT_ASKED"),
        (answer(Result.GENUINE), fields(DIGITAL, total=Status.DOUBTFUL), "AUTH_INVOICE_NOT_ASKED"),
    ],
)
def test_what_was_not_told_is_never_fine_and_stops_only_where_it_must_pass(
    found: Answer | None, values: dict[str, Field], code: str, required: bool
) -> None:
    came_to, check, findings, _ = run(found, values, required=required)
    assert (came_to, check.result) == (Verdict.REVIEW if required else Verdict.ACCEPT, CheckResult.NOT_CHECKED)
    assert check.why
    assert [f.code for f in findings] == ([] if found is None and not required else [code])


def test_several_invoices_come_to_the_worst_of_them_and_copies_are_not_asked_twice() -> None:
    came_to, check, findings, asked = run(
        answer(Result.GENUINE),
        fields(DIGITAL),
        fields(DIGITAL, total=Status.DOUBTFUL),
        fields(OLD | {"invoice_kind": "roll"}),
    )
    assert (came_to, check.result, len(asked)) == (Verdict.REVIEW, CheckResult.NOT_CHECKED, 2)
    assert [(f.code, f.document) for f in findings] == [("AUTH_INVOICE_NOT_ASKED", "2.xml")]
    source = Scripted(answer(Result.GENUINE))
    one = FiledDocument("a.xml", Record("vat_invoice", fields(DIGITAL)), slot="invoice")
    other = replace(one, file="a.pdf", copy_of=("a.xml", 1))
    run_checks(replace(Case(profile(True), {}, (one, other), AS_OF), authenticity=source))
    assert len(source.asked) == 1


def test_no_invoice_is_not_checked() -> None:
    came_to, check, _, asked = run(answer(Result.GENUINE))
    assert (check.result, asked) == (CheckResult.NOT_CHECKED, [])
    assert came_to is not Verdict.ACCEPT


@pytest.mark.parametrize(
    ("issuing", "bureau", "codes"),
    [
        (Issuing.AGENCY, False, ["AUTH_INVOICE_ISSUED_FOR_OTHERS"]),
        (Issuing.ENTRUSTED, False, ["AUTH_INVOICE_ISSUED_FOR_OTHERS"]),
        (Issuing.AGENCY, True, []), (Issuing.OWN, False, []), (Issuing.UNKNOWN, False, []),
    ],
)  # fmt: skip
def test_an_issuing_mark_the_invoice_does_not_show_is_told(issuing: Issuing, bureau: bool, codes: list[str]) -> None:
    read = fields({**DIGITAL, "issued_by_tax_bureau": bureau})
    came_to, _, findings, _ = run(answer(Result.GENUINE, issuing=issuing), read)
    assert [f.code for f in findings] == codes
    assert came_to is (Verdict.REVIEW if codes else Verdict.ACCEPT)


_NAMES = ("invoice_kind", "invoice_code", "invoice_number", "issued_on", "check_code", "amount", "total")
_VALUES = st.one_of(
    st.sampled_from([*NEEDS, "x"]), st.text(max_size=20), st.dates(), st.none(),
    st.decimals(allow_nan=False, allow_infinity=False, places=2),
)  # fmt: skip


@given(st.dictionaries(st.sampled_from(_NAMES), st.tuples(_VALUES, st.sampled_from(Status))))
def test_any_reading_gives_a_question_of_sure_values_or_a_reason(read: dict[str, tuple[Any, Status]]) -> None:
    made = {name: Field(value=value, raw="x", status=status) for name, (value, status) in read.items()}
    query = query_of(made)
    if isinstance(query, Answer):
        assert query.lacking
    else:
        assert made["invoice_number"].status in (Status.READ, Status.VERIFIED)
        assert query.given()
