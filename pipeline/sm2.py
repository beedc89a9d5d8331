"""SM2 signatures (GB/T 32918.2-2016 with SM3, user ID of GM/T 0009-2012): verifying only.

OpenSSL knows the curve, but no Python library gives access to it, and those in pure Python take a tenth of a second
for one signature; in projective coordinates, with combs of the points that come again, it is about a millisecond.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from cryptography.hazmat.primitives import hashes

_P = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF00000000FFFFFFFFFFFFFFFF
_A = _P - 3
_B = 0x28E9FA9E9D9F5E344D5A9E4BCF6509A7F39789F515AB8F92DDBCBD414D940E93
_N = 0xFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFF7203DF6B21C6052B53BBF40939D54123
_G = (
    0x32C4AE2C1F1981195F9904466A39C9948FE30BBFF2660BE1715A4589334C74C7,
    0xBC3736A2F4F6779C59BDCEE36B692153D0A9877CC62A474002DF32E52139F0A0,
)
_USER = b"1234567812345678"

_Point = tuple[int, int, int]  # Jacobian: x/z², y/z³; z = 0 is the point at infinity
_INFINITY: _Point = (1, 1, 0)
_BASE_TEETH, _KEY_TEETH = 6, 4  # more make a signature cheaper and the first one of a key dearer


def holds(key: bytes, r: int, s: int, message: bytes) -> bool:
    """Whether (r, s) is a signature over `message` by the key 04 ‖ x ‖ y; ValueError if that is no point."""
    x, y = _public(key)
    t = (r + s) % _N
    if not (0 < r < _N and 0 < s < _N and t):
        return False
    about = (8 * len(_USER)).to_bytes(2) + _USER + b"".join(n.to_bytes(32) for n in (_A, _B, *_G, x, y))
    digest = int.from_bytes(sm3(sm3(about) + message))
    return (digest + _x_of_sum(s, t, (x, y))) % _N == r


def sm3(data: bytes) -> bytes:
    found = hashes.Hash(hashes.SM3())
    found.update(data)
    return found.finalize()


@lru_cache(64)
def _public(key: bytes) -> tuple[int, int]:
    if len(key) != 65 or key[0] != 4:
        raise ValueError("an uncompressed point is expected")
    x, y = int.from_bytes(key[1:33]), int.from_bytes(key[33:])
    if max(x, y) >= _P or (y * y - (x * x * x + _A * x + _B)) % _P:
        raise ValueError("not a point of the curve")
    return x, y


def _x_of_sum(s: int, t: int, key: tuple[int, int]) -> int:
    """The x of s·G + t·key, both multiplied in one run over the columns of their combs."""
    base, own = _comb(_G, _BASE_TEETH), _comb(key, _KEY_TEETH)
    columns = [0] * (own.columns - base.columns) + base.chosen(s)
    point = _INFINITY
    for of_base, of_own in zip(columns, own.chosen(t), strict=True):
        point = _doubled(point)
        if of_base:
            point = _added(point, base.sums[of_base])
        if of_own:
            point = _added(point, own.sums[of_own])
    x, _, z = point
    return x * pow(z * z, -1, _P) % _P if z else 0


@dataclass(frozen=True, slots=True)
class _Comb:
    """Multiples of a point for the method of Lim and Lee (CRYPTO '94): the bits of a factor are written in as many
    lines as the comb has teeth, one below the other, and each column of them is one multiple, made beforehand.
    """

    teeth: int
    columns: int
    sums: list[_Point]

    def chosen(self, factor: int) -> list[int]:
        """Which multiple each column of a factor is, the highest column first; 0 for none."""
        bits = format(factor, f"0{self.teeth * self.columns}b")
        return [int(bits[at :: self.columns], 2) for at in range(self.columns)]


@lru_cache(64)  # few keys seal most invoices: those of the tax offices
def _comb(point: tuple[int, int], teeth: int) -> _Comb:
    columns = -(-256 // teeth)
    sums, tooth = [_INFINITY], (*point, 1)
    for at in range(teeth):
        sums += [_added(one, tooth) for one in sums]
        for _ in range(columns if at < teeth - 1 else 0):
            tooth = _doubled(tooth)
    return _Comb(teeth, columns, [_INFINITY, *map(_flat, sums[1:])])


def _flat(point: _Point) -> _Point:
    """The same point with z = 1, which is added in fewer steps."""
    x, y, z = point
    inverse = pow(z, -1, _P)
    return x * inverse**2 % _P, y * inverse**3 % _P, 1


def _doubled(point: _Point) -> _Point:
    x, y, z = point
    if not z or not y:
        return _INFINITY
    yy, zz = y * y % _P, z * z % _P
    part = 4 * x * yy % _P
    slope = 3 * (x - zz) * (x + zz) % _P
    x3 = (slope * slope - 2 * part) % _P
    return x3, (slope * (part - x3) - 8 * yy * yy) % _P, 2 * y * z % _P


def _added(one: _Point, other: _Point) -> _Point:
    x1, y1, z1 = one
    x2, y2, z2 = other
    if not z1 or not z2:
        return other if not z1 else one
    z1z1 = z1 * z1 % _P
    u1, s1, z = x1, y1, z1
    if z2 != 1:
        z2z2 = z2 * z2 % _P
        u1, s1, z = x1 * z2z2 % _P, y1 * z2 * z2z2 % _P, z1 * z2
    h, r = (x2 * z1z1 - u1) % _P, (y2 * z1 * z1z1 - s1) % _P
    if not h:
        return _INFINITY if r else _doubled(one)
    hh = h * h % _P
    hhh, v = h * hh % _P, u1 * hh % _P
    x3 = (r * r - hhh - 2 * v) % _P
    return x3, (r * (v - x3) - s1 * hhh) % _P, h * z % _P
