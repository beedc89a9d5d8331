"""Account permits: the name inside the sentence, label variants, and what must not be mistaken for what."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lines_on_pages import at, cut_up, joined, moved, page_of, slanted

from extractors.model import FieldValue, Status, TextLine
from extractors.registry import classify, extract

NAME = "杭州云帆数字科技有限公司"
PERMIT = [
    at(400, 60, "开户许可证", 44),
    at(100, 160, "核准号:"), at(180, 160, "J3310023456701"), at(600, 160, "编号:"), at(670, 160, "3310-02345678"),
    at(140, 220, "经审核，"), at(225, 220, NAME), at(480, 220, "符合开户条件，准予"),
    at(100, 260, "开立基本存款账户。"),
    at(100, 320, "法定代表人(单位负责人)"), at(340, 320, "张晓明"),
    at(500, 320, "开户银行"), at(590, 320, "中国工商银行杭州滨江支行"),
    at(100, 380, "账号"), at(180, 380, "1202026209900012345"),
    at(600, 450, "发证机关(盖章)"), at(620, 490, "2017年8月21日"),
]  # fmt: skip
VALUES = {
    "approval_number": "J3310023456701", "permit_number": "3310-02345678", "account_name": NAME,
    "legal_representative": "张晓明", "bank_name": "中国工商银行杭州滨江支行", "account_number": "1202026209900012345",
}  # fmt: skip


def read(lines: Sequence[TextLine]) -> dict[str, FieldValue]:
    fields = extract([page_of(lines)], "account_permit").fields
    return {name: f.value for name, f in fields.items() if f.status is Status.READ}


@pytest.mark.parametrize(
    "label",
    [
        [at(100, 380, "账"), at(150, 380, "号"), at(180, 380, "1202026209900012345")],
        [at(140, 380, "号1202026209900012345")],  # where 账 was not read
    ],
)
def test_the_number_of_an_account_whose_label_was_read_in_part(label: list[TextLine]) -> None:
    assert read([*PERMIT[:-4], *label, *PERMIT[-2:]])["account_number"] == "1202026209900012345"


def test_a_character_in_a_box_that_is_turned_is_part_of_its_label() -> None:
    turned_box = TextLine("号", ((152.0, 378.0), (192.0, 386.0), (187.0, 410.0), (147.0, 402.0)), 0.99)
    spread = [at(100, 380, "账"), turned_box, at(200, 380, "1202026209900012345")]
    assert read([*PERMIT[:-4], *spread, *PERMIT[-2:]])["account_number"] == "1202026209900012345"


def name_of(*sentence: TextLine) -> tuple[FieldValue, Status]:
    field = extract([page_of([*PERMIT[:5], *sentence, *PERMIT[9:]])], "account_permit").fields["account_name"]
    return field.value, field.status


def test_every_field() -> None:
    assert read(PERMIT) == VALUES
    assert classify([page_of(PERMIT)]).type == "account_permit"


def test_a_page_that_lies_askew_keeps_its_boxes() -> None:
    lines = slanted(PERMIT, 5)
    fields = extract([page_of(lines)], "account_permit").fields
    assert read(lines) == VALUES
    box = fields["account_number"].box
    assert box is not None
    assert all(a == pytest.approx(b, abs=1) for a, b in zip(box, lines[14].box, strict=True))


@pytest.mark.parametrize("sentence", [
    [at(140, 220, f"经审核，{NAME}符合开户条件，准予"), at(100, 260, "开立基本存款账户。")],
    [at(140, 220, f"经审核,{NAME},符合开户条件，准予开立基本存款账户。")],
    [at(140, 220, f"经审核：{NAME}"), at(100, 250, "符合开户条件，准予开立基本存款账户。")],
    [at(140, 220, "经审核，杭州云帆数字科"), at(100, 250, "技有限公司 符合开户条件，准予开立基本存款账户。")],
    [at(140, 220, "经审核，"), at(100, 250, NAME), at(100, 280, "符合开户条件，准予开立基本存款账户。")],
    # Overprinted a little too low or too high.
    [at(140, 220, "经审核，"), at(225, 236, NAME), at(480, 220, "符合开户条件，准予")],
    [at(140, 220, "经审核，"), at(225, 203, NAME), at(480, 220, "符合开户条件，准予")],
    # A seal or a crease over part of the printed words.
    [at(140, 220, f"经审核，{NAME}合开户条件，准予开立基本存款账户。")],
    [at(140, 220, f"审核，{NAME}符合开户条件，准予开立基本存款账户。")],
    [at(140, 220, f"经审核，{NAME}"), at(500, 222, "特合开户条件，准予开立基本存款账户。")],
    [at(140, 220, "经审核，"), at(225, 196, f"{NAME}符合开户条件，准予开立基本存款账户。")],
])  # fmt: skip
def test_the_name_in_the_sentence(sentence: list[TextLine]) -> None:
    assert name_of(*sentence) == (NAME, Status.READ)


def test_a_name_with_brackets_and_full_width_forms() -> None:
    sentence = at(140, 220, "经审核，万树（北京）贸易有限公司 符合开户条件，准予")
    assert name_of(sentence) == ("万树(北京)贸易有限公司", Status.READ)


@pytest.mark.parametrize("sentence", [
    [at(140, 220, f"经审核，{NAME}")],
    [at(140, 220, f"经审核，{NAME}特合开户条件，准予开立基本存款账户。")],
    [at(100, 250, "技有限公司 符合开户条件，准予开立基本存款账户。")],
])  # fmt: skip
def test_half_a_sentence_is_doubtful(sentence: list[TextLine]) -> None:
    assert name_of(*sentence)[1] is Status.DOUBTFUL


def test_a_labelled_name_of_an_older_print() -> None:
    lines = [*PERMIT[:5], at(100, 220, "存款人名称"), at(240, 220, NAME), *PERMIT[9:]]
    assert read(lines) == VALUES


@pytest.mark.parametrize(("label", "field"), [
    ("单位负责人", "legal_representative"), ("法定代表人（单位负责人）", "legal_representative"),
    ("法定代表人(单位负责人", "legal_representative"), ("法定代表人", "legal_representative"),
])  # fmt: skip
def test_representative_labels(label: str, field: str) -> None:
    lines = [line for line in PERMIT if line.top != 320]
    assert read([*lines, at(100, 320, label + "张晓明")])[field] == "张晓明"
    assert read([*lines, at(100, 320, label), at(345, 320, "张晓明")])[field] == "张晓明"


def test_a_label_over_two_lines() -> None:
    lines = [line for line in PERMIT if line.left > 340 or line.top != 320]
    assert read([*lines, at(100, 310, "法定代表人"), at(100, 334, "(单位负责人)"), at(260, 322, "张晓明")]) == VALUES


@pytest.mark.parametrize("printed", ["1202 0262 0990 0012 345", "1202-026209900012345", "1202 026209900012345"])
def test_account_numbers_in_groups(printed: str) -> None:
    assert read([*PERMIT[:14], at(180, 380, printed)])["account_number"] == printed.replace(" ", "")
    pieces = cut_up(at(180, 380, printed), 4, 9)
    assert read([*PERMIT[:14], *pieces])["account_number"] == printed.replace(" ", "")


@pytest.mark.parametrize(("index", "field", "printed"), [
    (14, "account_number", "12020262O9900012345"), (14, "account_number", "689163495证异户称"),
    (2, "approval_number", "13310023456701"), (2, "approval_number", "J331002345670"),
    (4, "permit_number", "3310-0234567"),
])  # fmt: skip
def test_a_misread_number_is_doubtful_and_never_cut_short(index: int, field: str, printed: str) -> None:
    lines = [*PERMIT[:index], at(PERMIT[index].left, PERMIT[index].top, printed), *PERMIT[index + 1 :]]
    found = extract([page_of(lines)], "account_permit").fields[field]
    assert (found.value, found.status) == (printed, Status.DOUBTFUL)


def test_numbers_told_by_their_form_alone() -> None:
    assert read([line for line in PERMIT if line.text not in ("核准号:", "编号:")]) == VALUES


def test_a_bank_over_two_lines() -> None:
    lines = [line for line in PERMIT if line.text != VALUES["bank_name"]]
    lines += [at(590, 320, "中国工商银行股份有限"), at(590, 346, "公司杭州滨江支行")]
    assert read(lines)["bank_name"] == "中国工商银行股份有限公司杭州滨江支行"


def test_a_second_print_of_the_number_is_kept() -> None:
    fields = extract([page_of([*PERMIT, at(100, 600, "J3310023456701")])], "account_permit").fields
    assert fields["approval_number"].alternates == ("J3310023456701",)
    fields = extract([page_of([*PERMIT, at(100, 600, "J3310023456702")])], "account_permit").fields
    assert (fields["approval_number"].status, fields["approval_number"].reason) == (Status.DOUBTFUL, "conflict")


def test_a_licence_that_mentions_accounts_is_no_permit() -> None:
    licence = [
        at(300, 60, "营业执照", 60), at(100, 160, "统一社会信用代码"), at(100, 200, "名称"), at(200, 200, NAME),
        at(100, 240, "经营范围"), at(200, 240, "代办开户许可证、基本存款账户咨询服务，开户银行对接"),
    ]  # fmt: skip
    assert classify([page_of(licence)]).type not in ("account_permit", "basic_account_info")


@settings(max_examples=30, deadline=None)
@given(st.permutations(PERMIT))
def test_the_order_of_lines_never_matters(lines: list[TextLine]) -> None:
    assert read(lines) == VALUES


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_splitting_and_joining_changes_nothing(data: st.DataObject) -> None:
    lines: list[TextLine] = []
    for left, right in pairwise([*PERMIT, at(0, 5000, " ")]):
        if lines and lines[-1].right > left.left and lines[-1].top == left.top:
            continue
        neighbours = left.top == right.top and 0 < right.left - left.right < 3 * left.height
        choice = data.draw(st.sampled_from(["keep", "split", "join"]))
        if choice == "join" and neighbours:
            lines.append(joined(left, right))
        elif choice == "split" and len(left.text) > 1:
            lines += cut_up(left, data.draw(st.integers(1, len(left.text) - 1)))
        else:
            lines.append(left)
    assert read(lines) == VALUES


@settings(max_examples=40, deadline=None)
@given(st.integers(0, len(PERMIT) - 1), st.sampled_from([0, 3]))
def test_a_lost_line_never_moves_a_value_into_another_field(lost: int, degrees: int) -> None:
    lines = slanted(moved(PERMIT[:lost] + PERMIT[lost + 1 :], right=30), degrees)
    for name, field in extract([page_of(lines)], "account_permit").fields.items():
        if field.value is not None:
            assert field.value == VALUES[name], name
