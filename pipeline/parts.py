"""Which pages of a file belong together: a PDF may hold a licence, both sides of an ID card and a permit."""

from __future__ import annotations

from collections.abc import Sequence

from extractors.model import Classification, Source
from extractors.registry import UNKNOWN, classify, document_types
from pipeline.reading import ReadPage

Part = tuple[Classification, list[ReadPage]]


def split(pages: Sequence[ReadPage]) -> list[Part]:
    """Documents in page order. A page nobody can name continues the document before it."""
    parts: list[Part] = []
    for page in pages:
        told = classify([page.page])
        if parts and _continues(parts[-1], told, page):
            parts[-1][1].append(page)
        else:
            parts.append((told, [page]))
    return [(classify([p.page for p in group]) if len(group) > 1 else told, group) for told, group in parts]


def _continues(part: Part, told: Classification, page: ReadPage) -> bool:
    before, pages = part
    if page.page.source is Source.XLSX:
        # Sheets of explanations and lists of choices belong to the form beside them.
        return UNKNOWN in (told.type, before.type) or told.type == before.type
    if told.type == UNKNOWN:
        return bool(page.page.lines) or before.type == UNKNOWN
    if told.type != before.type:
        return False
    sides = document_types()[told.type].sides
    if sides is None:
        return False
    # Front and back on two pages are one card; two fronts are two.
    return {sides([p.page for p in pages]), sides([page.page])} == {"front", "back"}
