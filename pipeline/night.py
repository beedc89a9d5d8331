"""The nightly run: what a night takes up, and what it tells at its end.

A night takes what has arrived in the inbox, what an earlier night was cut off from, what failed for an outage, and the
reports whose day has come or whose profile has changed; these are judged from what was read, without their files.
It is a run like any other: the work itself is done by `pipeline/batch.py`.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count
from pathlib import Path

from pipeline.inbox import Arrivals, arrivals
from pipeline.output import writable_folder, write_whole
from pipeline.service import Service, Unanswered, checked_address
from pipeline.settings import Settings
from pipeline.store import Again, Place, Planned, Run, Store
from pipeline.summary import Summary, as_data, counted, summarised
from pipeline.versions import profile_digest
from pipeline.views import write_summary_views
from validators.loading import load_profiles

LOCK = "nightly"  # held in the store for as long as a night lasts
SUMMARY = "summary.json"
_WEBHOOK = "HEYAN_WEBHOOK"


@dataclass(frozen=True, slots=True)
class Night:
    """A night that was begun: its run, and what the inbox says beside what was taken from it."""

    run: Run
    arrived: Arrivals


def checked(settings: Settings) -> None:
    """What a night rests on beside the store, before it begins. Raises UsageError."""
    writable_folder(settings.nightly_out)
    _webhook(settings)


def begin_night(store: Store, settings: Settings, as_of: date) -> Night:
    """Put everything a night has to do on the list of a new run. Raises StoreError.

    Nights that were cut off end here: what they had not come to is on this list.
    """
    arrived = arrivals(settings, store)
    profiles = {id_: profile_digest(profile) for id_, profile in load_profiles(settings.profiles).items()}
    origins = {row.origin for row in arrived.rows}
    again = [one for one in store.due(as_of, profiles) if one.origin not in origins]
    judged = [one for one in again if one.why != "outage"]
    cut_off = store.cut_off("nightly")
    run = store.begin(
        "nightly", source=str(settings.inbox or ""), out=str(_folder(settings.nightly_out, as_of)), as_of=as_of,
        options={"stored": len(judged)},
    )  # fmt: skip
    left = [place for old in cut_off for place in _not_come_to(store, old)]
    # What failed before may fail again and stop the run: it comes last.
    failed = [one for one in again if one.why == "outage"]
    store.plan(run.id, _planned(judged, arrived, left, failed))
    arrived.remember(store)
    for old in cut_off:
        store.end(old.id, "finished", f"continued by {run.id}")
    return Night(run, arrived)


def end_night(store: Store, settings: Settings, night: Night) -> tuple[Summary, str]:
    """The summary of a night, written into its folder and posted to the webhook where one is set.

    Beside it why the webhook was not told, "" where it was or where there is none. Raises HeyanError.
    """
    waiting = [(one.name, one.reason) for one in night.arrived.waiting]
    summary = summarised(store, store.run(night.run.id), waiting, night.arrived.problem)
    folder = writable_folder(summary.folder)
    write_whole(folder / SUMMARY, json.dumps(as_data(summary), ensure_ascii=False, indent=2) + "\n")
    write_summary_views(summary, folder)
    return summary, _posted(settings, summary)


def _planned(
    judged: Iterable[Again], arrived: Arrivals, left: Iterable[Place], failed: Iterable[Again]
) -> Iterator[Planned]:
    """The list of a night, each submission on it once and under a name of its own."""
    positions, names, origins = count(), set[str](), {row.origin for row in arrived.rows}
    for one in judged:
        origins.add(one.origin)
        yield _again(one, next(positions), names)
    for row in arrived.rows:
        name = _own(row.name, names)
        yield Planned(next(positions), row.number, row.submission, row.origin, row.problem, name)
    for place in left:
        if place.origin not in origins:
            origins.add(place.origin)
            yield Planned(next(positions), place.row, place.submission, place.origin, name=_own(place.name, names))
    for one in failed:
        if one.origin not in origins:
            yield _again(one, next(positions), names)


def _again(one: Again, position: int, names: set[str]) -> Planned:
    return Planned(position, position + 1, one.submission, one.origin, name=_own(one.submission.name, names))


def _own(name: str, taken: set[str]) -> str:
    """The name, with a number where another submission of the night has it: reports lie in folders of these names."""
    told = next(f"{name}{mark}" for mark in _marks() if f"{name}{mark}".casefold() not in taken)
    taken.add(told.casefold())
    return told


def _marks() -> Iterator[str]:
    yield ""
    yield from (f" ({number})" for number in count(2))


def _not_come_to(store: Store, run: Run) -> list[Place]:
    """What a night that was cut off still had to read; what it had to judge again is found again by itself."""
    judged = int(run.options.get("stored", 0))
    return [place for place in store.places(run.id, state="waiting") if place.position >= judged and place.submission]


def _folder(out: Path, as_of: date) -> Path:
    """A folder of its own for each night: that of its day, with a number where there was one already."""
    day = out.absolute() / as_of.isoformat()
    return next(folder for mark in _marks() if not (folder := day.with_name(day.name + mark)).exists())


def _webhook(settings: Settings) -> Service | None:
    if settings.webhook is None:
        return None
    address = checked_address(
        settings.webhook.get_secret_value(), _WEBHOOK, plain_http=settings.webhook_plain_http
    )  # fmt: skip
    key = settings.webhook_key.get_secret_value() if settings.webhook_key else ""
    return Service(address, _WEBHOOK, key=key)


def _posted(settings: Settings, summary: Summary) -> str:
    """Post the numbers of a night, no names; why that failed, "" where it did not."""
    service = _webhook(settings)
    if service is None:
        return ""
    try:
        service.tell(json.dumps(counted(summary)).encode())
    except Unanswered as failed:
        return failed.reason
    return ""
