"""Which document fills which slot, and what is wrong with it there: missing, another type, too large, grey."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from extractors.model import Record
from extractors.registry import UNKNOWN, document_types
from validators.case import Case, FiledDocument
from validators.findings import Check, CheckResult, Finding, Severity, Verdict, finding
from validators.profile import Profile, Slot

# Below this a type is a guess: a wrong document is then a question, not a refusal.
SURE_TYPE = 0.7


def assign(
    profile: Profile, documents: Iterable[FiledDocument], declared: Mapping[str, Any] | None = None
) -> tuple[FiledDocument, ...]:
    """Documents with their slots: as the applicant said, else the first free slot that takes their type and side.

    A slot may be named by a document type too (`id_card` for front and back). What is put into a photo's
    slot is that kind of photo: no print on it would tell. `declared` decides which slots are asked for.
    """
    slots = Case(profile, dict(declared or {}), (), date.min).slots()
    documents = list(documents)
    placed: dict[int, FiledDocument] = {}
    taken: Counter[str] = Counter()
    # Documents with a slot of their own come first, so that the others see what is still free.
    for at, document in sorted(enumerate(documents), key=lambda pair: pair[1].slot not in slots):
        if document.copy_of and (document.slot not in profile.slots or document.is_spare(documents)):
            placed[at] = replace(document, slot=None)
            continue
        slot = document.slot if document.slot in profile.slots else _free_slot(slots, document, taken)
        if slot:
            taken[slot] += 1
            # One picture of both sides fills the slot of the other side as well.
            if document.record.side == "both":
                taken.update(name for name, s in slots.items() if document.type in s.accepts and s.side)
        placed[at] = _as_photo(replace(document, slot=slot), slots)
    return tuple(placed[at] for at in sorted(placed))


def _free_slot(slots: Mapping[str, Slot], document: FiledDocument, taken: Counter[str]) -> str | None:
    fitting = [
        name
        for name, slot in slots.items()
        if document.type in slot.accepts and (not slot.side or document.record.side in (slot.side, "both"))
    ]
    return next((name for name in fitting if taken[name] < slots[name].at_most), fitting[0] if fitting else None)


def _as_photo(document: FiledDocument, slots: Mapping[str, Slot]) -> FiledDocument:
    accepts = slots[document.slot].accepts if document.slot and document.slot in slots else ()
    photo = next((t for t in accepts if document_types()[t].photo), None)
    if photo is None or document.type in accepts or document.unreadable or document.size is None:
        return document
    return replace(document, record=Record(photo, {}, extra=document.record.extra), type_confidence=1.0)


def known_slots(profile: Profile) -> set[str]:
    """Names a submission may use for slots: the profile's own, and the types they accept."""
    return set(profile.slots) | {type_id for slot in profile.slots.values() for type_id in slot.accepts}


def check_slots(case: Case) -> tuple[list[Check], list[Finding]]:
    """One check for each slot: is a document there, of the right type, within the limits of its file."""
    checks, findings = [], []
    for name, slot in case.slots().items():
        found = list(_slot_findings(case, name, slot))
        filled = any(True for _ in case.in_slot(name))
        worst = max((f.verdict for f in found), key=lambda v: v.rank, default=Verdict.ACCEPT)
        if worst is Verdict.REJECT:
            result, why = CheckResult.FAILED, ", ".join(sorted({f.code for f in found}))
        elif worst is Verdict.REVIEW:
            result, why = CheckResult.NOT_CHECKED, ", ".join(sorted({f.code for f in found}))
        elif not filled:
            result = CheckResult.NOT_CHECKED
            why = "the file could not be read" if slot.required else "optional, no document given"
        else:
            result, why = CheckResult.PASSED, ""
        checks.append(Check(id=f"slot:{name}", result=result, why=why, source=slot.source, required=slot.required))
        findings += found
    findings += _left_over(case)
    return checks, findings


def _slot_findings(case: Case, name: str, slot: Slot) -> Iterable[Finding]:
    inside = list(case.in_slot(name))
    meant = [d for d in case.documents if d.slot == name and d not in inside and not d.is_spare(case.documents)]
    title = slot.title
    for document in meant:
        if not document.unreadable:  # then the file's own finding says all there is
            yield _wrong_type(document, slot)
    if not inside and slot.required and not meant:
        unread = [d for d in case.documents if d.type == UNKNOWN and d.slot is None]
        # A document nobody could name may be the missing one: a person must look.
        verdict = Verdict.REVIEW if unread else Verdict.REJECT
        yield finding("PROFILE_DOCUMENT_MISSING", field=name, verdict=verdict, source=slot.source,
                      slot_zh=title.zh, slot_en=title.en)  # fmt: skip
    own = [d for d in inside if d.slot == name]
    if slot.at_most > 1:
        yield from _count(own, name, slot)
    elif len(own) > 1:
        yield finding("PROFILE_SEVERAL_DOCUMENTS", field=name, source=slot.source, document=own[1].file,
                      count=len(own), slot_zh=title.zh, slot_en=title.en, evidence=own[1].evidence())  # fmt: skip
    for document in inside:
        copies = (d for d in case.documents if d.copy_of == (document.file, document.part))
        # One carrier of an invoice that the platform takes is enough.
        if all(any(_limits(copy, slot)) for copy in copies):
            yield from _limits(document, slot)


def _count(own: list[FiledDocument], name: str, slot: Slot) -> Iterable[Finding]:
    """Several documents are asked for: not fewer (unless none is required) and not more than the platform takes."""
    if own and not slot.at_least <= len(own) <= slot.at_most:
        yield finding("PROFILE_COUNT", field=name, expected=f"{slot.at_least}–{slot.at_most}", actual=len(own),
                      source=slot.source, slot_zh=slot.title.zh, slot_en=slot.title.en)  # fmt: skip


def _wrong_type(document: FiledDocument, slot: Slot) -> Finding:
    types = document_types()
    expected = [types[t] for t in slot.accepts]
    if document.type in slot.accepts:
        return finding("TYPE_WRONG_SIDE", document=document.file, expected=slot.side, actual=document.record.side,
                       source=slot.source, evidence=document.evidence(),
                       slot_zh=slot.title.zh, slot_en=slot.title.en)  # fmt: skip
    sure = document.type != UNKNOWN and document.type_confidence >= SURE_TYPE
    actual = types.get(document.type)
    return finding(
        "TYPE_WRONG" if document.type != UNKNOWN else "TYPE_UNKNOWN",
        document=document.file,
        verdict=Verdict.REJECT if sure else Verdict.REVIEW,
        expected="/".join(t.zh for t in expected), actual=actual.zh if actual else UNKNOWN,
        expected_en="/".join(t.en for t in expected), actual_en=actual.en if actual else UNKNOWN,
        source=slot.source, evidence=document.evidence(),
    )  # fmt: skip


def _limits(document: FiledDocument, slot: Slot) -> Iterable[Finding]:
    common: dict[str, Any] = {"document": document.file, "source": slot.source, "evidence": document.evidence()}
    if slot.max_bytes and document.bytes > slot.max_bytes:
        yield finding("FILE_OVER_SLOT_LIMIT", expected=f"≤ {slot.max_bytes / 1e6:g} MB",
                      actual=f"{document.bytes / 1e6:.2f} MB", **common)  # fmt: skip
    if slot.formats and document.format not in slot.formats:
        yield finding("FILE_FORMAT_NOT_ACCEPTED", expected=", ".join(slot.formats), actual=document.format, **common)
    if slot.min_pixels and document.size and min(document.size) < slot.min_pixels:
        yield finding(
            "QUALITY_FEW_PIXELS", expected=f"≥ {slot.min_pixels} px", actual=f"{min(document.size)} px", **common
        )
    flaws = [f.code for f in document.findings if f.code.startswith("QUALITY_") and f.severity is Severity.WARNING]
    if slot.high_definition and flaws:
        yield finding("QUALITY_BELOW_HIGH_DEFINITION", actual=", ".join(dict.fromkeys(flaws)), **common)
    if slot.colour and document.quality.get("colour") is False:
        yield finding("QUALITY_GREY", expected="colour", actual="grey", **common)


def _left_over(case: Case) -> Iterable[Finding]:
    """Documents that fill no slot: told, because the applicant thought they were needed."""
    used = {id(d) for name in case.slots() for d in case.in_slot(name)}
    for document in case.documents:
        spare = document.is_spare(case.documents)
        if spare or id(document) in used or document.slot in case.slots() or document.unreadable:
            continue
        code = "TYPE_UNKNOWN_EXTRA" if document.type == UNKNOWN else "PROFILE_DOCUMENT_UNUSED"
        kind = document_types().get(document.type)
        yield finding(code, document=document.file, evidence=document.evidence(),
                      actual=kind.zh if kind else UNKNOWN, actual_en=kind.en if kind else UNKNOWN)  # fmt: skip
