"""Province codes, the first two digits of GB/T 2260, in numbers of companies, persons and invoices.

Counties are not listed: they are renamed and founded every year, and a number keeps the code of its
day. An unknown region is worth telling, never a reason to refuse.
"""

from __future__ import annotations

_AREAS = {1: "12345", 2: "123", 3: "1234567", 4: "123456", 5: "01234", 6: "12345", 7: "1", 8: "12"}
PROVINCES = frozenset(f"{area}{place}" for area, places in _AREAS.items() for place in places)

NATION = "10"  # 100000, registered with the nation's own authority: credit codes only
TAIWAN_RESIDENCE = "83"  # 830000, residence permit for Taiwan residents; 81 and 82 Hong Kong and Macau
PERMANENT_RESIDENT = "9"  # 9 + province: foreign permanent resident ID card of 2023


def of_credit_code(number: str) -> bool:
    """Whether the region of a credit code is known.

    >>> of_credit_code('91110000600037341L'), of_credit_code('91990000600037341L')
    (True, False)
    """
    return number[2:4] in PROVINCES or number[2:4] == NATION


def of_citizen_id(number: str) -> bool:
    """Whether the region of an ID number is known.

    >>> of_citizen_id('11010519491231002X'), of_citizen_id('830000199201300022'), of_citizen_id('990105194912310022')
    (True, True, False)
    """
    if number[0] == PERMANENT_RESIDENT:
        return number[1:3] in PROVINCES
    return number[:2] in PROVINCES or number[:2] == TAIWAN_RESIDENCE
