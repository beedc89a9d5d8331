"""PDF pages: what is refused, how large they are rendered, and where trusted text stands on the picture."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from extractors.errors import DocumentError
from extractors.model import Source
from pipeline.opening import open_file
from pipeline.pages import OpenedPage
from pipeline.settings import Settings
from validators.findings import finding

SENTENCES = ("The company was established in the city of Hangzhou", "and its address is given below on this page")


def text(left: float, bottom: float, line: str, size: int = 14, before: str = "") -> str:
    return f"BT {before} /F1 {size} Tf {left} {bottom} Td ({line}) Tj ET\n"


BODY = text(100, 600, SENTENCES[0]) + text(100, 560, SENTENCES[1])


def stream(content: bytes, about: str = "") -> bytes:
    return f"<<{about}/Length {len(content)}>>stream\n".encode() + content + b"\nendstream"


def pdf(*pages: tuple[str, str], objects: tuple[bytes, ...] = (), trailer: str = "", kids: str | None = None) -> bytes:
    """A PDF of (content, page keys) pairs; `objects` are numbered from 10 on."""
    table: dict[int, bytes] = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        3: b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    }
    table.update(enumerate(objects, 10))
    for i, (content, keys) in enumerate(pages):
        number = 100 + 2 * i
        table[number] = (
            f"<</Type/Page/Parent 2 0 R/Contents {number + 1} 0 R"
            f"/Resources<</Font<</F1 3 0 R>>/XObject<</Im 10 0 R>>>>{keys}>>"
        ).encode()
        table[number + 1] = stream(content.encode())
    kids = " ".join(f"{100 + 2 * i} 0 R" for i in range(len(pages))) if kids is None else kids
    table[2] = f"<</Type/Pages/Kids[{kids}]/Count {len(kids.split()) // 3}>>".encode()
    out, places = bytearray(b"%PDF-1.7\n"), {}
    for number in sorted(table):
        places[number] = len(out)
        out += f"{number} 0 obj".encode() + table[number] + b"\nendobj\n"
    start = len(out)
    out += b"xref\n" + b"".join(b"%d 1\n%010d 00000 n \n" % (n, place) for n, place in places.items())
    return bytes(out) + f"trailer<</Root 1 0 R/Size {max(table) + 1}{trailer}>>\nstartxref\n{start}\n%%EOF".encode()


A4 = "/MediaBox[0 0 595 842]"
GREY = stream(b"\x80" * 100, "/Type/XObject/Subtype/Image/Width 10/Height 10/ColorSpace/DeviceGray/BitsPerComponent 8")


def pages_of(tmp_path: Path, content: bytes, limits: Settings | None = None) -> tuple[OpenedPage, ...]:
    path = tmp_path / "a.pdf"
    path.write_bytes(content)
    return tuple(open_file(path, "a.pdf", limits or Settings()).pages)


def refusal(tmp_path: Path, content: bytes, limits: Settings | None = None) -> str:
    error = read_whole(tmp_path, content, limits)
    assert error is not None
    assert finding(error.code, document="a.pdf", **error.data)
    return error.code


def read_whole(tmp_path: Path, content: bytes, limits: Settings | None = None) -> DocumentError | None:
    """Open a PDF and render every page; the one error that is allowed, if there was one."""
    try:
        for page in pages_of(tmp_path, content, limits):
            assert page.image().shape == (page.height, page.width, 3)
    except DocumentError as error:
        return error
    return None


def test_a_text_page_gives_its_lines(tmp_path: Path) -> None:
    (page,) = pages_of(tmp_path, pdf((BODY, A4)))
    assert page.source is Source.TEXT
    assert [line.text for line in page.lines or ()] == list(SENTENCES)
    assert page.image().shape == (page.height, page.width, 3) == (2339, 1653, 3)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize(
    "box",
    [
        "/MediaBox[0 0 595 842]",
        "/MediaBox[20 30 595 842]/CropBox[70 420 560 700]",
        "/MediaBox[0 0 595 842]/CropBox[-50 400 560 900]",
    ],
)
def test_lines_lie_on_their_ink(tmp_path: Path, turn: int, box: str) -> None:
    """The page is drawn to be read at its /Rotate, so every line must stand upright on the picture."""
    matrix = {0: "1 0 0 1 0 0", 90: "0 1 -1 0 700 400", 180: "-1 0 0 -1 600 1100", 270: "0 -1 1 0 -100 700"}[turn]
    lines = text(100, 600, SENTENCES[0], 10) + text(100, 560, SENTENCES[1], 10)
    if turn in (90, 270):
        lines = text(40, 500, SENTENCES[0], 10) + text(40, 470, SENTENCES[1], 10)
        lines = lines.replace("500 Td", "460 Td").replace("470 Td", "430 Td")
    (page,) = pages_of(tmp_path, pdf((f"q {matrix} cm {lines} Q", f"{box}/Rotate {turn}")))
    assert page.source is Source.TEXT
    image = page.image()
    assert image.shape == (page.height, page.width, 3)
    assert [line.text for line in page.lines or ()] == list(SENTENCES)
    for line in page.lines or ():
        middle = round((line.top + line.bottom) / 2)
        assert image[middle - 8 : middle + 8, round(line.left) : round(line.right)].min() < 60
        assert image[round(line.top) - 12 : round(line.top) - 4, round(line.left) : round(line.right)].min() > 200
        assert image[middle, max(0, round(line.left) - 30) : round(line.left) - 3].min() > 200
        assert (image[round(line.top) : round(line.bottom), round(line.left) : round(line.right)] < 128).mean() > 0.1


@pytest.mark.parametrize(
    ("content", "keys"),
    [
        (text(100, 600, "Page 1"), A4),  # too little
        (text(100, 600, SENTENCES[0], before="3 Tr") + text(100, 560, SENTENCES[1], before="3 Tr"), A4),  # invisible
        ("1 g " + BODY, A4),  # white on white
        (text(100, 600, "7KH FRPSDQ\\\\ ZDV HVWDEOLVKHG LQ WKH FLW\\\\"), A4),  # a font with shifted letters
        ("q 500 0 0 700 40 60 cm /Im Do Q " + BODY, A4),  # words laid over a scan
        (BODY, A4 + "/Annots[11 0 R]"),  # a note that shows more than the text says
        ("q 0 1 -1 0 650 0 cm " + BODY + " Q", A4),  # drawn sideways
    ],
)
def test_a_layer_that_cannot_be_trusted_is_left_to_ocr(tmp_path: Path, content: str, keys: str) -> None:
    note = b"<</Type/Annot/Subtype/FreeText/Rect[100 100 300 200]/Contents(12345)/DA(/Helv 12 Tf)>>"
    (page,) = pages_of(tmp_path, pdf((content, keys), objects=(GREY, note)))
    assert (page.lines, page.source) == (None, Source.OCR)


def test_each_page_decides_alone(tmp_path: Path) -> None:
    pages = pages_of(tmp_path, pdf((BODY, A4), ("q 595 0 0 842 0 0 cm /Im Do Q", A4), (BODY, A4), objects=(GREY,)))
    assert [p.source for p in pages] == [Source.TEXT, Source.OCR, Source.TEXT]
    assert [line.page for line in pages[2].lines or ()] == [3, 3]
    assert pages[1].image().max() == 128


def test_a_seal_or_code_does_not_cost_the_text(tmp_path: Path) -> None:
    (page,) = pages_of(tmp_path, pdf((BODY + "q 90 0 0 90 40 700 cm /Im Do Q", A4), objects=(GREY,)))
    assert page.source is Source.TEXT


@pytest.mark.parametrize(
    ("box", "longest"), [("0 0 243 153", 1600), ("0 0 3000 2000", 4000), ("0 0 14400 900", 4000), ("0 0 20 10", 167)]
)
def test_resolution_follows_the_page(tmp_path: Path, box: str, longest: int) -> None:
    (page,) = pages_of(tmp_path, pdf(("", f"/MediaBox[{box}]")))
    assert abs(max(page.width, page.height) - longest) <= 1
    assert page.image().shape == (page.height, page.width, 3)


def bomb(layers: int) -> bytes:
    packed = b" " * 30_000_000
    for _ in range(layers):
        packed = zlib.compress(packed, 9)
    filters = "/FlateDecode" * layers
    return pdf(
        ("", A4.replace("/MediaBox", "/Contents 11 0 R/MediaBox")),
        objects=(GREY, stream(packed, f"/Filter[{filters}]")),
    )


REFUSED = {
    "no page": (pdf(), "FILE_NO_PAGES"),
    "2000 pages": (pdf((BODY, A4), kids=" ".join(["100 0 R"] * 2000)), "FILE_TOO_MANY_PAGES"),
    "password": (
        pdf(
            (BODY, A4), trailer=f"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<{'11' * 32}>/U<{'22' * 32}>>>"
        ),
        "FILE_ENCRYPTED",
    ),
    "not a pdf": (b"%PDF-1.7\nnothing follows", "FILE_DAMAGED"),
    "enormous sheet": (pdf(("", "/MediaBox[0 0 200000 200000]")), "FILE_PAGE_TOO_LARGE"),
    "enormous picture": (
        pdf(("/Im Do", A4), objects=(GREY.replace(b"10/Height 10", b"90000/Height 90000"),)),
        "FILE_TOO_MANY_PIXELS",
    ),
    "bomb": (bomb(1), "FILE_DECODED_TOO_LARGE"),
    "nested bomb": (bomb(3), "FILE_DECODED_TOO_LARGE"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused_with_its_code(
    tmp_path: Path,
    case: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    content, code = REFUSED[case]
    assert refusal(tmp_path, content) == code
    assert capfd.readouterr() == ("", "")


def test_all_pages_together_are_bounded(tmp_path: Path) -> None:
    content = pdf((BODY, A4), (BODY, A4))
    assert refusal(tmp_path, content, Settings(max_decoded_bytes=20_000_000)) == "FILE_DECODED_TOO_LARGE"
    (page, _) = pages_of(tmp_path, content, Settings(max_pixels=1_000_000))
    assert page.width * page.height <= 1_010_000  # rendered coarser, not refused
    assert page.source is Source.TEXT


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(cut=st.floats(0, 1), flips=st.lists(st.tuples(st.floats(0, 0.9999), st.integers(0, 255)), max_size=8))
def test_damage_of_any_kind_is_a_document_error(tmp_path: Path, cut: float, flips: list[tuple[float, int]]) -> None:
    content = bytearray(pdf((BODY, A4.replace("595 842", "200 300")), objects=(GREY,)))
    for place, value in flips:
        content[int(place * len(content))] = value
    if cut < 0.5:
        del content[int(cut * 2 * len(content)) :]
    error = read_whole(tmp_path, bytes(content), Settings(pdf_dpi=72, max_page_side=400))
    assert error is None or error.code.startswith("FILE_")


SHARED = Path(__file__).parents[3] / "shared" / "real"


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public invoices are not here")
@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("pdf_henan_jd.pdf", {"发票代码:041001900111", "开票日期:2019年09月19日", "名称:郑州京东优凯贸易有限公司"}),
        ("pdf_anhui_2021.pdf", {"发票号码:75505018", "开票日期:2021年04月28日", "名称:安徽好马科技有限公司"}),
        (
            "pdf_easyofd_shudian_sichuan_scattered.pdf",
            {"发票号码：23512000000005197325", "开票日期：2023年01月30日", "91510000765055994P", "2129.34"},
        ),
    ],
)
def test_public_invoices_are_read_from_their_text(name: str, expected: set[str]) -> None:
    (page,) = open_file(SHARED / name, name, Settings()).pages
    assert expected <= {line.text.replace(" ", "") for line in page.lines or ()}
