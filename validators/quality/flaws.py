"""Flaws of a page by its measures: which, how far beyond its limit, where; causes before what follows from them.

Limits are data (`validators/data/quality_limits.yaml`). Of flaws that explain each other only the cause is told: what
is dark is noisy as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import yaml

from extractors.model import Box, rectangle
from validators.quality.measures import Measured

_WHITE = 0.65  # share of burnt-out paper from which pale print has burnt out with it

_STRIP = 0.01  # share of a picture's longer side its edge is told by
_TINY = 0.75  # excess of a page that is next to nothing in its picture, however large its print: it may be why
_SOFT = 0.7  # excess of softness from which a hand that moved is why
_FORMER = 0.9  # excess of text that was small before the picture was made larger
_GRAINY = 0.2  # excess of noise from which nothing can be said of edges without print
_TITLES = 0.45  # excess of a page of which only titles are found and no outline: a hint
_FEW = 3  # lines that may be the titles of a page whose print is too small to be found
_PURE, _NOISELESS = 253.5, 0.05  # grey levels: of paper without any tone left; of noise that is none
_NO_TONE = 0.55  # excess of paper without noise: it may be why
_BURNT = 0.1  # share of the text area without any tone: scans of white paper have next to none under their print
_STEPS = 0.2  # at the borders of blocks: a page a computer drew has none
_HINTED = 0.5  # excess from which a fold may be one

Limits = Mapping[str, Mapping[str, float]]  # of each measure: clean, flawed, unreadable

# A flaw in the order causes come before what follows from them, with what it explains.
_EXPLAINS: dict[str, tuple[str, ...]] = {
    # What lies around a page bears upon all that is told by where print is.
    "QUALITY_CLUTTERED": (
        "QUALITY_CUT_EDGE",
        "QUALITY_GLARE",
        "QUALITY_CURLED",
        "QUALITY_SLANTED",
        "QUALITY_SKEWED",
        "QUALITY_TEXT_SMALL",
    ),
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
    told = sorted((flaw for rule in _RULES for flaw in rule(measured, limit)), key=lambda flaw: flaw.excess)
    found = {flaw.code: flaw for flaw in told if flaw.excess >= least}  # of each the worst
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
    elif (height := _former_height(page, limit)) is not None:
        yield flaw_of("QUALITY_TEXT_SMALL", height, limit["text_height"], " px", beyond)
    else:
        yield flaw_of("QUALITY_BLURRED", sharp, limit["sharpness"], beyond=beyond)


def _former_height(page: Mapping[str, Any], limit: Limits) -> float | None:
    """The height of the text of the smaller picture that one was made from, pixels; None where it was not.

    Print that lies aslant, or that a moving hand blurred, lacks waves along the axes, too.
    """
    other = max(excess(abs(page["skew"]), limit["skew"]), excess(page["motion"], limit["motion"]))
    if page["enlarged"] == 1 or page["text_height"] is None or other > 0:
        return None
    return round(float(page["text_height"] / page["enlarged"]), 1)


def _small(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    """Text of few pixels, now or before the picture was made larger: that alone is no harm where it was read."""
    height, former = measured.page["text_height"], _former_height(measured.page, limit)
    if height is not None:
        yield flaw_of("QUALITY_TEXT_SMALL", height, limit["text_height"], " px")
    if former is not None:
        beyond = min(_FORMER, excess(former, limit["text_height"]))
        yield flaw_of("QUALITY_TEXT_SMALL", former, limit["text_height"], " px", beyond)


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
    over_edges = excess(measured.page["perspective"], limit["perspective"]) >= 1  # its own edge is taken for the page's
    dark = min(1.2 if over_edges else 0.9, excess(anywhere, limit["dark_area"]))
    beyond = max(excess(shadow, limit["shadow"]), dark)
    yield flaw_of(
        "QUALITY_SHADOW", max(shadow, round(anywhere, 2) if beyond == dark else 0), limit["shadow"], beyond=beyond
    )


def _slanted(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    """Opposite edges of unlike length, lines that fan out, or print far wider than high."""
    page = measured.page
    dark = excess(measured.light.shadow, limit["dark_area"]) >= 1  # then it is its edge that was taken for the page's
    told = [(page[name], limit[name], unit) for name, unit in (("perspective", ""), ("fan", "°"), ("proportion", ""))]
    told = told[dark:]
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


def _cluttered(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    """Print of other papers around the page, which may be taken for its own; lines of a bent page run off, too."""
    page = measured.page
    if excess(page["bend"], limit["bend"]) < 1:
        flaw = flaw_of("QUALITY_CLUTTERED", page["odd_lines"], limit["odd_lines"])
        yield replace(flaw, boxes=measured.surface.odd_lines)


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
        bleached = _has_no_tone(page) and excess(page["edge"], limit["edge"]) == 0
        pale = excess(page["contrast"], limit["contrast"]) if page["clipped"] > _WHITE or bleached else 0.0
        hint = _NO_TONE if bleached and page["clipped"] > _BURNT else 0.0
        beyond = max(excess(page["clipped"], limit["clipped"]), pale, hint)
        yield flaw_of("QUALITY_OVEREXPOSED", page["clipped"], limit["clipped"], beyond=beyond)


def _has_no_tone(page: Mapping[str, Any]) -> bool:
    """Whether white paper has not even noise: light, or a scanner set too bright, took it."""
    return page["paper"] is not None and page["paper"] >= _PURE and page["noise"] < _NOISELESS


def _compressed(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    """Steps at the borders of blocks. Paper that has tones and no noise was compressed hard, though a smaller copy
    made of it shows few of them."""
    page = measured.page
    flaw = flaw_of("QUALITY_COMPRESSED", page["blocks"], limit["blocks"])
    smooth = page["paper"] is not None and page["paper"] < _PURE and page["noise"] < _NOISELESS
    yield replace(flaw, excess=max(flaw.excess, _NO_TONE)) if smooth and page["blocks"] > _STEPS else flaw


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
    _cluttered,
    _plain("QUALITY_DARK", "brightness"),
    _overexposed,
    _glare,
    _creased,
    _shadow,
    _far,
    _plain("QUALITY_NOISY", "noise"),
    _plain("QUALITY_LOW_CONTRAST", "contrast"),
    _compressed,
    _small,
    _blurred,
    _curled,
    _slanted,
    _plain("QUALITY_SKEWED", "skew", "°"),
)
