"""One document of each type by chance: what a labelled set is made of."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date, timedelta

from samples.generator import companies, id_card, invoice, licence, people, permit, trade
from samples.generator.fonts import Faces
from samples.generator.truth import Drawn

Maker = Callable[[random.Random, Faces, int], Drawn]


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


MAKERS: dict[str, Maker] = {
    "business_licence": business_licence,
    "id_card": card,
    "account_permit": account_permit,
    "basic_account_info": basic_account_info,
    "vat_invoice": vat_invoice,
}
