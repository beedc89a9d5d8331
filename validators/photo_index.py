"""Photos seen in other submissions, by their perceptual hash."""

from __future__ import annotations

from typing import Protocol


class PhotoIndex(Protocol):
    """Near-duplicates of photos across submissions."""
