"""增值税一般纳税人登记表 (2018), and its forerunner 资格登记表 (2015)."""

from __future__ import annotations

import random
from datetime import date

from samples.generator import figures, stamps
from samples.generator.companies import Company
from samples.generator.draw import INK, Sheet
from samples.generator.fonts import NOTO_SONG_BOLD, Faces
from samples.generator.form import RULE, Form, Row
from samples.generator.ornament import round_seal
from samples.generator.tax_papers import accepted_on, bureau_of, first_of_month
from samples.generator.truth import Drawn

PAIRS = (18.0, 52.0, 96.0, 128.0, 192.0)  # where the columns begin: label, value, label, value
PEOPLE = (18.0, 52.0, 78.0, 100.0, 146.0, 164.0, 192.0)
WIDE = (18.0, 52.0, 192.0)


def draw(firm: Company, faces: Faces, seed: int) -> Drawn:
    """The form filled in and sealed by the company, accepted and sealed by the tax bureau."""
    rng = random.Random(seed)
    title = "增值税一般纳税人登记表" if seed % 3 else "增值税一般纳税人资格登记表"
    sheet = Sheet(210, 297, 7.2)
    form = Form("general_taxpayer_form", sheet, faces, size=3.7)
    sheet.text(105, 24, title, NOTO_SONG_BOLD, 6.4, INK, align="centre", spacing=0.6)
    day = accepted_on(firm, rng)
    y = _company(form, firm, rng, seed)
    effective = "一般纳税人资格生效之日" if "资格" in title else "一般纳税人生效之日"
    y = _choices(form, y, firm, rng, effective, day, seed % 2)
    y = _promise(form, y, firm, rng, day, seed)
    _acceptance(form, y, firm, rng, day, seed)
    return form.drawn()


def _company(form: Form, firm: Company, rng: random.Random, seed: int) -> float:
    code = Row("社会信用代码（纳税人识别号）", firm.credit_code, "tax_id")
    y = form.ruled(38, PAIRS, Row("纳税人名称", firm.name, "name"), code, height=13)
    other = figures.id_number(firm.place.region, date(1985, 3, 2), rng.randint(1, 900))
    for label, name, field, number in (
        ("法定代表人（负责人、业主）", firm.person.name, "legal_representative", firm.person.id_number),
        ("财务负责人", _clerk(rng), "", other),
        ("办税人员", _clerk(rng), "", other),
    ):
        paper, phone = Row("证件名称及号码", f"身份证 {number}"), Row("联系电话", firm.person.mobile)
        y = form.ruled(y, PEOPLE, Row(label, name, field), paper, phone, height=12)
    founded = figures.date_text(firm.established_on, seed % 2)
    y = form.ruled(y, WIDE, Row("税务登记日期", founded, "registered_on", firm.established_on))
    y = form.ruled(y, WIDE, Row("生产经营地址", firm.address, "address"))
    return form.ruled(y, WIDE, Row("注册地址", firm.address))


def _choices(form: Form, y: float, firm: Company, rng: random.Random, effective: str, day: date, ahead: int) -> float:
    category = "个体工商户" if firm.kind == "individual" else "企业"
    business = rng.choice(("工业", "商业", "服务业"))
    start = ("当月1日", "次月1日")[ahead]
    kinds, trades = ("企业", "非企业性单位", "个体工商户", "其他"), ("工业", "商业", "服务业", "其他")
    y = form.ruled(y, WIDE, Row("纳税人类别", _ticked(kinds, category), "taxpayer_category", category))
    y = form.ruled(y, WIDE, Row("主营业务类别", _ticked(trades, business), "main_business", business))
    y = form.ruled(y, WIDE, Row("会计核算健全", _ticked(("是",), "是")))
    chosen = _ticked(("当月1日", "次月1日"), start)
    return form.ruled(y, WIDE, Row(effective, chosen, "effective_from", first_of_month(day, ahead)))


def _promise(form: Form, y: float, firm: Company, rng: random.Random, day: date, seed: int) -> float:
    canvas = form.canvas
    canvas.box(18, y, 192, y + 38, RULE, 0.22)
    text = (
        "纳税人（代理人）承诺：会计核算健全，能够提供准确税务资料，上述各项内容真实、可靠、完整。"
        "如有虚假，愿意承担相关法律责任。"
    )
    form.put(20, y + 2, text, width=170)
    form.put(
        20, y + 22, f"经办人：{_clerk(rng)}        法定代表人：{firm.person.name}        代理人：            （签章）"
    )
    form.put(150, y + 30, figures.date_text(day, 1), face=form.faces.value)
    canvas.picture(stamps.company_seal(firm.name, seed), 142, y + 1, 36)
    return y + 38


def _acceptance(form: Form, y: float, firm: Company, rng: random.Random, day: date, seed: int) -> None:
    canvas = form.canvas
    canvas.box(18, y, 192, y + 8, RULE, 0.22)
    form.centred(18, 192, y, 8, "以 下 由 税 务 机 关 填 写")
    y += 8
    canvas.box(18, y, 52, y + 32, RULE, 0.22)
    canvas.box(52, y, 192, y + 32, RULE, 0.22)
    form.centred(18, 52, y, 32, "税务机关受理情况")
    form.put(56, y + 6, f"受理人：{_clerk(rng)}")
    at = form.label(104, y + 12, "受理税务机关（章）")
    form.put(at + 1, y + 12, bureau_of(firm), "tax_authority", width=190 - at)
    form.put(136, y + 24, figures.date_text(day, seed % 2), "accepted_on", value=day, face=form.faces.value)
    canvas.picture(round_seal(bureau_of(firm), seed, "征税专用章"), 132 if seed % 2 else 100, y - 2, 37)


def _ticked(choices: tuple[str, ...], chosen: str) -> str:
    return "    ".join(f"{choice}{'☑' if choice == chosen else '□'}" for choice in choices)


def _clerk(rng: random.Random) -> str:
    return rng.choice("王李张刘陈杨赵黄周吴") + rng.choice(("梅", "丽红", "建国", "晓明", "文婷", "海燕", "志强"))
