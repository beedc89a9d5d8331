"""What each procedure refuses: what a careless or a cheating applicant hands in, and the right one beside it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from extractors.model import Field, Item, Record, Status, rectangle
from extractors.registry import document_types
from validators.case import Case, Earlier, FiledDocument
from validators.findings import CheckResult, Verdict
from validators.judge import judge
from validators.loading import load_profiles
from validators.slots import assign

AS_OF = date(2026, 11, 22)
NAME, CODE, PERSON, ID = "杭州云帆数字科技有限公司", "91330100799655058B", "张晓明", "360426199101010071"
OTHER, OTHER_CODE = "宁波海田贸易有限公司", "91330108MA2CG4HU3R"
JD = "北京京东世纪贸易有限公司"
COMPANY = {"company_name": NAME, "credit_code": CODE}
WHO = {"legal_representative": PERSON, "legal_representative_id": ID}
ACCOUNT = {"account_name": NAME, "account_number": "3301040160001234567", "bank_name": "中国工商银行杭州滨江支行"}
BASE = {**COMPANY, **WHO, **ACCOUNT, "mobile": "13800000000"}

# Each kind of document as the company would rightly have it.
RIGHT: dict[str, dict[str, Any]] = {
    "business_licence": {
        "credit_code": CODE, "name": NAME, "legal_representative": PERSON, "established_on": date(2019, 3, 5),
    },
    "account_permit": {**ACCOUNT, "legal_representative": PERSON, "approval_number": "J3310012345601"},
    "hk_macau_travel_permit": {
        "permit_number": "H12345678", "name": PERSON, "valid_from": date(2020, 1, 1), "valid_to": date(2030, 1, 1),
    },
    "passport": {"passport_number": "E12345678", "name": PERSON, "valid_to": date(2030, 1, 1)},
    "business_friend_card": {"card_number": "1", "name": PERSON, "passport_number": "E12345678"},
    "vat_invoice": {
        "invoice_kind": "digital_special", "seller_name": NAME, "seller_tax_id": CODE, "buyer_name": JD,
        "issued_on": date(2026, 11, 1), "issued_by_tax_bureau": False, "total": Decimal("11300.00"),
        "items": [Item(name="x", tax_rate="13%")],
    },
    "taxpayer_query_screenshot": {"name": NAME, "tax_id": CODE, "general_taxpayer": True},
    "general_taxpayer_notice": {
        "name": NAME, "tax_id": CODE, "effective_from": date(2020, 1, 1), "tax_authority": "国家税务总局杭州市税务局",
    },
    "organisation_code_certificate": {
        "organisation_code": "79965505-8", "name": NAME, "valid_from": date(2025, 1, 1), "valid_to": date(2028, 1, 1),
    },
    "trademark_certificate": {
        "registration_number": "12345678", "registrant": NAME, "valid_from": date(2020, 1, 1),
        "valid_to": date(2030, 1, 1),
    },
    "iso_certificate": {"certificate_number": "1", "name": NAME, "valid_to": date(2028, 1, 1)},
    "customs_declaration": {
        "declaration_number": "223120260123456789", "shipper": NAME, "shipper_credit_code": CODE,
        "declared_on": date(2026, 5, 1),
    },
    "trade_contract": {"seller": NAME, "buyer": "ACME", "signed_on": date(2026, 5, 1)},
    "export_report": {
        "company_name": NAME, "period_from": date(2025, 11, 1), "period_to": date(2026, 10, 31), "currency": "USD",
        "total_amount": Decimal("650000"), "order_count": "37",
    },
    "bank_receipt": {"payer_name": NAME, "payee_name": JD, "amount": Decimal("50000"), "currency": "CNY",
                     "paid_on": date(2026, 11, 1)},
    "order_lines": {"lines": [{"amount": Decimal("100")}, {"amount": Decimal("200")}], "line_count": "2"},
    "person_list": {"lines": [{"name": "x"}, {"name": "y"}], "line_count": "2"},
    "public_institution_certificate": {
        "credit_code": CODE, "name": NAME, "valid_from": date(2024, 1, 1), "valid_to": date(2028, 1, 1),
    },
}  # fmt: skip


def of(kind: str, /, *, slot: str | None = None, **changes: Any) -> FiledDocument:
    """The right document of a kind with some fields changed."""

    def read(value: Any) -> Field:
        place = rectangle(0, 0, 9, 9)
        return Field(value=value, raw=str(value), status=Status.READ, confidence=0.99, page=1, box=place)

    values = {**RIGHT.get(kind, {}), **changes}
    fields = {s.name: read(values[s.name]) if s.name in values else Field() for s in document_types()[kind].fields}
    name = f"{kind}-{slot}-{sorted(changes.items())}.jpg"
    return FiledDocument(name, Record(kind, fields), type_confidence=0.95, slot=slot, format="jpeg", size=(1500, 1500))


def earlier(profile: str, declared: dict[str, Any], verdict: str = "accept", **read: Any) -> Earlier:
    return Earlier(profile, Verdict(verdict), date(2026, 11, 1), declared, read)


LICENCE, PERMIT = of("business_licence"), of("account_permit")
VERIFIED = earlier("1688/name-verification", COMPANY)
INVOICE = of("vat_invoice")
HK = {**BASE, "representative_document": "hk_macau_travel_permit", "legal_representative_id": "H12345678"}
LIMIT = {
    **COMPANY, "buyer_member_name": "大买家", "credit_limit": "1000000", "cycle_order_total": "900000",
    "qicaishang_joined": True,
}  # fmt: skip
OLD = {"company_name": NAME, "registration_number": "330100000012348", "organisation_code": "79965505-8"}
MANUAL = {**COMPANY, "route": "manual"}
DEPOSIT = {**COMPANY, "deposit_amount": "50000", "jd_company": JD}
SETTLED = {**COMPANY, "settlement_amount": "11300", "jd_company": JD}
YIWU = {**COMPANY, **WHO, "login_account": CODE, "password": "abc12345"}
FOREIGN = {
    **COMPANY, **WHO, "representative_nationality": "foreign", "legal_representative_id": "E12345678",
    "office_address": "浙江省义乌市",
}  # fmt: skip
ORDER = {
    **COMPANY, "buyer_name": "JOHN SMITH", "buyer_document": "E12345678", "destination_country": "德国",
    "order_total": "300",
}  # fmt: skip
CONFIRMED = {**ORDER, "order_confirmed": True}
SHIPPED = {**CONFIRMED, "declaration_number": "223120260123456789"}
LINES = [{"amount": "100"}, {"amount": "200"}]
LOCKED = earlier("yiwu/insured-order", SHIPPED, **{"order_lines.lines": LINES})
UNIT = {**COMPANY, "unit_kind": "enterprise", "mobile": "13800000000"}
PAID = {**COMPANY, "unit_registered": True, "order_total": "50000"}
ASKED = {
    **COMPANY, "invoice_kind": "digital_special", "invoice_title": NAME, "tax_id": CODE, "paid_on": "2026-10-01",
}  # fmt: skip
STRONG = (LICENCE, of("iso_certificate"))
BASIC, FACTORY = earlier("alibaba/basic", COMPANY), earlier("alibaba/factory", COMPANY)

Row = tuple[str, str, dict[str, Any], tuple[FiledDocument, ...], tuple[Earlier, ...]]


def row(profile: str, check: str, declared: dict[str, Any], *given: FiledDocument | Earlier) -> Row:
    documents = tuple(one for one in given if isinstance(one, FiledDocument))
    return profile, check, declared, documents, tuple(one for one in given if isinstance(one, Earlier))


PASSING = [
    row("1688/name-verification", "rep-number-permit", HK, LICENCE, of("hk_macau_travel_permit"), PERMIT),
    row("1688/name-verification", "rep-name", HK, LICENCE, of("hk_macau_travel_permit"), PERMIT),
    row("1688/general-taxpayer", "proof-rate", COMPANY, INVOICE),
    row("1688/general-taxpayer", "proof-general", MANUAL, of("taxpayer_query_screenshot")),
    row("1688/general-taxpayer", "proof-effective", MANUAL, of("general_taxpayer_notice")),
    row("1688/rongyishou", "prerequisite:general_taxpayer", BASE, earlier("1688/general-taxpayer", COMPANY)),
    row("1688/qicaishang", "as-verified", COMPANY, VERIFIED),
    row("1688/account-period", "limit-covers-orders", LIMIT),
    row("1688/shoupiaoyi", "code-number", OLD, PERMIT, of("organisation_code_certificate")),
    row("alibaba/strength-merchant", "deep-verification", COMPANY, BASIC, FACTORY),
    row("alibaba/strength-merchant", "report-threshold", COMPANY, of("export_report")),
    row("alibaba/trade-capability", "contract-seller", {**COMPANY, "english_name": "Yunfan Ltd."},
        of("trade_contract", seller="YUNFAN LTD.")),
    row("jd/huicai-entry", "deposit-amount", DEPOSIT, of("bank_receipt")),
    row("jd/huicai-settlement", "invoice-rate", SETTLED, INVOICE),
    row("yiwu/registration", "account-is-code", YIWU),
    row("yiwu/real-name", "card-passport", FOREIGN, of("passport"), of("business_friend_card")),
    row("yiwu/insured-order", "lines-sum", ORDER, of("order_lines")),
    row("yiwu/insured-order", "order-locked", SHIPPED, of("order_lines"), LOCKED),
    row("ciie/unit-registration", "kind-enterprise", UNIT, LICENCE),
    row("ciie/transfer-payment", "payer-is-unit", PAID, of("bank_receipt")),
    row("ciie/invoice", "in-time", ASKED),
]  # fmt: skip

FAILING = [
    row("1688/name-verification", "rep-number-permit", {**HK, "legal_representative_id": "M87654321"}, LICENCE,
        of("hk_macau_travel_permit"), PERMIT),
    row("1688/name-verification", "rep-number-declared", {**HK, "legal_representative_id": ""}, LICENCE),
    row("1688/name-verification", "rep-valid", HK, LICENCE, of("hk_macau_travel_permit", valid_to=date(2025, 1, 1))),
    row("1688/name-verification", "proof-name", BASE, LICENCE, of("taxpayer_query_screenshot", name=OTHER)),
    row("1688/general-taxpayer", "proof-rate", COMPANY, of("vat_invoice", items=[Item(name="x", tax_rate="3%")])),
    row("1688/general-taxpayer", "proof-self-issued", COMPANY, of("vat_invoice", issued_by_tax_bureau=True)),
    row("1688/general-taxpayer", "proof-seller", COMPANY, of("vat_invoice", seller_name=OTHER, buyer_name=NAME)),
    row("1688/general-taxpayer", "proof-recent", COMPANY, of("vat_invoice", issued_on=date(2026, 8, 1))),
    row("1688/general-taxpayer", "proof-special", COMPANY, of("vat_invoice", invoice_kind="digital_ordinary")),
    row("1688/general-taxpayer", "online-invoice", COMPANY, of("taxpayer_query_screenshot")),
    row("1688/general-taxpayer", "proof-general", MANUAL, of("taxpayer_query_screenshot", general_taxpayer=False)),
    row("1688/general-taxpayer", "proof-code", MANUAL, of("general_taxpayer_notice", tax_id=OTHER_CODE)),
    row("1688/general-taxpayer", "proof-effective", MANUAL,
        of("general_taxpayer_notice", effective_from=date(2027, 1, 1))),
    row("1688/rongyishou", "prerequisite:general_taxpayer", {**BASE, "invoicing_rate": "13"}, LICENCE, PERMIT),
    row("1688/qicaishang", "as-verified", {**COMPANY, "company_name": OTHER}, VERIFIED),
    row("1688/account-period", "limit-highest", {**LIMIT, "credit_limit": "200000001"}),
    row("1688/account-period", "limit-covers-orders", {**LIMIT, "credit_limit": "900000"}),
    row("1688/account-period", "orders-positive", {**LIMIT, "cycle_order_total": "0"}),
    row("1688/shoupiaoyi", "slot:organisation_code_certificate", OLD, PERMIT),
    row("1688/shoupiaoyi", "code-name", OLD, PERMIT, of("organisation_code_certificate", name=OTHER)),
    row("1688/shoupiaoyi", "declared:registration_number", {**OLD, "registration_number": "9133010079965505"}, PERMIT),
    row("alibaba/factory", "iso-holder", COMPANY, of("iso_certificate"), of("iso_certificate", name=OTHER)),
    row("alibaba/trade-capability", "trade-shown", COMPANY),
    row("alibaba/trade-capability", "customs-shipper", COMPANY, of("customs_declaration"),
        of("customs_declaration", shipper=OTHER)),
    row("alibaba/trade-capability", "contract-seller", {**COMPANY, "english_name": "Yunfan Ltd."},
        of("trade_contract", seller="OTHER LTD.")),
    row("alibaba/strength-merchant", "deep-verification", COMPANY, BASIC,
        *(earlier(f"alibaba/{deep}", COMPANY, "reject") for deep in ("factory", "trade-capability"))),
    row("alibaba/strength-merchant", "report-threshold", COMPANY, of("export_report", total_amount=Decimal("400000"))),
    row("alibaba/strength-merchant", "report-within-a-year", COMPANY,
        of("export_report", period_from=date(2024, 11, 1))),
    row("jd/huicai-entry", "company-age", {**COMPANY, "entry_channel": "main_site"},
        of("business_licence", established_on=date(2025, 3, 5))),
    row("jd/huicai-entry", "trademark-owner", COMPANY, of("trademark_certificate", registrant=OTHER)),
    row("jd/huicai-entry", "deposit-payer", DEPOSIT, of("bank_receipt", payer_name=OTHER)),
    row("jd/huicai-entry", "slot:bank_receipt", DEPOSIT, LICENCE),
    row("jd/huicai-settlement", "invoice-rate", SETTLED,
        of("vat_invoice", items=[Item(name="x", tax_rate="13%"), Item(name="y", tax_rate="6%")])),
    row("jd/huicai-settlement", "buyer-jd", {**SETTLED, "jd_company": OTHER}, of("vat_invoice", buyer_name=OTHER)),
    row("jd/huicai-settlement", "invoice-total", {**SETTLED, "settlement_amount": "10000"}, INVOICE),
    row("yiwu/registration", "account-is-code", {**YIWU, "login_account": OTHER_CODE}),
    row("yiwu/registration", "declared:password", {**YIWU, "password": "abcdefgh"}),
    row("yiwu/real-name", "card-passport", FOREIGN, of("passport"),
        of("business_friend_card", passport_number="K99999999")),
    row("yiwu/insured-order", "lines-sum", {**ORDER, "order_total": "301"}, of("order_lines")),
    row("yiwu/insured-order", "buyer-locked", {**CONFIRMED, "buyer_name": "JANE DOE"}, of("order_lines"),
        earlier("yiwu/insured-order", CONFIRMED)),
    row("yiwu/insured-order", "confirmation-kept", ORDER, of("order_lines"), earlier("yiwu/insured-order", CONFIRMED)),
    row("yiwu/insured-order", "order-locked", SHIPPED,
        of("order_lines", lines=[{"amount": Decimal("150")}, {"amount": Decimal("150")}]), LOCKED),
    row("yiwu/insured-order", "declared-after-confirmation", {**SHIPPED, "order_confirmed": False}, of("order_lines")),
    row("ciie/unit-registration", "kind-government", {**UNIT, "unit_kind": "government"}, LICENCE),
    row("ciie/unit-registration", "one-account", {**UNIT, "unit_has_account": True}, LICENCE),
    row("ciie/unit-registration", "no-second-account", UNIT, LICENCE, earlier("ciie/unit-registration", UNIT)),
    row("ciie/unit-registration", "certificate-valid", {**UNIT, "unit_kind": "public_institution"},
        of("public_institution_certificate", valid_to=date(2025, 1, 1))),
    row("ciie/persons", "photo-for-each", COMPANY, of("person_list"), of("portrait_photo", slot="portraits")),
    row("ciie/transfer-payment", "payer-is-unit", PAID, of("bank_receipt", payer_name=PERSON)),
    row("ciie/transfer-payment", "amount-is-total", {**PAID, "order_total": "500"}, of("bank_receipt")),
    row("ciie/invoice", "title-is-payer", {**ASKED, "invoice_title": OTHER}),
    row("ciie/invoice", "in-time", {**ASKED, "paid_on": "2025-12-31"}),
    row("ciie/invoice", "red-letter-due", {**ASKED, "returned_on": "2026-11-10", "invoice_booked": True}),
]  # fmt: skip


def judged(given: Row) -> tuple[Verdict, CheckResult]:
    """The verdict, and what the named check came to."""
    id_, check, declared, documents, before = given
    profile = load_profiles()[id_]
    case = Case(profile, declared, assign(profile, documents, declared), AS_OF, before)
    verdict, checks, _ = judge(case)
    return verdict, next(c.result for c in checks if c.id == check)


def _named(given: Row) -> str:
    return f"{given[0]}: {given[1]}"


@pytest.mark.parametrize("given", PASSING, ids=_named)
def test_what_is_right_passes(given: Row) -> None:
    assert judged(given)[1] is CheckResult.PASSED


@pytest.mark.parametrize("given", FAILING, ids=_named)
def test_what_is_wrong_is_refused(given: Row) -> None:
    assert judged(given) == (Verdict.REJECT, CheckResult.FAILED)


def test_a_passport_may_be_over_but_not_another_persons() -> None:
    declared = {**BASE, "representative_document": "passport", "legal_representative_id": "E12345678"}
    old = of("passport", valid_to=date(2021, 1, 1))
    given = row("1688/name-verification", "rep-number-passport", declared, LICENCE, old, PERMIT)
    assert judged(given)[1] is CheckResult.PASSED
    other = of("passport", name="李四")
    assert judged(row("1688/name-verification", "rep-name", declared, LICENCE, other, PERMIT))[0] is Verdict.REJECT


def test_where_only_an_english_name_stands_a_person_must_look() -> None:
    given = row("alibaba/trade-capability", "contract-seller", COMPANY, of("trade_contract", seller="YUNFAN LTD."))
    assert judged(given) == (Verdict.REVIEW, CheckResult.NOT_CHECKED)
