"""The ledger as people keep it: a workbook, CSV or JSON lines; one row an invoice, one row a line of goods."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from apps import words
from apps.words import Language, pick, two, visible
from extractors.model import Field, Item, Status
from pipeline.ledger import Entry, Ledger
from validators.findings import Bilingual, Verdict
from validators.invoice_proofs import title_of

FORMATS = (".xlsx", ".csv", ".jsonl")
Value = str | int | Decimal | date | None

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
# Fill colours, chosen to stay apart for colour-blind readers too; what they mean is written in the row as well.
_BAD, _DOUBT, _TWICE, _HEAD = "F8CBAD", "FFE699", "BDD7EE", "D9D9D9"
_WIDEST = 60


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
    return {".csv": _csv(invoices), "-lines.csv": _csv(list(_line_rows(ledger)))}


def summary(ledger: Ledger, language: Language) -> str:
    """How many invoices there are, and how many need a look."""
    count = {verdict: sum(e.verdict is verdict for e in ledger.entries) for verdict in Verdict}
    twice = sum(e.is_duplicate for e in ledger.entries)
    total = len(ledger.entries)
    told = two(
        f"{ledger.files} 个文件，{total} 张发票：{count[Verdict.ACCEPT]} 张未发现问题，"
        f"{count[Verdict.REVIEW]} 张需核对，{count[Verdict.REJECT]} 张有错误；重复 {twice} 张；"
        f"{len(ledger.others)} 个文件不是发票或无法读取",
        f"{ledger.files} files, {total} invoices: nothing wrong found in {count[Verdict.ACCEPT]}, "
        f"{count[Verdict.REVIEW]} to look at, {count[Verdict.REJECT]} wrong; {twice} duplicates; "
        f"{len(ledger.others)} files are no invoices or cannot be read",
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


def _csv(rows: Sequence[Sequence[Value]]) -> bytes:
    """CSV as Excel opens it: with a byte order mark, and no cell that it would take for a formula."""
    text = io.StringIO()
    csv.writer(text).writerows([_guarded(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig", "replace")


def _guarded(value: Value) -> str:
    """Long numbers keep their digits and formulas stay text: a tab before them, as accounting programs do."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    shown = "" if value is None else visible(str(value))
    long_number = isinstance(value, str) and value.isdigit() and (len(value) > 11 or value.startswith("0"))
    return f"\t{shown}" if shown[:1] in tuple("=+-@\t\r") or long_number else shown


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
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    invoices = [[(c.value(e), _colour(e, c)) for c in _COLUMNS] for e in ledger.entries]
    _sheet(book, "发票 Invoices", [c.title for c in _COLUMNS], invoices)
    heading, *lines = _line_rows(ledger)
    _sheet(
        book, "明细 Lines", [two(str(text), str(text)) for text in heading], [[(v, "") for v in row] for row in lines]
    )
    if ledger.others:
        headings = [two("文件", "File"), two("内容", "What it is"), two("问题", "Problems")]
        rows = [
            [(e.report.file, ""), (words.type_name(e.report.type).zh, ""), (_messages(e), _DOUBT)]
            for e in ledger.others
        ]
        _sheet(book, "其他文件 Other files", headings, rows)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _colour(entry: Entry, column: _Column) -> str:
    """Red: proven wrong; yellow: doubtful or a failed proof; blue: it is there more than once."""
    if column.key in ("file", "state") and entry.verdict is not Verdict.ACCEPT:
        return _BAD if entry.verdict is Verdict.REJECT else _DOUBT
    if entry.is_duplicate and column.key in ("invoice_code", "invoice_number", "duplicate"):
        return _TWICE
    if column.key == "failed" and entry.failed:
        return _BAD
    if any(found.field == column.field and found.verdict is Verdict.REJECT for found in entry.findings if column.field):
        return _BAD
    found = entry.report.fields.get(column.field)
    return _DOUBT if found and found.status is Status.DOUBTFUL else ""


def _sheet(book: Any, title: str, headings: Sequence[Bilingual], rows: Sequence[Sequence[tuple[Value, str]]]) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(title)
    sheet.freeze_panes = "B2"
    for number, heading in enumerate(headings, 1):
        widths = [_width(row[number - 1][0]) for row in rows[:500]]
        sheet.column_dimensions[get_column_letter(number)].width = min(_WIDEST, max([_width(heading.zh), *widths]) + 2)
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{len(rows) + 1}"
    fills = {colour: PatternFill("solid", fgColor=colour) for colour in (_BAD, _DOUBT, _TWICE, _HEAD)}

    def cell(value: Value, colour: str, *, bold: bool = False) -> Any:
        made: Any = WriteOnlyCell(sheet)
        made.value = visible(value) if isinstance(value, str) else value
        if isinstance(value, str):
            made.data_type, made.number_format = "s", "@"  # never a formula, never a number
            made.alignment = Alignment(wrap_text="\n" in value, vertical="top")
        elif isinstance(value, date):
            made.number_format = "yyyy-mm-dd"
        if colour:
            made.fill = fills[colour]
        if bold:
            made.font = Font(bold=True)
        return made

    sheet.append([cell(pick(heading, "both", "\n"), _HEAD, bold=True) for heading in headings])
    for row in rows:
        sheet.append([cell(value, colour) for value, colour in row])


def _width(value: Value) -> int:
    """Columns a value takes in a sheet: a Chinese character takes two."""
    lines = str("" if value is None else value).split("\n")
    return max(sum(2 if ord(c) > 0x2E7F else 1 for c in line) for line in lines)
