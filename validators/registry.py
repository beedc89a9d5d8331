"""The company registry as the checks see it: one company asked for, an answer field by field.

A source (a table of the user's, a service) implements `Registry`; nothing here reads or sends anything.
A source need not hold all of a number: it may keep it masked (330108********2036) or as an HMAC.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import unicodedata
from dataclasses import dataclass, fields
from dataclasses import field as value
from datetime import date
from enum import StrEnum
from typing import Literal, Protocol

from pydantic import BaseModel, ConfigDict

from extractors.model import Field, Kind, Status
from validators.compare import Outcome, compare
from validators.identifiers import citizen_id

Asked = Literal["credit_code", "name", "legal_representative", "id_number"]


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: a credit code or a name at least. Its values never show in a log or a traceback."""

    credit_code: str = value(default="", repr=False)
    name: str = value(default="", repr=False)
    legal_representative: str = value(default="", repr=False)
    id_number: str = value(default="", repr=False)

    def given(self) -> dict[str, str]:
        """The values asked for, by field."""
        return {f.name: text for f in fields(self) if (text := getattr(self, f.name))}


class Agreement(StrEnum):
    AGREES = "agrees"
    IN_PART = "in_part"  # a masked number as far as it is shown; a name but for a space or a look-alike sign
    DIFFERS = "differs"
    NOT_KNOWN = "not_known"  # the source does not hold it, or was not asked


class Standing(StrEnum):
    """What the registry says of a company, in one word."""

    ACTIVE = "active"  # 存续、在营、开业、在册
    MOVED_OUT = "moved_out"  # 迁出: another office keeps it now
    SUSPENDED = "suspended"  # 停业、歇业
    LIQUIDATING = "liquidating"  # 清算
    CANCELLED = "cancelled"  # 注销
    REVOKED = "revoked"  # 吊销、责令关闭: taken away for a fault
    RESCINDED = "rescinded"  # 撤销登记: entered wrongly in the first place
    UNKNOWN = "unknown"


GONE = frozenset({Standing.CANCELLED, Standing.REVOKED, Standing.RESCINDED})


class Result(StrEnum):
    FOUND = "found"
    NOT_FOUND = "not_found"
    UNAVAILABLE = "unavailable"


class Answer(BaseModel):
    """What a source says; `fields` and `status` mean something only where the company was found.

    It holds no value that was asked for: an answer may be kept and shown, a query may not.
    """

    model_config = ConfigDict(frozen=True)

    result: Result
    reason: str = ""  # why nothing can be said, in English, without names and numbers
    fields: dict[Asked, Agreement] = {}
    status: Standing = Standing.UNKNOWN
    source: str = ""  # whose data
    as_of: date | None = None  # of which day; None where the source does not say

    def agreement(self, asked: str) -> Agreement:
        """How one field came out."""
        return next((came_to for name, came_to in self.fields.items() if name == asked), Agreement.NOT_KNOWN)


class Registry(Protocol):
    """A source of registry data. `look_up` never raises for what the source does: it answers `unavailable`."""

    def look_up(self, query: Query) -> Answer: ...


def unavailable(reason: str, source: str = "") -> Answer:
    return Answer(result=Result.UNAVAILABLE, reason=reason, source=source)


_KINDS = {"credit_code": Kind.CREDIT_CODE, "name": Kind.ORGANISATION, "legal_representative": Kind.PERSON}
_SEVERAL = re.compile("[、;；]")  # the partners who manage a partnership, all of whom may act for it


def agreement(asked: Asked, expected: str, held: str) -> Agreement:
    """A code, company or person as asked for against what a registry holds; numbers of persons: `id_agreement`.

    >>> agreement('name', '杭州云帆 （集团）有限公司', '杭州云帆(集团)有限公司').value
    'agrees'
    >>> agreement('legal_representative', '王未', '王末').value
    'in_part'
    """
    if not held.strip():
        return Agreement.NOT_KNOWN
    parts = _SEVERAL.split(held) if asked == "legal_representative" else [held]
    outcomes = {_compared(_KINDS[asked], expected, part) for part in (held, *parts)}
    return next(a for a in (Agreement.AGREES, Agreement.IN_PART, Agreement.DIFFERS) if a in outcomes)


def _compared(kind: Kind, expected: str, held: str) -> Agreement:
    outcome = compare(kind, expected, Field(value=held, raw=held, status=Status.VERIFIED, confidence=1.0)).outcome
    return {Outcome.EQUAL: Agreement.AGREES, Outcome.DIFFERENT: Agreement.DIFFERS}.get(outcome, Agreement.IN_PART)


_HMAC = re.compile(r"\s*[0-9a-fA-F]{64}\s*")
_MASK = re.compile(r"[*＊×•●]+")
_SHOWN = 4  # characters a masked number must show before it says anything


def id_hmac(number: str, key: str) -> str:
    """HMAC-SHA-256 (hex) of a person's number in its one form: half-width, upper case, 18 places, no signs."""
    return hmac.new(key.encode(), _canonical(number).encode(), hashlib.sha256).hexdigest()


def id_agreement(number: str, held: str, key: str = "") -> Agreement:
    """A person's number against what a source holds: all of it, masked, or an HMAC made with `key`.

    >>> id_agreement('330108198805142030', '330108********2030').value
    'in_part'
    >>> id_agreement('330108198805142030', '33010819880514203').value  # damaged: it proves nothing
    'not_known'
    """
    if is_id_hmac(held):
        same = key and hmac.compare_digest(id_hmac(number, key), held.strip().lower())
        return _equal(bool(same)) if key else Agreement.NOT_KNOWN
    if is_masked(held):
        return _masked(_canonical(number), _MASK.sub(lambda m: "*" * len(m.group()), held).upper())
    plain = whole_number(held)
    return _equal(plain == _canonical(number)) if plain else Agreement.NOT_KNOWN


def is_id_hmac(text: str) -> bool:
    return bool(_HMAC.fullmatch(text))


def is_masked(text: str) -> bool:
    return bool(_MASK.search(text))


def whole_number(text: str) -> str | None:
    """The number of some person's document in its one form; None where it is cut, rounded or no number at all.

    Spreadsheets round 18 digits to 15 and write them as 3.30108E+17: a wrong check digit is damage, not another
    person.
    """
    plain = re.sub(r"[()]", "", citizen_id.compact(text))
    if re.fullmatch(r"\d{14,18}[\dX]", plain):
        return citizen_id.validate(plain) if citizen_id.is_valid(plain) else None
    return plain if re.fullmatch(r"[A-Z0-9]{6,20}", plain) else None


def _canonical(number: str) -> str:
    return whole_number(number) or citizen_id.compact(number)


def _equal(same: bool) -> Agreement:
    return Agreement.AGREES if same else Agreement.DIFFERS


def _masked(number: str, held: str) -> Agreement:
    """A masked number agrees in part or differs; one of another length may be an older form or a shortened mask."""
    held = re.sub(r"[\s()（）-]", "", held)
    if len(held.replace("*", "")) < _SHOWN:
        return Agreement.NOT_KNOWN
    if len(held) == len(number):
        return Agreement.IN_PART if all(h in ("*", n) for h, n in zip(held, number, strict=True)) else Agreement.DIFFERS
    head, tail = held.partition("*")[0], held.rpartition("*")[2]
    return Agreement.IN_PART if number.startswith(head) and number.endswith(tail) else Agreement.NOT_KNOWN


# The words registries use. A status may hold several (存续（在营、开业、在册）; 吊销，未注销): the worst one counts.
_WORDS = {
    Standing.ACTIVE: "存续 在营 开业 在业 在册 正常 正常经营 有效 迁入 成立 active",
    Standing.MOVED_OUT: "迁出 已迁出 moved_out",
    Standing.SUSPENDED: "停业 歇业 已歇业 停业歇业 suspended",
    Standing.LIQUIDATING: "清算 清算中 正在清算 liquidating",
    Standing.CANCELLED: "注销 已注销 除名 cancelled",
    Standing.REVOKED: "吊销 已吊销 吊销未注销 吊销已注销 被吊销 责令关闭 revoked",
    Standing.RESCINDED: "撤销 已撤销 撤销登记 撤销设立登记 rescinded",
}  # fmt: skip
_STANDINGS = {word: standing for standing, words in _WORDS.items() for word in words.split()}
_NOTHING_SAID = frozenset({"企业", "未注销", "状态", "登记状态", "经营状态"})


def standing(text: str) -> Standing:
    """A registry's own words for the state of a company; `unknown` as soon as one of them is not known.

    >>> [standing(t).value for t in ('存续（在营、开业、在册）', '吊销，未注销', '在营（开业）企业', '存续（拟注销）')]
    ['active', 'revoked', 'active', 'unknown']
    """
    words = [w for w in re.split(r"[\s,，、;；/()（）:：]+", unicodedata.normalize("NFKC", text).lower()) if w]
    said = [_STANDINGS.get(word, Standing.UNKNOWN) for word in words if word not in _NOTHING_SAID]
    if not said or Standing.UNKNOWN in said:
        return Standing.UNKNOWN
    return max(said, key=list(Standing).index)
