"""VAT invoices (增值税发票): paper, electronic and fully digital ones.

invoice_kind is one of special, ordinary (paper), electronic_special, electronic_ordinary (2015 on),
digital_special, digital_ordinary (数电票, 2021 on), roll (卷票), vehicle, used_vehicle.
issued_by_tax_bureau: issued by a tax bureau for somebody else (代开).
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors._invoice_head import KINDS, head
from extractors._invoice_parties import ROWS, is_cipher, parties, seal_tax_ids
from extractors._invoice_sheet import Sheet, made, span_of
from extractors._invoice_table import items, totals
from extractors.form import field_of
from extractors.model import DocumentType, Field, FieldSpec, Item, Kind, Page, Status
from extractors.rows import Row

_BUREAU = re.compile(r"税务(?:局|所|分局)")
_ISSUED_FOR = re.compile(r"代开(?:企业|单位|机关|人)?(?:名称|税号|:)")
_TAX_ID = ("纳税人识别号", "统一社会信用代码/纳税人识别号")
_SEAL = re.compile(r"专用章|\(章\)|监制|^\d{13}$")
_IN_REMARKS = (
    ("address_phone", r"地址:([^;；]*?(?:[;；,，]?电话:[\d-]*)?)(?=[;；]|购|销|$)"),
    ("bank_account", r"(?:开户银行|开户行):([^;；]*?[;；,，]?(?:银行)?(?:账号|帐号):\d+)"),
)


def extract(pages: Sequence[Page]) -> dict[str, Field]:
    """The fields of one invoice: the head and parties from its first page, totals from where they are printed.

    Pages after the one with the total are further copies or lists of goods, not more items.
    """
    fields: dict[str, Field] = {}
    lines: list[Item] = []
    found: list[Field] = []
    for page in pages:
        sheet = Sheet(page)
        sums = totals(sheet)
        for name, value in {**head(sheet), **parties(sheet), **_foot(sheet)}.items():
            fields.setdefault(name, value)
        more, span = items(sheet, sums.values())
        lines += more
        if more:
            found.append(made(span, list(more), "" if all(map(_whole, more)) else "incomplete"))
        fields |= sums
        if "total" in sums or "total_in_words" in sums:
            break
    if found:
        fields["items"] = _all_items(lines, found)
    fields |= {name: value for name, value in _told_in_remarks(fields).items() if name not in fields}
    fields["issued_by_tax_bureau"] = _issued_for(pages, fields)
    return fields


def _whole(item: Item) -> bool:
    """Whether an item has what belongs together; a lone 1 as quantity is easily overlooked and says nothing."""
    if item.amount is None:
        return False
    if item.quantity is None and item.unit_price is not None:
        return round(item.unit_price, 2) == abs(item.amount)
    return item.quantity is None or item.unit_price is not None


def _all_items(lines: list[Item], found: Sequence[Field]) -> Field:
    """Items of all pages; place and reader's confidence are those of the first page and the weakest."""
    doubtful = next((f for f in found if f.status is Status.DOUBTFUL), found[0])
    return found[0].model_copy(
        update={"value": lines, "raw": "\n".join(f.raw for f in found), "status": doubtful.status,
                "reason": doubtful.reason, "confidence": min(f.confidence for f in found)}
    )  # fmt: skip


def _foot(sheet: Sheet) -> dict[str, Field]:
    """Names below the seller's block, and the remarks."""
    fields: dict[str, Field] = {}
    low = sheet.table_y if sheet.table_y is not None else float("-inf")
    for kind in ("payee", "reviewer", "drawer"):
        for mark in sheet.marked(kind):
            runs = [run for run in sheet.after(mark) if not _SEAL.search(run.text) and run.text not in "销售方"]
            if mark.middle > low and runs:
                fields[kind] = field_of(runs[0].span() if len(runs[0].text) > 1 else span_of(runs), Kind.PERSON)
    if remarks := _remarks(sheet):
        fields["remarks"] = field_of(span_of(remarks), Kind.TEXT)
    return fields


def _remarks(sheet: Sheet) -> list[Row]:
    """What stands right of 备注, between the total and the names at the foot, but for seals."""
    if sheet.total_y is None:
        return []
    low = sheet.total_y
    feet = [m.middle - 0.7 * m.height for kind in ("payee", "reviewer", "drawer", "seal") for m in sheet.marked(kind)]
    feet = [y for y in feet if y > low]
    rows = [m.middle for m in sheet.marks if m.kind in ROWS and m.middle > low]
    bottom = min(feet, default=max(rows) + 1.0 if rows else float("inf"))
    left = _remarks_left(sheet, low, bottom)
    if left is None:
        return []
    tax_numbers = {run.text for run in seal_tax_ids(sheet.runs, "".join(
        str(f.value) for f in [parties(sheet).get("seller_tax_id", Field())] if f.value))}  # fmt: skip
    found = [
        run for run in sheet.runs
        if low + 0.8 * run.height < run.middle < bottom and run.left > left and len(run.text) > 1
        and not _SEAL.search(run.text) and not is_cipher(run.text) and run.text not in tax_numbers
        and run.text != "备注"
    ]  # fmt: skip
    # A seal stands right of the remarks, apart from them.
    return [run for run in found if run.left < left + 6 * run.height or any(_follows(run, other) for other in found)]


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


def _told_in_remarks(fields: dict[str, Field]) -> dict[str, Field]:
    """Addresses and banks of digital invoices, which are printed as remarks."""
    remarks = fields.get("remarks", Field())
    text = str(remarks.value or "")
    told = {}
    for role, word in (("buyer", "购(?:买)?方"), ("seller", "销(?:售)?方")):
        for name, pattern in _IN_REMARKS:
            if match := re.search(word + pattern, text):
                told[f"{role}_{name}"] = remarks.model_copy(update={"value": match.group(1).strip(";；,，")})
    return told


def _issued_for(pages: Sequence[Page], fields: dict[str, Field]) -> Field:
    """Whether a tax bureau issued it: the mark 代开, a bureau as seller or drawer, or the remarks saying so."""
    for page in pages:
        for line in page.lines:
            text = "".join(line.text.split())
            if text in ("代开", "(代开)", "（代开）") or _ISSUED_FOR.search(text):
                return Field(value=True, raw=line.text, status=Status.READ, confidence=line.confidence,
                             page=page.number, box=line.box, reason="marked")  # fmt: skip
    for name in ("seller_name", "drawer"):
        found = fields.get(name, Field())
        if _BUREAU.search(str(found.value or "")):
            return found.model_copy(update={"value": True, "reason": "tax_bureau", "alternates": ()})
    return Field(value=False, status=Status.READ, reason="not_marked")


DOCUMENT_TYPE = DocumentType(
    id="vat_invoice",
    zh="增值税发票",
    en="VAT invoice",
    extract=extract,
    titles=(*KINDS.values(), "电子发票(普通发票)", "电子发票(增值税专用发票)", "通行费电子普通发票"),
    words=(
        "价税合计", "纳税人识别号", "开票日期", "税率", "税额", "发票代码", "发票号码", "购买方", "销售方", "开票人",
        "复核", "收款人", "校验码", "机器编号", "密码区", "货物或应税劳务", "规格型号", "项目名称", "开户行及账号",
    ),
    against=("营业执照", "开户许可证", "基本存款账户", "登记机关", "经营范围", "公民身份号码", "核准号"),
    fields=(
        FieldSpec("invoice_kind", Kind.CHOICE, "发票种类"),
        FieldSpec("invoice_code", Kind.INVOICE_CODE, "发票代码", ("发票代码",), key=True),
        FieldSpec("invoice_number", Kind.INVOICE_NUMBER, "发票号码", ("发票号码",), key=True),
        FieldSpec("issued_on", Kind.DATE, "开票日期", ("开票日期",), key=True),
        FieldSpec("check_code", Kind.DIGITS, "校验码", ("校验码",)),
        FieldSpec("machine_number", Kind.DIGITS, "机器编号", ("机器编号",)),
        FieldSpec("buyer_name", Kind.ORGANISATION, "购买方名称", ("名称",), key=True),
        FieldSpec("buyer_tax_id", Kind.TAX_ID, "购买方纳税人识别号", _TAX_ID),
        FieldSpec("buyer_address_phone", Kind.TEXT, "购买方地址、电话", ("地址、电话",)),
        FieldSpec("buyer_bank_account", Kind.TEXT, "购买方开户行及账号", ("开户行及账号",)),
        FieldSpec("seller_name", Kind.ORGANISATION, "销售方名称", ("名称",), key=True),
        FieldSpec("seller_tax_id", Kind.TAX_ID, "销售方纳税人识别号", _TAX_ID),
        FieldSpec("seller_address_phone", Kind.TEXT, "销售方地址、电话", ("地址、电话",)),
        FieldSpec("seller_bank_account", Kind.TEXT, "销售方开户行及账号", ("开户行及账号",)),
        FieldSpec("items", Kind.ITEMS, "货物或应税劳务、服务", ("货物或应税劳务、服务名称", "项目名称")),
        FieldSpec("amount", Kind.MONEY, "合计金额", ("合计",)),
        FieldSpec("tax", Kind.MONEY, "合计税额", ("税额",)),
        FieldSpec("total", Kind.MONEY, "价税合计（小写）", ("小写",), key=True),
        FieldSpec("total_in_words", Kind.MONEY_IN_WORDS, "价税合计（大写）", ("价税合计",)),
        FieldSpec("remarks", Kind.TEXT, "备注", ("备注",)),
        FieldSpec("payee", Kind.PERSON, "收款人", ("收款人",)),
        FieldSpec("reviewer", Kind.PERSON, "复核", ("复核",)),
        FieldSpec("drawer", Kind.PERSON, "开票人", ("开票人",)),
        FieldSpec("issued_by_tax_bureau", Kind.FLAG, "代开"),
    ),
)  # fmt: skip
