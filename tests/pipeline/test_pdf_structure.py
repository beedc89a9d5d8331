"""What a PDF may hold beside its pages: scripts and programs are refused, attached documents are not."""

from __future__ import annotations

import io
import zipfile
import zlib
from pathlib import Path

import pikepdf
import pytest

from pipeline.opening import open_file
from pipeline.settings import Settings
from tests.pipeline.test_opening_pdf import A4, BODY, GREY, pdf, read_whole, stream


def code_of(tmp_path: Path, content: bytes) -> str | None:
    error = read_whole(tmp_path, content)
    return error.code if error else None


def zipped(*names: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return buffer.getvalue()


def attached(name: str, content: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf((BODY, A4), objects=(GREY,)))) as document:
        document.attachments[name] = content
        return saved(document)


def saved(document: pikepdf.Pdf, streams: pikepdf.ObjectStreamMode = pikepdf.ObjectStreamMode.disable) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer, object_stream_mode=streams)
    return buffer.getvalue()


ACTIVE = {
    "an action when it is opened": b"<</Type/Action/S/JavaScript/JS(app.alert\\(1\\))>>",
    "names written with escapes": b"<</Type/Action/S/J#61vaScript/#4aS 13 0 R>>",
    "an action of a page inside another dictionary": b"<</AA<</O<</S/JavaScript/JS(1)>>>>>>",
    "a name tree": b"<</JavaScript<</Names[(a)12 0 R]>>>>",
    "data sent away": b"<</S/SubmitForm/F(http://example.invalid)>>",
    "a dynamic form": b"<</XFA 12 0 R>>",
}


@pytest.mark.parametrize("case", ACTIVE)
def test_scripts_are_refused(tmp_path: Path, case: str) -> None:
    content = pdf((BODY, A4), objects=(GREY, ACTIVE[case], stream(b"app.alert(1)"), stream(b"1")))
    assert code_of(tmp_path, content) == "FILE_ACTIVE_CONTENT"


def test_scripts_in_object_streams_are_refused(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(pdf((BODY, A4), objects=(GREY,)))) as document:
        action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("1"))
        document.Root.OpenAction = document.make_indirect(action)
        content = saved(document, pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in content
    assert code_of(tmp_path, content) == "FILE_ACTIVE_CONTENT"


def test_words_about_scripts_are_no_scripts(tmp_path: Path) -> None:
    info = b"<</Title(How to use /JavaScript and /JS in forms)/Next<</S/GoTo>>>>"
    assert code_of(tmp_path, pdf((BODY, A4), objects=(GREY, info))) is None


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("invoice.exe", b"anything"),
        ("invoice.pdf.JS", b"anything"),
        ("invoice.xml", b"MZ\x90\0" + bytes(100)),
        ("readme.txt", b"\x7fELF" + bytes(100)),
        ("readme.txt", b"#!/bin/sh\nrm -rf /"),
        ("data.bin2", b"\xd0\xcf\x11\xe0" + bytes(100)),
        ("data.dat", zipped("a.txt")),
        ("form.docx", zipped("[Content_Types].xml", "word/vbaProject.bin")),
        ("page.xml", b"<html><script>1</script></html>"),
    ],
)
def test_programs_scripts_and_archives_inside_are_refused(tmp_path: Path, name: str, content: bytes) -> None:
    assert code_of(tmp_path, attached(name, content)) == "FILE_EMBEDDED_PROGRAM"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("invoice.xml", b"<?xml version='1.0'?><a/>"),
        ("invoice.ofd", zipped("OFD.xml", "Doc_0/Document.xml")),
        ("invoice.pdf", b"%PDF-1.7"),
        ("note.txt", "说明".encode()),
        ("list.xlsx", zipped("[Content_Types].xml", "xl/workbook.xml")),
        ("seal.png", b"\x89PNG\r\n\x1a\n"),
    ],
)
def test_documents_inside_are_fine(tmp_path: Path, name: str, content: bytes) -> None:
    assert code_of(tmp_path, attached(name, content)) is None


@pytest.mark.parametrize("part", [b"<</S/Launch/F(cmd.exe)>>", b"<</Type/Annot/Subtype/RichMedia/Rect[0 0 1 1]>>"])
def test_whatever_starts_a_program_is_refused(tmp_path: Path, part: bytes) -> None:
    assert code_of(tmp_path, pdf((BODY, A4), objects=(GREY, part))) == "FILE_EMBEDDED_PROGRAM"


def nested(levels: int, times: int) -> bytes:
    """Forms that draw the next one `times` times each."""
    about = "/Type/XObject/Subtype/Form/BBox[0 0 600 800]"
    forms = [
        stream(b"/X Do " * times, f"{about}/Resources<</XObject<</X {11 + level} 0 R>>>>") for level in range(levels)
    ]
    return pdf(("/Im Do " * times, A4), objects=(*forms, stream(b"0 0 1 1 re f ", about)))


def repeated(times: int) -> bytes:
    packed = zlib.compress(b" " * 5_000_000)
    keys = f"/MediaBox[0 0 595 842]/Contents[{'11 0 R ' * times}]/Old"
    return pdf((BODY, keys), objects=(GREY, stream(packed, "/Filter/FlateDecode")))


TILES = b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/Resources<<>>"
TOO_MUCH = {
    "forms inside forms": nested(5, 20),
    "one content drawn a thousand times": repeated(1000),
    "a million tiles": pdf((BODY, A4), objects=(GREY, stream(b"", TILES.decode() + "/XStep .001/YStep .001"))),
    "dictionaries without end": pdf((BODY, A4), objects=(GREY, b"<</Font" * 60 + b" 1" + b">>" * 60)),
}


@pytest.mark.parametrize("case", TOO_MUCH)
def test_small_files_that_ask_for_endless_drawing_are_refused(tmp_path: Path, case: str) -> None:
    assert code_of(tmp_path, TOO_MUCH[case]) == "FILE_TOO_COMPLEX"


def test_ordinary_repetition_is_drawn(tmp_path: Path) -> None:
    assert code_of(tmp_path, nested(2, 10)) is None
    assert code_of(tmp_path, repeated(2)) is None


def bomb(about: str, size: int) -> bytes:
    return pdf(
        (BODY, A4 + "/Held 11 0 R"),
        objects=(GREY, stream(zlib.compress(bytes(size), 9), f"/Filter/FlateDecode{about}")),
    )


@pytest.mark.parametrize(
    "about",
    ["", "/Subtype/Image/Width 10/Height 10", "/Type/ObjStm/Subtype/Image/N 1/First 5", "/Type/#4fbjStm/Length1 9"],
)
def test_bombs_are_refused_whatever_they_call_themselves(tmp_path: Path, about: str) -> None:
    assert code_of(tmp_path, bomb(about, 25_000_000)) == "FILE_DECODED_TOO_LARGE"


def test_encryption_hides_no_bomb(tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(bomb("", 25_000_000))) as document:
        buffer = io.BytesIO()
        document.save(buffer, encryption=pikepdf.Encryption(owner="someone", user=""))
    assert code_of(tmp_path, buffer.getvalue()) == "FILE_DECODED_TOO_LARGE"


def test_a_picture_and_a_font_may_be_as_large_as_they_say(tmp_path: Path) -> None:
    assert code_of(tmp_path, bomb("/Subtype/Image/Width 5000/Height 5000/BitsPerComponent 8", 25_000_000)) is None
    assert code_of(tmp_path, bomb("/Length1 25000000", 25_000_000)) is None


def test_a_structure_that_cannot_be_looked_through_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> None:
        raise pikepdf.PdfError

    monkeypatch.setattr(pikepdf, "open", fails)
    path = tmp_path / "a.pdf"
    path.write_bytes(pdf((BODY, A4), objects=(GREY,)))
    opened = open_file(path, "invoice.pdf", Settings())
    (found,) = opened.findings
    assert (found.code, found.verdict.value) == ("FILE_STRUCTURE_NOT_CHECKED", "review")
    assert opened.pages[0].lines is None  # what its fonts say is not known either
    assert opened.signatures == ()
