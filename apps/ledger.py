"""The ledger as people keep it: a workbook, CSV or JSON lines; one row an invoice, one row a line of goods."""

from __future__ import annotations

import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from apps import words
from apps.sheets import BAD, DOUBT, TWICE, Sheet, Shown, Value, csv_lines, new_workbook, width_of
from apps.words import Language, pick, two
from extractors.model import Field, Item, Status
from pipeline.ledger import Entry, Ledger
from validators.findings import Bilingual, Verdict
from validators.invoice_proofs import title_of

if TYPE_CHECKING:
    from openpyxl import Workbook

FORMATS = (".xlsx", ".csv", ".jsonl")

_FIELDS = (
    "invoice_kind", "invoice_code", "invoice_number", "issued_on", "check_code", "buyer_name", "buyer_tax_id",
    "seller_name", "seller_tax_id", "amount", "tax", "total", "total_in_words", "rate_family",
    "issued_by_tax_bureau", "actual_seller_name", "actual_seller_tax_id", "is_red", "original_invoice_number",
    "remarks", "payee", "reviewer", "drawer",
)  # fmt: skip
_STATES = {
    Verdict.ACCEPT: two("通过", "fine"),
    Verdict.REVIEW: two("需核对", "look at it"),
    Verdict.REJECT: two("有错误", "wrong"),
}
_PROVEN_IN_PART = two("未发现问题，部分未能证明", "nothing wrong found, not all of it proven")


@dataclass(frozen=True, slots=True)
class _Column:
    key: str
    title: Bilingual
    value: Callable[[Entry], Value]
    field: str = ""  # the field whose state colours the cell


def _field(name: str) -> _Column:
    def value(entry: Entry) -> Value:
        found = entry.report.fields.get(name, Field())
        if isinstance(found.value, date | Decimal):
            return found.value
        return "" if found.value is None else words.field_value("vat_invoice", name, found).zh

    return _Column(name, words.field_name("vat_invoice", name), value, name)


def state(entry: Entry) -> Bilingual:
    """What there is to say of an invoice in one phrase; what was not proven never reads as fine."""
    if entry.verdict is Verdict.ACCEPT and (entry.unproven or not entry.report.proofs):
        return _PROVEN_IN_PART
    return _STATES[entry.verdict]


def _messages(entry: Entry) -> str:
    return "\n".join(found.message.zh for found in entry.findings if found.verdict is not Verdict.ACCEPT)


_COLUMNS = (
    _Column("file", two("文件", "File"), lambda e: e.report.file),
    _Column("part", two("文件内序号", "Part"), lambda e: e.report.part),
    _Column("state", two("结论", "State"), lambda e: pick(state(e), "both")),
    *map(_field, _FIELDS),
    _Column("lines", two("明细行数", "Lines"), lambda e: len(e.items), "items"),
    _Column("duplicate", two("重复", "Duplicate"), lambda e: "重复 duplicate" if e.is_duplicate else ""),
    _Column("failed", two("未通过的证明", "Failed proofs"), lambda e: _named(e.failed)),
    _Column("unproven", two("未能证明", "Not proven"), lambda e: _named(e.unproven)),
    _Column("problems", two("问题", "Problems"), _messages),
    _Column("source", two("读取方式", "Read from"), lambda e: words.SOURCES[e.source.value].zh),
    _Column("signatures", two("电子签名", "Signature"), lambda e: _signed(e)),
    _Column("also_in", two("同一发票的其他文件", "Other files of it"), lambda e: "\n".join(e.also_in)),
    _Column("sha256", two("文件 SHA-256", "SHA-256 of the file"), lambda e: e.report.sha256),
)  # fmt: skip
_LINE_COLUMNS: tuple[tuple[str, Bilingual], ...] = (
    ("name", two("名称", "Name")), ("spec", two("规格型号", "Specification")), ("unit", two("单位", "Unit")),
    ("quantity", two("数量", "Quantity")), ("unit_price", two("单价", "Unit price")), ("amount", two("金额", "Amount")),
    ("tax_rate", two("税率", "Rate")), ("tax", two("税额", "Tax")),
)  # fmt: skip
_LINE_KEYS = ("file", "part", "invoice_code", "invoice_number", "issued_on", "seller_name")


def _signed(entry: Entry) -> str:
    return "、".join(words.INTEGRITIES[signature.integrity].zh for signature in entry.report.signatures)


def _named(proofs: Iterable[str]) -> str:
    return "、".join(title_of(proof).zh for proof in proofs)


def ledger_bytes(ledger: Ledger, suffix: str) -> dict[str, bytes]:
    """The files of a ledger by the suffix each adds to the name that was asked for: CSV needs two."""
    if suffix == ".xlsx":
        return {".xlsx": _workbook(ledger)}
    if suffix == ".jsonl":
        return {".jsonl": "".join(_json(entry) for entry in ledger.entries).encode()}
    invoices: list[Sequence[Value]] = [[c.title.zh for c in _COLUMNS]]
    invoices += [[c.value(e) for c in _COLUMNS] for e in ledger.entries]
    return {".csv": b"".join(csv_lines(invoices)), "-lines.csv": b"".join(csv_lines(_line_rows(ledger)))}


def summary(ledger: Ledger, language: Language) -> str:
    """How many invoices there are, and how many need a look."""
    count = {verdict: sum(e.verdict is verdict for e in ledger.entries) for verdict in Verdict}
    twice = sum(e.is_duplicate for e in ledger.entries)
    total = len(ledger.entries)
    told = two(
        f"{ledger.files} 个文件，{total} 张发票：{count[Verdict.ACCEPT]} 张未发现问题，"
        f"{count[Verdict.REVIEW]} 张需核对，{count[Verdict.REJECT]} 张有错误；重复 {twice} 张；"
        f"另有 {len(ledger.others)} 份材料不是发票或无法读取",
        f"{ledger.files} files, {total} invoices: nothing wrong found in {count[Verdict.ACCEPT]}, "
        f"{count[Verdict.REVIEW]} to look at, {count[Verdict.REJECT]} wrong; {twice} duplicates; "
        f"{len(ledger.others)} other documents are no invoices or cannot be read",
    )
    return pick(told, language, "\n")


def _line_rows(ledger: Ledger) -> Iterator[Sequence[Value]]:
    keyed = {column.key: column for column in _COLUMNS}
    yield [keyed[key].title.zh for key in _LINE_KEYS] + ["行号"] + [title.zh for _, title in _LINE_COLUMNS]
    for entry in ledger.entries:
        first = [keyed[key].value(entry) for key in _LINE_KEYS]
        for number, item in enumerate(entry.items, 1):
            yield [*first, number, *_line(item)]


def _line(item: Item) -> list[Value]:
    return [getattr(item, key) for key, _ in _LINE_COLUMNS]


def _json(entry: Entry) -> str:
    report = entry.report
    told: dict[str, Any] = {
        "file": report.file, "part": report.part, "also_in": list(entry.also_in), "sha256": report.sha256,
        "source": entry.source.value, "state": entry.verdict.value, "duplicate": entry.is_duplicate,
        "fields": {
            name: {"value": found["value"], "status": found["status"]}
            for name, found in ((n, f.model_dump(mode="json")) for n, f in report.fields.items())
        },
        "proofs": [proof.model_dump(mode="json") for proof in report.proofs],
        "signatures": [signature.model_dump(mode="json") for signature in report.signatures],
        "findings": [found.model_dump(mode="json", exclude={"evidence"}) for found in entry.findings],
    }  # fmt: skip
    return json.dumps(told, ensure_ascii=False).encode("utf-8", "replace").decode() + "\n"


def _workbook(ledger: Ledger) -> bytes:
    with new_workbook() as book:
        invoices = [[Shown(c.value(e), _colour(e, c)) for c in _COLUMNS] for e in ledger.entries]
        _sheet(book, "发票 Invoices", [c.title for c in _COLUMNS], invoices)
        heading, *lines = _line_rows(ledger)
        headings = [two(str(text), str(text)) for text in heading]
        _sheet(book, "明细 Lines", headings, [[Shown(value) for value in row] for row in lines])
        if ledger.others:
            headings = [two("文件", "File"), two("内容", "What it is"), two("问题", "Problems")]
            rows = [
                [Shown(e.report.file), Shown(words.type_name(e.report.type).zh), Shown(_messages(e), DOUBT)]
                for e in ledger.others
            ]
            _sheet(book, "其他文件 Other files", headings, rows)
        out = io.BytesIO()
        book.save(out)
    return out.getvalue()


def _sheet(book: Workbook, title: str, headings: Sequence[Bilingual], rows: Sequence[Sequence[Shown]]) -> None:
    """A sheet as wide as its first rows."""
    widths = [max((width_of(row[at].value) for row in rows[:500]), default=0) for at in range(len(headings))]
    sheet = Sheet(book, title, headings, widths)
    for row in rows:
        sheet.append(row)
    sheet.close()


def _colour(entry: Entry, column: _Column) -> str:
    """Red: proven wrong; yellow: doubtful or a failed proof; blue: it is there more than once."""
    if column.key in ("file", "state") and entry.verdict is not Verdict.ACCEPT:
        return BAD if entry.verdict is Verdict.REJECT else DOUBT
    if entry.is_duplicate and column.key in ("invoice_code", "invoice_number", "duplicate"):
        return TWICE
    if column.key == "failed" and entry.failed:
        return BAD
    if any(found.field == column.field and found.verdict is Verdict.REJECT for found in entry.findings if column.field):
        return BAD
    found = entry.report.fields.get(column.field)
    return DOUBT if found and found.status is Status.DOUBTFUL else ""
