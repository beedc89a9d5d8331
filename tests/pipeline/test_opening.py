"""Opening files: what can be used opens upright, everything else is one DocumentError with its code."""

from __future__ import annotations

import io
import os
import struct
import subprocess
import sys
import zlib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from extractors.errors import DocumentError
from pipeline.opening import open_file
from pipeline.pages import OpenedFile
from pipeline.settings import Settings
from validators.findings import finding

SETTINGS = Settings()
FORMATS = {"jpeg": "JPEG", "png": "PNG", "bmp": "BMP", "tiff": "TIFF", "webp": "WEBP", "heic": "HEIF"}
SUFFIX = {"jpeg": ".jpg", "tiff": ".tif"}


def sheet(mode: str = "RGB") -> Image.Image:
    """60 × 40 pixels, white, with a black block in the top left corner."""
    picture = Image.new("RGB", (60, 40), "white")
    picture.paste((0, 0, 0), (0, 0, 24, 16))
    return picture.convert(mode)


def encoded(kind: str, picture: Image.Image | None = None, **options: object) -> bytes:
    if kind == "heic":
        import pillow_heif

        pillow_heif.register_heif_opener()
    buffer = io.BytesIO()
    (picture or sheet()).save(buffer, FORMATS[kind], **options)
    return buffer.getvalue()


def opened(tmp_path: Path, name: str, content: bytes, limits: Settings = SETTINGS) -> OpenedFile:
    path = tmp_path / name
    path.write_bytes(content)
    return open_file(path, name, limits)


def refusal(tmp_path: Path, name: str, content: bytes, limits: Settings = SETTINGS) -> str:
    """The code with which a file is refused, on opening or on decoding; its finding must be complete."""
    (tmp_path / name).write_bytes(content)
    error = read_whole(tmp_path / name, limits)
    assert error is not None
    told = finding(error.code, document=name, **error.data)
    assert "{" not in told.message.zh + told.message.en
    return error.code


def read_whole(path: Path, limits: Settings = SETTINGS) -> DocumentError | None:
    """Open a file and decode every page; the one error that is allowed, if there was one."""
    try:
        for page in open_file(path, path.name, limits).pages:
            assert page.image().shape == (page.height, page.width, 3)
    except DocumentError as error:
        return error
    return None


def dark_corner(image: np.ndarray) -> tuple[bool, bool]:
    """(left, top) of the corner that is dark; every other corner must be light."""
    corners = {(x == 2, y == 2): image[y, x].max() < 90 for x in (2, -3) for y in (2, -3)}
    assert sum(corners.values()) == 1, corners
    return next(corner for corner, dark in corners.items() if dark)


@pytest.mark.parametrize("kind", FORMATS)
def test_every_picture_format_opens_by_content(tmp_path: Path, kind: str) -> None:
    file = opened(tmp_path, "a" + SUFFIX.get(kind, f".{kind}"), encoded(kind))
    (page,) = file.pages
    image = page.image()
    assert (file.format, file.findings, page.lines) == (kind, (), None)
    assert image.shape == (page.height, page.width, 3) == (40, 60, 3)
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous
    assert dark_corner(image) == (True, True)


def test_colours_come_as_bgr(tmp_path: Path) -> None:
    image = opened(tmp_path, "a.png", encoded("png", Image.new("RGB", (4, 4), (250, 120, 10)))).pages[0].image()
    assert image[0, 0].tolist() == [10, 120, 250]


def test_a_name_that_disagrees_is_told_and_still_opened(tmp_path: Path) -> None:
    file = opened(tmp_path, "a.png", encoded("jpeg"))
    (told,) = file.findings
    assert (told.code, told.expected, told.actual, file.format) == ("FILE_TYPE_MISMATCH", ".jpg", ".png", "jpeg")


@pytest.mark.parametrize("kind", ["jpeg", "png", "tiff", "webp"])
@pytest.mark.parametrize(
    ("orientation", "corner", "turned"),
    [
        (1, (True, True), False),
        (2, (False, True), False),
        (3, (False, False), False),
        (4, (True, False), False),
        (5, (True, True), True),
        (6, (False, True), True),
        (7, (False, False), True),
        (8, (True, False), True),
    ],
)
def test_exif_orientation_is_applied(
    tmp_path: Path, kind: str, orientation: int, corner: tuple[bool, bool], turned: bool
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    page = opened(tmp_path, f"a.{kind}", encoded(kind, exif=exif)).pages[0]
    image = page.image()
    assert (page.width, page.height) == ((40, 60) if turned else (60, 40))
    assert image.shape[:2] == (page.height, page.width)
    assert dark_corner(image) == corner


def test_exif_does_not_turn_a_heic(tmp_path: Path) -> None:
    """ISO 23008-12: the file's own irot and imir turn it (libheif does), its EXIF only repeats them."""
    exif = Image.Exif()
    exif[0x0112] = 3
    page = opened(tmp_path, "a.heic", encoded("heic", exif=exif)).pages[0]
    assert dark_corner(page.image()) == (True, True)


def test_broken_exif_does_not_cost_the_picture(tmp_path: Path) -> None:
    page = opened(tmp_path, "a.jpg", encoded("jpeg", exif=b"Exif\0\0MM\0*\xff\xff\xff\xffgarbage")).pages[0]
    assert dark_corner(page.image()) == (True, True)


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("png", "1"),
        ("png", "L"),
        ("png", "LA"),
        ("png", "P"),
        ("png", "RGBA"),
        ("jpeg", "L"),
        ("jpeg", "CMYK"),
        ("tiff", "CMYK"),
        ("tiff", "1"),
        ("tiff", "LAB"),
        ("tiff", "RGBA"),
        ("bmp", "P"),
        ("webp", "RGBA"),
    ],
)
@pytest.mark.parametrize("longest", [4000, 30])
def test_every_mode_becomes_bgr(tmp_path: Path, kind: str, mode: str, longest: int) -> None:
    picture = sheet("L") if mode == "LAB" else sheet(mode)
    if mode == "LAB":
        picture = Image.merge("LAB", [picture, Image.new("L", picture.size, 128), Image.new("L", picture.size, 128)])
    image = opened(tmp_path, "a", encoded(kind, picture), Settings(max_page_side=longest)).pages[0].image()
    assert image.shape == ((40, 60, 3) if longest > 60 else (20, 30, 3))
    assert image[2, 2].max() < 30
    assert image[-3, -3].min() > 225


@pytest.mark.parametrize("kind", ["png", "tiff"])
def test_sixteen_bit_grey_keeps_its_range(tmp_path: Path, kind: str) -> None:
    values = np.full((40, 60), 65535, np.uint16)
    values[:16, :24] = 256 * 12
    image = opened(tmp_path, "a", encoded(kind, Image.fromarray(values))).pages[0].image()
    assert image[2, 2].tolist() == [12] * 3
    assert image[-3, -3].tolist() == [255] * 3


@pytest.mark.parametrize("mode", ["RGBA", "LA"])
def test_transparent_is_white_paper(tmp_path: Path, mode: str) -> None:
    clear = Image.new(mode, (20, 20), (0,) * len(mode))
    assert opened(tmp_path, "a.png", encoded("png", clear)).pages[0].image().min() == 255


def test_large_pictures_are_scaled_down(tmp_path: Path) -> None:
    page = opened(tmp_path, "a.jpg", encoded("jpeg", sheet().resize((1200, 800))), Settings(max_page_side=300)).pages[0]
    image = page.image()
    assert image.shape == (page.height, page.width, 3) == (200, 300, 3)
    assert dark_corner(image) == (True, True)


def test_a_jpeg_tells_what_it_was_saved_with(tmp_path: Path) -> None:
    picture = sheet().resize((61, 42))
    exif = Image.Exif()
    exif[0x0112] = 6
    table = np.array(Image.open(io.BytesIO(encoded("jpeg", picture, quality=70))).quantization[0]).reshape(8, 8)  # type: ignore[attr-defined]
    steps = opened(tmp_path, "a.jpg", encoded("jpeg", picture, quality=70)).pages[0].steps
    assert steps is not None
    assert (steps.luminance == table).all()
    assert (steps.left, steps.top) == (0, 0)
    turned = opened(tmp_path, "b.jpg", encoded("jpeg", picture, quality=70, exif=exif.tobytes())).pages[0].steps
    assert turned is not None
    assert (turned.luminance == table.T).all()
    assert (turned.left, turned.top) == (42 % 8, 0)


def test_pixels_that_are_not_those_of_a_jpeg_tell_no_steps(tmp_path: Path) -> None:
    broken = bytearray(encoded("jpeg", sheet().resize((61, 42)), quality=70))
    broken[broken.index(b"\xff\xdb") + 9] = 0  # a step of 0 in the first table
    for name, content, limits in (
        ("d.jpg", bytes(broken), SETTINGS),
        ("a.png", encoded("png"), SETTINGS),
        ("b.jpg", encoded("jpeg", sheet("CMYK")), SETTINGS),
        ("c.jpg", encoded("jpeg"), Settings(max_page_side=30)),
    ):
        assert opened(tmp_path, name, content, limits).pages[0].steps is None


def test_every_page_of_a_tiff(tmp_path: Path) -> None:
    content = encoded(
        "tiff", sheet(), save_all=True, append_images=[sheet().rotate(180), sheet("1")], compression="tiff_lzw"
    )
    pages = opened(tmp_path, "a.tif", content).pages
    assert [p.number for p in pages] == [1, 2, 3]
    assert [dark_corner(p.image()) for p in reversed(pages)] == [(True, True), (False, False), (True, True)]


# Refused


def png_header(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds next to nothing."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 999)) + chunk(b"IEND", b"")
    )


JPEG = encoded("jpeg", Image.effect_noise((300, 200), 90).convert("RGB"))
REFUSED = {
    "empty": ("a.jpg", b"", "FILE_EMPTY"),
    "truncated jpeg": ("a.jpg", JPEG[: len(JPEG) // 2], "FILE_TRUNCATED"),
    "text": ("a.jpg", "这是文字。This is text.".encode(), "FILE_TYPE_UNSUPPORTED"),
    "png bomb": ("a.png", png_header(100_000, 100_000), "FILE_TOO_MANY_PIXELS"),
    "png without pixels": ("a.png", png_header(50, 50), "FILE_TRUNCATED"),
    "tiff directory outside": ("a.tif", b"II*\0\xff\xff\xff\x7f", "FILE_DAMAGED"),
    "tiff directory of nonsense": ("a.tif", b"II*\0\x08\0\0\0\xff\xff" + bytes(range(256)) * 9, "FILE_DAMAGED"),
    "heic that is none": ("a.heic", b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\x07" * 400, "FILE_DAMAGED"),
    "heic by name only": ("a.heic", b"\x07\x13" * 400, "FILE_TYPE_UNSUPPORTED"),
    "gif": ("a.gif", b"GIF89a" + b"\0" * 40, "FILE_TYPE_UNSUPPORTED"),
    "ico": ("a.ico", b"\0\0\1\0\1\0" + b"\0" * 40, "FILE_TYPE_UNSUPPORTED"),
    "eps named jpg": ("a.jpg", b"%!PS-Adobe-3.0 EPSF-3.0\n", "FILE_TYPE_UNSUPPORTED"),
    "svg": ("a.svg", b"<?xml version='1.0'?><svg/>", "FILE_TYPE_UNSUPPORTED"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_used_is_refused_with_its_code(
    tmp_path: Path,
    case: str,
    capfd: pytest.CaptureFixture[str],
) -> None:
    name, content, code = REFUSED[case]
    assert refusal(tmp_path, name, content) == code
    assert capfd.readouterr() == ("", "")


def test_a_broken_png_is_not_half_a_picture(tmp_path: Path) -> None:
    content = bytearray(encoded("png", Image.effect_noise((200, 200), 90)))
    content[2000:2040] = b"\0" * 40
    assert refusal(tmp_path, "a.png", bytes(content)) == "FILE_DAMAGED"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Settings(max_file_bytes=100), "FILE_TOO_LARGE"),
        (Settings(max_pixels=2399), "FILE_TOO_MANY_PIXELS"),
        (Settings(max_pages=1), "FILE_TOO_MANY_PAGES"),
        (Settings(max_decoded_bytes=14_399), "FILE_DECODED_TOO_LARGE"),
    ],
)
def test_limits_are_settings(tmp_path: Path, limits: Settings, code: str) -> None:
    content = encoded("tiff", save_all=True, append_images=[sheet()])
    assert (
        len(opened(tmp_path, "a.tif", content, Settings(max_pages=2, max_pixels=2400, max_decoded_bytes=14_400)).pages)
        == 2
    )
    assert refusal(tmp_path, "a.tif", content, limits) == code


def test_a_tiff_of_endless_directories_stops_at_the_limit(tmp_path: Path) -> None:
    one = bytearray(encoded("tiff", sheet("L")))
    start = int.from_bytes(one[4:8], "little")
    length = 2 + 12 * int.from_bytes(one[start : start + 2], "little")
    directory = bytes(one[start : start + length])
    chain = bytearray(one[:start])
    for _ in range(5000):
        chain += directory + (len(chain) + length + 4).to_bytes(4, "little")
    assert refusal(tmp_path, "a.tif", bytes(chain)) == "FILE_TOO_MANY_PAGES"


def test_only_regular_files_are_opened(tmp_path: Path) -> None:
    (tmp_path / "real.jpg").write_bytes(JPEG)
    (tmp_path / "link.jpg").symlink_to(tmp_path / "real.jpg")
    os.mkfifo(tmp_path / "pipe.jpg")
    found = {}
    for path in (
        tmp_path / "link.jpg",
        tmp_path / "pipe.jpg",
        tmp_path,
        Path("/dev/zero"),
        tmp_path / "none.jpg",
        tmp_path / "real.jpg" / "below.jpg",
        Path("a\0.jpg"),
    ):
        with pytest.raises(DocumentError) as caught:
            open_file(path, path.name, SETTINGS)
        found[path.name] = caught.value.code
    assert set(found.values()) == {"FILE_NOT_REGULAR", "FILE_NOT_FOUND"}
    assert [n for n, c in found.items() if c == "FILE_NOT_FOUND"] == ["none.jpg", "below.jpg", "a\0.jpg"]


def test_a_file_that_goes_away_is_one_error(tmp_path: Path) -> None:
    page = opened(tmp_path, "a.jpg", JPEG).pages[0]
    (tmp_path / "a.jpg").unlink()
    with pytest.raises(DocumentError):
        page.image()


def test_a_picture_does_not_load_the_other_libraries(tmp_path: Path) -> None:
    path = tmp_path / "a.jpg"
    path.write_bytes(JPEG)
    code = (
        "import sys; from pathlib import Path; from pipeline.opening import open_file; "
        "from pipeline.settings import Settings; "
        f"open_file(Path({str(path)!r}), 'a.jpg', Settings()).pages[0].image(); "
        "print(sorted({'pdfplumber', 'pdfminer', 'pypdfium2', 'pillow_heif', 'cv2'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


SMALL = {kind: encoded(kind, Image.effect_noise((40, 30), 60).convert("RGB")) for kind in FORMATS}


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True
)
@given(
    kind=st.sampled_from(sorted(SMALL)),
    cut=st.floats(0, 1),
    flips=st.lists(st.tuples(st.floats(0, 0.9999), st.integers(0, 255)), max_size=6),
)
def test_damage_of_any_kind_is_a_document_error(
    tmp_path: Path, kind: str, cut: float, flips: list[tuple[float, int]]
) -> None:
    content = bytearray(SMALL[kind])
    for place, value in flips:
        content[int(place * len(content))] = value
    if cut < 0.7:
        del content[int(cut / 0.7 * len(content)) :]
    (tmp_path / "a.bin").write_bytes(content)
    error = read_whole(tmp_path / "a.bin")
    assert error is None or error.code.startswith("FILE_")


HOSTILE = Path(__file__).parents[3] / "shared" / "real" / "hostile"


@pytest.mark.skipif(not HOSTILE.is_dir(), reason="the public broken files are not here")
def test_public_broken_files_open_or_are_refused(capfd: pytest.CaptureFixture[str]) -> None:
    for path in sorted(HOSTILE.iterdir()):
        error = read_whole(path)
        assert error is None or finding(error.code, document=path.name, **error.data)
    assert capfd.readouterr() == ("", "")
