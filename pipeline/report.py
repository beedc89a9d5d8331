"""The report: the one definition of what Heyan says about a submission (design §4.3).

JSON is this model as it stands; HTML and the terminal table are views of it. The same model without
verdict and checks is what `heyan extract` prints (`Extraction`).
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel
from pydantic import Field as Default

from extractors.model import Field, Source
from validators.findings import Check, Finding, Verdict
from validators.invoice_proofs import InvoiceProof
from validators.signatures import Signature

SCHEMA = "heyan.report/1"


class PageReport(BaseModel):
    """One page as it was read: size in pixels after turning it upright by `rotation` degrees."""

    number: int = 1
    width: int
    height: int
    rotation: Literal[0, 90, 180, 270] = 0  # degrees clockwise the picture was turned to stand upright
    source: Source = Source.OCR


class DocumentReport(BaseModel):
    """One document: a file, or part `part` of a file that holds several."""

    file: str  # as named in the submission, relative to its folder
    part: int = 1
    sha256: str = ""
    bytes: int = 0
    format: str = ""  # by content: jpeg, png, pdf, …
    slot: str | None = None
    type: str = "unknown"
    side: str = ""  # front, back or both, for types that have sides
    type_confidence: float = 0.0
    type_reasons: tuple[str, ...] = ()
    pages: list[PageReport] = Default(default_factory=list)
    fields: dict[str, Field] = Default(default_factory=dict)
    quality: dict[str, Any] = Default(default_factory=dict)  # measures of the first page; `fields`: of the key fields
    signatures: tuple[Signature, ...] = ()  # of a PDF, OFD or XML; one of `absent` where there is none
    proofs: tuple[InvoiceProof, ...] = ()  # of an invoice: what was proven of it, and what could not be
    copy_of: tuple[str, int] | None = None  # file and part of the better carrier of the same invoice


class Extraction(BaseModel):
    """`heyan extract --json`: documents in the order of the arguments, and what is wrong with them."""

    documents: list[DocumentReport]
    findings: list[Finding] = Default(default_factory=list)


class Report(BaseModel):
    """Everything about one submission: verdict, documents, findings, checks and how it was read."""

    schema_: str = Default(default=SCHEMA, alias="schema")
    submission: str
    profile: str
    as_of: str  # YYYY-MM-DD
    verdict: Verdict
    declared: dict[str, Any] = Default(default_factory=dict)
    documents: list[DocumentReport]
    findings: list[Finding]
    checks: list[Check]
    notes: list[dict[str, str]] = Default(default_factory=list)  # the platform's own steps, told to the applicant
    engine: dict[str, Any] = Default(default_factory=dict)
    timings_ms: dict[str, float] = Default(default_factory=dict)

    model_config = {"populate_by_name": True}
