"""VAT invoice: amount + tax = total, words = figures, lines = sums, year of the number = year of issue.

Sums that come out exactly prove their terms: no single misreading survives them.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from extractors.model import Item, Status
from extractors.values import parse_words
from validators.findings import Verdict
from validators.identifiers import invoice_number
from validators.proofs.base import Proof

_NO_TAX = re.compile(r"[*＊]|免税|不征税")
_CHECK_CODE = re.compile(r"[0-9]{20}")


def prove(proof: Proof) -> None:
    """All cross-checks of one invoice."""
    amount, tax, total = _amount(proof, "amount"), _tax(proof), _amount(proof, "total")
    _prove_total(proof, amount, tax, total)
    _prove_words(proof, total)
    _prove_items(proof, amount, tax)
    _prove_year(proof)
    _prove_check_code(proof)


def _amount(proof: Proof, name: str) -> Decimal | None:
    value = proof.value(name)
    return value if isinstance(value, Decimal) else None


def _tax(proof: Proof) -> Decimal | None:
    """The tax; stars or 免税 in its place are none."""
    tax = proof.fields.get("tax")
    return Decimal(0) if tax and _NO_TAX.search(tax.raw) else _amount(proof, "tax")


def _contradiction(proof: Proof) -> Verdict | None:
    """Data cannot be misread; figures on a page, even of a text layer, may have been taken for others."""
    return Verdict.REJECT if proof.is_data else None


def _mark(proof: Proof, names: tuple[str, ...], status: Status, reason: str) -> None:
    for name in names:
        if proof.get(name) and not (status is Status.DOUBTFUL and proof.fields[name].status is Status.VERIFIED):
            proof.mark(name, status, reason)


def _prove_total(proof: Proof, amount: Decimal | None, tax: Decimal | None, total: Decimal | None) -> None:
    if tax is None and amount is not None and amount == total:
        # Without a tax beside it, one of the two was probably taken for the other.
        _mark(proof, ("amount",), Status.DOUBTFUL, "tax_missing")
    if amount is None or tax is None or total is None:
        return
    if amount + tax == total:
        # Without tax the amount merely stands there twice: still two prints that agree.
        stated = ("amount", "tax", "total") if proof.value("tax") is not None else ("amount", "total")
        _mark(proof, stated, Status.VERIFIED, "arithmetic")
        return
    _mark(proof, ("amount", "tax", "total"), Status.DOUBTFUL, "arithmetic")
    proof.report("INVOICE_TOTAL_MISMATCH", "total", expected=amount + tax, actual=total, verdict=_contradiction(proof))


def _prove_words(proof: Proof, total: Decimal | None) -> None:
    words = proof.value("total_in_words")
    if words is None or total is None:
        return
    spoken = words if isinstance(words, Decimal) else parse_words(str(words))
    if spoken is None:
        proof.mark("total_in_words", Status.DOUBTFUL, "malformed")
    elif spoken == total:
        _mark(proof, ("total", "total_in_words"), Status.VERIFIED, "words_agree")
    else:
        # Even a sum that came out: a leading digit lost in both amount and total leaves it right.
        for name in ("amount", "total", "total_in_words"):
            if proof.get(name):
                proof.mark(name, Status.DOUBTFUL, "words_differ")
        proof.report(
            "INVOICE_WORDS_MISMATCH", "total_in_words", expected=spoken, actual=total, verdict=_contradiction(proof)
        )


def _prove_items(proof: Proof, amount: Decimal | None, tax: Decimal | None) -> None:
    items = proof.value("items")
    if not isinstance(items, list) or not items or amount is None:
        return
    lines = [item for item in items if isinstance(item, Item)]
    # A line without an amount is a line half read, but for the rows that only continue a name.
    sums = sum((item.amount for item in lines if item.amount is not None), Decimal(0))
    taxes = sum((item.tax for item in lines if item.tax is not None), Decimal(0))
    if sums != amount:
        _mark(proof, ("items",), Status.DOUBTFUL, "sums_differ")
        proof.report("INVOICE_ITEMS_MISMATCH", "items", expected=sums, actual=amount, verdict=_contradiction(proof))
    elif tax is not None and taxes != tax:
        _mark(proof, ("items",), Status.DOUBTFUL, "sums_differ")
        proof.report("INVOICE_ITEMS_MISMATCH", "items", expected=taxes, actual=tax, verdict=_contradiction(proof))
    elif tax is not None:
        # Names and units are no part of the sums: the lines stay `read`, the sums they make are proven.
        _mark(proof, ("amount", "tax"), Status.VERIFIED, "items_add_up")


def _prove_year(proof: Proof) -> None:
    number, issued = str(proof.value("invoice_number") or ""), proof.value("issued_on")
    if not invoice_number.is_valid(number) or not isinstance(issued, date):
        return
    year = invoice_number.year(invoice_number.validate(number))
    if year is not None and year != issued.year:
        for name in ("invoice_number", "issued_on"):
            proof.mark(name, Status.DOUBTFUL, "year_differs")
        proof.report("INVOICE_YEAR_DIFFERS", "issued_on", expected=year, actual=issued, verdict=_contradiction(proof))


def _prove_check_code(proof: Proof) -> None:
    code = proof.value("check_code")
    if code is not None and not _CHECK_CODE.fullmatch(re.sub(r"\s", "", str(code))):
        proof.mark("check_code", Status.DOUBTFUL, "malformed")
        proof.report("INVOICE_CHECK_CODE_FORMAT", "check_code", actual=code)
