"""Electronic signatures of a file, told honestly: what was proven of them and what was not.

Nothing here says that a signer is who the certificate names: that needs the roots of China's certificate
authorities, which no file brings along.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Literal

from pydantic import BaseModel, ConfigDict


class Integrity(StrEnum):
    """Whether the signed bytes are the ones that were signed."""

    INTACT = "intact"  # digest and the public-key signature over it both verified
    BROKEN = "broken"  # one of them is wrong: the file was changed after signing, or the signature is no good
    NOT_CHECKED = "present, not checked"
    ABSENT = "absent"


class Signature(BaseModel):
    """One signature or seal of a file; a file without any has one of kind and integrity `absent`."""

    model_config = ConfigDict(frozen=True)

    kind: Literal["pdf", "ofd", "xml", "tax_xml"]
    integrity: Integrity
    signer: str = ""  # as the certificate says
    signed_on: date | None = None  # as the signature says
    covers: Literal["whole", "part", ""] = ""
    why: str = ""  # English: what was checked and what was not; no text of the document


def absent(kind: Literal["pdf", "ofd", "xml", "tax_xml"]) -> Signature:
    return Signature(kind=kind, integrity=Integrity.ABSENT)
