"""Lists in .xlsx and .csv files as rows of cells, one at a time, and where their headings stand."""

from __future__ import annotations

import codecs
import csv
import re
import zipfile
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path

from extractors.cells import cell_address
from extractors.errors import DocumentError, HeyanError, SubmissionError
from pipeline.manifest_columns import Meaning, Use, Vocabulary
from pipeline.workbook import RawCell, RawRow, Workbook
from validators.findings import finding
from validators.profile import Profile

Rows = Callable[[], Iterator[RawRow]]

_HEAD = 20  # rows among which the headings stand
_MAX_CELLS = 20_000_000
_MAX_UNPACKED = 2_000_000_000
_MAX_PARTS = 5_000
_PIECE = 1_000_000
_DELIMITERS = ",;\t"
_PROFILE = re.compile(r"(?:profile|规则)\s*[:：]\s*([a-z0-9-]+/[a-z0-9-]+)", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")
_CSV_UTF8 = "请另存为 CSV UTF-8 格式，或存为 .xlsx。 Save it as CSV UTF-8, or as .xlsx."
_FIRST_ROW = (
    "请先用 heyan template batch 生成模板。 Make an empty list with `heyan template batch --profile ID --out FILE`."
)


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a list, what its columns mean, and the profile named above its headings."""

    rows: Rows
    csv: bool
    head: int  # the row of the headings
    columns: Mapping[int, Meaning]
    headings: Mapping[int, str]
    profile: str | None


def find_table(path: Path, profiles: Mapping[str, Profile], profile: str | None) -> Table:
    """The one list in a file. Raises SubmissionError for a file, or headings, that cannot be understood."""
    is_csv = path.suffix.lower() != ".xlsx"
    found = _csv_table(path, profiles, profile) if is_csv else _sheet_tables(path, profiles, profile)
    if not found:
        raise SubmissionError(
            f"{path.name}：前 {_HEAD} 行里没有找到标题。 No headings were found in the first {_HEAD} rows.",
            remedy=_FIRST_ROW,
        )
    if len(found) > 1:
        raise SubmissionError(
            f"{path.name}：有几张工作表都像清单。 Several sheets look like lists.",
            remedy="请只保留一张。 Keep one of them.",
        )
    return found[0]


def _sheet_tables(path: Path, profiles: Mapping[str, Profile], profile: str | None) -> list[Table]:
    return [table for rows in _sheets(path) if (table := _with_head(rows, False, profiles, profile))]


def _csv_table(path: Path, profiles: Mapping[str, Profile], profile: str | None) -> list[Table]:
    """The table by the delimiter that gives the most columns, every record of it proven to be whole."""
    with _reading(path):
        encoding = _encoding(path)
        found = []
        for delimiter in _DELIMITERS:
            rows = partial(_csv_rows, path, encoding, delimiter)
            with suppress(csv.Error):  # quotes are broken where it is not the right one
                if table := _with_head(rows, True, profiles, profile):
                    found.append(table)
        found.sort(key=lambda table: len(table.columns), reverse=True)
        for table in found[:1]:
            deque(table.rows(), maxlen=0)
        return found[:1]


def _with_head(rows: Rows, is_csv: bool, profiles: Mapping[str, Profile], profile: str | None) -> Table | None:
    """The table below the first row of headings; None without one."""
    named: str | None = None
    for row in islice(rows(), _HEAD):
        words = Vocabulary(profiles, profile or named)
        headings = {cell.column: cell.text for cell in row.cells if cell.text.strip()}
        if row.number <= _HEAD and _is_head(headings.values(), words):
            return Table(rows, is_csv, row.number, _meanings(headings, row.number, words), headings, named)
        if match := next((m for text in headings.values() if (m := _PROFILE.search(text))), None):
            named = match[1].lower()
    return None


def _is_head(headings: Iterable[str], words: Vocabulary) -> bool:
    """Whether a row names two columns, or the column of folders alone."""
    found = []
    for heading in headings:
        try:
            if (meaning := words.meaning(heading)) and meaning.use is not Use.NOTE:
                found.append(meaning.use)
        except SubmissionError:  # known, but not clear
            found.append(Use.DECLARED)
    return len(found) >= 2 or found == [Use.FOLDER]


def _meanings(headings: Mapping[int, str], row: int, words: Vocabulary) -> dict[int, Meaning]:
    """What each column holds. Raises SubmissionError for the first one that is not known, or stands there twice."""
    columns: dict[int, Meaning] = {}
    for column, heading in headings.items():
        address = cell_address(row, column)
        meaning = words.meaning(heading)
        if meaning is None:
            near = words.nearest(heading)
            raise SubmissionError(
                f"{address}：不认识这一列的标题“{' '.join(heading.split())[:40]}”。 This heading is not known.",
                remedy=f"是否为 Did you mean “{near}”?"
                if near
                else "请改正或删去这一列。 Mend it or take the column out.",
            )
        # Files of one slot may stand in several columns.
        other = next((c for c, m in columns.items() if (m.use, m.key) == (meaning.use, meaning.key)), None)
        if other and meaning.use not in (Use.FILES, Use.NOTE):
            raise SubmissionError(
                f"{cell_address(row, other)} 和 {address} 两列是同一内容（{meaning.key or meaning.use.value}）。"
                " These two columns hold the same thing.",
                remedy="请只保留一列。 Keep one of them.",
            )
        columns[column] = meaning
    return columns


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """Whatever a broken or hostile file makes the libraries raise is one clear error."""
    try:
        yield
    except DocumentError as error:
        message = finding(error.code, document=path.name, **{"limit": "", "limit_mb": "", "found": "", **error.data})
        raise SubmissionError(f"{path.name}：{message.message.zh} {message.message.en}") from error
    except (HeyanError, MemoryError):
        raise
    except OSError as error:
        raise SubmissionError(f"{path.name}：无法读取。 It cannot be read ({error.strerror}).") from error
    except csv.Error as error:
        raise SubmissionError(
            f"{path.name}：CSV 的引号或分隔不完整。 Its quotes or delimiters are broken ({error}).", remedy=_CSV_UTF8
        ) from error
    except zipfile.BadZipFile as error:
        raise SubmissionError(
            f"{path.name}：不是完好的 .xlsx 文件，或有密码。 It is not a sound .xlsx file, or has a password.",
            remedy="请去掉密码，另存为 .xlsx。 Take the password off and save it as .xlsx.",
        ) from error
    except Exception as error:
        raise SubmissionError(f"{path.name}：文件已损坏。 The file is damaged ({type(error).__name__}).") from error


def _sheets(path: Path) -> list[Rows]:
    with _reading(path), zipfile.ZipFile(path) as archive:
        parts = archive.infolist()
        if len(parts) > _MAX_PARTS or sum(part.file_size for part in parts) > _MAX_UNPACKED:
            raise DocumentError("FILE_DECODED_TOO_LARGE", limit_mb=_MAX_UNPACKED // 1_000_000)
        if archive.testzip():
            raise zipfile.BadZipFile
        return [partial(_sheet, path, number) for number in range(len(Workbook(archive, _MAX_CELLS)))]


def _sheet(path: Path, number: int) -> Iterator[RawRow]:
    with _reading(path), zipfile.ZipFile(path) as archive:
        yield from Workbook(archive, _MAX_CELLS).rows(number)


def _csv_rows(path: Path, encoding: str, delimiter: str) -> Iterator[RawRow]:
    """Records, counted as a spreadsheet counts them: an empty line is one, a line break within quotes is none."""
    with path.open(encoding=encoding, newline="") as file:
        for number, record in enumerate(csv.reader(file, delimiter=delimiter, strict=True), 1):
            yield RawRow(
                number, [RawCell(number, at, text, False) for at, text in enumerate(record, 1) if text.strip()]
            )


def _encoding(path: Path) -> str:
    """UTF-8 or GB18030, each proven on all of the file, or what its byte order mark says."""
    with path.open("rb") as file:
        start = file.read(4)
    if start.startswith(codecs.BOM_UTF8):
        return _proven(path, "utf-8-sig")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _proven(path, "utf-16")
    utf8, gb18030 = _decoded(path, "utf-8"), _decoded(path, "gb18030")
    if utf8 and gb18030 and utf8.foreign and not utf8.chinese and gb18030.chinese:
        # Short Chinese words can be sound UTF-8 too, as letters of other scripts.
        raise SubmissionError(f"{path.name}：编码无法判断。 Its encoding cannot be told.", remedy=_CSV_UTF8)
    if utf8 or gb18030:
        return "utf-8" if utf8 else "gb18030"
    return _proven(path, "utf-8")


@dataclass(slots=True)
class _Seen:
    """What a decoded text has beside ASCII."""

    chinese: bool = False
    foreign: bool = False


def _decoded(path: Path, encoding: str) -> _Seen | None:
    """None where the bytes are not of this encoding."""
    seen = _Seen()
    try:
        with open(path, encoding=encoding, newline="") as file:
            while piece := file.read(_PIECE):
                if "\0" in piece:
                    return None
                seen.chinese = seen.chinese or bool(_HAN.search(piece))
                seen.foreign = seen.foreign or not piece.isascii()
    except UnicodeError:
        return None
    return seen


def _proven(path: Path, encoding: str) -> str:
    if _decoded(path, encoding) is None:
        raise SubmissionError(
            f"{path.name}：不是 UTF-8 或 GB18030 编码的文字。 It is no text in UTF-8 or GB18030.", remedy=_CSV_UTF8
        )
    return encoding
