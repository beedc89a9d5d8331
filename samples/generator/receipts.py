"""Bank receipts: two banks' electronic receipts, and the counter's wire transfer voucher (电汇凭证)."""

from __future__ import annotations

import random

from samples.generator import figures
from samples.generator.commerce import Transfer
from samples.generator.draw import INK, Colour, Sheet
from samples.generator.fonts import NOTO_SONG_BOLD, Faces
from samples.generator.form import Form, Row
from samples.generator.ornament import RED, qr, round_seal
from samples.generator.stamps import rectangle
from samples.generator.truth import Drawn

RULE: Colour = (110, 110, 112)
STYLES = ("table", "list", "wire")


def receipt(transfer: Transfer, faces: Faces, seed: int, style: str = "") -> Drawn:
    """`style`: table (one bank's electronic receipt), list (another's), or wire (paper voucher)."""
    paint = {"table": _table, "list": _list, "wire": _wire}[style or STYLES[seed % 3]]
    return paint(transfer, faces, seed)


def _short(bank: str) -> str:
    return bank.split("股份有限公司")[0]


def _table(transfer: Transfer, faces: Faces, seed: int) -> Drawn:
    """Payer and payee side by side in a ruled table."""
    sheet = Sheet(210, 120, 8.2, (254, 254, 254))
    form = Form("bank_receipt", sheet, faces, size=3.5)
    bank = _short(transfer.payer.bank)
    sheet.text(105, 9, f"{bank}网上银行电子回单", NOTO_SONG_BOLD, 6, INK, align="centre")
    form.pair(12, 20, Row("电子回单号码：", figures.digits(random.Random(seed), 20)))
    y = _sides(form, transfer, 27.0)
    small = f"¥{transfer.amount:,.2f}"
    words = figures.capitals(transfer.amount)
    moment = f"{transfer.paid_on:%Y-%m-%d} 10:24:{seed % 60:02d}"
    cells = (
        ("金额", f"小写：{small}元" if seed % 2 else small, "amount", transfer.amount),
        ("大写", f"人民币{words}", "amount_in_words", words),
        ("币种", "人民币", "currency", "CNY"),
        ("用途", transfer.purpose, "purpose", None),
        ("交易流水号", transfer.transaction_number, "transaction_number", None),
        ("交易时间", moment, "paid_on", transfer.paid_on),
    )
    for i, (label, text, field, value) in enumerate(cells):
        x, top = 12 + 93 * (i % 2), y + 9 * (i // 2)
        sheet.box(x, top, x + 26, top + 9, RULE, 0.2)
        sheet.box(x + 26, top, x + 93, top + 9, RULE, 0.2)
        form.label(x + 2, top + 2.8, label, width=22)
        form.put(x + 27, top + 2.8, text, field, value=value)
    sheet.text(12, y + 30, "本回单仅供参考，请以实际到账为准。", faces.value, 3.0, (120, 120, 120))
    sheet.picture(round_seal(bank, seed, "电子回单专用章"), 160, y - 2, 32)
    return form.drawn()


def _sides(form: Form, transfer: Transfer, y: float) -> float:
    """Payer left, payee right: name, account, bank. Returns the y below."""
    sheet, faces = form.canvas, form.faces
    sides = (("payer", 12.0, transfer.payer, "付款人"), ("payee", 105.0, transfer.payee, "收款人"))
    for side, x, account, word in sides:
        sheet.box(x, y, x + 7, y + 33, RULE, 0.2)
        sheet.column(x + 3.5, y + 7, word, 6.4, faces.label, 3.5)
        rows = (("户名", account.name, "name"), ("账号", account.number, "account"), ("开户银行", account.bank, "bank"))
        for i, (label, text, field) in enumerate(rows):
            top = y + 11 * i
            sheet.box(x + 7, top, x + 26, top + 11, RULE, 0.2)
            sheet.box(x + 26, top, x + 93, top + 11, RULE, 0.2)
            form.label(x + 8, top + 3.6, label, width=16)
            lines = sheet.wrap(text, 65, faces.value, form.size)
            form.put(x + 27, top + (3.6 if len(lines) == 1 else 1.2), text, f"{side}_{field}", width=65)
    return y + 33


def _list(transfer: Transfer, faces: Faces, seed: int) -> Drawn:
    """One column of labels with colons."""
    sheet = Sheet(210, 138, 7.6, (255, 255, 255))
    form = Form("bank_receipt", sheet, faces, size=3.8, colon="：")
    bank = _short(transfer.payer.bank)
    sheet.fill([(0, 0), (210, 0), (210, 16), (0, 16)], (196, 30, 50) if seed % 2 else (24, 74, 150))
    sheet.text(12, 4.6, bank, NOTO_SONG_BOLD, 6, (255, 255, 255))
    sheet.text(198, 5.4, "付款回单" if seed % 2 else "转账汇款电子回单", faces.title, 5, (255, 255, 255), align="right")
    rows = [
        Row("交易日期", figures.date_text(transfer.paid_on), "paid_on", transfer.paid_on),
        Row("交易流水号" if seed % 2 else "流水号", transfer.transaction_number, "transaction_number"),
        Row("付款人户名" if seed % 2 else "付款户名", transfer.payer.name, "payer_name"),
        Row("付款人账号" if seed % 2 else "付款账号", transfer.payer.number, "payer_account"),
        Row("付款人开户行" if seed % 2 else "付款开户行", transfer.payer.bank, "payer_bank"),
        Row("收款人户名" if seed % 2 else "收款户名", transfer.payee.name, "payee_name"),
        Row("收款人账号" if seed % 2 else "收款账号", transfer.payee.number, "payee_account"),
        Row("收款人开户行" if seed % 2 else "收款开户行", transfer.payee.bank, "payee_bank"),
        Row("币种", "人民币", "currency", "CNY"),
        Row("交易金额（小写）" if seed % 2 else "金额", f"{transfer.amount:,.2f}", "amount", transfer.amount),
        Row("交易金额（大写）" if seed % 2 else "大写金额", figures.capitals(transfer.amount, "元"), "amount_in_words"),
        Row("交易摘要" if seed % 2 else "附言", transfer.purpose, "purpose"),
    ]
    form.rows(14, 24, rows, pitch=8.4, gap=1.5)
    qr(sheet, 178, 22, 20, transfer.transaction_number)
    sheet.picture(round_seal(bank, seed, "回单专用章"), 156, 86, 34)
    return form.drawn()


def _wire(transfer: Transfer, faces: Faces, seed: int) -> Drawn:
    """电汇凭证（回单）: the amount stands once in words and once digit by digit."""
    sheet = Sheet(190, 105, 8.6, (252, 252, 248))
    form = Form("bank_receipt", sheet, faces, size=3.3, ink=(52, 58, 120), label_ink=(150, 60, 60))
    bank, red = _short(transfer.payer.bank), (150, 60, 60)
    sheet.text(95, 6, f"{bank} 电汇凭证（回单）", NOTO_SONG_BOLD, 5.4, red, align="centre")
    form.put(14, 15.4, "☑普通   □加急", face=faces.value)
    day = transfer.paid_on
    x = form.label(74, 15.4, "委托日期 ")
    form.put(x, 15.4, f"{day.year} 年 {day.month:02d} 月 {day.day:02d} 日", "paid_on", value=day, face=faces.value)
    form.pair(136, 15.4, Row("№ ", transfer.transaction_number[-12:], "transaction_number"))
    top, step = 21.0, 8.6
    for x, word, lead, account, who in (
        (12.0, "汇款人", "汇出", transfer.payer, "payer"),
        (95.0, "收款人", "汇入", transfer.payee, "payee"),
    ):
        sheet.box(x, top, x + 7, top + 4 * step, red, 0.2)
        sheet.column(x + 3.5, top + 9, word, 6.2, faces.label, 3.3, red)
        rows = (
            ("全称", account.name, "name"),
            ("账号", account.number, "account"),
            (f"{lead}地点", "", ""),
            (f"{lead}行名称", account.bank, "bank"),
        )
        for i, (label, text, field) in enumerate(rows):
            y = top + i * step
            sheet.box(x + 7, y, x + 25, y + step, red, 0.2)
            sheet.box(x + 25, y, x + 83, y + step, red, 0.2)
            form.label(x + 8, y + 2.6, label, width=16)
            tall = len(sheet.wrap(text, 56, faces.value, form.size)) > 1
            form.put(x + 26, y + (0.6 if tall else 2.6), text, f"{who}_{field}" if field else "", width=57)
    y = top + 4 * step
    _amount(form, transfer, y, red)
    sheet.box(12, y + 13, 178, y + 34, red, 0.2)
    form.pair(14, y + 16, Row("附加信息及用途：", transfer.purpose, "purpose"))
    form.pair(14, y + 27, Row("汇出行签章", ""))
    form.put(120, y + 27, "复核        记账", face=faces.value)
    sheet.picture(rectangle(f"{bank}\n转讫 {day:%Y.%m.%d}", seed, RED), 38, y + 15, 46)
    form.truth["currency"] = "CNY"
    return form.drawn()


def _amount(form: Form, transfer: Transfer, y: float, red: Colour) -> None:
    sheet, faces = form.canvas, form.faces
    sheet.box(12, y, 178, y + 13, red, 0.2)
    form.label(14, y + 4.6, "金额")
    form.label(24, y + 2, "人民币")
    form.label(24, y + 7, "（大写）")
    form.put(37, y + 4.6, figures.capitals(transfer.amount), "amount_in_words", face=faces.value)
    digits = f"¥{transfer.amount:.2f}".replace(".", "").rjust(11)
    for i, (unit, digit) in enumerate(zip("亿千百十万千百十元角分", digits, strict=True)):
        x = 122 + i * 5.0
        sheet.box(x, y, x + 5, y + 5, red, 0.15)
        sheet.box(x, y + 5, x + 5, y + 13, red, 0.15)
        sheet.text(x + 2.5, y + 0.9, unit, faces.label, 3.0, red, align="centre")
        if digit.strip():
            sheet.text(x + 2.5, y + 7, digit, faces.digits, 3.8, form.ink, align="centre", field="amount")
    form.truth["amount"] = transfer.amount
