"""What a company was granted: trademarks, patents, production licences, certified management systems."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from samples.generator import companies, figures, numbers, people
from samples.generator.companies import Company
from samples.generator.people import AS_OF

CLASSES = {
    "9": "计算机外围设备；可下载的手机应用软件；电子芯片；测量仪器；电池充电器；眼镜",
    "16": "包装用纸袋或塑料袋；文具；笔记本；印刷出版物；纸巾",
    "21": "家用或厨房用容器；保温杯；刷子；日用玻璃器皿；清洁布",
    "25": "服装；鞋；帽；袜；手套（服装）；围巾",
    "35": "广告；商业管理辅助；替他人推销；市场营销；为商品和服务的买卖双方提供在线市场",
}
PATENTS = {
    "invention": ("一种基于图像识别的零件分拣方法", "一种高强度铝合金及其制备方法", "一种多源数据融合的仓储调度方法"),
    "utility_model": ("一种便于拆装的货架", "一种防倾倒保温杯", "一种带散热结构的电源适配器", "一种面料张力调节装置"),
    "design": ("包装盒（坚果礼盒）", "水杯（折叠款）", "台灯（G2）"),
}
INDUSTRIAL = (("电热毯", "XK06-009"), ("危险化学品包装物（塑料桶）", "XK12-001"), ("建筑用钢筋", "XK05-001"),
              ("电线电缆", "XK06-001"))  # fmt: skip
FOODS = ("粮食加工品；糕点", "饮料", "方便食品；速冻食品", "炒货食品及坚果制品", "茶叶及相关制品")
STANDARDS = {
    "quality": ("质量管理体系", "GB/T 19001-2016/ISO 9001:2015", "Quality Management System", "ISO 9001:2015", "Q"),
    "environment": (
        "环境管理体系", "GB/T 24001-2016/ISO 14001:2015", "Environmental Management System", "ISO 14001:2015", "E",
    ),
    "safety": (
        "职业健康安全管理体系", "GB/T 45001-2020/ISO 45001:2018", "Occupational Health and Safety Management System",
        "ISO 45001:2018", "S",
    ),
}  # fmt: skip
BODIES = (
    ("华信衡正认证有限公司", "Huaxin Hengzheng Certification Co., Ltd."),
    ("中联瑞标（北京）认证中心有限公司", "ZLRB (Beijing) Certification Center Co., Ltd."),
)


@dataclass(frozen=True, slots=True)
class Trademark:
    number: str
    name: str
    holder: Company
    classes: str
    goods: str
    applied_on: date
    registered_on: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Patent:
    kind: str  # invention, utility_model, design
    number: str
    certificate_number: str
    title: str
    inventors: str
    holder: Company
    applied_on: date
    granted_on: date


@dataclass(frozen=True, slots=True)
class ProductionLicence:
    food: bool
    number: str
    product: str
    holder: Company
    production_address: str
    issued_on: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class Certificate:
    """A certified management system; `system` is a key of STANDARDS."""

    system: str
    number: str
    holder: Company
    body: tuple[str, str]  # who certified it, in Chinese and English
    scope: str
    scope_english: str
    issued_on: date
    valid_to: date


def trademark(rng: random.Random, holder: Company, *, expired: bool = False) -> Trademark:
    registered = AS_OF - timedelta(days=rng.randint(200, 3000))
    if expired:
        registered = people.anniversary(AS_OF - timedelta(days=rng.randint(200, 400)), -10)
    chosen = rng.choice(list(CLASSES))
    brand = next((b for b in companies.BRANDS if b in holder.name), "明泊")
    return Trademark(
        number=numbers.trademark_number(rng),
        name=brand + rng.choice(("", "", "优选", "生活")),
        holder=holder,
        classes=chosen,
        goods=CLASSES[chosen],
        applied_on=registered - timedelta(days=rng.randint(240, 400)),
        registered_on=registered,
        valid_to=people.anniversary(registered, 10) - timedelta(days=1),
    )


def patent(rng: random.Random, holder: Company) -> Patent:
    kind = rng.choice(list(PATENTS))
    granted = AS_OF - timedelta(days=rng.randint(100, 2500))
    applied = granted - timedelta(days=rng.randint(600, 1000) if kind == "invention" else rng.randint(180, 360))
    inventors = [people.person(rng, ethnicity="汉").name for _ in range(rng.choice((1, 2, 3)))]
    return Patent(
        kind=kind,
        number=numbers.patent_number(rng, kind, applied.year),
        certificate_number=figures.digits(rng, 8 if kind != "invention" else 7),
        title=rng.choice(PATENTS[kind]),
        inventors=";".join(inventors),
        holder=holder,
        applied_on=applied,
        granted_on=granted,
    )


def production_licence(rng: random.Random, holder: Company, *, expired: bool = False) -> ProductionLicence:
    food = rng.random() < 0.5
    product, code = (rng.choice(FOODS), "") if food else rng.choice(INDUSTRIAL)
    issued = AS_OF - timedelta(days=rng.randint(100, 1500))
    if expired:
        issued = people.anniversary(AS_OF - timedelta(days=rng.randint(30, 300)), -5)
    number = numbers.food_licence_number(rng, holder.place.region) if food else f"{code}-{rng.randint(100, 99999):05d}"
    return ProductionLicence(
        food=food,
        number=number,
        product=product,
        holder=holder,
        production_address=companies.address(rng, holder.place) if rng.random() < 0.5 else holder.address,
        issued_on=issued,
        valid_to=people.anniversary(issued, 5) - timedelta(days=1),
    )


def certificate(rng: random.Random, holder: Company, system: str = "quality", *, expired: bool = False) -> Certificate:
    issued = AS_OF - timedelta(days=rng.randint(60, 900))
    if expired:
        issued = people.anniversary(AS_OF - timedelta(days=rng.randint(30, 300)), -3)
    scope, english = rng.choice(
        (
            ("日用百货的销售及相关服务", "Sales of daily necessities and related services"),
            ("电子元器件的设计、生产和销售", "Design, production and sales of electronic components"),
            ("针织服装的生产（外包）和销售", "Production (outsourced) and sales of knitted garments"),
        )
    )
    serial = f"{STANDARDS[system][4]}{figures.digits(rng, 5)}R{rng.randint(0, 2)}{rng.choice('SM')}"
    return Certificate(
        system=system,
        number=f"{rng.randint(11, 399):03d}{issued:%y}{serial}",
        holder=holder,
        body=rng.choice(BODIES),
        scope=scope,
        scope_english=english,
        issued_on=issued,
        valid_to=people.anniversary(issued, 3) - timedelta(days=1),
    )
