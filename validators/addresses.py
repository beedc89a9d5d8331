"""Addresses: the administrative units in front, and the rest that says the place."""

from __future__ import annotations

import re

from validators.normalise import address

_PROVINCES = (
    "北京|天津|上海|重庆|河北|山西|内蒙古|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|广西|海南"
    "|四川|贵州|云南|西藏|陕西|甘肃|青海|宁夏|新疆|香港|澳门|台湾"
)
_UNITS = re.compile(
    rf"(?:({_PROVINCES})(?:省|市|(?:壮族|回族|维吾尔)?自治区|特别行政区)?)?"
    r"([^\W\d_]{2,8}?(?:市|自治州|地区|盟))?"
    r"([^\W\d_]{1,7}?(?:区|县|旗|市))?"
)


def split(text: str) -> tuple[tuple[str, ...], str]:
    """The province (bare), city and district in front, as far as written, and the rest.

    >>> split('浙江省杭州市西湖区文三路90号')
    (('浙江', '杭州市', '西湖区'), '文三路90号')
    """
    plain = address(text)
    match = _UNITS.match(plain)
    assert match  # every group is optional
    return tuple(unit for unit in match.groups() if unit), plain[match.end() :]


def same(one: str, other: str) -> bool:
    """Whether two addresses are one, units in front left out or not; anything else is for a person.

    >>> same('杭州市西湖区文三路90号', '浙江省杭州市西湖区文三路90号'), same('西湖区文三路90号', '西湖区文三路91号')
    (True, False)
    """
    if address(one) == address(other):
        return True
    (units, place), (other_units, other_place) = split(one), split(other)
    short, long = sorted((units, other_units), key=len)
    return bool(place) and place == other_place and long[len(long) - len(short) :] == short
