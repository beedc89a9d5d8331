"""Results of earlier procedures, as a submission names them under `earlier`.

earlier:
  - name-verification/report.json                      a report of Heyan's, in the submission's folder
  - profile: 1688/general-taxpayer                     how the platform judged, in the applicant's words
    verdict: accept
    as_of: 2026-05-01
    declared: {company_name: …, credit_code: …}
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from extractors.errors import SubmissionError
from pipeline.remote import Location
from pipeline.report import SCHEMA
from pipeline.written import path_inside, read_mapping, refuse_unknown
from validators.case import Earlier
from validators.findings import Verdict

_KEYS = {"profile", "verdict", "as_of", "declared"}
_MAX_REPORT = 20_000_000


def load_earlier(folder: Location, listed: Any) -> tuple[Earlier, ...]:
    """The earlier results a description lists; SubmissionError for what is none."""
    if listed is None:
        return ()
    if not isinstance(listed, list):
        raise SubmissionError("earlier: a list of report files or of {profile, verdict, as_of, declared} is expected.")
    return tuple(_result(folder, entry, f"earlier[{at}]") for at, entry in enumerate(listed, 1))


def _result(folder: Location, entry: Any, where: str) -> Earlier:
    if isinstance(entry, str):
        path = path_inside(folder, entry, where)
        if not path.is_file() or path.is_symlink():
            raise SubmissionError(
                f"{where}: there is no file {entry}.", remedy="Give the report.json of an earlier check."
            )
        data = read_mapping(path, _MAX_REPORT)
        if data.get("schema") != SCHEMA:
            raise SubmissionError(f"{where}: {entry} is no report of Heyan's ({SCHEMA}).")
        return _earlier(data, where, _read(data))
    if not isinstance(entry, Mapping):
        raise SubmissionError(f"{where}: a file name or {{profile, verdict, as_of, declared}} is expected.")
    refuse_unknown(entry, _KEYS, where)
    return _earlier(entry, where, {})


def _earlier(data: Mapping[str, Any], where: str, read: dict[str, Any]) -> Earlier:
    declared = data.get("declared", {})
    if not isinstance(data.get("profile"), str) or not isinstance(declared, Mapping):
        raise SubmissionError(f"{where}: 'profile' (a text) and 'declared' (a mapping) are expected.")
    try:
        verdict, day = Verdict(str(data.get("verdict"))), date.fromisoformat(str(data.get("as_of")))
    except ValueError as error:
        raise SubmissionError(
            f"{where}: 'verdict' (accept, review or reject) and 'as_of' (YYYY-MM-DD) are expected."
        ) from error
    return Earlier(data["profile"], verdict, day, dict(declared), read)


def _read(report: Mapping[str, Any]) -> dict[str, Any]:
    """Values of fields by `slot.field`, the first document of a slot deciding."""
    values: dict[str, Any] = {}
    documents = report.get("documents")
    for document in documents if isinstance(documents, list) else ():
        fields = document.get("fields") if isinstance(document, Mapping) else None
        for name, found in fields.items() if isinstance(fields, Mapping) else ():
            if isinstance(found, Mapping):
                values.setdefault(f"{document.get('slot')}.{name}", found.get("value"))
    return values
