"""The order findings are told in, each thing once."""

from __future__ import annotations

from collections.abc import Sequence

from validators.findings import Finding, Severity


def merged(findings: Sequence[Finding]) -> list[Finding]:
    """What weighs most first; what several checks say in the same words is told once, with all their sources."""
    told: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        said = (finding.code, finding.verdict, finding.document, finding.field, finding.message, finding.remedy)
        told.setdefault(said, []).append(finding)
    severities = list(Severity)
    return sorted(map(_as_one, told.values()), key=lambda f: (-f.verdict.rank, severities.index(f.severity)))


def _as_one(same: list[Finding]) -> Finding:
    sources = dict.fromkeys(finding.source for finding in same if finding.source)
    evidence = dict.fromkeys(place for finding in same for place in finding.evidence)
    return same[0].model_copy(update={"source": ", ".join(sources) or None, "evidence": tuple(evidence)})
