"""What an invoice's pages show beside its text: the code that repeats its number, date and amount."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from extractors.errors import DocumentError
from extractors.invoice_qr import parse
from extractors.model import Field, Record
from pipeline.codes import read_codes
from pipeline.pages import Image


def with_code(record: Record, pictures: Sequence[Callable[[], Image]]) -> Record:
    """The record with what its QR code says, as `extra["qr"]`, where one can be read on its pages.

    Of several codes (two invoices on one sheet) the one with this invoice's number counts; where none has it,
    none can be told to be its own.
    """
    codes: dict[tuple[object, ...], dict[str, Field]] = {}
    for code in _codes(pictures):
        if _number(code) == record.value("invoice_number"):
            return replace(record, extra={**record.extra, "qr": code})
        codes[_key(code)] = code
    if len(codes) != 1:
        return record
    return replace(record, extra={**record.extra, "qr": next(iter(codes.values()))})


def _codes(pictures: Sequence[Callable[[], Image]]) -> Iterator[dict[str, Field]]:
    for picture in pictures:
        try:
            image = picture()
        except DocumentError:
            continue  # a page that cannot be drawn shows no code
        for text in read_codes(image, parse):
            if code := parse(text):
                yield code


def _number(code: dict[str, Field]) -> object:
    return code["invoice_number"].value if "invoice_number" in code else None


def _key(code: dict[str, Field]) -> tuple[object, ...]:
    return tuple((name, found.value) for name, found in sorted(code.items()))
