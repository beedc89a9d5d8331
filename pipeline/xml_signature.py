"""Signatures in XML files: XML-DSig checked as far as it proves itself, the tax authority's own named as unchecked.

The `TaxBureauSignature` of a fully digital invoice (and the `Signature` of the older eInvoice) is a SignedData of
GM/T 0010 with SM2 and SM3 that encloses no certificate, over parts whose joined form is not published: nobody but the
tax authority can verify it, so nothing is claimed. XML-DSig is W3C xmldsig-core1; SM2 and SM3 go by any name in use.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from typing import Any
from xml.etree.ElementTree import Element

from cryptography.hazmat.primitives import hashes
from lxml import etree

from pipeline.signed_value import Value, proven
from validators.signatures import Integrity, Signature, absent

_DS = "{http://www.w3.org/2000/09/xmldsig#}"
_EXCLUSIVE = "http://www.w3.org/2001/10/xml-exc-c14n#"
_INCLUSIVE = "http://www.w3.org/TR/2001/REC-xml-c14n-20010315"
_CANONICAL = re.compile(
    rf"(?:{re.escape(_EXCLUSIVE)}|{re.escape(_INCLUSIVE)}|http://www\.w3\.org/2006/12/xml-c14n11)(?:#?WithComments)?"
)
_ENVELOPED = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"
_HASHES: tuple[tuple[str, type[hashes.HashAlgorithm]], ...] = (
    (r"sha1$", hashes.SHA1), (r"sha256$", hashes.SHA256), (r"sha384$", hashes.SHA384), (r"sha512$", hashes.SHA512),
    (r"(?i:sm3$|1\.2\.156\.10197\.1\.401$)", hashes.SM3),
)  # fmt: skip
_METHODS = (
    (r"rsa-sha1$", "1.2.840.113549.1.1.5"), (r"rsa-sha256$", "1.2.840.113549.1.1.11"),
    (r"rsa-sha384$", "1.2.840.113549.1.1.12"), (r"rsa-sha512$", "1.2.840.113549.1.1.13"),
    (r"(?i:sm2(?:-?(?:with-?)?sm3)?$|sm3-?(?:with-?)?sm2$|1\.2\.156\.10197\.1\.501$)", "1.2.156.10197.1.501"),
)  # fmt: skip
_MOST = 20  # signatures, and references of one
_Node = Any  # lxml's elements have no types of their own here


class _Unknown(Exception):  # noqa: N818
    """Something that is not known or not allowed here: the signature stays unchecked."""


def signatures(root: Element, text: str) -> tuple[Signature, ...]:
    """The signatures of a document that was parsed safely before; one `absent` where it has none."""
    found = list(_of_the_tax_authority(root))
    if any(element.tag == f"{_DS}Signature" for element in root.iter()):
        found += _dsig(text)
    return tuple(found) or (absent("xml"),)


def _of_the_tax_authority(root: Element) -> Iterator[Signature]:
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        if element.tag.startswith(_DS) or name not in ("TaxBureauSignature", "Signature"):
            continue
        if name == "Signature" and not (element.text or "").strip():
            continue
        held = element.find("{*}SignatureValue") if name == "TaxBureauSignature" else element
        empty = held is None or not (held.text or "").strip()
        yield Signature(
            kind="tax_xml", integrity=Integrity.NOT_CHECKED, signed_on=_day(element), covers="part",
            why="the element is there, its value is empty" if empty else
            "signed with SM2 by the tax authority's platform; the file encloses no certificate and the form of the "
            "signed parts is not published, so it was not verified",
        )  # fmt: skip


def _day(element: Element) -> date | None:
    told = re.match(r"\d{4}-\d{2}-\d{2}", (element.findtext("{*}SignatureTime") or "").strip())
    try:
        return date.fromisoformat(told.group()) if told else None
    except ValueError:
        return None


def _dsig(text: str) -> Iterator[Signature]:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    # The declared encoding was dealt with when the bytes became text.
    plain = re.sub(r"^<\?xml.*?\?>", "", text, count=1, flags=re.DOTALL)
    try:
        tree = etree.fromstring(plain.encode(), parser).getroottree()
    except etree.XMLSyntaxError:
        yield _unchecked("the document is too large for it")
        return
    for at, signature in enumerate(list(tree.iter(f"{_DS}Signature"))[:_MOST]):
        try:
            yield _checked(tree, signature, at)
        except (_Unknown, ValueError, TypeError, LookupError, etree.LxmlError) as error:
            yield _unchecked(str(error) if isinstance(error, _Unknown) else "it is not formed as XML-DSig asks for")


def _unchecked(why: str) -> Signature:
    return Signature(kind="xml", integrity=Integrity.NOT_CHECKED, why=why)


def _checked(tree: _Node, signature: _Node, at: int) -> Signature:
    info = signature.find(f"{_DS}SignedInfo")
    references = info.findall(f"{_DS}Reference") if info is not None else []
    if not 0 < len(references) <= _MOST:
        raise _Unknown("it names no parts, or too many")
    covers = "part"
    for reference in references:
        whole, agrees = _digest_agrees(tree, reference, at)
        covers = "whole" if whole else covers
        if not agrees:
            return Signature(kind="xml", integrity=Integrity.BROKEN, covers=covers, why="a digest does not agree")
    value = _value(signature, info)
    integrity, why = proven(value, _canonical(info, _method(info, "CanonicalizationMethod")))
    told = f"digests of {len(references)} parts agree; {why}; who issued the certificate was not checked"
    return Signature(kind="xml", integrity=integrity, signer=value.signer, covers=covers, why=told)


def _digest_agrees(tree: _Node, reference: _Node, at: int) -> tuple[bool, bool]:
    """Whether a reference covers the whole document, and whether its digest is that of what it covers."""
    part = deepcopy(tree)
    target = _target(part, reference.get("URI"))
    whole, method = target is part.getroot(), _INCLUSIVE
    for transform in reference.findall(f"{_DS}Transforms/{_DS}Transform"):
        method = transform.get("Algorithm", "")
        if method == _ENVELOPED:
            _taken_out(list(part.iter(f"{_DS}Signature"))[at])
            method = _INCLUSIVE
        elif not _CANONICAL.fullmatch(method):
            raise _Unknown("it uses a transform that is not known here")
    hashed = hashes.Hash(_known(_HASHES, _method(reference, "DigestMethod"))())
    hashed.update(_canonical(part if whole else target, method))
    return whole, hashed.finalize() == base64.b64decode(reference.findtext(f"{_DS}DigestValue") or "")


def _target(tree: _Node, uri: str | None) -> _Node:
    if uri == "":
        return tree.getroot()
    if not uri or not re.fullmatch(r"#[\w.-]+", uri):
        raise _Unknown("it covers something outside this file")
    named = [element for element in tree.iter("*") if uri[1:] in (element.get(a) for a in ("Id", "ID", "id"))]
    if len(named) != 1:
        raise _Unknown("what it covers is not told unmistakably")
    return named[0]


def _taken_out(element: _Node) -> None:
    """An element leaves its document; the text behind it stays."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        raise _Unknown("it covers itself")
    if before is not None:
        before.tail = (before.tail or "") + (element.tail or "")
    else:
        parent.text = (parent.text or "") + (element.tail or "")
    parent.remove(element)


def _canonical(node: _Node, method: str) -> bytes:
    if not _CANONICAL.fullmatch(method):
        raise _Unknown("its canonical form is not known here")
    exclusive = method.startswith(_EXCLUSIVE)
    if not exclusive and not hasattr(node, "getroot"):
        node = etree.fromstring(etree.tostring(node, with_tail=False))  # with the namespaces it inherits
    found: bytes = etree.tostring(node, method="c14n", exclusive=exclusive, with_comments="WithComments" in method,
                                  with_tail=False)  # fmt: skip
    return found


def _value(signature: _Node, info: _Node) -> Value:
    certificate = signature.findtext(f"{_DS}KeyInfo/{_DS}X509Data/{_DS}X509Certificate")
    if not certificate:
        raise _Unknown("the digests agree; no certificate is enclosed, so the signature over them was not verified")
    method = _known(_METHODS, _method(info, "SignatureMethod"))
    signed = base64.b64decode(signature.findtext(f"{_DS}SignatureValue") or "")
    return Value(base64.b64decode(certificate), method, signed, None, None)


def _method(node: _Node, name: str) -> str:
    found = node.find(f"{_DS}{name}")
    if found is None:
        raise _Unknown("it is not formed as XML-DSig asks for")
    return str(found.get("Algorithm"))


def _known(table: Any, method: str) -> Any:
    for pattern, known in table:
        if re.search(pattern, method):
            return known
    raise _Unknown("it uses an algorithm that is not known here")
