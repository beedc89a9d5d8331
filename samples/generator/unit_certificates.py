"""Certificates of units: public institutions, social organisations, government bodies, organisation codes."""

from __future__ import annotations

from datetime import date

from samples.generator import figures, people
from samples.generator.companies import Company
from samples.generator.draw import INK, Colour, Sheet
from samples.generator.fonts import NOTO_SONG_BOLD, Faces
from samples.generator.form import Form, Row
from samples.generator.ornament import emblem, fine_waves, key_border, qr, round_seal, wave_border
from samples.generator.truth import Drawn
from samples.generator.units import Unit

BROWN: Colour = (116, 84, 44)
GREEN: Colour = (84, 124, 96)
ROSE: Colour = (190, 120, 128)


def _money(unit: Unit, style: int) -> str:
    ten_thousands = f"{(unit.capital / 10000).normalize():f}"
    return (f"{ten_thousands}万元", f"¥{ten_thousands}万元", f"{ten_thousands}万元人民币", f"{ten_thousands}.00万元")[
        style % 4
    ]


def _span(form: Form, x: float, y: float, start: date, end: date, style: int, *, two_lines: bool = False) -> None:
    """自 2020年03月05日 至 2025年03月04日, each date a field of its own."""
    first, last = figures.date_text(start, style), figures.date_text(end, style)
    lead, joint = ("自", "至") if style != 1 else ("", " 至 ")
    at = x + form.canvas.text(x, y, lead, form.faces.value, form.size, form.ink)
    form.put(at, y, first, "valid_from", value=start, face=form.faces.value)
    at += form.canvas.measure(first, form.faces.value, form.size)
    if two_lines:
        at, y = x, y + form.size * 1.35
    at += form.canvas.text(at, y, joint, form.faces.value, form.size, form.ink)
    form.put(at, y, last, "valid_to", value=end, face=form.faces.value)


def public_institution(unit: Unit, faces: Faces, seed: int) -> Drawn:
    """事业单位法人证书: the folder open, code and term on the left page, the rest on the right; or one upright page."""
    wide = seed % 3 > 0
    sheet = Sheet(297, 210, 6.6, (252, 250, 244)) if wide else Sheet(210, 297, 6.6, (252, 250, 244))
    wave_border(sheet, (10, 10, 10, 10), 7, BROWN)
    form = Form("public_institution_certificate", sheet, faces, size=4.6)
    rows = [
        Row("名称", unit.name, "name"),
        Row("宗旨和业务范围", unit.scope, "business_scope"),
        Row("住所", unit.address, "address"),
        Row("法定代表人", unit.person.name, "legal_representative"),
        Row("经费来源", unit.funding, "funding_source"),
        Row("开办资金", _money(unit, seed), "start_up_capital", unit.capital),
        Row("举办单位", unit.sponsor, "sponsor"),
    ]
    (_open_folder if wide else _upright)(form, sheet, unit, rows, seed)
    return form.drawn()


def _open_folder(form: Form, sheet: Sheet, unit: Unit, rows: list[Row], seed: int) -> None:
    face = form.faces.value
    emblem(sheet, 79, 48, 13)
    sheet.text(79, 68, "事业单位法人证书", NOTO_SONG_BOLD, 9, BROWN, align="centre", spacing=1.6)
    sheet.text(79, 82, "（副  本）" if seed % 2 else "（正  本）", face, 5, INK, align="centre")
    form.label(32, 100, "统一社会信用代码")
    form.put(32, 108, unit.credit_code, "credit_code", size=5.4)
    form.label(32, 124, "有效期")
    _span(form, 50, 124, unit.valid_from, unit.valid_to, seed % 3, two_lines=True)
    qr(sheet, 32, 144, 24, f"http://www.gjsy.gov.cn/q?{unit.credit_code}")
    sheet.text(148.5, 202.5, "国家事业单位登记管理局监制", face, 3.2, align="centre")
    y = max(form.rows(150, 34, rows, label_width=33, width=88, pitch=11.5, gap=4), 146)
    authority = Row("登记管理机关", unit.authority, "registration_authority")
    form.pair(150, y + 4, authority, label_width=33, gap=4)
    sheet.picture(round_seal(unit.authority, seed), 210, y - 6, 38)


def _upright(form: Form, sheet: Sheet, unit: Unit, rows: list[Row], seed: int) -> None:
    face = form.faces.value
    emblem(sheet, 105, 44, 14)
    sheet.text(105, 64, "事业单位法人证书", NOTO_SONG_BOLD, 11, BROWN, align="centre", spacing=2.2)
    form.put(30, 84, unit.certificate_number, "certificate_number", size=4.2, face=face)
    form.pair(98, 84, Row("统一社会信用代码", unit.credit_code, "credit_code"))
    y = form.rows(30, 100, rows, label_width=36, width=112, pitch=12, gap=5)
    form.label(30, y, "有效期", width=36)
    _span(form, 71, y, unit.valid_from, unit.valid_to, seed % 3)
    authority = Row("登记管理机关", unit.authority, "registration_authority")
    form.pair(30, y + 14, authority, label_width=36, gap=5)
    sheet.picture(round_seal(unit.authority, seed), 120, y + 2, 40)
    sheet.text(105, 289, "国家事业单位登记管理局监制", face, 3.4, align="centre")


def organisation(unit: Unit, faces: Faces, seed: int) -> Drawn:
    """社会团体法人登记证书 and 民办非企业单位登记证书 of the civil affairs bureau."""
    social = unit.kind == "social_organisation"
    kind = "social_organisation_certificate" if social else "private_non_enterprise_certificate"
    title = "社会团体法人登记证书" if social else "民办非企业单位登记证书"
    sheet = Sheet(297, 210, 6.6, (253, 249, 246))
    fine_waves(sheet, ((246, 234, 226), (240, 238, 222)), (22, 22, 275, 188), 1.9, seed)
    key_border(sheet, 11, 6, ROSE)
    form = Form(kind, sheet, faces, size=4.7, colon="：" if seed % 2 else "")
    emblem(sheet, 148.5, 38, 11)
    sheet.text(148.5, 54, title, NOTO_SONG_BOLD, 10, (150, 40, 44), align="centre", spacing=2.2)
    sheet.text(148.5, 68, "（副本）" if seed % 3 else "（正本）", faces.value, 4.6, INK, align="centre")
    form.pair(36, 78, Row("统一社会信用代码", unit.credit_code, "credit_code"), gap=3)
    if not social and seed % 2:
        form.pair(176, 78, Row("类型", "法人"), gap=3)
    left = [
        Row("名称", unit.name, "name"),
        Row("业务范围", unit.scope, "business_scope"),
        Row("住所", unit.address, "address"),
    ]
    right = [
        Row("法定代表人", unit.person.name, "legal_representative"),
        Row("注册资金" if social or seed % 3 else "开办资金", _money(unit, seed), "registered_capital", unit.capital),
        Row("业务主管单位", unit.sponsor, "supervising_unit"),
    ]
    form.rows(36, 91, left, label_width=22, width=82, pitch=12)
    y = form.rows(158, 91, right, label_width=30, width=76, pitch=12)
    form.label(158, y, "有效期限", width=30)
    _span(form, 191 + (3 if form.colon else 0), y, unit.valid_from, unit.valid_to, seed % 2, two_lines=True)
    authority = "登记管理机关" if seed % 2 else "发证机关"
    form.pair(158, y + 22, Row(authority, unit.authority, "registration_authority"), label_width=30, gap=3)
    form.label(158, y + 34, "发证日期", width=30)
    form.put(192, y + 34, figures.date_text(unit.issued_on, seed % 2), "issued_on", value=unit.issued_on)
    sheet.picture(round_seal(unit.authority, seed), 218, y + 10, 38)
    qr(sheet, 36, 158, 20, f"https://chinanpo.mca.gov.cn/q?{unit.credit_code}")
    sheet.text(148.5, 203, "中华人民共和国民政部制", faces.value, 3.4, align="centre")
    return form.drawn()


def credit_code(unit: Unit, faces: Faces, seed: int) -> Drawn:
    """统一社会信用代码证书: what offices of government show instead of a licence."""
    sheet = Sheet(210, 297, 6.6, (253, 251, 246))
    wave_border(sheet, (12, 12, 12, 12), 7, (150, 60, 50))
    form = Form("credit_code_certificate", sheet, faces, size=5.0)
    emblem(sheet, 105, 52, 15)
    sheet.text(105, 76, "统一社会信用代码证书", NOTO_SONG_BOLD, 11, (130, 40, 36), align="centre", spacing=1.8)
    form.pair(45, 104, Row("统一社会信用代码", unit.credit_code, "credit_code"), gap=5)
    nature = "机关" if unit.kind == "government" else "群众团体"
    rows = [
        Row("机构名称", unit.name, "name"),
        Row("机构性质", nature),
        Row("机构地址", unit.address, "address"),
        Row("负责人" if seed % 3 else "法定代表人", unit.person.name, "legal_representative"),
    ]
    y = form.rows(36, 122, rows, label_width=28, width=102, pitch=14, gap=6)
    form.pair(36, y, Row("赋码机关", unit.authority, "issuing_authority"), label_width=28, gap=6)
    sheet.picture(round_seal(unit.authority, seed), 116, y - 8, 42)
    y += 14
    if seed % 2:
        form.label(36, y, "有效期", width=28)
        _span(form, 70, y, unit.valid_from, unit.valid_to, 0)
        y += 14
    form.label(36, y, "颁发日期", width=28)
    form.put(70, y, figures.date_text(unit.issued_on, 0), "issued_on", value=unit.issued_on)
    qr(sheet, 36, 240, 24, unit.credit_code)
    sheet.text(105, 270, "注：以上信息如发生变化，应到赋码机关更新信息，换领新证。", faces.value, 3.4, align="centre")
    return form.drawn()


def organisation_code(firm: Company, faces: Faces, seed: int, *, expired: bool = False) -> Drawn:
    """组织机构代码证, issued until 2015: the code is that inside the later credit code."""
    sheet = Sheet(297, 210, 6.6, (250, 252, 247))
    fine_waves(sheet, ((222, 238, 224), (238, 240, 216)), (14, 14, 283, 196), 1.6, seed)
    key_border(sheet, 10, 5, GREEN)
    form = Form("organisation_code_certificate", sheet, faces, size=5.0, colon="：" if seed % 2 else "")
    sheet.text(148.5, 24, "中华人民共和国", NOTO_SONG_BOLD, 7, INK, align="centre", spacing=2.4)
    sheet.text(148.5, 35, "组织机构代码证", NOTO_SONG_BOLD, 12, INK, align="centre", spacing=4)
    sheet.text(148.5, 52, "（副  本）", faces.value, 5, INK, align="centre")
    code = f"{firm.credit_code[8:16]}-{firm.credit_code[16]}"
    form.pair(36, 64, Row("代码", code, "organisation_code", code.replace("-", "")), label_width=22, gap=5, size=6)
    kind = {"individual": "个体工商户", "branch": "企业非法人", "partnership": "企业非法人"}.get(firm.kind, "企业法人")
    head = {"branch": "负责人", "partnership": "执行事务合伙人"}.get(firm.kind, "法定代表人")
    rows = [
        Row("机构名称", firm.name, "name"),
        Row("机构类型", kind, "entity_type"),
        Row(head, firm.person.name, "legal_representative"),
        Row("地址", firm.address, "address"),
    ]
    y = form.rows(36, 80, rows, label_width=28, width=110, pitch=13, gap=5)
    start = people.anniversary(people.AS_OF, -5 if expired else -3)
    form.label(36, y, "有效期", width=28)
    _span(form, 69, y, start, people.anniversary(start, 4), seed % 2)
    y += 13
    office = f"{firm.place.city}质量技术监督局"
    form.pair(36, y, Row("颁发单位", office, "issuing_authority"), label_width=28, gap=5)
    sheet.picture(round_seal(office, seed), 104, y - 8, 38)
    form.pair(
        36, y + 13, Row("登记号", f"组代管{firm.place.region}-{firm.registration_number[6:12]}"), label_width=28, gap=5
    )
    sheet.box(198, 80, 264, 170, (120, 140, 124), 0.3)
    sheet.text(231, 84, "年检记录", faces.label, 5, INK, align="centre", spacing=3)
    qr(sheet, 240, 42, 22, code)
    sheet.text(148.5, 203.5, "中华人民共和国国家质量监督检验检疫总局", faces.value, 3.6, align="centre")
    return form.drawn()
