"""What certificates of registered bodies prove alike: whose register the credit code is of, and a term in order."""

from __future__ import annotations

from datetime import date

from extractors.model import Status
from validators.identifiers import credit_code
from validators.proofs.base import Proof


def prove_class(proof: Proof, *expected: str) -> None:
    """The first places of a valid credit code name register and kind of body (GB 32100)."""
    code = str(proof.value("credit_code") or "")
    if credit_code.is_valid(code) and not credit_code.compact(code).startswith(expected):
        proof.mark("credit_code", Status.DOUBTFUL, "other_register")
        proof.report("ID_CREDIT_CODE_CLASS", "credit_code", expected="、".join(expected), actual=code[:2])


def prove_order(proof: Proof) -> None:
    """A term that ends before it begins was misread or altered; so was a certificate issued after its end."""
    end = proof.value("valid_to")
    for name in ("valid_from", "issued_on"):
        begin = proof.value(name)
        if isinstance(begin, date) and isinstance(end, date) and begin >= end:
            for each in (name, "valid_to"):
                proof.mark(each, Status.DOUBTFUL, "order")
            proof.report("DATE_ORDER", "valid_to", expected=begin, actual=end)
