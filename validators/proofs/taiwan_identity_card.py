"""Taiwan identity card: the number's second place against the sex printed beside it."""

from __future__ import annotations

from extractors.model import Status
from validators.identifiers import taiwan_id
from validators.proofs.base import Proof


def prove(proof: Proof) -> None:
    """Cross-check within one card; the reading is never corrected to agree."""
    number, printed = str(proof.value("id_number") or ""), proof.value("sex")
    if not taiwan_id.is_valid(number) or printed is None:
        return
    inside = taiwan_id.sex(taiwan_id.validate(number))
    if printed == inside:
        if proof.fields["id_number"].status is Status.VERIFIED:
            proof.mark("sex", Status.VERIFIED, "id_number")
        return
    for name in ("sex", "id_number"):
        proof.mark(name, Status.DOUBTFUL, "sex_differs")
    proof.report("ID_CARD_SEX_DIFFERS", "sex", expected=inside, actual=printed)
