"""What Prefect's page shows of a run: verdicts, where the reports lie, findings by code. No names, no values."""

from __future__ import annotations

from contextlib import suppress
from itertools import islice

import httpx
from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.exceptions import PrefectException

from pipeline.store import Filters, Run, Store
from validators.findings import Verdict

_ROWS = 1000  # of the table: it is looked at in a browser
_BAR = 40  # characters
RESULTS = "results.xlsx"


def show_results(store: Store, run: Run) -> None:
    """Artifacts of a run; a server that goes away just then only misses them."""
    with suppress(httpx.HTTPError, PrefectException):
        counts = store.counts(run.id)
        verdicts = ", ".join(f"{verdict.value} {counts.verdicts.get(verdict, 0)}" for verdict in Verdict)
        states = ", ".join(f"{state} {number}" for state, number in sorted(counts.states.items()))
        create_table_artifact(table(store, run), key="verdicts", description=f"Run {run.id}: {verdicts} ({states})")
        create_markdown_artifact(chart(store.codes(run.id)), key="findings", description=f"Run {run.id}")


def table(store: Store, run: Run) -> list[dict[str, object]]:
    """The verdicts, those that need a look first. A submission is named by its row alone: its name may be a person's.

    The link leads to that row of the result workbook, which links the report.
    """
    workbook = (run.folder / RESULTS).absolute().as_uri()
    verdicts = (Verdict.REJECT, Verdict.REVIEW, Verdict.ACCEPT)
    ended = (place for verdict in verdicts for place in store.results(Filters(run.id, verdict)))
    return [
        {
            "row": place.row,
            "verdict": str(place.verdict and place.verdict.value),
            "report": f"{workbook}#row={place.row}",
        }
        for place in islice(ended, _ROWS)
    ]


def chart(codes: dict[str, int]) -> str:
    """Bars of how many submissions have a finding of each code, as a Markdown table."""
    most = max(codes.values(), default=1)
    bars = (f"| {code} | {number} | {'█' * max(1, round(_BAR * number / most))} |" for code, number in codes.items())
    return "\n".join(["| finding | submissions | |", "|---|--:|---|", *bars])
