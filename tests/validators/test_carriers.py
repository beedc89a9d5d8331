"""Several carriers of one invoice: the best stands for it, what differs is told, and no slot sees it twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from extractors.model import Field, Record, Source, Status
from extractors.registry import document_types
from validators.carriers import join_carriers
from validators.case import Case, FiledDocument
from validators.findings import finding
from validators.profile import Profile
from validators.slots import assign, check_slots

NUMBER = "24322000000489101700"
VALUES = {
    "invoice_kind": "digital_special", "invoice_number": NUMBER, "issued_on": date(2024, 12, 5),
    "amount": Decimal("17699.12"), "tax": Decimal("2300.88"), "total": Decimal("20000.00"),
    "buyer_name": "杭州云帆数字科技有限公司", "buyer_tax_id": "91330108MA2CG4HU3R",
    "seller_name": "成都蜀锦商贸有限公司", "seller_tax_id": "91510107MA30E2CU6N", "drawer": "王芳",
}  # fmt: skip


def invoice(file: str, source: Source, part: int = 1, slot: str | None = None, look=(), **changes) -> FiledDocument:
    fields = {spec.name: Field() for spec in document_types()["vat_invoice"].fields}
    for name, value in {**VALUES, **changes}.items():
        if isinstance(value, Field):
            fields[name] = value
        elif value is not None:
            fields[name] = Field(value=value, raw=str(value), status=Status.READ, confidence=0.95, page=1)
    picture = {"look": look} if look else {}
    return FiledDocument(file, Record("vat_invoice", fields), part, slot, type_confidence=0.9, source=source,
                         format=file.rpartition(".")[2], bytes=1000, picture=picture)  # fmt: skip


def codes(document: FiledDocument) -> list[tuple[str, str]]:
    return [(f.code, f.verdict.value) for f in document.findings]


XML, OFD = invoice("a.xml", Source.XML), invoice("a.ofd", Source.OFD)
PDF, PHOTO = invoice("a.pdf", Source.TEXT), invoice("a.jpg", Source.OCR)


def test_the_best_carrier_stands_for_the_invoice_whatever_the_order():
    for order in ((PHOTO, PDF, OFD, XML), (XML, OFD, PDF, PHOTO), (PDF, XML, PHOTO, OFD)):
        joined = join_carriers(order)
        assert [d.file for d in joined] == [d.file for d in order]
        assert {d.file: d.copy_of for d in joined} == {
            "a.xml": None, "a.ofd": ("a.xml", 1), "a.pdf": ("a.xml", 1), "a.jpg": ("a.xml", 1),
        }  # fmt: skip
        assert all(not d.findings for d in joined)
        best = next(d for d in joined if d.copy_of is None)
        assert best.record.fields["total"].status is Status.VERIFIED
        assert best.record.fields["total"].reason == "ofd_agrees" or order[0] is not XML


def test_other_invoices_and_other_documents_stay_as_they_are():
    licence = FiledDocument("licence.jpg", Record("business_licence", {}))
    broken = FiledDocument("b.pdf", Record("unknown", {}), unreadable=True)
    other = invoice("b.pdf", Source.TEXT, invoice_number="24322000000489101701", total=Decimal("1.00"))
    unread = invoice("c.jpg", Source.OCR, invoice_number=None, issued_on=None)
    before = [licence, PDF, broken, other, unread, unread]
    assert join_carriers(before) == before


def test_eight_digits_count_with_their_code():
    def old(file: str, source: Source, code: str | None, **changes) -> FiledDocument:
        return invoice(file, source, invoice_number="83089600", invoice_code=code, **changes)

    first = old("a.pdf", Source.TEXT, "033002000211")
    assert join_carriers([first, old("b.jpg", Source.OCR, "033002000211")])[1].copy_of
    assert not join_carriers([first, old("b.jpg", Source.OCR, "011001605111")])[1].copy_of
    assert join_carriers([first, old("b.jpg", Source.OCR, None)])[1].copy_of  # the same day
    other_day = old("b.jpg", Source.OCR, None, issued_on=date(2020, 1, 1), total=Decimal("5.00"))
    assert not join_carriers([first, other_day])[1].copy_of


@pytest.mark.parametrize(
    ("one", "other", "verdict"),
    [(XML, OFD, "reject"), (XML, PDF, "review"), (XML, PHOTO, "review"), (PDF, PHOTO, "review"), (PDF, PDF, "review"),
     (XML, XML, "reject"), (PHOTO, PHOTO, "review")],
)  # fmt: skip
@pytest.mark.parametrize(
    ("name", "value"),
    [("total", Decimal("29000.00")), ("issued_on", date(2024, 12, 6)), ("buyer_name", "杭州云帆数字技术有限公司"),
     ("seller_tax_id", "91510107MA30E2CU66")],
)  # fmt: skip
def test_a_forged_copy_is_told_with_both_values(one, other, verdict, name, value):
    fields = {**other.record.fields, name: other.record.fields[name].model_copy(update={"value": value})}
    forged = replace(other, file="forged", record=Record("vat_invoice", fields))
    best, copy = join_carriers([one, forged])
    assert copy.copy_of == (one.file, 1)
    assert codes(best) == [("INVOICE_CARRIERS_DIFFER", verdict)]
    told = best.findings[0]
    assert (told.field, told.expected, told.actual) == (name, str(value), str(one.record.value(name)))
    assert {e.document for e in told.evidence} == {one.file, "forged"}
    assert best.record.fields[name].status is Status.DOUBTFUL


def test_the_same_carrier_twice_is_a_duplicate_and_verifies_nothing():
    best, copy = join_carriers([PHOTO, replace(PHOTO, file="b.jpg")])
    assert codes(best) == [("INVOICE_DUPLICATE", "review")]
    assert best.findings[0].document == "b.jpg"
    assert copy.copy_of == ("a.jpg", 1)
    assert all(f.status is not Status.VERIFIED for f in best.record.fields.values())


def test_two_sheets_of_one_invoice_in_one_file_are_merely_told():
    best, copy = join_carriers([PHOTO, replace(PHOTO, part=2)])
    assert codes(best) == [("INVOICE_DUPLICATE", "accept")]
    assert copy.copy_of == ("a.jpg", 1)


def test_trouble_with_a_picture_is_dropped_where_a_better_carrier_is_there():
    told = {f"{key}_{lang}": "x" for key in ("name", "actual", "expected") for lang in ("zh", "en")}
    about = tuple(finding(code, document="a.jpg", actual=1, expected=2, **told) for code in (
        "QUALITY_GREY", "INVOICE_QR_MISMATCH"))  # fmt: skip
    _, copy = join_carriers([XML, replace(PHOTO, findings=about)])
    assert codes(copy) == [("INVOICE_QR_MISMATCH", "review")]


LOOK = ["0" * 32] * 28
OTHER_LOOK = ["f" * 32] * 28


def photo(file: str, number: str | Field | None, look=LOOK, **changes) -> FiledDocument:
    return invoice(file, Source.OCR, look=look, invoice_number=number, **changes)


def test_an_altered_number_on_the_same_picture_is_told():
    first, altered = photo("a.jpg", NUMBER), photo("b.jpg", "24322000000489101709")
    assert codes(join_carriers([first, altered])[1]) == [("INVOICE_NEAR_DUPLICATE", "review")]
    assert codes(join_carriers([first, photo("b.jpg", None)])[1]) == [("INVOICE_NEAR_DUPLICATE", "review")]


def test_equal_looks_alone_or_equal_text_alone_say_nothing():
    first = photo("a.jpg", NUMBER)
    other = "24322000000489101709"
    assert not codes(join_carriers([first, photo("b.jpg", other, OTHER_LOOK)])[1])
    assert not codes(join_carriers([first, photo("b.jpg", other, total=Decimal("7.00"))])[1])
    assert not codes(join_carriers([first, photo("b.jpg", other, issued_on=date(2024, 12, 6))])[1])
    named = {"buyer_name": "义乌红海贸易有限公司", "buyer_tax_id": "91330782MA2E5AYE1Q", "drawer": "李雷"}
    assert not codes(join_carriers([first, photo("b.jpg", other, **named)])[1])


def test_numbers_their_own_codes_bear_out_are_two_invoices():
    one, other = (
        photo(file, Field(value=number, status=Status.VERIFIED, reason="qr_agrees"))
        for file, number in (("a.jpg", NUMBER), ("b.jpg", "24322000000489101701"))
    )
    assert not codes(join_carriers([one, other])[1])


def test_one_check_code_cannot_belong_to_two_numbers():
    def paper(file: str, number: str, check_code: str) -> FiledDocument:
        return invoice(file, Source.TEXT, invoice_number=number, invoice_code="033002000211", check_code=check_code)

    first = paper("a.pdf", "83089600", "16197833567414507400")
    altered, other = paper("b.pdf", "83089609", "16197833567414507400"), paper("c.pdf", "83089601", "1" * 20)
    assert codes(join_carriers([first, altered])[1]) == [("INVOICE_NEAR_DUPLICATE", "review")]
    assert not codes(join_carriers([first, other])[1])


# Slots

TITLE = {"zh": "发票", "en": "invoice"}


def profile(**slots) -> Profile:
    return Profile.model_validate({
        "id": "test/invoices", "title": TITLE, "platform": TITLE, "source": "t", "checks": [],
        "slots": {name: {"accepts": ["vat_invoice"], "title": TITLE, "source": "t", **more}
                  for name, more in slots.items()},
    })  # fmt: skip


def slot_codes(rules: Profile, documents: list[FiledDocument]) -> tuple[list[str], list[str | None]]:
    filed = assign(rules, join_carriers(documents))
    _, findings = check_slots(Case(rules, {}, filed, date(2025, 1, 1)))
    return [f.code for f in findings], [d.slot for d in filed]


@pytest.mark.parametrize("pdf_slot", [None, "first", "vat_invoice"])
@pytest.mark.parametrize("xml_slot", [None, "first"])
def test_copies_fill_no_slot_and_are_not_left_over(pdf_slot, xml_slot):
    documents = [replace(PDF, slot=pdf_slot), replace(XML, slot=xml_slot), PHOTO]
    assert slot_codes(profile(first={}), documents) == ([], [None, "first", None])


def test_copies_do_not_take_the_slot_of_another_invoice():
    other = invoice("b.pdf", Source.TEXT, invoice_number="24322000000489101701")
    found, slots = slot_codes(profile(first={}, second={}), [PDF, XML, other])
    assert (found, slots) == ([], [None, "first", "second"])


def test_the_best_carrier_goes_where_its_copy_was_named_for():
    documents = [replace(PDF, slot="second"), XML, invoice("b.pdf", Source.TEXT, invoice_number=NUMBER[:-1] + "1")]
    assert slot_codes(profile(first={}, second={}), documents) == ([], [None, "second", "first"])


def test_one_invoice_may_be_named_for_two_slots():
    documents = [replace(PDF, slot="first"), replace(XML, slot="second")]
    assert slot_codes(profile(first={}, second={}), documents) == ([], ["first", "second"])


def test_one_carrier_the_platform_takes_is_enough():
    rules = profile(first={"formats": ["pdf"], "max_bytes": "2 KB"})
    assert slot_codes(rules, [PDF, XML])[0] == []
    assert slot_codes(rules, [XML])[0] == ["FILE_FORMAT_NOT_ACCEPTED"]
    assert slot_codes(rules, [replace(PDF, bytes=3000), XML])[0] == ["FILE_FORMAT_NOT_ACCEPTED"]
