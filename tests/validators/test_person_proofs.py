"""Persons' documents proven: what agrees is verified, what differs is doubtful and told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from extractors.model import Field, Source, Status, TextLine
from extractors.registry import document_types, extract
from tests.extractors.lines_on_pages import page_of
from tests.extractors.persons_by_hand import CARDS, ZONE_CHINESE, ZONE_FOREIGN
from validators.findings import Finding, Verdict
from validators.prove import prove

Changes = dict[str, str]


def proven(
    card: str, changes: Changes | None = None, source: Source = Source.OCR
) -> tuple[dict[str, Field], list[Finding]]:
    """A card by hand, with texts of its lines changed, read and proven."""
    type_id, lines, _ = CARDS[card]
    changed: Sequence[TextLine] = lines
    for was, now in (changes or {}).items():
        assert any(was in line.text for line in changed)
        changed = [replace(line, text=line.text.replace(was, now)) for line in changed]
    record, findings = prove(
        extract([page_of(changed)], type_id), document_types()[type_id], document="a.jpg", source=source
    )
    return record.fields, findings


def codes(findings: list[Finding]) -> list[str]:
    return [found.code for found in findings]


@pytest.mark.parametrize("card", CARDS)
def test_sound_cards_give_no_finding(card: str) -> None:
    fields, findings = proven(card)
    assert not findings
    assert not [name for name, found in fields.items() if found.status is Status.DOUBTFUL]


@pytest.mark.parametrize(("card", "names"), [
    ("chinese passport", {"passport_number", "name_latin", "sex", "nationality", "issuing_country", "born_on",
    "valid_to", "mrz"}),
    ("foreign passport", {"passport_number", "name", "name_latin", "sex", "issuing_country", "born_on", "valid_to",
    "mrz"}),
    ("hk residence", {"id_number", "born_on", "sex"}), ("taiwan residence", {"id_number", "born_on", "sex"}),
    ("foreign resident", {"id_number", "born_on", "nationality"}), ("hk card", {"id_number"}),
    ("taiwan card", {"id_number", "sex"}), ("macau card", set()), ("hk permit", set()), ("taiwan permit", set()),
])  # fmt: skip
def test_what_is_verified(card: str, names: set[str]) -> None:
    assert {name for name, found in proven(card)[0].items() if found.status is Status.VERIFIED} == names


@pytest.mark.parametrize(("was", "now", "field"), [
    ("E12345678", "E12345679", "passport_number"), ("14 3月/MAR 1988", "14 3月/MAR 1986", "born_on"),
    ("01 1月/JAN 2029", "01 1月/JAN 2039", "valid_to"), ("男/M", "女/F", "sex"),
    ("中国/CHINESE", "加拿大/CANADIAN", "nationality"), ("ZHANG, XIAOMING", "ZHANG, XIAOMIN", "name_latin"),
])  # fmt: skip
def test_an_altered_printed_zone_is_told(was: str, now: str, field: str) -> None:
    # The zone below stays as it is: only the first line that holds the text changes.
    type_id, lines, _ = CARDS["chinese passport"]
    first = next(i for i, line in enumerate(lines) if was in line.text)
    changed = [replace(line, text=line.text.replace(was, now)) if i == first else line for i, line in enumerate(lines)]
    record, findings = prove(extract([page_of(changed)], type_id), document_types()[type_id])
    assert record.fields[field].status is Status.DOUBTFUL
    assert ("ID_MRZ_DIFFERS", field, Verdict.REVIEW) in [(f.code, f.field, f.verdict) for f in findings]


def test_a_zone_with_wrong_check_digits_verifies_nothing() -> None:
    fields, findings = proven(
        "chinese passport", {ZONE_CHINESE.splitlines()[1]: ZONE_CHINESE.splitlines()[1].replace("880314", "860314")}
    )
    assert codes(findings) == ["ID_MRZ_CHECKSUM"]
    assert findings[0].verdict is Verdict.REVIEW
    assert {name for name, found in fields.items() if found.status is Status.VERIFIED} == set()


def test_a_zone_with_wrong_check_digits_fills_no_gap() -> None:
    changes = {
        ZONE_FOREIGN.splitlines()[1]: ZONE_FOREIGN.splitlines()[1].replace("2904157", "2904158"),
        "15 APR /AVR 2029": "-",
    }
    fields, _ = proven("foreign passport", changes)
    assert fields["valid_to"].status is Status.DOUBTFUL


def test_a_value_from_the_zone_alone_is_one_reading() -> None:
    fields, findings = proven("foreign passport", {"15 APR /AVR 2029": "-"})
    assert (fields["valid_to"].status, fields["valid_to"].reason) == (Status.READ, "mrz")
    assert not findings


def test_a_letter_for_a_digit_in_the_printed_number_is_a_misreading() -> None:
    type_id, lines, _ = CARDS["foreign passport"]
    changed = [replace(line, text="L8989O2C3") if line.text == "L898902C3" else line for line in lines]
    record, findings = prove(extract([page_of(changed)], type_id), document_types()[type_id])
    found = record.fields["passport_number"]
    assert (found.value, found.raw, found.status) == ("L898902C3", "L8989O2C3", Status.VERIFIED)
    assert codes(findings) == ["ID_REPAIRED"]


def test_a_misread_zone_is_repaired_where_all_check_digits_agree() -> None:
    data = ZONE_FOREIGN.splitlines()[1]
    fields, findings = proven("foreign passport", {data: data.replace("740812", "74O8I2")})
    assert fields["mrz"].status is Status.VERIFIED
    assert codes(findings) == ["ID_REPAIRED"]
    assert fields["born_on"].status is Status.VERIFIED


@pytest.mark.parametrize(("card", "was", "now", "code"), [
    ("hk residence", "1980年3月4日", "1981年3月4日", "ID_BIRTH_DATE_DIFFERS"),
    ("hk residence", "810000198003040014", "830000198003040018", "ID_RESIDENCE_REGION"),
    ("hk residence", "810000198003040014", "110105198003040012", "ID_RESIDENCE_REGION"),
    ("hk residence", "H12345678", "M12345678", "ID_PERMIT_DIFFERS"),
    ("hk residence", "2024.01.02", "2026.01.02", "ID_CARD_VALIDITY_SPAN"),
    ("taiwan residence", "830000198003040018", "810000198003040014", "ID_RESIDENCE_REGION"),
    ("foreign resident", "1981.08.03", "1982.08.03", "ID_BIRTH_DATE_DIFFERS"),
    ("foreign resident", "加拿大/CAN", "法国/FRA", "ID_CARD_NATIONALITY_DIFFERS"),
    ("foreign resident", "911124198108030032", "911124198108030033", "ID_FOREIGN_RESIDENT_CHECKSUM"),
    ("hk permit", "2028.05.05", "2029.05.05", "ID_CARD_VALIDITY_SPAN"),
    ("taiwan permit", "2024.07.07", "2025.07.07", "ID_CARD_VALIDITY_SPAN"),
    ("hk card", "A123456(3)", "A123456(4)", "ID_HK_ID_CHECKSUM"),
    ("taiwan card", "女", "男", "ID_CARD_SEX_DIFFERS"), ("taiwan card", "A234567893", "A234567894",
    "ID_TAIWAN_ID_CHECKSUM"),
    ("chinese passport", "02 1月/JAN 2019", "02 1月/JAN 2021", "ID_CARD_VALIDITY_SPAN"),
])  # fmt: skip
def test_contradictions_within_a_card(card: str, was: str, now: str, code: str) -> None:
    fields, findings = proven(card, {was: now})
    assert code in codes(findings)
    assert any(found.status is Status.DOUBTFUL for found in fields.values())


def test_a_wrong_check_digit_in_exact_text_refuses() -> None:
    _, findings = proven("hk card", {"A123456(3)": "A123456(4)"}, Source.TEXT)
    assert [f.verdict for f in findings if f.code == "ID_HK_ID_CHECKSUM"] == [Verdict.REJECT]


def test_a_misread_letter_is_repaired_and_told() -> None:
    fields, findings = proven("hk card", {"A123456(3)": "A12345G(3)"})
    assert (fields["id_number"].value, fields["id_number"].raw) == ("A123456(3)", "A12345G(3)")
    assert codes(findings) == ["ID_REPAIRED"]
