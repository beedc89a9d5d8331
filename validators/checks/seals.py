"""A check of seals: whether a document carries one, and what it says."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from extractors.values import compact, simplified
from validators.case import Case, FiledDocument
from validators.checks.kind import PASSED, Condition, Outcome, Ref, SlotRef, check_kind, resolve
from validators.findings import CheckResult, Evidence, Verdict, finding
from validators.profile import CheckSpec

Words = Annotated[tuple[str, ...], BeforeValidator(lambda words: (words,) if isinstance(words, str) else words)]


class SealOn(Condition):
    slot: SlotRef
    shape: Literal["round", "oval", "any"] = "any"
    text: Words = ()  # one of these must stand in a seal, or in a stamp of red text where any shape will do
    name: Ref | None = None  # whose seal it must be


@check_kind(SealOn)
def seal_on(case: Case, spec: CheckSpec, params: SealOn) -> Outcome:
    """A document carries a seal, of a shape and with a text if so asked. None seen proves nothing: it may be grey."""
    documents = list(case.in_slot(params.slot))
    if not documents:
        return resolve(case, spec, f"{params.slot}.type")[1]
    words = [params.text] if params.text else []
    if params.name:
        value, refused = resolve(case, spec, params.name)
        if value is None:
            return refused
        words.append((str(value.field.value),))
    for document in documents:
        if "seals" not in document.picture:
            return Outcome(CheckResult.NOT_CHECKED, "seals were not looked for")
        seals = [seal for seal in document.picture["seals"] if params.shape in ("any", seal["shape"])]
        rings = [seal for seal in seals if seal["shape"] != "text"]
        # Without words to go by, a ring of another ink may as well be a logo.
        if any(_says(seal, words) for seal in (seals if words else rings) if words or seal["colour"] == "red"):
            continue
        code = "AUTH_SEAL_UNREADABLE" if words and rings else "AUTH_SEAL_OTHER_INK" if rings else "AUTH_NO_SEAL_SEEN"
        return _open(spec, params, document, code, rings, words)
    return PASSED


def _says(seal: dict[str, Any], words: list[tuple[str, ...]]) -> bool:
    """Whether one of each group of words stands in a seal."""
    text = simplified(compact(seal["text"]))
    return all(any(simplified(compact(word)) in text for word in group) for group in words)


def _open(
    spec: CheckSpec, params: SealOn, document: FiledDocument, code: str, rings: list[dict[str, Any]],
    words: list[tuple[str, ...]],
) -> Outcome:  # fmt: skip
    evidence = tuple(
        Evidence(document=document.file, part=document.part, page=ring["page"], box=ring["box"]) for ring in rings
    )
    read = "、".join(ring["text"] for ring in rings if ring["text"])
    asked = " + ".join("/".join(group) for group in words) or None
    seen = finding(code, document=document.file, expected=asked, actual=read or "—",
                   source=spec.source, evidence=evidence or document.evidence(),
                   verdict=None if spec.required else Verdict.ACCEPT, **params.told())  # fmt: skip
    why = "the words asked for were not read in a seal" if code == "AUTH_SEAL_UNREADABLE" else "no red seal seen"
    return Outcome(CheckResult.NOT_CHECKED, why, (seen,))
