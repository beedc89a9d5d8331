"""Papers that show what kind of taxpayer a company is: registration, notice, the tax site's answer."""

from __future__ import annotations

import random
from datetime import date, timedelta

from samples.generator import figures, fonts, stamps
from samples.generator.companies import Company
from samples.generator.draw import INK, Colour, Sheet
from samples.generator.fonts import NOTO_HEI, NOTO_HEI_BOLD, NOTO_SONG_BOLD, Faces
from samples.generator.form import Form, Row
from samples.generator.ornament import fine_waves, key_border, round_seal
from samples.generator.people import AS_OF
from samples.generator.truth import Drawn

RED_INK: Colour = (178, 44, 44)
SHORT = {
    "浙江": "浙", "广东": "粤", "江苏": "苏", "上海": "沪", "北京": "京", "四川": "川", "山东": "鲁", "福建": "闽",
    "湖北": "鄂", "河南": "豫", "湖南": "湘", "安徽": "皖", "新疆": "新", "内蒙": "蒙", "广西": "桂",
}  # fmt: skip


def bureau_of(firm: Company) -> str:
    return f"国家税务总局{firm.place.short}税务局"


def accepted_on(firm: Company, rng: random.Random) -> date:
    return max(firm.established_on, date(2018, 7, 1)) + timedelta(days=rng.randint(10, 400))


def first_of_month(day: date, ahead: int) -> date:
    month = day.month + ahead
    return date(day.year + (month > 12), (month - 1) % 12 + 1, 1)


def registration(firm: Company, faces: Faces, seed: int, *, general: bool = True) -> Drawn:
    """税务登记证副本, issued until 2015, with the stamp 增值税一般纳税人 where `general`."""
    sheet = Sheet(297, 210, 6.6, (251, 248, 248))
    fine_waves(sheet, ((244, 224, 226), (232, 232, 240)), (14, 14, 283, 196), 1.7, seed)
    key_border(sheet, 10, 5, (176, 96, 100))
    form = Form("tax_registration_certificate", sheet, faces, size=4.8, colon="：" if seed % 2 else "")
    sheet.text(148.5, 26, "税务登记证", NOTO_SONG_BOLD, 13, RED_INK, align="centre", spacing=6)
    sheet.text(148.5, 43, "（副  本）", faces.value, 5, INK, align="centre")
    tax_id = firm.credit_code[2:17]
    x = 92 + sheet.text(92, 56, f"{_province(firm)}税联字 ", faces.label, 4.8, INK)
    form.put(x, 56, tax_id, "tax_id", size=5)
    sheet.text(x + sheet.measure(tax_id, faces.digits, 5) + 1, 56, "号", faces.label, 4.8, INK)
    rows = [
        Row("纳税人名称", firm.name, "name"),
        Row("法定代表人（负责人）", firm.person.name, "legal_representative"),
        Row("地址", firm.address, "address"),
        Row("登记注册类型", firm.entity_type, "registration_type"),
        Row("经营范围", firm.scope, "business_scope"),
        Row("批准设立机关", firm.authority),
        Row("扣缴义务", "依法确定"),
    ]
    form.rows(34, 70, rows, label_width=46, width=176, pitch=11, gap=4)
    office = f"{firm.place.city}国家税务局"
    form.pair(156, 160, Row("发证税务机关", office, "issuing_authority"), gap=3)
    day = firm.established_on + timedelta(days=20)
    form.put(206, 173, figures.date_text(day, seed % 2), "issued_on", value=day)
    sheet.picture(round_seal(office, seed), 212, 146, 38)
    if general:
        form.truth["general_taxpayer"] = True
        sheet.picture(
            stamps.rectangle("增值税一般纳税人", seed, stamps.BLUE if seed % 3 == 0 else RED_INK), 40, 158, 62
        )
        sheet.mark("general_taxpayer", (40, 158, 102, 172))
    sheet.text(148.5, 202.5, "国家税务总局监制", faces.value, 3.6, align="centre")
    return form.drawn()


def _province(firm: Company) -> str:
    return SHORT[(firm.place.province or firm.place.city)[:2]]


def notice(firm: Company, faces: Faces, seed: int) -> Drawn:
    """税务事项通知书 that says so, or the older 增值税一般纳税人认定通知书."""
    rng = random.Random(seed)
    old = seed % 3 == 0
    sheet = Sheet(210, 297, 6.6)
    form = Form("general_taxpayer_notice", sheet, faces, size=5.2)
    bureau, day = bureau_of(firm), accepted_on(firm, rng)
    sheet.text(105, 30, bureau, NOTO_SONG_BOLD, 7.4, RED_INK if seed % 2 else INK, align="centre", spacing=0.5)
    title = "增值税一般纳税人认定通知书" if old else "税务事项通知书"
    sheet.text(105, 44, title, NOTO_SONG_BOLD, 9, INK, align="centre", spacing=1.2)
    number = f"{firm.place.city[0]}税 税通〔{day.year}〕{rng.randint(1000, 99999)}号"
    form.put(105, 60, number, "document_number", value=number.replace(" ", ""), face=faces.value, align="centre")
    sheet.line([(24, 70), (186, 70)], INK, 0.4)
    form.put(26, 78, f"{firm.name}：", "name", value=firm.name, width=160, face=faces.value)
    x = 26 + sheet.text(26, 90, "（纳税人识别号：", faces.label, 5.2)
    form.put(x, 90, firm.credit_code, "tax_id")
    sheet.text(x + sheet.measure(firm.credit_code, faces.digits, 5.2), 90, "）", faces.label, 5.2)
    y = _noticed(form, first_of_month(day, seed % 2), old)
    form.put(184, y + 24, bureau, "tax_authority", align="right")
    written = figures.date_text(day, 2 if old else 1)
    form.put(184, y + 34, written, "issued_on", value=day, face=faces.value, align="right")
    sheet.picture(round_seal(bureau, seed), 138, y + 12, 42)
    return form.drawn()


def _noticed(form: Form, start: date, old: bool) -> float:
    """What the bureau makes known, with the day from which it holds; returns the y below."""
    canvas, face, y = form.canvas, form.faces.value, 106.0
    if old:
        before = (
            "依据《增值税一般纳税人资格认定管理办法》，经审核，你单位符合增值税一般纳税人认定条件，"
            "现认定你单位为增值税一般纳税人，自"
        )
        after = "起生效。"
    else:
        before = "你单位报送的增值税一般纳税人登记资料收悉。经审核，你单位符合条件，自"
        after = "起登记为增值税一般纳税人，按照一般计税方法计算缴纳增值税，可以领用增值税专用发票。"
        y = form.put(36, y, "事由：增值税一般纳税人登记。", width=150) + 4
        y = form.put(36, y, "依据：《增值税一般纳税人登记管理办法》（国家税务总局令第43号）。", width=150) + 4
        y = form.put(36, y, "通知内容：") + 1.4
    day = figures.date_text(start, 1)
    for line in canvas.wrap("　　" + before + day + after, 160, face, form.size):
        canvas.text(26, y, line, face, form.size)
        if day in line:
            at = 26 + canvas.measure(line[: line.index(day)], face, form.size)
            canvas.mark("effective_from", (at, y, at + canvas.measure(day, face, form.size), y + form.size))
        y += 8.4
    form.truth["effective_from"] = start
    return y


QUERY_COLUMNS = (
    ("纳税人识别号", 46.0, "tax_id"),
    ("纳税人名称", 62.0, "name"),
    ("纳税人资格类型", 38.0, "taxpayer_kind"),
    ("有效期起", 24.0, "valid_from"),
    ("有效期止", 24.0, ""),
    ("主管税务机关", 30.0, "tax_authority"),
)


def query_screenshot(firm: Company, faces: Faces, seed: int, *, general: bool = True) -> Drawn:
    """A browser window with the tax bureau's answer to 一般纳税人资格查询."""
    rng = random.Random(seed)
    hei = Faces(NOTO_HEI_BOLD, NOTO_HEI, NOTO_HEI, NOTO_HEI_BOLD, "screen") if faces in fonts.COMMITTED else faces
    sheet = Sheet(240, 135, 8.0, (246, 248, 251))
    form = Form("taxpayer_query_screenshot", sheet, hei, size=3.3)
    _browser(sheet, firm, hei)
    form.put(16, 36, f"纳税人识别号    {firm.credit_code}", size=3.2)
    sheet.fill([(150, 34.5), (166, 34.5), (166, 40.5), (150, 40.5)], (32, 96, 178))
    sheet.text(158, 35.9, "查询", hei.value, 3.1, (255, 255, 255), align="centre")
    start = first_of_month(accepted_on(firm, rng), 1)
    kind = "增值税一般纳税人" if general else "小规模纳税人"
    cells = (firm.credit_code, firm.name, kind, f"{start}", "9999-12-31" if seed % 2 else "", _office(firm))
    (_listed if seed % 3 == 0 else _tabled)(form, cells, start)
    form.truth["general_taxpayer"] = general
    asked = AS_OF - timedelta(days=rng.randint(1, 20))
    moment = f"{rng.randint(9, 17):02d}:{rng.randint(10, 59)}:{rng.randint(10, 59)}"
    form.put(8, 112, f"查询时间：{asked} {moment}", "queried_on", value=asked, size=3.0)
    sheet.text(8, 120, "以上查询结果仅供参考，具体以主管税务机关登记信息为准。", hei.value, 2.7, (140, 146, 156))
    return form.drawn()


def _office(firm: Company) -> str:
    return f"国家税务总局{firm.place.city}税务局"


def _browser(sheet: Sheet, firm: Company, hei: Faces) -> None:
    """The window's bar with an address, the site's banner, the path to the page."""
    sheet.fill([(0, 0), (240, 0), (240, 9), (0, 9)], (222, 226, 232))
    for i, colour in enumerate(((236, 106, 94), (244, 191, 79), (97, 197, 84))):
        sheet.disc(5 + i * 5, 4.5, 1.5, colour)
    sheet.fill([(24, 1.6), (200, 1.6), (200, 7.4), (24, 7.4)], (255, 255, 255))
    sheet.text(27, 3.0, f"etax.{_domain(firm)}.chinatax.gov.cn/xxcx/ybnsrzgcx", hei.value, 2.8, (96, 100, 108))
    sheet.fill([(0, 9), (240, 9), (240, 22), (0, 22)], (32, 96, 178))
    sheet.text(8, 12.4, f"国家税务总局{_region(firm)}电子税务局", hei.title, 5.0, (255, 255, 255))
    sheet.text(8, 26, "首页 > 公众查询 > 一般纳税人资格查询", hei.value, 2.9, (110, 116, 126))


def _tabled(form: Form, cells: tuple[str, ...], start: date) -> None:
    form.size = 3.0
    heads, widths, fields = zip(*QUERY_COLUMNS, strict=True)
    bottom = form.table(8, 48, widths, [heads, cells], height=9, colour=(196, 204, 214))
    x = 8.0
    for width, field, cell in zip(widths, fields, cells, strict=True):
        if field and cell:
            form.truth[field] = start if field == "valid_from" else cell
            form.canvas.mark(field, (x, 57, x + width, bottom))
        x += width


def _listed(form: Form, cells: tuple[str, ...], start: date) -> None:
    y = 50.0
    for (head, _, field), cell in zip(QUERY_COLUMNS, cells, strict=True):
        if cell:
            form.pair(30, y, Row(head + "：", cell, field, start if field == "valid_from" else None), gap=2)
            y += 8.5


def _region(firm: Company) -> str:
    home = firm.place
    return home.province or home.city


def _domain(firm: Company) -> str:
    return {"浙江": "zhejiang", "广东": "guangdong", "江苏": "jiangsu", "上海": "shanghai", "北京": "beijing"}.get(
        _region(firm)[:2], "yunnan"
    )
