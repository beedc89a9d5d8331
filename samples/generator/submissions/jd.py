"""JD Huicai: the supplier's entry with its forms and deposit, and the settlement invoice."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from samples.generator import (
    books,
    commerce,
    companies,
    invoice,
    licence,
    ofd,
    receipts,
    right_papers,
    rights,
    tax_papers,
    trade,
)
from samples.generator.commerce import Account
from samples.generator.companies import Company
from samples.generator.family import Family, Paper
from samples.generator.licence import Style
from samples.generator.packet import Packet
from samples.generator.submissions.listing import sample

ENTRY, SETTLEMENT = "jd/huicai-entry", "jd/huicai-settlement"
OURS = Family("jd")
FIRM = companies.company(OURS.rng("firm"), term="long")
OTHER = companies.company(OURS.rng("other"))
COMPANY = {"company_name": FIRM.name, "credit_code": FIRM.credit_code}
JD = "北京京东世纪贸易有限公司"
BUYER = replace(companies.company(OURS.rng("buyer")), name=JD)


def _licence(key: str, firm: Company) -> Paper:
    return OURS.picture(key, lambda faces, seed: licence.draw(firm, faces, Style(capital=3), seed))


def _trademark(key: str, holder: Company) -> Paper:
    made = rights.trademark(OURS.rng("trademark"), holder)
    return OURS.picture(key, lambda faces, seed: right_papers.trademark_certificate(made, faces, seed))


def _notice() -> Paper:
    return OURS.picture("taxpayer-notice", lambda faces, seed: tax_papers.notice(FIRM, faces, seed))


def _forms() -> dict[str, Paper]:
    """The four workbooks, by their slots."""
    return {
        "supplier_assessment_form": OURS.book(
            "supplier-assessment", lambda faces, seed: books.supplier_assessment(FIRM, OURS.rng("assessment"))
        ),
        "contract_information_form": OURS.book(
            "contract-information", lambda faces, seed: books.contract_information(FIRM, OURS.rng("contract"))
        ),
        "new_product_sheet": OURS.book("new-products", lambda faces, seed: books.new_products(FIRM, OURS.rng("new"))),
        "product_line_list": OURS.book(
            "product-lines", lambda faces, seed: books.product_lines(FIRM, OURS.rng("lines"))
        ),
    }


def _deposit(key: str, payer: Account, amount: int) -> Paper:
    made = commerce.transfer(OURS.rng("deposit"), payer, commerce.account(BUYER), Decimal(amount), "供应商保证金")
    return OURS.picture(key, lambda faces, seed: receipts.receipt(made, faces, seed, "wire"))


@sample(why="Trademark, taxpayer notice, production licence, the four forms, and the deposit wired to JD.")
def accept_jd_huicai_entry_complete(p: Packet) -> None:
    made = rights.production_licence(OURS.rng("production"), FIRM)
    p.case(
        ENTRY, COMPANY | {"category_needs_qualification": True, "deposit_amount": "50000", "jd_company": JD},
        business_licence=_licence("licence", FIRM), trademark=_trademark("trademark", FIRM), taxpayer_proof=_notice(),
        qualification=OURS.picture(
            "production-licence", lambda faces, seed: right_papers.production_licence(made, faces, seed)
        ),
        bank_receipt=_deposit("deposit", commerce.account(FIRM), 50000), **_forms(),
    )  # fmt: skip


@sample(
    "MATCH_DIFFERENT", "PROFILE_CONDITION_NOT_MET", "PROFILE_DOCUMENT_MISSING",
    why="The trademark is somebody else's; the qualification is missing; a deposit of 20,000 was paid by a person.",
)  # fmt: skip
def reject_jd_huicai_entry_trademark_of_another(p: Packet) -> None:
    head = replace(commerce.account(FIRM), name=FIRM.representative, number="6222021202031234561")
    p.case(
        ENTRY, COMPANY | {"category_needs_qualification": True, "deposit_amount": "20000", "jd_company": JD},
        business_licence=_licence("licence", FIRM), trademark=_trademark("trademark-of-another", OTHER),
        taxpayer_proof=_notice(), bank_receipt=_deposit("deposit-by-person", head, 20000), **_forms(),
    )  # fmt: skip


@sample(
    "PROFILE_CONDITION_NOT_MET", "PROFILE_DOCUMENT_MISSING",
    why="Through the main site with a company of one year, a small-scale taxpayer, and without the product line list.",
)  # fmt: skip
def reject_jd_huicai_entry_young_company(p: Packet) -> None:
    founded = date(2025, 9, 15)
    young = replace(FIRM, established_on=founded, term_from=founded, issued_on=founded)
    made = rights.trademark(OURS.rng("trademark"), FIRM)
    forms = _forms()
    del forms["product_line_list"]
    p.case(
        ENTRY, COMPANY | {"entry_channel": "main_site"}, business_licence=_licence("licence-young", young),
        trademark=OURS.picture(
            "trademark-notice", lambda faces, seed: right_papers.trademark_acceptance(made, faces, seed)
        ),
        taxpayer_proof=OURS.picture(
            "query", lambda faces, seed: tax_papers.query_screenshot(FIRM, faces, seed, general=False)
        ),
        **forms,
    )  # fmt: skip


def _settlement(key: str, rate: int) -> tuple[Paper, str]:
    """The invoice to JD, and its total."""
    made = trade.invoice(OURS.rng("goods"), FIRM, BUYER, "digital_special", rate=rate)
    return OURS.pdf(key, lambda faces, seed: invoice.draw(made, faces, seed)), f"{made.total:f}"


@sample(why="A special invoice at 13 % to JD for the settled amount.")
def accept_jd_huicai_settlement_invoice(p: Packet) -> None:
    paper, total = _settlement("invoice", 13)
    p.case(SETTLEMENT, COMPANY | {"jd_company": JD, "settlement_amount": total}, invoice=paper)
    p.before(ENTRY, COMPANY)


@sample(why="The same invoice as OFD: its tags say what the text on the page is.")
def accept_jd_huicai_settlement_ofd(p: Packet) -> None:
    made = trade.invoice(OURS.rng("goods"), FIRM, BUYER, "digital_special", rate=13)
    paper = OURS.ofd("invoice", lambda faces, seed: ofd.draw(made, faces, seed))
    p.case(SETTLEMENT, COMPANY | {"jd_company": JD, "settlement_amount": f"{made.total:f}"}, invoice=paper)
    p.before(ENTRY, COMPANY)


@sample("PROFILE_CONDITION_NOT_MET", "MATCH_DIFFERENT", why="Invoiced at 6 %, and before the commission was taken off.")
def reject_jd_huicai_settlement_other_rate(p: Packet) -> None:
    paper, total = _settlement("invoice-6", 6)
    settled = f"{Decimal(total) * Decimal('0.93'):.2f}"
    p.case(SETTLEMENT, COMPANY | {"jd_company": JD, "settlement_amount": settled}, invoice=paper)
