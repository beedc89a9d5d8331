"""Labels that a narrow cell breaks over several lines (宗旨和 over 业务范围) made one line again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from extractors.model import Page, TextLine, rectangle
from extractors.values import compact, simplified

_SHORTEST = 4  # characters of a label that may be broken
_PITCH = 2.4  # text heights from one line of a label to the next
_SIGNS = ":： "


def unstacked(page: Page, labels: Sequence[str]) -> Page:
    """The page with each broken label in one piece, level with the first line of the value beside it."""
    words = sorted((w for w in map(_plain, labels) if len(w) >= _SHORTEST), key=len, reverse=True)
    known = set(map(_plain, labels))
    texts = {id(line): _plain(line.text) for line in page.lines}
    lines = list(page.lines)
    for top in sorted(page.lines, key=lambda line: line.top):
        if top not in lines or len(texts[id(top)]) < 2:
            continue
        for word in words:
            parts = _parts(top, word, lines, texts)
            # 商标 over 申请人 are two labels, though 商标申请人 is one too.
            if parts and not all(texts[id(part)] in known for part in parts):
                lines = [line for line in lines if not any(line is part for part in parts)]
                lines.append(_joined(word, parts, lines))
                break
    return replace(page, lines=tuple(lines)) if len(lines) != len(page.lines) else page


def _plain(text: str) -> str:
    return simplified(compact(text)).strip(_SIGNS)


def _parts(top: TextLine, word: str, lines: Sequence[TextLine], texts: dict[int, str]) -> list[TextLine]:
    """The lines that spell the word downwards from `top`; none where they do not, or where one line is all of it."""
    parts, rest = [top], word.removeprefix(texts[id(top)])
    if rest == word:
        return []
    while rest:
        last = parts[-1]
        below = [
            line
            for line in lines
            if (text := texts.get(id(line)))
            and rest.startswith(text)
            and 0.5 * last.height < line.centre[1] - last.centre[1] < _PITCH * max(last.height, line.height)
            and min(line.right, top.right) - max(line.left, top.left) > 0
        ]
        if not below:
            return []
        parts.append(min(below, key=lambda line: (line.top, -len(texts[id(line)]))))
        rest = rest.removeprefix(texts[id(parts[-1])])
    return parts if len(parts) > 1 else []


def _joined(word: str, parts: Sequence[TextLine], others: Sequence[TextLine]) -> TextLine:
    left, right = min(p.left for p in parts), max(p.right for p in parts)
    height = parts[0].height
    first, last = parts[0].centre[1] - 0.6 * height, parts[-1].centre[1] + 0.6 * height
    beside = [line for line in others if line.left > right - height / 2 and first < line.centre[1] < last]
    column = min((line.left for line in beside), default=0.0) + height
    level = min((line.centre[1] for line in beside if line.left < column), default=parts[0].centre[1])
    return TextLine(
        word,
        rectangle(left, level - height / 2, right, level + height / 2),
        min(p.confidence for p in parts),
        parts[0].page,
    )
