"""Second readings of one invoice, held against the first field by field: its QR code, or another carrier of it.

Two independent readings that agree verify a value. Where they differ one of them is wrong, and which one is not
decided here: the value stays as it is, doubtful, and the finding shows both. A code cannot be misread (it corrects
itself or gives nothing), so it fills in what OCR missed or garbled, but never against a print that is legible.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from rapidfuzz.distance import Levenshtein

from extractors._invoice_foot import bare_remarks
from extractors.model import Field, Item, Kind, Status
from extractors.registry import document_types
from extractors.values import compact
from validators.compare import amount as in_yuan
from validators.findings import Verdict
from validators.normalise import normalised
from validators.outcome import Outcome, difference
from validators.proofs._invoice_values import kind_named
from validators.proofs.base import HIGH_CONFIDENCE, Proof
from validators.proofs.numbers import RULES

QR = "qr"
DATA = frozenset({QR, "xml", "ofd", "tags", "custom_data"})  # readings that name their fields: no layout, no misreading

_EITHER = {"amount_or_total": ("amount", "total")}  # a code that holds one of them and does not say which
_UNCOMPARED = frozenset({Kind.CHOICE, Kind.TABLE})  # derived from other fields, or compared by these
_WRITTEN_FREELY = frozenset({Kind.TEXT, Kind.ADDRESS, Kind.BANK, Kind.PERSON, Kind.ITEMS})
# What issuing systems put there differs from carrier to carrier; what follows from it is compared by itself.
_BY_THE_WAY = frozenset({"remarks", "payee", "reviewer", "drawer"})
_SUMS = ("amount", "tax", "total")
_LENGTHS = {"check_code": 20}
_MISREAD = 2  # characters an OCR reading may be off and still be taken for the same value misread
# Doubts that another reading does not settle: the document contradicts itself, or a check digit is wrong.
_STANDING = frozenset({"readings_differ", "conflicting_readings", "check_digit_wrong", "year_differs"})

# A code calls a paper invoice and an electronic one of the same sort alike; toll and roll invoices are ordinary ones.
_SORTS = {
    "special": {"special", "electronic_special"},
    "electronic_special": {"special", "electronic_special"},
    "ordinary": {"ordinary", "electronic_ordinary", "roll", "toll"},
    "electronic_ordinary": {"ordinary", "electronic_ordinary", "roll", "toll"},
    "roll": {"ordinary", "roll"},
    "toll": {"electronic_ordinary", "toll"},
    "digital_special": {"digital_special", "vehicle"},
    "digital_ordinary": {"digital_ordinary", "vehicle", "used_vehicle", "toll"},
}


def weigh(proof: Proof, via: str, fields: Mapping[str, Field], kinds: Mapping[str, Kind]) -> None:
    """Hold another reading of the same invoice against the fields of a proof.

    `via` names it (qr, xml, ofd, tags, custom_data; text, print) and becomes part of the reasons; `kinds` are the
    kinds of the fields by name. Agreement verifies, a difference is reported and makes doubtful; a reading that is
    data fills in what OCR did not give. Nothing is verified or filled in from what seems to be another invoice.
    """
    others = {name: found for name, found in _named(proof, fields, kinds).items() if _holds(found)}
    own_invoice = _same_invoice(proof, others, kinds)
    for name, other in others.items():
        own, kind = proof.fields.get(name, Field()), kinds.get(name, Kind.TEXT)
        if name == "invoice_kind":
            _weigh_kind(proof, via, other, own_invoice)
        elif kind in _UNCOMPARED or name not in proof.fields:
            continue
        elif kind is Kind.FLAG:
            # What one of them shows the other need not deny: it may say nothing of it.
            if other.value is True and own.value is False:
                _differ(proof, name, via, other, kind)
        elif proof.get(name) is None or _garbled(proof, name, kind, other):
            if own_invoice and via in DATA and not proof.is_data:
                _fill(proof, name, other, via)
        elif _agree(name, kind, own, other):
            # The last digits of a check code speak for these alone.
            if own_invoice and _plain(kind, own.value) == _plain(kind, other.value):
                _verify(proof, name, via)
        else:
            _differ(proof, name, via, other, kind)


def _named(proof: Proof, fields: Mapping[str, Field], kinds: Mapping[str, Kind]) -> dict[str, Field]:
    """The fields with an amount that may be either put where the print has the same; else where it is first found."""
    named = dict(fields)
    for unsure, names in _EITHER.items():
        if (found := named.pop(unsure, None)) is None:
            continue
        printed = [name for name in names if proof.get(name)]
        equal = [name for name in printed if _agree(name, kinds[name], proof.fields[name], found)]
        # With one of them unread the code may hold that one: no difference is proven.
        if equal or len(printed) == len(names):
            named.setdefault((equal or printed)[0], found)
    return named


def _holds(found: Field) -> bool:
    return found.value is not None and found.status in (Status.READ, Status.VERIFIED)


def _same_invoice(proof: Proof, others: Mapping[str, Field], kinds: Mapping[str, Kind]) -> bool:
    """Whether both speak of one invoice: the same number, or a number misread beside other values that agree."""
    if "invoice_number" not in others:
        return True
    one = _plain(kinds["invoice_number"], proof.value("invoice_number"))
    other = _plain(kinds["invoice_number"], others["invoice_number"].value)
    if one == other:
        return True
    if one and Levenshtein.distance(one, other) > _MISREAD:
        return False
    names = ("invoice_code", "issued_on", "amount", "total", "check_code")
    agreeing = [n for n in names if n in others and proof.get(n) and _agree(n, kinds[n], proof.fields[n], others[n])]
    return len(agreeing) >= 2


def _agree(name: str, kind: Kind, own: Field, other: Field) -> bool:
    one, two = _plain(kind, own.value), _plain(kind, other.value)
    if name == "remarks":
        return _plain(kind, bare_remarks(str(own.value))) == _plain(kind, bare_remarks(str(other.value)))
    if name == "check_code" and 6 in (len(one), len(two)):  # it may be given by its last six digits
        return one[-6:] == two[-6:]
    return one == two


def _plain(kind: Kind, value: Any) -> str:
    """The comparable form of a value."""
    if value is None:
        return ""
    if isinstance(value, list):
        return "\n".join(_item(item) for item in value if isinstance(item, Item) and item.amount is not None)
    if isinstance(value, date):
        return value.isoformat()
    if kind in (Kind.MONEY, Kind.MONEY_IN_WORDS) and (yuan := in_yuan(value)):
        return _number(yuan[0])
    return normalised(kind, str(value))


def _item(item: Item) -> str:
    numbers = (item.amount, item.tax or Decimal(0))
    return "|".join([compact(item.name), *(_number(n) for n in numbers if n is not None)])


def _number(value: Decimal) -> str:
    return f"{value.normalize() + 0:f}"


def _garbled(proof: Proof, name: str, kind: Kind, other: Field) -> bool:
    """Whether OCR gave no value of this kind, but something the other reading can be recognised in."""
    own = proof.fields[name]
    if proof.is_text or not _malformed(name, kind, own):
        return False
    one, two = (_digits(kind, field) for field in (own, other))
    return Levenshtein.distance(one, two) <= max(_MISREAD, len(two) // 4)


def _digits(kind: Kind, found: Field) -> str:
    text = f"{found.value:%Y%m%d}" if isinstance(found.value, date) else _plain(kind, found.value)
    return "".join(char for char in text if char.isalnum())


def _malformed(name: str, kind: Kind, own: Field) -> bool:
    if kind in RULES:
        try:
            RULES[kind].validate(str(own.value))
        except ValueError:
            return own.reason != "check_digit_wrong"
        return False
    if name in _LENGTHS:
        return len(normalised(kind, str(own.value))) != _LENGTHS[name]
    return not isinstance(own.value, {Kind.DATE: date, Kind.MONEY: Decimal}.get(kind, object))


def _fill(proof: Proof, name: str, other: Field, via: str) -> None:
    """The other reading's value in place of none; what was read stays beside it."""
    own = proof.fields[name]
    read = (str(own.value),) if own.value is not None else ()
    proof.mark(name, Status.READ, f"{via}_only", value=other.value, raw=own.raw or other.raw,
               confidence=other.confidence, alternates=tuple(dict.fromkeys((*own.alternates, *read))))  # fmt: skip


def _verify(proof: Proof, name: str, via: str) -> None:
    own = proof.fields[name]
    if own.status is not Status.VERIFIED and own.reason not in _STANDING and not own.reason.endswith("_differs"):
        proof.mark(name, Status.VERIFIED, f"{via}_agrees")


def _differ(proof: Proof, name: str, via: str, other: Field, kind: Kind) -> None:
    """Two legible readings that do not agree."""
    if via not in DATA and not _tells(kind, proof.fields[name], other):
        return
    own = proof.fields[name]
    proven = _proven(proof, name, via, other, kind)
    verdict = Verdict.REJECT if proven else Verdict.ACCEPT if name in _BY_THE_WAY else Verdict.REVIEW
    proof.mark(name, Status.DOUBTFUL, f"{via}_differs",
               alternates=tuple(dict.fromkeys((*own.alternates, _shown(other.value)))))  # fmt: skip
    code = "INVOICE_QR_MISMATCH" if via == QR else "INVOICE_CARRIERS_DIFFER"
    expected, actual = (_told(name, found.value) for found in (other, own))
    proof.report(
        code, name, expected=_shown(other.value), actual=_shown(own.value), verdict=verdict, via=via,
        name_zh=document_types()["vat_invoice"].spec(name).zh, name_en=name.replace("_", " "),
        expected_zh=expected[0], expected_en=expected[1], actual_zh=actual[0], actual_en=actual[1],
    )  # fmt: skip


def _told(name: str, value: Any) -> tuple[str, str]:
    """A value as messages show it, in Chinese and English."""
    if isinstance(value, bool):
        return ("是", "yes") if value else ("否", "no")
    return kind_named(str(value)) if name == "invoice_kind" else (_shown(value), _shown(value))


def _tells(kind: Kind, own: Field, other: Field) -> bool:
    """Whether a difference to a page's print means anything: long free texts are read and broken in many ways."""
    if kind not in _WRITTEN_FREELY:
        return True
    if kind is Kind.ITEMS or other.status is not Status.VERIFIED:
        return False
    return difference(_plain(kind, own.value), _plain(kind, other.value)).outcome is Outcome.DIFFERENT


def _proven(proof: Proof, name: str, via: str, other: Field, kind: Kind) -> bool:
    """Whether a misreading cannot explain the difference: data against data, or a print that something else bears out.

    A text layer has no misread characters, but a value may be taken from the wrong place on the page: only one that
    differs in a few characters was altered for sure. Sums need to come out as well, and on a picture in words too.
    What is written freely is put together in many ways, and flags are only told by other fields.
    """
    own = proof.fields[name]
    if via not in DATA or kind in _WRITTEN_FREELY or kind is Kind.FLAG or _malformed(name, kind, own):
        return False
    if proof.is_data or via != QR:
        return proof.is_data
    if name in _SUMS:
        return _adds_up(proof)
    if proof.is_text:
        one, two = _digits(kind, own), _digits(kind, other)
        return Levenshtein.distance(one, two) <= len(two) // 3
    again = any(_plain(kind, text) == _plain(kind, own.value) for text in own.alternates)
    certain = own.status is Status.VERIFIED or (again and own.reason not in _STANDING)
    return certain and own.confidence >= HIGH_CONFIDENCE


def _adds_up(proof: Proof) -> bool:
    amount, tax, total = (proof.value(name) for name in _SUMS)
    if not (isinstance(amount, Decimal) and isinstance(tax, Decimal) and isinstance(total, Decimal)):
        return False
    words = in_yuan(proof.value("total_in_words"))
    return amount + tax == total and (proof.is_text if words is None else words[0] == total)


def _weigh_kind(proof: Proof, via: str, other: Field, own_invoice: bool) -> None:
    """The kind of invoice: a code does not tell paper from electronic, so it agrees or differs by sort."""
    own, told = proof.fields.get("invoice_kind", Field()), str(other.value)
    if proof.get("invoice_kind") is None or own.value not in _SORTS or own.reason == "title_not_read":
        if own_invoice and via in DATA and not proof.is_data and own.value not in ("vehicle", "used_vehicle"):
            _fill(proof, "invoice_kind", other, via)
    elif own.value == told:
        if own_invoice:
            _verify(proof, "invoice_kind", via)
    elif own.value not in _SORTS.get(told, {told}):
        _differ(proof, "invoice_kind", via, other, Kind.CHOICE)


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(f"{item.name} {item.amount}" for item in value if isinstance(item, Item))
    return f"{value:f}" if isinstance(value, Decimal) else str(value)
