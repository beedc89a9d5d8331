"""Signatures of a PDF (ISO 32000-1 §12.8): whether the signed bytes are the ones that were signed, and what came after.

pyHanko checks digest, RSA or ECDSA signature and later changes; the algorithms of China's commercial cryptography,
which it does not know, are checked as those of OFD are. Nothing is fetched, and who issued a certificate is not judged.
"""

from __future__ import annotations

import io
import logging
import re
from contextlib import suppress
from datetime import date, datetime, timedelta, timezone
from itertools import islice
from typing import Any

from asn1crypto import parser as der
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.diff_analysis import ModificationLevel, SuspiciousModification
from pyhanko.sign.fields import enumerate_sig_fields
from pyhanko.sign.validation.generic_cms import validate_sig_integrity
from pyhanko.sign.validation.pdf_embedded import EmbeddedPdfSignature
from pyhanko.sign.validation.status import SignatureCoverageLevel

from pipeline.signed_value import proven, read_value
from validators.signatures import Integrity, Signature

_LARGEST = 20_000_000  # bytes of a file whose signatures are checked; what was changed later is told object by object
_MOST = 10  # signatures of one file
_CHINA = timezone(timedelta(hours=8))  # signatures tell their time in UTC, invoices bear the day of the place
_ISSUER = "; who issued the certificate was not checked"
_ENCLOSED = re.compile(rb"<[0-9A-Fa-f]+>")  # all that stands between the signed bytes
_UNREAD = Signature(kind="pdf", integrity=Integrity.NOT_CHECKED, why="the signature could not be read")


def signatures(data: bytes) -> tuple[Signature, ...]:
    """The signatures of a PDF known to hold some, in the file's order; never raises."""
    if len(data) > _LARGEST:
        return (_not_checked(f"signatures of files over {_LARGEST // 1_000_000} MB are not checked"),)
    logging.getLogger("pyhanko").setLevel(logging.CRITICAL)  # it writes about certificates and reasons to distrust them
    try:
        reader = PdfFileReader(io.BytesIO(data), strict=False)
        fields = list(islice(enumerate_sig_fields(reader, filled_status=True), _MOST))
        return tuple(_signature(reader, field, data) for field in fields) or (_UNREAD,)
    except Exception:  # it fails with anything on broken files
        return (_UNREAD,)


def _not_checked(why: str, **told: Any) -> Signature:
    return Signature(kind="pdf", integrity=Integrity.NOT_CHECKED, why=why, **told)


def _signature(reader: Any, field: Any, data: bytes) -> Signature:
    name, value, reference = field
    told: dict[str, Any] = {}
    try:
        one = EmbeddedPdfSignature(reader, reference.get_object(), name)
        told = {"signer": _signer(one), "signed_on": _day(one), "covers": _covers(one)}
        if one.sig_object_type != "/Sig":
            return _not_checked("a time stamp, not a signature", **told)
        if one.sig_object.get("/SubFilter") == "/adbe.pkcs7.sha1":
            return _not_checked("its form (adbe.pkcs7.sha1) has long been withdrawn and is not checked", **told)
        if told["covers"] == "":
            return _not_checked("it leaves parts of the file it was made for unsigned", **told)
        if not _held(one):
            return Signature(kind="pdf", integrity=Integrity.BROKEN, why=_BROKEN, **told)
    except Exception:  # forms and algorithms it does not know among much else
        return _by_value(value.get_object(), data, told)
    why = "the digest of the signed bytes agrees and the signature over it verifies with the certificate enclosed"
    return _with_changes(one, why + _ISSUER, told)


_BROKEN = "the digest of the signed bytes, or the signature over it, does not agree"


def _held(one: Any) -> bool:
    """Whether digest and signature hold. Raises whatever pyHanko does where it does not know how."""
    digest = one.compute_digest()
    return all(validate_sig_integrity(one.signer_info, one.signer_cert, "data", digest))


def _with_changes(one: Any, why: str, told: dict[str, Any]) -> Signature:
    """A signature that holds, beside what was added to the file after it."""
    integrity = Integrity.INTACT
    if told["covers"] == "part":
        one.compute_integrity_info()
        later = one.diff_result
        if isinstance(later, SuspiciousModification) or later.modification_level is ModificationLevel.OTHER:
            integrity, why = Integrity.BROKEN, "the file was changed after it was signed"
        elif later.modification_level in (ModificationLevel.NONE, ModificationLevel.LTA_UPDATES):
            why += "; what was added later changes no page"
        else:
            why += "; comments or form fields were added later"
    return Signature(kind="pdf", integrity=integrity, why=why, **told)


def _by_value(found: Any, data: bytes, told: dict[str, Any]) -> Signature:
    """A signature pyHanko cannot check, by its value alone: SM2 with SM3, seals of GB/T 38540."""
    try:
        start, length, second, rest = (int(number) for number in found["/ByteRange"])
        enclosed = data[start + length : second]
        if start or not _ENCLOSED.fullmatch(enclosed) or second + rest != len(data):
            return _not_checked("it holds for a part of the file at most; its form or algorithm is not known", **told)
        header, content, trailer = der.parse(bytes.fromhex(enclosed[1:-1].decode()))[3:]
        value = read_value(header + content + trailer)
        integrity, why = proven(value, data[:length] + data[second:])
    except (ValueError, TypeError, KeyError):
        return _not_checked("its form or its algorithm is not known here", **told)
    told = {**told, "covers": "whole", "signer": told.get("signer") or value.signer}
    if integrity is not Integrity.NOT_CHECKED:
        why = _BROKEN if integrity is Integrity.BROKEN else f"the signed bytes: {why}{_ISSUER}"
    return Signature(kind="pdf", integrity=integrity, why=why, **told)


def _covers(one: Any) -> str:
    """`whole` where the signature reaches to the end of the file, `part` where something was added, "" else."""
    coverage = one.evaluate_signature_coverage()
    one.coverage = coverage
    if coverage is SignatureCoverageLevel.ENTIRE_FILE:
        return "whole"
    return "part" if coverage is SignatureCoverageLevel.ENTIRE_REVISION else ""


def _signer(one: Any) -> str:
    if one.signer_cert is None:
        return ""
    subject = one.signer_cert.subject.native
    name = subject.get("common_name") or subject.get("organization_name") or ""
    return str(name[0] if isinstance(name, list) else name)


def _day(one: Any) -> date | None:
    with suppress(ValueError, TypeError, AttributeError):
        stamp = one.self_reported_timestamp
        return stamp.astimezone(_CHINA).date() if isinstance(stamp, datetime) else None
    return None
