"""Names of persons: the same one, one a reader may have changed, another one, or one that cannot be told."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from extractors.model import Field, Kind, Status
from validators.compare import compare
from validators.outcome import Outcome
from validators.persons import agrees_with_mrz, compare_names

SYLLABLES = {"张": "ZHANG", "王": "WANG", "李": "LI", "欧": "OU", "阳": "YANG", "明": "MING", "芳": "FANG", "国": "GUO"}


@pytest.mark.parametrize(("one", "other", "outcome", "detail"), [
    ("张三", "张 三", Outcome.EQUAL, ""), ("陳大文", "陈大文", Outcome.EQUAL, ""),
    ("买买提•吐尔逊", "买买提·吐尔逊", Outcome.EQUAL, ""), ("张三", "李四", Outcome.DIFFERENT, "clear"),
    ("买买提吐尔逊", "买买提·吐尔逊", Outcome.CONFUSABLE, "spacing"), ("未来", "末来", Outcome.CONFUSABLE, "未/末"),
    ("张晓明", "张晓", Outcome.DIFFERENT, "clear"),
    ("John Smith", "JOHN  SMITH", Outcome.EQUAL, ""), ("SMITH, JOHN", "Smith John", Outcome.EQUAL, ""),
    ("JOHN SMITH", "JOHNSMITH", Outcome.CONFUSABLE, "spacing"), ("JOHN SMITH", "SMITH JOHN", Outcome.CONFUSABLE,
    "order"),
    ("JEAN-PIERRE DUPONT", "JEAN PIERRE DUPONT", Outcome.CONFUSABLE, "spacing"),
    ("MÜLLER HANS", "MUELLER HANS", Outcome.CONFUSABLE, "transliteration"),
    ("JOSÉ GARCÍA", "JOSE GARCIA", Outcome.CONFUSABLE, "transliteration"),
    ("JOHN PAUL SMITH", "JOHN SMITH", Outcome.CONFUSABLE, "part"), ("JOHN SMITH", "JOHN", Outcome.DIFFERENT, "clear"),
    ("JOHN SMITH", "JOHN SMYTH", Outcome.DIFFERENT, "clear"), ("JOHN SMITH", "JANE SMITH", Outcome.DIFFERENT, "clear"),
    ("张三", "ZHANG SAN", Outcome.EQUAL, "pinyin"), ("ZHANG SAN", "张三", Outcome.EQUAL, "pinyin"),
    ("张三", "SAN ZHANG", Outcome.EQUAL, "pinyin"), ("吕布", "LYU BU", Outcome.EQUAL, "pinyin"),
    ("吕布", "LV BU", Outcome.EQUAL, "pinyin"), ("吕布", "LU BU", Outcome.EQUAL, "pinyin"),
    ("单雄信", "SHAN XIONGXIN", Outcome.EQUAL, "pinyin"), ("万俟卨", "MOQI XIE", Outcome.EQUAL, "pinyin"),
    ("欧阳修", "XIU OUYANG", Outcome.EQUAL, "pinyin"), ("單雄信", "SHAN, XIONG XIN", Outcome.EQUAL, "pinyin"),
    ("陈大文", "CHAN TAI MAN", Outcome.UNCERTAIN, "romanisation"), ("林筱玲", "LIN HSIAO-LING", Outcome.UNCERTAIN,
    "romanisation"),
    ("约翰·史密斯", "JOHN SMITH", Outcome.UNCERTAIN, "romanisation"),
    ("张三 ZHANG SAN", "张三", Outcome.EQUAL, ""), ("张三 ZHANG SAN", "李三", Outcome.DIFFERENT, "clear"),
    ("张三 ZHANG SAN", "ZHANG SAN", Outcome.EQUAL, ""), ("张三 ZHANG SAN", "LI SI", Outcome.DIFFERENT, "clear"),
])  # fmt: skip
def test_two_names(one: str, other: str, outcome: Outcome, detail: str) -> None:
    compared = compare_names(one, other)
    assert (compared.outcome, compared.detail) == (outcome, detail)


def test_pinyin_that_was_read_proves_no_declared_characters() -> None:
    read = Field(value="ZHANG SAN", raw="ZHANG SAN", status=Status.VERIFIED, confidence=0.99)
    assert compare(Kind.PERSON, "张三", read).outcome is Outcome.UNCERTAIN


@given(st.lists(st.sampled_from(sorted(SYLLABLES)), min_size=2, max_size=4))
def test_a_name_agrees_with_its_own_pinyin(chars: list[str]) -> None:
    latin = f"{SYLLABLES[chars[0]]} {''.join(SYLLABLES[c] for c in chars[1:])}"
    assert compare_names("".join(chars), latin).outcome is Outcome.EQUAL
    assert compare_names(latin, "".join(chars)).outcome is Outcome.EQUAL


@given(st.text("张王李欧阳明芳国", min_size=2, max_size=4), st.text("ABCDEFGHIJ ", min_size=2, max_size=12))
def test_characters_and_letters_are_never_different(han: str, latin: str) -> None:
    assume(latin.strip())
    assert compare_names(han, latin).outcome in (Outcome.EQUAL, Outcome.UNCERTAIN)


@given(st.text(max_size=40), st.text(max_size=40))
def test_no_name_breaks_the_comparison_and_order_never_makes_two_names_equal(one: str, other: str) -> None:
    there, back = compare_names(one, other).outcome, compare_names(other, one).outcome
    assert (there is Outcome.EQUAL) == (back is Outcome.EQUAL)


@pytest.mark.parametrize(("printed", "surname", "given", "agrees"), [
    ("ERIKSSON ANNA MARIA", "ERIKSSON", "ANNA MARIA", True), ("Anna Maria Eriksson", "ERIKSSON", "ANNA MARIA", True),
    ("Müller Hans-Jörg", "MUELLER", "HANS JOERG", True), ("MÜLLER HANS", "MULLER", "HANS", True),
    ("O'CONNOR SEÁN", "OCONNOR", "SEAN", True), ("NUÑEZ ANA", "NUNEZ", "ANA", True), ("ŁUKASZ NOWAK", "NOWAK",
    "LUKASZ", True),
    ("DUPONT MARIE", "DUPONT", "MARIA", False), ("DUPONT", "DUPONT", "MARIE", False), ("ERIKSSON ANNA", "ERIKSON",
    "ANNA", False),
])  # fmt: skip
def test_printed_names_and_zones(printed: str, surname: str, given: str, agrees: bool) -> None:
    assert agrees_with_mrz(printed, surname, given) is agrees


def test_a_long_name_is_cut_short_in_the_zone() -> None:
    assert agrees_with_mrz(
        "PAPANDROPOULOUS JONATHON ALEXANDER WARREN", "PAPANDROPOULOUS", "JONATHON ALEXANDER W", cut=True
    )
    assert not agrees_with_mrz("PAPANDROPOULOUS JONATHON ALEXANDER WARREN", "PAPANDROPOULOUS", "JONATHON", cut=False)
