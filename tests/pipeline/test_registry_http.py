"""A registry service on this machine that answers well, badly, slowly or not at all."""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from extractors.errors import UsageError
from pipeline.answers import Answers
from pipeline.registry import open_registry
from pipeline.registry.http import HttpRegistry, Reply
from pipeline.service import COOL_DOWN, FAILURES, MAX_REPLY, Outage, checked_address
from pipeline.settings import Settings
from validators.registry import Agreement, Answer, Query, Result, Standing, id_hmac

CODE, NAME, PERSON, NUMBER = "91330108MA2CG4HU3R", "杭州云帆数字科技有限公司", "张晓明", "330108198805142030"
ASKED = Query(CODE, NAME, PERSON, NUMBER)
FOUND = {
    "schema": "heyan.registry/1", "result": "found", "status": "存续", "source": "某查询服务", "as_of": "2026-11-20",
    "fields": {"credit_code": "agrees", "name": "agrees", "legal_representative": "differs", "id_number": "in_part"},
}  # fmt: skip
Script = Callable[["Handler"], None]


class Handler(BaseHTTPRequestHandler):
    """Does what the script of the moment says; the last script stays."""

    server: Service

    def do_POST(self) -> None:
        self.body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.seen.append(self)
        script = self.server.scripts[0] if len(self.server.scripts) == 1 else self.server.scripts.pop(0)
        script(self)

    def say(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, text in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name.replace("_", "-"), text)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args: Any) -> None:
        pass


class Service(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.scripts: list[Script] = [says(FOUND)]
        self.seen: list[Handler] = []
        self.let_go = threading.Event()

    def handle_error(self, *args: Any) -> None:
        pass  # the client hung up, as it should

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/look-up"


def says(reply: Any, status: int = 200, **headers: str) -> Script:
    body = reply if isinstance(reply, bytes) else json.dumps(reply).encode()
    return lambda handler: handler.say(status, body, **headers)


def trickles(handler: Handler) -> None:
    """One byte at a time, each soon enough, for as long as anybody listens."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    while not handler.server.let_go.wait(0.02):
        handler.wfile.write(b" ")
        handler.wfile.flush()


def silent(handler: Handler) -> None:
    handler.server.let_go.wait(10)


@contextmanager
def serving(script: Script) -> Iterator[Service]:
    """A service at work, saying what the script says."""
    with Service() as server:
        server.scripts = [script]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield server
        server.let_go.set()
        server.shutdown()


@pytest.fixture
def service() -> Iterator[Service]:
    with serving(says(FOUND)) as server:
        yield server


@pytest.fixture
def waits() -> list[float]:
    return []


@pytest.fixture
def registry(service: Service, tmp_path: Path, waits: list[float]) -> HttpRegistry:
    return client(service, tmp_path, waits)


def kept(seconds: float) -> dict[str, float]:
    return {Result.FOUND: seconds, Result.NOT_FOUND: seconds}


def client(service: Service, folder: Path, waits: list[float], **more: Any) -> HttpRegistry:
    answers = Answers(folder / "registry" / "answers.sqlite", "secret", Answer, kept(3600))
    return HttpRegistry(service.address, answers, **{"timeout": 2.0, "sleep": waits.append, **more})


def test_a_found_company_is_answered_field_by_field(registry: HttpRegistry) -> None:
    answer = registry.look_up(ASKED)
    assert (answer.result, answer.status, answer.source) == (Result.FOUND, Standing.ACTIVE, "某查询服务")
    assert answer.fields["legal_representative"] is Agreement.DIFFERS
    assert answer.fields["id_number"] is Agreement.IN_PART
    assert str(answer.as_of) == "2026-11-20"


def test_the_request_holds_what_was_asked_and_the_key(service: Service, tmp_path: Path) -> None:
    client(service, tmp_path, [], key="k-1").look_up(Query(CODE.lower(), id_number=NUMBER))
    (seen,) = service.seen
    assert seen.body == {"schema": "heyan.registry/1", "credit_code": CODE, "id_number": NUMBER}
    assert (seen.headers["Authorization"], seen.path) == ("Bearer k-1", "/look-up")


def test_a_number_is_sent_as_hmac_where_a_key_is_agreed(service: Service, tmp_path: Path) -> None:
    client(service, tmp_path, [], id_key="shared").look_up(Query(CODE, id_number=NUMBER))
    assert service.seen[0].body["id_number_hmac"] == id_hmac(NUMBER, "shared")
    assert NUMBER not in json.dumps(service.seen[0].body)


def test_what_the_reply_leaves_out_is_not_known_and_what_was_not_asked_is_left_out(
    service: Service, registry: HttpRegistry
) -> None:
    service.scripts = [says({**FOUND, "fields": {"name": "agrees", "address": "agrees"}, "more": 1})]
    answer = registry.look_up(Query(CODE, NAME))
    assert answer.fields == {"credit_code": Agreement.NOT_KNOWN, "name": Agreement.AGREES}


@pytest.mark.parametrize(
    "reply",
    [
        b"", b"<html>sign in</html>", b"\xff\xfe\x00", b"[]", b"null", b'{"schema": "heyan.registry/1"}',
        {**FOUND, "schema": "other/1"}, {**FOUND, "result": "yes"}, {**FOUND, "fields": {"name": "equal"}},
        {**FOUND, "fields": ["name"]}, {**FOUND, "as_of": "yesterday"}, {**FOUND, "source": "x" * 201},
        b"[" * 50_000, b'{"schema": NaN}',
    ],
)  # fmt: skip
def test_garbage_is_no_answer(service: Service, registry: HttpRegistry, reply: Any) -> None:
    service.scripts = [says(reply)]
    answer = registry.look_up(ASKED)
    assert (answer.result, answer.fields) == (Result.UNAVAILABLE, {})
    assert "sign in" not in answer.reason
    assert len(service.seen) == 1


@pytest.mark.parametrize(
    ("status", "said"), [(301, "redirects"), (307, "redirects"), (400, "400"), (401, "key"), (403, "key"), (404, "404")]
)
def test_refusals_are_not_asked_again(service: Service, registry: HttpRegistry, status: int, said: str) -> None:
    service.scripts = [says(b"", status, Location="/elsewhere")]
    answer = registry.look_up(ASKED)
    assert answer.result is Result.UNAVAILABLE
    assert said in answer.reason
    assert [handler.path for handler in service.seen] == ["/look-up"]


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_passing_troubles_are_asked_again_with_growing_waits(
    service: Service, registry: HttpRegistry, waits: list[float], status: int
) -> None:
    service.scripts = [says(b"", status), says(b"", status), says(FOUND)]
    assert registry.look_up(ASKED).result is Result.FOUND
    assert waits == [0.5, 1.0]


def test_attempts_are_bounded(service: Service, registry: HttpRegistry, waits: list[float]) -> None:
    service.scripts = [says(b"", 500)]
    assert "500" in registry.look_up(ASKED).reason
    assert (len(service.seen), waits) == (3, [0.5, 1.0])


@pytest.mark.parametrize(
    ("asked_for", "waited"), [("3", [3.0]), ("0", [0.5]), ("soon", [0.5]), ("-5", [0.5]), ("60", [])]
)
def test_the_wait_a_service_asks_for_is_kept_within_a_bound(
    service: Service, registry: HttpRegistry, waits: list[float], asked_for: str, waited: list[float]
) -> None:
    service.scripts = [says(b"", 429, Retry_After=asked_for), says(FOUND)]
    answer = registry.look_up(ASKED)
    assert waits == waited
    assert answer.result is (Result.FOUND if waited else Result.UNAVAILABLE)


def test_the_wait_may_be_a_date(service: Service, registry: HttpRegistry, waits: list[float]) -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=5), usegmt=True)
    service.scripts = [says(b"", 503, Retry_After=later), says(FOUND)]
    assert registry.look_up(ASKED).result is Result.FOUND
    assert 1 < waits[0] <= 5


@pytest.mark.parametrize("slow", [silent, trickles])
def test_slow_replies_end_at_the_limit(service: Service, tmp_path: Path, slow: Script) -> None:
    service.scripts = [slow]
    start = time.monotonic()
    answer = client(service, tmp_path, [], timeout=0.3, retries=1).look_up(ASKED)
    assert "no reply within 0.3 s" in answer.reason
    assert len(service.seen) == 2
    assert time.monotonic() - start < 8  # it would go on for ever


@pytest.mark.parametrize("headers", [{}, {"Content_Encoding": "gzip"}])
def test_huge_replies_are_cut_off(service: Service, registry: HttpRegistry, headers: dict[str, str]) -> None:
    service.scripts = [says(b" " * (MAX_REPLY + 1), **headers)]
    assert "larger than" in registry.look_up(ASKED).reason


def test_nobody_there_is_no_answer(tmp_path: Path) -> None:
    with Service() as gone:
        pass
    answer = client(gone, tmp_path, []).look_up(ASKED)
    assert answer.result is Result.UNAVAILABLE
    assert "no connection" in answer.reason


def test_answers_are_kept_and_errors_are_not(service: Service, registry: HttpRegistry, tmp_path: Path) -> None:
    service.scripts = [says(b"", 404), says(FOUND), says(b"", 404)]
    results = [registry.look_up(ASKED).result for _ in range(3)]
    assert results == [Result.UNAVAILABLE, Result.FOUND, Result.FOUND]
    assert client(service, tmp_path, []).look_up(ASKED) == registry.look_up(ASKED)  # another process
    assert len(service.seen) == 2
    assert registry.look_up(Query(CODE, NAME, "王建国", NUMBER)).result is Result.UNAVAILABLE  # another question
    kept = (tmp_path / "registry" / "answers.sqlite").read_bytes()
    assert not any(value.encode() in kept for value in (CODE, NAME, PERSON, NUMBER))


def test_not_found_is_an_answer_too(service: Service, registry: HttpRegistry) -> None:
    service.scripts = [says({"schema": "heyan.registry/1", "result": "not_found"}), says(FOUND)]
    assert [registry.look_up(ASKED).result for _ in range(2)] == [Result.NOT_FOUND] * 2


def test_kept_answers_grow_old(tmp_path: Path) -> None:
    now = [1000.0]
    answers = Answers(tmp_path / "answers.sqlite", "secret", Answer, kept(60), clock=lambda: now[0])
    found = Answer(result=Result.FOUND, fields={"name": Agreement.AGREES})
    answers.put(b"asked", found)
    now[0] += 60
    assert answers.get(b"asked") == found
    now[0] += 1
    assert answers.get(b"asked") is None
    now[0] -= 500  # a clock set back
    assert answers.get(b"asked") is None


def test_a_damaged_cache_is_as_good_as_none(service: Service, registry: HttpRegistry, tmp_path: Path) -> None:
    (tmp_path / "registry").mkdir()
    (tmp_path / "registry" / "answers.sqlite").write_bytes(b"nothing of the kind" * 100)
    assert registry.look_up(ASKED).result is Result.FOUND
    (tmp_path / "registry" / "answers.sqlite").unlink()
    registry.look_up(ASKED)
    with sqlite3.connect(tmp_path / "registry" / "answers.sqlite") as connection:
        connection.execute("UPDATE answer SET answer = '{}'")
    connection.close()
    assert registry.look_up(ASKED).result is Result.FOUND
    assert len(service.seen) == 3


def test_after_failures_in_a_row_nobody_is_asked_for_a_while(service: Service, tmp_path: Path) -> None:
    now = [0.0]
    registry = client(service, tmp_path, [], outage=Outage(lambda: now[0]))
    service.scripts = [says(b"", 404)]
    for _ in range(FAILURES + 2):
        assert registry.look_up(ASKED).result is Result.UNAVAILABLE
    assert len(service.seen) == FAILURES
    now[0] += COOL_DOWN
    registry.look_up(ASKED)  # one try; it fails, so the next look-up is spared again
    registry.look_up(ASKED)
    assert len(service.seen) == FAILURES + 1
    now[0] += COOL_DOWN
    service.scripts = [says(FOUND)]
    assert registry.look_up(ASKED).result is Result.FOUND


def test_it_works_inside_an_event_loop_and_in_threads(service: Service, registry: HttpRegistry) -> None:
    import asyncio
    from concurrent.futures import ThreadPoolExecutor

    async def inside() -> Result:
        return registry.look_up(ASKED).result

    assert asyncio.run(inside()) is Result.FOUND
    queries = [Query(CODE, f"{NAME}{n}") for n in range(16)]
    with ThreadPoolExecutor(8) as pool:
        assert {answer.result for answer in pool.map(registry.look_up, queries)} == {Result.FOUND}


def test_nothing_personal_and_no_key_in_logs_or_reasons(
    service: Service, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    echo = f'{{"schema": "{NAME} {PERSON} {NUMBER}"}}'.encode()
    service.scripts = [says(echo), says(b"", 500), says(b"", 403), says(FOUND)]
    registry = client(service, tmp_path, [], key="k-secret-1", retries=0)
    reasons = " ".join(registry.look_up(ASKED).reason for _ in range(4))
    for text in (caplog.text, reasons, repr(registry)):
        assert not any(value in text for value in (CODE, NAME, PERSON, NUMBER, "k-secret-1"))


@pytest.mark.parametrize(
    "address", ["http://registry.example/v1", "http://10.0.0.5/v1", "https://", "http://127.0.0.1.example/"]
)
def test_addresses_that_may_not_be_asked(address: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        open_registry(Settings(registry=address, cache_dir=tmp_path))
    assert caught.value.remedy


@pytest.mark.parametrize(
    "address",
    ["https://registry.example/v1", "http://127.0.0.1:8/", "http://[::1]/", "http://localhost/", "HTTPS://a.example"],
)
def test_addresses_that_may(address: str, tmp_path: Path) -> None:
    assert isinstance(open_registry(Settings(registry=address, cache_dir=tmp_path)), HttpRegistry)
    assert checked_address("http://registry.internal/v1", "HEYAN_REGISTRY", plain_http=True)


@pytest.mark.parametrize("address", ["https://user:pw@registry.example/", "https://registry.example/?key=1"])
def test_secrets_do_not_belong_into_the_address(address: str) -> None:
    with pytest.raises(ValidationError, match="HEYAN_REGISTRY_KEY"):
        Settings(registry=address)


def test_a_key_of_several_lines_is_refused_and_a_key_is_never_shown() -> None:
    with pytest.raises(ValidationError):
        Settings(registry_key="a\r\nX-Other: b")  # type: ignore[arg-type]
    assert "k-secret-1" not in repr(Settings(registry_key="k-secret-1", registry_id_key="k-secret-1"))  # type: ignore[arg-type]


def test_without_the_setting_there_is_no_source(tmp_path: Path) -> None:
    assert open_registry(Settings(registry=None, cache_dir=tmp_path)) is None
    assert list(tmp_path.iterdir()) == []


@given(
    reply=st.fixed_dictionaries(
        {"schema": st.just("heyan.registry/1"), "result": st.sampled_from(["found", "not_found", "unavailable"])},
        optional={
            "fields": st.dictionaries(st.sampled_from([*FOUND["fields"], "other"]), st.sampled_from(Agreement)),  # type: ignore[index, list-item]
            "status": st.text(max_size=20),
        },
    )
)
def test_nothing_agrees_that_the_service_did_not_say_agrees(reply: dict[str, Any]) -> None:
    answer = Reply.model_validate(reply).answer(Query(CODE, NAME), "host")
    said = {name for name, agreement in reply.get("fields", {}).items() if agreement == Agreement.AGREES}
    agreeing = {name for name, agreement in answer.fields.items() if agreement is Agreement.AGREES}
    assert agreeing == (said & {"credit_code", "name"} if reply["result"] == "found" else set())
