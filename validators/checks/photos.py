"""Checks of photos: a face, a document held up, sharpness, one's own pictures.

What is seen on a photo is a sign, never a proof: the worst these checks come to is that a person must look.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from pydantic import Field

from extractors.values import compact, simplified
from validators.case import Case, FiledDocument
from validators.checks.kind import PASSED, Outcome, Params, Ref, SlotRef, check_kind, resolve
from validators.findings import CheckResult, Evidence, Finding, finding
from validators.photo_index import alike
from validators.profile import CheckSpec

_SHARP_FACE = 12.0  # see pipeline.faces: blurred portraits of any size lie below
_SHARP_PHOTO = 8.0  # see pipeline.photos: nothing on such a photo is in focus
_READABLE = 0.8  # confidence from which a name read off a document in hand counts
_LABELS, _LINES = 2, 4  # a block of text is a document with so many known labels, or lines
_LATIN = re.compile("[A-Z]{2,}")


class OfSlot(Params):
    slot: SlotRef


def _each(case: Case, spec: CheckSpec, slot: str, signs: Callable[[FiledDocument], Iterator[Finding]]) -> Outcome:
    """What a check of each photo in a slot comes to: any sign leaves it to a person."""
    documents = list(case.in_slot(slot))
    if not documents:
        return resolve(case, spec, f"{slot}.type")[1]
    if any("look" not in document.picture for document in documents):
        return Outcome(CheckResult.NOT_CHECKED, "not measured as a photo")
    found = tuple(sign for document in documents for sign in signs(document))
    return Outcome(CheckResult.NOT_CHECKED, ", ".join(sorted({f.code for f in found})), found) if found else PASSED


def _sign(spec: CheckSpec, code: str, document: FiledDocument, box: Any = None, **more: Any) -> Finding:
    evidence = (Evidence(document=document.file, part=document.part, page=1, box=box),) if box else document.evidence()
    return finding(code, document=document.file, source=spec.source, evidence=evidence, **more)


class FaceIn(OfSlot):
    min_share: float = Field(0.0, ge=0, le=1)  # of the photo's height


@check_kind(FaceIn)
def face_in(case: Case, spec: CheckSpec, params: FaceIn) -> Outcome:
    """Each photo shows one person's face, large and sharp enough."""

    def signs(document: FiledDocument) -> Iterator[Finding]:
        faces = document.picture["faces"]
        if not faces:
            yield _sign(spec, "AUTH_NO_FACE_SEEN", document)
            return
        face = faces[0]
        if face["height"] < params.min_share:
            yield _sign(spec, "QUALITY_FACE_SMALL", document, face["box"],
                        expected=f"≥ {params.min_share:.0%}", actual=f"{face['height']:.0%}")  # fmt: skip
        if face["sharpness"] < _SHARP_FACE:
            yield _sign(spec, "QUALITY_FACE_BLURRED", document, face["box"],
                        expected=f"≥ {_SHARP_FACE:g}", actual=f"{face['sharpness']:g}")  # fmt: skip
        # The portrait on a card held up is a face too, but a small one.
        others = [other for other in faces[1:] if other["height"] > 0.7 * face["height"]]
        if others:
            yield _sign(spec, "AUTH_SEVERAL_FACES", document, others[0]["box"], actual=1 + len(others))

    return _each(case, spec, params.slot, signs)


class InHand(OfSlot):
    name: Ref | None = None  # must be readable on the document


@check_kind(InHand)
def document_in_hand(case: Case, spec: CheckSpec, params: InHand) -> Outcome:
    """Each photo shows a document held up, with the name readable on it."""
    name = ""
    if params.name:
        value, refused = resolve(case, spec, params.name)
        if value is None:
            return refused
        name = str(value.field.value)

    def signs(document: FiledDocument) -> Iterator[Finding]:
        held = document.picture["document"]
        if not held or (len(held["labels"]) < _LABELS and held["lines"] < _LINES):
            yield _sign(spec, "AUTH_NO_DOCUMENT_IN_HAND", document)
        elif name and not _reads(document.picture["text"], held["box"], name):
            yield _sign(spec, "AUTH_NAME_NOT_READ_IN_HAND", document, held["box"], expected=name)

    return _each(case, spec, params.slot, signs)


def _reads(text: list[dict[str, Any]], box: Any, name: str) -> bool:
    """Whether a name stands on the document: a Chinese one in a line, the words of a Latin one in any order."""
    (left, top), _, (right, bottom), _ = box
    lines = [
        simplified(compact(line["text"])).upper() if not _LATIN.search(name.upper()) else line["text"].upper()
        for line in text
        if line["confidence"] >= _READABLE
        and left <= (line["box"][0][0] + line["box"][2][0]) / 2 <= right
        and top <= (line["box"][0][1] + line["box"][2][1]) / 2 <= bottom
    ]
    if words := _LATIN.findall(name.upper()):
        there = {word for line in lines for word in _LATIN.findall(line)}
        return set(words) <= there
    return any(simplified(compact(name)).upper() in line for line in lines)


@check_kind(OfSlot)
def photos_differ(case: Case, spec: CheckSpec, params: OfSlot) -> Outcome:
    """No photo of a slot is another one again, here or elsewhere in the submission."""
    inside = list(case.in_slot(params.slot))
    others = [d for d in case.documents if d.picture.get("look") and all(d is not own for own in inside)]
    pairs = [*combinations(inside, 2), *((own, other) for own in inside for other in others)]

    def signs(document: FiledDocument) -> Iterator[Finding]:
        for one, other in pairs:
            if one is document and alike(one.picture["look"], other.picture.get("look", ())):
                yield _sign(spec, "AUTH_SAME_PHOTO", document, actual=other.file)

    return _each(case, spec, params.slot, signs)


class OwnPhotos(OfSlot):
    taken_within_days: int = Field(1095, gt=0)


@check_kind(OwnPhotos)
def own_photos(case: Case, spec: CheckSpec, params: OwnPhotos) -> Outcome:
    """Photos are the applicant's own: no mark of a picture site, camera data as it was, not submitted by others."""

    def signs(document: FiledDocument) -> Iterator[Finding]:
        picture = document.picture
        if picture["sources"]:
            yield _sign(spec, "AUTH_PICTURE_SITE_NAMED", document, actual="、".join(picture["sources"]))
        yield from _camera_signs(case, spec, document, params.taken_within_days)
        seen = case.photos.similar(picture["look"], _owner(case)) if case.photos and _owner(case) else []
        if seen:
            yield _sign(spec, "AUTH_PHOTO_SUBMITTED_BEFORE", document, actual=len(seen))

    outcome = _each(case, spec, params.slot, signs)
    documents = list(case.in_slot(params.slot))
    if outcome.result is CheckResult.PASSED and (why := _not_compared(case, documents)):
        unknown = _sign(spec, "AUTH_PHOTOS_NOT_COMPARED", documents[0])
        return Outcome(CheckResult.PASSED, why, (unknown,))
    return outcome


def _camera_signs(case: Case, spec: CheckSpec, document: FiledDocument, days: int) -> Iterator[Finding]:
    camera = document.picture["camera"]
    if camera.get("editors"):
        yield _sign(spec, "AUTH_PHOTO_EDITED", document, actual="、".join(camera["editors"]))
    if not (camera.get("make") or camera.get("model")):
        yield _sign(spec, "AUTH_NO_CAMERA_DATA", document)
    taken = date.fromisoformat(camera["taken_on"]) if camera.get("taken_on") else None
    if taken and (taken > case.as_of or taken < case.as_of - timedelta(days=days)):
        yield _sign(spec, "AUTH_PHOTO_OLD", document, actual=taken, limit=days)


def _not_compared(case: Case, documents: list[FiledDocument]) -> str:
    """Why photos were not compared with those of other submissions; empty where they were."""
    if case.photos is None:
        return "photos of other submissions are not kept"
    if not _owner(case):
        return "whose photos these are is not declared"
    answers = (case.photos.similar(d.picture["look"], _owner(case)) for d in documents)
    return "the photos of other submissions could not be asked" if any(a is None for a in answers) else ""


def _owner(case: Case) -> str:
    values = (case.value(key) for key in ("credit_code", "legal_representative_id") if key in case.declared)
    return next((str(value) for value in values if value), "")


@check_kind(OfSlot)
def captioned(case: Case, spec: CheckSpec, params: OfSlot) -> Outcome:
    """Each photo says what it shows. A photo without a caption is told, nothing more."""
    documents = list(case.in_slot(params.slot))
    if not documents:
        return resolve(case, spec, f"{params.slot}.type")[1]
    return Outcome(
        CheckResult.PASSED, "", tuple(_sign(spec, "PROFILE_NO_CAPTION", d) for d in documents if not d.caption)
    )


class Sharp(OfSlot):
    min_pixels: int = Field(0, ge=0)  # of the shorter side


@check_kind(Sharp)
def photo_sharp(case: Case, spec: CheckSpec, params: Sharp) -> Outcome:
    """Each photo has enough pixels and something on it is in focus."""

    def signs(document: FiledDocument) -> Iterator[Finding]:
        picture = document.picture
        shorter = min(picture["width"], picture["height"])
        if shorter < params.min_pixels:
            yield _sign(
                spec, "QUALITY_PHOTO_SMALL", document, expected=f"≥ {params.min_pixels} px", actual=f"{shorter} px"
            )
        if picture["sharpness"] < _SHARP_PHOTO:
            yield _sign(spec, "QUALITY_PHOTO_BLURRED", document,
                        expected=f"≥ {_SHARP_PHOTO:g}", actual=f"{picture['sharpness']:g}")  # fmt: skip

    return _each(case, spec, params.slot, signs)
