"""The empty Excel list for a profile: one row a submission, one column for each declared value and each slot.

Columns are text, so that Excel and WPS keep every digit, choices are drop-down lists, and the profile stands above
the headings. Read back as it is, the list has no rows.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from extractors.model import Kind
from pipeline.templates import drop_down, explain, needed, put, put_heading
from validators.findings import Bilingual
from validators.profile import Declared, Profile, Slot

_LAST_ROW = 100_000  # of the drop-down lists
_HEAD = 2
_TEXT = "@"
_FORMATS = {Kind.MONEY: "#,##0.00", Kind.DATE: "yyyy-mm-dd", "count": "0", "rate": "General"}
_EXAMPLES = {
    Kind.CREDIT_CODE: "91330108MA2CG4HU3R", Kind.ORGANISATION: "杭州云帆数字科技有限公司", Kind.PERSON: "张晓明",
    "person_document": "330108198805142036", "mobile": "13800000000", "phone": "0571-88880000",
    "email": "office@example.com", Kind.ACCOUNT_NUMBER: "1202020019900012345", Kind.MONEY: "30000.00",
    Kind.CAPITAL: "500万元", Kind.DATE: "2026-03-05", Kind.FLAG: "是", "rate": "13", "count": "3",
}  # fmt: skip
_KINDS = {
    Kind.MONEY: "金额（元），只填数字", Kind.CAPITAL: "金额，写明单位", Kind.DATE: "日期", Kind.FLAG: "是 或 否",
    "choice": "从列表中选择", "rate": "百分比", "count": "整数",
}  # fmt: skip
_FILES = "文件名；多个文件用分号或换行分开，按“资料文件夹”（未填时按本清单所在文件夹）查找"


@dataclass(frozen=True, slots=True)
class _Column:
    """A column of the list, and what the second sheet says of it."""

    title: Bilingual
    required: bool = False
    holds: str = "文字"
    number_format: str = _TEXT
    choices: tuple[str, ...] = ()
    example: str = ""
    need: str = ""

    @property
    def heading(self) -> str:
        return f"{self.title.zh}{'*' * self.required}\n{self.title.en}"

    @property
    def explained(self) -> Sequence[str]:
        name = f"【{self.title.zh} {self.title.en}】"
        return name, self.need or needed(self.required), self.holds, "、".join(self.choices), self.example


def manifest_template(profile: Profile) -> bytes:
    """The empty list (.xlsx) for submissions judged by a profile."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "清单 List"
    columns = list(_columns(profile))
    title = f"{profile.platform.zh} · {profile.title.zh} 批量核验清单    profile: {profile.id}"
    put(sheet.cell(1, 1), title, Font(bold=True, size=14))
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(columns))
    for at, column in enumerate(columns, start=1):
        _put_column(sheet, at, column)
    sheet.row_dimensions[_HEAD].height = 48
    sheet.freeze_panes = f"B{_HEAD + 1}"
    explain(book.create_sheet("填写说明"), [column.explained for column in columns])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _put_column(sheet: Worksheet, at: int, column: _Column) -> None:
    letter = get_column_letter(at)
    put_heading(sheet.cell(_HEAD, at), column.heading)
    sheet.column_dimensions[letter].width = 26
    sheet.column_dimensions[letter].number_format = column.number_format  # of every cell that is still empty
    if column.choices:
        drop_down(sheet, f"{letter}{_HEAD + 1}:{letter}{_LAST_ROW}", column.choices)


def _columns(profile: Profile) -> Iterator[_Column]:
    yield _Column(
        _two("资料名称", "name"), holds="每份资料一个名称，不可重复；报告按它命名", example="云帆数字-2026-03"
    )
    yield _Column(
        _two("资料文件夹", "folder"),
        holds="本清单旁的文件夹；不填文件列时，读取其中全部文件",
        example="云帆数字",
    )
    yield from map(_declared, profile.declared.values())
    yield from map(_slot, profile.slots.values())


def _two(zh: str, en: str) -> Bilingual:
    return Bilingual(zh=zh, en=en)


def _declared(spec: Declared) -> _Column:
    choices = ("是", "否") if spec.kind == Kind.FLAG else spec.choices
    holds = _KINDS.get(spec.kind, "文本格式") + ("；不会出现在报告里" if spec.hidden else "")
    number_format = _FORMATS.get(spec.kind, _TEXT)
    required = spec.required and spec.when is None
    return _Column(spec.title, required, holds, number_format, choices, _EXAMPLES.get(spec.kind, ""))


def _slot(slot: Slot) -> _Column:
    need = "必须提供，可放在资料文件夹里 required" if slot.required and slot.when is None else ""
    many = f"；最多 {slot.at_most} 份" if slot.at_most > 1 else ""
    example = "执照.jpg" if slot.at_most == 1 else "一.jpg; 二.jpg"
    return _Column(slot.title, holds=_FILES + many, example=example, need=need)
