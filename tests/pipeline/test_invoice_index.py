"""The index of invoices: one used in an earlier submission is told, a run repeated is not, numbers stay secret."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from extractors.errors import UsageError
from extractors.model import Field, Record, Status
from pipeline.invoice_index import SqliteSightings, open_invoice_index
from pipeline.settings import Settings
from validators.case import FiledDocument
from validators.invoice_index import Known, Sighting, known_by, with_earlier_uses

MINE, OTHER = "91330108MA2CG4HU3R", "91510107MA30E2CU6N"
DAY, LATER = date(2026, 11, 1), date(2026, 11, 20)
NUMBER, CODE, CHECK_CODE = "83089600", "033002000211", "16197833567414507400"
INVOICE = Known(f"{CODE}-{NUMBER}", CHECK_CODE, "ab12-1")


@pytest.fixture
def index(tmp_path):
    return SqliteSightings(tmp_path / "invoices" / "index.sqlite")


def document(status: Status = Status.READ, **values) -> FiledDocument:
    given = {"invoice_number": NUMBER, "invoice_code": CODE, "check_code": CHECK_CODE} | values
    fields = {name: Field(value=value, status=status) for name, value in given.items() if value}
    return FiledDocument("a.pdf", Record("vat_invoice", fields))


def told(index, submission: str, filed: FiledDocument | None = None, owner: str = MINE, sha256: str = "", on=DAY):
    (found,) = with_earlier_uses([filed or document()], index, owner, submission, on, [sha256])
    return [(f.code, f.actual) for f in found.findings]


def test_an_invoice_of_an_earlier_submission_is_told_with_its_name_and_day(index):
    assert told(index, "first") == []
    (found,) = with_earlier_uses([document()], index, OTHER, "second", LATER, [""])
    (seen,) = found.findings
    assert (seen.code, seen.verdict.value, seen.actual) == ("INVOICE_SEEN_BEFORE", "review", "first")
    assert "2026-11-01" in seen.message.zh
    assert "2026-11-01" in seen.message.en


def test_the_same_submission_again_is_none_even_after_others(index):
    assert told(index, "first") == []
    assert told(index, "first", on=LATER) == []
    assert told(index, "second") == [("INVOICE_SEEN_BEFORE", "first")]
    assert told(index, "first") == []  # it was the first
    assert told(index, "third") == [("INVOICE_SEEN_BEFORE", "first")]
    assert told(index, "first", owner=OTHER) == [("INVOICE_SEEN_BEFORE", "first")]  # another's of that name


def test_what_an_invoice_is_known_by(index):
    index.add(INVOICE, MINE, "first", DAY)
    seen = [Sighting("first", DAY)]
    assert index.seen(INVOICE, MINE, "second") == seen
    assert index.seen(Known(number=INVOICE.number), MINE, "second") == seen
    assert index.seen(Known("033002000211-83089609", CHECK_CODE), MINE, "second") == seen  # an altered number
    assert index.seen(Known(content="ab12-1"), MINE, "second") == seen
    assert index.seen(Known("033002000211-83089601", "1" * 20, "ab12-2"), MINE, "second") == []
    assert index.seen(Known(), MINE, "second") == []


def test_only_what_is_sure_is_kept():
    assert known_by(document(), "ab") == Known(f"{CODE}-{NUMBER}", CHECK_CODE, "ab-1")
    assert known_by(document(invoice_code=None)).number == ""  # 8 digits alone are many invoices
    assert known_by(document(invoice_number="24322000000489101700", invoice_code=None)).number
    assert not known_by(document(Status.DOUBTFUL))
    assert known_by(document(Status.DOUBTFUL), "ab") == Known(content="ab-1")
    assert not known_by(replace(document(), copy_of=("a.xml", 1)), "ab")
    assert not known_by(FiledDocument("a.jpg", Record("business_licence", {})), "ab")


def test_nothing_of_the_invoice_stands_in_the_file(index):
    told(index, "first", sha256="feedfacefeedface")
    kept = b"".join(path.read_bytes() for path in index.path.parent.iterdir() if path.suffix != ".key")
    for secret in (NUMBER, CODE, CHECK_CODE, MINE, "feedface"):
        assert secret.encode() not in kept
    assert index.path.with_name("index.sqlite.key").stat().st_mode & 0o077 == 0


def test_an_index_that_cannot_be_asked_is_told(index):
    told(index, "first")
    with closing(sqlite3.connect(index.path)) as connection, connection:
        connection.execute("DROP TABLE sighting")
    assert told(index, "second") == [("INVOICE_INDEX_NOT_ASKED", None)]


def test_what_is_no_index_is_refused(tmp_path):
    (tmp_path / "x").write_bytes(b"not a database at all" * 100)
    with pytest.raises(UsageError):
        open_invoice_index(Settings(invoice_index=tmp_path / "x"))
    with pytest.raises(UsageError):
        open_invoice_index(Settings(invoice_index=tmp_path))
    assert open_invoice_index(Settings(invoice_index=None)) is None


def _claim(path: Path, submission: str) -> int:
    index = SqliteSightings(path)
    invoices = [document(invoice_number=f"2432200000000000000{n}", check_code=None) for n in range(5)]
    return sum(bool(told(index, submission, invoice)) for invoice in invoices)


def test_of_submissions_checked_at_once_exactly_one_is_the_first(tmp_path):
    path = tmp_path / "index.sqlite"
    with ThreadPoolExecutor(4) as pool:  # each its own connections, as processes have
        seen = list(pool.map(_claim, [path] * 4, [f"s{n}" for n in range(4)]))
    assert sum(seen) == 3 * 5
