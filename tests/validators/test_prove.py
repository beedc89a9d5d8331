"""Status of fields: what verifies, what throws doubt, what is a proven violation."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from extractors.model import DocumentType, Field, FieldSpec, Item, Kind, Record, Source, Status
from validators.findings import Finding, Verdict
from validators.identifiers import citizen_id, credit_code
from validators.prove import prove

TYPES = {
    "business_licence": {
        "credit_code": Kind.CREDIT_CODE, "registration_number": Kind.REGISTRATION_NUMBER, "name": Kind.ORGANISATION,
        "established_on": Kind.DATE, "term_to": Kind.DATE, "registered_capital": Kind.CAPITAL,
    },
    "id_card": {
        "id_number": Kind.ID_NUMBER, "born_on": Kind.DATE, "sex": Kind.CHOICE, "name": Kind.PERSON,
        "valid_from": Kind.DATE, "valid_to": Kind.DATE, "is_temporary": Kind.FLAG,
    },
    "account_permit": {
        "approval_number": Kind.APPROVAL_NUMBER, "permit_number": Kind.PERMIT_NUMBER,
        "account_number": Kind.ACCOUNT_NUMBER,
    },
    "vat_invoice": {
        "invoice_number": Kind.INVOICE_NUMBER, "invoice_code": Kind.INVOICE_CODE, "issued_on": Kind.DATE,
        "check_code": Kind.DIGITS, "seller_tax_id": Kind.TAX_ID, "buyer_tax_id": Kind.CREDIT_CODE,
        "amount": Kind.MONEY, "tax": Kind.MONEY, "total": Kind.MONEY, "total_in_words": Kind.MONEY_IN_WORDS,
        "items": Kind.ITEMS,
    },
}  # fmt: skip

CODE = "91330100799655058B"
ID = "34052419800101001X"


def read(value: Any, confidence: float = 0.97, **more: Any) -> Field:
    return Field(**({"value": value, "raw": str(value), "status": Status.READ, "confidence": confidence} | more))


def proven(type_id: str, source: Source = Source.OCR, /, **fields: Any) -> tuple[dict[str, Field], list[Finding]]:
    """Fields given as values or as Field, proven as a document of a type."""
    specs = tuple(FieldSpec(name, kind, name) for name, kind in TYPES[type_id].items())
    document_type = DocumentType(type_id, "", "", specs, lambda pages: {})
    typed = {name: value if isinstance(value, Field) else read(value) for name, value in fields.items()}
    record, findings = prove(Record(type_id, typed), document_type, document="a.jpg", source=source)
    return record.fields, findings


def codes(findings: list[Finding]) -> list[tuple[str, Verdict]]:
    return [(found.code, found.verdict) for found in findings]


def test_every_declared_field_is_there() -> None:
    fields, findings = proven("business_licence")
    assert {found.status for found in fields.values()} == {Status.MISSING}
    assert not findings


def test_check_digits_verify_and_names_stay_read() -> None:
    fields, findings = proven(
        "business_licence", credit_code=CODE, registration_number="440301103097413", name="某公司"
    )
    assert [fields[n].status for n in ("credit_code", "registration_number", "name")] == [
        Status.VERIFIED, Status.VERIFIED, Status.READ,
    ]  # fmt: skip
    assert not findings


@pytest.mark.parametrize(
    ("source", "verdict"),
    [(Source.OCR, Verdict.REVIEW), (Source.TEXT, Verdict.REJECT), (Source.XML, Verdict.REJECT)],
)
def test_wrong_check_digit_is_proven_only_where_the_text_is_exact(source: Source, verdict: Verdict) -> None:
    fields, findings = proven("business_licence", source, credit_code="914403001922038217")
    assert fields["credit_code"].status is Status.DOUBTFUL
    assert codes(findings) == [("ID_CREDIT_CODE_CHECKSUM", verdict)]
    assert findings[0].evidence[0].document == "a.jpg"


def test_findings_show_the_place() -> None:
    box = ((1.0, 2.0), (9.0, 2.0), (9.0, 4.0), (1.0, 4.0))
    _, findings = proven("business_licence", credit_code=read("914403001922038217", page=2, box=box))
    assert (findings[0].evidence[0].page, findings[0].evidence[0].box) == (2, box)


def test_wrong_check_digit_printed_twice_is_proven() -> None:
    twice = read("914403001922038217", alternates=("914403001922038217",))
    assert codes(proven("business_licence", credit_code=twice)[1]) == [("ID_CREDIT_CODE_CHECKSUM", Verdict.REJECT)]


def test_wrong_inner_digit_asks_a_person_even_in_exact_text() -> None:
    _, findings = proven("business_licence", Source.XML, credit_code="9111000060003734" + "2" + "A")
    assert [f.verdict for f in findings] == [Verdict.REJECT]  # both wrong
    inner = "91110000600037342"
    code = inner + credit_code.calc_check_digit(inner)
    fields, findings = proven("business_licence", Source.XML, credit_code=code)
    assert codes(findings) == [("ID_CREDIT_CODE_ORGANISATION", Verdict.REVIEW)]
    assert fields["credit_code"].status is Status.DOUBTFUL


def test_a_cut_number_is_never_proof() -> None:
    assert codes(proven("business_licence", Source.TEXT, credit_code=CODE[:17])[1]) == [
        ("ID_CREDIT_CODE_FORMAT", Verdict.REVIEW)
    ]


def test_repair_keeps_what_was_read_and_says_so() -> None:
    fields, findings = proven("business_licence", credit_code="9133O1OO799655058B")
    assert (fields["credit_code"].value, fields["credit_code"].raw) == (CODE, "9133O1OO799655058B")
    assert fields["credit_code"].status is Status.VERIFIED
    assert codes(findings) == [("ID_REPAIRED", Verdict.ACCEPT)]


def test_exact_text_is_not_repaired() -> None:
    fields, _ = proven("business_licence", Source.TEXT, credit_code="9133O1OO799655058B")
    assert fields["credit_code"].status is Status.DOUBTFUL


def test_low_confidence_is_doubtful_unless_two_check_digits_agree() -> None:
    fields, _ = proven(
        "business_licence", credit_code=read(CODE, 0.5), registration_number=read("440301103097413", 0.5),
        name=read("某公司", 0.5),
    )  # fmt: skip
    statuses = [fields[n].status for n in ("credit_code", "registration_number", "name")]
    assert statuses == [Status.VERIFIED, Status.DOUBTFUL, Status.DOUBTFUL]


def test_a_flag_nothing_raises_needs_no_confidence() -> None:
    assert proven("id_card", is_temporary=read(False, 0.0))[0]["is_temporary"].status is Status.READ


def test_second_print_verifies_or_throws_doubt() -> None:
    fields, findings = proven("business_licence", name=read("云帆（集团）公司", alternates=("云帆(集团) 公司",)))
    assert (fields["name"].status, findings) == (Status.VERIFIED, [])
    fields, findings = proven("business_licence", name=read("云帆公司", alternates=("云帆公司", "云凡公司")))
    assert fields["name"].status is Status.DOUBTFUL
    assert codes(findings) == [("FIELD_READINGS_DIFFER", Verdict.REVIEW)]


def test_a_second_print_the_check_digits_refuse_is_only_told() -> None:
    fields, findings = proven("business_licence", credit_code=read(CODE, alternates=(CODE[:-1] + "8",)))
    assert fields["credit_code"].status is Status.VERIFIED
    assert codes(findings) == [("FIELD_READINGS_DIFFER", Verdict.ACCEPT)]
    fields, findings = proven("business_licence", credit_code=read(CODE, alternates=("91440300708461136T",)))
    assert fields["credit_code"].status is Status.DOUBTFUL
    assert codes(findings) == [("FIELD_READINGS_DIFFER", Verdict.REVIEW)]


def test_values_of_the_wrong_type_are_doubtful_and_a_long_term_is_not() -> None:
    fields, _ = proven(
        "business_licence", established_on="2019年13月1日",
        term_to=Field(raw="长期", status=Status.READ, confidence=0.9),
    )  # fmt: skip
    assert fields["established_on"].status is Status.DOUBTFUL
    assert fields["term_to"].status is Status.READ
    assert proven("business_licence", established_on=date(1019, 1, 1))[0]["established_on"].status is Status.DOUBTFUL


def test_id_card_that_agrees_with_itself_is_verified() -> None:
    fields, findings = proven("id_card", id_number=ID, born_on=date(1980, 1, 1), sex="男", name="张三")
    assert [fields[n].status for n in ("id_number", "born_on", "sex", "name")] == [Status.VERIFIED] * 3 + [Status.READ]
    assert not findings


def test_check_digit_and_birth_date_together_carry_a_weak_reading() -> None:
    assert proven("id_card", id_number=read(ID, 0.5))[0]["id_number"].status is Status.DOUBTFUL
    fields, _ = proven("id_card", id_number=read(ID, 0.5), born_on=date(1980, 1, 1))
    assert fields["id_number"].status is Status.VERIFIED


@pytest.mark.parametrize(
    ("born", "confidence", "verdict"),
    [
        (date(2013, 5, 6), 0.97, Verdict.REJECT),  # nothing like the number's 1980-01-01
        (date(2013, 5, 6), 0.85, Verdict.REVIEW),
        (date(1989, 1, 1), 0.97, Verdict.REVIEW),  # one misread digit explains it
        (date(1980, 1, 11), 0.97, Verdict.REVIEW),  # one doubled digit explains it
    ],
)
def test_other_birth_date_than_the_number(born: date, confidence: float, verdict: Verdict) -> None:
    fields, findings = proven("id_card", id_number=ID, born_on=read(born, confidence), sex="男")
    assert codes(findings) == [("ID_BIRTH_DATE_DIFFERS", verdict)]
    assert fields["born_on"].status is fields["id_number"].status is Status.DOUBTFUL
    assert fields["sex"].status is Status.READ  # the number it agrees with is in doubt itself


def test_other_sex_than_the_number() -> None:
    fields, findings = proven("id_card", id_number=ID, born_on=date(1980, 1, 1), sex="女")
    assert codes(findings) == [("ID_SEX_DIFFERS", Verdict.REJECT)]
    assert fields["sex"].status is Status.DOUBTFUL
    assert codes(proven("id_card", id_number=ID, sex="女")[1]) == [("ID_SEX_DIFFERS", Verdict.REVIEW)]


def test_wrong_id_number_verifies_nothing_and_every_contradiction_is_told() -> None:
    wrong = "430512198908131367"
    fields, findings = proven("id_card", id_number=wrong, born_on=date(1989, 8, 13), sex="女")
    assert codes(findings) == [("ID_NUMBER_CHECKSUM", Verdict.REVIEW)]
    assert fields["born_on"].status is fields["sex"].status is Status.READ
    fields, findings = proven("id_card", id_number=wrong, born_on=date(2013, 5, 6), sex="男")
    assert codes(findings) == [
        ("ID_NUMBER_CHECKSUM", Verdict.REVIEW),
        ("ID_BIRTH_DATE_DIFFERS", Verdict.REVIEW),
        ("ID_SEX_DIFFERS", Verdict.REVIEW),
    ]


@pytest.mark.parametrize(
    ("begin", "end", "status"),
    [
        (date(2010, 1, 1), date(2030, 1, 1), Status.READ),
        (date(2012, 2, 29), date(2017, 2, 28), Status.READ),
        (date(2010, 1, 1), date(2025, 1, 1), Status.DOUBTFUL),
        (date(2010, 1, 1), date(2020, 1, 2), Status.DOUBTFUL),
        (date(2030, 1, 1), date(2010, 1, 1), Status.DOUBTFUL),
    ],
)
def test_validity_spans_of_id_cards(begin: date, end: date, status: Status) -> None:
    fields, findings = proven("id_card", valid_from=begin, valid_to=end)
    assert fields["valid_from"].status is fields["valid_to"].status is status
    assert [f.code for f in findings] == (["ID_VALIDITY_SPAN"] if status is Status.DOUBTFUL else [])


def test_temporary_cards_have_their_own_span() -> None:
    fields, findings = proven("id_card", valid_from=date(2024, 1, 5), valid_to=date(2024, 4, 5), is_temporary=True)
    assert fields["valid_to"].status is Status.READ
    assert codes(findings) == [("AUTH_TEMPORARY_ID", Verdict.REVIEW)]


def test_unknown_region_is_only_told() -> None:
    number = "99010519850101123"
    fields, findings = proven("id_card", id_number=number + citizen_id.calc_check_digit(number))
    assert codes(findings) == [("ID_REGION_UNKNOWN", Verdict.ACCEPT)]
    assert fields["id_number"].status is Status.VERIFIED


def test_permit_numbers() -> None:
    fields, findings = proven(
        "account_permit", approval_number="J2900193652101", permit_number="2900-02611984",
        account_number="689163495证异户称",
    )  # fmt: skip
    assert [fields[n].status for n in ("approval_number", "permit_number", "account_number")] == [
        Status.READ, Status.READ, Status.DOUBTFUL,
    ]  # fmt: skip
    assert codes(findings) == [("ID_ACCOUNT_NUMBER_FORMAT", Verdict.REVIEW)]
    _, findings = proven("account_permit", approval_number="J2900193652101", permit_number="3310-02611984")
    assert codes(findings) == [("ID_PERMIT_REGION_DIFFERS", Verdict.ACCEPT)]


def invoice(source: Source = Source.OCR, **changes: Any) -> tuple[dict[str, Field], list[Finding]]:
    items = [Item(name="甲", amount=Decimal("105.75"), tax=Decimal("13.75")),
             Item(name="折扣", amount=Decimal("-14.16"), tax=Decimal("-1.84"))]  # fmt: skip
    fields = {"amount": Decimal("91.59"), "tax": Decimal("11.91"), "total": Decimal("103.50"),
              "total_in_words": "壹佰零叁圆伍角", "items": read(items, raw="")} | changes  # fmt: skip
    return proven("vat_invoice", source, **fields)


def test_sums_that_come_out_are_verified() -> None:
    fields, findings = invoice()
    assert [fields[n].status for n in ("amount", "tax", "total", "total_in_words")] == [Status.VERIFIED] * 4
    assert fields["items"].status is Status.READ
    assert not findings


def test_wrong_total_is_doubtful_unless_the_words_say_the_same() -> None:
    fields, findings = invoice(total=Decimal("108.50"))
    assert [f.code for f in findings] == ["INVOICE_TOTAL_MISMATCH", "INVOICE_WORDS_MISMATCH"]
    assert fields["total"].status is fields["total_in_words"].status is Status.DOUBTFUL
    assert {f.verdict for f in findings} == {Verdict.REVIEW}
    assert {f.verdict for f in invoice(Source.XML, total=Decimal("108.50"))[1]} == {Verdict.REJECT}


def test_wrong_amount_leaves_the_total_to_its_words() -> None:
    fields, findings = invoice(amount=Decimal("97.59"), items=Field())
    assert [f.code for f in findings] == ["INVOICE_TOTAL_MISMATCH"]
    assert fields["total"].status is Status.VERIFIED
    assert fields["amount"].status is fields["tax"].status is Status.DOUBTFUL


def test_words_against_a_sum_that_comes_out() -> None:
    fields, findings = invoice(total_in_words="壹仟零叁圆伍角", items=Field())
    assert [f.code for f in findings] == ["INVOICE_WORDS_MISMATCH"]
    assert fields["total"].status is fields["amount"].status is Status.DOUBTFUL


def test_lines_that_do_not_add_up() -> None:
    fields, findings = invoice(items=read([Item(name="甲", amount=Decimal("105.75"), tax=Decimal("13.75"))], raw=""))
    assert [f.code for f in findings] == ["INVOICE_ITEMS_MISMATCH"]
    assert fields["items"].status is Status.DOUBTFUL
    assert fields["total"].status is Status.VERIFIED


def test_tax_free_invoice() -> None:
    items = read([Item(name="甲", amount=Decimal("100.00"), tax_rate="免税")], raw="")
    fields, findings = invoice(
        amount=Decimal("100.00"), tax=Field(raw="***", status=Status.READ, confidence=0.9), total=Decimal("100.00"),
        total_in_words="壹佰圆整", items=items,
    )  # fmt: skip
    assert fields["amount"].status is fields["total"].status is Status.VERIFIED
    assert not findings


def test_invoice_numbers() -> None:
    fields, findings = proven(
        "vat_invoice", invoice_number="25322000000365404822", issued_on=date(2025, 8, 8), check_code="1234",
        seller_tax_id=CODE, buyer_tax_id="410305123456789", invoice_code="01100160511",
    )  # fmt: skip
    assert [f.code for f in findings] == ["INVOICE_CODE_FORMAT", "INVOICE_CHECK_CODE_FORMAT"]
    assert fields["seller_tax_id"].status is Status.VERIFIED
    assert fields["buyer_tax_id"].status is Status.READ  # an older form without a check digit
    _, findings = proven("vat_invoice", invoice_number="25322000000365404822", issued_on=date(2024, 8, 8))
    assert [f.code for f in findings] == ["INVOICE_YEAR_DIFFERS"]


@given(
    st.decimals(1, 10**6, places=2), st.decimals(0, 10**5, places=2), st.sampled_from(["amount", "tax", "total"]),
    st.integers(0, 12), st.sampled_from("0123456789"),
)  # fmt: skip
def test_one_misread_digit_is_never_verified(amount: Decimal, tax: Decimal, name: str, place: int, digit: str) -> None:
    figures: dict[str, Any] = {"amount": amount, "tax": tax, "total": amount + tax}
    text = f"{figures[name]:.2f}"
    place %= len(text)
    assume(text[place] not in (".", digit))
    figures[name] = Decimal(text[:place] + digit + text[place + 1 :])
    fields, findings = proven("vat_invoice", **figures)
    assert fields[name].status is Status.DOUBTFUL
    assert [f.code for f in findings] == ["INVOICE_TOTAL_MISMATCH"]


@given(st.sampled_from(sorted(TYPES)), st.data())
def test_any_text_in_any_field_is_answered(type_id: str, data: st.DataObject) -> None:
    """Whatever a reader returns, with whatever score, nothing is raised and nothing unproven is verified."""
    texts = st.text(min_size=1, max_size=20)
    values: dict[str, Any] = {name: read(data.draw(texts), confidence=1.0) for name in TYPES[type_id]}
    fields, _ = proven(type_id, **values)
    assert all(found.status is not Status.VERIFIED for found in fields.values())
