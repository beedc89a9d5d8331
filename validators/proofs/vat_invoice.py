"""VAT invoice: what its own figures, its code and its other carriers prove of it, and what they contradict.

Exact sums prove figures of data and of a text layer. On a picture the same glyph may be misread alike in two places,
so that there a figure is verified only by what is written otherwise: the total in words, the code, many lines that
add up with their rates. What nothing beside its own reading speaks for is doubtful, or stays `read` where it cannot
be proven at all (the day of issue, a number of eight digits); `validators.invoice_proofs` says which.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from extractors.model import Field, Status
from extractors.registry import document_types
from validators.findings import CheckResult, Verdict
from validators.proofs._invoice_lines import prove_lines, prove_sums
from validators.proofs._invoice_numbers import prove_check_code, prove_kind, prove_parties, prove_structure
from validators.proofs._invoice_rates import LINE_TOLERANCE, prove_rates
from validators.proofs._invoice_sums import prove_red, prove_total, prove_words, supported
from validators.proofs._invoice_values import NO_TAX, Invoice, Outcome, Problem
from validators.proofs.base import Proof
from validators.readings import weigh

_PROOFS = (
    prove_total, prove_words, prove_lines, prove_sums, prove_rates, prove_red, prove_structure, prove_kind,
    prove_parties, prove_check_code,
)  # fmt: skip
_MANY_LINES = 2  # so many that add up are no figure misread alike in two places
_SMALLEST_GENERAL = Decimal("0.055")  # between the highest levy (5 %) and the lowest rate (6 %)


def outcomes(fields: Mapping[str, Field]) -> list[Outcome]:
    """What each proof between the fields of one invoice comes to; those that do not concern it are left out."""
    invoice = Invoice(fields)
    return [outcome for prove_one in _PROOFS if (outcome := prove_one(invoice)) is not None]


def prove(proof: Proof) -> None:
    """All cross-checks of one invoice; its code and the other carriers of its data are weighed first."""
    _weigh_readings(proof)
    found = {outcome.id: outcome for outcome in outcomes(proof.fields)}
    _lift_by_words_and_lines(proof, found)
    for problem in (problem for outcome in found.values() for problem in outcome.problems):
        _tell(proof, problem)
    _lift_by_arithmetic(proof, found)
    _doubt_unproven(proof)
    _weigh_rate_family(proof)


def _weigh_readings(proof: Proof) -> None:
    kinds = {spec.name: spec.kind for spec in document_types()["vat_invoice"].fields}
    for via, fields in _other_readings(proof):
        weigh(proof, via, fields, kinds)


def _other_readings(proof: Proof) -> Iterator[tuple[str, dict[str, Field]]]:
    if code := proof.extra.get("qr"):
        yield "qr", code
    yield from proof.extra.get("others", ())


def _passed(found: Mapping[str, Outcome], *ids: str) -> bool:
    return all(id_ in found and found[id_].result is CheckResult.PASSED for id_ in ids)


def _lift(proof: Proof, names: tuple[str, ...], reason: str) -> None:
    """Verify readings that nothing contradicts; what differs from another reading stays doubtful."""
    for name in names:
        found = proof.get(name)
        if found and (found.status is Status.READ or found.reason == "low_confidence"):
            proof.mark(name, Status.VERIFIED, reason)


def _lift_by_words_and_lines(proof: Proof, found: Mapping[str, Outcome]) -> None:
    invoice = Invoice(proof.fields)
    if _passed(found, "invoice.words"):
        _lift(proof, ("total", "total_in_words"), "words_agree")
    enough = proof.is_text or (len(invoice.priced) >= _MANY_LINES and _passed(found, "invoice.lines"))
    if enough and _passed(found, "invoice.sums"):
        _lift(proof, ("amount", "tax"), "items_add_up")


def _lift_by_arithmetic(proof: Proof, found: Mapping[str, Outcome]) -> None:
    certain = proof.fields["total"].status is Status.VERIFIED if proof.get("total") else False
    contradicted = any(
        found[id_].result is CheckResult.FAILED for id_ in ("invoice.words", "invoice.rates") if id_ in found
    )
    if _passed(found, "invoice.arithmetic") and not contradicted and (proof.is_text or certain):
        # Without a tax printed the amount merely stands there twice: still two prints that agree.
        _lift(proof, ("amount", "tax", "total"), "arithmetic")


def _tell(proof: Proof, problem: Problem) -> None:
    names = [name for name in problem.doubted if proof.get(name)]
    certain = len(names) > 1 and all(proof.fields[name].status is Status.VERIFIED for name in names)
    # Check digits vouch for how a number was read, not for whose it is: one may stand in the other's place.
    misplaced = problem.reason == "same_party" and not proof.is_data
    for name in names:
        if misplaced or proof.fields[name].status is not Status.VERIFIED:
            proof.mark(name, Status.DOUBTFUL, problem.reason)
    verdict = None
    if problem.hard and (proof.is_data or certain):
        verdict = Verdict.REJECT  # data cannot be misread, nor what two readings each agree on
    elif problem.misreading and not proof.is_text:
        verdict = Verdict.ACCEPT
    proof.report(problem.code, problem.field, verdict=verdict, **problem.params)


def _doubt_unproven(proof: Proof) -> None:
    """An amount that nothing but its own reading speaks for; data names its amounts itself."""
    open_ = [name for name in ("amount", "tax", "total") if (f := proof.get(name)) and f.status is Status.READ]
    if proof.is_data or not open_:
        return
    invoice = Invoice(proof.fields)
    for name in set(open_) - supported(invoice):
        # Without a tax beside it, amount or total was probably taken for the other.
        proof.mark(name, Status.DOUBTFUL, "tax_missing" if invoice.tax is None else "unproven")


def _weigh_rate_family(proof: Proof) -> None:
    """The rates printed, against the tax that was really charged."""
    invoice, family = Invoice(proof.fields), proof.value("rate_family")
    amount, tax = invoice.money("amount"), invoice.tax
    if family not in ("general", "levy") or amount is None or tax is None or invoice.taxes_a_margin:
        return
    # Lines free of tax stand beside taxed ones and bear none of it.
    amount -= sum(line.amount or 0 for line in invoice.priced if NO_TAX.search(line.tax_rate) and not line.tax)
    if not amount:
        return
    off = abs(tax) - abs(amount) * _SMALLEST_GENERAL
    if abs(off) <= LINE_TOLERANCE:
        return  # too little money to tell rates apart
    if (off > 0) is not (family == "general"):
        proof.mark("rate_family", Status.DOUBTFUL, "tax_differs")
    elif all(proof.get(name) and proof.fields[name].status is Status.VERIFIED for name in ("amount", "tax")):
        _lift(proof, ("rate_family",), "tax_agrees")
