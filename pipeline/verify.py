"""The main path: one submission from bytes to report.

Each file is read into documents (`pipeline/documents.py`: open → read → tell apart → extract → prove
→ measure); the documents go into the profile's slots, are judged, and become a report.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from extractors.registry import UNKNOWN
from pipeline.authenticity import open_authenticity
from pipeline.documents import Document, Progress, Reading, joined, read_documents
from pipeline.invoice_index import open_document_index, open_invoice_index
from pipeline.ocr import Reader
from pipeline.pages import Image
from pipeline.photo_index import open_photo_index, owner_of, remember
from pipeline.pictures import wanted
from pipeline.registry import open_registry
from pipeline.report import Extraction, Report
from pipeline.settings import Settings
from pipeline.submission import Submission, SubmittedFile, chosen_profile
from validators.authenticity import Authenticity
from validators.case import Case, FiledDocument
from validators.document_index import DocumentIndex, with_other_owners
from validators.expired import expired
from validators.findings import Finding, finding
from validators.invoice_index import InvoiceIndex, with_earlier_uses
from validators.judge import judge
from validators.loading import load_profiles
from validators.photo_index import PhotoIndex
from validators.profile import Profile
from validators.registry import Registry
from validators.slots import assign


@dataclass(frozen=True)
class Checked:
    """A report, the profile it was judged by, and the upright picture of any page: None where there is none."""

    report: Report
    profile: Profile
    pictures: Callable[[str, int], Image | None]


@dataclass(frozen=True)
class Sources:
    """What a profile's checks ask beside the documents: each None where it is not asked, or no setting names it."""

    registry: Registry | None = None
    authenticity: Authenticity | None = None
    invoices: InvoiceIndex | None = None
    photos: PhotoIndex | None = None
    documents: DocumentIndex | None = None


def verify(
    submission: Submission,
    *,
    settings: Settings,
    as_of: date,
    reader: Reader | None = None,
    progress: Progress | None = None,
) -> Checked:
    """One submission judged by its profile as of a date.

    Raises UsageError and EngineError; a bad file becomes a finding.
    """
    start = time.perf_counter()
    profile = profile_of(submission, settings)
    sources = open_sources(profile, settings, progress)
    reading = Reading(settings, reader, progress or (lambda _: None), wanted(profile))
    documents = [pair for file in submission.files for pair in read_documents(file, reading)]
    reading.progress("checking")
    with reading.timed("judge"):
        report, _ = judged(submission, documents, profile, sources, as_of)
    reading.timings["total"] = (time.perf_counter() - start) * 1000
    engine = reading.reader.describe() if reading.reader else {"engine": "none needed"}
    timings = {step: round(ms, 1) for step, ms in reading.timings.items()}
    return Checked(report.model_copy(update={"engine": engine, "timings_ms": timings}), profile, reading.picture)


def open_sources(profile: Profile, settings: Settings, progress: Progress | None = None) -> Sources:
    """The sources a profile's checks ask, opened once for any number of submissions. Raises UsageError."""
    asked = {check.check for check in profile.checks}
    return Sources(
        open_registry(settings, progress) if "registry_agrees" in asked else None,
        open_authenticity(settings) if "invoice_authentic" in asked else None,
        open_invoice_index(settings),
        open_photo_index(settings) if "own_photos" in asked else None,
        open_document_index(settings),
    )


def judged(
    submission: Submission, documents: Sequence[Document], profile: Profile, sources: Sources, as_of: date
) -> tuple[Report, Case]:
    """The report on documents that were read, now or earlier, and the case it was judged on. Nothing is read here."""
    documents = joined(documents)
    filed = assign(profile, (filed for _, filed in documents), submission.declared)
    owner = owner_of(submission.declared)
    hashes = [report.sha256 for report, _ in documents]
    if sources.documents:
        filed = with_other_owners(filed, sources.documents, owner, submission.name, as_of, hashes)
    if sources.invoices:
        whose = f"{owner} {sha256(submission.origin.encode()).hexdigest()}"  # many folders are called "documents"
        filed = with_earlier_uses(filed, sources.invoices, whose, submission.name, as_of, hashes)
    case = Case(
        profile, submission.declared, filed, as_of, submission.earlier,
        sources.registry, sources.photos, sources.authenticity,
    )  # fmt: skip
    verdict, checks, findings = judge(case)
    findings += [finding("FILE_IGNORED", document=name) for name in submission.ignored]
    if sources.photos:
        remember(sources.photos, filed, owner, submission.name)
    report = Report(
        submission=submission.name,
        profile=profile.id,
        as_of=as_of.isoformat(),
        verdict=verdict,
        declared=_shown(submission.declared, profile),
        documents=[
            report.model_copy(update={"slot": f.slot, "type": f.type})
            for (report, _), f in zip(documents, filed, strict=True)
        ],
        findings=findings,
        checks=checks,
        notes=[note.model_dump() for note in profile.notes],
    )
    return report, case


def _shown(declared: dict[str, Any], profile: Profile) -> dict[str, Any]:
    """What was declared, without what must not be kept (passwords)."""
    secret = {key for key, spec in profile.declared.items() if spec.hidden}
    return {key: "••••••" if key in secret else value for key, value in declared.items()}


def extract(
    paths: Sequence[Path],
    *,
    settings: Settings,
    reader: Reader | None = None,
    progress: Progress | None = None,
    as_of: date | None = None,
) -> Extraction:
    """The fields of single documents, in the order given, with what is wrong with each; no rules of a platform.

    Cards of persons that are over are told as of a day, where one is given.
    """
    reading = Reading(settings, reader, progress or (lambda _: None))
    documents = joined([pair for path in paths for pair in read_documents(SubmittedFile(path, str(path)), reading)])
    return Extraction(
        documents=[report for report, _ in documents],
        findings=[
            f for _, filed in documents
            for f in (*filed.findings, *_unnamed(filed), *(expired([filed], as_of) if as_of else ()))
        ],
    )  # fmt: skip


def _unnamed(filed: FiledDocument) -> list[Finding]:
    """A document no type fits must not look as if it had been checked."""
    told = filed.unreadable or any(f.code == "FILE_PAGES_NOT_READ" for f in filed.findings)
    if filed.type != UNKNOWN or told:
        return []
    return [finding("TYPE_NOT_RECOGNISED", document=filed.file, evidence=filed.evidence())]


def profile_of(submission: Submission, settings: Settings) -> Profile:
    """The profile a submission names; SubmissionError when there is none, or it names slots the profile has not."""
    return chosen_profile(submission, load_profiles(settings.profiles))
