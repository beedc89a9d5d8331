"""Photo of a factory: production line, warehouse, equipment. The slot it is put into tells it, no print."""

from __future__ import annotations

from extractors.model import DocumentType

DOCUMENT_TYPE = DocumentType(
    id="factory_photo",
    zh="工厂实景照片",
    en="photo of the factory",
    fields=(),
    extract=lambda _: {},
    photo=True,
)
