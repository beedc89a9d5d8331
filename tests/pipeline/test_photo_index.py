"""The index of photos: others' copies are found, one's own are not, owners stay secret, broken files are told."""

from __future__ import annotations

import sqlite3

import numpy as np
import pytest

from extractors.errors import UsageError
from pipeline.photo_index import SqlitePhotoIndex, open_photo_index, owner_of
from pipeline.photos import PRINTS
from pipeline.settings import Settings

MINE, OTHER = "91330108MA2CG4HU3R", "91510107MA30E2CU6N"


def look(seed: int) -> list[str]:
    rng = np.random.default_rng(seed)
    return [rng.bytes(16).hex() for _ in range(PRINTS)]


def flipped(prints: list[str], bits: int) -> list[str]:
    """The look with some bits of each half of the whole's print changed."""
    mask = int("1" * bits, 2)
    first = prints[0]
    changed = "".join(f"{int(half, 16) ^ mask:016x}" for half in (first[:16], first[16:]))
    return [changed, *prints[1:]]


@pytest.fixture
def index(tmp_path):
    return SqlitePhotoIndex(tmp_path / "photos" / "index.sqlite")


def names(index, prints, owner=MINE):
    return [seen.submission for seen in index.similar(prints, owner)]


def test_what_others_submitted_is_found_and_ones_own_is_not(index):
    index.add(look(1), OTHER, "first")
    index.add(look(2), MINE, "second")
    assert names(index, look(1)) == ["first"]
    assert names(index, look(2)) == []
    assert names(index, look(2), OTHER) == ["second"]
    assert names(index, look(3)) == []


def test_near_copies_and_pieces_are_found(index):
    index.add(look(1), OTHER, "first")
    assert names(index, flipped(look(1), 9)) == ["first"]
    assert names(index, flipped(look(1), 20)) == []
    piece = [look(1)[5], *look(9)[1:]]  # its whole is a part of what is kept
    whole = [*look(9)[:7], look(1)[0], *look(9)[8:]]  # a part of it is the whole of what is kept
    assert names(index, piece) == names(index, whole) == ["first"]


def test_a_second_index_on_the_file_sees_what_the_first_added(index, tmp_path):
    other = SqlitePhotoIndex(index.path)
    assert names(other, look(1)) == []
    index.add(look(1), OTHER, "first")
    index.add(look(1), OTHER, "again")  # once for each owner
    assert names(other, look(1)) == ["first"]


def test_owners_are_not_in_the_file(index):
    index.add(look(1), MINE, "first")
    kept = b"".join(path.read_bytes() for path in index.path.parent.iterdir())
    assert MINE.encode() not in kept
    assert index.path.with_name("index.sqlite.key").stat().st_mode & 0o077 == 0


def test_among_many_photos_the_right_one_is_found(index):
    rng = np.random.default_rng(5)
    rows = [(rng.bytes(32), str(at), rng.bytes(PRINTS * 16)) for at in range(3000)]
    with sqlite3.connect(index.path) as connection:
        connection.executemany("INSERT INTO photo (owner, submission, look) VALUES (?, ?, ?)", rows)
    index.add(look(1), OTHER, "first")
    assert names(index, flipped(look(1), 6)) == ["first"]


def test_a_look_of_nothing_is_neither_kept_nor_found(index):
    index.add([], OTHER, "first")
    assert index.similar([], MINE) == []


def test_an_index_that_cannot_be_asked_says_so(index):
    index.add(look(1), OTHER, "first")
    index.path.write_bytes(b"no database" * 500)
    assert index.similar(look(1), MINE) is None
    index.add(look(2), OTHER, "second")  # lost, not raised


def test_a_file_that_is_no_index_is_a_usage_error(tmp_path):
    (tmp_path / "index").write_bytes(b"no database" * 500)
    with pytest.raises(UsageError, match="HEYAN_PHOTO_INDEX"):
        SqlitePhotoIndex(tmp_path / "index")


def test_no_setting_no_index(tmp_path):
    assert open_photo_index(Settings()) is None
    assert open_photo_index(Settings(photo_index=tmp_path / "a" / "b.sqlite")) is not None


def test_the_owner_is_the_company_else_the_person():
    assert owner_of({"credit_code": MINE, "legal_representative_id": "1"}) == MINE
    assert owner_of({"legal_representative_id": "330108198805142036"}) == "330108198805142036"
    assert owner_of({}) == ""
