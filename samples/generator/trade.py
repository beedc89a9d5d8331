"""What an invoice says: parties, items with tax, totals; no drawing."""

from __future__ import annotations

import random
import re
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from samples.generator import figures
from samples.generator.companies import Company
from samples.generator.people import AS_OF

CENT = Decimal("0.01")
PLANNED_CITIES = ("440305", "370214", "350203", "330212")  # cities with a tax office of their own
KINDS = ("special", "ordinary", "electronic_ordinary", "digital_ordinary", "digital_special")
TITLES = {
    "special": "增值税专用发票",
    "ordinary": "增值税普通发票",
    "electronic_ordinary": "增值税电子普通发票",
    "digital_ordinary": "电子发票（普通发票）",
    "digital_special": "电子发票（增值税专用发票）",
}
GOODS = {
    "信息技术服务": (("软件服务费", "", "项", 6), ("系统运维服务", "", "月", 6), ("数据处理服务", "年", "次", 6)),
    "日用品": (
        ("收纳箱", "58L", "个", 13),
        ("不锈钢保温杯", "500ml", "只", 13),
        ("洗衣液", "3kg*4", "箱", 13),
        ("毛巾", "34*74cm", "条", 13),
    ),
    "通用设备": (("离心泵", "IS80-65", "台", 13), ("球阀", "DN50", "个", 13), ("减速机", "R67-2.2KW", "台", 13)),
    "电子元件": (
        ("贴片电容", "0603 100nF", "盘", 13),
        ("连接器", "XH2.54-8P", "个", 13),
        ("稳压电源模块", "LM2596", "片", 13),
    ),
    "纺织产品": (
        ("全棉斜纹布", "40S 133*72", "米", 13),
        ("涤纶面料", "75D", "米", 13),
        ("工作服", "175/92A", "套", 13),
    ),
    "食品": (("泡吧夹心软面包", "120g*24", "箱", 13), ("坚果礼盒", "1.2kg", "盒", 13), ("菊花茶", "250g", "罐", 13)),
    "物流辅助服务": (("仓储服务费", "", "月", 6), ("装卸搬运服务", "", "次", 6)),
    "广告服务": (("广告发布费", "", "项", 6), ("展位设计制作费", "", "项", 6)),
    "谷物": (("大米", "25kg", "袋", 9), ("小米", "10kg", "袋", 9)),
}


@dataclass(frozen=True, slots=True)
class Line:
    name: str
    spec: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    amount: Decimal = Decimal(0)
    tax_rate: str = ""
    tax: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Party:
    name: str
    tax_id: str = ""
    address_phone: str = ""
    bank_account: str = ""


@dataclass(frozen=True, slots=True)
class Invoice:
    kind: str
    code: str
    number: str
    issued_on: date
    region: str  # 浙江, 深圳: what the title begins with
    office: str  # the tax office on the supervision seal
    buyer: Party
    seller: Party
    items: tuple[Line, ...]
    check_code: str = ""
    machine_number: str = ""
    cipher: tuple[str, ...] = ()
    remarks: str = ""
    payee: str = ""
    reviewer: str = ""
    drawer: str = ""
    issued_by_tax_bureau: bool = False

    @property
    def title(self) -> str:
        return TITLES[self.kind] if self.digital else self.region + TITLES[self.kind]

    @property
    def digital(self) -> bool:
        return self.kind.startswith("digital")

    @property
    def amount(self) -> Decimal:
        return sum((i.amount for i in self.items), Decimal(0))

    @property
    def tax(self) -> Decimal:
        return sum((i.tax for i in self.items), Decimal(0))

    @property
    def total(self) -> Decimal:
        return self.amount + self.tax


def party(firm: Company, *, full: bool = True) -> Party:
    short_bank = firm.bank_name.replace("股份有限公司", "")
    street = firm.address.split("号")[0] + "号"
    if len(street) > 24:  # the form has room for one line
        street = street.removeprefix(firm.place.province)
    return Party(
        firm.name,
        firm.credit_code,
        f"{street} {firm.phone}" if full else "",
        f"{short_bank} {firm.account_number}" if full else "",
    )


def invoice(
    rng: random.Random,
    seller: Company,
    buyer: Company,
    kind: str,
    *,
    issued_on: date | None = None,
    rate: int | None = None,
    by_tax_bureau: bool = False,
) -> Invoice:
    """An invoice between two enterprises; `rate` forces one rate (3: a small-scale seller)."""
    day = issued_on or AS_OF - timedelta(days=rng.randint(5, 80))
    province, city = seller.place.region[:2], seller.place.region
    office = city[:4] if city in PLANNED_CITIES else province + "00"
    digital = kind.startswith("digital")
    code, number = _numbers(rng, kind, office, province, day)
    contract = f"合同编号：HT{day:%Y%m}{rng.randint(10, 99)}"
    checked = "ordinary" in kind and not digital
    serial = "".join(rng.choice("0123456789+-*/<>") for _ in range(112))
    made = Invoice(
        kind=kind,
        code=code,
        number=number,
        issued_on=day,
        region=_region(seller),
        office=_office(seller),
        buyer=party(buyer, full=kind != "ordinary" or rng.random() < 0.4),
        seller=party(seller),
        items=_items(rng, seller.trade, rate),
        check_code=figures.digits(rng, 20) if checked else "",
        machine_number=figures.digits(rng, 12) if not digital and kind != "ordinary" else "",
        cipher=() if digital else tuple(serial[i : i + 28] for i in range(0, 112, 28)),
        remarks=rng.choice(("", "", f"订单号:{figures.digits(rng, 12)}", contract)),
        payee=_clerk(rng),
        reviewer=_clerk(rng),
        drawer=_clerk(rng),
    )
    return _agent_issued(rng, made, seller) if by_tax_bureau else made


def _agent_issued(rng: random.Random, made: Invoice, seller: Company) -> Invoice:
    """The same invoice issued by the tax bureau on the seller's behalf (代开)."""
    bureau = f"国家税务总局{seller.place.short}税务局"
    remarks = f"代开企业税号:{seller.credit_code} 代开企业名称:{seller.name}"
    if made.digital:
        return replace(made, issued_by_tax_bureau=True, remarks=f"代开机关：{bureau}")
    return replace(
        made,
        issued_by_tax_bureau=True,
        remarks=remarks,
        seller=Party(
            f"{bureau}（代开机关）",
            figures.credit_code(rng, seller.place.region, kind="11", new_style=False),
            f"{seller.place.full} {seller.phone}",
            f"{figures.digits(rng, 18)}(完税凭证号)",
        ),
    )


def _numbers(rng: random.Random, kind: str, office: str, province: str, day: date) -> tuple[str, str]:
    year = f"{day:%y}"
    if kind.startswith("digital"):
        return "", f"{year}{province}{rng.choice('127')}" + "".join(rng.choice("0123456789") for _ in range(15))
    number = f"{rng.randint(10**6, 10**8 - 1):08d}"
    if kind == "special":
        return f"{office}{year}{rng.randint(1, 4)}1{rng.choice(('30', '60', '40'))}", number
    return f"0{office}{year}00{rng.randint(1, 3)}{'11' if 'electronic' in kind else rng.choice(('04', '05'))}", number


def _office(seller: Company) -> str:
    home = seller.place
    return (home.city if home.region in PLANNED_CITIES or not home.province else home.province) + "税务局"


def _region(seller: Company) -> str:
    home = seller.place
    name = home.city if home.region in PLANNED_CITIES or not home.province else home.province
    for ending in ("维吾尔自治区", "壮族自治区", "自治区", "省", "市"):
        name = name.removesuffix(ending)
    return name


def _clerk(rng: random.Random) -> str:
    given = ("梅", "思", "丽红", "露", "建国", "晓明", "文婷", "海燕", "志强")
    return rng.choice("王李张刘陈杨赵黄周吴") + rng.choice(given)


def _items(rng: random.Random, trade: str, rate: int | None) -> tuple[Line, ...]:
    goods = rng.sample(GOODS[trade], min(rng.choice((1, 1, 2, 3)), len(GOODS[trade])))
    lines: list[Line] = []
    for name, spec, unit, usual in goods:
        lines.append(_line(rng, f"*{trade}*{name}", spec, unit, usual if rate is None else rate))
    if rate is None and rng.random() < 0.2:
        name, spec, unit, usual = rng.choice(GOODS["谷物"])
        lines.append(_line(rng, f"*谷物*{name}", spec, unit, usual))
    if rng.random() < 0.25:
        first = lines[0]
        off = (first.amount * Decimal(rng.choice(("0.05", "0.1", "0.12")))).quantize(CENT, ROUND_HALF_UP)
        percent = Decimal(first.tax_rate.removesuffix("%")) / 100
        lines.insert(
            1,
            Line(first.name, amount=-off, tax_rate=first.tax_rate, tax=-(off * percent).quantize(CENT, ROUND_HALF_UP)),
        )
    return tuple(lines)


def _line(rng: random.Random, name: str, spec: str, unit: str, rate: int) -> Line:
    quantity = Decimal(rng.choice((1, 1, 2, 5, 10, 12, 50, 200)))
    if rng.random() < 0.5:  # priced with tax: the unit price runs on
        gross = Decimal(rng.randint(300, 90000)) / 10 * quantity
        amount = (gross / (1 + Decimal(rate) / 100)).quantize(CENT, ROUND_HALF_UP)
        tax = gross.quantize(CENT) - amount
        price = (amount / quantity).quantize(Decimal("0.0000000001")).normalize()
    else:
        price = Decimal(rng.randint(300, 900000)) / 100
        amount = (price * quantity).quantize(CENT, ROUND_HALF_UP)
        tax = (amount * rate / 100).quantize(CENT, ROUND_HALF_UP)
    return Line(name, spec, unit, quantity, price, amount, f"{rate}%", tax)


def _rate_family(made: Invoice) -> str:
    """General rates begin at 6 %; what lies below is levied on small-scale sellers."""
    general = {int(item.tax_rate.removesuffix("%")) >= 6 for item in made.items}
    return "mixed" if len(general) > 1 else "general" if True in general else "levy"


def fields(made: Invoice) -> dict[str, Any]:
    """The truth: what this kind of invoice prints, by design name."""
    values: dict[str, Any] = {
        "invoice_kind": made.kind,
        "invoice_code": made.code,
        "invoice_number": made.number,
        "issued_on": made.issued_on,
        "check_code": made.check_code,
        "machine_number": made.machine_number,
        "buyer_name": made.buyer.name,
        "buyer_tax_id": made.buyer.tax_id,
        "seller_name": made.seller.name,
        "seller_tax_id": made.seller.tax_id,
    }
    if not made.digital:
        values |= {
            "buyer_address_phone": made.buyer.address_phone,
            "buyer_bank_account": made.buyer.bank_account,
            "seller_address_phone": made.seller.address_phone,
            "seller_bank_account": made.seller.bank_account,
            "payee": made.payee,
            "reviewer": made.reviewer,
        }
    values |= {
        "amount": made.amount,
        "tax": made.tax,
        "total": made.total,
        "total_in_words": figures.capitals(made.total),
        "remarks": made.remarks,
        "drawer": made.drawer,
    }
    values = {name: value for name, value in values.items() if value != ""}
    values["issued_by_tax_bureau"] = made.issued_by_tax_bureau
    values["is_red"] = made.total < 0
    values["rate_family"] = _rate_family(made)
    if made.issued_by_tax_bureau and (told := re.search(r"代开企业税号:(\S+) 代开企业名称:(\S+)", made.remarks)):
        values["actual_seller_tax_id"], values["actual_seller_name"] = told.groups()
    values["items"] = [asdict(line) for line in made.items]
    return values
