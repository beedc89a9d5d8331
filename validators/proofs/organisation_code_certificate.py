"""The term must be in order; the code proves itself by its check digit."""

from __future__ import annotations

from validators.proofs.registered_body import prove_order as prove

__all__ = ["prove"]
