"""Countries and territories by any of their names or codes (ISO 3166-1, data/countries.csv)."""

from __future__ import annotations

import csv
import re
import unicodedata
from functools import cache
from importlib import resources

from extractors.values import simplified


def alpha3(text: str) -> str | None:
    """The three-letter code of the country a text names, in Chinese or English or by a code; None for anything else.

    >>> [alpha3(t) for t in ('德国', 'germany', 'DEU', 'de', '276', 'Korea, Republic of', '香港', 'Atlantis')]
    ['DEU', 'DEU', 'DEU', 'DEU', 'DEU', 'KOR', 'HKG', None]
    """
    return _codes().get(_folded(simplified(text)))


@cache
def _codes() -> dict[str, str]:
    codes: dict[str, str] = {}
    with resources.files("validators").joinpath("data/countries.csv").open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            names = (row["alpha2"], row["alpha3"], row["numeric"], row["zh"], row["en"], *row["also"].split("|"))
            codes |= {_folded(name): row["alpha3"] for name in names if name}
    return codes


def _folded(name: str) -> str:
    """Without signs, spaces and accents: Côte d'Ivoire is often written Cote dIvoire, 刚果（金） as 刚果金."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    return re.sub(r"[\W_]+", "", "".join(char for char in plain if not unicodedata.combining(char))).removeprefix("the")
