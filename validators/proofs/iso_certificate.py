"""The certificate must have been issued before it ends."""

from __future__ import annotations

from validators.proofs.registered_body import prove_order as prove

__all__ = ["prove"]
