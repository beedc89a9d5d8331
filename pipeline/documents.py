"""From one file to the documents in it: open, read, tell apart, extract, prove, measure."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import Any

from extractors.errors import DocumentError
from extractors.model import Record, Source
from extractors.registry import UNKNOWN, classify, document_types, label_words
from extractors.registry import extract as extract_record
from pipeline.ocr import Reader, open_reader
from pipeline.opening import open_file
from pipeline.orientation import turned
from pipeline.pages import Image, OpenedFile
from pipeline.parts import Part, split
from pipeline.pictures import Wanted, measure_pictures
from pipeline.reading import ReadPage, read_page
from pipeline.report import DocumentReport, PageReport
from pipeline.second_reading import read_doubtful_again
from pipeline.settings import Settings
from pipeline.submission import SubmittedFile
from validators.case import FiledDocument
from validators.findings import Finding, finding
from validators.prove import prove
from validators.quality import measure, quality_findings

# A file whose first pages are none of ours is no submission's document: the rest would only cost time.
_TRIED = 3
_KEPT = 3  # pages of one file whose pictures are kept in memory

Progress = Callable[[str], None]


@dataclass
class Reading:
    """One run over some files: the reader, the limits, and what is worth keeping of each page."""

    settings: Settings
    reader: Reader | None = None
    progress: Progress = lambda _: None
    wants: Wanted = field(default_factory=Wanted)
    timings: dict[str, float] = field(default_factory=dict)
    opened: dict[str, tuple[OpenedFile, dict[int, int]]] = field(default_factory=dict)  # file → rotation by page

    def engine(self) -> Reader:
        """The OCR engine, loaded when the first picture needs it."""
        if self.reader is None:
            self.progress("loading the OCR engine")
            with self.timed("load_engine"):
                self.reader = open_reader(self.settings)
        return self.reader

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


def read_documents(file: SubmittedFile, reading: Reading) -> list[tuple[DocumentReport, FiledDocument]]:
    """The documents in one file, as reported and as the checks see them. A file that cannot be used is one, unread."""
    try:
        with reading.timed("open"):
            opened = open_file(file.path, file.name, reading.settings)
        pages = _read_pages(opened, reading, every=file.slot in reading.wants.photos)
        reading.opened[file.name] = (opened, {page.page.number: page.rotation for page in pages})
        parts = reading.wants.parts(file.slot, pages, split(pages))
        return [_document(file, opened, number, part, reading) for number, part in enumerate(parts, 1)]
    except DocumentError as error:
        return [_unread(file, error)]


def _read_pages(opened: OpenedFile, reading: Reading, *, every: bool) -> list[ReadPage]:
    """The pages of a file; the rest of a long one that begins with pages nobody can name is left, unless `every`."""
    pages: list[ReadPage] = []
    for number in range(1, len(opened.pages) + 1):
        pages.append(_read(opened, number, reading))
        known = every or opened.format == "xlsx"
        if number == _TRIED and not known and all(classify([p.page]).type == UNKNOWN for p in pages):
            break
    return pages


def _read(opened: OpenedFile, number: int, reading: Reading) -> ReadPage:
    page = opened.pages[number - 1]
    several = f", page {number} of {len(opened.pages)}" if len(opened.pages) > 1 else ""
    reading.progress(f"reading {opened.name}{several}")
    if page.lines is None:
        reading.engine()
    with reading.timed("read"):
        read = read_page(page, reading.reader, label_words())
    if read.picture is None or len(opened.pages) <= _KEPT:
        return read
    # Pictures of many pages would fill the memory: they are decoded again where they are needed.
    return replace(read, picture=lambda: turned(page.image(), read.rotation))


def _document(
    file: SubmittedFile, opened: OpenedFile, number: int, part: Part, reading: Reading
) -> tuple[DocumentReport, FiledDocument]:
    told, pages = part
    findings = list(opened.findings if number == 1 else ())
    if number == 1 and (unread := len(opened.pages) - len(reading.opened[file.name][1])):
        findings.append(finding("FILE_PAGES_NOT_READ", document=file.name, actual=unread))
    record, proven = _record(file, number, part, reading)
    findings += proven
    kind = document_types().get(told.type)
    with reading.timed("quality"):
        quality = _quality(pages)
        # Text on a photo is by the way: nobody asks that it be large and sharp.
        if quality and not (kind and kind.photo):
            findings += quality_findings(quality, file.name, pages[0].page.number, number)
    with reading.timed("pictures"):
        picture = measure_pictures(
            told.type, pages, opened, reading.wants, reading.settings, reading.engine,
            lambda page: reading.picture(file.name, page),
        )  # fmt: skip
    report = DocumentReport(
        file=file.name, part=number, sha256=opened.sha256, bytes=opened.bytes, format=opened.format, slot=file.slot,
        type=told.type, side=record.side, type_confidence=told.confidence, type_reasons=told.reasons,
        pages=[_page_report(p) for p in pages], fields=record.fields, quality=quality,
    )  # fmt: skip
    filed = FiledDocument(
        file=file.name, record=record, part=number, slot=file.slot, type_confidence=told.confidence,
        bytes=opened.bytes, format=opened.format, pages=len(pages), source=_source(pages),
        caption=file.caption, size=None if pages[0].picture is None else (pages[0].page.width, pages[0].page.height),
        quality=quality, picture=picture, findings=tuple(findings),
    )  # fmt: skip
    return report, filed


def _record(file: SubmittedFile, number: int, part: Part, reading: Reading) -> tuple[Record, list[Finding]]:
    """The proven fields of one document, with what was found on the way; none of a document nobody can name."""
    told, pages = part
    if told.type == UNKNOWN:
        return Record(UNKNOWN, {}), []
    with reading.timed("extract"):
        record = extract_record([p.page for p in pages], told.type)
    if reading.reader is not None:
        with reading.timed("second_reading"):
            record = read_doubtful_again(record, pages, reading.reader)
    with reading.timed("prove"):
        return prove(record, document_types()[told.type], document=file.name, part=number, source=_source(pages))


def _unread(file: SubmittedFile, error: DocumentError) -> tuple[DocumentReport, FiledDocument]:
    problem = finding(error.code, document=file.name, **error.data)
    empty = Record(UNKNOWN, {})
    filed = FiledDocument(file=file.name, record=empty, slot=file.slot, unreadable=True, findings=(problem,))
    return DocumentReport(file=file.name, slot=file.slot), filed


def _quality(pages: Sequence[ReadPage]) -> dict[str, Any]:
    """Measures of a document's first page; a page that is data has none."""
    image = pages[0].image
    return {} if image is None else measure(image, pages[0].page.lines)


def _page_report(page: ReadPage) -> PageReport:
    p = page.page
    return PageReport(number=p.number, width=p.width, height=p.height, rotation=page.rotation, source=Source(p.source))


def _source(pages: Sequence[ReadPage]) -> Source:
    """Where a document's text comes from: one page read by OCR makes all of it OCR."""
    sources = {page.page.source for page in pages}
    return Source.OCR if Source.OCR in sources else pages[0].page.source
