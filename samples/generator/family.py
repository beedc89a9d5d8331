"""Papers several submissions share: drawn once, by seeds of the family's and the paper's name, then copied."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import cv2

from samples.generator import capture, fonts, photograph, truth
from samples.generator.fonts import Faces
from samples.generator.pdf import scanned
from samples.generator.truth import Drawn

SIDE = 1200  # longest side in pixels, unless a type's text is too small or its card needs less
SIDES = {
    "id_card": 960,
    "hk_macau_travel_permit": 1000,
    "taiwan_travel_permit": 1000,
    "hk_identity_card": 1000,
    "business_friend_card": 1000,
    "customs_declaration": 1600,
    "general_taxpayer_form": 1350,
    "factory_photo": 1200,
    "portrait_photo": 560,
}
SNAPSHOTS = ("factory_photo", "portrait_photo", "handheld_photo")
Draw = Callable[[Faces, int], Drawn]


@dataclass(frozen=True, slots=True)
class Paper:
    """A file as it lies in a submission, with its truth; `caption` is what the applicant says it shows."""

    name: str
    data: bytes
    truth: dict[str, Any]
    caption: str = ""


@dataclass
class Family:
    """The papers of one applicant. A paper depends on nothing but its own name and the family's."""

    name: str
    papers: dict[str, Paper] = field(default_factory=dict)  # by file name

    def rng(self, what: str) -> random.Random:
        return random.Random(f"{self.name}/{what}")

    def picture(self, key: str, draw: Draw) -> Paper:
        """A JPEG of a drawing: scanned, or taken by a camera where it is a photo."""
        return self._once(f"{key}.jpg", lambda name: self._jpeg(name, self._taken(key, draw)))

    def altered(self, key: str, of: str, draw: Draw, alter: Callable[[Drawn], Drawn]) -> Paper:
        """The picture `of` a drawing, changed after it was taken."""
        return self._once(f"{key}.jpg", lambda name: self._jpeg(name, alter(self._taken(of, draw))))

    def bitmap(self, key: str, draw: Draw, side: int) -> Paper:
        """The uncompressed picture some scanners write."""

        def make(name: str) -> Paper:
            flat = self._taken(key, draw, preset="flat", side=side)
            return Paper(name, cv2.imencode(".bmp", flat.image)[1].tobytes(), truth.document(flat))

        return self._once(f"{key}.bmp", make)

    def pdf(self, key: str, draw: Draw) -> Paper:
        """A PDF with a text layer where the drawing has one, else of a scan."""

        def make(name: str) -> Paper:
            drawn = draw(*self._by_chance(key))
            data = drawn.pdf or scanned([self._jpeg(name, self._taken(key, draw)).data])
            return Paper(name, data, truth.document(drawn) | {"boxes": {}})

        return self._once(f"{key}.pdf", make)

    def book(self, key: str, draw: Draw) -> Paper:
        return self._data(f"{key}.xlsx", key, draw, lambda drawn: drawn.book)

    def ofd(self, key: str, draw: Draw) -> Paper:
        return self._data(f"{key}.ofd", key, draw, lambda drawn: drawn.ofd)

    def xml(self, key: str, draw: Draw) -> Paper:
        return self._data(f"{key}.xml", key, draw, lambda drawn: drawn.xml)

    def bundle(self, key: str, *papers: Paper) -> Paper:
        """A ZIP of other papers, as tax platforms hand them out; its truth is that of the first."""

        def make(name: str) -> Paper:
            out = io.BytesIO()
            with zipfile.ZipFile(out, "w") as archive:
                for paper in papers:
                    archive.writestr(zipfile.ZipInfo(paper.name, (2026, 11, 1, 0, 0, 0)), paper.data)
            return Paper(name, out.getvalue(), papers[0].truth)

        return self._once(f"{key}.zip", make)

    def _data(self, name: str, key: str, draw: Draw, data: Callable[[Drawn], bytes]) -> Paper:
        def make(name: str) -> Paper:
            drawn = draw(*self._by_chance(key))
            return Paper(name, data(drawn), truth.document(drawn) | {"boxes": {}})

        return self._once(name, make)

    def _once(self, name: str, make: Callable[[str], Paper]) -> Paper:
        if name not in self.papers:
            self.papers[name] = make(name)
        return self.papers[name]

    def _by_chance(self, key: str) -> tuple[Faces, int]:
        rng = self.rng(key)
        return rng.choice(fonts.COMMITTED), rng.randrange(10**6)

    def _taken(self, key: str, draw: Draw, *, preset: str = "", side: int = 0) -> Drawn:
        faces, seed = self._by_chance(key)
        drawn = draw(faces, seed)
        preset = preset or ("snapshot" if drawn.type in SNAPSHOTS else "scan")
        return capture.take(drawn, preset, seed + 1, side=side or SIDES.get(drawn.type, SIDE))

    def _jpeg(self, name: str, taken: Drawn) -> Paper:
        return Paper(name, photograph.jpeg(taken.image, 72, taken.exif), truth.document(taken))
