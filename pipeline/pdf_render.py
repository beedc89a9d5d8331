"""Drawing a PDF page with PDFium, but not for ever: a small page can ask for hours of drawing."""

from __future__ import annotations

import math
import threading
import time
from typing import Any

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.internal
import pypdfium2.raw as pdfium

from extractors.errors import DocumentError

LOCK = threading.RLock()  # PDFium is not thread-safe: whoever opens a document holds it
_SECONDS = 2  # of processor time for one drawing; a full page of paper takes a tenth of one


def drawn(page: Any, scale: float, *, grey: bool = False) -> npt.NDArray[np.uint8]:
    """The page at `scale` pixels a point with its annotations and form fields: height × width × 3 (BGR) or × 1.

    Raises DocumentError FILE_TOO_COMPLEX where it takes too long.
    """
    width, height = (math.ceil(side * scale) for side in page.get_size())
    layout = pdfium.FPDFBitmap_Gray if grey else pdfium.FPDFBitmap_BGR
    bitmap = pypdfium2.PdfBitmap.new_native(width, height, layout)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, width, height)
    flags = pdfium.FPDF_ANNOT | (pdfium.FPDF_GRAYSCALE if grey else 0)
    where = (bitmap, page, 0, 0, width, height, 0, flags)
    end = time.thread_time() + _SECONDS
    pause = pdfium.IFSDK_PAUSE(version=1)
    pypdfium2.internal.set_callback(pause, "NeedToPauseNow", lambda _: time.thread_time() > end)
    status = pdfium.FPDF_RenderPageBitmap_Start(*where, pause)
    pdfium.FPDF_RenderPage_Close(page)
    if status != pdfium.FPDF_RENDER_DONE:
        raise DocumentError("FILE_TOO_COMPLEX" if status == pdfium.FPDF_RENDER_TOBECONTINUED else "FILE_DAMAGED")
    if page.formenv:
        pdfium.FPDF_FFLDraw(page.formenv, *where)
    return np.array(bitmap.to_numpy(), order="C")
