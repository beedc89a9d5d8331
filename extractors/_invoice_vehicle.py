"""Vehicle invoices (机动车、二手车销售统一发票): a form without a table; what is sold is one vehicle."""

from __future__ import annotations

import re
from decimal import Decimal

from extractors._invoice_columns import simpler
from extractors._invoice_sheet import Sheet, made
from extractors.layout import Layout
from extractors.model import Field, Item
from extractors.rows import Span
from extractors.values import compact, parse_money

TITLE = re.compile(r"(?:机动车|二手车)销售统一发票")
_LABELS: dict[str, tuple[str, ...]] = {
    "kind": ("车辆类型",),
    "model": ("厂牌型号",),
    "amount": ("不含税价(小写)", "不含税价小写", "不含税价格", "不含税价"),
    "rate": ("增值税税率或征收率", "增值税税率/征收率", "增值税税率", "税率或征收率", "增值税征收率"),
    "tax": ("增值税税额", "增值税额"),
    "total": ("车价合计(小写)",),
    # Labels of the form that end the values before them.
    "other": (
        "产地", "合格证号", "进口证明书号", "商检单号", "发动机号码", "车辆识别代号/车架号码", "价税合计",
        "价税合计(大写)",
        "小写",
        "主管税务机关及代码", "完税凭证号码", "吨位", "限乘人数", "车牌照号", "登记证号", "车架号/车辆识别代码",
        "转入地车辆管理所名称", "车价合计(大写)", "电话", "账号", "地址", "开户银行", "或征收率", "机关及代码",
    ),
}  # fmt: skip


def vehicle(sheet: Sheet) -> dict[str, Field]:
    """items (the one vehicle) and amount, tax, total as far as the form states them; nothing for other invoices."""
    if not any(TITLE.search(simpler(run.text)) for run in sheet.runs):
        return {}
    layout = Layout(sheet.page, _LABELS.values())
    spans = {name: layout.value(words) for name, words in _LABELS.items() if name != "other"}
    sums = {name: _money(spans[name]) for name in ("amount", "tax", "total") if spans[name]}
    rate = re.search(r"\d{1,2}(?:\.\d+)?%|免税|不征税|\*+", compact(spans["rate"].text))
    fields = dict(sums)
    if name := "".join(spans["kind"].text.split()):
        amount, tax = (field.value if (field := sums.get(n)) else None for n in ("amount", "tax"))
        item = Item(
            name=name, spec="".join(spans["model"].text.split()), quantity=Decimal(1),
            amount=amount if isinstance(amount, Decimal) else None, tax_rate=rate.group() if rate else "",
            tax=tax if isinstance(tax, Decimal) else None,
        )  # fmt: skip
        span = Span(tuple(row for part in ("kind", "model") for row in spans[part].rows))
        complete = item.amount is not None and bool(item.tax_rate) and bool(item.spec)
        fields["items"] = made(span, [item], "" if complete or "二手" in _title(sheet) else "incomplete")
    return fields


def _title(sheet: Sheet) -> str:
    return next(simpler(run.text) for run in sheet.runs if TITLE.search(simpler(run.text)))


def _money(span: Span) -> Field:
    value = parse_money(re.sub(r"\(?小写\)?|[¥Y羊半￥:]", "", span.text))
    return made(span, value if value is not None else span.text, "" if value is not None else "malformed")
