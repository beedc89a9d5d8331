"""Values of signatures: seals with SM2, PKCS #7 with RSA, made here with keys of no one."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import pkcs7

from pipeline.signed_value import Unreadable, proven, read_value
from tests.pipeline.sm2_signing import seal
from validators.signatures import Integrity

DATA = b"<Signature/>"
OPTIONS = [pkcs7.PKCS7Options.Binary, pkcs7.PKCS7Options.DetachedSignature]


def certificate(name: str, serial: int) -> tuple[x509.Certificate, rsa.RSAPrivateKey]:
    key = rsa.generate_private_key(65537, 2048)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(serial)
        .not_valid_before(datetime(2024, 1, 1, tzinfo=UTC))
        .not_valid_after(datetime(2034, 1, 1, tzinfo=UTC))
        .sign(key, hashes.SHA256())
    )
    return made, key


@pytest.fixture(scope="module")
def pkcs7_values() -> dict[str, bytes]:
    own, key = certificate("青禾测试签名", 77)
    other, _ = certificate("云杉样例根", 5)
    builder = pkcs7.PKCS7SignatureBuilder().set_data(DATA).add_signer(own, key, hashes.SHA256()).add_certificate(other)
    return {
        "with attributes": builder.sign(serialization.Encoding.DER, OPTIONS),
        "without": builder.sign(serialization.Encoding.DER, [*OPTIONS, pkcs7.PKCS7Options.NoAttributes]),
    }


@pytest.mark.parametrize("kind", ["with attributes", "without"])
def test_pkcs7_with_rsa(pkcs7_values: dict[str, bytes], kind: str) -> None:
    value = read_value(pkcs7_values[kind])
    assert value.signer == "青禾测试签名"  # of two certificates the signer's own
    assert proven(value, DATA)[0] is Integrity.INTACT
    assert proven(value, DATA + b" ")[0] is Integrity.BROKEN


def test_a_seal_with_sm2() -> None:
    value = read_value(seal(DATA))
    assert value.signer == "核验样例印章"
    assert value.time.startswith("20241205")
    assert proven(value, DATA)[0] is Integrity.INTACT
    assert proven(value, DATA + b" ")[0] is Integrity.BROKEN


def test_every_changed_byte_of_what_a_seal_signs_is_seen() -> None:
    made = seal(DATA)
    signed = read_value(made).signed
    assert signed
    start = made.index(signed)
    for at in range(start, start + len(signed)):
        changed = made[:at] + bytes([made[at] ^ 0x41]) + made[at + 1 :]
        with suppress(Unreadable):
            assert proven(read_value(changed), DATA)[0] is not Integrity.INTACT


@pytest.mark.parametrize(
    "data", [b"", b"\x30", b"\x30\x80", b"\x30\x03\x02\x01\x01", b"PK\x03\x04", b"\x30\x84\xff\xff\xff\xff"]
)
def test_what_is_no_signature_is_unreadable(data: bytes) -> None:
    with pytest.raises(Unreadable):
        read_value(data)
