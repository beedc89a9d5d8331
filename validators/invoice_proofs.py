"""What was proven of one invoice, and what could not be: nobody shall think that a figure was checked which was not.

`invoice_proofs` works on the proven fields alone, so that it can be asked again once another carrier of the same
invoice was compared.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, ConfigDict

from extractors.model import Field, Record, Status
from extractors.values import compact
from validators.findings import Bilingual
from validators.identifiers import tax_id
from validators.proofs.vat_invoice import outcomes

Result = Literal["passed", "failed", "not_checked"]

TITLES = {
    "invoice.arithmetic": ("金额+税额=价税合计", "amount + tax = total"),
    "invoice.words": ("大写=小写", "words = figures"),
    "invoice.lines": ("逐行：数量×单价=金额，金额×税率=税额", "quantity × price = amount, amount × rate = tax"),
    "invoice.sums": ("明细合计=金额、税额", "lines add up to amount and tax"),
    "invoice.rates": ("税率在开票日有效", "rates in force on the day of issue"),
    "invoice.red": ("红字发票：负数一致，注明原发票", "red invoice: negative throughout, original told"),
    "invoice.number_structure": ("发票代码、号码的地区与年份", "region and year inside code and number"),
    "invoice.kind": ("发票种类与代码、号码、日期相符", "kind fits code, number and day"),
    "invoice.parties": ("购销双方税号不同", "buyer and seller are not one"),
    "invoice.check_code": ("校验码为20位", "check code of 20 digits"),
    "invoice.number_confirmed": ("发票号码（代码）有第二处印证", "number (and code) confirmed by a second reading"),
    "invoice.date_confirmed": ("开票日期有第二处印证", "day of issue confirmed by a second reading"),
    "invoice.readings": ("二维码、其他载体、第二处打印与票面一致", "code, other carriers and second prints agree"),
    "invoice.seller_tax_id": ("销售方税号的校验位", "seller's tax number by its check digits"),
    "invoice.buyer_tax_id": ("购买方税号的校验位", "buyer's tax number by its check digits"),
}
_READ_ONCE = "read once; nothing else on the document says the same"
# Reasons that a comparison of readings left (validators/readings.py, validators/prove.py).
_VIA = "qr|xml|ofd|tags|custom_data|text|print"
_READINGS_DIFFER, _READINGS_AGREE = (
    re.compile(rf"readings_differ|(?:{_VIA})_differs"), re.compile(rf"second_print|(?:{_VIA})_agrees"),
)  # fmt: skip
_PERSONS = frozenset({"个人", "个人(个人)", "个人(散户)", "消费者"})


class InvoiceProof(BaseModel):
    """One proof: `fields` agree (passed), disagree (failed), or are those it lacks (not_checked); `why` in English."""

    model_config = ConfigDict(frozen=True)

    id: str
    result: Result
    why: str = ""
    fields: tuple[str, ...] = ()


def title_of(id_: str) -> Bilingual:
    """What a proof is called; KeyError for an id that is none."""
    zh, en = TITLES[id_]
    return Bilingual(zh=zh, en=en)


def invoice_proofs(record: Record) -> tuple[InvoiceProof, ...]:
    """Every proof that concerns this invoice, in a fixed order; the record was proven before (`validators.prove`)."""
    found = {outcome.id: outcome for outcome in outcomes(record.fields)}
    proofs = [InvoiceProof(id=o.id, result=o.result.value, why=o.why, fields=o.fields) for o in found.values()]
    proofs += _confirmations(record.fields)
    return tuple(sorted(proofs, key=lambda proof: list(TITLES).index(proof.id)))


def _confirmations(fields: dict[str, Field]) -> Iterator[InvoiceProof]:
    number, code = (fields.get(name, Field()) for name in ("invoice_number", "invoice_code"))
    has_code = code.status is not Status.MISSING or len(compact(str(number.value or ""))) != 20
    yield _confirmed(fields, "invoice.number_confirmed", "invoice_number", *(("invoice_code",) if has_code else ()))
    yield _confirmed(fields, "invoice.date_confirmed", "issued_on")
    yield from _readings(fields)
    for role in ("seller", "buyer"):
        name, id_ = f"{role}_tax_id", f"invoice.{role}_tax_id"
        found = fields.get(name, Field())
        person = compact(str(fields.get(f"{role}_name", Field()).value or "")) in _PERSONS
        if found.status is Status.MISSING and person:
            continue  # an invoice to a person carries no number
        proof = _confirmed(fields, id_, name)
        if proof.result == "not_checked" and found.value and not tax_id.has_check_digit(str(found.value)):
            proof = proof.model_copy(update={"why": "an older form, of which no check digit covers every place"})
        yield proof


def _readings(fields: dict[str, Field]) -> Iterator[InvoiceProof]:
    """Whether all other readings agree with the fields; nothing where there is no other reading."""
    differing = [name for name, field in fields.items() if _READINGS_DIFFER.fullmatch(field.reason)]
    agreeing = [name for name, field in fields.items() if _READINGS_AGREE.fullmatch(field.reason)]
    if differing:
        yield _proof("invoice.readings", "failed", fields[differing[0]].reason, differing)
    elif agreeing:
        yield _proof("invoice.readings", "passed", "", agreeing)


def _confirmed(fields: dict[str, Field], id_: str, *names: str) -> InvoiceProof:
    """Whether fields were verified: by check digits, the code, a second print or another carrier."""
    found = {name: fields.get(name, Field()) for name in names}
    wrong = [name for name, field in found.items() if field.status is Status.DOUBTFUL and _contradicted(field)]
    open_ = [name for name, field in found.items() if field.status is not Status.VERIFIED]
    if wrong:
        return _proof(id_, "failed", found[wrong[0]].reason, wrong)
    if not open_:
        return _proof(id_, "passed", " / ".join(dict.fromkeys(field.reason for field in found.values())), names)
    missing = [name for name in open_ if found[name].status is Status.MISSING]
    doubtful = next((found[name].reason for name in open_ if found[name].status is Status.DOUBTFUL), "")
    return _proof(id_, "not_checked", "not read" if missing else doubtful or _READ_ONCE, missing or open_)


def _contradicted(field: Field) -> bool:
    return field.reason.endswith(("_differs", "_differ", "_wrong")) or field.reason == "malformed"


def _proof(id_: str, result: Result, why: str, names: tuple[str, ...] | list[str]) -> InvoiceProof:
    return InvoiceProof(id=id_, result=result, why=why, fields=tuple(names))
