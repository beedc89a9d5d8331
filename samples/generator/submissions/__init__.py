"""The committed submissions: what each one shows, one function each.

`expected.yaml` names the finding codes that must be among the report's; the verdict must be equal. Submissions to
one platform share one applicant and, byte for byte, the papers they have in common.
"""

from __future__ import annotations

from pathlib import Path

from samples.generator import packet
from samples.generator.submissions import alibaba, ciie, enterprises, jd, ledger, procurement, registry, yiwu
from samples.generator.submissions.foreign_representatives import ABROAD, HONG_KONG, TAIWAN
from samples.generator.submissions.listing import SAMPLES

__all__ = ["SAMPLES", "draw", "enterprises"]
FOLDER = Path(__file__).resolve().parents[2] / "submissions"
REGISTERED = (
    *(registry.row(firm) for firm in (procurement.FIRM, alibaba.FIRM, jd.FIRM, yiwu.FIRM, ciie.FIRM)),
    registry.row(HONG_KONG.firm, HONG_KONG.who.permit),
    registry.row(TAIWAN.firm, TAIWAN.who.permit, registry.REVOKED),
    registry.row(ABROAD.firm, ABROAD.who.passport),
)


def draw(names: list[str]) -> None:
    """Redraws the named submissions, or all, and the registry table; ValueError for a name that is none."""
    if unknown := sorted(set(names) - set(SAMPLES)):
        raise ValueError(f"No such sample: {', '.join(unknown)}. Known: {', '.join(SAMPLES)}.")
    registry.write(FOLDER.with_name("registry.csv"), REGISTERED)
    ledger.write(FOLDER.with_name("invoices"))
    for name in names or SAMPLES:
        chosen = SAMPLES[name]
        packet.build(FOLDER / name, chosen.fill, chosen.verdict, chosen.findings, chosen.why)
