"""Invented runs, submissions and judgements for the tests of the store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from extractors.model import Field, Item, Record, Status, rectangle
from pipeline.documents import Document
from pipeline.report import DocumentReport, PageReport, Report
from pipeline.store import Attempt, Judged, Planned, Run, Store
from pipeline.submission import Submission, SubmittedFile
from validators.case import Earlier, FiledDocument
from validators.due import Due
from validators.findings import Verdict, finding

AS_OF = date(2026, 11, 22)
PROFILE = "1688/name-verification"


def submission(name: str = "one", mobile: str = "13800000000") -> Submission:
    files = (SubmittedFile(Path(f"/in/{name}/a.jpg"), "a.jpg", "business_licence", "front"),
             SubmittedFile(Path(f"/in/{name}/b.pdf"), "b.pdf"))  # fmt: skip
    earlier = (Earlier(PROFILE, Verdict.ACCEPT, date(2026, 5, 1), {"company_name": "云帆"}, {"a.name": "云帆"}),)
    return Submission(name, PROFILE, {"mobile": mobile, "is_new": True, "fax": None}, files, ("x.docx",), earlier)


def planned(position: int, told: Submission | None = None) -> Planned:
    told = told or submission(f"s{position}")
    return Planned(position, position + 2, told, f"file:///in/{told.name}")


def begun(store: Store, places: int = 0, **given: object) -> Run:
    """A run with so many places."""
    values = {"source": "/in", "out": "/out", "as_of": AS_OF, **given}
    run = store.begin("batch", **values)  # type: ignore[arg-type]
    store.plan(run.id, map(planned, range(places)))
    return run


def documents(name: str = "a.jpg") -> list[Document]:
    fields = {
        "credit_code": Field(value="91330108MA2CG4HU6R", status=Status.VERIFIED, box=rectangle(1, 2, 3.5, 4), page=1),
        "established_on": Field(value=date(2020, 2, 29), raw="2020年2月29日", alternates=("2020年2月28日",)),
        "amount": Field(value=Decimal("1.00")),
        "items": Field(value=[Item(name="服务", amount=Decimal("0.10"), tax_rate="6%")]),
        "rows": Field(value=[{"count": 3, "price": Decimal("2.50"), "on": date(2026, 1, 1), "none": None}]),
    }
    report = DocumentReport(
        file=name, sha256="0" * 64, type="business_licence", fields=fields, pages=[PageReport(width=10, height=20)]
    )
    told = finding("FILE_IGNORED", document=name)
    return [(report, FiledDocument(name, Record("business_licence", fields), size=(10, 20), findings=(told,)))]


def judged(
    key: str = "k1",
    verdict: Verdict = Verdict.REVIEW,
    *,
    as_of: date = AS_OF,
    due: Sequence[Due] = (),
    codes: Sequence[str] = ("FILE_IGNORED",),
    digest: str = "p1",
    name: str = "one",
) -> Judged:
    report = Report(
        submission=name, profile=PROFILE, as_of=as_of.isoformat(), verdict=verdict, checks=[],
        documents=[report for report, _ in documents()],
        findings=[finding(code, document="a.jpg", actual=1) for code in codes],
    )  # fmt: skip
    return Judged(report, key, digest, ("r1", "r2"), due, reused=1)


def attempt(run: Run, key: str = "r1", outcome: str = "read", worker: str = "vm:1", **given: object) -> Attempt:
    values = {"seconds": 2.0, "rss_mb": 600.0, "timings": {"open": 10.0, "read": 1990.0}, **given}
    return Attempt(run.id, key, "0" * 64, worker, outcome, **values)  # type: ignore[arg-type]
