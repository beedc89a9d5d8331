"""Programs a file names as those that made or changed it: in EXIF, in XMP, in what an editor leaves beside pixels."""

from __future__ import annotations

import io
import re
import warnings
from contextlib import suppress

from PIL import Image as Pillow

_LONGEST = 1_000_000  # bytes of XMP that are looked through; a packet has some thousand
_XMP = re.compile(
    r"(?:CreatorTool|Producer|softwareAgent)[=>\"\s]+([^\"<]{1,100})|digitalSourceType[^<]{1,200}|AIGC[^<]{1,200}"
)
_SOFTWARE = 305  # EXIF 2.32 §4.6.4
_TEXTS = ("parameters", "Software", "AIGC")  # texts of a PNG
# What Photoshop alone writes into a JPEG: the quality it was saved with (Photoshop File Formats, image resource
# 0x0406), and the segment of "Save for Web". Its other resources carry captions, and many programs write them.
_QUALITY, _WEB = 0x0406, ("APP12", b"Ducky")


def named_in_xmp(packet: object) -> list[str]:
    """What an XMP packet says made or changed the file."""
    text = packet[:_LONGEST].decode("utf-8", "replace") if isinstance(packet, bytes) else str(packet)[:_LONGEST]
    return [found[1] or found[0] for found in _XMP.finditer(text)]


def named_by_picture(picture: Pillow.Image) -> list[str]:
    """What an open picture names beside its EXIF: XMP, texts of a PNG, marks of Photoshop in a JPEG."""
    about = picture.info
    named = [*named_in_xmp(about.get("xmp", b"")), *(str(about[key])[:_LONGEST] for key in _TEXTS if key in about)]
    resources, segments = about.get("photoshop"), getattr(picture, "applist", [])
    by_hand = isinstance(resources, dict) and _QUALITY in resources
    if by_hand or any(name == _WEB[0] and data.startswith(_WEB[1]) for name, data in segments):
        named.append("Adobe Photoshop")
    return named


def named_in_jpeg(data: bytes) -> list[str]:
    """What the head of a JPEG names; nothing where it is broken."""
    with suppress(Exception), warnings.catch_warnings():  # decoders raise anything
        warnings.simplefilter("ignore")  # remarks about odd tags are not the user's concern
        picture = Pillow.open(io.BytesIO(data), formats=["JPEG"])
        named = named_by_picture(picture)
        with suppress(Exception):  # a broken EXIF block says nothing
            named.append(str(picture.getexif().get(_SOFTWARE, "")))
        return named
    return []
