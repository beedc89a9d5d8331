"""Cards that are over are told as a sign, once, and only where the day is sure."""

from __future__ import annotations

from datetime import date

import pytest

from extractors.model import Field, Record, Status
from validators.case import FiledDocument
from validators.expired import expired
from validators.findings import finding
from validators.judge import _once

DAY = date(2026, 11, 22)


def card(last: date | None, kind: str = "id_card", status: Status = Status.READ) -> FiledDocument:
    fields = {"valid_to": Field(value=last, status=status, page=1)}
    return FiledDocument("back.jpg", Record(kind, fields, "back"), slot="id_card_back")


@pytest.mark.parametrize(
    ("last", "kind", "status", "told"),
    [
        (date(2026, 11, 21), "id_card", Status.READ, True),
        (date(2026, 11, 22), "id_card", Status.READ, False),  # the last day itself still counts
        (date(2020, 1, 1), "passport", Status.VERIFIED, True),
        (date(2020, 1, 1), "taiwan_residence_permit", Status.READ, True),
        (date(2020, 1, 1), "id_card", Status.DOUBTFUL, False),
        (date(2020, 1, 1), "iso_certificate", Status.READ, False),  # no person's
        (None, "id_card", Status.READ, False),  # 长期
    ],
)
def test_which_cards_are_over(last: date | None, kind: str, status: Status, told: bool) -> None:
    assert [f.code for f in expired([card(last, kind, status)], DAY)] == ["AUTH_DOCUMENT_EXPIRED"] * told


def test_what_a_check_of_the_profile_says_is_not_said_again() -> None:
    document = card(date(2020, 1, 1))
    (sign,) = expired([document], DAY)
    about = {"field": "valid_to", "actual": "2020-01-01", "as_of": DAY, "name_zh": "有效期", "name_en": "term"}
    check = finding("DATE_EXPIRED", document="back.jpg", evidence=document.evidence(), **about)
    other = finding("DATE_EXPIRED", document="other.jpg", **about)
    assert [f.code for f in _once([sign, check])] == ["DATE_EXPIRED"]
    assert [f.code for f in _once([sign, other])] == ["AUTH_DOCUMENT_EXPIRED", "DATE_EXPIRED"]
