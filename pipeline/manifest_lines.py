"""JSON lines: one submission a line, with the keys of a submission.yaml and `name` and `folder`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from extractors.errors import SubmissionError
from pipeline.manifest_cells import CellError
from pipeline.manifest_model import Row, Source, both, together, told
from pipeline.manifest_rows import description_in, folder_of, missing_files, row_origin
from pipeline.submission import Submission, described
from validators.findings import Bilingual

_LONGEST = 1_000_000  # bytes of a line


def json_rows(source: Source) -> Iterator[Row]:
    """The lines that are not empty; a line that is wrong is a row that is."""
    try:
        with source.file.open("rb") as file:
            number = 0
            while line := file.readline(_LONGEST + 1):
                number += 1
                if len(line) > _LONGEST:
                    raise SubmissionError(f"{source.path.name}:{number}: the line is longer than {_LONGEST:,} bytes.")
                if line.strip(b" \t\r\n\xef\xbb\xbf"):
                    yield _row(source, number, line)
    except OSError as error:
        raise SubmissionError(f"{source.path.name} cannot be read ({error.strerror}).") from error


def _row(source: Source, number: int, line: bytes) -> Row:
    row = Row(number, f"row-{number}", row_origin(source, number, ""), None)
    try:
        data = json.loads(line.decode("utf-8-sig"), object_pairs_hook=_once)
        if not isinstance(data, dict):
            raise SubmissionError("an object {…} is expected.")
        name, folder = (_text(data, key) for key in ("name", "folder"))
        place = folder_of(source, folder) if folder else source.folder
        name = name or (place.resolve().name if folder else "")
        row = Row(number, name or row.name, row_origin(source, number, data.get("name") or ""), None)
        submission = _submission(source, data, place, row.name, own_folder=bool(folder))
    except UnicodeDecodeError:
        return row.refused(both("这一行不是 UTF-8 编码。", "The line is no text in UTF-8."))
    except json.JSONDecodeError as error:
        return row.refused(both(f"这一行不是完整的 JSON（第 {error.colno} 字）。", f"No valid JSON ({error.msg})."))
    except RecursionError:
        return row.refused(both("这一行嵌套过深。", "The line is nested too deeply."))
    except CellError as error:
        return row.refused(both(f"folder：{error.reason.zh}。", f"folder: {error.reason.en}"))
    except SubmissionError as error:
        return row.refused(told(error))
    problem = _without_files(submission)
    return row.refused(together([problem])) if problem else Row(number, row.name, row.origin, submission)


def _submission(source: Source, data: dict[str, Any], place: Any, name: str, *, own_folder: bool) -> Submission:
    """What the line says, before what the description in its folder says."""
    own = description_in(place) if own_folder else {}
    said = {key: value for key, value in data.items() if key not in ("name", "folder")}
    description = {**own, **said}
    if isinstance(own.get("declared"), dict) and isinstance(said.get("declared"), dict):
        description["declared"] = {**own["declared"], **said["declared"]}
    if not own_folder:
        description.setdefault("documents", [])  # the list's own folder is nobody's
    return described(description, place, name, source.profile, protocols=source.settings.protocols)


def _without_files(submission: Submission) -> Bilingual | None:
    return missing_files([(file.name, file.path) for file in submission.files])


def _text(data: dict[str, Any], key: str) -> str:
    value = data.get(key) or ""
    if not isinstance(value, str):
        raise SubmissionError(f"{key}: a text is expected.")
    return value.strip()


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    keys = [key for key, _ in pairs]
    if twice := next((key for key in keys if keys.count(key) > 1), None):
        raise SubmissionError(f"the key {twice[:60]!r} is there twice.")
    return dict(pairs)
