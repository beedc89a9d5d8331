"""Yiwu export credit insurance: registration, real-name check, insured orders, settlement party."""

from __future__ import annotations

import json
from dataclasses import replace
from decimal import Decimal

from samples.generator import (
    books,
    commerce,
    companies,
    handheld,
    id_card,
    identity_cards,
    licence,
    passport,
    people,
    trade_papers,
    travellers,
    truth,
)
from samples.generator.family import Family, Paper
from samples.generator.licence import Style
from samples.generator.packet import Packet
from samples.generator.people import Person
from samples.generator.submissions.listing import sample
from samples.generator.submissions.registry import TABLE
from samples.generator.travellers import Traveller

REGISTRATION, REAL_NAME = "yiwu/registration", "yiwu/real-name"
ORDER, SETTLEMENT_PARTY = "yiwu/insured-order", "yiwu/settlement-party"
OURS = Family("yiwu")
YIWU = next(place for place in people.PLACES if place.region == "330782")
FIRM = companies.company(
    OURS.rng("firm"), representative=people.person(OURS.rng("head"), home=YIWU, ethnicity="汉"), term="long"
)
COMPANY = {"company_name": FIRM.name, "credit_code": FIRM.credit_code}
HEAD = {"legal_representative": FIRM.representative, "legal_representative_id": FIRM.person.id_number}
LOGIN = {"login_account": FIRM.credit_code, "password": "yiwu-2026"}
OFFICE = {"office_address": "浙江省义乌市稠州北路1234号5楼"}
GUEST = travellers.traveller(OURS.rng("guest"), "IND")


def _licence() -> Paper:
    return OURS.picture("licence", lambda faces, seed: licence.draw(FIRM, faces, Style(capital=1), seed))


def _id_front() -> Paper:
    return OURS.picture("id-front", lambda faces, seed: id_card.front(FIRM.person, faces, seed))


@sample(why="Declared as registered, with a licence and a good password.")
def accept_yiwu_registration(p: Packet) -> None:
    p.case(REGISTRATION, COMPANY | HEAD | LOGIN, business_licence=_licence())
    p.settings["registry"] = TABLE


@sample(
    "PROFILE_DECLARED_MALFORMED", "CROSS_DIFFERENT",
    why="A password of digits only, and a login account that is another company's credit code.",
)  # fmt: skip
def reject_yiwu_registration_weak_password(p: Packet) -> None:
    other = companies.company(OURS.rng("other")).credit_code
    p.case(REGISTRATION, COMPANY | HEAD | {"login_account": other, "password": "20260101"})
    p.settings["registry"] = TABLE


@sample(
    "AUTH_REGISTRY_DIFFERENT", why="The registry names another legal representative: the change was not registered."
)
def reject_yiwu_registration_not_as_registered(p: Packet) -> None:
    other = people.person(OURS.rng("new head"), home=YIWU, ethnicity="汉")
    head = {"legal_representative": other.name, "legal_representative_id": other.id_number}
    p.case(REGISTRATION, COMPANY | head | LOGIN)
    p.settings["registry"] = TABLE


def _id_in_hand(key: str, who: Person) -> Paper:
    return OURS.picture(key, lambda faces, seed: handheld.handheld(id_card.front(who, faces, seed), seed))


def _chinese(p: Packet, photo: Paper) -> None:
    back = OURS.picture("id-back", lambda faces, seed: id_card.back(FIRM.person, faces, seed))
    declared = COMPANY | HEAD | OFFICE | {"representative_nationality": "chinese"}
    p.case(REAL_NAME, declared, handheld_photo=photo, id_card_front=_id_front(), id_card_back=back)


@sample(why="The representative holds her ID card before the camera; both sides are sent too.")
def accept_yiwu_real_name_id_card(p: Packet) -> None:
    _chinese(p, _id_in_hand("in-hand", FIRM.person))


@sample("AUTH_NAME_NOT_READ_IN_HAND", why="The card that is held up is somebody else's.")
def review_yiwu_real_name_other_card_in_hand(p: Packet) -> None:
    _chinese(p, _id_in_hand("in-hand-other", people.person(OURS.rng("friend"), ethnicity="汉")))


def _foreign(p: Packet, card_of: Traveller, key: str) -> None:
    declared = COMPANY | OFFICE | {
        "legal_representative": GUEST.name, "legal_representative_id": GUEST.passport,
        "representative_nationality": "foreign",
    }  # fmt: skip
    p.case(
        REAL_NAME, declared,
        handheld_photo=OURS.picture(
            "passport-in-hand", lambda faces, seed: handheld.handheld(passport.draw(GUEST, faces, seed), seed)
        ),
        passport=OURS.picture("passport", lambda faces, seed: passport.draw(GUEST, faces, seed)),
        business_friend_card=OURS.picture(
            key, lambda faces, seed: identity_cards.business_friend(card_of, faces, seed)
        ),
    )  # fmt: skip


@sample(why="A representative from abroad: passport, business friend card, and the passport in hand.")
def accept_yiwu_real_name_passport(p: Packet) -> None:
    _foreign(p, GUEST, "friend-card")


@sample("CROSS_DIFFERENT", why="The business friend card still names the passport before the last renewal.")
def reject_yiwu_real_name_renewed_passport(p: Packet) -> None:
    before = travellers.traveller(OURS.rng("passport before"), "IND").passport
    _foreign(p, replace(GUEST, passport=before), "friend-card-old-passport")


LINES = commerce.order_lines(OURS.rng("lines"))
TOTAL = sum((line.amount for line in LINES), Decimal(0))
DEAL = commerce.deal(OURS.rng("deal"), FIRM, currency="USD")
ORDERED = COMPANY | {
    "buyer_name": GUEST.name, "buyer_document": GUEST.passport, "destination_country": "印度",
    "order_total": f"{TOTAL}",
}  # fmt: skip
EXPORTED = ORDERED | {"order_confirmed": True, "declaration_number": DEAL.declaration_number}


def _lines() -> Paper:
    return OURS.book("order-lines", lambda faces, seed: books.order_lines(LINES, seed))


def _declaration() -> Paper:
    return OURS.picture("customs-declaration", lambda faces, seed: trade_papers.customs_declaration(DEAL, faces, seed))


@sample(why="Order lines from the Excel template add up to the declared total.")
def accept_yiwu_insured_order_lines(p: Packet) -> None:
    p.case(ORDER, ORDERED, order_lines=_lines())
    p.before(REGISTRATION, COMPANY | HEAD)


@sample(why="The order was confirmed; after export the customs declaration's number is entered.")
def accept_yiwu_insured_order_exported(p: Packet) -> None:
    p.case(ORDER, EXPORTED, order_lines=_lines(), customs_declaration=_declaration())
    p.before(ORDER, ORDERED | {"order_confirmed": True})


@sample("PROFILE_CONDITION_NOT_MET", why="The last line was added after the total was declared.")
def reject_yiwu_insured_order_total(p: Packet) -> None:
    p.case(ORDER, ORDERED | {"order_total": f"{TOTAL - LINES[-1].amount}"}, order_lines=_lines())


@sample("FIELD_ROW_MALFORMED", why="In one row of the template a mobile number lost digits, and there is no month 13.")
def reject_yiwu_insured_order_bad_row(p: Packet) -> None:
    lines = (*LINES[:-1], replace(LINES[-1], mobile="1380000", month="2026-13"))
    p.case(
        ORDER, ORDERED, order_lines=OURS.book("order-lines-bad-row", lambda faces, seed: books.order_lines(lines, seed))
    )


@sample("PROFILE_VALUE_CHANGED", why="The declaration's number is entered already, but goods moved from line to line.")
def reject_yiwu_insured_order_changed_after_export(p: Packet) -> None:
    first, second, *rest = LINES
    moved = (replace(first, amount=first.amount - 100), replace(second, amount=second.amount + 100), *rest)
    lines = OURS.book("order-lines-changed", lambda faces, seed: books.order_lines(moved, seed))
    p.case(ORDER, EXPORTED, order_lines=lines)
    _registered(p, "registered-order.json")


def _registered(p: Packet, name: str) -> None:
    """The order as it stood, in the form of a report of Heyan's."""
    lines = truth.plain(_lines().truth["fields"]["lines"])
    report = {
        "schema": "heyan.report/1", "profile": ORDER, "verdict": "accept", "as_of": "2026-11-05", "declared": EXPORTED,
        "documents": [{"slot": "order_lines", "fields": {"lines": {"value": lines}}}],
    }  # fmt: skip
    (p.folder / name).write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", "utf-8")
    p.earlier.append(name)


PARTY = COMPANY | HEAD | {"party_kind": "small_enterprise", "mobile": FIRM.person.mobile}


@sample(why="A small enterprise as settlement party, as licence, ID card and registry have it.")
def accept_yiwu_settlement_party(p: Packet) -> None:
    p.case(SETTLEMENT_PARTY, PARTY, business_licence=_licence(), id_card_front=_id_front())
    p.settings["registry"] = TABLE


@sample(
    "MATCH_DIFFERENT", "AUTH_REGISTRY_DIFFERENT",
    why="Bound to the representative's brother: name and number are not those of the ID card or the registry.",
)  # fmt: skip
def reject_yiwu_settlement_party_other_person(p: Packet) -> None:
    other = people.person(OURS.rng("brother"), home=YIWU, ethnicity="汉")
    head = {"legal_representative": other.name, "legal_representative_id": other.id_number}
    p.case(SETTLEMENT_PARTY, PARTY | head, business_licence=_licence(), id_card_front=_id_front())
    p.settings["registry"] = TABLE
