"""Seals and signatures of an OFD (GB/T 33190-2016 §18): whether the signed parts are the ones that were signed.

A signature lists a digest of each part it covers; what is signed is that list. A seal's value is an SES_Signature
(GB/T 38540-2020, and GM/T 0031-2014 before it), a plain signature's a PKCS #7 (GM/T 0010). Who issued the certificate
is never judged here.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from xml.etree.ElementTree import Element

from cryptography.hazmat.primitives import hashes

from extractors.errors import DocumentError
from pipeline.ofd_document import Document, Rectangle, child, children, rectangle_of, text_of
from pipeline.ofd_package import Package
from pipeline.signed_value import Unreadable, Value, digest, proven, read_value
from validators.signatures import Integrity, Signature, absent

_MAX_SIGNATURES, _MAX_REFERENCES = 20, 5_000
_DIGESTS: dict[str, type[hashes.HashAlgorithm]] = {
    "1.2.156.10197.1.401": hashes.SM3,
    "1.3.14.3.2.26": hashes.SHA1,
    "2.16.840.1.101.3.4.2.1": hashes.SHA256,
    "2.16.840.1.101.3.4.2.2": hashes.SHA384,
    "2.16.840.1.101.3.4.2.3": hashes.SHA512,
    "1.2.840.113549.2.5": hashes.MD5,
    "sm3": hashes.SM3,
    "sha1": hashes.SHA1,
    "sha256": hashes.SHA256,
    "md5": hashes.MD5,
}


@dataclass(frozen=True, slots=True)
class _Sealed:
    """One signature: the part that lists what it covers, that list, and the part of its value."""

    part: str
    root: Element
    value: str | None
    covered: frozenset[str]


@dataclass(frozen=True, slots=True)
class Stamp:
    """A seal as it stands on a page: its box in millimetres, and its picture or an OFD that draws it."""

    boundary: Rectangle
    picture: bytes


def stamps(package: Package, document: Document, page_id: str) -> list[Stamp]:
    """The seals that are set on a page."""
    found = []
    for part in _named(package, document.signatures) if document.signatures else ():
        one = _sealed(package, part)
        places = [
            box for place in children(child(one.root, "SignedInfo"), "StampAnnot")
            if (place.get("PageRef") or "").strip() == page_id and (box := rectangle_of(place.get("Boundary")))
        ]  # fmt: skip
        if places and (value := _value(package, one)) and value.picture:
            found += [Stamp(box, value.picture) for box in places]
    return found[:_MAX_SIGNATURES]


def signatures(package: Package, documents: Sequence[Document]) -> tuple[Signature, ...]:
    """The signatures of the file in order; one that says `absent` where it has none."""
    listings = list(dict.fromkeys(d.signatures for d in documents if d.signatures))
    found = [_sealed(package, part) for listing in listings for part in _named(package, listing)]
    if found:
        checks = _Checks(package, listings, found)
        return tuple(checks.of(one) for one in found)
    if any("signedvalue" in part.lower() for part in package.parts):
        why = "a signature lies in the file, but the file does not list it"
        return (Signature(kind="ofd", integrity=Integrity.NOT_CHECKED, why=why),)
    return (absent("ofd"),)


def _named(package: Package, listing: str) -> list[str]:
    elements = children(package.optional_xml(listing), "Signature")[:_MAX_SIGNATURES]
    return [part for e in elements if (part := package.find(listing, e.get("BaseLoc")))]


def _sealed(package: Package, part: str) -> _Sealed:
    root = package.optional_xml(part)
    root = root if root is not None else Element("Signature")
    covered = frozenset(found for ref in _references(root) if (found := package.find("", ref.get("FileRef"))))
    return _Sealed(part, root, package.find(part, text_of(root, "SignedValue")), covered)


def _references(root: Element) -> list[Element]:
    return children(child(child(root, "SignedInfo"), "References"), "Reference")[:_MAX_REFERENCES]


def _value(package: Package, one: _Sealed) -> Value | None:
    try:
        return read_value(package.read(one.value)) if one.value else None
    except (Unreadable, DocumentError):
        return None


class _Checks:
    """What can be said of each signature of a file, beside its others."""

    def __init__(self, package: Package, listings: Sequence[str], found: Sequence[_Sealed]) -> None:
        self._package = package
        # Parts that signing itself writes, and those that change with every further signature: the lists of them.
        self._own = {*listings, *(one.part for one in found), *(one.value for one in found)}
        self._grown = frozenset(listings) if len(found) > 1 else frozenset()
        self._covered = frozenset().union(*(one.covered for one in found))
        self._digests: dict[tuple[str, type[hashes.HashAlgorithm]], bytes] = {}

    def of(self, one: _Sealed) -> Signature:
        parts = self._package.parts
        loose = [part for part in parts if part not in one.covered and part not in self._own]
        value = _value(self._package, one)
        integrity, why = self._integrity(one, value)
        if loose:
            added = sum(part not in self._covered for part in loose)
            why += f"; {len(loose)} of {len(parts)} parts of the file are not covered by it"
            why += f" ({added} by no signature at all)" if added else ""
        day = _day(value.time) if value else None
        return Signature(
            kind="ofd",
            integrity=integrity,
            signer=value.signer if value else "",
            signed_on=day or _day(text_of(child(one.root, "SignedInfo"), "SignatureDateTime")),
            covers=("part" if loose else "whole") if one.covered else "",
            why=why,
        )

    def _integrity(self, one: _Sealed, value: Value | None) -> tuple[Integrity, str]:
        told, digests = self._listed(one)
        if told is Integrity.BROKEN:
            return told, digests
        if value is None:
            return Integrity.NOT_CHECKED, f"{digests}; the signature value cannot be read"
        held, signature = proven(value, self._package.read(one.part))
        if held is Integrity.INTACT:
            held = told
        return held, f"{digests}; {signature}; who issued the certificate was not checked"

    def _listed(self, one: _Sealed) -> tuple[Integrity, str]:
        """Whether the parts have the digests that the signature lists."""
        listed = child(child(one.root, "SignedInfo"), "References")
        references = _references(one.root)
        method = (listed.get("CheckMethod") or "").strip().lower() if listed is not None else ""
        algorithm = _DIGESTS.get(method or "md5")  # the default of the standard
        if not references or algorithm is None:
            return Integrity.NOT_CHECKED, "digests of an unknown kind" if references else "it lists no digests"
        differ = [ref for ref in references if not self._agrees(ref, algorithm)]
        wrong = [ref for ref in differ if self._package.find("", ref.get("FileRef")) not in self._grown]
        if wrong:
            return Integrity.BROKEN, f"{len(wrong)} of {len(references)} parts differ from what was signed or are gone"
        later = "; the list of signatures was changed after it" if differ else ""
        return Integrity.INTACT, f"digests of {len(references) - len(differ)} parts agree{later}"

    def _agrees(self, reference: Element, algorithm: type[hashes.HashAlgorithm]) -> bool:
        part = self._package.find("", reference.get("FileRef"))
        try:
            expected = base64.b64decode(text_of(reference, "CheckValue"))
            return part is not None and self._digest(part, algorithm) == expected
        except (DocumentError, binascii.Error, ValueError):
            return False

    def _digest(self, part: str, algorithm: type[hashes.HashAlgorithm]) -> bytes:
        key = (part, algorithm)
        if key not in self._digests:
            self._digests[key] = digest(self._package.read(part), algorithm)
        return self._digests[key]


def _day(time: str) -> date | None:
    """The day of a time such as 20200723130907Z or 2020-07-23 13:09:07."""
    match = re.search(r"((?:19|20)\d\d)-?([01]\d)-?([0-3]\d)", time)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None
