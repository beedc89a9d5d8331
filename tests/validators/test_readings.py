"""Second readings of an invoice: what agrees is verified, what differs is doubtful and told, nothing is mended."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.invoice_qr import parse
from extractors.model import Field, Item, Source, Status
from extractors.registry import document_types
from validators.findings import Verdict
from validators.proofs.base import Proof
from validators.readings import weigh

KINDS = {spec.name: spec.kind for spec in document_types()["vat_invoice"].fields}
PAYLOAD = "01,10,033002000211,83089600,510.68,20200723,16197833567414507400,A1B2,"
PRINT = {
    "invoice_kind": "electronic_ordinary", "invoice_code": "033002000211", "invoice_number": "83089600",
    "issued_on": date(2020, 7, 23), "check_code": "16197833567414507400", "amount": Decimal("510.68"),
    "tax": Decimal("15.32"), "total": Decimal("526.00"), "total_in_words": "伍佰贰拾陆圆整",
    "buyer_name": "杭州云帆数字科技有限公司",
}  # fmt: skip


def proof(source: Source = Source.OCR, status: Status = Status.READ, **changes) -> Proof:
    """A print with some values changed: a value, a Field, or None for one that was not read."""
    fields = {name: Field() for name in KINDS}
    for name, value in {**PRINT, **changes}.items():
        made = value if isinstance(value, Field) else Field(value=value, raw=str(value), status=status, confidence=0.95)
        fields[name] = Field() if value is None else made
    return Proof(fields, "invoice.jpg", 1, source)


def weighed(via: str = "qr", payload: str = PAYLOAD, source: Source = Source.OCR, **changes) -> Proof:
    found = proof(source, **changes)
    weigh(found, via, parse(payload) or {}, KINDS)
    return found


def said(found: Proof) -> dict[str, str]:
    return {f.field: f.verdict.value for f in found.findings}


BY_CODE = ("invoice_kind", "invoice_code", "invoice_number", "issued_on", "check_code", "amount")


def test_what_print_and_code_agree_on_is_verified_and_nothing_else():
    found = weighed()
    assert {name for name, f in found.fields.items() if f.status is Status.VERIFIED} == set(BY_CODE)
    assert {found.fields[name].reason for name in BY_CODE} == {"qr_agrees"}
    assert not found.findings


def test_of_a_digital_one_the_code_verifies_the_total():
    number = "24322000000489101700"
    found = weighed(payload=f"01,31, ,{number},526.00,20200723, ,F366", invoice_kind="digital_special",
                    invoice_number=number, invoice_code=None, check_code=None)  # fmt: skip
    assert found.fields["total"].status is Status.VERIFIED
    assert found.fields["amount"].status is Status.READ
    assert not found.findings


def test_last_six_digits_of_a_check_code_agree():
    found = weighed(payload=PAYLOAD.replace("16197833567414507400", "507400"))
    assert found.fields["check_code"].status is Status.READ  # the others are in nobody's second reading
    assert not found.findings
    found = weighed(payload=PAYLOAD.replace("16197833567414507400", "507401"))
    assert found.fields["check_code"].status is Status.DOUBTFUL


@pytest.mark.parametrize(
    ("name", "altered"),
    [("invoice_number", "83089609"), ("invoice_code", "033002000212"), ("issued_on", date(2020, 7, 28)),
     ("amount", Decimal("610.68")), ("check_code", "16197833567414507401"), ("invoice_kind", "electronic_special")],
)  # fmt: skip
@pytest.mark.parametrize("source", [Source.OCR, Source.TEXT])
def test_one_altered_value_is_found_and_never_mended(name, altered, source):
    found = weighed(source=source, **{name: altered})
    assert found.fields[name].value == altered
    assert found.fields[name].status is Status.DOUBTFUL
    assert found.fields[name].reason == "qr_differs"
    assert list(said(found)) == [name]
    assert found.findings[0].code == "INVOICE_QR_MISMATCH"
    assert str(altered).replace("_", " ") in found.findings[0].message.en


def test_a_difference_is_refused_only_where_nothing_was_misread():
    altered = {"invoice_number": "83089609"}
    assert said(weighed(**altered)) == {"invoice_number": "review"}
    assert said(weighed(source=Source.TEXT, **altered)) == {"invoice_number": "reject"}
    twice = Field(value="83089609", raw="", status=Status.READ, confidence=0.97, alternates=("83089609",))
    assert said(weighed(invoice_number=twice)) == {"invoice_number": "reject"}
    assert said(weighed(invoice_number=twice.model_copy(update={"confidence": 0.7}))) == {"invoice_number": "review"}
    # A value from elsewhere on the page, not an altered one: the layout may have been misunderstood.
    assert said(weighed(source=Source.TEXT, issued_on=date(1999, 12, 1))) == {"issued_on": "review"}


def test_altered_sums_are_refused_where_they_come_out():
    sums = {"amount": Decimal("610.68"), "total": Decimal("626.00")}
    assert said(weighed(**sums, total_in_words="陆佰贰拾陆圆整")) == {"amount": "reject"}
    assert said(weighed(**sums)) == {"amount": "review"}  # the words still say the old total
    assert said(weighed(**sums, total_in_words=None)) == {"amount": "review"}
    assert said(weighed(**sums, total_in_words=None, source=Source.TEXT)) == {"amount": "reject"}
    assert said(weighed(amount=Decimal("610.68"), source=Source.TEXT)) == {"amount": "review"}


def test_what_ocr_missed_or_garbled_comes_from_the_code_unverified():
    day = Field(
        value="2020年07月2日日", raw="2020年07月2日日", status=Status.DOUBTFUL, confidence=0.8, reason="malformed"
    )
    found = weighed(invoice_code=None, check_code="1619783356741450", issued_on=day)
    for name, value in (("invoice_code", "033002000211"), ("check_code", "16197833567414507400"),
                        ("issued_on", date(2020, 7, 23))):  # fmt: skip
        assert (found.fields[name].value, found.fields[name].status) == (value, Status.READ)
        assert found.fields[name].reason == "qr_only"
    assert found.fields["issued_on"].raw == "2020年07月2日日"
    assert found.fields["check_code"].alternates == ("1619783356741450",)
    assert not found.findings


def test_garbage_the_code_cannot_be_recognised_in_is_not_replaced():
    found = weighed(invoice_number="123456")
    assert (found.fields["invoice_number"].value, found.fields["invoice_number"].status) == ("123456", Status.DOUBTFUL)
    assert said(found) == {"invoice_number": "review"}


def test_characters_of_a_text_layer_are_not_misread_so_nothing_is_replaced():
    found = weighed(invoice_number="8308960", source=Source.TEXT)
    assert found.fields["invoice_number"].value == "8308960"
    assert said(found) == {"invoice_number": "review"}


def test_the_code_of_another_invoice_verifies_and_fills_nothing():
    found = weighed(invoice_number="41108527", invoice_code=None)
    assert all(f.status is not Status.VERIFIED for f in found.fields.values())
    assert found.fields["invoice_code"].value is None
    assert said(found) == {"invoice_number": "review"}


def test_a_low_score_is_settled_and_a_contradiction_is_not():
    low = Field(value="83089600", status=Status.DOUBTFUL, confidence=0.4, reason="low_confidence")
    assert weighed(invoice_number=low).fields["invoice_number"].status is Status.VERIFIED
    twice = low.model_copy(update={"reason": "readings_differ", "alternates": ("83089601",)})
    assert weighed(invoice_number=twice).fields["invoice_number"].status is Status.DOUBTFUL


@pytest.mark.parametrize(
    ("printed", "sign", "status", "value"),
    [("electronic_special", "01", Status.READ, "electronic_special"), ("ordinary", "10", Status.READ, "ordinary"),
     ("special", "04", Status.DOUBTFUL, "special"), ("ordinary", "01", Status.DOUBTFUL, "ordinary"),
     ("roll", "04", Status.READ, "roll"), (None, "04", Status.READ, "ordinary")],
)  # fmt: skip
def test_kinds_agree_by_sort(printed, sign, status, value):
    found = weighed(payload=PAYLOAD.replace("01,10", f"01,{sign}"), invoice_kind=printed)
    assert (found.fields["invoice_kind"].status, found.fields["invoice_kind"].value) == (status, value)


def test_an_amount_that_may_be_either_verifies_the_one_it_equals():
    def roll(held: str, **changes) -> Proof:
        payload = PAYLOAD.replace("01,10", "01,11").replace("510.68", held)
        return weighed(payload=payload, invoice_kind="roll", **changes)

    assert roll("510.68").fields["amount"].status is Status.VERIFIED
    assert roll("526").fields["total"].status is Status.VERIFIED
    assert list(said(roll("500"))) == ["amount"]
    assert not said(roll("500", amount=None, tax=None))  # it may be the amount, which was not read


def carrier(via: str, source: Source, status: Status = Status.READ, **changes) -> Proof:
    found, other = proof(source), proof(status=status, **changes)
    weigh(found, via, other.fields, KINDS)
    return found


def test_other_carriers_are_refused_for_differing_when_both_are_data():
    altered = {"total": Decimal("626.00")}
    assert said(carrier("ofd", Source.XML, **altered)) == {"total": "reject"}
    assert said(carrier("text", Source.XML, **altered)) == {"total": "review"}
    assert said(carrier("print", Source.TEXT, **altered)) == {"total": "review"}
    found = carrier("print", Source.XML)
    assert found.fields["buyer_name"].reason == "print_agrees"
    assert not found.findings


def test_the_parties_count_and_free_text_on_a_picture_does_not():
    assert said(carrier("print", Source.XML, buyer_name="杭州云帆数字技术有限公司")) == {"buyer_name": "review"}
    found = proof(Source.XML, seller_address_phone="杭州市文三路90号 0571-88880000")
    weigh(found, "print", proof(seller_address_phone="杭州市文三路9号 88880000").fields, KINDS)
    assert not found.findings


def test_doubtful_readings_neither_verify_nor_accuse():
    found = carrier("print", Source.XML, status=Status.DOUBTFUL, total=Decimal("626.00"))
    assert not found.findings
    assert all(f.status is not Status.VERIFIED for f in found.fields.values())


def test_items_are_compared_by_name_amount_and_tax():
    def lines(name: str) -> Field:
        item = Item(name=name, amount=Decimal("510.68"), tax_rate="3%", tax=Decimal("15.32"))
        return Field(value=[item], status=Status.READ, confidence=1.0)

    for name, verdicts in (("*餐饮服务* 餐费", {}), ("*咨询服务*咨询费", {"items": "review"})):
        found = proof(Source.XML, items=lines("*餐饮服务*餐费"))
        weigh(found, "ofd", proof(items=lines(name)).fields, KINDS)
        assert said(found) == verdicts


@given(st.sampled_from(sorted(set(BY_CODE) - {"invoice_kind"})), st.data())
def test_a_changed_digit_never_ends_verified(name, data):
    text = f"{PRINT[name]:%Y%m%d}" if isinstance(PRINT[name], date) else str(PRINT[name])
    at = data.draw(st.sampled_from([i for i, char in enumerate(text) if char.isdigit()]))
    digit = data.draw(st.sampled_from([d for d in "0123456789" if d != text[at]]))
    changed = text[:at] + digit + text[at + 1 :]
    try:
        value = {date: lambda t: date(int(t[:4]), int(t[4:6]), int(t[6:])), Decimal: Decimal}.get(
            type(PRINT[name]), str)(changed)  # fmt: skip
    except ValueError:
        return
    found = weighed(**{name: value})
    assert found.fields[name].status is Status.DOUBTFUL
    assert found.fields[name].value == value
    assert max(f.verdict.rank for f in found.findings) >= Verdict.REVIEW.rank
