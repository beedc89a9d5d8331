"""One submission as a Prefect flow, for those who call Heyan from flows of their own."""

from __future__ import annotations

from prefect import State, flow
from prefect.states import Completed, Failed

from extractors.errors import HeyanError
from flows.batch import failure
from flows.runs import end
from pipeline.batch import run_chunk
from pipeline.settings import Settings
from pipeline.store import open_store


@flow(name="verify_submission", flow_run_name="submission-{run_id}-{position}", persist_result=False, retries=0)
def verify_submission(run_id: str, position: int = 0) -> State[None]:
    """The submission at a position of a run that was planned (`Store.begin`, `Store.plan`). Its report is in the store.

    The verdict is data: the state is Failed, with the cause, where an outage kept it from being judged.
    """
    try:
        settings = Settings()
        store = open_store(settings)
        run_chunk(run_id, [position], settings)
        [place] = store.places(run_id, [position])
        if not store.open_positions(run_id):
            end(store, run_id)
    except (HeyanError, LookupError, ValueError) as error:
        return Failed(message=failure(error))
    return Failed(message=place.cause) if place.state == "failed" else Completed(message=place.state)
