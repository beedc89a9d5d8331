"""What the flaws of a page cost: an error where a key field is lost for one, a warning where all was read all the same.

A field that was read where print cannot be relied on becomes doubtful; what a check digit proved stays so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from extractors.model import Box, DocumentType, Field, FieldSpec, Kind, Page, Record, Status, rectangle
from extractors.values import compact
from validators.findings import Evidence, Finding, Severity, Verdict, finding
from validators.quality.covers import (
    Closer,
    covered,
    folded,
    goes_on_under,
    grown,
    hides_part_of,
    sealed,
    smeared,
    somewhere_covered,
    touch,
    upright,
)
from validators.quality.flaws import Flaw, Limits, excess, flaw_of, flaws, limits
from validators.quality.measures import Measured


@dataclass(frozen=True, slots=True)
class Judged:
    """The findings on a page, and the record with the status of fields its flaws lie over lowered."""

    findings: tuple[Finding, ...]
    record: Record


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
    "character_missing",
    "low_confidence",
    "check_digit_wrong",
    "readings_differ",
    "unbalanced_brackets",
    "quality",
)
_CENTS = re.compile(r"[.．·]\s*\d{2}\s*(?!\d)")
_NOTHING = Flaw("QUALITY_UNREADABLE", 1.0, "", "")  # nothing to see that explains it
_LIES = ("QUALITY_SLANTED", "QUALITY_SKEWED", "QUALITY_CURLED")  # how a page lies in its picture
_WORST = 1.75  # excess of how a page lies from which nothing else need be looked for
_WELL = 0.85  # mean confidence from which the text of a page was read well
_UNSURE = 0.93  # confidence of the reader that a flaw over a field may have cost
_SHADED = 0.6  # share of the light of the paper elsewhere from which a place lies in shadow
_BRIGHTER, _WHITE = 12.0, 250.0  # grey levels: over the paper elsewhere; where nothing can be told from paper
# Excess from which a flaw may be why something was not read that is there, and what nobody knows to be there.
_SUSPECTED, _LIKELY = 0.5, 0.75
_HINTED = 0.2  # excess of what is all there is to see where nothing explains it


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


@dataclass(frozen=True, slots=True)
class _Fields:
    """The key fields that belong on a page, by how they were read."""

    keys: list[str]
    places: dict[str, Box]
    unread: list[str]
    # Where neither a field nor its label was seen it may not be printed: then only what is plainly a flaw explains it.
    known: list[str]
    # What was read and is at odds with something else may have been read badly, if there is a flaw where it stands.
    odd: list[str]
    # Where these stand only a label tells, and a fold that tears a row tears its label, too.
    unseen: list[str]
    # What the reader itself is not sure of is not relied on where a flaw may lie over it.
    unsure: list[str]

    @property
    def lacks_some(self) -> bool:
        return bool(self.unread or self.unsure)

    @property
    def mostly_read(self) -> bool:
        return 2 * len(self.unread) <= len(self.keys)


def _fields_on(page: Page, record: Record, kind: DocumentType | None, first: bool) -> _Fields:
    """What was found nowhere is missed where its label is, or on the first page."""
    places, here = places_of(record, kind, page), (None, page.number) if first else (page.number,)
    keys = [n for n in key_fields(kind, record) if n in places or record.fields[n].page in here]
    specs = {name: kind.spec(name) for name in keys} if kind else {}
    unread = [
        n for n in keys
        if _is_unread(record.fields[n], specs[n]) and (record.fields[n].raw or not specs[n].may_be_blank)
    ]  # fmt: skip
    status = {name: record.fields[name].status for name in keys}
    return _Fields(
        keys, places, unread,
        known=[name for name in unread if name in places or specs[name].always or _is_neither(specs[name], record)],
        odd=[n for n in keys if n not in unread and status[n] is Status.DOUBTFUL],
        unseen=[n for n in keys if record.fields[n].box is None],
        unsure=[n for n in keys if status[n] is Status.READ and record.fields[n].confidence < _UNSURE],
    )  # fmt: skip


def _is_neither(spec: FieldSpec, record: Record) -> bool:
    """Whether a field is missing and so is the one that older documents have in its place."""
    return bool(spec.instead) and record.fields[spec.instead].status is Status.MISSING


def judge_picture(
    measured: Measured, record: Record, kind: DocumentType | None, *, document: str, page: Page, part: int,
    first: bool = True, closer: Closer | None = None,
) -> Judged:  # fmt: skip
    """The flaws of a page as findings; `closer` is asked only where something was not read and no flaw is plain."""
    limit, fields = limits(record.type), _fields_on(page, record, kind, first)
    # Then nobody can say what is missing.
    blind = kind is None or (not record.side and any(spec.side for spec in kind.fields))
    found: list[Finding] = []
    lowered: set[str] = set()

    def tell(flaw: Flaw, names: Sequence[str], severe: bool) -> None:
        found.append(_told(flaw, names, severe, measured, kind, fields.places, document, page.number, part))

    for number, flaw in enumerate(_causes(measured, limit, record, kind, page, fields, closer)):
        hit = _hit(flaw, fields)
        unsafe = {
            n
            for n in hit
            if n in fields.unsure or (n not in fields.unread and _is_unsafe(flaw, measured, n, limit, fields))
        }
        weak = lowered | {name for name in unsafe if record.fields[name].status is Status.READ}
        gone = [*(fields.unread if flaw.excess >= _LIKELY else fields.known), *(fields.odd if flaw.excess >= 1 else ())]
        lost = [name for name in hit if name in gone or name in weak]
        severe = bool(lost) or flaw.excess >= 2 or blind
        if flaw.excess < 1 and (number or not severe):
            continue  # what is hardly a flaw explains what is not read only where nothing else does
        lowered = weak
        tell(flaw, lost or hit, severe)
    read = {name for name in fields.keys if record.fields[name].status is Status.READ}
    poor = {n for n in read - lowered if _is_poor(measured, n, limit)}
    lowered |= poor
    if not any(f.severity is Severity.ERROR for f in found):
        bad = [*fields.known, *poor]
        if bad or (blind and not found and not _reads_well(page)):
            cause = _likeliest(measured, limit, kind, bad, fields, closer)
            if page.lines or cause is not _NOTHING:  # without any text and anything wrong it may be no document
                tell(cause, bad, True)
    return Judged(tuple(found), _with_lowered(record, lowered))


def _causes(
    measured: Measured, limit: Limits, record: Record, kind: DocumentType | None, page: Page, fields: _Fields,
    closer: Closer | None,
) -> list[Flaw]:  # fmt: skip
    """The flaws of a page, the likeliest cause of what was not read first."""
    suspect = fields.lacks_some or not page.lines or (kind is None and not _reads_well(page))
    told = flaws(measured, limit, _SUSPECTED if suspect else _LIKELY if kind is None else 1.0)
    # However a page lies, that alone does not cost one field among many, if it is not all but beyond reading.
    plain = [f for f in told if not (f.code in _LIES and fields.mostly_read and f.excess < _WORST)]
    if any(flaw.excess >= 1 for flaw in plain):
        return told
    over = covered(measured, record, kind, [*fields.unread, *fields.odd], fields.places)
    if over is None and closer is not None and fields.lacks_some and not any(f.excess >= _LIKELY for f in plain):
        over = _closer_look(closer, measured, limit, kind, fields, bent=any(f.code == "QUALITY_CURLED" for f in told))
    if over is None and told and all(f.code in _LIES and f.excess < 1 for f in told):
        over = somewhere_covered(measured, kind, fields.known, fields.places)
    if over is None and any(flaw.excess >= 1 for flaw in told):
        over = _at_the_place(measured, fields.known, fields.places, limit)
    return [*filter(None, [over]), *told]


def _closer_look(
    closer: Closer, measured: Measured, limit: Limits, kind: DocumentType | None, fields: _Fields, *, bent: bool
) -> Flaw | None:
    """A torn row, a seal or a smear where a field was not read."""
    found = None
    if fields.known and not _is_grainy(measured, limit):
        seen = {name: place for name, place in fields.places.items() if name not in fields.unseen}
        found = folded(closer.tears(), fields.known, seen)
    found = found or sealed(closer, [*fields.unread, *fields.unsure], fields.places)
    if found is None and not bent:  # print is soft where paper bends
        found = smeared(closer, measured, kind, fields.known, fields.places)
    return found


def _likeliest(
    measured: Measured, limit: Limits, kind: DocumentType | None, bad: Sequence[str], fields: _Fields,
    closer: Closer | None,
) -> Flaw:  # fmt: skip
    """What may be why some fields were not read where nothing is plainly wrong."""
    hint = next((f for f in flaws(measured, limit, _HINTED) if f.code != "QUALITY_CUT_EDGE"), None)
    weak = hint is not None and hint.code in (*_LIES, "QUALITY_TEXT_SMALL") and hint.excess < _SUSPECTED
    under = somewhere_covered(measured, kind, bad, fields.places) if hint is None or weak else None
    there = _at_the_place(measured, bad, fields.places, limit)
    fold = None
    if closer is not None and bad and not _is_grainy(measured, limit):
        fold = folded(closer.folds(), bad, fields.places)
    return there or under or fold or hint or _NOTHING


def _is_grainy(measured: Measured, limit: Limits) -> bool:
    """Whether edges are ragged everywhere, which elsewhere only a fold has."""
    return any(excess(measured.page[name], limit[name]) > 0 for name in ("noise", "blocks"))


def _reads_well(page: Page) -> bool:
    """Whether most of the text on a page was read surely."""
    characters = sum(len(line.text) for line in page.lines)
    return characters > 0 and sum(len(line.text) * line.confidence for line in page.lines) >= _WELL * characters


def _is_poor(measured: Measured, name: str, limit: Limits) -> bool:
    """Whether print cannot be relied on at a field, however good the rest of the page is."""
    local = measured.fields.get(name)
    return local is not None and any(
        excess(local[measure], limit[measure]) >= 2 for measure in ("sharpness", "contrast")
    )


def _at_the_place(measured: Measured, names: Sequence[str], places: Mapping[str, Box], limit: Limits) -> Flaw | None:
    """What is wrong where a field was not read, on a page that is fine elsewhere."""
    flaws_there = (_at(measured, name, places[name], limit) for name in names if name in places)
    return next(filter(None, flaws_there), None)


def _at(measured: Measured, name: str, place: Box, limit: Limits) -> Flaw | None:
    local, paper = measured.fields.get(name), measured.page["paper"]
    if local is None or paper is None:
        return None
    pale = local["contrast"] < limit["contrast"]["clean"]
    if local["paper"] > paper + _BRIGHTER or (pale and local["paper"] >= _WHITE):
        return Flaw("QUALITY_GLARE", 1.5, f"{local['paper']:g}", f"≤ {paper:g}", (place,))
    if pale and local["paper"] < _SHADED * paper:
        return Flaw("QUALITY_SHADOW", 1.5, f"{1 - local['paper'] / paper:.2g}", f"≤ {1 - _SHADED:g}", (place,))
    if local["edge"] >= limit["edge"]["flawed"]:
        return flaw_of("QUALITY_BLURRED", local["edge"], limit["edge"], " px", beyond=1.5)
    if local["contrast"] <= limit["contrast"]["unreadable"]:
        return flaw_of("QUALITY_LOW_CONTRAST", local["contrast"], limit["contrast"], beyond=1.5)
    return None


def _is_unread(field: Field, spec: FieldSpec) -> bool:
    if field.status is not Status.DOUBTFUL:
        return field.status is Status.MISSING
    # An amount at odds with something else that has no cents, or is none, was not read to its end.
    in_part = spec.kind is Kind.MONEY and (not field.value or not _CENTS.search(field.raw))
    return in_part or field.reason in _ILLEGIBLE


def _hit(flaw: Flaw, fields: _Fields) -> list[str]:
    """The key fields a flaw lies over; one whose place is not known may be under it."""
    if not flaw.boxes:
        return fields.keys
    near, places = [grown(box) for box in flaw.boxes], fields.places
    torn = fields.unseen if flaw.code == "QUALITY_CREASED" else []
    return [
        name for name in fields.keys
        if name not in places or name in torn or any(touch(places[name], box) for box in near)
    ]  # fmt: skip


def _is_unsafe(flaw: Flaw, measured: Measured, name: str, limit: Limits, fields: _Fields) -> bool:
    """Whether a field that was read cannot be relied on for a flaw."""
    places = fields.places
    if flaw.code == "QUALITY_COVERED":
        return name in places and any(hides_part_of(places[name], thing) for thing in flaw.boxes)
    if flaw.code == "QUALITY_GLARE" and any(goes_on_under(places[name], spot) for spot in flaw.boxes if name in places):
        return True
    if flaw.code == "QUALITY_CUT_EDGE" and flaw.excess >= 1:
        return name in places and _at_the_edge(places[name], measured.size)
    return _at_field(flaw, measured, name, limit) >= 2


def _at_the_edge(place: Box, size: tuple[int, int]) -> bool:
    (left, top), _, (right, bottom), _ = upright(place)
    slack = 0.1 * (bottom - top)
    return left <= slack or top <= slack or right >= size[0] - 1 - slack or bottom >= size[1] - 1 - slack


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
    (left, top), _, (right, bottom), _ = upright(box)
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
