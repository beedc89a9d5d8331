"""Code, number, kind, day and parties of an invoice: whether they fit each other.

What is known of the structure of codes comes from the tax administration's query site and from practice; a code that
does not fit asks a person and never refuses.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

from extractors.model import Status
from validators.identifiers import invoice_code, invoice_number
from validators.identifiers.regions import PROVINCES
from validators.identifiers.text import compact
from validators.proofs._invoice_values import Invoice, Outcome, Problem, failed, kind_named, kinds, passed, unchecked

STRUCTURE, KIND, PARTIES, CHECK_CODE = (
    "invoice.number_structure", "invoice.kind", "invoice.parties", "invoice.check_code",
)  # fmt: skip
_CHECK_CODE = re.compile(r"[0-9]{20}")


def prove_structure(invoice: Invoice) -> Outcome:
    """Region and year inside code and number: of a number of 20 digits the year is that of issue, a code's no later."""
    code, number, day = invoice.code, invoice.number, invoice.issued_on
    if not number or (len(number) == 8 and not code):
        return unchecked(STRUCTURE, "number or code was not read", "invoice_number", "invoice_code")
    problems = []
    if code and invoice_code.province(code) not in PROVINCES:
        problems.append(Problem("INVOICE_CODE_REGION", "invoice_code", ("invoice_code",), "region_unknown",
                                {"actual": code}))  # fmt: skip
    if day is None:
        return failed(STRUCTURE, "code and region differ", *problems) if problems else unchecked(
            STRUCTURE, "the day of issue was not read", "issued_on")  # fmt: skip
    year = invoice_number.year(number)
    if year is not None and year != day.year:
        problems.append(Problem("INVOICE_YEAR_DIFFERS", "issued_on", ("invoice_number", "issued_on"), "year_differs",
                                {"expected": year, "actual": day}, hard=True))  # fmt: skip
    if code and invoice_code.year(code) > day.year:
        problems.append(Problem("INVOICE_CODE_YEAR", "issued_on", ("invoice_code", "issued_on"), "year_differs",
                                {"expected": invoice_code.year(code), "actual": day}))  # fmt: skip
    if problems:
        return failed(STRUCTURE, "code, number and day of issue do not fit each other", *problems)
    return passed(STRUCTURE, *(("invoice_code",) if code else ()), "invoice_number", "issued_on")


def prove_kind(invoice: Invoice) -> Outcome:
    """The kind by the title is that of the code, or of a number of 20 digits, and it existed on the day of issue."""
    known, code, number, day = kinds().get(invoice.kind), invoice.code, invoice.number, invoice.issued_on
    if known is None or not number:
        return unchecked(KIND, "kind or number was not read", "invoice_kind", "invoice_number")
    by_code = invoice_code.kind(code) if code else None
    own = {name for name, kind in kinds().items() if by_code in kind.codes}
    named = kind_named(invoice.kind)
    problems = []
    if own and invoice.kind not in own:
        problems.append(_kind_problem("INVOICE_CODE_KIND", "invoice_code", own, invoice.kind))
    # Fully digital invoices printed on the old paper keep its code and the short number.
    if not code and (len(number) == 20) is not (not known.codes) and not (len(number) == 20 and known.also_digital):
        length = "20" if not known.codes else "8"
        problems.append(_kind_problem("INVOICE_NUMBER_KIND", "invoice_number", {length}, str(len(number))))
    if day is not None and day < known.since:
        problems.append(Problem("INVOICE_KIND_TOO_EARLY", "issued_on", ("invoice_kind", "issued_on"), "too_early",
                                {"expected": f"≥ {known.since}", "actual": day,
                                 "kind_zh": named[0], "kind_en": named[1]}))  # fmt: skip
    if problems:
        return failed(KIND, "the kind does not fit code, number or day of issue", *problems)
    confirmed = invoice.fields["invoice_kind"].status is Status.VERIFIED
    if not own and len(number) == 8 and not confirmed:
        return unchecked(KIND, "the code does not tell the kind", "invoice_code")
    return passed(KIND, "invoice_kind", "invoice_code" if own else "invoice_number")


def prove_parties(invoice: Invoice) -> Outcome | None:
    """Buyer and seller are not one and the same; None where only one of the numbers was read."""
    buyer, seller = (compact(invoice.text(f"{role}_tax_id")) for role in ("buyer", "seller"))
    if not buyer or not seller:
        return None
    if buyer == seller:
        return failed(PARTIES, "buyer and seller have the same tax number", Problem(
            "INVOICE_SAME_PARTY", "buyer_tax_id", ("buyer_tax_id", "seller_tax_id"), "same_party", {"actual": buyer},
        ))  # fmt: skip
    return passed(PARTIES, "buyer_tax_id", "seller_tax_id")


def prove_check_code(invoice: Invoice) -> Outcome | None:
    """The check code has 20 digits; None for kinds that carry none."""
    text, known = compact(invoice.text("check_code")), kinds().get(invoice.kind)
    if not text:
        has_one = known is not None and known.check_code and len(invoice.number) == 8
        return unchecked(CHECK_CODE, "not read", "check_code") if has_one else None
    if not _CHECK_CODE.fullmatch(text):
        return failed(CHECK_CODE, "not 20 digits", Problem(
            "INVOICE_CHECK_CODE_FORMAT", "check_code", ("check_code",), "malformed", {"actual": text},
        ))  # fmt: skip
    return passed(CHECK_CODE, "check_code")


def _kind_problem(code: str, other: str, expected: Iterable[str], actual: str) -> Problem:
    names = [kind_named(kind) for kind in sorted(expected)]
    params: dict[str, Any] = {"expected": " / ".join(sorted(expected)), "actual": actual}
    for at, language in enumerate(("zh", "en")):
        params |= {f"expected_{language}": " / ".join(name[at] for name in names),
                   f"actual_{language}": kind_named(actual)[at]}  # fmt: skip
    return Problem(code, "invoice_kind", ("invoice_kind", other), "kind_differs", params)
