"""Labels printed in Chinese and English (证书编号 Certificate No.) made Chinese ones: the other half is no value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from extractors.model import Page, TextLine
from extractors.values import compact, simplified

_BETWEEN = re.compile(r"[\s/|()（）.,&'’\-–]*")
_AFTER = re.compile(r"[\s/|()（）.,:：;]*")
_WORD = re.compile(r"[A-Za-z]+")


def in_chinese(page: Page, labels: Iterable[str]) -> Page:
    """The page with the English half of each Chinese label taken off; label and value become lines of their own.

    `labels` are those of the type in both languages: what stands behind a Chinese label is its English half as far
    as it is made of words of English ones (a name in letters is not).
    """
    words = set(labels)
    chinese = sorted((compact(word) for word in words if re.match(r"[\u3400-\u9fff]", word)), key=len, reverse=True)
    parts = {part for word in words if word.isascii() for part in _WORD.findall(word.lower())}
    if not parts or not chinese:
        return page
    english = re.compile(rf"(?:{'|'.join(sorted(parts, key=len, reverse=True))})+")
    lines = tuple(piece for line in page.lines for piece in _split(line, chinese, english))
    return replace(page, lines=lines)


def _split(line: TextLine, chinese: Iterable[str], english: re.Pattern[str]) -> Iterator[TextLine]:
    end = _label_end(line.text, chinese)
    at = start = end
    while end:
        gap = _BETWEEN.match(line.text, at)
        word = _WORD.match(line.text, gap.end() if gap else at)
        if not word or not english.fullmatch(word[0].lower()):
            break
        at = word.end()
    if at == start:
        yield line
        return
    yield line.cut(0, end)
    if (after := _AFTER.match(line.text, at)) and after.end() < len(line.text):
        yield line.cut(after.end(), len(line.text))


def _label_end(text: str, chinese: Iterable[str]) -> int:
    """Where the Chinese label that a text begins with ends; 0 where it begins with none."""
    plain = simplified(compact(text))
    label = next((word for word in chinese if plain.startswith(word)), "")
    left = len(label)
    for at, char in enumerate(text):
        if not left:
            return at
        left -= not char.isspace()
    return len(text) if label and not left else 0
