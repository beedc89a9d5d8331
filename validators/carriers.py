"""Several carriers of one invoice: its XML, OFD and PDF, a print, a photo; and invoices that are all but the same.

The carrier that is read most surely stands for the invoice, the others become copies of it and are held against it.
That a second file says the same is expected of different carriers; of the same kind it is a duplicate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache

from extractors.model import Field, Kind, Source, Status
from extractors.registry import document_types
from validators.case import FiledDocument
from validators.findings import Finding, Verdict, finding
from validators.identifiers import invoice_code, invoice_number
from validators.normalise import normalised
from validators.photo_index import alike
from validators.proofs.base import Proof
from validators.readings import weigh

INVOICE = "vat_invoice"
_VIA = {Source.XML: "xml", Source.OFD: "ofd", Source.TEXT: "text", Source.OCR: "print"}
_BY_THE_WAY = ("QUALITY_", "FIELD_")  # what is wrong with a picture alone: a better carrier has no such trouble

# Two invoices of one template look alike; these many of the other values must be the same too.
_COMPARED, _SHARE = 6, 0.8
_WHOLE_CODE = 20  # digits of a check code
_IDENTITY = frozenset({"invoice_code", "invoice_number", "check_code", "machine_number"})


def join_carriers(documents: Sequence[FiledDocument]) -> list[FiledDocument]:
    """The documents in their order, the weaker carriers of an invoice marked as copies of the best.

    The best has the findings of the comparison, and the slot one of its copies was named for where it has none itself.
    """
    joined = list(documents)
    for places in _groups(documents):
        if len(places) > 1:
            _join(joined, places)
    for first, at in _near_duplicates(joined):
        one, other = joined[first], joined[at]
        told = finding("INVOICE_NEAR_DUPLICATE", document=other.file, actual=one.file,
                       evidence=(*other.evidence(), *one.evidence()))  # fmt: skip
        joined[at] = replace(other, findings=(*other.findings, told))
    return joined


def _groups(documents: Sequence[FiledDocument]) -> Iterable[list[int]]:
    """Places of the documents that are one invoice, the best carrier first."""
    by_number: dict[str, list[list[int]]] = defaultdict(list)
    for at, document in enumerate(documents):
        number = _text(document, "invoice_number")
        if not _is_invoice(document) or not invoice_number.is_valid(number):
            continue
        groups = by_number[number]
        known = next((group for group in groups if _same(documents[group[0]], document)), None)
        if known is None:
            groups.append([at])
        else:
            known.append(at)
    for group in (group for groups in by_number.values() for group in groups):
        yield sorted(group, key=lambda at: _rank(documents[at]))


def _is_invoice(document: FiledDocument) -> bool:
    return document.type == INVOICE and not document.unreadable


def _same(one: FiledDocument, other: FiledDocument) -> bool:
    """Whether two documents with one number are one invoice: 8 digits count with their code, or what stands for it."""
    if len(_text(one, "invoice_number")) == 20:
        return True
    codes = [_text(document, "invoice_code") for document in (one, other)]
    if all(invoice_code.is_valid(code) for code in codes):
        return codes[0] == codes[1]
    return any(_text(one, name) and _text(one, name) == _text(other, name) for name in ("issued_on", "total"))


def _rank(document: FiledDocument) -> tuple[int, int]:
    doubtful = sum(found.status is Status.DOUBTFUL for found in document.record.fields.values())
    return -document.source.rank, doubtful


def _join(documents: list[FiledDocument], places: Sequence[int]) -> None:
    first, rest = places[0], places[1:]
    best = documents[first]
    for at in rest:
        copy = documents[at]
        best = _compared(best, copy)
        kept = copy.findings
        if copy.source.rank < best.source.rank:
            kept = tuple(found for found in kept if not found.code.startswith(_BY_THE_WAY))
        documents[at] = replace(copy, copy_of=(best.file, best.part), findings=kept)
    slot = best.slot or next((documents[at].slot for at in rest if documents[at].slot), None)
    documents[first] = replace(best, slot=slot)


def _compared(best: FiledDocument, copy: FiledDocument) -> FiledDocument:
    """The better carrier once another was held against it."""
    proof = Proof(dict(best.record.fields), best.file, best.part, best.source)
    weigh(proof, _VIA.get(copy.source, "print"), copy.record.fields, _kinds())
    fields, told = proof.fields, _with_both(proof.findings, copy)
    if copy.source is best.source:
        # The same picture read twice is one reading, so that only differences count.
        old = best.record.fields
        fields = {name: found if found.status is Status.DOUBTFUL else old[name] for name, found in fields.items()}
        if not told:
            # Several sheets of one invoice (发票联, 抵扣联) are scanned into one file.
            verdict = Verdict.ACCEPT if copy.file == best.file else None
            told = [finding("INVOICE_DUPLICATE", document=copy.file, actual=best.file, verdict=verdict,
                            evidence=(*copy.evidence(), *best.evidence()))]  # fmt: skip
    return replace(best, record=replace(best.record, fields=fields), findings=(*best.findings, *told))


def _with_both(findings: Iterable[Finding], copy: FiledDocument) -> list[Finding]:
    """The findings with the place on the other carrier as evidence too."""
    fields = copy.record.fields
    return [
        found.model_copy(update={"evidence": (*found.evidence, *copy.evidence(fields.get(found.field or "")))})
        for found in findings
    ]


@cache
def _kinds() -> dict[str, Kind]:
    return {spec.name: spec.kind for spec in document_types()[INVOICE].fields}


def _text(document: FiledDocument, name: str) -> str:
    """The comparable form of a value, "" where there is none."""
    found = document.record.fields.get(name, Field())
    return "" if found.value is None or isinstance(found.value, list) else normalised(_kinds()[name], str(found.value))


def _near_duplicates(documents: Sequence[FiledDocument]) -> Iterable[tuple[int, int]]:
    """Places of invoices that may be altered copies, or copies whose number cannot be read, with the first of each.

    Only the number tells two such invoices apart. A check code belongs to one invoice alone; without it pictures that
    look alike and values that are the same make the suspicion.
    """
    by_code: dict[tuple[str, str], int] = {}
    by_total: dict[tuple[str, str], list[tuple[int, bool]]] = defaultdict(list)
    for at, document in enumerate(documents):
        if not _is_invoice(document) or document.copy_of or not (day := _text(document, "issued_on")):
            continue
        code, total = _text(document, "check_code"), _text(document, "total")
        has_code = len(code) == _WHOLE_CODE
        if has_code and (first := by_code.setdefault((day, code), at)) != at:
            yield first, at
        elif total and document.picture.get("look"):
            # Two whole check codes that differ are two invoices, whatever they look like.
            for other, other_has in by_total[day, total]:
                if not (has_code and other_has) and _all_but_the_same(documents[other], document):
                    yield other, at
                    break
            by_total[day, total].append((at, has_code))


def _all_but_the_same(one: FiledDocument, other: FiledDocument) -> bool:
    """Whether two invoices without check codes look alike and say the same.

    Unless each number is borne out by its own code: equal invoices of one day are no rarity.
    """
    if not alike(one.picture["look"], other.picture["look"]) or all(map(_borne_out, (one, other))):
        return False
    return _share_of_equal(one, other) >= _SHARE


def _borne_out(document: FiledDocument) -> bool:
    return document.record.fields.get("invoice_number", Field()).status is Status.VERIFIED


def _share_of_equal(one: FiledDocument, other: FiledDocument) -> float:
    pairs = [(_text(one, name), _text(other, name)) for name in _kinds() if name not in _IDENTITY]
    known = [(a, b) for a, b in pairs if a and b]
    return sum(a == b for a, b in known) / len(known) if len(known) >= _COMPARED else 0.0
