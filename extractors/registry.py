"""Every document type, found by itself: a module of `extractors/` that has `DOCUMENT_TYPE` registers it.

`classify` tells documents apart by the words on them: a title counts most, labels add up, words of
another type count against.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from functools import cache

from rapidfuzz import fuzz

import extractors
from extractors.model import Classification, DocumentType, Field, Page, Record
from extractors.values import compact, simplified

UNKNOWN = "unknown"
_TITLE, _WORD, _AGAINST = 6.0, 1.0, -3.0
# A type is told when its evidence reaches this sum: a title with one label, or four labels without a title.
_ENOUGH = 4.0


@cache
def document_types() -> dict[str, DocumentType]:
    """All declared types by id. Two declarations of one id are a programming error."""
    types: dict[str, DocumentType] = {}
    for module in pkgutil.iter_modules(extractors.__path__):
        found = getattr(importlib.import_module(f"extractors.{module.name}"), "DOCUMENT_TYPE", None)
        if isinstance(found, DocumentType):
            if found.id in types:
                raise ValueError(f"document type {found.id} is declared twice")
            types[found.id] = found
    return types


@cache
def label_words() -> frozenset[str]:
    """Titles, words and labels of all types: text that holds some of them was read the right way up."""
    return frozenset(
        word
        for kind in document_types().values()
        for words in (kind.titles, kind.words, *(spec.labels for spec in kind.fields))
        for word in words
        if len(word) > 1
    )


def classify(pages: Sequence[Page]) -> Classification:
    """What kind of document these pages are, with a confidence in 0..1 and the words that told it."""
    lines = [simplified(compact(line.text)) for page in pages for line in page.lines]
    # Split labels (名 … 称) are only words once a page's lines are run together in rows.
    text = "".join(lines)
    scored = sorted(
        ((*_evidence(kind, lines, text), kind.id) for kind in document_types().values()),
        key=lambda entry: -entry[0],
    )
    if not scored:
        return Classification(UNKNOWN, 0.0)
    (best, reasons, winner), rest = scored[0], scored[1:]
    second = max((entry[0] for entry in rest), default=0.0)
    if best < _ENOUGH:
        return Classification(UNKNOWN, round(1 - max(best, 0) / (_ENOUGH * 2), 2), tuple(reasons))
    confidence = min(1.0, best / (2 * _ENOUGH)) * min(1.0, (best - max(second, 0)) / _ENOUGH + 0.5)
    return Classification(winner, round(min(confidence, 0.99), 2), tuple(reasons))


def extract(pages: Sequence[Page], type_id: str) -> Record:
    """The record of a document of a known type; every declared field is there, missing ones too."""
    kind = document_types()[type_id]
    read = kind.extract(pages)
    fields = {spec.name: read.get(spec.name, Field()) for spec in kind.fields}
    return Record(type_id, fields, kind.sides(pages) if kind.sides else "")


def _evidence(kind: DocumentType, lines: Sequence[str], text: str) -> tuple[float, list[str]]:
    score, reasons = 0.0, []
    if title := _title(kind.titles, lines):
        score += _TITLE
        reasons.append(title)
    for word in kind.words:
        if word in text:
            score += _WORD
            reasons.append(word)
    score += _AGAINST * sum(word in text for word in kind.against)
    return score, reasons


def _title(titles: Sequence[str], lines: Sequence[str]) -> str | None:
    """A title printed as a line of its own (a fifth of it may be misread: seals lie over titles)."""
    for title in titles:
        for line in lines:
            if title in line and len(line) <= len(title) + 14:
                return title
            if len(title) >= 5 and abs(len(line) - len(title)) <= 1 and fuzz.ratio(title, line) >= 80:
                return title
    return None
