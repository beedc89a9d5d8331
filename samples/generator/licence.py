"""Business licences: the landscape form of 2019, the portrait form of 2015, and the older one with 注册号."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from samples.generator import figures
from samples.generator.companies import Company
from samples.generator.draw import INK, Colour, Sheet
from samples.generator.fonts import NOTO_SONG, Faces
from samples.generator.ornament import RED, emblem, fine_waves, ghost_words, key_border, qr, round_seal, wave_border
from samples.generator.truth import Drawn

OLIVE: Colour = (138, 128, 92)
QR_CAPTION = "扫描二维码登录‘国家企业信用信息公示系统’了解更多登记、备案、许可、监管信息。"
GREY: Colour = (120, 120, 118)
TITLE: Colour = (92, 74, 34)


@dataclass(frozen=True, slots=True)
class Labels:
    """The words one kind of enterprise's licence prints."""

    person: str
    address: str
    founded: str = "成立日期"
    term: str = "营业期限"
    capital: str = "注册资本"


LABELS = {
    "company": Labels("法定代表人", "住所"),
    "joint_stock": Labels("法定代表人", "住所"),
    "branch": Labels("负责人", "营业场所"),
    "partnership": Labels("执行事务合伙人", "主要经营场所", term="合伙期限", capital="出资额"),
    "sole": Labels("投资人", "住所", capital="出资额"),
    "individual": Labels("经营者", "经营场所", founded="注册日期"),
}
FIELDS = {"名称": "name", "类型": "entity_type", "经营范围": "business_scope", "组成形式": ""}


@dataclass(frozen=True, slots=True)
class Style:
    """How one licence is printed; drawn by chance in `style`, or given by a sample."""

    form: str = "2019"  # 2019, 2015 or registration
    original: bool = False  # 正本
    show_term: bool = True
    date: int = 0
    capital: int = 0
    ghost: bool = True
    seal_over: str = ""  # a field another seal is stamped over
    seal_ink: Colour = RED


def style(rng: random.Random, form: str | None = None) -> Style:
    return Style(
        form=form or rng.choice(("2019", "2019", "2019", "2015", "registration")),
        original=rng.random() < 0.25,
        show_term=rng.random() < 0.75,
        date=rng.choice((0, 0, 0, 1, 2)),
        capital=rng.randrange(8),
        ghost=rng.random() < 0.8,
    )


def draw(firm: Company, faces: Faces, look: Style, seed: int) -> Drawn:
    """The licence of an enterprise as a flat picture with its truth."""
    sheet = _landscape(firm, faces, look, seed) if look.form == "2019" else _portrait(firm, faces, look, seed)
    if look.seal_over:
        left, top, right, bottom = sheet.fields[look.seal_over]
        seal = round_seal(firm.authority, seed + 1, wear=0.15, colour=look.seal_ink)
        # A red seal's ring and letters cross the field; a dark one's star hides part of it.
        lift = 20.5 if look.seal_ink != RED else 32
        sheet.picture(seal, (left + right) / 2 - 20, (top + bottom) / 2 - lift, 40)
    return Drawn("business_licence", sheet.pixels(), _truth(firm, look), sheet.boxes())


def _truth(firm: Company, look: Style) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    if look.form == "registration":
        fields["registration_number"] = firm.registration_number
    else:
        fields["credit_code"] = firm.credit_code
    fields |= {
        "name": firm.name,
        "entity_type": firm.entity_type,
        "legal_representative": firm.representative,
        "representative_title": LABELS[firm.kind].person,
        "address": firm.address,
        "established_on": firm.established_on,
        "business_scope": firm.scope,
        "registration_authority": firm.authority,
        "issued_on": firm.issued_on,
        "copy_kind": "original" if look.original else "duplicate",
    }
    if firm.capital is not None:
        fields["registered_capital"] = firm.capital
    if printed := _term_text(firm, look):
        begin = None if printed == "长期" else firm.term_from
        fields |= {"term_from": begin, "term_to": firm.term_to, "term_is_indefinite": firm.term_is_indefinite}
    return fields


def _term_text(firm: Company, look: Style) -> str:
    if not look.show_term or firm.kind == "individual" or firm.term_from is None:
        return ""
    begin = figures.date_text(firm.term_from, look.date)
    if firm.term_to is None:
        return f"{begin}至长期" if look.capital % 2 else "长期"
    return f"{begin}至{figures.date_text(firm.term_to, look.date)}"


def _rows(firm: Company, look: Style) -> dict[str, tuple[str, str]]:
    """Row name → (label, value) of what this licence prints."""
    labels = LABELS[firm.kind]
    rows = {
        "name": ("名称", firm.name),
        "entity_type": ("类型", firm.entity_type),
        "legal_representative": (labels.person, firm.representative),
        "business_scope": ("经营范围", firm.scope),
        "composition": ("组成形式", firm.composition),
        "registered_capital": (
            labels.capital,
            figures.capital_text(firm.capital, look.capital) if firm.capital else "",
        ),
        "established_on": (labels.founded, figures.date_text(firm.established_on, look.date)),
        "term": (labels.term, _term_text(firm, look)),
        "address": (labels.address, firm.address),
    }
    return {name: row for name, row in rows.items() if row[1]}


def _landscape(firm: Company, faces: Faces, look: Style, seed: int) -> Sheet:
    sheet = Sheet(297, 210, 7.0 if not look.original else 7.6, (253, 252, 248))
    wave_border(sheet, (13, 27, 13, 18), 8, OLIVE)
    if look.ghost:
        ghost_words(sheet, ("SCJDGL", "市场监管", "SCJDGL"), NOTO_SONG, (250, 240, 238), 9, (24, 36, 274, 182))
    emblem(sheet, 148.5, 30, 15)
    sheet.text(148.5, 49, "营业执照", faces.title, 17, TITLE, align="centre", spacing=6.5)
    if not look.original:
        sheet.text(148.5, 71, "（副  本）", faces.value, 5.4, INK, align="centre")
        if seed % 3 == 0:
            sheet.text(168, 68, "(副本号:1-1)", faces.value, 4.2, INK)
    _code_block(sheet, firm, faces)
    _left_and_right(sheet, _rows(firm, look), faces)
    qr(sheet, 222, 53, 19, f"http://www.gsxt.gov.cn/index.html?id={seed:08d}{firm.credit_code[8:17]}")
    sheet.paragraph(243.5, 53, QR_CAPTION, 30, faces.value, 3.1, leading=1.28)
    sheet.text(188, 156, "登记机关", faces.label, 5, INK, spacing=3.2)
    _issue(sheet, firm, faces, 242, 152, 222, 172, seed, look)
    if not look.original:
        sheet.text(147, 193.6, "市场主体应当于每年1月1日至6月30日通过", faces.value, 3.0)
        sheet.text(147, 197.6, "国家企业信用信息公示系统报送公示年度报告。", faces.value, 3.0)
    sheet.text(13, 202, "国家企业信用信息公示系统网址：http://www.gsxt.gov.cn", faces.value, 3.4)
    sheet.text(284, 202, "国家市场监督管理总局监制", faces.value, 3.6, align="right")
    return sheet


def _code_block(sheet: Sheet, firm: Company, faces: Faces) -> None:
    sheet.text(34, 50, "统一社会信用代码", faces.label, 4.6)
    sheet.text(34, 57.5, firm.credit_code, faces.digits, 4.9, field="credit_code")


def _left_and_right(sheet: Sheet, rows: dict[str, tuple[str, str]], faces: Faces) -> None:
    long_label = any(len(label) > 5 for label, _ in rows.values())
    size = 4.8
    label_width = 34 if long_label else 27.5
    y = 84.0
    for name in ("name", "entity_type", "legal_representative", "business_scope"):
        label, value = rows[name]
        sheet.spread(34, y, label, label_width, faces.label, size)
        small = 4.0 if name == "business_scope" else size
        below = sheet.paragraph(34 + label_width + 5, y, value, 152 - 34 - label_width, faces.value, small, field=name)
        y = max(y + 10.6, below + 3.6)
    y = 84.0
    for name in ("registered_capital", "composition", "established_on", "term", "address"):
        if name not in rows:
            continue
        label, value = rows[name]
        sheet.spread(165, y, label, label_width, faces.label, size)
        below = sheet.paragraph(
            165 + label_width + 4, y, value, 271 - 169 - label_width, faces.value, size, field=_field(name)
        )
        y = max(y + 10.6, below + 3.6)


def _field(row: str) -> str | None:
    return None if row in ("composition", "term") else row


def _issue(
    sheet: Sheet,
    firm: Company,
    faces: Faces,
    seal_x: float,
    seal_y: float,
    date_x: float,
    date_y: float,
    seed: int,
    look: Style,
) -> None:
    """The date of issue, with the authority's seal stamped over it."""
    day = firm.issued_on
    if look.form == "2019" and seed % 2:
        at = date_x
        for part, face in (
            (f"{day.year}", faces.digits),
            ("年", faces.label),
            (f"{day.month:02d}", faces.digits),
            ("月", faces.label),
            (f"{day.day:02d}", faces.digits),
            ("日", faces.label),
        ):
            at += sheet.text(at, date_y, part, face, 4.6, field="issued_on") + 3.0
    else:
        sheet.text(
            date_x,
            date_y,
            f"{day.year}年{day.month:02d}月{day.day:02d}日",
            faces.value,
            4.6,
            spacing=1.0,
            field="issued_on",
        )
    sheet.picture(round_seal(firm.authority, seed), seal_x - 20, seal_y - 10, 41)


def _portrait(firm: Company, faces: Faces, look: Style, seed: int) -> Sheet:
    sheet = Sheet(210, 297, 6.8, (251, 250, 247))
    fine_waves(sheet, ((241, 240, 236), (244, 240, 238)), (24, 24, 186, 273), 1.9, seed)
    key_border(sheet, 14, 6.5, GREY)
    rng = random.Random(seed)
    emblem(sheet, 105, 52, 15)
    sheet.text(27, 27, f"编号 {firm.place.region}{figures.digits(rng, 9)}", faces.label, 3.2)
    sheet.text(105, 74, "营业执照", faces.title, 17, TITLE, align="centre", spacing=9)
    sheet.text(105, 97, "（正  本）" if look.original else "（副  本）", faces.value, 5.6, TITLE, align="centre")
    if look.form == "registration":
        x = 105 + sheet.text(105, 108, "注册号 ", faces.label, 4.2)
        sheet.text(x, 108, firm.registration_number, faces.digits, 4.4, field="registration_number")
    else:
        x = 92 + sheet.text(92, 108, "统一社会信用代码 ", faces.label, 4.0)
        x += sheet.text(x, 108, firm.credit_code, faces.digits, 4.3, field="credit_code")
        sheet.text(x + 3, 107.5, "（1/1）", faces.value, 3.6)
    _one_column(sheet, _rows(firm, look), faces)
    qr(sheet, 26, 222, 34, f"http://{firm.place.region}.gsxt.gov.cn/q?{seed:06d}")
    sheet.text(27, 259, figures.digits(rng, 8), faces.digits, 4.0, (190, 60, 60), spacing=0.6)
    sheet.text(96, 236, "登记机关", faces.label, 5, INK, spacing=4)
    _issue(sheet, firm, faces, 152, 232, 128, 254, seed, look)
    sheet.text(13, 285.5, "企业信用信息公示系统网址：http://www.gsxt.gov.cn", faces.value, 3.3)
    sheet.text(197, 285.5, "中华人民共和国国家工商行政管理总局监制", faces.value, 3.3, align="right")
    return sheet


def _one_column(sheet: Sheet, rows: dict[str, tuple[str, str]], faces: Faces) -> None:
    size, y = 4.5, 120.0
    width = 32 if any(len(label) > 5 for label, _ in rows.values()) else 26
    order = (
        "name",
        "entity_type",
        "address",
        "legal_representative",
        "registered_capital",
        "composition",
        "established_on",
        "term",
        "business_scope",
    )
    for name in order:
        if name not in rows:
            continue
        label, value = rows[name]
        sheet.spread(31, y, label, width, faces.label, size)
        small = 3.7 if name == "business_scope" else size
        below = sheet.paragraph(31 + width + 5, y, value, 182 - 36 - width, faces.value, small, field=_field(name))
        y = max(y + 9.4, below + 3.2)
