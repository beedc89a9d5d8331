"""Rows of a list as submissions: what the cells declare, and the files they name.

A row may point to a folder with a description of its own; what stands in the cells goes before it. All that is wrong
with a row is told together, each part with the address of its cell.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from extractors.cells import cell_address
from extractors.errors import SubmissionError
from pipeline.manifest_cells import CellError, cell_text, declared_value, file_names, plain_text
from pipeline.manifest_columns import Use, Vocabulary
from pipeline.manifest_model import Row, Source, both, together, told
from pipeline.manifest_tables import Table, find_table
from pipeline.remote import AddressError, Location
from pipeline.submission import DESCRIPTIONS, described
from pipeline.workbook import RawCell, RawRow
from pipeline.written import place_named, read_mapping
from validators.declared import STANDARD
from validators.findings import Bilingual
from validators.profile import Profile
from validators.slots import known_slots


def table_rows(source: Source) -> Iterator[Row]:
    """The filled rows of an .xlsx or .csv list. Raises SubmissionError for what is wrong with all of it."""
    table = find_table(source.file, source.profiles, source.profile)
    lister = _Lister(source, table, Vocabulary(source.profiles, source.profile or table.profile))
    for raw in table.rows():
        if raw.number > table.head and lister.is_filled(raw):
            yield lister.row(raw)


def row_origin(source: Source, number: int, name: str) -> str:
    """The same for the same submission when rows are added above it, where it has a name of its own."""
    return f"{source.uri}#name={quote(name, safe='')}" if name else f"{source.uri}#{number}"


def folder_of(source: Source, name: str) -> Location:
    """The folder a row names. Raises CellError where there is none or it lies elsewhere."""
    try:
        named = place_named(source.folder, name.replace("\\", "/"), "folder", source.settings.protocols)
    except AddressError as error:
        raise CellError(error.reason) from error
    except SubmissionError as error:
        raise CellError(both("须在清单所在的文件夹之内", "must lie inside the list's own folder.")) from error
    folder = source.entered(named)
    if not folder.is_dir():
        raise CellError(both("没有这个文件夹", "there is no such folder."))
    return folder


def description_in(folder: Location) -> dict[str, Any]:
    """What the folder's own description says; {} without one."""
    own = next((folder / name for name in DESCRIPTIONS if (folder / name).exists()), None)
    return read_mapping(own) if own else {}


def missing_files(documents: Collection[tuple[str, Location]]) -> Bilingual | None:
    """Told for the files that are not there. `documents`: (name, place). Nobody asks a store: that shows in reading."""
    missing = [name for name, path in documents if not path.is_file()]
    names = ", ".join(missing)
    return both(f"没有文件 {names}", f"there is no file {names}.") if missing else None


@dataclass(slots=True)
class _Draft:
    """What a row says so far, and what is wrong with it."""

    name: str = ""
    profile: str | None = None
    folder: Location | None = None
    own: dict[str, Any] = field(default_factory=dict)  # the description in its folder
    declared: dict[str, str | bool] = field(default_factory=dict)
    documents: list[dict[str, str]] = field(default_factory=list)
    problems: list[Bilingual] = field(default_factory=list)


@dataclass(slots=True)
class _Lister:
    """Makes submissions of the rows of one table."""

    source: Source
    table: Table
    words: Vocabulary
    folders: dict[tuple[Location, str | None], int] = field(default_factory=dict)  # taken as they are, by which row

    def is_filled(self, raw: RawRow) -> bool:
        """Whether anything but the list's own notes stands in a row, and not the headings once more."""
        columns = self.table.columns
        noted = {column for column, meaning in columns.items() if meaning.use is Use.NOTE}
        cells = [cell for cell in raw.cells if cell.column not in noted and cell.text.strip()]
        again = all(self.table.headings.get(cell.column) == cell.text for cell in cells)
        return bool(raw.unsolved) or (bool(cells) and not again)

    def row(self, raw: RawRow) -> Row:
        draft = _Draft()
        cells: dict[Use, list[RawCell]] = {use: [] for use in Use}
        for cell in raw.cells:
            if meaning := self.table.columns.get(cell.column):
                cells[meaning.use].append(cell)
            elif cell.text.strip():
                self._refuse(draft, cell, both("这一列没有标题", "stands in a column without a heading."))
        for column in raw.unsolved:
            empty = RawCell(raw.number, column, "", False)
            self._refuse(draft, empty, both("公式没有保存结果", "is a formula without a saved result."))
        self._place(draft, cells)
        profile = self._profile(draft, cells[Use.PROFILE])
        for cell in cells[Use.DECLARED]:
            self._declare(draft, cell, profile)
        for cell in cells[Use.FILES]:
            self._attach(draft, cell, profile)
        return self._made(raw.number, draft, profile)

    def _refuse(self, draft: _Draft, cell: RawCell, reason: Bilingual) -> None:
        address = cell_address(cell.row, cell.column)
        heading = " ".join(self.table.headings.get(cell.column, "").split())[:40]
        zh, en = (f"“{heading}”", f" ({heading})") if heading else ("", "")
        draft.problems.append(both(f"{address}{zh}{reason.zh}", f"{address}{en} {reason.en}"))

    def _place(self, draft: _Draft, cells: dict[Use, list[RawCell]]) -> None:
        """Its name, and the folder it points to with what is described there."""
        for cell in cells[Use.NAME] + cells[Use.FOLDER]:
            try:
                text = plain_text(cell)
                if not text:
                    continue
                if cell in cells[Use.NAME]:
                    draft.name = text
                    continue
                draft.folder = folder_of(self.source, text)
                draft.own = description_in(draft.folder)
            except CellError as error:
                self._refuse(draft, cell, error.reason)
            except SubmissionError as error:
                self._refuse(draft, cell, both(f"中的资料说明有误：{error}", f"has a wrong description: {error}"))

    def _profile(self, draft: _Draft, cells: list[RawCell]) -> Profile | None:
        """The profile the row is judged by: as asked for, as the row says, as its folder says, as the list says."""
        written = None
        for cell in cells:
            try:
                written = cell_text(cell).lower() or None
            except CellError as error:
                self._refuse(draft, cell, error.reason)
        own = draft.own.get("profile")
        chosen = self.source.profile or written or (own if isinstance(own, str) else None) or self.table.profile
        draft.profile = chosen
        if written and chosen == written and written not in self.source.profiles:
            known = ", ".join(sorted(self.source.profiles))
            self._refuse(draft, cells[0], both(f"没有这个规则，可用：{known}", f"is no profile; there are: {known}."))
        return self.source.profiles.get(chosen or "")

    def _declare(self, draft: _Draft, cell: RawCell, profile: Profile | None) -> None:
        meaning = self.table.columns[cell.column]
        spec = self.words.kind(meaning.key, profile)
        try:
            if cell_text(cell) == "":
                return
            if profile and meaning.key not in STANDARD and meaning.key not in profile.declared:
                raise CellError(both("不是该规则的申报项，请留空", "is not declared for this profile: leave it empty."))
            draft.declared[meaning.key] = declared_value(spec, meaning.unit, cell, csv=self.table.csv)
        except CellError as error:
            self._refuse(draft, cell, error.reason)

    def _attach(self, draft: _Draft, cell: RawCell, profile: Profile | None) -> None:
        """The files of a cell, each of which must be there."""
        slot = self.table.columns[cell.column].key
        folder, protocols = draft.folder or self.source.folder, self.source.settings.protocols
        try:
            names = file_names(cell)
            if names and slot and profile and slot not in known_slots(profile):
                raise CellError(both("该规则没有这种资料，请留空", "is not asked for by this profile: leave it empty."))
            if missing := missing_files([(name, place_named(folder, name, "file", protocols)) for name in names]):
                raise CellError(missing)
        except CellError as error:
            self._refuse(draft, cell, error.reason)
        except AddressError as error:
            self._refuse(draft, cell, error.reason)
        except SubmissionError:
            self._refuse(draft, cell, both("的文件须在资料文件夹之内", "names a file outside the folder."))
        else:
            draft.documents += [{"file": name, "slot": slot} if slot else {"file": name} for name in names]

    def _made(self, number: int, draft: _Draft, profile: Profile | None) -> Row:
        """The submission, where nothing is wrong with it."""
        name = draft.name or (draft.folder.resolve().name if draft.folder else f"row-{number}")
        row = Row(number, name, row_origin(self.source, number, draft.name), None)
        if not draft.problems:
            draft.problems += self._wanting(number, draft, profile)
        if draft.problems:
            return row.refused(together(draft.problems))
        description = {**draft.own, "profile": draft.profile}
        description["declared"] = {**_mapping(draft.own.get("declared")), **draft.declared}
        if draft.documents or not draft.folder:
            description["documents"] = draft.documents
        try:
            place, protocols = draft.folder or self.source.folder, self.source.settings.protocols
            submission = described(description, place, name, protocols=protocols)
        except SubmissionError as error:
            return row.refused(told(error))
        return Row(number, name, row.origin, submission)

    def _wanting(self, number: int, draft: _Draft, profile: Profile | None) -> Iterator[Bilingual]:
        """Told for a row without any document, and for a folder that another row has taken as it is."""
        if draft.documents:
            return
        if draft.folder:
            other = self.folders.setdefault((draft.folder, draft.profile), number)
            if other != number:
                yield both(f"文件夹与第 {other} 行相同", f"Its folder is that of row {other} already.")
        elif profile and any(slot.required and slot.when is None for slot in profile.slots.values()):
            yield both("没有填写任何文件或文件夹", "It names no file and no folder.")


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
