"""What is wrong with a page by its measures: which flaw, where, how far beyond its limit, and what it costs.

A flaw is an error where a key field could not be read for it, or cannot be relied on; a warning where all the same
everything was read. Of flaws that explain each other only the cause is told: what is dark is noisy as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources

import yaml

from extractors.model import Box, DocumentType, Field, Page, Record, Status, rectangle
from extractors.values import compact
from validators.findings import Evidence, Finding, Severity, Verdict, finding
from validators.quality.measures import Measured

Limits = Mapping[str, Mapping[str, float]]

# A flaw in the order causes come before what follows from them, with what it explains.
_EXPLAINS: dict[str, tuple[str, ...]] = {
    "QUALITY_CUT_EDGE": ("QUALITY_SHADOW",),
    "QUALITY_DARK": ("QUALITY_NOISY", "QUALITY_LOW_CONTRAST", "QUALITY_SHADOW", "QUALITY_BLURRED", "QUALITY_MOTION"),
    "QUALITY_OVEREXPOSED": ("QUALITY_LOW_CONTRAST", "QUALITY_GLARE", "QUALITY_BLURRED", "QUALITY_MOTION"),
    "QUALITY_GLARE": ("QUALITY_LOW_CONTRAST", "QUALITY_SHADOW"),
    "QUALITY_SHADOW": ("QUALITY_LOW_CONTRAST",),
    "QUALITY_COVERED": ("QUALITY_SHADOW", "QUALITY_LOW_CONTRAST"),
    "QUALITY_NOISY": ("QUALITY_BLURRED", "QUALITY_LOW_CONTRAST", "QUALITY_MOTION"),
    "QUALITY_COMPRESSED": ("QUALITY_BLURRED", "QUALITY_NOISY", "QUALITY_TEXT_SMALL", "QUALITY_MOTION"),
    "QUALITY_FAR": ("QUALITY_TEXT_SMALL", "QUALITY_BLURRED", "QUALITY_COMPRESSED", "QUALITY_MOTION"),
    "QUALITY_TEXT_SMALL": ("QUALITY_BLURRED", "QUALITY_MOTION", "QUALITY_COMPRESSED"),
    "QUALITY_MOTION": ("QUALITY_BLURRED", "QUALITY_LOW_CONTRAST"),
    "QUALITY_BLURRED": ("QUALITY_LOW_CONTRAST",),
    "QUALITY_LOW_CONTRAST": (),
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


@dataclass(frozen=True, slots=True)
class Judged:
    """The findings on a page, and the record with the status of fields its flaws lie over lowered."""

    findings: tuple[Finding, ...]
    record: Record


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
            yield _flaw(code, abs(value) if measure == "skew" else value, limit[measure], unit)

    return rule


def _flaw(code: str, value: float, bounds: Mapping[str, float], unit: str = "", beyond: float | None = None) -> Flaw:
    sign = "≥" if bounds["unreadable"] < bounds["flawed"] else "≤"
    found = excess(value, bounds) if beyond is None else beyond
    return Flaw(code, found, f"{value:g}{unit}", f"{sign} {bounds['flawed']:g}{unit}")


def _blurred(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    """Soft edges; of a hand that moved where they are softer in one direction than across it.

    Small print has soft edges for its height, but is sharp in pixels: both must be bad.
    """
    page = measured.page
    soft = excess(page["edge"], limit["edge"])
    sharp = page["sharpness"]
    beyond = soft if sharp is None else min(soft, excess(sharp, limit["sharpness"]))
    moved = excess(page["motion"], limit["motion"])
    if moved >= 1 and soft >= 0.7:
        yield _flaw("QUALITY_MOTION", page["motion"], limit["motion"], beyond=max(moved, beyond))
    elif sharp is None:
        if excess(page["contrast"], limit["contrast"]) < 1:  # else there is next to nothing that could be sharp
            yield _flaw("QUALITY_BLURRED", page["edge"], limit["edge"], " px")
    else:
        yield _flaw("QUALITY_BLURRED", sharp, limit["sharpness"], beyond=beyond)


def _far(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    """A small document in a large picture: no harm where its print is large enough all the same."""
    page = measured.page
    beyond = min(excess(page["frame"], limit["frame"]), excess(page["text_height"], limit["text_height"]))
    yield _flaw("QUALITY_FAR", page["frame"], limit["frame"], beyond=beyond)


def _shadow(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    """Paper darker in one place than in another; print that a shadow swallowed leaves dark paper alone."""
    shadow, anywhere = measured.page["shadow"], measured.light.shadow
    beyond = max(excess(shadow, limit["shadow"]), min(0.9, excess(anywhere, limit["dark_area"])))
    yield _flaw("QUALITY_SHADOW", max(shadow, round(anywhere, 2) if beyond < 1 else 0), limit["shadow"], beyond=beyond)


def _slanted(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    """Opposite edges of unlike length, or lines that fan out."""
    page = measured.page
    beyond = max(excess(page["perspective"], limit["perspective"]), excess(page["fan"], limit["fan"]))
    yield _flaw("QUALITY_SLANTED", page["perspective"], limit["perspective"], beyond=beyond)


def _glare(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    share = measured.page["glare"]
    flaw = _flaw("QUALITY_GLARE", share, limit["glare"])
    yield replace(flaw, actual=f"{share:.1%}", expected=f"≤ {limit['glare']['flawed']:.1%}", boxes=measured.light.spots)


def _overexposed(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    """Burnt-out paper is no harm by itself: scans are white. Print that burns out with it is."""
    ink = measured.page["ink"]
    if ink is None or ink > 120:
        yield from _plain("QUALITY_OVEREXPOSED", "clipped")(measured, limit)


def _cut(measured: Measured, limit: Limits) -> Iterable[Flaw]:
    """Text that runs into the edge of the picture, or nearly does."""
    page = measured.page
    if page["cut_edges"]:
        yield Flaw("QUALITY_CUT_EDGE", 1.5, page["cut_edges"], "")
    elif page["margin"] is not None:
        yield Flaw("QUALITY_CUT_EDGE", min(0.9, excess(page["margin"], limit["margin"])), page["nearest_edge"], "")


_RULES: tuple[Callable[[Measured, Limits], Iterable[Flaw]], ...] = (
    _cut,
    _plain("QUALITY_DARK", "brightness"),
    _overexposed,
    _glare,
    _shadow,
    _far,
    _plain("QUALITY_NOISY", "noise"),
    _plain("QUALITY_LOW_CONTRAST", "contrast"),
    _plain("QUALITY_COMPRESSED", "blocks"),
    _plain("QUALITY_TEXT_SMALL", "text_height", " px"),
    _blurred,
    _slanted,
    _plain("QUALITY_SKEWED", "skew", "°"),
)

# What of a flaw is measured at a single field, too.
_AT_A_FIELD = {
    "QUALITY_TEXT_SMALL": "text_height", "QUALITY_BLURRED": "sharpness", "QUALITY_MOTION": "sharpness",
    "QUALITY_LOW_CONTRAST": "contrast", "QUALITY_SHADOW": "contrast", "QUALITY_GLARE": "glare",
    "QUALITY_DARK": "contrast", "QUALITY_OVEREXPOSED": "contrast",
}  # fmt: skip
# Why a field is doubtful that was not read well. Others are at odds with something else, however sharp the picture.
_ILLEGIBLE = (
    "malformed",
    "incomplete",
    "low_confidence",
    "check_digit_wrong",
    "readings_differ",
    "unbalanced_brackets",
    "quality",
)
# Cards with a portrait on the right: a thing there is what belongs there.
_WITH_PORTRAIT = ("id_card", "hk_macau_residence_permit", "taiwan_residence_permit", "foreign_permanent_resident_id")
_SUSPECTED = 0.5  # excess from which a flaw may be why something was not read


def key_fields(kind: DocumentType | None, record: Record) -> list[str]:
    """The key fields of the side that is shown."""
    specs = kind.fields if kind else ()
    return [
        s.name for s in specs if s.key and (not s.side or record.side in (s.side, "both")) and s.name in record.fields
    ]


def places_of(record: Record, kind: DocumentType | None, page: Page) -> dict[str, Box]:
    """Where the key fields of a page stand; of one that was not read, the line its label stands in, from there on."""
    found = {}
    for name in key_fields(kind, record):
        field = record.fields[name]
        if field.box is not None and field.page == page.number:
            found[name] = field.box
        elif field.box is None and kind and (place := _after_label(kind.spec(name).labels, page)) is not None:
            found[name] = place
    return found


def _after_label(labels: Sequence[str], page: Page) -> Box | None:
    """From a label to the right end of the text of a page."""
    for label in sorted(labels, key=len, reverse=True):
        for line in page.lines:
            if label in compact(line.text):
                right = max(other.right for other in page.lines)
                # Behind the label, if its line ends there.
                left = (
                    line.right if compact(line.text).endswith(label) and right - line.right > line.height else line.left
                )
                return rectangle(left, line.top, max(right, line.right), line.bottom)
    return None


def judge_picture(
    measured: Measured, record: Record, kind: DocumentType | None, *, document: str, page: Page, part: int
) -> Judged:
    """The flaws of a page as findings."""
    limit, places = limits(record.type), places_of(record, kind, page)
    keys = [name for name in key_fields(kind, record) if record.fields[name].page in (None, page.number)]
    unread = [name for name in keys if _is_unread(record.fields[name])]
    blind = kind is None  # then nobody can say what is missing
    found: list[Finding] = []
    lowered: set[str] = set()
    seen = flaws(measured, limit, _SUSPECTED if unread or not page.lines else 1.0)
    if (covered := _covered(measured, record, unread, places)) and not any(flaw.excess >= 1 for flaw in seen):
        seen.insert(0, covered)
    for number, flaw in enumerate(seen):
        hit = _hit(flaw, keys, places)
        unsafe = {name for name in hit if name not in unread and _is_unsafe(flaw, measured, name, limit, places)}
        lowered |= {name for name in unsafe if record.fields[name].status is Status.READ}
        lost = [name for name in hit if name in unread or name in lowered]
        severe = bool(lost) or flaw.excess >= 2 or blind
        if flaw.excess < 1 and (number or not severe):
            continue  # what is hardly a flaw explains what is not read only where nothing else does
        found.append(_told(flaw, lost or hit, severe, measured, kind, places, document, page.number, part))
    lost = [name for name in unread if name in places]
    if lost and not any(f.severity is Severity.ERROR for f in found):
        flaw = _at_the_place(measured.fields.get(lost[0]), limit)
        found.append(_told(flaw, lost, True, measured, kind, places, document, page.number, part))
    return Judged(tuple(found), _with_lowered(record, lowered))


def _at_the_place(local: Mapping[str, float] | None, limit: Limits) -> Flaw:
    """What is wrong where a field was not read, on a page that is fine elsewhere."""
    if local and local["contrast"] > limit["contrast"]["unreadable"] and local["edge"] >= limit["edge"]["flawed"]:
        return _flaw("QUALITY_BLURRED", local["sharpness"], limit["sharpness"], beyond=1.5)
    return Flaw("QUALITY_UNREADABLE", 1.0, "", "")


def _is_unread(field: Field) -> bool:
    return field.status is Status.MISSING or (field.status is Status.DOUBTFUL and field.reason in _ILLEGIBLE)


def _covered(measured: Measured, record: Record, unread: Sequence[str], places: Mapping[str, Box]) -> Flaw | None:
    """A thing that lies where a field is not read, or begins where one that was read ends: its rest may be under it."""
    boxes = []
    for thing in measured.surface.things:
        (left, _), _, (right, _), _ = _upright(thing)
        if record.type in _WITH_PORTRAIT and (left + right) / 2 > 0.55 * measured.size[0]:
            continue
        for name, place in places.items():
            field = record.fields[name]
            hidden = name in unread and field.box is None and _touch(thing, place)
            if hidden or (field.box and field.status is not Status.VERIFIED and _goes_on_under(field.box, thing)):
                boxes.append(thing)
    return Flaw("QUALITY_COVERED", 1.5, "", "", tuple(dict.fromkeys(boxes))) if boxes else None


def _goes_on_under(read: Box, thing: Box) -> bool:
    (_, top), _, (right, bottom), _ = _upright(read)
    (left, above), _, (_, below), _ = _upright(thing)
    height = bottom - top
    beside = -0.5 * height <= left - right <= 0.9 * height
    return beside and min(bottom, below) - max(top, above) > 0.6 * height


def _hit(flaw: Flaw, keys: Sequence[str], places: Mapping[str, Box]) -> list[str]:
    """The key fields a flaw lies over; one whose place is not known may be under it."""
    if not flaw.boxes:
        return list(keys)
    near = [_grown(box) for box in flaw.boxes]
    return [name for name in keys if name not in places or any(_touch(places[name], box) for box in near)]


def _grown(box: Box) -> Box:
    """A place and what is next to it: a reflection is not yet white where it begins."""
    (left, top), _, (right, bottom), _ = _upright(box)
    by = 0.15 * max(right - left, bottom - top)
    return rectangle(left - by, top - by, right + by, bottom + by)


def _touch(one: Box, other: Box) -> bool:
    (a, b), _, (c, d), _ = _upright(one)
    (e, f), _, (g, h), _ = _upright(other)
    return a < g and e < c and b < h and f < d


def _upright(box: Box) -> Box:
    xs, ys = [x for x, _ in box], [y for _, y in box]
    return rectangle(min(xs), min(ys), max(xs), max(ys))


def _is_unsafe(flaw: Flaw, measured: Measured, name: str, limit: Limits, places: Mapping[str, Box]) -> bool:
    """Whether a field that was read cannot be relied on for a flaw."""
    if flaw.code == "QUALITY_COVERED":
        return name in places and any(_goes_on_under(places[name], thing) for thing in flaw.boxes)
    return _at_field(flaw, measured, name, limit) >= 2


def _at_field(flaw: Flaw, measured: Measured, name: str, limit: Limits) -> float:
    measure, local = _AT_A_FIELD.get(flaw.code), measured.fields.get(name)
    return excess(local[measure], limit[measure]) if measure and local else 0.0


def _told(
    flaw: Flaw, names: Sequence[str], severe: bool, measured: Measured, kind: DocumentType | None,
    places: Mapping[str, Box], document: str, page: int, part: int,
) -> Finding:  # fmt: skip
    fields = [places[name] for name in names if name in places]
    boxes: list[Box | None] = [*flaw.boxes, *fields] or [None]
    zh, en = _where(names, fields[0] if fields else boxes[0], measured.size, kind)
    return finding(
        flaw.code, document=document, field=names[0] if len(names) == 1 else None,
        actual=flaw.actual or None, expected=flaw.expected or None, where_zh=zh, where_en=en,
        evidence=tuple(Evidence(document=document, part=part, page=page, box=box) for box in boxes[:4]),
        severity=Severity.ERROR if severe else Severity.WARNING,
        verdict=Verdict.REVIEW if severe else Verdict.ACCEPT,
    )  # fmt: skip


_ROWS = (("上", "top"), ("中", "middle"), ("下", "bottom"))
_COLUMNS = (("左", "left"), ("中", "centre"), ("右", "right"))


def _where(names: Sequence[str], box: Box | None, size: tuple[int, int], kind: DocumentType | None) -> tuple[str, str]:
    """The place of a flaw in words: the fields it lies over, and where on the page they are."""
    titles = [(kind.spec(name).zh, name.replace("_", " ")) for name in names[:3]] if kind else []
    etc_zh, etc_en = ("等", " and others") if len(names) > 3 else ("", "")
    zh = "、".join(title for title, _ in titles) + etc_zh if titles else "整页"
    en = ", ".join(title for _, title in titles) + etc_en if titles else "the whole page"
    if box is None or len(names) > 1:
        return zh, en
    (left, top), _, (right, bottom), _ = _upright(box)
    row, column = (int(min(2, max(0, 3 * at // length))) for at, length in
                   (((top + bottom) / 2, size[1]), ((left + right) / 2, size[0])))  # fmt: skip
    place_zh = _COLUMNS[column][0] + _ROWS[row][0]
    place_en = f"{_ROWS[row][1]} {_COLUMNS[column][1]}"
    return f"{zh}（{place_zh}）", f"{en} ({place_en})"


def _with_lowered(record: Record, names: Iterable[str]) -> Record:
    """The record with fields that were read where print cannot be relied on: what a check digit proved stays so."""
    lowered = {
        name: record.fields[name].model_copy(update={"status": Status.DOUBTFUL, "reason": "quality"}) for name in names
    }
    return replace(record, fields={**record.fields, **lowered}) if lowered else record
