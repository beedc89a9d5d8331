"""Sources of company registry data: a table of the user's or a service, as the setting HEYAN_REGISTRY names it."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from extractors.errors import UsageError
from pipeline.registry.answers import Answers
from pipeline.settings import Settings, is_address
from validators.registry import Query, Registry, Result

_INVENTED = "91330108MA2CG4HU3R"  # well-formed, of no company


def open_registry(settings: Settings, progress: Callable[[str], None] | None = None) -> Registry | None:
    """The source the settings name, None where they name none. A table is read and, when new, indexed here.

    Raises UsageError where it is no table, or an address that may not be asked. Nobody is called yet.
    """
    if not settings.registry:
        return None
    folder = settings.cache_dir / "registry"
    secret = _secret(folder)
    id_key = settings.registry_id_key.get_secret_value() if settings.registry_id_key else ""
    if not is_address(settings.registry):
        from pipeline.registry.table import open_table

        path = Path(settings.registry).expanduser()
        return open_table(path, folder, id_key=id_key, secret=secret, progress=progress)
    from pipeline.registry.http import HttpRegistry, checked_address

    address = checked_address(settings.registry, plain_http=settings.registry_plain_http)
    answers = Answers(folder / "answers.sqlite", secret, settings.registry_cache_hours * 3600)
    key = settings.registry_key.get_secret_value() if settings.registry_key else ""
    return HttpRegistry(
        address, answers, key=key, id_key=id_key, timeout=settings.registry_timeout, retries=settings.registry_retries
    )


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


def _secret(folder: Path) -> str:
    """The key numbers and questions are hashed with in the cache: made once for each cache, readable by its owner."""
    place = folder / "secret"
    try:
        if not place.is_file():
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            handle, made = tempfile.mkstemp(dir=folder)
            with os.fdopen(handle, "w") as file:
                file.write(secrets.token_hex(32))
            os.replace(made, place)
        return place.read_text("ascii")  # whoever came last has made it
    except OSError as error:
        raise UsageError(
            f"The cache folder {folder} cannot be used ({error.strerror}).",
            remedy="Set HEYAN_CACHE_DIR to a folder that can be written to.",
        ) from error
