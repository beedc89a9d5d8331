"""增值税一般纳税人登记表 (2018), 增值税一般纳税人资格登记表 (2015), 申请认定表 before: tables with boxes to tick."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import partial

from extractors.certificate import (
    DATE,
    REPRESENTATIVES,
    TAX_ID,
    Fields,
    Printed,
    authority,
    certificate,
    doubtful,
    tax_id,
)
from extractors.model import Field, FieldSpec, Kind, Page, Status
from extractors.ticks import BOX, ticked
from extractors.values import compact, parse_date

_CATEGORIES = ("企业", "非企业性单位", "个体工商户", "其他")
_BUSINESSES = ("工业", "商业", "服务业", "其他")
_SEVERAL = re.compile("工业.*商业|商业.*服务业")
_STARTS = ("当月1日", "次月1日")


def _business(text: str) -> str | None:
    """The kind that is ticked, or what is written where there are no boxes."""
    plain = compact(text)
    return ticked(text, _BUSINESSES) if BOX.search(plain) or _SEVERAL.search(plain) else plain or None


def _start(text: str) -> date | str | None:
    """A date, or which of the two choices is ticked."""
    return parse_date(text) or ticked(text, _STARTS)


def _effective(_: Sequence[Page], fields: Fields) -> Fields:
    """The first day of the month of acceptance, or of the next one, where a box says so."""
    start, accepted = fields.get("effective_from", Field()), fields.get("accepted_on", Field())
    if start.value not in _STARTS:
        return fields
    day = accepted.value
    if not isinstance(day, date):
        return fields | {"effective_from": doubtful(start, "relative")}
    first = day.replace(day=1)
    if start.value == "次月1日":
        first = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    told = start.model_copy(update={"value": first, "reason": start.reason or "ticked"})
    sure = start.status is Status.READ and accepted.status is Status.READ
    return fields | {"effective_from": told if sure else doubtful(told, "relative")}


DOCUMENT_TYPE = certificate(
    "general_taxpayer_form",
    "增值税一般纳税人登记表",
    "general taxpayer registration form",
    (
        FieldSpec("name", Kind.ORGANISATION, "纳税人名称", ("纳税人名称", "单位名称"), key=True),
        Printed("tax_id", Kind.TAX_ID, "纳税人识别号", TAX_ID, key=True, read=tax_id),
        FieldSpec(
            "legal_representative",
            Kind.PERSON,
            "法定代表人",
            ("法定代表人(负责人、业主)姓名", "法定代表人(负责人,业主)", *REPRESENTATIVES),
        ),
        FieldSpec("registered_on", Kind.DATE, "税务登记日期", ("税务登记日期", "登记日期")),
        FieldSpec("address", Kind.ADDRESS, "生产经营地址", ("生产经营地址", "经营地址", "注册地址")),
        Printed(
            "taxpayer_category",
            Kind.CHOICE,
            "纳税人类别",
            ("纳税人类别", "纳税人类型"),
            lines=2,
            read=partial(ticked, options=_CATEGORIES),
        ),
        Printed(
            "main_business",
            Kind.CHOICE,
            "主营业务类别",
            ("主营业务类别", "主营业务"),
            lines=2,
            read=_business,
        ),
        Printed(
            "effective_from",
            Kind.DATE,
            "一般纳税人生效之日",
            (
                "一般纳税人资格生效之日",
                "一般纳税人生效之日",
                "一般纳税人生效日期",
                "一般纳税人资格生效日期",
                "生效之日",
            ),
            key=True,
            lines=2,
            read=_start,
        ),
        authority("tax_authority", "主管税务机关", "受理税务机关", "主管税务机关", "税务机关"),
        Printed(
            "accepted_on",
            Kind.DATE,
            "受理日期",
            ("受理日期", "受理时间"),
            sealed=True,
            patterns=(rf"受理税务机关(?:\(\w+\))?[^\d]{{0,30}}({DATE})",),
        ),
    ),
    titles=(
        "增值税一般纳税人登记表",
        "增值税一般纳税人资格登记表",
        "增值税一般纳税人申请认定表",
        "一般纳税人登记表",
        "一般纳税人资格登记表",
    ),
    words=(
        "纳税人类别",
        "主营业务类别",
        "会计核算健全",
        "一般纳税人生效之日",
        "税务登记日期",
        "办税人员",
        "财务负责人",
        "受理税务机关",
        "纳税人名称",
        "纳税人(代理人)承诺",
    ),
    against=("价税合计", "税务事项通知书"),
    other_labels=(
        "证件名称及号码",
        "联系电话",
        "财务负责人",
        "办税人员",
        "注册地址",
        "会计核算健全",
        "纳税人(代理人)承诺",
        "经办人",
        "代理人",
        "受理人",
        "证件名称",
        "证件号码",
        "税务机关受理情况",
        "是",
        "以下由税务机关填写",
        "固定电话",
        "移动电话",
        "纳税人声明",
    ),
    label_gap=25.0,
    finish=_effective,
)
