"""How far each field of a record holds: check digits, second prints and the fields of one document together.

`verified` needs evidence beside the one reading; a confidence alone never lifts a field and always may
lower it. Names and addresses carry no check: read once, they stay `read`.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import cache

from extractors.model import DocumentType, Field, FieldSpec, Kind, Record, Source, Status
from validators import proofs
from validators.findings import Finding, Verdict
from validators.normalise import normalised
from validators.proofs.base import LOW_CONFIDENCE, Proof
from validators.proofs.numbers import RULES, is_proven, prove_number
from validators.proofs.tables import prove_rows

_EARLIEST, _LATEST = date(1850, 1, 1), date(2199, 12, 31)  # a day outside is a misreading

_VALUE_TYPES: dict[Kind, type] = {Kind.DATE: date, Kind.MONEY: Decimal}


@cache
def _between_fields() -> dict[str, Callable[[Proof], None]]:
    """Proofs between the fields of one document: `prove` of the module in `validators/proofs/` named like the type."""
    modules = {
        m.name: importlib.import_module(f"validators.proofs.{m.name}") for m in pkgutil.iter_modules(proofs.__path__)
    }
    return {name: module.prove for name, module in modules.items() if hasattr(module, "prove")}


def prove(
    record: Record,
    document_type: DocumentType,
    *,
    document: str | None = None,
    part: int = 1,
    source: Source = Source.OCR,
) -> tuple[Record, list[Finding]]:
    """The record with the status of every declared field settled, and what was found on the way.

    `document` and `part` say where the evidence lies; `source` whether the pages were read by OCR or
    carry their text.
    """
    fields = {spec.name: Field() for spec in document_type.fields} | record.fields
    proof = Proof(fields, document, part, source, dict(record.extra))
    for spec in document_type.fields:
        if proof.get(spec.name):
            _prove_alone(proof, spec)
    prove_rows(proof, record.type)
    if between := _between_fields().get(record.type):
        between(proof)
    return Record(record.type, proof.fields, record.side, proof.extra), proof.findings


def _prove_alone(proof: Proof, spec: FieldSpec) -> None:
    kind = Kind.TAX_ID if spec.kind is Kind.CREDIT_CODE and spec.name.endswith("tax_id") else spec.kind
    name = spec.name
    if kind in RULES:
        prove_number(proof, name, kind)
    elif kind in _VALUE_TYPES and not _is_possible(proof.fields[name].value, _VALUE_TYPES[kind]):
        proof.mark(name, Status.DOUBTFUL, "malformed")
    _weigh_prints(proof, name, kind)
    found = proof.fields[name]
    # A flag that nothing on the page raises has no text to be sure of.
    if kind is not Kind.FLAG and found.status is Status.READ and found.confidence < LOW_CONFIDENCE:
        proof.mark(name, Status.DOUBTFUL, "low_confidence")


def _is_possible(value: object, wanted: type) -> bool:
    return isinstance(value, wanted) and (not isinstance(value, date) or _EARLIEST <= value <= _LATEST)


def _weigh_prints(proof: Proof, name: str, kind: Kind) -> None:
    """Other prints of the same value: equal they verify it, different they throw doubt on it.

    Where check digits speak for this reading and against the other, the other is only told.
    """
    found = proof.fields[name]
    if not found.alternates or isinstance(found.value, list | bool):
        return
    own = normalised(kind, str(found.value))
    others = {text: normalised(kind, text) for text in found.alternates}
    differing = next((text for text, other in others.items() if other != own), None)
    proven = is_proven(kind, own)
    rivals = [text for text, other in others.items() if other != own and not (proven and not is_proven(kind, text))]
    if rivals:
        proof.mark(name, Status.DOUBTFUL, "readings_differ")
        proof.report("FIELD_READINGS_DIFFER", name, expected=rivals[0], actual=found.value)
    elif differing is not None:
        proof.report("FIELD_READINGS_DIFFER", name, expected=differing, actual=found.value, verdict=Verdict.ACCEPT)
    elif found.status is Status.READ or found.reason == "low_confidence":
        proof.mark(name, Status.VERIFIED, "second_print")
