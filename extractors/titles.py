"""Titles on a page: which words are printed as one, and how surely.

A title stands large or alone. The same words in a sentence, in a list of papers to hand in or in a
table's cell are a mention. Seals lie over titles: a fifth of one may be misread, as long as no other
word we know is nearer.
"""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import process
from rapidfuzz.distance import Levenshtein

from extractors.model import Page
from extractors.rows import place, rows_of
from extractors.values import compact, simplified

LARGE, ALONE, MENTIONED = 6.0, 5.0, 2.0

_PROMINENT = 1.3  # times the usual height of print
_TITLE_GAP = 5.0  # text heights between the characters of a spread title
_ROOM = 14  # characters that may stand beside a title in its line
_SHORTEST_FUZZY = 5
# What stands beside a title in its own line: the state, the copy, a number, a region, a form's sign.
_DRESSING = re.compile(r"中华人民共和国|全国统一|正本|副本|样本|电子|第\w*号|打印|结果|表单|页|no|[^\u3400-\u9fffa-z]")
_MOST_DRESSING = 3
_LISTED = re.compile(
    r"^(?:\(?\d{1,2}[.、)]|[①-⑳]|\(?[一二三四五六七八九十]{1,2}[、)])|提交|提供|上传|复印件|扫描件|如下|以及|[;。]"
)
# Papers that are none of ours, one character from one that is.
_OTHERS = (
    "药品生产许可证", "化妆品生产许可证", "农药生产许可证", "饲料生产许可证", "安全生产许可证", "食品经营许可证",
    "食品流通许可证", "食品卫生许可证", "商标受理通知书", "商标注册申请书", "企业法人登记证", "基金会法人登记证书",
    "税务登记表", "居民户口簿", "居民居住证", "机构信用代码证", "商标转让证明",
)  # fmt: skip
# How titles of papers end that are perhaps none of ours.
_SOME_TITLE = re.compile(
    r"[\u3400-\u9fff()a-z0-9]{1,24}(?:许可证|登记证|资格证|合格证|证书|证明|证明书|登记表|申请表|申请书|备案表|审批表|信息表|明细表"
    r"|通知书|决定书|委托书|授权书|承诺书|告知书|意见书|合同|合同书|协议|协议书|报告|报告书|声明|函|章程|简历|批复|订单|清单|简介|回执)"
)


@lru_cache(8192)
def plain(text: str) -> str:
    """Text as titles and words are compared: no spaces, simplified, small letters."""
    return simplified(compact(text)).lower()


@dataclass(frozen=True, slots=True)
class _Headline:
    text: str
    large: bool


class Vocabulary:
    """The titles and the words by which documents are told, all of them `plain`."""

    def __init__(self, titles: Sequence[str], words: Sequence[str]) -> None:
        self._begun: dict[str, list[str]] = {}  # titles by their first two characters: there may be thousands
        for title in titles:
            self._begun.setdefault(title[:2], []).append(title)
        self._words = (*words, *_OTHERS)
        self._with_pair: dict[str, list[int]] = {}  # numbers of words by two characters that follow each other there
        for number, word in enumerate(self._words):
            for pair in _pairs(word):
                self._with_pair.setdefault(pair, []).append(number)

    def titles_in(self, text: str, near: str) -> list[str]:
        """The titles that a line holds, and the one that it may be."""
        begun = _pairs(text) | {text[-1:], near[:2]}
        likely = (title for start in begun for title in self._begun.get(start, ()))
        return [title for title in likely if title in text or title == near]

    def nearest(self, text: str) -> str:
        """The one known word a line is, but for a fifth of its characters; "" where it is none."""
        bare = re.sub(r"[^\u3400-\u9fffa-z0-9()]", "", text)
        if len(bare) < _SHORTEST_FUZZY - 1:
            return ""
        most = max(len(bare) // 5, 1)
        found = process.extractOne(bare, self._alike(bare, most), scorer=Levenshtein.distance, score_cutoff=most)
        return found[0] if found and abs(len(found[0]) - len(bare)) <= 1 else ""

    def _alike(self, text: str, most: int) -> list[str]:
        """The words that so few changed characters can turn into this text: some pair of neighbours is left of it."""
        numbers = {number for pair in _pairs(text) for number in self._with_pair.get(pair, ())}
        return [word for number in sorted(numbers) if abs(len(word := self._words[number]) - len(text)) <= most]


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


class Headlines:
    """The lines of a document that may be its title.

    `of_another`: a large title stands on it, and it is none of the vocabulary's.
    """

    def __init__(self, pages: Sequence[Page], vocabulary: Vocabulary) -> None:
        lines = [line for page in pages for line in _headlines(page)]
        near = {line.text: vocabulary.nearest(line.text) for line in lines}
        weights = [
            (title, line, weight)
            for line in lines
            for title in vocabulary.titles_in(line.text, near[line.text])
            if (weight := _weight(title, line, near[line.text]))
        ]
        self._best: dict[str, float] = {}
        for title, _, weight in weights:
            self._best[title] = max(weight, self._best.get(title, 0.0))
        ours = {line.text for _, line, weight in weights if weight >= ALONE}
        large = [line.text for line in lines if line.large]
        self.of_another = not ours.intersection(large) and any(map(_SOME_TITLE.fullmatch, large))

    def best(self, titles: Sequence[str]) -> tuple[float, str]:
        """The weight of the surest of these titles on the document, and the title; 0 and "" without one."""
        found = [title for title in titles if title in self._best]
        title = max(found, key=self._best.__getitem__, default="")
        return self._best.get(title, 0.0), title


def _weight(title: str, line: _Headline, near: str) -> float:
    text = line.text
    if title in text and len(text) <= len(title) + _ROOM:
        if _LISTED.search(text) or text.startswith("号", text.index(title) + len(title)):
            return MENTIONED  # 澳门居民身份证号码 is a label on other papers
        if line.large:
            return LARGE
        rest = _DRESSING.sub("", text.replace(title, "", 1))
        return ALONE if len(rest) <= _MOST_DRESSING else MENTIONED
    misread = near == title and len(title) >= _SHORTEST_FUZZY
    return (LARGE if line.large else ALONE) if misread else 0.0


def _headlines(page: Page) -> list[_Headline]:
    """Each line as read, each row with its spread characters closed up, and two short rows one over the other."""
    placed = [p for p in place(page.lines) if p.line.text.strip()]
    if not placed:
        return []
    usual = statistics.median(p.height for p in placed)
    found = {plain(p.line.text): _is_large(p.height, usual) for p in placed}
    runs = [
        run for row in rows_of([p for p in placed if not p.vertical]) if row.chars for run in row.segments(_TITLE_GAP)
    ]
    for run in runs:
        found.setdefault(plain(run.text), _is_large(run.height, usual))
    tall = [run for run in runs if _is_large(run.height, usual)]
    for upper in tall:
        for lower in tall:
            down = lower.middle - upper.middle
            across = min(upper.right, lower.right) - max(upper.left, lower.left)
            if 0.5 * upper.height < down < 3 * upper.height and across > 0:
                found.setdefault(plain(upper.text + lower.text), True)
    return [_Headline(text, large) for text, large in found.items() if 2 <= len(text) <= 40 + _ROOM]


def _is_large(height: float, usual: float) -> bool:
    return height >= _PROMINENT * usual
