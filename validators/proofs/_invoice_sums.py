"""The amounts of an invoice: amount + tax = total, words = figures, a red invoice negative throughout."""

from __future__ import annotations

from decimal import Decimal

from validators.findings import CheckResult
from validators.proofs._invoice_lines import line_tax, prove_lines, prove_sums
from validators.proofs._invoice_rates import fits_a_rate
from validators.proofs._invoice_values import Invoice, Outcome, Problem, failed, passed, unchecked

ARITHMETIC, WORDS, RED = "invoice.arithmetic", "invoice.words", "invoice.red"


def prove_total(invoice: Invoice) -> Outcome | None:
    """Amount + tax = total, exactly; None where the total is printed alone."""
    amount, tax, total = invoice.money("amount"), invoice.tax, invoice.money("total")
    if invoice.states_total_alone:
        return None
    missing = [name for name, value in (("amount", amount), ("tax", tax), ("total", total)) if value is None]
    if amount is None or tax is None or total is None:
        return unchecked(ARITHMETIC, f"not read: {', '.join(missing)}", *missing)
    if amount + tax != total:
        return failed(ARITHMETIC, "amount and tax do not add up to the total", Problem(
            "INVOICE_TOTAL_MISMATCH", "total", ("amount", "tax", "total"), "arithmetic",
            {"expected": amount + tax, "actual": total, "amount": amount, "tax": tax}, hard=True,
        ))  # fmt: skip
    return passed(ARITHMETIC, "amount", "tax", "total")


def prove_words(invoice: Invoice) -> Outcome:
    """The total in words is the total in figures; (负数) stands in front of a negative one."""
    spoken, total = invoice.words, invoice.money("total")
    if spoken is None and invoice.text("total_in_words"):
        return failed(WORDS, "the words are no number", Problem(
            "INVOICE_WORDS_MALFORMED", "total_in_words", ("total_in_words",), "malformed",
            {"actual": invoice.text("total_in_words")},
        ))  # fmt: skip
    if spoken is None or total is None:
        missing = [n for n, value in (("total_in_words", spoken), ("total", total)) if value is None]
        return unchecked(WORDS, f"not read: {', '.join(missing)}", *missing)
    if spoken != total:
        return failed(WORDS, "words and figures differ", Problem(
            "INVOICE_WORDS_MISMATCH", "total_in_words", ("total_in_words", "total", "amount"), "words_differ",
            {"expected": spoken, "actual": total}, hard=True,
        ))  # fmt: skip
    return passed(WORDS, "total_in_words", "total")


def prove_red(invoice: Invoice) -> Outcome | None:
    """A red invoice is negative in amount, tax and total, and says which one it cancels; None for a blue one.

    One applied for by an information sheet names that instead of the original's number.
    """
    signs = {name: value < 0 for name in ("amount", "tax", "total") if (value := invoice.money(name))}
    flag = invoice.get("is_red")
    marked = flag is not None and flag.value is True
    if not marked and not any(signs.values()):
        return None
    if not signs:
        return unchecked(RED, "no amounts were read", "amount", "total")
    if not all(signs.values()):
        return failed(RED, "some amounts are negative and some are not", Problem(
            "INVOICE_RED_SIGNS", "total", tuple(signs) or ("is_red",), "signs_differ",
            {"actual": " / ".join(f"{invoice.money(name)}" for name in signs)},
        ))  # fmt: skip
    sheet = any(word in invoice.text("remarks") for word in ("信息表", "通知单", "确认单"))
    if not invoice.text("original_invoice_number") and not sheet:
        return failed(RED, "the invoice it cancels is not told", Problem(
            "INVOICE_RED_WITHOUT_ORIGINAL", "remarks", (), "",
        ))  # fmt: skip
    return passed(RED, *signs)


def _holds(outcome: Outcome | None) -> bool:
    return outcome is not None and outcome.result is CheckResult.PASSED


def supported(invoice: Invoice) -> frozenset[str]:
    """The amounts that something beside their own reading speaks for.

    Amount + tax = total alone is not enough: a digit hidden at the same place of amount and total leaves it true, so
    that the tax must be that of a rate, or the lines add up too.
    """
    found: set[str] = set()
    if _holds(prove_sums(invoice)) and _holds(prove_lines(invoice)):
        found |= {"total"} if invoice.states_total_alone else {"amount", "tax"}
    if _holds(prove_words(invoice)):
        found |= {"total", "total_in_words"}
    amount, tax, total = invoice.money("amount"), invoice.tax, invoice.money("total")
    if amount is None or total is None:
        return frozenset(found)
    if tax is None:
        tax = line_tax(invoice)
        return frozenset(found | {"amount"} if tax is not None and amount + tax == total else found)
    if amount + tax == total and (found or tax == Decimal(0) or fits_a_rate(invoice)):
        found |= {"amount", "tax", "total"}
    return frozenset(found)
