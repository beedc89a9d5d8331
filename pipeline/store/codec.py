"""Values as bytes and back: JSON with the types written beside what JSON cannot tell, compressed.

What comes back is equal to what went in, in every type. Only the classes listed here can be named by stored bytes:
nothing in them runs when they are read. `Record.extra` is left out: nothing looks at it once a record is proven.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Mapping
from dataclasses import MISSING, fields
from datetime import date
from decimal import Decimal
from enum import Enum
from typing import Any

from pydantic import BaseModel

from extractors.errors import StoreError
from extractors.model import Field, Item, Record, Source, Status
from pipeline.report import DocumentReport, PageReport, Report
from validators.case import Earlier, FiledDocument
from validators.findings import Bilingual, Check, CheckResult, Evidence, Finding, Severity, Verdict
from validators.invoice_proofs import InvoiceProof
from validators.signatures import Integrity, Signature

_LEVEL = 6
_TAG, _VALUE = "!", "v"
_CLASSES: dict[str, type[Any]] = {
    kept.__name__: kept
    for kept in (
        Bilingual, Check, CheckResult, DocumentReport, Earlier, Evidence, Field, FiledDocument, Finding, Integrity,
        InvoiceProof, Item, PageReport, Record, Report, Severity, Signature, Source, Status, Verdict,
    )
}  # fmt: skip
_LEFT_OUT = {(Record, "extra")}
_EMPTY = (None, "", ())  # defaults that need not be written
_SCALARS = frozenset({type(None), bool, int, float, str})


def pack(value: Any) -> bytes:
    """The value as compressed JSON. TypeError for a class that is not kept."""
    text = json.dumps(typed(value), ensure_ascii=False, separators=(",", ":"))
    return zlib.compress(text.encode("utf-8", "surrogatepass"), _LEVEL)


def unpack(data: bytes, instead: Mapping[str, str] | None = None) -> Any:
    """What was packed, with other words `instead` of some wherever these stand in a text.

    StoreError where the bytes are damaged or another version's.
    """
    try:
        text = zlib.decompress(data).decode("utf-8", "surrogatepass")
        for word, other in (instead or {}).items():
            text = text.replace(_inside(word), _inside(other))
        return untyped(json.loads(text))
    except (zlib.error, ValueError, TypeError, KeyError, ArithmeticError, RecursionError) as error:
        raise StoreError(
            f"A stored value cannot be read ({type(error).__name__}).",
            remedy="The database is damaged, or was written by another version of Heyan.",
            cause="database_other",
        ) from None


def _inside(text: str) -> str:
    """A text as it stands between the quotes of JSON."""
    return json.dumps(text, ensure_ascii=False)[1:-1]


def typed(value: Any) -> Any:
    """The value in terms of JSON: lists, texts, numbers and objects, where `!` names the type."""
    kind = type(value)
    if kind in _SCALARS:
        return value
    if kind is list:
        return [typed(one) for one in value]
    if kind is dict:
        return _typed_dict(value)
    if kind is tuple:
        return {_TAG: "tuples", _VALUE: value} if _is_plain(value) else _tagged("tuple", [typed(v) for v in value])
    if _CLASSES.get(kind.__name__) is kind:
        return _typed_object(value)
    if kind is date:
        return _tagged("date", value.isoformat())
    if kind is Decimal:
        return _tagged("Decimal", str(value))
    if kind in (set, frozenset):
        return _tagged(kind.__name__, sorted((typed(one) for one in value), key=json.dumps))
    raise TypeError(f"values of class {kind.__module__}.{kind.__name__} are not kept")


def untyped(data: Any) -> Any:
    """What `typed` was given."""
    if type(data) is list:
        return [untyped(one) for one in data]
    if type(data) is not dict:
        return data
    if (tag := data.get(_TAG)) is None:
        return {key: untyped(value) for key, value in data.items()}
    if made := _BUILT_IN.get(tag):
        return made(data[_VALUE])
    return _object(_CLASSES[tag], data)


def _tagged(tag: str, value: Any) -> dict[str, Any]:
    return {_TAG: tag, _VALUE: value}


def _typed_dict(value: dict[Any, Any]) -> dict[str, Any]:
    if _TAG not in value and all(type(key) is str for key in value):
        return {key: typed(one) for key, one in value.items()}
    return _tagged("dict", [[typed(key), typed(one)] for key, one in value.items()])


def _is_plain(value: tuple[Any, ...]) -> bool:
    """Whether there is nothing in it but scalars and more such tuples, as in a box."""
    return all(type(one) in _SCALARS or (type(one) is tuple and _is_plain(one)) for one in value)


def _tuples(value: Any) -> Any:
    return tuple(_tuples(one) for one in value) if type(value) is list else value


def _typed_object(value: Any) -> dict[str, Any]:
    if isinstance(value, Enum):
        return _tagged(type(value).__name__, value.value)
    told = {_TAG: type(value).__name__}
    for name, default in _members_of(type(value)).items():
        one = getattr(value, name)
        if not (default in _EMPTY and type(one) is type(default) and one == default):
            told[name] = typed(one)
    return told


def _object(kind: type[Any], data: dict[str, Any]) -> Any:
    if issubclass(kind, Enum):
        return kind(data[_VALUE])
    members = _members_of(kind)
    # What a later version no longer has is left out, and what it has in addition takes its default.
    given = {name: untyped(value) for name, value in data.items() if name in members}
    if missing := [name for name, default in members.items() if default is MISSING and name not in given]:
        raise ValueError(f"{kind.__name__} without {missing[0]}")
    return kind.model_construct(**given) if issubclass(kind, BaseModel) else kind(**given)


def _members_of(kind: type[Any]) -> dict[str, Any]:
    """The fields of a class with their defaults: MISSING where one must be given, `...` where one is made."""
    return _MEMBERS[kind.__name__]


def _members(kind: type[Any]) -> dict[str, Any]:
    if issubclass(kind, BaseModel):
        return {
            name: MISSING if field.is_required() else ... if field.default_factory else field.default
            for name, field in kind.model_fields.items()
        }
    return {
        field.name: ... if field.default_factory is not MISSING else field.default
        for field in fields(kind)
        if (kind, field.name) not in _LEFT_OUT
    }


_BUILT_IN: dict[str, Callable[[Any], Any]] = {
    "tuple": lambda value: tuple(untyped(one) for one in value),
    "tuples": _tuples,
    "date": date.fromisoformat,
    "Decimal": Decimal,
    "set": lambda value: {untyped(one) for one in value},
    "frozenset": lambda value: frozenset(untyped(one) for one in value),
    "dict": lambda value: {untyped(key): untyped(one) for key, one in value},
}
_MEMBERS = {name: _members(kind) for name, kind in _CLASSES.items() if not issubclass(kind, Enum)}
