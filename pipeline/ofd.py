"""OFD (GB/T 33190-2016): pages laid out as data, and the invoices that the file itself carries.

An e-invoice in OFD says everything up to four times: in an attached XML, in tags that point at text objects, in the
named values of its document data, and in what its pages show. The best is the record; the others are kept beside
it, because who changes one of them seldom changes all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from xml.etree.ElementTree import Element

from extractors.errors import DocumentError
from extractors.model import Source
from pipeline.images import check_decoded_size
from pipeline.ofd_content import Budget, Drawn, Sheet, point
from pipeline.ofd_document import Document, Rectangle, read_documents, text_of
from pipeline.ofd_invoice import Read, carried
from pipeline.ofd_package import Package
from pipeline.ofd_paths import steps
from pipeline.ofd_signature import signatures, stamps
from pipeline.ofd_text import Lines, page_lines, shown
from pipeline.pages import Carried, Image, Opened, OpenedPage
from pipeline.settings import Settings

_LONG_SIDE = 1600  # pixels of a page, at least
_SKETCH_SIDE = 1100  # pixels: a drawn code is sharp, three pixels to a module are enough
_MODULES = 21  # rows of the smallest QR code, each drawn as one piece or more
_MARGIN = 5.0  # millimetres around codes: readers ask for white there
_PICTURE = 0.5  # share of the page
_RULE = (40.0, 5.0)  # millimetres: what is longer and thinner is a line of the form
_SHORT = 100  # characters of a path that may be a single line
_MIN_PER_MM = 0.7  # a sheet of five metres at the largest side that is kept; a larger one is no document


def open_ofd(path: Path, data: bytes, settings: Settings) -> Opened:
    """The pages of an OFD, the invoices it carries and its signatures (`data` is the file's content).

    Raises DocumentError: FILE_TRUNCATED, FILE_DAMAGED, FILE_ENCRYPTED, FILE_ARCHIVE_UNSAFE, FILE_NO_PAGES,
    FILE_OFD_AMBIGUOUS, and FILE_… of every limit.
    """
    package = Package(data, settings)
    documents = read_documents(package, settings.max_pages)
    budget = Budget()
    pages: list[OpenedPage] = []
    invoices: list[Carried] = []
    for document in documents:
        read = [
            _read(package, document, index, len(pages) + index + 1, budget, path, settings)
            for index in range(len(document.pages))
        ]
        pages += [one.page for one in read]
        invoices += carried(document, read)
    check_decoded_size([(page.width, page.height) for page in pages], settings)
    return Opened(tuple(pages), tuple(invoices), signatures(package, documents))


def _read(
    package: Package, document: Document, index: int, number: int, budget: Budget, path: Path, settings: Settings
) -> Read:
    """One page: its size in pixels, its text objects, and the lines where these are text."""
    sheet = Sheet(document, document.pages[index], budget)
    scale = _scale(sheet.box, number, settings)
    texts, others = [], []
    for drawn in sheet.drawn():
        if drawn.element.tag != "TextObject":
            others.append(drawn)
        elif text := shown(drawn, scale):
            texts.append(text)
    size = (math.ceil(sheet.box[2] * scale), math.ceil(sheet.box[3] * scale))
    lines = Lines(number)
    on_page = page_lines(texts, lines, size)
    trusted = None if any(_covers(drawn, sheet.box) for drawn in others) else on_page
    source = Source.OCR if trusted is None else Source.OFD
    sketch = partial(_sketch, sheet.box, others, package, scale, settings)
    page = OpenedPage(number, *size, partial(_rendered, path, number, settings), trusted, source, sketch)
    page_id = document.pages[index].id
    own_first = sorted(texts, key=lambda t: t.page_id == page_id, reverse=True)  # IDs of a template may come again
    return Read(page, on_page, page_id, {t.id: t for t in reversed(own_first)}, lines)


def _covers(drawn: Drawn, box: Rectangle) -> bool:
    """Whether a picture takes so much of the page that it may hold the text itself: a scan, a form to fill in."""
    _, _, width, height = drawn.boundary
    return drawn.element.tag == "ImageObject" and width * height > _PICTURE * box[2] * box[3]


def _codes(others: Sequence[Drawn]) -> list[Drawn]:
    """What may be codes: pictures as wide as high, and drawings of so many pieces that they may be modules."""
    drawings = [drawn for drawn in others if drawn.element.tag == "PathObject" and not _is_rule(drawn)]
    pieces = sum(text_of(drawn.element, "AbbreviatedData").upper().count("M") for drawn in drawings)
    modules = {id(drawn) for drawn in drawings} if pieces >= _MODULES else set()
    return [
        drawn for drawn in others
        if (_is_square(drawn) if drawn.element.tag == "ImageObject" else id(drawn) in modules)
    ]  # fmt: skip


def _is_rule(drawn: Drawn) -> bool:
    return _is_thin(*drawn.boundary[2:]) or _is_thin(*_stroke(drawn.element))


def _is_thin(width: float, height: float) -> bool:
    return max(width, height) > _RULE[0] and min(width, height) < _RULE[1]


def _stroke(element: Element) -> tuple[float, float]:
    """How far a single straight line reaches, of which some writers give the whole sheet as its boundary."""
    path = text_of(element, "AbbreviatedData")
    if len(path) > _SHORT or element.get("CTM") is not None:
        return 0.0, 0.0
    drawn = list(steps(path))
    if [name for name, _ in drawn] != ["M", "L"]:
        return 0.0, 0.0
    (_, start), (_, end) = drawn
    return abs(end[0] - start[0]), abs(end[1] - start[1])


def _is_square(drawn: Drawn) -> bool:
    short, long = sorted(drawn.boundary[2:])
    return long - short <= 0.1 * long


def _around(codes: Sequence[Drawn], box: Rectangle) -> Rectangle:
    """The part of a page, from its corner, that holds these and a margin."""
    xs, ys = [], []
    for drawn in codes:
        x, y, width, height = drawn.boundary if all(drawn.boundary[2:]) else (0.0, 0.0, *box[2:])
        corners = [point(drawn.matrix, i, j) for i in (x, x + width) for j in (y, y + height)]
        xs += [i for i, _ in corners]
        ys += [j for _, j in corners]
    left, top = (max(min(found, default=0.0) - _MARGIN, 0.0) for found in (xs, ys))
    right, bottom = (
        min(max(found, default=0.0) + _MARGIN, side) for found, side in zip((xs, ys), box[2:], strict=True)
    )
    return left, top, max(right - left, _MARGIN), max(bottom - top, _MARGIN)


def _scale(box: Rectangle, number: int, settings: Settings) -> float:
    """Pixels a millimetre, within all limits."""
    width, height = box[2:]
    scale = max(settings.pdf_dpi / 25.4, _LONG_SIDE / max(width, height))
    scale = min(scale, settings.max_page_side / max(width, height), math.sqrt(settings.max_pixels / (width * height)))
    if scale < _MIN_PER_MM:
        raise DocumentError("FILE_PAGE_TOO_LARGE", page=number)
    return scale


def _rendered(path: Path, number: int, settings: Settings) -> Image:
    """The page of this number as pixels, read from the file anew."""
    from pipeline.ofd_render import render  # here: most files are never drawn

    package = Package(path.read_bytes(), settings)
    pages = [(d, page) for d in read_documents(package, settings.max_pages) for page in d.pages]
    document, page = pages[number - 1]
    sheet = Sheet(document, page, Budget())
    area, scale = (0.0, 0.0, *sheet.box[2:]), _scale(sheet.box, number, settings)
    return render(area, sheet.drawn(), package, stamps(package, document, page.id), scale, settings)


def _sketch(box: Rectangle, others: Sequence[Drawn], package: Package, scale: float, settings: Settings) -> Image:
    """What may be codes on a page, no larger than needed to read them."""
    from pipeline.ofd_render import render

    codes = _codes(others)
    area = _around(codes, box)
    return render(area, codes, package, (), min(scale, _SKETCH_SIDE / max(area[2:])), settings)
