"""A service in front of the tax authority's check, on this machine, that answers well, badly or too often."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from extractors.errors import UsageError
from pipeline.answers import Answers
from pipeline.authenticity import lifetimes, open_authenticity
from pipeline.authenticity.http import HttpAuthenticity
from pipeline.authenticity.limit import DailyLimit
from pipeline.service import COOL_DOWN, FAILURES, Outage, Unanswered, outage_of
from pipeline.settings import Settings
from pipeline.submission import Submission, SubmittedFile
from pipeline.verify import verify
from tests.extractors.test_invoice_xml import DIGITAL
from tests.pipeline.test_registry_http import Service, says, serving
from validators.authenticity import Answer, Issuing, Obstacle, Query, Result
from validators.findings import Verdict

TODAY = date(2026, 11, 22)
NUMBER, CODE = "26332000000012345678", "033002600211"
ASKED = Query("digital_special", NUMBER, date(2026, 10, 20), total=Decimal("203.4"))
OTHER = Query("ordinary", "01234567", date(2026, 10, 20), code=CODE, check_code="507415")
GENUINE = {"schema": "heyan.authenticity/1", "result": "genuine", "issuing": "own", "source": "某查验服务"}


@pytest.fixture
def service() -> Iterator[Service]:
    with serving(says(GENUINE)) as server:
        yield server


def client(
    service: Service, folder: Path, *, limit: int = 5, clock: list[float] | None = None,
    today: list[date] | None = None, **more: Any,
) -> HttpAuthenticity:  # fmt: skip
    clock, days = clock or [1e9], today or [TODAY]
    kept = Answers(folder / "answers.sqlite", "secret", Answer, lifetimes(1e5), clock=lambda: clock[0])
    counted = DailyLimit(folder / "asked.sqlite", "secret", limit, lambda: days[0])
    given = {"timeout": 2.0, "retries": 0, "sleep": lambda _: None, **more}
    return HttpAuthenticity(service.address, kept, counted, today=lambda: days[0], **given)


def test_a_genuine_invoice_is_told_with_its_issuing_mark(service: Service, tmp_path: Path) -> None:
    answer = client(service, tmp_path, key="k-1").check(ASKED)
    assert (answer.result, answer.issuing, answer.source) == (Result.GENUINE, Issuing.OWN, "某查验服务")
    (seen,) = service.seen
    assert seen.body == {
        "schema": "heyan.authenticity/1", "kind": "digital_special", "number": NUMBER, "issued_on": "2026-10-20",
        "total": "203.40",
    }  # fmt: skip
    assert seen.headers["Authorization"] == "Bearer k-1"


@pytest.mark.parametrize("result", ["not_found", "mismatch", "voided", "red_flushed", "partly_red_flushed"])
def test_other_answers(service: Service, tmp_path: Path, result: str) -> None:
    service.scripts = [says({**GENUINE, "result": result})]
    assert client(service, tmp_path).check(ASKED).result == result


@pytest.mark.parametrize(
    "reply",
    [
        b"", b"[]", {**GENUINE, "schema": "heyan.registry/1"}, {**GENUINE, "result": "fine"}, {"result": "genuine"},
        {**GENUINE, "result": "not_askable"}, {**GENUINE, "issuing": "me"}, b"[" * 50_000,
    ],
)  # fmt: skip
def test_garbage_is_no_answer(service: Service, tmp_path: Path, reply: Any) -> None:
    service.scripts = [says(reply)]
    assert client(service, tmp_path).check(ASKED).result is Result.UNAVAILABLE


def test_genuine_is_kept_long_the_contrary_for_a_while_and_an_outage_never(service: Service, tmp_path: Path) -> None:
    clock = [1e9]
    source = client(service, tmp_path, clock=clock)
    service.scripts = [says(b"", 500), says({**GENUINE, "result": "not_found"}), says(GENUINE), says(b"", 404)]
    assert source.check(ASKED).result is Result.UNAVAILABLE
    assert source.check(ASKED).result is Result.NOT_FOUND
    clock[0] += 6 * 3600
    assert source.check(ASKED).result is Result.NOT_FOUND
    clock[0] += 1
    assert source.check(ASKED).result is Result.GENUINE
    clock[0] += 1e5
    assert client(service, tmp_path, clock=clock).check(ASKED).result is Result.GENUINE  # another process
    assert len(service.seen) == 3
    clock[0] += 1
    assert source.check(ASKED).result is Result.UNAVAILABLE
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert NUMBER.encode() not in kept


def test_an_invoice_is_asked_for_only_so_often_a_day_whatever_comes_back(service: Service, tmp_path: Path) -> None:
    days = [TODAY]
    service.scripts = [says(b"", 500)]
    for _ in range(2):
        source = client(service, tmp_path, today=days, limit=3, retries=1)  # each a new process
        answer = source.check(ASKED)
    assert len(service.seen) == 3  # attempts count
    assert "daily limit" in answer.reason
    service.scripts = [says(GENUINE)]
    assert source.check(OTHER).result is Result.GENUINE
    assert source.check(ASKED).result is Result.UNAVAILABLE
    days[0] += timedelta(days=1)
    assert source.check(ASKED).result is Result.GENUINE


def test_a_used_up_limit_is_no_failure_of_the_service(service: Service, tmp_path: Path) -> None:
    source = client(service, tmp_path, limit=1)
    service.scripts = [says({**GENUINE, "result": "unavailable", "reason": "busy"}), says(GENUINE)]
    for _ in range(FAILURES + 2):
        assert source.check(ASKED).result is Result.UNAVAILABLE
    assert source.check(OTHER).result is Result.GENUINE


def test_after_failures_in_a_row_nobody_is_asked_for_a_while(service: Service, tmp_path: Path) -> None:
    now = [0.0]
    source = client(service, tmp_path, limit=99, outage=Outage(lambda: now[0]))
    service.scripts = [says(b"", 404)]
    for _ in range(FAILURES + 3):
        assert source.check(ASKED).result is Result.UNAVAILABLE
    assert len(service.seen) == FAILURES
    now[0] += COOL_DOWN
    service.scripts = [says(GENUINE)]
    assert source.check(ASKED).result is Result.GENUINE


def test_the_rest_of_a_batch_leaves_a_failing_service_alone_too(service: Service, tmp_path: Path) -> None:
    service.scripts = [says(b"", 404)]
    for _ in range(FAILURES + 3):
        source = open_authenticity(Settings(authenticity=service.address, cache_dir=tmp_path))
        assert source is not None
        assert source.check(ASKED).result is Result.UNAVAILABLE
    assert len(service.seen) == FAILURES
    outage_of.cache_clear()  # the next test's service may get this port


@pytest.mark.parametrize(
    ("issued", "obstacle"),
    [(TODAY, Obstacle.TODAY), (TODAY + timedelta(1), Obstacle.IN_FUTURE), (date(2021, 11, 21), Obstacle.TOO_OLD)],
)
def test_what_the_authority_would_not_answer_is_not_asked(
    service: Service, tmp_path: Path, issued: date, obstacle: Obstacle
) -> None:
    answer = client(service, tmp_path).check(Query("digital", NUMBER, issued, total=Decimal(1)))
    assert (answer.result, answer.obstacle, service.seen) == (Result.NOT_ASKABLE, obstacle, [])


def test_invoices_of_today_are_asked_for_where_the_service_allows_it(service: Service, tmp_path: Path) -> None:
    source = client(service, tmp_path, same_day=True)
    assert source.check(Query("digital", NUMBER, TODAY, total=Decimal(1))).result is Result.GENUINE


def test_what_cannot_be_counted_is_not_asked(service: Service, tmp_path: Path) -> None:
    (tmp_path / "asked.sqlite").write_bytes(b"nothing of the kind" * 100)
    answer = client(service, tmp_path).check(ASKED)
    assert (answer.result, service.seen) == (Result.UNAVAILABLE, [])
    assert "counted" in answer.reason


def test_processes_share_the_count(tmp_path: Path) -> None:
    limits = [DailyLimit(tmp_path / "asked.sqlite", "secret", 3, lambda: TODAY) for _ in range(4)]
    for limit in limits[:3]:
        limit.take("a")
    with pytest.raises(Unanswered, match="daily limit"):
        limits[3].take("a")
    limits[3].take("b")


def test_nothing_of_the_invoice_and_no_key_in_logs_or_reasons(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    service.scripts = [says(f'{{"schema": "{NUMBER}"}}'.encode()), says(b"", 403), says(GENUINE)]
    source = client(service, tmp_path, key="k-secret-1")
    reasons = " ".join(source.check(ASKED).reason for _ in range(3))
    assert "HEYAN_AUTHENTICITY_KEY" in reasons
    for text in (caplog.text, reasons, repr(source), repr(ASKED)):
        assert not any(value in text for value in (NUMBER, "203.4", "k-secret-1"))


def test_the_settings_open_it_and_bad_ones_are_refused(service: Service, tmp_path: Path) -> None:
    assert open_authenticity(Settings(cache_dir=tmp_path)) is None
    assert list(tmp_path.iterdir()) == []
    source = open_authenticity(Settings(authenticity=service.address, cache_dir=tmp_path))
    assert source is not None
    assert source.check(ASKED).result is Result.GENUINE
    with pytest.raises(UsageError, match="HEYAN_AUTHENTICITY"):
        open_authenticity(Settings(authenticity="http://check.example/", cache_dir=tmp_path))
    with pytest.raises(ValidationError, match="HEYAN_AUTHENTICITY_KEY"):
        Settings(authenticity="https://user:pw@check.example/")


PROFILE = """
id: own/settlement
title: {zh: 结算, en: settlement}
platform: {zh: 自用, en: own}
source: own
slots:
  invoice: {title: {zh: 发票, en: invoice}, accepts: [vat_invoice], source: own}
declared: {}
checks:
  - {id: genuine, check: invoice_authentic, source: own, params: {slot: invoice}}
"""


@pytest.mark.parametrize(
    ("reply", "verdict", "codes"),
    [
        (GENUINE, Verdict.ACCEPT, []),
        ({**GENUINE, "result": "voided"}, Verdict.REJECT, ["AUTH_INVOICE_VOIDED"]),
        ({"schema": "heyan.authenticity/1", "result": "unavailable"}, Verdict.REVIEW, ["AUTH_INVOICE_UNAVAILABLE"]),
    ],
)
def test_a_submission_is_judged_by_the_answer(
    service: Service, tmp_path: Path, reply: dict[str, str], verdict: Verdict, codes: list[str]
) -> None:
    service.scripts = [says(reply)]
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "settlement.yaml").write_text(PROFILE, "utf-8")
    (tmp_path / "invoice.xml").write_text(DIGITAL, "utf-8")
    settings = Settings(authenticity=service.address, cache_dir=tmp_path / "cache", profiles=tmp_path / "own")
    files = (SubmittedFile(tmp_path / "invoice.xml", "invoice.xml", "invoice"),)
    checked = verify(Submission("s", "own/settlement", {}, files), settings=settings, as_of=TODAY).report
    (seen,) = service.seen
    assert (seen.body["kind"], seen.body["total"]) == ("digital_special", "203.40")
    assert [f.code for f in checked.findings if f.code.startswith("AUTH_")] == codes
    assert checked.verdict is verdict, [f.code for f in checked.findings]
