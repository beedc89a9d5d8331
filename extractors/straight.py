"""A photographed page turned straight, without what was laid over it."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from extractors.model import Box, Field, Page, Point, TextLine
from extractors.rows import slant
from extractors.values import compact

# Watermarks on copies, and captions beside them.
_OVERLAID = re.compile(
    r"仅供|仅(?:限|用于).{0,20}(?:使用|办理|申请|认证|审核|备案)|再次复印|复印无效|他用无效|其他用途|与原件|复印件|(?<!\()盖章"
)
_SLANTED = math.radians(8)


def read_straight(pages: Sequence[Page], read: Callable[[Sequence[Page]], dict[str, Field]]) -> dict[str, Field]:
    """What `read` finds on the straightened pages, with the boxes where they are on the pages as given."""
    straight = [straightened(page) for page in pages]
    angles = {page.number: angle for page, angle in straight}
    fields = read([page for page, _ in straight])
    return {name: _restored(field, angles.get(field.page or 0, 0.0)) for name, field in fields.items()}


def straightened(page: Page) -> tuple[Page, float]:
    """The page turned back by its slant, without overlaid text, and the angle (radians) it had.

    `turned(box, angle)` gives the place of a box on the page as it was.
    """
    angle = math.atan(slant(page.lines))
    lines = (line for line in page.lines if not laid_over(line, angle))
    straight = (replace(line, box=turned(line.box, -angle)) if angle else line for line in lines)
    return replace(page, lines=tuple(straight)), angle


def laid_over(line: TextLine, angle: float = 0.0) -> bool:
    """Whether a line is part of a watermark or a note: set at another slant than the page, or worded like one."""
    (ax, ay), (bx, by), _, (dx, dy) = line.box
    long = math.hypot(bx - ax, by - ay) > 1.4 * math.hypot(dx - ax, dy - ay)
    text = compact(line.text)
    # The box of a single character says nothing of how it runs.
    slanted = long and len(text) > 1 and abs(math.atan2(by - ay, bx - ax) - angle) > _SLANTED
    return slanted or bool(_OVERLAID.search(text))


def turned(box: Box, angle: float) -> Box:
    """A box turned about the page's corner by `angle` radians, clockwise in the picture."""
    cos, sin = math.cos(angle), math.sin(angle)

    def turn(point: Point) -> Point:
        return (point[0] * cos - point[1] * sin, point[0] * sin + point[1] * cos)

    return (turn(box[0]), turn(box[1]), turn(box[2]), turn(box[3]))


def _restored(field: Field, angle: float) -> Field:
    return field.model_copy(update={"box": turned(field.box, angle)}) if angle and field.box else field
