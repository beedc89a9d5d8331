"""Programs a PDF names as those that made or changed it, or the pictures on its pages. Broken data names none."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pikepdf

from pipeline.programs import named_in_jpeg, named_in_xmp

_PAGES, _PICTURES = 30, 50  # pages, and pictures of a page, that are looked at
_LEAST = 500  # pixels of the shorter side: smaller pictures on a page are seals and logos, drawn by whatever program


def named_by_pdf(pdf: pikepdf.Pdf) -> list[str]:
    """What a PDF as a whole names: Producer and Creator, XMP, and programs that keep data of theirs in it (PieceInfo,
    ISO 32000-1 §14.5)."""
    named: list[str] = []
    with suppress(Exception):
        info: Any = pdf.trailer.get("/Info", {})
        named += [str(info[key])[:200] for key in ("/Producer", "/Creator") if key in info]
    with suppress(Exception):
        named += named_in_xmp(pdf.Root.Metadata.read_bytes()) if "/Metadata" in pdf.Root else []
    for part in (pdf.Root, *(page.obj for page in pdf.pages[:_PAGES])):
        with suppress(Exception):
            named += [str(key)[:200] for key in part.get("/PieceInfo", {})]
    return named


def named_on_pages(pdf: pikepdf.Pdf) -> list[list[str]]:
    """What the large JPEGs on each page name, from the first page on."""
    known: dict[tuple[int, int], list[str]] = {}  # hostile files draw one picture a thousand times
    found = []
    for page in pdf.pages[:_PAGES]:
        named: list[str] = []
        with suppress(Exception):
            for picture in list(page.obj.Resources.XObject.values())[:_PICTURES]:
                if picture.objgen not in known:
                    known[picture.objgen] = named_in_jpeg(picture.read_raw_bytes()) if _is_large_jpeg(picture) else []
                named += known[picture.objgen]
        found.append(named)
    return found


def _is_large_jpeg(picture: Any) -> bool:
    used = picture.get("/Filter")
    filters = list(used) if isinstance(used, pikepdf.Array) else [used]
    jpeg = picture.get("/Subtype") == "/Image" and filters == ["/DCTDecode"]
    return jpeg and min(int(picture.Width), int(picture.Height)) >= _LEAST
