"""Seals for tests: an SES_Signature of GB/T 38540 over any data, made with the key of the standard's example."""

from __future__ import annotations

from pipeline.sm2 import _A, _B, _G, _N, _USER, _x_of_sum, sm3

PRIVATE = 0x3945208F7B2144B13F36E38AC6D39F95889393692860B51A42FB81EF4DF7C5B8  # GM/T 0003.5-2012 annex A
PUBLIC = (
    0x09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020,
    0xCCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13,
)
KEY = b"\4" + b"".join(n.to_bytes(32) for n in PUBLIC)
_K = 0x59276E27D506861A16680F3AD9C02DCCEF3CC1FA3CDBE4CE6D54B80DEAC1BC21
_SM2, _EC, _CURVE = "1.2.156.10197.1.501", "1.2.840.10045.2.1", "1.2.156.10197.1.301"


def sign(message: bytes) -> tuple[int, int]:
    """r and s over a message."""
    about = (8 * len(_USER)).to_bytes(2) + _USER + b"".join(n.to_bytes(32) for n in (_A, _B, *_G, *PUBLIC))
    r = (int.from_bytes(sm3(sm3(about) + message)) + _x_of_sum(_K, 0, PUBLIC)) % _N
    return r, pow(1 + PRIVATE, -1, _N) * (_K - r * PRIVATE) % _N


def seal(data: bytes, signer: str = "核验样例印章") -> bytes:
    """The value of a seal, version 4, over `data`."""
    subject = _tlv(0x30, _tlv(0x31, _tlv(0x30, oid("2.5.4.3") + _tlv(0x0C, signer.encode()))))
    public = _tlv(0x30, _tlv(0x30, oid(_EC) + oid(_CURVE)) + _tlv(0x03, b"\0" + KEY))
    times = _tlv(0x30, _tlv(0x17, b"240101000000Z") + _tlv(0x17, b"340101000000Z"))
    algorithm = _tlv(0x30, oid(_SM2))
    about = _tlv(0x30, _tlv(0x02, b"\1") + algorithm + subject + times + subject + public)
    certificate = _tlv(0x30, about + algorithm + _tlv(0x03, b"\0\0"))
    picture = _tlv(0x30, _tlv(0x16, b"png") + _tlv(0x04, b"") + _tlv(0x02, b"\x1e") + _tlv(0x02, b"\x14"))
    inside = _tlv(0x30, _tlv(0x30, b"") + _tlv(0x16, b"1") + _tlv(0x30, b"") + picture)
    signed = _tlv(
        0x30, _tlv(0x02, b"\4") + _tlv(0x30, inside) + _tlv(0x18, b"20241205010203Z") + _tlv(0x03, b"\0" + sm3(data))
        + _tlv(0x16, b"/Doc_0/Signs/Sign_0/Signature.xml"),
    )  # fmt: skip
    r, s = sign(signed)
    signature = _tlv(0x30, b"".join(_tlv(0x02, b"\0" + n.to_bytes(32)) for n in (r, s)))
    return _tlv(0x30, signed + _tlv(0x04, certificate) + oid(_SM2) + _tlv(0x03, b"\0" + signature))


def oid(dotted: str) -> bytes:
    first, second, *rest = map(int, dotted.split("."))
    encoded = b""
    for number in (40 * first + second, *rest):
        groups = [number & 0x7F]
        while number := number >> 7:
            groups.insert(0, number & 0x7F | 0x80)
        encoded += bytes(groups)
    return _tlv(0x06, encoded)


def _tlv(tag: int, content: bytes) -> bytes:
    length = len(content)
    size = length.to_bytes((length.bit_length() + 7) // 8) if length > 127 else b""
    return bytes([tag, 0x80 | len(size) if size else length]) + size + content
