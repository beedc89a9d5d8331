"""The QR code printed on VAT invoices: its payload as fields, before anything is compared.

The common form is `01,<kind>,<code>,<number>,<amount>,<yyyymmdd>,<check code>,<4 hex>,`. Nobody publishes it; what
is known comes from invoices. The amount is the one before tax on the older kinds and the total on fully digital ones
(20 digits, no code); on the rest it may be either, so the field is called `amount_or_total`. Some printers swap code
and number, leave parts at the end out, or set spaces and full-width commas. The hexadecimal end has no known meaning.
Shenzhen's block chain invoices hold an address instead, with the number and the total in fen.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from urllib.parse import parse_qs, urlsplit

from extractors.model import Field, FieldValue, Status
from extractors.values import fold

_KINDS = {
    "01": "special", "03": "vehicle", "04": "ordinary", "08": "electronic_special", "10": "electronic_ordinary",
    "11": "roll", "14": "toll", "15": "used_vehicle", "31": "digital_special", "32": "digital_ordinary",
}  # fmt: skip
_DIGITAL = {"special": "digital_special", "electronic_special": "digital_special",
            "ordinary": "digital_ordinary", "electronic_ordinary": "digital_ordinary"}  # fmt: skip
_BEFORE_TAX = ("01", "04", "08", "10")

_CODE, _NUMBER = re.compile(r"[0-9]{10}|[0-9]{12}"), re.compile(r"[0-9]{8}|[0-9]{20}")
_KIND = re.compile(r"[0-9]{2}")
_CHECK_CODE = re.compile(r"[0-9]{20}|[0-9]{6}")  # some hold its last six digits only
_AMOUNT = re.compile(r"[-+]?[0-9]{1,15}(?:\.[0-9]{1,20})?(?:[eE][-+]?[0-9]{1,2})?")
_DAY = re.compile(r"([0-9]{4})[-/.年]?([0-9]{2})[-/.月]?([0-9]{2})")
_LONGEST = 600  # characters: a payload is far shorter, whatever else a code holds

_TAX_HOST = re.compile(r"(?:[a-z0-9-]+\.)*chinatax\.gov\.cn")
_PARAMETERS = {"fpdm": "invoice_code", "fphm": "invoice_number", "bill_num": "invoice_number", "kprq": "issued_on",
               "jym": "check_code", "jshj": "total", "total_amount": "total"}  # fmt: skip
_IN_FEN = "total_amount"


def parse(text: str) -> dict[str, Field] | None:
    """What the payload says, by field names (design §2) and `amount_or_total`; None where it is no invoice's.

    Every field is `read`; a part that has not the form of what belongs there is left out.

    >>> {name: str(f.value) for name, f in parse("01,10,011001605111,80100798,64.9,20161018,").items()}
    {'invoice_kind': 'electronic_ordinary', 'invoice_code': '011001605111', 'invoice_number': '80100798', \
'amount': '64.90', 'issued_on': '2016-10-18'}
    """
    plain = fold(text[: _LONGEST + 1])
    if len(plain) > _LONGEST:
        return None
    if plain.lower().startswith(("http://", "https://")):
        return _from_address(plain)
    return _from_parts([re.sub(r"\s+", "", part) for part in plain.lstrip("\ufeff").split(",")])


def _from_parts(parts: list[str]) -> dict[str, Field] | None:
    if len(parts) < 4 or parts[0] != "01" or not _KIND.fullmatch(parts[1]):
        return None
    named = _code_and_number(parts[2], parts[3])
    if named is None:
        return None
    code, number = named
    rest = [*parts[4:7], "", "", ""]
    fields = {
        "invoice_kind": _field(_kind(parts[1], code, number), parts[1]),
        "invoice_code": _field(code or None, code),
        "invoice_number": _field(number, number),
        _meaning(parts[1], number): _field(_amount(rest[0]), rest[0]),
        "issued_on": _field(_day(rest[1]), rest[1]),
        "check_code": _field(rest[2] if _CHECK_CODE.fullmatch(rest[2]) else None, rest[2]),
    }
    return {name: found for name, found in fields.items() if found.value is not None}


def _code_and_number(one: str, other: str) -> tuple[str, str] | None:
    """Code (may be empty) and number, whichever comes first; 8 digits are a number beside a code only."""
    for code, number in ((one, other), (other, one)):
        if _NUMBER.fullmatch(number) and (_CODE.fullmatch(code) or (not code and len(number) == 20)):
            return code, number
    return None


def _kind(sign: str, code: str, number: str) -> str | None:
    kind = _KINDS.get(sign)
    if len(number) == 20:
        return _DIGITAL.get(kind or "", kind)
    if kind == "special" and len(code) == 12 and code.endswith("13"):
        return "electronic_special"  # 增值税电子专用发票 may call itself either
    return kind


def _meaning(sign: str, number: str) -> str:
    """Which amount the code holds."""
    if len(number) == 20:
        return "total"
    return "amount" if sign in _BEFORE_TAX else "amount_or_total"


def _amount(text: str) -> Decimal | None:
    """Yuan with two places; a binary fraction's noise (94339.61999999999) is rounded off, more is no amount."""
    plain = re.sub(r"[¥元圆]", "", text)
    if not _AMOUNT.fullmatch(plain):
        return None
    try:
        exact = Decimal(plain)
        rounded = exact.quantize(Decimal("0.01"))
    except InvalidOperation:
        return None
    return rounded if abs(exact - rounded) < Decimal("0.0001") else None


def _day(text: str) -> date | None:
    """A day of yyyymmdd, with or without signs between and a time behind."""
    if not (match := _DAY.match(text)):
        return None
    try:
        day = date(*map(int, match.groups()))
    except ValueError:
        return None
    return day if 1994 <= day.year <= 2199 else None  # VAT invoices exist since 1994


def _from_address(address: str) -> dict[str, Field] | None:
    """The values in an address of the tax administration's; other hosts' say nothing."""
    try:
        parts = urlsplit(address)
        host, given = parts.hostname or "", parse_qs(parts.query, max_num_fields=50)
    except ValueError:
        return None
    if not _TAX_HOST.fullmatch(host):
        return None
    fields: dict[str, Field] = {}
    for key, name in _PARAMETERS.items():
        raw = given.get(key, [""])[0].strip()
        value = _parameter(name, raw)
        if isinstance(value, Decimal) and key == _IN_FEN:
            value = value / 100
        if value is not None:
            fields.setdefault(name, _field(value, raw))
    return fields if "invoice_number" in fields else None


def _parameter(name: str, raw: str) -> FieldValue:
    forms = {"invoice_code": _CODE, "invoice_number": _NUMBER, "check_code": _CHECK_CODE}
    if name in forms:
        return raw if forms[name].fullmatch(raw) else None
    return _day(raw) if name == "issued_on" else _amount(raw)


def _field(value: FieldValue, raw: str) -> Field:
    return Field(value=value, raw=raw, status=Status.READ, confidence=1.0, reason="qr")
