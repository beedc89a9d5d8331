"""Portrait of a person, for a badge. The slot it is put into tells it, no print."""

from __future__ import annotations

from extractors.model import DocumentType

DOCUMENT_TYPE = DocumentType(
    id="portrait_photo",
    zh="个人证件照",
    en="portrait of the person",
    fields=(),
    extract=lambda _: {},
    photo=True,
)
