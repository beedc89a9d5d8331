"""Fictional enterprises of every kind a licence is printed for."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from samples.generator import figures, people
from samples.generator.people import AS_OF, Person, Place

BRANDS = (
    "云帆", "启岳", "禾木", "蓝屿", "朗曜", "星衡", "泽川", "嘉澍", "恒砺", "瑞霖", "博谷", "澄海",
    "风禾", "万树", "青桓", "鼎泓", "安栩", "卓尧", "明泊", "铭曜", "和畅", "聚汇丰", "佰纳", "优木",
    "维思达", "凯瑞森", "诺达", "欣悦", "盛泰隆", "百川汇",
)  # fmt: skip
# What follows the brand in the name; the business scope; the tax category of its invoices
TRADES = (
    ("数字科技", "软件开发；信息技术咨询服务；数据处理和存储支持服务；计算机系统服务；"
     "计算机软硬件及辅助设备零售；网络设备销售",
     "信息技术服务"),
    ("贸易", "日用百货销售；针纺织品销售；五金产品批发；办公用品销售；家用电器销售；"
     "国内贸易代理；货物进出口；技术进出口",
     "日用品"),
    ("机械设备", "机械设备研发；通用设备制造（不含特种设备制造）；机械零件、零部件加工；"
     "模具制造；金属制品销售；机械设备租赁",
     "通用设备"),
    ("电子", "电子元器件制造；电子产品销售；集成电路设计；光电子器件制造；显示器件销售；仪器仪表修理", "电子元件"),
    ("纺织", "面料纺织加工；服装制造；针织或钩针编织物及其制品制造；"
     "服装辅料销售；鞋帽批发；皮革制品销售", "纺织产品"),
    ("食品", "许可项目：食品生产；食品销售。一般项目：食用农产品批发；"
     "初级农产品收购；包装服务；食品进出口", "食品"),
    ("供应链管理", "供应链管理服务；普通货物仓储服务（不含危险化学品等需许可审批的项目）；国内货物运输代理；装卸搬运；"
     "包装材料及制品销售", "物流辅助服务"),
    ("文化传媒", "组织文化艺术交流活动；广告设计、代理；广告发布；"
     "会议及展览服务；图文设计制作；摄影扩印服务", "广告服务"),
)  # fmt: skip
TAIL = "（除依法须经批准的项目外，凭营业执照依法自主开展经营活动）。"
OLD_TAIL = "（依法须经批准的项目，经相关部门批准后方可开展经营活动）"
BANKS = (
    ("中国工商银行股份有限公司", 19), ("中国建设银行股份有限公司", 20), ("中国农业银行股份有限公司", 17),
    ("招商银行股份有限公司", 15), ("中国银行股份有限公司", 12), ("交通银行股份有限公司", 21),
    ("宁波银行股份有限公司", 17), ("上海浦东发展银行股份有限公司", 20),
)  # fmt: skip
EIGHT_DIGIT_CITIES = ("010", "020", "021", "025", "027", "028", "0755", "0571", "0512", "0532", "0574")
KINDS = ("company", "joint_stock", "branch", "partnership", "sole", "individual")


@dataclass(frozen=True, slots=True)
class Company:
    """All that any document of one enterprise prints."""

    kind: str
    name: str
    credit_code: str
    registration_number: str
    entity_type: str
    person: Person
    representative: str  # as printed; a partnership's may be a company with its delegate
    place: Place
    address: str
    capital: Decimal | None
    established_on: date
    term_from: date | None
    term_to: date | None
    term_is_indefinite: bool
    scope: str
    authority: str
    issued_on: date
    bank_name: str
    account_number: str
    phone: str
    approval_number: str
    permit_number: str
    trade: str
    composition: str = ""


def company(
    rng: random.Random,
    kind: str = "company",
    *,
    representative: Person | None = None,
    old: bool = False,
    long_name: bool = False,
    term: str | None = None,
    permit_era: bool = False,
) -> Company:
    """An enterprise; `old` ones were founded and licensed in 2009–2018, `term` is dated, long or expired.

    Those of the `permit_era` were founded before July 2019, when account-opening permits ended.
    """
    home = representative and next((p for p in people.PLACES if representative.id_number.startswith(p.region)), None)
    home = home or people.place(rng)
    head = representative or people.person(rng, home=home)
    trade, scope, category = rng.choice(TRADES)
    brand = rng.choice(BRANDS)
    established = (
        date(2009, 1, 5) + timedelta(days=rng.randint(0, 2200))
        if old
        else date(2016, 1, 5) + timedelta(days=rng.randint(0, 1240 if permit_era else 2900))
    )
    issued = (
        established + timedelta(days=rng.randint(0, 900))
        if not old
        else date(2015, 11, 2) + timedelta(days=rng.randint(0, 1000))
    )
    if not old:
        issued = max(issued, date(2019, 3, 4) + timedelta(days=rng.randint(0, 1500)))
    term_from, term_to, indefinite = _term(rng, established, term or rng.choice(("dated", "long")))
    scope_text = scope + (OLD_TAIL if old else TAIL)
    if long_name:
        brand += rng.choice(("国际", "环球", "新材料", "智能"))
        trade = trade + rng.choice(("研究开发", "进出口", "产业发展", "综合服务"))
    bank, length = rng.choice(BANKS)
    branch = rng.choice(("高新", "科技城", "城东", "开发区", "新城", "江南")) + "支行"
    return Company(
        kind=kind,
        name=_name(rng, kind, home, brand, trade),
        credit_code=figures.credit_code(
            rng, home.region, kind="92" if kind == "individual" else "91", new_style=established.year >= 2016
        ),
        registration_number=figures.registration_number(rng, home.region, "6" if kind == "individual" else "0"),
        entity_type=_entity_type(rng, kind),
        person=head,
        representative=_representative(rng, kind, head, home),
        place=home,
        address=address(rng, home),
        capital=None
        if kind in ("branch", "individual")
        else Decimal(rng.choice((10, 50, 100, 200, 500, 1000, 1280, 3000, 10050)) * 10000),
        established_on=established,
        term_from=term_from,
        term_to=term_to,
        term_is_indefinite=indefinite,
        scope=scope_text,
        authority=f"{home.short}{_authority(rng, old)}",
        issued_on=issued,
        bank_name=bank + home.town + branch,
        account_number=figures.digits(rng, length),
        phone=f"{home.dial}-{figures.digits(rng, 8 if home.dial in EIGHT_DIGIT_CITIES else 7)}",
        approval_number="J" + home.bank_area + figures.digits(rng, 9),
        permit_number=f"{home.bank_area}-{figures.digits(rng, 8)}",
        trade=category,
        composition="个人经营" if kind == "individual" else "",
    )


def _authority(rng: random.Random, old: bool) -> str:
    return (
        rng.choice(("工商行政管理局", "市场监督管理局"))
        if old
        else rng.choice(("市场监督管理局", "市场监督管理局", "行政审批局"))
    )


def _term(rng: random.Random, established: date, kind: str) -> tuple[date | None, date | None, bool]:
    if kind == "long":
        return established, None, True
    if kind == "expired":
        return established, AS_OF - timedelta(days=rng.randint(60, 500)), False
    years = rng.choice((20, 30, 50))
    end = people.anniversary(established, years) - timedelta(days=rng.randint(0, 1))
    return established, end, False


def _name(rng: random.Random, kind: str, home: Place, brand: str, trade: str) -> str:
    match kind:
        case "joint_stock":
            return f"{home.town}{brand}{trade}股份有限公司"
        case "branch":
            return f"{rng.choice(('浙江', '江苏', '广东'))}{brand}{trade}有限公司{home.town}分公司"
        case "partnership":
            return f"{home.town}{brand}{rng.choice(('股权投资', '企业管理咨询', '创业投资'))}合伙企业（有限合伙）"
        case "sole":
            return f"{home.town}{brand}{rng.choice(('塑料制品', '五金', '包装', '服装'))}厂"
        case "individual":
            return f"{home.short}{brand}{rng.choice(('百货商行', '便利店', '服装店', '食品经营部', '建材经营部'))}"
    return f"{home.town}{brand}{trade}有限公司" if rng.random() < 0.8 else f"{brand}（{home.town}）{trade}有限公司"


def _entity_type(rng: random.Random, kind: str) -> str:
    return rng.choice(
        {
            "company": (
                "有限责任公司（自然人投资或控股）",
                "有限责任公司（自然人独资）",
                "有限责任公司",
                "有限责任公司(自然人投资或控股)",
                "有限责任公司（台港澳法人独资）",
            ),
            "joint_stock": ("股份有限公司（非上市、自然人投资或控股）", "其他股份有限公司（非上市）"),
            "branch": ("有限责任公司分公司（自然人投资或控股）", "有限责任公司分公司"),
            "partnership": ("有限合伙企业",),
            "sole": ("个人独资企业",),
            "individual": ("个体工商户",),
        }[kind]
    )


def _representative(rng: random.Random, kind: str, head: Person, home: Place) -> str:
    if kind == "partnership" and rng.random() < 0.7:
        return f"{home.town}{rng.choice(BRANDS)}投资管理有限公司（委派代表：{head.name}）"
    return head.name


def address(rng: random.Random, home: Place) -> str:
    street = f"{home.full}{rng.choice(people.ROADS)}街道{rng.choice(people.ROADS)}路{rng.randint(1, 1999)}号"
    storey, room = rng.randint(3, 26), f"{rng.randint(301, 2612)}-{rng.randint(1, 9)}"
    return street + rng.choice(
        (
            f"{rng.randint(1, 12)}幢{rng.randint(101, 1908)}室",
            f"{rng.choice(people.ESTATES)}大厦A座{storey}层{room}室（自主申报）",
            f"科创园{rng.randint(1, 9)}号楼{rng.randint(2, 6)}楼",
            "",
            f"{rng.randint(1, 9)}幢{rng.randint(1, 6)}楼{rng.choice('东西南北')}侧",
        )
    )
