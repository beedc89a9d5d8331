"""Fonts that are neither in the file nor on this machine: what the page shows is read, what it hides is not."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from extractors.model import Source
from pipeline import pdf_fonts
from pipeline.opening import open_file
from pipeline.pages import OpenedPage
from pipeline.settings import Settings
from tests.pipeline.test_opening_pdf import A4, GREY, SHARED, pdf

LINES = ("浙江增值税电子普通发票", "名称：杭州云帆数字科技有限公司", "价税合计（大写）壹佰零叁圆伍角整", "单位：次")
SECRET = "合计900元整"
FONT = (
    b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[12 0 R]>>",
    b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/FontDescriptor 13 0 R/W[1 95 500]"
    b"/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>>>",
    b"<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/Ascent 880/Descent -120/FontBBox[0 -120 1000 880]>>",
    b"<</Type/ExtGState/ca 0>>",
)
RESOURCES = "/Resources<</Font<</F 11 0 R>>/ExtGState<</Clear 14 0 R>>/XObject<</Im 10 0 R>>>>"


class Fontless:
    """A machine with no font at all."""

    def __init__(self, fonts: Any) -> None:
        self._fonts = fonts

    def MapFont(self, *_: Any) -> None: ...  # noqa: N802

    def GetFont(self, *_: Any) -> None: ...  # noqa: N802

    def DeleteFont(self, _: Any, font: int) -> None:  # noqa: N802
        self._fonts.DeleteFont(self._fonts, font)


@pytest.fixture
def fontless(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    fonts = pdf_fonts._fonts()
    if fonts is None:
        pytest.skip("PDFium cannot be told which fonts there are")
    pdf_fonts.draws_chinese()  # PDFium lists the fonts once: the tests that follow need the list
    with monkeypatch.context() as patch:
        patch.setattr(fonts, "default", Fontless(fonts.default))
        yield


def text(line: str, bottom: int, left: int = 60, size: float = 12, before: str = "") -> str:
    return f"BT {before} /F {size} Tf {left} {bottom} Td <{line.encode('utf-16-be').hex()}> Tj ET\n"


PAGE = "".join(text(line, 700 - 30 * i) for i, line in enumerate(LINES * 5))


def page_of(tmp_path: Path, content: str, keys: str = A4) -> OpenedPage:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf((content, RESOURCES + keys), objects=(GREY, *FONT)))
    (page,) = open_file(path, "a.pdf", Settings()).pages
    return page


def lines_of(page: OpenedPage) -> list[str]:
    return [line.text for line in page.lines or ()]


@pytest.mark.usefixtures("fontless")
def test_what_cannot_be_drawn_is_read(tmp_path: Path) -> None:
    page = page_of(tmp_path, PAGE)
    assert page.source is Source.TEXT
    assert lines_of(page) == list(LINES * 5)


@pytest.mark.usefixtures("fontless")
def test_a_character_alone_is_read(tmp_path: Path) -> None:
    assert "次" in lines_of(page_of(tmp_path, PAGE + text("次", 60, left=400)))


@pytest.mark.usefixtures("fontless")
@pytest.mark.parametrize(
    "hidden",
    [
        text(SECRET, 60, before="3 Tr"),
        text(SECRET, 60, before="7 Tr"),
        text(SECRET, 60, before="1 1 1 rg"),
        text(SECRET, 60, before="/Clear gs"),
        text(SECRET, 60, size=0.5),
        text(SECRET, 60, left=700),
        text(SECRET, -40),
        text(SECRET, 60) + "1 1 1 rg 50 50 200 40 re f",
        "q 0 0 10 10 re W n " + text(SECRET, 60) + "Q",
        "0.5 0 0 rg 50 50 200 40 re f " + text(SECRET, 60, before="0.5 0 0 rg"),
    ],
)
def test_what_is_hidden_is_not(tmp_path: Path, hidden: str) -> None:
    page = page_of(tmp_path, PAGE + f"q {hidden} Q")
    assert page.source is Source.TEXT
    assert lines_of(page) == list(LINES * 5)


@pytest.mark.usefixtures("fontless")
def test_what_lies_off_the_crop_is_not_read(tmp_path: Path) -> None:
    page = page_of(tmp_path, PAGE + text(SECRET, 60), A4 + "/CropBox[0 100 595 842]")
    assert lines_of(page) == list(LINES * 5)


@pytest.mark.usefixtures("fontless")
def test_text_under_a_picture_is_read_from_the_picture(tmp_path: Path) -> None:
    assert page_of(tmp_path, PAGE + text("次", 60) + "q 30 0 0 30 52 52 cm /Im Do Q").source is Source.TEXT
    half = "q 15 0 0 7 52 52 cm /Im Do Q q 0.5 0 0 rg 59 59 20 20 re f Q"
    assert page_of(tmp_path, PAGE + text("次", 60) + half).source is Source.OCR


@pytest.mark.usefixtures("fontless")
@pytest.mark.parametrize("size", [6, 9, 12])
def test_a_white_digit_beside_an_amount_is_not_part_of_it(tmp_path: Path, size: int) -> None:
    shown, hidden = "<003500300030>", "<0039>"  # 500 and 9
    amount = f"BT /F {size} Tf 60 60 Td 1 1 1 rg {hidden} Tj 0 0 0 rg {shown} Tj 1 1 1 rg {hidden} Tj ET"
    assert lines_of(page_of(tmp_path, PAGE + amount)) == [*LINES * 5, "500"]


@pytest.mark.usefixtures("fontless")
def test_pictures_of_pages_show_no_bars(tmp_path: Path) -> None:
    assert page_of(tmp_path, "".join(text("名称纳税人识别号", 700 - 30 * i) for i in range(5))).image().min() == 255


def test_a_font_of_this_machine_is_used_where_there_is_one(tmp_path: Path) -> None:
    if not pdf_fonts.draws_chinese():
        pytest.skip("no Chinese font is here")
    page = page_of(tmp_path, PAGE)
    assert lines_of(page) == list(LINES * 5)
    assert page.image().min() < 128


@pytest.mark.usefixtures("fontless")
def test_a_machine_without_fonts_is_known() -> None:
    assert not pdf_fonts.draws_chinese()


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public invoices are not here")
@pytest.mark.parametrize("name", ["pdf_henan_jd.pdf", "pdf_anhui_2021.pdf"])
def test_real_invoices_read_the_same_without_fonts(name: str, request: pytest.FixtureRequest) -> None:
    (with_fonts,) = open_file(SHARED / name, name, Settings()).pages
    request.getfixturevalue("fontless")
    (without,) = open_file(SHARED / name, name, Settings()).pages
    assert without.source is Source.TEXT
    read = ["".join(lines_of(page)).replace(" ", "") for page in (without, with_fonts)]
    assert read[0] == read[1]
