"""Pictures that are not what they seem: pasted patches, photographed screens, screenshots, copies, other traces.

Each takes and gives `Drawn` as a flaw does, with a severity from 0 (hard to see) to 1 (plain). They stand for what
suppliers and forgers do with ordinary programs; nothing here is meant to deceive anybody else.
"""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from PIL import Image, ImageDraw

from samples.generator import fonts
from samples.generator.flaws import Flaw, place
from samples.generator.photograph import Rng, fit, mapped, noisy
from samples.generator.truth import Drawn

SCREENS = (
    (1080, 2400), (1080, 2340), (1080, 1920), (1170, 2532), (1179, 2556), (1284, 2778), (1220, 2712), (750, 1334),
    (1920, 1080), (2560, 1440), (1366, 768), (1440, 900),
)  # fmt: skip


def patched(drawn: Drawn, seed: int, severity: float, field: str = "") -> Drawn:
    """Other text over a field of a picture that was saved before: typed in, taken from elsewhere, or moved within."""
    rng = np.random.default_rng(seed)
    saved = _saved(drawn.image, int(rng.integers(80, 95)))
    left, top, right, bottom = _around(drawn, field, rng)
    image = saved.copy()
    way = rng.random()
    if way < 0.5:
        image[top:bottom, left:right] = _typed(saved[top:bottom, left:right], rng, severity)
    elif way < 0.75:
        image[top:bottom, left:right] = _moved(saved, (left, top, right, bottom), rng)
    else:
        piece = _from_elsewhere(saved, (left, top, right, bottom), rng)
        image[top : top + piece.shape[0], left : left + piece.shape[1]] = piece
    return replace(drawn, image=image)


def screen(drawn: Drawn, seed: int, severity: float) -> Drawn:
    """A photo of a screen that shows the document: its pixels and the camera's beat against each other."""
    rng = np.random.default_rng(seed)
    h, w = drawn.image.shape[:2]
    shown = fit(drawn, round(max(h, w) * rng.uniform(0.5, 0.7)))
    sh, sw = shown.image.shape[:2]
    light = (shown.image.astype(np.float32) / 255) ** 2.2
    fine = np.zeros((sh * 3, sw * 3, 3), np.float32)
    for channel, column in ((2, 0), (1, 1), (0, 2)):  # red, green and blue stripes, dark lines between rows
        for row in (0, 1):
            fine[row::3, column::3, channel] = light[:, :, channel] * 3.2
    fine = cv2.GaussianBlur(fine, (0, 0), rng.uniform(0.45, 0.8))
    source = np.array([[0, 0], [sw * 3, 0], [sw * 3, sh * 3], [0, sh * 3]], np.float32)
    room = np.array([w, h]) * 0.03
    target = np.array([[0, 0], [w, 0], [w, h], [0, h]], np.float32)
    target = target * 0.94 + room + rng.uniform(-0.018, 0.018, (4, 2)) * np.array([w, h])
    matrix = cv2.getPerspectiveTransform(source, target.astype(np.float32))
    seen = cv2.warpPerspective(fine, matrix, (w, h), flags=cv2.INTER_LINEAR, borderValue=(0.012, 0.012, 0.012))
    seen = cv2.GaussianBlur(seen, (0, 0), 0.35 + 0.75 * (1 - severity))
    level = np.percentile(seen, 90)
    image = 255 * np.clip(seen / max(level, 1e-3) * 0.82 + 0.015, 0, 1) ** (1 / 2.2)
    image *= np.array(rng.uniform((1.0, 0.97, 0.9), (1.06, 1.0, 0.98)), np.float32)
    moved = mapped(shown.boxes, matrix @ np.diag([3, 3, 1.0]))
    return replace(shown, image=noisy(image, rng, rng.uniform(1.5, 3.5)), boxes=moved, mask=None)


def screenshot(drawn: Drawn, seed: int, severity: float) -> Drawn:
    """What a phone or a computer shows: the document in a viewer, with the bars around it, pixel for pixel."""
    rng = np.random.default_rng(seed)
    h, w = drawn.image.shape[:2]
    fitting = [s for s in SCREENS if (s[0] > s[1]) == (w > h)] if rng.random() < 0.6 else list(SCREENS)
    width, height = fitting[int(rng.integers(len(fitting)))]
    dark = rng.random() < 0.6
    canvas = np.full((height, width, 3), 0 if dark else 250, np.uint8)
    bar = round(height * (0.036 if height > width else 0.05))
    by = min(width / w, (height - 3 * bar) / h)
    small = cv2.resize(drawn.image, None, fx=by, fy=by, interpolation=cv2.INTER_AREA)
    top, left = bar + (height - 2 * bar - small.shape[0]) // 2, (width - small.shape[1]) // 2
    canvas[top : top + small.shape[0], left : left + small.shape[1]] = small
    picture = Image.fromarray(canvas[:, :, ::-1])
    _bars(ImageDraw.Draw(picture), width, height, bar, dark, rng)
    moved = mapped(drawn.boxes, np.array([[by, 0, left], [0, by, top], [0, 0, 1.0]]))
    return replace(drawn, image=np.ascontiguousarray(np.asarray(picture)[:, :, ::-1]), boxes=moved, mask=None)


def watermarked(drawn: Drawn, seed: int, severity: float, text: str = "仅供办理贷款使用 他用无效") -> Drawn:
    """Words that limit what a copy may be used for, across the page."""
    rng = np.random.default_rng(seed)
    h, w = drawn.image.shape[:2]
    sheet = Image.new("L", (2 * w, 2 * h), 0)
    size = round(0.034 * w)
    face = fonts.COMMITTED[0].label.at(size)
    draw = ImageDraw.Draw(sheet)
    for row in range(0, 2 * h, round(size * 7.5)):
        draw.text((rng.integers(0, 4 * size) + w // 4, row), f"{text}        {text}", 255, font=face)
    turned = np.asarray(sheet.rotate(rng.choice((-1, 1)) * rng.uniform(18, 35)))[h // 2 : h // 2 + h, w // 2 :][:, :w]
    strength = (0.16 + 0.3 * severity) * turned.astype(np.float32)[..., None] / 255
    colour = np.array(((120, 120, 120), (60, 60, 200), (190, 110, 60))[rng.integers(3)], np.float32)
    return replace(drawn, image=(drawn.image * (1 - strength) + colour * strength).astype(np.uint8))


def edited(drawn: Drawn, seed: int, severity: float) -> Drawn:
    """Saved by a picture editor, which says so in the file."""
    rng = np.random.default_rng(seed)
    tags = Image.Exif()
    tags[0x0131] = ("Adobe Photoshop CC 2019 (Windows)", "GIMP 2.10.34", "美图秀秀", "Pixelmator Pro 3.2")[
        rng.integers(4)
    ]
    return replace(drawn, exif=tags.tobytes())


def _saved(image: np.ndarray, quality: int) -> np.ndarray:
    data = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_COLOR), np.uint8)


def _around(drawn: Drawn, field: str, rng: Rng) -> tuple[int, int, int, int]:
    """A field with a hair of paper around it: left, top, right, bottom."""
    cx, cy, wide, high = place(drawn, field, rng)
    h, w = drawn.image.shape[:2]
    wide = min(wide, 14 * high)
    left, right = max(0, cx - wide / 2 - 0.15 * high), min(w, cx + wide / 2 + 0.15 * high)
    return round(left), round(max(0, cy - 0.6 * high)), round(right), round(min(h, cy + 0.6 * high))


def _typed(under: np.ndarray, rng: Rng, severity: float) -> np.ndarray:
    """The place wiped out with its paper's colour and typed on anew, without the grain of the rest."""
    h, w = under.shape[:2]
    paper = np.percentile(under.reshape(-1, 3), 75, axis=0)
    ink = np.percentile(under.reshape(-1, 3), 3, axis=0)
    left, right = np.median(under[:, :3], axis=(0, 1)), np.median(under[:, -3:], axis=(0, 1))
    blend = np.linspace(0, 1, w)[None, :, None]
    ground = left * (1 - blend) + right * blend if severity < 0.6 else np.broadcast_to(paper, (1, w, 3))
    wiped = np.broadcast_to(ground, (h, w, 3)).clip(0, 255).astype(np.uint8)
    picture = Image.fromarray(np.ascontiguousarray(wiped[:, :, ::-1]))
    size = max(8, round(0.8 * h * rng.uniform(0.88, 1.1)))
    face = fonts.COMMITTED[int(rng.integers(len(fonts.COMMITTED)))].value.at(size)
    text = "".join(rng.choice(list("0123456789伟明华强丽军海建国安")) for _ in range(max(1, int(w / size * 1.2))))
    ImageDraw.Draw(picture).text((0.1 * h, 0.02 * h), text, tuple(int(v) for v in ink[::-1]), font=face)
    return np.asarray(picture)[:, :, ::-1]


def _from_elsewhere(saved: np.ndarray, area: tuple[int, int, int, int], rng: Rng) -> np.ndarray:
    """A field's characters taken from another file: other size, other compression, other light."""
    left, top, right, bottom = area
    h, w = bottom - top, right - left
    by = rng.uniform(0.7, 1.4)
    piece = cv2.resize(np.ascontiguousarray(saved[top:bottom, left:right][:, ::-1]), None, fx=by, fy=by)
    piece = _saved(piece, int(rng.integers(40, 80)))
    piece = cv2.resize(piece, (w, h), interpolation=cv2.INTER_CUBIC)[:, ::-1]
    return np.clip(piece.astype(np.float32) * rng.uniform(0.94, 1.05), 0, 255).astype(np.uint8)


def _moved(saved: np.ndarray, area: tuple[int, int, int, int], rng: Rng) -> np.ndarray:
    """Print of the same picture, pixel for pixel: of the places above and below the one that has most of it."""
    left, top, right, bottom = area
    high = bottom - top
    tops = [top + k * high + int(rng.integers(high)) for k in range(-8, 9) if k not in (-1, 0, 1)]
    pieces = [saved[y : y + high, left:right] for y in tops if 0 <= y <= len(saved) - high]
    return max(pieces, key=lambda piece: float(piece.std()), default=saved[top:bottom, left:right])


def _bars(draw: ImageDraw.ImageDraw, width: int, height: int, bar: int, dark: bool, rng: Rng) -> None:
    """A phone's status bar and gesture line, or a computer's title and task bar."""
    ink = (255, 255, 255) if dark else (20, 20, 20)
    face = fonts.COMMITTED[0].label.at(round(bar * 0.5))
    clock = f"{rng.integers(7, 23)}:{rng.integers(10, 59)}"
    if height > width:
        draw.text((width * 0.06, bar * 0.22), clock, ink, font=face)
        x = width * 0.94
        for share in (rng.uniform(0.2, 1.0), 1.0):
            draw.rectangle((x - bar * 0.75, bar * 0.32, x, bar * 0.7), outline=ink, width=2)
            draw.rectangle((x - bar * 0.7, bar * 0.37, x - bar * 0.7 * (1 - share), bar * 0.65), fill=ink)
            x -= bar * 1.1
        draw.text((x - bar * 1.2, bar * 0.22), "5G", ink, font=face)
        middle = width / 2
        draw.rounded_rectangle(
            (middle - width * 0.17, height - bar * 0.35, middle + width * 0.17, height - bar * 0.25), 4, fill=ink
        )
        return
    draw.rectangle((0, 0, width, bar * 0.7), fill=(60, 60, 66) if dark else (222, 225, 230))
    draw.text((bar * 0.4, bar * 0.08), "扫描件.jpg - 照片查看器", ink, font=face)
    draw.rectangle((0, height - bar, width, height), fill=(28, 28, 36) if dark else (238, 240, 244))
    draw.text((width - bar * 2.4, height - bar * 0.8), clock, ink, font=face)


FORGERIES: dict[str, Flaw] = {
    "patched": patched, "screen": screen, "screenshot": screenshot, "watermarked": watermarked, "edited": edited,
}  # fmt: skip
