"""JBIG2 pictures (ITU-T T.88), as OFD invoices keep their QR code: decoded by PDFium, inside a PDF made for it."""

from __future__ import annotations

import struct
from contextlib import closing

import numpy as np
import numpy.typing as npt
import pypdfium2

_MAGIC = b"\x97JB2\r\n\x1a\n"
_PAGE_INFORMATION, _END_OF_PAGE, _END_OF_FILE = 48, 49, 51
_MAX_SIDE = 8_000
_MAX_SEGMENTS = 1_000


def decoded(data: bytes) -> npt.NDArray[np.uint8] | None:
    """The grey pixels of a JBIG2 file; None for anything else and for one that is broken or too large."""
    if not data.startswith(_MAGIC):
        return None
    try:
        start = 9 if data[8] & 2 else 13
        body, width, height = _embeddable(data[start:])
        if not 0 < width <= _MAX_SIDE or not 0 < height <= _MAX_SIDE:
            return None
        with closing(pypdfium2.PdfDocument(_pdf(body, width, height))) as document, closing(document[0]) as page:
            return np.array(page.render(scale=1, grayscale=True).to_numpy().reshape(height, width))
    except (struct.error, IndexError, ValueError, pypdfium2.PdfiumError):
        return None


def _embeddable(data: bytes) -> tuple[bytes, int, int]:
    """The segments as PDF takes them (without ends of page and file), and the size of the page."""
    kept, at, size = [], 0, (0, 0)
    for _ in range(_MAX_SEGMENTS):
        start, kind, end = _segment(data, at)
        if kind == _PAGE_INFORMATION:
            size = struct.unpack_from(">II", data, start)
        if kind not in (_END_OF_PAGE, _END_OF_FILE):
            kept.append(data[at:end])
        if end >= len(data):
            return b"".join(kept), *size
        at = end
    raise ValueError("too many segments")


def _segment(data: bytes, at: int) -> tuple[int, int, int]:
    """Of the segment at a place: where its data starts, its type, where it ends (§7.2)."""
    number, flags, count = struct.unpack_from(">IBB", data, at)
    referred, at = count >> 5, at + 6
    if referred == 7:
        referred = struct.unpack_from(">I", data, at - 1)[0] & 0x1FFFFFFF
        at += 3 + (referred + 8) // 8
    at += referred * (1 if number <= 256 else 2 if number <= 65536 else 4)
    at += 4 if flags & 0x40 else 1
    return at + 4, flags & 0x3F, at + 4 + struct.unpack_from(">I", data, at)[0]


def _pdf(body: bytes, width: int, height: int) -> bytes:
    """A PDF of one page that is this picture."""
    content = b"%d 0 0 %d 0 0 cm /I Do" % (width, height)
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Resources<</XObject<</I 5 0 R>>>>/Contents 4 0 R>>"
        % (width, height),
        b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        b"<</Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceGray/BitsPerComponent 1"
        b"/Filter/JBIG2Decode/Length %d>>stream\n%s\nendstream" % (width, height, len(body), body),
    )
    made, places = b"%PDF-1.5\n", []
    for number, text in enumerate(objects, 1):
        places.append(len(made))
        made += b"%d 0 obj%s endobj\n" % (number, text)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return made + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size 6>>startxref\n%d\n%%%%EOF" % (
        table, len(made),
    )  # fmt: skip
