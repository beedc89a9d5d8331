"""Certificates of organisations, taxes and property: told apart, and read in every layout they come in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

import pytest

from extractors.model import Page, Status, TextLine
from extractors.registry import UNKNOWN, classify, document_types, extract
from tests.documents_by_hand import BACK, FRONT, LICENCE, PERMIT, STRANGE
from tests.extractors.certificates_by_hand import CODE, ENGLISH, FORMS, MENTIONS, NAME, NOTICE, UNKNOWNS
from tests.extractors.lines_on_pages import at, cut_up, joined, page_of, slanted


def side_by_side(label: str, value: str, top: float) -> list[TextLine]:
    return [at(80, top, label), at(420, top, value)]


def in_one_line(label: str, value: str, top: float) -> list[TextLine]:
    return [at(80, top, f"{label}:{value}")]


def as_one_piece(label: str, value: str, top: float) -> list[TextLine]:
    return [joined(at(80, top, label), at(420, top, value))]


def spread(label: str, value: str, top: float) -> list[TextLine]:
    """名 … 称 as two lines: short labels are set as wide as long ones."""
    pieces = cut_up(at(80, top, label), 1) if len(label) == 2 else [at(80, top, label)]
    if len(label) == 2:
        pieces[1] = at(160, top, label[1])
    return [*pieces, at(420, top, value)]


def underneath(label: str, value: str, top: float) -> list[TextLine]:
    return [at(80, top, label), at(80, top + 26, value)]


def full_width(label: str, value: str, top: float) -> list[TextLine]:
    wide = "".join(chr(ord(c) + 0xFEE0) if c.isdigit() else c for c in value)
    return [at(80, top, label + "："), at(420, top, wide)]


LAYOUTS = (side_by_side, in_one_line, as_one_piece, spread, underneath, full_width)


def drawn(type_id: str, layout: Callable[[str, str, float], list[TextLine]] = side_by_side) -> list[TextLine]:
    titles, values, foot, _ = FORMS[type_id]
    lines = [at(300, 40 + 60 * i, title, 40 if title[0] not in "第浙" else 22) for i, title in enumerate(titles)]
    top = 220.0
    for label, value in values:
        lines += layout(label, value, top)
        top += 70
    return lines + [at(560, top + 60 + 40 * i, line) for i, line in enumerate(foot)]


def read(lines: Sequence[TextLine], type_id: str) -> dict[str, Any]:
    return {name: found.value for name, found in extract([page_of(lines)], type_id).fields.items()}


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("type_id", FORMS)
def test_it_is_told_and_read_in_every_layout(type_id: str, layout: Callable[..., list[TextLine]]) -> None:
    lines = drawn(type_id, layout)
    assert classify([page_of(lines)]).type == type_id
    found, wanted = read(lines, type_id), FORMS[type_id][3]
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize("degrees", [-3, 2.5])
@pytest.mark.parametrize("type_id", FORMS)
def test_it_is_read_on_a_page_that_lies_askew(type_id: str, degrees: float) -> None:
    lines = slanted(drawn(type_id), degrees)
    assert classify([page_of(lines)]).type == type_id
    found, wanted = read(lines, type_id), FORMS[type_id][3]
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize("type_id", FORMS)
def test_it_is_told_by_a_title_with_one_character_misread(type_id: str) -> None:
    lines = drawn(type_id)
    at_title = len(FORMS[type_id][0]) - 1 if FORMS[type_id][0][-1][0] not in "第浙" else 0
    title = lines[at_title].text
    lines[at_title] = at(300, 100, title[:1] + "某" + title[2:], 40)
    assert classify([page_of(lines)]).type == type_id


@pytest.mark.parametrize("type_id", FORMS)
def test_nothing_is_read_from_another_papers_fields(type_id: str) -> None:
    assert all(f.value in (None, False) for f in extract([page_of(STRANGE)], type_id).fields.values())


EXISTING = {"business_licence": LICENCE, "id_card": (*FRONT, *BACK), "account_permit": PERMIT}


def test_no_type_is_taken_for_another() -> None:
    papers = {**{t: drawn(t) for t in FORMS}, **EXISTING, "general_taxpayer_notice": NOTICE}
    told = {type_id: classify([page_of(lines)]).type for type_id, lines in papers.items()}
    assert told == {type_id: type_id for type_id in papers}


def test_a_licence_whose_scope_names_other_papers_stays_a_licence() -> None:
    lines = [*LICENCE, *(at(60, 900 + 30 * i, text) for i, text in enumerate(MENTIONS))]
    assert classify([page_of(lines)]).type == "business_licence"


@pytest.mark.parametrize("paper", UNKNOWNS)
def test_papers_of_other_kinds_stay_unknown(paper: str) -> None:
    assert classify([page_of(UNKNOWNS[paper])]).type == UNKNOWN


def test_a_notice_is_read_from_its_sentences() -> None:
    assert read(NOTICE, "general_taxpayer_notice") == {
        "name": NAME,
        "tax_id": CODE,
        "document_number": "杭滨税税通〔2023〕12345号",
        "effective_from": date(2023, 5, 1),
        "tax_authority": "国家税务总局杭州市滨江区税务局",
        "issued_on": date(2023, 4, 21),
    }


@pytest.mark.parametrize(
    "refusal", ["不予登记为增值税一般纳税人。", "你单位转登记为小规模纳税人，取消一般纳税人资格。"]
)
def test_a_notice_that_refuses_proves_nothing(refusal: str) -> None:
    lines = [line for line in NOTICE if "认定为" not in line.text] + [at(80, 370, refusal)]
    found = extract([page_of(lines)], "general_taxpayer_notice").fields.values()
    assert not any(field.status in (Status.READ, Status.VERIFIED) for field in found)


SAYS_NO = ("小规模纳税人", "非增值税一般纳税人", "非一般纳税人", "增值税小规模纳税人", "不是一般纳税人", "转登记纳税人")


@pytest.mark.parametrize("word", SAYS_NO)
def test_a_query_that_says_no_is_read_as_no(word: str) -> None:
    lines = [
        at(420, line.top, word) if line.text == "增值税一般纳税人" else line
        for line in drawn("taxpayer_query_screenshot")
    ]
    assert read(lines, "taxpayer_query_screenshot")["general_taxpayer"] is False


@pytest.mark.parametrize(
    "sentence",
    [
        "未查询到该纳税人的一般纳税人资格信息",
        "没有查询到符合条件的记录",
        "查无此纳税人",
        "该纳税人不是增值税一般纳税人",
    ],
)
def test_a_query_without_a_result_is_read_as_no(sentence: str) -> None:
    lines = [at(300, 40, "一般纳税人资格查询", 36), at(80, 140, f"纳税人识别号:{CODE}"), at(80, 220, sentence)]
    assert read(lines, "taxpayer_query_screenshot")["general_taxpayer"] is False


def test_a_query_page_before_the_query_says_nothing() -> None:
    lines = [
        at(300, 40, "一般纳税人资格查询", 36),
        at(80, 140, "纳税人识别号"),
        at(80, 200, "验证码"),
        at(300, 200, "查询"),
        at(80, 300, "说明:本栏目可查询纳税人是否为增值税一般纳税人。"),
    ]
    assert not extract([page_of(lines)], "taxpayer_query_screenshot").fields["general_taxpayer"].value


def test_a_query_that_says_both_is_doubtful() -> None:
    lines = [*drawn("taxpayer_query_screenshot"), at(420, 900, "小规模纳税人")]
    assert extract([page_of(lines)], "taxpayer_query_screenshot").fields["general_taxpayer"].status is Status.DOUBTFUL


def test_a_stamp_on_a_tax_registration_certificate_is_seen_and_none_is_not_guessed() -> None:
    lines = drawn("tax_registration_certificate")
    stamp = at(500, 1000, "增值税一般纳税人")
    assert read([*lines, stamp], "tax_registration_certificate")["general_taxpayer"] is True
    assert (
        read([*lines, at(500, 1000, "非增值税一般纳税人")], "tax_registration_certificate")["general_taxpayer"] is None
    )


@pytest.mark.parametrize("marks", ["当月1日□次月1日", "当月1日□次月1日□", "当月1日次月1日", "当月1日☑次月1日☑"])
def test_boxes_that_do_not_say_which_is_ticked_give_no_day(marks: str) -> None:
    lines = [at(420, line.top, marks) if "次月" in line.text else line for line in drawn("general_taxpayer_form")]
    assert extract([page_of(lines)], "general_taxpayer_form").fields["effective_from"].status is Status.DOUBTFUL


def test_a_label_broken_over_two_lines_is_one() -> None:
    lines = [
        line
        for line in drawn("public_institution_certificate")
        if "宗旨" not in line.text and line.text != "普及科学知识"
    ]
    lines += [
        at(80, 350, "宗旨和"),
        at(80, 376, "业务范围"),
        at(420, 350, "普及科学知识，提高公众科学"),
        at(420, 376, "文化素质。"),
    ]
    assert read(lines, "public_institution_certificate")["business_scope"] == "普及科学知识,提高公众科学文化素质。"


TERMS = {
    "自2020年1月1日至2025年1月1日": (date(2020, 1, 1), date(2025, 1, 1)),
    "2021-03-04至2026-03-03": (date(2021, 3, 4), date(2026, 3, 3)),
    "2021.03.04-2026.03.03": (date(2021, 3, 4), date(2026, 3, 3)),
    "自公元2010年01月21日至2020年01月20日止": (date(2010, 1, 21), date(2020, 1, 20)),
    "至2026年3月3日": (None, date(2026, 3, 3)),
    "2026年3月3日": (None, date(2026, 3, 3)),
    "2021年3月4日至长期": (date(2021, 3, 4), None),
}


@pytest.mark.parametrize("printed", TERMS)
def test_a_term_is_read_as_it_is_printed(printed: str) -> None:
    lines = [
        at(420, line.top, printed) if line.text.startswith("自2021") else line
        for line in drawn("public_institution_certificate")
    ]
    found = read(lines, "public_institution_certificate")
    assert (found["valid_from"], found["valid_to"]) == TERMS[printed]
    assert found["valid_to_is_indefinite"] is ("长期" in printed)


@pytest.mark.parametrize("printed", ["自2020年1月1日起", "五年", "2026年13月3日"])
def test_a_term_without_an_end_is_doubtful(printed: str) -> None:
    lines = [
        at(420, line.top, printed) if line.text.startswith("自2021") else line
        for line in drawn("public_institution_certificate")
    ]
    assert extract([page_of(lines)], "public_institution_certificate").fields["valid_to"].status is Status.DOUBTFUL


def test_an_english_certificate_is_read_with_its_words_apart() -> None:
    assert classify([page_of(ENGLISH)]).type == "iso_certificate"
    found = read(ENGLISH, "iso_certificate")
    assert found["name"] == found["name_latin"] == "HANGZHOU YUNFAN DIGITAL TECHNOLOGY CO., LTD."
    assert (found["certificate_number"], found["standard"]) == ("QMS-2023-45671", "ISO9001:2015")
    assert (found["issued_on"], found["valid_to"]) == (date(2023, 3, 10), date(2026, 3, 9))
    assert found["address"] == "No.100 Jianghui Road, Hangzhou, P.R. China"


@pytest.mark.parametrize(
    ("printed", "day"), [("25/03/2026", date(2026, 3, 25)), ("Mar. 9, 2026", date(2026, 3, 9)), ("03/04/2026", None)]
)
def test_a_day_that_may_be_two_is_not_read(printed: str, day: date | None) -> None:
    lines = [at(80, line.top, f"Valid until: {printed}") if "Valid" in line.text else line for line in ENGLISH]
    found = extract([page_of(lines)], "iso_certificate").fields["valid_to"]
    assert found.value == day if day else found.status is Status.DOUBTFUL


def test_every_certificate_declares_what_the_profiles_ask_for() -> None:
    types = document_types()
    assert set(FORMS) <= set(types)
    assert all(any(spec.key for spec in types[type_id].fields) for type_id in FORMS)


def test_an_empty_page_gives_no_value() -> None:
    for type_id in (*FORMS, "general_taxpayer_notice"):
        found = document_types()[type_id].extract([Page(1, 100, 100, ())])
        assert all(field.value in (None, False) for field in found.values())
