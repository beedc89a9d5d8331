"""Every error Heyan raises on purpose.

    HeyanError
    ├── UsageError             the command or the submission is written wrongly          exit 2
    │   ├── SubmissionError    submission.yaml / manifest: which key, what it should be
    │   └── ProfileError       a rule pack is wrong: file, line, key
    ├── DocumentError          one file cannot be used; becomes a finding, never an exit
    ├── EngineError            the OCR engine or its models are not usable              exit 70
    ├── UnfitError             no copy of a document fits the platform's limits         exit 1
    ├── StoreError             the database of runs and reports cannot be used          exit 70
    └── OutageError            a run stopped: what it rests on is gone (disk, models)   exit 70

A `DocumentError` carries the finding code it turns into. Messages never hold document text.
`apps.cli.main` is the one place that maps errors to exit codes.
"""

from __future__ import annotations

from typing import Any


class HeyanError(Exception):
    """An expected failure: what went wrong, the data about it and what to do next."""

    exit_code = 70

    def __init__(self, message: str, *, remedy: str = "", **data: Any) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.data = data

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class UsageError(HeyanError):
    """The user asked for something that cannot be done as written."""

    exit_code = 2


class SubmissionError(UsageError):
    """A submission's description is wrong (unknown key, wrong type, path outside the folder)."""


class ProfileError(UsageError):
    """A rule pack is wrong; `data` holds file, line and key."""


class DocumentError(HeyanError):
    """One file cannot be opened or read; `code` is the finding it becomes, `data` its parameters."""

    def __init__(self, code: str, message: str = "", **data: Any) -> None:
        super().__init__(message or code, **data)
        self.code = code


class EngineError(HeyanError):
    """The OCR engine is missing, broken or was given settings it cannot follow."""


class UnfitError(HeyanError):
    """A document cannot be brought within a platform's limits and still be read."""

    exit_code = 1


class StoreError(HeyanError):
    """The database of runs and reports is away, full or another Heyan's; `data["cause"]` says which."""


class OutageError(HeyanError):
    """What a run rests on is gone, whatever the document; `cause` names it: disk_full, model_missing, …"""

    def __init__(self, cause: str, message: str = "", *, remedy: str = "", **data: Any) -> None:
        super().__init__(message or cause, remedy=remedy, cause=cause, **data)
        self.cause = cause
