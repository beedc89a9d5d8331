"""Which pages of a file belong together: a PDF may hold a licence, both sides of an ID card and a permit.

Numbered documents (invoices) may run over several pages, come with lists and further copies, or stand
one below the other on a page, which is then taken as several.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from extractors.model import Classification, Page, Paging, Source
from extractors.registry import UNKNOWN, classify, document_types
from pipeline.pages import Image
from pipeline.reading import ReadPage

Part = tuple[Classification, list[ReadPage]]
_WHITE = 255


@dataclass
class _Group:
    """A document as its pages are gathered. `named`: what its pages say of its code and number."""

    told: Classification
    pages: list[ReadPage]
    named: list[Paging] = field(default_factory=list)

    def part(self) -> Part:
        if len(self.pages) == 1 or self.named:
            return self.told, self.pages
        return classify([p.page for p in self.pages]), self.pages


def split(pages: Sequence[ReadPage]) -> list[Part]:
    """Documents in page order. A page nobody can name continues the document before it."""
    groups: list[_Group] = []
    found = [document for page in pages for document in _documents_on(page)]
    for page, told in found:
        named = _named(page.page, told, groups) if len(found) > 1 else None
        group = _numbered_alike(groups, named) if named else None
        if group is None and groups and _continues(groups[-1], told, page, named):
            group = groups[-1]
        if group is None:
            groups.append(_Group(told, [page], [named] if named else []))
        elif page.page.number not in [p.page.number for p in group.pages]:
            # A second copy on the same sheet shows nothing new.
            group.pages.append(page)
            group.named += [named] if named else []
    return [group.part() for group in groups]


def _documents_on(page: ReadPage) -> list[tuple[ReadPage, Classification]]:
    """A page, or its parts where several documents stand one below the other."""
    told = classify([page.page])
    kind = document_types().get(told.type)
    heights = kind.cuts(page.page) if kind and kind.cuts else []
    if not heights:
        return [(page, told)]
    edges = [float("-inf"), *heights, float("inf")]
    bands = [_band(page, top, bottom) for top, bottom in pairwise(edges)]
    return [(band, classify([band.page])) for band in bands]


def _band(page: ReadPage, top: float, bottom: float) -> ReadPage:
    """What stands between two heights of a page, in its place on it; the rest of the picture is white."""
    lines = tuple(line for line in page.page.lines if top <= line.centre[1] < bottom)
    whole = page.picture
    picture = None if whole is None else lambda: _whitened(whole(), top, bottom)
    return replace(page, page=replace(page.page, lines=lines), picture=picture)


def _whitened(image: Image, top: float, bottom: float) -> Image:
    shown = image.copy()
    shown[: round(max(0.0, top))] = _WHITE
    shown[round(min(bottom, len(image))) :] = _WHITE
    return shown


def _named(page: Page, told: Classification, groups: Sequence[_Group]) -> Paging | None:
    """What a page says of its number, if it is of a numbered type; a page nobody can name may be of one before it."""
    types = [told.type] if told.type != UNKNOWN else [group.told.type for group in groups[-1:]]
    hooks = [kind.paging for name in types if (kind := document_types().get(name)) and kind.paging]
    found = hooks[0](page) if hooks else None
    return found if found and (told.type != UNKNOWN or found.number) else None


def _numbered_alike(groups: Sequence[_Group], named: Paging) -> _Group | None:
    return next((g for g in reversed(groups) if any(named.same(other) for other in g.named)), None)


def _continues(before: _Group, told: Classification, page: ReadPage, named: Paging | None) -> bool:
    if page.page.source is Source.XLSX:
        # Sheets of explanations and lists of choices belong to the form beside them.
        return UNKNOWN in (told.type, before.told.type) or told.type == before.told.type
    if told.type == UNKNOWN:
        return bool(page.page.lines) or before.told.type == UNKNOWN
    if told.type != before.told.type:
        return False
    if named and named.later and not named.number:
        return True
    sides = document_types()[told.type].sides
    if sides is None:
        return False
    # Front and back on two pages are one card; two fronts are two.
    return {sides([p.page for p in before.pages]), sides([page.page])} == {"front", "back"}
