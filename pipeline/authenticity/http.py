"""A service in front of the tax authority's check, by the contract of docs/authenticity.md: one POST for an invoice.

Nothing it does raises: a service that is slow, broken or gone is an answer `unavailable` with the reason.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from pipeline.answers import Answers
from pipeline.authenticity.limit import DailyLimit
from pipeline.service import Outage, Service, Unanswered
from validators.authenticity import Answer, Issuing, Query, Result, obstacle_of, unavailable

CONTRACT: Literal["heyan.authenticity/1"] = "heyan.authenticity/1"

Short = Annotated[str, StringConstraints(max_length=200)]


class Reply(BaseModel):
    """What the service answers; keys it has beyond these are ignored."""

    contract: Literal["heyan.authenticity/1"] = Field(alias="schema")
    result: Literal[
        "genuine", "not_found", "mismatch", "voided", "red_flushed", "partly_red_flushed", "unavailable"
    ]  # fmt: skip
    reason: Short = ""
    issuing: Issuing = Issuing.UNKNOWN
    source: Short = ""
    as_of: date | None = None

    def answer(self, host: str) -> Answer:
        return Answer(result=Result(self.result), reason=self.reason, issuing=self.issuing,
                      source=self.source or host, as_of=self.as_of)  # fmt: skip


class HttpAuthenticity:
    """Questions to an address, from the cache where they were answered, and no more of them a day than is allowed."""

    def __init__(
        self, address: str, answers: Answers[Answer], limit: DailyLimit, *, today: Callable[[], date], key: str = "",
        same_day: bool = False, timeout: float = 10.0, retries: int = 1,
        sleep: Callable[[float], None] = time.sleep, outage: Outage | None = None,
    ) -> None:  # fmt: skip
        self._service = Service(
            address, "HEYAN_AUTHENTICITY", key=key, timeout=timeout, retries=retries, sleep=sleep, outage=outage
        )
        self.host, self._answers, self._limit = self._service.host, answers, limit
        self._today, self._same_day = today, same_day

    def check(self, query: Query) -> Answer:
        """From the cache, else from the service; an invoice it would not answer for is not asked for."""
        if obstacle := obstacle_of(query, self._today(), same_day=self._same_day):
            return obstacle
        request = json.dumps({"schema": CONTRACT, **query.given()}, sort_keys=True).encode()
        known = self._service.question(request)
        if kept := self._answers.get(known):
            return kept
        try:
            answer = self._service.ask(request, Reply, lambda: self._limit.take(query.invoice)).answer(self.host)
        except Unanswered as failed:
            return unavailable(failed.reason, self.host)
        self._answers.put(known, answer)
        return answer
