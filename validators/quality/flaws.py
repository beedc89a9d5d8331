"""Flaws of a page by its measures: which, how far beyond its limit, where; causes before what follows from them.

Limits are data (`validators/data/quality_limits.yaml`). Of flaws that explain each other only the cause is told: what
is dark is noisy as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import yaml

from extractors.model import Box, rectangle
from validators.quality.measures import Measured

_WHITE = 0.65  # share of burnt-out paper from which pale print has burnt out with it

_STRIP = 0.01  # share of a picture's longer side its edge is told by
_TINY = 0.75  # excess of a page that is next to nothing in its picture, however large its print: it may be why
_SOFT = 0.7  # excess of softness from which a hand that moved is why
_GRAINY = 0.2  # excess of noise from which nothing can be said of edges without print
_TITLES = 0.45  # excess of a page of which only titles are found and no outline: a hint
_FEW = 3  # lines that may be the titles of a page whose print is too small to be found
_HINTED = 0.5  # excess from which a fold may be one

Limits = Mapping[str, Mapping[str, float]]  # of each measure: clean, flawed, unreadable

# A flaw in the order causes come before what follows from them, with what it explains.
_EXPLAINS: dict[str, tuple[str, ...]] = {
    "QUALITY_CUT_EDGE": ("QUALITY_SHADOW",),
    "QUALITY_DARK": ("QUALITY_NOISY", "QUALITY_LOW_CONTRAST", "QUALITY_SHADOW", "QUALITY_BLURRED", "QUALITY_MOTION"),
    "QUALITY_OVEREXPOSED": (
        "QUALITY_LOW_CONTRAST",
        "QUALITY_GLARE",
        "QUALITY_CREASED",
        "QUALITY_BLURRED",
        "QUALITY_MOTION",
    ),
    "QUALITY_CREASED": ("QUALITY_GLARE", "QUALITY_SHADOW"),
    "QUALITY_GLARE": ("QUALITY_LOW_CONTRAST", "QUALITY_SHADOW"),
    "QUALITY_SHADOW": ("QUALITY_LOW_CONTRAST",),
    "QUALITY_COVERED": ("QUALITY_SHADOW", "QUALITY_LOW_CONTRAST"),
    "QUALITY_NOISY": ("QUALITY_BLURRED", "QUALITY_LOW_CONTRAST", "QUALITY_MOTION"),
    "QUALITY_COMPRESSED": ("QUALITY_BLURRED", "QUALITY_NOISY", "QUALITY_TEXT_SMALL", "QUALITY_MOTION"),
    "QUALITY_FAR": ("QUALITY_TEXT_SMALL", "QUALITY_BLURRED", "QUALITY_COMPRESSED", "QUALITY_MOTION"),
    "QUALITY_TEXT_SMALL": ("QUALITY_BLURRED", "QUALITY_MOTION", "QUALITY_COMPRESSED"),
    # A row of soft print looks like a fold.
    "QUALITY_MOTION": ("QUALITY_BLURRED", "QUALITY_LOW_CONTRAST", "QUALITY_CREASED"),
    "QUALITY_BLURRED": ("QUALITY_LOW_CONTRAST", "QUALITY_CREASED"),
    "QUALITY_LOW_CONTRAST": (),
    "QUALITY_CURLED": ("QUALITY_SLANTED", "QUALITY_SKEWED"),
    "QUALITY_SLANTED": ("QUALITY_SKEWED",),
    "QUALITY_SKEWED": (),
}


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing wrong with a page: how far beyond its limit (1 at `flawed`, 2 at `unreadable`), and where."""

    code: str
    excess: float
    actual: str
    expected: str
    boxes: tuple[Box, ...] = ()  # the places it lies on; the whole page where there are none


@cache
def limits(type_: str = "") -> Limits:
    """The limits of a document type."""
    text = resources.files("validators").joinpath("data/quality_limits.yaml").read_text("utf-8")
    told = yaml.load(text, yaml.CSafeLoader)
    return {**told["default"], **told.get(type_, {})}


def excess(value: float | None, limit: Mapping[str, float]) -> float:
    """How far a measure is beyond what good pictures have: 0 at `clean`, 1 at `flawed`, 2 at `unreadable`."""
    if value is None:
        return 0.0
    clean, flawed, unreadable = limit["clean"], limit["flawed"], limit["unreadable"]
    beyond = (value - flawed) / (unreadable - flawed)
    return 1 + beyond if beyond >= 0 else max(0.0, (value - clean) / (flawed - clean))


def flaws(measured: Measured, limit: Limits, least: float = 1.0) -> list[Flaw]:
    """The flaws of a page from an excess on, the worst first; what a worse one explains is left out."""
    found = {flaw.code: flaw for rule in _RULES for flaw in rule(measured, limit) if flaw.excess >= least}
    explained: set[str] = set()
    for code, others in _EXPLAINS.items():
        if code in found and code not in explained:
            explained |= {other for other in others if other in found}
    return sorted((f for code, f in found.items() if code not in explained), key=lambda f: -f.excess)


def _plain(code: str, measure: str, unit: str = "") -> Callable[[Measured, Limits], Iterable[Flaw]]:
    """A flaw that one measure of the page tells."""

    def rule(measured: Measured, limit: Limits) -> Iterable[Flaw]:
        value = measured.page.get(measure)
        if value is not None:
            yield flaw_of(code, abs(value) if measure == "skew" else value, limit[measure], unit)

    return rule


def flaw_of(code: str, value: float, bounds: Mapping[str, float], unit: str = "", beyond: float | None = None) -> Flaw:
    sign = "≥" if bounds["unreadable"] < bounds["flawed"] else "≤"
    found = excess(value, bounds) if beyond is None else beyond
    return Flaw(code, found, f"{value:g}{unit}", f"{sign} {bounds['flawed']:g}{unit}")


def _blurred(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    """Soft edges; of a hand that moved where they are softer in one direction than across it.

    Small print has soft edges for its height, but is sharp in pixels: both must be bad. Where lines run into each other
    their height says nothing.
    """
    page = measured.page
    soft = excess(page["edge"], limit["edge"])
    sharp = page["sharpness"]
    beyond = soft if sharp is None else min(soft, excess(sharp, limit["sharpness"]))
    alone = excess(page["edge"], limit["edge_alone"])
    moved = excess(page["motion"], limit["motion"])
    if moved >= 1 and max(soft, excess(page["contrast"], limit["contrast"])) >= _SOFT:
        yield flaw_of("QUALITY_MOTION", page["motion"], limit["motion"], beyond=max(moved, beyond, alone))
    elif alone >= max(1.0, beyond):
        yield flaw_of("QUALITY_BLURRED", page["edge"], limit["edge_alone"], " px")
    elif sharp is None:
        # Else there is next to nothing that could be sharp, or grain hides it.
        if excess(page["contrast"], limit["contrast"]) < 1 and excess(page["noise"], limit["noise"]) < _GRAINY:
            yield flaw_of("QUALITY_BLURRED", page["edge"], limit["edge"], " px")
    else:
        yield flaw_of("QUALITY_BLURRED", sharp, limit["sharpness"], beyond=beyond)


def _far(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    """A small document in a large picture: no harm where its print is found, and large enough all the same.

    Of a page that is next to nothing its titles may be all that is found.
    """
    page = measured.page
    if page["frame"] is None:
        return
    small = excess(page["frame"], limit["frame"])
    beyond = small
    if page["text_height"] is not None:
        seen, few = measured.surface.outline is not None, measured.lines <= _FEW
        tiny = _TINY if seen and small >= (1 if few else 2) else _TITLES if few and small >= 2 else 0.0
        beyond = min(small, max(excess(page["text_height"], limit["text_height"]), tiny))
    yield flaw_of("QUALITY_FAR", page["frame"], limit["frame"], beyond=beyond)


def _shadow(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    """Paper darker in one place than in another; print that a shadow swallowed leaves dark paper alone."""
    shadow, anywhere = measured.page["shadow"], measured.light.shadow
    beyond = max(excess(shadow, limit["shadow"]), min(0.9, excess(anywhere, limit["dark_area"])))
    yield flaw_of(
        "QUALITY_SHADOW", max(shadow, round(anywhere, 2) if beyond < 1 else 0), limit["shadow"], beyond=beyond
    )


def _slanted(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    """Opposite edges of unlike length, lines that fan out, or print far wider than high."""
    page = measured.page
    told = [(page[name], limit[name], unit) for name, unit in (("perspective", ""), ("fan", "°"), ("proportion", ""))]
    found = (flaw_of("QUALITY_SLANTED", value, bounds, unit) for value, bounds, unit in told if value is not None)
    yield max(found, key=lambda flaw: flaw.excess)


def _curled(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    """Lines that bend. Where a page bends so much that few are found in one piece, they are high for their print, as
    those are that are blurred, small, or on a page seen from its side."""
    page = measured.page
    bent = flaw_of("QUALITY_CURLED", page["bend"], limit["bend"], "°")
    crisp = excess(page["edge"], limit["edge"]) == 0 and excess(page["text_height"], limit["text_height"]) == 0
    fair = excess(page["fan"], limit["fan"]) < 1 and excess(page["perspective"], limit["perspective"]) < 1
    if page["proportion"] is not None and crisp and fair:
        bent = max(bent, flaw_of("QUALITY_CURLED", page["proportion"], limit["narrow"]), key=lambda flaw: flaw.excess)
    yield bent


def _glare(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    share = measured.page["glare"]
    flaw = flaw_of("QUALITY_GLARE", share, limit["glare"])
    yield replace(flaw, actual=f"{share:.1%}", expected=f"≤ {limit['glare']['flawed']:.1%}", boxes=measured.light.spots)


def _creased(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    flaw = flaw_of("QUALITY_CREASED", measured.page["fold"], limit["fold"])
    along = tuple(box for f in measured.folds if excess(f.depth, limit["fold"]) >= _HINTED for box in f.boxes)
    if measured.light.folds and flaw.excess < 1:
        flaw = Flaw("QUALITY_CREASED", 1.2, "", "")
    yield replace(flaw, boxes=(*measured.light.folds, *along))


def _overexposed(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    """Burnt-out paper is no harm by itself: scans are white. Print that burns out with it is."""
    page = measured.page
    if page["ink"] is None or page["ink"] > 120:
        pale = excess(page["contrast"], limit["contrast"]) if page["clipped"] > _WHITE else 0.0
        beyond = max(excess(page["clipped"], limit["clipped"]), pale)
        yield flaw_of("QUALITY_OVEREXPOSED", page["clipped"], limit["clipped"], beyond=beyond)


def _cut(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    """Text that runs into the edge of the picture, or nearly does."""
    page = measured.page
    if page["cut_edges"]:
        edges = tuple(_edge(name, measured.size) for name in page["cut_edges"].split(","))
        yield Flaw("QUALITY_CUT_EDGE", 1.5, page["cut_edges"], "", edges)
    elif page["margin"] is not None:
        yield Flaw("QUALITY_CUT_EDGE", min(0.9, excess(page["margin"], limit["margin"])), page["nearest_edge"], "")


def _edge(name: str, size: tuple[int, int]) -> Box:
    """A strip along an edge of the picture."""
    width, height = size
    strip = round(_STRIP * max(size))
    return {
        "left": rectangle(0, 0, strip, height), "right": rectangle(width - strip, 0, width, height),
        "top": rectangle(0, 0, width, strip), "bottom": rectangle(0, height - strip, width, height),
    }[name]  # fmt: skip


_RULES: tuple[Callable[[Measured, Limits], Iterable[Flaw]], ...] = (
    _cut,
    _plain("QUALITY_DARK", "brightness"),
    _overexposed,
    _glare,
    _creased,
    _shadow,
    _far,
    _plain("QUALITY_NOISY", "noise"),
    _plain("QUALITY_LOW_CONTRAST", "contrast"),
    _plain("QUALITY_COMPRESSED", "blocks"),
    _plain("QUALITY_TEXT_SMALL", "text_height", " px"),
    _blurred,
    _curled,
    _slanted,
    _plain("QUALITY_SKEWED", "skew", "°"),
)
