"""The fields of one document while they are being proven, and the thresholds proofs share."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from extractors.form import LOW_CONFIDENCE
from extractors.model import Field, Source, Status
from validators.findings import Evidence, Finding, Verdict, finding

__all__ = ["HIGH_CONFIDENCE", "LOW_CONFIDENCE", "Proof"]

# Two readings this sure that contradict each other are no misreading. Used only beside other evidence.
HIGH_CONFIDENCE = 0.9


@dataclass(slots=True)
class Proof:
    """A working copy of a record's fields; proofs mark them and report what they find."""

    fields: dict[str, Field]
    document: str | None = None
    part: int = 1
    source: Source = Source.OCR
    extra: dict[str, Any] = field(default_factory=dict)  # what else is known of the document: a code that was read
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_text(self) -> bool:
        """The file carries the characters themselves: what is wrong there was written so."""
        return self.source is not Source.OCR

    @property
    def is_data(self) -> bool:
        """The file names its fields too: no layout had to be understood."""
        return self.source in (Source.XML, Source.OFD)

    def get(self, name: str) -> Field | None:
        """A field that holds a value, else None."""
        found = self.fields.get(name)
        return None if found is None or found.status is Status.MISSING or found.value is None else found

    def value(self, name: str) -> Any:
        found = self.get(name)
        return found.value if found else None

    def mark(self, name: str, status: Status, reason: str, **updates: Any) -> None:
        self.fields[name] = self.fields[name].model_copy(update={"status": status, "reason": reason, **updates})

    def report(self, code: str, name: str, *, verdict: Verdict | None = None, **params: Any) -> None:
        """Add a finding about a field, with its place on the page as evidence."""
        found = self.fields[name]
        # A caller that names no document puts its own name in: the page and the box are known here only.
        evidence = (Evidence(document=self.document or "", part=self.part, page=found.page, box=found.box),)
        self.findings.append(
            finding(code, document=self.document, field=name, verdict=verdict, evidence=evidence, **params)
        )
