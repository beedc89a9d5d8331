"""What opening a file gives: its identity and its pages, pixels or text, each made when asked for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from extractors.model import Field, Record, Source, TextLine
from validators.findings import Finding
from validators.quality.blocks import Steps
from validators.signatures import Signature

Image = npt.NDArray[np.uint8]  # height × width × 3, BGR


@dataclass(frozen=True, slots=True)
class OpenedPage:
    """One page of a file, upright as far as EXIF or the PDF says.

    `width` × `height` are pixels of what `image()` returns; `lines` (a good text layer, in the same
    pixels) is None where the page must be read by OCR. `image()` decodes or renders anew at each
    call: nothing is kept, so a file of many pages costs one page of memory. It raises DocumentError.
    `sketch()` is a quicker picture, good enough for the codes on the page: smaller, perhaps without text. `steps` are
    those a JPEG was saved with, None where its pixels are no longer those of the file.
    """

    number: int
    width: int
    height: int
    image: Callable[[], Image]
    lines: tuple[TextLine, ...] | None = None
    source: Source = Source.OCR
    sketch: Callable[[], Image] | None = None
    steps: Steps | None = None


@dataclass(frozen=True, slots=True)
class Carried:
    """A document whose data the file itself carries (an XML invoice, an OFD's attachment), field by field.

    `pages` are the pages that show it, none where the file has none. `others` are further carriers of the
    same document in the same file, the weaker the later: their name and what they say.
    """

    record: Record
    source: Source
    pages: tuple[int, ...] = ()
    others: tuple[tuple[str, dict[str, Field]], ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """What is inside a file of one format: its pages, the documents it carries as data, its signatures, and the
    programs a PDF names as those that made it."""

    pages: Sequence[OpenedPage]
    carried: tuple[Carried, ...] = ()
    signatures: tuple[Signature, ...] = ()
    findings: tuple[Finding, ...] = ()
    programs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OpenedFile:
    """A file that could be opened. `format` is told by content: a key of `pipeline.opening.EXTENSIONS`."""

    path: Path
    name: str  # as the submission calls it
    format: str
    bytes: int
    sha256: str
    pages: Sequence[OpenedPage]
    carried: tuple[Carried, ...] = ()
    signatures: tuple[Signature, ...] = ()
    findings: tuple[Finding, ...] = field(default=())
    programs: tuple[str, ...] = ()
