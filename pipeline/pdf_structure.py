"""What a PDF holds beside its pages, by its objects: scripts, programs, attachments, signatures, fonts nobody can map.

pikepdf (qpdf) resolves object streams and names written with #-escapes, so nothing hides in either. Every object of
the file is looked at, whether anything refers to it or not: what one reader leaves alone another may run.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any

import pikepdf

from extractors.errors import DocumentError
from pipeline.pdf_programs import named_by_pdf, named_on_pages
from pipeline.pdf_streams import check_stream

_OBJECTS = 200_000  # of one file; an invoice has a hundred, a book of scans some thousand
_DEPTH = 40  # dictionaries inside one object
_DRAWN = 20_000_000  # bytes of drawing a page may ask for, what it draws several times counted each time
_FORM, _SHADING, _PIXELS = 500, 5000, 50  # bytes a form and a shading count at least; pixels that count as one
_TILE = 0.25  # square points a pattern's tile covers at least; millions of tiles take minutes
_HEAD = 4096
_LARGEST = 10_000_000  # bytes of one attachment that are looked into
# Anything of this name anywhere in an object makes it worth a closer look.
_NOTABLE = re.compile(
    rb"/(?:JS|JavaScript|Launch|RichMedia|SubmitForm|ImportData|XFA|EF|EmbeddedFile|ByteRange|Font|PatternType)\b"
)
_SCRIPTS = {"/JavaScript", "/SubmitForm", "/ImportData"}
_MEDIA = {"/RichMedia", "/Movie", "/Screen", "/3D"}
_PROGRAMS = {
    "exe", "dll", "com", "scr", "pif", "bat", "cmd", "ps1", "psm1", "vbs", "vbe", "js", "jse", "mjs", "wsf", "wsh",
    "msi", "msp", "mst", "hta", "jar", "apk", "ipa", "lnk", "reg", "sh", "bash", "py", "pyc", "pl", "rb", "php",
    "class", "elf", "so", "app", "dmg", "pkg", "deb", "rpm", "run", "bin", "cpl", "gadget", "inf", "chm", "iso",
    "img", "vhd", "docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "potm", "swf", "xpi", "crx", "url", "scf", "zip",
    "rar", "7z", "tar", "gz", "tgz", "bz2", "xz", "cab", "arj", "lzh", "z", "ace", "svg", "html", "htm", "mht",
}  # fmt: skip
_MAGIC = (
    b"MZ", b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xfe\xed\xfa\xce", b"\xfe\xed\xfa\xcf", b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe", b"#!", b"Rar!", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ", b"MSCF", b"dex\n",
    b"L\0\0\0\x01\x14\x02", b"\xd0\xcf\x11\xe0", b"CWS", b"FWS", b"ZWS", b"<?php", b"@echo",
)  # fmt: skip
_MARKUP = (b"<script", b"<html", b"<!doctype html", b"<svg")
_OFFICE = (b"OFD.xml", b"[Content_Types].xml")  # packages of documents among the ZIPs


@dataclass
class Structure:
    """What was found: XML files attached, names of embedded fonts without a mapping, whether it may be signed, and
    programs named by the file and by the pictures on each of its first pages."""

    attached: list[bytes] = field(default_factory=list)
    unmapped: set[str] = field(default_factory=set)
    signed: bool = False
    programs: list[str] = field(default_factory=list)
    on_pages: list[list[str]] = field(default_factory=list)


def examine(data: bytes) -> Structure | None:
    """Look through a whole PDF; None where its structure is too broken to be looked through.

    Raises DocumentError: FILE_ACTIVE_CONTENT, FILE_EMBEDDED_PROGRAM, FILE_TOO_COMPLEX, FILE_DECODED_TOO_LARGE.
    """
    try:
        with pikepdf.open(io.BytesIO(data), inherit_page_attributes=False) as pdf:
            if len(pdf.objects) > _OBJECTS:
                raise DocumentError("FILE_TOO_COMPLEX")
            found = Structure()
            for item in pdf.objects:
                if pdf.is_encrypted and isinstance(item, pikepdf.Stream):  # nobody could try it before
                    check_stream(item.stream_dict.unparse(), item.read_raw_bytes())
                _look(item, found)
            _check_drawing(pdf)
            found.programs, found.on_pages = named_by_pdf(pdf), named_on_pages(pdf)
            return found
    except DocumentError:
        raise
    except Exception:  # qpdf and its bindings fail with anything on broken files; PDFium may still show the pages
        return None


def _look(item: Any, found: Structure) -> None:
    """One indirect object. Its text is searched first: nearly all objects hold nothing of note."""
    if isinstance(item, pikepdf.Stream):
        written = item.stream_dict.unparse()
    elif isinstance(item, pikepdf.Object):
        written = item.unparse(resolved=True)
    else:
        return
    if not _NOTABLE.search(written):
        return
    for part in _dictionaries(item, 0):
        _refuse_active(part)
        _refuse_tiny_tiles(part)
        if isinstance(part.get("/EF"), pikepdf.Dictionary):
            _attachment(part, found)
        if part.get("/Type") == pikepdf.Name.EmbeddedFile and isinstance(part, pikepdf.Stream):
            _refuse_program("", _content(part))
        if part.get("/Type") == pikepdf.Name.Font:
            _font(part, found)
        found.signed = found.signed or "/ByteRange" in part


def _dictionaries(item: Any, depth: int) -> Iterator[Any]:
    """The dictionaries written inside one object, itself among them; what it refers to comes by itself."""
    if depth > _DEPTH:
        raise DocumentError("FILE_TOO_COMPLEX")
    if isinstance(item, (pikepdf.Dictionary, pikepdf.Stream)):
        yield item
        for value in list(item.values()):
            if isinstance(value, pikepdf.Object) and not value.is_indirect:
                yield from _dictionaries(value, depth + 1)
    elif isinstance(item, pikepdf.Array) and b"<<" in item.unparse():  # not the thousands of widths of a font
        for value in list(item):
            if isinstance(value, pikepdf.Object) and not value.is_indirect:
                yield from _dictionaries(value, depth + 1)


def _refuse_active(part: Any) -> None:
    action, kind = (_named(part.get(key)) for key in ("/S", "/Subtype"))
    if action == "/Launch" or kind in _MEDIA:
        raise DocumentError("FILE_EMBEDDED_PROGRAM")
    script = isinstance(part.get("/JS"), (pikepdf.String, pikepdf.Stream))
    if script or action in _SCRIPTS or "/JavaScript" in part or "/XFA" in part:
        raise DocumentError("FILE_ACTIVE_CONTENT")


def _named(value: Any) -> str:
    """A name as PDFium gives it: older Chinese programs write names in GBK, which pikepdf's own str() refuses."""
    if not isinstance(value, pikepdf.Name):
        return ""
    written = re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes.fromhex(found[1].decode()), value.unparse())
    return written.decode("utf-8", "replace")


# Attachments


def _attachment(part: Any, found: Structure) -> None:
    """A file specification (ISO 32000-1 §7.11.3) with the file inside."""
    names = [str(part[key]) for key in ("/UF", "/F") if isinstance(part.get(key), pikepdf.String)]
    for stream in list(part["/EF"].values()):
        if isinstance(stream, pikepdf.Stream):
            content = _content(stream)
            for name in names or [""]:
                _refuse_program(name, content)
            if _is_xml(content) and content not in found.attached:
                found.attached.append(content)


def _content(stream: Any) -> bytes:
    try:
        content = stream.read_bytes()
    except pikepdf.PdfError:
        content = stream.read_raw_bytes()
    return bytes(content[:_LARGEST])


def _refuse_program(name: str, content: bytes) -> None:
    """FILE_EMBEDDED_PROGRAM for a program, a script or an archive: nothing that belongs to a document."""
    suffixes = {s.lower().strip(". ") for s in PurePosixPath(name.replace("\\", "/")).suffixes[-1:]}
    head = content[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip()
    archive = content.startswith(b"PK\x03\x04") and not any(member in content for member in _OFFICE)
    macros = content.startswith(b"PK\x03\x04") and b"vbaProject" in content
    markup = head[:512].lower()
    if suffixes & _PROGRAMS or content.startswith(_MAGIC) or archive or macros or markup.startswith(_MARKUP):
        raise DocumentError("FILE_EMBEDDED_PROGRAM")


def _is_xml(content: bytes) -> bool:
    return content[:_HEAD].removeprefix(b"\xef\xbb\xbf").lstrip().startswith((b"<?xml", b"<"))


# Fonts


def _font(font: Any, found: Structure) -> None:
    """Note an embedded font whose codes say nothing but where its glyphs lie: PDFium would guess."""
    if "/ToUnicode" in font:
        return
    kind = _named(font.get("/Subtype"))
    if kind == "/Type0":
        below = font.DescendantFonts[0]
        coded = not _named(font.get("/Encoding")).startswith("/Identity")
        told = coded or (_named(below.get("/Subtype")) == "/CIDFontType0" and _collected(below))
        descriptor = below.get("/FontDescriptor", {})
    else:
        told = kind not in ("/TrueType", "/Type3") or (kind == "/TrueType" and "/Encoding" in font)
        descriptor = font.get("/FontDescriptor", {})
    embedded = kind == "/Type3" or any(key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3"))
    if embedded and not told:
        name = _named(font.get("/BaseFont")).removeprefix("/")
        found.unmapped |= {name, name if kind == "/Type0" else name.partition("+")[2]}


def _collected(font: Any) -> bool:
    """Whether its character numbers are those of Adobe's collections, which everybody knows."""
    return str(font.CIDSystemInfo.get("/Ordering", "")) in ("GB1", "CNS1", "Japan1", "Korea1", "KR")


# Drawing


_FORM_NAMES = re.compile(rb"/([^\s/\[\]<>()]+)\s+Do\b")
_SHADINGS = re.compile(rb"\ssh\s")


def _check_drawing(pdf: Any) -> None:
    """FILE_TOO_COMPLEX where forms that draw forms multiply: a few kilobytes can ask for a billion drawings."""
    known: dict[tuple[int, int], int] = {}
    for page in pdf.pages:
        forms = _drawable(page.obj.get("/Resources"))
        contents = page.obj.get("/Contents")
        total = 0
        for stream in contents if isinstance(contents, pikepdf.Array) else [contents]:
            total += _cost(stream, forms, known, 0) if isinstance(stream, pikepdf.Stream) else 0
            if total > _DRAWN:
                raise DocumentError("FILE_TOO_COMPLEX")


def _drawable(resources: Any) -> dict[bytes, Any]:
    found = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
    if not isinstance(found, pikepdf.Dictionary):
        return {}
    return {
        name.removeprefix("/").encode("utf-8", "surrogateescape"): form
        for name, form in found.items()
        if isinstance(form, pikepdf.Stream)
    }


def _cost(stream: Any, forms: dict[bytes, Any], known: dict[tuple[int, int], int], depth: int) -> int:
    """Bytes of drawing one content stream stands for in the end."""
    if stream.objgen in known:
        return known[stream.objgen]
    if stream.get("/Subtype") == "/Image":
        size = int(stream.get("/Width", 0)) * int(stream.get("/Height", 0)) // _PIXELS
        return min(size, _DRAWN // 10)  # a single one that is too large has its own limit
    if depth > _DEPTH:
        raise DocumentError("FILE_TOO_COMPLEX")
    known[stream.objgen] = _FORM  # a form inside itself: readers stop there
    content = _content(stream)
    total = len(content) + _SHADING * len(_SHADINGS.findall(content))
    for name in _FORM_NAMES.findall(content) if forms else ():
        if form := forms.get(name):
            total += _FORM + _cost(form, _drawable(form.get("/Resources")) or forms, known, depth + 1)
    known[stream.objgen] = min(total, _DRAWN + 1)
    return known[stream.objgen]


def _refuse_tiny_tiles(part: Any) -> None:
    """FILE_TOO_COMPLEX for a pattern of tiles too small to be seen one by one."""
    if part.get("/PatternType") != 1:
        return
    a, b, c, d = (float(number) for number in list(part.get("/Matrix", [1, 0, 0, 1, 0, 0]))[:4])
    steps = abs(float(part.get("/XStep", 0)) * float(part.get("/YStep", 0)))
    if steps * abs(a * d - b * c) < _TILE:
        raise DocumentError("FILE_TOO_COMPLEX")
