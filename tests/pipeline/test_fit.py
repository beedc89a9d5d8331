"""Copies within a platform's limits: as good as fits, read again, without position; the original stays as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import yaml
from PIL import Image as Pillow

from extractors.errors import DocumentError, UnfitError, UsageError
from extractors.model import TextLine
from pipeline import orientation
from pipeline.fit import MIN_TEXT, Fitted, fit
from pipeline.pages import Image
from pipeline.settings import Settings
from tests.documents_by_hand import LICENCE
from validators.profile import Profile

MB = 1_000_000
SIZE = (3000, 2250)  # LICENCE is written for pages a third as large


@pytest.fixture(autouse=True)
def upright(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(orientation, "proposed_rotation", lambda _: 0)


def rules(max_bytes: str, formats: str = "[jpeg, png]") -> Profile:
    text = f"""
    id: test/fit
    title: {{zh: 测试, en: test}}
    platform: {{zh: 测试, en: test}}
    source: a test
    checks: []
    slots:
      licence:
        title: {{zh: 营业执照, en: licence}}
        accepts: [business_licence]
        max_bytes: {max_bytes}
        formats: {formats}
        source: T-1
      card: {{title: {{zh: 身份证, en: card}}, accepts: [id_card], side: front, source: T-1}}
    """
    return Profile.model_validate(yaml.safe_load(text))


class Sees:
    """Reads the licence on any picture, scaled to its size; `change` is what it makes of a copy."""

    def __init__(self, change: Callable[[TextLine], TextLine] = lambda line: line) -> None:
        self.change, self.heights = change, list[int]()

    def read(self, image: Image, page: int = 1, side: int | None = None) -> tuple[TextLine, ...]:
        by = image.shape[1] / 1000
        self.heights.append(image.shape[0])
        lines = [replace(line, box=tuple((x * by, y * by) for x, y in line.box), page=page) for line in LICENCE]
        return tuple(lines if len(self.heights) == 1 else [self.change(line) for line in lines])

    def describe(self) -> dict[str, object]:
        return {}


def photo(path: Path, size: tuple[int, int] = SIZE, **saving: object) -> Path:
    """A grainy picture that compresses badly."""
    grain = np.random.default_rng(1).normal(200, 12, (size[1], size[0], 3)).clip(0, 255).astype(np.uint8)
    Pillow.fromarray(grain).save(path, quality=98, **saving)
    return path


def fitted(path: Path, profile: Profile, reader: Sees | None = None, slot: str | None = None) -> Fitted:
    return fit(path, profile, slot, Settings(), reader or Sees())


def test_a_copy_is_as_large_as_fits_and_the_original_stays(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg")
    before = path.read_bytes()
    made = fitted(path, rules("4 MB"))
    assert len(before) > 4 * MB
    assert 3.2 * MB < len(made.copy.data) <= 4 * MB
    assert (made.slot, made.copy.format, path.read_bytes()) == ("licence", "jpeg", before)
    assert made.fields >= 8


def test_text_is_never_made_too_small_to_fit(tmp_path: Path) -> None:
    reader = Sees()
    made = fitted(photo(tmp_path / "a.jpg"), rules("1 MB"), reader)
    smallest = min(line.height for line in LICENCE) * made.copy.size[0] / 1000
    assert smallest >= MIN_TEXT * 0.8
    assert len(made.copy.data) <= MB
    with pytest.raises(UnfitError, match="300 dpi"):
        fitted(photo(tmp_path / "a.jpg"), rules("20 KB"))


def test_a_copy_that_is_read_differently_does_not_count(tmp_path: Path) -> None:
    other = Sees(lambda line: replace(line, text=line.text.replace("91330108MA2CG4HU3R", "91330108MA2CG4HU8R")))
    with pytest.raises(UnfitError, match="read differently"):
        fitted(photo(tmp_path / "a.jpg"), rules("4 MB"), other)
    marks = Sees(lambda line: replace(line, text=line.text.replace("；", "，")))
    assert fitted(photo(tmp_path / "a.jpg"), rules("4 MB"), marks).fields >= 8


def test_where_a_photo_was_taken_is_left_out(tmp_path: Path) -> None:
    tags = Pillow.Exif()
    tags[0x010F] = "HUAWEI"
    tags.get_ifd(0x8825)[2] = (30.0, 15.0, 0.0)
    small = photo(tmp_path / "b.jpg", (900, 700), exif=tags)
    large = photo(tmp_path / "a.jpg", exif=tags)
    for path in (small, large):
        (tmp_path / "copy.jpg").write_bytes(fitted(path, rules("4 MB")).copy.data)
        with Pillow.open(tmp_path / "copy.jpg") as copy:
            assert copy.getexif().get(0x010F) == "HUAWEI"
            assert not copy.getexif().get_ifd(0x8825)


def test_what_fits_already_is_copied_byte_for_byte(tmp_path: Path) -> None:
    path = photo(tmp_path / "a.jpg", (900, 700))
    made = fitted(path, rules("10 MB"))
    assert (made.copy.data, made.copy.quality) == (path.read_bytes(), None)


def test_a_format_the_platform_does_not_take_becomes_one_it_does(tmp_path: Path) -> None:
    path = tmp_path / "a.tif"
    Pillow.fromarray(np.full((700, 1000, 3), 240, np.uint8)).save(path)
    assert fitted(path, rules("10 MB")).copy.format == "jpeg"


def test_a_scanned_pdf_stays_one_where_pdfs_are_taken(tmp_path: Path) -> None:
    pages = [Pillow.open(photo(tmp_path / f"{n}.jpg")) for n in range(2)]
    pages[0].save(tmp_path / "a.pdf", save_all=True, append_images=pages[1:], quality=97)
    made = fitted(tmp_path / "a.pdf", rules("8 MB", "[pdf]"), slot="licence")
    assert made.copy.format == "pdf"
    assert len(made.copy.data) <= 8 * MB < (tmp_path / "a.pdf").stat().st_size
    with pytest.raises(UnfitError, match="2 pages"):
        fitted(tmp_path / "a.pdf", rules("8 MB"), slot="licence")


def test_what_cannot_be_read_or_placed_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.jpg").write_bytes(b"\xff\xd8 no picture")
    with pytest.raises(DocumentError):
        fitted(tmp_path / "a.jpg", rules("4 MB"))
    with pytest.raises(UsageError, match="no slot 'permit'"):
        fitted(photo(tmp_path / "b.jpg", (900, 700)), rules("4 MB"), slot="permit")
