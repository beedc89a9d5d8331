"""The cells of an .xlsx workbook (ECMA-376 part 1, §18), streamed: what a cell holds, as it was saved.

Read with expat alone. A reader that builds objects for styles and rows, or fills gaps between cells, can be kept
busy for minutes by a file of a few kilobytes; here work is bounded by the cells counted and the bytes unpacked. A
part with a document type declaration (entities, external files) is refused: no spreadsheet needs one.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from array import array
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from decimal import Decimal
from xml.parsers import expat

from extractors.errors import DocumentError

_CHUNK = 65_536
_EMPTY_FOR_ONE = 5  # empty cells that may stand beside each filled one the limit allows
_STYLES = 65_490  # cell formats a workbook can have
_MAX_MERGED = 20_000
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
# Built-in number formats of dates (ECMA-376 §18.8.30), those of Chinese workbooks among them.
_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_PERCENT_FORMATS = {9, 10}
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.|\*.')
_LAST_DAY = 2_958_465  # 9999-12-31
_MOST_PLACES = 308  # of a number a workbook can hold; another is shown as it is written

Place = tuple[int, int]  # row, column
Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class RawCell:
    """A filled cell: its text as shown or as the file has it, and whether it is a number."""

    row: int
    column: int
    text: str
    numeric: bool


@dataclass(slots=True)
class RawSheet:
    """A sheet's filled cells, merged areas (first place → last place), and formulas without a saved result."""

    cells: list[RawCell] = field(default_factory=list)
    merged: dict[Place, Place] = field(default_factory=dict)
    unsolved: list[Place] = field(default_factory=list)


@dataclass(slots=True)
class RawRow:
    """A row's filled cells, and the columns of its formulas without a saved result."""

    number: int
    cells: list[RawCell] = field(default_factory=list)
    unsolved: list[int] = field(default_factory=list)


class Workbook:
    """An opened workbook. `max_cells` bounds the filled cells of all sheets together."""

    def __init__(self, archive: zipfile.ZipFile, max_cells: int) -> None:
        self._archive = archive
        self._max_cells = max_cells
        self._filled = self._seen = 0
        self.date1904 = False
        main = next((t for kind, t in _relations(archive, "").values() if kind == "officeDocument"), "xl/workbook.xml")
        relations = _relations(archive, main)
        parts = dict(relations.values())
        self._sheets = [relations[i][1] for i in self._visible(main) if relations.get(i, ("",))[0] == "worksheet"]
        self._strings = (
            _strings(archive, parts["sharedStrings"], 2 * max_cells) if "sharedStrings" in parts else _Strings()
        )
        self._formats = _formats(archive, parts["styles"]) if "styles" in parts else []

    def __len__(self) -> int:
        """The number of visible sheets."""
        return len(self._sheets)

    def sheets(self) -> Iterator[RawSheet]:
        """The visible sheets in order. Raises DocumentError where there are too many cells."""
        for part in self._sheets:
            yield _SheetReader(self).read(self._archive, part)

    def rows(self, number: int) -> Iterator[RawRow]:
        """The rows of one visible sheet (from 0), one at a time however long it is; merged areas are not looked at."""
        yield from _SheetReader(self).rows(self._archive, self._sheets[number])

    def _visible(self, main: str) -> list[str]:
        found: list[str] = []

        def start(name: str, attributes: Attributes) -> None:
            if name == "sheet" and attributes.get("state", "visible") == "visible":
                found.extend(value for key, value in attributes.items() if key.endswith(":id"))
            elif name == "workbookPr":
                self.date1904 = attributes.get("date1904", "0") in ("1", "true")

        _parse(self._archive, main, start)
        return found

    def count(self, *, filled: bool) -> None:
        self._seen += 1
        self._filled += filled
        if self._filled > self._max_cells or self._seen > self._max_cells * _EMPTY_FOR_ONE:
            raise DocumentError("FILE_TOO_MANY_CELLS", limit=self._max_cells)

    def string(self, index: str) -> str:
        return self._strings[int(index)]

    def number(self, text: str, style: str) -> tuple[str, bool]:
        """A number as shown, and whether it counts as one: a date does not."""
        form = self._formats[int(style)] if style and int(style) < len(self._formats) else ""
        if form == "date" and (day := _day(float(text), self.date1904)):
            return day, False
        value = Decimal(text)
        if not value.is_finite() or abs(value.adjusted()) > _MOST_PLACES or len(text) > _MOST_PLACES:
            return text, False
        if len(value.as_tuple().digits) > 15 and value != value.to_integral_value():
            value = Decimal(f"{float(text):.15g}")  # Excel's own precision; 0.30000000000000004 is 0.3
        if form == "percent":
            return f"{(value * 100).normalize():f}%", True
        whole = value == value.to_integral_value() and abs(value) < Decimal(10) ** 30
        return (f"{value.to_integral_value():f}" if whole else f"{value:f}"), True


class _SheetReader:
    """Takes one sheet apart, cell by cell."""

    def __init__(self, book: Workbook) -> None:
        self._book = book
        self._sheet = RawSheet()
        self._row = self._column = 0
        self._kind = self._style = ""
        self._formula = self._phonetic = False
        self._taking = False
        self._text: list[str] = []

    def read(self, archive: zipfile.ZipFile, part: str) -> RawSheet:
        _parse(archive, part, self._start, self._end, self._characters)
        return self._sheet

    def rows(self, archive: zipfile.ZipFile, part: str) -> Iterator[RawRow]:
        """The rows in order; DocumentError where a row stands after a later one."""
        row = RawRow(0)
        for _ in _parsing(archive, part, self._start, self._end, self._characters):
            unsolved = (RawCell(*place, "", False) for place in self._sheet.unsolved)
            for cell in sorted([*self._sheet.cells, *unsolved], key=lambda c: c.row):
                if cell.row < row.number:
                    raise DocumentError("FILE_DAMAGED", "rows out of order")
                if cell.row > row.number:
                    if row.number:
                        yield row
                    row = RawRow(cell.row)
                if cell.text:
                    row.cells.append(cell)
                else:
                    row.unsolved.append(cell.column)
            self._sheet.cells.clear()
            self._sheet.unsolved.clear()
        if row.number:
            yield row

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "c":
            self._open_cell(attributes)
        elif name in ("v", "t"):
            self._taking = not self._phonetic
        elif name == "f":
            self._formula = True
        elif name == "row":
            self._row = int(attributes["r"]) if "r" in attributes else self._row + 1
            self._column = 0
        elif name == "rPh":
            self._phonetic = True
        elif name == "mergeCell" and len(self._sheet.merged) < _MAX_MERGED:
            first, _, last = attributes.get("ref", "").partition(":")
            self._sheet.merged[_place(first)] = _place(last or first)

    def _open_cell(self, attributes: Attributes) -> None:
        if reference := attributes.get("r"):
            self._row, self._column = _place(reference)
        else:
            self._column += 1
        self._kind, self._style = attributes.get("t", "n"), attributes.get("s", "")
        self._formula = False
        self._text = []

    def _characters(self, text: str) -> None:
        if self._taking:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if name in ("v", "t"):
            self._taking = False
        elif name == "rPh":
            self._phonetic = False
        elif name == "c":
            self._close_cell()

    def _close_cell(self) -> None:
        text = "".join(self._text)
        self._book.count(filled=bool(text))
        if text:
            shown, numeric = self._value(text)
            if shown.strip():
                self._sheet.cells.append(RawCell(self._row, self._column, shown, numeric))
        elif self._formula and self._kind != "str":  # an empty text is a result too
            self._sheet.unsolved.append((self._row, self._column))

    def _value(self, text: str) -> tuple[str, bool]:
        if self._kind == "n":
            return self._book.number(text, self._style)
        if self._kind == "s":
            return self._book.string(text), False
        if self._kind == "b":
            return ("TRUE" if text == "1" else "FALSE"), False
        if self._kind == "d":
            return _moment(datetime.fromisoformat(text)), False
        return text, False


def _parse(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None] = lambda _: None,
    characters: Callable[[str], None] = lambda _: None,
) -> None:
    """Run a part through expat; names come without their prefix."""
    for _ in _parsing(archive, part, start, end, characters):
        pass


def _parsing(
    archive: zipfile.ZipFile,
    part: str,
    start: Callable[[str, Attributes], None],
    end: Callable[[str], None],
    characters: Callable[[str], None],
) -> Iterator[None]:
    """The same, pausing after each piece of the part."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
    parser.EndElementHandler = lambda name: end(name.rpartition(":")[2])
    parser.CharacterDataHandler = characters
    with archive.open(part) as stream:
        while chunk := stream.read(_CHUNK):
            parser.Parse(chunk, False)
            yield
    parser.Parse(b"", True)
    yield


def _refuse(*_: object) -> None:
    raise DocumentError("FILE_DAMAGED", "a document type declaration")


def _relations(archive: zipfile.ZipFile, part: str) -> dict[str, tuple[str, str]]:
    """What a part refers to inside the file: id → (kind, part)."""
    folder, name = posixpath.split(part)
    listing = posixpath.join(folder, "_rels", f"{name}.rels")
    found: dict[str, tuple[str, str]] = {}

    def start(name: str, attributes: Attributes) -> None:
        if name == "Relationship" and attributes.get("TargetMode") != "External":
            target = posixpath.normpath(posixpath.join("/" + folder, attributes["Target"])).lstrip("/")
            found[attributes["Id"]] = attributes["Type"].rpartition("/")[2], target

    if listing in archive.namelist():
        _parse(archive, listing, start)
    return found


class _Strings:
    """Shared strings kept as their bytes: a list of a million short strings takes three times the memory."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._ends = array("Q", [0])

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, index: int) -> str:
        if not 0 <= index < len(self):
            raise IndexError(index)
        return self._bytes[self._ends[index] : self._ends[index + 1]].decode()

    def append(self, text: str) -> None:
        self._bytes += text.encode()
        self._ends.append(len(self._bytes))


def _strings(archive: zipfile.ZipFile, part: str, limit: int) -> _Strings:
    """The shared strings, without the readings (rPh) East Asian workbooks keep beside them."""
    found = _Strings()
    pieces: list[str] = []
    state = {"t": False, "rPh": False}

    def start(name: str, _: Attributes) -> None:
        if name == "si":
            pieces.clear()
        elif name in state:
            state[name] = True

    def end(name: str) -> None:
        if name in state:
            state[name] = False
        elif name == "si":
            found.append("".join(pieces))
            if len(found) > limit:
                raise DocumentError("FILE_TOO_MANY_CELLS", limit=limit // 2)

    def characters(text: str) -> None:
        if state["t"] and not state["rPh"]:
            pieces.append(text)

    _parse(archive, part, start, end, characters)
    return found


def _formats(archive: zipfile.ZipFile, part: str) -> list[str]:
    """For each cell format: "date", "percent" or ""."""
    codes: dict[int, str] = {}
    found: list[str] = []
    inside = {"cellXfs": False}

    def start(name: str, attributes: Attributes) -> None:
        if name == "cellXfs":
            inside[name] = True
        elif name == "numFmt" and len(codes) < _STYLES:
            codes[int(attributes["numFmtId"])] = _form(attributes.get("formatCode", ""))
        elif name == "xf" and inside["cellXfs"]:
            if len(found) >= _STYLES:
                raise DocumentError("FILE_DAMAGED", "more cell formats than a workbook can have")
            number = int(attributes.get("numFmtId", "0"))
            built_in = "date" if number in _DATE_FORMATS else "percent" if number in _PERCENT_FORMATS else ""
            found.append(codes.get(number, built_in))

    def end(name: str) -> None:
        if name == "cellXfs":
            inside[name] = False

    _parse(archive, part, start, end)
    return found


def _form(code: str) -> str:
    """What a number format shows, from its code without literal text: yyyy"年"m"月" is a date, 0.0% a percentage."""
    plain = _LITERAL.sub("", code).lower()
    if re.search(r"[ymdhs]", plain) and "general" not in plain:
        return "date"
    return "percent" if "%" in plain else ""


def _day(serial: float, date1904: bool) -> str:
    """A date serial as ISO 8601; "" where it is none. Serial 60 is a day that never was (1900 was no leap year)."""
    if not 0 <= serial <= _LAST_DAY or (int(serial) == 60 and not date1904):
        return ""
    if serial < 1:
        return (datetime.min + timedelta(seconds=round(serial * 86_400))).time().isoformat()
    epoch = datetime(1904, 1, 1) if date1904 else datetime(1899, 12, 31 if serial < 60 else 30)
    try:
        return _moment(epoch + timedelta(days=int(serial), seconds=round(serial % 1 * 86_400)))
    except OverflowError:
        return ""


def _moment(moment: datetime) -> str:
    return moment.date().isoformat() if moment.time() == time() else moment.isoformat(" ", "seconds")


def _place(reference: str) -> Place:
    """B7 → (7, 2). Raises ValueError for anything else."""
    match = _REFERENCE.fullmatch(reference.replace("$", ""))
    if not match or int(match[2]) > 1_048_576:
        raise ValueError("not a cell")
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column
