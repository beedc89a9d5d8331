"""Kinds of columns that hold exactly what they were given, in SQLite and in PostgreSQL."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator

from pipeline.store.codec import typed, untyped

_ESCAPE = "\x1b"


class Written(TypeDecorator[str]):
    """Text of any characters. Half of a pair (from a broken file name) and NUL, which a database refuses, are kept
    as JSON behind an escape."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        if value is None or not (value.startswith(_ESCAPE) or "\x00" in value or _is_broken(value)):
            return value
        return _ESCAPE + json.dumps(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return str(json.loads(value[1:])) if value and value.startswith(_ESCAPE) else value


def _is_broken(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False


class Typed(TypeDecorator[Any]):
    """Values of the codec as JSON that a person can read in the database too."""

    impl = JSON(none_as_null=True)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return typed(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return untyped(value)


class Moment(TypeDecorator[datetime]):
    """A point in time, UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.astimezone(UTC) if value else None

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)
