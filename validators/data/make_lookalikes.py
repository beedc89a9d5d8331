"""Writes lookalikes.txt: Chinese characters that print so alike that a reader may take one for the other.

Usage: python make_lookalikes.py FONT[:INDEX] … > lookalikes.txt

Every character of GB 2312 is drawn in each font, blurred to about 24 × 24 pixels, and each pair whose
pictures correlate by more than LIKENESS on average over the fonts is listed. The list in use was made with
Noto Sans CJK SC, Noto Serif CJK SC and LXGW WenKai.
"""

from __future__ import annotations

import sys

import cv2
import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont

LIKENESS = 0.85  # 未末 0.97, 已己 0.95, 浙淅 0.95, 瑞端 0.87; 明朋 0.71 and 李季 0.77 are told apart


def characters() -> list[str]:
    """The 6763 characters of GB 2312 in code order."""
    codes = (bytes([high, low]) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    return [char for code in codes if (char := code.decode("gb2312", "ignore"))]


def pictures(chars: list[str], font: ImageFont.FreeTypeFont) -> npt.NDArray[np.float32]:
    """One row of 576 normalised pixels a character."""
    rows = np.zeros((len(chars), 576), np.float32)
    for row, char in zip(rows, chars, strict=True):
        canvas = Image.new("L", (56, 56))
        ImageDraw.Draw(canvas).text((28, 28), char, 255, font=font, anchor="mm")
        blurred = cv2.GaussianBlur(np.asarray(canvas, np.float32), (0, 0), 1.6)
        small = cv2.resize(blurred[4:52, 4:52], (24, 24), interpolation=cv2.INTER_AREA).ravel()
        centred = small - small.mean()
        row[:] = centred / np.linalg.norm(centred)
    return rows


def main(fonts: list[str]) -> None:
    """Print a line for each character: itself, then the later characters that look like it."""
    chars = characters()
    likeness = np.zeros((len(chars), len(chars)), np.float32)
    for name in fonts:
        path, _, index = name.partition(":")
        drawn = pictures(chars, ImageFont.truetype(path, 44, index=int(index or 0)))
        likeness += drawn @ drawn.T / len(fonts)
    for i, char in enumerate(chars):
        alike = "".join(chars[j] for j in np.flatnonzero(likeness[i] > LIKENESS) if j > i)
        if alike:
            print(char + alike)


if __name__ == "__main__":
    main(sys.argv[1:])
