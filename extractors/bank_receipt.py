"""Receipts of a transfer: 网上银行电子回单, 客户回单, 业务回单, 电汇凭证, 付款回单 of any bank."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from extractors._receipt_parties import ACCOUNT_WORDS, BANK_WORDS, NAME_WORDS, PAYEE, PAYER, in_blocks
from extractors.currency import IN_WORDS, amount_in_words, currency_of, parse_amount
from extractors.form import field_of
from extractors.layout import Layout
from extractors.model import DocumentType, Field, FieldSpec, Kind, Page, Status
from extractors.rows import Span
from extractors.values import compact, find_dates, parse_date

_LABEL_GAP = 25.0


def _party_labels(zh: Sequence[str], parts: Sequence[str]) -> tuple[str, ...]:
    return tuple(who + part for who in zh for part in parts)


_PAYER_WORDS = ("付款人", "付款方", "付款单位", "付款账户", "汇款人", "汇款方", "付款")
_PAYEE_WORDS = ("收款人", "收款方", "收款单位", "收款账户", "收款")
_NAMES = ("户名", "名称", "全称", "姓名", "账户名称", "账户名", "单位名称", "账号户名", "")
_ACCOUNTS = ("账号", "帐号", "账户", "帐户", "银行账号", "卡号", "账户账号")
_BANKS = (
    "开户行", "开户银行", "开户行名称", "开户行名", "开户银行名称", "银行", "行名称", "行行名", "行名", "行",
    "开户网点", "开户机构", "银行名称",
)  # fmt: skip
_AMOUNT = (
    "金额(小写)", "小写金额", "交易金额(小写)", "转账金额(小写)", "小写(合计)金额", "(小写)", "小写", "交易金额",
    "汇款金额", "转账金额", "付款金额",
    "支付金额", "发生额", "金额",
)  # fmt: skip
_IN_WORDS = (
    "金额(大写)", "大写金额", "交易金额(大写)", "转账金额(大写)", "人民币(大写)", "金额大写", "(大写)", "大写",
    "人民币大写", "金额",
)  # fmt: skip
_DATE = (
    "交易日期", "交易时间", "记账日期", "入账日期", "入账时间", "转账日期", "付款日期", "支付日期", "委托日期",
    "汇款日期", "会计日期", "转账时间",
    "付款时间", "交易时间戳", "日期",
)  # fmt: skip
_NUMBER = (
    "交易流水号", "账户明细编号-交易流水号", "网银流水号", "核心流水号", "会计流水号", "支付系统流水号", "渠道流水号",
    "柜员流水号", "流水号",
    "交易流水", "记账流水", "交易参考号", "业务编号", "电子回单号码", "电子回单号", "回单编号", "回单号码", "回单号",
    "凭证号码", "凭证号", "序号",
)  # fmt: skip
_PURPOSE = (
    "用途",
    "汇款用途",
    "转账用途",
    "资金用途",
    "附言",
    "附加信息及用途",
    "交易附言",
    "摘要",
    "交易摘要",
    "备注",
    "附注",
)
_STATE = ("交易状态", "指令状态", "处理状态", "支付状态", "付款状态", "处理结果", "交易结果", "状态")
_OTHER = (
    "亿千百十万千百十元角分", "千百十万千百十元角分", "打印日期", "打印时间", "打印次数", "打印渠道", "时间戳", "币种",
    "币别", "货币", "交易币种", "凭证种类",
    "业务种类", "业务类型", "业务(产品)种类",
    "业务(产品)种", "交易渠道", "渠道", "交易机构", "交易机构号", "记账网点", "记账柜员", "柜员", "柜员号", "验证码",
    "回单验证码", "校验码", "客户号",
    "钞汇标志", "手续费", "交易代码", "指令编号", "提交人", "授权人", "经办", "复核", "记账", "汇出地点", "汇入地点",
    "邮路", "批次号", "设备编号",
    "网点号", "余额", "电子回单", "付款人", "收款人", "付款方", "收款方", "付款", "收款", "起息日", "打印方式", "行号",
    "付款行号", "收款行号",
)  # fmt: skip
_CURRENCY = ("币种", "币别", "货币", "交易币种")

_SPECS = (
    FieldSpec(
        "payer_name",
        Kind.ORGANISATION,
        "付款人名称",
        (*_party_labels(_PAYER_WORDS[:-1], _NAMES), "付款名称", "付款户名"),
        key=True,
        always=True,
    ),
    FieldSpec("payer_account", Kind.ACCOUNT_NUMBER, "付款人账号", _party_labels(_PAYER_WORDS, _ACCOUNTS)),
    FieldSpec("payer_bank", Kind.BANK, "付款人开户行", (*_party_labels(_PAYER_WORDS, _BANKS), "汇出行名称", "汇出行")),
    FieldSpec(
        "payee_name",
        Kind.ORGANISATION,
        "收款人名称",
        (*_party_labels(_PAYEE_WORDS[:-1], _NAMES), "收款名称", "收款户名"),
        key=True,
        always=True,
    ),
    FieldSpec("payee_account", Kind.ACCOUNT_NUMBER, "收款人账号", _party_labels(_PAYEE_WORDS, _ACCOUNTS)),
    FieldSpec("payee_bank", Kind.BANK, "收款人开户行", (*_party_labels(_PAYEE_WORDS, _BANKS), "汇入行名称", "汇入行")),
    FieldSpec("amount", Kind.MONEY, "金额", _AMOUNT, key=True, always=True),
    FieldSpec("amount_in_words", Kind.MONEY_IN_WORDS, "金额大写", _IN_WORDS),
    FieldSpec("currency", Kind.CHOICE, "币种", _CURRENCY),
    FieldSpec("paid_on", Kind.DATE, "交易日期", _DATE, key=True),
    FieldSpec("transaction_number", Kind.TEXT, "交易流水号", _NUMBER),
    FieldSpec("purpose", Kind.TEXT, "用途", _PURPOSE),
    FieldSpec("payment_status", Kind.TEXT, "交易状态", _STATE),
)
_SIGNED = re.compile(r"(?:[¥￥$]|CNY|RMB|USD|人民币)\s*[:：]?\s*(\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+\.\d{2})(?![\d.])")
_FORM_NUMBER = re.compile(r"(?:[N№][o0Oº°]?|№|凭证号|编号)\s*[.:：]?\s*(\d{6,20})")
_NO_COMPANY = re.compile(r"^[\d\s*-]+$")


def extract(pages: Sequence[Page]) -> dict[str, Field]:
    """The fields of the first receipt on the pages."""
    page = pages[0]
    words = [spec.labels for spec in _SPECS] + [*_OTHER, *NAME_WORDS, *ACCOUNT_WORDS, *BANK_WORDS]
    layout = Layout(page, words)
    fields = _parties(layout)
    fields |= _amounts(layout)
    if paid := _date(layout):
        fields["paid_on"] = paid
    for name in ("transaction_number", "purpose", "payment_status"):
        spec = _spec(name)
        if span := layout.value(spec.labels, label_gap=_LABEL_GAP):
            fields[name] = _number(span) if name == "transaction_number" else field_of(span, spec.kind)
    if "transaction_number" not in fields and (number := _form_number(layout)):
        fields["transaction_number"] = number
    return fields


def _spec(name: str) -> FieldSpec:
    return next(spec for spec in _SPECS if spec.name == name)


def _parties(layout: Layout) -> dict[str, Field]:
    """Names, accounts and banks: by labels that name the party, else by the block they stand in."""
    blocks = in_blocks(layout)
    fields: dict[str, Field] = {}
    for party in (PAYER, PAYEE):
        for part in ("name", "account", "bank"):
            name = f"{party}_{part}"
            spec = _spec(name)
            # 付款人 by itself is the heading of a block where there are blocks, else the name's label.
            labels = [w for w in spec.labels if not blocks or w not in (*_PAYER_WORDS, *_PAYEE_WORDS)]
            span = blocks.get((party, part)) or _named(layout, labels, lines=1 if part == "account" else 2)
            if span and _plausible(span, part):
                fields[name] = _whole(field_of(span, spec.kind)) if part == "bank" else field_of(span, spec.kind)
    return fields


def _whole(bank: Field) -> Field:
    """A bank whose name breaks off in a branch's last word is doubtful."""
    cut = re.search(r"(?:支|分|营|营业|银)$", str(bank.value or ""))
    return bank.model_copy(update={"status": Status.DOUBTFUL, "reason": "malformed"}) if cut else bank


def _named(layout: Layout, labels: Sequence[str], lines: int) -> Span:
    for label in layout.find(labels):
        if label.firm and (span := layout.right_of(label, label_gap=_LABEL_GAP)):
            return layout.continued(label, span, lines) if lines > 1 else span
    return Span()


def _plausible(span: Span, part: str) -> bool:
    """Whether a text can be what its label says: the neighbour of an empty cell must not take its place."""
    text = compact(span.text)
    if part == "account":
        return bool(re.search(r"\d{5}|\*{3}", text))
    return not _NO_COMPANY.match(text) and not parse_amount(text)


def _amounts(layout: Layout) -> dict[str, Field]:
    """The amount in figures and in words, each under its own labels or told by its form, and the currency."""
    fields: dict[str, Field] = {}
    spoken = _spoken(layout)
    if spoken:
        fields["amount_in_words"] = _spoken_field(spoken)
    grid = any("元角分" in row.text for row in layout.rows if row.chars)
    figures, code = (None, None) if grid else _figures(layout)
    if figures is None and spoken:
        figures, code = _as_spoken(layout, spoken)
    if figures:
        fields["amount"] = figures
    elif spoken and (amount := amount_in_words(spoken.text)) is not None:
        told = field_of(spoken, Kind.MONEY, amount)
        fields["amount"] = told.model_copy(update={"reason": told.reason or "from_words"})
    if currency := _currency(layout, code, spoken):
        fields["currency"] = currency
    return fields


def _spoken(layout: Layout) -> Span:
    """The amount in words, wherever it stands: nothing else is written so."""
    for row in layout.rows:
        for run in row.segments(6.0) if row.chars else ():
            match = IN_WORDS.search(run.text)
            if match and amount_in_words(match[0]) is not None and len(match[0]) > 2:
                return run.span(*match.span())
    return Span()


def _spoken_field(span: Span) -> Field:
    return field_of(span, Kind.MONEY_IN_WORDS, compact(span.text))


def _figures(layout: Layout) -> tuple[Field | None, str | None]:
    """The amount in figures and the currency it names."""
    for label in layout.find(_AMOUNT):
        span = layout.right_of(label, label_gap=_LABEL_GAP) if label.firm else Span()
        if span and (found := parse_amount(_first_figure(span.text))):
            return field_of(span, Kind.MONEY, found[0]), found[1] or currency_of(span.text)
    for row in layout.rows:
        if row.chars and (match := _SIGNED.search(row.text)):
            field = field_of(row.span(*match.span()), Kind.MONEY, Decimal(match[1].replace(",", "")))
            return field, currency_of(match[0])
    return None, None


def _as_spoken(layout: Layout, spoken: Span) -> tuple[Field | None, str | None]:
    """Figures without a label that was read, or one to a column without a point: those that say what the words say."""
    amount = amount_in_words(spoken.text)
    if amount is None:
        return None, None
    for row in layout.rows:
        for run in row.segments(6.0) if row.chars else ():
            match = re.search(r"(?<![\d,.])[\d,]{3,}(?:\.\d\d)?(?![\d,.])", run.text)
            figure = match[0].replace(",", "") if match else ""
            if match and figure in (f"{amount:.2f}", f"{amount * 100:.0f}"):
                return field_of(run.span(*match.span()), Kind.MONEY, amount), currency_of(run.text)
    return None, None


def _first_figure(text: str) -> str:
    """A figure without what is joined to it: 22,557.99元(贰万…)."""
    match = re.search(r"^\D{0,8}?[¥￥$]?(\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?(?![\d.,-])元?", compact(text))
    return match[0] if match else text


def _currency(layout: Layout, code: str | None, spoken: Span) -> Field | None:
    """What the form says it is in, else what the amount itself says."""
    for label in layout.find(_CURRENCY):
        span = layout.right_of(label, label_gap=_LABEL_GAP)
        if span and (named := currency_of(span.text) or {"01": "CNY"}.get(compact(span.text))):
            found = field_of(span, Kind.CHOICE, named)
            if code and code != named and not (code == "CNY" and named != "CNY" and "¥" not in span.text):
                return found.model_copy(update={"status": Status.DOUBTFUL, "reason": "conflict"})
            return found
    if code is None and spoken:
        code = currency_of(spoken.text)
    return Field(value=code, raw=code, status=Status.READ, confidence=spoken.confidence or 1.0) if code else None


def _date(layout: Layout) -> Field | None:
    """The day it was paid; never the day it was printed."""
    for label in layout.find(_DATE):
        span = layout.right_of(label, label_gap=_LABEL_GAP) if label.firm else Span()
        if span and (day := _only_day(span.text)):
            return field_of(span, Kind.DATE, day)
    printed = {id(label.row) for label in layout.find(("打印日期", "打印时间", "时间戳"))}
    for row in layout.rows:
        for run in row.segments(6.0) if row.chars and id(row) not in printed else ():
            if len(run.text) <= 24 and (day := parse_date(run.text)) and not re.search("打印", row.text):
                field = field_of(run.span(), Kind.DATE, day)
                return field.model_copy(update={"reason": field.reason or "unlabelled"})
    return None


def _only_day(text: str) -> date | None:
    if day := parse_date(text):
        return day
    days = {day for day, _, _ in find_dates(text[:10])}
    return days.pop() if len(days) == 1 else None


def _form_number(layout: Layout) -> Field | None:
    """The number of the form itself, printed by itself as No 18231474."""
    for placed in layout.placed:
        if match := _FORM_NUMBER.fullmatch(placed.line.text.strip()):
            return field_of(Span(((placed.line,),)), Kind.TEXT, match[1])
    return None


def _number(span: Span) -> Field:
    match = re.search(r"[0-9A-Za-z][0-9A-Za-z-]{3,}", compact(span.text))
    return field_of(span, Kind.TEXT, match[0]) if match else Field()


DOCUMENT_TYPE = DocumentType(
    id="bank_receipt",
    zh="银行回单",
    en="bank receipt",
    fields=_SPECS,
    extract=extract,
    titles=(
        "网上银行电子回单", "网上银行电子回执", "电子回单", "银行电子回单", "客户回单", "业务回单", "付款回单",
        "收款回单", "转账回单", "汇款回单",
        "银行回单", "收付款业务回单", "国内支付业务付款回单", "国内支付业务收款回单", "电汇凭证", "电汇凭证(回单)",
        "汇款凭证", "转账凭证",
        "结算业务申请书", "业务回单(付款)", "业务回单(收款)", "客户收付款入账通知", "付款通知书", "转账汇款电子回单",
        "电子转账凭证", "境内汇款申请书",
        "支付业务回单", "网银转账回单", "对公电子回单", "借记通知", "汇款业务回单", "交易回单", "出账回单",
    ),
    words=(
        "付款人", "收款人", "付款方", "收款方", "付款账号", "收款账号", "开户行", "户名", "大写", "小写", "流水号",
        "回单编号", "用途", "摘要", "电子回单",
        "记账日期", "交易时间", "打印次数", "次打印", "全称", "汇款人", "汇出行", "汇入行", "委托日期",
        "附加信息及用途",
        "此汇款支付给收款人", "转讫", "电汇凭证", "人民币",
    ),
    against=(
        "价税合计", "发票号码", "发票代码", "基本存款账户信息", "基本存款账户编号", "开户许可证", "营业执照", "购买方",
        "销售方", "合同编号", "报关单",
        "对账单", "交易明细清单",
    ),
)  # fmt: skip
