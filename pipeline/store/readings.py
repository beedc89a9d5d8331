"""Readings, the attempts that led to them, and the contents files are known to have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import Connection, delete, func, select, update

from extractors.errors import StoreError
from pipeline.store.codec import pack, unpack
from pipeline.store.models import AttemptRow, ReadingRow, SeenFileRow, WorkerRow
from pipeline.store.part import Part, in_pieces, insert, sha256
from pipeline.store.shapes import OWN_FAULTS, Attempt, now

if TYPE_CHECKING:
    from pipeline.documents import Document


class Readings(Part):
    def readings(self, keys: Iterable[str]) -> dict[str, list[Document]]:
        """The stored readings among these. One that is damaged is forgotten: the file is read again."""
        found: dict[str, list[Document]] = {}
        for key, packed in self.packed_readings(keys).items():
            try:
                found[key] = unpack(packed)
            except StoreError:
                self._database.write(partial(_forgotten, key=key))
        return found

    def packed_readings(self, keys: Iterable[str]) -> dict[str, bytes]:
        """The same as they are stored, for `codec.unpack`: much smaller in memory."""
        found: dict[str, bytes] = {}
        asked = select(ReadingRow.key, ReadingRow.body)
        for piece in in_pieces(set(keys)):
            found |= {row.key: row.body for row in self._rows(asked.where(ReadingRow.key.in_(piece)))}
        return found

    def save_reading(
        self, key: str, sha256: str, version: str, documents: Sequence[Document] | bytes, attempt: Attempt
    ) -> None:
        """Keep what a file gave, and the attempt. Of two processes that read one file the first is kept.

        `documents` may be packed already.
        """
        body = documents if isinstance(documents, bytes) else pack(list(documents))
        values = {
            "key": key, "sha256": sha256, "version": version, "body": body, "seconds": attempt.seconds,
            "read_at": now(),
        }  # fmt: skip

        def save(connection: Connection) -> None:
            connection.execute(insert(connection, ReadingRow).values(values).on_conflict_do_nothing())
            _note(connection, attempt)

        self._database.write(save)

    def note(self, attempt: Attempt) -> None:
        """Keep an attempt."""
        self._database.write(partial(_note, attempt=attempt))

    def tried(self, run_id: str, key: str) -> int:
        """How many attempts of this run at a reading ended badly for the document's own reasons."""
        asked = select(func.count()).where(
            AttemptRow.run_id == run_id, AttemptRow.reading_key == key, AttemptRow.outcome.in_(OWN_FAULTS)
        )
        return self._database.read(lambda c: c.execute(asked).scalar_one())

    def known_contents(self, tokens: Mapping[str, str]) -> dict[str, str]:
        """SHA-256 by URI, of the files whose content is known for the token they have now."""
        found: dict[str, str] = {}
        by_hash = {sha256(uri): uri for uri in tokens}
        asked = select(SeenFileRow.uri_sha256, SeenFileRow.token, SeenFileRow.sha256)
        for piece in in_pieces(by_hash):
            rows = self._rows(asked.where(SeenFileRow.uri_sha256.in_(piece)))
            found |= {by_hash[key]: content for key, token, content in rows if token == tokens[by_hash[key]]}
        return found

    def keep_content(self, uri: str, token: str, content: str) -> None:
        """A file with that token has that SHA-256."""
        values = {"uri_sha256": sha256(uri), "uri": uri, "token": token, "sha256": content}

        def keep(connection: Connection) -> None:
            made = insert(connection, SeenFileRow).values(values)
            fresh = {"token": made.excluded.token, "sha256": made.excluded.sha256}
            connection.execute(made.on_conflict_do_update(index_elements=["uri_sha256"], set_=fresh))

        self._database.write(keep)


def _forgotten(connection: Connection, key: str) -> None:
    connection.execute(delete(ReadingRow).where(ReadingRow.key == key))


def _note(connection: Connection, attempt: Attempt) -> None:
    values = {name: getattr(attempt, name) for name in Attempt.__slots__} | {"timings": dict(attempt.timings)}
    note = insert(connection, AttemptRow).values(values).on_conflict_do_nothing()
    noted = connection.execute(note.execution_options(preserve_rowcount=True))
    if noted.rowcount > 0:  # told once, added up once
        _add_up(connection, attempt)


def _add_up(connection: Connection, attempt: Attempt) -> None:
    """The sums of its worker, so that nobody has to go through all attempts to see how far a run is."""
    own = (WorkerRow.run_id == attempt.run_id, WorkerRow.worker == attempt.worker)
    first = {
        "run_id": attempt.run_id, "worker": attempt.worker, "outcomes": {}, "stages": {}, "seconds": 0.0,
        "rss_mb": 0.0, "peak_mb": 0.0, "seen_at": now(),
    }  # fmt: skip
    connection.execute(insert(connection, WorkerRow).values(first).on_conflict_do_nothing())
    row = connection.execute(select(WorkerRow.__table__).where(*own).with_for_update(key_share=True)).one()
    fresh = {
        "outcomes": _sums(row.outcomes, {attempt.outcome: 1}),
        "stages": _sums(row.stages, attempt.timings),
        "seconds": row.seconds + attempt.seconds,
        "rss_mb": attempt.rss_mb or row.rss_mb,
        "peak_mb": max(row.peak_mb, attempt.rss_mb),
        "seen_at": now(),
    }
    connection.execute(update(WorkerRow).where(*own).values(fresh))


def _sums(known: Mapping[str, float], more: Mapping[str, float]) -> dict[str, float]:
    return {name: known.get(name, 0) + more.get(name, 0) for name in (*known, *(n for n in more if n not in known))}
