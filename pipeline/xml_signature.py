"""Signatures in XML files: XML-DSig checked as far as it proves itself, the tax authority's own named as unchecked.

The `TaxBureauSignature` of a fully digital invoice (and the `Signature` of the older eInvoice) is a SignedData of
GM/T 0010 with SM2 and SM3 that encloses no certificate, over parts whose joined form is not published: nobody but the
tax authority can verify it, so nothing is claimed. XML-DSig is W3C xmldsig-core1; SM2 and SM3 go by any name in use.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
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
_KEPT_PREFIXES = f"{{{_EXCLUSIVE}}}InclusiveNamespaces"
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
_MOST = 20  # signatures of a file, and references of all of them
_MOST_VISITED = 500_000  # elements of what the references cover, counted again for each
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
    file = _File(tree)
    for signature in list(tree.iter(f"{_DS}Signature"))[:_MOST]:
        try:
            yield _checked(file, signature)
        except (_Unknown, ValueError, TypeError, LookupError, etree.LxmlError) as error:
            yield _unchecked(str(error) if isinstance(error, _Unknown) else "it is not formed as XML-DSig asks for")


class _File:
    """What all signatures of a file share: the parts they may name, and how many they may name together."""

    def __init__(self, tree: _Node) -> None:
        self.tree, self._left = tree, min(_MOST, _MOST_VISITED // int(tree.xpath("count(//*)")))
        self._named: dict[str, list[_Node]] = {}
        for element in tree.xpath("//*[@Id or @ID or @id]"):
            for name in {element.get(attribute) for attribute in ("Id", "ID", "id")}:
                self._named.setdefault(name, []).append(element)

    def references(self, info: _Node) -> list[_Node]:
        found = info.findall(f"{_DS}Reference") if info is not None else []
        self._left -= len(found)
        if not found or self._left < 0:
            raise _Unknown("it names no parts, or the signatures of the file name too many")
        return list(found)

    def target(self, uri: str | None) -> _Node:
        """The document or the element that a reference covers."""
        if uri == "":
            return self.tree
        if not uri or not re.fullmatch(r"#[\w.-]+", uri):
            raise _Unknown("it covers something outside this file")
        named = self._named.get(uri[1:], [])
        if len(named) != 1:
            raise _Unknown("what it covers is not told unmistakably")
        return self.tree if named[0] is self.tree.getroot() else named[0]


def _unchecked(why: str) -> Signature:
    return Signature(kind="xml", integrity=Integrity.NOT_CHECKED, why=why)


def _checked(file: _File, signature: _Node) -> Signature:
    info = signature.find(f"{_DS}SignedInfo")
    references = file.references(info)
    covers = "part"
    for reference in references:
        target = file.target(reference.get("URI"))
        covers = "whole" if target is file.tree else covers
        if not _digest_agrees(target, reference, signature):
            return Signature(kind="xml", integrity=Integrity.BROKEN, covers=covers, why="a digest does not agree")
    value = _value(signature, info)
    integrity, why = proven(value, _canonical(info, _child(info, "CanonicalizationMethod")))
    told = f"digests of {len(references)} parts agree; {why}; who issued the certificate was not checked"
    return Signature(kind="xml", integrity=integrity, signer=value.signer, covers=covers, why=told)


def _digest_agrees(target: _Node, reference: _Node, signature: _Node) -> bool:
    """Whether the digest of a reference is that of what it covers: in canonical form, without the signature itself."""
    transforms = reference.findall(f"{_DS}Transforms/{_DS}Transform")
    enveloped = bool(transforms) and transforms[0].get("Algorithm") == _ENVELOPED
    forms = transforms[enveloped:]
    if len(forms) > 1:
        raise _Unknown("it uses transforms that are not known here")
    hashed = hashes.Hash(_known(_HASHES, _method(reference, "DigestMethod"))())
    with _without(signature) if enveloped else nullcontext():
        hashed.update(_canonical(target, forms[0] if forms else None, comments=False))
    return hashed.finalize() == base64.b64decode(reference.findtext(f"{_DS}DigestValue") or "")


@contextmanager
def _without(element: _Node) -> Iterator[None]:
    """An element leaves its document for a while; the text behind it stays."""
    parent, before = element.getparent(), element.getprevious()
    if parent is None:
        raise _Unknown("it covers itself")
    holder, name = (parent, "text") if before is None else (before, "tail")
    text, at = getattr(holder, name), parent.index(element)
    setattr(holder, name, (text or "") + (element.tail or ""))
    parent.remove(element)
    try:
        yield
    finally:
        parent.insert(at, element)
        setattr(holder, name, text)


def _canonical(node: _Node, method: _Node, *, comments: bool = True) -> bytes:
    """A document or element as its digest is made of it. A reference inside a file never covers `comments`."""
    name = _INCLUSIVE if method is None else method.get("Algorithm", "")
    if not _CANONICAL.fullmatch(name):
        raise _Unknown("it uses a transform or canonical form that is not known here")
    exclusive = name.startswith(_EXCLUSIVE)
    if not hasattr(node, "getroot"):
        if not exclusive and node.xpath("ancestor::*/@xml:*"):
            raise _Unknown("what it covers inherits attributes")
        node = etree.fromstring(etree.tostring(node, with_tail=False))  # with the namespaces it inherits
    found: bytes = etree.tostring(
        node, method="c14n", exclusive=exclusive, with_comments=comments and "WithComments" in name, with_tail=False,
        inclusive_ns_prefixes=_prefixes(method, exclusive=exclusive),
    )  # fmt: skip
    return found


def _prefixes(method: _Node, *, exclusive: bool) -> list[str] | None:
    """The namespaces exclusive canonical XML keeps although they are not used."""
    if method is None or not len(method):
        return None
    prefixes = method[0].get("PrefixList", "").split()
    if not exclusive or [child.tag for child in method] != [_KEPT_PREFIXES] or "#default" in prefixes:
        raise _Unknown("its canonical form is not known here")
    return list(prefixes)


def _value(signature: _Node, info: _Node) -> Value:
    certificate = signature.findtext(f"{_DS}KeyInfo/{_DS}X509Data/{_DS}X509Certificate")
    if not certificate:
        raise _Unknown("the digests agree; no certificate is enclosed, so the signature over them was not verified")
    method = _known(_METHODS, _method(info, "SignatureMethod"))
    signed = base64.b64decode(signature.findtext(f"{_DS}SignatureValue") or "")
    return Value(base64.b64decode(certificate), method, signed, None, None)


def _method(node: _Node, name: str) -> str:
    return str(_child(node, name).get("Algorithm"))


def _child(node: _Node, name: str) -> _Node:
    found = node.find(f"{_DS}{name}")
    if found is None:
        raise _Unknown("it is not formed as XML-DSig asks for")
    return found


def _known(table: Any, method: str) -> Any:
    for pattern, known in table:
        if re.search(pattern, method):
            return known
    raise _Unknown("it uses an algorithm that is not known here")
