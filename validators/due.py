"""On which days a judgement may come out otherwise, although nothing was read or declared anew.

A report holds as of its day. Terms end, invoices grow old, renewals fall due: each check that looks at `as_of` has an
entry here that names the days from which on it may say something else. Who judges a case again on each of them, and on
no other day, misses nothing. The days are found without asking which of several documents counts, or whether a
condition holds: one too many costs a moment, one too few would leave a wrong report standing. Only what counts now is
told as running out.

Numbers in the text of a finding (days left, the day of judgement) change every day; that is no other judgement.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import chain
from typing import Any

from extractors.model import Status
from extractors.registry import document_types
from extractors.values import parse_date
from validators.authenticity import YEARS
from validators.case import Case, FiledDocument
from validators.checks.authenticity import _LISTED_AFTER_DAYS
from validators.checks.dates import _later
from validators.checks.kind import CHECKS
from validators.findings import Finding
from validators.profile import CheckSpec, parameters_of
from validators.registry import Answer, Query

_RUNS_OUT, _CHANGES, _SEPARATOR = "runs_out", "changes", "|"
_AGAIN = ("AUTH_REGISTRY_UNAVAILABLE", "AUTH_INVOICE_UNAVAILABLE")  # a source did not answer: asked again the next day


@dataclass(frozen=True, slots=True, order=True)
class Due:
    """The first day on which something is otherwise: on the day before, what runs out was still good."""

    day: date
    # The check that looks at it, as in the report; beside those `prerequisite:…`, `invoice_date`, `document_expired`,
    # `source:…`.
    by: str
    name: str = ""  # of the field or declared value
    document: str = ""  # file the field stands on, empty for what was declared
    runs_out: bool = False  # from that day on the verdict gets worse, or papers must be handed in anew

    @property
    def what(self) -> str:
        """All but the day, as one text that `parsed` takes apart."""
        return _SEPARATOR.join((_RUNS_OUT if self.runs_out else _CHANGES, self.by, self.name, self.document))

    @classmethod
    def parsed(cls, day: date, what: str) -> Due:
        """The one whose `what` this is. Raises ValueError."""
        kind, by, name, document = what.split(_SEPARATOR, 3)  # a file name may hold the sign, the others do not
        return cls(day, by, name, document, kind == _RUNS_OUT)


def due_dates(case: Case, findings: Iterable[Finding] = ()) -> list[Due]:
    """All days after `as_of` on which a check or finding of the case may change, in order.

    `findings`: those the case came to; a source that did not answer is asked again the next day.
    """
    found = set(chain(_earlier(case), _invoice_dates(case), _unanswered(case, findings)))
    for spec in case.profile.checks:
        days = _DAYS.get(spec.check)
        if days:
            found.update(days(case, spec, CHECKS[spec.check].params.model_validate(parameters_of(spec, case.profile))))
    said = {(due.day, due.name, due.document) for due in found}
    found.update(due for due in _cards(case) if (due.day, due.name, due.document) not in said)
    return sorted(due for due in found if due.day > case.as_of)


@dataclass(frozen=True, slots=True)
class _Dated:
    """A date that a reference of a check may stand for."""

    day: date
    name: str
    document: FiledDocument | None = None
    counts: bool = True  # the check is asked now, and this document is in its slot

    def due(self, spec: CheckSpec, day: date | None, *, runs_out: bool = False) -> Iterator[Due]:
        """Nothing where the calendar has no such day: a term to the end of the year 9999 never ends."""
        if day:
            file = self.document.file if self.document else ""
            yield Due(day, spec.id, self.name, file, runs_out and self.counts)


def _dates(case: Case, spec: CheckSpec, reference: str | None) -> Iterator[_Dated]:
    """Every date a reference may stand for, whichever document or earlier result comes to count."""
    head, _, names = (reference or "").partition(".")
    asked = case.applies(spec.when)
    if head == "declared":
        yield from _dated(case.value(names), names, None, asked)
    elif head in case.profile.prerequisites:
        for earlier in case.earlier:
            yield from _dated(earlier.declared.get(names), names, None, asked)
    elif head in case.profile.slots:
        inside = list(case.in_slot(head))
        for document in case.documents:
            for name in names.split("|"):
                field = document.record.fields.get(name)
                if field and field.status in (Status.VERIFIED, Status.READ):
                    yield from _dated(field.value, name, document, asked and any(document is one for one in inside))


def _dated(value: Any, name: str, document: FiledDocument | None, counts: bool) -> Iterator[_Dated]:
    day = value if isinstance(value, date) else parse_date(value) if isinstance(value, str) else None
    if day:
        yield _Dated(day, name, document, counts)


def _after(day: date, days: int = 0, months: int = 0) -> date | None:
    """A day so many days and months on; None where the calendar ends before."""
    with suppress(OverflowError, ValueError):
        return _later(day, months) + timedelta(days=days)
    return None


def _earlier(case: Case) -> Iterator[Due]:
    """An earlier result counts from its own day on."""
    for key, wanted in case.profile.prerequisites.items():
        for earlier in case.earlier:
            if earlier.profile == wanted.profile:
                yield Due(earlier.as_of, f"prerequisite:{key}")


def _invoice_dates(case: Case) -> Iterator[Due]:
    """An invoice of the future is one no more on its day."""
    for document in case.documents:
        issued = document.record.fields.get("issued_on")
        if document.type == "vat_invoice" and issued and isinstance(issued.value, date):
            yield Due(issued.value, "invoice_date", "issued_on", document.file)


def _cards(case: Case) -> Iterator[Due]:
    """A person's card is over on the day after its last, whatever the profile asks (`validators.expired`)."""
    for document in case.documents:
        kind, last = document_types().get(document.type), document.record.fields.get("valid_to")
        if not (document.slot and kind and kind.of_person and last and last.status in (Status.VERIFIED, Status.READ)):
            continue
        if isinstance(last.value, date) and (day := _after(last.value, 1)):
            yield Due(day, "document_expired", "valid_to", document.file, runs_out=True)


def _unanswered(case: Case, findings: Iterable[Finding]) -> Iterator[Due]:
    tomorrow = _after(case.as_of, 1)
    for found in findings:
        if found.code in _AGAIN and tomorrow:
            yield Due(tomorrow, f"source:{found.code}", document=found.document or "")


def _term(case: Case, spec: CheckSpec, params: Any) -> Iterator[Due]:
    for start in _dates(case, spec, params.starts):
        yield from start.due(spec, start.day)
    for end in _dates(case, spec, params.field):
        yield from end.due(spec, _after(end.day, -params.warn_days))
        yield from end.due(spec, _after(end.day, 1), runs_out=not _never_ends(params.indefinite, end))


def _never_ends(reference: str | None, end: _Dated) -> bool:
    """Whether the document that names a last day also says that there is none."""
    names = (reference or "").partition(".")[2].split("|")
    fields = end.document.record.fields if end.document else {}
    return any(name in fields and fields[name].value is True for name in names)


def _age(case: Case, spec: CheckSpec, params: Any) -> Iterator[Due]:
    for issued in _dates(case, spec, params.field):
        yield from issued.due(spec, issued.day)
        yield from issued.due(spec, _after(issued.day, params.days + 1), runs_out=True)


def _years(case: Case, spec: CheckSpec, params: Any) -> Iterator[Due]:
    for since in _dates(case, spec, params.since):
        yield from since.due(spec, _after(since.day, months=12 * params.at_least))


def _renewal(case: Case, spec: CheckSpec, params: Any) -> Iterator[Due]:
    for last in _dates(case, spec, params.last):
        due = _after(last.day, months=params.months)
        yield from last.due(spec, last.day)
        if due:
            yield from last.due(spec, _after(due, -params.warn_days))
            yield from last.due(spec, _after(due, 1), runs_out=True)


# From which day on a date that is compared with `as_of` no more stands so: the day itself, or the next.
_ENDS = {"on_or_after": 1, "at_least": 1, "more_than": 0, "equals": 1, "not_equal": 0}


def _compared(case: Case, spec: CheckSpec, params: Any) -> Iterator[Due]:
    if params.right != "as_of":
        return
    for left in _dates(case, spec, params.left):
        for days in (0, 1):
            yield from left.due(spec, _after(left.day, days), runs_out=_ENDS.get(params.op) == days)


def _period(case: Case, spec: CheckSpec, params: Any) -> Iterator[Due]:
    if params.ends != "as_of":
        return
    for start in _dates(case, spec, params.starts):
        yield from start.due(spec, start.day)
        end = _after(start.day, params.days + 1) if params.days else _after(start.day, months=params.months)
        yield from start.due(spec, end, runs_out=True)


def _year(case: Case, spec: CheckSpec, params: Any) -> Iterator[Due]:
    if params.ends != "as_of":
        return
    for start in _dates(case, spec, params.starts):
        yield from start.due(spec, start.day)
        yield from start.due(spec, _after(date(start.day.year, 12, 31), 1), runs_out=True)


def _authentic(case: Case, spec: CheckSpec, params: Any) -> Iterator[Due]:
    """The authority answers from the next day on, lists late, and answers no more after five years."""
    if case.authenticity is None:
        return
    for issued in _dates(case, spec, f"{params.slot}.issued_on"):
        for days in (0, 1, _LISTED_AFTER_DAYS + 1):
            yield from issued.due(spec, _after(issued.day, days))
        yield from issued.due(spec, _after(issued.day, 1, 12 * YEARS), runs_out=spec.required)


def _taken(case: Case, spec: CheckSpec, params: Any) -> Iterator[Due]:
    inside = list(case.in_slot(params.slot))
    for document in case.documents:
        taken = document.picture.get("camera", {}).get("taken_on")
        if taken:
            counts = case.applies(spec.when) and any(document is one for one in inside)
            dated = _Dated(date.fromisoformat(taken), "taken_on", document, counts)
            yield from dated.due(spec, dated.day)
            yield from dated.due(spec, _after(dated.day, params.taken_within_days + 1), runs_out=True)


class _Overheard:
    """A registry that keeps the days of what it answers."""

    def __init__(self, case: Case) -> None:
        self._registry, self.days = case.registry, set[date]()

    def look_up(self, query: Query) -> Answer:
        assert self._registry is not None
        answer = self._registry.look_up(query)
        if answer.as_of:
            self.days.add(answer.as_of)
        return answer


def _registered(case: Case, spec: CheckSpec, params: Any) -> Iterator[Due]:
    """Data of the registry grows old. Of which day it is stands nowhere but in its answer: it is asked once more."""
    if case.registry is None or not case.applies(spec.when):
        return
    overheard = _Overheard(case)
    CHECKS[spec.check].run(replace(case, registry=overheard), spec, params)
    for day in overheard.days:
        yield from _Dated(day, "as_of").due(spec, _after(day, params.max_age_days + 1), runs_out=spec.required)


Days = Callable[[Case, CheckSpec, Any], Iterator[Due]]
# Kinds of check that look at `as_of`. A test holds that no other place does.
_DAYS: dict[str, Days] = {
    "not_expired": _term,
    "not_expired_if_printed": _term,
    "issued_within": _age,
    "years_since": _years,
    "renewal_due": _renewal,
    "compare": _compared,
    "period_at_most": _period,
    "same_year": _year,
    "invoice_authentic": _authentic,
    "own_photos": _taken,
    "registry_agrees": _registered,
}
