"""What one file gives, as it is kept: under no name of its own, so that the same content is read once.

Readings are made under a name that stands for any (`pipeline/versions.py`); whoever uses one gives it the name, the
slot and the caption of the submission it is used in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pipeline.documents import Document
from pipeline.store.codec import pack, unpack
from pipeline.submission import SubmittedFile
from pipeline.versions import nameless


@dataclass(frozen=True, slots=True)
class StoredReading:
    """The documents of a file as a submission names it, and the engine that read them: empty where none was needed."""

    documents: list[Document]
    engine: dict[str, Any]


def without_name(file: SubmittedFile) -> SubmittedFile:
    """The file as it is read: what another submission would call it must not show."""
    return replace(file, name=nameless(file.name), caption="")


def packed(documents: Sequence[Document], engine: Mapping[str, Any]) -> bytes:
    """A reading as the store keeps it."""
    return pack((list(documents), dict(engine)))


def unpacked(body: bytes, file: SubmittedFile) -> StoredReading:
    """A reading for a file of a submission. StoreError where it is damaged."""
    documents, engine = unpack(body, {nameless(file.name): file.name})
    return StoredReading(
        [
            (report.model_copy(update={"slot": file.slot}), replace(filed, slot=file.slot, caption=file.caption))
            for report, filed in documents
        ],
        engine,
    )


def was_changed(documents: Sequence[Document], file: SubmittedFile, sha256: str) -> bool:
    """Whether the file was another one when it was read than when it was looked at, or was gone."""
    read = {report.sha256 for report, _ in documents if report.file == nameless(file.name) and report.sha256}
    gone = any(found.code == "FILE_NOT_FOUND" for _, filed in documents for found in filed.findings)
    return bool(read - {sha256}) or (gone and len(sha256) == 64)  # a stand-in is no SHA-256
