"""Rates on an invoice: whether they were in force on its day, and the tax a rate makes of an amount."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache

from validators.proofs._invoice_values import (
    NO_TAX,
    Invoice,
    Outcome,
    Problem,
    data,
    failed,
    passed,
    percent,
    unchecked,
)

ID = "invoice.rates"
# What a line's tax may differ from amount × rate: the issuing systems (税控) refuse a line that is off by more, and
# 1.27 for all lines together; the published interfaces to them say so (税额误差正负 0.06), no law does. A long list of
# lines, each lawfully rounded, may be off by more: a cent a line.
LINE_TOLERANCE, TOTAL_TOLERANCE = Decimal("0.06"), Decimal("1.27")
# What a reduced levy is worked out from: 3 reduced to 2, 5 to 1.5. The price without tax is that at the full one.
REDUCED_FROM = {Decimal(2): Decimal(3), Decimal("1.5"): Decimal(5)}
HIGHEST = Decimal(17)


@dataclass(frozen=True, slots=True)
class Rate:
    """A rate in percent and the days it was in force."""

    rate: Decimal
    since: date
    until: date | None


@cache
def rates() -> tuple[Rate, ...]:
    """validators/data/invoice_rates.yaml"""
    return tuple(Rate(Decimal(row["rate"]), row["from"], row.get("until")) for row in data("invoice_rates"))


@cache
def in_force(day: date | None) -> frozenset[Decimal]:
    """The rates of a day, above zero; all there ever were where the day is not known."""
    return frozenset(
        row.rate for row in rates() if row.rate and (not day or row.since <= day <= (row.until or date.max))
    )


def prove_rates(invoice: Invoice) -> Outcome | None:
    """Every rate of the lines was in force on the day of issue, and the tax is not above what any rate gives.

    A rate that was abolished before may lawfully stand on a red invoice, or on one issued later for an earlier sale;
    one that did not exist yet may not. None for a roll, which may print none, and for a used vehicle.
    """
    amount, tax, total = invoice.money("amount"), invoice.tax, invoice.money("total")
    # Where they do not add up, one is misread; where they do, amount and tax may have been taken for each other.
    if amount is not None and tax is not None and total in (None, amount + tax):
        highest = abs(amount) * HIGHEST / 100
        if abs(tax) > highest + LINE_TOLERANCE:
            return failed(ID, "the tax is more than any rate gives", Problem(
                "INVOICE_TAX_ABOVE_RATES", "tax", ("amount", "tax"), "tax_above_rates",
                {"expected": f"≤ {highest:.2f}", "actual": tax},
            ))  # fmt: skip
    told = {line.tax_rate: percent(line.tax_rate) for line in invoice.priced}
    day = invoice.issued_on
    if invoice.states_total_alone and not any(told):
        return None
    if not invoice.has_lines and fits_a_rate(invoice):
        return passed(ID, "amount", "tax")
    if not told or day is None or any(rate is None and not NO_TAX.search(text) for text, rate in told.items()):
        return unchecked(ID, "a rate or the day of issue was not read", "items", "issued_on")
    problems = [problem for rate in {r for r in told.values() if r is not None} if (problem := _unlawful(rate, day))]
    return failed(ID, "a rate was not in force on the day of issue", *problems) if problems else passed(ID, "items")


def _unlawful(rate: Decimal, day: date) -> Problem | None:
    spans = [row for row in rates() if row.rate == rate]
    if any(row.since <= day <= (row.until or date.max) for row in spans):
        return None
    known = " / ".join(f"{one:f}%" for one in sorted(in_force(day), reverse=True))
    # One that nobody ever wrote down as a rate is misread, or new: a person looks.
    never_yet = bool(spans) and all(day < row.since for row in spans)
    return Problem("INVOICE_RATE_NOT_IN_FORCE", "items", ("items",), "rate_not_in_force",
                   {"expected": known, "actual": f"{rate:f}%", "day": day}, hard=never_yet)  # fmt: skip


def fits_a_rate(invoice: Invoice) -> bool:
    """Whether amount and tax of the whole invoice lie as they do at one rate of its day."""
    amount, tax = invoice.money("amount"), invoice.tax
    if amount is None or tax is None:
        return False
    return any(abs(amount * rate / 100 - tax) <= LINE_TOLERANCE for rate in in_force(invoice.issued_on))


def expected_tax(amount: Decimal, tax: Decimal, rate: Decimal) -> Decimal:
    """The tax of an amount at a rate (percent), not rounded; of a reduced levy by the way that comes nearer."""
    ways = [amount * rate / 100]
    if rate in REDUCED_FROM:
        ways.append((amount + tax) / (1 + REDUCED_FROM[rate] / 100) * rate / 100)
    return min(ways, key=lambda way: abs(way - tax))
