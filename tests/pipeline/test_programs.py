"""Programs a PDF names: picture editors are told; what prints, scans, writes or merges is not, nor broken data."""

from __future__ import annotations

import io
import struct
import time
import zlib
from pathlib import Path

import pytest
from PIL import Image as Pillow

from pipeline.opening import open_file
from pipeline.photos import camera
from pipeline.settings import Settings
from tests.pipeline.test_opening_pdf import A4, BODY, GREY, pdf, stream

DRAWN = "q 500 0 0 700 40 60 cm /Im Do Q"


def editors(tmp_path: Path, content: bytes) -> list[str]:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    opened = open_file(path, "a.pdf", Settings())
    found: list[str] = camera(opened, Settings())["editors"]
    return found


def jpeg(size: tuple[int, int] = (900, 1200), segment: bytes = b"", **saved: object) -> bytes:
    """A JPEG with a segment right behind its first marker."""
    buffer = io.BytesIO()
    Pillow.new("RGB", size, (210, 200, 190)).save(buffer, "JPEG", **saved)
    content = buffer.getvalue()
    return content[:2] + segment + content[2:]


def scanned(picture: bytes, size: tuple[int, int] = (900, 1200), before: str = "") -> bytes:
    about = f"/Type/XObject/Subtype/Image/Width {size[0]}/Height {size[1]}/ColorSpace/DeviceRGB/BitsPerComponent 8"
    return pdf((before + DRAWN, A4), objects=(stream(picture, f"{about}/Filter/DCTDecode"),))


def tagged(program: str) -> Pillow.Exif:
    tags = Pillow.Exif()
    tags[0x0131] = program
    return tags


def segment(marker: int, content: bytes) -> bytes:
    return struct.pack(">BBH", 0xFF, marker, len(content) + 2) + content


def resource(number: int) -> bytes:
    """An APP13 segment with one image resource of Photoshop's."""
    return segment(0xED, b"Photoshop 3.0\x008BIM" + struct.pack(">HHI", number, 0, 4) + b"\0\1\0\2")


def made_by(key: str, program: str) -> bytes:
    written = (b"\xfe\xff" + program.encode("utf-16-be")).hex()
    return pdf((BODY, A4), objects=(GREY, f"<</{key}<{written}>>>".encode()), trailer="/Info 11 0 R")


@pytest.mark.parametrize(
    ("key", "program", "named"),
    [
        ("Producer", "Adobe Photoshop for Windows -- Image Conversion Plug-in", ["photoshop"]),
        ("Creator", "Adobe Illustrator CC 2019 (Windows)", ["illustrator"]),
        ("Creator", "CorelDRAW X7", ["coreldraw"]),
        ("Creator", "Inkscape 1.2 (dc2aedaf03, 2022-05-15)", ["inkscape"]),
        ("Producer", "GIMP 2.10.34", ["gimp"]),
        ("Creator", "美图秀秀", ["美图"]),
        # Printing, scanning, office, merging:
        ("Producer", "Adobe Acrobat Pro DC 21 Image Conversion Plug-in", []),
        ("Producer", "Adobe PDF Library 15.0", []),
        ("Producer", "Acrobat Distiller 9.0.0 (Windows)", []),
        ("Producer", "iText® 5.5.10 ©2000-2015 iText Group NV (AGPL-version)", []),
        ("Producer", "macOS 版本 10.14（版号 18A391） Quartz PDFContext", []),
        ("Producer", "Microsoft® Word 适用于 Microsoft 365", []),
        ("Producer", "Microsoft: Print To PDF", []),
        ("Creator", "WPS 文字", []),
        ("Producer", "Foxit PhantomPDF Printer", []),
        ("Creator", "CamScanner", []),
        ("Creator", "扫描全能王", []),
        ("Producer", "HP Digital Sending Device", []),
        ("Producer", "Canon iR-ADV C5535", []),
        ("Producer", "img2pdf 0.4.4", []),
        ("Producer", "PDFsam Basic; modified using iLovePDF", []),
        ("Producer", "Skia/PDF m120", []),
        ("Producer", "LibreOffice 7.3", []),
        ("Producer", "ABBYY FineReader PDF 15", []),
        ("Producer", "ReportLab PDF Library - www.reportlab.com", []),
    ],
)
def test_what_made_a_pdf(tmp_path: Path, key: str, program: str, named: list[str]) -> None:
    assert editors(tmp_path, made_by(key, program)) == named


def test_an_editor_named_in_the_xmp_of_a_pdf(tmp_path: Path) -> None:
    packet = (
        b'<x:xmpmeta><rdf:li stEvt:action="saved" stEvt:softwareAgent="Adobe Photoshop 23.1 (Macintosh)"/></x:xmpmeta>'
    )
    content = pdf((BODY, A4), objects=(GREY, stream(packet, "/Type/Metadata/Subtype/XML")))
    content = content.replace(b"/Catalog", b"/Catalog/Metadata 11 0 R", 1)
    assert editors(tmp_path, content) == ["photoshop"]


def test_an_editor_that_keeps_data_of_its_own_on_a_page(tmp_path: Path) -> None:
    assert editors(tmp_path, pdf((BODY, A4 + "/PieceInfo<</Illustrator<</Private 10 0 R>>>>"), objects=(GREY,))) == [
        "illustrator"
    ]


@pytest.mark.parametrize(
    ("picture", "named"),
    [
        (jpeg(exif=tagged("Adobe Photoshop CS6 (Windows)")), ["photoshop"]),
        (jpeg(exif=tagged("HUAWEI ALN-AL00 4.0")), []),
        (jpeg(segment=segment(0xE1, b'http://ns.adobe.com/xap/1.0/\0<x xmp:CreatorTool="GIMP 2.10"/>')), ["gimp"]),
        (jpeg(segment=resource(0x0406)), ["photoshop"]),
        (jpeg(segment=resource(0x0404)), []),  # captions: many programs write them so
        (jpeg(segment=segment(0xEC, b"Ducky\0\1\0\4\0\0\0\x3c")), ["photoshop"]),
        (jpeg(), []),
    ],
)
def test_what_the_picture_on_a_page_names(tmp_path: Path, picture: bytes, named: list[str]) -> None:
    assert editors(tmp_path, scanned(picture)) == named


def test_a_letters_logo_may_come_from_an_editor(tmp_path: Path) -> None:
    edited = tagged("Adobe Photoshop CS6 (Windows)")
    assert editors(tmp_path, scanned(jpeg((300, 300), exif=edited), (300, 300))) == []
    beside = pdf(
        (BODY + "q 90 0 0 90 40 60 cm /Im Do Q", A4),
        objects=(stream(jpeg(exif=edited), "/Type/XObject/Subtype/Image/Width 900/Height 1200/ColorSpace/DeviceRGB"
                        "/BitsPerComponent 8/Filter/DCTDecode"),),
    )  # fmt: skip
    assert editors(tmp_path, beside) == []


def test_a_jpeg_file_keeps_the_traces_of_an_editor_without_exif(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(jpeg(segment=resource(0x0406)))
    assert camera(open_file(path, "a.jpg", Settings()), Settings())["editors"] == ["photoshop"]


@pytest.mark.parametrize(
    "content",
    [
        pdf((BODY, A4), objects=(GREY, b"<</Producer 12 0 R/Creator[1 2]>>", b"<</Producer 11 0 R>>"),
            trailer="/Info 11 0 R"),
        pdf((BODY, A4), objects=(GREY,), trailer="/Info(photoshop)"),
        pdf((BODY, A4 + "/PieceInfo[1 2 3]"), objects=(GREY, stream(b"\xff" * 99, "/Filter/FlateDecode"))).replace(
            b"/Catalog", b"/Catalog/PieceInfo 7/Metadata 11 0 R", 1),
        scanned(jpeg(segment=segment(0xE1, b"Exif\0\0II*\0\xff\xff\xff\xff"))),
        scanned(jpeg(segment=b"\xff\xed\xff\xffPhotoshop 3.0\x008BIM\4\6")),
        scanned(jpeg()[:30]),
    ],
)  # fmt: skip
def test_broken_metadata_names_nothing(tmp_path: Path, content: bytes) -> None:
    assert editors(tmp_path, content) == []


def test_hostile_metadata_takes_no_time(tmp_path: Path) -> None:
    packet = zlib.compress((b"CreatorTool" + b" " * 989 + b"Producer=" * 99) * 4000)
    content = pdf((BODY, A4), objects=(GREY, stream(packet, "/Type/Metadata/Subtype/XML/Filter/FlateDecode")))
    start = time.perf_counter()
    assert editors(tmp_path, content.replace(b"/Catalog", b"/Catalog/Metadata 11 0 R", 1)) == []
    assert time.perf_counter() - start < 5
