"""Basic deposit account information (基本存款账户信息), the bank's print-out that replaced the permit in 2019."""

from __future__ import annotations

import re
from collections.abc import Sequence

from extractors.bank_form import ACCOUNT_LABELS, BANK_LABELS, NAME_LABELS, REPRESENTATIVE_LABELS, read_form
from extractors.form import field_of
from extractors.layout import Layout
from extractors.model import DocumentType, Field, FieldSpec, Kind, Page
from extractors.straight import read_straight
from extractors.values import parse_date

_ISSUED_LABELS = ("打印日期", "打印时间", "出具日期", "开具日期", "日期", "时间")
_OTHER_LABELS = (
    "开户日期",
    "销户日期",
    "核准日期",
    "账户性质",
    "账户状态",
    "账户类型",
    "币种",
    "存款人类别",
    "证明文件种类",
    "证明文件编号",
    "统一社会信用代码",
    "注册地址",
    "地址",
    "电话",
    "经办人",
    "银行签章",
    "开户银行(签章)",
    "银行盖章",
    "基本存款账户信息",
)

_DATE = re.compile(r"(?:19|20)\d{2}[年./-][\d年月./-]*日?")

_SPECS = (
    FieldSpec("account_name", Kind.ORGANISATION, "账户名称", NAME_LABELS, key=True, always=True),
    FieldSpec("account_number", Kind.ACCOUNT_NUMBER, "账户号码", ACCOUNT_LABELS, key=True, always=True),
    FieldSpec("bank_name", Kind.BANK, "开户银行", BANK_LABELS, key=True),
    FieldSpec("legal_representative", Kind.PERSON, "法定代表人（单位负责人）", REPRESENTATIVE_LABELS, key=True),
    FieldSpec(
        "basic_account_number",
        Kind.APPROVAL_NUMBER,
        "基本存款账户编号",
        ("基本存款账户编号", "基本存款帐户编号", "基本存款账户核准号", "基本存款账户号", "账户编号", "核准号", "编号"),
        key=True,
    ),
    FieldSpec("issued_on", Kind.DATE, "打印日期", _ISSUED_LABELS, sealed=True),
)


def extract(pages: Sequence[Page]) -> dict[str, Field]:
    """The fields of a print-out, set as a list, as a table with values beside their labels, or below them."""
    return read_straight(pages, _read)


def _read(pages: Sequence[Page]) -> dict[str, Field]:
    fields = read_form(pages, _SPECS, _OTHER_LABELS)
    if "issued_on" not in fields and (issued := _date_at_the_bottom(pages)):
        fields["issued_on"] = issued
    return fields


def _date_at_the_bottom(pages: Sequence[Page]) -> Field | None:
    """A date without a label, below everything that has one: where the bank signs."""
    layout = Layout(pages[-1], [*_OTHER_LABELS, *(word for spec in _SPECS for word in spec.labels)])
    lowest = max((label.placed.middle for label in layout.labels if label.firm), default=None)
    if lowest is None:
        return None
    for row in layout.rows:
        for run in row.segments(3.0) if row.chars and row.middle > lowest + 0.6 * row.height else ():
            printed = _DATE.search(run.text)
            if printed and printed.start() <= 4 and (day := parse_date(printed.group())):
                field = field_of(run.span(*printed.span()), Kind.DATE, day)
                return field.model_copy(update={"reason": field.reason or "unlabelled"})
    return None


DOCUMENT_TYPE = DocumentType(
    id="basic_account_info",
    coloured=True,
    zh="基本存款账户信息",
    en="basic deposit account information",
    fields=_SPECS,
    extract=extract,
    titles=("基本存款账户信息", "基本存款账户信息表", "基本存款账户编号信息"),
    words=(
        "基本存款账户信息",
        "基本存款账户编号",
        "账户名称",
        "存款人名称",
        "账户号码",
        "开户银行",
        "单位负责人",
        "打印日期",
        "法定代表人",
    ),
    against=(
        "开户许可证",
        "准予开立",
        "符合开户条件",
        "经审核",
        "营业执照",
        "发票",
        "居民身份证",
        "公民身份号码",
        "经营范围",
    ),
    numbers=("account_number", "basic_account_number"),
)
