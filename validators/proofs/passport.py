"""Passport: the printed zone against the machine-readable one, whose check digits hold.

Two zones that agree verify each other. What differs is doubtful and told, never corrected: an altered passport is just
one whose zones differ. Only a letter where the number's zone has the digit it looks like counts as misread.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from extractors.model import Status
from validators import nationalities
from validators.identifiers import mrz, passport_number
from validators.identifiers.text import DIGIT_FOR
from validators.persons import agrees_with_mrz
from validators.proofs.base import Proof
from validators.proofs.validity import prove_span

YEARS = (5, 10)  # passports of the People's Republic of China: 5 under the age of 16
_SEXES = {"M": "男", "F": "女"}
_FROM_ZONE = "mrz"  # the extractor's reason for a value the printed zone does not give


def prove(proof: Proof) -> None:
    """Cross-checks within one data page."""
    zone = proof.get("mrz")
    if zone and zone.status is Status.VERIFIED:
        _prove_zones(proof, mrz.parse(str(zone.value)))
    elif zone:
        for name, found in proof.fields.items():
            if found.reason == _FROM_ZONE:
                proof.mark(name, Status.DOUBTFUL, "mrz_not_proven")
    if passport_number.is_chinese(str(proof.value("passport_number") or "")) and _chinese(proof):
        prove_span(proof, "issued_on", YEARS)


def _chinese(proof: Proof) -> bool:
    return nationalities.code_of(str(proof.value("issuing_country") or "")) == "CHN"


def _prove_zones(proof: Proof, zone: mrz.Zone) -> None:
    _prove_number(proof, zone)
    _settle(proof, "born_on", zone.birth, lambda value: _same_day(value, zone.birth))
    _settle(proof, "valid_to", zone.expiry, lambda value: _same_day(value, zone.expiry))
    _settle(proof, "sex", _SEXES.get(zone.sex, ""), lambda value: value == _SEXES.get(zone.sex))
    _settle(proof, "nationality", zone.nationality, lambda value: _same_country(value, zone.nationality))
    _settle(proof, "issuing_country", zone.issuer, lambda value: _same_country(value, zone.issuer))
    name = f"{zone.surname} {zone.given}".strip()

    def same_name(value: object) -> bool:
        return agrees_with_mrz(str(value), zone.surname, zone.given, cut=zone.names_cut)

    for field in ("name_latin", "name"):
        if str(proof.value(field) or "")[:1] < "\u2e80":  # a name in characters is not in the zone
            _settle(proof, field, name, same_name)


def _settle(proof: Proof, name: str, said: str, agrees: Callable[[object], bool | None]) -> None:
    """Mark one field by whether it agrees with the zone; None where that cannot be said."""
    found = proof.get(name)
    if found is None or not said.strip("<"):
        return
    if found.reason == _FROM_ZONE:
        return  # the only reading there is
    agreed = agrees(found.value)
    if agreed and found.reason in ("", "low_confidence", "unlabelled"):
        proof.mark(name, Status.VERIFIED, "mrz_agrees")
    elif agreed is False:
        proof.mark(name, Status.DOUBTFUL, "mrz_differs")
        proof.report("ID_MRZ_DIFFERS", name, expected=said, actual=found.value)


def _prove_number(proof: Proof, zone: mrz.Zone) -> None:
    found = proof.get("passport_number")
    if found and found.reason != _FROM_ZONE and _misread(passport_number.compact(str(found.value)), zone.number):
        proof.mark("passport_number", Status.VERIFIED, "mrz_agrees", value=zone.number)
        proof.report("ID_REPAIRED", "passport_number", raw=found.raw, actual=zone.number)
        return
    _settle(proof, "passport_number", zone.number, lambda value: passport_number.compact(str(value)) == zone.number)


def _misread(printed: str, said: str) -> bool:
    """Whether the numbers differ, and only by letters for the digits they look like or the other way round."""
    if len(printed) != len(said) or printed == said:
        return False
    return all(a == b or DIGIT_FOR.get(a) == b or DIGIT_FOR.get(b) == a for a, b in zip(printed, said, strict=True))


def _same_day(value: object, said: str) -> bool | None:
    """Whether a date is that of the zone, as far as the zone knows it."""
    if not isinstance(value, date) or not said.isdigit():
        return None
    return f"{value:%y%m%d}" == said


def _same_country(value: object, said: str) -> bool | None:
    if str(value).upper() == said:
        return True
    printed, inside = nationalities.code_of(str(value)), nationalities.code_of(said)
    if not printed or not inside:
        return None
    # A country that agrees does not prove what else was read as its name: a date of the next column.
    return (nationalities.says_only(str(value)) or None) if printed == inside else False
