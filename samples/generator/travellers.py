"""Fictional people with other papers than the resident ID card: travellers, and residents from elsewhere."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta

from samples.generator import figures, numbers, people
from samples.generator.people import AS_OF

# Simplified, traditional, then as Latin letters in mainland, Hong Kong and Taiwan papers
SURNAMES = (
    ("陈", "陳", "CHEN", "CHAN", "CHEN"), ("李", "李", "LI", "LEE", "LI"), ("黄", "黃", "HUANG", "WONG", "HUANG"),
    ("张", "張", "ZHANG", "CHEUNG", "CHANG"), ("林", "林", "LIN", "LAM", "LIN"), ("王", "王", "WANG", "WONG", "WANG"),
    ("吴", "吳", "WU", "NG", "WU"), ("刘", "劉", "LIU", "LAU", "LIU"), ("郑", "鄭", "ZHENG", "CHENG", "CHENG"),
    ("周", "周", "ZHOU", "CHOW", "CHOU"), ("梁", "梁", "LIANG", "LEUNG", "LIANG"), ("叶", "葉", "YE", "YIP", "YEH"),
    ("许", "許", "XU", "HUI", "HSU"), ("何", "何", "HE", "HO", "HO"), ("吕", "呂", "LYU", "LUI", "LU"),
)  # fmt: skip
GIVEN = {
    "男": (
        ("志", "志", "ZHI", "CHI", "CHIH"), ("明", "明", "MING", "MING", "MING"), ("伟", "偉", "WEI", "WAI", "WEI"),
        ("文", "文", "WEN", "MAN", "WEN"), ("杰", "傑", "JIE", "KIT", "CHIEH"), ("国", "國", "GUO", "KWOK", "KUO"),
        ("荣", "榮", "RONG", "WING", "JUNG"), ("建", "建", "JIAN", "KIN", "CHIEN"), ("辉", "輝", "HUI", "FAI", "HUI"),
    ),
    "女": (
        ("美", "美", "MEI", "MEI", "MEI"), ("玲", "玲", "LING", "LING", "LING"), ("慧", "慧", "HUI", "WAI", "HUI"),
        ("雅", "雅", "YA", "NGA", "YA"), ("婷", "婷", "TING", "TING", "TING"), ("淑", "淑", "SHU", "SHUK", "SHU"),
        ("惠", "惠", "HUI", "WAI", "HUI"), ("芳", "芳", "FANG", "FONG", "FANG"), ("怡", "怡", "YI", "YEE", "YI"),
    ),
}  # fmt: skip
FOREIGN = {  # country → surnames, men's and women's names, nationality in English and Chinese, ISO numeric
    "USA": (("MILLER", "JOHNSON", "DAVIS", "WALKER"), ("JAMES ROBERT", "DANIEL", "KEVIN SCOTT"),
            ("EMILY ROSE", "LAURA", "JENNIFER ANN"), "UNITED STATES OF AMERICA", "美国", "840"),
    "GBR": (("TAYLOR", "EVANS", "SMITH-HUGHES", "WRIGHT"), ("OLIVER GEORGE", "HARRY", "THOMAS"),
            ("CHARLOTTE", "AMELIA JANE", "SOPHIE"), "BRITISH CITIZEN", "英国", "826"),
    "IND": (("SHARMA", "PATEL", "GUPTA", "KHAN"), ("RAHUL KUMAR", "AMIT", "SANJAY"),
            ("PRIYA", "ANJALI DEVI", "NEHA"), "INDIAN", "印度", "356"),
    "KOR": (("KIM", "PARK", "CHOI", "JUNG"), ("MINJUN", "SEOJUN", "DOYUN"),
            ("SOYEON", "JIWOO", "HAEUN"), "REPUBLIC OF KOREA", "韩国", "410"),
    "PAK": (("AHMED", "HUSSAIN", "MALIK", "QURESHI"), ("MUHAMMAD ALI", "USMAN", "BILAL"),
            ("AYESHA", "FATIMA", "SANA"), "PAKISTANI", "巴基斯坦", "586"),
}  # fmt: skip
PROVINCES = (("浙江", "ZHEJIANG"), ("广东", "GUANGDONG"), ("上海", "SHANGHAI"), ("北京", "BEIJING"), ("福建", "FUJIAN"))


@dataclass(frozen=True, slots=True)
class Traveller:
    """A person with the papers of one home: CHN, HKG, MAC, TWN, or a country of FOREIGN."""

    home: str
    name: str  # as printed in mainland papers; a foreigner's is in Latin letters unless he took a Chinese one
    traditional: str
    surname: str
    given: str  # Latin letters; its parts parted by spaces
    sex: str
    born_on: date
    birthplace: tuple[str, str]
    address: str
    passport: str
    permit: str
    identity: str  # the identity card of Hong Kong, Macau or Taiwan
    residence: str  # the number of the mainland residence permit, or of the permanent resident ID
    old_residence: str  # the permanent resident ID's number in the edition of 2017
    police: str  # of the place he lives at
    issue_count: int
    issued_on: date
    valid_to: date
    chinese_name: str = ""

    @property
    def latin(self) -> str:
        """CHAN, CHIMING: how permits print it."""
        return f"{self.surname}, {self.given.replace(' ', '')}"

    @property
    def gender(self) -> str:
        return "M" if self.sex == "男" else "F"

    @property
    def nationality(self) -> tuple[str, str]:
        """In English and in Chinese."""
        return FOREIGN[self.home][3:5] if self.home in FOREIGN else ("CHINESE", "中国")


def traveller(rng: random.Random, home: str = "CHN", *, expired: bool = False) -> Traveller:
    """A grown-up whose papers are valid at AS_OF (or have run out, if `expired`)."""
    sex = rng.choice("男女")
    born = AS_OF - timedelta(days=rng.randint(26, 60) * 365 + rng.randint(20, 340))
    simplified, traditional, surname, given = _name(rng, home, sex)
    issued = AS_OF - timedelta(days=rng.randint(300, 1500))
    years = 10 if home in ("CHN", *FOREIGN) else 5
    if expired:
        issued = people.anniversary(AS_OF - timedelta(days=rng.randint(40, 300)), -years)
    until = people.anniversary(issued, years) - timedelta(days=1)
    sequence = rng.randrange(1, 499) * 2 + (1 if sex == "男" else 0)
    host = people.person(rng, long_address=rng.random() < 0.3)
    region = host.id_number[:6]
    return Traveller(
        home=home,
        name=simplified,
        traditional=traditional,
        surname=surname,
        given=given,
        sex=sex,
        born_on=born,
        birthplace=rng.choice(PROVINCES),
        address=host.address,
        passport=numbers.passport_number(rng, home if home in FOREIGN else "CHN"),
        permit=_permit(rng, home),
        identity=_identity(rng, home, sex),
        residence=_residence(home, region, born, sequence),
        old_residence=numbers.old_permanent_resident_id(rng, home, region[:4], born),
        police=host.issuing_authority,
        issue_count=rng.choice((1, 1, 2, 3)),
        issued_on=issued,
        valid_to=until,
        chinese_name=_chinese(rng, sex) if home in FOREIGN and rng.random() < 0.5 else "",
    )


def _name(rng: random.Random, home: str, sex: str) -> tuple[str, str, str, str]:
    """Simplified, traditional, surname, given."""
    if home in FOREIGN:
        surnames, men, women, *_ = FOREIGN[home]
        surname, given = rng.choice(surnames), rng.choice(men if sex == "男" else women)
        return f"{surname} {given}", "", surname, given
    family, given = rng.choice(SURNAMES), rng.sample(GIVEN[sex], rng.choice((1, 2, 2, 2)))
    column = {"HKG": 3, "MAC": 3, "TWN": 4}.get(home, 2)
    return (
        family[0] + "".join(g[0] for g in given),
        family[1] + "".join(g[1] for g in given),
        family[column],
        (" " if column > 2 else "").join(g[column] for g in given),
    )


def _chinese(rng: random.Random, sex: str) -> str:
    return rng.choice(SURNAMES)[0] + "".join(g[0] for g in rng.sample(GIVEN[sex], 2))


def _permit(rng: random.Random, home: str) -> str:
    return {"HKG": "H", "MAC": "M", "TWN": ""}.get(home, "") + figures.digits(rng, 8)


def _identity(rng: random.Random, home: str, sex: str) -> str:
    match home:
        case "HKG":
            return numbers.hong_kong_id(rng)
        case "MAC":
            return numbers.macau_id(rng)
        case "TWN":
            return numbers.taiwan_id(rng, sex)
    return ""


def _residence(home: str, region: str, born: date, sequence: int) -> str:
    if home in FOREIGN:
        return numbers.permanent_resident_id(region[:2], FOREIGN[home][5], born, sequence)
    return "" if home == "CHN" else numbers.residence_number(home, born, sequence)
