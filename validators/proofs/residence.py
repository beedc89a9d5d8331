"""Residence permits of Hong Kong, Macau and Taiwan residents: number, birth date, sex, region."""

from __future__ import annotations

from collections.abc import Mapping

from extractors.model import Status
from validators.identifiers.text import compact
from validators.proofs import id_card
from validators.proofs.base import Proof
from validators.proofs.validity import prove_span

YEARS = (5,)  # 港澳台居民居住证申领发放办法, art. 8


def prove_residence(proof: Proof, permits: Mapping[str, str]) -> None:
    """Cross-checks within one permit; `permits`: how travel permits of each region's people (two digits) begin."""
    id_card.prove_number_with_print(proof)
    _prove_region(proof, permits)
    prove_span(proof, "valid_from", YEARS)


def _prove_region(proof: Proof, permits: Mapping[str, str]) -> None:
    number = compact(str(proof.value("id_number") or ""))
    if len(number) != 18:
        return
    region = number[:2]
    if region not in permits or number[2:6] != "0000":
        proof.mark("id_number", Status.DOUBTFUL, "region_differs")
        proof.report("ID_RESIDENCE_REGION", "id_number", expected="/".join(f"{r}0000" for r in permits), actual=number)
    elif (permit := compact(str(proof.value("permit_number") or ""))) and not permit.startswith(permits[region]):
        proof.mark("permit_number", Status.DOUBTFUL, "region_differs")
        proof.report("ID_PERMIT_DIFFERS", "permit_number", expected=permits[region], actual=permit)
