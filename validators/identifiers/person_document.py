"""The number of any document a person may be registered with: which kinds it can be, and whether it is right as one.

As platforms ask for it: brackets half-width; travel permits of Hong Kong and Macau residents with or without the issue
count, of Taiwan residents with count and place of issue; identity cards of Hong Kong (a letter, six digits, one in
brackets), Macau and Taiwan; passports; the citizen's 18 (or old 15) characters and the residence permits that share
their form; the foreign permanent resident's card.

>>> [' '.join(sorted(kinds(n))) for n in ('11010519491231002X', 'H1234567801', 'A123456(3)', '01234567', '1234567(8)')]
['id_number', 'hk_macau_permit', 'hk_id', 'passport_number taiwan_permit', 'macau_id']
>>> is_valid('11010519491231002X'), is_valid('110105194912310021'), is_valid('A123456（3）'), is_valid('张三')
(True, False, False, False)
"""

from __future__ import annotations

import re
from collections.abc import Callable

from stdnum.exceptions import InvalidChecksum, InvalidFormat, ValidationError

from extractors.model import Kind
from validators.identifiers import (
    citizen_id,
    foreign_resident_id,
    hk_id,
    hk_macau_permit,
    macau_id,
    passport_number,
    taiwan_id,
    taiwan_permit,
)
from validators.identifiers.text import compact

__all__ = ["FullWidthBrackets", "compact", "is_valid", "kinds", "validate"]

_WIDE_BRACKETS = re.compile("[（）［］【】]")

_VALIDATE: dict[Kind, Callable[[str], str]] = {
    Kind.FOREIGN_RESIDENT_ID: foreign_resident_id.validate,
    Kind.ID_NUMBER: citizen_id.validate,
    Kind.HK_MACAU_PERMIT: hk_macau_permit.validate,
    Kind.TAIWAN_PERMIT: taiwan_permit.validate,
    Kind.HK_ID: hk_id.validate,
    Kind.MACAU_ID: macau_id.validate,
    Kind.TAIWAN_ID: taiwan_id.validate,
    Kind.PASSPORT_NUMBER: passport_number.validate,
}
# A number that fits several forms: these carry a check digit or a form so much their own that it is no other kind.
_DECIDED = (Kind.FOREIGN_RESIDENT_ID, Kind.ID_NUMBER, Kind.TAIWAN_ID)


class FullWidthBrackets(InvalidFormat):
    """The brackets are full-width; platforms take half-width ones only."""

    message = "Brackets must be half-width."


def kinds(text: str) -> frozenset[Kind]:
    """Every kind whose form and check digits the number has; none where it is no person's number."""
    return frozenset(_valid(compact(text))[0])


def validate(text: str) -> str:
    """The canonical number, of the most telling kind; raises FullWidthBrackets, InvalidChecksum or InvalidFormat."""
    if _WIDE_BRACKETS.search(text):
        raise FullWidthBrackets()
    found, checksum = _valid(compact(text))
    if found:
        return next(iter(found.values()))
    raise InvalidChecksum() if checksum else InvalidFormat()


def is_valid(text: str) -> bool:
    try:
        return bool(validate(text))
    except ValidationError:
        return False


def _valid(text: str) -> tuple[dict[Kind, str], bool]:
    """Kinds with the canonical number, and whether a check digit alone was wrong."""
    found: dict[Kind, str] = {}
    checksum = False
    for kind, check in _VALIDATE.items():
        try:
            found[kind] = check(text)
        except InvalidChecksum:
            checksum = True
        except ValidationError:
            continue
        if kind in _DECIDED and kind in found:
            return {kind: found[kind]}, False
    if "(" not in text:  # without their brackets these are told apart from nothing
        found.pop(Kind.HK_ID, None)
        found.pop(Kind.MACAU_ID, None)
    return found, checksum
