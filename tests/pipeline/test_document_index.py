"""The index of documents: what others used before is told, one's own is not, persons are free, nothing is readable."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from extractors.errors import UsageError
from extractors.model import Field, Record, Status
from extractors.registry import document_types
from pipeline import orientation
from pipeline.invoice_index import SqliteSightings, open_document_index
from pipeline.settings import Settings
from pipeline.verify import verify
from tests.documents_by_hand import Scripted, submission
from validators.case import FiledDocument
from validators.document_index import with_other_owners

MINE, OTHER, THIRD = "91330108MA2CG4HU3R", "91510107MA30E2CU6N", "91110105MA00A1B2XE"
PERSON, PERMIT, ACCOUNT, CERTIFICATE = "330108198805142030", "3310-02345678", "1202026209900012345", "00124Q30001R0S"
DAY, LATER = date(2026, 11, 1), date(2026, 11, 20)


@pytest.fixture
def index(tmp_path: Path) -> SqliteSightings:
    return SqliteSightings(tmp_path / "documents" / "index.sqlite", "HEYAN_DOCUMENT_INDEX")


def document(kind: str, status: Status = Status.READ, **values: str) -> FiledDocument:
    fields = {name: Field(value=value, status=status) for name, value in values.items()}
    return FiledDocument("a.jpg", Record(kind, fields))


def told(
    index: SqliteSightings, owner: str, filed: FiledDocument, name: str = "", sha256: str = "", on: date = DAY
) -> list[tuple[str, str | None, str | None]]:
    (found,) = with_other_owners([filed], index, owner, name or owner, on, [sha256])
    return [(f.code, f.field, f.actual) for f in found.findings]


@pytest.mark.parametrize(
    ("kind", "field", "number", "again"),
    [
        ("account_permit", "account_number", ACCOUNT, "1202 0262 0990 0012 345"),
        ("account_permit", "permit_number", PERMIT, PERMIT),
        ("iso_certificate", "certificate_number", CERTIFICATE, CERTIFICATE),
        ("business_licence", "credit_code", THIRD, THIRD.lower()),
    ],
)
def test_a_number_another_owner_used_asks_for_a_person(
    index: SqliteSightings, kind: str, field: str, number: str, again: str
) -> None:
    assert told(index, OTHER, document(kind, **{field: number}), "first") == []
    assert told(index, MINE, document(kind, **{field: again})) == [("AUTH_NUMBER_OF_ANOTHER", field, "first")]


def test_one_owner_may_come_again_and_the_first_stays_the_first(index: SqliteSightings) -> None:
    paper = document("account_permit", account_number=ACCOUNT)
    assert told(index, OTHER, paper, "first", "ab") == []
    assert told(index, OTHER, paper, "second", "ab") == []
    assert told(index, MINE, paper, on=LATER) == [("AUTH_NUMBER_OF_ANOTHER", "account_number", "first")]
    assert told(index, OTHER, paper, "third", "ab") == []  # it was there first


def test_an_account_is_one_on_whatever_paper_it_stands(index: SqliteSightings) -> None:
    told(index, OTHER, document("account_permit", account_number=ACCOUNT), "first")
    sheet = document("basic_account_info", account_number=ACCOUNT)
    assert told(index, MINE, sheet) == [("AUTH_NUMBER_OF_ANOTHER", "account_number", "first")]


def test_ones_own_licence_is_ones_own_whoever_used_it_before(index: SqliteSightings) -> None:
    licence = document("business_licence", credit_code=MINE)
    assert told(index, OTHER, licence, sha256="ab") == []
    assert told(index, MINE, licence, sha256="ab") == []
    assert told(index, THIRD, licence) == [("AUTH_NUMBER_OF_ANOTHER", "credit_code", OTHER)]


def test_a_person_may_represent_several_companies(index: SqliteSightings) -> None:
    card = document("id_card", id_number=PERSON)
    told(index, OTHER, card, "first", "ab")
    (found,) = with_other_owners([card], index, MINE, "second", LATER, ["ab"])
    (seen,) = found.findings
    assert (seen.code, seen.severity.value, seen.verdict.value) == ("AUTH_PERSON_SEEN_BEFORE", "info", "accept")
    assert "2026-11-01" in seen.message.zh
    assert PERSON not in seen.model_dump_json()


@pytest.mark.parametrize(
    ("kind", "code"), [("trade_contract", "AUTH_FILE_OF_ANOTHER"), ("id_card", "AUTH_PERSON_SEEN_BEFORE")]
)
def test_the_very_file_is_known_where_no_number_is(index: SqliteSightings, kind: str, code: str) -> None:
    told(index, OTHER, document(kind), "first", "feedface")
    assert told(index, MINE, document(kind), sha256="feedface") == [(code, None, "first")]
    assert told(index, MINE, document(kind), sha256="feedbeef") == []


@pytest.mark.parametrize("kind", ["vat_invoice", "factory_photo", "unknown"])
def test_invoices_photos_and_what_nobody_knows_are_not_kept(index: SqliteSightings, kind: str) -> None:
    told(index, OTHER, document(kind), sha256="feedface")
    assert told(index, MINE, document(kind), sha256="feedface") == []


def test_doubtful_numbers_accuse_nobody(index: SqliteSightings) -> None:
    told(index, OTHER, document("account_permit", Status.DOUBTFUL, account_number=ACCOUNT))
    assert told(index, MINE, document("account_permit", account_number=ACCOUNT)) == []


def test_nothing_is_kept_of_nobody(index: SqliteSightings) -> None:
    told(index, "", document("account_permit", account_number=ACCOUNT))
    assert told(index, MINE, document("account_permit", account_number=ACCOUNT)) == []


def test_nothing_stands_in_the_file_as_it_is(index: SqliteSightings) -> None:
    told(index, MINE, document("account_permit", account_number=ACCOUNT, permit_number=PERMIT), "first", "feedface")
    told(index, MINE, document("id_card", id_number=PERSON), "first")
    kept = b"".join(path.read_bytes() for path in index.path.parent.iterdir() if path.suffix != ".key")
    for secret in (MINE, ACCOUNT, PERMIT, PERSON, "feedface"):
        assert secret.encode() not in kept


def test_an_index_that_cannot_be_asked_is_told(index: SqliteSightings) -> None:
    with closing(sqlite3.connect(index.path)) as connection, connection:
        connection.execute("DROP TABLE sighting")
    assert told(index, MINE, document("trade_contract"), sha256="ab") == [("AUTH_DOCUMENT_INDEX_NOT_ASKED", None, None)]


def test_what_is_no_index_is_refused_by_its_setting(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b"not a database at all" * 100)
    with pytest.raises(UsageError) as refused:
        open_document_index(Settings(document_index=tmp_path / "x"))
    assert "HEYAN_DOCUMENT_INDEX" in refused.value.remedy
    assert open_document_index(Settings(document_index=None)) is None


def test_every_declared_number_is_a_field_of_its_type() -> None:
    kinds = [kind for kind in document_types().values() if kind.numbers]
    assert len(kinds) > 15
    assert all(kind.spec(name).name == name for kind in kinds for name in kind.numbers)


def test_a_submission_with_anothers_account_permit_goes_to_a_person(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(orientation, "proposed_rotation", lambda _: 0)
    settings = Settings(document_index=tmp_path / "index" / "documents.sqlite")
    given = submission(tmp_path)
    first = verify(given, settings=settings, as_of=LATER, reader=Scripted()).report
    again = verify(given, settings=settings, as_of=LATER, reader=Scripted()).report
    assert [r.verdict.value for r in (first, again)] == ["accept", "accept"]
    other = submission(tmp_path, credit_code=OTHER)
    found = {f.code: f for f in verify(other, settings=settings, as_of=LATER, reader=Scripted()).report.findings}
    assert found["AUTH_NUMBER_OF_ANOTHER"].verdict.value == "review"
    assert found["AUTH_PERSON_SEEN_BEFORE"].verdict.value == "accept"
