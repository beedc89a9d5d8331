"""Every document type, found by itself: a module of `extractors/` that has `DOCUMENT_TYPE` registers it.

`classify` tells documents apart by the words on them: a title counts most (`extractors.titles`), labels
add up, words of another type count against. A page with a large title of its own that is none of ours is
of no type, however many of our labels it carries.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

import extractors
from extractors.model import Classification, DocumentType, Field, Page, Record
from extractors.titles import ALONE, Headlines, Vocabulary, plain

UNKNOWN = "unknown"
_WORD, _AGAINST, _OTHER_TITLE = 1.0, -3.0, -8.0
# A type is told when its evidence reaches this sum: a title with one label, or four labels without a title.
_ENOUGH = 4.0
_TOLD_BY = 400  # lines of a page that tell its type: the head of a long sheet, all of any print


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
        if len(word) > (3 if word.isascii() else 1)  # "No" and "<<<" are seen in anything
    )


@dataclass(frozen=True, slots=True)
class _Signs:
    """What tells one type, as text is compared (`plain`); its words also as they are declared."""

    kind: DocumentType
    titles: tuple[str, ...]
    words: tuple[tuple[str, str], ...]
    against: tuple[str, ...]
    needs: tuple[str, ...]


@cache
def _signs() -> tuple[_Signs, ...]:
    return tuple(
        _Signs(
            kind,
            tuple(map(plain, kind.titles)),
            tuple((plain(word), word) for word in kind.words),
            tuple(map(plain, kind.against)),
            tuple(map(plain, kind.needs)),
        )
        for kind in document_types().values()
        if not kind.photo
    )


@cache
def _vocabulary() -> Vocabulary:
    titles = dict.fromkeys(plain(title) for kind in document_types().values() for title in kind.titles)
    return Vocabulary(tuple(titles), tuple(dict.fromkeys((*titles, *map(plain, label_words())))))


def classify(pages: Sequence[Page]) -> Classification:
    """What kind of document these pages are, with a confidence in 0..1 and the words that told it."""
    pages = [replace(page, lines=page.lines[:_TOLD_BY]) for page in pages]
    heads = Headlines(pages, _vocabulary())
    # Split labels (名 … 称) are only words once a page's lines are run together.
    text = "".join(plain(line.text) for page in pages for line in page.lines)
    sources = {page.source for page in pages}
    scored = sorted(
        ((*_evidence(signs, heads, text, pages), signs.kind.id) for signs in _signs() if sources <= signs.kind.sources),
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


def _evidence(signs: _Signs, heads: Headlines, text: str, pages: Sequence[Page]) -> tuple[float, list[str]]:
    if signs.needs and not any(word in text for word in signs.needs):
        return 0.0, []
    score, title = heads.best(signs.titles)
    told = [word for plain_word, word in signs.words if plain_word in text]
    score += _WORD * len(told) + _AGAINST * sum(word in text for word in signs.against)
    if signs.kind.built_as and signs.kind.built_as(pages):
        score += ALONE
    if heads.of_another:
        score += _OTHER_TITLE
    return score, [title, *told] if title else told
