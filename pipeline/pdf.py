"""PDF: pages rendered by PDFium, and read by pdfplumber where their text layer can be trusted.

Each page decides alone: a scan between text pages is OCRed, the rest is not.
"""

from __future__ import annotations

import io
import logging
import math
import re
import threading
import zlib
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pypdfium2.raw as pdfium

from extractors.errors import DocumentError
from extractors.model import Source, TextLine
from pipeline.images import check_decoded_size, too_many_pixels
from pipeline.pages import Image, OpenedPage
from pipeline.settings import Settings
from pipeline.text_layer import Glyph, agree, distinct, inked, joined, plausible, text_line, turned_lines

_LOCK = threading.RLock()  # PDFium is not thread-safe
_MIN_SIDE = 1600  # pixels a page is rendered at, at least: a card scanned onto a card-sized page
_MIN_DPI, _MAX_DPI = 18, 600  # 18 dpi: the largest page PDF 1.7 allows (200 inches) at about 4000 pixels
_UNPACKED = 10_000_000  # bytes of one stream that is no picture or font; 20 MB of paths take PDFium 6 s
_PICTURE = 0.06  # share of the page one picture may cover beside trusted text: more than a code or a seal
_INK_SIDE = 1600  # pixels of the rendering that text is proven on
_NO_PAGES = re.compile(rb"/Count\s+0\b|/Kids\s*\[\s*\]")
_UNSEEN = pdfium.FPDF_ANNOT_FLAG_HIDDEN | pdfium.FPDF_ANNOT_FLAG_NOVIEW
_QUIET_ANNOTATIONS = {pdfium.FPDF_ANNOT_LINK, pdfium.FPDF_ANNOT_POPUP}


def open_pdf(path: Path, data: bytes, settings: Settings) -> list[OpenedPage]:
    """The pages of a PDF (`data` is the file's content), with the lines of trusted text layers.

    Raises DocumentError: FILE_ENCRYPTED, FILE_DAMAGED, FILE_NO_PAGES, and FILE_… of every limit.
    """
    _check_streams(data)
    pages: list[OpenedPage] = []
    with _LOCK, _document(data) as document, ExitStack() as readers:
        if len(document) > settings.max_pages:
            raise DocumentError("FILE_TOO_MANY_PAGES", limit=settings.max_pages)
        reader = None
        for index in range(len(document)):
            with closing(document[index]) as page:
                scale = _scale(page, index + 1, settings)
                lines = None
                text = _text_worth_reading(page)
                if text:
                    reader = reader or _plumber(data, readers)
                    lines = _lines(page, index, scale, text, reader)
                width, height = (math.ceil(side * scale) for side in page.get_size())
            pages.append(
                OpenedPage(
                    index + 1,
                    width,
                    height,
                    partial(_rendered, path, index, settings),
                    lines,
                    Source.OCR if lines is None else Source.TEXT,
                )
            )
    check_decoded_size([(page.width, page.height) for page in pages], settings)
    return pages


def _check_streams(data: bytes) -> None:
    """FILE_DECODED_TOO_LARGE for a stream that unpacks to far more than a page can need.

    PDFium unpacks a stream whole (2 KB can become gigabytes), so it is tried here in bounded pieces.
    Pictures are bounded by their pixels, fonts by the file's size limit.
    """
    for found in re.finditer(rb"stream\r?\n", data):
        start, about = found.end(), data[max(0, found.start() - 1024) : found.start()]
        about = about[about.rfind(b" obj") + 1 :]
        if data[found.start() - 3 : found.start()] == b"end" or b"/Image" in about or b"/Length1" in about:
            continue
        packed: bytes | memoryview = memoryview(data)[start:]
        for _ in range(max(1, min(about.count(b"FlateDecode"), 8))):  # filters may be nested
            try:
                packed = zlib.decompressobj().decompress(packed, _UNPACKED + 1)
            except zlib.error:
                break
            if len(packed) > _UNPACKED:
                raise DocumentError("FILE_DECODED_TOO_LARGE", limit_mb=_UNPACKED // 1_000_000)


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


def _scale(page: Any, number: int, settings: Settings) -> float:
    """Pixels a point. Small pages are rendered finer, large ones coarser, within all limits."""
    width, height = page.get_size()
    longest = max(width, height)
    if not (math.isfinite(longest) and min(width, height) > 0):
        raise DocumentError("FILE_DAMAGED", "a page has no size")
    if any(
        math.prod(o.get_px_size()) > settings.max_pixels
        for o in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=5)
    ):
        raise too_many_pixels(settings)
    scale = max(settings.pdf_dpi / 72, min(_MIN_SIDE / longest, _MAX_DPI / 72))
    scale = min(scale, settings.max_page_side / longest, math.sqrt(settings.max_pixels / (width * height)))
    if scale < _MIN_DPI / 72:
        raise DocumentError("FILE_PAGE_TOO_LARGE", page=number)
    return float(scale)


def _rendered(path: Path, index: int, settings: Settings) -> Image:
    with _LOCK, _document(path) as document, closing(document[index]) as page:
        bitmap = page.render(scale=_scale(page, index + 1, settings))
        return np.array(bitmap.to_numpy()[:, :, :3], order="C")


# Text


def _text_worth_reading(page: Any) -> str:
    """The page's text as PDFium reads it, "" where the page must be OCRed anyway."""
    with closing(page.get_textpage()) as textpage:
        if textpage.count_chars() > 100_000:
            return ""
        text = str(textpage.get_text_range())
    if not plausible(text) or _pictured(page) or _annotated(page):
        return ""
    return text


def _pictured(page: Any) -> bool:
    """Whether a picture covers so much of the page that it may hold text of its own (a scan, a pasted card)."""
    width, height = page.get_size()
    for picture in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_IMAGE], max_depth=5):
        left, bottom, right, top = picture.get_bounds()
        if (right - left) * (top - bottom) > _PICTURE * width * height:
            return True
    return False


def _annotated(page: Any) -> bool:
    """Whether form fields, stamps or notes show on the page what is not in its text. Signatures are only seals."""
    for index in range(pdfium.FPDFPage_GetAnnotCount(page)):
        annotation = pdfium.FPDFPage_GetAnnot(page, index)
        if not annotation:
            continue
        try:
            if _adds_text(annotation, page.formenv):
                return True
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    return False


def _adds_text(annotation: Any, form: Any) -> bool:
    kind = pdfium.FPDFAnnot_GetSubtype(annotation)
    if kind in _QUIET_ANNOTATIONS or pdfium.FPDFAnnot_GetFlags(annotation) & _UNSEEN:
        return False
    if kind == pdfium.FPDF_ANNOT_WIDGET and form is not None:
        return bool(pdfium.FPDFAnnot_GetFormFieldType(form, annotation) != pdfium.FPDF_FORMFIELD_SIGNATURE)
    return True


def _plumber(data: bytes, readers: ExitStack) -> Any:
    import pdfplumber  # here: only PDFs with text need it

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # its remarks would land on stderr
    try:
        return readers.enter_context(pdfplumber.open(io.BytesIO(data)))
    except Exception:  # what PDFium mends and pdfminer cannot read is left to OCR
        return None


def _lines(page: Any, index: int, scale: float, text: str, reader: Any) -> tuple[TextLine, ...] | None:
    """The text layer as lines in pixels of the rendered page; None where it cannot be trusted."""
    try:
        plumbed = reader.pages[index]
        chars = [c for c in plumbed.chars if c["text"].strip()]
        x, y = plumbed.mediabox[:2]
        plumbed.close()  # drops what it keeps of the page
    except Exception:  # pdfminer fails with anything on broken files
        return None
    left, top = _cropped(page)
    x, y = x + left, y + top
    glyphs = distinct(
        Glyph(
            c["text"],
            (c["x0"] - x) * scale,
            (c["top"] - y) * scale,
            (c["x1"] - x) * scale,
            (c["bottom"] - y) * scale,
            None if c["upright"] else c["matrix"][:4],
        )
        for c in chars
    )
    if not glyphs or not agree(text, "".join(g.text for g in glyphs)):
        return None
    turned = [g for g in glyphs if g.turn]
    if len(turned) > 0.1 * len(glyphs):
        return None  # text drawn sideways: OCR finds out which way
    lines = joined([g for g in glyphs if not g.turn]) + turned_lines(turned)
    shrink = min(1.0, _INK_SIDE / (max(page.get_size()) * scale))
    seen = inked(lines, page.render(scale=scale * shrink).to_numpy()[:, :, :3].min(axis=2), shrink)
    if sum(map(len, seen)) < 0.95 * len(glyphs):
        return None
    return tuple(text_line(line, index + 1) for line in seen)


def _cropped(page: Any) -> tuple[float, float]:
    """Points the CropBox takes off the left and the top of the page as it is shown (after /Rotate)."""
    media, crop = page.get_mediabox(), page.get_cropbox()
    left, bottom = max(0.0, crop[0] - media[0]), max(0.0, crop[1] - media[1])
    right, top = max(0.0, media[2] - crop[2]), max(0.0, media[3] - crop[3])
    sides = {0: (left, top), 90: (bottom, left), 180: (right, bottom), 270: (top, right)}
    return sides[page.get_rotation()]
