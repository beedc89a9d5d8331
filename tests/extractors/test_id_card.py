"""Identity cards as readers find them: labels lost, joined and split, one side or both, text laid over them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lines_on_pages import at, cut_up, joined, moved, page_of, slanted

from extractors.model import FieldValue, Status, TextLine
from extractors.registry import classify, extract

FRONT = [
    at(20, 30, "姓名"), at(85, 30, "林秋禾"),
    at(20, 72, "性别"), at(85, 72, "女"), at(145, 72, "民族"), at(200, 72, "汉"),
    at(20, 114, "出生"), at(85, 114, "1988年5月14日"),
    at(20, 156, "住址"), at(85, 156, "浙江省杭州市滨江区长河"), at(85, 182, "街道江晖路100号2幢"), at(85, 208, "301室"),
    at(20, 280, "公民身份号码"), at(160, 280, "330108198805142028"),
]  # fmt: skip
BACK = [
    at(180, 30, "中华人民共和国", 28), at(160, 80, "居民身份证", 44),
    at(100, 240, "签发机关"), at(200, 240, "杭州市公安局滨江分局"),
    at(100, 280, "有效期限"), at(200, 280, "2015.03.09-2035.03.09"),
]  # fmt: skip
FRONT_VALUES = {
    "name": "林秋禾", "sex": "女", "ethnicity": "汉", "born_on": date(1988, 5, 14),
    "address": "浙江省杭州市滨江区长河街道江晖路100号2幢301室", "id_number": "330108198805142028",
}  # fmt: skip
BACK_VALUES = {
    "issuing_authority": "杭州市公安局滨江分局", "valid_from": date(2015, 3, 9), "valid_to": date(2035, 3, 9),
    "valid_to_is_indefinite": False, "is_temporary": False,
}  # fmt: skip
ALL_VALUES = FRONT_VALUES | BACK_VALUES


def read(lines: Sequence[TextLine]) -> dict[str, FieldValue]:
    """The values of the fields that were read without doubt, or with the same value as expected."""
    fields = extract([page_of(lines)], "id_card").fields
    return {name: f.value for name, f in fields.items() if f.status is Status.READ}


def front_with(**changed: str) -> list[TextLine]:
    """The front with the text of some value lines changed: by what was printed there."""
    return [TextLine(changed.get(f"at_{i}", line.text), line.box, line.confidence) for i, line in enumerate(FRONT)]


@pytest.mark.parametrize(
    ("lines", "side", "values"),
    [(FRONT, "front", FRONT_VALUES), (BACK, "back", BACK_VALUES)],
)
def test_one_side(lines: list[TextLine], side: str, values: dict[str, FieldValue]) -> None:
    record = extract([page_of(lines)], "id_card")
    assert read(lines) == values
    assert record.side == side
    assert classify([page_of(lines)]).type == "id_card"


@pytest.mark.parametrize("back", [moved(BACK, down=420), moved(BACK, right=620), moved(BACK, down=-400)])
def test_both_sides_on_one_page(back: list[TextLine]) -> None:
    assert read([*FRONT, *back]) == ALL_VALUES
    assert extract([page_of([*FRONT, *back])], "id_card").side == "both"


@pytest.mark.parametrize("order", [1, -1])
def test_sides_over_two_pages(order: int) -> None:
    pages = [page_of(FRONT), page_of(moved(BACK, page=2), number=2)][::order]
    record = extract(pages, "id_card")
    assert {n: f.value for n, f in record.fields.items()} == ALL_VALUES
    assert record.side == "both"
    assert record.fields["valid_to"].page == 2


def test_boxes_and_raw_are_those_of_the_value() -> None:
    fields = extract([page_of(slanted(FRONT, 6))], "id_card").fields
    number = slanted(FRONT, 6)[-1]
    box = fields["id_number"].box
    assert box is not None
    for found, printed in zip(box, number.box, strict=True):
        assert found == pytest.approx(printed, abs=1)
    assert fields["address"].raw == "浙江省杭州市滨江区长河\n街道江晖路100号2幢\n301室"


@pytest.mark.parametrize("degrees", [-9, -4, 3, 9])
def test_a_page_that_lies_askew(degrees: float) -> None:
    both = [*FRONT, *moved(BACK, down=420)]
    assert read(slanted(both, degrees)) == ALL_VALUES


def test_joined_labels_and_values() -> None:
    lines = [
        at(20, 30, "姓名林秋禾"), at(20, 72, "性别女民族汉"), at(20, 114, "出生1988年5月14日"),
        at(20, 156, "住址浙江省杭州市滨江区长河"), *FRONT[10:12], at(20, 280, "公民身份号码330108198805142028"),
    ]  # fmt: skip
    assert read(lines) == FRONT_VALUES


def test_split_labels_and_values() -> None:
    lines = [
        at(20, 30, "姓"), at(48, 30, "名"), at(85, 30, "林"), at(120, 30, "秋 禾"),
        at(20, 72, "性 别"), at(85, 72, "女"), at(145, 72, "民"), at(168, 72, "族"), at(200, 72, "汉"),
        at(20, 114, "出 生"), at(85, 114, "1988"), at(135, 114, "年"), at(165, 114, "5"), at(185, 114, "月14 日"),
        *FRONT[8:12], at(20, 280, "公民身份"), at(102, 280, "号码"),
        at(160, 280, "330108"), at(225, 280, "19880514 2028"),
    ]  # fmt: skip
    assert read(lines) == FRONT_VALUES


def test_without_any_label() -> None:
    """Pale labels are often lost altogether: place and form tell the values then."""
    values = [FRONT[i] for i in (1, 3, 5, 7, 9, 10, 11, 13)]
    assert read(values) == FRONT_VALUES
    assert extract([page_of(values)], "id_card").fields["name"].reason == "unlabelled"
    back = [BACK[i] for i in (0, 1, 3, 5)]
    assert read(back) == BACK_VALUES


def test_parts_of_labels() -> None:
    lines = [at(20, 30, "名"), FRONT[1], at(40, 72, "别"), *FRONT[3:6], *FRONT[7:8], at(20, 156, "住"), *FRONT[9:12],
             at(20, 280, "民身份号码"), FRONT[13]]  # fmt: skip
    assert read(lines) == FRONT_VALUES


def test_half_read_date_marks() -> None:
    lines = [*FRONT[:7], at(85, 114, "1988"), at(150, 114, "5 月"), at(190, 114, "14"), *FRONT[8:]]
    assert read(lines)["born_on"] == date(1988, 5, 14)


def test_text_laid_over_a_copy_enters_no_value() -> None:
    noise = [
        *slanted([at(160, 60, "仅供开户使用 再次复印无效", 24)], 30),
        at(85, 182 + 25, "仅供办理开户使用", 14), at(90, 50, "与原件一致"),
        *slanted([at(230, 60, "周明远签", 30)], -25),
        at(330, 90, "照", 40), at(340, 160, "o0l", 12), at(330, 200, "人像", 18),
    ]  # fmt: skip
    assert read([*FRONT, *noise]) == FRONT_VALUES


def test_second_script_between_the_lines() -> None:
    noise = [at(85, 53, "wgslij o", 12), at(85, 137, "ijoa", 10), at(85, 234, "aslo wij", 12)]
    assert read([*FRONT, *noise]) == FRONT_VALUES


@pytest.mark.parametrize(("printed", "value"), [
    ("买买提·吐尔逊", "买买提·吐尔逊"), ("扎西•多吉", "扎西·多吉"), ("阿依古丽.买买提", "阿依古丽·买买提"),
    ("𠮷田", "𠮷田"),
])  # fmt: skip
def test_names_of_many_peoples(printed: str, value: str) -> None:
    assert read(front_with(at_1=printed))["name"] == value


def test_a_name_over_two_lines() -> None:
    lines = [at(20, 22, "姓名"), at(85, 22, "阿卜杜热合曼·"), at(85, 46, "阿卜杜克热木"), *FRONT[2:]]
    assert read(lines)["name"] == "阿卜杜热合曼·阿卜杜克热木"
    assert read(lines[1:])["sex"] == "女"


@pytest.mark.parametrize(("field", "index", "printed"), [
    ("ethnicity", 5, "汊"), ("sex", 3, "另"), ("id_number", 13, "33O108198805142O28"), ("name", 1, "林秋禾7"),
    ("id_number", 13, "33010819880514202"), ("born_on", 7, "1988年15月14日"),
])  # fmt: skip
def test_what_cannot_be_is_doubtful_and_kept(field: str, index: int, printed: str) -> None:
    found = extract([page_of(front_with(**{f"at_{index}": printed}))], "id_card").fields[field]
    assert found.status is Status.DOUBTFUL
    assert found.value == printed
    assert found.raw == printed


@pytest.mark.parametrize("x", ["X", "x", "×"])
def test_the_check_letter(x: str) -> None:
    assert read(front_with(at_13=f"33010819880514202{x}"))["id_number"] == "33010819880514202X"


def test_ethnicity_beside_noise_and_with_people() -> None:
    assert read([*front_with(at_5="维吾尔"), at(300, 72, "口o")])["ethnicity"] == "维吾尔"
    assert read(front_with(at_5="汉族"))["ethnicity"] == "汉"


@pytest.mark.parametrize("printed", ["2015.03.09-长期", "2015.03.09 长期", "20150309-长期"])
def test_a_card_without_end(printed: str) -> None:
    fields = extract([page_of([*BACK[:5], at(200, 280, printed)])], "id_card").fields
    assert fields["valid_from"].value == date(2015, 3, 9)
    assert (fields["valid_to"].value, fields["valid_to"].raw, fields["valid_to"].status) == (None, "长期", Status.READ)
    assert fields["valid_to_is_indefinite"].value is True


@pytest.mark.parametrize(
    "printed", ["20150309-20350309", "2015.03.092035.03.09", "2015.03.09一2035.03.09", "2015.0309-2035.03.09"]
)
def test_lost_dots_and_dashes(printed: str) -> None:
    found = read([*BACK[:5], at(200, 280, printed)])
    assert (found["valid_from"], found["valid_to"]) == (date(2015, 3, 9), date(2035, 3, 9))


@pytest.mark.parametrize("printed", ["2015.03.09-2035.13.09", "2015.03.091-2035.03.09", "2015.03.0-2035.03.09"])
def test_a_term_with_a_lost_or_doubled_digit_is_not_guessed(printed: str) -> None:
    found = read([*BACK[:5], at(200, 280, printed)])
    assert not {"valid_from", "valid_to", "valid_to_is_indefinite"} & found.keys()


@pytest.mark.parametrize("printed", ["2015.03.09-2035.03.09", "20150309-20350309"])
def test_a_figure_read_behind_the_label_is_none_of_the_term(printed: str) -> None:
    assert read([*BACK[:4], at(100, 280, "有效期限2"), at(200, 280, printed)]) == BACK_VALUES


def test_half_a_term() -> None:
    assert read([*BACK[:5], at(200, 280, "2015.03.09-")])["valid_from"] == date(2015, 3, 9)
    half = read([*BACK[:5], at(290, 280, "-2035.03.09")])
    assert half["valid_to"] == date(2035, 3, 9)
    assert "valid_from" not in half


def test_an_authority_over_two_lines() -> None:
    lines = [*BACK[:3], at(200, 228, "新疆维吾尔自治区"), at(200, 254, "乌鲁木齐市公安局"), *BACK[4:]]
    assert (
        read([*BACK[:3], at(200, 240, "北京市公安局"), at(200, 264, "海淀分局"), *moved(BACK[4:], down=20)])[
            "issuing_authority"
        ]
        == "北京市公安局海淀分局"
    )
    assert extract([page_of(lines)], "id_card").fields["issuing_authority"].value is not None


def test_a_temporary_card() -> None:
    lines = [at(100, 80, "临时居民身份证", 40), *BACK[:1]]
    assert read(lines)["is_temporary"] is True
    assert classify([page_of(lines)]).type == "id_card"


def test_a_second_copy_is_kept_beside_the_first() -> None:
    fields = extract([page_of(FRONT), page_of(moved(FRONT, page=2), number=2)], "id_card").fields
    assert fields["id_number"].alternates == ("330108198805142028",)
    assert fields["id_number"].status is Status.READ
    other = front_with(at_13="110105199001010015")
    fields = extract([page_of(FRONT), page_of(moved(other, page=2), number=2)], "id_card").fields
    assert (fields["id_number"].status, fields["id_number"].reason) == (Status.DOUBTFUL, "conflict")


def test_a_lost_first_line_of_the_address_is_noticed() -> None:
    found = extract([page_of([line for i, line in enumerate(FRONT) if i != 9])], "id_card").fields["address"]
    assert found.status is Status.DOUBTFUL
    found = extract([page_of([line for i, line in enumerate(FRONT) if i != 10])], "id_card").fields["address"]
    assert found.status is Status.DOUBTFUL


def test_an_address_that_starts_above_its_label() -> None:
    assert read([*FRONT[:8], at(20, 170, "住址"), *FRONT[9:]]) == FRONT_VALUES


def test_nothing_at_all() -> None:
    record = extract([page_of([])], "id_card")
    assert record.side == ""
    assert all(f.status is Status.MISSING for f in record.fields.values())


PLACES = st.floats(0, 900)
TEXTS = ["账号", "经审核", "符合开户条件", "开户银行", "J3310023456701", *(line.text for line in [*FRONT, *BACK])]
WORDS = st.sampled_from(TEXTS)
GARBAGE = st.builds(at, PLACES, PLACES, WORDS | st.text(max_size=12), st.floats(1, 60), st.floats(0, 1))


@settings(max_examples=100, deadline=None)
@given(st.lists(GARBAGE, max_size=12), st.sampled_from(["id_card", "account_permit", "basic_account_info"]))
def test_no_page_breaks_an_extractor(lines: list[TextLine], kind: str) -> None:
    record = extract([page_of(lines)], kind)
    for field in record.fields.values():
        assert (field.status is Status.MISSING) == (not field.raw)
        assert field.status is Status.MISSING or field.box is not None


WHOLE = [*FRONT, *moved(BACK, down=420)]


@settings(max_examples=30, deadline=None)
@given(st.permutations(WHOLE))
def test_the_order_of_lines_never_matters(lines: list[TextLine]) -> None:
    assert read(lines) == ALL_VALUES


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_splitting_and_joining_changes_nothing(data: st.DataObject) -> None:
    lines: list[TextLine] = []
    for left, right in pairwise([*WHOLE, at(0, 5000, " ")]):
        if lines and lines[-1].right > left.left and lines[-1].top == left.top:
            continue  # part of the line before
        neighbours = left.top == right.top and right.left > left.right
        choice = data.draw(st.sampled_from(["keep", "split", "join"]))
        if choice == "join" and neighbours:
            lines.append(joined(left, right))
        elif choice == "split" and len(left.text) > 1:
            lines += cut_up(left, data.draw(st.integers(1, len(left.text) - 1)))
        else:
            lines.append(left)
    assert read(lines) == ALL_VALUES


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(WHOLE) - 1), st.booleans())
def test_a_lost_line_never_moves_a_value_into_another_field(lost: int, joined_up: bool) -> None:
    lines = WHOLE
    if joined_up:
        lines = [at(20, 30, "姓名林秋禾"), at(20, 72, "性别女民族汉"), at(20, 114, "出生1988年5月14日"),
                 at(20, 156, "住址浙江省杭州市滨江区长河"), *WHOLE[10:12],
                 at(20, 280, "公民身份号码330108198805142028"), *WHOLE[14:]]  # fmt: skip
    left = [line for i, line in enumerate(lines) if i != lost % len(lines)]
    for name, field in extract([page_of(left)], "id_card").fields.items():
        if name == "address":  # may have lost a line itself
            assert all(part in str(ALL_VALUES[name]) for part in field.raw.splitlines())
        elif field.status is Status.READ:
            assert field.value == ALL_VALUES[name], name
        elif field.value is not None:
            assert str(field.value) in str(ALL_VALUES[name]), name
