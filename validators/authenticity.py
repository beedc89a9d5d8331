"""The tax authority's check of an invoice as the checks see it: one invoice asked for, one answer.

A source (a service in front of the authority's check, 发票查验) implements `Authenticity`; nothing here sends
anything. What has to be given goes by the kind of invoice, as the authority's own page asks for it: the code (none for
fully digital ones), the number, the day of issue, and one of the last six digits of the check code, the amount before
tax and the total. It answers for five years, and a day late for invoices of today.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from dataclasses import field as value
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from pydantic import BaseModel, ConfigDict

from extractors.model import Field, Status

_BY_AMOUNT, _BY_CHECK_CODE, _BY_TOTAL = ("invoice_code", "amount"), ("invoice_code", "check_code"), ("total",)
NEEDS: dict[str, tuple[str, ...]] = {
    "special": _BY_AMOUNT,
    "electronic_special": _BY_AMOUNT,
    "vehicle": _BY_AMOUNT,
    "used_vehicle": ("invoice_code", "total"),
    "ordinary": _BY_CHECK_CODE,
    "electronic_ordinary": _BY_CHECK_CODE,
    "roll": _BY_CHECK_CODE,
    "toll": _BY_CHECK_CODE,
    "digital_special": _BY_TOTAL,
    "digital_ordinary": _BY_TOTAL,
    "digital": _BY_TOTAL,  # told by its number of 20 digits alone
}
CHECK_CODE_DIGITS = 6  # the last ones
YEARS = 5


class Result(StrEnum):
    GENUINE = "genuine"
    NOT_FOUND = "not_found"
    MISMATCH = "mismatch"  # there is such an invoice, but not with this day, amount or check code
    VOIDED = "voided"  # 作废
    RED_FLUSHED = "red_flushed"  # 红冲 in full
    PARTLY_RED_FLUSHED = "partly_red_flushed"
    UNAVAILABLE = "unavailable"
    NOT_ASKABLE = "not_askable"


class Issuing(StrEnum):
    """By whom it was issued, as the authority marks it."""

    OWN = "own"  # 自开
    AGENCY = "agency"  # 代开
    ENTRUSTED = "entrusted"  # 委托代开
    REFUND_AGENT = "refund_agent"  # 代办退税
    UNKNOWN = "unknown"


FOR_OTHERS = frozenset({Issuing.AGENCY, Issuing.ENTRUSTED})


class Obstacle(StrEnum):
    """Why an invoice cannot be asked for."""

    LACKING = "lacking"  # something that must be given is missing or doubtful
    TOO_OLD = "too_old"
    IN_FUTURE = "in_future"
    TODAY = "today"


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked; texts as they are sent. Its values never show in a log or a traceback."""

    kind: str
    number: str = value(repr=False)
    issued_on: date
    code: str = value(default="", repr=False)
    check_code: str = value(default="", repr=False)
    amount: Decimal | None = value(default=None, repr=False)
    total: Decimal | None = value(default=None, repr=False)

    @property
    def invoice(self) -> str:
        """What tells this invoice from every other."""
        return f"{self.code}:{self.number}"

    @property
    def rests_on(self) -> tuple[str, ...]:
        """The fields of the invoice it was made of."""
        more = {"invoice_code": self.code, "check_code": self.check_code, "amount": self.amount, "total": self.total}
        return ("invoice_number", "issued_on", *(name for name, given in more.items() if given not in (None, "")))

    def given(self) -> dict[str, str]:
        """The values by name, amounts with two decimals."""
        given = {"kind": self.kind, "number": self.number, "issued_on": self.issued_on.isoformat()}
        texts = {"code": self.code, "check_code": self.check_code}
        amounts = {"amount": self.amount, "total": self.total}
        given |= {name: text for name, text in texts.items() if text}
        return given | {name: f"{sum_:.2f}" for name, sum_ in amounts.items() if sum_ is not None}


class Answer(BaseModel):
    """What a source says. It holds nothing that was asked for: an answer may be kept and shown, a query may not."""

    model_config = ConfigDict(frozen=True)

    result: Result
    reason: str = ""  # why nothing can be said, in English, without names and numbers
    issuing: Issuing = Issuing.UNKNOWN
    source: str = ""
    as_of: date | None = None
    obstacle: Obstacle | None = None
    lacking: tuple[str, ...] = ()  # the fields that stand in the way


class Authenticity(Protocol):
    """A source of the authority's answers. `check` never raises for what the source does: it says `unavailable`."""

    def check(self, query: Query) -> Answer: ...


def unavailable(reason: str, source: str = "") -> Answer:
    return Answer(result=Result.UNAVAILABLE, reason=reason, source=source)


def query_of(fields: Mapping[str, Field]) -> Query | Answer:
    """The question an invoice leads to, or why it cannot be put: what is missing or doubtful is never sent."""
    sure = {name: field.value for name, field in fields.items() if _sure(field)}
    number, kind = str(sure.get("invoice_number", "")), str(sure.get("invoice_kind", ""))
    # Titles of vehicles and tolls are used for fully digital ones too, which have the long number and no code.
    digital = len(number) == 20 and fields.get("invoice_code", Field()).status is Status.MISSING
    kind = kind or ("digital" if digital else "")
    if kind not in NEEDS:
        return _not_askable(("invoice_kind",))
    needs = _BY_TOTAL if digital else NEEDS[kind]
    if lacking := tuple(name for name in ("invoice_number", "issued_on", *needs) if name not in sure):
        return _not_askable(lacking)
    given = {name: sure[name] for name in needs}
    issued_on, amount, total = sure["issued_on"], given.get("amount"), given.get("total")
    if not isinstance(issued_on, date):
        return _not_askable(("issued_on",))
    return Query(
        kind, number, issued_on, code=str(given.get("invoice_code", "")),
        check_code=str(given.get("check_code", ""))[-CHECK_CODE_DIGITS:],
        amount=amount if isinstance(amount, Decimal) else None, total=total if isinstance(total, Decimal) else None,
    )  # fmt: skip


def obstacle_of(query: Query, today: date, *, same_day: bool = False) -> Answer | None:
    """Why the authority would not answer for an invoice of that day."""
    if query.issued_on > today:
        return Answer(result=Result.NOT_ASKABLE, obstacle=Obstacle.IN_FUTURE, reason="issued in the future")
    if query.issued_on == today and not same_day:
        return Answer(result=Result.NOT_ASKABLE, obstacle=Obstacle.TODAY, reason="issued today: it answers tomorrow")
    if query.issued_on < _years_before(today):
        return Answer(result=Result.NOT_ASKABLE, obstacle=Obstacle.TOO_OLD, reason=f"issued over {YEARS} years ago")
    return None


def _sure(field: Field) -> bool:
    return field.status in (Status.READ, Status.VERIFIED) and field.value not in (None, "")


def _not_askable(lacking: tuple[str, ...]) -> Answer:
    reason = f"missing or doubtful: {', '.join(lacking)}"
    return Answer(result=Result.NOT_ASKABLE, obstacle=Obstacle.LACKING, lacking=lacking, reason=reason)


def _years_before(today: date) -> date:
    try:
        return today.replace(year=today.year - YEARS)
    except ValueError:  # the 29th of February
        return today.replace(year=today.year - YEARS, day=28) + timedelta(1)
