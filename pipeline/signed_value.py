"""The value of a seal or signature: who signed, with what, over which bytes; and whether the arithmetic holds.

Read are SES_Signature of GB/T 38540-2020 (version 4) and GM/T 0031-2014 (version 1 to 3), and SignedData of PKCS #7
with RSA (RFC 2315) or SM2 (GM/T 0010-2012). SM2 with SM3 is GB/T 32918.2-2016 and GM/T 0009-2012.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from asn1crypto import core, x509
from asn1crypto import parser as der
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_public_key

from pipeline.sm2 import holds
from validators.signatures import Integrity

_SIGNED_DATA = {"1.2.156.10197.6.1.4.2.2", "1.2.840.113549.1.7.2"}
_MESSAGE_DIGEST = "1.2.840.113549.1.9.4"
_SM3 = "1.2.156.10197.1.401"
_SM2_CURVE = bytes.fromhex("06082a811ccf5501822d")
_RSA: dict[str, type[hashes.HashAlgorithm]] = {
    "1.2.840.113549.1.1.5": hashes.SHA1,
    "1.2.840.113549.1.1.11": hashes.SHA256,
    "1.2.840.113549.1.1.12": hashes.SHA384,
    "1.2.840.113549.1.1.13": hashes.SHA512,
}
_HASHES: dict[str, type[hashes.HashAlgorithm]] = {
    _SM3: hashes.SM3,
    "1.3.14.3.2.26": hashes.SHA1,
    "2.16.840.1.101.3.4.2.1": hashes.SHA256,
}
_DIGEST_OF = {"1.2.840.113549.1.1.5": "1.3.14.3.2.26", "1.2.840.113549.1.1.11": "2.16.840.1.101.3.4.2.1"}
_OID, _SET, _CONTEXT_0 = 0x06, 0x31, 0xA0
_MAX_BYTES, _MAX_NODES = 1_000_000, 1_000  # of a value, and side by side in it: real ones have a few of each


class Unreadable(ValueError):  # noqa: N818 - a fact about the data, as the other modules read it
    """A value of none of the forms that are read."""


@dataclass(frozen=True, slots=True)
class Value:
    """A signature value. `signed` is what the key signed, None where it signed the data itself."""

    certificate: bytes
    algorithm: str
    signature: bytes
    signed: bytes | None
    data_digest: bytes | None  # of the signed data, where it stands in `signed`
    digest_algorithm: str = _SM3
    time: str = ""
    picture: bytes = b""  # of the seal: a picture file, or an OFD

    @property
    def signer(self) -> str:
        """The subject of the certificate: its common name, else its organisation."""
        try:
            subject = _certificate(self.certificate).subject.native
            return str(subject.get("common_name") or subject.get("organization_name") or "")
        except (ValueError, TypeError, KeyError, AttributeError):
            return ""


@dataclass(frozen=True, slots=True)
class _Node:
    """One element of a DER encoding."""

    tag: int
    whole: bytes
    content: bytes

    def parts(self) -> list[_Node]:
        return _nodes(self.content)


def read_value(data: bytes) -> Value:
    """The value as it lies in a file. Raises Unreadable."""
    if len(data) > _MAX_BYTES:
        raise Unreadable("too large")
    try:
        outer = _nodes(data)[0].parts()
        if outer[0].tag == _OID:
            return _signed_data(outer)
        return _seal(outer)
    except (LookupError, ValueError, TypeError) as error:
        raise Unreadable(type(error).__name__) from error


def proven(value: Value, data: bytes) -> tuple[Integrity, str]:
    """Whether the key of the enclosed certificate signed `data`, and what of that was checked, in English."""
    hash_of = _HASHES.get(value.digest_algorithm)
    if value.data_digest is not None:
        if hash_of is None:
            return Integrity.NOT_CHECKED, "its digest is of an unknown kind"
        if digest(data, hash_of) != value.data_digest:
            return Integrity.BROKEN, "the list of digests is not the one that was signed"
    signed = data if value.signed is None else value.signed
    try:
        held, name = _verified(value, signed)
    except (ValueError, TypeError, KeyError, AttributeError, UnsupportedAlgorithm):
        return Integrity.NOT_CHECKED, "the key of its certificate cannot be used"
    if held is None:
        return Integrity.NOT_CHECKED, "its algorithm is not known here"
    if not held:
        return Integrity.BROKEN, f"the {name} signature over them does not verify with the certificate enclosed"
    return Integrity.INTACT, f"the {name} signature over them verifies with the certificate enclosed"


def sm2_holds(key: bytes, signature: bytes, message: bytes) -> bool:
    """Whether an SM2 signature (DER of r and s, or both plain) over a message verifies; `key` is 04 ‖ x ‖ y."""
    if len(signature) == 64:
        r, s = signature[:32], signature[32:]
    else:
        r, s = (part.content for part in _nodes(signature)[0].parts())
    return holds(key, int.from_bytes(r), int.from_bytes(s), message)


def _verified(value: Value, signed: bytes) -> tuple[bool | None, str]:
    """None where the algorithm is unknown."""
    key = _certificate(value.certificate)["tbs_certificate"]["subject_public_key_info"]
    encoded = key.dump()
    if _SM2_CURVE in encoded and not value.algorithm.startswith("1.2.840.113549"):
        return sm2_holds(_nodes(encoded)[0].parts()[1].content[1:], value.signature, signed), "SM2"
    public = load_der_public_key(encoded)
    hash_of = _RSA.get(value.algorithm) or _HASHES.get(value.digest_algorithm)
    if not isinstance(public, rsa.RSAPublicKey) or hash_of is None:
        return None, ""
    try:
        public.verify(value.signature, signed, padding.PKCS1v15(), hash_of())
    except InvalidSignature:
        return False, "RSA"
    return True, "RSA"


def _seal(outer: Sequence[_Node]) -> Value:
    """SES_Signature: four parts since 2020, two before."""
    signed = outer[0].parts()
    if len(outer) >= 4:
        certificate, algorithm, signature = outer[1].content, outer[2], outer[3]
    else:
        certificate, algorithm, signature = signed[5].content, signed[6], outer[1]
    name = _oid(algorithm)
    return Value(
        certificate, name, signature.content[1:], outer[0].whole, signed[3].content[1:],
        _DIGEST_OF.get(name, _SM3), _printable(signed[2].content), _picture(signed[1]),
    )  # fmt: skip


def _picture(seal: _Node) -> bytes:
    try:
        return seal.parts()[0].parts()[3].parts()[1].content
    except (IndexError, ValueError):
        return b""


def _signed_data(outer: Sequence[_Node]) -> Value:
    """PKCS #7 SignedData with one signer."""
    if _oid(outer[0]) not in _SIGNED_DATA:
        raise Unreadable("content type")
    data = outer[1].parts()[0].parts()
    signer = data[-1].parts()[0].parts()
    certificates = next((n.parts() for n in data if n.tag == _CONTEXT_0), [])
    certificate = _with_serial(certificates, signer[1].parts()[-1].content)
    digest_algorithm = _oid(signer[2].parts()[0])
    attributes = signer[3] if signer[3].tag == _CONTEXT_0 else None
    at = 4 if attributes else 3
    signed = data_digest = None
    if attributes:
        signed = bytes([_SET]) + attributes.whole[1:]
        found = {_oid(a.parts()[0]): a.parts()[1].parts()[0].content for a in attributes.parts()}
        data_digest = found[_MESSAGE_DIGEST]
    return Value(certificate, _oid(signer[at].parts()[0]), signer[at + 1].content, signed, data_digest,
                 digest_algorithm)  # fmt: skip


def _with_serial(certificates: Sequence[_Node], serial: bytes) -> bytes:
    """The signer's certificate among those enclosed; the first where none has the number."""
    for certificate in certificates:
        about = certificate.parts()[0].parts()
        if about[1 if about[0].tag == _CONTEXT_0 else 0].content == serial:
            return certificate.whole
    return certificates[0].whole


@lru_cache(16)  # asked for its subject and its key, and the same again by the next file of an issuer
def _certificate(data: bytes) -> Any:
    return x509.Certificate.load(data)


def _oid(node: _Node) -> str:
    return str(core.ObjectIdentifier.load(node.whole).dotted)


def _printable(content: bytes) -> str:
    return "".join(chr(b) for b in content if 0x20 <= b < 0x7F)


def digest(data: bytes, algorithm: type[hashes.HashAlgorithm]) -> bytes:
    found = hashes.Hash(algorithm())
    found.update(data)
    return found.finalize()


def _nodes(data: bytes) -> list[_Node]:
    """The elements that stand side by side in an encoding."""
    found = []
    while data:
        _, _, _, header, content, trailer = der.parse(data)
        whole = header + content + trailer
        found.append(_Node(header[0], whole, content))
        data = data[len(whole) :]
        if len(found) > _MAX_NODES:
            raise Unreadable("too many elements")
    return found
