"""The words extractors speak: text lines on pages in, typed fields of one document out.

Boxes are four corners (x, y) in pixels of the page as it is read (upright, after EXIF and page
rotation), clockwise from the top left corner of the text. Pages count from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate
from typing import Any

from pydantic import BaseModel, ConfigDict
from pydantic import Field as Excluded
from pydantic.json_schema import SkipJsonSchema

Point = tuple[float, float]
Box = tuple[Point, Point, Point, Point]


class Source(StrEnum):
    """Where a page's text comes from; structured data beats a text layer beats OCR."""

    OCR = "ocr"
    TEXT = "text"
    XLSX = "xlsx"
    OFD = "ofd"
    XML = "xml"

    @property
    def rank(self) -> int:
        """How far it is trusted beside another source of the same values; higher is better."""
        return list(Source).index(self)


PRINTED = frozenset(Source) - {Source.XLSX}


class Status(StrEnum):
    """How far a field can be relied on. It follows from checks, never from a score alone."""

    VERIFIED = "verified"  # a check digit or a second independent reading agrees
    READ = "read"  # well-formed, one reading
    DOUBTFUL = "doubtful"  # malformed, low confidence or conflicting readings
    MISSING = "missing"


class Kind(StrEnum):
    """What a field holds: decides how its text is parsed, proven and compared."""

    TEXT = "text"
    ORGANISATION = "organisation"
    PERSON = "person"
    ADDRESS = "address"
    DATE = "date"
    MONEY = "money"
    MONEY_IN_WORDS = "money_in_words"
    CAPITAL = "capital"  # registered capital: Decimal yuan, or "amount CURRENCY" where it is not yuan
    CREDIT_CODE = "credit_code"
    TAX_ID = "tax_id"  # on invoices: a credit code or one of the older forms
    REGISTRATION_NUMBER = "registration_number"
    ID_NUMBER = "id_number"  # citizens, and residence permits of Hong Kong, Macau and Taiwan residents
    PASSPORT_NUMBER = "passport_number"
    HK_MACAU_PERMIT = "hk_macau_permit"  # 港澳居民来往内地通行证
    TAIWAN_PERMIT = "taiwan_permit"  # 台湾居民来往大陆通行证
    FOREIGN_RESIDENT_ID = "foreign_resident_id"  # 外国人永久居留身份证, both editions
    HK_ID = "hk_id"
    MACAU_ID = "macau_id"
    TAIWAN_ID = "taiwan_id"
    MRZ = "mrz"  # the machine-readable zone, its lines joined by a line break
    ORGANISATION_CODE = "organisation_code"
    CUSTOMS_NUMBER = "customs_number"  # 报关单号, 18 digits
    APPROVAL_NUMBER = "approval_number"
    PERMIT_NUMBER = "permit_number"
    ACCOUNT_NUMBER = "account_number"
    BANK = "bank"
    INVOICE_CODE = "invoice_code"
    INVOICE_NUMBER = "invoice_number"
    DIGITS = "digits"
    CHOICE = "choice"
    FLAG = "flag"
    ITEMS = "items"
    TABLE = "table"  # rows of a form: a list of {column: value}


# Numbers of persons: one of them says who holds a document.
OF_PERSONS = frozenset({
    Kind.ID_NUMBER, Kind.PASSPORT_NUMBER, Kind.HK_MACAU_PERMIT, Kind.TAIWAN_PERMIT, Kind.FOREIGN_RESIDENT_ID,
    Kind.HK_ID, Kind.MACAU_ID, Kind.TAIWAN_ID,
})  # fmt: skip


def rectangle(left: float, top: float, right: float, bottom: float) -> Box:
    """An upright box from its edges."""
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def is_wide(character: str) -> bool:
    """Whether a character takes a whole square: Chinese and full-width ones do."""
    return ord(character) > 0x2E7F


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line (or piece of a line) of text as the reader found it."""

    text: str
    box: Box
    confidence: float = 1.0
    page: int = 1
    numeric: bool = False  # a spreadsheet cell that holds a number: a long one has lost its last digits
    # Where each character begins and ends, 0..1 along the line; empty where only the line's box is known.
    places: tuple[tuple[float, float], ...] = field(default=(), compare=False, repr=False)
    # The reader's confidence in each character; empty where only the line's is known.
    scores: tuple[float, ...] = field(default=(), compare=False, repr=False)

    @property
    def weakest(self) -> float:
        """The confidence of the character the reader was least sure of."""
        return min(self.scores, default=self.confidence)

    @property
    def left(self) -> float:
        return min(x for x, _ in self.box)

    @property
    def right(self) -> float:
        return max(x for x, _ in self.box)

    @property
    def top(self) -> float:
        return min(y for _, y in self.box)

    @property
    def bottom(self) -> float:
        return max(y for _, y in self.box)

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.bottom - self.top

    @property
    def centre(self) -> Point:
        return ((self.left + self.right) / 2, (self.top + self.bottom) / 2)

    def shares(self) -> list[float]:
        """Where each character begins, 0..1 along the line, and where the last one ends.

        Where that is not known a wide character (Chinese, full-width) takes two units, a narrow one takes one.
        """
        if self.places and len(self.places) == len(self.text):
            return [*(begin for begin, _ in self.places), 1.0]
        ends = list(accumulate((2 if is_wide(c) else 1 for c in self.text), initial=0))
        return [end / (ends[-1] or 1) for end in ends]

    def cut(self, start: int, end: int) -> TextLine:
        """The characters [start:end) with the share of the box they take."""
        shares = self.shares()
        a, b = shares[min(start, len(self.text))], shares[min(end, len(self.text))]
        (x0, y0), (x1, y1), (x2, y2), (x3, y3) = self.box
        top = ((x0 + (x1 - x0) * a, y0 + (y1 - y0) * a), (x0 + (x1 - x0) * b, y0 + (y1 - y0) * b))
        low = ((x3 + (x2 - x3) * a, y3 + (y2 - y3) * a), (x3 + (x2 - x3) * b, y3 + (y2 - y3) * b))
        places = tuple(((x - a) / (b - a), (y - a) / (b - a)) for x, y in self.places[start:end]) if b > a else ()
        box, scores = (top[0], top[1], low[1], low[0]), self.scores[start:end]
        return replace(self, text=self.text[start:end], box=box, places=places, scores=scores)


@dataclass(frozen=True, slots=True)
class Page:
    """The text of one upright page. Pixels stay with the pipeline."""

    number: int
    width: int
    height: int
    lines: tuple[TextLine, ...]
    source: Source = Source.OCR


class Item(BaseModel):
    """One line of an invoice. Money and quantities are Decimal, None where nothing is printed."""

    model_config = ConfigDict(extra="forbid")  # a row of a table, read back from a report, is no item

    name: str = ""
    spec: str = ""
    unit: str = ""
    quantity: Decimal | None = None
    unit_price: Decimal | None = None
    amount: Decimal | None = None
    tax_rate: str = ""  # "13%", "免税", "不征税", "***" as printed
    tax: Decimal | None = None


Row = dict[str, str | date | Decimal | int | None]  # one row of a table, by the names of its columns
FieldValue = str | bool | date | Decimal | int | list[Item] | list[Row] | None


class Field(BaseModel):
    """One value read from a document, with what was seen and how far it holds."""

    model_config = ConfigDict(frozen=True)

    value: FieldValue = None
    raw: str = ""  # the text exactly as read
    status: Status = Status.MISSING
    confidence: float = 0.0  # the reader's, 0..1; never enough by itself
    # Of the character it was least sure of; what follows from it is settled while the picture is at hand.
    weakest: SkipJsonSchema[float] = Excluded(1.0, exclude=True, repr=False)
    page: int | None = None
    box: Box | None = None
    alternates: tuple[str, ...] = ()  # other readings of the same value on this document
    reason: str = ""  # why this status: check_digit, second_print, malformed, low_confidence, …


@dataclass(frozen=True, slots=True)
class FieldSpec:
    """One field of a document type: its name (design §2), kind and printed labels."""

    name: str
    kind: Kind
    zh: str
    labels: tuple[str, ...] = ()
    key: bool = False  # a field that decides: read again where it is missing or doubtful
    sealed: bool = False  # no key, but printed where a seal lies over it: read again too
    side: str = ""  # the side it is printed on, for types with sides
    always: bool = False  # every document of the type has it: where it is not read it was not legible
    instead: str = ""  # the field older documents have in its place: one of the two is always there
    may_be_blank: bool = False  # may be left empty behind its label


@dataclass(frozen=True, slots=True)
class Paging:
    """What a page says of the document it belongs to: its code and number as far as printed, and whether it is a
    later page of it (a list, 共2页 第2页)."""

    code: str = ""
    number: str = ""
    later: bool = False

    def same(self, other: Paging) -> bool:
        """Whether both name the same document; a code that only one of them shows says nothing."""
        codes = {self.code, other.code} - {""}
        return bool(self.number) and self.number == other.number and len(codes) < 2


@dataclass(frozen=True, slots=True)
class Emblem:
    """Where the national emblem is printed: above (or left of) the line that is one of these titles."""

    titles: tuple[str, ...]
    left: bool = False


@dataclass(frozen=True, slots=True)
class DocumentType:
    """One family of documents. Declaring it in a module of `extractors/` registers it.

    `titles` are words only this type prints large (each alone nearly decides); `words` are labels
    and phrases that speak for it; `against` speaks against it; without any of `needs` it is not this type
    (a 税务事项通知书 is about anything). `extract` turns the pages of one
    document into fields by name; a field it leaves out is missing. `sides` is for types with more
    than one side: it returns "front", "back" or "both". A `photo` shows a thing or a person, not print:
    no words tell it, the slot it is put into does. `built_as` says whether pages are built as this type is (a
    table with its columns): that tells as much as a title. `sources`: a card or a certificate is never a spreadsheet.
    `paging` tells which pages of a file belong together, where documents are numbered; `cuts` gives the heights,
    in pixels, at which a page with several documents one below the other is to be cut. A `coloured` document is in
    colour by nature (emblem, seal or a printed ground): a grey one is a copy. A card with a `portrait` has it on the
    right. `emblem` and `seal` say what every one of the type bears in red: the state's emblem, the issuer's seal in the
    lower part of the text. `numbers` are the fields whose number belongs to this document or its holder alone.
    """

    id: str
    zh: str
    en: str
    fields: tuple[FieldSpec, ...]
    extract: Callable[[Sequence[Page]], dict[str, Field]]
    titles: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    sides: Callable[[Sequence[Page]], str] | None = None
    photo: bool = False
    sources: frozenset[Source] = PRINTED
    built_as: Callable[[Sequence[Page]], bool] | None = None
    paging: Callable[[Page], Paging] | None = None
    cuts: Callable[[Page], list[float]] | None = None
    coloured: bool = False
    portrait: bool = False
    emblem: Emblem | None = None
    seal: bool = False
    numbers: tuple[str, ...] = ()

    @property
    def of_person(self) -> bool:
        """Whether a person holds it: a card, a permit, a passport."""
        return any(self.spec(name).kind in OF_PERSONS for name in self.numbers)

    def spec(self, name: str) -> FieldSpec:
        """The declaration of one field; KeyError if this type has none of that name."""
        return next(s for s in self.fields if s.name == name)


@dataclass(frozen=True, slots=True)
class Classification:
    """What a document was taken for, how surely (0..1), and the words that said so."""

    type: str
    confidence: float
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """The typed fields of one document; every declared field is present (maybe missing)."""

    type: str
    fields: dict[str, Field]
    side: str = ""
    extra: dict[str, Any] = field(default_factory=dict)

    def value(self, name: str) -> FieldValue:
        """The value of a field, None when it is missing."""
        found = self.fields.get(name)
        return found.value if found else None
