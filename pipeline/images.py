"""Pictures: JPEG, PNG, BMP, TIFF, WebP and HEIC to upright BGR pages, decoded when asked for.

Everything that can be known from a header (size, frames, orientation) is checked before a pixel is
decoded. Pillow is kept strict: one named format a file, no truncated files, no bombs.
"""

from __future__ import annotations

import os
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import numpy as np
from PIL import ExifTags, ImageFile
from PIL import Image as Pillow

from extractors.errors import DocumentError
from pipeline.pages import Image, OpenedPage
from pipeline.programs import named_by_picture
from pipeline.settings import Settings
from validators.quality.blocks import Steps

PILLOW_NAMES = {"jpeg": "JPEG", "png": "PNG", "bmp": "BMP", "tiff": "TIFF", "webp": "WEBP", "heic": "HEIF"}

_STDERR = threading.Lock()
_ORIENTATION = 0x0112  # EXIF 2.32 §4.6.4: how the stored rows and columns lie in the scene
_OF_CAMERA = (0x010F, 0x0110, 0x0132)  # maker, model, date
_UPRIGHT = {
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_270,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_90,
}


def open_image(path: Path, kind: str, settings: Settings) -> list[OpenedPage]:
    """The pages of a picture file of format `kind`; only a TIFF has more than one.

    Raises DocumentError: FILE_TOO_MANY_PIXELS, FILE_TOO_MANY_PAGES, FILE_DECODED_TOO_LARGE, FILE_DAMAGED.
    """
    sizes: list[tuple[int, int]] = []
    with _opened(path, kind, settings) as picture:
        steps = _steps(picture) if kind == "jpeg" and max(picture.size) <= settings.max_page_side else None
        frames = _frames(picture, settings.max_pages) if kind == "tiff" else iter((0,))
        for _ in frames:
            width, height = picture.size
            _check_pixels(width, height, settings)
            sizes.append((height, width) if _turned(picture, kind) >= 5 else (width, height))
    check_decoded_size(sizes, settings)
    pages = []
    for index, size in enumerate(sizes):
        width, height = _fitted(size, settings.max_page_side)
        image = partial(_decoded, path, kind, index, settings)
        pages.append(OpenedPage(index + 1, width, height, image, steps=steps))
    return pages


def camera_tags(path: Path, kind: str, settings: Settings) -> tuple[dict[int, str], list[str]]:
    """What the camera wrote into a picture file, EXIF tags by number (EXIF 2.32), and what else names programs.

    Empty where there is none or it is broken. Raises DocumentError when the file cannot be opened.
    """
    with _opened(path, kind, settings) as picture:
        try:
            exif = picture.getexif() if kind != "png" or "exif" in picture.info else Pillow.Exif()
            tags = {**exif, **exif.get_ifd(ExifTags.IFD.Exif)}
        except Exception:  # a broken EXIF block says nothing
            tags = {}
        return {number: str(value)[:200] for number, value in tags.items()}, named_by_picture(picture)


def whole_picture(path: Path, kind: str, settings: Settings) -> tuple[Pillow.Image, Pillow.Exif]:
    """A picture with every pixel it has, upright RGB, and what its camera says of itself and the day: no position.

    Raises DocumentError.
    """
    with _opened(path, kind, settings) as picture:
        _check_pixels(*picture.size, settings)
        turned = _turned(picture, kind)
        picture.load()
        tags = Pillow.Exif()
        try:
            tags.update({tag: value for tag, value in picture.getexif().items() if tag in _OF_CAMERA})
        except Exception:  # a broken EXIF block says nothing
            tags = Pillow.Exif()
        rgb = _rgb(picture)
        return (rgb.transpose(_UPRIGHT[turned]) if turned in _UPRIGHT else rgb.copy()), tags


def check_decoded_size(sizes: list[tuple[int, int]], settings: Settings) -> None:
    """FILE_DECODED_TOO_LARGE where all pages together (width, height in pixels) pass the limit."""
    if sum(width * height * 3 for width, height in sizes) > settings.max_decoded_bytes:
        raise DocumentError("FILE_DECODED_TOO_LARGE", limit_mb=settings.max_decoded_bytes // 1_000_000)


def too_many_pixels(settings: Settings) -> DocumentError:
    """What a picture above the pixel limit raises."""
    return DocumentError("FILE_TOO_MANY_PIXELS", limit_millions=settings.max_pixels // 1_000_000)


def _check_pixels(width: int, height: int, settings: Settings) -> None:
    if width < 1 or height < 1:
        raise DocumentError("FILE_DAMAGED", "the picture has no size")
    if width * height > settings.max_pixels:
        raise too_many_pixels(settings)


@contextmanager
def _opened(path: Path, kind: str, settings: Settings) -> Iterator[Pillow.Image]:
    """The picture with its header read; whatever a decoder raises inside becomes a DocumentError."""
    if kind == "heic":
        import pillow_heif  # here: a codec that most runs never need

        pillow_heif.register_heif_opener(thumbnails=False)
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Pillow.MAX_IMAGE_PIXELS = settings.max_pixels
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # remarks about odd tags are not the user's concern
            warnings.simplefilter("error", Pillow.DecompressionBombWarning)
            with Pillow.open(path, formats=[PILLOW_NAMES[kind]]) as picture:
                yield picture
    except DocumentError:
        raise
    except (Pillow.DecompressionBombError, Pillow.DecompressionBombWarning) as error:
        raise too_many_pixels(settings) from error
    except Exception as error:  # decoders fail with anything: OSError, SyntaxError, struct.error, IndexError, …
        code = "FILE_TRUNCATED" if "truncated" in str(error).lower() else "FILE_DAMAGED"
        raise DocumentError(code, f"{kind}: {type(error).__name__}") from error


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep libtiff from writing to stderr of the process: it prints errors that Pillow raises as well."""
    with _STDERR:
        try:
            kept = os.dup(2)
        except OSError:  # a service without stderr
            yield
            return
        nowhere = os.open(os.devnull, os.O_WRONLY)
        try:
            os.dup2(nowhere, 2)
            yield
        finally:
            os.dup2(kept, 2)
            os.close(kept)
            os.close(nowhere)


def _frames(picture: Pillow.Image, limit: int) -> Iterator[int]:
    """Go through the pictures of a TIFF, stopping at the limit; `n_frames` would walk a chain of any length."""
    for index in range(limit + 1):
        try:
            picture.seek(index)
        except EOFError:
            return
        if index == limit:
            raise DocumentError("FILE_TOO_MANY_PAGES", limit=limit)
        yield index


def _turned(picture: Pillow.Image, kind: str) -> int:
    """EXIF orientation 1..8 that is still to be applied; 1 where EXIF is broken."""
    if kind in ("heic", "tiff"):  # turned by their decoders; in a HEIC only irot and imir count (ISO 23008-12)
        return 1
    if kind == "png" and "exif" not in picture.info:  # Pillow would decode it all to look for EXIF at its end
        return 1
    try:
        value = picture.getexif().get(_ORIENTATION, 1)
    except Exception:  # a broken EXIF block must not cost the picture
        return 1
    return value if isinstance(value, int) and 1 <= value <= 8 else 1


def _steps(picture: Pillow.Image) -> Steps | None:
    """What the luminance of a JPEG was rounded with, put upright; None where it has none (CMYK, plain RGB)."""
    if picture.mode not in ("L", "RGB") or (picture.mode == "RGB" and picture.info.get("adobe_transform") == 0):
        return None
    tables, layers = getattr(picture, "quantization", {}), getattr(picture, "layer", [])
    if not layers or layers[0][3] not in tables:
        return None
    table = np.array(tables[layers[0][3]], np.int64)
    if table.size != 64 or not table.all():
        return None  # a broken file: nothing was ever rounded to multiples of 0
    steps = Steps(table.reshape(8, 8))
    return steps.turned(*picture.size, orientation=_turned(picture, "jpeg"))


def _fitted(size: tuple[int, int], longest: int) -> tuple[int, int]:
    """`size` scaled down, never up, to a longest side in pixels."""
    scale = min(1.0, longest / max(size))
    return max(1, round(size[0] * scale)), max(1, round(size[1] * scale))


def _decoded(path: Path, kind: str, index: int, settings: Settings) -> Image:
    """One picture of a file as upright BGR, at most `max_page_side` long."""
    with _opened(path, kind, settings) as picture:
        if index:
            picture.seek(index)
        _check_pixels(*picture.size, settings)  # the file may have changed since it was opened
        turned = _turned(picture, kind)
        upright = (picture.height, picture.width) if turned >= 5 else picture.size
        fitted = _fitted(upright, settings.max_page_side)
        stored = fitted[::-1] if turned >= 5 else fitted
        if kind == "jpeg":
            picture.draft(None, stored)  # lets the decoder halve a large photo as it reads
        if kind == "tiff":
            with _quiet():
                picture.load()
        else:
            picture.load()
        if picture.mode in ("RGBA", "LA") or (picture.mode in ("L", "RGB") and not picture.has_transparency_data):
            picture = picture.resize(stored, Pillow.Resampling.BOX)  # before the modes that take 4 bytes a pixel
        rgb = _rgb(picture)
        if rgb.size != stored:
            rgb = rgb.resize(stored, Pillow.Resampling.BOX)  # area average: keeps thin strokes
        if turned in _UPRIGHT:
            rgb = rgb.transpose(_UPRIGHT[turned])
        return np.ascontiguousarray(np.asarray(rgb)[:, :, ::-1])


def _rgb(picture: Pillow.Image) -> Pillow.Image:
    """Any mode as RGB: alpha over white, 16 bit and float scaled to 8, CMYK by Pillow (Adobe's inversion included)."""
    if picture.mode.startswith("I;16"):
        return Pillow.fromarray((np.asarray(picture) >> 8).astype(np.uint8)).convert("RGB")
    if picture.mode in ("I", "F"):
        return _scaled_to_bytes(picture).convert("RGB")
    if picture.mode == "LAB":
        return picture.getchannel(0).convert("RGB")  # lightness is what text is read from
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        white = Pillow.new("RGB", layer.size, "white")
        white.paste(layer, mask=layer.getchannel("A"))
        return white
    return picture.convert("RGB")


def _scaled_to_bytes(picture: Pillow.Image) -> Pillow.Image:
    """A 32-bit grey picture with its own range of values spread over 0..255."""
    values = np.nan_to_num(np.asarray(picture, dtype=np.float32), posinf=0, neginf=0)
    low, high = float(values.min()), float(values.max())
    if low >= 0 and high <= 255:
        return Pillow.fromarray(values.astype(np.uint8))
    return Pillow.fromarray(((values - low) * (255 / max(high - low, 1e-9))).astype(np.uint8))
