"""Residence permit for Taiwan residents (台湾居民居住证, since 2018): numbers begin with 830000."""

from __future__ import annotations

from extractors._residence_permit import residence_permit
from extractors.model import Kind

DOCUMENT_TYPE = residence_permit(
    "taiwan_residence_permit", "台湾居民居住证", "residence permit for Taiwan residents",
    ("830000",), Kind.TAIWAN_PERMIT, "台湾居民居住证", ("港澳居民",),
)  # fmt: skip
