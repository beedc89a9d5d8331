"""Translation of a document (翻译件): told by the slot it is put into; what counts is the seal on it."""

from __future__ import annotations

from extractors.model import DocumentType

DOCUMENT_TYPE = DocumentType(
    id="translation", zh="翻译件", en="translation", fields=(), extract=lambda pages: {}, photo=True
)
