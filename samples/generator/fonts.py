"""The faces documents are printed in, from Debian's free font packages.

Two families that share no font: `committed` prints the samples in the repository, `heldout` is for
experiments on type the readers were never looked at with.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from PIL import ImageFont

FONT_DIR = Path("/usr/share/fonts")
PACKAGES = {
    "opentype/noto": "fonts-noto-cjk",
    "truetype/lxgw-wenkai": "fonts-lxgw-wenkai",
    "truetype/arphic-gbsn00lp": "fonts-arphic-gbsn00lp",
    "truetype/arphic-gkai00mp": "fonts-arphic-gkai00mp",
    "truetype/arphic": "fonts-arphic-uming fonts-arphic-ukai",
    "truetype/wqy": "fonts-wqy-microhei fonts-wqy-zenhei",
    "truetype/cns11643": "fonts-cns11643-kai",
    "truetype/dejavu": "fonts-dejavu-core",
    "truetype/liberation": "fonts-liberation",
    "opentype/ocr-b": "fonts-ocr-b",
}


class MissingFontError(RuntimeError):
    """A font package is not installed; the message names it."""


@dataclass(frozen=True, slots=True)
class Face:
    """One face of a font file. `weight` thickens strokes, in thousandths of the size."""

    file: str
    index: int = 0
    weight: int = 0

    def at(self, pixels: int) -> ImageFont.FreeTypeFont:
        return _load(self.file, self.index, pixels)

    @property
    def path(self) -> Path:
        return FONT_DIR / self.file


@dataclass(frozen=True, slots=True)
class Faces:
    """What one printed form uses: the form's own label face, the values' face, digits, titles."""

    label: Face
    value: Face
    digits: Face
    title: Face
    name: str = ""


NOTO_SONG = Face("opentype/noto/NotoSerifCJK-Regular.ttc", 2)
NOTO_SONG_BOLD = Face("opentype/noto/NotoSerifCJK-Bold.ttc", 2)
NOTO_HEI = Face("opentype/noto/NotoSansCJK-Regular.ttc", 2)
NOTO_HEI_BOLD = Face("opentype/noto/NotoSansCJK-Bold.ttc", 2)
WENKAI = Face("truetype/lxgw-wenkai/LXGWWenKai-Regular.ttf")
WENKAI_BOLD = Face("truetype/lxgw-wenkai/LXGWWenKai-Bold.ttf")
WENKAI_MONO = Face("truetype/lxgw-wenkai/LXGWWenKaiMono-Regular.ttf")
ARPHIC_SONG = Face("truetype/arphic-gbsn00lp/gbsn00lp.ttf")
UMING = Face("truetype/arphic/uming.ttc", 0)
UKAI = Face("truetype/arphic/ukai.ttc", 0)
MICROHEI = Face("truetype/wqy/wqy-microhei.ttc", 0)
ZENHEI = Face("truetype/wqy/wqy-zenhei.ttc", 0)
SANS = Face("truetype/liberation/LiberationSans-Regular.ttf")
SANS_BOLD = Face("truetype/liberation/LiberationSans-Bold.ttf")
SERIF = Face("truetype/liberation/LiberationSerif-Regular.ttf")
SERIF_BOLD = Face("truetype/liberation/LiberationSerif-Bold.ttf")
OCR_B = Face("opentype/ocr-b/OCRB.otf")
SYMBOLS = Face("truetype/dejavu/DejaVuSans.ttf")
MONO = Face("truetype/dejavu/DejaVuSansMono.ttf")

COMMITTED = (
    Faces(NOTO_HEI_BOLD, NOTO_SONG, NOTO_SONG, NOTO_HEI_BOLD, "song"),
    Faces(WENKAI, NOTO_SONG, NOTO_SONG, WENKAI_BOLD, "kai-song"),
    Faces(NOTO_SONG_BOLD, ARPHIC_SONG, ARPHIC_SONG, NOTO_SONG_BOLD, "arphic"),
    Faces(NOTO_HEI, NOTO_HEI, NOTO_HEI, NOTO_HEI_BOLD, "hei"),
    Faces(NOTO_HEI_BOLD, WENKAI, WENKAI_MONO, NOTO_SONG_BOLD, "kai"),
)
HELDOUT = (
    Faces(ZENHEI, UMING, UMING, ZENHEI, "uming"),
    Faces(UKAI, UKAI, UMING, ZENHEI, "ukai"),
    Faces(MICROHEI, MICROHEI, MICROHEI, MICROHEI, "microhei"),
    Faces(ZENHEI, UMING, ZENHEI, UMING, "zenhei"),
)
# reportlab embeds TrueType outlines only, so PDFs take their faces from here.
PDF_COMMITTED = Faces(WENKAI, ARPHIC_SONG, WENKAI_MONO, WENKAI, "pdf")
PDF_HELDOUT = Faces(UKAI, UMING, MICROHEI, UKAI, "pdf-heldout")


@lru_cache(maxsize=256)
def _load(file: str, index: int, pixels: int) -> ImageFont.FreeTypeFont:
    path = FONT_DIR / file
    if not path.is_file():
        package = next((p for folder, p in PACKAGES.items() if file.startswith(folder + "/")), file)
        raise MissingFontError(f"{path} is missing; drawing samples needs it: apt-get install {package}")
    return ImageFont.truetype(str(path), pixels, index=index, layout_engine=ImageFont.Layout.BASIC)


@cache
def _has(face: Face, char: str) -> bool:
    """Whether a face draws this character (old faces hold GB 2312 only)."""
    if char.isspace():
        return True
    font = face.at(24)
    return bytes(font.getmask(char)) != bytes(font.getmask("\U0010fffd"))


def runs(text: str, face: Face) -> list[tuple[str, Face]]:
    """Text cut where a face lacks a character; those pieces fall to a full one."""
    pieces: list[tuple[str, Face]] = []
    for char in text:
        use = next((one for one in (face, fallback(face), SYMBOLS) if _has(one, char)), face)
        if pieces and pieces[-1][1] == use:
            pieces[-1] = (pieces[-1][0] + char, use)
        else:
            pieces.append((char, use))
    return pieces


def fallback(face: Face) -> Face:
    """A face with the missing characters, of the same family (committed or held out)."""
    if face in (UMING, UKAI, MICROHEI, ZENHEI):
        return UMING if face != UMING else ZENHEI
    return WENKAI
