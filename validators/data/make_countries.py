"""Writes countries.csv: every country and territory of ISO 3166-1 with its codes and the names it goes by.

Usage: python make_countries.py > countries.csv          (needs pycountry and babel, which Heyan itself does not)

Codes and formal names are ISO's, the short names in both languages those of the Unicode CLDR. Spoken short forms
that neither has are listed here.
"""

from __future__ import annotations

import csv
import sys

import pycountry  # type: ignore[import-not-found,unused-ignore]
from babel import Locale  # type: ignore[import-untyped,import-not-found,unused-ignore]

ALSO = {
    "AE": "阿联酋 UAE", "BA": "波黑 Bosnia", "CD": "刚果民主共和国 DRC", "CG": "刚果共和国 刚果",
    "CN": "中华人民共和国 PRC", "CZ": "捷克共和国", "GB": "UK Britain 大不列颠",
    "HK": "香港 中国香港 Hong_Kong,_China Hong_Kong_SAR",
    "KP": "北朝鲜 DPRK", "KR": "南韩 大韩民国 Korea", "MM": "Burma",
    "MO": "澳门 中国澳门 Macau Macau,_China Macao,_China",
    "NL": "Holland", "RU": "俄罗斯联邦", "SA": "沙特", "TR": "Turkey", "TW": "中国台湾 台湾省 Taiwan,_China",
    "US": "USA America 美利坚合众国 U.S. U.S.A.", "VA": "梵蒂冈 Vatican",
}  # fmt: skip


def main() -> None:
    """Print a row for each country: its three codes, its names in Chinese and English, further names joined by |."""
    chinese, english = Locale("zh").territories, Locale("en").territories
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["alpha2", "alpha3", "numeric", "zh", "en", "also"])
    for country in sorted(pycountry.countries, key=lambda c: c.alpha_2):
        zh, en = chinese[country.alpha_2], english[country.alpha_2]
        further = [country.name, getattr(country, "official_name", ""), getattr(country, "common_name", "")]
        further += [name.replace("_", " ") for name in ALSO.get(country.alpha_2, "").split()]
        also = dict.fromkeys(name for name in further if name and name not in (zh, en))
        writer.writerow([country.alpha_2, country.alpha_3, country.numeric, zh, en, "|".join(also)])


if __name__ == "__main__":
    main()
