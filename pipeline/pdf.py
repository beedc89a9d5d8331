"""PDF: pages rendered by PDFium, and their text read from the file where its text layer can be trusted.

Each page decides alone: a scan between text pages is OCRed, the rest is not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator, Sequence
from contextlib import closing, contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from extractors.errors import DocumentError
from extractors.model import Source, TextLine
from pipeline.images import check_decoded_size, too_many_pixels
from pipeline.pages import Image, Opened, OpenedPage
from pipeline.pdf_attachments import carried_in
from pipeline.pdf_fonts import bars_for_missing_fonts
from pipeline.pdf_ink import Grey, seen
from pipeline.pdf_render import LOCK, drawn
from pipeline.pdf_streams import check_streams
from pipeline.pdf_structure import Structure, examine
from pipeline.pdf_text import page_text
from pipeline.settings import Settings
from pipeline.text_layer import UNREADABLE, distinct, joined, plausible, settled, text_line, turned_lines
from validators.findings import finding
from validators.signatures import Signature, absent

_MIN_SIDE = 1600  # pixels a page is rendered at, at least: a card scanned onto a card-sized page
_MIN_DPI, _MAX_DPI = 18, 600  # 18 dpi: the largest page PDF 1.7 allows (200 inches) at about 4000 pixels
_PICTURE = 0.06  # share of the page one picture may cover beside trusted text: more than a code or a seal
_PALE = 150  # grey levels; print is below 100, a tint or a watermark above 180
_NO_PAGES = re.compile(rb"/Count\s+0\b|/Kids\s*\[\s*\]")
_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_QUIET_ANNOTATIONS = {pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP}


def open_pdf(path: Path, data: bytes, settings: Settings, name: str) -> Opened:
    """The pages of a PDF (`data` is the content of the file at `path`), lines of trusted text layers, what it carries.

    `name` is what findings call it.

    Raises DocumentError: FILE_ENCRYPTED, FILE_DAMAGED, FILE_NO_PAGES, FILE_ACTIVE_CONTENT,
    FILE_EMBEDDED_PROGRAM, and FILE_… of every limit.
    """
    check_streams(data)
    pages: list[OpenedPage] = []
    with bars_for_missing_fonts(), _document(data) as document:
        if len(document) > settings.max_pages:
            raise DocumentError("FILE_TOO_MANY_PAGES", limit=settings.max_pages)
        structure = examine(data)  # before a page is loaded: PDFium draws forms inside forms without end
        for index in range(len(document)):
            with closing(document[index]) as page:
                pages.append(_opened(page, path, index, settings, structure))
    check_decoded_size([(page.width, page.height) for page in pages], settings)
    if structure is None:
        return Opened(pages, findings=(finding("FILE_STRUCTURE_NOT_CHECKED", document=name),))
    # A picture beside trusted text is a letter's logo or a code; where there is no such text it is the document.
    pictured = (named for page, named in zip(pages, structure.on_pages, strict=False) if page.lines is None)
    carried = carried_in(structure.attached, pages, settings)
    return Opened(pages, carried, _signatures(data, structure), programs=(*structure.programs, *chain(*pictured)))


def _signatures(data: bytes, structure: Structure) -> tuple[Signature, ...]:
    if not structure.signed:
        return (absent("pdf"),)
    from pipeline.pdf_signature import signatures  # here: it loads for a second, and few files are signed

    return signatures(data)


@contextmanager
def _document(source: bytes | Path) -> Iterator[Any]:
    """An open PDFium document; whatever fails inside becomes a DocumentError."""
    try:
        with closing(pypdfium2.PdfDocument(source)) as document:
            document.init_forms()  # so that filled form fields are drawn
            yield document
    except DocumentError:
        raise
    except pypdfium2.PdfiumError as error:
        if getattr(error, "err_code", None) in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
            raise DocumentError("FILE_ENCRYPTED") from error
        # PDFium takes a document without pages for a damaged one.
        pageless = isinstance(source, bytes) and _NO_PAGES.search(source)
        raise DocumentError("FILE_NO_PAGES" if pageless else "FILE_DAMAGED") from error
    except Exception as error:  # bindings and buffers: MemoryError, ctypes errors, a file that went away
        raise DocumentError("FILE_DAMAGED", f"pdf: {type(error).__name__}") from error


def _opened(page: Any, path: Path, index: int, settings: Settings, structure: Structure | None) -> OpenedPage:
    pictures = list(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=5))
    if any(math.prod(picture.get_px_size()) > settings.max_pixels for picture in pictures):
        raise too_many_pixels(settings)
    scale = _scale(page, index + 1, settings)
    width, height = (math.ceil(side * scale) for side in page.get_size())
    image = partial(_rendered, path, index, scale)
    text = _lines(page, index + 1, scale, structure.unmapped, pictures) if structure else None
    if text is None:
        return OpenedPage(index + 1, width, height, image)
    lines, rest = text
    return OpenedPage(index + 1, width, height, image, lines, Source.TEXT, lambda: _in_colour(rest))


def _in_colour(grey: Grey) -> Image:
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


def _scale(page: Any, number: int, settings: Settings) -> float:
    """Pixels a point. Small pages are rendered finer, large ones coarser, within all limits."""
    width, height = page.get_size()
    longest = max(width, height)
    if not (math.isfinite(longest) and min(width, height) > 0):
        raise DocumentError("FILE_DAMAGED", "a page has no size")
    scale = max(settings.pdf_dpi / 72, min(_MIN_SIDE / longest, _MAX_DPI / 72))
    scale = min(scale, settings.max_page_side / longest, math.sqrt(settings.max_pixels / (width * height)))
    if scale < _MIN_DPI / 72:
        raise DocumentError("FILE_PAGE_TOO_LARGE", page=number)
    return float(scale)


def _rendered(path: Path, index: int, scale: float) -> Image:
    with LOCK, _document(path) as document, closing(document[index]) as page:
        return drawn(page, scale)


# Text


def _lines(
    page: Any, number: int, scale: float, unmapped: Collection[str], pictures: Sequence[Any]
) -> tuple[tuple[TextLine, ...], Grey] | None:
    """The text layer as lines in pixels of the rendered page, and the page without its text; None where the page must
    be read by OCR.
    """
    text, found = page_text(page, scale, unmapped)
    if not plausible(text) or _pictured(page, pictures) or _annotated(page):
        return None
    glyphs = distinct(found)
    turned = [g for g in glyphs if g.turn]
    if len(turned) > 0.1 * len(glyphs):
        return None  # text drawn sideways: OCR finds out which way
    looked = seen(page, glyphs, scale)
    if looked is None or len(looked[0]) < 0.95 * len(glyphs):
        return None
    shown = settled(looked[0])
    if not plausible("".join(g.text for g in shown)) and UNREADABLE in (g.text for g in shown):
        return None
    lines = joined([g for g in shown if not g.turn]) + turned_lines(g for g in shown if g.turn)
    return tuple(text_line(line, number) for line in lines), looked[1]


def _pictured(page: Any, pictures: Sequence[Any]) -> bool:
    """Whether a picture covers so much of the page that it may hold text of its own (a scan, a pasted card).

    The seal and the code of an invoice are small; a watermark or a tint under the whole page is pale.
    """
    area, together = math.prod(page.get_size()), 0.0
    for picture in pictures:
        left, bottom, right, top = picture.get_bounds()
        share = (right - left) * (top - bottom) / area
        if share > _PICTURE and _pale(picture):
            continue
        together += share
        if share > _PICTURE or together > 3 * _PICTURE:
            return True
    return False


def _pale(picture: Any) -> bool:
    """Whether nothing on a picture is dark enough to be read as print."""
    try:
        bitmap = picture.get_bitmap(render=True, scale_to_original=False)
        pixels = np.array(bitmap.to_numpy(), dtype=np.float32).reshape(bitmap.height, bitmap.width, -1)
    except (pypdfium2.PdfiumError, ValueError, RuntimeError):
        return False
    grey = pixels[:, :, :3].mean(axis=2)
    if pixels.shape[2] == 4:  # on white paper
        cover = pixels[:, :, 3] / 255
        grey = grey * cover + 255 * (1 - cover)
    return bool(grey.min() >= _PALE)


def _annotated(page: Any) -> bool:
    """Whether form fields, stamps or notes show on the page what is not in its text. Seals may be there."""
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            if _adds_text(annotation, page):
                return True
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return False


def _adds_text(annotation: Any, page: Any) -> bool:
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    if kind in _QUIET_ANNOTATIONS or pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
        return False
    seal = kind == pdfium.FPDF_ANNOT_STAMP
    if kind == pdfium.FPDF_ANNOT_WIDGET and page.formenv is not None:
        seal = pdfium.FPDFAnnot_GetFormFieldType(page.formenv, annotation) == pdfium.FPDF_FORMFIELD_SIGNATURE
    box = pdfium.FS_RECTF()
    if not seal or not pdfium.FPDFAnnot_GetRect(annotation, box):
        return True
    return bool((box.right - box.left) * (box.top - box.bottom) > _PICTURE * math.prod(page.get_size()))
