"""A copy of a document within a platform's size limit and formats, as good as fits; the original stays as it is.

The copy is read again: it counts only if every field is read as before. To fit, text is never made lower than
`MIN_TEXT` pixels, nor a picture compressed below `LEAST_QUALITY`. Where it was taken (EXIF position) is left out.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image as Pillow

from extractors.errors import DocumentError, UnfitError, UsageError
from extractors.model import FieldValue, Status
from pipeline.documents import Document, Progress, Reading, read_documents
from pipeline.images import PILLOW_NAMES, whole_picture
from pipeline.ocr import Reader
from pipeline.opening import open_file
from pipeline.pages import OpenedFile
from pipeline.settings import Settings
from pipeline.submission import SubmittedFile
from validators.profile import Profile, Slot

MIN_TEXT = 20.0  # pixels: dense characters are read safely from about there
BEST_QUALITY, LEAST_QUALITY = 95, 60  # of JPEG: below the second its blocks begin to eat strokes
_GOOD_QUALITY = 82  # what is worth more than pixels nobody needs
_STEP = 0.85  # each smaller picture is that much less wide
_TRIED = 3  # good copies that are read before rough ones are
_DPI = 300


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy that fits a slot: its bytes, format, pixels; JPEG quality None where it was not compressed anew."""

    data: bytes
    format: str
    size: tuple[int, int]
    quality: int | None = None

    @property
    def suffix(self) -> str:
        return {"jpeg": ".jpg"}.get(self.format, f".{self.format}")


@dataclass(frozen=True, slots=True)
class Fitted:
    """What `fit` came to: the file as it was, the slot's limits, the copy, and how many fields both were read alike."""

    original: OpenedFile
    slot: str
    limits: Slot
    copy: Copy
    fields: int


def fit(
    path: Path, profile: Profile, slot: str | None, settings: Settings,
    reader: Reader | None = None, progress: Progress | None = None,
) -> Fitted:  # fmt: skip
    """Raises UsageError, DocumentError and EngineError, and UnfitError where no copy can be made that is read alike."""
    reading = Reading(settings, reader, progress or (lambda _: None))
    opened = open_file(path, path.name, settings)
    before = read_documents(SubmittedFile(path, path.name), reading)
    name = slot_for(profile, slot, before)
    limits = profile.slots[name]
    fields = _fields(before)
    for copy in _copies(opened, limits, _text_height(before), settings):
        reading.progress("reading the copy")
        if copy.quality is None or _read_alike(fields, _fields(_read(copy, reading))):
            return Fitted(opened, name, limits, copy, len(fields))
    size, limit = f"{opened.bytes / 1e6:.2f} MB", f"{(limits.max_bytes or 0) / 1e6:g} MB"
    raise UnfitError(
        f"{path.name} ({size}) cannot be brought under {limit} without being read differently.",
        remedy="Photograph the document so that it fills the picture, or scan it in colour at 300 dpi.",
    )


def slot_for(profile: Profile, slot: str | None, documents: Sequence[Document]) -> str:
    """The slot a file is meant for: the one named, else the first that takes what it shows. Raises UsageError."""
    slots = ", ".join(profile.slots)
    if slot is not None:
        if slot not in profile.slots:
            raise UsageError(f"profile {profile.id} has no slot {slot!r}.", remedy=f"Its slots: {slots}.")
        return slot
    for report, _ in documents:
        for name, place in profile.slots.items():
            if report.type in place.accepts and place.side in ("", report.side):
                return name
    raise UsageError(f"no slot of {profile.id} takes what this file shows.", remedy=f"Name one with --slot: {slots}.")


def _copies(opened: OpenedFile, limits: Slot, text: float | None, settings: Settings) -> Iterator[Copy]:
    """Copies that fit, the best first."""
    formats: Sequence[str] = limits.formats or (*PILLOW_NAMES, "pdf")
    limit = limits.max_bytes or opened.bytes
    picture, tags = _picture(opened, formats, settings)
    telling = opened.format in PILLOW_NAMES and tells_position(opened.path)
    if opened.format in formats and opened.bytes <= limit and not telling:
        size = picture.size if picture else (opened.pages[0].width, opened.pages[0].height)
        yield Copy(opened.path.read_bytes(), opened.format, size)
        return
    if opened.format == "pdf" and "pdf" in formats:
        yield from _smaller_pdfs(opened, limit)
        return
    if "jpeg" not in formats:
        raise UnfitError(
            f"{opened.name} would have to be one of {', '.join(formats)}, which nothing is turned into here.",
            remedy="Save it as one of these yourself.",
        )
    assert picture is not None  # only a PDF of several pages has none, and where PDFs are not taken it was refused
    scale = picture.width / max(1, opened.pages[0].width)  # what is read may be smaller than what the file holds
    yield from _jpegs(picture, tags, limit, MIN_TEXT / (text * scale) if text else 0.3)


def _picture(opened: OpenedFile, formats: Sequence[str], settings: Settings) -> tuple[Pillow.Image | None, Pillow.Exif]:
    """The file as one upright picture with every pixel it has, and the EXIF tags its copy keeps."""
    if opened.format in PILLOW_NAMES:
        return whole_picture(opened.path, opened.format, settings)
    if any(page.lines is not None for page in opened.pages) or opened.format != "pdf":
        raise UnfitError(
            f"{opened.name} is no picture: it holds its text as data, which a picture of it would lose.",
            remedy="Hand it in as it is; where the platform takes pictures only, take a screenshot of the whole page.",
        )
    if len(opened.pages) > 1 and "pdf" not in formats:
        raise UnfitError(
            f"{opened.name} has {len(opened.pages)} pages, and pictures are asked for.",
            remedy="Save each page as a picture of its own.",
        )
    if len(opened.pages) > 1:
        return None, Pillow.Exif()
    return Pillow.fromarray(opened.pages[0].image()[:, :, ::-1]), Pillow.Exif()


def tells_position(path: Path) -> bool:
    """Whether a picture says where it was taken."""
    try:
        with Pillow.open(path) as picture:
            return bool(picture.getexif().get_ifd(0x8825)) or b"GPS" in bytes(picture.info.get("xmp", b""))
    except Exception:  # a broken EXIF block: better left out than passed on
        return True


def _jpegs(picture: Pillow.Image, tags: Pillow.Exif, limit: int, least: float) -> Iterator[Copy]:
    """JPEGs within the limit: the largest that are good, three of them; then the largest and the smallest, rough."""
    scale, good = 1.0, 0
    while good < _TRIED and (scale >= least or scale == 1.0):
        if copy := _best(_scaled(picture, scale), tags, limit, _GOOD_QUALITY):
            good += 1
            yield copy
        smallest, scale = scale, scale * _STEP
    for rough in dict.fromkeys((1.0, smallest)):
        if (copy := _best(_scaled(picture, rough), tags, limit, LEAST_QUALITY)) and (copy.quality or 0) < _GOOD_QUALITY:
            yield copy


def _best(picture: Pillow.Image, tags: Pillow.Exif, limit: int, least: int) -> Copy | None:
    """The JPEG of the highest quality within the limit; None where the least asked for does not fit."""
    low, high, best = least, BEST_QUALITY, None
    if len(data := _jpeg(picture, tags, low)) > limit:
        return None
    best = Copy(data, "jpeg", picture.size, low)
    while low < high:
        middle = (low + high + 1) // 2
        data = _jpeg(picture, tags, middle)
        if len(data) <= limit:
            low, best = middle, Copy(data, "jpeg", picture.size, middle)
        else:
            high = middle - 1
    return best


def _jpeg(picture: Pillow.Image, tags: Pillow.Exif, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=quality, subsampling="4:2:0", optimize=False, exif=tags, dpi=(_DPI, _DPI))
    return file.getvalue()


def _scaled(picture: Pillow.Image, by: float) -> Pillow.Image:
    if by == 1.0:
        return picture
    size = max(1, round(picture.width * by)), max(1, round(picture.height * by))
    return picture.resize(size, Pillow.Resampling.LANCZOS, reducing_gap=3.0)


def _smaller_pdfs(opened: OpenedFile, limit: int) -> Iterator[Copy]:
    """The pages of a scanned PDF as JPEGs in a PDF, the best that fits first."""
    for scale, quality in ((1.0, 90), (1.0, _GOOD_QUALITY), (0.7, _GOOD_QUALITY), (0.7, 70), (0.5, _GOOD_QUALITY)):
        file = io.BytesIO()
        pages = (_scaled(Pillow.fromarray(page.image()[:, :, ::-1]), scale) for page in opened.pages)
        first = next(pages)
        more: dict[str, Any] = {"save_all": True, "append_images": pages, "quality": quality}
        first.save(file, "PDF", resolution=_DPI * scale, **more)
        if file.tell() <= limit:
            yield Copy(file.getvalue(), "pdf", first.size, quality)


def _read(copy: Copy, reading: Reading) -> list[Document]:
    path = reading.work / f"copy{copy.suffix}"
    path.write_bytes(copy.data)
    return read_documents(SubmittedFile(path, path.name), reading)


def _text_height(documents: Sequence[Document]) -> float | None:
    """The height of the lowest text a field was read from, pixels of the page as it was read."""
    heights = [
        max(y for _, y in field.box) - min(y for _, y in field.box)
        for report, _ in documents
        for field in report.fields.values()
        if field.box is not None and field.status is not Status.MISSING
    ]
    return min(heights, default=None)


def _fields(documents: Sequence[Document]) -> dict[tuple[int, str], FieldValue]:
    """What was read, by part and name; raises DocumentError where nothing of the file can be read."""
    for _, filed in documents:
        if filed.unreadable:
            raise DocumentError(filed.findings[0].code, filed.findings[0].message.en)
    sure = (Status.READ, Status.VERIFIED)
    return {(r.part, name): f.value for r, _ in documents for name, f in r.fields.items() if f.status in sure}


def _read_alike(before: dict[tuple[int, str], FieldValue], after: dict[tuple[int, str], FieldValue]) -> bool:
    """Whether every field that was read is read again with the same characters; marks between them may differ."""
    return all(key in after and _characters(after[key]) == _characters(value) for key, value in before.items())


def _characters(value: FieldValue) -> FieldValue:
    return "".join(c for c in value if c.isalnum()) if isinstance(value, str) else value
