"""The foot of an invoice: the remarks, who received the money, who checked, who drew it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from rapidfuzz import fuzz

from extractors._invoice_parties import ROWS, is_cipher, seal_tax_ids
from extractors._invoice_sheet import Sheet, span_of
from extractors.form import field_of
from extractors.model import Field, Kind
from extractors.rows import Row
from extractors.values import fold

_SEAL = re.compile(r"专用章|\(章\)|监制|^\d{13}$")
_SEAL_LIKE = 80  # per cent of a piece's characters that stand in the seller's name in this order
_TICKS = "☑☐✓✔□■●"  # read into the corner of a seal or a line of the form
_PARTY = {"buyer": "购(?:买)?方", "seller": "销(?:售)?方"}
_IN_REMARKS = (
    ("address_phone", r"地址:([^;:]*)(?:[;,]?(?:购(?:买)?方|销(?:售)?方)?(?:联系)?电话:([\d-]*))?"),
    (
        "bank_account",
        r"(?:开户银行|开户行)(?:名称)?:([^;:]*?)(?:[;,]?(?:购(?:买)?方|销(?:售)?方)?(?:银行|开户行)?[账帐]号:(\d+)|(?=;|$))",
    ),
)


# Clerks named in the remarks, one after the other: 收款人:…;复核人:…
_CLERKS = {"payee": "收款人", "reviewer": "复核人?", "drawer": "开票人"}
_CLERK = rf"(?:{'|'.join(_CLERKS.values())}):"
_NAME = rf"(?:(?!{_CLERK})[^;:,。\s]){{1,30}}"
_NAME_ENDS = re.compile(rf"[;,。]|{_CLERK}")
_BANK_NUMBER = r"(?:[;,\s]*(?:联?行号|银行联号):\d+)?"


def foot(sheet: Sheet, sides: Mapping[str, Field]) -> dict[str, Field]:
    """Names below the seller's block, and the remarks; `sides` are the parties as they were read."""
    names = _clerks(sheet)
    fields = {kind: _name(runs) for kind, runs in names.items()}
    seller = [str(sides.get(f"seller_{name}", Field()).value or "") for name in ("name", "tax_id")]
    at_foot = ("drawer",) if sheet.digital else tuple(names)
    claimed = {id(run) for kind in at_foot for run in names.get(kind, ())}
    if remarks := [run for run in _remarks(sheet, *seller) if id(run) not in claimed]:
        fields["remarks"] = field_of(span_of(remarks), Kind.TEXT)
    return fields


def _clerks(sheet: Sheet) -> dict[str, list[Row]]:
    """Where the names of payee, reviewer and drawer stand."""
    found: dict[str, list[Row]] = {}
    low = sheet.table_y if sheet.table_y is not None else float("-inf")
    for kind in ("payee", "reviewer", "drawer"):
        for mark in sheet.marked(kind):
            runs = [run for run in sheet.after(mark) if not _SEAL.search(run.text) and run.text not in "销售方"]
            if mark.middle > low and runs:
                found[kind] = runs[:1] if len(runs[0].text) > 1 else runs
    return found


def _name(runs: list[Row]) -> Field:
    """One name: what else the line of the remarks goes on with is none of it."""
    if end := _NAME_ENDS.search(runs[0].text):
        runs = [Row(runs[0].chars[: end.start()])]
    name = field_of(span_of(runs if runs[0].chars else []), Kind.PERSON)
    return name.model_copy(update={"value": str(name.value or "").strip(_TICKS) or None})


def _remarks(sheet: Sheet, seller: str, seller_tax_id: str) -> list[Row]:
    """What stands right of 备注, between the total and the names at the foot, but for seals."""
    if sheet.total_y is None:
        return []
    low = sheet.total_y
    bottom = _remarks_bottom(sheet, low)
    left = _remarks_left(sheet, low, bottom)
    if left is None:
        return []
    tax_numbers = {run.text for run in seal_tax_ids(sheet.runs, seller_tax_id)}
    sums = [mark for kind in ("words", "figures", "sum") for mark in sheet.marked(kind)]
    taken = {id(run) for mark in sums for run in (mark.text, *sheet.after(mark))}
    found = [
        run for run in (*sheet.runs, *(mark.text for mark in sheet.marks)) if id(run) not in taken
        and low + 0.8 * run.height < run.middle < bottom and run.left > left and len(run.text) > 1
        and not _SEAL.search(run.text) and not is_cipher(run.text) and run.text not in tax_numbers
        and run.text != "备注" and not _of_seal(run.text, seller)
    ]  # fmt: skip
    if sheet.digital:
        return found  # no seller's seal, and the box takes the whole width
    # A seal stands right of the remarks, apart from them.
    return [run for run in found if run.left < left + 6 * run.height or any(_follows(run, other) for other in found)]


def _remarks_bottom(sheet: Sheet, low: float) -> float:
    """Where the names at the foot begin. Fully digital invoices name only the drawer there, others in the remarks."""
    kinds = ("drawer",) if sheet.digital else ("payee", "reviewer", "drawer", "seal")
    feet = [m.middle - 0.7 * m.height for kind in kinds for m in sheet.marked(kind) if m.middle - 0.7 * m.height > low]
    if feet:
        return max(feet) if sheet.digital else min(feet)
    rows = [m.middle for m in sheet.marks if m.kind in ROWS and m.middle > low]
    return max(rows) + 1.0 if rows and not sheet.digital else float("inf")


def _of_seal(text: str, seller: str) -> bool:
    """Whether a piece is the seller's name as its seal shows it: whole or a part, a few characters misread."""
    return (
        len(text) >= 4 and bool(seller) and fuzz.partial_ratio(text, seller) >= _SEAL_LIKE and len(text) <= len(seller)
    )


def _follows(run: Row, other: Row) -> bool:
    level = abs(run.middle - other.middle) < 0.5 * run.height
    return other is not run and level and -0.5 * run.height < run.left - other.right < run.height


def _remarks_left(sheet: Sheet, low: float, bottom: float) -> float | None:
    level = [run for run in sheet.runs if low < run.middle < bottom + run.height]
    labels = [run.right for run in level if run.text in ("备", "注", "备注")]
    beside = [p for p in sheet.verticals if low < p.middle < bottom + p.height]
    labels += [p.right for p in beside if set(p.line.text) & set("备注")]
    if labels:
        return max(labels)
    if "name" not in sheet.columns or "tax" not in sheet.columns:
        return None
    first, last = sheet.columns["name"].centre, sheet.columns["tax"].centre
    return first + (-0.08 if sheet.digital else 0.6) * (last - first)


def told_in_remarks(fields: dict[str, Field]) -> dict[str, Field]:
    """Addresses, banks and clerks of digital invoices, which are printed as remarks."""
    remarks = fields.get("remarks", Field())
    text = str(remarks.value or "")
    told = {}
    for role, word in _PARTY.items():
        for name, pattern in _IN_REMARKS:
            if match := re.search(word + pattern, text):
                # As paper prints it and data gives it: one after the other.
                value = "".join(part.strip(" ;,") for part in match.groups() if part)
                told[f"{role}_{name}"] = remarks.model_copy(update={"value": value})
    for kind, label in list(_CLERKS.items())[:2]:  # who drew it stands at the foot
        if match := re.search(rf"(?:^|[;,。\s]){label}:({_NAME})", text):
            told[kind] = remarks.model_copy(update={"value": match[1]})
    return told


def bare_remarks(text: str) -> str:
    """Remarks without what issuing systems put into them: addresses, banks and clerks."""
    bare = fold(text)
    for word in _PARTY.values():
        for _, pattern in _IN_REMARKS:
            bare = re.sub(word + pattern + _BANK_NUMBER, "", bare)
    return re.sub(r"^[;,\s]+|[;,\s]+(?=[;,\s]|$)", "", re.sub(f"{_CLERK}(?:{_NAME})?", "", bare))
