"""A drawn document: its picture (or PDF) with what is printed on it, and the truth file beside it."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

Corners = list[tuple[float, float]]


@dataclass(slots=True)
class Drawn:
    """One page as drawn or photographed: BGR pixels, type, field values by design name, boxes in pixels."""

    type: str
    image: np.ndarray
    fields: dict[str, Any]
    boxes: dict[str, Corners] = field(default_factory=dict)
    side: str = ""
    mask: np.ndarray | None = None  # where the paper is, if it does not fill the picture
    pdf: bytes = b""  # the same document with a text layer, where it is one
    book: bytes = b""  # an Excel workbook instead of a picture
    ofd: bytes = b""  # an OFD file, and an XML file, instead of a picture
    xml: bytes = b""
    exif: bytes = b""  # what the camera says
    flaws: list[dict[str, Any]] = field(default_factory=list)  # name, severity, field; and how legible fields are


def plain(value: Any) -> Any:
    """Dates as YYYY-MM-DD and amounts as strings of digits, all else as it is."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value


def document(drawn: Drawn) -> dict[str, Any]:
    """The truth of one document, as written to `<file>.truth.json`."""
    boxes = {name: [[round(x, 1), round(y, 1)] for x, y in corners] for name, corners in drawn.boxes.items()}
    told = {"type": drawn.type, "side": drawn.side, "fields": plain(drawn.fields), "boxes": boxes}
    return {**told, "flaws": drawn.flaws} if drawn.flaws else told


def write(path: Path, truth: dict[str, Any]) -> None:
    """Writes the truth beside a picture: licence.jpg → licence.jpg.truth.json."""
    boxes = truth.get("boxes", {})
    text = json.dumps({k: v for k, v in truth.items() if k != "boxes"}, ensure_ascii=False, indent=1)
    rows = ",\n".join(f"  {json.dumps(name)}: {json.dumps(corners)}" for name, corners in boxes.items())
    text = text.removesuffix("\n}") + ',\n "boxes": {' + (f"\n{rows}\n }}" if rows else "}") + "\n}"
    path.with_name(path.name + ".truth.json").write_text(text + "\n", "utf-8")
