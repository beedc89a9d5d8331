"""Telephone number at which a company is reached: of mainland China, or international with + and the country code.

Mainland: a mobile number, a landline with its area code (010, 02x, 03xx to 09xx), or a service number (400, 800, 95,
96); an extension may follow. Whether an international number exists only its own country's numbering plan can say.

>>> [validate(n) for n in ('(0571) 8888-0000', '+86 571 88880000', '010-65880000转801', '+49 30 901820')]
['0571-88880000', '0571-88880000', '010-65880000-801', '+4930901820']
>>> [is_valid(n) for n in ('88880000', '+86 88880000', '0571-888', '+0 123')]
[False, False, False, False]
"""

from __future__ import annotations

import re
import unicodedata

from stdnum.exceptions import InvalidFormat, ValidationError

from validators.identifiers import mobile

__all__ = ["compact", "is_valid", "validate"]

_EXTENSION = re.compile(r"\s*(?:转|分机|ext\.?|x|#)\s*:?\s*([0-9]{1,6})$", re.IGNORECASE)
_DASHED_EXTENSION = re.compile(r"(?<=[0-9]{7})-([0-9]{1,6})$")
_LANDLINE = re.compile(r"0?(10|2[0-9])([2-9][0-9]{7})|0?([3-9][0-9]{2})([2-9][0-9]{6,7})")
_SERVICE = re.compile(r"[48]00[0-9]{7}|9[56][0-9]{3,6}")
_INTERNATIONAL = re.compile(r"\+[1-9][0-9]{6,14}")  # E.164


def compact(number: str) -> str:
    """The number without signs; + stays, and stands for 00."""
    plain = re.sub(r"[\s().·‐‑‒–—―−-]+", "", unicodedata.normalize("NFKC", number))
    return re.sub(r"^00(?=[1-9])", "+", plain)


def validate(number: str) -> str:
    """The one form of a number; raises ValidationError."""
    text = unicodedata.normalize("NFKC", number).strip()
    extension = _EXTENSION.search(text) or _DASHED_EXTENSION.search(text)
    plain = compact(text[: extension.start()] if extension else text)
    if re.match(r"\+(?!86)", plain):
        found = plain if _INTERNATIONAL.fullmatch(plain) else None
    else:
        found = _mainland(plain.removeprefix("+86"), with_country=plain.startswith("+"))
    if found is None:
        raise InvalidFormat()
    return f"{found}-{extension.group(1)}" if extension else found


def is_valid(number: str) -> bool:
    try:
        return bool(validate(number))
    except ValidationError:
        return False


def _mainland(number: str, *, with_country: bool) -> str | None:
    if mobile.is_valid(number):
        return mobile.validate(number)
    if _SERVICE.fullmatch(number):
        return number
    match = _LANDLINE.fullmatch(number)
    if match is None or not (with_country or number.startswith("0")):
        return None
    area, line = (part for part in match.groups() if part)
    return f"0{area}-{line}"
