"""One POST of JSON to a service a user names: sources that answer with JSON, and the hook that is told of a night.

Slow, broken, huge or hostile replies and services that are gone all end as one `Unanswered` with the reason; after a
few of those in a row the service is left alone for a while.
"""

from __future__ import annotations

import asyncio
import ipaddress
import time
from collections.abc import Callable, Container
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache
from threading import Lock
from typing import TypeVar
from urllib.parse import urlsplit

import httpx2
from pydantic import BaseModel, ValidationError

from extractors.errors import UsageError

MAX_REPLY = 64 * 1024  # bytes
FIRST_WAIT, LONGEST_WAIT = 0.5, 10.0  # seconds between attempts
FAILURES, COOL_DOWN = 3, 60.0  # look-ups that failed in a row, and seconds without any after them
_AGAIN = frozenset({429, 500, 502, 503, 504})

R = TypeVar("R", bound=BaseModel)
T = TypeVar("T")


class Unanswered(Exception):  # noqa: N818
    """There is no answer; `reason` says why, in English, without anything that was asked or replied."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class _AttemptError(Exception):
    """One attempt without an answer: why, whether another one may help, and when the service wants it."""

    def __init__(self, reason: str, *, again: bool = False, after: float = 0.0) -> None:
        super().__init__(reason)
        self.reason, self.again, self.after = reason, again, after


class Outage:
    """Counts failures in a row; after so many of them nobody is asked until a while has passed."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock, self._failures, self._until = clock, Lock(), 0, 0.0

    @property
    def on(self) -> bool:
        with self._lock:
            return self._failures >= FAILURES and self._clock() < self._until

    def note(self, *, failed: bool) -> None:
        with self._lock:
            self._failures = self._failures + 1 if failed else 0
            self._until = self._clock() + COOL_DOWN


@cache
def outage_of(address: str) -> Outage:
    """The one count of failures for an address in this process: a batch of submissions asks again and again."""
    return Outage()


class Service:
    """A service at an address; `key` goes into the Authorization header, `setting` is the variable that names it."""

    def __init__(
        self, address: str, setting: str, *, key: str = "", timeout: float = 10.0, retries: int = 2,
        sleep: Callable[[float], None] = time.sleep, outage: Outage | None = None,
    ) -> None:  # fmt: skip
        self.host = urlsplit(address).hostname or ""
        self._address, self._setting = address, setting
        self._timeout, self._retries, self._sleep = timeout, retries, sleep
        self._outage = outage or Outage()
        # Compressed replies could unpack to any size; a proxy has no business between this machine and itself.
        self._headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Accept-Encoding": "identity",
        }
        self._headers |= {"Authorization": f"Bearer {key}"} if key else {}
        self._proxies = not is_loopback(self.host)
        self._tls = httpx2.create_ssl_context() if address.lower().startswith("https:") else False

    def question(self, request: bytes) -> bytes:
        """A request with whom it is put to: the key its answer is kept under."""
        return self._address.encode() + b"\n" + request

    def ask(self, request: bytes, form: type[R], before: Callable[[], None] = lambda: None) -> R:
        """The reply of the first attempt that brings one of this form. Raises Unanswered.

        `before` runs before each attempt; what it raises ends them and is no failure of the service.
        """
        return self._unless_away(lambda: self._parsed(self._accepted(request, (200,)), form), before)

    def tell(self, request: bytes) -> None:
        """Post something whose reply does not matter as long as it is one of success. Raises Unanswered."""
        self._unless_away(lambda: self._accepted(request, range(200, 300)), lambda: None)

    def _unless_away(self, attempt: Callable[[], T], before: Callable[[], None]) -> T:
        if self._outage.on:
            raise Unanswered("the service did not answer several times in a row; it is left alone for a while")
        try:
            found = self._repeated(attempt, before)
        except _AttemptError as failed:
            self._outage.note(failed=True)
            raise Unanswered(failed.reason) from None
        self._outage.note(failed=False)
        return found

    def _repeated(self, attempt: Callable[[], T], before: Callable[[], None]) -> T:
        for number in range(self._retries + 1):
            before()
            try:
                return attempt()
            except _AttemptError as failed:
                wait = max(FIRST_WAIT * 2**number, failed.after)
                if not failed.again or number == self._retries or wait > LONGEST_WAIT:
                    raise
            self._sleep(wait)
        raise AssertionError("unreachable")

    def _accepted(self, request: bytes, fine: Container[int]) -> bytes:
        status, headers, body = self._exchanged(request)
        if status in _AGAIN:
            raise _AttemptError(f"the service answered with status {status}", again=True, after=_wanted(headers))
        if status in (401, 403):
            raise _AttemptError(f"the service refused the key (status {status}); see {self._setting}_KEY")
        if 300 <= status < 400:
            raise _AttemptError(f"the service redirects elsewhere (status {status}), which is not followed")
        if status not in fine:
            raise _AttemptError(f"the service answered with status {status}")
        return body

    def _parsed(self, body: bytes, form: type[R]) -> R:
        try:
            return form.model_validate_json(body)
        except ValidationError as error:
            # Where it is wrong as far as the form names it: what stands there, and keys below, are the service's words.
            named = {field.alias or name for name, field in form.model_fields.items()}
            where = next(iter(named.intersection(error.errors(include_input=False)[0]["loc"][:1])), "no JSON object")
            raise _AttemptError(f"the reply is not of the form asked for ({where})") from None

    def _exchanged(self, request: bytes) -> tuple[int, httpx2.Headers, bytes]:
        """Status, headers and body within the time limit for all of it: per-read limits alone let a trickle go on."""
        try:
            # A thread of its own, because the caller's may be running an event loop already.
            with ThreadPoolExecutor(1) as thread:
                return thread.submit(asyncio.run, asyncio.wait_for(self._post(request), self._timeout)).result()
        except (TimeoutError, httpx2.TimeoutException):
            raise _AttemptError(f"no reply within {self._timeout:g} s", again=True) from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise _AttemptError(f"no connection ({type(error).__name__})") from None

    async def _post(self, request: bytes) -> tuple[int, httpx2.Headers, bytes]:
        async with (
            httpx2.AsyncClient(timeout=self._timeout, verify=self._tls, trust_env=self._proxies) as client,
            client.stream("POST", self._address, content=request, headers=self._headers) as response,
        ):
            body = bytearray()
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > MAX_REPLY:
                    raise _AttemptError(f"the reply is larger than {MAX_REPLY // 1024} KB")
            return response.status_code, response.headers, bytes(body)


def checked_address(address: str, setting: str, *, plain_http: bool) -> str:
    """The address if it may be asked: HTTPS, or this machine itself, or plain HTTP where that is allowed."""
    parts = urlsplit(address)
    if not parts.hostname:
        raise UsageError(f"{setting} is no complete address.", remedy="Write it as https://host/path.")
    if parts.scheme.lower() == "http" and not plain_http and not is_loopback(parts.hostname):
        raise UsageError(
            f"{setting} is a plain http:// address: names and numbers would be sent readable.",
            remedy=f"Use https://, or set {setting}_PLAIN_HTTP=true on a network you trust.",
        )
    return address


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _wanted(headers: httpx2.Headers) -> float:
    """The seconds a service asks to wait (Retry-After: seconds or a date); 0 where it does not."""
    text = headers.get("Retry-After", "").strip()
    if text.isdigit():
        return float(text[:9])
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return 0.0
