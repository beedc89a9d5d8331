"""Persons' documents other than the citizen's ID card: all fields, told apart, through a reader's slips."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from extractors._mrz import find_zone
from extractors.model import Status, TextLine
from extractors.registry import classify, document_types, extract
from tests.extractors.lines_on_pages import at, cut_up, joined, moved, page_of, slanted
from tests.extractors.persons_by_hand import (
    CARDS,
    CHINESE_PASSPORT,
    FOREIGN_PASSPORT,
    HK_CARD,
    HK_MACAU_PERMIT,
    MACAU_CARD,
    RESIDENCE_BACK,
    RESIDENCE_FRONT,
    TAIWAN_CARD_FRONT,
    TAIWAN_PERMIT,
    TAIWAN_RESIDENCE_FRONT,
    ZONE_CHINESE,
    ZONE_FOREIGN,
)
from tests.extractors.test_id_card import BACK as ID_BACK
from tests.extractors.test_id_card import FRONT as ID_FRONT

TYPES = sorted({type_id for type_id, _, _ in CARDS.values()})
each_card = pytest.mark.parametrize(("type_id", "lines", "values"), CARDS.values(), ids=CARDS)


def read(lines: Sequence[TextLine], type_id: str) -> dict[str, Any]:
    """The values that were read without doubt."""
    fields = extract([page_of(lines)], type_id).fields
    return {name: f.value for name, f in fields.items() if f.status is Status.READ and f.reason != "mrz"}


def with_text(lines: Sequence[TextLine], **changed: str) -> list[TextLine]:
    """The lines with the text `was` changed: with_text(lines, was=..., now=...)."""
    assert any(changed["was"] in line.text for line in lines)
    return [replace(line, text=line.text.replace(changed["was"], changed["now"])) for line in lines]


@each_card
def test_every_field(type_id: str, lines: list[TextLine], values: dict[str, Any]) -> None:
    assert read(lines, type_id) == values


@each_card
def test_each_is_told_from_all_others(type_id: str, lines: list[TextLine], values: dict[str, Any]) -> None:
    told = classify([page_of(lines)])
    assert told.type == type_id
    assert told.confidence > 0.9


@pytest.mark.parametrize(
    ("lines", "type_id"),
    [
        (ID_FRONT, "id_card"), (ID_BACK, "id_card"), ([*ID_FRONT, *moved(ID_BACK, down=420)], "id_card"),
        (RESIDENCE_FRONT, "hk_macau_residence_permit"), (RESIDENCE_BACK, "hk_macau_residence_permit"),
        (TAIWAN_RESIDENCE_FRONT, "taiwan_residence_permit"), (TAIWAN_CARD_FRONT, "taiwan_identity_card"),
    ],
)  # fmt: skip
def test_single_sides_are_told_apart(lines: list[TextLine], type_id: str) -> None:
    assert classify([page_of(lines)]).type == type_id


@each_card
@pytest.mark.parametrize("degrees", [-5, 4])
def test_askew(degrees: float, type_id: str, lines: list[TextLine], values: dict[str, Any]) -> None:
    assert read(slanted(lines, degrees), type_id) == values


@each_card
def test_full_width_signs_change_nothing(type_id: str, lines: list[TextLine], values: dict[str, Any]) -> None:
    wide = str.maketrans("():/", "（）：／")
    kept = [line if "<" in line.text else replace(line, text=line.text.translate(wide)) for line in lines]
    assert read(kept, type_id) == values


@each_card
def test_lost_spaces_lose_no_value(type_id: str, lines: list[TextLine], values: dict[str, Any]) -> None:
    """Only names depend on spaces; those of a reader that loses them are another name."""
    found = read([replace(line, text=line.text.replace(" ", "")) for line in lines], type_id)
    loose = {"name", "name_latin", "issuing_authority"}
    assert {n: v for n, v in found.items() if n not in loose} == {n: v for n, v in values.items() if n not in loose}


@each_card
def test_text_over_a_copy_enters_no_value(type_id: str, lines: list[TextLine], values: dict[str, Any]) -> None:
    over = slanted([at(150, 180, "仅供入驻平台使用 再次复印无效", 26)], 25)
    assert read([*lines, *over], type_id) == values


@pytest.mark.parametrize(("was", "now"), [
    ("出生日期", "出生曰期"), ("证件号码", "证件号玛"), ("有效期限", "有郊期限"), ("签发机关", "签发机美"),
])  # fmt: skip
def test_misread_labels_of_a_permit(was: str, now: str) -> None:
    _, lines, values = CARDS["hk permit"]
    assert read(with_text(lines, was=was, now=now), "hk_macau_travel_permit") == values


@pytest.mark.parametrize(("was", "now"), [
    ("护照号/Passport No.", "护照号/Pasport Na."), ("Date of birth", "Date of 8irth"), ("姓名/Name", "姓名/Nane"),
    ("有效期至/Date of expiry", "有效期至 Dateofexpiry"), ("Nationality", "Nationaiity"),
])  # fmt: skip
def test_misread_labels_of_a_passport(was: str, now: str) -> None:
    _, lines, values = CARDS["chinese passport"]
    assert read(with_text(lines, was=was, now=now), "passport") == values


def test_labels_and_values_in_one_line() -> None:
    lines = list(HK_MACAU_PERMIT)
    for label in ("出生日期", "性别", "有效期限", "证件号码"):
        here = next(i for i, line in enumerate(lines) if line.text == label)
        lines[here : here + 2] = [joined(lines[here], lines[here + 1])]
    assert read(lines, "hk_macau_travel_permit") == CARDS["hk permit"][2]


def test_signs_beside_the_labels_of_many_passports() -> None:
    lines = with_text(FOREIGN_PASSPORT, was="Nationality/Nationalité", now="Nationalité/Nationality (3)")
    lines = with_text(lines, was="Surname/Nom", now="Nom/Surname (1)")
    lines = with_text(lines, was="Sex/Sexe", now="5. Sexe/Sex")
    assert read(lines, "passport") == CARDS["foreign passport"][2]


@pytest.mark.parametrize(("printed", "day"), [
    ("12.08.1974", date(1974, 8, 12)), ("12 AUG 1974", date(1974, 8, 12)), ("12 08 1974", date(1974, 8, 12)),
    ("12AUG/AOUT74", date(1974, 8, 12)), ("12 Aug 1974", date(1974, 8, 12)), ("12/08/1974", date(1974, 8, 12)),
])  # fmt: skip
def test_dates_as_passports_print_them(printed: str, day: date) -> None:
    assert read(with_text(FOREIGN_PASSPORT, was="12 AUG /AOÛT 74", now=printed), "passport")["born_on"] == day


def test_dates_that_are_none_are_doubtful() -> None:
    fields = extract(
        [page_of(with_text(FOREIGN_PASSPORT, was="12 AUG /AOÛT 74", now="42 AUG /AOÛT 74"))], "passport"
    ).fields
    assert (fields["born_on"].status, fields["born_on"].reason) == (Status.DOUBTFUL, "malformed")


def test_a_value_the_printed_zone_lacks_comes_from_the_other_one() -> None:
    lines = [line for line in FOREIGN_PASSPORT if line.text not in ("ERIKSSON", "ANNA MARIA", "12 AUG /AOÛT 74", "F")]
    fields = extract([page_of(lines)], "passport").fields
    assert (fields["name_latin"].value, fields["name_latin"].reason) == ("ERIKSSON ANNA MARIA", "mrz")
    assert (fields["born_on"].value, fields["sex"].value) == (date(1974, 8, 12), "女")


@pytest.mark.parametrize(("printed", "value"), [
    ("hO1234567", "H01234567"), ("Ｈ１２３４５６７８", "H12345678"), ("H 1234 5678", "H12345678"), ("H1234567802",
    "H1234567802"),
    ("HA1234567", "HA1234567"),
])  # fmt: skip
def test_permit_numbers_as_readers_see_them(printed: str, value: str) -> None:
    lines = with_text(HK_MACAU_PERMIT, was="H12345678", now=printed)
    assert read(lines, "hk_macau_travel_permit")["permit_number"] == value


def test_a_permit_without_the_label_of_its_number() -> None:
    lines = [line for line in HK_MACAU_PERMIT if line.text != "证件号码"]
    found = extract([page_of(lines)], "hk_macau_travel_permit").fields["permit_number"]
    assert (found.value, found.reason) == ("H12345678", "unlabelled")


def test_a_lost_value_is_not_filled_from_the_next_row() -> None:
    for lost in ("1980.03.04", "男", "2018.05.06-2028.05.05", "H12345678", "公安部出入境管理局"):
        found = read([line for line in HK_MACAU_PERMIT if line.text != lost], "hk_macau_travel_permit")
        expected = CARDS["hk permit"][2]
        assert all(expected.get(name) == value for name, value in found.items()), lost


@pytest.mark.parametrize("printed", ["2018.05.06-长期", "2018.05.06－长期"])
def test_a_term_without_end(printed: str) -> None:
    lines = with_text(RESIDENCE_FRONT + RESIDENCE_BACK, was="2019.01.02-2024.01.02", now=printed)
    fields = extract([page_of(lines)], "hk_macau_residence_permit").fields
    assert (fields["valid_to"].value, fields["valid_to"].status) == (None, Status.READ)
    assert fields["valid_to_is_indefinite"].value is True


def test_hong_kong_card_with_split_pieces() -> None:
    lines = [line for line in HK_CARD if line.text not in ("樂永晴", "03-06-1985", "女 F", "出生日期 Date of Birth")]
    lines += [at(300, 100, "樂 永", 30), at(400, 100, "晴", 30), at(300, 230, "03-06-1985 女F", 22)]
    lines += [at(300, 210, "出生日期", 14), at(370, 210, "Date of Birth", 14)]
    assert read(lines, "hk_identity_card") == CARDS["hk card"][2]


def test_hong_kong_card_of_a_person_without_a_chinese_name() -> None:
    lines = [line for line in HK_CARD if line.text not in ("樂永晴", "2867 3057 2532")]
    found = read(lines, "hk_identity_card")
    assert found["name"] == found["name_latin"] == "LOK Wing Ching"


def test_a_letter_in_a_number_with_a_check_digit_is_left_to_the_proof() -> None:
    found = extract([page_of(with_text(HK_CARD, was="A123456(3)", now="A12345G(3)"))], "hk_identity_card").fields
    assert (found["id_number"].value, found["id_number"].status) == ("A12345G(3)", Status.DOUBTFUL)


def test_macau_card_of_one_script() -> None:
    lines = [line for line in MACAU_CARD if line.text not in ("陳", "大文")]
    assert read(lines, "macau_identity_card")["name"] == "CHAN TAI MAN"


def test_taiwan_number_in_pieces() -> None:
    lines = with_text(TAIWAN_CARD_FRONT, was="A234567893", now="A2345 67893")
    assert read(lines, "taiwan_identity_card")["id_number"] == "A234567893"


@pytest.mark.parametrize(
    ("type_id", "front", "back"),
    [("hk_macau_residence_permit", RESIDENCE_FRONT, RESIDENCE_BACK), ("hk_macau_travel_permit", HK_MACAU_PERMIT, None)],
)
def test_sides(type_id: str, front: list[TextLine], back: list[TextLine] | None) -> None:
    assert extract([page_of(front)], type_id).side == "front"
    if back:
        assert extract([page_of(back)], type_id).side == "back"
        assert extract([page_of(front), page_of(moved(back, page=2), number=2)], type_id).side == "both"


# The machine-readable zone


def zone(*lines: str) -> list[TextLine]:
    return [at(60, 400 + 40 * i, text, 22) for i, text in enumerate(lines)]


def found_zone(lines: Sequence[TextLine]) -> str:
    return str(find_zone([page_of(lines)]).value)


@pytest.mark.parametrize("expected", [ZONE_CHINESE, ZONE_FOREIGN])
def test_a_zone_in_pieces(expected: str) -> None:
    names, data = expected.splitlines()
    lines = [*cut_up(zone(names)[0], 7, 20, 31), *cut_up(zone("", data)[1], 10, 28)]
    assert found_zone(lines) == expected


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from([ZONE_CHINESE, ZONE_FOREIGN]),
    st.integers(0, 18),
    st.integers(0, 4),
    st.sampled_from(["", "K", "<<<", "C<", "«"]),
)
def test_fillers_lost_and_doubled(expected: str, names_lost: int, data_lost: int, tail: str) -> None:
    names, data = expected.splitlines()
    names = names[: len(names) - names_lost] + ("<" + tail if tail else "")
    if "<<<<<" in data:
        data = data.replace("<<<<<", "<" * (5 - data_lost))
    assert found_zone(zone(names, data)) == expected


@pytest.mark.parametrize(("was", "now"), [("<", "く"), ("<<", "«"), ("UTO7", "UT07"), ("ERIKSSON", "ERIKSS0N")])
def test_signs_and_letters_taken_for_others(was: str, now: str) -> None:
    assert found_zone(zone(*(line.replace(was, now) for line in ZONE_FOREIGN.splitlines()))) == ZONE_FOREIGN


def test_a_zone_with_a_lost_character_is_doubtful() -> None:
    names, data = ZONE_CHINESE.splitlines()
    found = find_zone([page_of(zone(names, data.replace("MBPCLN", "MBPLN")))])
    assert (found.status, found.reason) == (Status.DOUBTFUL, "malformed")
    assert find_zone([page_of(zone(data))]).reason == "malformed"
    assert find_zone([page_of(CHINESE_PASSPORT[:20])]).status is Status.MISSING


PLACES = st.floats(0, 900)
WORDS = st.sampled_from(sorted({line.text for _, lines, _ in CARDS.values() for line in lines}))
GARBAGE = st.builds(at, PLACES, PLACES, WORDS | st.text(max_size=12), st.floats(1, 60), st.floats(0, 1))


@settings(max_examples=150, deadline=None)
@given(st.lists(GARBAGE, max_size=14), st.sampled_from(TYPES))
def test_no_page_breaks_an_extractor(lines: list[TextLine], type_id: str) -> None:
    record = extract([page_of(lines)], type_id)
    assert set(record.fields) == {spec.name for spec in document_types()[type_id].fields}
    for name, field in record.fields.items():
        if name != "valid_to_is_indefinite":
            assert (field.status is Status.MISSING) == (not field.raw)
        assert field.status is Status.MISSING or field.box is not None


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(sorted(CARDS)), st.randoms(use_true_random=False))
def test_the_order_of_lines_never_matters(card: str, random: Any) -> None:
    type_id, lines, values = CARDS[card]
    shuffled = list(lines)
    random.shuffle(shuffled)
    assert read(shuffled, type_id) == values


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(sorted(CARDS)), st.data())
def test_a_lost_line_never_moves_a_value_into_another_field(card: str, data: st.DataObject) -> None:
    type_id, lines, values = CARDS[card]
    lost = data.draw(st.integers(0, len(lines) - 1))
    found = read([line for at_, line in enumerate(lines) if at_ != lost], type_id)
    parts = {"name", "name_latin", "address", "issuing_authority"}  # a line of several may be lost
    wrong = {
        n: v for n, v in found.items() if n not in parts and v != values.get(n) and str(v) not in str(values.get(n))
    }
    assert not wrong


def test_taiwan_and_hong_kong_permits_are_no_relatives() -> None:
    assert classify([page_of(TAIWAN_PERMIT[:1])]).type == "taiwan_travel_permit"
    assert classify([page_of(HK_MACAU_PERMIT[:1])]).type == "hk_macau_travel_permit"
