"""Choices with boxes to tick: which one carries the mark."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from extractors.values import compact, simplified

_MARKED, _EMPTY = "☑✓✔√■☒▣", "□▢◻☐口"
BOX = re.compile(f"[{_MARKED}{_EMPTY}]")


def ticked(text: str, options: Sequence[str]) -> str | None:
    """The one option that is marked, or the only one that is printed; None where that cannot be told.

    >>> ticked("企业☑ 个体工商户□", ("企业", "个体工商户")), ticked("□企业 √其他", ("企业", "其他"))
    ('企业', '其他')
    >>> ticked("企业", ("企业", "其他")), ticked("企业 其他", ("企业", "其他"))
    ('企业', None)
    """
    plain = simplified(compact(text))
    longest = "|".join(sorted(map(re.escape, options), key=len, reverse=True))
    tokens = re.findall(f"{longest}|{BOX.pattern}", plain)
    printed = [token for token in tokens if token in options]
    if len(printed) == len(tokens):
        return printed[0] if len(set(printed)) == 1 else None
    before = tokens[0] not in options
    pairs = pairwise(tokens)
    marked = {
        (second if before else first)
        for first, second in pairs
        if (first if before else second) in _MARKED and (second if before else first) in options
    }
    boxes = len(tokens) - len(printed)
    # A box that was not read may be the one that is marked.
    return marked.pop() if len(marked) == 1 and boxes == len(printed) else None
