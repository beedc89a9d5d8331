"""One sample submission while it is drawn: an enterprise, its papers, the declaration, the expected verdict."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from dataclasses import field as default
from pathlib import Path
from typing import Any

import yaml

from samples.generator import (
    capture,
    companies,
    fonts,
    id_card,
    invoice,
    licence,
    people,
    permit,
    photograph,
    trade,
    truth,
)
from samples.generator.companies import Company
from samples.generator.family import Paper
from samples.generator.people import Person
from samples.generator.truth import Drawn

NAME_VERIFICATION = "1688/name-verification"
RONGYISHOU = "1688/rongyishou"
# Longest side in pixels by type: text of a scan stays readable, and all samples together small.
SIDES = {
    "business_licence": 1450,
    "id_card": 960,
    "account_permit": 1200,
    "basic_account_info": 1200,
    "vat_invoice": 1600,
}
Flaw = tuple[str, dict[str, Any]]


@dataclass
class Packet:
    """A submission under construction; the methods add documents in the order they are called."""

    folder: Path
    profile: str = NAME_VERIFICATION
    preset: str = "scan"
    firm: Company = None  # type: ignore[assignment]  # set by `enterprise`
    declared: dict[str, Any] = default(default_factory=dict)
    documents: list[dict[str, str]] = default(default_factory=list)
    listed: bool = True  # whether submission.yaml names the files
    earlier: list[str | dict[str, Any]] = default(default_factory=list)
    settings: dict[str, str] = default(default_factory=dict)  # what `heyan check` is told besides

    def __post_init__(self) -> None:
        self.rng = random.Random(self.folder.name)
        self.faces = self.rng.choice(fonts.COMMITTED)

    def case(self, profile: str, declared: dict[str, Any], **slots: Paper | tuple[Paper, ...]) -> None:
        """What is declared to a procedure, and papers of a family by the slots they go into."""
        self.profile, self.declared = profile, dict(declared)
        for slot, papers in slots.items():
            for paper in (papers,) if isinstance(papers, Paper) else papers:
                (self.folder / paper.name).write_bytes(paper.data)
                truth.write(self.folder / paper.name, paper.truth)
                caption = {"caption": paper.caption} if paper.caption else {}
                self.documents.append({"file": paper.name, "slot": slot} | caption)

    def before(
        self, profile: str, declared: dict[str, Any], *, verdict: str = "accept", as_of: str = "2026-10-12"
    ) -> None:
        """An earlier procedure, as the platform judged it."""
        self.earlier.append({"profile": profile, "verdict": verdict, "as_of": as_of, "declared": truth.plain(declared)})

    def enterprise(self, kind: str = "company", *, permit_era: bool = True, **options: Any) -> Company:
        """Founds the enterprise and declares what is true of it."""
        firm = self.firm = companies.company(self.rng, kind, permit_era=permit_era, **options)
        self.declared = {
            "company_name": firm.name,
            "credit_code": firm.credit_code,
            "legal_representative": firm.representative,
            "legal_representative_id": firm.person.id_number,
            "mobile": firm.person.mobile,
            "account_name": firm.name,
            "account_number": firm.account_number,
            "bank_name": firm.bank_name,
        }
        return firm

    def licence(self, look: licence.Style | None = None, **taking: Any) -> None:
        look = look or licence.Style(ghost=self.rng.random() < 0.7, capital=self.rng.randrange(4))
        self.add("licence", "business_licence", licence.draw(self.firm, self.faces, look, self._seed()), **taking)

    def id_front(self, who: Person | None = None, **taking: Any) -> None:
        self.add(
            "id-front", "id_card_front", id_card.front(who or self.firm.person, self.faces, self._seed()), **taking
        )

    def id_back(self, who: Person | None = None, **taking: Any) -> None:
        self.add("id-back", "id_card_back", id_card.back(who or self.firm.person, self.faces, self._seed()), **taking)

    def id_sides(self, **taking: Any) -> None:
        """Both sides on one page."""
        drawn = id_card.both(self.firm.person, self.faces, self._seed())
        self.add("id-both-sides", "id_card_front", drawn, side=1500, **taking)

    def permit(self, firm: Company | None = None, **taking: Any) -> None:
        drawn = permit.permit(firm or self.firm, self.faces, self._seed())
        self.add("account-permit", "account_permit", drawn, **taking)

    def account_info(self, *, table: bool = False, **taking: Any) -> None:
        drawn = permit.basic_account_info(self.firm, self.faces, self._seed(), table=table)
        self.add("basic-account-info", "account_permit", drawn, **taking)

    def invoice(
        self, kind: str, *, as_pdf: bool = False, rate: int | None = None, by_tax_bureau: bool = False, **taking: Any
    ) -> None:
        made = trade.invoice(
            self.rng, self.firm, companies.company(self.rng), kind, rate=rate, by_tax_bureau=by_tax_bureau
        )
        drawn = invoice.draw(made, self.faces, self._seed())
        if as_pdf:
            self.add_pdf("invoice.pdf", "taxpayer_proof", drawn.pdf, truth.document(drawn) | {"boxes": {}})
        else:
            self.add("invoice", "taxpayer_proof", drawn, **taking)

    def take(
        self, drawn: Drawn, *, preset: str = "", rotation: int = 0, flaws: tuple[Flaw, ...] = (), side: int = 0
    ) -> Drawn:
        """The drawing as this submission's scanner or phone shows it."""
        return capture.take(
            drawn, preset or self.preset, self._seed(), side=side or SIDES[drawn.type], rotation=rotation, flaws=flaws
        )

    def add(self, name: str, slot: str, drawn: Drawn, *, quality: int = 74, **taking: Any) -> None:
        path = self.folder / f"{name}.jpg"
        taken = self.take(drawn, **taking)
        path.write_bytes(photograph.jpeg(taken.image, quality))
        truth.write(path, truth.document(taken))
        self.documents.append({"file": path.name, "slot": slot})

    def add_pdf(self, name: str, slot: str, data: bytes, what: dict[str, Any]) -> None:
        (self.folder / name).write_bytes(data)
        truth.write(self.folder / name, what)
        self.documents.append({"file": name, "slot": slot})

    def write(self, verdict: str, findings: tuple[str, ...], why: str) -> None:
        """submission.yaml and expected.yaml."""
        description: dict[str, Any] = {"profile": self.profile, "declared": truth.plain(self.declared)}
        if self.listed:
            description["documents"] = self.documents
        if self.earlier:
            description["earlier"] = self.earlier
        _dump(self.folder / "submission.yaml", description)
        expected = {"verdict": verdict, "as_of": people.AS_OF.isoformat(), "why": why, "findings": list(findings)}
        _dump(self.folder / "expected.yaml", expected | ({"settings": self.settings} if self.settings else {}))

    def _seed(self) -> int:
        return self.rng.randrange(10**6)


def build(folder: Path, fill: Callable[[Packet], None], verdict: str, findings: tuple[str, ...], why: str) -> None:
    """Draws one submission into an emptied folder."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    packet = Packet(folder)
    fill(packet)
    packet.write(verdict, findings, why)


def _dump(path: Path, data: dict[str, Any]) -> None:
    path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=200), "utf-8")
