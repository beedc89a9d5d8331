"""The ledger of a folder of invoices: every invoice once, with what was proven of it and where it turns up again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from extractors.errors import DocumentError, HeyanError
from extractors.model import Item, Source
from pipeline.documents import Document, Progress, Reading, joined, read_documents, unread
from pipeline.invoice_index import open_invoice_index
from pipeline.ocr import Reader
from pipeline.report import DocumentReport
from pipeline.settings import Settings
from pipeline.submission import SUFFIXES, SubmittedFile
from validators.findings import Finding, Verdict
from validators.invoice_index import with_earlier_uses

_DUPLICATE = "INVOICE_DUPLICATE"


@dataclass(frozen=True, slots=True)
class Entry:
    """One invoice: the best of its carriers, the files of the others, and what was found about it."""

    report: DocumentReport
    source: Source
    findings: tuple[Finding, ...]
    also_in: tuple[str, ...] = ()

    @property
    def items(self) -> list[Item]:
        found = self.report.fields.get("items")
        value = found.value if found else None
        return [item for item in value if isinstance(item, Item)] if isinstance(value, list) else []

    @property
    def is_duplicate(self) -> bool:
        return any(found.code == _DUPLICATE for found in self.findings)

    @property
    def failed(self) -> tuple[str, ...]:
        """Proofs that came out wrong, by id."""
        return tuple(proof.id for proof in self.report.proofs if proof.result == "failed")

    @property
    def unproven(self) -> tuple[str, ...]:
        """Proofs that could not be done, by id."""
        return tuple(proof.id for proof in self.report.proofs if proof.result == "not_checked")

    @property
    def verdict(self) -> Verdict:
        """What the worst finding about it leads to; a failed proof asks for a person at least."""
        worst = max((found.verdict for found in self.findings), key=lambda v: v.rank, default=Verdict.ACCEPT)
        return Verdict.REVIEW if worst is Verdict.ACCEPT and self.failed else worst


@dataclass(slots=True)
class Ledger:
    """`others` are the files that gave no invoice, with what is wrong with them or what they are."""

    entries: list[Entry] = field(default_factory=list)
    others: list[Entry] = field(default_factory=list)
    files: int = 0
    complete: bool = True

    @property
    def needs_a_look(self) -> bool:
        return bool(self.others) or any(entry.verdict is not Verdict.ACCEPT for entry in self.entries)


def invoice_files(folder: Path) -> list[Path]:
    """The files under a folder that may hold invoices, by name; links, hidden files and other formats are left out."""
    found = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    shown = (path for path in found if not any(part.startswith(".") for part in path.relative_to(folder).parts))
    return sorted(path for path in shown if path.suffix.lower() in SUFFIXES - {""})


def read_ledger(
    files: Sequence[Path],
    folder: Path,
    *,
    settings: Settings,
    reader: Reader | None = None,
    progress: Progress | None = None,
) -> Ledger:
    """The ledger of these files, named by their place in `folder`. Interrupted, it holds what was read until then."""
    told = progress or (lambda _: None)
    ledger, documents = Ledger(), []
    reading = Reading(settings, reader)
    try:
        for number, path in enumerate(files, 1):
            name = str(path.relative_to(folder))
            reading.progress = lambda step, n=number: told(f"{n}/{len(files)} {step}")  # type: ignore[misc]
            documents += _read(SubmittedFile(path, name), reading)
            reading.forget()  # a folder of thousands must fill neither the memory nor the disk
            ledger.files = number
    except KeyboardInterrupt:
        ledger.complete = False
    for entry in _entries(_with_earlier_uses(joined(documents), folder, settings)):
        (ledger.entries if entry.report.type == "vat_invoice" else ledger.others).append(entry)
    return ledger


def _read(file: SubmittedFile, reading: Reading) -> list[Document]:
    """The documents of one file; a fault of ours costs that file, never the ledger."""
    try:
        return read_documents(file, reading)
    except HeyanError:
        raise
    except Exception as error:  # told as a finding, by its kind only: its message might hold document text
        return [unread(file, DocumentError("FILE_NOT_PROCESSED", error=type(error).__name__))]


def _with_earlier_uses(documents: Sequence[Document], folder: Path, settings: Settings) -> list[Document]:
    """The documents, invoices told that were used elsewhere before, where such are remembered (HEYAN_INVOICE_INDEX)."""
    index = open_invoice_index(settings)
    if index is None:
        return list(documents)
    reports = [report for report, _ in documents]
    hashes = (report.sha256 for report in reports)
    name = str(folder.resolve())
    filed = with_earlier_uses([filed for _, filed in documents], index, "", name, date.today(), hashes)
    return list(zip(reports, filed, strict=True))


def _entries(documents: Sequence[Document]) -> Iterator[Entry]:
    """One entry a document, but none for the weaker carriers of an invoice: their files are told with the best."""
    also: dict[tuple[str, int], list[str]] = {}
    for report, _ in documents:
        if report.copy_of:
            also.setdefault(report.copy_of, []).append(report.file)
    for report, filed in documents:
        if report.copy_of is None:
            yield Entry(report, filed.source, filed.findings, tuple(also.get((report.file, report.part), ())))
