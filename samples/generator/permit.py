"""Account-opening permits (开户许可证) and the basic deposit account information that replaced them in 2019."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

from samples.generator import figures
from samples.generator.companies import Company
from samples.generator.draw import INK, Colour, Sheet
from samples.generator.fonts import NOTO_SONG, NOTO_SONG_BOLD, Faces
from samples.generator.ornament import fine_waves, key_border, round_seal
from samples.generator.people import AS_OF
from samples.generator.truth import Drawn

GREEN: Colour = (70, 110, 84)


def permit(firm: Company, faces: Faces, seed: int) -> Drawn:
    """The permit: the account's name stands inside the sentence."""
    sheet = Sheet(210, 148, 9.0, (249, 250, 245))
    fine_waves(sheet, ((222, 234, 222), (236, 236, 214)), (16, 16, 194, 132), 1.5, seed)
    key_border(sheet, 9, 5, GREEN)
    sheet.text(105, 24, "开户许可证", NOTO_SONG_BOLD, 11, (52, 60, 52), align="centre", spacing=6)
    size = 4.7
    x = 24 + sheet.text(24, 43, "核准号：", faces.label, size)
    sheet.text(x, 43, firm.approval_number, faces.digits, size + 0.2, field="approval_number")
    x = 130 + sheet.text(130, 43, "编号：", faces.label, size)
    sheet.text(x, 43, firm.permit_number, faces.digits, size + 0.2, field="permit_number")
    y = _sentence(sheet, firm.name, faces, size)
    for label, value, name in (
        ("法定代表人（单位负责人）", firm.person.name, "legal_representative"),
        ("开户银行", firm.bank_name, "bank_name"),
        ("账号", firm.account_number, "account_number"),
    ):
        gap = "：" if seed % 2 else "  "
        label = label if label != "账号" or seed % 3 else "账  号"
        x = 24 + sheet.text(24, y, label + gap, faces.label, size)
        face = faces.digits if name == "account_number" else faces.value
        sheet.text(x + 2, y, value, face, size, field=name)
        y += 10.5
    sheet.text(112, 110, "发证机关（盖章）", faces.label, size)
    day = firm.established_on + timedelta(days=12)
    sheet.text(140, 120, f"{day.year} 年 {day.month:02d} 月 {day.day:02d} 日", faces.value, size)
    office = f"中国人民银行{firm.place.town}{'中心支行' if seed % 2 else '分行营业管理部'}"
    sheet.picture(round_seal(office, seed, "账户管理专用章"), 142, 90, 38)
    fields = {
        "approval_number": firm.approval_number,
        "permit_number": firm.permit_number,
        "account_name": firm.name,
        "legal_representative": firm.person.name,
        "bank_name": firm.bank_name,
        "account_number": firm.account_number,
    }
    return Drawn("account_permit", sheet.pixels(), fields, sheet.boxes())


def _sentence(sheet: Sheet, name: str, faces: Faces, size: float) -> float:
    """经审核，X符合开户条件，准予开立基本存款账户。 wrapped over two or three lines; returns the next y."""
    y, x, left, right = 57.0, 33.0, 24.0, 186.0
    for text, face, field in (
        ("经审核，", faces.label, None),
        (name, faces.value, "account_name"),
        ("符合开户条件，准予", faces.label, None),
        ("开立基本存款账户。", faces.label, None),
    ):
        for char in text:
            width = sheet.measure(char, face, size)
            if x + width > right:
                x, y = left, y + 8.2
            sheet.text(x, y, char, face, size, field=field)
            x += width + 0.25
    return y + 11.5


def basic_account_info(firm: Company, faces: Faces, seed: int, *, table: bool = False) -> Drawn:
    """The bank's printout, as a list or as a table."""
    rng = random.Random(seed)
    day = AS_OF - timedelta(days=rng.randint(40, 900))
    sheet = Sheet(210, 148, 9.0, (252, 252, 251)) if not table else Sheet(210, 148, 9.0, (250, 250, 249))
    name_label = "账户名称" if seed % 2 else "存款人名称"
    rows = [
        (name_label, firm.name, "account_name"),
        ("账户号码", firm.account_number, "account_number"),
        ("开户银行", firm.bank_name, "bank_name"),
        ("法定代表人（单位负责人）" if seed % 3 else "法定代表人", firm.person.name, "legal_representative"),
        ("基本存款账户编号", firm.approval_number, "basic_account_number"),
    ]
    if table:
        _table(sheet, rows, faces)
    else:
        _list(sheet, rows, faces)
    text = figures.date_text(day, 0)
    label = "打印日期：" if table else ""
    x = 138 + sheet.text(138, 116, label, faces.label, 4.4)
    sheet.text(x, 116, text, faces.value, 4.4, field="issued_on")
    bank = firm.bank_name.replace("股份有限公司", "")
    sheet.picture(round_seal(bank, seed, "业务专用章"), 144, 92, 37)
    fields: dict[str, Any] = {name: value for _, value, name in rows} | {"issued_on": day}
    return Drawn("basic_account_info", sheet.pixels(), fields, sheet.boxes())


def _list(sheet: Sheet, rows: list[tuple[str, str, str]], faces: Faces) -> None:
    sheet.text(105, 22, "基本存款账户信息", NOTO_SONG_BOLD, 8, INK, align="centre", spacing=1.6)
    y = 48.0
    for label, value, name in rows:
        x = 30 + sheet.text(30, y, label + "：", faces.label, 4.7)
        sheet.text(x + 1, y, value, faces.digits if value[-1].isdigit() else faces.value, 4.7, field=name)
        y += 11.6


def _table(sheet: Sheet, rows: list[tuple[str, str, str]], faces: Faces) -> None:
    sheet.text(105, 16, "基本存款账户信息", NOTO_SONG, 7.4, INK, align="centre", spacing=1.0)
    top, height, left, middle, right = 32.0, 13.0, 20.0, 76.0, 190.0
    for i, (label, value, name) in enumerate(rows):
        y = top + i * height
        sheet.box(left, y, right, y + height, (60, 60, 60), 0.25)
        sheet.text((left + middle) / 2, y + 4.3, label, faces.label, 4.4, align="centre")
        sheet.text(middle + 4, y + 4.3, value, faces.digits if value[-1].isdigit() else faces.value, 4.4, field=name)
    sheet.line([(middle, top), (middle, top + height * len(rows))], (60, 60, 60), 0.25)
