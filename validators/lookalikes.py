"""Characters a reader may take for one another: computed pairs (`data/lookalikes.txt`) and those seen in practice.

A pair here turns "different" into "ask a person", never into "equal".
"""

from __future__ import annotations

from functools import cache
from importlib import resources
from itertools import combinations

# Alike in small or blurred print though their pictures differ in size or a stroke, and signs outside GB 2312.
_CURATED = """
日曰 候侯 洛络 园圆 辰晨 市巿 口囗ロ 卜ト 力カ 夕タ 工エ 二ニ 八ハ 三彡 一-ー—丨 亚业 佳住 洁沽 贝见 限跟 今令
微徽 治冶 天夭 干千于 己已巳 未末 土士 大太犬 人入八 王玉 木本 刀力 戊戌戍 汆氽 券卷 岛鸟 鸟乌 兔免 暖援 晴睛 沪泸 祟崇
0OoDQ〇○ 1Iil|! 2Zz 5Ss 6Gb 8B 9gq VYUv C(G X×
"""

# Digits alike in low-resolution print. Kept short: any other difference of digits counts as clear.
_DIGITS = "06 08 17 27 35 38 56 68 89"


@cache
def _pairs() -> frozenset[frozenset[str]]:
    lines = resources.files("validators").joinpath("data/lookalikes.txt").read_text("utf-8").split()
    computed = (frozenset((line[0], other)) for line in lines for other in line[1:])
    listed = (frozenset(pair) for group in (*_CURATED.split(), *_DIGITS.split()) for pair in combinations(group, 2))
    return frozenset((*computed, *listed))


def alike(one: str, other: str) -> bool:
    """Whether a reader may take one character for the other.

    >>> alike('未', '末'), alike('明', '强'), alike('3', '8'), alike('3', '4')
    (True, False, True, False)
    """
    return one != other and frozenset((one, other)) in _pairs()
