"""What is stored comes back equal in every type, and nothing but what is listed is ever stored or made."""

from __future__ import annotations

import json
import pickle
import zlib
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from extractors.errors import StoreError
from extractors.model import Field, Item, Record, Status
from pipeline.documents import Document, Reading, joined, read_documents
from pipeline.settings import Settings
from pipeline.store.codec import _CLASSES, pack, typed, unpack
from pipeline.submission import load_submission
from pipeline.verify import profile_of, verify
from tests.pipeline.store.stored_samples import AS_OF, documents, judged
from validators.findings import Verdict

ROOT = Path(__file__).parents[3]
SUBMISSIONS = sorted(folder for folder in (ROOT / "samples" / "submissions").iterdir() if folder.is_dir())
PICTURES = {".jpg", ".jpeg", ".png", ".tif", ".webp", ".heic", ".bmp"}


class NeedsOcr(Exception):  # noqa: N818
    pass


class NoReader:
    def read(self, *_: Any, **__: Any) -> Any:
        raise NeedsOcr

    def describe(self) -> dict[str, Any]:
        return {"engine": "none"}


def identical(one: Any, other: Any) -> bool:
    """Equal, and of the same types down to the last part."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict):
        return list(one) == list(other) and all(identical(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(map(identical, one, other))
    if isinstance(one, BaseModel):
        return all(identical(getattr(one, name), getattr(other, name)) for name in type(one).model_fields)
    if is_dataclass(one):
        names = [f.name for f in fields(one) if (type(one), f.name) != (Record, "extra")]
        return all(identical(getattr(one, name), getattr(other, name)) for name in names)
    return bool(repr(one) == repr(other))


def without_pictures() -> Iterator[Path]:
    for folder in SUBMISSIONS:
        files = [path for path in folder.rglob("*") if path.is_file()]
        if not any(path.suffix.lower() in PICTURES for path in files):
            yield folder


@pytest.mark.parametrize("folder", list(without_pictures()), ids=lambda folder: folder.name)
def test_what_is_read_from_a_sample_comes_back(folder: Path, tmp_path: Path) -> None:
    settings = Settings(cache_dir=tmp_path)
    submission = load_submission(folder)
    profile_of(submission, settings)
    try:
        reading = Reading(settings, NoReader())  # type: ignore[arg-type]
        read: list[Document] = [pair for file in submission.files for pair in read_documents(file, reading)]
        report = verify(submission, settings=settings, as_of=AS_OF, reader=NoReader()).report  # type: ignore[arg-type]
    except NeedsOcr:
        pytest.skip("holds a page that is read by OCR")
    for value in (read, joined(read), report):
        assert identical(unpack(pack(value)), value)
    bare = [(told, replace(filed, record=replace(filed.record, extra={}))) for told, filed in read]
    assert joined(unpack(pack(read))) == joined(bare)
    assert unpack(pack(report)).model_dump_json() == report.model_dump_json()


def test_there_are_samples_without_pictures() -> None:
    assert len(list(without_pictures())) > 3


def test_invented_documents_and_reports_come_back() -> None:
    for value in (documents(), judged().report, [], {}, ({"a", "b"}, frozenset({1})), {1: "one", "!": ("x", [1])}):
        assert identical(unpack(pack(value)), value)
    assert type(unpack(pack(Verdict.REJECT))) is Verdict


days = st.dates()
amounts = st.decimals()
finite = st.decimals(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=[]), max_size=12)  # half pairs too
rows = st.dictionaries(texts, st.one_of(texts, days, amounts, st.integers(), st.none()), max_size=3)
items = st.builds(Item, name=texts, amount=finite | st.none(), tax_rate=texts)
points = st.tuples(st.floats(), st.floats())


@st.composite
def field(draw: st.DrawFn) -> Field:
    """A field as extractors make them: also by `model_copy`, which validates nothing."""
    value = draw(
        st.one_of(st.none(), texts, st.booleans(), st.integers(), days, amounts, st.lists(items), st.lists(rows))
    )
    return Field.model_construct(
        value=value, raw=draw(texts), status=draw(st.sampled_from(Status)), confidence=draw(st.floats()),
        page=draw(st.none() | st.integers(1, 40)), box=draw(st.none() | st.tuples(points, points, points, points)),
        alternates=tuple(draw(st.lists(texts, max_size=2))), reason=draw(texts),
    )  # fmt: skip


@given(field())
def test_any_field_comes_back(value: Field) -> None:
    assert identical(unpack(pack(value)), value)


@pytest.mark.parametrize("value", [object(), datetime(2026, 1, 1), b"", Path("/"), {"a": 1j}, Exception()])
def test_other_classes_are_not_kept(value: Any) -> None:
    with pytest.raises(TypeError):
        pack([value])


def test_an_heir_of_a_listed_class_is_not_kept() -> None:
    class Field2(Field):
        pass

    class Money(Decimal):
        pass

    for value in (Field2(), Money("1")):
        with pytest.raises(TypeError):
            typed(value)


def damaged() -> Iterator[bytes]:
    whole = pack(documents())
    yield from (b"", whole[:-3], b"\x00" + whole, pickle.dumps([1]))
    for told in (
        {"!": "eval", "v": "1"}, {"!": "Verdict", "v": "perhaps"}, {"!": "Record"}, {"!": "date", "v": "x"},
        {"!": "Decimal", "v": "x"}, {"!": "date"}, {"!": []}, {"!": "Verdict"}, {"!": "dict", "v": [[1]]},
    ):  # fmt: skip
        yield zlib.compress(json.dumps(told).encode())
    yield zlib.compress(b"[" * 100_000)


@pytest.mark.parametrize("data", list(damaged()))
def test_damaged_bytes_are_told(data: bytes) -> None:
    with pytest.raises(StoreError) as told:
        unpack(data)
    assert told.value.data["cause"] == "database_other"


def test_fields_of_another_version_are_left_out_or_take_their_default() -> None:
    data = typed(Field(value="x"))
    assert unpack(zlib.compress(json.dumps({**data, "weather": "fine"}).encode())) == Field(value="x")
    del data["status"]
    assert unpack(zlib.compress(json.dumps(data).encode())).status is Status.MISSING


def test_other_words_are_put_in_whatever_they_hold() -> None:
    told = unpack(pack(documents("\ue0e0.jpg")), {"\ue0e0.jpg": 'a"\\\n甲.jpg'})
    assert told == documents('a"\\\n甲.jpg')


def test_the_listed_classes_hold_only_what_is_listed() -> None:
    """A new member of another class would be noticed here, not when a night's reports are to be kept."""
    known = {*_CLASSES, "str", "int", "float", "bool", "None", "date", "Decimal", "Any", "tuple", "list", "dict",
             "Box", "FieldValue", "Literal", "InvoiceProof", "Result", "SkipJsonSchema"}  # fmt: skip
    for kind in _CLASSES.values():
        told = getattr(kind, "__annotations__", {})
        for name, annotation in told.items():
            if name.startswith("_") or name in ("schema_", "kind", "covers", "rotation", "model_config"):
                continue
            words = "".join(c if c.isalnum() or c == "_" else " " for c in str(annotation)).split()
            assert {word for word in words if not word.isdigit()} <= known, (kind.__name__, name)
