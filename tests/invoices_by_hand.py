"""Invoices built by hand as their fields: of every kind, with the rounding issuing systems do."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from extractors.model import Field, Item, Record, Source, Status
from extractors.registry import document_types
from validators.findings import Finding
from validators.invoice_proofs import InvoiceProof, invoice_proofs
from validators.prove import prove

SELLER, BUYER = "91330100799655058B", "91110108551385082Q"
CENT = Decimal("0.01")
_DIGITS, _UNITS = "零壹贰叁肆伍陆柒捌玖", ("", "拾", "佰", "仟")


def in_words(amount: Decimal) -> str:
    """An amount in Chinese capitals as invoices print it."""
    whole, cents = divmod(int(abs(amount) * 100), 100)
    jiao, fen = divmod(cents, 10)
    text = _whole(whole) + "圆" if whole else ""
    if not cents:
        text = (text or "零圆") + "整"
    else:
        text += f"{_DIGITS[jiao]}角" if jiao else ("零" if whole else "")
        text += f"{_DIGITS[fen]}分" if fen else "整"
    return ("（负数）" if amount < 0 else "") + text


def _whole(number: int) -> str:
    groups: list[str] = []
    for unit in ("", "万", "亿"):
        number, group = divmod(number, 10_000)
        if group:
            groups.insert(0, _group(group) + unit)
        elif groups and not groups[0].startswith("零"):
            groups.insert(0, "")
        if number and group and group < 1000:
            groups[0] = "零" + groups[0]
    return "".join(groups)


def _group(number: int) -> str:
    text, gap = "", False
    for place in (3, 2, 1, 0):
        digit = number // 10**place % 10
        if digit:
            text += ("零" if gap and text else "") + _DIGITS[digit] + _UNITS[place]
        gap = not digit
    return text


def rounded(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def line(name: str, rate: str, amount: str, quantity: str | None = None, tax: str | None = None) -> Item:
    """A line with the tax of its rate rounded to the cent, and a price of as many digits as systems print."""
    value, count = Decimal(amount), Decimal(quantity) if quantity else None
    charged = rounded(value * Decimal(rate[:-1]) / 100) if rate.endswith("%") else None
    price = (value / count).quantize(Decimal("1E-13")).normalize() if count else None
    return Item(name=name, unit="件" if count else "", quantity=count, unit_price=price, amount=value, tax_rate=rate,
                tax=Decimal(tax) if tax else charged)  # fmt: skip


def invoice(lines: Sequence[Item], **changes: Any) -> dict[str, Any]:
    """The values of an invoice with these lines; `changes` replace or, as None, remove some."""
    amount = sum((x.amount for x in lines if x.amount is not None), Decimal(0))
    tax = sum((x.tax for x in lines if x.tax is not None), Decimal(0))
    values = {
        "invoice_kind": "digital_special", "invoice_number": "25322000000365404822", "issued_on": date(2025, 8, 8),
        "buyer_name": "北京云山科技有限公司", "buyer_tax_id": BUYER, "seller_name": "杭州云帆数字科技有限公司",
        "seller_tax_id": SELLER, "items": list(lines), "amount": amount, "tax": tax, "total": amount + tax,
        "total_in_words": in_words(amount + tax), "is_red": amount < 0,
    } | changes  # fmt: skip
    return {name: value for name, value in values.items() if value is not None}


OLD = {"invoice_number": "83089647", "issued_on": date(2020, 7, 23)}
# An invoice of every kind, as a picture or a file shows it.
KINDS: dict[str, dict[str, Any]] = {
    "digital_special, two rates and a discount": invoice([
        line("*电子元件*电阻", "13%", "1999.12", "7"), line("*电子元件*电阻", "13%", "-100.07"),
        line("*信息技术服务*维护", "6%", "4716.98", "1"),
    ]),
    "digital_ordinary at 1 %": invoice([line("*餐饮服务*餐费", "1%", "324.75", "1")], invoice_kind="digital_ordinary"),
    "special on paper at 17 %": invoice(
        [line("服务器", "17%", "5999.00", "1")], invoice_kind="special", invoice_code="3400161130",
        invoice_number="00640203", issued_on=date(2016, 9, 19),
    ),
    "ordinary on paper": invoice(
        [line("*焙烤食品*面包", "16%", "96.72", "12")], **OLD | {"issued_on": date(2019, 3, 19)},
        invoice_kind="ordinary", invoice_code="044031800104", check_code="55617567333517793345",
    ),
    "electronic_ordinary with a discount": invoice(
        [line("*图书*书", "9%", "105.75", "3"), line("*图书*书", "9%", "-14.16")], **OLD,
        invoice_kind="electronic_ordinary", invoice_code="033002000211", check_code="16197833567414507415",
    ),
    "electronic_special": invoice(
        [line("*物流辅助服务*仓储", "6%", "23584.91")], **OLD | {"issued_on": date(2021, 7, 23)},
        invoice_kind="electronic_special", invoice_code="033002000213",
    ),
    "free of tax": invoice(
        [line("*蔬菜*白菜", "免税", "1250.00", "500")], **OLD, invoice_kind="electronic_ordinary", tax="***",
        invoice_code="033002000211", check_code="16197833567414507415",
    ),
    "red": invoice(
        [line("*电子元件*电阻", "13%", "-1999.12", "-7")], original_invoice_number="25322000000365404811",
        remarks="被红冲蓝字数电票号码：25322000000365404811 红字发票信息确认单编号：3301000000000001",
    ),
    "margin": invoice(
        [line("*经纪代理服务*代理费", "***", "9904.76", "1", tax="95.24")],
        remarks="差额征税：8000.00。", invoice_kind="digital_ordinary",
    ),
    "roll": invoice(
        [Item(name="咖啡", quantity=Decimal(2), unit_price=Decimal("33.5"), amount=Decimal("67.00"))], amount=None,
        tax=None, invoice_kind="roll", invoice_code="033001900106", buyer_tax_id=None, buyer_name="个人", **OLD,
        check_code="16197833567414507415",
    ),
}  # fmt: skip


CONFIRMED = ("invoice_number", "invoice_code", "issued_on")  # what only another reading can confirm


def record(values: dict[str, Any], original: dict[str, Any] | None = None, *, confidence: float = 0.97) -> Record:
    """Values as fields read once; with an original, its number, code and day stand in a second print."""
    fields = {}
    for spec in document_types()["vat_invoice"].fields:
        value = values.get(spec.name)
        raw = "" if value is None else str(value)
        again = original is not None and spec.name in CONFIRMED and spec.name in original
        fields[spec.name] = Field(
            value=None if value == "***" else value, raw=raw, status=Status.READ if raw else Status.MISSING,
            confidence=confidence,
            alternates=(str(original[spec.name]),) if original and again else (),
        )  # fmt: skip
    return Record("vat_invoice", fields)


def proven(read: Record, source: Source = Source.OCR) -> tuple[Record, list[Finding], dict[str, InvoiceProof]]:
    """The record proven, what was found, and its proofs by their id."""
    found, findings = prove(read, document_types()["vat_invoice"], document="a.pdf", source=source)
    return found, findings, {proof.id: proof for proof in invoice_proofs(found)}
