"""How many places of a run are where, kept with the run: who watches it need not go through a million places.

A tally is {state: {verdict or "": [places, files, reused, unread]}}. While a list is being planned there is none, and
places are counted one by one.
"""

from __future__ import annotations

from copy import deepcopy
from operator import add, sub

from sqlalchemy import Connection, func, select, update

from pipeline.store.models import PlaceRow, RunRow
from pipeline.store.part import Found

Tally = dict[str, dict[str, list[int]]]

_SUMMED = (PlaceRow.files, PlaceRow.reused, PlaceRow.unread)
TALLIED = (PlaceRow.state, PlaceRow.verdict, *_SUMMED)


def moved(tally: Tally, before: Found, after: Found) -> Tally:
    """The tally once a place is no longer where it was."""
    told = deepcopy(tally)
    for row, change in ((before, sub), (after, add)):
        known = told.setdefault(row.state, {}).setdefault(row.verdict or "", [0, 0, 0, 0])
        known[:] = map(change, known, (1, row.files, row.reused, row.unread))
    return told


def tally_of(connection: Connection, run_id: str) -> Tally:
    """The tally of a run: as it is kept, else counted. Empty for a run that is none."""
    kept: Tally | None = connection.execute(select(RunRow.tally).where(RunRow.id == run_id)).scalar()
    return _counted(connection, run_id) if kept is None else kept


def set_tally(connection: Connection, run_id: str, tally: Tally | None) -> None:
    connection.execute(update(RunRow).where(RunRow.id == run_id).values(tally=tally))


def count_anew(connection: Connection, run_id: str) -> None:
    """Count the places of a run; those that end meanwhile wait with that until it is done."""
    connection.execute(select(RunRow.id).where(RunRow.id == run_id).with_for_update(key_share=True))
    set_tally(connection, run_id, _counted(connection, run_id))


def _counted(connection: Connection, run_id: str) -> Tally:
    asked = select(PlaceRow.state, PlaceRow.verdict, func.count(), *map(func.sum, _SUMMED))
    tally: Tally = {}
    for state, verdict, *numbers in connection.execute(
        asked.where(PlaceRow.run_id == run_id).group_by(PlaceRow.state, PlaceRow.verdict)
    ):
        tally.setdefault(state, {})[verdict or ""] = [int(number) for number in numbers]
    return tally
