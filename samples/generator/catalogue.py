"""One document of each type by chance: what a labelled set is made of."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from samples.generator import (
    books,
    cards,
    commerce,
    companies,
    handheld,
    id_card,
    identity_cards,
    invoice,
    licence,
    passport,
    people,
    permit,
    receipts,
    right_papers,
    rights,
    scenes,
    tax_papers,
    taxpayer_form,
    trade,
    trade_papers,
    travel_cards,
    unit_certificates,
    units,
)
from samples.generator.companies import Company, company
from samples.generator.fonts import Faces
from samples.generator.travellers import Traveller, traveller
from samples.generator.truth import Drawn

Maker = Callable[[random.Random, Faces, int], Drawn]
Side = Callable[..., Drawn]


def business_licence(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    form = rng.choice(("2019", "2019", "2019", "2015", "registration"))
    kind = rng.choice(("company", "company", "company", *companies.KINDS))
    firm = companies.company(rng, kind, old=form != "2019", long_name=rng.random() < 0.2)
    return licence.draw(firm, faces, licence.style(rng, form), seed)


def card(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    who = people.person(rng, ethnicity=rng.choice((None, None, None, "维吾尔")), long_address=rng.random() < 0.4)
    side = rng.choice(("front", "front", "back", "both"))
    if side == "both":
        return id_card.both(who, faces, seed, stacked=rng.random() < 0.7)
    return (id_card.front if side == "front" else id_card.back)(who, faces, seed)


def account_permit(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    return permit.permit(companies.company(rng, long_name=rng.random() < 0.3, old=True), faces, seed)


def basic_account_info(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    return permit.basic_account_info(
        companies.company(rng, long_name=rng.random() < 0.3), faces, seed, table=rng.random() < 0.5
    )


def vat_invoice(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    kind = rng.choice(trade.KINDS)
    seller, buyer = companies.company(rng, rng.choice(("company", "company", "individual"))), companies.company(rng)
    day = None if kind.startswith("digital") else date(2019, 4, 8) + timedelta(days=rng.randint(0, 1400))
    made = trade.invoice(
        rng,
        seller,
        buyer,
        kind,
        issued_on=day,
        rate=rng.choice((None, None, None, 3)),
        by_tax_bureau=rng.random() < 0.1 and kind != "electronic_ordinary",
    )
    return invoice.draw(made, faces, seed)


def _sided(front: Side, back: Side, *homes: str) -> Maker:
    """A card of somebody from one of `homes`: its front, its back, or a copy of both."""

    def make(rng: random.Random, faces: Faces, seed: int) -> Drawn:
        who, side = traveller(rng, rng.choice(homes)), rng.choice(("front", "front", "back", "both"))
        if side == "both":
            return cards.both(front(who, faces, seed), back(who, faces, seed), seed, stacked=rng.random() < 0.7)
        return (front if side == "front" else back)(who, faces, seed)

    return make


def _single(draw: Callable[[Traveller, Faces, int], Drawn], *homes: str) -> Maker:
    return lambda rng, faces, seed: draw(traveller(rng, rng.choice(homes)), faces, seed)


def permanent_resident(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    edition = rng.choice((2023, 2023, 2017))

    def front(who: Traveller, faces: Faces, seed: int) -> Drawn:
        return travel_cards.resident_front(who, faces, seed, edition=edition)

    def back(who: Traveller, faces: Faces, seed: int) -> Drawn:
        return travel_cards.resident_back(who, faces, seed, edition=edition)

    return _sided(front, back, "USA", "GBR", "KOR", "IND", "PAK")(rng, faces, seed)


def _unit(kind: str, draw: Callable[[units.Unit, Faces, int], Drawn]) -> Maker:
    return lambda rng, faces, seed: draw(units.unit(rng, kind), faces, seed)


def _firm(draw: Callable[[Company, Faces, int], Drawn], *, old: bool = False) -> Maker:
    return lambda rng, faces, seed: draw(company(rng, old=old, long_name=rng.random() < 0.2), faces, seed)


def tax_registration(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    return tax_papers.registration(company(rng, old=True), faces, seed, general=rng.random() < 0.7)


def taxpayer_query(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    return tax_papers.query_screenshot(company(rng), faces, seed, general=rng.random() < 0.8)


def trademark_certificate(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    return right_papers.trademark_certificate(rights.trademark(rng, company(rng)), faces, seed)


def trademark_acceptance(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    return right_papers.trademark_acceptance(rights.trademark(rng, company(rng)), faces, seed)


def production_licence(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    return right_papers.production_licence(rights.production_licence(rng, company(rng)), faces, seed)


def iso_certificate(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    system = rng.choice(("quality", "quality", "environment", "safety"))
    made = rights.certificate(rng, company(rng), system)
    return right_papers.iso_certificate(made, faces, seed, in_english=rng.random() < 0.4)


def patent_certificate(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    return right_papers.patent_certificate(rights.patent(rng, company(rng)), faces, seed)


def customs_declaration(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    return trade_papers.customs_declaration(commerce.deal(rng, company(rng)), faces, seed)


def trade_contract(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    return trade_papers.sales_contract(commerce.deal(rng, company(rng)), faces, seed)


def export_report(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    report = commerce.months(rng, company(rng), count=rng.choice((6, 12, 12)))
    return books.export_report(report, seed) if rng.random() < 0.5 else trade_papers.export_report(report, faces, seed)


def bank_receipt(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    payer, payee = commerce.trading_companies(rng)
    made = commerce.transfer(rng, commerce.account(payer), commerce.account(payee))
    return receipts.receipt(made, faces, seed)


def handheld_photo(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    home = rng.choice(("", "", "HKG", "GBR", "IND"))
    if home in ("GBR", "IND"):
        document = passport.draw(traveller(rng, home), faces, seed)
    elif home:
        document = travel_cards.permit_front(traveller(rng, home), faces, seed)
    else:
        document = id_card.front(people.person(rng), faces, seed)
    return handheld.handheld(document, seed)


def factory_photo(rng: random.Random, faces: Faces, seed: int) -> Drawn:
    made = scenes.scene(rng.choice(list(scenes.SCENES)), seed, sign=company(rng).name)
    return scenes.watermarked(made) if rng.random() < 0.15 else made


MAKERS: dict[str, Maker] = {
    "business_licence": business_licence,
    "id_card": card,
    "account_permit": account_permit,
    "basic_account_info": basic_account_info,
    "vat_invoice": vat_invoice,
    "passport": _single(passport.draw, "CHN", "CHN", "GBR", "USA", "IND"),
    "hk_macau_travel_permit": _sided(travel_cards.permit_front, travel_cards.permit_back, "HKG", "MAC"),
    "taiwan_travel_permit": _sided(travel_cards.permit_front, travel_cards.permit_back, "TWN"),
    "hk_macau_residence_permit": _sided(travel_cards.residence_front, travel_cards.residence_back, "HKG", "MAC"),
    "taiwan_residence_permit": _sided(travel_cards.residence_front, travel_cards.residence_back, "TWN"),
    "foreign_permanent_resident_id": permanent_resident,
    "hk_identity_card": _single(identity_cards.hong_kong, "HKG"),
    "macau_identity_card": _single(identity_cards.macau, "MAC"),
    "taiwan_identity_card": _sided(identity_cards.taiwan_front, identity_cards.taiwan_back, "TWN"),
    "business_friend_card": _single(identity_cards.business_friend, "USA", "GBR", "IND", "PAK", "KOR"),
    "public_institution_certificate": _unit("public_institution", unit_certificates.public_institution),
    "social_organisation_certificate": _unit("social_organisation", unit_certificates.organisation),
    "private_non_enterprise_certificate": _unit("private_non_enterprise", unit_certificates.organisation),
    "credit_code_certificate": _unit("government", unit_certificates.credit_code),
    "organisation_code_certificate": _firm(unit_certificates.organisation_code, old=True),
    "tax_registration_certificate": tax_registration,
    "general_taxpayer_form": _firm(taxpayer_form.draw),
    "general_taxpayer_notice": _firm(tax_papers.notice),
    "taxpayer_query_screenshot": taxpayer_query,
    "trademark_certificate": trademark_certificate,
    "trademark_acceptance_notice": trademark_acceptance,
    "production_licence": production_licence,
    "iso_certificate": iso_certificate,
    "patent_certificate": patent_certificate,
    "customs_declaration": customs_declaration,
    "trade_contract": trade_contract,
    "export_report": export_report,
    "bank_receipt": bank_receipt,
    "handheld_photo": handheld_photo,
    "factory_photo": factory_photo,
    "portrait_photo": lambda rng, faces, seed: handheld.id_photo(seed),
    "order_lines": lambda rng, faces, seed: books.order_lines(commerce.order_lines(rng, rng.randint(4, 12)), seed),
    "person_list": lambda rng, faces, seed: books.person_list(commerce.visitors(rng, rng.randint(2, 8)), seed=seed),
    "supplier_assessment_form": lambda rng, faces, seed: books.supplier_assessment(company(rng), rng),
    "contract_information_form": lambda rng, faces, seed: books.contract_information(company(rng), rng),
    "new_product_sheet": lambda rng, faces, seed: books.new_products(company(rng), rng),
    "product_line_list": lambda rng, faces, seed: books.product_lines(company(rng), rng),
}
