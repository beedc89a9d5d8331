"""Fictional people and places: names by chance, numbers with right check digits."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from samples.generator import figures

AS_OF = date(2026, 11, 22)  # every sample is drawn for this day


@dataclass(frozen=True, slots=True)
class Place:
    province: str
    city: str
    district: str
    region: str  # GB/T 2260
    bank_area: str  # first four digits of permits
    dial: str

    @property
    def full(self) -> str:
        return self.province + self.city + self.district

    @property
    def short(self) -> str:
        return self.city + self.district

    @property
    def town(self) -> str:
        """What company names begin with."""
        return (self.city or self.district or self.province).removesuffix("市")


PLACES = (
    Place("浙江省", "杭州市", "滨江区", "330108", "3310", "0571"),
    Place("浙江省", "义乌市", "", "330782", "3387", "0579"),
    Place("浙江省", "宁波市", "鄞州区", "330212", "3320", "0574"),
    Place("广东省", "深圳市", "南山区", "440305", "5840", "0755"),
    Place("广东省", "广州市", "天河区", "440106", "5810", "020"),
    Place("江苏省", "苏州市", "吴中区", "320506", "3050", "0512"),
    Place("江苏省", "南京市", "江宁区", "320115", "3010", "025"),
    Place("", "上海市", "浦东新区", "310115", "2900", "021"),
    Place("", "北京市", "海淀区", "110108", "1000", "010"),
    Place("四川省", "成都市", "武侯区", "510107", "6510", "028"),
    Place("山东省", "青岛市", "城阳区", "370214", "4520", "0532"),
    Place("福建省", "厦门市", "思明区", "350203", "3930", "0592"),
    Place("湖北省", "武汉市", "江夏区", "420115", "5210", "027"),
    Place("河南省", "郑州市", "金水区", "410105", "4910", "0371"),
    Place("湖南省", "长沙市", "岳麓区", "430104", "5510", "0731"),
    Place("安徽省", "合肥市", "蜀山区", "340104", "3610", "0551"),
    Place("新疆维吾尔自治区", "乌鲁木齐市", "天山区", "650102", "8810", "0991"),
    Place("内蒙古自治区", "呼和浩特市", "赛罕区", "150105", "1910", "0471"),
    Place("广西壮族自治区", "南宁市", "青秀区", "450103", "6110", "0771"),
)
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜"
    "范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文"
)
MEN = "伟强磊军洋勇杰涛明超刚平辉鹏华飞鑫波斌宇浩凯健俊帆帅旭宁龙林岩博翔峰哲诚轩泽昊毅晨东海建国志文振永庆"
WOMEN = (
    "芳娜敏静丽艳娟霞秀英玲桂兰洁梅琳素云莲真雪荣爱妹香月莺媛珊莎黛青"
    "倩婷姣婉娴瑾颖露瑶怡婵雁蓓纨仪荷丹蓉眉君琴蕊薇菁梦岚苑"
)
MINORITIES = ("回", "满", "蒙古", "壮", "苗", "土家", "彝", "藏", "侗", "朝鲜", "哈尼", "傣")
UYGHUR = ("买买提", "阿依古丽", "吐尔逊", "艾尔肯", "古丽娜尔", "阿布都热合曼", "玉素甫")
ROADS = (
    "长河", "文晖", "科技", "银泰", "江南", "新城", "滨河", "学院", "望江", "凤凰", "青年", "创新",
    "海棠", "和平", "振兴", "吉祥",
)  # fmt: skip
ESTATES = ("翠苑", "金色家园", "阳光花园", "锦绣江南", "水岸", "云栖", "丹枫", "香樟", "绿城", "望湖")


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    sex: str
    ethnicity: str
    born_on: date
    address: str
    id_number: str
    issuing_authority: str
    valid_from: date
    valid_to: date | None  # None: 长期
    mobile: str


def place(rng: random.Random) -> Place:
    return rng.choice(PLACES)


def anniversary(day: date, years: int) -> date:
    """The same day `years` later; 29 February falls on 28 where there is none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def person(
    rng: random.Random,
    *,
    home: Place | None = None,
    ethnicity: str | None = None,
    long_address: bool = False,
    expired: bool = False,
) -> Person:
    """A grown-up with a card valid at AS_OF (or run out, if `expired`)."""
    home = home or place(rng)
    sex = rng.choice("男女")
    ethnicity = ethnicity or ("汉" if rng.random() < 0.8 else rng.choice(MINORITIES))
    given = MEN if sex == "男" else WOMEN
    name = rng.choice(SURNAMES) + "".join(rng.sample(given, rng.choice((1, 2, 2, 2))))
    if ethnicity == "维吾尔":
        name = "·".join(rng.sample(UYGHUR, 2))
    elif rng.random() < 0.05:
        name = rng.choice(("欧阳", "上官", "诸葛", "司徒")) + "".join(rng.sample(given, 1))
    age = rng.randint(24, 62)
    born = AS_OF - timedelta(days=age * 365 + rng.randint(20, 340))
    sequence = rng.randrange(1, 499) * 2 + (1 if sex == "男" else 0)
    span = 10 if age < 32 else 20
    valid_from = AS_OF - timedelta(days=rng.randint(400, 365 * (6 if span == 10 else 8)))
    if expired:
        valid_from = anniversary(AS_OF - timedelta(days=rng.randint(40, 300)), -10)
        span = 10
    valid_to = None if age >= 52 and not expired else anniversary(valid_from, span)
    return Person(
        name=name,
        sex=sex,
        ethnicity=ethnicity,
        born_on=born,
        address=_home(rng, home, long_address),
        id_number=figures.id_number(home.region, born, sequence),
        issuing_authority=police(home),
        valid_from=valid_from,
        valid_to=valid_to,
        mobile=rng.choice(("135", "138", "139", "150", "186")) + "0000" + f"{rng.randint(0, 9999):04d}",
    )


def police(home: Place) -> str:
    return f"{home.city}公安局" + (f"{home.district[:-1]}分局" if home.district else "")


def _home(rng: random.Random, home: Place, long: bool) -> str:
    pick = rng.choice
    if long:
        return (
            f"{home.full}{pick(ROADS)}街道{pick(ROADS)}社区{pick(ROADS)}路{rng.randint(100, 1999)}号{pick(ESTATES)}"
            f"{rng.randint(2, 38)}幢{rng.randint(1, 4)}单元{rng.randint(10, 30)}0{rng.randint(1, 8)}室"
        )
    if rng.random() < 0.3:
        return f"{home.full}{pick(ROADS)}镇{pick(ESTATES)}村{rng.randint(1, 20)}组{rng.randint(1, 200)}号"
    street = f"{home.full}{pick(ROADS)}路{rng.randint(1, 899)}号"
    return f"{street}{pick(ESTATES)}{rng.randint(1, 30)}幢{rng.randint(101, 2503)}室"
