"""XML invoices inside a PDF: the data goes before the print of it, and only where they are the same invoice."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from extractors.errors import DocumentError
from extractors.model import Source, TextLine
from pipeline.opening import open_file
from pipeline.pages import Image, OpenedPage
from pipeline.pdf_attachments import carried_in
from pipeline.settings import Settings
from tests.extractors.lines_on_pages import at
from tests.extractors.test_invoice_xml import DIGITAL, NUMBER, OLD
from tests.pipeline.test_opening_pdf import A4, BODY, GREY, pdf

XML, OTHER = DIGITAL.encode(), OLD.encode()


def image() -> Image:
    raise DocumentError("FILE_DAMAGED")


def page(number: str, lines: bool = True) -> OpenedPage:
    printed: tuple[TextLine, ...] = (at(300, 20, "电子发票（普通发票）", 30), at(800, 30, f"发票号码：{number}"))
    return OpenedPage(1, 1400, 900, image, printed if lines else None, Source.TEXT if lines else Source.OCR)


def test_the_print_of_the_same_invoice_is_a_further_carrier() -> None:
    (carried,) = carried_in([XML], [page(NUMBER)], Settings())
    assert (carried.source, carried.pages) == (Source.XML, (1,))
    (name, fields) = carried.others[-1]
    assert (name, fields["invoice_number"].value) == ("text", NUMBER)


@pytest.mark.parametrize(
    ("attached", "shown"),
    [
        ([XML], page(NUMBER[:-1] + "0")),  # another invoice's data behind this print
        ([XML], page(NUMBER, lines=False)),  # a scan: nobody knows yet what it shows
        ([XML, OTHER], page(NUMBER)),
    ],
)
def test_pages_that_may_show_something_else_stay_documents_of_their_own(
    attached: list[bytes], shown: OpenedPage
) -> None:
    found = carried_in(attached, [shown], Settings())
    assert [carried.pages for carried in found] == [()] * len(attached)


@pytest.mark.parametrize(
    "attached", [b"<?xml version='1.0'?><Configuration/>", b"<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", b"<broken"]
)
def test_other_xml_files_carry_nothing(attached: bytes) -> None:
    assert carried_in([attached], [page(NUMBER)], Settings()) == ()


def test_a_pdf_is_opened_with_its_data(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(pdf((BODY, A4), objects=(GREY,)))) as document:
        document.attachments["invoice.xml"] = XML
        document.save(tmp_path / "a.pdf")
    opened = open_file(tmp_path / "a.pdf", "a.pdf", Settings())
    assert [carried.record.fields["invoice_number"].value for carried in opened.carried] == [NUMBER]
    assert len(opened.pages) == 1
