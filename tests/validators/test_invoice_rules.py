"""What platforms ask of invoices, on invoices proven by their own figures: each rule with what it takes and refuses."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from extractors.model import Field, Source, Status
from tests.invoices_by_hand import SELLER, invoice, line, proven, record
from validators.case import Case, FiledDocument
from validators.checks import run_checks
from validators.findings import CheckResult, Finding, Verdict
from validators.invoice_dates import check_invoice_dates
from validators.judge import judge
from validators.loading import load_profiles
from validators.slots import assign

AS_OF = date(2025, 8, 20)
NAME, OTHER, JD = "杭州云帆数字科技有限公司", "宁波海田贸易有限公司", "北京京东世纪贸易有限公司"
OTHER_CODE = "91330108MA2CG4HU3R"
COMPANY = {"company_name": NAME, "credit_code": SELLER}
LINES = [line("*电子元件*电阻", "13%", "10000.00", "100")]
DERIVED: dict[str, Any] = {"rate_family": "general", "issued_by_tax_bureau": False}
OWN = invoice(LINES, **DERIVED)
LEVY = {"items": [line("*餐饮服务*餐费", "3%", "10000.00")], "rate_family": "levy"}
MIXED = {"items": [*LINES, line("*餐饮服务*餐费", "3%", "100.00")], "rate_family": "mixed"}
BOUGHT = {"seller_name": OTHER, "seller_tax_id": OTHER_CODE, "buyer_name": NAME, "buyer_tax_id": SELLER}
RED = {
    "items": [line("*电子元件*电阻", "13%", "-10000.00", "-100")], "remarks": "红字发票信息确认单编号：3301",
}  # fmt: skip


def issued(*, source: Source = Source.XML, doubtful: str = "", **changes: Any) -> FiledDocument:
    """An invoice of the company's own, proven, with some of its fields changed."""
    lines = changes.pop("items", LINES)
    values = invoice(lines, **DERIVED | changes)
    found, findings, _ = proven(record(values, values), source)
    fields = dict(found.fields)
    if doubtful:
        fields[doubtful] = fields[doubtful].model_copy(update={"status": Status.DOUBTFUL, "reason": "tax_receipt"})
    return FiledDocument("a.xml", replace(found, fields=fields), type_confidence=1.0, source=source, format="xml",
                         findings=tuple(findings))  # fmt: skip


def judged(
    profile_id: str, declared: dict[str, Any], *documents: FiledDocument
) -> tuple[dict[str, str], list[Finding]]:
    """What every check came to, by its id, and all findings."""
    profile = load_profiles()[profile_id]
    _, checks, findings = judge(Case(profile, declared, assign(profile, documents, declared), AS_OF))
    return {check.id: check.result.value for check in checks}, findings


GENERAL, JD_PAY = "1688/general-taxpayer", "jd/huicai-settlement"
SETTLED = {**COMPANY, "jd_company": JD, "settlement_amount": "11300"}
TO_JD = {"buyer_name": JD, "buyer_tax_id": "91110302562134916R"}
RULES = [
    ("proof-special", {"invoice_kind": "digital_ordinary"}),
    ("proof-recent", {"issued_on": date(2025, 5, 21)}),
    ("proof-rate", LEVY),
    ("proof-self-issued", {"issued_by_tax_bureau": True}),
    ("proof-seller", {"seller_name": OTHER}),
    ("proof-seller-code", {"seller_tax_id": OTHER_CODE}),
    ("proof-side", BOUGHT),
    ("proof-blue", RED),
]


@pytest.mark.parametrize("source", [Source.XML, Source.TEXT, Source.OCR])
def test_an_own_special_invoice_shows_a_general_taxpayer(source: Source) -> None:
    checks, findings = judged(GENERAL, COMPANY, issued(source=source))
    assert [checks[id_] for id_, _ in RULES] == ["passed"] * len(RULES)
    assert not findings


@pytest.mark.parametrize(("rule", "changes"), RULES)
def test_what_is_no_own_special_invoice_is_refused(rule: str, changes: dict[str, Any]) -> None:
    checks, findings = judged(GENERAL, COMPANY, issued(**changes))
    assert checks[rule] == "failed"
    assert max(f.verdict.rank for f in findings) == Verdict.REJECT.rank


def test_ninety_days_count_to_the_last() -> None:
    assert judged(GENERAL, COMPANY, issued(issued_on=date(2025, 5, 22)))[0]["proof-recent"] == "passed"


def test_a_bought_invoice_is_told_to_be_one() -> None:
    findings = judged(GENERAL, COMPANY, issued(**BOUGHT))[1]
    told = next(f for f in findings if f.code == "PROFILE_CONDITION_NOT_MET")
    assert "销售方" in told.message.zh
    assert "进项发票" in told.remedy.zh


def test_the_buyers_number_alone_tells_the_side() -> None:
    unread = issued(**BOUGHT | {"buyer_name": None})
    assert judged(GENERAL, COMPANY, unread)[0]["proof-side"] == "failed"
    assert judged(GENERAL, COMPANY, issued(buyer_name=None, buyer_tax_id=None))[0]["proof-side"] == "not_checked"


@pytest.mark.parametrize("flag", ["issued_by_tax_bureau", "is_red", "rate_family"])
def test_a_doubtful_sign_asks_a_person(flag: str) -> None:
    rule = {"issued_by_tax_bureau": "proof-self-issued", "is_red": "proof-blue", "rate_family": "proof-rate"}[flag]
    checks, _ = judged(GENERAL, COMPANY, issued(doubtful=flag))
    # Where the family of the rates is doubtful the lines themselves tell.
    assert checks[rule] == ("passed" if flag == "rate_family" else "not_checked")


def test_several_rates_ask_a_person_and_levies_alone_are_refused() -> None:
    checks, findings = judged(GENERAL, COMPANY, issued(**MIXED))
    assert checks["proof-rate"] == "not_checked"
    assert {f.code for f in findings} == {"PROFILE_CONDITION_OPEN"}
    two_levies = [line("*餐饮服务*餐费", "3%", "100.00"), line("*经营租赁*房租", "5%", "100.00")]
    assert judged(GENERAL, COMPANY, issued(items=two_levies, rate_family="levy"))[0]["proof-rate"] == "failed"


def test_a_rate_that_the_tax_denies_proves_nothing() -> None:
    """3 % changed to 13 % with the tax left as it was."""
    altered = [line("*餐饮服务*餐费", "3%", "10000.00").model_copy(update={"tax_rate": "13%"})]
    for source in (Source.OCR, Source.TEXT, Source.XML):
        checks, findings = judged(GENERAL, COMPANY, issued(items=altered, source=source))
        assert checks["proof-rate"] == "not_checked"
        assert "INVOICE_LINE_TAX" in {f.code for f in findings}


def test_the_own_rate_for_rongyishou() -> None:
    declared = {**COMPANY, "invoicing_rate": "13"}
    profile = load_profiles()["1688/rongyishou"]
    for changes, result in ((DERIVED, "passed"), (LEVY, "failed"), (MIXED, "not_checked")):
        filed = assign(profile, (issued(**changes),), declared)
        checks, _ = run_checks(Case(profile, declared, filed, AS_OF))
        assert next(c.result for c in checks if c.id == "own-rate").value == result


@pytest.mark.parametrize(
    ("rule", "changes"),
    [
        ("invoice-special", {"invoice_kind": "digital_ordinary"}),
        ("invoice-rate", {"items": [line("*软件*开发", "6%", "10660.38")]}),
        ("invoice-rate", {"items": [line("*餐饮服务*餐费", "3%", "10970.87")], "rate_family": "levy"}),
        ("invoice-self-issued", {"issued_by_tax_bureau": True}),
        ("invoice-seller", {"seller_name": OTHER}),
        ("invoice-seller-code", {"seller_tax_id": OTHER_CODE}),
        ("invoice-buyer", {"buyer_name": OTHER}),
        ("invoice-side", BOUGHT),
        ("invoice-blue", RED),
        ("invoice-total", {"items": [line("*电子元件*电阻", "13%", "9000.00")]}),
        ("invoice-issued", {"issued_on": date(2025, 8, 21)}),
    ],
)  # fmt: skip
def test_what_jd_does_not_settle(rule: str, changes: dict[str, Any]) -> None:
    assert judged(JD_PAY, SETTLED, issued(**TO_JD))[0][rule] == "passed"
    assert judged(JD_PAY, SETTLED, issued(**TO_JD | changes))[0][rule] == "failed"


def test_jd_takes_the_invoice_of_the_settled_amount() -> None:
    checks, findings = judged(JD_PAY, SETTLED, issued(**TO_JD))
    asked = {id_: result for id_, result in checks.items() if not id_.startswith("same-")}
    assert asked.pop("invoice-authentic") == "not_checked"  # nobody is asked: no service is set
    assert set(asked.values()) == {"passed"}
    assert not findings


TITLE = {"invoice_title": NAME, "tax_id": SELLER, "invoice_kind": "digital_ordinary", "paid_on": "2025-08-01"}
EXPO = {
    "seller_name": OTHER, "seller_tax_id": OTHER_CODE, "buyer_name": NAME, "buyer_tax_id": SELLER,
    "invoice_kind": "digital_ordinary",
}  # fmt: skip


OLD = {"invoice_kind": "electronic_ordinary", "invoice_number": "83089647", "invoice_code": "033002400211"}


@pytest.mark.parametrize(
    ("rule", "changes", "result"),
    [
        ("invoice-kind", {"invoice_kind": "digital_special"}, "failed"),
        ("invoice-digital", OLD, "failed"),
        ("invoice-title", {"buyer_name": OTHER}, "failed"),
        ("invoice-tax-number", {"buyer_tax_id": "91110108551385082Q"}, "failed"),
        ("invoice-side", {"seller_name": NAME, "seller_tax_id": SELLER}, "failed"),
        ("invoice-blue", RED, "failed"),
        ("invoice-title", {"buyer_name": None}, "not_checked"),
    ],
)  # fmt: skip
def test_the_expos_invoice_is_the_payers(rule: str, changes: dict[str, Any], result: str) -> None:
    assert judged("ciie/invoice", COMPANY | TITLE, issued(**EXPO))[0][rule] == "passed"
    assert judged("ciie/invoice", COMPANY | TITLE, issued(**EXPO | changes))[0][rule] == result


def test_after_a_return_a_red_invoice_is_in_order() -> None:
    declared = COMPANY | TITLE | {"returned_on": "2025-08-10"}
    assert judged("ciie/invoice", declared, issued(**EXPO | RED))[0]["invoice-blue"] == "not_checked"


@pytest.mark.parametrize(
    ("source", "confirmed", "verdict"),
    [(Source.XML, False, Verdict.REJECT), (Source.TEXT, False, Verdict.REJECT), (Source.OCR, False, Verdict.REVIEW),
     (Source.OCR, True, Verdict.REJECT)],
)  # fmt: skip
def test_an_invoice_of_the_future(source: Source, confirmed: bool, verdict: Verdict) -> None:
    values = OWN | {"issued_on": date(2025, 8, 21)}
    found, _, _ = proven(record(values, values if confirmed else None), source)
    filed = FiledDocument("a.pdf", found, source=source)
    profile = load_profiles()[GENERAL]
    _, findings = check_invoice_dates(Case(profile, COMPANY, (filed,), AS_OF))
    assert [(f.code, f.verdict) for f in findings] == [("INVOICE_DATE_IN_FUTURE", verdict)]
    assert not check_invoice_dates(Case(profile, COMPANY, (filed,), date(2025, 8, 21)))[1]


def test_a_missing_day_is_no_day_of_the_future() -> None:
    found = record(OWN | {"issued_on": None})
    assert found.fields["issued_on"] == Field(confidence=0.97)
    filed = FiledDocument("a.pdf", found)
    assert not check_invoice_dates(Case(load_profiles()[GENERAL], COMPANY, (filed,), AS_OF))[1]


def test_an_invoice_that_contradicts_itself_is_not_accepted() -> None:
    """Even where no rule looks at its amounts."""
    wrong = issued(total=Decimal("11800.00"), total_in_words="壹万壹仟叁佰圆整")
    profile = load_profiles()[GENERAL]
    verdict, checks, _ = judge(Case(profile, COMPANY, assign(profile, (wrong,), COMPANY), AS_OF))
    assert verdict is Verdict.REJECT
    assert all(check.result is not CheckResult.FAILED for check in checks)
