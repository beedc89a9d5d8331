"""VAT invoices: the printed paper form, the old electronic one, and the fully digital one (数电票)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from PIL import Image

from samples.generator import figures, fonts, trade
from samples.generator.draw import INK, Canvas, Colour, Sheet
from samples.generator.fonts import Face, Faces
from samples.generator.ornament import oval_seal, qr
from samples.generator.pdf import PdfSheet
from samples.generator.trade import Invoice, Line
from samples.generator.truth import Drawn

BROWN: Colour = (150, 98, 58)
MAROON: Colour = (128, 24, 20)
RIBBON: Colour = (84, 92, 172)  # what a dot-matrix ribbon leaves
# x of the item columns from the table's left edge: name, spec, unit, quantity, price, amount, rate, tax, end
OLD_COLUMNS = (0.0, 52.0, 67.0, 79.0, 101.0, 125.5, 156.0, 164.2, 194.0)
OLD_HEADER = ("货物或应税劳务、服务名称", "规格型号", "单位", "数 量", "单 价", "金  额", "税率", "税  额")
NEW_HEADER = ("项目名称", "规格型号", "单 位", "数 量", "单 价", "金  额", "税率/征收率", "税  额")
NEW_COLUMNS = (0.0, 38.0, 62.0, 76.0, 100.0, 126.0, 152.0, 172.0, 198.0)


@dataclass(frozen=True, slots=True)
class Print:
    """Faces and colours of one printing: form, values, digits; where the table's corner is."""

    form: Face
    value: Face
    digits: Face
    frame: Colour
    words: Colour
    ink: Colour
    left: float
    top: float
    code: str  # what the QR code says


def draw(made: Invoice, faces: Faces, seed: int, *, issued: Invoice | None = None) -> Drawn:
    """An invoice as a flat picture; electronic ones also as a PDF with a text layer.

    `issued` is what its QR code says, where the print was changed afterwards.
    """
    code = payload(issued or made)
    heldout = faces in fonts.HELDOUT or faces is fonts.PDF_HELDOUT
    kai = fonts.UKAI if heldout else fonts.WENKAI
    if made.kind in ("special", "ordinary"):
        sheet = Sheet(241, 140, 8.2, (250, 250, 250))
        look = Print(
            kai,
            faces.value,
            faces.digits,
            BROWN if made.kind == "special" or seed % 2 else (110, 96, 80),
            BROWN,
            RIBBON if seed % 3 else (52, 52, 60),
            23,
            33,
            code,
        )
        _paper(sheet, made, look, seed)
        return Drawn("vat_invoice", sheet.pixels(), trade.fields(made), sheet.boxes())
    sheet = Sheet(210, 140, 8.6, (255, 255, 255))
    paint = digital if made.digital else electronic
    song = fonts.UMING if heldout else faces.value
    words = MAROON if made.digital else BROWN
    paint(sheet, made, Print(kai, song, faces.digits, MAROON, words, INK, 8, 29, code), seed)
    face = fonts.PDF_HELDOUT if heldout else fonts.PDF_COMMITTED
    page = PdfSheet(210, 140)
    paint(page, made, Print(face.label, face.value, face.digits, MAROON, words, INK, 8, 29, code), seed)
    return Drawn("vat_invoice", sheet.pixels(), trade.fields(made), sheet.boxes(), pdf=page.finish())


def _money(value: Decimal) -> str:
    return f"{value:.2f}"


def payload(made: Invoice) -> str:
    kind = {
        "special": "01",
        "ordinary": "04",
        "electronic_ordinary": "10",
        "digital_special": "31",
        "digital_ordinary": "32",
    }[made.kind]
    amount = made.total if made.digital else made.amount
    return f"01,{kind},{made.code},{made.number},{amount:.2f},{made.issued_on:%Y%m%d},{made.check_code},3C4F,"


def _paper(sheet: Sheet, made: Invoice, look: Print, seed: int) -> None:
    """Sprocket holes, printed form in brown, everything else from the dot-matrix printer."""
    for i in range(11):
        for x in (6.0, 235.0):
            sheet.disc(x, 7 + i * 12.7, 2.0, (120, 120, 118))
    for x in (12.5, 228.5):
        for i in range(47):
            sheet.line([(x, i * 3), (x, i * 3 + 1.8)], (196, 202, 220), 0.25)
    sheet.text(121, 8, made.title, look.form, 6.6, look.words, align="centre", spacing=0.7)
    _rules(sheet, 88, 152, 18, look.words)
    sheet.text(120, 20.5, "发 票 联" if seed % 2 else "抵 扣 联", look.form, 4.6, look.words, align="centre", spacing=1)
    sheet.picture(_bureau_seal(made, seed), 106, 10.5, 28)
    qr(sheet, 26, 9, 18, look.code, look.ink)
    sheet.text(47, 9.5, made.code, look.digits, 4.6, (60, 60, 62), spacing=0.3, field="invoice_code")
    sheet.text(160, 9.5, "№", look.form, 5.4, (50, 50, 52))
    sheet.text(169, 9.4, made.number, look.digits, 5.2, (64, 84, 170), spacing=0.2, field="invoice_number")
    sheet.text(222, 11.5, made.code, look.digits, 3.0, look.ink, align="right")
    sheet.text(222, 15.7, made.number, look.digits, 3.2, look.ink, align="right")
    x = 166 + sheet.text(166, 21.5, "开票日期：", look.form, 3.4, look.words)
    sheet.text(x + 1, 21.8, f"{made.issued_on:%Y年%m月%d日}", look.value, 3.3, look.ink, field="issued_on")
    if made.check_code:
        x = 47 + sheet.text(47, 27.6, "校验码 ", look.value, 3.1, look.ink)
        sheet.text(x, 27.6, _grouped(made.check_code), look.digits, 3.1, look.ink, field="check_code")
    elif made.machine_number:
        x = 24 + sheet.text(24, 28.2, "机器编号：", look.value, 3.0, look.ink)
        sheet.text(x, 28.2, made.machine_number, look.digits, 3.1, look.ink, field="machine_number")
    if made.issued_by_tax_bureau:
        sheet.text(70, 20, "代开", look.value, 4.6, look.ink)
    _old_table(sheet, made, look)
    copy = "第二联发票联购买方记账凭证" if seed % 2 else "第三联抵扣联购买方扣税凭证"
    sheet.column(221, 52, copy, 3.7, look.form, 2.7, look.words)
    sheet.column(18.5, 44, f"税总函〔{made.issued_on.year}〕{seed % 300 + 100}号", 3.4, look.form, 2.5, look.words)
    _clerks(sheet, made, look)
    if not made.issued_by_tax_bureau:
        sheet.picture(oval_seal(made.seller.name, made.seller.tax_id, "发票专用章", seed), 172, 105, 38)


def electronic(sheet: Canvas, made: Invoice, look: Print, seed: int) -> None:
    """The electronic ordinary invoice of 2015–2023."""
    qr(sheet, 13, 4, 17, look.code)
    x = 10.5 + sheet.text(10.5, 22.5, "机器编号：", look.form, 3.1, look.words)
    sheet.text(x, 22.6, made.machine_number, look.value, 3.0, look.ink, field="machine_number")
    sheet.text(104, 7.6, made.title, look.form, 6.5, look.words, align="centre")
    _rules(sheet, 67, 142, 18.2, MAROON)
    sheet.picture(_bureau_seal(made, seed), 90, 8, 29)
    for i, (label, value, name) in enumerate(
        (
            ("发票代码：", made.code, "invoice_code"),
            ("发票号码：", made.number, "invoice_number"),
            ("开票日期：", f"{made.issued_on:%Y年%m月%d日}", "issued_on"),
            ("校 验 码：", _grouped(made.check_code), "check_code"),
        )
    ):
        y = 4.4 + i * 6.0
        x = 148 + sheet.text(148, y, label, look.form, 3.1, look.words)
        sheet.text(x, y, value, look.value, 3.0, look.ink, field=name)
    _old_table(sheet, made, look)
    _clerks(sheet, made, look)
    sheet.picture(oval_seal(made.seller.name, made.seller.tax_id, "发票专用章", seed), 162, 103, 37)


def _rules(sheet: Canvas, left: float, right: float, y: float, colour: Colour) -> None:
    for d in (0.0, 0.9):
        sheet.line([(left, y + d), (right, y + d)], colour, 0.25)


def _bureau_seal(made: Invoice, seed: int) -> Image.Image:
    return oval_seal("全国统一发票监制章", "国家税务总局", made.office, seed, ratio=0.66, double=True)


def _grouped(code: str) -> str:
    return " ".join(code[i : i + 5] for i in range(0, len(code), 5))


def _old_table(sheet: Canvas, made: Invoice, look: Print) -> None:
    left, top = look.left, look.top
    right = left + OLD_COLUMNS[-1]
    body, totals, words, end = top + 20.4, top + 63, top + 71, top + 90
    sheet.box(left, top, right, end, look.frame, 0.3)
    for y in (body, totals, words):
        sheet.line([(left, y), (right, y)], look.frame, 0.25)
    for a, b in ((top, body), (words, end)):
        for x in (6.6, 111.0, 116.0):
            sheet.line([(left + x, a), (left + x, b)], look.frame, 0.22)
    for x in OLD_COLUMNS[1:-1]:
        sheet.line([(left + x, body), (left + x, totals)], look.frame, 0.2)
    sheet.line([(left + OLD_COLUMNS[1], totals), (left + OLD_COLUMNS[1], words)], look.frame, 0.2)
    sheet.column(left + 3.3, top + 3, "购买方", 5.6, look.form, 3.1, look.words)
    sheet.column(left + 3.3, words + 2.6, "销售方", 5.4, look.form, 3.1, look.words)
    sheet.column(left + 113.5, top + 2.6, "密码区", 6.0, look.form, 3.1, look.words)
    sheet.column(left + 113.5, words + 3.4, "备注", 8.0, look.form, 3.1, look.words)
    _old_party(sheet, made.buyer, "buyer", left + 8.2, top + 1.0, look)
    _old_party(sheet, made.seller, "seller", left + 8.2, words + 0.7, look)
    for i, line in enumerate(made.cipher):
        sheet.text(left + 119, top + 1.4 + i * 4.7, line, look.digits, 3.6, look.ink, spacing=0.1)
    _header(sheet, OLD_COLUMNS, OLD_HEADER, body + 1.1, look)
    _lines(sheet, made.items, OLD_COLUMNS, body + 5.8, look)
    _totals(sheet, made, look, OLD_COLUMNS, totals, words)
    if made.remarks:
        sheet.paragraph(left + 118, words + 1.6, made.remarks, 72, look.value, 2.9, look.ink, field="remarks")


def _old_party(sheet: Canvas, party: trade.Party, who: str, x: float, y: float, look: Print) -> None:
    rows = (
        ("名称", party.name, f"{who}_name", look.value, 3.1),
        ("纳税人识别号", party.tax_id, f"{who}_tax_id", look.digits, 3.8),
        ("地址、电话", party.address_phone, f"{who}_address_phone", look.value, 2.8),
        ("开户行及账号", party.bank_account, f"{who}_bank_account", look.value, 2.8),
    )
    for i, (label, value, name, face, size) in enumerate(rows):
        sheet.spread(x, y + i * 4.75, label, 19.6, look.form, 3.1, look.words)
        sheet.text(x + 19.8, y + i * 4.75, "：", look.form, 3.1, look.words)
        size = min(size, size * 77 / max(sheet.measure(value, face, size), 77))
        sheet.text(
            x + 23,
            y + i * 4.75 + (3.2 - size) * 0.6,
            value,
            face,
            size,
            look.ink,
            field=name,
            spacing=0.3 if name.endswith("tax_id") else 0.0,
        )


def _header(sheet: Canvas, columns: tuple[float, ...], labels: tuple[str, ...], y: float, look: Print) -> None:
    for label, a, b in zip(labels, columns, columns[1:], strict=False):
        sheet.text(look.left + (a + b) / 2, y, label, look.form, 2.9, look.words, align="centre")


def _lines(sheet: Canvas, items: tuple[Line, ...], columns: tuple[float, ...], y: float, look: Print) -> None:
    size, left = 2.8, look.left
    for n, item in enumerate(items):
        rows = sheet.wrap(item.name, columns[1] - 1.6, look.value, size)
        cells = (
            (1, "left", item.spec),
            (2, "centre", item.unit),
            (4, "right", _plain(item.quantity)),
            (5, "right", _plain(item.unit_price)),
            (6, "right", _money(item.amount)),
            (7, "centre", item.tax_rate),
            (8, "right", _money(item.tax)),
        )
        for column, align, value in cells:
            if align == "left":
                x = left + columns[column] + 0.8
            elif align == "right":
                x = left + columns[column] - 0.8
            else:
                x = left + (columns[column] + columns[column + 1 if column == 2 else column - 1]) / 2
            if value:
                beside = column - 1 if align == "right" else column + 1
                room = abs(columns[column] - columns[beside]) - 1.2
                fitted = min(size, size * room / max(sheet.measure(value, look.value, size), room))
                sheet.text(x, y, value, look.value, fitted, look.ink, align=align, field=f"items.{n}")
        for row in rows:
            sheet.text(left + 0.8, y, row, look.value, size, look.ink, field=f"items.{n}")
            y += size * 1.28
        y += 0.5


def _plain(value: Decimal | None) -> str:
    return "" if value is None else f"{value:f}"


def _totals(sheet: Canvas, made: Invoice, look: Print, columns: tuple[float, ...], totals: float, words: float) -> None:
    left = look.left
    sheet.text(left + columns[1] / 2, totals - 4.6, "合      计", look.form, 3.1, look.words, align="centre")
    sheet.text(
        left + columns[6] - 1,
        totals - 4.8,
        f"¥{_money(made.amount)}",
        look.digits,
        3.3,
        look.ink,
        align="right",
        field="amount",
    )
    sheet.text(
        left + columns[8] - 1,
        totals - 4.8,
        f"¥{_money(made.tax)}",
        look.digits,
        3.3,
        look.ink,
        align="right",
        field="tax",
    )
    middle = (totals + words) / 2 - 1.7
    sheet.text(left + columns[1] / 2, middle, "价税合计（大写）", look.form, 3.1, look.words, align="centre")
    x = left + columns[1] + (14 if made.digital else 2)
    _crossed(sheet, x + 2, middle + 1.7, look.ink)
    sheet.text(x + 5, middle, figures.capitals(made.total), look.value, 3.3, look.ink, field="total_in_words")
    x = left + 145 + sheet.text(left + 145, middle, "（小写）", look.form, 3.1, look.words)
    sheet.text(x, middle - 0.2, f"¥{_money(made.total)}", look.digits, 3.5, look.ink, field="total")


def _crossed(sheet: Canvas, x: float, y: float, colour: Colour) -> None:
    """The ⊗ before the amount in words."""
    r = 1.55
    sheet.line(
        [(x + r * math.cos(i * math.pi / 12), y + r * math.sin(i * math.pi / 12)) for i in range(25)], colour, 0.3
    )
    d = r * 0.7
    sheet.line([(x - d, y - d), (x + d, y + d)], colour, 0.25)
    sheet.line([(x - d, y + d), (x + d, y - d)], colour, 0.25)


def _clerks(sheet: Canvas, made: Invoice, look: Print) -> None:
    y = look.top + 92
    for x, label, value, name in (
        (3, "收款人：", made.payee, "payee"),
        (58, "复核：", made.reviewer, "reviewer"),
        (99, "开票人：", made.drawer, "drawer"),
        (141, "销售方：（章）", "", None),
    ):
        at = look.left + x + sheet.text(look.left + x, y, label, look.form, 3.1, look.words)
        sheet.text(at, y, value, look.value, 3.0, look.ink, field=name)


def digital(sheet: Canvas, made: Invoice, look: Print, seed: int) -> None:
    """The fully digital invoice: no code, number of 20 digits, parties side by side."""
    left, right, top = 6.0, 204.0, 29.0
    look = Print(look.form, look.value, look.digits, look.frame, look.words, look.ink, left, top, look.code)
    qr(sheet, 8, 5, 19, look.code)
    if made.issued_by_tax_bureau:
        sheet.text(31, 8, "代开", look.form, 4.4, look.words)
    sheet.text(105, 8, made.title, look.form, 6.2, look.words, align="centre")
    _rules(sheet, 70, 140, 17.6, look.words)
    sheet.picture(_bureau_seal(made, seed), 91.5, 8.4, 27)
    for y, label, value, name in (
        (10, "发票号码：", made.number, "invoice_number"),
        (17, "开票日期：", f"{made.issued_on:%Y年%m月%d日}", "issued_on"),
    ):
        x = 150 + sheet.text(150, y, label, look.form, 3.2, look.words)
        sheet.text(x, y, value, look.value, 3.1, look.ink, field=name)
    body, totals, words, end = top + 20, top + 69, top + 77, top + 97
    sheet.box(left, top, right, end, look.frame, 0.3)
    for y in (body, totals, words):
        sheet.line([(left, y), (right, y)], look.frame, 0.22)
    for x, a, b in ((5.5, top, body), (99, top, body), (104.5, top, body), (38, totals, words), (5.5, words, end)):
        sheet.line([(left + x, a), (left + x, b)], look.frame, 0.22)
    sheet.column(left + 2.7, top + 1.2, "购买方信息", 3.7, look.form, 2.9, look.words)
    sheet.column(left + 101.7, top + 1.2, "销售方信息", 3.7, look.form, 2.9, look.words)
    sheet.column(left + 2.7, words + 4.5, "备注", 6.5, look.form, 3.0, look.words)
    for x, who, party in ((left + 7, "buyer", made.buyer), (left + 106, "seller", made.seller)):
        at = x + sheet.text(x, top + 4, "名称：", look.form, 3.1, look.words)
        size = min(3.1, 3.1 * 80 / max(sheet.measure(party.name, look.value, 3.1), 80))
        sheet.text(at, top + 4, party.name, look.value, size, look.ink, field=f"{who}_name")
        at = x + sheet.text(x, top + 12.5, "统一社会信用代码/纳税人识别号：", look.form, 2.9, look.words)
        sheet.text(at, top + 12.3, party.tax_id, look.digits, 3.1, look.ink, field=f"{who}_tax_id")
    _header(sheet, NEW_COLUMNS, NEW_HEADER, body + 1, look)
    _lines(sheet, made.items, NEW_COLUMNS, body + 5.6, look)
    _totals(sheet, made, look, NEW_COLUMNS, totals, words)
    if made.remarks:
        sheet.paragraph(left + 8, words + 2, made.remarks, 180, look.value, 2.9, look.ink, field="remarks")
    x = 22 + sheet.text(22, end + 3.5, "开票人：", look.form, 3.1, look.words)
    sheet.text(x, end + 3.5, made.drawer, look.value, 3.1, look.ink, field="drawer")
