"""The invoices an OFD carries, from everything in it that names values: attachment, tags, document data, page text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from xml.etree.ElementTree import Element

from extractors._invoice_derived import completed
from extractors._invoice_ofd import Leaf, custom_data_fields, tag_fields
from extractors._invoice_xml import invoice_fields
from extractors.model import Field, Page, Record, Source, Status, TextLine
from extractors.registry import document_types, extract
from extractors.values import compact
from pipeline.ofd_document import Document, children
from pipeline.ofd_text import Lines, Shown, own_lines
from pipeline.pages import Carried, OpenedPage

_COMPARED = (
    "invoice_code", "invoice_number", "issued_on", "check_code", "buyer_name", "buyer_tax_id", "seller_name",
    "seller_tax_id", "amount", "tax", "total", "total_in_words",
)  # fmt: skip
# What a page prints and data may leave out. More is not taken over: a data field left empty is meant to be empty.
_COMPLETED = ("invoice_kind", "total_in_words", "machine_number", "check_code", "payee", "reviewer", "drawer")
_MAX_LEAVES = 20_000
_MAX_CHARACTERS = 30_000  # of one invoice's pages that are read as print
_MAX_DEPTH = 16
_TEXT, _CUSTOM_DATA = "text", "custom_data"

Reading = tuple[str, dict[str, Field]]


@dataclass(frozen=True, slots=True)
class Read:
    """A page as read: its ID in the document, its text objects, what of them is text in lines."""

    page: OpenedPage
    lines: tuple[TextLine, ...] | None
    id: str
    texts: dict[str, Shown]  # by their IDs
    known: Lines

    def lines_of(self, object_id: str) -> tuple[TextLine, ...]:
        """The lines of the text object of an ID."""
        text = self.texts.get(object_id)
        size = (self.page.width, self.page.height)
        return own_lines(text, self.known, size) if text else ()


def carried(document: Document, pages: Sequence[Read]) -> list[Carried]:
    """One Carried for each invoice number that the document's data names; none where only its pages speak."""
    readings = [*_attached(document), *_tagged(document, pages)]
    custom = custom_data_fields(document.custom_data)
    if custom:
        readings.append((_CUSTOM_DATA, custom))
    by_number: dict[str, list[Reading]] = {}
    for name, fields in readings:
        if number := str(fields.get("invoice_number", Field()).value or ""):
            by_number.setdefault(number, []).append((name, fields))
    found = []
    for number, of_number in by_number.items():
        shown = _showing(number, of_number, pages, alone=len(by_number) == 1)
        if one := _one(of_number, shown):
            found.append(one)
    return found


def _one(readings: list[Reading], pages: Sequence[Read]) -> Carried | None:
    """One invoice from its readings, the best first, and from the pages that show it."""
    text = _printed(pages)
    if readings[0][0] == _CUSTOM_DATA:  # a few values: the pages say more, if they can be read without OCR
        if not text:
            return None
        readings, text = [(_TEXT, text), *readings], {}
    (best, fields), *weaker = readings
    record, others = dict(fields), []
    for name, told in weaker:
        # What is taken over from a reading cannot be confirmed by it.
        taken = {key: field for key, field in told.items() if _missing(record, key)}
        record |= taken
        others.append((name, {key: field for key, field in told.items() if key not in taken}))
        record |= {key: _placed(record[key], field) for key, field in told.items()}
    if compared := _compared(text, record, pages, best):
        others.append((_TEXT, compared))
        record |= {key: _placed(record[key], field) for key, field in compared.items()}
    record |= {
        name: text[name] for name in _COMPLETED
        if _missing(record, name) and name in text and text[name].status is Status.READ
    }  # fmt: skip
    specs = document_types()["vat_invoice"].fields
    whole = completed(record)
    return Carried(
        Record("vat_invoice", {spec.name: whole.get(spec.name, Field()) for spec in specs}),
        Source.OFD,
        tuple(read.page.number for read in pages),
        tuple(others),
    )


def _missing(record: dict[str, Field], name: str) -> bool:
    return record.get(name, Field()).status is Status.MISSING


def _placed(field: Field, seen: Field) -> Field:
    """A value with its place on the page, where another reading of the same value has one."""
    if field.page is not None or field.value != seen.value:
        return field
    return field.model_copy(update={"page": seen.page, "box": seen.box})


def _compared(text: dict[str, Field], record: dict[str, Field], pages: Sequence[Read], best: str) -> dict[str, Field]:
    """What the pages show of the values that matter.

    A name stands there when it is printed anywhere in one piece: where a name ends on the page is harder to tell
    than whether it is the one of the data. Tags name the same characters the pages show: only where the two differ,
    a tag that points elsewhere, does the text say something about them.
    """
    shown = {name: text[name] for name in _COMPARED if name in text and not _missing(record, name)}
    printed = [compact(line.text) for read in pages for line in read.lines or ()]
    for name in shown.keys() & {"buyer_name", "seller_name"}:
        told = compact(str(record[name].value))
        if any(told in line for line in printed):
            shown[name] = shown[name].model_copy(update={"value": record[name].value})
    if best == "tags":
        return {name: field for name, field in shown.items() if field.value != record[name].value}
    return shown


def _showing(number: str, readings: Sequence[Reading], pages: Sequence[Read], alone: bool) -> list[Read]:
    """The pages of one invoice: all of a document that holds no other, else those its tags or its number stand on."""
    if alone:
        return list(pages)
    tagged = {field.page for _, fields in readings for field in fields.values()}
    return [
        read for read in pages
        if read.page.number in tagged or any(number in line.text for line in read.lines or ())
    ]  # fmt: skip


def _printed(pages: Sequence[Read]) -> dict[str, Field]:
    """The fields as an ordinary reader takes them from the page's text; none where it is no text or no invoice."""
    readable = [
        Page(read.page.number, read.page.width, read.page.height, read.lines, Source.OFD)
        for read in pages if read.lines
    ]  # fmt: skip
    if not readable or sum(len(line.text) for page in readable for line in page.lines) > _MAX_CHARACTERS:
        return {}
    fields = extract(readable, "vat_invoice").fields
    return {name: field for name, field in fields.items() if field.status is not Status.MISSING}


def _attached(document: Document) -> Iterator[Reading]:
    for part in document.attachments:
        root = document.package.optional_xml(part)
        for fields in invoice_fields(root) if root is not None else ():
            yield "attachment", fields


def _tagged(document: Document, pages: Sequence[Read]) -> Iterator[Reading]:
    by_id = {read.id: read for read in pages}
    for root in document.tags:
        invoices = [e for e in root.iter() if isinstance(e.tag, str) and e.tag.lower() == "einvoice"]
        for invoice in invoices or [root]:
            if fields := tag_fields(list(islice(_leaves(invoice, by_id), _MAX_LEAVES))):
                yield "tags", fields


def _leaves(root: Element, pages: dict[str, Read]) -> Iterator[Leaf]:
    """The tagged values below an element, each goods line under a number of its own."""
    group = 0

    def below(element: Element, at: int | None, depth: int) -> Iterator[Leaf]:
        nonlocal group
        for child in element:
            references = children(child, "ObjectRef")
            if references:
                lines = [line for ref in references for line in _referred(ref, pages)]
                yield Leaf(str(child.tag), at, tuple(lines))
            elif depth < _MAX_DEPTH:
                if child.tag == "GoodsInfo":
                    group += 1
                yield from below(child, group if child.tag == "GoodsInfo" else at, depth + 1)

    return below(root, None, 0)


def _referred(reference: Element, pages: dict[str, Read]) -> tuple[TextLine, ...]:
    page = pages.get((reference.get("PageRef") or "").strip())
    target = (reference.text or "").strip()
    for read in [page] if page else pages.values():
        if lines := read.lines_of(target):
            return lines
    return ()
