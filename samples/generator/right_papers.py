"""Papers of rights and fitness: trademark, patent, production licence, certified management system."""

from __future__ import annotations

import math
import random

from samples.generator import english, figures, stamps
from samples.generator.draw import INK, Canvas, Colour, Sheet
from samples.generator.fonts import NOTO_SONG_BOLD, SERIF, SERIF_BOLD, WENKAI_BOLD, Faces
from samples.generator.form import Form, Row
from samples.generator.ornament import emblem, fine_waves, key_border, qr, round_seal, wave_border
from samples.generator.rights import STANDARDS, Certificate, Patent, ProductionLicence, Trademark
from samples.generator.truth import Drawn

RED_INK: Colour = (176, 40, 44)
GOLDEN: Colour = (168, 132, 62)
OFFICE = "国家知识产权局"


def _mark(sheet: Sheet, x: float, y: float, name: str, seed: int) -> None:
    """The registered sign: the word in a bold hand, some with a simple device above it."""
    if seed % 2:
        for i in range(6):
            a, b = i * math.pi / 3, (i + 0.5) * math.pi / 3
            points = [(x + 7 * math.cos(t), y + 7 * math.sin(t)) for t in (a, b)]
            sheet.fill([(x, y), *points], (40, 60, 110) if i % 2 else (90, 130, 180))
    sheet.text(x, y + 10, name, WENKAI_BOLD, 11, INK, align="centre", spacing=1.5)


def trademark_certificate(mark: Trademark, faces: Faces, seed: int) -> Drawn:
    """商标注册证: with 国家知识产权局 since 2018."""
    sheet = Sheet(210, 297, 6.6, (253, 250, 244))
    fine_waves(sheet, ((246, 236, 222), (244, 230, 226)), (20, 20, 190, 277), 2.0, seed)
    wave_border(sheet, (12, 12, 12, 12), 6, GOLDEN) if seed % 2 else key_border(sheet, 12, 6, GOLDEN)
    form = Form("trademark_certificate", sheet, faces, size=4.4)
    emblem(sheet, 105, 44, 12)
    sheet.text(105, 62, "商标注册证", NOTO_SONG_BOLD, 13, RED_INK, align="centre", spacing=5)
    number = f"第{mark.number}号" if seed % 2 else f"第 {mark.number} 号"
    form.put(105, 81, number, "registration_number", value=mark.number, size=5.2, align="centre")
    _mark(sheet, 105, 104, mark.name, seed)
    form.truth["trademark_name"] = mark.name
    y = 140.0
    form.label(30, y, "核定使用商品/服务项目" if seed % 3 else "核定使用商品")
    x = 30 + sheet.measure("核定使用商品/服务项目" if seed % 3 else "核定使用商品", faces.label, 4.4)
    form.put(x + 1, y, f"（国际分类：{mark.classes}）", "classes", value=mark.classes, face=faces.value)
    y = form.put(30, y + 8, f"第{mark.classes}类：{mark.goods}", "goods", value=mark.goods, width=150)
    rows = [
        Row("注册人", mark.holder.name, "registrant"),
        Row("注册地址" if seed % 3 else "注册人地址", mark.holder.address, "registrant_address"),
    ]
    y = form.rows(30, max(y + 5, 176), rows, label_width=22, width=118, pitch=10, gap=5)
    y = _trademark_term(form, mark, y, seed)
    form.label(30, y + 12, "局长签发")
    _signature(sheet, 54, y + 14, seed)
    form.label(118, y + 12, "发证机关")
    sheet.text(140, y + 12, OFFICE, faces.value, 4.4)
    sheet.picture(round_seal(OFFICE, seed), 136, y - 2, 38)
    return form.drawn()


def _trademark_term(form: Form, mark: Trademark, y: float, seed: int) -> float:
    """注册日期 and 有效期至; older ones in one sentence. Returns the y below."""
    style = 1 if seed % 3 == 0 else seed % 2
    first, last = figures.date_text(mark.registered_on, style), figures.date_text(mark.valid_to, style)
    if seed % 3:
        form.pair(30, y, Row("注册日期", first, "registered_on", mark.registered_on), label_width=22, gap=5)
        form.pair(108, y, Row("有效期至", last, "valid_to", mark.valid_to), gap=4)
        return y + 10
    form.label(30, y, "注册有效期限", width=28)
    x, face = 62.0, form.faces.value
    x += form.canvas.text(x, y, "自公元 ", form.faces.label, form.size)
    form.put(x, y, first, "valid_from", value=mark.registered_on, face=face)
    x += form.canvas.measure(first, face, form.size)
    x += form.canvas.text(x, y, " 至 ", form.faces.label, form.size)
    form.put(x, y, last, "valid_to", value=mark.valid_to, face=face)
    return y + 10


def _signature(sheet: Canvas, x: float, y: float, seed: int) -> None:
    """A scribble, nobody's name."""
    rng = random.Random(seed)
    points = [(x + i * 0.8, y + 3.2 * math.sin(i * 0.9 + rng.uniform(0, 1.2)) * rng.uniform(0.3, 1)) for i in range(26)]
    sheet.line(points, (40, 40, 60), 0.45)


def trademark_acceptance(mark: Trademark, faces: Faces, seed: int) -> Drawn:
    """商标注册申请受理通知书."""
    rng = random.Random(seed)
    sheet = Sheet(210, 297, 6.6)
    form = Form("trademark_acceptance_notice", sheet, faces, size=4.8, colon="：")
    number = figures.digits(rng, 8)
    applied, issued = mark.applied_on, mark.applied_on.replace(day=min(mark.applied_on.day, 20))
    sheet.text(105, 26, OFFICE, NOTO_SONG_BOLD, 8, RED_INK, align="centre", spacing=3)
    sheet.line([(24, 40), (186, 40)], RED_INK, 0.5)
    form.put(186, 44, f"发文编号：TMZC{number}ZCSL01", size=3.6, align="right")
    sheet.text(105, 56, "商标注册申请受理通知书", NOTO_SONG_BOLD, 8.4, INK, align="centre", spacing=1)
    rows = [
        Row("申请号", number, "application_number"),
        Row("申请日期", figures.date_text(applied, seed % 2), "applied_on", applied),
        Row("申请人", mark.holder.name, "applicant"),
        Row("商标", mark.name, "trademark_name"),
        Row("类别" if seed % 2 else "国际分类", mark.classes, "classes"),
        Row("代理机构", "直接办理" if seed % 2 else "杭州明正知识产权代理有限公司"),
    ]
    y = form.rows(30, 76, rows, label_width=20, width=120, pitch=10, gap=2)
    text = (
        "根据《中华人民共和国商标法》及《中华人民共和国商标法实施条例》的有关规定，上述商标注册申请，申请手续齐备并按照规定"
        "填写申请文件，我局予以受理。特此通知。"
    )
    y = sheet.paragraph(28, y + 8, "　　" + text, 154, faces.value, 4.8, leading=1.7)
    y = sheet.paragraph(
        28,
        y + 6,
        "　　特别提示：本通知书仅表明商标注册申请已被受理，并不表明所申请商标已获准注册。",
        154,
        faces.value,
        4.4,
        leading=1.6,
    )
    sheet.text(164, y + 18, OFFICE, faces.value, 4.8, align="centre")
    issued_text = figures.date_text(issued, 1)
    form.put(164, y + 27, issued_text, "issued_on", value=issued, face=faces.value, align="centre")
    sheet.picture(round_seal(OFFICE, seed, "商标业务章"), 144, y + 4, 40)
    return form.drawn()


def patent_certificate(patent: Patent, faces: Faces, seed: int) -> Drawn:
    """发明专利证书, 实用新型专利证书, 外观设计专利证书."""
    kind = {"invention": "发明", "utility_model": "实用新型", "design": "外观设计"}[patent.kind]
    sheet = Sheet(210, 297, 6.6, (252, 250, 244))
    fine_waves(sheet, ((244, 238, 224), (236, 238, 232)), (16, 16, 194, 281), 2.2, seed)
    sheet.box(12, 12, 198, 285, GOLDEN, 0.8)
    sheet.box(14, 14, 196, 283, GOLDEN, 0.3)
    form = Form("patent_certificate", sheet, faces, size=4.8, colon="：")
    x = 24 + sheet.text(24, 24, "证书号 第", faces.label, 4.4)
    form.put(x + 0.6, 24, patent.certificate_number, "certificate_number", size=4.4)
    x += 1.2 + sheet.measure(patent.certificate_number, faces.digits, 4.4)
    sheet.text(x, 24, "号", faces.label, 4.4)
    emblem(sheet, 105, 52, 14)
    sheet.text(105, 74, f"{kind}专利证书", NOTO_SONG_BOLD, 13, RED_INK, align="centre", spacing=3)
    holder = patent.holder
    letter = {"invention": "B", "utility_model": "U", "design": "S"}[patent.kind]
    publication = f"CN {int(patent.number[-9:-2]) + 10000000 * 11} {letter}"
    name_label = {"invention": "发明名称", "utility_model": "实用新型名称", "design": "外观设计名称"}[patent.kind]
    rows = [
        Row(name_label, patent.title, "title"),
        Row("设计人" if patent.kind == "design" else "发明人", patent.inventors, "inventor"),
        Row("专利号", patent.number, "patent_number", patent.number.replace(" ", "")),
        Row("专利申请日", figures.date_text(patent.applied_on), "applied_on", patent.applied_on),
        Row("专利权人", holder.name, "patentee"),
        Row("地址", holder.address),
        Row("授权公告日", figures.date_text(patent.granted_on), "granted_on", patent.granted_on),
        Row("授权公告号", publication),
    ]
    y = form.rows(28, 104, rows, width=112, pitch=12, gap=1.5)
    form.truth["patent_kind"] = patent.kind
    _patent_foot(form, patent, kind, y, seed)
    return form.drawn()


def _patent_foot(form: Form, patent: Patent, kind: str, y: float, seed: int) -> None:
    sheet, faces = form.canvas, form.faces
    text = (
        f"国家知识产权局依照中华人民共和国专利法进行审查，决定授予专利权，颁发{kind}专利证书"
        "并在专利登记簿上予以登记。专利权自授权公告之日起生效。"
    )
    sheet.paragraph(28, y + 2, "　　" + text, 154, faces.value, 4.4, leading=1.6)
    form.colon = ""
    form.label(28, 246, "局长")
    _signature(sheet, 44, 248, seed)
    sheet.text(172, 262, figures.date_text(patent.granted_on), faces.value, 4.6, align="centre")
    sheet.picture(round_seal(OFFICE, seed), 148, 236, 42)
    qr(sheet, 28, 258, 20, patent.number)


def production_licence(licence: ProductionLicence, faces: Faces, seed: int) -> Drawn:
    """食品生产许可证, or 全国工业产品生产许可证."""
    paint = _food_licence if licence.food else _industrial_licence
    return paint(licence, faces, seed)


def _food_licence(licence: ProductionLicence, faces: Faces, seed: int) -> Drawn:
    sheet = Sheet(297, 210, 6.6, (252, 252, 246))
    wave_border(sheet, (11, 11, 11, 11), 7, (96, 140, 100))
    form = Form("production_licence", sheet, faces, size=4.6, colon="：" if seed % 2 else "")
    emblem(sheet, 148.5, 38, 11)
    sheet.text(148.5, 53, "食品生产许可证", NOTO_SONG_BOLD, 11, (52, 92, 60), align="centre", spacing=3.5)
    sheet.text(148.5, 68, "（正本）" if seed % 3 == 0 else "（副本）", faces.value, 4.6, align="centre")
    firm = licence.holder
    office = f"{firm.place.city}市场监督管理局"
    left = [
        Row("生产者名称", firm.name, "name"),
        Row("社会信用代码（身份证号码）" if seed % 2 else "统一社会信用代码", firm.credit_code, "credit_code"),
        Row("法定代表人（负责人）", firm.person.name, "legal_representative"),
        Row("住所", firm.address, "address"),
        Row("生产地址", licence.production_address, "production_address"),
        Row("食品类别", licence.product, "product"),
    ]
    right = [
        Row("许可证编号", licence.number, "licence_number"),
        Row("日常监督管理机构", f"{firm.place.short}市场监督管理局"),
        Row("投诉举报电话", "12315"),
        Row("发证机关", office, "issuing_authority"),
        Row("签发人", ""),
    ]
    form.rows(32, 80, left, label_width=44 if seed % 2 else 34, width=74, pitch=11.5)
    y = form.rows(172, 80, right, label_width=34, width=60, pitch=11.5)
    form.put(210, y + 12, figures.date_text(licence.issued_on), "issued_on", value=licence.issued_on, face=faces.value)
    sheet.picture(round_seal(office, seed), 212, y - 10, 40)
    form.pair(
        172, y + 32, Row("有效期至", figures.date_text(licence.valid_to), "valid_to", licence.valid_to), label_width=34
    )
    qr(sheet, 32, 160, 22, f"SCXK{licence.number}")
    sheet.text(148.5, 201.5, "国家市场监督管理总局监制", faces.value, 3.4, align="centre")
    return form.drawn()


def _industrial_licence(licence: ProductionLicence, faces: Faces, seed: int) -> Drawn:
    sheet = Sheet(210, 297, 6.6, (252, 251, 246))
    fine_waves(sheet, ((240, 236, 220), (228, 236, 238)), (22, 22, 188, 275), 2.0, seed)
    key_border(sheet, 13, 6, (110, 120, 150))
    form = Form("production_licence", sheet, faces, size=5.0, colon="：" if seed % 2 else "")
    emblem(sheet, 105, 46, 13)
    sheet.text(105, 66, "全国工业产品", NOTO_SONG_BOLD, 9, RED_INK, align="centre", spacing=2.4)
    sheet.text(105, 79, "生产许可证", NOTO_SONG_BOLD, 13, RED_INK, align="centre", spacing=5)
    firm = licence.holder
    form.put(34, 102, f"{firm.name}", "name", width=140, face=faces.value, size=5.2)
    sheet.paragraph(
        34,
        114,
        "　　经审查，你单位生产的下列产品符合取得生产许可证条件，特发此证。",
        142,
        faces.value,
        5.0,
        leading=1.6,
    )
    rows = [
        Row("产品名称", licence.product, "product"),
        Row("住所", firm.address, "address"),
        Row("生产地址", licence.production_address, "production_address"),
        Row("检验方式", "自行检验" if seed % 2 else "委托检验"),
        Row("证书编号", licence.number, "licence_number"),
        Row("统一社会信用代码", firm.credit_code if seed % 2 else "", "credit_code"),
        Row("有效期至", figures.date_text(licence.valid_to, 1), "valid_to", licence.valid_to),
    ]
    form.rows(34, 138, rows, label_width=24, width=110, pitch=12.5)
    office = "国家市场监督管理总局" if seed % 3 else f"{(firm.place.province or firm.place.city)}市场监督管理局"
    form.pair(104, 236, Row("发证机关", office, "issuing_authority"))
    form.put(132, 248, figures.date_text(licence.issued_on, 1), "issued_on", value=licence.issued_on, face=faces.value)
    sheet.picture(round_seal(office, seed), 134, 222, 42)
    return form.drawn()


def iso_certificate(certificate: Certificate, faces: Faces, seed: int, *, in_english: bool = False) -> Drawn:
    """管理体系认证证书, in Chinese or in English."""
    return (_iso_english if in_english else _iso_chinese)(certificate, faces, seed)


def _iso_sheet(certificate: Certificate, seed: int) -> Sheet:
    sheet = Sheet(210, 297, 6.6, (252, 252, 251))
    colour = ((40, 92, 150), (30, 120, 96), (150, 60, 40))[seed % 3]
    wave_border(sheet, (9, 9, 9, 9), 5, colour)
    sheet.disc(28, 28, 9, colour)
    sheet.disc(28, 28, 7.8, (252, 252, 251))
    sheet.text(28, 25.4, certificate.body[1][:2].upper(), SERIF_BOLD, 6, colour, align="centre")
    sheet.box(30, 254, 62, 272, colour, 0.5)  # where accreditation marks stand
    sheet.text(46, 257, "CNAS", SERIF_BOLD, 5, colour, align="centre")
    sheet.text(46, 264, "MANAGEMENT SYSTEM", SERIF, 2.6, colour, align="centre")
    return sheet


def _iso_chinese(certificate: Certificate, faces: Faces, seed: int) -> Drawn:
    sheet = _iso_sheet(certificate, seed)
    form = Form("iso_certificate", sheet, faces, size=4.8, colon="：")
    system, standard, *_ = STANDARDS[certificate.system]
    firm = certificate.holder
    sheet.text(105, 44, f"{system}认证证书", NOTO_SONG_BOLD, 9.6, INK, align="centre", spacing=1.4)
    number = Row("证书编号" if seed % 2 else "注册号", certificate.number, "certificate_number")
    form.pair(62, 64, number, gap=1)
    sheet.text(105, 78, "兹证明", faces.value, 5, align="centre", spacing=4)
    form.put(105, 90, firm.name, "name", size=6.4, align="centre", face=faces.title)
    y = form.rows(
        30,
        106,
        [
            Row("统一社会信用代码", firm.credit_code, "credit_code"),
            Row("注册地址", firm.address, "address"),
            Row("经营地址", firm.address if seed % 2 else ""),
        ],
        width=112,
        pitch=10,
        gap=1,
    )
    scope = certificate.scope
    heads = (f"{system}符合标准", "认证范围") if seed % 2 else (f"建立的{system}符合", "该管理体系适用于")
    y = _conformity(form, y, (heads[0], standard, heads[1], scope))
    first, last = figures.date_text(certificate.issued_on), figures.date_text(certificate.valid_to)
    form.pair(30, y, Row("发证日期" if seed % 2 else "颁证日期", first, "issued_on", certificate.issued_on))
    form.pair(112, y, Row("有效期至", last, "valid_to", certificate.valid_to))
    note = "可在国家认证认可监督管理委员会官方网站（www.cnca.gov.cn）查询。"
    sheet.paragraph(30, y + 12, "本证书的有效性依据认证机构的定期监督获得保持，" + note, 150, faces.value, 3.6)
    form.put(146, 260, certificate.body[0], "certification_body", size=5, align="centre")
    sheet.picture(round_seal(certificate.body[0], seed), 128, 238, 40)
    return form.drawn()


def _conformity(form: Form, y: float, texts: tuple[str, str, str, str]) -> float:
    """What is certified: words, standard, words, scope, under each other in the middle; returns the y of the dates."""
    before, standard, between, scope = texts
    face = form.faces.value
    form.put(105, y + 6, before, size=5, face=face, align="centre")
    form.put(105, y + 18, standard, "standard", size=5.7, face=face, align="centre")
    form.put(105, y + 31, between, size=5, face=face, align="centre")
    form.put(105, y + 42, scope, "scope", size=5.2, face=face, align="centre")
    return y + 61


def _iso_english(certificate: Certificate, faces: Faces, seed: int) -> Drawn:
    latin = Faces(SERIF, SERIF, SERIF, SERIF_BOLD, "latin")
    sheet = _iso_sheet(certificate, seed)
    form = Form("iso_certificate", sheet, latin, size=5.0, colon=":")
    _, _, system, standard, _ = STANDARDS[certificate.system]
    firm = certificate.holder
    title = "CERTIFICATE OF CONFORMITY" if seed % 2 else "CERTIFICATE OF REGISTRATION"
    sheet.text(105, 40, title, SERIF_BOLD, 7.6, INK, align="centre")
    sheet.text(105, 53, system, SERIF, 6, INK, align="centre")
    form.pair(64, 66, Row("Certificate No.", certificate.number, "certificate_number"))
    sheet.text(105, 80, "This is to certify that", SERIF, 5, INK, align="centre")
    form.put(105, 91, english.name(firm), "name_latin", size=6.2, face=SERIF_BOLD, align="centre")
    if seed % 2:
        form.put(105, 100, firm.name, "name", size=5, face=faces.value, align="centre")
    y = form.rows(
        30,
        112,
        [
            Row("Unified Social Credit Code", firm.credit_code, "credit_code"),
            Row("Registered Address", english.address(firm), "address"),
        ],
        width=108,
        pitch=10,
        gap=1.5,
    )
    words = ("has been assessed and found to be in conformity with", standard, "for the following scope")
    y = _conformity(form, y, (*words, certificate.scope_english))
    issued, until = f"{certificate.issued_on:%d %B %Y}", f"{certificate.valid_to:%d %B %Y}"
    form.pair(30, y, Row("Date of Issue", issued, "issued_on", certificate.issued_on))
    form.pair(112, y, Row("Valid until" if seed % 2 else "Expiry Date", until, "valid_to", certificate.valid_to))
    form.put(140, 262, certificate.body[1], "certification_body", size=4.6, align="centre")
    sheet.picture(stamps.company_seal(certificate.body[0], seed), 122, 236, 40)
    return form.drawn()
