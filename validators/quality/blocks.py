"""The 8 × 8 blocks of a JPEG picture: the steps its terms were rounded with, and the terms of those under print.

Sources: ITU-T T.81 (JPEG), annexes A and K.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Image = npt.NDArray[np.uint8]
Plane = npt.NDArray[np.float32]
Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]
Edges = tuple[int, int, int, int]  # left, top, right, bottom, in pixels

FREQUENCIES = tuple((u, v) for u in range(6) for v in range(6) if 0 < u + v < 6)  # down, across: those text has much of
_MOST = 32  # multiples of a step that are told apart
_CLIPPED = 2  # white pixels in a block from which its terms are no longer what was rounded
_AROUND = 0.3  # heights of paper around print that are looked at
_FAINT = 6.0  # variance of a term that became 0, at most: most of those of print and paper are small
_THINNED = 3  # one of how many blocks half a block aside is looked at: they tell no more than how terms are spread
_SAMPLE = 600  # terms a step is estimated from
# Luminance table of the JPEG standard (table K.1): nearly every program scales it.
_STANDARD = (
    (16, 11, 10, 16, 24, 40, 51, 61), (12, 12, 14, 19, 26, 58, 60, 55), (14, 13, 16, 24, 40, 57, 69, 56),
    (14, 17, 22, 29, 51, 87, 80, 62), (18, 22, 37, 56, 68, 109, 103, 77), (24, 35, 55, 64, 81, 104, 113, 92),
    (49, 64, 78, 87, 103, 121, 120, 101), (72, 92, 95, 98, 112, 100, 103, 99),
)  # fmt: skip
_GREY = np.array([0.114, 0.587, 0.299], np.float32)  # of blue, green and red, unrounded: rounding hides gaps
_COSINES = np.array(
    [[math.sqrt((1 + (k > 0)) / 8) * math.cos((2 * i + 1) * k * math.pi / 16) for i in range(8)] for k in range(8)]
)
# EXIF orientation (2.32 §4.6.4): whether rows and columns change places, then whether each row and each column turns.
_LIES = {
    1: (False, False, False), 2: (False, True, False), 3: (False, True, True), 4: (False, False, True),
    5: (True, False, False), 6: (True, True, False), 7: (True, True, True), 8: (True, False, True),
}  # fmt: skip
_ORIENTATION = {0: 1, 90: 6, 180: 3, 270: 8}  # of degrees clockwise


@dataclass(frozen=True, slots=True)
class Steps:
    """The steps the luminance of a picture was rounded with, frequency down × across (1 throughout: no loss), and
    where the first whole block begins, in pixels from the left and the top."""

    luminance: Whole
    left: int = 0
    top: int = 0

    def turned(self, width: int, height: int, *, orientation: int = 1, degrees: int = 0) -> Steps:
        """Of the picture once it is put upright, by EXIF or by degrees clockwise; its size is that before."""
        across, rows_turn, columns_turn = _LIES[orientation if orientation != 1 else _ORIENTATION[degrees]]
        luminance, left, top = self.luminance, self.left, self.top
        if across:
            luminance, left, top, width, height = luminance.T, top, left, height, width
        return Steps(luminance, (width - left) % 8 if rows_turn else left, (height - top) % 8 if columns_turn else top)


@dataclass(frozen=True, slots=True)
class Blocks:
    """The terms of some blocks of a page: block × frequency, in the order of `FREQUENCIES`."""

    steps: Steps
    shape: tuple[int, int]  # blocks down and across
    rows: Whole
    columns: Whole
    terms: Plane
    multiples: Whole  # of the steps, without sign, the largest counted as one
    aside: Plane  # the terms of blocks that lie half a block aside, of other number

    def over(self, values: Floats, pieces: Sequence[Edges]) -> Floats:
        """Sums of values (kind × block) over the blocks each piece touches: kind × piece."""
        planes = np.zeros((len(values), *self.shape))
        planes[:, self.rows, self.columns] = values
        return over(summed(planes), pieces, self.steps)


def standard(quality: int) -> Whole:
    """The luminance steps of the Independent JPEG Group's quality 1..100."""
    scale = 5000 // quality if quality < 50 else 200 - 2 * quality
    return np.clip((np.array(_STANDARD, np.int64) * scale + 50) // 100, 1, 255)


def block_terms(image: Image, pieces: Sequence[Edges], steps: Steps) -> Blocks:
    """The blocks under pieces of print and the paper around (BGR) that have kept all their tones."""
    shape = (image.shape[0] - steps.top) // 8, (image.shape[1] - steps.left) // 8
    rows, columns = np.nonzero(_covered(pieces, steps, shape))
    pixels = _pixels(image, rows, columns, steps.top, steps.left)
    white = (pixels[..., 0] == 255) | (pixels[..., 1] == 255) | (pixels[..., 2] == 255)
    kept = np.count_nonzero(white.reshape(-1, 64), axis=1) <= _CLIPPED
    terms = _terms(pixels[kept])
    within = (rows < shape[0] - 1) & (columns < shape[1] - 1) & kept
    aside = _terms(_pixels(image, rows[within][::_THINNED], columns[within][::_THINNED], steps.top + 4, steps.left + 4))
    sizes = np.array([steps.luminance[frequency] for frequency in FREQUENCIES], np.float32)
    multiples = np.minimum(np.abs(np.rint(terms / sizes)).astype(np.int64), _MOST)
    return Blocks(steps, shape, rows[kept], columns[kept], terms, multiples, aside)


def summed(planes: Floats) -> Floats:
    """The sums of values (kind × block down × across) above and to the left of each block."""
    table = np.zeros((len(planes), planes.shape[1] + 1, planes.shape[2] + 1))
    np.cumsum(planes.cumsum(axis=1), axis=2, out=table[:, 1:, 1:])
    return table


def over(table: Floats, areas: Sequence[Edges] | Whole, steps: Steps) -> Floats:
    """The sums of summed values over the blocks each area touches: kind × area."""
    left, top, right, bottom = _touched(areas, steps, (table.shape[1] - 1, table.shape[2] - 1))
    sums = table[:, bottom, right] - table[:, top, right] - table[:, bottom, left] + table[:, top, left]
    return np.asarray(sums, np.float64)


def loss(grey: Image, pieces: Sequence[Edges], steps: Steps) -> Floats:
    """How far rounding put the pixels under pieces of print off, block by block: variance (grey levels squared), and
    1 for each block looked at; summed."""
    shape = (grey.shape[0] - steps.top) // 8, (grey.shape[1] - steps.left) // 8
    rows, columns = np.nonzero(_covered(pieces, steps, shape))
    sizes = steps.luminance.astype(np.float32) ** 2 / 12
    none = np.minimum(sizes, _FAINT)  # of a term that became 0
    low = tuple(np.array(FREQUENCIES).T)
    found = np.abs(_terms(_pixels(grey, rows, columns, steps.top, steps.left))) > 0.5 * steps.luminance[low]
    planes = np.zeros((2, *shape))
    planes[0, rows, columns] = (none.sum() + found @ (sizes - none)[low]) / 64
    planes[1, rows, columns] = 1
    return summed(planes)


def _pixels(image: Image, rows: Whole, columns: Whole, top: int, left: int) -> Image:
    """Blocks by their row and column: block × 8 × 8, and × colour where there is any."""
    down, across = (image.shape[0] - top) // 8, (image.shape[1] - left) // 8
    whole = image[top : top + down * 8, left : left + across * 8].reshape(down, 8, across, 8, *image.shape[2:])
    return whole[rows, :, columns]


def _terms(pixels: Image) -> Plane:
    waves = np.stack([np.outer(_COSINES[u], _COSINES[v]).ravel() for u, v in FREQUENCIES], axis=1)
    grey = pixels @ _GREY if pixels.ndim == 4 else pixels.astype(np.float32)
    return np.asarray(grey.reshape(-1, 64) @ waves.astype(np.float32), np.float32)


def _covered(pieces: Sequence[Edges], steps: Steps, shape: tuple[int, int]) -> Mask:
    found = np.zeros(shape, np.bool_)
    around = [round(_AROUND * (bottom - top)) for _, top, _, bottom in pieces]
    grown = [(p[0] - by, p[1] - by, p[2] + by, p[3] + by) for p, by in zip(pieces, around, strict=True)]
    for left, top, right, bottom in _touched(grown, steps, shape).T.tolist():
        found[top:bottom, left:right] = True
    return found


def _touched(pieces: Sequence[Edges] | Whole, steps: Steps, shape: Sequence[int]) -> Whole:
    """The first and last blocks that pieces touch: left, top, right, bottom (one beyond) × piece."""
    edges = np.array(pieces, np.int64).reshape(-1, 4) - [steps.left, steps.top, steps.left, steps.top]
    begin, end = edges[:, :2] // 8, -(-edges[:, 2:] // 8)
    most = [shape[1], shape[0]]
    return np.concatenate([np.clip(begin, 0, most), np.clip(end, 0, most)], axis=1).T


def estimated(image: Image, pieces: Sequence[Edges]) -> Steps:
    """The steps of a picture that comes without its file (BGR), of low frequencies, told by where its terms lie."""
    steps = np.ones((8, 8), np.int64)
    terms = block_terms(image, pieces, Steps(steps)).terms
    for column, frequency in enumerate(FREQUENCIES):
        steps[frequency] = _step(terms[:, column])
    return Steps(steps)


def _step(terms: Plane) -> int:
    """The largest step whose multiples the terms lie on; 1 where they lie anywhere."""
    sizes = np.abs(terms)
    sizes = sizes[sizes > 0.8][:_SAMPLE]
    steps = np.arange(2, 48)[:, None]
    off = np.abs(sizes - steps * np.rint(sizes / steps)) / steps
    large = sizes > 0.6 * steps
    number = large.sum(axis=1)
    mean = (off * large).sum(axis=1) / np.maximum(number, 1)
    fits = (number >= 60) & (mean < np.where(steps[:, 0] == 2, 0.175, 0.14))
    return int(steps[fits, 0].max(initial=1))
