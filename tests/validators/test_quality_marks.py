"""Emblems and seals that are not where they belong: missed on pages in colour, never on grey copies or other pages."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from extractors.model import DocumentType, Page, TextLine, rectangle
from extractors.registry import document_types
from pipeline.pages import Image
from validators.quality.marks import missing_marks

LICENCE, CARD = document_types()["business_licence"], document_types()["id_card"]
RED, GOLD, INK = (45, 45, 205), (70, 160, 205), (60, 55, 50)  # BGR
TITLE = TextLine("营业执照", rectangle(600, 320, 1200, 450))
BODY = tuple(TextLine("经营范围技术服务", rectangle(200, y, 1100, y + 40)) for y in range(520, 1200, 70))


def licence(emblem: bool = True, seal: bool = True, colour: bool = True, light: float = 1.0) -> Image:
    """A page 1800 × 1320 with print, a red disc above the title and a red ring low on the right."""
    image = np.full((1320, 1800, 3), 238, np.uint8)
    for line in (TITLE, *BODY):
        for x in range(int(line.left), int(line.right), 40):
            cv2.rectangle(image, (x, int(line.top) + 6), (x + 22, int(line.bottom) - 6), INK, 4)
    if emblem:
        cv2.circle(image, (900, 190), 90, RED, -1)
        cv2.circle(image, (900, 190), 60, GOLD, 14)
    if seal:
        cv2.circle(image, (960, 1050), 130, RED, 9)
        cv2.circle(image, (960, 1050), 36, RED, -1)
    if not colour:
        image = np.repeat(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)[:, :, None], 3, axis=2)
    chance = np.random.default_rng(4)
    return np.clip(image * light + chance.normal(0, 3, image.shape), 0, 255).astype(np.uint8)


def missed(image: Image, *lines: TextLine, kind: DocumentType = LICENCE, colour: bool = True) -> list[str]:
    page = Page(1, image.shape[1], image.shape[0], lines or (TITLE, *BODY))
    return missing_marks(image, page, kind, colour=colour)


@pytest.mark.parametrize("light", [1.0, 0.55])
@pytest.mark.parametrize(
    ("emblem", "seal", "expected"), [(True, True, []), (False, True, ["emblem"]), (True, False, ["seal"])]
)
def test_what_is_not_where_it_belongs_is_missed(emblem: bool, seal: bool, expected: list[str], light: float) -> None:
    assert missed(licence(emblem, seal, light=light)) == expected


def test_a_grey_copy_lacks_nothing() -> None:
    assert missed(licence(colour=False), colour=False) == []
    assert missed(licence(False, False), colour=True) == []  # nothing on it shows that it is in colour


def test_a_grey_copy_under_a_red_company_seal_lacks_no_emblem() -> None:
    copy = licence(seal=False, colour=False)
    cv2.circle(copy, (960, 1050), 130, RED, 9)
    cv2.circle(copy, (960, 1050), 36, RED, -1)
    assert missed(copy) == []


def test_what_lies_outside_the_picture_is_not_missed() -> None:
    image = licence(emblem=False)[200:]
    lifted = [TextLine(a.text, rectangle(a.left, a.top - 200, a.right, a.bottom - 200)) for a in (TITLE, *BODY)]
    assert missed(image, *lifted) == []


@pytest.mark.parametrize("title", ["营业执照仅供入驻使用", "执照"])
def test_without_its_title_nobody_knows_the_place(title: str) -> None:
    assert missed(licence(emblem=False), TextLine(title, TITLE.box), *BODY) == []


def test_words_as_low_as_the_rest_are_no_title() -> None:
    assert missed(licence(emblem=False), TextLine("营业执照", rectangle(600, 400, 800, 440)), *BODY) == []


@pytest.mark.parametrize(("emblem", "expected"), [(True, []), (False, ["emblem"])])
def test_the_emblem_on_the_back_of_a_card(emblem: bool, expected: list[str]) -> None:
    image = np.full((800, 1260, 3), (236, 232, 214), np.uint8)
    cv2.rectangle(image, (0, 0), (1260, 800), (240, 225, 200), -1)
    lines = (
        TextLine("中华人民共和国", rectangle(500, 110, 1020, 200)),
        TextLine("居民身份证", rectangle(460, 220, 1060, 340)),
        TextLine("签发机关杭州市公安局", rectangle(300, 560, 900, 610)),
        TextLine("有效期限", rectangle(300, 660, 500, 705)),
    )
    if emblem:
        cv2.circle(image, (230, 220), 110, RED, -1)
    assert missed(image, *lines, kind=CARD) == expected


def test_types_without_an_emblem_are_not_looked_at() -> None:
    assert missed(licence(False, False), kind=document_types()["vat_invoice"]) == []
