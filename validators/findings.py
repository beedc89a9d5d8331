"""Findings: what a check says, with its evidence and its remedy, in Chinese and English.

The catalogue (`validators/catalogue/*.yaml`) is the one list of codes; `docs/findings.md` is generated from it.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache
from importlib import resources
from typing import Any

import yaml
from pydantic import BaseModel, ConfigDict

from extractors.model import Box


class Verdict(StrEnum):
    """What a submission (or one finding alone) leads to; ordered from best to worst."""

    ACCEPT = "accept"
    REVIEW = "review"
    REJECT = "reject"

    @property
    def rank(self) -> int:
        return list(Verdict).index(self)


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Bilingual(BaseModel):
    """One sentence in both languages."""

    model_config = ConfigDict(frozen=True)

    zh: str
    en: str


class Evidence(BaseModel):
    """Where to look: the document (its file name), the page from 1, the place on it."""

    model_config = ConfigDict(frozen=True)

    document: str
    part: int = 1
    page: int | None = None
    box: Box | None = None


class Finding(BaseModel):
    """One thing the user should know: what, where, what was expected, how to mend it."""

    model_config = ConfigDict(frozen=True)

    code: str
    severity: Severity
    verdict: Verdict  # what this finding alone leads to
    document: str | None = None
    field: str | None = None
    expected: str | None = None
    actual: str | None = None
    message: Bilingual
    remedy: Bilingual
    source: str | None = None  # requirement number of platform rules, or the standard
    evidence: tuple[Evidence, ...] = ()


class CheckResult(StrEnum):
    PASSED = "passed"
    FAILED = "failed"
    NOT_CHECKED = "not_checked"


class Check(BaseModel):
    """The outcome of one check; `why` is required reading when it is not `passed`."""

    model_config = ConfigDict(frozen=True)

    id: str
    result: CheckResult
    why: str = ""
    source: str | None = None
    required: bool = True  # a required check that did not pass keeps the submission from being accepted


class Entry(BaseModel):
    """A catalogue entry: the fixed part of all findings of one code."""

    model_config = ConfigDict(frozen=True)

    severity: Severity
    verdict: Verdict
    message: Bilingual  # str.format templates over the finding's parameters
    remedy: Bilingual


@cache
def catalogue() -> dict[str, Entry]:
    """Every finding code with its severity, verdict and texts; a code in two files is a programming error."""
    entries: dict[str, Entry] = {}
    for file in sorted(resources.files("validators").joinpath("catalogue").iterdir(), key=lambda f: f.name):
        for code, entry in yaml.load(file.read_text("utf-8"), yaml.CSafeLoader).items():
            if code in entries:
                raise ValueError(f"finding {code} is listed twice")
            entries[code] = Entry.model_validate(entry)
    return entries


def finding(
    code: str,
    *,
    document: str | None = None,
    field: str | None = None,
    expected: Any = None,
    actual: Any = None,
    source: str | None = None,
    evidence: tuple[Evidence, ...] = (),
    verdict: Verdict | None = None,
    severity: Severity | None = None,
    **params: Any,
) -> Finding:
    """A finding of a catalogued code; `params` fill the message templates.

    `verdict` lowers or raises what the finding leads to where the caller knows better than the
    catalogue (a difference that OCR confusion explains: review instead of reject); `severity` goes with it unless
    it is given as well.
    """
    entry = catalogue()[code]
    values = {"document": document, "field": field, "expected": expected, "actual": actual, **params}
    if severity is None and verdict is not None and verdict is not entry.verdict:
        severity = {Verdict.REJECT: Severity.ERROR, Verdict.REVIEW: Severity.WARNING}.get(verdict, Severity.INFO)
    return Finding(
        code=code,
        severity=severity or entry.severity,
        verdict=verdict or entry.verdict,
        document=document,
        field=field,
        expected=None if expected is None else str(expected),
        actual=None if actual is None else str(actual),
        message=_filled(entry.message, values),
        remedy=_filled(entry.remedy, values),
        source=source,
        evidence=evidence,
    )


def _filled(text: Bilingual, values: dict[str, Any]) -> Bilingual:
    return Bilingual(zh=text.zh.format_map(values), en=text.en.format_map(values))
