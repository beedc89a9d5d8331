"""From one file to the documents in it: open, read, tell apart, extract, prove, measure."""

from __future__ import annotations

import shutil
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from extractors.errors import DocumentError
from extractors.model import Box, Classification, DocumentType, Page, Record, Source, TextLine
from extractors.registry import UNKNOWN, classify, document_types, label_words
from extractors.registry import extract as extract_record
from pipeline.archive import unpack
from pipeline.codes import plain_codes
from pipeline.confirming import confirmed
from pipeline.invoices import with_code
from pipeline.ocr import Reader, open_reader
from pipeline.opening import open_file
from pipeline.orientation import turned
from pipeline.pages import Carried, Image, OpenedFile, OpenedPage
from pipeline.parts import split
from pipeline.photos import camera
from pipeline.pictures import Wanted, measure_pictures
from pipeline.reading import ReadPage, read_page
from pipeline.report import DocumentReport, PageReport
from pipeline.second_reading import read_doubtful_again, read_finer, read_laid_flat, seals_on
from pipeline.settings import Settings
from pipeline.submission import SubmittedFile
from validators.carriers import join_carriers
from validators.case import FiledDocument
from validators.findings import Finding, finding
from validators.invoice_proofs import InvoiceProof, invoice_proofs
from validators.prove import prove
from validators.quality.breaks import broken_rows
from validators.quality.covers import Closer, touch
from validators.quality.judgement import judge_picture, places_of
from validators.quality.marks import missing_marks
from validators.quality.measures import Measured, measure, with_fields
from validators.quality.patches import patches
from validators.quality.rings import is_copied
from validators.quality.seams import ragged_folds
from validators.quality.signs import screen_photo, signs
from validators.quality.smears import smears
from validators.quality.tears import torn_rows
from validators.quality.traces import grid
from validators.signatures import Integrity

# A file whose first pages are none of ours is no submission's document: the rest would only cost time.
_TRIED = 3
_LOOKED_AT = 4  # pages of a document whose pictures are judged
_KEPT = 3  # pages of one file whose pictures are kept in memory
_SURE = 0.9  # confidence from which a type tells what a page must bear

Progress = Callable[[str], None]


Document = tuple[DocumentReport, FiledDocument]


@dataclass(frozen=True, slots=True)
class _Part:
    """One document in a file: what it was taken for, its pages, and its data where the file carries that."""

    told: Classification
    pages: list[ReadPage]
    carried: Carried | None = None

    @property
    def source(self) -> Source:
        """How its values were read: as data, as a text layer, or by OCR as soon as one page was."""
        if self.carried:
            return self.carried.source
        sources = {page.page.source for page in self.pages}
        if Source.OCR in sources:
            return Source.OCR
        # Text objects of an OFD name no fields: they are read by place like a PDF's.
        return Source.TEXT if sources == {Source.OFD} else self.pages[0].page.source


def _as_data(carried: Carried) -> Classification:
    return Classification(carried.record.type, 1.0, (carried.source.value,))


def _private_folder() -> Path:
    return Path(tempfile.mkdtemp(prefix="heyan-"))


@dataclass
class Reading:
    """One run over some files: the reader, the limits, and what is worth keeping of each page."""

    settings: Settings
    reader: Reader | None = None
    progress: Progress = lambda _: None
    wants: Wanted = field(default_factory=Wanted)
    timings: dict[str, float] = field(default_factory=dict)
    work: Path = field(default_factory=_private_folder)  # what bundles are unpacked to; gone when the run is
    opened: dict[str, tuple[OpenedFile, dict[int, int]]] = field(default_factory=dict)  # file → rotation by page

    def __post_init__(self) -> None:
        weakref.finalize(self, shutil.rmtree, self.work, ignore_errors=True)

    def engine(self) -> Reader:
        """The OCR engine, loaded when the first picture needs it."""
        if self.reader is None:
            self.progress("loading the OCR engine")
            with self.timed("load_engine"):
                self.reader = open_reader(self.settings)
        return self.reader

    def forget(self) -> None:
        """Let go of the files read so far, and of what bundles were unpacked to: nothing more is shown of them."""
        self.opened.clear()
        for folder in self.work.iterdir():
            shutil.rmtree(folder, ignore_errors=True)

    @contextmanager
    def timed(self, step: str) -> Iterator[None]:
        start = time.perf_counter()
        try:
            yield
        finally:
            self.timings[step] = self.timings.get(step, 0.0) + (time.perf_counter() - start) * 1000

    def picture(self, file: str, page: int) -> Image | None:
        """A page as it was read, decoded anew."""
        if file not in self.opened:
            return None
        opened, rotations = self.opened[file]
        try:
            image = opened.pages[page - 1].image()
        except (DocumentError, IndexError):
            return None
        return turned(image, rotations.get(page, 0))


def read_documents(file: SubmittedFile, reading: Reading, *, bundled: bool = False) -> list[Document]:
    """The documents in one file, as reported and as the checks see them. A file that cannot be used is one, unread.

    A bundle that lies in a bundle (`bundled`) is not opened: nobody packs papers so.
    """
    try:
        with reading.timed("open"):
            opened = open_file(file.here, file.name, reading.settings)
        if opened.format != "zip":
            return _documents(file, opened, reading)
        if bundled:
            raise DocumentError("FILE_ARCHIVE_NESTED")
        return _bundled(file, reading)
    except DocumentError as error:
        return [unread(file, error)]


def _bundled(bundle: SubmittedFile, reading: Reading) -> list[Document]:
    """The documents in the files of a bundle; what cannot be a document is told with the first of them."""
    with reading.timed("open"):
        inside = unpack(bundle, Path(tempfile.mkdtemp(dir=reading.work)), reading.settings)
    documents = [document for file in inside.files for document in read_documents(file, reading, bundled=True)]
    documents += [unread(file, error) for file, error in inside.broken]
    ignored = tuple(finding("FILE_IGNORED", document=name) for name in inside.others)
    return [
        (report, replace(filed, findings=(*(ignored if number == 0 else ()), *filed.findings)))
        for number, (report, filed) in enumerate(documents)
    ]


def _documents(file: SubmittedFile, opened: OpenedFile, reading: Reading) -> list[Document]:
    """First what the file carries as data, then what its other pages show."""
    carried_pages = {number for carried in opened.carried for number in carried.pages}
    pages = _read_pages(opened, reading, carried_pages, every=file.slot in reading.wants.photos)
    reading.opened[file.name] = (opened, {page.page.number: page.rotation for page in pages})
    by_number = {page.page.number: page for page in pages}
    parts = [_Part(_as_data(c), [by_number[n] for n in c.pages if n in by_number], c) for c in opened.carried]
    if shown := [page for page in pages if page.page.number not in carried_pages]:
        parts += [_Part(*part) for part in reading.wants.parts(file.slot, shown, split(shown))]
    return [_document(file, opened, number, part, reading) for number, part in enumerate(parts, 1)]


def _read_pages(opened: OpenedFile, reading: Reading, carried: Set[int], *, every: bool) -> list[ReadPage]:
    """The pages of a file; the rest of a long one that begins with pages nobody can name is left, unless `every`.

    Pages that show what the file carries as data need not be read: their text is compared where it is opened.
    """
    pages: list[ReadPage] = []
    for number in range(1, len(opened.pages) + 1):
        if number in carried and opened.pages[number - 1].lines is None:
            pages.append(_shown(opened.pages[number - 1]))
            continue
        pages.append(_read(opened, number, reading))
        known = every or opened.carried or opened.format == "xlsx"
        if number == _TRIED and not known and all(classify([p.page]).type == UNKNOWN for p in pages):
            break
    return pages


def _shown(page: OpenedPage) -> ReadPage:
    return ReadPage(Page(page.number, page.width, page.height, (), page.source), None, 0)


def _read(opened: OpenedFile, number: int, reading: Reading) -> ReadPage:
    page = opened.pages[number - 1]
    several = f", page {number} of {len(opened.pages)}" if len(opened.pages) > 1 else ""
    reading.progress(f"reading {opened.name}{several}")
    if page.lines is None:
        with reading.timed("open"):
            image = page.image()  # a damaged picture is told before the engine is loaded for it
        page = replace(page, image=lambda: image)
        reading.engine()
    with reading.timed("read"):
        read = read_page(page, reading.reader, label_words())
    read = _looked_at(read, reading)
    if read.picture is None or len(opened.pages) <= _KEPT:
        return read
    # Pictures of many pages would fill the memory: they are decoded again where they are needed.
    return replace(read, picture=lambda: turned(page.image(), read.rotation))


def _looked_at(read: ReadPage, reading: Reading) -> ReadPage:
    """A page with the measures of its picture; read again if nobody could name it as it lies."""
    if (image := read.image) is None or reading.reader is None:
        return read
    with reading.timed("quality"):
        read = replace(read, measured=measure(image, read.page.lines))
    if classify([read.page]).type != UNKNOWN:
        return read
    with reading.timed("second_reading"):
        again = read_laid_flat(read, reading.reader)
    return again if again is read else replace(again, measured=measure(image, again.page.lines))


def _document(file: SubmittedFile, opened: OpenedFile, number: int, part: _Part, reading: Reading) -> Document:
    told, pages = part.told, part.pages
    findings = list(_about_file(file, opened, reading) if number == 1 else ())
    record, proven = _record(file, opened, number, part, reading)
    findings += proven
    kind = document_types().get(told.type)
    with reading.timed("quality"):
        record, quality, flaws = _judged(record, kind, pages, file.name, number, sure=told.confidence >= _SURE)
        findings += flaws
    with reading.timed("pictures"):
        picture = measure_pictures(
            told.type, pages, opened, reading.wants, reading.settings, reading.engine,
            lambda page: reading.picture(file.name, page),
        )  # fmt: skip
    report = DocumentReport(
        file=file.name, part=number, sha256=opened.sha256, bytes=opened.bytes, format=opened.format, slot=file.slot,
        type=told.type, side=record.side, type_confidence=told.confidence, type_reasons=told.reasons,
        pages=[_page_report(p) for p in pages], fields=record.fields, quality=quality, signatures=opened.signatures,
    )  # fmt: skip
    pictured = bool(pages) and pages[0].picture is not None
    filed = FiledDocument(
        file=file.name, record=record, part=number, slot=file.slot, type_confidence=told.confidence,
        bytes=opened.bytes, format=opened.format, pages=len(pages), source=part.source,
        caption=file.caption, size=(pages[0].page.width, pages[0].page.height) if pictured else None,
        quality=quality, picture=picture, findings=tuple(findings),
    )  # fmt: skip
    return report, filed


def _about_file(file: SubmittedFile, opened: OpenedFile, reading: Reading) -> Iterator[Finding]:
    """What is said once of a file, however many documents it holds."""
    yield from opened.findings
    if unread := len(opened.pages) - len(reading.opened[file.name][1]):
        yield finding("FILE_PAGES_NOT_READ", document=file.name, actual=unread)
    if file.slot not in reading.wants.photos and (editors := camera(opened, reading.settings).get("editors")):
        yield finding("AUTH_PHOTO_EDITED", document=file.name, actual="、".join(editors))
    if any(signature.integrity is Integrity.BROKEN for signature in opened.signatures):
        yield finding("AUTH_SIGNATURE_BROKEN", document=file.name)


def _record(
    file: SubmittedFile, opened: OpenedFile, number: int, part: _Part, reading: Reading
) -> tuple[Record, list[Finding]]:
    """The proven fields of one document, with what was found on the way; none of a document nobody can name."""
    told, pages = part.told, part.pages
    if told.type == UNKNOWN:
        return Record(UNKNOWN, {}), []
    if part.carried:
        record = part.carried.record
        record = replace(record, extra={**record.extra, "others": part.carried.others})
    else:
        with reading.timed("extract"):
            record = extract_record([p.page for p in pages], told.type)
    if reading.reader is not None and not part.carried:
        with reading.timed("second_reading"):
            record = confirmed(read_doubtful_again(record, pages, reading.reader), pages, reading.reader)
    if told.type == "vat_invoice":
        with reading.timed("codes"):
            record = with_code(record, [p.picture or _sketch(opened.pages[p.page.number - 1]) for p in pages])
        if reading.reader is not None and not part.carried:
            with reading.timed("second_reading"):
                record = read_finer(record, pages, reading.reader, reading.settings)
    with reading.timed("prove"):
        return prove(record, document_types()[told.type], document=file.name, part=number, source=part.source)


def _sketch(page: OpenedPage) -> Callable[[], Image]:
    return page.sketch or page.image


def unread(file: SubmittedFile, error: DocumentError) -> Document:
    """A file that could not be used, as the one document it stands for."""
    problem = finding(error.code, document=file.name, **error.data)
    empty = Record(UNKNOWN, {})
    filed = FiledDocument(file=file.name, record=empty, slot=file.slot, unreadable=True, findings=(problem,))
    return DocumentReport(file=file.name, slot=file.slot), filed


def _judged(
    record: Record, kind: DocumentType | None, pages: Sequence[ReadPage], file: str, part: int, *, sure: bool
) -> tuple[Record, dict[str, Any], list[Finding]]:
    """The record with what the pictures of its pages make doubtful, their measures, and what is wrong with them.

    Measures are those of the first page, and of the key fields of all (`fields`); a page that is data has none. Text on
    a photo is by the way: nobody asks that it be large and sharp.
    """
    quality: dict[str, Any] = {}
    findings: list[Finding] = []
    for number, page in enumerate(pages[:_LOOKED_AT]):
        if (measured := page.measured) is None or (image := page.image) is None:
            continue
        places = places_of(record, kind, page.page)
        measured = with_fields(measured, image, places)
        quality = quality or {**measured.page, "fields": {}}
        quality["fields"] |= measured.fields
        if kind is not None and kind.photo:
            continue
        judged = judge_picture(
            measured, record, kind, document=file, page=page.page, part=part, first=number == 0,
            closer=_closer(image, page.page.lines),
        )  # fmt: skip
        record, findings = judged.record, [*findings, *judged.findings]
        if kind is not None:
            findings += _signs(image, page, kind, measured, places, file, part, judged.findings, sure=sure)
        else:
            findings += screen_photo(page.page, document=file, part=part, grid=grid(image, measured.even))
    return record, quality, findings


def _closer(image: Image, lines: Sequence[TextLine]) -> Closer:
    return Closer(
        seals=partial(seals_on, image),
        tears=partial(torn_rows, image, lines),
        smears=partial(smears, image, lines),
        folds=lambda: broken_rows(lines) or ragged_folds(image, lines),
    )


def _signs(
    image: Image, read: ReadPage, kind: DocumentType, measured: Measured, places: Mapping[str, Box], file: str,
    part: int, flaws: Sequence[Finding], *, sure: bool,
) -> Iterator[Finding]:  # fmt: skip
    """What a page shows of how it was made. What it does not show is a sign where it has no `flaws` only; what differs
    from its surroundings for a flaw, none of another hand."""
    page, colour = read.page, measured.page["colour"]
    codes = plain_codes(image) if kind.id == "business_licence" else []
    missing = missing_marks(image, page, kind, colour=colour) if sure and not flaws else []
    known = [seen.box for flaw in flaws for seen in flaw.evidence if seen.box]
    unlike = patches(image, page.lines, places.values(), read.steps, measured.even)
    yield from signs(
        page, kind, document=file, part=part, grid=grid(image, measured.even), codes=codes, missing=missing,
        copied=is_copied(image, kind, colour=colour),
        patches=[patch for patch in unlike if not any(touch(patch.box, box) for box in known)],
    )  # fmt: skip


def _page_report(page: ReadPage) -> PageReport:
    p = page.page
    return PageReport(number=p.number, width=p.width, height=p.height, rotation=page.rotation, source=Source(p.source))


def joined(documents: Sequence[Document]) -> list[Document]:
    """The documents once several carriers of one invoice were held against each other, with what is proven of each."""
    filed = join_carriers([filed for _, filed in documents])
    return [
        (report.model_copy(update={"fields": f.record.fields, "copy_of": f.copy_of, "proofs": _proofs(f.record)}), f)
        for (report, _), f in zip(documents, filed, strict=True)
    ]


def _proofs(record: Record) -> tuple[InvoiceProof, ...]:
    return invoice_proofs(record) if record.type == "vat_invoice" else ()
