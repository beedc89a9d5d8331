"""Sources of company registry data: a table of the user's or a service, as the setting HEYAN_REGISTRY names it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from pipeline.answers import Answers, cache_secret
from pipeline.settings import Settings, is_address
from validators.registry import Answer, Query, Registry, Result

_INVENTED = "91330108MA2CG4HU3R"  # well-formed, of no company


def open_registry(settings: Settings, progress: Callable[[str], None] | None = None) -> Registry | None:
    """The source the settings name, None where they name none. A table is read and, when new, indexed here.

    Raises UsageError where it is no table, or an address that may not be asked. Nobody is called yet.
    """
    if not settings.registry:
        return None
    folder = settings.cache_dir / "registry"
    secret = cache_secret(folder)
    id_key = settings.registry_id_key.get_secret_value() if settings.registry_id_key else ""
    if not is_address(settings.registry):
        from pipeline.registry.table import open_table

        path = Path(settings.registry).expanduser()
        return open_table(path, folder, id_key=id_key, secret=secret, progress=progress)
    from pipeline.registry.http import HttpRegistry
    from pipeline.service import checked_address, outage_of

    address = checked_address(settings.registry, "HEYAN_REGISTRY", plain_http=settings.registry_plain_http)
    lifetimes: dict[str, float] = dict.fromkeys((Result.FOUND, Result.NOT_FOUND), settings.registry_cache_hours * 3600)
    answers = Answers(folder / "answers.sqlite", secret, Answer, lifetimes)
    key = settings.registry_key.get_secret_value() if settings.registry_key else ""
    return HttpRegistry(
        address, answers, key=key, id_key=id_key, timeout=settings.registry_timeout,
        retries=settings.registry_retries, outage=outage_of(address),
    )  # fmt: skip


def probe(registry: Registry) -> tuple[str, bool]:
    """What a source is, in a line, and whether it answers. A service is asked for a code nobody has, cache aside."""
    from pipeline.registry.http import HttpRegistry
    from pipeline.registry.table import TableRegistry

    if isinstance(registry, TableRegistry):
        return f"table {registry.source}: {registry.count():,} companies", True
    assert isinstance(registry, HttpRegistry)
    answer = registry.look_up(Query(credit_code=_INVENTED), fresh=True)
    answers = answer.result is not Result.UNAVAILABLE
    return f"service at {registry.host}: {'answers' if answers else answer.reason}", answers
