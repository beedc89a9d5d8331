"""The HTML report: one self-contained file that someone who does not program understands.

This module turns a `Report` into what the template shows; the template only lays it out. Document
text is untrusted: everything goes through autoescape, and the page's own policy forbids any script
but ours (by hash) and anything from the network.
"""

from __future__ import annotations

import base64
import hashlib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from apps import words
from apps.beside import declared_beside_read, differences
from apps.merged import merged
from apps.pictures import cut_out, page_jpeg, thumbnail
from apps.tables import TableView, table_view
from apps.words import Language, shown
from extractors.errors import HeyanError
from extractors.model import Field, Item, Status
from pipeline.output import write_whole
from pipeline.pages import Image
from pipeline.report import DocumentReport, PageReport, Report
from validators.findings import Bilingual, CheckResult, Evidence, Finding, Severity
from validators.invoice_proofs import title_of
from validators.profile import Profile

Pictures = Callable[[str, int], Image | None]  # (file, page) → the upright page

_TEMPLATES = Path(__file__).parent / "templates"
_MAX_CUT_OUTS = 80  # in one report; a file of findings without end must not become a file without end
_STEPS = 3


@dataclass(frozen=True, slots=True)
class FieldView:
    key: str  # joins the table row and the box on the page
    number: int | None  # printed beside the box; None where there is no box
    label: Bilingual
    field: Field
    value: Bilingual
    raw: str  # only where it says something else than the value
    reason: Bilingual | None
    items: list[Item]
    table: TableView | None = None


@dataclass(frozen=True, slots=True)
class PageView:
    page: PageReport
    picture: str | None
    boxes: list[FieldView]


@dataclass(frozen=True, slots=True)
class DocumentView:
    key: str
    document: DocumentReport
    title: Bilingual
    pages: list[PageView]
    present: list[FieldView]
    missing: list[FieldView]


@dataclass(frozen=True, slots=True)
class CutOut:
    picture: str
    whole: bool  # the page as a whole, not a place on it
    document: str
    page: int


@dataclass(frozen=True, slots=True)
class FindingView:
    number: int
    finding: Finding
    about: Bilingual | None  # the field it speaks of
    cut_outs: list[CutOut]
    actual: Any
    expected: Any


def render(
    report: Report,
    pictures: Pictures | None = None,
    *,
    profile: Profile | None = None,
    language: Language = "both",
    seconds: float | None = None,
) -> str:
    """The whole report as one HTML text. Each page's picture is asked for once and let go.

    `profile` gives its own names of slots and declared values, and says what was compared with what.
    """
    titles = words.titles(profile)
    told = merged(report.findings)
    album = _Album(report, told, pictures, titles)
    documents = [album.document(place) for place in range(len(report.documents))]
    findings = [album.finding(number, f) for number, f in enumerate(told, start=1)]
    script = _script()
    return (
        _environment()
        .get_template("report.html.j2")
        .render(
            report=report,
            language=language,
            seconds=seconds,
            titles=titles,
            findings=findings,
            documents=documents,
            declared=declared_beside_read(report, profile),
            steps=_steps([f for f in findings if f.finding.verdict is report.verdict]),
            checks={
                result: sorted((c for c in report.checks if c.result is result), key=lambda c: not c.required)
                for result in CheckResult
            },
            check_names={c.id: words.check_name(c.id, profile) for c in report.checks},
            counts={severity: sum(f.severity is severity for f in told) for severity in Severity},
            style=Markup((_TEMPLATES / "report.css").read_text("utf-8")),  # noqa: S704 - our own file
            script=script,
            script_hash=_hash(script),
        )
    )


def write(report: Report, profile: Profile, pictures: Pictures, folder: Path) -> None:
    """The report as `report.html` in a folder: the view of reports that batches write (`pipeline/views.py`)."""
    write_whole(folder / "report.html", render(report, pictures, profile=profile))


def _steps(deciding: list[FindingView]) -> list[list[FindingView]]:
    """What to do first: the findings that lead to the verdict, those with one remedy together."""
    by_remedy: dict[Bilingual, list[FindingView]] = {}
    for view in deciding:
        by_remedy.setdefault(view.finding.remedy, []).append(view)
    return list(by_remedy.values())[:_STEPS]


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        words=words, proof_title=title_of, Status=Status, CheckResult=CheckResult, Severity=Severity
    )
    environment.filters.update(shown=shown, visible=words.visible, points=_points)
    return environment


def _script() -> Markup:
    return Markup((_TEMPLATES / "report.js").read_text("utf-8"))  # noqa: S704 - our own file


def _hash(script: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")


def _points(box: Any) -> str:
    return " ".join(f"{x:.1f},{y:.1f}" for x, y in box)


class _Album:
    """Everything cut from pictures. One page is held at a time: pages are visited once, in order."""

    def __init__(
        self, report: Report, findings: Sequence[Finding], pictures: Pictures | None, titles: Mapping[str, Bilingual]
    ) -> None:
        self._report = report
        self._findings = findings
        self._titles = titles
        self._pages: dict[tuple[str, int], str] = {}
        self._cut_outs: dict[Evidence, CutOut] = {}
        if pictures:
            self._visit(pictures)

    def _visit(self, pictures: Pictures) -> None:
        wanted = list(dict.fromkeys(e for f in self._findings for e in f.evidence))[:_MAX_CUT_OUTS]
        for document in self._report.documents:
            for page in document.pages:
                picture = _picture(pictures, document.file, page.number)
                if picture is None:
                    continue
                self._pages[document.file, page.number] = page_jpeg(picture)
                for evidence in wanted:
                    if (evidence.document, evidence.part, evidence.page or document.pages[0].number) == (
                        document.file,
                        document.part,
                        page.number,
                    ):
                        self._cut(evidence, picture, page)

    def _cut(self, evidence: Evidence, picture: Image, page: PageReport) -> None:
        scale = picture.shape[1] / max(page.width, 1)
        cut = cut_out(picture, [evidence.box], scale) if evidence.box else None
        self._cut_outs[evidence] = CutOut(cut or thumbnail(picture), cut is None, evidence.document, page.number)

    def finding(self, number: int, finding: Finding) -> FindingView:
        """A finding with its pictures; where it names two values, each marked where they differ."""
        actual, expected = finding.actual, finding.expected
        both = actual is not None and expected is not None
        return FindingView(
            number,
            finding,
            self._about(finding),
            [self._cut_outs[e] for e in dict.fromkeys(finding.evidence) if e in self._cut_outs],
            differences(shown(actual), shown(expected)) if both else actual and shown(actual),
            differences(shown(expected), shown(actual)) if both else expected and shown(expected),
        )

    def _about(self, finding: Finding) -> Bilingual | None:
        if not finding.field:
            return None
        if finding.field in self._titles:
            return self._titles[finding.field]
        if finding.field in words.DECLARED_KEYS:
            return words.declared_name(finding.field)
        kinds = [
            d.type for d in self._report.documents if finding.field in d.fields and finding.document in (None, d.file)
        ]
        return words.field_name(kinds[0] if kinds else "", finding.field)

    def document(self, place: int) -> DocumentView:
        """One document: its pages with the boxes on them, its fields in the order of their declaration."""
        document = self._report.documents[place]
        fields: list[FieldView] = []
        number = 0
        for name, field in document.fields.items():
            located = field.box is not None and any(p.number == (field.page or 1) for p in document.pages)
            number += located
            fields.append(_field_view(document, f"d{place}-{len(fields)}", number if located else None, name, field))
        pages = [
            PageView(
                page,
                self._pages.get((document.file, page.number)),
                [f for f in fields if f.number and (f.field.page or 1) == page.number],
            )
            for page in document.pages
        ]
        return DocumentView(
            f"d{place}",
            document,
            words.type_name(document.type),
            pages,
            [f for f in fields if f.field.status is not Status.MISSING],
            [f for f in fields if f.field.status is Status.MISSING],
        )


def _field_view(document: DocumentReport, key: str, number: int | None, name: str, field: Field) -> FieldView:
    value = words.field_value(document.type, name, field)
    raw = words.visible(field.raw)
    listed = field.value if isinstance(field.value, list) else []
    items = [item for item in listed if isinstance(item, Item)]
    table = table_view(document.type, [row for row in listed if isinstance(row, dict)])
    return FieldView(
        key,
        number,
        words.field_name(document.type, name),
        field,
        value,
        "" if listed or _plain(raw) == _plain(value.zh) else raw,
        words.reason(field.reason) if field.reason else None,
        items,
        table,
    )


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def _picture(pictures: Pictures, file: str, page: int) -> Image | None:
    """A page's picture, or None: a report without one picture is better than no report."""
    try:
        return pictures(file, page)
    except HeyanError:
        return None
