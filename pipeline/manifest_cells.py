"""What the cells of a manifest hold. A value that a spreadsheet may have spoilt is refused, never repaired."""

from __future__ import annotations

import re

from extractors.columns import bare_heading
from extractors.model import Kind
from extractors.values import compact, parse_date
from pipeline.manifest_model import both
from pipeline.workbook import RawCell
from validators.findings import Bilingual
from validators.profile import Declared

# Kinds that count something: a number in the cell is what was meant. Any other number may have lost digits or zeros.
_QUANTITIES = {Kind.MONEY, Kind.CAPITAL, "count", "rate"}
_YES = {"是", "有", "√", "✓", "✔", "yes", "y", "true", "1"}
_NO = {"否", "无", "×", "✗", "✘", "no", "n", "false", "0"}
_SCIENTIFIC = re.compile(r"[-+]?\d(?:\.\d+)?E\+\d{2,3}", re.IGNORECASE)
_ERROR_VALUE = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|#+)|#+")
_ROUNDED = re.compile(r"\d{15}0{3,}")  # a spreadsheet keeps 15 digits
_DAY = re.compile(r"[\d年月日号/.\-\s]+")
_TIME = re.compile(r"(?<=[\d日])[T\s]+0{1,2}:00(?::00(?:\.0+)?)?$")
_PLAIN_AMOUNT = re.compile(r"[\d,]+(?:\.\d+)?")
_MOBILE = re.compile(r"1[3-9]\d{9}")
# White space and marks of direction or width that come along when text is pasted.
_AROUND = "".join(map(chr, (*range(0x21), 0x7F, 0x85, 0xA0, 0x3000, 0xFEFF, *range(0x2000, 0x2010),
                            *range(0x2028, 0x2030), *range(0x205F, 0x2070))))  # fmt: skip
_SEPARATORS = re.compile(r"[;；\r\n]+")

_AS_NUMBER = both(
    "号码或文字被存成了数字，可能已丢失位数，请把这一列设为文本格式后重新填写",
    "was typed as a number and may have lost digits: format the column as text and fill it in again.",
)
_AS_NUMBER_IN_CSV = both(
    "号码已被表格软件改写（如 9.13E+17），原来的位数已丢失，请在表格软件里把这一列设为文本格式、重新填写后再导出",
    "was rewritten by a spreadsheet (such as 9.13E+17) and its digits are lost:"
    " format the column as text, fill it in again and export it again.",
)
_SEEMS_ROUNDED = both(
    "第 15 位之后全为 0，像是被表格软件改写的；如果确实如此，请在号码前加英文单引号 '",
    "has only zeros after its 15th digit, as when a spreadsheet rewrote it; if it is right, put ' before it.",
)


class CellError(ValueError):
    """Why a cell cannot be used, as the part of a sentence that follows its address."""

    def __init__(self, reason: Bilingual) -> None:
        super().__init__(reason.en)
        self.reason = reason


def cell_text(cell: RawCell) -> str:
    """The text of a cell without what is around it: white space, and the sign by which Excel is told it is text."""
    text = cell.text.strip(_AROUND)
    if formula := re.fullmatch(r'="([^"]*)"', text):
        text = formula[1].strip(_AROUND)
    if _ERROR_VALUE.fullmatch(text):
        raise CellError(both("是公式的错误值", "is a formula's error value."))
    if "\ufffd" in text:
        raise CellError(both("有无法辨认的字符，文件的编码可能已损坏", "has characters that were lost in saving."))
    return text[1:].strip(_AROUND) if text.startswith("'") else text


def is_marked_as_text(cell: RawCell) -> bool:
    """Whether a text says itself that it is one: Excel did not touch it then."""
    return cell.text.lstrip(" \ufeff").startswith(("\t", "'", '="'))


def declared_value(spec: Declared | None, unit: str, cell: RawCell, *, csv: bool) -> str | bool:
    """What is declared in a cell that is not empty. Raises CellError."""
    kind = spec.kind if spec else Kind.TEXT
    text = cell_text(cell)
    if kind == Kind.FLAG:
        return _flag(text)
    if _SCIENTIFIC.fullmatch(text):
        raise CellError(_AS_NUMBER_IN_CSV if csv else _AS_NUMBER)
    if kind == Kind.DATE:
        return _date(text)
    if cell.numeric and kind not in _QUANTITIES and not (kind == "mobile" and _MOBILE.fullmatch(text)):
        raise CellError(_AS_NUMBER)
    if csv and kind not in _QUANTITIES and _ROUNDED.fullmatch(text) and not is_marked_as_text(cell):
        raise CellError(_SEEMS_ROUNDED)
    if spec and spec.choices and text not in spec.choices:
        listed = ", ".join(spec.choices)
        raise CellError(both(f"应为其中之一：{listed}", f"should be one of: {listed}."))
    return text + unit if unit and _PLAIN_AMOUNT.fullmatch(text) else text


def plain_text(cell: RawCell) -> str:
    """A name or path. A whole number is what it shows as long as no digit can have been lost."""
    text = cell_text(cell)
    if (cell.numeric and not re.fullmatch(r"\d{1,15}", text)) or _SCIENTIFIC.fullmatch(text):
        raise CellError(_AS_NUMBER)
    return text


def file_names(cell: RawCell) -> list[str]:
    """The files a cell names, one a line or between semicolons, with / between folders."""
    names = (name.strip(_AROUND).strip('"“”') for name in _SEPARATORS.split(plain_text(cell)))
    return [name.replace("\\", "/").removeprefix("./") for name in names if name]


def _flag(text: str) -> bool:
    word = bare_heading(text)
    if word not in _YES | _NO:
        raise CellError(both("应为 是 或 否", "should be 是 or 否 (yes or no)."))
    return word in _YES


def _date(text: str) -> str:
    """ISO 8601. Eight digits are a date however they were typed; a bare serial number is none."""
    text = _TIME.sub("", text)
    day = parse_date(text) if _DAY.fullmatch(text) and (not text.isdigit() or len(compact(text)) == 8) else None
    if day is None:
        raise CellError(both("应为日期，如 2026-03-05", "should be a date such as 2026-03-05."))
    return day.isoformat()
