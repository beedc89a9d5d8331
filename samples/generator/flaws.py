"""What is wrong with a picture, each flaw by name with a severity from 0 (hardly there) to 1 (nothing to be read).

Each takes and gives `Drawn`; boxes follow the pixels. Flaws of one place lie over `field` where it is named.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import cv2
import numpy as np

from samples.generator.ornament import round_seal
from samples.generator.photograph import Rng, fit, mapped, noisy, over, smeared
from samples.generator.truth import Drawn

SKIN = ((110, 142, 198), (92, 122, 180), (70, 98, 152), (140, 170, 222))  # BGR


def blur(drawn: Drawn, seed: int, severity: float, field: str = "") -> Drawn:
    """Out of focus, everywhere or over one field only."""
    sigma = 1.0 + 6.0 * severity
    soft = cv2.GaussianBlur(drawn.image, (0, 0), sigma)
    if not field:
        return replace(drawn, image=soft)
    mask = over(drawn, field, grow=1.5)[..., None]
    return replace(drawn, image=(drawn.image * (1 - mask) + soft * mask).astype(np.uint8))


def motion(drawn: Drawn, seed: int, severity: float) -> Drawn:
    """A hand that moved."""
    rng = np.random.default_rng(seed)
    return replace(
        drawn,
        image=smeared(drawn.image.astype(np.float32), rng.uniform(0, 180), round(4 + 22 * severity)).astype(np.uint8),
    )


def dark(drawn: Drawn, seed: int, severity: float) -> Drawn:
    """Too little light, and the grain that comes with it."""
    rng = np.random.default_rng(seed)
    image = drawn.image.astype(np.float32) * (1 - 0.85 * severity)
    return replace(drawn, image=noisy(image, rng, 3 + 7 * severity))


def glare(drawn: Drawn, seed: int, severity: float, field: str) -> Drawn:
    """A lamp's reflection over a field: white where it is strongest."""
    h, w = drawn.image.shape[:2]
    corners = np.array(drawn.boxes[field])
    (cx, cy), (rx, ry) = corners.mean(axis=0), np.ptp(corners, axis=0) / 2
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    d = ((xs - cx) / (rx * 0.75)) ** 2 + ((ys - cy) / max(ry * 3.5, rx * 0.25)) ** 2
    light = (255 * 1.6 * severity * np.exp(-d))[..., None]
    return replace(drawn, image=np.clip(drawn.image + light, 0, 255).astype(np.uint8))


def cut(drawn: Drawn, seed: int, severity: float, edge: str = "right") -> Drawn:
    """Part of the document is outside the picture."""
    h, w = drawn.image.shape[:2]
    share = 0.04 + 0.26 * severity
    left, top = (round(w * share), 0) if edge == "left" else (0, round(h * share) if edge == "top" else 0)
    right = round(w * (1 - share)) if edge == "right" else w
    bottom = round(h * (1 - share)) if edge == "bottom" else h
    moved = mapped(drawn.boxes, np.array([[1, 0, -left], [0, 1, -top], [0, 0, 1.0]]))
    return replace(drawn, image=np.ascontiguousarray(drawn.image[top:bottom, left:right]), boxes=moved)


def low_resolution(drawn: Drawn, seed: int, severity: float) -> Drawn:
    """So few pixels that small text falls apart."""
    return fit(drawn, round(max(drawn.image.shape[:2]) * (0.6 - 0.42 * severity)))


def grey_copy(drawn: Drawn, seed: int, severity: float) -> Drawn:
    """A black-and-white photocopy: hard contrast, toner specks, dark edge."""
    rng = np.random.default_rng(seed)
    grey = cv2.cvtColor(drawn.image, cv2.COLOR_BGR2GRAY).astype(np.float32)
    grey = 255 / (1 + np.exp(-(grey - 150) / (34 - 14 * severity)))
    specks = rng.random(grey.shape) > 0.9996
    grey[cv2.dilate(specks.astype(np.uint8), np.ones((2, 2))) > 0] = 70
    grey = np.clip(grey + rng.normal(0, 3, grey.shape), 0, 255).astype(np.uint8)
    return replace(drawn, image=cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR))


def bright(drawn: Drawn, seed: int, severity: float) -> Drawn:
    """Exposed for too long: the paper burns out first, then the print."""
    image = drawn.image.astype(np.float32) * (1.15 + 1.1 * severity) + 190 * max(0.0, severity - 0.35)
    return replace(drawn, image=np.clip(image, 0, 255).astype(np.uint8))


def faded(drawn: Drawn, seed: int, severity: float) -> Drawn:
    """Pale print, a fogged lens: everything close to one tone."""
    ground = float(np.percentile(drawn.image, 75))
    image = ground + (drawn.image.astype(np.float32) - ground) * (1 - 0.97 * severity**0.6)
    return replace(drawn, image=noisy(image, np.random.default_rng(seed), 1.5))


def compressed(drawn: Drawn, seed: int, severity: float) -> Drawn:
    """Passed on by programs that save space: small and heavily compressed."""
    small = fit(drawn, round(max(drawn.image.shape[:2]) * (1 - 0.35 * severity)))
    quality = max(1, round(30 - 29 * severity**0.5))
    data = cv2.imencode(".jpg", small.image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return replace(small, image=np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8))


def grainy(drawn: Drawn, seed: int, severity: float) -> Drawn:
    """The noise of a small sensor in bad light."""
    return replace(drawn, image=noisy(drawn.image.astype(np.float32), np.random.default_rng(seed), 8 + 72 * severity))


def shadow(drawn: Drawn, seed: int, severity: float, field: str = "") -> Drawn:
    """The hard shadow of a hand or a phone over part of the page."""
    rng = np.random.default_rng(seed)
    h, w = drawn.image.shape[:2]
    cx, cy, wide, high = place(drawn, field, rng)
    turn, reach = rng.uniform(0, 2 * np.pi), 0.9 * max(wide, 0.25 * w)
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    far = np.cos(turn) * (xs - cx) + np.sin(turn) * (ys - cy)
    deep = 1 / (1 + np.exp((np.abs(far) - max(reach * abs(np.cos(turn)), 1.5 * high)) / (0.012 * w)))
    image = drawn.image.astype(np.float32) * (1 - (0.35 + 0.62 * severity) * deep[..., None])
    return replace(drawn, image=noisy(image, rng, 2 + 3 * severity))


def covered(drawn: Drawn, seed: int, severity: float, field: str = "") -> Drawn:
    """A finger, a pen or a slip of paper over a field: `severity` is the share of it that is hidden."""
    rng = np.random.default_rng(seed)
    h, w = drawn.image.shape[:2]
    cx, cy, wide, high = place(drawn, field, rng)
    mask = np.zeros((h, w), np.uint8)
    start = cx + (0.5 - severity) * wide  # from there to the right end of the field
    if rng.random() < 0.55:  # a finger from the nearer of the edges below and to the right
        colour = np.array(SKIN[rng.integers(len(SKIN))], np.float32)
        thick = int(max(2.2 * high, 0.055 * max(h, w)))
        tip = (start + thick / 2, cy)
        towards = (w + 200, cy + rng.uniform(-0.3, 0.6) * h) if w - cx < h - cy else (cx + 0.3 * w, h + 200)
        cv2.line(mask, _pixel(tip), _pixel(towards), 255, thick)
        long_field = max(0.0, wide * severity - thick)
        cv2.line(mask, _pixel(tip), _pixel((tip[0] + long_field, cy)), 255, thick)
    else:
        colour = np.array(((60, 60, 62), (206, 214, 220), (150, 96, 40), (70, 70, 170))[rng.integers(4)], np.float32)
        left, right, deep = start, cx + 0.5 * wide + 0.8 * high, max(1.6 * high, 0.03 * h)
        slip = np.array([(left, cy - deep), (right, cy - deep), (right, cy + deep), (left, cy + deep)])
        slip += rng.uniform(-0.15, 0.15, (4, 2)) * high
        cv2.fillConvexPoly(mask, slip.round().astype(np.int32), 255, cv2.LINE_AA)
    soft = cv2.GaussianBlur(mask, (0, 0), 1.2).astype(np.float32)[..., None] / 255
    depth = cv2.distanceTransform((mask > 127).astype(np.uint8), cv2.DIST_L2, 5)
    round_ = 0.72 + 0.28 * np.clip(depth / max(depth.max(), 1) * 1.6, 0, 1)
    thing = noisy(colour * round_[..., None] * rng.uniform(0.85, 1.1), rng, 3).astype(np.float32)
    dim = cv2.GaussianBlur(np.roll(soft[..., 0], (6, 6), (0, 1)), (0, 0), 8)[..., None]
    image = drawn.image * (1 - 0.3 * dim) * (1 - soft) + thing * soft
    return replace(drawn, image=np.clip(image, 0, 255).astype(np.uint8))


def creased(drawn: Drawn, seed: int, severity: float, field: str = "") -> Drawn:
    """A fold through a field: a bright and a dark line, and the print worn off along them."""
    rng = np.random.default_rng(seed)
    h, w = drawn.image.shape[:2]
    cx, cy, _, high = place(drawn, field, rng)
    turn = rng.normal(0, 0.05) + (0 if rng.random() < 0.7 else np.pi / 2)
    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    far = -np.sin(turn) * (xs - cx) + np.cos(turn) * (ys - cy)
    far = far + cv2.resize(rng.normal(0, 1, (1, 24)).astype(np.float32), (w, h)) * 0.12 * high
    width = high * (0.08 + 0.75 * severity)
    worn = np.exp(-((far / width) ** 2))[..., None] * min(1.0, 0.5 + severity)
    wave = np.exp(-(((far - width) / (1.2 * width)) ** 2)) - np.exp(-(((far + width) / (1.2 * width)) ** 2))
    paper = np.percentile(drawn.image, 80, axis=(0, 1)).astype(np.float32)
    image = drawn.image * (1 - worn) + np.minimum(paper * 1.03, 255) * worn
    return replace(drawn, image=np.clip(image * (1 + 0.3 * wave[..., None]), 0, 255).astype(np.uint8))


def far(drawn: Drawn, seed: int, severity: float) -> Drawn:
    """Photographed from too far away: the document is a small part of the picture."""
    rng = np.random.default_rng(seed)
    h, w = drawn.image.shape[:2]
    share = 0.62 - 0.5 * severity
    ground = cv2.GaussianBlur(cv2.resize(drawn.image[: max(2, h // 40)], (w, h)), (0, 0), 25).astype(np.float32)
    canvas = noisy(ground * 0.9, rng, 4)
    small = fit(drawn, round(max(h, w) * share))
    sh, sw = small.image.shape[:2]
    top, left = round(rng.uniform(0.2, 0.8) * (h - sh)), round(rng.uniform(0.2, 0.8) * (w - sw))
    canvas[top : top + sh, left : left + sw] = small.image
    moved = mapped(small.boxes, np.array([[1, 0, left], [0, 1, top], [0, 0, 1.0]]))
    return replace(small, image=canvas, boxes=moved)


def slanted(drawn: Drawn, seed: int, severity: float) -> Drawn:
    """Photographed from the side: strong perspective."""
    rng = np.random.default_rng(seed)
    h, w = drawn.image.shape[:2]
    near = 0.06 + 0.36 * severity  # share by which the far edge is shorter, a side each
    corners = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    target = corners.copy()
    side = int(rng.integers(4))
    first, second = corners[side], corners[(side + 1) % 4]
    middle = corners.mean(axis=0)
    target[side] = first + near * (second - first) + 0.8 * near * (middle - (first + second) / 2)
    target[(side + 1) % 4] = second + near * (first - second) + 0.8 * near * (middle - (first + second) / 2)
    matrix = cv2.getPerspectiveTransform(corners, target)
    ground = tuple(int(v) for v in np.median(drawn.image[: max(2, h // 50)], axis=(0, 1)))
    image = cv2.warpPerspective(drawn.image, matrix, (w, h), flags=cv2.INTER_AREA, borderValue=ground)
    return replace(drawn, image=image, boxes=mapped(drawn.boxes, matrix), mask=None)


def crooked(drawn: Drawn, seed: int, severity: float) -> Drawn:
    """Turned by up to 30 degrees."""
    rng = np.random.default_rng(seed)
    h, w = drawn.image.shape[:2]
    matrix = cv2.getRotationMatrix2D((w / 2, h / 2), rng.choice((-1, 1)) * (3 + 27 * severity), 1.0)
    cos, sin = abs(matrix[0, 0]), abs(matrix[0, 1])
    size = round(h * sin + w * cos), round(h * cos + w * sin)
    matrix[:, 2] += np.array(size) / 2 - np.array([w, h]) / 2
    whole = np.vstack([matrix, [0, 0, 1]])
    ground = tuple(int(v) for v in np.median(drawn.image[: max(2, h // 50)], axis=(0, 1)))
    image = cv2.warpPerspective(drawn.image, whole, size, flags=cv2.INTER_CUBIC, borderValue=ground)
    return replace(drawn, image=image, boxes=mapped(drawn.boxes, whole), mask=None)


def curled(drawn: Drawn, seed: int, severity: float) -> Drawn:
    """Paper that was rolled up: its lines bend, and the light falls off along the bend."""
    rng = np.random.default_rng(seed)
    h, w = drawn.image.shape[:2]
    from_left = float(rng.choice((-1, 1)))
    lift, bow = 0.04 + 0.2 * severity, (0.01 + 0.05 * severity) * h * float(rng.choice((-1, 1)))

    def bent(xs: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """By how much a column is nearer than the flat page, and moved up or down."""
        along = np.clip(0.5 + from_left * (xs / w - 0.5), 0, 1) ** 2
        return 1 + lift * along, bow * np.sin(np.pi * np.clip(xs / w, 0, 1))

    ys, xs = np.mgrid[0:h, 0:w].astype(np.float32)
    nearer, moved = bent(xs)
    ground = tuple(int(v) for v in np.median(drawn.image[: max(2, h // 50)], axis=(0, 1)))
    source = ((ys - h / 2 - moved) / nearer * (1 + lift) + h / 2).astype(np.float32)
    image = cv2.remap(drawn.image, xs, source, cv2.INTER_CUBIC, borderValue=ground).astype(np.float32)
    image *= 1 - (0.1 + 0.35 * severity) * (1 - (nearer - 1) / lift)[..., None]
    boxes = {}
    for name, corners in drawn.boxes.items():
        points = np.array(corners)
        near, down = bent(points[:, 0])
        points[:, 1] = (points[:, 1] - h / 2) * near / (1 + lift) + h / 2 + down
        boxes[name] = [(float(x), float(y)) for x, y in points]
    return replace(drawn, image=np.clip(image, 0, 255).astype(np.uint8), boxes=boxes, mask=None)


def sealed(drawn: Drawn, seed: int, severity: float, field: str = "") -> Drawn:
    """A red seal pressed over a field: its ink lets print through, the less the stronger it is."""
    rng = np.random.default_rng(seed)
    h, w = drawn.image.shape[:2]
    cx, cy, wide, high = place(drawn, field, rng)
    side = round(min(max(5.5 * high, 0.16 * w), 0.3 * w))
    seal = round_seal("北方机械设备制造有限公司", seed, wear=0.25).resize((side, side)).rotate(rng.uniform(-40, 40))
    ink = np.asarray(seal, np.float32)
    left = round(cx + rng.uniform(-0.5, 0.5) * max(0.0, wide - side) - side / 2)
    top = round(cy + rng.uniform(-0.35, 0.35) * side - side / 2)
    x0, y0, x1, y1 = max(0, left), max(0, top), min(w, left + side), min(h, top + side)
    cover = ink[y0 - top : y1 - top, x0 - left : x1 - left, 3:] / 255 * (0.55 + 0.45 * severity)
    colour = np.array((70, 60, 205), np.float32) * (1 - 0.25 * severity) / 255  # BGR, of the light it lets through
    image = drawn.image.astype(np.float32)
    image[y0:y1, x0:x1] *= 1 - cover * (1 - colour)
    return replace(drawn, image=image.astype(np.uint8))


def two_tone(drawn: Drawn, seed: int, severity: float) -> Drawn:
    """A copy or fax in black and white alone, without greys."""
    grey = cv2.cvtColor(drawn.image, cv2.COLOR_BGR2GRAY)
    size = max(3, round(0.03 * max(grey.shape))) | 1
    clear = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_GAUSSIAN_C, cv2.THRESH_BINARY, size, 8 + 14 * severity)
    return replace(drawn, image=cv2.cvtColor(cv2.GaussianBlur(clear, (0, 0), 0.6), cv2.COLOR_GRAY2BGR))


def place(drawn: Drawn, field: str, rng: Rng) -> tuple[float, float, float, float]:
    """Centre, width and height of a field, pixels; of some place on the page where none is named."""
    h, w = drawn.image.shape[:2]
    if field not in drawn.boxes:
        return rng.uniform(0.3, 0.7) * w, rng.uniform(0.3, 0.7) * h, 0.25 * w, 0.02 * h
    corners = np.array(drawn.boxes[field], np.float64)
    (cx, cy), (wide, high) = corners.mean(axis=0), np.ptp(corners, axis=0)
    return float(cx), float(cy), float(wide), float(high)


def _pixel(point: tuple[float, float]) -> tuple[int, int]:
    return round(point[0]), round(point[1])


Flaw = Callable[..., Drawn]
EVERYWHERE: dict[str, Flaw] = {
    "blur": blur, "motion": motion, "dark": dark, "bright": bright, "faded": faded, "low_resolution": low_resolution,
    "compressed": compressed, "grainy": grainy, "cut": cut, "far": far, "slanted": slanted, "crooked": crooked,
    "curled": curled, "grey_copy": grey_copy, "two_tone": two_tone,
}  # fmt: skip
OVER_A_FIELD: dict[str, Flaw] = {
    "glare": glare, "shadow": shadow, "covered": covered, "creased": creased, "sealed": sealed,
}  # fmt: skip
