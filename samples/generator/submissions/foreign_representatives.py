"""Name verification where the legal representative is from Hong Kong, Taiwan or abroad; and the company registry."""

from __future__ import annotations

from dataclasses import dataclass, replace

from samples.generator import companies, figures, identity_cards, licence, passport, permit, travel_cards, travellers
from samples.generator.companies import Company
from samples.generator.family import Family, Paper
from samples.generator.licence import Style
from samples.generator.packet import NAME_VERIFICATION, Packet
from samples.generator.submissions.listing import sample
from samples.generator.submissions.registry import TABLE
from samples.generator.travellers import Traveller


@dataclass(frozen=True)
class Applicant:
    """A company headed by somebody from outside the mainland."""

    family: Family
    who: Traveller
    firm: Company

    def declared(self, kind: str, number: str) -> dict[str, str]:
        return {
            "company_name": self.firm.name,
            "credit_code": self.firm.credit_code,
            "legal_representative": self.who.name,
            "representative_document": kind,
            "legal_representative_id": number,
            "mobile": self.firm.person.mobile,
            "account_name": self.firm.name,
            "account_number": self.firm.account_number,
            "bank_name": self.firm.bank_name,
        }

    def case(self, p: Packet, declared: dict[str, str], document: Paper) -> None:
        """The company's licence and permit, and the document of its head."""
        look = Style(capital=2)
        paper = self.family.picture("licence", lambda faces, seed: licence.draw(self.firm, faces, look, seed))
        account = self.family.picture("account-permit", lambda faces, seed: permit.permit(self.firm, faces, seed))
        p.case(
            NAME_VERIFICATION,
            declared,
            business_licence=paper,
            representative_document=document,
            account_permit=account,
        )


def _applicant(home: str) -> Applicant:
    family = Family(f"1688/{home}")
    who = travellers.traveller(family.rng("person"), home)
    firm = companies.company(family.rng("firm"), term="long", permit_era=True)
    head = replace(firm.person, name=who.name)
    return Applicant(family, who, replace(firm, person=head, representative=who.name))


HONG_KONG, TAIWAN, ABROAD = _applicant("HKG"), _applicant("TWN"), _applicant("GBR")


def _permit_card(applicant: Applicant) -> Paper:
    return applicant.family.picture(
        "travel-permit", lambda faces, seed: travel_cards.permit_front(applicant.who, faces, seed)
    )


def _hong_kong_card() -> Paper:
    return HONG_KONG.family.picture(
        "identity-card", lambda faces, seed: identity_cards.hong_kong(HONG_KONG.who, faces, seed)
    )


def _passport() -> Paper:
    return ABROAD.family.picture("passport", lambda faces, seed: passport.draw(ABROAD.who, faces, seed))


@sample(why="A representative from Hong Kong with the travel permit; the registry knows the company.")
def accept_1688_name_verification_travel_permit(p: Packet) -> None:
    declared = HONG_KONG.declared("hk_macau_travel_permit", HONG_KONG.who.permit) | {"member_name": "港贸2026"}
    HONG_KONG.case(p, declared, _permit_card(HONG_KONG))
    p.settings["registry"] = TABLE


@sample(
    "MATCH_DIFFERENT", "PROFILE_DECLARED_MALFORMED",
    why="The travel permit is handed in, the number of the one before is declared; the member name has a sign in it.",
)  # fmt: skip
def reject_1688_name_verification_other_permit_number(p: Packet) -> None:
    number = travellers.traveller(HONG_KONG.family.rng("permit before"), "HKG").permit
    declared = HONG_KONG.declared("hk_macau_travel_permit", number) | {"member_name": "gangmao_2026"}
    HONG_KONG.case(p, declared, _permit_card(HONG_KONG))


@sample(why="The same representative with the Hong Kong identity card.")
def accept_1688_name_verification_hong_kong_card(p: Packet) -> None:
    HONG_KONG.case(p, HONG_KONG.declared("hk_identity_card", HONG_KONG.who.identity), _hong_kong_card())


@sample(
    "PROFILE_DECLARED_MALFORMED", "MATCH_DIFFERENT", why="The Hong Kong identity card's number has two digits swapped."
)
def reject_1688_name_verification_hong_kong_number(p: Packet) -> None:
    number = figures.slip(HONG_KONG.who.identity)
    HONG_KONG.case(p, HONG_KONG.declared("hk_identity_card", number), _hong_kong_card())


def _taiwan_number() -> str:
    return f"{TAIWAN.who.permit}{TAIWAN.who.issue_count:02d}"


@sample(why="A representative from Taiwan: the permit's number with its issue count.")
def accept_1688_name_verification_taiwan_permit(p: Packet) -> None:
    TAIWAN.case(p, TAIWAN.declared("taiwan_travel_permit", _taiwan_number()), _permit_card(TAIWAN))


@sample("MATCH_DIFFERENT", why="The Taiwan identity card's number is declared, the travel permit handed in.")
def reject_1688_name_verification_taiwan_number(p: Packet) -> None:
    TAIWAN.case(p, TAIWAN.declared("taiwan_travel_permit", TAIWAN.who.identity), _permit_card(TAIWAN))


@sample("AUTH_REGISTRY_STATUS", why="All papers are right, but the registry says that the licence was revoked.")
def reject_1688_name_verification_revoked_company(p: Packet) -> None:
    TAIWAN.case(p, TAIWAN.declared("taiwan_travel_permit", _taiwan_number()), _permit_card(TAIWAN))
    p.settings["registry"] = TABLE


@sample(why="A representative from abroad with a passport; the name has its spaces.")
def accept_1688_name_verification_passport(p: Packet) -> None:
    ABROAD.case(p, ABROAD.declared("passport", ABROAD.who.passport), _passport())


@sample("MATCH_DIFFERENT", why="The renewed passport's number is declared, and the name without its spaces.")
def reject_1688_name_verification_renewed_passport(p: Packet) -> None:
    number = travellers.traveller(ABROAD.family.rng("renewed"), "GBR").passport
    declared = ABROAD.declared("passport", number) | {"legal_representative": ABROAD.who.name.replace(" ", "")}
    ABROAD.case(p, declared, _passport())
