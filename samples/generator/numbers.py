"""Numbers of persons' and trade papers, with their check digits where they have one.

Written independently of `validators`, like `figures`.
"""

from __future__ import annotations

import random
import string
from datetime import date

from samples.generator import figures

LATIN = string.ascii_uppercase
TAIWAN_LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"  # in the order of their values 10, 11, 12, …
PATENT_KINDS = {"invention": "1", "utility_model": "2", "design": "3"}


def hong_kong_id(rng: random.Random) -> str:
    """A123456(3): weights 9 to 2, a missing first letter counts 36; 10 prints as A."""
    letters = rng.choice(("A", "B", "C", "D", "E", "G", "H", "K", "P", "R", "Y", "Z", "WX"))
    body = letters + figures.digits(rng, 6)
    values = [36] * (8 - len(body)) + [int(c, 36) for c in body]
    check = -sum(v * w for v, w in zip(values, range(9, 1, -1), strict=True)) % 11
    return f"{body}({'0123456789A'[check]})"


def macau_id(rng: random.Random) -> str:
    """1234567(8); how its last digit is made was never published."""
    return f"{rng.choice('157')}{figures.digits(rng, 6)}({rng.randint(0, 9)})"


def taiwan_id(rng: random.Random, sex: str) -> str:
    """A123456789: the letter as two digits, weights 1 9 8 … 1 1."""
    letter = rng.choice("ABCDEFGHJKLMNPQRTUVX")
    body = letter + ("1" if sex == "男" else "2") + figures.digits(rng, 7)
    code = TAIWAN_LETTERS.index(letter) + 10
    total = code // 10 + code % 10 * 9 + sum(int(c) * w for c, w in zip(body[1:], range(8, 0, -1), strict=True))
    return body + str(-total % 10)


def residence_number(home: str, born: date, sequence: int) -> str:
    """The citizen number of a 港澳台居民居住证."""
    return figures.id_number({"HKG": "810000", "MAC": "820000", "TWN": "830000"}[home], born, sequence)


def permanent_resident_id(province: str, country: str, born: date, sequence: int) -> str:
    """The 2023 edition: 9, province, country (ISO 3166 numeric), birth, sequence, check of GB 11643."""
    return figures.id_number(f"9{province}{country}", born, sequence)


def old_permanent_resident_id(rng: random.Random, country: str, city: str, born: date) -> str:
    """The 2017 edition: three letters and twelve digits, the last one by the weights of passports."""
    body = f"{country}{city}{born:%y%m%d}{rng.randint(0, 9)}"
    return body + check_digit(body)


def passport_number(rng: random.Random, country: str) -> str:
    if country == "CHN":
        letters = "E" if rng.random() < 0.4 else "E" + rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ")
        return letters + "".join(rng.choice("0123456789") for _ in range(9 - len(letters)))
    shape = {"IND": "A1234567", "USA": "123456789", "GBR": "123456789", "KOR": "M12345678", "PAK": "AB1234567"}[country]
    if country == "KOR":
        return "M" + figures.digits(rng, 8)
    return "".join(rng.choice(LATIN if c.isalpha() else "123456789") for c in shape)


def check_digit(text: str) -> str:
    """ICAO 9303: weights 7 3 1, letters from 10, < is 0."""
    return str(sum((0 if c == "<" else int(c, 36)) * (7, 3, 1)[i % 3] for i, c in enumerate(text)) % 10)


def _mrz_name(surname: str, given: str, length: int) -> str:
    joined = f"{surname}<<{given}".replace(" ", "<").replace("-", "<").replace("'", "")
    return joined.ljust(length, "<")[:length]


def passport_mrz(
    kind: str,
    country: str,
    surname: str,
    given: str,
    number: str,
    nationality: str,
    born: date,
    sex: str,
    until: date,
    personal: str = "",
) -> tuple[str, str]:
    """The two lines of 44 characters of a passport (TD3). `kind` is P< or PO, `sex` M or F."""
    first = kind + country + _mrz_name(surname, given, 39)
    document = number.ljust(9, "<")
    document += check_digit(document)
    birth, expiry = f"{born:%y%m%d}", f"{until:%y%m%d}"
    birth, expiry = birth + check_digit(birth), expiry + check_digit(expiry)
    optional = personal.ljust(14, "<")
    optional += "<" if not personal else check_digit(optional)
    second = document + nationality + birth + sex + expiry + optional
    return first, second + check_digit(document + birth + expiry + optional)


def card_mrz(
    kind: str, number: str, extra: str, born: date, sex: str, until: date, country: str, name: str
) -> list[str]:
    """The three lines of 30 characters on the back of a card (TD1). `kind` is CR, CT, …; `name` as SURNAME<<GIVEN."""
    document = number.ljust(9, "<")
    first = (kind + "CHN" + document + check_digit(document) + extra).ljust(30, "<")
    birth, expiry = f"{born:%y%m%d}", f"{until:%y%m%d}"
    birth, expiry = birth + check_digit(birth), expiry + check_digit(expiry)
    second = (birth + sex + expiry + country).ljust(29, "<")
    second += check_digit(first[5:] + birth + expiry + second[18:29])
    return [first, second, name.ljust(30, "<")[:30]]


def customs_number(rng: random.Random, port: str, day: date) -> str:
    """18 digits: port, year, 0 for export, running number."""
    return f"{port}{day.year}0{figures.digits(rng, 9)}"


def trademark_number(rng: random.Random) -> str:
    return figures.digits(rng, 8) + (rng.choice("AB") if rng.random() < 0.1 else "")


def patent_number(rng: random.Random, kind: str, year: int) -> str:
    """ZL 2019 1 0123456.7: the last digit is the sum with weights 2…9, 2…5, modulo 11."""
    body = f"{year}{PATENT_KINDS[kind]}{rng.randint(10000, 999999):07d}"
    weights = (2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5)
    check = "0123456789X"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]
    return f"ZL {body[:4]} {body[4]} {body[5:]}.{check}"


def food_licence_number(rng: random.Random, region: str) -> str:
    """SC, food class, region, running number, and ISO 7064 mod 11,10 over the thirteen digits."""
    body = rng.choice(("101", "106", "110", "124", "130")) + region + f"{rng.randint(1, 9999):04d}"
    carry = 10
    for c in body:
        carry = (carry + int(c)) % 10 or 10
        carry = carry * 2 % 11
    return f"SC{body}{(11 - carry) % 10}"
