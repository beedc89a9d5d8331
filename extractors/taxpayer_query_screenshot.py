"""一般纳税人资格查询: the page of a tax bureau's site that says whether a company is a general taxpayer.

A result that says no (小规模纳税人, 未查询到) is read as no; one that says both, or neither, is doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from extractors.certificate import (
    FROM,
    TAX_ID,
    TERMS,
    Fields,
    Printed,
    authority,
    certificate,
    doubtful,
    of_term,
    tax_id,
    typed,
)
from extractors.form import field_of
from extractors.model import Field, FieldSpec, Kind, Page, TextLine
from extractors.printed_table import first_record
from extractors.rows import Span
from extractors.terms import read_term
from extractors.values import compact, simplified

_NO = re.compile(
    r"非(?:增值税)?一般纳税人|小规模|未(?:能)?(?:查询?|检索|找)到|查询?不到|没有(?:查|找|符合|相关|该|您)|查无|无(?:此|该|相关|符合|查询|匹配)"
    r"|不(?:是|属于|为|具有|具备|存在|符合)|未(?:登记|认定|取得|办理)|转登记|(?:取消|注销|失效|作废|终止)|暂无|否"
)
_YES = re.compile(r"一般纳税人|是")
_SAID = re.compile(r"(?:为|是|属于|属)(?:增值税)?一般纳税人")
# The site's own words around a result: what is asked, headings, buttons, advice.
_ASKED = re.compile(r"查询(?!结果:|不到|到)|是否|公告|办法|规定|栏目|首页|资格[证信]|公示|网")
_ADVICE = re.compile(r"如|若|请|可|说明|提示")
_NOTHING = re.compile(r"未(?:能)?(?:查询?|检索)到|没有查|查无|查询?不到")
_LONGEST = 30


def standing(text: str) -> bool | None:
    """Whether a result says that a company is a general taxpayer; None where it says neither.

    >>> [standing(t) for t in ("增值税一般纳税人", "非增值税一般纳税人", "小规模纳税人", "是", "否", "正常")]
    [True, False, False, True, False, None]
    """
    plain = simplified(compact(text))
    if _NO.search(plain):
        return False
    return True if _YES.search(plain) else None


def _judged(pages: Sequence[Page], fields: Fields) -> Fields:
    fields = fields | _of_table(pages)
    kind = fields.get("taxpayer_kind")
    if kind is not None and kind.value is not None:
        fields = fields | {"general_taxpayer": _by_label(kind, pages)}
    elif said := _said(pages):
        fields = fields | {"general_taxpayer": said}
    return fields


def _of_table(pages: Sequence[Page]) -> Fields:
    """The fields of a result that is a row of a table; one of several rows is for a person to choose."""
    specs = {spec.name: spec for spec in DOCUMENT_TYPE.fields if spec.labels}
    found: Fields = {}
    for page in pages:
        cells, records = first_record(page, {name: spec.labels for name, spec in specs.items()}, "tax_id")
        for name, span in cells.items():
            term = read_term(span.text) if name == "valid_to" else None
            fields = of_term(span, term) if term else {name: typed(span, specs[name])}
            found |= fields if records == 1 else {n: doubtful(f, "several_rows") for n, f in fields.items()}
    return found


def _by_label(kind: Field, pages: Sequence[Page]) -> Field:
    """What stands behind the label, unless another line of the result says otherwise."""
    told = standing(str(kind.value))
    flag = kind.model_copy(update={"value": told})
    if told is None:
        return doubtful(flag, "unclear")
    others = {standing(line.text) for line in _results(pages) if compact(line.text) != compact(kind.raw)}
    return doubtful(flag, "conflict") if (not told) in others else flag


def _said(pages: Sequence[Page]) -> Field | None:
    """The sentence that says it, where no label does."""
    lines = [line for line in _results(pages) if standing(line.text) is not None]
    if not lines:
        return None
    values = {standing(line.text) for line in lines}
    found = field_of(Span(((lines[0],),)), Kind.FLAG, standing(lines[0].text))
    return found if len(values) == 1 else doubtful(found, "conflict")


def _results(pages: Sequence[Page]) -> list[TextLine]:
    """Lines that state a result in so many words."""
    found = []
    for page in pages:
        for line in page.lines:
            plain = simplified(compact(line.text))
            stated = plain in _STATED or _SAID.search(plain) or (_NO.search(plain) and len(plain) > 1)
            asked = _ADVICE.search(plain) or (_ASKED.search(plain) and not _NOTHING.search(plain))
            if stated and not asked and len(plain) <= _LONGEST:
                found.append(replace(line, text=plain))
    return found


_QUALIFIED_FROM = (
    "认定日期", "认定有效期起", "资格有效期起", "登记日期", "一般纳税人有效期起", "生效时间", "一般纳税人资格有效期起",
    "一般纳税人资格生效日期", "一般纳税人生效日期", "资格生效日期", "有效期自",
)  # fmt: skip
_QUALIFIED_TO = (
    "资格有效期", "认定有效期止", "资格有效期止", "一般纳税人有效期止", "一般纳税人资格有效期止",
    "一般纳税人资格有效期至", "资格有效期至", "失效日期", "一般纳税人失效日期",
)  # fmt: skip
_STATED = ("增值税一般纳税人", "一般纳税人", "小规模纳税人", "增值税小规模纳税人", "非一般纳税人", "非增值税一般纳税人")


DOCUMENT_TYPE = certificate(
    "taxpayer_query_screenshot",
    "一般纳税人资格查询结果",
    "general taxpayer query result",
    (
        FieldSpec(
            "name",
            Kind.ORGANISATION,
            "纳税人名称",
            ("纳税人名称", "企业名称", "单位名称", "公司名称", "名称"),
            key=True,
        ),
        Printed("tax_id", Kind.TAX_ID, "纳税人识别号", ("社会信用代码/纳税人识别号", *TAX_ID), key=True, read=tax_id),
        FieldSpec(
            "taxpayer_kind",
            Kind.TEXT,
            "纳税人资格",
            (
                "增值税纳税人资格类型",
                "纳税人资格类型名称",
                "纳税人资格类型",
                "纳税人资格名称",
                "纳税人资格认定名称",
                "增值税纳税人类型",
                "纳税人资格信息",
                "纳税人资格",
                "纳税人类型",
                "资格类型",
                "资格名称",
                "认定类型",
                "是否为增值税一般纳税人",
                "是否为一般纳税人",
                "是否增值税一般纳税人",
                "是否一般纳税人",
                "一般纳税人资格",
                "纳税人性质",
                "查询结果",
            ),
        ),
        FieldSpec("general_taxpayer", Kind.FLAG, "增值税一般纳税人", key=True),
        FieldSpec("valid_from", Kind.DATE, "有效期起", (*_QUALIFIED_FROM, *FROM)),
        FieldSpec("valid_to", Kind.DATE, "有效期止", (*_QUALIFIED_TO, *TERMS)),
        authority(
            "tax_authority",
            "主管税务机关",
            "主管税务局",
            "主管税务机关",
            "所属税务机关",
            "主管税务所(科、分局)",
            "税务机关",
        ),
        FieldSpec("queried_on", Kind.DATE, "查询时间", ("查询时间", "查询日期", "打印时间", "打印日期")),
    ),
    titles=(
        "一般纳税人资格查询结果",
        "一般纳税人资格查询",
        "增值税一般纳税人资格查询",
        "一般纳税人查询",
        "增值税一般纳税人查询",
        "一般纳税人资格信息查询",
        "一般纳税人信息查询",
        "纳税人资格查询",
        "一般纳税人登记信息查询",
        "一般纳税人资格信息",
    ),
    needs=("一般纳税人", "小规模纳税人", "纳税人资格"),
    words=(
        "纳税人识别号",
        "纳税人名称",
        "一般纳税人",
        "查询结果",
        "电子税务局",
        "纳税人资格",
        "有效期起",
        "主管税务",
        "查询条件",
        "验证码",
        "小规模纳税人",
        "有效期止",
    ),
    against=("会计核算健全", "税务事项通知书", "登记注册类型", "批准设立机关", "价税合计", "通知内容", "财务负责人"),
    other_labels=(
        "序号",
        "纳税人状态",
        "验证码",
        "查询条件",
        "查询",
        "重置",
        "认定日期",
        "法定代表人",
        "注册地址",
        "生产经营地址",
        "登记状态",
        "备注",
        "操作",
        "主管税务人员",
        "温馨提示",
    ),
    label_gap=20.0,
    finish=_judged,
)
