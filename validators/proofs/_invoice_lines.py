"""The lines of an invoice: each by itself, a discount after what it discounts, and all of them against the totals."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from extractors.model import Item
from extractors.values import UNTAXED
from validators.proofs._invoice_rates import LINE_TOLERANCE, TOTAL_TOLERANCE, expected_tax, in_force
from validators.proofs._invoice_values import NO_TAX, Invoice, Outcome, Problem, failed, passed, percent, unchecked

LINES, SUMS = "invoice.lines", "invoice.sums"
_CENT = Decimal("0.01")
_TOLD_SINGLY = 5  # lines told one by one


def prove_lines(invoice: Invoice) -> Outcome | None:
    """Quantity × price = amount and amount × rate = tax on every line, within rounding; discounts have their line."""
    lines = invoice.priced
    if not lines:
        return unchecked(LINES, "no lines were read", "items") if invoice.has_lines else None
    margin, day = invoice.taxes_a_margin, invoice.issued_on
    problems = [*_each(lines, day, margin=margin), *_discounts(invoice, lines), *([] if margin else _drift(lines))]
    if problems:
        return failed(LINES, f"{len(problems)} of the lines do not come out", *problems[:_TOLD_SINGLY])
    if margin and not _margin_comes_out(invoice):
        return unchecked(LINES, "the tax is that of a margin or reduced: it does not follow from the amount", "items")
    if not margin and not _inclusive(invoice) and any(_rate_missing(line) for line in lines):
        return unchecked(LINES, "a rate or a tax was not read", "items")
    return passed(LINES, "items")


def prove_sums(invoice: Invoice) -> Outcome | None:
    """The lines add up to the totals, amount and tax each; the lines of a roll hold the tax and add up to the total."""
    lines, amount, tax, total = invoice.priced, invoice.money("amount"), invoice.tax, invoice.money("total")
    if not lines:
        return unchecked(SUMS, "no lines were read", "items") if invoice.has_lines else None
    sums = _total(line.amount for line in lines)
    if _inclusive(invoice) and total is not None and sums == total:
        return passed(SUMS, "items", "total")
    if amount is None and _inclusive(invoice) and total is not None:
        return failed(SUMS, "the lines differ from the total", _sum_problem(sums, total, "total"))
    if amount is None:
        return unchecked(SUMS, "the amount was not read", "amount")
    if sums != amount:
        return failed(SUMS, "the amounts of the lines differ from their sum", _sum_problem(sums, amount, "amount"))
    if tax is None:
        return unchecked(SUMS, "the tax was not read", "tax")
    if tax and all(line.tax is None for line in lines):
        return unchecked(SUMS, "no tax of a line was read", "items")
    taxes = _total(line.tax for line in lines)
    if taxes != tax:
        return failed(SUMS, "the taxes of the lines differ from their sum", _sum_problem(taxes, tax, "tax"))
    return passed(SUMS, "items", "amount", "tax")


def line_tax(invoice: Invoice) -> Decimal | None:
    """The tax by the lines, where each of them shows one or has none."""
    lines = invoice.priced
    complete = lines and all(line.tax is not None or NO_TAX.search(line.tax_rate) for line in lines)
    return _total(line.tax for line in lines) if complete else None


def _inclusive(invoice: Invoice) -> bool:
    """Rolls and toll tickets of old print prices with tax in them, and no tax beside."""
    return invoice.kind == "roll" and all(line.tax is None for line in invoice.priced)


def _rate_missing(line: Item) -> bool:
    if NO_TAX.search(line.tax_rate) or line.amount == 0:
        return False
    rate = percent(line.tax_rate)
    return rate is None or (line.tax is None and rate != 0)


def _total(values: Any) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))


def _sum_problem(lines: Decimal, stated: Decimal, name: str) -> Problem:
    words = ("税额", "taxes") if name == "tax" else ("金额", "amounts")
    return Problem(
        "INVOICE_ITEMS_MISMATCH", "items", ("items", name), "sums_differ",
        {"expected": lines, "actual": stated, "what_zh": words[0], "what_en": words[1]},
    )  # fmt: skip


def _each(lines: list[Item], day: date | None, *, margin: bool) -> Iterator[Problem]:
    for place, line in enumerate(lines, 1):
        if line.quantity is not None and line.unit_price is not None and not _price_comes_out(line):
            product = f"{line.quantity:f} × {line.unit_price:f} = {line.quantity * line.unit_price:.2f}"
            yield _line_problem("INVOICE_LINE_PRICE", place, product, line.amount, misreading=True)
        if not margin and (expected := _other_tax(line, day)) is not None:
            yield _line_problem("INVOICE_LINE_TAX", place, expected, line.tax)


def _line_problem(code: str, place: int, expected: Any, actual: Any, *, misreading: bool = False) -> Problem:
    return Problem(code, "items", ("items",), "line_differs", {"expected": expected, "actual": actual, "line": place},
                   misreading=misreading)  # fmt: skip


def _price_comes_out(line: Item) -> bool:
    """Within what the digits printed leave open: prices are cut after their last digit, totals to the cent."""
    quantity, price, amount = line.quantity or Decimal(0), line.unit_price or Decimal(0), line.amount or Decimal(0)
    cut = Decimal(0) if _is_whole(quantity) else _last_place(quantity)
    open_ = _CENT + abs(quantity) * _last_place(price) + abs(price) * cut
    product = quantity * price
    # A red line is negative in the quantity or, printed by some, in the amount alone.
    return min(abs(product - amount), abs(abs(product) - abs(amount))) <= open_


def _is_whole(value: Decimal) -> bool:
    return value == value.to_integral_value()


def _last_place(value: Decimal) -> Decimal:
    exponent = value.as_tuple().exponent
    return Decimal(1).scaleb(min(int(exponent), -2))


def _other_tax(line: Item, day: date | None) -> str | None:
    """What the tax of a line should be, where it is not that; None where it is, or cannot be told."""
    rate, tax, amount = percent(line.tax_rate), line.tax, line.amount or Decimal(0)
    if UNTAXED.search(line.tax_rate):
        rate = Decimal(0)
    if rate is None or tax is None:
        return None
    expected = expected_tax(amount, tax, rate)
    off = abs(expected - tax)
    if off > LINE_TOLERANCE or (off > _CENT and _fits_another(amount, tax, rate, day)):
        return f"{amount:f} × {rate:f}% = {expected:.2f}"
    return None


def _fits_another(amount: Decimal, tax: Decimal, rate: Decimal, day: date | None) -> bool:
    """A small line leaves room for another rate within the tolerance: then only rounding explains a difference."""
    return any(abs(amount * other / 100 - tax) <= _CENT / 2 for other in in_force(day) if other != rate)


def _discounts(invoice: Invoice, lines: list[Item]) -> Iterator[Problem]:
    """A negative line of a blue invoice takes something off lines before it, at their rate."""
    total = invoice.money("total")
    if total is None or total < 0:
        return
    left: dict[str, Decimal] = {}
    for place, line in enumerate(lines, 1):
        amount = line.amount or Decimal(0)
        before = left.get(line.tax_rate, Decimal(0))
        if amount < 0 and before + amount < 0:
            yield _line_problem("INVOICE_DISCOUNT", place, before, amount)
            return
        left[line.tax_rate] = before + amount


def _drift(lines: list[Item]) -> Iterator[Problem]:
    """What rounding leaves on all lines together; each line of a long list may be half a cent off."""
    off = [
        expected_tax(line.amount or Decimal(0), line.tax, rate) - line.tax
        for line in lines
        if line.tax is not None and (rate := percent(line.tax_rate)) is not None
    ]
    allowed = max(TOTAL_TOLERANCE, len(off) * _CENT)
    if abs(_total(off)) > allowed:
        yield Problem("INVOICE_LINES_DRIFT", "items", ("items",), "line_differs",
                      {"expected": f"±{allowed}", "actual": f"{_total(off):.2f}"})  # fmt: skip


def _margin_comes_out(invoice: Invoice) -> bool:
    """Total less what is deducted, taken apart at a rate of the day, gives the tax."""
    tax, total, deducted = invoice.tax, invoice.money("total"), invoice.deducted
    if tax is None or total is None or deducted is None:
        return False
    base = total - deducted.copy_sign(total)
    return any(
        abs(base / (1 + rate / 100) * rate / 100 - tax) <= LINE_TOLERANCE for rate in in_force(invoice.issued_on)
    )
