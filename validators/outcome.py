"""How two values relate, and whether a misreading may have turned one into the other."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz.distance import Levenshtein

from validators.lookalikes import alike

LONG_NAME = 8  # one so long that one or two more characters may be a scrap of a seal or of the next column
CUT_NAME = 4  # so long a name may have lost one or two characters at an end in reading


class Outcome(StrEnum):
    EQUAL = "equal"
    CONFUSABLE = "confusable"
    DIFFERENT = "different"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True)
class Comparison:
    """How declared and read relate; `detail` says why in a word, or which characters (a/b) differ."""

    outcome: Outcome
    detail: str = ""


EQUAL = Comparison(Outcome.EQUAL)
DIFFERENT = Comparison(Outcome.DIFFERENT, "clear")


def difference(one: str, other: str) -> Comparison:
    """Whether a misreading may have turned `one` into `other`: look-alikes, lost signs, a cut end."""
    if len(one) == len(other):
        changes = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    else:
        edits = Levenshtein.editops(one, other)
        changes = [(one[e.src_pos] if e.tag != "insert" else "", other[e.dest_pos] if e.tag != "delete" else "")
                   for e in edits]  # fmt: skip
    if all(alike(a, b) or _is_sign(a + b) for a, b in changes):
        if len(changes) <= max(1, len(one) // 4):
            return Comparison(Outcome.CONFUSABLE, ", ".join(f"{a or '∅'}/{b or '∅'}" for a, b in changes))
    elif CUT_NAME <= len(other) < len(one) <= len(other) + 2 and (one.startswith(other) or one.endswith(other)):
        return Comparison(Outcome.CONFUSABLE, "cut")
    elif (
        not one.isascii()
        and LONG_NAME <= len(one) < len(other) <= len(one) + 2
        and (other.startswith(one) or other.endswith(one))
    ):
        return Comparison(Outcome.CONFUSABLE, "runs_on")
    return DIFFERENT


def _is_sign(text: str) -> bool:
    """Only punctuation, symbols and spaces: what printing and reading lose most easily."""
    return all(unicodedata.category(char)[0] in "PSZ" for char in text)
