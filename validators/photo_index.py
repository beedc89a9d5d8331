"""What photos look like, in a few numbers, and which photos look alike.

A photo's look is a list of prints, 32 hexadecimal digits each: of the whole first, then of parts of it, so
that a piece cut out of a photo is known again. Half of a print is a DCT hash (what is light and dark on the
large scale), half a gradient hash (where it gets lighter): only a photo and its copy agree in both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

# Bits (of 64 each) in which the two halves may differ: a whole photo saved again, made smaller, lighter; a piece of
# one against the nearest of the parts that are kept. Photos of different things differ in 20 and more.
WHOLE, PART = (11, 12), (11, 14)


@dataclass(frozen=True, slots=True)
class Seen:
    """A photo that was submitted before by somebody else."""

    submission: str


class PhotoIndex(Protocol):
    """Photos of earlier submissions."""

    def similar(self, look: Sequence[str], owner: str) -> list[Seen] | None:
        """Those of other owners that look alike; None where the index could not be asked."""
        ...

    def add(self, look: Sequence[str], owner: str, submission: str) -> None:
        """Keep a photo. `owner` (a credit code, a person's number) is stored as an HMAC only."""
        ...


def alike(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether two photos are the same, or one is a piece of the other."""
    if not one or not other:
        return False
    return (
        close(one[0], other[0], WHOLE)
        or any(close(one[0], part, PART) for part in other[1:])
        or any(close(part, other[0], PART) for part in one[1:])
    )


def close(one: str, other: str, limits: tuple[int, int]) -> bool:
    """Whether two prints differ in no more bits than the limits of their halves."""
    return all(
        (int(one[at : at + 16], 16) ^ int(other[at : at + 16], 16)).bit_count() <= limit
        for at, limit in zip((0, 16), limits, strict=True)
    )
