"""Papers of foreign trade: the export declaration of 2018, the sales contract in two languages, the export report."""

from __future__ import annotations

import random

from samples.generator import english, figures, fonts, people, stamps
from samples.generator.commerce import Deal, Months
from samples.generator.draw import INK, Canvas, Colour, Sheet
from samples.generator.fonts import NOTO_HEI_BOLD, NOTO_SONG_BOLD, Faces
from samples.generator.form import Form, Row
from samples.generator.pdf import PdfSheet
from samples.generator.truth import Drawn

RULE: Colour = (60, 60, 60)
CURRENCIES = {"USD": "美元", "EUR": "欧元", "CNY": "人民币"}


def customs_declaration(deal: Deal, faces: Faces, seed: int) -> Drawn:
    """中华人民共和国海关出口货物报关单."""
    rng = random.Random(seed)
    sheet = Sheet(297, 210, 7.4, (253, 253, 252))
    form = Form("customs_declaration", sheet, faces, size=2.9, label_size=2.7)
    sheet.text(148.5, 9, "中华人民共和国海关出口货物报关单", NOTO_SONG_BOLD, 6, INK, align="centre", spacing=0.6)
    number = deal.declaration_number
    form.pair(14, 20, Row("预录入编号：", number))
    form.pair(98, 20, Row("海关编号：", number, "declaration_number"))
    form.put(176, 20, f"（{deal.port[0]}）", face=faces.value)
    sheet.text(262, 20, "页码/页数：1/1", faces.label, 2.8)
    y = _cargo(form, deal, rng, _parties(form, deal, rng))
    y = _goods(form, deal, y)
    _foot(form, deal, y, rng, seed)
    form.truth |= {"currency": deal.currency, "total_amount": deal.total}
    return form.drawn()


def _line(form: Form, y: float, height: float, cells: list[tuple[float, Row]]) -> float:
    x = 12.0
    for width, row in cells:
        form.cell((x, y, x + width, y + height), row, colour=RULE)
        x += width
    return y + height


def _parties(form: Form, deal: Deal, rng: random.Random) -> float:
    firm = deal.seller
    exported, declared = f"{deal.exported_on:%Y%m%d}", f"{deal.declared_on:%Y%m%d}"
    ship = f"{rng.choice(('COSCO SHIPPING', 'EVER GLORY', 'MSC ANNA'))}/{rng.randint(10, 99)}E"
    mode, mode_code = deal.mode
    y, tall = 25.0, 10.0
    y = _line(form, y, tall, [
        (92, Row(f"境内发货人（{firm.credit_code}）", firm.name, "shipper")),
        (40, Row(f"出境关别（{deal.port[1]}）", deal.port[0])),
        (42, Row("出口日期", exported, "exported_on", deal.exported_on)),
        (42, Row("申报日期", declared, "declared_on", deal.declared_on)),
        (57, Row("备案号", "")),
    ])  # fmt: skip
    form.truth["shipper_credit_code"] = firm.credit_code
    form.canvas.mark("shipper_credit_code", (32, 25.5, 66, 29))
    y = _line(form, y, tall, [
        (92, Row("境外收货人", deal.buyer, "overseas_consignee")),
        (40, Row("运输方式（2）", "水路运输")),
        (84, Row("运输工具名称及航次号", ship)),
        (57, Row("提运单号", f"COSU{figures.digits(rng, 10)}")),
    ])  # fmt: skip
    return _line(form, y, tall, [
        (92, Row(f"生产销售单位（{firm.credit_code}）", firm.name)),
        (40, Row(f"监管方式（{mode_code}）", mode, "trade_mode")),
        (84, Row("征免性质（101）", "一般征税")),
        (57, Row("许可证号", "")),
    ])  # fmt: skip


def _cargo(form: Form, deal: Deal, rng: random.Random, y: float) -> float:
    weight = rng.randint(800, 24000)
    chinese, _, code = deal.country
    y = _line(form, y, 10, [
        (92, Row("合同协议号", deal.contract_number, "contract_number")),
        (40, Row(f"贸易国（地区）（{code}）", chinese)),
        (42, Row(f"运抵国（地区）（{code}）", chinese, "destination")),
        (42, Row("指运港", deal.destination_port)),
        (57, Row("离境口岸", deal.port[0].replace("海关", "口岸"))),
    ])  # fmt: skip
    y = _line(form, y, 10, [
        (92, Row("包装种类（22）", "纸制或纤维板制盒/箱")),
        (20, Row("件数", str(deal.packages))),
        (28, Row("毛重（千克）", str(weight))),
        (28, Row("净重（千克）", str(round(weight * 0.93)))),
        (28, Row("成交方式（3）", "FOB")),
        (20, Row("运费", "")), (20, Row("保费", "")), (37, Row("杂费", "")),
    ])  # fmt: skip
    y = _line(form, y, 8, [(273, Row("随附单证及编号", "发票；装箱单；代理报关委托协议（电子）"))])
    return _line(form, y, 13, [(273, Row("标记唛码及备注", "N/M"))])


GOODS_COLUMNS = (12.0, 22.0, 50.0, 116.0, 150.0, 184.0, 208.0, 236.0, 266.0, 285.0)
GOODS_HEADS = (
    "项号", "商品编号", "商品名称及规格型号", "数量及单位", "单价/总价/币制", "原产国（地区）", "最终目的国（地区）",
    "境内货源地", "征免",
)  # fmt: skip


def _goods(form: Form, deal: Deal, y: float) -> float:
    sheet, faces = form.canvas, form.faces
    bottom = y + 62
    sheet.box(12, y, 285, bottom, RULE, 0.25)
    for head, left in zip(GOODS_HEADS, GOODS_COLUMNS, strict=False):
        sheet.text(left + 0.8, y + 1, head, faces.label, 2.5)
    sheet.line([(12, y + 5), (285, y + 5)], RULE, 0.2)
    top = y
    y += 6
    for n, item in enumerate(deal.items, 1):
        form.put(13.5, y, str(n))
        form.put(23, y, item.code)
        form.put(51, y, f"{item.name}", face=faces.value)
        form.put(51, y + 4, f"4|3|{item.english}|无牌", size=2.5, width=63)
        form.put(117, y, f"{item.quantity}{item.unit}", face=faces.value)
        form.put(183, y, f"{item.price:.4f}", align="right")
        form.put(183, y + 4, f"{item.amount:.2f}", align="right")
        form.put(183, y + 8, CURRENCIES[deal.currency], align="right", face=faces.value)
        for x, text in ((185, "中国"), (209, deal.country[0]), (237, deal.seller.place.town), (267, "照章征税")):
            form.put(x, y, text, face=faces.value)
        for x, text in ((185, "（CHN）"), (209, f"（{deal.country[2]}）"), (267, "（1）")):
            form.put(x, y + 4, text, face=faces.value)
        sheet.mark("currency", (170, y + 8, 183, y + 11))
        sheet.mark("total_amount", (160, y + 4, 183, y + 7))
        y += 14
        sheet.line([(12, y - 1), (285, y - 1)], RULE, 0.12)
    for x in GOODS_COLUMNS[1:-1]:
        sheet.line([(x, top), (x, bottom)], RULE, 0.15)
    return bottom


def _foot(form: Form, deal: Deal, y: float, rng: random.Random, seed: int) -> None:
    sheet, faces = form.canvas, form.faces
    form.put(
        13,
        y + 1.5,
        "特殊关系确认：否    价格影响确认：否    支付特许权使用费确认：否    自报自缴：否",
        face=faces.value,
    )
    sheet.box(12, y, 285, y + 6, RULE, 0.2)
    sheet.box(12, y + 6, 200, y + 26, RULE, 0.2)
    sheet.box(200, y + 6, 285, y + 26, RULE, 0.2)
    form.put(
        13,
        y + 8,
        f"报关人员  {people.person(rng).name}    报关人员证号  {deal.port[1]}{figures.digits(rng, 4)}    电话",
        face=faces.value,
    )
    form.put(104, y + 8, "兹申明以上内容承担如实申报、依法纳税之法律责任", face=faces.value, size=2.6)
    agent = f"{deal.seller.place.city}顺达报关有限公司"
    form.put(13, y + 19, f"申报单位（{figures.credit_code(rng, deal.seller.place.region)}）{agent}", face=faces.value)
    form.put(202, y + 8, "海关批注及签章", face=faces.value)
    sheet.picture(stamps.round_seal(agent, seed, "报关专用章"), 118, y - 2, 30)
    if seed % 2:
        sheet.picture(stamps.rectangle(f"{deal.port[0]}\n验讫章", seed), 230, y + 9, 22)


def sales_contract(deal: Deal, faces: Faces, seed: int) -> Drawn:
    """销售合同 SALES CONTRACT, sealed by the seller."""
    sheet = Sheet(210, 297, 7.2)
    form = Form("trade_contract", sheet, faces, size=3.7)
    sheet.text(105, 20, "销售合同" if seed % 3 else "售货合同", NOTO_SONG_BOLD, 8, INK, align="centre", spacing=3)
    sheet.text(105, 31, "SALES CONTRACT", fonts.SERIF_BOLD, 5, INK, align="centre")
    y = _contract_head(form, deal, seed)
    form.size = 3.3
    rows = [("品名 Description", "数量 Quantity", "单价 Unit Price", f"金额 Amount ({deal.currency})")]
    rows += [
        (f"{i.name} {i.english}", f"{i.quantity:,} {i.unit_english}", f"{i.price:.2f}", f"{i.amount:,.2f}")
        for i in deal.items
    ]
    y = form.table(24, y + 3, (74, 30, 26, 32), rows, height=8)
    sheet.box(24, y, 186, y + 8, RULE, 0.2)
    x = form.label(26, y + 2.2, "总金额 Total Amount:")
    total = f"{deal.currency} {deal.total:,.2f}"
    form.put(184, y + 2.2, total, "total_amount", value=deal.total, align="right")
    form.truth["currency"] = deal.currency
    sheet.mark("currency", (x, y + 2.2, 184, y + 5.5))
    form.size = 3.5
    y += 14
    for n, text in enumerate((
        "付款方式 Payment: 30% T/T in advance, balance against copy of B/L. 预付30%电汇，余款见提单副本付清。",
        f"装运 Shipment: within 45 days, by sea to {deal.country[1]}. 签约后45天内装运。",
        "包装 Packing: export cartons. 出口纸箱包装。",
        "仲裁 Arbitration: 凡因本合同引起的争议，双方应友好协商解决；协商不成的，提交中国国际经济贸易仲裁委员会仲裁。",
    ), 1):  # fmt: skip
        y = sheet.paragraph(24, y, f"{n}. {text}", 162, faces.value, 3.5) + 2.4
    form.label(30, 244, "卖方 The Seller")
    form.label(124, 244, "买方 The Buyer")
    form.put(30, 252, deal.seller.name, face=faces.value)
    form.put(124, 252, deal.buyer)
    sheet.picture(stamps.round_seal(deal.seller.name, seed, "合同专用章"), 36, 234, 38)
    return form.drawn()


def _contract_head(form: Form, deal: Deal, seed: int) -> float:
    """Number, date, place, the two parties, the opening words; returns the y below."""
    firm = deal.seller
    form.pair(24, 44, Row("合同编号 Contract No.:", deal.contract_number, "contract_number"))
    signed = figures.date_text(deal.signed_on, 1) if seed % 2 else f"{deal.signed_on:%Y-%m-%d}"
    form.pair(120, 44, Row("日期 Date:" if seed % 2 else "签订日期 Date:", signed, "signed_on", deal.signed_on))
    form.pair(120, 50, Row("签约地点 Signed at:", firm.place.town))
    y = form.pair(24, 58, Row("卖方 The Seller:", firm.name, "seller"))
    form.put(50, y, english.name(firm))
    y = form.pair(24, y + 6, Row("地址 Address:", english.address(firm)))
    y = form.pair(24, y + 3, Row("买方 The Buyer:", deal.buyer, "buyer"))
    y = form.pair(24, y + 1, Row("地址 Address:", f"{deal.buyer_address}, {deal.country[1]}"))
    text = (
        "双方同意按下列条款由卖方出售、买方购进下列货物：The Seller agrees to sell and the Buyer agrees to buy "
        "the undermentioned goods on the terms and conditions stated below:"
    )
    return form.put(24, y + 3, text, width=162, size=3.5, face=form.faces.value)


def export_report(report: Months, faces: Faces, seed: int) -> Drawn:
    """The platform's turnover report as a PDF with a text layer, and as the picture of it."""
    sheet = Sheet(210, 297, 6.6, (255, 255, 255))
    form = Form("export_report", sheet, faces, size=4.0)
    _report(form, report, seed)
    heldout = faces in fonts.HELDOUT
    face = fonts.PDF_HELDOUT if heldout else fonts.PDF_COMMITTED
    page = PdfSheet(210, 297)
    _report(Form("export_report", page, face, size=4.0), report, seed)
    drawn = form.drawn()
    drawn.pdf = page.finish()
    return drawn


def _report(form: Form, report: Months, seed: int) -> None:
    canvas: Canvas = form.canvas
    title = form.faces.title if isinstance(canvas, PdfSheet) else NOTO_HEI_BOLD
    canvas.text(105, 20, "数据管家 · 交易额报表" if seed % 2 else "出口交易数据报告", title, 7, INK, align="centre")
    form.pair(24, 40, Row("公司名称：", report.firm.name, "company_name"))
    start, end = report.rows[0][0], report.until
    x = form.label(24, 48, "统计周期：")
    first, last = f"{start:%Y-%m-%d}", f"{end:%Y-%m-%d}"
    form.put(x + 1, 48, first, "period_from", value=start)
    x += 1 + canvas.measure(first, form.faces.digits, form.size)
    x += canvas.text(x, 48, " 至 " if seed % 2 else " ~ ", form.faces.value, form.size)
    form.put(x, 48, last, "period_to", value=end)
    form.pair(24, 56, Row("币种：", report.currency, "currency"))
    form.pair(
        24, 64, Row("总交易额：" if seed % 2 else "出口总额：", f"{report.total:,.2f}", "total_amount", report.total)
    )
    form.pair(104, 64, Row("总订单数：" if seed % 2 else "订单数：", str(report.orders), "order_count"))
    rows = [("月份", "订单数", f"交易额（{report.currency}）")]
    rows += [(f"{month:%Y-%m}", str(orders), f"{amount:,.2f}") for month, orders, amount in report.rows]
    rows.append(("合计", str(report.orders), f"{report.total:,.2f}"))
    form.table(24, 78, (46, 46, 70), rows, height=8.4)
    canvas.text(186, 280, "本报表由系统自动生成", form.faces.value, 3.2, (120, 120, 120), align="right")
