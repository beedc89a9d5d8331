"""One digit changed anywhere on an invoice leaves a proof that does not hold; an intact one leaves none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.model import Field, Item, Record, Source, Status
from tests.invoices_by_hand import CENT, CONFIRMED, KINDS, in_words, invoice, line, proven, record, rounded
from validators.findings import Verdict

AMOUNTS, NUMBERS = ("amount", "tax", "total"), ("invoice_number", "invoice_code", "seller_tax_id", "buyer_tax_id")
SOURCES = (Source.OCR, Source.TEXT, Source.XML)


def other_digits(text: str) -> Iterator[str]:
    """A text with one of its digits changed, each in turn: to the next one, and to one further off."""
    for place, char in enumerate(text):
        if char.isdecimal():
            yield from (text[:place] + str((int(char) + step) % 10) + text[place + 1 :] for step in (1, 5))


def other_words(text: str) -> Iterator[str]:
    for place, char in enumerate(text):
        if char in "壹贰叁肆伍陆柒捌玖":
            yield from (text[:place] + digit + text[place + 1 :] for digit in "壹伍玖" if digit != char)
        elif char in "拾佰仟":
            yield from (text[:place] + unit + text[place + 1 :] for unit in "拾佰仟" if unit != char)


def changed(values: dict[str, Any], name: str) -> Iterator[dict[str, Any]]:
    """The invoice with one character of one field changed, in every way that can be read as such a field."""
    value = values.get(name)
    if isinstance(value, Decimal):
        yield from (values | {name: Decimal(text)} for text in other_digits(f"{value:.2f}"))
    elif isinstance(value, date):
        for text in other_digits(value.isoformat()):
            try:
                yield values | {name: date.fromisoformat(text)}
            except ValueError:
                continue
    elif isinstance(value, str):
        ways = other_words(value) if name == "total_in_words" else other_digits(value)
        yield from (values | {name: text} for text in ways)


def holding(proofs: dict[str, Any]) -> set[str]:
    return {id_ for id_, proof in proofs.items() if proof.result == "passed"}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("kind", KINDS)
def test_an_intact_invoice_is_proven_throughout(kind: str, source: Source) -> None:
    found, findings, proofs = proven(record(KINDS[kind], KINDS[kind]), source)
    assert not findings
    assert {id_ for id_, proof in proofs.items() if proof.result != "passed"} == set()
    read = [name for name in (*AMOUNTS, "total_in_words", *CONFIRMED) if found.value(name) is not None]
    assert {found.fields[name].status for name in read} == {Status.VERIFIED}


@pytest.mark.parametrize("kind", KINDS)
def test_without_a_second_reading_number_and_day_are_told_to_be_unproven(kind: str) -> None:
    found, findings, proofs = proven(record(KINDS[kind]))
    assert not findings
    told = {id_: proof.fields for id_, proof in proofs.items() if proof.result != "passed"}
    code = ("invoice_code",) if "invoice_code" in KINDS[kind] else ()
    assert told == {
        "invoice.number_confirmed": ("invoice_number", *code), "invoice.date_confirmed": ("issued_on",),
    }  # fmt: skip
    assert found.fields["issued_on"].status is found.fields["invoice_number"].status is Status.READ


@pytest.mark.parametrize("name", [*AMOUNTS, "total_in_words", "issued_on", *NUMBERS])
@pytest.mark.parametrize("kind", KINDS)
def test_one_character_changed_is_found_and_named(kind: str, name: str) -> None:
    """With a second reading of number, code and day."""
    for at, values in enumerate(changed(KINDS[kind], name)):
        found, findings, proofs = proven(record(values, KINDS[kind]), SOURCES[at % 3])
        open_ = [proof for proof in proofs.values() if proof.result != "passed"]
        assert any(name in proof.fields for proof in open_), values[name]
        assert any(f.verdict is not Verdict.ACCEPT for f in findings)
        assert found.fields[name].status is not Status.VERIFIED


@pytest.mark.parametrize("name", [*AMOUNTS, "total_in_words", "issued_on", *NUMBERS])
@pytest.mark.parametrize("kind", KINDS)
def test_with_one_print_it_is_never_taken_for_proven(kind: str, name: str) -> None:
    for values in changed(KINDS[kind], name):
        found, _, proofs = proven(record(values))
        assert any(name in proof.fields for proof in proofs.values() if proof.result != "passed"), values[name]
        assert found.fields[name].status is not Status.VERIFIED


def with_code(values: dict[str, Any], original: dict[str, Any]) -> Record:
    """The invoice with the code of the original on it: number, code, day and the amount its kind puts there."""
    names = [*CONFIRMED, "total" if original["invoice_kind"].startswith("digital") else "amount"]
    code = {name: Field(value=original[name], raw=str(original[name]), status=Status.READ, confidence=1.0)
            for name in names if name in original}  # fmt: skip
    return replace(record(values), extra={"qr": code})


@pytest.mark.parametrize("kind", KINDS)
def test_the_code_proves_number_and_day(kind: str) -> None:
    values = KINDS[kind]
    _, findings, proofs = proven(with_code(values, values))
    assert not findings
    assert {id_ for id_, proof in proofs.items() if proof.result != "passed"} == set()
    for name in ("issued_on", "invoice_number", "invoice_code", "total"):
        for other in changed(values, name):
            found, findings, proofs = proven(with_code(other, values))
            assert any(name in proof.fields for proof in proofs.values() if proof.result == "failed"), other[name]
            assert {f.verdict for f in findings} & {Verdict.REVIEW, Verdict.REJECT}
            assert found.fields[name].status is not Status.VERIFIED


@pytest.mark.parametrize("part", ["amount", "tax"])
@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_line_is_found(kind: str, part: str) -> None:
    values = KINDS[kind]
    for place, item in enumerate(values["items"]):
        stated = getattr(item, part)
        for text in other_digits(f"{stated:.2f}") if stated is not None else ():
            items = [*values["items"]]
            items[place] = item.model_copy(update={part: Decimal(text)})
            found, findings, proofs = proven(record(values | {"items": items}, values))
            assert proofs["invoice.sums"].result == "failed"
            assert "items" in proofs["invoice.sums"].fields
            assert findings
            assert found.fields["items"].status is Status.DOUBTFUL


@pytest.mark.parametrize("rate", ["6%", "3%", "1%", "17%", "免税"])
def test_a_changed_rate_is_found(rate: str) -> None:
    values = KINDS["electronic_ordinary with a discount"]
    items = [item.model_copy(update={"tax_rate": rate}) for item in values["items"]]
    _, findings, proofs = proven(record(values | {"items": items}, values))
    assert proofs["invoice.lines"].result == "failed"
    assert "INVOICE_LINE_TAX" in {f.code for f in findings}


def test_a_changed_rate_is_found_where_it_makes_a_few_cents() -> None:
    one = line("*餐饮服务*餐费", "3%", "1.50")
    values = invoice([one.model_copy(update={"tax_rate": "1%"})], invoice_kind="digital_ordinary")
    assert proven(record(values))[2]["invoice.lines"].result == "failed"


def test_a_changed_quantity_or_price_is_found() -> None:
    values = invoice([line("*钢材*圆钢", "13%", "4200.00", "12")])
    for part in ("quantity", "unit_price"):
        for text in other_digits(f"{getattr(values['items'][0], part):f}"):
            item = values["items"][0].model_copy(update={part: Decimal(text)})
            _, findings, proofs = proven(record(values | {"items": [item]}))
            assert proofs["invoice.lines"].result == "failed"
            # On a picture it is a misread figure that nothing rests on; the lines are doubtful all the same.
            assert {(f.code, f.verdict) for f in findings} == {("INVOICE_LINE_PRICE", Verdict.ACCEPT)}


def test_data_that_contradicts_itself_is_refused_and_a_picture_is_asked_about() -> None:
    values = KINDS["digital_ordinary at 1 %"]
    wrong = values | {"total": values["total"] + 10}
    for source, verdict in ((Source.XML, Verdict.REJECT), (Source.OFD, Verdict.REJECT), (Source.OCR, Verdict.REVIEW)):
        findings = proven(record(wrong), source)[1]
        assert {f.code for f in findings} == {"INVOICE_TOTAL_MISMATCH", "INVOICE_WORDS_MISMATCH"}
        assert {f.verdict for f in findings} == {verdict}
        assert (findings[0].expected, findings[0].actual) == ("328.00", "338.00")


def test_a_digit_hidden_in_amount_and_total_alike_is_no_proof() -> None:
    """1234.00 + 160.42 = 1394.42 read as 234.00 + 160.42 = 394.42: the sum comes out, the rate does not."""
    read = {"amount": Decimal("234.00"), "tax": Decimal("160.42"), "total": Decimal("394.42")}
    values = invoice([], items=None, total_in_words=None, **read)
    found, _, _ = proven(record(values))
    assert {found.fields[name].status for name in AMOUNTS} == {Status.DOUBTFUL}
    lucky = values | {"amount": Decimal("1234.00"), "total": Decimal("1394.42")}
    assert {proven(record(lucky))[0].fields[name].status for name in AMOUNTS} == {Status.READ}


@pytest.mark.parametrize("kept", [("total",), ("amount",), ("amount", "total"), ("amount", "tax")])
def test_an_amount_that_nothing_proves_is_doubtful(kept: tuple[str, ...]) -> None:
    full = KINDS["digital_special, two rates and a discount"]
    values = {name: value for name, value in full.items() if name not in (*AMOUNTS, "total_in_words", "items")}
    fields = record(values | {name: full[name] for name in kept}).fields
    fields["tax"] = fields["tax"].model_copy(update={"raw": "" if "tax" not in kept else "1", "status":
                                             Status.READ if "tax" in kept else Status.MISSING})  # fmt: skip
    found, _, _ = proven(Record("vat_invoice", fields))
    assert {found.fields[name].status for name in kept} == {Status.DOUBTFUL}


def test_amount_and_tax_taken_for_each_other() -> None:
    full = KINDS["digital_ordinary at 1 %"]
    swapped = full | {"amount": full["tax"], "tax": full["amount"], "items": []}
    found, findings, proofs = proven(record(swapped), Source.TEXT)
    assert [f.code for f in findings] == ["INVOICE_TAX_ABOVE_RATES"]
    assert proofs["invoice.rates"].result == "failed"
    assert found.fields["amount"].status is found.fields["tax"].status is Status.DOUBTFUL


@given(st.data())
def test_invoices_as_systems_issue_them_come_out(data: st.DataObject) -> None:
    """Lines priced with tax or without, prices to many digits, discounts, several rates: no proof fails."""
    items: list[Item] = []
    for _ in range(data.draw(st.integers(1, 8))):
        rate = data.draw(st.sampled_from(["13%", "9%", "6%", "3%", "1%", "免税"]))
        with_tax = data.draw(st.decimals("0.10", 10**7, places=2))
        percent = Decimal(rate[:-1]) if rate != "免税" else Decimal(0)
        amount = rounded(with_tax / (1 + percent / 100))
        count = data.draw(st.sampled_from([None, "1", "3", "12", "0.37", "1000"]))
        items.append(line("*商品*甲", rate, f"{amount}", count, None if rate == "免税" else f"{with_tax - amount}"))
        if amount > CENT * 20 and data.draw(st.booleans()):
            items.append(line("*商品*甲", rate, f"-{rounded(amount / 20)}"))
    red = data.draw(st.booleans())
    if red:
        items = [item.model_copy(update={part: -value for part in ("quantity", "amount", "tax")
                                         if (value := getattr(item, part)) is not None}) for item in items]  # fmt: skip
    values = invoice(items, remarks="红字发票信息确认单编号：3301" if red else None)
    _, findings, proofs = proven(record(values, values))
    assert not findings
    assert {proof.result for proof in proofs.values()} == {"passed"}


@given(st.decimals("0.01", 10**10, places=2))
def test_words_and_figures(amount: Decimal) -> None:
    """Every amount the helper spells is read back: the test invoices say what they mean."""
    values = invoice([line("*商品*甲", "13%", "1.00")], amount=None, total=amount, total_in_words=in_words(amount))
    assert proven(record(values))[2]["invoice.words"].result == "passed"
