"""The summary of a night: what is new, whose verdict changed, what runs out soon, what failed.

It names submissions and stays at home beside the reports; what leaves this machine is `counted` alone, and only where
a webhook is set.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from extractors.errors import StoreError
from pipeline.batch import REPORTS
from pipeline.store import Counts, Ended, Expiring, Filters, Run, Store
from validators.due import Due
from validators.findings import Bilingual, Finding, Verdict

SCHEMA = "heyan.night/1"
HORIZONS = (30, 60, 90)  # days ahead within which what runs out is told


@dataclass(frozen=True, slots=True)
class Told:
    """A submission of the night. `before` is the verdict that stood until then, None for one never judged."""

    name: str
    origin: str
    profile: str
    verdict: Verdict
    before: Verdict | None
    report: str  # from the folder of the night, with / between folders
    first: Finding | None  # the finding that weighs most, None where nothing is wrong


@dataclass(frozen=True, slots=True)
class Open:
    """A submission without a report of this night, and why: `state` is failed (an outage) or invalid (its row)."""

    name: str
    origin: str
    state: str
    cause: str
    problem: Bilingual | None


@dataclass(frozen=True, slots=True)
class Ahead:
    """Something that runs out: the last good day is the one before `due.day`; `within` is 30, 60 or 90 days."""

    name: str
    origin: str
    profile: str
    verdict: Verdict
    due: Due
    days: int
    within: int


@dataclass(frozen=True, slots=True)
class Summary:
    """One night. `waiting` are folders of the inbox that were left for the next, each with the reason."""

    run: Run
    counts: Counts
    new: Sequence[Told]
    changed: Sequence[Told]
    unchanged: int
    open: Sequence[Open]
    ahead: Sequence[Ahead]
    waiting: Sequence[tuple[str, Bilingual]] = ()
    problem: Bilingual | None = None  # of the inbox as a whole

    @property
    def folder(self) -> Path:
        return self.run.folder


def summarised(
    store: Store, run: Run, waiting: Sequence[tuple[str, Bilingual]] = (), problem: Bilingual | None = None
) -> Summary:
    """The summary of a night as the store has it now. Raises StoreError."""
    new, changed, unchanged, left = [], [], 0, []
    for ended in store.results(Filters(run=run.id)):
        if ended.stored is None:
            left.append(_open(ended))
        elif ended.before is None:
            new.append(_told(ended))
        elif ended.before is not ended.verdict:
            changed.append(_told(ended))
        else:
            unchanged += 1
    ahead = [_ahead(one, run) for one in store.expiring(run.as_of, HORIZONS[-1])]
    return Summary(run, store.counts(run.id), new, changed, unchanged, left, ahead, waiting, problem)


def counted(summary: Summary) -> dict[str, Any]:
    """A night in numbers: no name, no path, nothing that stands on a document."""
    run, counts = summary.run, summary.counts
    within = Counter(one.within for one in summary.ahead)
    return {
        "schema": SCHEMA,
        "run": run.id,
        "as_of": run.as_of.isoformat(),
        "state": run.state,
        "cause": run.cause,
        "started_at": run.started_at.isoformat(),
        "ended_at": run.ended_at.isoformat() if run.ended_at else None,
        "new": _by_verdict(summary.new),
        "changed": {
            f"{before.value}_to_{verdict.value}": number
            for (before, verdict), number in sorted(_changes(summary.changed).items())
        },
        "unchanged": summary.unchanged,
        "failed": sum(one.state != "invalid" for one in summary.open),
        "invalid": sum(one.state == "invalid" for one in summary.open),
        "waiting": len(summary.waiting),
        "inbox_unreadable": summary.problem is not None,
        "documents": {"read": counts.read, "reused": counts.reused, "unread": counts.unread},
        "expiring": {str(days): sum(within[one] for one in HORIZONS if one <= days) for days in HORIZONS},
    }


def as_data(summary: Summary) -> dict[str, Any]:
    """A night in terms of JSON, with names: for programs on this machine."""
    return counted(summary) | {
        "submissions": {
            "new": [_told_data(one) for one in summary.new],
            "changed": [_told_data(one) for one in summary.changed],
            "open": [
                {"name": one.name, "state": one.state, "cause": one.cause, "problem": _said(one.problem)}
                for one in summary.open
            ],
            "waiting": [{"name": name, "reason": _said(reason)} for name, reason in summary.waiting],
            "expiring": [
                {"name": one.name, "profile": one.profile, "verdict": one.verdict.value, "check": one.due.by,
                 "field": one.due.name, "document": one.due.document, "days": one.days, "within": one.within,
                 "last_good_day": (one.due.day - timedelta(days=1)).isoformat()}
                for one in summary.ahead
            ],
        }
    }  # fmt: skip


def _told(ended: Ended) -> Told:
    assert ended.stored is not None
    try:
        findings = ended.findings
    except StoreError:  # one damaged report must not cost the summary of a night
        findings = []
    telling = sorted((f for f in findings if f.verdict is not Verdict.ACCEPT), key=lambda found: -found.verdict.rank)
    return Told(
        ended.name, ended.origin, ended.stored.profile, ended.stored.verdict, ended.before,
        f"{REPORTS}/{ended.name}", telling[0] if telling else None,
    )  # fmt: skip


def _open(ended: Ended) -> Open:
    problem = ended.problem if isinstance(ended.problem, Bilingual) else None
    if problem is None and ended.problem:
        problem = Bilingual(zh=str(ended.problem), en=str(ended.problem))
    return Open(ended.name, ended.origin, ended.state, ended.cause, problem)


def _ahead(one: Expiring, run: Run) -> Ahead:
    days = (one.due.day - run.as_of).days
    within = next(horizon for horizon in HORIZONS if days <= horizon)
    return Ahead(one.name, one.origin, one.profile, one.verdict, one.due, days, within)


def _by_verdict(told: Sequence[Told]) -> dict[str, int]:
    numbers = Counter(one.verdict for one in told)
    return {verdict.value: numbers[verdict] for verdict in Verdict}


def _changes(told: Sequence[Told]) -> Counter[tuple[Verdict, Verdict]]:
    return Counter((one.before, one.verdict) for one in told if one.before)


def _told_data(one: Told) -> dict[str, Any]:
    return {
        "name": one.name, "profile": one.profile, "verdict": one.verdict.value,
        "before": one.before.value if one.before else None, "report": one.report,
        "code": one.first.code if one.first else None,
    }  # fmt: skip


def _said(text: Bilingual | None) -> dict[str, str] | None:
    return {"zh": text.zh, "en": text.en} if text else None
