"""Every measure of one page, and of the places its key fields are read from.

Measures come with units and have no opinion: limits are judged in `judgement`. A measure that cannot be taken is
None and is not judged: it is never shown as fine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from extractors.model import Box, TextLine
from validators.quality.colour import colour_measures
from validators.quality.creases import Fold, find_folds
from validators.quality.light import Light, blocks, measure_light, noise, sample_of
from validators.quality.paper import evenness, halved, thumb
from validators.quality.slopes import proportion
from validators.quality.spectrum import enlargement, motion, spectrum
from validators.quality.strangers import around, strange_print
from validators.quality.surface import Surface, measure_surface
from validators.quality.text import Print, edge_width, measure_print, median

Image = npt.NDArray[np.uint8]

_SAMPLED_LINES = 22
_DRAWN = 0.15  # grey levels of noise below which no camera or scanner was there


@dataclass(frozen=True, slots=True)
class Measured:
    """A page as it was measured: what is reported of it, and what judgement needs beside that."""

    page: dict[str, Any]
    fields: dict[str, dict[str, float]]
    light: Light
    surface: Surface
    folds: tuple[Fold, ...]
    size: tuple[int, int]
    lines: int  # of print
    even: float  # share of its paper that is equal to the pixel beside it


def measure(image: Image, lines: Sequence[TextLine]) -> Measured:
    """One upright page (BGR) with its lines of text."""
    grey = _grey(image)
    strange = strange_print(grey, lines)
    lines = [line for line in lines if not any(line is one for one in strange)]
    level = [line for line in lines if line.width > line.height and len(line.text) > 1]
    prints = [found for line in _sample(level) if (found := measure_print(grey, line)) is not None]
    height = median([line.height for line in level])
    half, shrunk = halved(image)  # thumbs and colours are means of many pixels
    small = thumb(half)
    surface = measure_surface(image, lines, small)
    if strange:
        surface = replace(surface, things=(*surface.things, around(strange)))
    area = _text_area(image, lines, surface.outline)
    light = measure_light(image, area, height or 24.0)
    sample = sample_of(grey, area)
    grain = noise(sample)
    folds = find_folds(image, lines, small)
    if grain < _DRAWN:  # drawn by a computer: its bands are no folds
        folds, light = (), replace(light, folds=())
    waves = spectrum(grey, level)
    moved, direction = motion(waves)
    page: dict[str, Any] = {
        "text_height": _rounded(height, 1),
        "edge": _rounded(median([p.edge for p in prints]) if prints else _edge_of_all(grey), 2),
        "sharpness": _rounded(median([p.sharpness for p in prints]), 2),
        "motion": round(moved, 2),
        "motion_direction": round(direction),
        "enlarged": round(enlargement(waves), 1),
        "contrast": _rounded(median([p.contrast for p in prints]) if prints else _contrast_of_all(grey), 1),
        "paper": _rounded(median([p.paper for p in prints]), 1),
        "ink": _rounded(median([p.ink for p in prints]), 1),
        "brightness": round(light.paper, 1),
        "shadow": round(_shadow(prints), 2),
        "clipped": round(light.burnt, 3),
        "glare": round(_share(light.spots, area), 3),
        "fold": max((fold.depth for fold in folds), default=0.0),
        "noise": round(grain, 2),
        "blocks": round(blocks(sample), 2),
        "skew": round(surface.skew, 1),
        "perspective": round(surface.perspective, 2),
        "fan": round(surface.fan, 1),
        "bend": round(surface.bend, 1),
        "proportion": _rounded(proportion(lines), 2),
        "frame": _rounded(surface.frame, 2),
        "clutter": round(surface.clutter, 3),
        "odd_lines": len(surface.odd_lines),
        "cut_edges": ",".join(surface.cut_edges),
        "margin": _rounded(surface.margin, 1),
        "nearest_edge": surface.nearest_edge,
        **colour_measures(half, (area[0] // shrunk, area[1] // shrunk, area[2] // shrunk, area[3] // shrunk)),
    }
    return Measured(page, {}, light, surface, folds, (image.shape[1], image.shape[0]), len(lines), evenness(image))


def with_fields(measured: Measured, image: Image, places: Mapping[str, Box]) -> Measured:
    """The page with the places its fields are read from measured by themselves."""
    fields = {}
    for name, box in places.items():
        grey, line = _grey_at(image, TextLine("", box))
        if (found := measure_print(grey, line)) is not None:
            whole = replace(found, line=TextLine("", box))
            fields[name] = _of_field(whole, measured.light.spots)
    return replace(measured, fields=fields)


def _grey_at(image: Image, line: TextLine) -> tuple[npt.NDArray[np.uint8], TextLine]:
    """The part of a picture a line lies in, and the line there."""
    left, top = max(0, int(line.left)), max(0, int(line.top))
    part = image[top : int(line.bottom) + 1, left : int(line.right) + 1]
    grey = _grey(part) if part.size else np.zeros((0, 0), np.uint8)
    a, b, c, d = ((x - left, y - top) for x, y in line.box)
    return grey, replace(line, box=(a, b, c, d))


def _grey(image: Image) -> npt.NDArray[np.uint8]:
    return np.asarray(cv2.cvtColor(np.ascontiguousarray(image), cv2.COLOR_BGR2GRAY), np.uint8)


def _shadow(prints: Sequence[Print]) -> float:
    """How much darker the darkest paper under print is than the brightest, 0..1; portraits and desks do not count."""
    papers = sorted(p.paper for p in prints)
    return 1 - papers[len(papers) // 12] / max(papers[-1 - len(papers) // 12], 1.0) if len(papers) > 2 else 0.0


def _of_field(found: Print, spots: Sequence[Box]) -> dict[str, float]:
    line = found.line
    edges = (int(line.left), int(line.top), int(line.right) + 1, int(line.bottom) + 1)
    return {
        "text_height": round(found.height, 1), "edge": _rounded(found.edge, 2) or 0.0,
        "sharpness": round(found.sharpness, 2), "contrast": round(found.contrast, 1),
        "paper": round(found.paper, 1), "glare": round(_share(spots, edges), 2),
    }  # fmt: skip


def _sample(lines: Sequence[TextLine]) -> Sequence[TextLine]:
    step = max(1, len(lines) // _SAMPLED_LINES)
    return lines[::step][:_SAMPLED_LINES]


def _edge_of_all(grey: npt.NDArray[np.uint8]) -> float:
    """The sharpest edges anywhere, where no text was found."""
    return edge_width(grey[::2, ::2]) * 2


def _contrast_of_all(grey: npt.NDArray[np.uint8]) -> float:
    low, high = np.percentile(grey[::4, ::4], (1, 99))
    return float(high - low)


def _text_area(image: Image, lines: Sequence[TextLine], outline: Box | None) -> tuple[int, int, int, int]:
    """Left, top, right, bottom of the text; of the page where there is none, else of the whole picture."""
    height, width = image.shape[:2]
    whole = (0, 0, width, height)
    if not lines and outline is not None:
        xs, ys = [x for x, _ in outline], [y for _, y in outline]
        whole = max(0, int(min(xs))), max(0, int(min(ys))), min(width, int(max(xs)) + 1), min(height, int(max(ys)) + 1)
    if not lines:
        return whole
    left, top = max(0, int(min(a.left for a in lines))), max(0, int(min(a.top for a in lines)))
    right, bottom = min(width, int(max(a.right for a in lines)) + 1), min(height, int(max(a.bottom for a in lines)) + 1)
    return (left, top, right, bottom) if right - left > 8 and bottom - top > 8 else whole


def _share(boxes: Sequence[Box], area: tuple[int, int, int, int]) -> float:
    """The share of an area that upright boxes take."""
    left, top, right, bottom = area
    covered = 0.0
    for (x0, y0), _, (x1, y1), _ in boxes:
        covered += max(0.0, min(right, x1) - max(left, x0)) * max(0.0, min(bottom, y1) - max(top, y0))
    return min(1.0, covered / max(1, (right - left) * (bottom - top)))


def _rounded(value: float | None, digits: int) -> float | None:
    return None if value is None else round(value, digits)
