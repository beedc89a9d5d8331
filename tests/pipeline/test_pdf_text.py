"""Text layers of PDFs: what is printed is read from the file, what only the file says is not believed."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from extractors.model import Source
from pipeline.opening import open_file
from pipeline.pages import OpenedPage
from pipeline.pdf_text import readable
from pipeline.settings import Settings
from tests.pipeline.test_opening_pdf import A4, BODY, GREY, SHARED, pdf, stream, text

AMOUNT = text(100, 500, "Total amount 100.00")


def page_of(tmp_path: Path, content: str, keys: str = A4, objects: tuple[bytes, ...] = (GREY,)) -> OpenedPage:
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf((content, keys), objects=objects))
    (page,) = open_file(path, "a.pdf", Settings()).pages
    return page


def lines_of(page: OpenedPage) -> list[str]:
    return [line.text for line in page.lines or ()]


@pytest.mark.parametrize(("shade", "source"), [(0xE0, Source.TEXT), (0x40, Source.OCR)])
def test_a_tint_or_watermark_under_the_page_does_not_cost_the_text(tmp_path: Path, shade: int, source: Source) -> None:
    about = "/Type/XObject/Subtype/Image/Width 20/Height 20/ColorSpace/DeviceGray/BitsPerComponent 8"
    under = stream(bytes([0xFF] * 390 + [shade] * 10), about)
    assert page_of(tmp_path, "q 595 0 0 842 0 0 cm /Im Do Q " + BODY, objects=(under,)).source is source


def test_a_scan_cut_into_strips_is_a_scan(tmp_path: Path) -> None:
    strips = "".join(f"q 595 0 0 40 0 {40 * i} cm /Im Do Q " for i in range(8))
    assert page_of(tmp_path, strips + BODY).source is Source.OCR


def test_white_digits_inside_a_number_are_not_read(tmp_path: Path) -> None:
    page = page_of(tmp_path, BODY + text(100, 500, "Total amount 100") + text(215, 500, "000", before="1 1 1 rg"))
    assert page.source is Source.TEXT
    assert any("100" in line for line in lines_of(page))
    assert not any("000" in line for line in lines_of(page))


def test_a_picture_laid_over_an_amount_is_read_instead_of_the_text_under_it(tmp_path: Path) -> None:
    bars = b"\x00\xff" * 50
    patch = stream(bars, "/Type/XObject/Subtype/Image/Width 10/Height 10/ColorSpace/DeviceGray/BitsPerComponent 8")
    over = "q 60 0 0 16 180 497 cm /Im Do Q"
    assert page_of(tmp_path, BODY + AMOUNT + over, objects=(patch,)).source is Source.OCR
    assert page_of(tmp_path, BODY + over + AMOUNT, objects=(patch,)).source is Source.TEXT


def test_a_number_wiped_out_and_written_over_is_not_sure(tmp_path: Path) -> None:
    wiped = "1 1 1 rg 180 495 100 20 re f 0 0 0 rg " + text(100, 500, "Total amount 900.00")
    page = page_of(tmp_path, BODY + BODY.replace("560", "540").replace("600", "580") + AMOUNT + wiped)
    assert not any("100.00" in line.text or "900.00" in line.text for line in page.lines or () if line.confidence)


@pytest.mark.parametrize(
    "hidden",
    [
        text(100, 440, "Total amount 100.00", before="3 Tr"),
        text(100, 440, "Total amount 100.00", before="1 1 1 rg"),
        text(700, 440, "Total amount 100.00"),
        text(100, -40, "Total amount 100.00"),
        "q 0 0 10 10 re W n " + text(100, 440, "Total amount 100.00") + " Q",
    ],
)
def test_text_nobody_sees_is_no_text(tmp_path: Path, hidden: str) -> None:
    plenty = "".join(text(100, 300 - 20 * i, "The company was established in the city of Hangzhou") for i in range(9))
    page = page_of(tmp_path, BODY + plenty + hidden)
    assert page.source is Source.TEXT
    assert not any("Total" in line for line in lines_of(page))


def test_text_of_forms_is_text_of_the_page(tmp_path: Path) -> None:
    form = stream(
        AMOUNT.encode(), "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>"
    )  # fmt: skip
    assert "Total amount 100.00" in lines_of(page_of(tmp_path, BODY + "/Im Do", objects=(form,)))


@pytest.mark.parametrize(("rectangle", "source"), [("400 100 500 170", Source.TEXT), ("50 50 550 800", Source.OCR)])
def test_a_stamp_is_a_seal_unless_it_is_as_large_as_a_page(tmp_path: Path, rectangle: str, source: Source) -> None:
    stamp = f"<</Type/Annot/Subtype/Stamp/Rect[{rectangle}]/F 4>>".encode()
    assert page_of(tmp_path, BODY, A4 + "/Annots[11 0 R]", (GREY, stamp)).source is source


def test_a_stamp_that_covers_text_is_seen(tmp_path: Path) -> None:
    look = b"0 0 0 rg 0 0 100 8 re f 1 1 1 rg 0 8 100 8 re f"
    stamp = b"<</Type/Annot/Subtype/Stamp/Rect[180 497 280 513]/F 4/AP<</N 12 0 R>>>>"
    objects = (GREY, stamp, stream(look, "/Type/XObject/Subtype/Form/BBox[0 0 100 16]"))
    assert page_of(tmp_path, BODY + AMOUNT, A4 + "/Annots[11 0 R]", objects).source is Source.OCR


def test_codes_of_an_embedded_font_without_a_mapping_are_not_believed(tmp_path: Path) -> None:
    """Its glyphs are in some order of their own: the codes look like digits and are none."""
    font = b"<</Type/Font/Subtype/TrueType/BaseFont/AAAAAA+Own/FontDescriptor 12 0 R>>"
    about = b"<</Type/FontDescriptor/FontName/AAAAAA+Own/Flags 4/FontFile2 13 0 R>>"
    keys = A4 + "/Resources<</Font<</F1 11 0 R>>>>"
    page = page_of(tmp_path, BODY, keys, (GREY, font, about, stream(b"", "/Length1 0")))
    assert page.source is Source.OCR


@pytest.mark.parametrize(
    ("written", "meant"),
    [("⽉", "月"), ("⾦", "金"), ("⻓", "长"), ("⻔", "门"), ("年", "年"), ("（", "（"), ("\x02", "-")],
)
def test_radicals_are_the_ideographs_they_look_like(written: str, meant: str) -> None:
    assert readable(written) == meant


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public invoices are not here")
@pytest.mark.parametrize(
    "name", ["pdf_henan_jd.pdf", "pdf_anhui_2021.pdf", "pdf_easyofd_shudian_sichuan_scattered.pdf"]
)
def test_a_second_reader_finds_the_same_characters(name: str) -> None:
    pdfplumber = pytest.importorskip("pdfplumber")
    with pdfplumber.open(SHARED / name) as document:
        expected = Counter(c["text"] for c in document.pages[0].chars if c["text"].strip())
    (page,) = open_file(SHARED / name, name, Settings()).pages
    found = Counter(c for line in page.lines or () for c in line.text if c.strip())
    assert (expected - found).total() <= 6  # in one of them a line of six is piled up on one spot
    assert (found - expected).total() <= 1


def test_a_character_mapped_to_a_radical_inside_a_form_keeps_its_place() -> None:
    # Printed by a browser: the font maps 月 日 长 食 to radicals, and the half-transparent page is a form.
    name = "radicals_in_a_form.pdf"
    (page,) = open_file(Path(__file__).with_name(name), name, Settings()).pages
    assert [line.text for line in page.lines or ()] == ["开票日期：2020年05月24日", "名称：长日食品月角食品有限公司"]
