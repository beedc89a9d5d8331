"""Signatures of PDFs: intact, broken and unknown ones told apart; nothing said of who signed."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.generic import NumberObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers
from pyhanko_certvalidator.registry import SimpleCertificateStore

from pipeline.opening import open_file
from pipeline.pdf_signature import signatures
from pipeline.settings import Settings
from tests.pipeline.sm2_signing import seal
from tests.pipeline.test_opening_pdf import A4, BODY, GREY, SHARED, pdf
from validators.signatures import Integrity, Signature

NAME = "云帆测试"
PLAIN = pdf((BODY, A4), objects=(GREY,))


def signer(key: Any) -> signers.SimpleSigner:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(now - timedelta(days=2)).not_valid_after(now + timedelta(days=2))
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    encoded = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return signers.SimpleSigner(
        signing_cert=asn1_x509.Certificate.load(certificate.public_bytes(serialization.Encoding.DER)),
        signing_key=keys.PrivateKeyInfo.load(encoded),
        cert_registry=SimpleCertificateStore(),  # type: ignore[no-untyped-call]
    )


def signed(key: Any, content: bytes = PLAIN, field: str = "Signature1") -> bytes:
    out = io.BytesIO()
    meta = signers.PdfSignatureMetadata(field_name=field, md_algorithm="sha256")
    signers.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(content)), meta, signer=signer(key), output=out)
    return out.getvalue()


RSA = rsa.generate_private_key(65537, 2048)
SIGNED = signed(RSA)


def only(content: bytes) -> Signature:
    (found,) = signatures(content)
    assert found.kind == "pdf"
    return found


@pytest.mark.parametrize("key", [RSA, ec.generate_private_key(ec.SECP256R1())], ids=["RSA", "ECDSA"])
def test_an_untouched_file_is_intact(key: Any) -> None:
    found = only(signed(key))
    assert (found.integrity, found.signer, found.covers) == (Integrity.INTACT, NAME, "whole")
    assert found.signed_on is not None
    assert "who issued the certificate was not checked" in found.why


def test_one_changed_byte_breaks_it() -> None:
    place = SIGNED.index(b"Hangzhou")
    found = only(SIGNED[:place] + b"h" + SIGNED[place + 1 :])
    assert (found.integrity, found.signer) == (Integrity.BROKEN, NAME)


def test_a_signature_of_another_file_is_broken() -> None:
    start = SIGNED.index(b"/Contents <") + 11
    other = signed(RSA, pdf((BODY.replace("14 Tf", "15 Tf"), A4), objects=(GREY,)))
    place = other.index(b"/Contents <") + 11
    length = SIGNED.index(b">", start) - start
    assert only(SIGNED[:start] + other[place : place + length] + SIGNED[start + length :]).integrity is Integrity.BROKEN


def test_a_page_changed_by_an_update_breaks_it_though_the_signed_bytes_are_there() -> None:
    writer = IncrementalPdfFileWriter(io.BytesIO(SIGNED))
    page = writer.root["/Pages"]["/Kids"][0]
    page["/Rotate"] = NumberObject(90)  # type: ignore[no-untyped-call]
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)  # type: ignore[no-untyped-call]
    found = only(out.getvalue())
    assert (found.integrity, found.covers) == (Integrity.BROKEN, "part")


def test_a_second_signature_leaves_the_first_intact() -> None:
    first, second = signatures(signed(RSA, SIGNED, "Signature2"))
    assert (first.integrity, first.covers) == (Integrity.INTACT, "part")
    assert (second.integrity, second.covers) == (Integrity.INTACT, "whole")


@pytest.mark.parametrize(("changed", "expected"), [(False, Integrity.INTACT), (True, Integrity.BROKEN)])
def test_a_seal_with_sm2_is_checked_by_its_value(changed: bool, expected: Integrity) -> None:
    start = SIGNED.index(b"/Contents <") + 10
    end = SIGNED.index(b">", start) + 1
    value = seal(SIGNED[:start] + SIGNED[end:], NAME).hex().encode()
    content = SIGNED[:start] + b"<" + value.ljust(end - start - 2, b"0") + b">" + SIGNED[end:]
    found = only(content.replace(b"Hangzhou", b"hangzhou") if changed else content)
    assert (found.integrity, found.signer, found.covers) == (expected, NAME, "whole")
    assert changed or ("SM2" in found.why and "who issued the certificate was not checked" in found.why)


def test_what_cannot_be_read_is_present_and_not_checked() -> None:
    start = SIGNED.index(b"/Contents <") + 11
    found = only(SIGNED[:start] + b"00" * 40 + SIGNED[start + 80 :])
    assert found.integrity is Integrity.NOT_CHECKED
    assert found.why


@pytest.mark.parametrize(("content", "expected"), [(PLAIN, Integrity.ABSENT), (SIGNED, Integrity.INTACT)])
def test_a_file_is_opened_with_its_signatures(tmp_path: Path, content: bytes, expected: Integrity) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    assert [s.integrity for s in open_file(tmp_path / "a.pdf", "a.pdf", Settings()).signatures] == [expected]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the public invoices are not here")
def test_a_public_invoice_is_intact_until_a_byte_is_changed() -> None:
    content = (SHARED / "pdf_anhui_2021.pdf").read_bytes()
    assert only(content).integrity is Integrity.INTACT
    place = content.index(b"stream") + 40
    changed = content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]
    assert only(changed).integrity is Integrity.BROKEN
