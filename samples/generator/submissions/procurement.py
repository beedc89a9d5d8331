"""1688 after the name verification: taxpayer standing, Rongyishou, Qicaishang, account period, Shoupiaoyi."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from samples.generator import (
    companies,
    figures,
    id_card,
    invoice,
    licence,
    ofd,
    people,
    permit,
    stamps,
    tax_papers,
    trade,
    unit_certificates,
)
from samples.generator.family import Family, Paper
from samples.generator.licence import Style
from samples.generator.packet import NAME_VERIFICATION, RONGYISHOU, Packet
from samples.generator.submissions.listing import sample
from samples.generator.trade import Invoice

GENERAL_TAXPAYER, QICAISHANG = "1688/general-taxpayer", "1688/qicaishang"
ACCOUNT_PERIOD, SHOUPIAOYI = "1688/account-period", "1688/shoupiaoyi"
OURS = Family("1688")
FIRM = companies.company(OURS.rng("firm"), old=True, term="long")
COMPANY = {"company_name": FIRM.name, "credit_code": FIRM.credit_code}
ACCOUNT = {"account_number": FIRM.account_number, "bank_name": FIRM.bank_name}
LOOK = Style(form="2015", capital=1)


BUYER = companies.company(OURS.rng("buyer"))


def _sold(days: int, *, rate: int = 13, kind: str = "digital_special") -> Invoice:
    """An invoice of the company's own, issued so many days ago."""
    day = people.AS_OF - timedelta(days=days)
    return trade.invoice(OURS.rng("goods"), FIRM, BUYER, kind, issued_on=day, rate=rate)


def _invoice(key: str, days: int) -> Paper:
    made = _sold(days)
    return OURS.pdf(key, lambda faces, seed: invoice.draw(made, faces, seed))


def _licence() -> Paper:
    return OURS.picture("licence", lambda faces, seed: licence.draw(FIRM, faces, LOOK, seed))


def _permit() -> Paper:
    return OURS.picture("account-permit", lambda faces, seed: permit.permit(FIRM, faces, seed))


@sample(why="The online route: a special invoice of the company's own at 13 %, three weeks old.")
def accept_1688_general_taxpayer_invoice(p: Packet) -> None:
    p.case(GENERAL_TAXPAYER, COMPANY, taxpayer_proof=_invoice("invoice", 21))
    p.before(NAME_VERIFICATION, COMPANY)


@sample(why="By hand: the licence with the tax office's stamp 增值税一般纳税人.")
def accept_1688_general_taxpayer_stamped_licence(p: Packet) -> None:
    stamped = OURS.picture(
        "licence-stamped",
        lambda faces, seed: stamps.general_taxpayer(licence.draw(FIRM, faces, LOOK, seed), seed, x=0.3, width=0.3),
    )
    p.case(GENERAL_TAXPAYER, {**COMPANY, "route": "manual"}, taxpayer_proof=stamped)


def _query(key: str, *, general: bool) -> Paper:
    return OURS.picture(key, lambda faces, seed: tax_papers.query_screenshot(FIRM, faces, seed, general=general))


@sample(why="By hand: the tax bureau's page says that the company is a general taxpayer.")
def accept_1688_general_taxpayer_query(p: Packet) -> None:
    p.case(GENERAL_TAXPAYER, {**COMPANY, "route": "manual"}, taxpayer_proof=_query("query", general=True))


@sample("DATE_TOO_OLD", why="The special invoice is four months old; 90 days are taken.")
def reject_1688_general_taxpayer_old_invoice(p: Packet) -> None:
    p.case(GENERAL_TAXPAYER, COMPANY, taxpayer_proof=_invoice("invoice-old", 121))


@sample(why="The online route with the XML of the invoice: nothing needs to be recognised.")
def accept_1688_general_taxpayer_xml(p: Packet) -> None:
    paper = OURS.xml("invoice-13", lambda faces, seed: ofd.xml(_sold(21)))
    p.case(GENERAL_TAXPAYER, COMPANY, taxpayer_proof=paper)


@sample("PROFILE_CONDITION_NOT_MET", why="A special invoice at 3 %: a small-scale taxpayer's.")
def reject_1688_general_taxpayer_levy_rate(p: Packet) -> None:
    paper = OURS.xml("invoice-3", lambda faces, seed: ofd.xml(_sold(21, rate=3)))
    p.case(GENERAL_TAXPAYER, COMPANY, taxpayer_proof=paper)


@sample("MATCH_DIFFERENT", why="The supplier stands as the buyer: an invoice it received, not one it issued.")
def reject_1688_general_taxpayer_bought(p: Packet) -> None:
    day = people.AS_OF - timedelta(days=21)
    made = trade.invoice(OURS.rng("bought"), BUYER, FIRM, "digital_special", issued_on=day, rate=13)
    p.case(GENERAL_TAXPAYER, COMPANY, taxpayer_proof=OURS.xml("invoice-bought", lambda faces, seed: ofd.xml(made)))


@sample("INVOICE_QR_MISMATCH", why="An old invoice with a new date printed over it; its QR code tells the old one.")
def review_1688_general_taxpayer_other_date(p: Packet) -> None:
    issued = _sold(150)
    shown = replace(issued, issued_on=people.AS_OF - timedelta(days=20))
    paper = OURS.pdf("invoice-dated", lambda faces, seed: invoice.draw(shown, faces, seed, issued=issued))
    p.case(GENERAL_TAXPAYER, COMPANY, taxpayer_proof=paper)


@sample("PROFILE_CONDITION_NOT_MET", why="Online, with a query result instead of an invoice, which says small-scale.")
def reject_1688_general_taxpayer_small_scale_query(p: Packet) -> None:
    p.case(GENERAL_TAXPAYER, COMPANY, taxpayer_proof=_query("query-small-scale", general=False))


@sample("AUTH_SEAL_UNREADABLE", why="The licence handed in as proof carries the registrar's seal only.")
def review_1688_general_taxpayer_licence_without_stamp(p: Packet) -> None:
    p.case(GENERAL_TAXPAYER, {**COMPANY, "route": "manual"}, taxpayer_proof=_licence())


@sample(
    "PROFILE_PREREQUISITE_NOT_MET", "PROFILE_CONDITION_NOT_MET", "MATCH_DIFFERENT",
    why="No general taxpayer, invoices at 3 %, and an account number with a slip.",
)  # fmt: skip
def reject_1688_rongyishou_small_scale(p: Packet) -> None:
    declared = COMPANY | ACCOUNT | {
        "account_name": FIRM.name,
        "account_number": figures.slip(FIRM.account_number),
        "legal_representative": FIRM.representative,
        "general_taxpayer_passed": False,
        "invoicing_rate": "3",
    }  # fmt: skip
    front = OURS.picture("id-front", lambda faces, seed: id_card.front(FIRM.person, faces, seed))
    back = OURS.picture("id-back", lambda faces, seed: id_card.back(FIRM.person, faces, seed))
    p.case(
        RONGYISHOU, declared, business_licence=_licence(), id_card_front=front, id_card_back=back,
        account_permit=_permit(),
    )  # fmt: skip


@sample(why="Name verification and payment service passed; nothing is uploaded.")
def accept_1688_qicaishang_entry(p: Packet) -> None:
    p.case(QICAISHANG, COMPANY)
    p.before(NAME_VERIFICATION, COMPANY)
    p.before(RONGYISHOU, COMPANY, as_of="2026-11-02")


@sample(
    "PROFILE_PREREQUISITE_NOT_MET", "PROFILE_VALUE_CHANGED",
    why="The company has a new name since the name verification, and the payment service is not opened.",
)  # fmt: skip
def reject_1688_qicaishang_renamed(p: Packet) -> None:
    renamed = FIRM.name.replace("有限公司", "集团有限公司")
    p.case(QICAISHANG, {**COMPANY, "company_name": renamed, "payment_service_passed": False})
    p.before(NAME_VERIFICATION, COMPANY)


CREDIT = {"buyer_member_name": "大华采购中心2026", "credit_limit": "1200000", "cycle_order_total": "1065000"}


@sample(why="A limit a little above the orders of one settlement cycle.")
def accept_1688_account_period_opening(p: Packet) -> None:
    p.case(ACCOUNT_PERIOD, COMPANY | CREDIT)
    p.before(QICAISHANG, COMPANY, as_of="2026-11-09")


@sample(
    "PROFILE_CONDITION_NOT_MET",
    why="The limit is above the highest one, and not above the orders of a settlement cycle.",
)  # fmt: skip
def reject_1688_account_period_limit_too_high(p: Packet) -> None:
    limit = {"credit_limit": "240000000", "cycle_order_total": "240000000"}
    p.case(ACCOUNT_PERIOD, COMPANY | CREDIT | limit)
    p.before(QICAISHANG, COMPANY, as_of="2026-11-09")


@sample(why="A registration number of 18 characters: the permit alone will do.")
def accept_1688_shoupiaoyi_credit_code(p: Packet) -> None:
    declared = {"company_name": FIRM.name, "registration_number": FIRM.credit_code} | ACCOUNT
    p.case(SHOUPIAOYI, declared, account_permit=_permit())
    p.before(NAME_VERIFICATION, COMPANY)


OLD = {
    "company_name": FIRM.name,
    "registration_number": FIRM.registration_number,
    "organisation_code": f"{FIRM.credit_code[8:16]}-{FIRM.credit_code[16]}",
    "legal_representative": FIRM.representative,
}


def _old_number(p: Packet, **other: str) -> None:
    certificate = OURS.picture(
        "organisation-code", lambda faces, seed: unit_certificates.organisation_code(FIRM, faces, seed)
    )
    p.case(SHOUPIAOYI, OLD | other, account_permit=_permit(), organisation_code_certificate=certificate)


@sample(why="A registration number of 15 digits: the permit and the organisation code certificate.")
def accept_1688_shoupiaoyi_registration_number(p: Packet) -> None:
    _old_number(p)


@sample("PROFILE_DECLARED_MALFORMED", "MATCH_DIFFERENT", why="Two digits of the organisation code are swapped.")
def reject_1688_shoupiaoyi_organisation_code(p: Packet) -> None:
    _old_number(p, organisation_code=figures.slip(OLD["organisation_code"]))


@sample("FILE_OVER_SLOT_LIMIT", why="The permit is an uncompressed bitmap of more than 5 MB.")
def reject_1688_shoupiaoyi_bitmap(p: Packet) -> None:
    bitmap = OURS.bitmap("account-permit", lambda faces, seed: permit.permit(FIRM, faces, seed), 1560)
    p.case(SHOUPIAOYI, {"company_name": FIRM.name, "registration_number": FIRM.credit_code}, account_permit=bitmap)


@sample(why="The integrity service is optional and asks for nothing but Qicaishang.")
def accept_1688_integrity_service(p: Packet) -> None:
    p.case("1688/integrity-service", COMPANY)
    p.before(QICAISHANG, COMPANY, as_of="2026-11-09")
