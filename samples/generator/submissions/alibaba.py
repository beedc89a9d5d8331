"""Alibaba.com: basic, factory and trade-capability verification, Strength Merchant."""

from __future__ import annotations

from dataclasses import replace

from samples.generator import (
    books,
    commerce,
    companies,
    english,
    id_card,
    licence,
    right_papers,
    rights,
    scenes,
    stamps,
    tax_papers,
    trade_papers,
    translations,
    unit_certificates,
)
from samples.generator.family import Draw, Family, Paper
from samples.generator.fonts import Faces
from samples.generator.licence import Style
from samples.generator.packet import Packet
from samples.generator.submissions.listing import sample
from samples.generator.truth import Drawn

BASIC, FACTORY = "alibaba/basic", "alibaba/factory"
TRADE, STRENGTH = "alibaba/trade-capability", "alibaba/strength-merchant"
OURS = Family("alibaba")
FIRM = companies.company(OURS.rng("firm"), old=True, term="dated")
OTHER = companies.company(OURS.rng("other"))
COMPANY = {"company_name": FIRM.name, "credit_code": FIRM.credit_code}
ENGLISH = COMPANY | {"english_name": english.name(FIRM)}
HEAD = {"legal_representative": FIRM.representative}
CONTACT = ENGLISH | HEAD | {
    "legal_representative_id": FIRM.person.id_number, "email": "office@example.com", "phone": FIRM.phone,
}  # fmt: skip
LOOK = Style(form="2015", capital=1)


def _licence() -> Paper:
    return OURS.picture("licence", lambda faces, seed: licence.draw(FIRM, faces, LOOK, seed))


def _id() -> Paper:
    return OURS.picture("id-front", lambda faces, seed: id_card.front(FIRM.person, faces, seed))


def _tax() -> Paper:
    return OURS.picture("tax-registration", lambda faces, seed: tax_papers.registration(FIRM, faces, seed))


def _code_certificate() -> Paper:
    return OURS.picture("organisation-code", lambda faces, seed: unit_certificates.organisation_code(FIRM, faces, seed))


@sample(why="Licence, ID card and both older certificates, verified eight months ago.")
def accept_alibaba_basic_all_papers(p: Packet) -> None:
    p.case(
        BASIC, CONTACT | {"last_verified_on": "2026-03-18"}, business_licence=_licence(), identity_document=_id(),
        tax_registration_certificate=_tax(), organisation_code_certificate=_code_certificate(),
    )  # fmt: skip


@sample("MATCH_DIFFERENT", why="The company's new name is declared; all papers carry the old one.")
def reject_alibaba_basic_renamed(p: Packet) -> None:
    renamed = FIRM.name.replace("有限公司", "集团有限公司")
    p.case(
        BASIC, CONTACT | {"company_name": renamed}, business_licence=_licence(), tax_registration_certificate=_tax(),
        organisation_code_certificate=_code_certificate(),
    )  # fmt: skip


@sample("FILE_FORMAT_NOT_ACCEPTED", why="The licence is a PDF where JPG or PNG is asked for.")
def reject_alibaba_basic_pdf(p: Packet) -> None:
    paper = OURS.pdf("licence", lambda faces, seed: licence.draw(FIRM, faces, LOOK, seed))
    p.case(BASIC, CONTACT, business_licence=paper)


@sample("DATE_RENEWAL_OVERDUE", why="The last verification is more than a year ago.")
def review_alibaba_basic_renewal_overdue(p: Packet) -> None:
    p.case(BASIC, CONTACT | {"last_verified_on": "2025-10-20"}, business_licence=_licence(), identity_document=_id())


def _draw_scene(kind: str) -> Draw:
    return lambda faces, seed: scenes.scene(kind, OURS.rng(kind).randrange(1000))


def _scene(kind: str, caption: str) -> Paper:
    """A photo of the company's own."""
    return replace(OURS.picture(kind.replace("_", "-"), _draw_scene(kind)), caption=caption)


def _line() -> Paper:
    return _scene("production_line", "生产线 production line")


def _production_licence(key: str, *, expired: bool = False) -> Paper:
    made = rights.production_licence(OURS.rng("production"), FIRM, expired=expired)
    return OURS.picture(key, lambda faces, seed: right_papers.production_licence(made, faces, seed))


def _iso(key: str = "iso-certificate", *, sealed: bool = False) -> Paper:
    """The ISO certificate; copies carry the company's seal where they are asked to be `sealed`."""
    made = rights.certificate(OURS.rng("iso"), FIRM)

    def draw(faces: Faces, seed: int) -> Drawn:
        page = right_papers.iso_certificate(made, faces, seed)
        return stamps.stamped(page, stamps.company_seal(FIRM.name, seed), 0.3, 0.78, 0.2) if sealed else page

    return OURS.picture(key, draw)


@sample(why="Own photos with captions, the production licence and an ISO certificate.")
def accept_alibaba_factory_own_photos(p: Packet) -> None:
    p.case(
        FACTORY, ENGLISH, production_line=_line(), warehouse=_scene("warehouse", "成品仓库 warehouse"),
        equipment=_scene("equipment", "主要设备 equipment"), iso_certificate=_iso(),
        production_licence=_production_licence("production-licence"),
    )  # fmt: skip
    p.before(BASIC, COMPANY)


@sample(
    "AUTH_PICTURE_SITE_NAMED", "AUTH_NO_CAMERA_DATA", "AUTH_SAME_PHOTO",
    why="The warehouse is from a picture site; the photo of the equipment is that of the production line again.",
)  # fmt: skip
def review_alibaba_factory_borrowed_photos(p: Packet) -> None:
    stock = OURS.altered("warehouse-stock", "warehouse", _draw_scene("warehouse"), scenes.watermarked)
    again = OURS.altered("equipment-again", "production-line", _draw_scene("production_line"), scenes.near_duplicate)
    p.case(
        FACTORY, ENGLISH, production_line=_line(), warehouse=stock, equipment=again,
        production_licence=_production_licence("production-licence"),
    )  # fmt: skip


@sample("DATE_EXPIRED", why="The production licence has run out.")
def reject_alibaba_factory_expired_licence(p: Packet) -> None:
    p.case(
        FACTORY, ENGLISH, production_line=_line(), warehouse=_scene("warehouse", "成品仓库 warehouse"),
        equipment=_scene("equipment", "主要设备 equipment"),
        production_licence=_production_licence("production-licence-expired", expired=True),
    )  # fmt: skip


DEAL = commerce.deal(OURS.rng("deal"), FIRM, currency="USD")


def _declaration(key: str, deal: commerce.Deal) -> Paper:
    return OURS.picture(key, lambda faces, seed: trade_papers.customs_declaration(deal, faces, seed))


@sample(why="A customs declaration, the contract behind it, and the year's export report as a spreadsheet.")
def accept_alibaba_trade_capability_last_year(p: Packet) -> None:
    report = commerce.months(OURS.rng("months"), FIRM)
    p.case(
        TRADE, ENGLISH, customs_declaration=_declaration("customs-declaration", DEAL),
        trade_contract=OURS.picture("contract", lambda faces, seed: trade_papers.sales_contract(DEAL, faces, seed)),
        export_report=OURS.book("export-report", lambda faces, seed: books.export_report(report, seed)),
    )  # fmt: skip


@sample("MATCH_DIFFERENT", why="The customs declaration is a trading agent's, not the company's.")
def reject_alibaba_trade_capability_agents_declaration(p: Packet) -> None:
    other = replace(DEAL, seller=OTHER)
    p.case(TRADE, ENGLISH, customs_declaration=_declaration("customs-declaration-agent", other))


def _report(key: str, scale: int) -> Paper:
    report = commerce.months(OURS.rng("months"), FIRM, scale=scale)
    return OURS.pdf(key, lambda faces, seed: trade_papers.export_report(report, faces, seed))


def _translation(key: str, *, sealed: bool = True) -> Paper:
    return OURS.picture(key, lambda faces, seed: translations.licence(FIRM, faces, seed, sealed=sealed))


def _patent() -> Paper:
    made = rights.patent(OURS.rng("patent"), FIRM)
    return OURS.picture("patent", lambda faces, seed: right_papers.patent_certificate(made, faces, seed))


@sample(why="Both verifications passed, sealed papers, a patent, 700,000 USD of exports in the last year.")
def accept_alibaba_strength_merchant_sealed(p: Packet) -> None:
    p.case(
        STRENGTH, ENGLISH | HEAD | {"last_renewed_on": "2026-02-03"}, business_licence=_licence(),
        iso_certificate=_iso("iso-certificate-sealed", sealed=True), export_report=_report("export-report", 60000),
        patent_certificate=_patent(), translation=_translation("translation"),
    )  # fmt: skip
    p.before(BASIC, COMPANY)
    p.before(FACTORY, COMPANY)


@sample("PROFILE_CONDITION_NOT_MET", why="Exports of 300,000 USD, and the factory verification was refused.")
def reject_alibaba_strength_merchant_few_exports(p: Packet) -> None:
    p.case(
        STRENGTH, ENGLISH | HEAD, business_licence=_licence(),
        iso_certificate=_iso("iso-certificate-sealed", sealed=True), export_report=_report("export-report-low", 25000),
    )  # fmt: skip
    p.before(BASIC, COMPANY)
    p.before(FACTORY, COMPANY, verdict="reject")
    p.before(TRADE, COMPANY, verdict="reject")


@sample("AUTH_NO_SEAL_SEEN", why="The English translation was not sealed.")
def review_alibaba_strength_merchant_unsealed_translation(p: Packet) -> None:
    p.case(
        STRENGTH, ENGLISH | HEAD, business_licence=_licence(),
        iso_certificate=_iso("iso-certificate-sealed", sealed=True), export_report=_report("export-report", 60000),
        translation=_translation("translation-unsealed", sealed=False),
    )  # fmt: skip
    p.before(BASIC, COMPANY)
    p.before(FACTORY, COMPANY)
