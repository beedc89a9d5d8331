"""Signs that a picture is not of the original, or not for this purpose: reasons for a person to look, never proof."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from extractors.model import Box, DocumentType, Page
from extractors.rows import slant
from extractors.values import compact, simplified
from validators.findings import Evidence, Finding, finding
from validators.photo_marks import purposes_named
from validators.quality.patches import Patch

# Screens of phones (their longer side at least twice the shorter: no camera makes such pictures) and of computers.
_TALL = 1.95
_SCREENS = frozenset({
    (720, 1280), (750, 1334), (828, 1792), (1080, 1920), (1242, 2208), (768, 1366), (900, 1440), (900, 1600),
    (1050, 1680), (1200, 1920), (1440, 2560), (1600, 2560), (2160, 3840),
})  # fmt: skip
_CLOCK = re.compile(r"(?<![\d:.])([01]?\d|2[0-3]):[0-5]\d(?![\d:])")
_TOP, _BOTTOM = 0.05, 0.93  # shares of the height within which a status bar or a task bar lies
_GRID = 11.5  # standard deviations at which a regular grid stands out; of 384 good pictures one came to 11.1
_LIMITED = re.compile(
    r"(?:仅供|仅限|只限|专供|限于|仅用于)(.{1,24}?)(?:使用|专用|之用|用途)|(?:他用|另作他用|再次?复印|复印)无效"
)
# The same where a watermark across the page was read in pieces.
_ACROSS = 0.14  # slope against the page's lines from which a line runs across it
_LIMITED_IN_PART = re.compile(r"(?:仅供|仅限|仅用于|限用于).{0,24}")
# What a viewer's title bar says on a computer, and the shapes of its screens when made smaller.
_VIEWER = re.compile(r"\.(?:jpe?g|png|bmp|pdf|ofd)\b|查看器|浏览器|WPS|文件.{0,3}编辑|Chrome|Edge", re.IGNORECASE)
_WIDE = (16 / 9, 16 / 10)
_ISSUERS = ".gov.cn"
_MISSING = {"emblem": "AUTH_EMBLEM_NOT_SEEN", "seal": "AUTH_SEAL_NOT_SEEN"}


def screen_photo(page: Page, *, document: str, part: int, grid: float) -> Iterator[Finding]:
    """That a page was photographed from a screen, whatever it is."""
    if grid >= _GRID:
        evidence = (Evidence(document=document, part=part, page=page.number),)
        yield finding("AUTH_SCREEN_PHOTO", document=document, actual=f"{grid:.1f}", expected=f"< {_GRID:g}",
                      evidence=evidence)  # fmt: skip


def signs(
    page: Page,
    kind: DocumentType,
    *,
    document: str,
    part: int,
    grid: float,
    copied: bool,
    codes: Sequence[str] = (),
    missing: Sequence[str] = (),
    patches: Sequence[Patch] = (),
) -> Iterator[Finding]:
    """What a page shows of how it was made; `grid`, `copied`, `missing` (see `marks.missing_marks`) and `patches` as
    measured, `codes` the texts of its QR codes. Of a photographed screen or a screenshot patches are not told: it was
    drawn, and its pixels are not its own."""
    evidence = (Evidence(document=document, part=part, page=page.number),)
    if of_screen := list(screen_photo(page, document=document, part=part, grid=grid)):
        yield from of_screen
    elif not kind.id.endswith("screenshot") and (bar := _screen(page)):
        yield finding("AUTH_SCREENSHOT", document=document, actual=bar, evidence=evidence)
    elif patches and not kind.id.endswith("screenshot"):
        seen = (Evidence(document=document, part=part, page=page.number, box=patch.box) for patch in patches)
        yield finding("AUTH_PATCHED", document=document, actual=len(patches), evidence=tuple(seen))
    if copied:
        yield finding("AUTH_PHOTOCOPY", document=document, evidence=evidence)
    for mark in missing:
        yield finding(_MISSING[mark], document=document, evidence=evidence)
    if limited := _limited(page):
        text, box, ours = limited
        code = "AUTH_USE_LIMITED" if ours else "AUTH_OTHER_USE"
        where = (Evidence(document=document, part=part, page=page.number, box=box),)
        yield finding(code, document=document, actual=text, evidence=where)
    for host in filter(None, map(_host, codes)):
        if not host.endswith(_ISSUERS):
            yield finding("AUTH_CODE_ELSEWHERE", document=document, actual=host, evidence=evidence)


def _host(code: str) -> str:
    """Where the text of a code leads; empty for one that leads nowhere."""
    try:
        return (urlsplit(code).hostname or "") if "://" in code else ""
    except ValueError:  # no address after all
        return ""


def _screen(page: Page) -> str:
    """What tells a screenshot: the size of a phone's screen, or any screen's with a clock in its bar. Else empty."""
    size = min(page.width, page.height), max(page.width, page.height)
    exact = size in _SCREENS or _shows_a_viewer(page)
    phone = size[0] >= 700 and size[1] / size[0] >= _TALL and page.height > page.width
    if not exact and not phone:
        return ""
    for line in page.lines:
        y = line.centre[1] / page.height
        if (y < _TOP or y > _BOTTOM) and _CLOCK.search(line.text):
            return f"{page.width} × {page.height}, {_CLOCK.search(line.text).group()}"  # type: ignore[union-attr]
    return ""


def _shows_a_viewer(page: Page) -> bool:
    """Whether a wide picture has a program's title bar on top."""
    wide = any(abs(page.width / max(page.height, 1) - shape) < 0.01 for shape in _WIDE)
    return wide and any(line.centre[1] < _TOP * page.height and _VIEWER.search(line.text) for line in page.lines)


def _limited(page: Page) -> tuple[str, Box, bool] | None:
    """Words that limit what a copy may be used for, where they stand, and whether that is what it is used for here."""
    level = slant(page.lines)
    for line in page.lines:
        text, ((a, b), (c, d), *_) = simplified(compact(line.text)), line.box
        across = abs((d - b) / max(c - a, 1.0) - level) > _ACROSS
        found = _LIMITED.search(text) or (_LIMITED_IN_PART.search(text) if across else None)
        if found:
            return found.group(), line.box, bool(purposes_named([found.group()]))
    return None
