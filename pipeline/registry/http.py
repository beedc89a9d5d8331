"""A registry service that speaks the contract of docs/registry.md: one POST of JSON for each look-up.

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
from pipeline.service import Outage, Service, Unanswered
from validators.identifiers import credit_code
from validators.registry import Agreement, Answer, Query, Result, id_hmac, standing, unavailable

CONTRACT: Literal["heyan.registry/1"] = "heyan.registry/1"

Short = Annotated[str, StringConstraints(max_length=200)]


class Reply(BaseModel):
    """What the service answers (docs/registry.md); keys it has beyond these are ignored."""

    contract: Literal["heyan.registry/1"] = Field(alias="schema")
    result: Result
    reason: Short = ""
    fields: dict[str, Agreement] = Field(default_factory=dict)
    status: Short = ""
    source: Short = ""
    as_of: date | None = None

    def answer(self, query: Query, host: str) -> Answer:
        """The part of it that was asked for; what it leaves out is not known."""
        fields = {name: self.fields.get(name, Agreement.NOT_KNOWN) for name in query.given()}
        return Answer.model_validate({
            "result": self.result, "reason": self.reason, "fields": fields if self.result is Result.FOUND else {},
            "status": standing(self.status), "source": self.source or host, "as_of": self.as_of,
        })  # fmt: skip


class HttpRegistry:
    """Look-ups at an address; `id_key` hides numbers of persons."""

    def __init__(
        self, address: str, answers: Answers[Answer], *, key: str = "", id_key: str = "", timeout: float = 10.0,
        retries: int = 2, sleep: Callable[[float], None] = time.sleep, outage: Outage | None = None,
    ) -> None:  # fmt: skip
        self._service = Service(
            address, "HEYAN_REGISTRY", key=key, timeout=timeout, retries=retries, sleep=sleep, outage=outage
        )
        self.host, self._answers, self._id_key = self._service.host, answers, id_key

    def look_up(self, query: Query, *, fresh: bool = False) -> Answer:
        """From the cache unless `fresh`, else from the service, with a few attempts where those may help."""
        request = self._request(query)
        known = self._service.question(request)
        if not fresh and (kept := self._answers.get(known)):
            return kept
        try:
            answer = self._service.ask(request, Reply).answer(query, self.host)
        except Unanswered as failed:
            return unavailable(failed.reason, self.host)
        self._answers.put(known, answer)
        return answer

    def _request(self, query: Query) -> bytes:
        asked = query.given()
        if query.credit_code:
            asked["credit_code"] = credit_code.compact(query.credit_code)
        if query.id_number and self._id_key:
            asked["id_number_hmac"] = id_hmac(asked.pop("id_number"), self._id_key)
        return json.dumps({"schema": CONTRACT, **asked}, ensure_ascii=False, sort_keys=True).encode()
