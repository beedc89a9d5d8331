"""The documents in an OFD (GB/T 33190-2016 §7.4-7.9), of which a file may hold several: where everything in them is."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice
from xml.etree.ElementTree import Element

from extractors.errors import DocumentError
from pipeline.ofd_package import Package

A4 = (0.0, 0.0, 210.0, 297.0)
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_MAX_TEMPLATES = 1_000
_MAX_LISTED = 20  # attachments, sets of tags
_LARGEST = 1e6  # millimetres: a number beyond it is no place on a page

Rectangle = tuple[float, float, float, float]  # x, y, width, height


@dataclass(frozen=True, slots=True)
class PageOf:
    """A page: its ID in the document and the part that holds it."""

    id: str
    part: str | None


@dataclass(slots=True)
class Resources:
    """What pages refer to by ID: fonts, pictures, drawing parameters, colour spaces, composite units."""

    fonts: dict[str, tuple[Element, str | None]] = field(default_factory=dict)  # the part of the embedded font
    media: dict[str, str | None] = field(default_factory=dict)
    draw_params: dict[str, Element] = field(default_factory=dict)
    colour_spaces: dict[str, Element] = field(default_factory=dict)
    units: dict[str, Element] = field(default_factory=dict)


@dataclass(slots=True)
class Document:
    """One DocBody. `custom_data` are the names and values of its DocInfo, in order."""

    package: Package
    part: str
    pages: list[PageOf]
    box: Rectangle
    templates: dict[str, str]
    resources: Resources
    custom_data: list[tuple[str, str]]
    attachments: list[str]
    tags: list[Element]
    annotations: dict[str, list[str]]  # by page ID
    signatures: str | None


def read_documents(package: Package, max_pages: int) -> list[Document]:
    """The documents of the file in order. Raises FILE_DAMAGED, FILE_NO_PAGES, FILE_TOO_MANY_PAGES."""
    entry = package.find("", "OFD.xml")
    if entry is None:
        raise DocumentError("FILE_DAMAGED", "no OFD.xml")
    documents: list[Document] = []
    bodies = children(package.xml(entry), "DocBody")
    if len(bodies) > max_pages:
        raise DocumentError("FILE_TOO_MANY_PAGES", limit=max_pages)
    for body in bodies:
        part = package.find(entry, text_of(body, "DocRoot"))
        if part is None:
            continue
        documents.append(_document(package, entry, body, part, max_pages))
        if sum(len(d.pages) for d in documents) > max_pages:
            raise DocumentError("FILE_TOO_MANY_PAGES", limit=max_pages)
    if not documents:
        raise DocumentError("FILE_DAMAGED", "no document")
    if not any(d.pages for d in documents):
        raise DocumentError("FILE_NO_PAGES")
    return documents


def _document(package: Package, entry: str, body: Element, part: str, max_pages: int) -> Document:
    if package.read(part).count(b"BaseLoc") > max_pages + _MAX_TEMPLATES:  # before a hundred thousand are parsed
        raise DocumentError("FILE_TOO_MANY_PAGES", limit=max_pages)
    root = package.xml(part)
    common = child(root, "CommonData")
    pages = [
        PageOf((page.get("ID") or "").strip(), package.find(part, page.get("BaseLoc")))
        for holder in children(root, "Pages") for page in children(holder, "Page")
    ]  # fmt: skip
    info = child(body, "DocInfo")
    return Document(
        package=package,
        part=part,
        pages=pages,
        box=rectangle_of(text_of(child(common, "PageArea"), "PhysicalBox")) or A4,
        templates={
            (t.get("ID") or "").strip(): found
            for t in children(common, "TemplatePage") if (found := package.find(part, t.get("BaseLoc")))
        },
        resources=read_resources(package, [
            found for kind in ("PublicRes", "DocumentRes") for e in children(common, kind)
            if (found := package.find(part, e.text))
        ]),
        custom_data=[
            ((e.get("Name") or "").strip(), (e.text or "").strip())
            for holder in children(info, "CustomDatas") for e in children(holder, "CustomData")
        ],
        attachments=list(islice(_listed(package, part, root, "Attachments", "Attachment"), _MAX_LISTED)),
        tags=[
            tag for name in islice(_listed(package, part, root, "CustomTags", "CustomTag"), _MAX_LISTED)
            if (tag := package.optional_xml(name)) is not None
        ],
        annotations=_annotations(package, part, root),
        signatures=package.find(entry, text_of(body, "Signatures")),
    )  # fmt: skip


def read_resources(package: Package, parts: list[str]) -> Resources:
    """The resources of these parts together; the first of an ID counts."""
    found = Resources()
    for part in dict.fromkeys(parts):
        root = package.optional_xml(part)
        if root is None:
            continue
        base = (root.get("BaseLoc") or "").strip().rstrip("/")
        for font in _in(root, "Fonts", "Font"):
            found.fonts.setdefault(_id(font), (font, _based(package, part, base, text_of(font, "FontFile"))))
        for medium in _in(root, "MultiMedias", "MultiMedia"):
            found.media.setdefault(_id(medium), _based(package, part, base, text_of(medium, "MediaFile")))
        for kept, holder, name in (
            (found.draw_params, "DrawParams", "DrawParam"),
            (found.colour_spaces, "ColorSpaces", "ColorSpace"),
            (found.units, "CompositeGraphicUnits", "CompositeGraphicUnit"),
        ):
            for element in _in(root, holder, name):
                kept.setdefault(_id(element), element)
    return found


def _annotations(package: Package, part: str, root: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    listing = package.find(part, text_of(root, "Annotations"))
    pages = package.optional_xml(listing)
    for page in children(pages, "Page"):
        if listing and (place := package.find(listing, text_of(page, "FileLoc"))):
            found.setdefault((page.get("PageID") or "").strip(), []).append(place)
    return found


def _listed(package: Package, part: str, root: Element, listing: str, name: str) -> Iterator[str]:
    """The parts that a list (of attachments, of tags) names."""
    for place in children(root, listing):
        found = package.find(part, place.text)
        for element in children(package.optional_xml(found), name):
            if found and (target := package.find(found, text_of(element, "FileLoc"))):
                yield target


def _based(package: Package, part: str, base: str, location: str) -> str | None:
    """A file of a resource list: below its BaseLoc, or where writers put it instead."""
    if not location:
        return None
    return package.find(part, f"{base}/{location}" if base else location) or package.find(part, location)


def _in(root: Element, holder: str, name: str) -> Iterator[Element]:
    for element in children(root, holder):
        yield from children(element, name)


def _id(element: Element) -> str:
    return (element.get("ID") or "").strip()


# XML


def children(element: Element | None, name: str) -> list[Element]:
    """The children of a name; none of no element."""
    return element.findall(name) if element is not None else []


def child(element: Element | None, name: str) -> Element | None:
    return element.find(name) if element is not None else None


def text_of(element: Element | None, name: str) -> str:
    """The text of the first child of a name, "" without one."""
    return (element.findtext(name) or "").strip() if element is not None else ""


def numbers(text: str | None) -> list[float]:
    """The numbers in a list such as "0 0 210 297"; what is no number, or far off any page, is left out."""
    return [n for n in map(float, _NUMBER.findall(text)) if abs(n) <= _LARGEST] if text else []


def number(text: str | None, default: float) -> float:
    """The first number of a list, where it has one."""
    if not text:
        return default
    try:
        found = float(text)
    except ValueError:
        found = math.inf
    # Nearly always it is the only one. 1_000, nan and inf are numbers for Python alone.
    return found if abs(found) <= _LARGEST and "_" not in text else next(iter(numbers(text)), default)


def rectangle_of(text: str | None) -> Rectangle | None:
    """A box "x y width height" in millimetres."""
    found = numbers(text)
    return (found[0], found[1], found[2], found[3]) if len(found) == 4 and min(found[2:]) > 0 else None
