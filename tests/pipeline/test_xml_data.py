"""XML files of invoices: opened in any encoding, hostile ones refused with one code, signatures told honestly."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from extractors.errors import DocumentError
from extractors.model import Source, Status
from extractors.registry import document_types
from pipeline import xml_data
from pipeline.opening import open_file
from pipeline.pages import Opened
from pipeline.settings import Settings
from pipeline.xml_data import open_xml
from tests.extractors.test_invoice_xml import DIGITAL, NUMBER, OLD, PINYIN
from validators.findings import finding
from validators.signatures import Integrity

SETTINGS = Settings()
DECLARED = '<?xml version="1.0" encoding="{}"?>\n'


def opened(text: str | bytes) -> Opened:
    return open_xml(text.encode() if isinstance(text, str) else text, SETTINGS)


def refused(data: bytes) -> str:
    with pytest.raises(DocumentError) as caught:
        open_xml(data, SETTINGS)
    told = finding(caught.value.code, document="invoice.xml", **caught.value.data)
    assert "{" not in told.message.zh + told.message.en
    assert not {"passwd", "<", ">"} & set(str(caught.value).split())
    return caught.value.code


def test_an_invoice_is_a_document_on_a_page_that_shows_nothing() -> None:
    found = opened(DIGITAL)
    (carried,), (page,) = found.carried, found.pages
    assert (carried.source, carried.pages, carried.record.type) == (Source.XML, (1,), "vat_invoice")
    assert set(carried.record.fields) >= {spec.name for spec in document_types()["vat_invoice"].fields}
    assert carried.record.fields["check_code"].status is Status.MISSING
    assert (page.number, page.width, page.height, page.lines, page.source) == (1, 0, 0, (), Source.XML)
    with pytest.raises(DocumentError):
        page.image()


def test_several_invoices_have_a_page_each() -> None:
    found = opened(f"<all>{DIGITAL}{OLD}{PINYIN}</all>")
    assert [carried.pages for carried in found.carried] == [(1,), (2,), (3,)]
    assert [page.number for page in found.pages] == [1, 2, 3]


@pytest.mark.parametrize(
    ("declared", "encoded", "mark"),
    [
        ("UTF-8", "utf-8", b""), ("UTF-8", "utf-8", b"\xef\xbb\xbf"), ("GBK", "gbk", b""), ("gb2312", "gbk", b""),
        ("GB18030", "gb18030", b""), ("UTF-16", "utf-16", b""), ("UTF-16", "utf-16-le", b""),
        ("utf-16", "utf-16-be", b""), ("x-unheard-of", "utf-8", b""),
        (None, "utf-8", b""), (None, "gbk", b""), ("UTF-8", "gbk", b""), ("GBK", "utf-8", b""),
    ],
)  # fmt: skip
def test_encodings_are_told_and_wrong_declarations_seen_through(
    declared: str | None, encoded: str, mark: bytes
) -> None:
    text = (DECLARED.format(declared) if declared else "") + DIGITAL
    (carried,) = opened(mark + text.encode(encoded)).carried
    assert carried.record.fields["seller_name"].value == "宁波海拓贸易有限公司"


def test_a_file_with_some_bytes_damaged_is_not_guessed_at() -> None:
    for at in range(0, len(DIGITAL.encode()), 97):
        data = bytearray(DIGITAL.encode())
        data[at] = 0xFF
        assert refused(bytes(data)) == "FILE_DAMAGED"


ENTITY = "<!DOCTYPE r [<!ENTITY x {}>]><r>&x;</r>"


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (ENTITY.format('SYSTEM "file:///etc/passwd"').encode(), "FILE_XML_UNSAFE"),
        (ENTITY.format('SYSTEM "file:///etc/passwd"').encode("utf-16"), "FILE_XML_UNSAFE"),
        (b'<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd"><r/>', "FILE_XML_UNSAFE"),
        (b'<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x.dtd"> %p;]><r/>', "FILE_XML_UNSAFE"),
        (b"<!DOCTYPE r [" + b"".join(b'<!ENTITY e%d "%s">' % (n, b"&e%d;" % (n - 1) * 10) for n in range(1, 12))
         + b"]><r>&e11;</r>", "FILE_XML_UNSAFE"),
        (b'<!DOCTYPE r [<!ENTITY x "' + b"A" * 100_000 + b'">]><r>' + b"&x;" * 100_000 + b"</r>", "FILE_XML_UNSAFE"),
        (f"<!DOCTYPE EInvoice>{DIGITAL}".encode(), "FILE_XML_UNSAFE"),
        (b"<a>" * 100_000, "FILE_XML_TOO_LARGE"),
        (b"<a>" + b"<b/>" * 200_000 + b"</a>", "FILE_XML_TOO_LARGE"),
        (b"<a " + b" ".join(b'a%d=""' % n for n in range(5_000)) + b"/>", "FILE_XML_TOO_LARGE"),
        (b"<" + bytes(range(256)) * 200_000, "FILE_XML_TOO_LARGE"),
        (f"<a>{OLD}".encode(), "FILE_DAMAGED"),
        (b"<a>&undeclared;</a>", "FILE_DAMAGED"),
        (b"<a></a><b></b>", "FILE_DAMAGED"),
        (b"<?xml version='1.0'?>", "FILE_DAMAGED"),
        (b"", "FILE_DAMAGED"),
        (b"<a>\x00</a>", "FILE_DAMAGED"),
        (b"<a>\xff\xfe\xff</a>", "FILE_DAMAGED"),
        (b"<a><![CDATA[" + b"x" * 1_000_000 + b"]]></a>", "FILE_XML_NOT_INVOICE"),
        (b'<a xmlns:i="http://www.w3.org/2001/XInclude"><i:include href="/etc/passwd" parse="text"/></a>',
         "FILE_XML_NOT_INVOICE"),
        (b'<?xml-stylesheet href="file:///etc/passwd"?><a/>', "FILE_XML_NOT_INVOICE"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "FILE_XML_NOT_INVOICE"),
    ],
)  # fmt: skip
def test_hostile_and_foreign_files_are_refused_with_one_code(data: bytes, code: str) -> None:
    assert refused(data) == code


def test_more_invoices_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xml_data, "MAX_INVOICES", 2)
    assert refused(f"<all>{OLD * 3}</all>".encode()) == "FILE_XML_TOO_LARGE"


@given(st.binary(max_size=200).map(lambda tail: b"<a>" + tail), st.integers(0, len(DIGITAL)), st.binary(max_size=4))
def test_no_bytes_make_it_raise_anything_else(junk: bytes, at: int, inserted: bytes) -> None:
    whole = DIGITAL.encode()
    for data in (junk, whole[:at] + inserted + whole[at:], whole[:at]):
        try:
            open_xml(data, SETTINGS)
        except DocumentError as error:
            finding(error.code, document="x", **error.data)


def test_a_file_on_disk_is_opened_by_its_content(tmp_path: Path) -> None:
    path = tmp_path / "invoice.xml"
    path.write_text(DIGITAL, "utf-8")
    file = open_file(path, path.name, SETTINGS)
    assert (file.format, file.findings) == ("xml", ())
    assert file.carried[0].record.fields["invoice_number"].value == NUMBER


def test_no_signature_is_absent_and_the_tax_authoritys_is_not_checked() -> None:
    (none,) = opened(PINYIN).signatures
    assert (none.kind, none.integrity) == ("xml", Integrity.ABSENT)
    text = DIGITAL.replace(
        "<TaxBureauSignature>",
        "<TaxBureauSignature><SignatureTime>2024-06-01 10:00:00</SignatureTime><SignatureValue>3082</SignatureValue>",
    )
    (found,) = opened(text).signatures
    assert (found.kind, found.integrity, str(found.signed_on)) == ("tax_xml", Integrity.NOT_CHECKED, "2024-06-01")
    assert "certificate" in found.why
    (older,) = opened(OLD).signatures
    assert (older.kind, older.integrity) == ("tax_xml", Integrity.NOT_CHECKED)


DSIG = """<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo>
<CanonicalizationMethod Algorithm="{c14n}"/><SignatureMethod Algorithm="{method}"/><Reference URI="{uri}"><Transforms>
<Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/><Transform Algorithm="{c14n}"/>
</Transforms>
<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><DigestValue>{digest}</DigestValue></Reference>
</SignedInfo><SignatureValue>{value}</SignatureValue><KeyInfo><X509Data><X509Certificate>{certificate}</X509Certificate>
</X509Data></KeyInfo></Signature>"""
C14N = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


@pytest.fixture(scope="module")
def key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(65537, 2048)


def certificate(key: rsa.RSAPrivateKey) -> str:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "某开票平台")])
    start = datetime(2024, 1, 1, tzinfo=UTC)
    made = x509.CertificateBuilder(name, name, key.public_key(), 7, start, start + timedelta(365))
    return base64.b64encode(made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)).decode()


def signed(key: rsa.RSAPrivateKey, *, c14n: str = C14N, uri: str = "", method: str = RSA_SHA256, part: str = "") -> str:
    """The old form of invoice with an enveloped signature over the whole of it, or over the element `part`."""
    body = OLD.replace("<fp:Signature>MIIBBw==</fp:Signature>", "<!-- note -->{}\n").replace(
        "<fp:Buyer>", '<fp:Buyer Id="b">'
    )
    exclusive = c14n == EXCLUSIVE
    root = etree.fromstring(body.replace("{}", ""))
    target = root if not part else root.find(f"{{*}}{part}")
    source = target if exclusive or not part else etree.fromstring(etree.tostring(target, with_tail=False))
    covered = etree.tostring(source, method="c14n", exclusive=exclusive, with_comments=False, with_tail=False)
    blank = {"c14n": c14n, "method": method, "uri": uri, "certificate": certificate(key), "value": ""}
    digest = hashes.Hash(hashes.SHA256())
    digest.update(covered)
    blank["digest"] = base64.b64encode(digest.finalize()).decode()
    info = etree.fromstring(body.replace("{}", DSIG.format(**blank))).find(".//{*}SignedInfo")
    source = info if exclusive else etree.fromstring(etree.tostring(info, with_tail=False))
    over = etree.tostring(source, method="c14n", exclusive=exclusive, with_tail=False)
    blank["value"] = base64.b64encode(key.sign(over, padding.PKCS1v15(), hashes.SHA256())).decode()
    return body.replace("{}", DSIG.format(**blank))


@pytest.mark.parametrize("c14n", [C14N, EXCLUSIVE])
def test_a_signature_that_proves_itself_is_intact(key: rsa.RSAPrivateKey, c14n: str) -> None:
    (found,) = opened(signed(key, c14n=c14n)).signatures
    assert (found.kind, found.integrity, found.covers, found.signer) == ("xml", Integrity.INTACT, "whole", "某开票平台")
    assert "not checked" in found.why


@pytest.mark.parametrize("c14n", [C14N, EXCLUSIVE])
def test_a_signature_over_a_part_says_so(key: rsa.RSAPrivateKey, c14n: str) -> None:
    text = signed(key, c14n=c14n, uri="#b", part="Buyer")
    assert [(s.integrity, s.covers) for s in opened(text).signatures] == [(Integrity.INTACT, "part")]
    (found,) = opened(text.replace(">526.00<", ">926.00<")).signatures  # not covered
    assert (found.integrity, found.covers) == (Integrity.INTACT, "part")


@pytest.mark.parametrize(
    ("old", "new"),
    [(">526.00<", ">926.00<"), ("<SignatureValue>", "<SignatureValue>AA"), ("\n</SignedInfo>", "</SignedInfo>")],
)
def test_a_change_after_signing_breaks_it(key: rsa.RSAPrivateKey, old: str, new: str) -> None:
    text = signed(key)
    assert old in text
    (found,) = opened(text.replace(old, new)).signatures
    assert found.integrity is Integrity.BROKEN


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('URI=""', 'URI="http://127.0.0.1:9/x"', "outside"), ('URI=""', 'URI="#nowhere"', "unmistakably"),
        ("<X509Certificate>", "<Other>", "certificate"), (RSA_SHA256, "urn:unknown", "algorithm"),
        ("xmlenc#sha256", "xmlenc#md9", "algorithm"),
        (f'<Transform Algorithm="{C14N}"', '<Transform Algorithm="xslt"', "transform"),
        ("<SignatureMethod", "<NoMethod", "formed"), ("<X509Certificate>MII", "<X509Certificate>XXX", "cannot be used"),
    ],
)  # fmt: skip
def test_what_cannot_be_checked_is_never_called_intact(key: rsa.RSAPrivateKey, old: str, new: str, said: str) -> None:
    text = signed(key)
    assert old in text
    text = text.replace(old, new)
    if new == "<Other>":
        text = text.replace("</X509Certificate>", "</Other>")
    (found,) = opened(text).signatures
    assert (found.integrity, said in found.why) == (Integrity.NOT_CHECKED, True)
