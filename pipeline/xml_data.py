"""XML files that carry invoices as data: parsed within limits, every invoice in them a document of its own.

expat itself with every DOCTYPE refused, which is all that defusedxml adds to it: without one there are no entities, so
nothing expands and nothing is fetched. Its own handlers count elements ten times as fast as defusedxml's parser, and
unlike lxml it gives the standard library's elements.
"""

from __future__ import annotations

import codecs
import re
from typing import NoReturn
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from extractors._invoice_xml import invoice_fields
from extractors.errors import DocumentError
from extractors.model import Field, Record, Source
from extractors.registry import document_types
from pipeline.pages import Carried, Opened, OpenedPage
from pipeline.settings import Settings
from pipeline.xml_signature import signatures

MAX_BYTES = 10_000_000
MAX_ELEMENTS = 100_000
MAX_ATTRIBUTES = 100  # of one element
MAX_DEPTH = 64
MAX_NAMESPACES = 40  # in force for one element: canonical XML asks for each at every element
MAX_NAMES, MAX_NAME = 10_000, 1_000  # different names, and characters of one with its namespace
MAX_INVOICES = 1_000

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF32_LE, "utf-32-le"), (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"),
)  # fmt: skip
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
# What is declared GB2312 holds characters of its supersets often enough.
_ENCODINGS = {"gb2312": "gb18030", "gbk": "gb18030", "gb18030": "gb18030", "cp936": "gb18030", "big5": "big5hkscs"}
_LONG_TAG = re.compile(r"<[^<>!?][^<>]{100000}")  # the parser would take its attributes apart first
_EXPECTED = re.compile("发票|公司|税")  # text of an invoice that was decoded as it was written
_DECLARED = re.compile(rb"^\s*<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]{1,40})[\"']")


def open_xml(data: bytes, settings: Settings) -> Opened:
    """Every invoice of an XML file, each on a page of its own that shows nothing, and the file's signatures.

    Raises DocumentError: FILE_DAMAGED, FILE_XML_UNSAFE, FILE_XML_TOO_LARGE or FILE_XML_NOT_INVOICE.
    """
    text = decoded(data)
    root = _tree(text)
    found = invoice_fields(root)
    if not found:
        raise DocumentError("FILE_XML_NOT_INVOICE")
    if len(found) > MAX_INVOICES:
        raise DocumentError("FILE_XML_TOO_LARGE", limit=f"{MAX_INVOICES} invoices")
    return Opened(
        pages=[_page(number) for number in range(1, len(found) + 1)],
        carried=tuple(Carried(_record(fields), Source.XML, (at,)) for at, fields in enumerate(found, 1)),
        signatures=signatures(root, text),
    )


def parse(data: bytes) -> Element:
    """The root of an XML document of a stranger's. Raises DocumentError where it is damaged, unsafe or too large."""
    return _tree(decoded(data))


def _tree(text: str) -> Element:
    if _LONG_TAG.search(text):
        raise DocumentError("FILE_XML_TOO_LARGE", limit=f"{MAX_ATTRIBUTES} attributes")
    try:
        return _Bounded().built(text)
    except (expat.ExpatError, ValueError, AssertionError) as error:
        raise DocumentError("FILE_DAMAGED", type(error).__name__) from None


def decoded(data: bytes) -> str:
    """The text, by byte order mark, shape or declaration; a declaration that is wrong is seen through where it can be.

    Raises DocumentError.
    """
    if len(data) > MAX_BYTES:
        raise DocumentError("FILE_XML_TOO_LARGE", limit=f"{MAX_BYTES // 1_000_000} MB")
    marked = [name for mark, name in (*_BOMS, *_UNMARKED) if data.startswith(mark)]
    declared = _DECLARED.search(data[:400])
    name = re.sub(r"[-_]", "", declared[1].decode().lower()) if declared else ""
    said = _ENCODINGS.get(name, "utf-8")
    for encoding in marked[:1] or (said, "gb18030" if said == "utf-8" else "utf-8"):
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if encoding != "gb18030" or said == encoding or _EXPECTED.search(text):
            return text.lstrip("\ufeff \t\r\n")
    raise DocumentError("FILE_DAMAGED", "UnicodeDecodeError")


class _Bounded:
    """Builds the tree and stops where it grows deeper or larger than invoices are."""

    def __init__(self) -> None:
        self._tree = TreeBuilder()
        self._elements = self._depth = self._namespaces = 0
        self._tags: dict[str, str] = {}  # one text for all elements of a name, however long its namespace is
        self._parser = parser = expat.ParserCreate("utf-8", "}")
        parser.buffer_text = parser.ordered_attributes = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.StartNamespaceDeclHandler, parser.EndNamespaceDeclHandler = self._start_namespace, self._end_namespace
        parser.CharacterDataHandler = self._tree.data
        parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = self._refuse

    def built(self, text: str) -> Element:
        self._parser.Parse(text.encode(), True)
        return self._tree.close()

    def _start(self, name: str, attributes: list[str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > MAX_ELEMENTS or self._depth > MAX_DEPTH or len(attributes) > 2 * MAX_ATTRIBUTES:
            raise DocumentError("FILE_XML_TOO_LARGE", limit=f"{MAX_ELEMENTS} elements, {MAX_DEPTH} levels")
        named = {self._tag(key): value for key, value in zip(attributes[::2], attributes[1::2], strict=True)}
        self._tree.start(self._tag(name), named)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._tree.end(self._tag(name))

    def _start_namespace(self, *_: object) -> None:
        self._namespaces += 1
        if self._namespaces > MAX_NAMESPACES:
            raise DocumentError("FILE_XML_TOO_LARGE", limit=f"{MAX_NAMESPACES} namespaces")

    def _end_namespace(self, _: object) -> None:
        self._namespaces -= 1

    def _tag(self, name: str) -> str:
        if name not in self._tags:
            if len(name) > MAX_NAME or len(self._tags) == MAX_NAMES:
                raise DocumentError("FILE_XML_TOO_LARGE", limit=f"{MAX_NAMES} names, {MAX_NAME} characters each")
            self._tags[name] = f"{{{name}" if "}" in name else name
        return self._tags[name]

    def _refuse(self, *_: object) -> NoReturn:
        raise DocumentError("FILE_XML_UNSAFE")


def _record(fields: dict[str, Field]) -> Record:
    declared = document_types()["vat_invoice"].fields
    return Record("vat_invoice", {spec.name: fields.get(spec.name, Field()) for spec in declared})


def _page(number: int) -> OpenedPage:
    return OpenedPage(number, 0, 0, _no_picture, lines=(), source=Source.XML)


def _no_picture() -> NoReturn:
    raise DocumentError("FILE_NO_PAGES")
