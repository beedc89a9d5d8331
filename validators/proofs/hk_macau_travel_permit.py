"""Mainland travel permit for Hong Kong and Macau residents: issued for ten years, for five to those under 18."""

from __future__ import annotations

from validators.proofs.base import Proof
from validators.proofs.validity import prove_span

YEARS = (5, 10)


def prove(proof: Proof) -> None:
    """The span of the validity."""
    prove_span(proof, "valid_from", YEARS)
