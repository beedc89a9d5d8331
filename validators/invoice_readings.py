"""Two readings of one invoice's pages by one engine: whether a second is called for, and what both come to.

They are not independent: where they agree nothing is proven by that. Where they differ, what the invoice's own proofs
speak for counts (sums, words, lines, check digits, its code); where nothing does, the field is doubtful and both
values are kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product

from rapidfuzz.distance import Levenshtein

from extractors.model import Field, FieldSpec, Item, Kind, Record, Status
from extractors.registry import document_types
from validators.findings import CheckResult
from validators.normalise import normalised
from validators.proofs._invoice_values import Invoice, Outcome
from validators.proofs.vat_invoice import outcomes
from validators.prove import prove

# Fields that one proof speaks of together: which of two readings of one is right may hang on the others.
_LINKED = (
    ("items", "amount", "tax", "total", "total_in_words"),
    ("invoice_kind", "invoice_code", "invoice_number", "issued_on", "check_code"),
)
# Words carry no check. One reading of them wins only where the other is a part of it and was found to be cut.
_WORDS = frozenset({Kind.ORGANISATION, Kind.PERSON, Kind.TEXT})
_SURE_OF_EACH = 0.95  # confidence of its weakest character from which a reading is sure of all
_OPEN = (Status.MISSING, Status.DOUBTFUL)

_Fields = dict[str, Field]


def is_open(record: Record) -> bool:
    """Whether the proofs leave a key field or the lines missing or doubtful, or one of them fails."""
    fields = prove(record, document_types()["vat_invoice"])[0].fields
    invoice = Invoice(fields)
    wanted = [spec.name for spec in document_types()["vat_invoice"].fields if spec.key or spec.name == "items"]
    lacking = [name for name in wanted if fields[name].status in _OPEN and not _may_lack(name, invoice)]
    return bool(lacking) or any(_may_be_misread(outcome, fields) for outcome in outcomes(fields))


def _may_be_misread(outcome: Outcome, fields: Mapping[str, Field]) -> bool:
    """Whether a proof fails by values that are not certain; what is certain reads the same again."""
    certain = outcome.fields and all(fields[name].status is Status.VERIFIED for name in outcome.fields)
    return outcome.result is CheckResult.FAILED and not certain


def _may_lack(name: str, invoice: Invoice) -> bool:
    """Whether a field is missing that not every invoice has."""
    if invoice.fields[name].status is not Status.MISSING:
        return False
    if name == "invoice_code":
        return invoice.kind.startswith("digital")
    if name == "buyer_tax_id":
        return bool(invoice.kind) and "special" not in invoice.kind  # persons have none, and need not have one there
    if name in ("amount", "tax"):
        return invoice.states_total_alone or (name == "tax" and invoice.tax is not None)
    return name == "items" and not invoice.has_lines


def settled(first: Record, second: Record) -> Record:
    """What two readings of the same pages come to, field by field.

    `first.extra` holds what else is known of the invoice, such as its code. Statuses are those of extraction: the
    result is yet to be proven.
    """
    specs = document_types()["vat_invoice"].fields
    fields = {s.name: found for s in specs if (found := _alone(s, first.fields[s.name], second.fields[s.name]))}
    for group in _linked([s for s in specs if s.name not in fields]):
        both = {spec.name: (first.fields[spec.name], second.fields[spec.name]) for spec in group}
        spoken_for = _spoken_for(both, first.fields | fields, first)
        for spec in group:
            fields[spec.name] = _decided(spec, *both[spec.name], spoken_for[spec.name])
    return replace(first, fields={spec.name: fields[spec.name] for spec in specs})


def _linked(undecided: list[FieldSpec]) -> Iterator[list[FieldSpec]]:
    """The fields still to be decided, those together that hang on each other."""
    alone = [(s.name,) for s in undecided if not any(s.name in names for names in _LINKED)]
    for names in (*_LINKED, *alone):
        if group := [spec for spec in undecided if spec.name in names]:
            yield group


def _alone(spec: FieldSpec, first: Field, second: Field) -> Field | None:
    """The field that counts where the two readings do not contradict each other; None where they do."""
    if _gives_none(first) or _gives_none(second):
        return _again(second) if second.status is Status.READ else first
    if _plain(spec.kind, first) != _plain(spec.kind, second):
        return _again(second) if spec.kind in _WORDS and _is_misread(spec.kind, first, second) else None
    # What else the first reading saw of the same value stands: alternates are not read away.
    cleared = first.status is Status.DOUBTFUL and second.status is Status.READ and not first.alternates
    return _again(second) if cleared else first


def _is_misread(kind: Kind, first: Field, second: Field) -> bool:
    """Whether the first reading doubted a character of its own, and the second, sure of all of its, differs by that
    one, or by what was read before or behind it; or is one of two that the first left undecided."""
    if second.status is not Status.READ or second.weakest < _SURE_OF_EACH:
        return False
    one, other = str(_plain(kind, first)), str(_plain(kind, second))
    if first.reason == "readings_differ":
        return other in (normalised(kind, value) for value in first.alternates)
    of_its_own = first.reason == "low_confidence" and first.weakest < _SURE_OF_EACH
    return of_its_own and (other in one or Levenshtein.distance(one, other) == 1)


def _gives_none(found: Field) -> bool:
    """Whether nothing was read, or nothing in the form of its kind."""
    return found.status is Status.MISSING or (found.status is Status.DOUBTFUL and found.reason == "malformed")


def _spoken_for(both: Mapping[str, tuple[Field, Field]], known: _Fields, record: Record) -> dict[str, list[Field]]:
    """The readings of each field that are part of a combination with as few doubts as any."""
    tried = [dict(zip(both, choice, strict=True)) for choice in product(*both.values())]
    doubts = [_doubts(replace(record, fields={**known, **choice})) for choice in tried]
    best = [choice for choice, count in zip(tried, doubts, strict=True) if count == min(doubts)]
    return {name: [found for found in pair if any(c[name] is found for c in best)] for name, pair in both.items()}


def _doubts(record: Record) -> tuple[int, int]:
    """How much speaks against the values of a record, and, where that is equal, how little speaks for them."""
    sure = {name: _as_if_sure(found) for name, found in record.fields.items()}
    fields = prove(replace(record, fields=sure), document_types()["vat_invoice"])[0].fields
    results = [outcome.result for outcome in outcomes(fields)]
    statuses = [found.status for found in fields.values()]
    against = results.count(CheckResult.FAILED) + statuses.count(Status.DOUBTFUL)
    return against, -results.count(CheckResult.PASSED) - statuses.count(Status.VERIFIED)


def _as_if_sure(found: Field) -> Field:
    """How sure the reader was decides nothing between two readings of its own."""
    unsure = found.status is Status.DOUBTFUL and found.reason == "low_confidence"
    return found.model_copy(update={"confidence": 1.0, **({"status": Status.READ} if unsure else {})})


def _decided(spec: FieldSpec, first: Field, second: Field, spoken_for: list[Field]) -> Field:
    """The reading that the proofs speak for; doubtful where they do for both, or for its figures but not its words."""
    if len(spoken_for) > 1:
        unsure = first.status is Status.DOUBTFUL and second.status is Status.READ
        return _differing(second, first) if unsure else _differing(first, second)
    kept, other = (first, second) if spoken_for[0] is first else (second, first)
    if _words_differ(spec.kind, kept, other):
        return _differing(kept, other)
    return _again(second) if kept is second else first


def _words_differ(kind: Kind, kept: Field, other: Field) -> bool:
    if kind is Kind.ITEMS:
        names, others = ([normalised(Kind.TEXT, item.name) for item in _items(found)] for found in (kept, other))
        return len(names) == len(others) and names != others
    return kind in _WORDS and str(_plain(kind, other)) not in str(_plain(kind, kept))


def _again(second: Field) -> Field:
    return second.model_copy(update={"reason": "second_reading"}) if second.status is Status.READ else second


def _differing(kept: Field, other: Field) -> Field:
    others = tuple(dict.fromkeys((*kept.alternates, _shown(other))))
    return kept.model_copy(update={"status": Status.DOUBTFUL, "reason": "readings_differ", "alternates": others})


def _plain(kind: Kind, found: Field) -> object:
    """The comparable form of a value."""
    if isinstance(found.value, list):
        return [
            (normalised(Kind.TEXT, i.name), i.amount, i.tax, normalised(Kind.TEXT, i.tax_rate)) for i in _items(found)
        ]
    return found.value if isinstance(found.value, bool) else normalised(kind, str(found.value))


def _items(found: Field) -> list[Item]:
    return [item for item in found.value if isinstance(item, Item)] if isinstance(found.value, list) else []


def _shown(found: Field) -> str:
    return "; ".join(f"{item.name} {item.amount}" for item in _items(found)) or str(found.value)
