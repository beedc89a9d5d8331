"""Fictional units that are no enterprises: public institutions, social organisations, offices of government."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from samples.generator import companies, figures, people
from samples.generator.people import AS_OF, Person, Place

KINDS = {  # kind → first two characters of the credit code: registering department and class
    "public_institution": "12",
    "government": "11",
    "social_organisation": "51",
    "private_non_enterprise": "52",
}
NAMES = {
    "public_institution": (
        "实验小学",
        "人民医院",
        "图书馆",
        "农业科学研究所",
        "环境监测站",
        "博物馆",
        "公共资源交易中心",
    ),
    "government": ("商务局", "教育局", "水务局", "文化广电旅游局", "科学技术局", "投资促进局"),
    "social_organisation": ("电子商务协会", "进出口商会", "家具行业协会", "茶文化研究会", "慈善总会"),
    "private_non_enterprise": ("启明职业培训学校", "康宁护理院", "青藤社会工作服务中心", "博雅艺术馆", "晨光幼儿园"),
}
SCOPES = {
    "public_institution": (
        "为促进本地区事业发展提供服务。承担基础教育与公共服务工作，开展相关业务培训、学术交流和科学研究。",
        "收集、整理、保存文献资料；开展社会阅读推广与信息咨询服务；承办上级交办的其他事项。",
        "开展农产品质量检测、技术推广、成果转化及相关咨询服务。",
    ),
    "social_organisation": (
        "（一）宣传贯彻国家法律法规；（二）开展行业调研、信息交流、业务培训；（三）组织会展与对外交流合作；"
        "（四）承办政府委托事项。",
        "理论研究、学术交流、业务培训、书刊编辑、咨询服务。",
    ),
    "private_non_enterprise": (
        "职业技能培训（中级）、社会实践活动组织、教育信息咨询。",
        "为老年人提供生活照料、康复护理、精神慰藉及文化娱乐服务。",
    ),
    "government": ("",),
}


@dataclass(frozen=True, slots=True)
class Unit:
    """All that any certificate of one unit prints."""

    kind: str
    name: str
    credit_code: str
    person: Person
    place: Place
    address: str
    scope: str
    capital: Decimal
    funding: str  # 经费来源
    sponsor: str  # 举办单位, 业务主管单位
    authority: str  # who registers it
    certificate_number: str
    valid_from: date
    valid_to: date
    issued_on: date


def unit(rng: random.Random, kind: str, *, expired: bool = False) -> Unit:
    """A unit whose certificate is valid at AS_OF, or has run out."""
    home = people.place(rng)
    start = AS_OF - timedelta(days=rng.randint(200, 1200))
    if expired:
        start = people.anniversary(AS_OF - timedelta(days=rng.randint(30, 300)), -5)
    name = f"{home.short}{rng.choice(NAMES[kind])}"
    return Unit(
        kind=kind,
        name=name,
        credit_code=figures.credit_code(rng, home.region, kind=KINDS[kind], new_style=kind.startswith(("soc", "pri"))),
        person=people.person(rng, home=home),
        place=home,
        address=companies.address(rng, home),
        scope=rng.choice(SCOPES[kind]),
        capital=Decimal(rng.choice((3, 5, 10, 50, 186, 1200))) * 10000,
        funding=rng.choice(("财政补助收入", "全额拨款", "财政补助、事业、经营收入", "非财政补助")),
        sponsor=f"{home.short}{rng.choice(('教育局', '商务局', '文化和旅游局', '人力资源和社会保障局'))}",
        authority=f"{home.short}{_authority(kind)}",
        certificate_number=f"事证第{home.region}{rng.randint(1, 9999):06d}号",
        valid_from=start,
        valid_to=people.anniversary(start, 5 if kind != "social_organisation" else rng.choice((4, 5))),
        issued_on=start,
    )


def _authority(kind: str) -> str:
    return {
        "public_institution": "事业单位登记管理局",
        "government": "机构编制委员会办公室",
        "social_organisation": "民政局",
        "private_non_enterprise": "民政局",
    }[kind]
