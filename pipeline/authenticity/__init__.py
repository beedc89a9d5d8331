"""The tax authority's check of invoices, by a service the setting HEYAN_AUTHENTICITY names."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

from pipeline.answers import Answers, cache_secret
from pipeline.settings import Settings
from validators.authenticity import Answer, Authenticity, Result

_BEIJING = timezone(timedelta(hours=8))  # the authority's day
_HOUR = 3600.0
# An invoice that is not known yet may be in a few hours; what has been cancelled stays so.
_SOON = 6 * _HOUR


def open_authenticity(settings: Settings) -> Authenticity | None:
    """The source the settings name, None where they name none. Nobody is called yet.

    Raises UsageError where the address may not be asked.
    """
    if not settings.authenticity:
        return None
    from pipeline.authenticity.http import HttpAuthenticity  # here: nothing loads an HTTP client without need
    from pipeline.authenticity.limit import DailyLimit
    from pipeline.service import checked_address, outage_of

    plain_http = settings.authenticity_plain_http
    address = checked_address(settings.authenticity, "HEYAN_AUTHENTICITY", plain_http=plain_http)
    folder = settings.cache_dir / "authenticity"
    secret = cache_secret(folder)
    answers = Answers(folder / "answers.sqlite", secret, Answer, lifetimes(settings.authenticity_cache_hours * _HOUR))
    limit = DailyLimit(folder / "asked.sqlite", secret, settings.authenticity_daily_limit, today)
    key = settings.authenticity_key.get_secret_value() if settings.authenticity_key else ""
    return HttpAuthenticity(
        address, answers, limit, today=today, key=key, same_day=settings.authenticity_same_day,
        timeout=settings.authenticity_timeout, retries=settings.authenticity_retries,
        outage=outage_of(address),
    )  # fmt: skip


def lifetimes(longest: float) -> dict[str, float]:
    """How many seconds an answer is kept by its result; one that nobody gave is not."""
    lasting = (Result.GENUINE, Result.VOIDED, Result.RED_FLUSHED, Result.PARTLY_RED_FLUSHED)
    kept: dict[str, float] = dict.fromkeys(lasting, longest)
    return kept | dict.fromkeys((Result.NOT_FOUND, Result.MISMATCH), min(_SOON, longest))


def today() -> date:
    return datetime.now(UTC).astimezone(_BEIJING).date()
