"""Buying and selling as papers show it: contracts, customs declarations, transfers, export reports, order lines."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from samples.generator import companies, figures, numbers, people, travellers
from samples.generator.companies import Company
from samples.generator.people import AS_OF

CENT = Decimal("0.01")
GOODS = (  # Chinese name, English name, customs code, unit, unit in English
    ("不锈钢保温杯", "Stainless steel vacuum flask", "9617001900", "个", "PCS"),
    ("涤纶针织围巾", "Polyester knitted scarf", "6117102000", "条", "PCS"),
    ("塑料收纳箱", "Plastic storage box", "3923100090", "个", "PCS"),
    ("LED台灯", "LED desk lamp", "9405210090", "台", "PCS"),
    ("尼龙双肩包", "Nylon backpack", "4202920000", "个", "PCS"),
    ("圣诞装饰品", "Christmas decoration", "9505100090", "千克", "KGS"),
    ("水性圆珠笔", "Roller pen", "9608100000", "支", "PCS"),
    ("陶瓷餐具套装", "Ceramic dinner set", "6912001000", "套", "SETS"),
)
BUYERS = (  # name, address, country (Chinese, English, customs code), port
    ("NORDLICHT HANDELS GMBH", "Hafenstrasse 12, 20457 Hamburg", ("德国", "Germany", "DEU"), "汉堡"),
    ("BLUE HARBOR IMPORTS INC.", "480 Mission Street, San Francisco, CA", ("美国", "United States", "USA"), "洛杉矶"),
    ("AL NOOR GENERAL TRADING LLC", "Deira, P.O. Box 4471, Dubai", ("阿联酋", "United Arab Emirates", "ARE"), "迪拜"),
    ("SAKURA ZAKKA K.K.", "2-7-1 Minato, Chuo-ku, Osaka", ("日本", "Japan", "JPN"), "大阪"),
    ("CASA VERDE COMERCIO LTDA", "Rua Augusta 900, Sao Paulo", ("巴西", "Brazil", "BRA"), "桑托斯"),
)
PORTS = (("宁波海关", "3101"), ("义乌海关", "2925"), ("洋山海关", "2248"), ("深圳海关", "5301"), ("青岛海关", "4200"))
MODES = (("一般贸易", "0110"), ("市场采购", "1039"))


@dataclass(frozen=True, slots=True)
class Item:
    name: str
    english: str
    code: str
    unit: str
    unit_english: str
    quantity: int
    price: Decimal

    @property
    def amount(self) -> Decimal:
        return (self.price * self.quantity).quantize(CENT)


@dataclass(frozen=True, slots=True)
class Deal:
    """A sale abroad: what the contract and, later, the customs declaration print."""

    seller: Company
    buyer: str
    buyer_address: str
    country: tuple[str, str, str]
    destination_port: str
    contract_number: str
    signed_on: date
    items: tuple[Item, ...]
    currency: str
    declaration_number: str
    port: tuple[str, str]
    mode: tuple[str, str]
    declared_on: date
    exported_on: date
    packages: int

    @property
    def total(self) -> Decimal:
        return sum((i.amount for i in self.items), Decimal(0))


@dataclass(frozen=True, slots=True)
class Account:
    name: str
    number: str
    bank: str


@dataclass(frozen=True, slots=True)
class Transfer:
    """Money from one account to another, as a bank's receipt tells it."""

    payer: Account
    payee: Account
    amount: Decimal
    paid_on: date
    transaction_number: str
    purpose: str


@dataclass(frozen=True, slots=True)
class Months:
    """Exports by month: (first day, orders, amount)."""

    firm: Company
    currency: str
    rows: tuple[tuple[date, int, Decimal], ...]

    @property
    def total(self) -> Decimal:
        return sum((amount for _, _, amount in self.rows), Decimal(0))

    @property
    def orders(self) -> int:
        return sum(orders for _, orders, _ in self.rows)

    @property
    def until(self) -> date:
        last = self.rows[-1][0]
        return date(last.year + last.month // 12, last.month % 12 + 1, 1) - timedelta(days=1)


@dataclass(frozen=True, slots=True)
class OrderLine:
    """One merchant's goods in an insured order of Yiwu's market procurement."""

    merchant: str
    mobile: str
    month: str
    product: str
    quantity: int
    packages: int
    amount: Decimal


def deal(rng: random.Random, seller: Company, *, currency: str = "") -> Deal:
    buyer, where, country, harbour = rng.choice(BUYERS)
    signed = AS_OF - timedelta(days=rng.randint(120, 330))
    declared = signed + timedelta(days=rng.randint(20, 60))
    port = rng.choice(PORTS)
    return Deal(
        seller=seller,
        buyer=buyer,
        buyer_address=where,
        country=country,
        destination_port=harbour,
        contract_number=f"{rng.choice(('SC', 'HT', 'YF-'))}{signed:%Y%m%d}{rng.randint(1, 99):02d}",
        signed_on=signed,
        items=tuple(_item(rng, goods) for goods in rng.sample(GOODS, rng.choice((1, 2, 3)))),
        currency=currency or rng.choice(("USD", "USD", "USD", "EUR", "CNY")),
        declaration_number=numbers.customs_number(rng, port[1], declared),
        port=port,
        mode=rng.choice(MODES),
        declared_on=declared,
        exported_on=declared + timedelta(days=rng.randint(1, 4)),
        packages=rng.randint(20, 900),
    )


def _item(rng: random.Random, goods: tuple[str, str, str, str, str]) -> Item:
    return Item(*goods, quantity=rng.choice((500, 1200, 3000, 8600, 20000)), price=Decimal(rng.randint(35, 1900)) / 100)


def account(firm: Company) -> Account:
    return Account(firm.name, firm.account_number, firm.bank_name)


def transfer(
    rng: random.Random, payer: Account, payee: Account, amount: Decimal | None = None, purpose: str = "货款"
) -> Transfer:
    paid = AS_OF - timedelta(days=rng.randint(2, 60))
    return Transfer(
        payer,
        payee,
        amount if amount is not None else Decimal(rng.randint(100000, 90000000)) / 100,
        paid,
        f"{paid:%Y%m%d}{figures.digits(rng, 12)}",
        purpose,
    )


def months(rng: random.Random, firm: Company, *, count: int = 12, scale: int = 60000, currency: str = "USD") -> Months:
    """The last `count` full months; about `scale` a month."""
    rows = []
    for back in range(count, 0, -1):
        index = AS_OF.year * 12 + AS_OF.month - 1 - back
        first = date(index // 12, index % 12 + 1, 1)
        amount = (Decimal(scale) * Decimal(rng.uniform(0.5, 1.6))).quantize(CENT)
        rows.append((first, rng.randint(3, 40), amount))
    return Months(firm, currency, tuple(rows))


def order_lines(rng: random.Random, count: int = 8) -> tuple[OrderLine, ...]:
    lines = []
    for _ in range(count):
        merchant = people.person(rng, ethnicity="汉")
        quantity, packages = rng.choice((240, 600, 1200, 5000)), rng.randint(2, 60)
        lines.append(
            OrderLine(
                merchant=merchant.name,
                mobile=merchant.mobile,
                month=f"2026-{rng.randint(7, 10):02d}",
                product=rng.choice(GOODS)[0],
                quantity=quantity,
                packages=packages,
                amount=(Decimal(rng.randint(40, 900)) / 100 * quantity).quantize(CENT),
            )
        )
    return tuple(lines)


def visitors(rng: random.Random, count: int = 6) -> list[dict[str, str]]:
    """Persons of a list: name, document kind and number, mobile, photo."""
    listed = []
    for n in range(1, count + 1):
        home = rng.choice(("", "", "", "HKG", "TWN", "USA"))
        who = people.person(rng)
        row = {
            "name": who.name,
            "document_kind": "身份证",
            "document_number": who.id_number,
            "mobile": who.mobile,
            "photo": f"photo{n:02d}.jpg",
        }
        if home:
            guest = travellers.traveller(rng, home)
            kind, number = {
                "HKG": ("港澳居民来往内地通行证", guest.permit),
                "TWN": ("台湾居民来往大陆通行证", guest.permit),
                "USA": ("护照", guest.passport),
            }[home]
            row |= {"name": guest.name, "document_kind": kind, "document_number": number}
        listed.append(row)
    return listed


def trading_companies(rng: random.Random) -> tuple[Company, Company]:
    """Two different enterprises."""
    first = companies.company(rng)
    second = companies.company(rng)
    while second.name == first.name:
        second = companies.company(rng)
    return first, second
