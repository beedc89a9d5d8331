"""What two readings of one invoice come to: the proofs decide, and where they do not, nothing is decided silently."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from extractors.model import Field, Item, Record, Status
from tests.invoices_by_hand import BUYER, KINDS, SELLER, invoice, line, proven, record
from validators.invoice_readings import is_open, settled

LINES = (line("*电子元件*电阻", "13%", "1999.12", "7"), line("*信息技术服务*维护", "6%", "4716.98", "1"))
RIGHT = invoice(LINES, remarks="合同号2025-08")


def doubted(read: Record, name: str, reason: str, **changes: Any) -> Record:
    doubtful = read.fields[name].model_copy(update={"status": Status.DOUBTFUL, "reason": reason, **changes})
    return replace(read, fields={**read.fields, name: doubtful})


def come_to(first: dict[str, Any], second: dict[str, Any]) -> Record:
    return settled(record(RIGHT | first), record(RIGHT | second))


def other(item: Item, **changes: Any) -> list[Item]:
    return [item.model_copy(update=changes), *LINES[1:]]


WRONG: dict[str, Any] = {
    "amount": Decimal("6776.10"), "tax": Decimal("542.92"), "total": Decimal("7259.00"),
    "total_in_words": "柒仟贰佰伍拾玖圆整", "seller_tax_id": SELLER[:-1] + "A", "buyer_tax_id": BUYER[:-1] + "A",
    "items": other(LINES[0], amount=Decimal("1999.72")),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_the_reading_that_the_proofs_support_wins_whichever_it_is(name: str) -> None:
    kept = come_to({}, {name: WRONG[name]}).fields[name]
    taken = come_to({name: WRONG[name]}, {}).fields[name]
    assert (kept.value, kept.status, kept.reason) == (RIGHT[name], Status.READ, "")
    assert (taken.value, taken.status, taken.reason) == (RIGHT[name], Status.READ, "second_reading")


def test_figures_misread_in_either_reading_are_put_together() -> None:
    found = come_to({"amount": WRONG["amount"]}, {"tax": WRONG["tax"], "total_in_words": WRONG["total_in_words"]})
    assert {name: found.value(name) for name in ("amount", "tax", "total_in_words")} == {
        name: RIGHT[name] for name in ("amount", "tax", "total_in_words")
    }


UNDECIDED = {
    "seller_name": "杭州云帆数宇科技有限公司", "remarks": "合同号2025-03",
    "issued_on": RIGHT["issued_on"].replace(day=3),
    "invoice_number": "25322000000365404823", "items": other(LINES[0], name="*电子元件*电限"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNDECIDED)
def test_what_nothing_decides_is_doubtful_with_both_values(name: str) -> None:
    found = come_to({}, {name: UNDECIDED[name]})
    field = proven(found)[0].fields[name]
    assert (field.value, field.status, field.reason) == (RIGHT[name], Status.DOUBTFUL, "readings_differ")
    assert len(field.alternates) == 1
    assert {n for n in found.fields if found.fields[n].status is Status.DOUBTFUL} == {name}


def test_a_code_on_the_invoice_decides_what_is_else_undecided() -> None:
    code = {"invoice_number": Field(value=RIGHT["invoice_number"], raw="", status=Status.READ, confidence=1)}
    first = replace(record(RIGHT | {"invoice_number": UNDECIDED["invoice_number"]}), extra={"qr": code})
    found = settled(first, record(RIGHT))
    assert (found.value("invoice_number"), found.extra) == (RIGHT["invoice_number"], {"qr": code})
    assert found.fields["invoice_number"].reason == "second_reading"


@given(st.sampled_from(sorted(KINDS)), st.floats(0, 1), st.floats(0, 1))
def test_two_equal_readings_verify_nothing_and_leave_the_first(kind: str, sure: float, again: float) -> None:
    first = record(KINDS[kind], confidence=sure)
    assert settled(first, record(KINDS[kind], confidence=again)) == first


def test_what_the_first_reading_missed_or_garbled_is_read() -> None:
    lost = {"tax": None, "seller_name": None}
    found = settled(doubted(record(RIGHT | lost), "amount", "malformed", value="¥671"), record(RIGHT))
    for name in ("tax", "seller_name", "amount"):
        assert (found.value(name), found.fields[name].status) == (RIGHT[name], Status.READ)
        assert found.fields[name].reason == "second_reading"


def test_what_the_second_reading_missed_or_garbled_stays() -> None:
    first = record(RIGHT)
    assert settled(first, doubted(record(RIGHT | {"tax": None}), "amount", "malformed", value="¥671")) == first
    lost = record(RIGHT | {"buyer_name": None})
    assert settled(lost, doubted(record(RIGHT), "buyer_name", "incomplete")) == lost


def test_a_name_cut_short_gives_way_to_the_whole_of_it_only() -> None:
    whole = RIGHT["seller_name"]
    cut = doubted(record(RIGHT), "seller_name", "incomplete", value=whole[:-2])
    assert settled(cut, record(RIGHT)).fields["seller_name"].reason == "second_reading"
    misread = doubted(record(RIGHT), "seller_name", "incomplete", value=whole[:-2].replace("帆", "凡"))
    found = settled(misread, record(RIGHT)).fields["seller_name"]
    assert (found.value, found.status, found.alternates) == (whole, Status.DOUBTFUL, (whole[:-2].replace("帆", "凡"),))


def test_being_less_sure_decides_nothing() -> None:
    first = doubted(record(RIGHT), "seller_name", "low_confidence", value=UNDECIDED["seller_name"], confidence=0.3)
    found = settled(first, record(RIGHT)).fields["seller_name"]
    assert (found.status, found.value, found.alternates) == (
        Status.DOUBTFUL, RIGHT["seller_name"], (UNDECIDED["seller_name"],),
    )  # fmt: skip


def test_a_doubt_goes_where_the_second_reading_has_none_but_not_over_another_print() -> None:
    doubtful = doubted(record(RIGHT), "seller_name", "low_confidence", confidence=0.3)
    assert settled(doubtful, record(RIGHT)).fields["seller_name"].status is Status.READ
    printed = doubted(record(RIGHT), "seller_name", "conflicting_readings", alternates=("另一家有限公司",))
    assert settled(printed, record(RIGHT)) == printed


@pytest.mark.parametrize(
    ("first", "weakest", "status"),
    [({"value": "杭州云帆数宇科技有限公司", "reason": "low_confidence"}, 0.99, Status.READ),
     ({"value": "国家税务杭州云帆数字科技有限公司", "reason": "low_confidence"}, 0.99, Status.READ),
     ({"value": "杭州云帆数宇科技有限公司", "reason": "low_confidence"}, 0.9, Status.DOUBTFUL),
     ({"value": "杭州云机数宇科技有限公司", "reason": "low_confidence"}, 0.99, Status.DOUBTFUL),
     ({"value": "杭州云帆数宇科技有限公司", "reason": "readings_differ",
       "alternates": ("杭州云帆数字科技有限公司",)}, 0.99, Status.READ),
     ({"value": "杭州云帆数宇科技有限公司", "reason": "readings_differ", "alternates": ("别的",)}, 0.99,
      Status.DOUBTFUL)],
    ids=["its own doubt", "more before it", "unsure as well", "two characters", "two of three", "three ways"],
)  # fmt: skip
def test_a_name_whose_reader_doubted_a_character_gives_way_to_one_that_is_sure_of_all(
    first: dict[str, Any], weakest: float, status: Status
) -> None:
    doubted_name = doubted(record(RIGHT), "seller_name", **first, weakest=0.4)
    second = record(RIGHT | {"seller_name": "杭州云帆数字科技有限公司"})
    sure = second.fields["seller_name"].model_copy(update={"weakest": weakest})
    found = settled(doubted_name, replace(second, fields={**second.fields, "seller_name": sure})).fields["seller_name"]
    assert found.status is status
    assert found.status is Status.DOUBTFUL or found.value == "杭州云帆数字科技有限公司"


def test_lines_that_add_up_do_not_vouch_for_their_names() -> None:
    first = [LINES[0].model_copy(update={"amount": None, "name": "*电子元件*电限"}), *LINES[1:]]
    found = come_to({"items": first}, {}).fields["items"]
    assert (found.value, found.status) == (list(LINES), Status.DOUBTFUL)


@pytest.mark.parametrize("kind", KINDS)
def test_a_whole_invoice_of_any_kind_leaves_nothing_open(kind: str) -> None:
    whole = record(KINDS[kind])
    fields = whole.fields
    if KINDS[kind].get("tax") == "***":
        fields = {**fields, "tax": Field(raw="***")}
    assert not is_open(replace(whole, fields=fields))


@pytest.mark.parametrize("name", ["seller_name", "buyer_name", "tax", "items", "invoice_number", "issued_on"])
def test_a_missing_or_doubtful_key_field_leaves_it_open(name: str) -> None:
    assert is_open(record(RIGHT | {name: None}))
    assert is_open(doubted(record(RIGHT), name, "incomplete"))


def test_a_failed_proof_leaves_it_open() -> None:
    assert is_open(record(RIGHT | {"total_in_words": WRONG["total_in_words"]}))
    assert not is_open(record(RIGHT | {"remarks": None, "drawer": None}))
