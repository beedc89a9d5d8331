"""Streams of a PDF that unpack to far more than a page can need, found before any library unpacks them.

PDFium and qpdf unpack a stream whole (2 KB can become gigabytes), so each is tried here in bounded pieces.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator

from extractors.errors import DocumentError

_UNPACKED = 10_000_000  # bytes of one stream that is no picture or font; 20 MB of paths take PDFium 6 s
_TOGETHER = 100_000_000  # bytes of all of those
_FONT = 60_000_000  # a whole font of all ideographs unpacks to 20 MB
_PIECE = 65_536
_STREAM = re.compile(rb"stream\r?\n")
_SIDES = (re.compile(rb"/Width\s+(\d{1,6})\b"), re.compile(rb"/Height\s+(\d{1,6})\b"))
_ESCAPE = re.compile(rb"#([0-9A-Fa-f]{2})")


def check_streams(data: bytes) -> None:
    """FILE_DECODED_TOO_LARGE for a stream of a file, or all streams together, that unpack to too much."""
    together = 0
    for found in _STREAM.finditer(data):
        if data[found.start() - 3 : found.start()] != b"end":
            about = data[max(0, found.start() - 1024) : found.start()]
            together += check_stream(about[about.rfind(b" obj") + 1 :], data, found.end())
            if together > _TOGETHER:
                raise DocumentError("FILE_DECODED_TOO_LARGE", limit_mb=_TOGETHER // 1_000_000)


def check_stream(about: bytes, data: bytes, start: int = 0) -> int:
    """Bytes the stream from `start` on unpacks to, `about` being its dictionary as written; 0 of pictures and fonts.

    Raises DocumentError FILE_DECODED_TOO_LARGE.
    """
    if b"#" in about:
        about = _ESCAPE.sub(lambda escaped: bytes.fromhex(escaped[1].decode()), about)
    limit = _limit(about)
    size = _unpacked(data, start, max(1, min(about.count(b"FlateDecode"), 8)), limit)  # filters may be nested
    if size > limit:
        raise DocumentError("FILE_DECODED_TOO_LARGE", limit_mb=limit // 1_000_000)
    return size if limit == _UNPACKED else 0


def _limit(about: bytes) -> int:
    """Bytes a stream may unpack to by what its dictionary says it is: a picture is bounded by its own size."""
    if b"/ObjStm" in about or b"/XRef" in about:
        return _UNPACKED
    if b"/Image" in about:
        width, height = (side.search(about) for side in _SIDES)
        return _UNPACKED + 8 * int(width[1]) * int(height[1]) if width and height else 10 * _UNPACKED
    return _FONT if b"/Length1" in about else _UNPACKED


def _unpacked(data: bytes, start: int, layers: int, limit: int) -> int:
    """Bytes the innermost layer unpacks to; one more than `limit` stands for all that is larger."""
    pieces: Iterator[bytes] = (data[at : at + _PIECE] for at in range(start, len(data), _PIECE))
    for _ in range(layers - 1):
        pieces = _inflated(pieces, limit)
    size = 0
    for piece in _inflated(pieces, limit):
        size += len(piece)
        if size > limit:
            break
    return size


def _inflated(packed: Iterator[bytes], limit: int) -> Iterator[bytes]:
    """A deflated stream in pieces, up to `limit` bytes and a piece; what follows its end is not looked at."""
    engine, size = zlib.decompressobj(), 0
    for piece in packed:
        while piece:
            try:
                out = engine.decompress(piece, _PIECE * 16)
            except zlib.error:
                return
            size += len(out)
            yield out
            if engine.eof or size > limit:
                return
            piece = engine.unconsumed_tail
