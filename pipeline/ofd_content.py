"""What a page of an OFD draws (GB/T 33190-2016 §7.7, §8-13), in the order it is drawn, each with its place on the page.

Lengths are millimetres, y grows downwards. A matrix (a, b, c, d, e, f) takes (x, y) to (a·x + c·y + e, b·x + d·y + f).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from extractors.errors import DocumentError
from pipeline.ofd_document import (
    Document,
    PageOf,
    Rectangle,
    Resources,
    child,
    children,
    numbers,
    read_resources,
    rectangle_of,
    text_of,
)

MAX_OBJECTS = 100_000  # drawn by one file, each character one; a composite unit may be drawn any number of times
_RESOURCES = 1_000  # objects that reading a page's own resources counts for
_MAX_DEPTH = 16
_DRAWN = {"TextObject", "PathObject", "ImageObject"}
_BEHIND, _BODY, _ABOVE = "Background", "Body", "Foreground"
_ORDER = {_BEHIND: 0, _BODY: 1, _ABOVE: 2}

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


@dataclass(slots=True)  # not frozen: that would triple the time it takes to make the thousands of a page
class Drawn:
    """A text, path or picture object: where it stands, and what draws it unless it says so itself."""

    element: Element
    matrix: Matrix  # of the space its own CTM and boundary are given in
    boundary: Rectangle
    draw_param: str  # ID of the layer's or block's drawing parameters
    resources: Resources
    page_id: str  # "" for what comes from a template or an annotation

    def placed(self) -> Matrix:
        """From the object's own space to the page."""
        x, y, *_ = self.boundary
        if self.element.get("CTM") is None:  # as nearly all
            a, b, c, d, _, _ = self.matrix
            return (a, b, c, d, *point(self.matrix, x, y))
        return multiplied(moved(ctm(self.element), x, y), self.matrix)


class Budget:
    """Counts what is drawn, so that units nested in units end."""

    def __init__(self) -> None:
        self.left = MAX_OBJECTS

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise DocumentError("FILE_OFD_TOO_COMPLEX", limit=MAX_OBJECTS)


class Sheet:
    """One page with its templates and annotations, read when asked for."""

    def __init__(self, document: Document, page: PageOf, budget: Budget) -> None:
        self._document, self._page, self._budget = document, page, budget
        self._root = document.package.optional_xml(page.part)
        self.resources = self._with_own(self._root, page.part)
        self.box = self._box()
        self._origin: Matrix = (1.0, 0.0, 0.0, 1.0, -self.box[0], -self.box[1])

    def drawn(self) -> Iterator[Drawn]:
        """Everything visible, from the bottom to the top."""
        if self._root is None:
            return
        templates: list[tuple[int, str]] = []
        for template in children(self._root, "Template"):
            self._budget.spend(1)
            place = self._document.templates.get((template.get("TemplateID") or "").strip())
            if place is not None:
                templates.append((_ORDER.get(template.get("ZOrder") or _BEHIND, 0), place))
        for _, place in sorted(t for t in templates if t[0] < 1):
            yield from self._template(place)
        yield from self._layers(self._root, self.resources, self._page.id)
        for _, place in sorted(t for t in templates if t[0] >= 1):
            yield from self._template(place)
        for place in self._document.annotations.get(self._page.id, []):
            yield from self._annotations(place)

    def _template(self, part: str) -> Iterator[Drawn]:
        root = self._document.package.optional_xml(part)
        if root is not None:
            yield from self._layers(root, self._with_own(root, part), "")

    def _annotations(self, part: str) -> Iterator[Drawn]:
        for annotation in children(self._document.package.optional_xml(part), "Annot"):
            self._budget.spend(1)
            if not _seen(annotation):
                continue
            for look in children(annotation, "Appearance"):
                x, y, *_ = rectangle_of(look.get("Boundary")) or (0.0, 0.0)
                place = multiplied(moved(ctm(look), x, y), self._origin)
                yield from self._objects(look, place, "", self.resources, "", 0)

    def _layers(self, root: Element, resources: Resources, page_id: str) -> Iterator[Drawn]:
        layers = [layer for content in children(root, "Content") for layer in children(content, "Layer")]
        for layer in sorted(layers, key=lambda e: _ORDER.get(e.get("Type") or _BODY, 1)):
            yield from self._objects(layer, self._origin, layer.get("DrawParam") or "", resources, page_id, 0)

    def _objects(
        self, holder: Element, matrix: Matrix, draw_param: str, resources: Resources, page_id: str, depth: int
    ) -> Iterator[Drawn]:
        for element in holder:
            if not isinstance(element.tag, str) or not _seen(element):
                continue
            self._budget.spend(1 + sum([len(code.text or "") for code in children(element, "TextCode")]))
            boundary = _boundary(element)
            if element.tag in _DRAWN:
                yield Drawn(element, matrix, boundary, draw_param, resources, page_id)
            elif element.tag == "PageBlock" and depth < _MAX_DEPTH:
                yield from self._objects(element, matrix, draw_param, resources, page_id, depth + 1)
            elif element.tag in ("CompositeObject", "CompositeGraphicUnit") and depth < _MAX_DEPTH:
                unit = resources.units.get((element.get("ResourceID") or "").strip())
                place = multiplied(moved(ctm(element), boundary[0], boundary[1]), matrix)
                for content in children(unit, "Content"):
                    yield from self._objects(
                        content, place, element.get("DrawParam") or draw_param, resources, page_id, depth + 1
                    )

    def _with_own(self, root: Element | None, part: str | None) -> Resources:
        """The document's resources, and before them those that this page alone has."""
        package, common = self._document.package, self._document.resources
        own = [place for e in children(root, "PageRes") if part and (place := package.find(part, e.text))]
        if not own:
            return common
        self._budget.spend(_RESOURCES)
        mine = read_resources(package, own)
        return Resources(
            common.fonts | mine.fonts, common.media | mine.media, common.draw_params | mine.draw_params,
            common.colour_spaces | mine.colour_spaces, common.units | mine.units,
        )  # fmt: skip

    def _box(self) -> Rectangle:
        """The sheet: the page's own, its template's, or the document's."""
        areas = [child(self._root, "Area")]
        for template in children(self._root, "Template"):
            place = self._document.templates.get((template.get("TemplateID") or "").strip())
            if areas[0] is None and place:
                areas.append(child(self._document.package.optional_xml(place), "Area"))
        boxes = (rectangle_of(text_of(area, "PhysicalBox")) for area in areas)
        return next((box for box in boxes if box), self._document.box)


def ctm(element: Element) -> Matrix:
    """The matrix an object carries, the unit matrix without one."""
    found = numbers(element.get("CTM"))
    return (found[0], found[1], found[2], found[3], found[4], found[5]) if len(found) == 6 else IDENTITY


def moved(matrix: Matrix, x: float, y: float) -> Matrix:
    return (*matrix[:4], matrix[4] + x, matrix[5] + y)


def multiplied(first: Matrix, then: Matrix) -> Matrix:
    """The matrix of two steps, one after the other."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def point(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _seen(element: Element) -> bool:
    visible, alpha = element.get("Visible"), element.get("Alpha")
    return not (visible and visible.strip().lower() == "false") and not (alpha and alpha.strip() == "0")


def _boundary(element: Element) -> Rectangle:
    found = numbers(element.get("Boundary"))
    return (found[0], found[1], found[2], found[3]) if len(found) == 4 else (0.0, 0.0, 0.0, 0.0)
