"""The years a kind of document is issued for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from extractors.model import Status
from validators.proofs.base import Proof


def prove_span(proof: Proof, begin_name: str, spans: Sequence[int]) -> None:
    """Throw doubt on a validity that is none of these numbers of years, to the day or to the day before."""
    begin, end = proof.value(begin_name), proof.value("valid_to")
    if not isinstance(begin, date) or not isinstance(end, date) or _years(begin, end) in spans:
        return
    for name in (begin_name, "valid_to"):
        proof.mark(name, Status.DOUBTFUL, "validity_span")
    proof.report(
        "ID_CARD_VALIDITY_SPAN", "valid_to",
        expected=", ".join(map(str, spans)), actual=f"{begin:%Y.%m.%d}-{end:%Y.%m.%d}",
    )  # fmt: skip


def _years(begin: date, end: date) -> int | None:
    """Whole years between the two days, to the day itself or to the day before; None where they are not whole."""
    for last in (end, end + timedelta(days=1)):
        leap_day = (begin.month, begin.day) == (2, 29) and (last.month, last.day) in ((2, 28), (3, 1))
        if (last.month, last.day) == (begin.month, begin.day) or leap_day:
            return last.year - begin.year
    return None
