"""Invoices a PDF carries as XML files inside it: the issuer's own data beside the picture of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.errors import DocumentError
from extractors.model import Field, Page
from extractors.registry import extract
from pipeline.pages import Carried, OpenedPage
from pipeline.settings import Settings
from pipeline.xml_data import open_xml

_TRIED = 5  # XML files of one PDF that may be invoices


def carried_in(attached: Sequence[bytes], pages: Sequence[OpenedPage], settings: Settings) -> tuple[Carried, ...]:
    """The invoices of the attached XML files. The first is what the pages show, told by its number.

    A PDF shows one invoice; where it carries more, or one that is not printed, the pages stay on their own.
    """
    found = [carried for data in attached[:_TRIED] for carried in _invoices(data, settings)]
    if len(found) != 1:
        return tuple(replace(carried, pages=()) for carried in found)
    text = _printed(pages)
    number = found[0].record.fields.get("invoice_number")
    if text is None or number is None or not _same(number, text.get("invoice_number")):
        return (replace(found[0], pages=()),)
    numbers = tuple(page.number for page in pages)
    return (replace(found[0], pages=numbers, others=(*found[0].others, ("text", text))),)


def _invoices(data: bytes, settings: Settings) -> tuple[Carried, ...]:
    """None in an XML file that is no invoice, or that is not safe to read."""
    try:
        return open_xml(data, settings).carried
    except DocumentError:
        return ()


def _printed(pages: Sequence[OpenedPage]) -> dict[str, Field] | None:
    """What the text layer says; None where a page has none, or it is no invoice's."""
    if any(page.lines is None for page in pages):
        return None
    read = [Page(p.number, p.width, p.height, p.lines or (), p.source) for p in pages]
    return extract(read, "vat_invoice").fields


def _same(one: Field, other: Field | None) -> bool:
    return other is not None and one.value is not None and one.value == other.value
