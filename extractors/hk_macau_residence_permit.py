"""Residence permit for Hong Kong and Macau residents (港澳居民居住证): numbers begin with 810000 or 820000."""

from __future__ import annotations

from extractors._residence_permit import residence_permit
from extractors.model import Kind

DOCUMENT_TYPE = residence_permit(
    "hk_macau_residence_permit", "港澳居民居住证", "residence permit for Hong Kong and Macau residents",
    ("810000", "820000"), Kind.HK_MACAU_PERMIT, "港澳居民居住证", ("台湾居民",),
)  # fmt: skip
