"""Trademark certificate: classes of the Nice list, and a term of whole tens of years from registration."""

from __future__ import annotations

import re
from datetime import date, timedelta

from extractors.model import Status
from validators.proofs.base import Proof

_CLASSES = range(1, 46)
_TERM = 10  # years, renewed for as many again


def prove(proof: Proof) -> None:
    _prove_classes(proof)
    for name in ("registered_on", "valid_from"):
        if isinstance(proof.value(name), date):
            _prove_term(proof, name)
            return


def _prove_classes(proof: Proof) -> None:
    printed = str(proof.value("classes") or "")
    if any(int(number) not in _CLASSES for number in re.findall(r"\d+", printed)):
        proof.mark("classes", Status.DOUBTFUL, "no_such_class")
        proof.report("ID_TRADEMARK_CLASS", "classes", actual=printed)


def _prove_term(proof: Proof, name: str) -> None:
    """The day after the end is the day of registration, tens of years later: two prints of one day."""
    begin, end = proof.value(name), proof.value("valid_to")
    if not isinstance(end, date):
        return
    if any(_whole_terms(begin, last) for last in (end, end + timedelta(days=1))):
        for each in (name, "valid_to"):
            if proof.fields[each].status is Status.READ:
                proof.mark(each, Status.VERIFIED, "term_of_ten_years")
        return
    for each in (name, "valid_to"):
        proof.mark(each, Status.DOUBTFUL, "term")
    proof.report("DATE_TRADEMARK_TERM", "valid_to", expected=begin, actual=end)


def _whole_terms(begin: date, end: date) -> bool:
    leap_day = (begin.month, begin.day) == (2, 29) and (end.month, end.day) == (3, 1)
    same_day = (begin.month, begin.day) == (end.month, end.day) or leap_day
    return same_day and end.year > begin.year and (end.year - begin.year) % _TERM == 0
