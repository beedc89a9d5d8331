"""Receipts of many banks: whose name and account it is, the amount twice, and never the print date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

import pytest

from extractors.model import Field, Status, TextLine
from extractors.registry import classify, document_types, extract
from tests.extractors.lines_on_pages import at, page_of, slanted
from validators.findings import Finding, Verdict
from validators.prove import prove

PAYER, PAYEE = "杭州云帆数字科技有限公司", "北京京东世纪贸易有限公司"
PAYER_ACCOUNT, PAYEE_ACCOUNT = "1202020209900012345", "110907597010206"
PAYER_BANK, PAYEE_BANK = "中国工商银行杭州滨江支行", "招商银行北京青年路支行"


def read(lines: Sequence[TextLine]) -> tuple[dict[str, Field], list[Finding]]:
    page = page_of(lines)
    record, findings = prove(extract([page], "bank_receipt"), document_types()["bank_receipt"], document="r.png")
    assert classify([page]).type == "bank_receipt"
    return record.fields, findings


def block(left: float, party: str, values: dict[str, str], set_as: str = "one") -> list[TextLine]:
    """Labels and values under each other, the party's cell left of them."""
    found = []
    for row, (label, value) in enumerate(values.items()):
        found += [at(left + 60, 150 + row * 35, label), at(left + 170, 150 + row * 35, value)]
    if set_as == "characters":
        return found + [at(left, 155 + row * 25, char, 18) for row, char in enumerate(party)]
    if set_as == "two":
        return [*found, at(left - 5, 170, party[:2]), at(left, 195, party[2:])]
    return [*found, at(left - 10, 185, party, 16)]


def blocks(name: str, account: str, bank: str, parties: tuple[str, str], set_as: str) -> list[TextLine]:
    return [
        *block(40, parties[0], {name: PAYER, account: PAYER_ACCOUNT, bank: PAYER_BANK}, set_as),
        *block(520, parties[1], {name: PAYEE, account: PAYEE_ACCOUNT, bank: PAYEE_BANK}, set_as),
    ]


MONEY = [at(40, 300, "金额（小写）"), at(200, 300, "50,000.00"), at(560, 300, "金额（大写）"), at(720, 300, "伍万元整"),
         at(40, 330, "币种"), at(200, 330, "人民币"), at(40, 360, "交易日期"), at(200, 360, "2026年04月13日"),
         at(560, 360, "交易流水号"), at(720, 360, "92087313110"), at(560, 500, "打印日期：2026年05月01日")]  # fmt: skip
TITLE = at(400, 40, "网上银行电子回单", 30)


def assert_parties(fields: dict[str, Field]) -> None:
    assert {name: fields[name].value for name in fields if name.startswith(("payer", "payee"))} == {
        "payer_name": PAYER, "payer_account": PAYER_ACCOUNT, "payer_bank": PAYER_BANK,
        "payee_name": PAYEE, "payee_account": PAYEE_ACCOUNT, "payee_bank": PAYEE_BANK,
    }  # fmt: skip


@pytest.mark.parametrize("set_as", ["one", "two", "characters"])
@pytest.mark.parametrize(
    ("name", "account", "bank", "parties"),
    [("户名", "账号", "开户银行", ("付款人", "收款人")), ("户  名", "账  号", "开户行", ("付款方", "收款方")),
     ("全称", "账号", "开户行", ("付款人", "收款人")), ("全 称", "帐 号", "开户银行", ("汇款人", "收款人"))],
)  # fmt: skip
@pytest.mark.parametrize("askew", [0.0, 0.6])
def test_blocks_beside_each_other(
    name: str, account: str, bank: str, parties: tuple[str, str], set_as: str, askew: float
) -> None:
    fields, findings = read(slanted([TITLE, *blocks(name, account, bank, parties, set_as), *MONEY], askew))
    assert_parties(fields)
    assert (fields["amount"].value, fields["amount"].status) == (Decimal("50000.00"), Status.VERIFIED)
    assert (fields["paid_on"].value, fields["currency"].value) == (date(2026, 4, 13), "CNY")
    assert fields["transaction_number"].value == "92087313110"
    assert not findings


def test_payee_printed_first() -> None:
    lines = [*block(40, "收款方", {"户名": PAYEE, "账号": PAYEE_ACCOUNT, "开户行": PAYEE_BANK}),
             *block(520, "付款方", {"户名": PAYER, "账号": PAYER_ACCOUNT, "开户行": PAYER_BANK})]  # fmt: skip
    assert_parties(read([TITLE, *lines, *MONEY])[0])


@pytest.mark.parametrize("who", [("付款人", "收款人"), ("付款方", "收款方"), ("付款", "收款")])
@pytest.mark.parametrize(
    "words", [("名称", "账号", "开户行"), ("户名", "帐号", "开户银行"), ("户名", "账号", "行名称")]
)
def test_labels_that_name_the_party(who: tuple[str, str], words: tuple[str, str, str]) -> None:
    lines = []
    for side, (left, values) in enumerate(
        [(20, (PAYER, PAYER_ACCOUNT, PAYER_BANK)), (520, (PAYEE, PAYEE_ACCOUNT, PAYEE_BANK))]
    ):
        lines += [at(left, 100 + 40 * row, f"{who[side]}{word}：{value}", 16)
                  for row, (word, value) in enumerate(zip(words, values, strict=True))]  # fmt: skip
    assert_parties(read([TITLE, *lines, *MONEY])[0])


def test_headings_above_the_blocks() -> None:
    lines = []
    for top, party, values in [
        (80, "付款人信息", (PAYER, PAYER_ACCOUNT, PAYER_BANK)),
        (230, "收款人信息", (PAYEE, PAYEE_ACCOUNT, PAYEE_BANK)),
    ]:
        lines += [at(20, top, party)]
        lines += [at(20, top + 30 * row, f"{label}：{value}")
                  for row, (label, value) in enumerate(zip(("户名", "账号", "开户行"), values, strict=True),
                  1)]  # fmt: skip
    money = [at(20, 400, "金额：¥50,000.00"), at(20, 430, "交易日期：2026-04-13 10:28:05"), at(20, 460, "用途：保证金")]
    fields, _ = read([TITLE, *lines, *money])
    assert_parties(fields)
    assert (fields["amount"].value, fields["purpose"].value) == (Decimal("50000.00"), "保证金")


def test_blocks_without_their_party_are_not_guessed() -> None:
    lines = [line for line in blocks("户名", "账号", "开户行", ("付款人", "收款人"), "one") if "款人" not in line.text]
    fields, _ = read([TITLE, *lines, *MONEY])
    assert fields["payer_name"].status is fields["payee_name"].status is Status.MISSING


def test_words_and_figures_that_differ_throw_doubt() -> None:
    money = [*MONEY[:3], at(720, 300, "伍拾万元整"), *MONEY[4:]]
    fields, findings = read([TITLE, *blocks("户名", "账号", "开户行", ("付款人", "收款人"), "one"), *money])
    assert fields["amount"].status is fields["amount_in_words"].status is Status.DOUBTFUL
    assert [(f.code, f.verdict) for f in findings] == [("FIELD_WORDS_DIFFER", Verdict.REVIEW)]


def test_figures_one_to_a_column() -> None:
    grid = [at(600, 300, "亿千百十万千百十元角分"), at(700, 330, "¥5000000"), at(40, 330, "金额"),
            at(150, 320, "人民币"),
            at(150, 345, "（大写）"), at(260, 330, "伍万元整"), at(400, 90, "2026 年 04 月 13 日")]  # fmt: skip
    fields, _ = read(
        [
            at(300, 40, "电汇凭证（回单）", 30),
            *blocks("全称", "账号", "开户行", ("汇款人", "收款人"), "characters"),
            *grid,
        ]
    )
    assert (fields["amount"].value, fields["amount"].status) == (Decimal("50000.00"), Status.VERIFIED)
    assert (fields["paid_on"].value, fields["paid_on"].reason) == (date(2026, 4, 13), "unlabelled")


def test_a_payment_that_failed_is_refused_and_a_void_mark_is_read_right() -> None:
    lines = [TITLE, *blocks("户名", "账号", "开户行", ("付款人", "收款人"), "one"), *MONEY]
    assert "FIELD_PAYMENT_NOT_DONE" in [f.code for f in read([*lines, at(20, 560, "交易状态：交易失败")])[1]]
    assert "FIELD_PAYMENT_NOT_DONE" in [f.code for f in read([*lines, at(20, 560, "状态：作废")])[1]]
    assert not read([*lines, at(20, 560, "状态：未作废")])[1]


def test_the_same_party_on_both_sides_is_doubted() -> None:
    lines = [
        *block(40, "付款人", {"户名": PAYER, "账号": PAYER_ACCOUNT}),
        *block(520, "收款人", {"户名": PAYER, "账号": PAYER_ACCOUNT}),
    ]
    fields, findings = read([TITLE, *lines, *MONEY])
    assert fields["payer_name"].status is fields["payee_name"].status is Status.DOUBTFUL
    assert [f.code for f in findings] == ["FIELD_PARTIES_ALIKE"]


def test_foreign_currency() -> None:
    money = [at(40, 300, "金额（小写）"), at(200, 300, "USD 300.00"), at(560, 300, "金额（大写）"),
             at(720, 300, "美元叁佰元整"),
             at(40, 360, "交易日期"), at(200, 360, "20260413")]  # fmt: skip
    fields, _ = read([TITLE, *blocks("户名", "账号", "开户行", ("付款人", "收款人"), "one"), *money])
    assert (fields["amount"].value, fields["amount"].status, fields["currency"].value) == (
        Decimal("300.00"),
        Status.VERIFIED,
        "USD",
    )
    assert fields["paid_on"].value == date(2026, 4, 13)


def test_an_invoice_and_an_account_sheet_are_no_receipts() -> None:
    invoice = [
        "增值税专用发票",
        "发票号码：12345678",
        "购买方",
        "开户行及账号",
        "价税合计（大写）",
        "（小写）¥100.00",
        "销售方",
    ]
    account = [
        "基本存款账户信息",
        "账户名称：" + PAYER,
        "账户号码：" + PAYER_ACCOUNT,
        "开户银行：" + PAYER_BANK,
        "基本存款账户编号：J3310000012345",
    ]
    for words in (invoice, account):
        page = page_of([at(20, 40 + 40 * row, word, 30 if not row else 20) for row, word in enumerate(words)])
        assert classify([page]).type != "bank_receipt"
