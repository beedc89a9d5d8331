"""CIIE professional visitors: the unit, its persons, the transfer for badges, the invoice."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from samples.generator import (
    books,
    commerce,
    companies,
    handheld,
    invoice,
    licence,
    ofd,
    receipts,
    trade,
    unit_certificates,
    units,
)
from samples.generator.family import Family, Paper
from samples.generator.licence import Style
from samples.generator.packet import Packet
from samples.generator.submissions.listing import sample

UNIT, PERSONS = "ciie/unit-registration", "ciie/persons"
TRANSFER, INVOICE = "ciie/transfer-payment", "ciie/invoice"
OURS = Family("ciie")
FIRM = companies.company(OURS.rng("visit"), term="long")
COMPANY = {"company_name": FIRM.name, "credit_code": FIRM.credit_code}
REGISTERED = COMPANY | {
    "unit_kind": "enterprise", "login_account": FIRM.credit_code, "mobile": FIRM.person.mobile,
}  # fmt: skip
FAIR = replace(companies.company(OURS.rng("fair")), name="上海博览会务服务有限公司")
RENAMED = FIRM.name.replace("有限公司", "集团有限公司")


def _licence() -> Paper:
    return OURS.picture("licence", lambda faces, seed: licence.draw(FIRM, faces, Style(capital=2), seed))


@sample(why="An enterprise with its licence; the credit code is the login account.")
def accept_ciie_unit_registration_enterprise(p: Packet) -> None:
    p.case(UNIT, REGISTERED, unit_certificate=_licence())


@sample(why="A public institution with its certificate.")
def accept_ciie_unit_registration_public_institution(p: Packet) -> None:
    library = units.unit(OURS.rng("unit"), "public_institution")
    certificate = OURS.picture(
        "unit-certificate", lambda faces, seed: unit_certificates.public_institution(library, faces, seed)
    )
    declared = {
        "company_name": library.name, "credit_code": library.credit_code, "unit_kind": "public_institution",
        "mobile": library.person.mobile,
    }  # fmt: skip
    p.case(UNIT, declared, unit_certificate=certificate)


@sample(why="A visitor of an earlier fair: the stored licence is read again and still agrees.")
def accept_ciie_unit_registration_returning(p: Packet) -> None:
    p.case(UNIT, REGISTERED | {"returning_visitor": True}, unit_certificate=_licence())
    p.before(UNIT, REGISTERED, as_of="2025-09-08")


@sample("MATCH_DIFFERENT", why="A returning visitor declares a new name; the stored licence has the old one.")
def reject_ciie_unit_registration_returning_renamed(p: Packet) -> None:
    p.case(UNIT, REGISTERED | {"returning_visitor": True, "company_name": RENAMED}, unit_certificate=_licence())
    p.before(UNIT, REGISTERED, as_of="2025-09-08")


@sample(
    "PROFILE_CONDITION_NOT_MET",
    why="An enterprise enters as a government body, and opens a second account.",
)  # fmt: skip
def reject_ciie_unit_registration_wrong_kind(p: Packet) -> None:
    declared = REGISTERED | {"unit_kind": "government", "unit_has_account": True}
    p.case(UNIT, declared, unit_certificate=_licence())


def _persons() -> Paper:
    visitors = commerce.visitors(OURS.rng("visitors"), 3)
    for n, row in enumerate(visitors, 1):
        row["photo"] = f"portrait-{n}.jpg"
    return OURS.book("person-list", lambda faces, seed: books.person_list(visitors, FIRM.name))


def _portraits(count: int) -> tuple[Paper, ...]:
    return tuple(
        OURS.picture(f"portrait-{n}", lambda faces, seed: handheld.id_photo(seed)) for n in range(1, count + 1)
    )


@sample(why="Three persons with documents and photos.")
def accept_ciie_persons_three(p: Packet) -> None:
    p.case(PERSONS, COMPANY, person_list=_persons(), portraits=_portraits(3))
    p.before(UNIT, REGISTERED)


@sample("PROFILE_CONDITION_NOT_MET", why="A photo is missing: three persons, two photos.")
def reject_ciie_persons_photo_missing(p: Packet) -> None:
    p.case(PERSONS, COMPANY, person_list=_persons(), portraits=_portraits(2))


BADGES = trade.invoice(OURS.rng("badges"), FAIR, FIRM, "digital_special", rate=6)
ORDER = {"order_total": f"{BADGES.total:f}"}
PAID = commerce.transfer(
    OURS.rng("transfer"), commerce.account(FIRM), commerce.account(FAIR), BADGES.total, "进博会证件费"
)


def _receipt() -> Paper:
    return OURS.picture("receipt", lambda faces, seed: receipts.receipt(PAID, faces, seed, "table"))


@sample(why="The unit itself paid the whole order.")
def accept_ciie_transfer_payment(p: Packet) -> None:
    payee = {"payee_name": FAIR.name, "payee_account": FAIR.account_number}
    p.case(TRANSFER, COMPANY | ORDER | payee, bank_receipt=_receipt())
    p.before(UNIT, REGISTERED)


@sample("MATCH_DIFFERENT", why="A member of the staff paid, and one badge too few.")
def reject_ciie_transfer_payment_paid_by_a_person(p: Packet) -> None:
    person = replace(commerce.account(FIRM), name=FIRM.person.name, number="6217001210012345678")
    paid = replace(PAID, payer=person, amount=PAID.amount - Decimal(2000))
    receipt = OURS.picture("receipt-person", lambda faces, seed: receipts.receipt(paid, faces, seed, "table"))
    p.case(TRANSFER, COMPANY | ORDER | {"unit_registered": True}, bank_receipt=receipt)


def _printed() -> Paper:
    return OURS.pdf("invoice", lambda faces, seed: invoice.draw(BADGES, faces, seed))


def _invoiced(p: Packet, *papers: Paper, **other: str) -> None:
    declared = COMPANY | ORDER | {
        "invoice_kind": "digital_special", "invoice_title": FIRM.name, "tax_id": FIRM.credit_code,
        "paid_on": PAID.paid_on.isoformat(),
    }  # fmt: skip
    p.case(INVOICE, declared | other, bank_receipt=_receipt(), invoice=papers or (_printed(),))


@sample(why="A fully digital special invoice in the payer's name for the amount paid.")
def accept_ciie_invoice(p: Packet) -> None:
    _invoiced(p)
    p.before(TRANSFER, COMPANY | ORDER)


@sample(
    "MATCH_DIFFERENT", "PROFILE_CONDITION_NOT_MET",
    why="The title is the parent company, who did not pay; and last year's payment is invoiced this year.",
)  # fmt: skip
def reject_ciie_invoice_other_title(p: Packet) -> None:
    _invoiced(p, invoice_title=RENAMED, paid_on="2025-11-20")


@sample(why="The bundle of the tax platform: one invoice as XML, OFD and PDF, which agree.")
def accept_ciie_invoice_bundle(p: Packet) -> None:
    data = OURS.xml("invoice", lambda faces, seed: ofd.xml(BADGES))
    page = OURS.ofd("invoice", lambda faces, seed: ofd.draw(BADGES, faces, seed))
    _invoiced(p, OURS.bundle("invoices", data, page, _printed()))
    p.before(TRANSFER, COMPANY | ORDER)


@sample("INVOICE_CARRIERS_DIFFER", why="XML and PDF of one number: the title on the PDF was changed to the payer.")
def review_ciie_invoice_changed_pdf(p: Packet) -> None:
    issued = replace(BADGES, buyer=trade.party(companies.company(OURS.rng("another"))))
    _invoiced(p, OURS.xml("invoice-issued", lambda faces, seed: ofd.xml(issued)), _printed())
    p.before(TRANSFER, COMPANY | ORDER)
