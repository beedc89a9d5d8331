"""What the parts of the store share."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar, cast

from sqlalchemy import Connection, Row, Select
from sqlalchemy.dialects import postgresql, sqlite

from pipeline.store.database import Database
from pipeline.store.models import Base

MANY = 500  # rows of one statement or transaction

T = TypeVar("T")

Asked = Select[Any]  # any columns
Found = Row[Any]


class Part:
    """A part of the store, over one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def _rows(self, asked: Asked) -> Sequence[Found]:
        return self._database.read(lambda connection: connection.execute(asked).all())


def insert(connection: Connection, model: type[Base]) -> postgresql.Insert:
    """An INSERT that can say what is to happen when the row is there already; both databases speak it alike."""
    made = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    return cast(postgresql.Insert, made(model))


def in_pieces(rows: Iterable[T], size: int = MANY) -> Iterator[list[T]]:
    rows = iter(rows)
    while piece := list(islice(rows, size)):
        yield piece


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
