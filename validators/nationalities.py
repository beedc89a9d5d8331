"""Nationalities as documents print them, brought to ISO 3166-1 alpha-3.

Beside codes (CAN, 124, D) and names of countries in English and Chinese these are the words most passports print for a
nationality. What is not known stays unknown: a name that is missing here is no contradiction.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from validators.country_names import alpha3

# What passports print for a nationality where it is no country's name, by the first letters all its forms share.
_NATIONALITIES = """
    CHN CHINES|ZHONGGUO  GBR BRITISH  USA AMERICAN  FRA FRANCAIS|FRENCH  DEU DEUTSCH|GERMAN  CAN CANADI  AUS AUSTRALIAN
    NZL NEWZEALANDER  IND INDIAN|BHARATIYA  PAK PAKISTANI  BGD BANGLADESHI  NPL NEPALESE|NEPALI  LKA SRILANKAN
    RUS RUSSIAN|ROSSIY  UKR UKRAINIAN  KAZ KAZAKH  UZB UZBEK  TUR TURKISH|TURKIYE  IRN IRANIAN  IRQ IRAQI  SYR SYRIAN
    JOR JORDANIAN  LBN LEBANESE|LIBANAIS  EGY EGYPTIAN  YEM YEMENI  SAU SAUDI  ARE EMIRATI  ISR ISRAELI  AFG AFGHAN
    PSE PALESTINIAN  LBY LIBYAN  TUN TUNISIEN|TUNISIAN  DZA ALGERI  MAR MAROCAIN|MOROCCAN  SDN SUDANESE  ETH ETHIOPIAN
    KEN KENYAN  NGA NIGERIAN  GHA GHANAIAN  ZAF SOUTHAFRICAN  TZA TANZANIAN  UGA UGANDAN  SEN SENEGALAIS  MLI MALIEN
    CMR CAMEROUN|CAMEROON  JPN JAPANESE|NIPPON  VNM VIETNAMESE  THA THAI  MYS MALAYSIAN  SGP SINGAPORE
    IDN INDONESIA  PHL FILIPINO|PILIPINO|PHILIPPINE  MMR MYANMAR  KHM CAMBODIAN  MNG MONGOLIA  LAO LAOTIAN
    ITA ITALIAN  ESP ESPANOL|SPANISH  PRT PORTUGUES  NLD NEDERLANDS|DUTCH  BEL BELGE|BELGISCH|BELGIAN
    CHE SWISS|SCHWEIZ|SUISSE  AUT OESTERREICH|OSTERREICH|AUSTRIAN  SWE SVENSK|SWEDISH  NOR NORSK|NORWEGIAN
    DNK DANSK|DANISH  FIN SUOMI|FINNISH  POL POLSKIE|POLISH|POLSKA  CZE CESKA|CZECH  IRL IRISH|EIREANN
    GRC HELLENIC|ELLINIK|GREEK  TKM TURKMEN  KOR KOREAN|REPUBLICOFKOREA
    ROU ROMAN  BGR BULGARIAN  SRB SRPSK|SERBIAN  HUN MAGYAR|HUNGARIAN  BRA BRASILEIR|BRAZILIAN  MEX MEXICAN
    ARG ARGENTIN  CHL CHILEN  COL COLOMBIAN  PER PERUAN|PERUVIAN  VEN VENEZOLAN  ECU ECUATORIAN
"""  # fmt: skip
_ICAO_ONLY = {"D": "DEU", "RKS": "XKX"}  # codes of machine-readable zones that ISO writes otherwise
_STATUS = frozenset({"CITIZEN", "NATIONAL", "SUBJECT", "OVERSEAS", "PROTECTED", "PERSON", "TERRITORIES", "REPUBLIC"})
_OF_THE_UNITED_KINGDOM = re.compile("GB[DNOPS]")  # British nationals other than citizens


def code_of(text: str) -> str | None:
    """The alpha-3 code of a printed country or nationality; None where it is not known or names several.

    >>> [code_of(t) for t in ('中国/CHINESE', '加拿大/CAN', 'FRANÇAISE', 'United States of America', '124', 'UTOPIAN')]
    ['CHN', 'CAN', 'FRA', 'USA', 'CAN', None]
    """
    parts = (text, *re.split(r"[/,;()]", text))
    codes = {code for part in parts if (code := _code(part))}
    return codes.pop() if len(codes) == 1 else None


def says_only(text: str) -> bool:
    """Whether a text holds names of countries or nationalities and nothing beside them.

    >>> [says_only(t) for t in ('中国/CHINESE', 'BRITISH CITIZEN', '中国/CHINESE AUG', '258月')]
    [True, True, False, False]
    """
    parts = [part for part in re.split(r"[/,;()]", text) if re.search(r"[A-Za-z0-9\u3400-\u9fff]", part)]
    return bool(parts) and all(map(_is_whole, parts))


def _is_whole(part: str) -> bool:
    words = part.split()
    known = next((n for n in range(1, len(words) + 1) if _code(" ".join(words[:n]))), len(words))
    return _code(part) is not None and (alpha3(part) is not None or _STATUS.issuperset(map(_plain, words[known:])))


def _code(text: str) -> str | None:
    if code := _ICAO_ONLY.get(text.strip()) or alpha3(text):
        return code
    plain = _plain(text)
    if _OF_THE_UNITED_KINGDOM.fullmatch(plain):
        return "GBR"
    return next((code for word, code in _nationalities() if plain.startswith(word)), None)


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.upper())
    return "".join(char for char in folded if char.isalnum())


@cache
def _nationalities() -> tuple[tuple[str, str], ...]:
    entries = (entry.split() for entry in re.split(r"\s{2,}", _NATIONALITIES.strip()))
    return tuple((word, code) for code, words in entries for word in words.split("|"))
