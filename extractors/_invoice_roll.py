"""Invoices on a paper roll (卷票): one column of labels that name the party themselves, values wrapped at its edge."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from extractors._invoice_parties import organisation, tax_number
from extractors._invoice_sheet import WORDS, made, plain_words, simpler
from extractors.form import field_of
from extractors.model import Field, Kind, Page, Status
from extractors.rows import Row, Span, place, rows_of
from extractors.values import parse_words

_SELLER, _BUYER = r"(?:销售方|销货方|销方|收款单位)", r"(?:购买方|购货方|购方|付款单位)"
_ID = r"(?:统一社会信用代码/?)?(?:纳税人识别号|识别号|税号)|统一社会信用代码"
# What a row of a roll begins with. A number that names no party is that of the party named before it.
_LABELS = {
    "seller_name": rf"{_SELLER}(?:名称)?(?=:)|{_SELLER}名称",
    "seller_tax_id": rf"{_SELLER}(?:{_ID})",
    "buyer_name": rf"{_BUYER}(?:名称)?(?=:)|{_BUYER}名称",
    "buyer_tax_id": rf"{_BUYER}(?:{_ID})",
    "tax_id": _ID,
    "invoice_code": r"发票代码",
    "invoice_number": r"发票号码",
    "printed_number": r"机打号码",
    "issued_on": r"开票日期",
    "check_code": r"校验码",
    "drawer": r"收款员|开票人",
    "total_in_words": r"(?:价税)?合计(?:金额)?\(?大写\)?|金额\(?大写\)?|大写(?=:)|合计(?:金额)?\(大(?=:)",
    "": r"机打代码|机器(?:编号|号码)|税控码|项目|品名|(?:价税)?合计|金额|小写"
    r"|收款人|复核|备注",
}
_LABEL = re.compile("|".join(f"(?P<g{at}>{pattern})" for at, pattern in enumerate(_LABELS.values())))
_WRAPPED = 3  # rows a value may take
_ALIGNED = 3  # text heights from where the rows of a value begin
_NEXT_ROW = 2.6  # in text heights: a value goes on at most this far below


def is_roll(page: Page) -> bool:
    """Whether the labels of the parties say themselves whose they are, at the beginning of their lines."""
    found = {m.group(0) for line in page.lines if (m := re.match(f"{_SELLER}|{_BUYER}", _plain(line.text)))
             and re.match(rf"(?:名称|{_ID})", _plain(line.text)[m.end():])}  # fmt: skip
    titled = any("卷" in line.text and "票" in line.text for line in page.lines)
    return len(found) == 2 or (bool(found) and titled)


def roll(page: Page) -> dict[str, Field]:
    """Numbers, date, parties, clerk and the total in words of a roll; the rest is read as on every invoice."""
    rows = rows_of([p for p in place(page.lines) if not p.vertical])
    fields: dict[str, Field] = {}
    side = ""
    for at, row in enumerate(rows):
        if "卷" in row.text and "票" in row.text:
            fields.setdefault("invoice_kind", made(row.span(), "roll"))
        for name, start, end in _entries(row):
            side = name.partition("_")[0] if name.endswith("_name") else side
            name = f"{side}_{name}" if name == "tax_id" else name
            kind = name.removeprefix("seller_").removeprefix("buyer_")
            more = _continued(rows, at, start) if end == len(row.chars) else []
            span = Span(tuple(r.span().rows[0] for r in [Row(row.chars[start:end]), *more] if r.chars))
            if span and kind in _FIELD_OF and (found := _FIELD_OF[kind](span)).status is not Status.MISSING:
                fields.setdefault(name, found)
    return _same_number(fields)


def _same_number(fields: dict[str, Field]) -> dict[str, Field]:
    """The number is printed beforehand and by the till; where both were read and differ, none is relied on."""
    printed, number = fields.pop("printed_number", Field()), fields.get("invoice_number", Field())
    if printed.value and number.value:
        differ = printed.value != number.value
        update: dict[str, object] = {"alternates": (str(printed.value),)}
        update |= {"status": Status.DOUBTFUL, "reason": "conflicting_readings"} if differ else {}
        fields["invoice_number"] = number.model_copy(update=update)
    return fields


def _entries(row: Row) -> list[tuple[str, int, int]]:
    """The labels of a row with where their values begin and end."""
    text = simpler(row.text)
    found = [m for m in _LABEL.finditer(text) if row.chars[m.start()].starts or not _is_word(text[: m.start()][-1:])]
    ends = [*(m.start() for m in found[1:]), len(text)][: len(found)]
    colons = [len(text) - len(text[m.end() :].lstrip(":")) for m in found]
    names = list(_LABELS)
    return [
        (names[int((m.lastgroup or "g0")[1:])], start, end)
        for m, start, end in zip(found, colons, ends, strict=True)
    ]  # fmt: skip


def _continued(rows: Sequence[Row], at: int, start: int) -> list[Row]:
    """The rows below that begin with no label: the value went on there, at the paper's edge or below its own start."""
    more: list[Row] = []
    begins = [char.left for char in (rows[at].chars[0], *rows[at].chars[start : start + 1])]
    for row in rows[at + 1 : at + _WRAPPED]:
        above = more[-1] if more else rows[at]
        below = row.middle - above.middle < _NEXT_ROW * above.height
        aligned = any(abs(row.left - left) < _ALIGNED * row.height for left in begins)
        if _entries(row) or not below or not aligned:
            break
        more.append(row)
    return more


def _is_word(char: str) -> bool:
    return "\u3400" <= char <= "\u9fff"


def _plain(text: str) -> str:
    return simpler(re.sub(r"\s", "", text))


def _digits(*lengths: int) -> Callable[[Span], Field]:
    def number(span: Span) -> Field:
        text = re.sub(r"\s", "", span.text)
        return made(span, text, "" if text.isdigit() and len(text) in lengths else "malformed")

    return number


def _day(span: Span) -> Field:
    return field_of(span, Kind.DATE)


def _words(span: Span) -> Field:
    text = plain_words(re.sub(r"\s", "", span.text))
    if not WORDS.fullmatch(text) or parse_words(text) is None:
        return made(span, text, "malformed")
    # After whole yuan a closing 整 is printed: without it the cents of the next row were not read.
    return made(span, text, "incomplete" if text[-1] in "元圆" else "")


def _person(span: Span) -> Field:
    return field_of(span, Kind.PERSON)


_FIELD_OF: dict[str, Callable[[Span], Field]] = {
    "name": organisation, "tax_id": tax_number,
    "invoice_code": _digits(10, 12), "invoice_number": _digits(8),
    "printed_number": _digits(8), "issued_on": _day, "check_code": _digits(20),
    "drawer": _person, "total_in_words": _words
}  # fmt: skip
