"""Comparing persons' names."""

from __future__ import annotations

from extractors.model import Field, Kind, Status
from validators.compare import Comparison, compare


def compare_names(a: str, b: str) -> Comparison:
    """How two names relate."""
    return compare(Kind.PERSON, a, Field(value=b, raw=b, status=Status.VERIFIED, confidence=1.0))
