"""Photo of a person holding a document up: no print tells it, the slot it is put into does."""

from __future__ import annotations

from extractors.model import DocumentType

DOCUMENT_TYPE = DocumentType(
    id="handheld_photo",
    zh="手持证件照片",
    en="photo of a person holding the document",
    fields=(),
    extract=lambda _: {},
    photo=True,
)
