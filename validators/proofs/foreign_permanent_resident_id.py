"""Foreign permanent resident ID card: the number against birth date and nationality beside it; the validity."""

from __future__ import annotations

from extractors.model import Status
from validators import nationalities
from validators.identifiers import foreign_resident_id
from validators.proofs import id_card
from validators.proofs.base import Proof
from validators.proofs.validity import prove_span

YEARS = (5, 10)


def prove(proof: Proof) -> None:
    """Cross-checks within one card; both editions hold the nationality, the one of 2023 the birth date too."""
    id_card.prove_birth(proof)
    _prove_nationality(proof)
    prove_span(proof, "valid_from", YEARS)


def _prove_nationality(proof: Proof) -> None:
    number = foreign_resident_id.compact(str(proof.value("id_number") or ""))
    if not foreign_resident_id.is_valid(number):
        return
    inside = nationalities.code_of(foreign_resident_id.nationality(number))
    text = str(proof.value("nationality") or "")
    printed = nationalities.code_of(text)
    if not inside or not printed:
        return
    if inside == printed:
        if foreign_resident_id.has_check_digit(number) and nationalities.says_only(text):
            proof.mark("nationality", Status.VERIFIED, "id_number")
        return
    for name in ("nationality", "id_number"):
        proof.mark(name, Status.DOUBTFUL, "nationality_differs")
    proof.report("ID_CARD_NATIONALITY_DIFFERS", "nationality", expected=inside, actual=proof.value("nationality"))
