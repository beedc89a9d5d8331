"""Mainland travel permit for Taiwan residents: issued for five years. One-journey ones show no company's person."""

from __future__ import annotations

from validators.proofs.base import Proof
from validators.proofs.validity import prove_span

YEARS = (5,)


def prove(proof: Proof) -> None:
    """The span of the validity."""
    prove_span(proof, "valid_from", YEARS)
